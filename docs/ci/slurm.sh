#!/bin/bash
# perfwarden on a Slurm cluster: the benchmarks spread over the tasks of an array, each on a node of its own, and a last job that
# puts the shares together. Run it in a clone on a file system that the nodes share:
#
#   docs/ci/slurm.sh            # compares HEAD with its merge base, waits, ends with the verdict's exit code
#   SHARDS=8 docs/ci/slurm.sh --base v1.2
#
# Options go to `perfwarden check`. Needs: perfwarden and the compiler on the nodes, and perfwarden.yml.
set -euo pipefail
shards=${SHARDS:-4}
work=${PERFWARDEN_WORK:-$PWD/.perfwarden}

if [ -n "${SLURM_ARRAY_TASK_ID:-}" ]; then # one share: SLURM_ARRAY_TASK_ID and _COUNT say which
  output=$work/shard-$SLURM_ARRAY_TASK_ID.json
  rm -f "$output"
  perfwarden check -o "$output" "$@" || test -s "$output"
  exit
fi

make benchmarks # whatever builds what perfwarden.yml runs
mkdir -p "$work"
rm -f "$work"/shard-*.json
# --wait fails as soon as a share fails; what is missing then is what `merge` names.
sbatch --wait --quiet --array="1-$shards" --exclusive --chdir="$PWD" --output="$work/shard-%a.log" "$(realpath "$0")" "$@" || true
exec perfwarden merge "$work"/shard-*.json -o "$work/perfwarden.json" --junit "$work/junit.xml" --markdown "$work/perfwarden.md"
