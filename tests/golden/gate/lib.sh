# Helpers of the gate's golden cases; each case sources this file.

commit() { # MESSAGE: everything in the work tree
    git add --all
    git commit --quiet --message "$1"
}

# check [OPTION...]: run the gate quietly, then print its exit status and each verdict.
check() {
    local status=0
    perfwarden check --quiet --output comparison.json --junit junit.xml --markdown summary.md "$@" >/dev/null ||
        status=$?
    echo "exit $status"
    if [ -f comparison.json ]; then
        jq -r '"whole: \(.verdict), \(.exit_code)",
               (.comparisons[] | "\(.benchmark) \(.metric // "-"): \(.verdict)")' comparison.json
    fi
    rm -f comparison.json
}

# update [OPTION...]: store a baseline, print the exit status.
update() {
    local status=0
    perfwarden baseline update --quiet "$@" >/dev/null || status=$?
    echo "update: exit $status"
}

# failures FILE: the test cases of a JUnit file that have a <failure> or <error>, by name
failures() {
    xmllint --xpath '//testcase[failure or error]/@name' "$1" 2>/dev/null | sed 's/^ *name=//'
}
