/*
 * Gates on simulated machines: many decisions by the functions that `perfwarden check` calls.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "gate_power.h"

enum { PAIRS_MAX = 60 };

static const struct noise NOISES[NOISE_COUNT + 1] = {
    {"L", "lognormal, 3 %", 0.03, 0.0, 0.0, 1.0},
    {"H", "L, and 5 % of the runs take 3 times as long", 0.03, 0.0, 0.05, 3.0},
    {"D", "drift shared by all runs, 6 %, and 2 % of each run", 0.02, 0.06, 0.0, 1.0},
    {"DH", "D, and 5 % of the runs take 3 times as long", 0.02, 0.06, 0.05, 3.0},
    {"1 %", "lognormal, 1 %", 0.01, 0.0, 0.0, 1.0},
};
const struct noise *gate_power_noise(size_t i)
{
    return &NOISES[i];
}

int gate_power_failed(const char *what, const struct pw_error *err)
{
    (void)fprintf(stderr, "gate_power: %s: %s\n", what, pw_error_message(err));
    return -1;
}

static int compare_sizes(const void *a, const void *b)
{
    const size_t *x = a;
    const size_t *y = b;

    return (*x > *y) - (*x < *y);
}

/* The median, and the least it may truly be: three standard errors of its rank below. */
static void find_median(size_t *pairs, size_t n, struct power *out)
{
    const double error = 1.5 * sqrt(1.0 / (double)n + 1.0 / POWER_TARGET_REPETITIONS);

    qsort(pairs, n, sizeof *pairs, compare_sizes);
    out->pairs = (double)(pairs[(n - 1) / 2] + pairs[n / 2]) / 2.0;
    out->pairs_least = (double)pairs[(size_t)(fmax(0.0, 0.5 - error) * (double)n)];
}

/* One gate: pairs until a decision. */
static int decide(const struct pw_sequence_options *options, const struct noise *noise,
                  double effect, uint64_t seed, enum pw_sequence_state *state, size_t *pairs)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_sequence sequence;
    struct machine machine;
    int status = pw_sequence_init(options, &sequence, &err);

    machine_start(&machine, noise, seed);
    for (size_t i = 0; status == 0 && i < PAIRS_MAX && sequence.state == PW_SEQUENCE_UNDECIDED;
         i++) {
        double base;
        double head;
        machine_pair(&machine, 1e6, 1e6 * (1.0 + effect), &base, &head);
        status = pw_sequence_add(&sequence, base, head, &err);
    }
    if (status != 0) {
        status = gate_power_failed("a decision", &err);
        pw_error_release(&err);
        return status;
    }
    *state = sequence.state;
    *pairs = sequence.pairs;
    pw_sequence_release(&sequence);
    return 0;
}

int gate_power_simulate(const struct pw_sequence_options *options, const struct noise *noise,
                        double effect, size_t repetitions, uint64_t seed, struct power *out)
{
    size_t *pairs = calloc(repetitions, sizeof *pairs);
    size_t counts[PW_SEQUENCE_UNDEFINED + 1] = {0};
    int status = pairs != NULL ? 0 : -1;

    for (size_t i = 0; status == 0 && i < repetitions; i++) {
        enum pw_sequence_state state = PW_SEQUENCE_UNDECIDED;
        status = decide(options, noise, effect, noise_seed(seed, i), &state, &pairs[i]);
        counts[state]++;
    }
    if (status == 0) {
        out->regressions = 100.0 * (double)counts[PW_SEQUENCE_REGRESSION] / (double)repetitions;
        out->passes = 100.0 * (double)(counts[PW_SEQUENCE_PASS] + counts[PW_SEQUENCE_IMPROVEMENT]) /
                      (double)repetitions;
        find_median(pairs, repetitions, out);
    }
    free(pairs);
    return status;
}
