/*
 * What other tools do, on the same simulated machines: fixed numbers of runs, and a rule.
 *
 * Runs in blocks are all of base and then all of head, one moment after the other; interleaved ones
 * alternate. A rule answers whether it raises the alarm that head is slower; tests are two-sided.
 */
#include <math.h>
#include <stdio.h>

#include "gate_power.h"

enum { RUNS_MAX = 10 };

struct samples {
    double base[RUNS_MAX];
    double head[RUNS_MAX];
    size_t n;
};

struct rival {
    const char *name;
    size_t runs; /**< a side */
    bool is_interleaved;
    bool (*is_alarm)(const struct samples *samples);
};

static double mean_of(const double *values, size_t n)
{
    double sum = 0.0;

    for (size_t i = 0; i < n; i++) {
        sum += values[i];
    }
    return sum / (double)n;
}

static double variance_of(const double *values, size_t n)
{
    const double mean = mean_of(values, n);
    double sum = 0.0;

    for (size_t i = 0; i < n; i++) {
        sum += (values[i] - mean) * (values[i] - mean);
    }
    return sum / ((double)n - 1.0);
}

static bool is_mean_over_limit(const struct samples *samples)
{
    return mean_of(samples->head, samples->n) > 1.10 * mean_of(samples->base, samples->n);
}

static double mann_whitney(const struct samples *samples)
{
    struct pw_mann_whitney test;

    return pw_stats_mann_whitney(samples->base, samples->n, samples->head, samples->n, &test,
                                 NULL) == 0
               ? test.p_value
               : NAN;
}

static double ratio_of_medians(const struct samples *samples)
{
    return pw_stats_median(samples->head, samples->n, NULL) /
           pw_stats_median(samples->base, samples->n, NULL);
}

static bool is_rank_different(const struct samples *samples)
{
    return mann_whitney(samples) < 0.05 && ratio_of_medians(samples) > 1.0;
}

static bool is_welch_different(const struct samples *samples)
{
    const double n = (double)samples->n;
    const double a = variance_of(samples->base, samples->n) / n;
    const double b = variance_of(samples->head, samples->n) / n;
    const double t =
        (mean_of(samples->head, samples->n) - mean_of(samples->base, samples->n)) / sqrt(a + b);
    const double degrees = (a + b) * (a + b) / ((a * a + b * b) / (n - 1.0));

    return t > pw_stats_t_quantile(0.975, degrees);
}

static bool is_significant_and_over(const struct samples *samples)
{
    return mann_whitney(samples) < 0.05 && ratio_of_medians(samples) > 1.02;
}

static const struct rival RIVALS[] = {
    {"mean of 5 in blocks, limit 10 %", 5, false, is_mean_over_limit},
    {"Mann-Whitney, 10 + 10 in blocks, p < 0.05", 10, false, is_rank_different},
    {"Mann-Whitney, 10 + 10 interleaved, p < 0.05", 10, true, is_rank_different},
    {"Welch's t, 10 + 10 in blocks, p < 0.05", 10, false, is_welch_different},
    {"p < 0.05 and median more than τ slower, interleaved", 10, true, is_significant_and_over},
    {"p < 0.05 and median more than τ slower, in blocks", 10, false, is_significant_and_over},
};

static void measure(const struct rival *rival, const struct noise *noise, double effect,
                    uint64_t seed, struct samples *out)
{
    struct machine machine;

    machine_start(&machine, noise, seed);
    out->n = rival->runs;
    for (size_t i = 0; i < 2 * rival->runs; i++) {
        const size_t run = rival->is_interleaved ? i / 2 : i % rival->runs;
        const bool is_head = rival->is_interleaved ? i % 2 == 1 : i >= rival->runs;
        if (is_head) {
            out->head[run] = machine_run(&machine, 1.0 + effect);
        } else {
            out->base[run] = machine_run(&machine, 1.0);
        }
        machine_step(&machine);
    }
}

static double alarms(const struct rival *rival, const struct noise *noise, double effect,
                     size_t repetitions, uint64_t seed)
{
    size_t count = 0;

    for (size_t i = 0; i < repetitions; i++) {
        struct samples samples;
        measure(rival, noise, effect, noise_seed(seed, i), &samples);
        count += rival->is_alarm(&samples);
    }
    return 100.0 * (double)count / (double)repetitions;
}

int gate_power_print_rivals(size_t repetitions, uint64_t seed)
{
    static const double effects[] = {0.0, 0.02, 0.05, 0.10};

    (void)printf("| rule | runs a side | L | H | D | DH |\n|---|---|---|---|---|---|\n");
    for (size_t r = 0; r < PW_COUNT(RIVALS); r++) {
        (void)printf("| %s | %zu |", RIVALS[r].name, RIVALS[r].runs);
        for (size_t i = 0; i < NOISE_COUNT; i++) {
            for (size_t e = 0; e < PW_COUNT(effects); e++) {
                (void)printf("%s%.0f", e == 0 ? " " : " / ",
                             alarms(&RIVALS[r], gate_power_noise(i), effects[e], repetitions,
                                    noise_seed(seed, 200 + NOISE_COUNT * e + i)));
            }
            (void)printf(" |");
        }
        (void)printf("\n");
    }
    return 0;
}
