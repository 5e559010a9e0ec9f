# Helpers of the cases with repositories of other shapes; each sources this file.
export LSAN_OPTIONS="suppressions=$PWD/lsan:print_suppressions=0"

# many NAME COUNT: so many empty commits
many() {
    local i
    for ((i = 0; i < $2; i++)); do
        git commit --quiet --allow-empty --message "$1 $i"
    done
}

# said COMMAND...: run it, print its exit status
said() {
    local status=0
    "$@" || status=$?
    echo "exit $status"
}

# plan [OPTION...]: what would be compared
plan() {
    said perfwarden check --dry-run "$@"
}
