# A result measured in pairs, as JSON: one of the two sides of the suite given line by line,
# `NAME RATIO NOISE PAIRS`. The noise is the same on every machine: deviates of a fixed sequence.
#   awk -v side=base|head -f pairs.awk suite

function uniform() { # Lehmer's sequence with 16807
    state = (state * 16807) % 2147483647
    return state / 2147483647
}

function deviate(    sum, i) { # nearly normal, of variance 1
    for (i = 0; i < 12; i++) {
        sum += uniform()
    }
    return sum - 6
}

BEGIN {
    state = 20261120
    letter = side == "base" ? "a" : "b"
    commit = sprintf("%40s", "")
    gsub(/ /, letter, commit)
    printf "{\"schema\": \"perfwarden/result/1\", \"run_id\": \"01JD3Z6W6QK1V6K9M2T8C4X7R%s\",\n", toupper(letter)
    printf " \"commit\": \"%s\", \"started_at\": \"2026-11-20T10:00:00Z\",\n", commit
    printf " \"environment\": {\"id\": \"e3b0c44298fc\"},\n \"benchmarks\": ["
}

{
    base = head = ""
    for (i = 0; i < $4; i++) {
        drift = 1 + 0.04 * deviate()
        separator = (i > 0 ? ", " : "")
        base = base separator sprintf("%.0f", 10000000 * drift * (1 + $3 * deviate()))
        head = head separator sprintf("%.0f", 10000000 * $2 * drift * (1 + $3 * deviate()))
    }
    printf "%s\n  {\"id\": \"%s\", \"name\": \"%s\", \"command\": [\"true\"], \"status\": \"ok\",\n", (NR > 1 ? "," : ""), $1, $1
    printf "   \"pairing\": \"interleaved\", \"metrics\": {\n"
    printf "     \"wall_time\": {\"unit\": \"ns\", \"better\": \"lower\", \"source\": \"clock\", \"samples\": [%s]},\n", (side == "base" ? base : head)
    printf "     \"binary_size\": {\"unit\": \"bytes\", \"better\": \"lower\", \"source\": \"file\", \"samples\": [16384]}}}"
}

END { print "\n ]}" }
