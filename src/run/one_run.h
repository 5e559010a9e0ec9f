/* One run of a benchmark, with the commands before and after it. */
#ifndef PERFWARDEN_RUN_ONE_RUN_H
#define PERFWARDEN_RUN_ONE_RUN_H

#include "failure.h"
#include "session.h"

/**
 * Run once, counted or not, with all its consequences: samples in the result, or the end of the
 * session.
 *
 * @param[out] wall_ns  what the run took; unchanged when there was none
 * @return 0, also after a failure; PW_EIO; PW_ENOMEM
 */
int pw_run_once(struct pw_run_session *session, const struct pw_run_number *number,
                uint64_t *wall_ns, struct pw_error *err) PW_MUST_CHECK;

/** Say what to execute. @param[out] spec  borrows from the session */
void pw_run_specify(struct pw_run_session *session, struct pw_process_spec *spec);

/**
 * Take in a run that was executed, with the consequences of pw_run_once(). Nothing had to be run
 * before it or after it, and it has one copy.
 *
 * @param outcome  borrowed
 * @return as pw_run_once()
 */
int pw_run_take_in(struct pw_run_session *session, struct pw_process_outcome *outcome,
                   const struct pw_run_number *number, struct pw_error *err) PW_MUST_CHECK;

#endif
