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

#endif
