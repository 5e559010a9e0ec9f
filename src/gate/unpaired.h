/* Estimating a change from the runs of two results. */
#ifndef PERFWARDEN_GATE_UNPAIRED_H
#define PERFWARDEN_GATE_UNPAIRED_H

#include "estimate.h"

/** The context's estimate function for two results: the unit is the run. */
int pw_gate_estimate_unpaired(struct pw_gate_context *context, const struct pw_metric_case *item,
                              enum pw_scale scale, struct pw_estimate *out, struct pw_error *err);

#endif
