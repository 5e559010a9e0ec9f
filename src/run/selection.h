/* What both schedules share: which benchmarks are run, and the order of their entries. */
#ifndef PERFWARDEN_RUN_SELECTION_H
#define PERFWARDEN_RUN_SELECTION_H

#include "perfwarden/run.h"

bool pw_run_is_selected(const struct pw_benchmark *benchmark, const struct pw_run_options *options);

/**
 * Put the entries in the order of the configuration, each with those that its process yielded.
 * Left as it is where an entry belongs to no configured benchmark.
 *
 * @return 0; PW_ENOMEM
 */
int pw_run_sort_entries(const struct pw_config *config, struct pw_result *result,
                        struct pw_error *err) PW_MUST_CHECK;

#endif
