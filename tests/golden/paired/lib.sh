# Helpers of the paired golden cases; each case sources this file.

cd project || exit
export BUILDS=$PWD/../builds.log

commit() { # MESSAGE: everything in the work tree
    git add --all
    git commit --quiet --message "$1"
}

slower() { # FILE: five times as long
    sed -i 's/0.02/0.1/' "$1"
}

# check [OPTION...]: run the gate quietly, then print its exit status, and each verdict with how it was reached.
check() {
    local status=0
    perfwarden check --quiet --output comparison.json --junit junit.xml --markdown summary.md "$@" >/dev/null ||
        status=$?
    echo "exit $status"
    if [ -f comparison.json ]; then
        jq -r '"whole: \(.mode), \(.verdict), \(.exit_code)",
               (.comparisons[] | "\(.benchmark) \(.metric // "-"): \(.verdict) (\(.method // "not compared"))")' comparison.json
    fi
    rm -f comparison.json
}

# reasons [OPTION...]: check, then print why, without the numbers
reasons() {
    perfwarden check --quiet --output comparison.json "$@" >/dev/null || true
    jq -r '.comparisons[] | "\(.benchmark): \(.reason)"' comparison.json |
        sed -E 's/[+-]?[0-9]+(\.[0-9]+)?( ?%)/N %/g; s/[0-9]+ pairs/N pairs/g; s/N % (faster|slower)/N % changed/g; s/(no interval yet|interval [^,]* … [^,]*), limit/interval, limit/; s/; one session.*//'
    rm -f comparison.json
}

# builds: how often each build step ran
builds() {
    sort ../builds.log | uniq -c | sed 's/^ *//'
}

# clean: whether the repository is as the user left it
clean() {
    git worktree list | wc -l
    git status --porcelain
    git fsck --no-dangling 2>&1
    git for-each-ref --format='%(refname)'
}
