/* Estimating a change from stored sessions. */
#ifndef PERFWARDEN_GATE_STORED_H
#define PERFWARDEN_GATE_STORED_H

#include "estimate.h"

/** The context's estimate function for stored sessions: the unit is the session. */
int pw_gate_estimate_stored(struct pw_gate_context *context, const struct pw_metric_case *item,
                            enum pw_scale scale, struct pw_estimate *out, struct pw_error *err);

#endif
