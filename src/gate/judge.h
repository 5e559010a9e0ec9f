/* One metric of one benchmark, from its samples to its row. */
#ifndef PERFWARDEN_GATE_JUDGE_H
#define PERFWARDEN_GATE_JUDGE_H

#include "estimate.h"

/** Add the row of a case with its verdict. @return 0 whatever the verdict; PW_ENOMEM */
int pw_gate_judge(struct pw_gate_context *context, const struct pw_metric_case *item,
                  struct pw_error *err) PW_MUST_CHECK;

#endif
