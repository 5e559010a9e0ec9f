/* The reason of a verdict in one line, for people. */
#ifndef PERFWARDEN_GATE_REASON_H
#define PERFWARDEN_GATE_REASON_H

#include "estimate.h"
#include "threshold.h"

/**
 * "12.4 % slower, interval +8.1 % … +16.9 %, limit +5 %", with what could not have been seen where
 * the verdict is inconclusive, and the estimate's note.
 */
void pw_reason_of_change(const struct pw_series *head, const struct pw_threshold *threshold,
                         const struct pw_estimate *estimate, const struct pw_decision *decision,
                         struct pw_strbuf *out);

/** ", 14 pairs", ", 14 of 40 pairs"; nothing for none. @param recorded pairs there are */
void pw_reason_of_pairs(size_t pairs, size_t recorded, struct pw_strbuf *out);

/** "70.0 MiB is over the limit ≤ 64 MiB". */
void pw_reason_of_limit(const struct pw_series *head, const struct pw_threshold *threshold,
                        double value, bool is_over, struct pw_strbuf *out);

#endif
