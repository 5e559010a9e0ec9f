/* One command under way in the launcher, seen from perfwarden. */
#ifndef PERFWARDEN_RUN_EXECUTION_H
#define PERFWARDEN_RUN_EXECUTION_H

#include <stdbool.h>

#include "output.h"
#include "perfwarden/run.h"
#include "perfwarden/util/strbuf.h"
#include "protocol.h"

/** One copy of the command. */
struct pw_run_conversation {
    struct pw_run_output output[2]; /**< standard output, standard error */
    int write_ends[2];              /**< −1 before and after they are needed */
    struct pw_run_reply reply;
};

struct pw_run_execution {
    int socket; /**< borrowed */
    const struct pw_process_spec *spec;
    struct pw_run_conversation *copies;
    unsigned count;
    unsigned replied; /**< copies whose reply has come */
    bool is_stop_sent;
};

/**
 * Send the request and see it through: read the output, pass an interruption on, receive a reply a
 * copy.
 *
 * @param[out] is_alive  false when the launcher has gone, which is no failure of this function
 * @return 0; PW_EIO when pipes cannot be had
 */
int pw_run_execution_see_through(struct pw_run_execution *run, const struct pw_run_request *request,
                                 const struct pw_strbuf *payload, bool *is_alive,
                                 struct pw_error *err) PW_MUST_CHECK;

/**
 * Read what is left in the pipes, and put everything about a copy together.
 *
 * @param[out] out  unchanged on failure
 * @return 0; PW_ENOMEM
 */
int pw_run_execution_conclude(struct pw_run_conversation *copy, struct pw_process_outcome *out,
                              struct pw_error *err) PW_MUST_CHECK;

#endif
