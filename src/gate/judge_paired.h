/* One metric that was measured in pairs: what its sequence has found, as a row. */
#ifndef PERFWARDEN_GATE_JUDGE_PAIRED_H
#define PERFWARDEN_GATE_JUDGE_PAIRED_H

#include "estimate.h"

/**
 * Fill the row of a case whose values are fit to be compared, and give it its verdict.
 *
 * @param item  with `paired`, and one base
 * @return 0 whatever the verdict; PW_ENOMEM
 */
int pw_gate_judge_paired(struct pw_gate_context *context, const struct pw_metric_case *item,
                         struct pw_comparison_row *row, struct pw_error *err) PW_MUST_CHECK;

#endif
