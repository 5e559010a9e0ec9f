/*
 * The next session predicted from the sessions before it: the arithmetic of the stored verdict.
 *
 * Assumes one value per session on the scale of the comparison. Knows nothing of benchmarks. Its
 * error rates are simulated in tests/unit/test_prediction.c; change it only with that at hand.
 *
 *     half-width = t_{K−1, 1−α} · s · √(1 + c/m)
 *
 * K sessions since the last change point, the newest m of them make the centre. Two things differ
 * from the textbook form with s = MAD of successive differences / √2, because at the boundary that
 * one raises up to 2 % false alarms at α = 1 % for independent noise and 11 % under slow drift
 * (AR(1), φ = 0.97); this one 1 % and 2 %:
 *
 * - s is the scale of past prediction errors, |y_k − median(y_1 … y_{k−1})|. The head is one more
 *   such prediction, so whatever made the earlier ones miss (noise, drift, a wandering machine)
 *   is in s. For independent noise it is a little larger than the noise, never smaller.
 * - the centre is the median of the nearest 7 only: under drift older ones lead away from the
 *   truth, and without drift they would narrow the interval by less than a tenth.
 */
#include "prediction.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "perfwarden/stats.h"

/** From here on the sessions' own noise is known well enough to need no prior. */
#define ENOUGH_SESSIONS 5
/** How many of the nearest sessions make the centre. */
#define CENTRE_SESSIONS 7
/** Variance of a median relative to a mean's, for normal noise. */
#define MEDIAN_VARIANCE 1.57079632679489661923
/** A change is cut off when it is this many times the noise: fewer would cut off mere noise. */
#define CUT_FACTOR 5.0
/**
 * Below ENOUGH_SESSIONS the differences cannot tell a change from noise, so a change is measured in
 * the prior, and has to be a large one (30 % with the default prior): it is then an accepted
 * change, not noise.
 */
#define FEW_CUT_FACTOR 10.0
/** Errors count up to this many times their robust scale: one bad session must not blind the gate.
 */
#define CLIP_FACTOR 3.0

/* The median of up to PW_PREDICTION_MAX_SESSIONS values, without allocating. */
static double small_median(const double *values, size_t n)
{
    double sorted[PW_PREDICTION_MAX_SESSIONS];

    assert(n > 0 && n <= PW_PREDICTION_MAX_SESSIONS);
    for (size_t i = 0; i < n; i++) {
        size_t place = i;
        for (; place > 0 && sorted[place - 1] > values[i]; place--) {
            sorted[place] = sorted[place - 1];
        }
        sorted[place] = values[i];
    }
    return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2.0;
}

static double root_mean_square(const double *values, size_t n)
{
    double sum = 0.0;

    for (size_t i = 0; i < n; i++) {
        sum += values[i] * values[i];
    }
    return n > 0 ? sqrt(sum / (double)n) : 0.0;
}

/*
 * Noise from successive differences, which a step enters only once. Their centre is known to be 0,
 * so it is not estimated: that keeps two sessions, whose one difference equals its own median, from
 * looking free of noise. Where most differences are exactly 0 (page counts, sizes), a single other
 * one is a step; several are noise that the median does not see.
 */
static double difference_noise(const double *values, size_t n)
{
    double sizes[PW_PREDICTION_MAX_SESSIONS];
    size_t jumps = 0;
    double median;

    if (n < 2) {
        return 0.0;
    }
    for (size_t i = 0; i + 1 < n; i++) {
        sizes[i] = fabs(values[i + 1] - values[i]);
        jumps += sizes[i] > 0.0;
    }
    median = small_median(sizes, n - 1);
    if (median > 0.0) {
        return PW_MAD_TO_SIGMA * median / sqrt(2.0);
    }
    return jumps > 1 ? root_mean_square(sizes, n - 1) / sqrt(2.0) : 0.0;
}

