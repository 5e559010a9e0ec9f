# A history as `git fast-import` reads it: -v commits=N, one in seven of them a merge (14 %), a minute between two.
#
#      a ── b ── c ── merge ── a ── …
#       └─ s1 ── s2 ── s3 ─┘
#
# All commits have the same tree, of the file that -v config=FILE names.
function commit(mark, text, parent, other) {
  seconds += 60
  printf "commit refs/heads/main\nmark :%d\ncommitter A Developer <developer@example.invalid> %d +0000\n", mark, seconds
  printf "data %d\n%s\n", length(text), text
  if (parent) printf "from :%d\n", parent
  if (other) printf "merge :%d\n", other
}
BEGIN {
  seconds = 1500000000
  while ((getline line < config) > 0) {yaml = yaml line "\n"}
  for (i = 1; i <= commits; i++) {
    text = "change " i ": what was done and why, in about as many words as such a message has\n\nSigned-off-by: A Developer"
    place = (i - 1) % 7
    parent = place == 3 ? i - 3 : place == 6 ? i - 4 : i - 1
    commit(i, text, parent, place == 6 ? i - 1 : 0)
    if (i == 1) printf "M 100644 inline perfwarden.yml\ndata %d\n%s\n", length(yaml), yaml
  }
  print "done"
}
