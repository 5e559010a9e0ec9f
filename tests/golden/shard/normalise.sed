# Of what was measured, of the configuration and of commits.
s/\bcut [0-9a-f]{16}\b/cut <cut>/g
