/* What the kernel counted for a process that has ended. */
#ifndef PERFWARDEN_RUN_USAGE_H
#define PERFWARDEN_RUN_USAGE_H

#include <stdbool.h>
#include <sys/types.h>

#include "protocol.h"

/**
 * Reap an ended child and fill in how it ended and what it used.
 *
 * @param pid       a zombie child of this process
 * @param wants_io  the bytes too that it read and wrote
 * @return false when it cannot be reaped, which is our own mistake
 */
bool pw_run_usage_collect(pid_t pid, bool wants_io, struct pw_run_reply *reply);

#endif
