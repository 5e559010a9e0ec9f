/*
 * `gate_power table|thresholds|rivals|suites [REPETITIONS [SEED]]`: how often the gate is wrong and
 * how many pairs it needs, on simulated machines, as markdown tables (docs/verdicts.md).
 *
 * Every decision is taken by the functions that `perfwarden check` calls.
 */
#include "gate_power.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "perfwarden/util/error.h"

static const double EFFECTS[] = {0.0, 0.02, 0.05, 0.10};
enum { EFFECT_COUNT = 4, LEVEL_COUNT = 2 };

/** A cell of the table in STATISTICS.md: percentages and median pairs; NAN where it has none. */
struct cell {
    double regressions;
    double passes;
    double pairs;
};

struct level {
    double alpha;
    double beta;
    struct cell target[EFFECT_COUNT][NOISE_COUNT];
};

static const struct level LEVELS[LEVEL_COUNT] = {
    {0.05,
     0.05,
     {
         {{0.03, 80, 32}, {0.07, 64, 44}, {0, 97, 19}, {0.03, 87, 27}},
         {{3.3, 2.9, NAN}, {3.4, 3.1, NAN}, {3.2, 2.6, NAN}, {3.0, 3.1, NAN}},
         {{98.9, 0.03, 17}, {92, 0, 23}, {100, 0, 11}, {99, 0, 15}},
         {{100, 0, 7}, {100, 0, 8}, {100, 0, 7}, {100, 0, 7}},
     }},
    {0.01,
     0.05,
     {
         {{0, 79, 31}, {0, 65, 43}, {0, 97, 19}, {0, 88, 27}},
         {{0.6, 3.1, NAN}, {0.4, 3.4, NAN}, {1.0, 3.3, NAN}, {0.6, 2.9, NAN}},
         {{95, 0, 26}, {82, 0, 36}, {99.9, 0, 17}, {97, 0, 24}},
         {{100, 0, 11}, {100, 0, 12}, {100, 0, 10}, {100, 0, 11}},
     }},
};

static void print_percent(double percent)
{
    (void)printf(percent > 0.0 && percent < 0.995 ? "%.2f"
                 : percent < 9.95                 ? "%.1f"
                                                  : "%.0f",
                 percent);
}

static void print_cell(const struct power *power)
{
    (void)printf(" ");
    print_percent(power->regressions);
    (void)printf(" / ");
    print_percent(power->passes);
    (void)printf(isnan(power->pairs) ? " / – |" : " / %.0f |", power->pairs);
}

/* Three standard errors of the difference of two simulated rates, and the rounding of a target. */
static double tolerance(double percent, size_t repetitions)
{
    const double p = fmin(1.0, fmax(percent / 100.0, 0.0005));
    const double q = fmax(1.0 - p, 0.0005);
    const double rounding = percent >= 10.0 ? 0.5 : 0.05;

    return rounding +
           300.0 * sqrt(p * q * (1.0 / (double)repetitions + 1.0 / POWER_TARGET_REPETITIONS));
}

/* Whether a cell is as good as its target: errors at most, finds and pairs at least as wanted. */
static bool is_reached(const struct level *level, size_t effect, const struct cell *target,
                       const struct power *power, size_t repetitions)
{
    const double slack = tolerance(target->regressions, repetitions);
    const double pass_slack = tolerance(target->passes, repetitions);

    if (EFFECTS[effect] == 0.0) {
        return power->regressions <= target->regressions + slack &&
               power->passes >= target->passes - pass_slack && power->pairs_least <= target->pairs;
    }
    if (isnan(target->pairs)) { /* the boundary */
        return power->regressions <= 100.0 * level->alpha && power->passes <= 100.0 * level->beta;
    }
    return power->regressions >= target->regressions - slack &&
           power->passes <= target->passes + pass_slack && power->pairs_least <= target->pairs;
}

