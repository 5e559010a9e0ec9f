/* One copy of a command: a leader with its control groups, counters and private network. */
#ifndef PERFWARDEN_RUN_COPY_H
#define PERFWARDEN_RUN_COPY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "child.h"
#include "counters.h"
#include "groups.h"
#include "perfwarden/run.h"
#include "protocol.h"

/** Initialised by pw_run_copy_start(). */
struct pw_run_copy {
    int stdout_fd; /**< set before the start; borrowed */
    int stderr_fd;
    struct pw_run_child_report *report; /**< set before the start; memory shared with the child */
    pid_t leader;                       /**< 0 when it was not started or has been reaped */
    uint64_t ended_ns;                  /**< 0 until the leader was found dead */
    struct pw_run_groups groups;
    struct pw_run_counters counters;
    bool is_counted;
    bool wants_io;
    int network_fd; /**< −1 without a private network */
    struct pw_run_reply reply;
};

/**
 * Start a copy. What goes wrong is in its reply, and then there is no leader.
 *
 * @param common  the command but for the members that differ between copies
 */
void pw_run_copy_start(struct pw_run_copy *copy, const struct pw_run_request *request,
                       const struct pw_run_command *common, struct pw_run_group_places *places);

/**
 * Reap the leader, a zombie, and note how it ended.
 *
 * @param reason  why it was ended early; NULL when it ended by itself
 */
void pw_run_copy_reap(struct pw_run_copy *copy, const enum pw_process_end *reason);

/** Complete the reply and let go of everything, once the tree is gone. */
void pw_run_copy_finish(struct pw_run_copy *copy);

#endif
