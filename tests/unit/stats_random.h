/* Seeded random numbers for the tests of statistics: every run of a test sees the same samples. */
#ifndef PERFWARDEN_TESTS_STATS_RANDOM_H
#define PERFWARDEN_TESTS_STATS_RANDOM_H

#include <math.h>
#include <stdint.h>

/* xorshift64* (Vigna); in (0, 1). @param state not 0 */
static inline double uniform(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return ((double)((*state * UINT64_C(2685821657736338717)) >> 11) + 0.5) / 9007199254740992.0;
}

/* Standard normal (Box and Muller). */
static inline double gaussian(uint64_t *state)
{
    const double radius = sqrt(-2.0 * log(uniform(state)));

    return radius * cos(6.28318530717958647692 * uniform(state));
}

#endif
