/* Improvements that are too large to be believed at once. */
#ifndef PERFWARDEN_GATE_QUARANTINE_H
#define PERFWARDEN_GATE_QUARANTINE_H

#include "estimate.h"
#include "prediction.h"

/** Most sessions that are looked at: those compared with, and as many after them. */
#define PW_QUARANTINE_MAX_SESSIONS ((size_t)2 * PW_PREDICTION_MAX_SESSIONS)

/**
 * Find the sessions that are better than those before them by more than a bound, and that no
 * session after them has confirmed.
 *
 * @param values  logarithms, oldest first, smaller is better, finite
 * @param n       0 … PW_QUARANTINE_MAX_SESSIONS
 * @param least   the bound on their scale; > 0
 * @param options of the prediction that a session is held against
 * @param[out] held  n flags; unchanged on failure
 * @return 0; PW_ENOMEM
 */
int pw_quarantine_find(const double *values, size_t n, double least,
                       const struct pw_prediction_options *options, bool *held,
                       struct pw_error *err) PW_MUST_CHECK;

/** What quarantine rests on. */
struct pw_quarantine_rule {
    double ratio; /**< an improvement by more waits; 0 for none does */
    double alpha;
    double session_noise;
    const struct pw_threshold *threshold;
};

/**
 * Find the quarantined ones among the series of some sessions.
 *
 * @param bases      nearest first; of more than PW_PREDICTION_MAX_SESSIONS none is
 * @param later      series of sessions after those, nearest first: they only confirm
 * @param[out] held  base_count flags
 * @return 0; PW_ENOMEM
 */
int pw_quarantine_series(const struct pw_quarantine_rule *rule,
                         const struct pw_series *const *bases, size_t base_count,
                         const struct pw_series *const *later, size_t later_count, bool *held,
                         struct pw_error *err) PW_MUST_CHECK;

/** What was left out of a comparison's bases so far. Zero-initialised is valid. */
struct pw_quarantine {
    size_t rows;
    struct pw_strbuf names;        /**< of the first of them: "'a' wall_time, 'b' max_rss" */
    const struct pw_series *first; /**< a series that was left out */
};

/**
 * Leave quarantined sessions out of a metric's bases.
 *
 * @param later        series of later sessions, nearest first: they may confirm, and are no bases
 * @param bases        item->bases, shortened in place with item->base_count
 * @param[out] out     how many were left out
 * @return 0; PW_ENOMEM
 */
int pw_quarantine_apply(struct pw_quarantine *quarantine, const struct pw_gate_context *context,
                        struct pw_metric_case *item, const struct pw_series **bases,
                        const struct pw_series *const *later, size_t later_count, size_t *out,
                        struct pw_error *err) PW_MUST_CHECK;

/** Say in the row made last how many of its sessions were left out. @return 0; PW_ENOMEM */
int pw_quarantine_note(struct pw_comparison *comparison, size_t left_out, size_t sessions,
                       struct pw_error *err) PW_MUST_CHECK;

/** Warn about all that was left out, if anything was. @return 0; PW_ENOMEM */
int pw_quarantine_warn(const struct pw_quarantine *quarantine,
                       const struct pw_gate_context *context, const struct pw_result *sessions,
                       size_t session_count, struct pw_error *err) PW_MUST_CHECK;

void pw_quarantine_release(struct pw_quarantine *quarantine);

/** Mark a row that passed or improved by more than the bound, and say so. @return 0; PW_ENOMEM */
int pw_quarantine_judge(struct pw_gate_context *context, struct pw_comparison_row *row,
                        struct pw_error *err) PW_MUST_CHECK;

/** Warn about the rows that are marked, if any is. @return 0; PW_ENOMEM */
int pw_quarantine_remark(struct pw_comparison *comparison, struct pw_error *err) PW_MUST_CHECK;

#endif
