/* One metric of the head against the stored sessions: which of them it is compared with. */
#ifndef PERFWARDEN_GATE_STORED_JUDGE_H
#define PERFWARDEN_GATE_STORED_JUDGE_H

#include "entries.h"
#include "estimate.h"
#include "prediction.h"
#include "quarantine.h"

/** A stored comparison under way. */
struct pw_stored {
    struct pw_gate_context context;
    struct pw_comparison out;
    struct pw_entries head;
    struct pw_entries sessions[PW_PREDICTION_MAX_SESSIONS]; /**< nearest first */
    size_t session_count;
    struct pw_entries later[PW_PREDICTION_MAX_SESSIONS]; /**< they confirm, and are no bases */
    size_t later_count;
    struct pw_quarantine quarantine;
    const char *no_baseline;
};

/**
 * Add the row of a metric.
 *
 * @param entry  the head's
 * @param head   the series of it that the threshold is about
 * @return 0; PW_ENOMEM
 */
int pw_stored_judge(struct pw_stored *stored, const struct pw_benchmark *benchmark,
                    const struct pw_result_benchmark *entry, const struct pw_series *head,
                    const struct pw_threshold *threshold, struct pw_error *err) PW_MUST_CHECK;

#endif
