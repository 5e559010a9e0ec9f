/* What the kernel counted for a process that has ended. */
#ifndef PERFWARDEN_RUN_USAGE_H
#define PERFWARDEN_RUN_USAGE_H

#include <stdbool.h>
#include <sys/types.h>

#include "protocol.h"

/**
 * Reap an ended child and fill in how it ended and what it used.
 *
 * @param pid  a zombie child of this process
 * @return false when it cannot be reaped, which is our own mistake
 */
bool pw_run_usage_collect(pid_t pid, struct pw_run_reply *reply);

#endif
