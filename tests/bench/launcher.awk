# The turns of tests/bench/launcher as markdown tables. A turn: program, tool, runs, then in µs a run elapsed and
# CPU, and of the wall times the median, minimum, interquartile range and standard deviation.

function median_of(program, tool, column,    n, i, j, swap, x) {
  n = count[program, tool]
  for (i = 1; i <= n; i++) {
    x[i] = value[program, tool, column, i]
    for (j = i; j > 1 && x[j] < x[j - 1]; j--) {
      swap = x[j]
      x[j] = x[j - 1]
      x[j - 1] = swap
    }
  }
  return n % 2 ? x[(n + 1) / 2] : (x[n / 2] + x[n / 2 + 1]) / 2
}

function least_of(program, tool, column,    i, x, best) {
  for (i = 1; i <= count[program, tool]; i++) {
    x = value[program, tool, column, i]
    best = i == 1 || x < best ? x : best
  }
  return best
}

function microseconds(x) {
  return sprintf(x < 10000 ? "%.0f µs" : "%.1f ms", x < 10000 ? x : x / 1000)
}

function require(what, mine, bound) {
  printf "| %s | %s | %s | %s |\n", what, microseconds(mine), microseconds(bound), mine <= bound ? "yes" : "**no**"
}

BEGIN {
  split("elapsed cpu median min iqr deviation", columns, " ")
  program_count = split(names, name, "|") - 1
}

{
  turn = ++count[$1, $2]
  runs[$1] = $3
  has[$2] = 1
  for (c = 1; c <= 6; c++) {
    value[$1, $2, columns[c], turn] = $(c + 3)
  }
}

END {
  print "| program | tool | runs | reported median | minimum | IQR | std. dev. | elapsed a run | own CPU a run |"
  print "|---|---|---|---|---|---|---|---|---|"
  tool_count = split("bare hyperfine perfwarden", tools, " ")
  for (p = 0; p < program_count; p++) {
    for (t = 1; t <= tool_count; t++) {
      tool = tools[t]
      if (!has[tool]) {
        continue
      }
      own = median_of(p, tool, "cpu") - median_of(p, "bare", "cpu")
      printf "| %s | %s | %d × %d | %s | %s | %s | %s | %s | %s |\n", name[p + 1],
        tool == "bare" ? "bare loop" : tool, rounds, runs[p], microseconds(median_of(p, tool, "median")),
        microseconds(least_of(p, tool, "min")), microseconds(median_of(p, tool, "iqr")),
        microseconds(median_of(p, tool, "deviation")), microseconds(median_of(p, tool, "elapsed")),
        tool == "bare" || name[p + 1] !~ /^true/ ? "–" : microseconds(own)
    }
  }
  print ""
  print "| asked of perfwarden, on the static `true` | it has | the bound | kept |"
  print "|---|---|---|---|"
  if (has["hyperfine"]) {
    bare = median_of(0, "bare", "cpu")
    require("reported median, not above hyperfine's", median_of(0, "perfwarden", "median"),
      median_of(0, "hyperfine", "median"))
    require("own CPU a run, below hyperfine's", median_of(0, "perfwarden", "cpu") - bare,
      median_of(0, "hyperfine", "cpu") - bare)
    require("spread (IQR), not wider than hyperfine's", median_of(0, "perfwarden", "iqr"),
      median_of(0, "hyperfine", "iqr"))
    require(sprintf("time for all %d runs, not above hyperfine's", runs[0]),
      median_of(0, "perfwarden", "elapsed") * runs[0], median_of(0, "hyperfine", "elapsed") * runs[0])
  }
  require("elapsed a run beyond the bare loop, at most 300 µs",
    median_of(0, "perfwarden", "elapsed") - median_of(0, "bare", "elapsed"), 300)
}
