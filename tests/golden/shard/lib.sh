# Helpers of the shards' golden cases; each case sources this file.

cd project || exit

# commit MESSAGE [OPTION...]: everything in the work tree, made after all that is stored
commit() {
    local message=$1
    shift
    git add --all
    GIT_COMMITTER_DATE='4000000000 +0000' git commit --quiet --allow-empty --message "$message" "$@"
}

# shards N [OPTION...]: check in N shards, each into shard-K.json, and print how each ends
shards() {
    local count=$1 k status
    shift
    rm -f shard-*.json
    for k in $(seq "$count"); do
        status=0
        perfwarden check --quiet --shard "$k/$count" --output "shard-$k.json" "$@" >/dev/null || status=$?
        echo "shard $k: exit $status: $(jq -r '[.comparisons[].benchmark] | unique | join(" ")' "shard-$k.json")"
    done
}

# told FILE: the verdict of the whole, and of each row
told() {
    jq -r '"whole: \(.mode), \(.verdict), \(.exit_code)",
           (.comparisons[] | "\(.benchmark) \(.metric // "-"): \(.verdict) (\(.method // "not compared"))")' "$1"
}

# status COMMAND...: run it, then print how it ended
status() {
    local status=0
    "$@" || status=$?
    echo "exit $status"
}
