# What differs from run to run and from machine to machine. Commits the case made are gone already.
s/\b[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z/<time>/g
s/\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b/<run>/g
s/\b[0-9a-f]{40}\b/<commit>/g
s/\b[0-9a-f]{12}\b/<environment>/g
s/\b[0-9]+ (h|min) [0-9]+ (min|s)\b/<duration>/g
s/\b[0-9]+(\.[0-9]+)? (ns|µs|us|ms|s|min|h)\b/<duration>/g
s/\b[0-9]+(\.[0-9]+)? (B|KB|KiB|MB|MiB|GB|GiB)\b/<size>/g
s/\| (▁|▂|▃|▄|▅|▆|▇|█){3,} \|/| <sparkline> |/g
