# Helpers of the drift cases; each case sources this file.

cd project || exit
stamp=1767225600

# step VALUE [DAYS]: a commit whose benchmark prints this value, so many days after the last; built
step() {
    echo "$1" >value
    stamp=$((stamp + ${2:-1} * 86400))
    ./build
    git add --all
    GIT_COMMITTER_DATE="$stamp +0000" GIT_AUTHOR_DATE="$stamp +0000" git commit --quiet --allow-empty --message "value $1"
}

# configure ANCHOR [THRESHOLDS]: what gate.anchor says, as flow mappings; committed
configure() {
    sed -i '/^gate:/,$d' perfwarden.yml
    printf 'gate:\n  anchor: %s\n' "$1" >>perfwarden.yml
    git add --all
    GIT_COMMITTER_DATE="$stamp +0000" git commit --quiet --message 'configuration'
}

# update: measure and store; prints what it says beside "stored"
update() {
    local status=0
    perfwarden baseline update --quiet >/dev/null || status=$?
    [ "$status" = 0 ] || echo "update: exit $status"
}

# update_often: five sessions, after which the noise between them is known
update_often() {
    for _ in 1 2 3 4 5; do update; done
}

# check [OPTION...]: the exit status, the anchor, each verdict with its reason, and the warnings
check() {
    local status=0
    perfwarden check --quiet --output comparison.json "$@" >/dev/null || status=$?
    echo "exit $status"
    if [ -f comparison.json ]; then
        jq -r '"whole: \(.mode), \(.verdict), \(.exit_code)",
               (.anchor // empty | "anchor: \(.label), \(.reason), \(.commits) before the base, \(.sessions) sessions"),
               (.comparisons[] | "\(.benchmark) \(.metric // "-")\(if .against then " since \(.since)" else "" end): \(.verdict) (\(.method // "not compared")): \(.reason)"),
               (.warnings[] | "warning: \(.)")' comparison.json
    fi
    rm -f comparison.json
}
