/* One command of the launcher, from its start to the end of the last process it left. */
#ifndef PERFWARDEN_RUN_SUPERVISE_H
#define PERFWARDEN_RUN_SUPERVISE_H

#include <stdbool.h>

#include "child.h"
#include "protocol.h"

/** Where the launcher hears from the world; borrowed. */
struct pw_run_ears {
    int socket;    /**< requests from perfwarden */
    int signal_fd; /**< SIGCHLD, and SIGTERM when perfwarden has died */
};

/**
 * Run one command and everything it starts to the end.
 *
 * @param report      shared memory for the child's report
 * @param[out] reply  complete
 * @return false when perfwarden is gone: everything has been ended and there is nobody to reply to
 */
bool pw_run_supervise(const struct pw_run_ears *ears, const struct pw_run_request *request,
                      const struct pw_run_command *command, struct pw_run_child_report *report,
                      struct pw_run_reply *reply);

/** Take all pending signals. @return true when SIGTERM was among them */
bool pw_run_ears_hear_end(const struct pw_run_ears *ears);

#endif
