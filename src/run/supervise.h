/* One command of the launcher, in one copy or several, from its start to the end of the last
 * process it left. */
#ifndef PERFWARDEN_RUN_SUPERVISE_H
#define PERFWARDEN_RUN_SUPERVISE_H

#include <stdbool.h>

#include "copy.h"

/** Where the launcher hears from the world; borrowed. */
struct pw_run_ears {
    int socket;    /**< requests from perfwarden */
    int signal_fd; /**< SIGCHLD, and SIGTERM when perfwarden has died */
};

/**
 * Run the copies of one command, and everything they start, to the end.
 *
 * @param places          where control groups can be made; filled in when first needed
 * @param[in,out] copies  request->copies of them, with their pipes and reports set; their replies
 * are complete afterwards
 * @return false when perfwarden is gone: everything has been ended and there is nobody to reply to
 */
bool pw_run_supervise(const struct pw_run_ears *ears, const struct pw_run_request *request,
                      const struct pw_run_command *command, struct pw_run_group_places *places,
                      struct pw_run_copy *copies);

/** Take all pending signals. @return true when SIGTERM was among them */
bool pw_run_ears_hear_end(const struct pw_run_ears *ears);

#endif
