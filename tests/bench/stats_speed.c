/*
 * `stats_speed`: what the larger statistics cost, as a markdown table: microseconds of the fastest
 * of several calls.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../src/gate/sequence.h"
#include "noise.h"
#include "perfwarden/util/clock.h"

enum { LARGE = 10000, SIDE = 50, PAIRS = 60, CALLS = 15 };

struct data {
    double x[LARGE];
    double y[LARGE];
};

static int hodges_lehmann(const struct data *data)
{
    return isnan(pw_stats_hodges_lehmann(data->x, LARGE, NULL)) ? -1 : 0;
}

static int shift(const struct data *data)
{
    struct pw_shift found;
    return pw_stats_shift(data->x, LARGE, data->y, LARGE, 0.01, &found, NULL);
}

static int exact_u(const struct data *data)
{
    struct pw_mann_whitney found;
    const int status = pw_stats_mann_whitney(data->x, SIDE, data->y, SIDE, &found, NULL);
    return status == 0 && found.is_exact ? 0 : -1;
}

static int exact_u_with_ties(const struct data *data)
{
    double a[SIDE / 2];
    double b[SIDE / 2];
    struct pw_mann_whitney found;
    int status;

    for (size_t i = 0; i < SIDE / 2; i++) {
        a[i] = floor(4.0 * data->x[i]);
        b[i] = floor(4.0 * data->y[i]);
    }
    status = pw_stats_mann_whitney(a, SIDE / 2, b, SIDE / 2, &found, NULL);
    return status == 0 && found.is_exact ? 0 : -1;
}

static int theil_sen(const struct data *data)
{
    double x[500];
    struct pw_shift found;

    for (size_t i = 0; i < 500; i++) {
        x[i] = (double)i;
    }
    return pw_stats_theil_sen(x, data->y, 500, 0.025, &found, NULL);
}

static int spearman(const struct data *data)
{
    struct pw_spearman found;
    return pw_stats_spearman(data->x, data->y, 10, &found, NULL);
}

/* As both work on the same pairs, the second one's cost is the difference. */
static int sequence_with(const struct data *data, bool is_estimated)
{
    const struct pw_sequence_options options = {PW_BETTER_LOWER, 0.02, NAN, NAN, 0.01, 0.05, 7, 0};
    struct pw_sequence sequence;
    struct pw_sequence_estimate estimate;
    int status = pw_sequence_init(&options, &sequence, NULL);

    if (status != 0) {
        return status;
    }
    for (size_t i = 0; status == 0 && i < PAIRS; i++) {
        status = pw_sequence_add(&sequence, exp(0.03 * data->x[i]), exp(0.03 * data->y[i]), NULL);
    }
    if (status == 0 && is_estimated) {
        status = pw_sequence_estimate(&sequence, &estimate, NULL);
    }
    pw_sequence_release(&sequence);
    return status;
}

static int sequence(const struct data *data)
{
    return sequence_with(data, false);
}

static int sequence_and_estimate(const struct data *data)
{
    return sequence_with(data, true);
}

static const struct {
    const char *name;
    int (*call)(const struct data *data);
} WORKS[] = {
    {"Hodges-Lehmann of 10,000 pairs", hodges_lehmann},
    {"Hodges-Lehmann of 10,000 and 10,000, with interval", shift},
    {"exact U of 50 + 50", exact_u},
    {"exact U of 25 + 25 with ties", exact_u_with_ties},
    {"Theil-Sen of 500 points", theil_sen},
    {"Spearman of 10 points, exact", spearman},
    {"the decision of 60 pairs, all steps", sequence},
    {"the same with its estimates", sequence_and_estimate},
};

int main(void)
{
    struct data *data = calloc(1, sizeof *data);
    uint64_t random = noise_seed(1, 0);

    if (data == NULL) {
        return 1;
    }
    for (size_t i = 0; i < LARGE; i++) {
        data->x[i] = noise_gaussian(&random);
        data->y[i] = noise_gaussian(&random);
    }
    (void)printf("| what | fastest of %d, µs |\n|---|---|\n", CALLS);
    for (size_t i = 0; i < PW_COUNT(WORKS); i++) {
        uint64_t best_ns = UINT64_MAX;
        for (int call = 0; call < CALLS; call++) {
            const uint64_t started_ns = pw_clock_monotonic_ns();
            uint64_t took_ns;
            if (WORKS[i].call(data) != 0) {
                (void)fprintf(stderr, "stats_speed: '%s' failed\n", WORKS[i].name);
                free(data);
                return 1;
            }
            took_ns = pw_clock_monotonic_ns() - started_ns;
            best_ns = took_ns < best_ns ? took_ns : best_ns;
        }
        (void)printf("| %s | %.1f |\n", WORKS[i].name, (double)best_ns / 1e3);
    }
    free(data);
    return 0;
}
