# Runs the action's script as a runner would, and prints what it left behind.

export RUNNER_TEMP=$TMPDIR GITHUB_OUTPUT=$TMPDIR/output GITHUB_STEP_SUMMARY=$TMPDIR/summary
export PERFWARDEN_PROGRAM=perfwarden
export INPUT_CONFIG=perfwarden.yml INPUT_JUNIT=perfwarden-junit.xml INPUT_MARKDOWN=perfwarden.md

step() { # [NAME=VALUE...]: one step with these inputs
    local status=0
    : >"$GITHUB_OUTPUT"
    : >"$GITHUB_STEP_SUMMARY"
    env "$@" bash "$GOLDEN_AREA/../../../ci/action/run" >/dev/null 2>"$TMPDIR/stderr" || status=$?
    echo "exit $status"
    outputs
    echo "summary: $(head -n 1 "$GITHUB_STEP_SUMMARY")"
}

outputs() { # name=value of GITHUB_OUTPUT, read as the runner does
    awk '
        delimiter != "" && $0 == delimiter { print name "=" value; delimiter = ""; next }
        delimiter != ""                    { value = value (value == "" ? "" : "\\n") $0; next }
        match($0, /<</)                    { name = substr($0, 1, RSTART - 1); delimiter = substr($0, RSTART + 2)
                                             value = "" }
    ' "$GITHUB_OUTPUT" | sed "s|$TMPDIR|<tmp>|"
}
