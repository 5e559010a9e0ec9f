/* The pieces of the Mann-Whitney U test that are tested on their own. */
#ifndef PERFWARDEN_STATS_MANN_WHITNEY_H
#define PERFWARDEN_STATS_MANN_WHITNEY_H

#include <stddef.h>

/**
 * Two-sided p-value from the normal approximation, with tie and continuity correction.
 *
 * @param tie_sum  Σ (t³ − t) over the groups of t equal values
 * @return 1 when all values are equal
 */
double pw_stats_mann_whitney_normal(double u, size_t n, size_t m, double tie_sum);

#endif
