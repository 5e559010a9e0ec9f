/*
 * The control groups around one run: which of its limits the kernel holds for the whole tree, and
 * what it counted there.
 */
#ifndef PERFWARDEN_RUN_GROUPS_H
#define PERFWARDEN_RUN_GROUPS_H

#include <stdbool.h>
#include <stdint.h>

#include "cgroup.h"
#include "perfwarden/util/strbuf.h"
#include "protocol.h"

/** Where groups can be made. Zero-initialised means that nobody has looked yet. */
struct pw_run_group_places {
    bool is_known;
    struct pw_strbuf unified;  /**< own group of version 2; empty for none */
    struct pw_strbuf memory1;  /**< own group of version 1's memory controller */
    struct pw_strbuf cpu1;     /**< own group of version 1's processor controller */
    struct pw_run_cgroup leaf; /**< where we moved ourselves; meaningful with has_leaf */
    bool has_leaf;
    unsigned serial; /**< of the next group */
};

struct pw_run_controller;

/** One run's groups. PW_RUN_GROUPS_EMPTY is valid and means that nothing is confined. */
struct pw_run_groups {
    struct pw_run_cgroup unified; /**< version 2: what ends everything at once, and both limits */
    struct pw_run_cgroup memory1;
    struct pw_run_cgroup cpu1;
    const struct pw_run_controller *memory; /**< NULL: the limit is not held by a group */
    const struct pw_run_controller *cpu;
};

/* clang-format off */
#define PW_RUN_GROUPS_EMPTY \
    {PW_RUN_CGROUP_EMPTY, PW_RUN_CGROUP_EMPTY, PW_RUN_CGROUP_EMPTY, NULL, NULL}
/* clang-format on */

/**
 * Make the groups that a run's limits need: none where it has no limit.
 *
 * @param cpu_limit  processors; 0 for none
 * @return false with errno when cpu_limit cannot be held; a memory limit that cannot shows by
 * `memory` being NULL
 */
bool pw_run_groups_open(struct pw_run_groups *groups, struct pw_run_group_places *places,
                        uint64_t memory_limit_bytes, double cpu_limit);

/** For the child: enter all of them. @return false with errno */
bool pw_run_groups_enter(const struct pw_run_groups *groups);

/** True when the kernel ended somebody because the memory limit was reached. */
bool pw_run_groups_ran_out_of_memory(const struct pw_run_groups *groups);

/** Kill all that is in them. */
void pw_run_groups_kill(const struct pw_run_groups *groups);

/** Fill in what was in force, the tree's peak memory and how long it was throttled. */
void pw_run_groups_report(const struct pw_run_groups *groups, struct pw_run_reply *reply);

/** Remove them, once all their processes have been reaped. */
void pw_run_groups_close(struct pw_run_groups *groups);

#endif
