# Helpers of the cases of this area; each case sources this file.

commit() { # MESSAGE: everything in the work tree
    git add --all
    git commit --quiet --message "$1"
}

# wait_for PATTERN: until a process with this command line runs
wait_for() {
    until pgrep -f "$1" >/dev/null; do sleep 0.05; done
}

# statuses [FILE]: each benchmark's id, status and what is said of it
statuses() {
    jq -r '.benchmarks[] | "\(.id): \(.status): \(.error // "-")"' "${1:-result.json}"
}
