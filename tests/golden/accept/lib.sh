# Helpers of the golden cases about accepted changes; each case sources this file.

cd project || exit

values() { # LATENCY MISSES
    echo "{\"small\": {\"latency\": {\"value\": $1}, \"misses\": {\"value\": $2}}}" >parse.json
}

commit() { # MESSAGE: everything in the work tree
    git add --all
    git commit --quiet --allow-empty --message "$1"
}

amend() { # MESSAGE: everything in the work tree
    git add --all
    git commit --quiet --amend --message "$1"
}

# check [OPTION...]: stored unless an option says otherwise; prints the exit status, each verdict with its reason, warnings
check() {
    local status=0
    perfwarden check --mode stored --quiet --output comparison.json --junit junit.xml --markdown summary.md "$@" >/dev/null ||
        status=$?
    echo "exit $status"
    if [ -f comparison.json ]; then
        jq -r '"whole: \(.mode), \(.verdict), \(.exit_code)",
               (.comparisons[] | "\(.benchmark) \(.metric // "-"): \(.verdict): \(.reason)"),
               (.warnings[] | "warning: \(.)")' comparison.json |
            sed -E 's/, interval [^,]* … [^,]*, limit/, interval, limit/; s/[0-9]+ pairs/N pairs/; s/; one session[^;]*//'
    fi
    rm -f comparison.json
}
