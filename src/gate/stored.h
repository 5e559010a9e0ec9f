/* Estimating a change from stored sessions. */
#ifndef PERFWARDEN_GATE_STORED_H
#define PERFWARDEN_GATE_STORED_H

#include "estimate.h"

/** The context's estimate function for stored sessions: the unit is the session. */
int pw_gate_estimate_stored(struct pw_gate_context *context, const struct pw_metric_case *item,
                            enum pw_scale scale, struct pw_estimate *out, struct pw_error *err);

/**
 * The series of a session's entry that can be compared with the head's.
 *
 * @param entry         NULL when the session has none
 * @param[in,out] why   set when it is NULL and there is a reason why not
 * @return NULL when there is none
 */
const struct pw_series *pw_stored_series(struct pw_arena *arena,
                                         const struct pw_result_benchmark *entry,
                                         const struct pw_series *head, const char **why);

/** Shorten item->bases by the sessions with damaged values, with a warning. @return 0; PW_ENOMEM */
int pw_stored_pass_over_unfit(struct pw_comparison *out, struct pw_metric_case *item,
                              const struct pw_series **bases, struct pw_error *err) PW_MUST_CHECK;

#endif
