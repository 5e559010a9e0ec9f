/* One metric of one benchmark, from its samples to its row. */
#ifndef PERFWARDEN_GATE_JUDGE_H
#define PERFWARDEN_GATE_JUDGE_H

#include "estimate.h"

/** Add the row of a case with its verdict. @return 0 whatever the verdict; PW_ENOMEM */
int pw_gate_judge(struct pw_gate_context *context, const struct pw_metric_case *item,
                  struct pw_error *err) PW_MUST_CHECK;

/**
 * Whether a threshold may go unmatched: a built-in metric of a benchmark whose output an adapter
 * reads, as long as another threshold matches. It comes from the defaults, and the adapter's
 * entries need not have it.
 */
bool pw_gate_is_optional(const struct pw_benchmark *benchmark, const struct pw_threshold *threshold,
                         bool has_match);

/** Add the row of a threshold that nothing was measured for. @return 0; PW_ENOMEM */
int pw_gate_judge_unmatched(struct pw_comparison *out, const struct pw_benchmark *benchmark,
                            const struct pw_threshold *threshold,
                            struct pw_error *err) PW_MUST_CHECK;

#endif
