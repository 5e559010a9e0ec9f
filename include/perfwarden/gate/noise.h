/*
 * How noisy a machine is, and what a gate on it would find. For people: nothing is decided by it.
 */
#ifndef PERFWARDEN_GATE_NOISE_H
#define PERFWARDEN_GATE_NOISE_H

#include <stddef.h>
#include <stdint.h>

#include "perfwarden/stats.h"
#include "perfwarden/util/error.h"

/** Pairs that pw_gate_noise() takes. */
#define PW_GATE_NOISE_MIN_PAIRS 5
#define PW_GATE_NOISE_MAX_PAIRS 2000

/** How noisy pairs of two equal sides were. */
struct pw_gate_noise {
    double median;           /**< of all runs, base units */
    double run_spread_ratio; /**< of single runs: 1.4826 · MAD ÷ median */
    double pair_spread;      /**< σ_d: 1.4826 · MAD of ln(head/base) */
    double shift;            /**< Hodges-Lehmann of ln(head/base): 0 but for chance */
    double drift_ratio;      /**< from the first pair to the last, by Theil-Sen, ÷ median */
    double drift_p_value;    /**< that there is no drift: Spearman over the pairs */
};

/**
 * Tell the noise of pairs, for people: nothing is decided by it.
 *
 * @param pairs  PW_GATE_NOISE_MIN_PAIRS … PW_GATE_NOISE_MAX_PAIRS values a side, in the order they
 * were measured, finite and > 0
 * @return 0; PW_EINVAL; PW_ENOMEM
 */
int pw_gate_noise(const double *base, const double *head, size_t pairs, struct pw_gate_noise *out,
                  struct pw_error *err) PW_MUST_CHECK;

/** A slowdown to look for, and the gate that looks. */
struct pw_gate_power_options {
    double slowdown_ratio; /**< true slowdown of head, 0.05 = 5 %; > −1 */
    double increase_ratio; /**< the threshold; > 0 */
    double alpha;
    double beta;
    size_t pairs_min;
    size_t pairs_max;
    size_t repetitions; /**< simulated gates, ≥ 1 */
    uint64_t seed;
};

/** How it went. */
struct pw_gate_power {
    double found_ratio; /**< share of the gates that called it a regression */
    size_t pairs; /**< median pairs to that call; 0 when less than half of the gates came to it */
};

/**
 * Simulate gates of one comparison on a machine as noisy as the given pairs: differences are drawn
 * from them, around the slowdown. The decision is the one that `check` makes.
 *
 * @return 0; PW_EINVAL for an option or value outside its range; PW_ENOMEM
 */
int pw_gate_power(const double *base, const double *head, size_t pairs,
                  const struct pw_gate_power_options *options, struct pw_gate_power *out,
                  struct pw_error *err) PW_MUST_CHECK;

/**
 * The exact 95 % interval of a rate (Clopper and Pearson, 1934).
 *
 * @param hits  at most n
 * @param n     ≥ 1
 */
struct pw_interval pw_gate_rate_interval(size_t hits, size_t n);

#endif
