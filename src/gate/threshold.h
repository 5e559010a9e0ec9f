/* One estimate against one threshold. */
#ifndef PERFWARDEN_GATE_THRESHOLD_H
#define PERFWARDEN_GATE_THRESHOLD_H

#include <stdbool.h>

#include "estimate.h"
#include "perfwarden/config.h"

/** True when a change is gated, not only a ceiling. */
bool pw_threshold_has_change(const struct pw_threshold *threshold);

/** True when a value is beyond the ceiling (the floor where higher is better). */
bool pw_threshold_is_over_limit(const struct pw_threshold *threshold, enum pw_better better,
                                double value);

/**
 * How large a worsening on a scale is too much: both `increase` and `at_least` exceeded.
 *
 * @param base  median of the base; > 0 on PW_SCALE_LOG
 * @return > 0; INFINITY when no worsening can be that large
 */
double pw_threshold_on_scale(const struct pw_threshold *threshold, enum pw_better better,
                             enum pw_scale scale, double base);

/** What an estimate means under a threshold. */
struct pw_decision {
    enum pw_verdict verdict;
    double detectable; /**< as in struct pw_comparison_row */
};

struct pw_decision pw_threshold_decide(const struct pw_threshold *threshold, enum pw_better better,
                                       const struct pw_estimate *estimate);

#endif
