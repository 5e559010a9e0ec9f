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

/**
 * Run several times, counted, as pw_run_once() would one by one, but with perfwarden asleep
 * meanwhile.
 *
 * @param runs       how many at most, ≥ 1; fewer are made where something has to be done or to be
 * looked at between two runs
 * @param series_ns  no run is started after this
 * @return 0, also after a failure; PW_EIO; PW_ENOMEM
 */
int pw_run_several(struct pw_run_session *session, unsigned runs, uint64_t series_ns,
                   struct pw_error *err) PW_MUST_CHECK;

#endif
