# Helpers of the formats' golden cases; each case sources this file.

# values RESULT: what was read, a line for each series that perfwarden has not measured itself
values() {
    jq -r '.benchmarks[] | .id as $id |
        if .error then "\($id): \(.status): \(.error)" else empty end,
        (.metrics | to_entries[] | select(.value.source == "adapter") |
         "\($id) \(.key): \(.value.samples | join(" ")) \(.value.unit) \(.value.better)")' "$1"
}

# measure [OPTION...]: run once a benchmark, print what was read and the exit status
measure() {
    local status=0
    perfwarden run --quiet --runs 2 --output result.json "$@" >/dev/null || status=$?
    echo "exit $status"
    [ ! -f result.json ] || values result.json
    rm -f result.json
}
