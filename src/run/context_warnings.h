/* What a benchmark's context says against its samples. */
#ifndef PERFWARDEN_RUN_CONTEXT_WARNINGS_H
#define PERFWARDEN_RUN_CONTEXT_WARNINGS_H

#include "perfwarden/result.h"

/**
 * Add a warning, with cause and remedy, for each value of the entry's context that is over its
 * threshold.
 *
 * @param entry       with a context
 * @param processors  of the machine, ≥ 1
 * @return 0; PW_ENOMEM
 */
int pw_run_context_warn(struct pw_result *result, struct pw_result_benchmark *entry,
                        unsigned processors, struct pw_error *err) PW_MUST_CHECK;

#endif
