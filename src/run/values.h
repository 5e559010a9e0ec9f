/* The values that a benchmark printed, by its adapter. */
#ifndef PERFWARDEN_RUN_VALUES_H
#define PERFWARDEN_RUN_VALUES_H

#include "session.h"

/** Whether a benchmark's format is known, and what tells it where values stand is right.
 * @return 0; PW_ECONFIG; PW_ENOMEM */
int pw_run_values_check(const struct pw_benchmark *benchmark, struct pw_error *err) PW_MUST_CHECK;

/**
 * Find the adapter of the benchmark's `format:`; fail the benchmark when there is none of this
 * name.
 *
 * @return 0, also when the benchmark failed; PW_ENOMEM
 */
int pw_run_values_begin(struct pw_run_session *session, struct pw_error *err) PW_MUST_CHECK;

/**
 * Read one run's output and append its values to the entries "<id>/<the harness's own name>".
 *
 * @param number  how messages call the run
 * @return 0, also when the benchmark failed because its output is unreadable; PW_ENOMEM
 */
int pw_run_values_add(struct pw_run_session *session, const struct pw_output *output,
                      const char *number, struct pw_error *err) PW_MUST_CHECK;

/** Whether an id belongs to another configured benchmark, measured already or still to come. */
bool pw_run_values_is_taken(const struct pw_run_session *session, const char *id);

/** Warn where a value was not printed by every run. @return 0; PW_ENOMEM */
int pw_run_values_check_complete(struct pw_run_session *session,
                                 struct pw_error *err) PW_MUST_CHECK;

#endif
