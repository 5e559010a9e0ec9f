# Which commits have a stored result: -v results=N -v back=COMMITS, of the commits on standard input, newest first.
# Nearer than `back` commits only another machine was measured; from there on 40 commits, one in 29, have a result that
# is read; the others lie evenly behind them and are names alone: nothing reads their content. In a short history they
# lie closer.
{commit[NR] = $1}
END {
  for (i = 50; i < back; i += 100) {print commit[i], "elsewhere", "shared"}
  near = results < 40 ? results : 40
  step = NR - back > 29 * 2 * near ? 29 : int((NR - back) / (results + 1))
  for (i = 0; i < near; i++) {print commit[back + 1 + step * i], "here", "full"}
  first = back + 1 + step * near
  for (i = near; i < results; i++) {
    print commit[first + int((NR - first) * (i - near) / (results - near))], "here", "shared"
  }
}