/*
 * The scale of past prediction errors: by their median or, if larger, by their root mean square
 * with wild ones clipped. The second also speaks where half of the errors are exactly 0, as with
 * page counts that jump now and then.
 */
static double prediction_noise(const double *values, size_t n)
{
    double errors[PW_PREDICTION_MAX_SESSIONS];
    double scale;

    for (size_t k = 1; k < n; k++) {
        errors[k - 1] = fabs(values[k] - small_median(values, k));
    }
    scale = PW_MAD_TO_SIGMA * small_median(errors, n - 1);
    for (size_t k = 0; scale > 0.0 && k + 1 < n; k++) {
        errors[k] = fmin(errors[k], CLIP_FACTOR * scale);
    }
    return fmax(scale, root_mean_square(errors, n - 1));
}

int pw_gate_find_levels(const double *values, size_t n, const struct pw_prediction_options *options,
                        size_t *starts, size_t *levels, struct pw_error *err)
{
    const double few = FEW_CUT_FACTOR * fmax(options->prior, options->within);
    const double enough = CUT_FACTOR * fmax(difference_noise(values, n), options->within);
    const double least = fmax(options->threshold, n < ENOUGH_SESSIONS ? few : enough);

    if (!(least > 0.0) || isinf(least)) {
        starts[0] = 0;
        *levels = 1;
        return 0;
    }
    return pw_stats_potts_l1(values, n, least, starts, levels, err);
}

static double centre_spread(size_t m)
{
    return sqrt(1.0 + (m > 2 ? MEDIAN_VARIANCE : 1.0) / (double)m);
}

/* The noise of one session and the quantile that goes with how well it is known. */
struct spread {
    double noise;
    double quantile;
    bool uses_prior;
};

/* So few sessions in all that the noise is the prior, unless those since the change show more. */
static struct spread spread_of_few(const double *segment, size_t count,
                                   const struct pw_prediction_options *options)
{
    const double seen = fmax(difference_noise(segment, count), options->within);
    return (struct spread){
        .noise = fmax(seen, options->prior),
        .quantile = pw_stats_normal_quantile(1.0 - options->alpha),
        .uses_prior = options->prior > seen,
    };
}

static struct spread spread_of(const double *values, size_t n, size_t start,
                               const struct pw_prediction_options *options)
{
    const double *segment = values + start;
    const size_t count = n - start;
    struct spread spread = {0};
    size_t degrees = count - 1;
    if (n < ENOUGH_SESSIONS) {
        return spread_of_few(segment, count, options);
    }
    if (count >= ENOUGH_SESSIONS) {
        spread.noise = prediction_noise(segment, count);
    } else {
        /* Too few for prediction errors of their own: the noise from before the change holds on. */
        spread.noise = fmax(difference_noise(segment, count), difference_noise(values, n));
        degrees = n - 1;
    }
    spread.noise = fmax(spread.noise, options->within);
    spread.quantile = pw_stats_t_quantile(1.0 - options->alpha, (double)degrees);
    return spread;
}

int pw_gate_predict(const double *values, size_t n, const struct pw_prediction_options *options,
                    struct pw_prediction *out, struct pw_error *err)
{
    size_t starts[PW_PREDICTION_MAX_SESSIONS];
    size_t levels = 0;
    const int status = pw_gate_find_levels(values, n, options, starts, &levels, err);

    if (status != 0) {
        return status;
    }
    const size_t start = starts[levels - 1];
    const size_t count = n - start;
    const size_t m = count < CENTRE_SESSIONS ? count : CENTRE_SESSIONS;
    const struct spread spread = spread_of(values, n, start, options);
    out->uses_prior = spread.uses_prior;
    out->noise = spread.noise;
    out->centre = small_median(values + n - m, m);
    out->half_width = spread.quantile * spread.noise * centre_spread(m);
    out->sessions = count;
    out->centre_sessions = m;
    return 0;
}
