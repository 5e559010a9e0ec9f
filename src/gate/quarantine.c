/*
 * Improvements that are too large to be believed at once: a benchmark that ends early, or no longer
 * does its work, is fast.
 *
 * One rule for stored sessions, next to that of the prediction (prediction.c). There, a slowdown
 * that was stored counts at once, for someone accepted it, and so does an improvement. Here, before
 * that, a session that beats the prediction from those before it by more than the bound waits for
 * a second one: until then the base is what it was. A session that the next one did not bear out
 * is never used.
 *
 * It must not take noise for an improvement: so the session also has to lie outside the
 * prediction's interval. tests/unit/test_quarantine.c simulates that.
 */
#include "quarantine.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "perfwarden/stats.h"
#include "threshold.h"

/** Standard error of a median relative to a mean's, for normal noise: √(π/2). */
#define MEDIAN_ERROR 1.2533

/** The sessions that are believed so far, oldest first, and one that is not yet. */
struct belief {
    double values[PW_QUARANTINE_MAX_SESSIONS];
    size_t count;
    size_t pending; /**< place of the one that waits, from 1; 0 for none */
    double pending_value;
};

static void believe(struct belief *belief, double value)
{
    belief->values[belief->count++] = value;
}

/* Whether a value beats what the believed sessions predict by more than the bound and the noise. */
static int is_jump(const struct belief *belief, double value, double least,
                   const struct pw_prediction_options *options, bool *out, struct pw_error *err)
{
    const size_t n =
        belief->count < PW_PREDICTION_MAX_SESSIONS ? belief->count : PW_PREDICTION_MAX_SESSIONS;
    const double *values = belief->values + belief->count - n;
    struct pw_prediction prediction;
    double highest = -INFINITY;
    int status;

    for (size_t i = 0; i < n; i++) {
        highest = fmax(highest, values[i]);
    }
    *out = false;
    if (!(highest - value > least)) {
        return 0; /* whatever the prediction is */
    }
    status = pw_gate_predict(values, n, options, &prediction, err);
    if (status == 0) {
        *out = prediction.centre - value > fmax(least, prediction.half_width);
    }
    return status;
}

int pw_quarantine_find(const double *values, size_t n, double least,
                       const struct pw_prediction_options *options, bool *held,
                       struct pw_error *err)
{
    bool found[PW_QUARANTINE_MAX_SESSIONS] = {false};
    struct belief belief = {.count = 0};

    assert(n <= PW_QUARANTINE_MAX_SESSIONS);
    for (size_t i = 0; i < n; i++) {
        bool jumps = false;
        const int status = is_jump(&belief, values[i], least, options, &jumps, err);
        if (status != 0) {
            return status;
        }
        if (jumps && belief.pending != 0) {
            /* Two agree. The second may be too good to be true beside the first, though. */
            believe(&belief, belief.pending_value);
            found[belief.pending - 1] = false;
            jumps = belief.pending_value - values[i] > least;
        }
        belief.pending = jumps ? i + 1 : 0;
        belief.pending_value = values[i];
        found[i] = jumps;
        if (!jumps) {
            believe(&belief, values[i]);
        }
    }
    memcpy(held, found, n * sizeof *held);
    return 0;
}

/** One metric's sessions as numbers. */
struct history {
    double values[PW_QUARANTINE_MAX_SESSIONS];  /**< oldest first, smaller is better */
    double medians[PW_QUARANTINE_MAX_SESSIONS]; /**< in base units */
    const struct pw_series *series[PW_QUARANTINE_MAX_SESSIONS];
    size_t count;
    bool is_fit; /**< none is 0, negative or not a number */
};

static int add_series(struct history *history, const struct pw_series *series, struct pw_error *err)
{
    struct pw_samples_nature nature = {0, 0, false, 0.0};
    double median;

    pw_samples_inspect(series, &nature);
    if (nature.has_bad || nature.zeros > 0) {
        history->is_fit = false;
        return 0;
    }
    median = pw_stats_median(series->samples, series->count, err);
    if (isnan(median)) {
        return PW_ENOMEM;
    }
    history->series[history->count] = series;
    history->medians[history->count] = median;
    history->values[history->count++] =
        series->better == PW_BETTER_LOWER ? log(median) : -log(median);
    return 0;
}

/* @param series  nearest first */
static int add_all(struct history *history, const struct pw_series *const *series, size_t count,
                   struct pw_error *err)
{
    int status = 0;

    for (size_t i = count < PW_PREDICTION_MAX_SESSIONS ? count : PW_PREDICTION_MAX_SESSIONS;
         i > 0 && status == 0; i--) {
        status = add_series(history, series[i - 1], err);
    }
    return status;
}

/* The usual standard error of a session's median, as a ratio: noise is not less. */
static int usual_error(const struct history *history, double *out, struct pw_error *err)
{
    double errors[PW_QUARANTINE_MAX_SESSIONS];

    for (size_t i = 0; i < history->count; i++) {
        const struct pw_series *series = history->series[i];
        const double sigma = pw_stats_mad_sigma(series->samples, series->count, err);
        if (isnan(sigma)) {
            return PW_ENOMEM;
        }
        errors[i] = MEDIAN_ERROR * sigma / history->medians[i] / sqrt((double)series->count);
    }
    *out = pw_stats_median(errors, history->count, err);
    return isnan(*out) ? PW_ENOMEM : 0;
}

int pw_quarantine_series(const struct pw_quarantine_rule *rule,
                         const struct pw_series *const *bases, size_t base_count,
                         const struct pw_series *const *later, size_t later_count, bool *held,
                         struct pw_error *err)
{
    struct pw_prediction_options options = {rule->alpha, rule->session_noise, 0.0, 0.0};
    struct history history = {.is_fit = true};
    bool found[PW_QUARANTINE_MAX_SESSIONS] = {false};
    int status = 0;

    memset(held, 0, base_count * sizeof *held);
    if (rule->ratio <= 0.0 || base_count == 0 || base_count > PW_PREDICTION_MAX_SESSIONS) {
        return 0;
    }
    status = add_all(&history, bases, base_count, err);
    if (status == 0) {
        status = add_all(&history, later, later_count, err);
    }
    if (status == 0 && history.is_fit) {
        status = usual_error(&history, &options.within, err);
    }
    if (status != 0 || !history.is_fit) {
        return status;
    }
    options.threshold = pw_threshold_on_scale(rule->threshold, bases[0]->better, PW_SCALE_LOG,
                                              history.medians[base_count - 1]);
    status = pw_quarantine_find(history.values, history.count, -log1p(-rule->ratio), &options,
                                found, err);
    for (size_t i = 0; i < base_count && status == 0; i++) {
        held[i] = found[base_count - 1 - i];
    }
    return status;
}
