/*
 * A clock that goes as fast as the test says, and durations from a seeded mixture: what a program
 * with the probe really took is then known to the nanosecond. To be included before the probe.
 */
#ifndef PERFWARDEN_TEST_MIXTURE_H
#define PERFWARDEN_TEST_MIXTURE_H

#include <stdint.h>

static __thread uint64_t mixture_now_ns = 1000;
#define PERFWARDEN_CLOCK_NS() mixture_now_ns

/* SplitMix64. */
static inline uint64_t mixture_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15U);

    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
}

/* 60 % of 50 to 1,250 ns, 30 % of 10 to 50 us, 9 % around powers of two up to a second, 1 % of 1 to
 * 11 s. */
static inline uint64_t mixture_ns(uint64_t *state)
{
    uint64_t part = mixture_random(state) % 100U;
    uint64_t random = mixture_random(state);

    if (part < 60U) {
        return 50U + random % 1200U;
    }
    if (part < 90U) {
        return 10000U + random % 40000U;
    }
    if (part < 99U) {
        return ((uint64_t)1 << (random % 30U)) + (random >> 32U) % 3U;
    }
    return 1000000000U + random % 10000000000U;
}

#endif
