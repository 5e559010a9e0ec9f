/* Exact distributions of rank sums: what the Mann-Whitney test and its interval are read from. */
#ifndef PERFWARDEN_STATS_RANK_SUM_H
#define PERFWARDEN_STATS_RANK_SUM_H

#include <stddef.h>
#include <stdint.h>

#include "perfwarden/util/error.h"

/**
 * The lower half of the distribution of U for samples of n and m different values.
 *
 * @param[out] below  receives P(U ≤ u) for u = 0 … ⌊nm/2⌋, to be freed with free(); U is symmetric
 *                    about nm/2
 * @param[out] count  how many
 * @return 0; PW_ENOMEM
 */
int pw_stats_u_distribution(size_t n, size_t m, double **below, size_t *count,
                            struct pw_error *err) PW_MUST_CHECK;

/** Both tails at an observed sum; each includes the sum itself. */
struct pw_stats_tails {
    double lower;
    double upper;
};

/**
 * The permutation distribution of the sum of n scores drawn from `total` without replacement.
 *
 * @param scores    small integers (doubled midranks), one per value, ties repeated
 * @param observed  the sum whose tails are wanted
 * @return 0; PW_ENOMEM
 */
int pw_stats_score_sum_tails(const uint32_t *scores, size_t total, size_t n, size_t observed,
                             struct pw_stats_tails *out, struct pw_error *err) PW_MUST_CHECK;

#endif
