/*
 * The words of each refusal. The child between fork and exec can only hand over a number.
 */
#include "refusal.h"

static const struct pw_run_refusal_text TEXTS[PW_RUN_REFUSAL_COUNT] = {
    [PW_RUN_REFUSED_MEMORY_LIMIT] = {"its memory limit cannot be set", "leave 'memory_limit' out"},
    [PW_RUN_REFUSED_CPU_LIMIT] = {"its 'cpu_limit' cannot be enforced",
                                  "that takes a writable control group with the processor "
                                  "controller: run perfwarden as root or by 'systemd-run --user "
                                  "--scope -p Delegate=yes', or leave 'cpu_limit' out"},
    [PW_RUN_REFUSED_GROUP] = {"its control group cannot be entered",
                              "leave 'memory_limit' and 'cpu_limit' out, or run perfwarden where "
                              "it may move processes between control groups"},
    [PW_RUN_REFUSED_CPUS] = {"it cannot be pinned to its 'cpus'",
                             "name processors that this machine has and that perfwarden may use: "
                             "'nproc' counts them, 'taskset -p $$' shows them"},
    [PW_RUN_REFUSED_NETWORK] = {"its network cannot be isolated",
                                "run perfwarden as root, allow user namespaces to everybody, or "
                                "leave 'isolate' out"},
    [PW_RUN_REFUSED_INPUT] = {"its 'stdin' cannot be opened", "make the file, or correct 'stdin'"},
};

struct pw_run_refusal_text pw_run_refusal_describe(enum pw_run_refusal refusal)
{
    static const struct pw_run_refusal_text NOTHING = {NULL, NULL};

    return (unsigned)refusal < PW_RUN_REFUSAL_COUNT ? TEXTS[refusal] : NOTHING;
}
