/*
 * Suites of ten benchmarks through the sequential decision and e-BH, as a paired check runs them:
 * rounds of pairs, until every benchmark is decided and each regression among them is kept.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "gate_power.h"

enum { SUITE = 10, PAIRS_MAX = 60 };

static const double THRESHOLD = 0.05;
static const double FDR = 0.05;

/** What the nine others do, besides the first, which may be slower. */
struct scenario {
    const char *name;
    double first; /**< effect */
    double others;
    size_t truly; /**< how many are regressions: the first, or none */
};

static const struct scenario SCENARIOS[] = {
    {"nothing changed", 0.0, 0.0, 0},
    {"one 10 % slower", 0.10, 0.0, 1},
    {"one 10 % slower, nine slower by exactly τ", 0.10, 0.05, 1},
    {"all slower by exactly τ", 0.05, 0.05, 0},
};

/** A suite under way. A benchmark that is kept gets no more pairs: its evidence stands. */
struct suite {
    struct pw_sequence sequences[SUITE];
    bool kept[SUITE];
};

static bool wants_pairs(const struct suite *suite, size_t i)
{
    const enum pw_sequence_state state = suite->sequences[i].state;

    return state == PW_SEQUENCE_UNDECIDED || (state == PW_SEQUENCE_REGRESSION && !suite->kept[i]);
}

static int keep(struct suite *suite)
{
    double e[SUITE];
    bool kept[SUITE];

    for (size_t i = 0; i < SUITE; i++) {
        const struct pw_sequence *sequence = &suite->sequences[i];
        e[i] = sequence->state == PW_SEQUENCE_REGRESSION ? sequence->now.regression : 0.0;
    }
    if (pw_stats_e_bh(e, SUITE, FDR, kept, NULL) < 0) {
        return -1;
    }
    memcpy(suite->kept, kept, sizeof kept);
    return 0;
}

static int run_suite(const struct scenario *scenario, const struct noise *noise, uint64_t seed,
                     struct suite *suite)
{
    const struct pw_sequence_options options = {PW_BETTER_LOWER, THRESHOLD, NAN, NAN, 0.01, 0.05, 7,
                                                SUITE / FDR};
    struct machine machine;
    int status = 0;

    memset(suite, 0, sizeof *suite);
    machine_start(&machine, noise, seed);
    for (size_t i = 0; status == 0 && i < SUITE; i++) {
        status = pw_sequence_init(&options, &suite->sequences[i], NULL);
    }
    for (size_t round = 0; status == 0 && round < PAIRS_MAX; round++) {
        for (size_t i = 0; status == 0 && i < SUITE; i++) {
            const double effect = i == 0 ? scenario->first : scenario->others;
            double base;
            double head;
            if (!wants_pairs(suite, i)) {
                continue;
            }
            machine_pair(&machine, 1.0, 1.0 + effect, &base, &head);
            status = pw_sequence_add(&suite->sequences[i], base, head, NULL);
        }
        status = status == 0 ? keep(suite) : status;
    }
    return status;
}

/** Sums over suites. */
struct tally {
    size_t found;
    size_t failed_wrongly; /**< suites with a regression that is none */
    double false_share;    /**< Σ wrong among kept */
    size_t passes;
    size_t pairs;
};

static void count(const struct scenario *scenario, const struct suite *suite, struct tally *tally)
{
    size_t kept = 0;
    size_t wrong = 0;

    for (size_t i = 0; i < SUITE; i++) {
        const bool is_true = i < scenario->truly;
        kept += suite->kept[i];
        wrong += suite->kept[i] && !is_true;
        tally->found += suite->kept[i] && is_true;
        tally->passes += suite->sequences[i].state == PW_SEQUENCE_PASS && !is_true;
        tally->pairs += suite->sequences[i].pairs;
    }
    tally->failed_wrongly += wrong > 0;
    tally->false_share += kept > 0 ? (double)wrong / (double)kept : 0.0;
}

static int print_scenario(const struct scenario *scenario, const struct noise *noise,
                          size_t repetitions, uint64_t seed)
{
    struct tally tally = {0, 0, 0.0, 0, 0};
    const double n = (double)repetitions;

    for (size_t i = 0; i < repetitions; i++) {
        struct suite suite;
        int status = run_suite(scenario, noise, noise_seed(seed, i), &suite);
        count(scenario, &suite, &tally);
        for (size_t j = 0; j < SUITE; j++) {
            pw_sequence_release(&suite.sequences[j]);
        }
        if (status != 0) {
            (void)fprintf(stderr, "gate_power: a suite could not be decided\n");
            return -1;
        }
    }
    (void)printf("| %s | %s | ", scenario->name, noise->name);
    if (scenario->truly > 0) {
        (void)printf("%.1f | ", 100.0 * (double)tally.found / n);
    } else {
        (void)printf("– | ");
    }
    (void)printf("%.2f | %.2f | %.1f | %.1f |\n", 100.0 * (double)tally.failed_wrongly / n,
                 100.0 * tally.false_share / n,
                 100.0 * (double)tally.passes / n / (double)(SUITE - scenario->truly),
                 (double)tally.pairs / n / SUITE);
    return 0;
}

int gate_power_print_suites(size_t repetitions, uint64_t seed)
{
    (void)printf("| a suite of ten | noise | found %% | wrong alarm in a suite %% | false "
                 "discovery rate %% | passes of the others %% | pairs a benchmark |\n"
                 "|---|---|---|---|---|---|---|\n");
    for (size_t s = 0; s < PW_COUNT(SCENARIOS); s++) {
        for (size_t i = 0; i < NOISE_COUNT; i++) {
            const int status = print_scenario(&SCENARIOS[s], gate_power_noise(i), repetitions,
                                              noise_seed(seed, 300 + NOISE_COUNT * s + i));
            if (status != 0) {
                return status;
            }
        }
    }
    return 0;
}
