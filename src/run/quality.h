/* Remarks on the quality of a benchmark's samples. */
#ifndef PERFWARDEN_RUN_QUALITY_H
#define PERFWARDEN_RUN_QUALITY_H

#include "perfwarden/result.h"

/**
 * Warn about outliers, a first run that is one, and processes that were left behind. Nothing is
 * ever dropped.
 *
 * @param entry            the entry of the benchmark's process
 * @param survivors_ended  over all its runs
 * @return 0; PW_ENOMEM
 */
int pw_run_quality_remark(struct pw_result *result, struct pw_result_benchmark *entry,
                          unsigned survivors_ended, struct pw_error *err) PW_MUST_CHECK;

#endif
