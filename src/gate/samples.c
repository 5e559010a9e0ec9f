/*
 * What a metric's samples hold and allow.
 *
 * Owns the rules on zeros, negative values and counts without noise. Decides no verdict.
 */
#include "samples.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/** How far samples of a count may lie apart and still count as one value. */
#define DETERMINISTIC_SPREAD 0.001

/** A metric that is counted, not timed. */
struct counted_metric {
    const char *name;
    size_t min_samples; /**< how often it must have been counted before it is believed */
};

/* A file has one size; instructions may turn out to vary, so they must have been counted twice. */
static const struct counted_metric counted_metrics[] = {
    {"binary_size", 1},
    {"instructions", 2},
};

void pw_samples_inspect(const struct pw_series *series, struct pw_samples_nature *nature)
{
    nature->count += series->count;
    for (size_t i = 0; i < series->count; i++) {
        const double value = series->samples[i];
        if (value == 0.0) {
            nature->zeros++;
        } else if ((!isfinite(value) || value < 0.0) && !nature->has_bad) {
            nature->has_bad = true;
            nature->bad = value;
        }
    }
}

double pw_scale_apply(enum pw_scale scale, double value)
{
    return scale == PW_SCALE_LOG ? log(value) : value;
}

double *pw_samples_on_scale(const struct pw_series *series, enum pw_scale scale)
{
    double *values = calloc(series->count + 1, sizeof *values);

    if (values == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < series->count; i++) {
        values[i] = pw_scale_apply(scale, series->samples[i]);
    }
    return values;
}

static size_t required_samples(const char *metric)
{
    for (size_t i = 0; i < PW_COUNT(counted_metrics); i++) {
        if (strcmp(metric, counted_metrics[i].name) == 0) {
            return counted_metrics[i].min_samples;
        }
    }
    return SIZE_MAX;
}

bool pw_samples_may_be_exact(const struct pw_series *series)
{
    return series->count >= required_samples(series->metric);
}

bool pw_samples_agree(double lowest, double highest)
{
    return highest - lowest <= DETERMINISTIC_SPREAD * fabs(lowest);
}

bool pw_samples_are_deterministic(const struct pw_series *series)
{
    double lowest = INFINITY;
    double highest = -INFINITY;

    if (!pw_samples_may_be_exact(series)) {
        return false;
    }
    for (size_t i = 0; i < series->count; i++) {
        lowest = fmin(lowest, series->samples[i]);
        highest = fmax(highest, series->samples[i]);
    }
    return pw_samples_agree(lowest, highest);
}
