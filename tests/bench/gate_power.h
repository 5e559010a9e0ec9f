/* The parts of the gate's own benchmark: see gate_power.c. */
#ifndef PERFWARDEN_BENCH_GATE_POWER_H
#define PERFWARDEN_BENCH_GATE_POWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../src/gate/sequence.h"
#include "noise.h"

/** The machines of the table: L, H, D, DH; after them a quiet one. */
enum { NOISE_COUNT = 4, NOISE_QUIET = NOISE_COUNT };

/** How many repetitions the figures to reach are taken to rest on. */
#define POWER_TARGET_REPETITIONS 4000.0

/** @param i at most NOISE_QUIET */
const struct noise *gate_power_noise(size_t i);

/** What many gates came to, in percent, and the median pairs, undecided ones included. */
struct power {
    double regressions;
    double passes; /**< improvements among them */
    double pairs;
    double pairs_least; /**< the same, as few as the repetitions leave possible */
};

/** Each prints why on standard error. @return 0; −1 */
int gate_power_simulate(const struct pw_sequence_options *options, const struct noise *noise,
                        double effect, size_t repetitions, uint64_t seed, struct power *out);
int gate_power_print_rivals(size_t repetitions, uint64_t seed);
int gate_power_print_suites(size_t repetitions, uint64_t seed);
int gate_power_failed(const char *what, const struct pw_error *err);

#endif
