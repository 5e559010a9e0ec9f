/*
 * What pairs like those at hand can decide: how noisy they are, and simulated decisions with that
 * noise. For `doctor`; no verdict rests on it.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "perfwarden/gate.h"
#include "sequence.h"

/* As far as a run of this many halvings is from the boundary, no printed digit changes. */
#define BISECTIONS 60

/* Two-sided 95 %. */
#define TAIL 0.025

static int take_logs(const double *base, const double *head, size_t pairs, double *out,
                     struct pw_error *err)
{
    for (size_t i = 0; i < pairs; i++) {
        if (!(base[i] > 0) || !(head[i] > 0) || !isfinite(base[i]) || !isfinite(head[i])) {
            return pw_error_set(err, PW_EINVAL, "pair %zu has a value that is not positive", i + 1);
        }
        out[i] = log(head[i] / base[i]);
    }
    return PW_OK;
}

/* The drift of the pairs' own means over their number, as a ratio of the median. */
static int find_drift(const double *times, size_t pairs, double *numbers, double median,
                      struct pw_gate_noise *out, struct pw_error *err)
{
    struct pw_spearman rising;
    struct pw_shift slope;
    for (size_t i = 0; i < pairs; i++) {
        numbers[i] = (double)i;
    }
    int status = pw_stats_spearman(numbers, times, pairs, &rising, err);
    if (status == PW_OK) {
        status = pw_stats_theil_sen(numbers, times, pairs, 0.05, &slope, err);
    }
    if (status == PW_OK) {
        out->drift_ratio = slope.estimate * (double)(pairs - 1) / median;
        out->drift_p_value = rising.p_value;
    }
    return status;
}

static int measure_noise(const double *base, const double *head, size_t pairs, double *work,
                         struct pw_gate_noise *out, struct pw_error *err)
{
    double *logs = work;
    double *runs = work + pairs; /* room for both sides */
    struct pw_gate_noise noise = {0};
    int status = take_logs(base, head, pairs, logs, err);
    if (status != PW_OK) {
        return status;
    }
    for (size_t i = 0; i < pairs; i++) {
        runs[i] = base[i];
        runs[pairs + i] = head[i];
    }
    noise.median = pw_stats_median(runs, 2 * pairs, err);
    noise.run_spread_ratio = pw_stats_mad_sigma(runs, 2 * pairs, err) / noise.median;
    noise.pair_spread = pw_stats_mad_sigma(logs, pairs, err);
    noise.shift = pw_stats_hodges_lehmann(logs, pairs, err);
    if (isnan(noise.median) || isnan(noise.run_spread_ratio) || isnan(noise.pair_spread) ||
        isnan(noise.shift)) {
        return PW_ENOMEM;
    }
    for (size_t i = 0; i < pairs; i++) {
        runs[i] = (base[i] + head[i]) / 2;
    }
    status = find_drift(runs, pairs, runs + pairs, noise.median, &noise, err);
    if (status == PW_OK) {
        *out = noise;
    }
    return status;
}

int pw_gate_noise(const double *base, const double *head, size_t pairs, struct pw_gate_noise *out,
                  struct pw_error *err)
{
    if (pairs < PW_GATE_NOISE_MIN_PAIRS || pairs > PW_GATE_NOISE_MAX_PAIRS) {
        return pw_error_set(err, PW_EINVAL, "noise is told from %d to %d pairs, not from %zu",
                            PW_GATE_NOISE_MIN_PAIRS, PW_GATE_NOISE_MAX_PAIRS, pairs);
    }
    double *work = calloc(3 * pairs, sizeof(*work));
    const int status = work == NULL ? pw_error_set_no_memory(err)
                                    : measure_noise(base, head, pairs, work, out, err);
    free(work);
    return status;
}

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* Pairs drawn from those measured, around the slowdown, until decided. The random order of a pair
 * makes a difference as likely as its opposite, so each is taken with either sign. */
