# The figures of ci/selftest from its gates, one a line:
# kind injected exit seconds comparisons passes inconclusive median-pairs regressions
# Exits 1 when they contradict the promise.

function log_choose(n, k,   i, sum) {
  for (i = 1; i <= k; i++) {
    sum += log(n - k + i) - log(i)
  }
  return sum
}

function at_most(k, n, p,   i, sum) { # P(Bin(n, p) <= k)
  if (k >= n || p <= 0) {
    return 1
  }
  if (k < 0 || p >= 1) {
    return 0
  }
  for (i = 0; i <= k; i++) {
    sum += exp(log_choose(n, i) + i * log(p) + (n - i) * log(1 - p))
  }
  return sum > 1 ? 1 : sum
}

function crossing(k, n, level,   low, high, mid, step) { # the p at which P(Bin(n, p) <= k) falls to the level
  low = 0
  high = 1
  for (step = 0; step < 60; step++) {
    mid = (low + high) / 2
    if (at_most(k, n, mid) > level) {
      low = mid
    } else {
      high = mid
    }
  }
  return mid
}

function rate(k, n) { # with the interval of Clopper and Pearson, 95 %
  return sprintf("%d of %d (%.1f … %.1f %%)", k, n, k == 0 ? 0 : 100 * crossing(k - 1, n, 0.975),
                 k == n ? 100 : 100 * crossing(k, n, 0.025))
}

function median(list, n,   i, j, t) {
  for (i = 2; i <= n; i++) {
    t = list[i]
    for (j = i - 1; j >= 1 && list[j] > t; j--) {
      list[j + 1] = list[j]
    }
    list[j + 1] = t
  }
  return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
}

function complain(text) {
  complaints = complaints "\n" text
}

NF != 9 {
  next
}

{
  kind = $1
  gates[kind]++
  failed[kind] += $3 == 1
  seconds[kind, gates[kind]] = $4
  comparisons[kind] += $5
  passes[kind] += $6
  inconclusive[kind] += $7
  pairs[kind, gates[kind]] = $8
  found = other = 0
  split($9 == "-" ? "" : $9, named, ",")
  for (i in named) {
    if (named[i] == $2) {
      found = 1
    } else {
      other++
    }
  }
  right[kind] += found
  wrong[kind] += other
  gates_with_wrong[kind] += other > 0
}

function row(kind, label,   i, n, s, p) {
  n = gates[kind]
  for (i = 1; i <= n; i++) {
    s[i] = seconds[kind, i]
    p[i] = pairs[kind, i]
  }
  printf "| %s | %d | %s | %s | %d | %d | %d of %d | %d | %.1f s |\n", label, n, rate(failed[kind], n),
    kind == "slow" ? rate(right[kind], n) : "–", wrong[kind], inconclusive[kind], passes[kind], comparisons[kind],
    median(p, n), median(s, n)
}

END {
  print "| head is | gates | gates failed | right one named | wrong ones named | inconclusive | passes | median pairs | median time |"
  print "|---|---|---|---|---|---|---|---|---|"
  if (gates["identical"] > 0) {
    n = gates["identical"]
    row("identical", "the same")
    if (1 - at_most(failed["identical"] - 1, n, 0.01) < 0.01 || (n >= 100 && failed["identical"] > 0.01 * n)) {
      complain("Gates of two equal commits failed more often than in 1 %.")
    }
  }
  if (gates["slow"] > 0) {
    n = gates["slow"]
    row("slow", "10 % slower in one program")
    if (at_most(right["slow"], n, 0.95) < 0.01 || (n >= 100 && right["slow"] < 0.95 * n)) {
      complain("The slower program was found in less than 95 % of the gates.")
    }
    if (1 - at_most(gates_with_wrong["slow"] - 1, n, 0.01) < 0.01 || (n >= 100 && wrong["slow"] > 0)) {
      complain("A program was named that is no slower.")
    }
  }
  if (gates["identical"] + gates["slow"] == 0) {
    complain("No gate came to its end.")
  }
  if (complaints != "") {
    print complaints
    exit 1
  }
}
