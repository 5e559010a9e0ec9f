/* Random choices of the schedule: the same for the same seed. Not for secrets. */
#ifndef PERFWARDEN_RUN_RANDOM_H
#define PERFWARDEN_RUN_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Any state is valid: it is the seed. */
struct pw_run_random {
    uint64_t state;
};

/** 64 random bits, by SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number
 * generators", 2014). */
uint64_t pw_run_random_next(struct pw_run_random *random);

/** A number below a bound, each as likely as the others. @param bound at least 1 */
uint64_t pw_run_random_below(struct pw_run_random *random, uint64_t bound);

/** Heads or tails. */
bool pw_run_random_coin(struct pw_run_random *random);

#endif
