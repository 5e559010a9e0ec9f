/* One command under way in the launcher, or a pair of them, seen from perfwarden. */
#ifndef PERFWARDEN_RUN_EXECUTION_H
#define PERFWARDEN_RUN_EXECUTION_H

#include <stdbool.h>

#include "output.h"
#include "perfwarden/run.h"
#include "perfwarden/util/strbuf.h"
#include "pipes.h"
#include "protocol.h"

/** The output of one copy, or of one command of a pair. */
struct pw_run_listening {
    const struct pw_process_spec *spec; /**< borrowed, as the next */
    struct pw_run_pipes *pipes;
    struct pw_run_output output[2]; /**< standard output, standard error */
};

struct pw_run_execution {
    int socket; /**< borrowed */
    struct pw_run_listening *copies;
    unsigned copy_count;
    /** The copies are run one after the other: none of the second's output is shown before all of
     * the first's. */
    bool is_pair;
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
 * Put the replies and the output together. The output of a series is its last run's.
 *
 * @param[out] out  run->replied outcomes, each released by the caller; none of them on failure
 * @return 0; PW_EIO when a tree could not be ended; PW_ENOMEM
 */
int pw_run_execution_conclude(struct pw_run_execution *run, struct pw_process_outcome *out,
                              struct pw_error *err) PW_MUST_CHECK;

/** Let go of what is left of the output. */
void pw_run_execution_release(struct pw_run_execution *run);

#endif
