s/\b[0-9a-f]{16}-(base|head)\.log/<key>-\1.log/g
