/*
 * What the sessions before head measured of a row, for people: each one's median with its interval,
 * and where the level changed, found as the stored verdict finds it (prediction.c). Decides
 * nothing.
 */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "comparison.h"
#include "perfwarden/stats.h"
#include "prediction.h"
#include "row_values.h"

/** The chance that the true median lies beyond one end. */
#define BEYOND 0.025
/** From here on the binomial is taken for a normal: its ranks are right, or one too wide. */
#define MANY_RUNS 1000
/** Standard error of a median relative to a mean's, for normal noise: √(π/2). */
#define MEDIAN_ERROR 1.2533

/** One row's history under way, oldest first. */
struct history {
    struct pw_row_session *sessions;
    double errors[PW_PREDICTION_MAX_SESSIONS]; /**< relative standard errors of the medians */
    size_t count;
};

/* How many runs at each end may be left out: the largest k with P(Bin(n, ½) < k) ≤ BEYOND. */
static size_t runs_outside(size_t n)
{
    const double count = (double)n;
    double chance = 1.0;
    double sum = 0.0;

    if (n > MANY_RUNS) {
        const double half_width = pw_stats_normal_quantile(1.0 - BEYOND) * sqrt(count) / 2.0;
        return (size_t)fmax(0.0, floor((count - 1.0) / 2.0 - half_width));
    }
    chance = ldexp(1.0, -(int)n);
    for (size_t k = 0; k < n; k++) {
        sum += chance;
        if (sum > BEYOND) {
            return k;
        }
        chance *= (count - (double)k) / ((double)k + 1.0);
    }
    return 0;
}

struct pw_interval pw_gate_median_interval(const double *sorted, size_t count)
{
    const size_t outside = runs_outside(count);

    if (outside == 0) {
        return (struct pw_interval){NAN, NAN};
    }
    return (struct pw_interval){sorted[outside - 1], sorted[count - outside]};
}

static int compare(const void *a, const void *b)
{
    const double left = *(const double *)a;
    const double right = *(const double *)b;

    return (left > right) - (left < right);
}

static bool is_drawable(const struct pw_series *series, const struct pw_comparison_row *row)
{
    bool is_fit = series->count > 0 && series->unit != NULL && row->unit != NULL &&
                  strcmp(series->unit, row->unit) == 0;

    for (size_t i = 0; is_fit && i < series->count; i++) {
        is_fit = isfinite(series->samples[i]);
    }
    return is_fit;
}

/* The median, its interval and its relative error. */
static int summarise(const struct pw_series *series, struct pw_row_session *out, double *error,
                     struct pw_error *err)
{
    const double sigma = pw_stats_mad_sigma(series->samples, series->count, err);
    double *sorted = calloc(series->count, sizeof *sorted);
    struct pw_interval interval;

    out->value = pw_stats_median(series->samples, series->count, err);
    if (sorted == NULL || isnan(out->value) || isnan(sigma)) {
        free(sorted);
        return pw_error_set_no_memory(err);
    }
    memcpy(sorted, series->samples, series->count * sizeof *sorted);
    qsort(sorted, series->count, sizeof *sorted, compare);
    interval = pw_gate_median_interval(sorted, series->count);
    free(sorted);
    out->low = interval.low;
    out->high = interval.high;
    *error = MEDIAN_ERROR * sigma / sqrt((double)series->count) / out->value;
    return 0;
}

static int add_session(struct pw_comparison *comparison, const struct pw_comparison_row *row,
                       const struct pw_entries *from, struct history *history, struct pw_error *err)
{
    const struct pw_result_benchmark *entry = pw_entries_find(from, row->benchmark);
    const struct pw_series *series =
        entry == NULL ? NULL : pw_result_benchmark_series(entry, row->metric);
    struct pw_row_session *session = &history->sessions[history->count];
    int status;

    if (series == NULL || !is_drawable(series, row)) {
        return 0;
    }
    *session = (struct pw_row_session){0};
    status = summarise(series, session, &history->errors[history->count], err);
    if (status == 0) {
        status = pw_comparison_copy(comparison, from->result->commit, &session->commit, err);
    }
    if (status == 0) {
        status =
            pw_comparison_copy(comparison, from->result->started_at, &session->started_at, err);
    }
    history->count++;
    return status;
}

/* On the scale of ratios; a history with a value that has none is left unmarked. */
static int mark_changes(const struct pw_comparison *comparison, const struct pw_comparison_row *row,
                        struct history *history, struct pw_error *err)
{
    const double increase = row->threshold.increase_ratio;
    struct pw_prediction_options options = {comparison->alpha, comparison->session_noise, 0, 0};
    double values[PW_PREDICTION_MAX_SESSIONS];
    size_t starts[PW_PREDICTION_MAX_SESSIONS];
    size_t levels = 0;
    int status;

    for (size_t i = 0; i < history->count; i++) {
        if (!(history->sessions[i].value > 0.0)) {
            return 0;
        }
        values[i] = log(history->sessions[i].value);
    }
    options.within = pw_stats_median(history->errors, history->count, err);
    if (isnan(options.within)) {
        return PW_ENOMEM;
    }
    options.threshold = increase > 0.0 ? log1p(increase) : 0.0;
    status = pw_gate_find_levels(values, history->count, &options, starts, &levels, err);
    for (size_t i = 1; status == 0 && i < levels; i++) {
        history->sessions[starts[i]].is_change = true;
    }
    return status;
}

static int keep_history(struct pw_comparison *comparison, struct pw_comparison_row *row,
                        const struct pw_entries *sessions, size_t count, struct pw_error *err)
{
    struct history history = {0};
    int status = 0;

    history.sessions = pw_arena_array(&comparison->arena, count, sizeof *history.sessions);
    if (history.sessions == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = count; i-- > 0 && status == 0;) {
        status = add_session(comparison, row, &sessions[i], &history, err);
    }
    if (status == 0 && history.count > 0) {
        status = mark_changes(comparison, row, &history, err);
    }
    if (status == 0) {
        row->history = history.sessions;
        row->history_count = history.count;
    }
    return status;
}

int pw_rows_keep_history(struct pw_comparison *comparison, const struct pw_entries *sessions,
                         size_t count, struct pw_error *err)
{
    int status = 0;

    assert(count <= PW_PREDICTION_MAX_SESSIONS);
    for (size_t i = 0; i < comparison->row_count && status == 0; i++) {
        if (comparison->rows[i].metric != NULL && count > 0) {
            status = keep_history(comparison, &comparison->rows[i], sessions, count, err);
        }
    }
    return status;
}
