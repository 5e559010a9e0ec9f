/*
 * A change estimated from stored sessions: y = ln(median of a session's runs), the head against the
 * prediction made from the sessions before it (prediction.c).
 *
 * Where values may be 0, y is the median itself and differences take the place of ratios.
 */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "perfwarden/stats.h"
#include "prediction.h"
#include "stored.h"
#include "threshold.h"

/** Standard error of a median relative to a mean's, for normal noise: √(π/2). */
#define MEDIAN_ERROR 1.2533

/* Where many values are 0 the median deviation collapses, so zeros get the standard deviation. */
static double spread(const double *values, size_t n, enum pw_scale scale, struct pw_error *err)
{
    double mean = 0.0;
    double sum = 0.0;

    if (scale == PW_SCALE_LOG) {
        return pw_stats_mad_sigma(values, n, err);
    }
    for (size_t i = 0; i < n; i++) {
        mean += values[i] / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        sum += (values[i] - mean) * (values[i] - mean);
    }
    return n > 1 ? sqrt(sum / (double)(n - 1)) : 0.0;
}

/** One session's runs on the scale of the comparison. */
struct session {
    double median; /**< in base units */
    double centre; /**< the median on the scale */
    double sigma;  /**< within the session; 0 for a single run */
    double error;  /**< standard error of the median from sigma */
};

static int summarise(const struct pw_series *series, enum pw_scale scale, struct session *out,
                     struct pw_error *err)
{
    const double median = pw_stats_median(series->samples, series->count, err);
    double *values = pw_samples_on_scale(series, scale);
    int status = 0;

    if (values == NULL || isnan(median)) {
        status = pw_error_set_no_memory(err);
        goto out;
    }
    out->median = median;
    out->centre = pw_scale_apply(scale, median);
    out->sigma = spread(values, series->count, scale, err);
    out->error = MEDIAN_ERROR * out->sigma / sqrt((double)series->count);
    if (isnan(out->sigma)) {
        status = PW_ENOMEM;
    }
out:
    free(values);
    return status;
}

/** The base sessions, oldest first. */
struct sessions {
    double medians[PW_PREDICTION_MAX_SESSIONS];
    double centres[PW_PREDICTION_MAX_SESSIONS];
    double sigmas[PW_PREDICTION_MAX_SESSIONS];
    double errors[PW_PREDICTION_MAX_SESSIONS];
    size_t count;
};

static int summarise_bases(const struct pw_metric_case *item, enum pw_scale scale,
                           struct sessions *out, struct pw_error *err)
{
    assert(item->base_count > 0);
    out->count = item->base_count < PW_PREDICTION_MAX_SESSIONS ? item->base_count
                                                               : PW_PREDICTION_MAX_SESSIONS;
    for (size_t i = 0; i < out->count; i++) {
        const size_t place = out->count - 1 - i;
        struct session session = {0.0, 0.0, 0.0, 0.0};
        const int status = summarise(item->bases[i], scale, &session, err);
        if (status != 0) {
            return status;
        }
        out->medians[place] = session.median;
        out->centres[place] = session.centre;
        out->sigmas[place] = session.sigma;
        out->errors[place] = session.error;
    }
    return 0;
}

/*
 * The larger of the head's standard error and the usual one of a base session. A head of a single
 * run shows no spread of its own and is given the bases'.
 */
static int within_error(const struct sessions *bases, const struct session *head, size_t head_count,
                        double *out, struct pw_error *err)
{
    const double usual = pw_stats_median(bases->errors, bases->count, err);
    const double sigma = pw_stats_median(bases->sigmas, bases->count, err);
    const double own = head_count > 1 ? head->error : MEDIAN_ERROR * fmax(sigma, head->sigma);

    if (isnan(usual) || isnan(sigma)) {
        return PW_ENOMEM;
    }
    *out = fmax(usual, own);
    return 0;
}

/* What people should know about the sessions behind an estimate. */
static int write_note(struct pw_gate_context *context, const struct pw_prediction *prediction,
                      size_t known, const char **out, struct pw_error *err)
{
    struct pw_arena *arena = &context->out->arena;
    const double percent = context->gate.session_noise * 100.0;
    const char *plural = prediction->sessions == 1 ? "" : "s";
    char number[PW_DOUBLE_TEXT_SIZE];

    *out = NULL;
    pw_format_double(round(percent * 1e6) / 1e6, number);
    if (prediction->uses_prior && prediction->sessions == 1) {
        *out = pw_arena_printf(
            arena, "one session: noise between sessions taken as %s %% (session_noise)", number);
    } else if (prediction->uses_prior) {
        *out = pw_arena_printf(
            arena, "%zu sessions: noise between sessions taken as %s %% (session_noise)",
            prediction->sessions, number);
    } else if (prediction->sessions < known) {
        *out = pw_arena_printf(arena, "base: %zu session%s since the last change",
                               prediction->sessions, plural);
    } else {
        return 0;
    }
    return *out != NULL ? 0 : pw_error_set_no_memory(err);
}

static int fill(const struct pw_prediction *prediction, const struct sessions *bases,
                const struct session *head, const struct pw_metric_case *item,
                struct pw_estimate *out, struct pw_error *err)
{
    const size_t first = bases->count - prediction->centre_sessions;

    out->base = pw_stats_median(bases->medians + first, prediction->centre_sessions, err);
    if (isnan(out->base)) {
        return PW_ENOMEM;
    }
    out->base_samples = 0;
    for (size_t i = 0; i < prediction->sessions; i++) {
        out->base_samples += item->bases[i]->count;
    }
    out->shift = head->centre - prediction->centre;
    out->interval.low = out->shift - prediction->half_width;
    out->interval.high = out->shift + prediction->half_width;
    out->noise = prediction->noise;
    return 0;
}

/* The least change that may cut the history: the threshold, seen from the nearest session. */
static double cut_threshold(const struct pw_metric_case *item, enum pw_scale scale, double nearest)
{
    const double base = scale == PW_SCALE_LOG ? exp(nearest) : nearest;

    return pw_threshold_on_scale(item->threshold, item->head->better, scale, base);
}

int pw_gate_estimate_stored(struct pw_gate_context *context, const struct pw_metric_case *item,
                            enum pw_scale scale, struct pw_estimate *out, struct pw_error *err)
{
    struct pw_prediction_options options = {context->gate.alpha, context->gate.session_noise, 0, 0};
    struct pw_prediction prediction;
    struct sessions bases;
    struct session head = {0.0, 0.0, 0.0, 0.0};
    int status = summarise_bases(item, scale, &bases, err);

    if (status == 0) {
        status = summarise(item->head, scale, &head, err);
    }
    if (status == 0) {
        status = within_error(&bases, &head, item->head->count, &options.within, err);
    }
    if (status != 0) {
        return status;
    }
    options.threshold = cut_threshold(item, scale, bases.centres[bases.count - 1]);
    if (scale == PW_SCALE_RAW) {
        options.prior *= bases.centres[bases.count - 1];
    }
    status = pw_gate_predict(bases.centres, bases.count, &options, &prediction, err);
    if (status == 0) {
        status = write_note(context, &prediction, bases.count, &out->note, err);
    }
    if (status != 0) {
        return status;
    }
    out->scale = scale;
    return fill(&prediction, &bases, &head, item, out, err);
}