static int decide(const struct pw_gate_power_options *options, const double *centred, size_t count,
                  uint64_t *random, struct pw_sequence *sequence, struct pw_error *err)
{
    const double effect = log1p(options->slowdown_ratio);
    int status = PW_OK;
    for (size_t n = 0;
         status == PW_OK && n < options->pairs_max && sequence->state == PW_SEQUENCE_UNDECIDED;
         n++) {
        const uint64_t draw = next_random(random);
        const double d = centred[(draw >> 1) % count];
        status = pw_sequence_add(sequence, 1.0, exp(effect + ((draw & 1) != 0 ? d : -d)), err);
    }
    return status;
}

static int compare_sizes(const void *a, const void *b)
{
    const size_t *x = a;
    const size_t *y = b;
    return (*x > *y) - (*x < *y);
}

static int simulate(const struct pw_gate_power_options *options, const double *centred,
                    size_t count, size_t *found_at, struct pw_gate_power *out, struct pw_error *err)
{
    const struct pw_sequence_options wanted = {
        .better = PW_BETTER_LOWER,
        .increase_ratio = options->increase_ratio,
        .at_least = (double)NAN,
        .limit = (double)NAN,
        .alpha = options->alpha,
        .beta = options->beta,
        .min_pairs = options->pairs_min,
    };
    uint64_t random = options->seed;
    size_t found = 0;
    int status = PW_OK;
    for (size_t i = 0; status == PW_OK && i < options->repetitions; i++) {
        struct pw_sequence sequence = {0};
        status = pw_sequence_init(&wanted, &sequence, err);
        if (status == PW_OK) {
            status = decide(options, centred, count, &random, &sequence, err);
        }
        if (sequence.state == PW_SEQUENCE_REGRESSION) {
            found_at[found++] = sequence.decided_at;
        }
        pw_sequence_release(&sequence);
    }
    if (status != PW_OK) {
        return status;
    }
    qsort(found_at, found, sizeof(*found_at), compare_sizes);
    /* A gate that never finds it counts as needing more pairs than any that does. */
    const size_t middle = (options->repetitions - 1) / 2;
    *out = (struct pw_gate_power){
        .found_ratio = (double)found / (double)options->repetitions,
        .pairs = middle < found ? found_at[middle] : 0,
    };
    return PW_OK;
}

int pw_gate_power(const double *base, const double *head, size_t pairs,
                  const struct pw_gate_power_options *options, struct pw_gate_power *out,
                  struct pw_error *err)
{
    if (pairs == 0 || options->repetitions == 0 || !(options->slowdown_ratio > -1)) {
        return pw_error_set(err, PW_EINVAL, "there is nothing to simulate with");
    }
    double *logs = calloc(pairs, sizeof(*logs));
    size_t *found_at = calloc(options->repetitions, sizeof(*found_at));
    if (logs == NULL || found_at == NULL) {
        free(logs);
        free(found_at);
        return pw_error_set_no_memory(err);
    }
    int status = take_logs(base, head, pairs, logs, err);
    if (status == PW_OK) {
        const double centre = pw_stats_hodges_lehmann(logs, pairs, err);
        for (size_t i = 0; i < pairs; i++) {
            logs[i] -= centre;
        }
        status = isnan(centre) ? PW_ENOMEM : simulate(options, logs, pairs, found_at, out, err);
    }
    free(logs);
    free(found_at);
    return status;
}

/* P(Bin(n, p) ≤ k) for p in (0, 1). */
static double at_most(size_t k, size_t n, double p)
{
    double sum = 0;
    double log_choose = 0;
    for (size_t i = 0; i <= k && i <= n; i++) {
        if (i > 0) {
            log_choose += log((double)(n - i + 1)) - log((double)i);
        }
        sum += exp(log_choose + (double)i * log(p) + (double)(n - i) * log1p(-p));
    }
    return sum;
}

/* The p at which P(Bin(n, p) ≤ k), which falls with p, comes down to a level. */
static double crossing(size_t k, size_t n, double level)
{
    double low = 0;
    double high = 1;
    for (int i = 0; i < BISECTIONS; i++) {
        const double middle = (low + high) / 2;
        if (at_most(k, n, middle) > level) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return (low + high) / 2;
}

struct pw_interval pw_gate_rate_interval(size_t hits, size_t n)
{
    return (struct pw_interval){
        .low = hits == 0 ? 0 : crossing(hits - 1, n, 1 - TAIL),
        .high = hits >= n ? 1 : crossing(hits, n, TAIL),
    };
}
