# Runs the action's script as a runner would, and prints what it left behind.

export RUNNER_TEMP=$TMPDIR GITHUB_OUTPUT=$TMPDIR/output GITHUB_STEP_SUMMARY=$TMPDIR/summary
export PERFWARDEN_PROGRAM=perfwarden
export INPUT_COMMAND=check INPUT_COMMENT=never INPUT_PUSH_BASELINES=false INPUT_FAIL=true
export INPUT_CONFIG=perfwarden.yml INPUT_JUNIT=perfwarden-junit.xml INPUT_MARKDOWN=perfwarden.md

scripts=$GOLDEN_AREA/../../../ci/action

step() { # [NAME=VALUE...]: the action's steps but the building, with these inputs
    local status=0
    : >"$GITHUB_OUTPUT"
    : >"$GITHUB_STEP_SUMMARY"
    env "$@" bash "$scripts/inputs" >"$TMPDIR/stdout" 2>"$TMPDIR/stderr" &&
        env "$@" bash "$scripts/run" >>"$TMPDIR/stdout" 2>>"$TMPDIR/stderr" &&
        env "$@" EXIT_CODE="$(outputs | sed -n 's/^exit-code=//p')" bash "$scripts/verdict" >>"$TMPDIR/stdout" || status=$?
    echo "exit $status"
    outputs
    grep -a '^::' "$TMPDIR/stdout"
    echo "summary: $(head -n 1 "$GITHUB_STEP_SUMMARY")"
}

outputs() { # name=value of GITHUB_OUTPUT, read as the runner does
    awk '
        delimiter != "" && $0 == delimiter { print name "=" value; delimiter = ""; next }
        delimiter != ""                    { value = value (value == "" ? "" : "\\n") $0; next }
        match($0, /<</)                    { name = substr($0, 1, RSTART - 1); delimiter = substr($0, RSTART + 2)
                                             value = "" }
    ' "$GITHUB_OUTPUT" | sed "s|$TMPDIR|<tmp>|; s|perfwarden-[A-Za-z0-9]*/|<own>/|; /^artifact-directory=/d"
}
