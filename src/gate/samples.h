/* The samples of one metric: what they allow, and on which scale they are compared. */
#ifndef PERFWARDEN_GATE_SAMPLES_H
#define PERFWARDEN_GATE_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/result.h"

/** Ratios are differences of logarithms; values that may be 0 are compared by their differences. */
enum pw_scale { PW_SCALE_LOG, PW_SCALE_RAW };

/** What a set of samples holds. Zero-initialised is the empty set. */
struct pw_samples_nature {
    size_t count;
    size_t zeros;
    bool has_bad; /**< a negative value, NaN or an infinity */
    double bad;   /**< the first of them */
};

/** Look at a series' samples and add what they hold to a nature. */
void pw_samples_inspect(const struct pw_series *series, struct pw_samples_nature *nature);

/** Samples on a scale, to be freed with free(). @return NULL when out of memory */
double *pw_samples_on_scale(const struct pw_series *series, enum pw_scale scale);

/** True when a metric counts without noise and this series agrees with itself within 0.1 %. */
bool pw_samples_are_deterministic(const struct pw_series *series);

/** True when a metric counts without noise, and was counted often enough to be believed. */
bool pw_samples_may_be_exact(const struct pw_series *series);
/** True when values of a count between these two count as one value. */
bool pw_samples_agree(double lowest, double highest);

/** One value on a scale. @param value > 0 on PW_SCALE_LOG */
double pw_scale_apply(enum pw_scale scale, double value);

#endif
