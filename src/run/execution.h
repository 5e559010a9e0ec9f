/* One command under way in the launcher, seen from perfwarden. */
#ifndef PERFWARDEN_RUN_EXECUTION_H
#define PERFWARDEN_RUN_EXECUTION_H

#include <stdbool.h>

#include "output.h"
#include "perfwarden/run.h"
#include "perfwarden/util/strbuf.h"
#include "pipes.h"
#include "protocol.h"

/** The output of one copy. */
struct pw_run_listening {
    struct pw_run_pipes *pipes;     /**< borrowed */
    struct pw_run_output output[2]; /**< standard output, standard error */
};

struct pw_run_execution {
    int socket; /**< borrowed */
    const struct pw_process_spec *spec;
    struct pw_run_listening *copies;
    unsigned copy_count;
    struct pw_run_reply *replies; /**< one a copy, or one a run of a series */
    unsigned reply_capacity;
    unsigned replied; /**< how many have come */
    bool is_stop_sent;
};

/**
 * Send the request and see it through: read the output, pass an interruption on, receive the
 * replies.
 *
 * @param[out] is_alive  false when the launcher has gone, which is no failure of this function
 * @return 0; PW_EIO when pipes cannot be had
 */
int pw_run_execution_see_through(struct pw_run_execution *run, const struct pw_run_request *request,
                                 const struct pw_strbuf *payload, bool *is_alive,
                                 struct pw_error *err) PW_MUST_CHECK;

/**
 * Put a reply and an output together.
 *
 * @param output    standard output and standard error, read to their end; NULL for empty ones
 * @param[out] out  unchanged on failure
 * @return 0; PW_ENOMEM
 */
int pw_run_execution_conclude(const struct pw_run_reply *reply, struct pw_run_output *output,
                              struct pw_process_outcome *out, struct pw_error *err) PW_MUST_CHECK;

#endif