static int print_row(const struct level *level, size_t effect, size_t repetitions, uint64_t seed)
{
    const struct pw_sequence_options options = {PW_BETTER_LOWER, 0.02,        NAN, NAN,
                                                level->alpha,    level->beta, 7,   0};
    size_t reached = 0;

    (void)printf("| %.2f, %.2f | %.0f %%%s |", level->alpha, level->beta, 100.0 * EFFECTS[effect],
                 EFFECTS[effect] == 0.02 ? " (= τ)" : "");
    for (size_t i = 0; i < NOISE_COUNT; i++) {
        struct power power;
        const uint64_t stream = noise_seed(seed, effect * NOISE_COUNT + i);
        const int status = gate_power_simulate(&options, gate_power_noise(i), EFFECTS[effect],
                                               repetitions, stream, &power);
        if (status != 0) {
            return status;
        }
        if (EFFECTS[effect] == 0.02) {
            power.pairs = NAN;
        }
        print_cell(&power);
        reached += is_reached(level, effect, &level->target[effect][i], &power, repetitions);
    }
    (void)printf(reached == NOISE_COUNT ? " all |\n" : " %zu of 4 |\n", reached);
    return 0;
}

static int print_table(size_t repetitions, uint64_t seed)
{
    int status = 0;

    (void)printf("| α, β | head is slower by | L | H | D | DH | reached |\n"
                 "|---|---|---|---|---|---|---|\n");
    for (size_t l = 0; status == 0 && l < LEVEL_COUNT; l++) {
        for (size_t e = 0; status == 0 && e < EFFECT_COUNT; e++) {
            status = print_row(&LEVELS[l], e, repetitions, seed);
        }
    }
    return status;
}

/** A line below the table, with the median pairs wanted. */
struct line {
    double threshold;
    double effect;
    size_t noise;
    double least; /**< percentage of the right answers */
    double pairs;
};

static int print_lines(size_t repetitions, uint64_t seed)
{
    static const struct line lines[] = {
        {0.05, 0, 0, 99.5, 9},
        {0.05, 0, 1, 99.5, 11},
        {0.05, 0, 2, 99.5, 7},
        {0.05, 0.10, 0, 99.5, 14},
        {0.05, 0.10, 1, 99.5, 19},
        {0.05, 0.10, 2, 99.5, 11},
        {0.02, 0, NOISE_QUIET, 99.5, 8},
        {0.02, 0.05, NOISE_QUIET, 99.5, 10},
        {0.02, 0.03, NOISE_QUIET, 96, 26},
    };

    (void)printf("| τ | noise | head is slower by | regressions %% | passes %% | median pairs | "
                 "wanted | reached |\n|---|---|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < PW_COUNT(lines); i++) {
        const struct line *line = &lines[i];
        const struct pw_sequence_options options = {
            PW_BETTER_LOWER, line->threshold, NAN, NAN, 0.01, 0.05, 7, 0};
        struct power power;
        double right;
        if (gate_power_simulate(&options, gate_power_noise(line->noise), line->effect, repetitions,
                                noise_seed(seed, 100 + i), &power) != 0) {
            return -1;
        }
        right = line->effect == 0.0 ? power.passes : power.regressions;
        (void)printf("| %.0f %% | %s | %.0f %% | ", 100.0 * line->threshold,
                     gate_power_noise(line->noise)->name, 100.0 * line->effect);
        print_percent(power.regressions);
        (void)printf(" | ");
        print_percent(power.passes);
        (void)printf(" | %.0f | ≥ %g %% in %.0f | %s |\n", power.pairs, line->least, line->pairs,
                     right >= line->least - tolerance(line->least, repetitions) &&
                             power.pairs_least <= line->pairs
                         ? "yes"
                         : "no");
    }
    return 0;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*print)(size_t repetitions, uint64_t seed);
    } tables[] = {
        {"table", print_table},
        {"thresholds", print_lines},
        {"rivals", gate_power_print_rivals},
        {"suites", gate_power_print_suites},
    };
    const long repetitions = argc > 2 ? strtol(argv[2], NULL, 10) : 4000;
    const unsigned long long seed = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;

    for (size_t i = 0; argc > 1 && i < PW_COUNT(tables); i++) {
        if (strcmp(argv[1], tables[i].name) == 0 && repetitions > 0) {
            return tables[i].print((size_t)repetitions, seed) == 0 && fflush(stdout) == 0 ? 0 : 1;
        }
    }
    (void)fprintf(stderr,
                  "usage: gate_power table|thresholds|rivals|suites [REPETITIONS [SEED]]\n");
    return 2;
}
