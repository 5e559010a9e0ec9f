/* Estimating a change from the runs of two results. */
#ifndef PERFWARDEN_GATE_UNPAIRED_H
#define PERFWARDEN_GATE_UNPAIRED_H

#include "estimate.h"

/** The context's estimate function for two results: the unit is the run. */
int pw_gate_estimate_unpaired(struct pw_gate_context *context, const struct pw_metric_case *item,
                              enum pw_scale scale, struct pw_estimate *out, struct pw_error *err);

/** What is gated without a configuration. @param[out] count how many */
const struct pw_threshold *pw_unpaired_default_thresholds(size_t *count);

/** For every metric of a benchmark that has none of those (another harness's results). */
#define PW_UNPAIRED_DEFAULT_INCREASE 0.20

/**
 * As pw_gate_unpaired().
 *
 * @param replayed  rows that were decided by pairs: they stand in place of what the runs would say
 * of their benchmarks; NULL for none
 */
int pw_unpaired_compare(const struct pw_gate_options *options, const struct pw_result *base_result,
                        const struct pw_side *base, const struct pw_result *head_result,
                        const struct pw_side *head, const struct pw_comparison *replayed,
                        struct pw_comparison *out, struct pw_error *err) PW_MUST_CHECK;

#endif
