s|file://<work>|<url>|g
