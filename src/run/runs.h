/* Runs that perfwarden sleeps through: a series of one benchmark, both runs of a pair. */
#ifndef PERFWARDEN_RUN_RUNS_H
#define PERFWARDEN_RUN_RUNS_H

#include "failure.h"
#include "session.h"

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

/**
 * Run once in each of two sessions, one after the other, as pw_run_once() would, but by one
 * exchange with the executor where nothing has to be done between the two. The second run is not
 * made, or counts for nothing, when the first ends its session.
 *
 * @param[out] wall_ns  of both runs together
 * @return 0, also after a failure; PW_EIO; PW_ENOMEM
 */
int pw_run_two(struct pw_run_session *const sessions[2], const struct pw_run_number *number,
               uint64_t *wall_ns, struct pw_error *err) PW_MUST_CHECK;

#endif
