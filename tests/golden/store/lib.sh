# Helpers of the store's golden cases; each case sources this file.

digits=0123456789ABCDEFGHJKMNPQRSTVWXYZ

run_id() { # SECONDS NUMBER: a run id of that time
    local ms=$(($1 * 1000)) id='' i
    for ((i = 0; i < 10; i++)); do
        id=${digits:ms % 32:1}$id
        ms=$((ms / 32))
    done
    printf '%s%016d\n' "$id" "$2"
}

result() { # REVISION ENVIRONMENT SECONDS NUMBER [JQ]: a result on one line, changed by a jq program
    jq -nc --arg commit "$(git rev-parse "$1^{commit}")" --arg environment "$2" --arg run "$(run_id "$3" "$4")" --argjson n "$4" '{
        schema: "perfwarden/result/1", tool: {name: "perfwarden", version: "0.1.0"}, run_id: $run, commit: $commit,
        parents: [], branch: "main", dirty: false, started_at: "2026-11-20T10:00:00Z", config_hash: null,
        environment: {id: $environment, cpu_model: "some", info: {}},
        benchmarks: [{id: "parse/size=1", name: "parse", params: {size: "1"}, command: ["./parse", "1"], status: "ok",
            metrics: {wall_time: {unit: "ns", better: "lower", source: "clock", samples: [100 + $n, 101.5 + $n]}}}]
    } | '"${5:-.}"
}

fill() { # five commits, two of them tagged, a release branch; results of two environments, a day apart
    local i
    for i in 1 2 3 4 5; do
        git commit --quiet --allow-empty --message "change $i"
        result HEAD aaaaaaaaaaaa $((1700000000 + i * 86400)) "$i" >>results.jsonl
    done
    git tag v1 HEAD~3
    git tag odd HEAD~1
    git branch release/1 HEAD~2
    result HEAD~4 bbbbbbbbbbbb 1700000000 6 '.benchmarks[0].id = "codec" | .benchmarks[0].name = "codec"' >>results.jsonl
    perfwarden baseline import --quiet results.jsonl
}

conforms() { # SCHEMA FILE
    local schemas=$GOLDEN_AREA/../../../docs/schema
    jsonschema --instance "$2" "$schemas/$1.schema.json" 2>errors && echo "$2: conforms to $1" || grep -v -i deprecat errors
}
