/* How long a paired measurement can go on at most: pure arithmetic over the pairs' times so far. */
#ifndef PERFWARDEN_CLI_PAIR_TIME_H
#define PERFWARDEN_CLI_PAIR_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The pairs of one benchmark so far. */
struct pw_pair_pace {
    unsigned pairs;
    unsigned pairs_min; /**< made whatever the budgets say */
    unsigned pairs_max;
    uint64_t first_ns;  /**< the first pair, with the setup and the discarded runs before it */
    uint64_t rest_ns;   /**< all other pairs, with what is run around them */
    uint64_t budget_ns; /**< for the benchmark; 0 for none */
    bool is_over;       /**< needs no more pairs */
};

/** What may still come. */
struct pw_pair_time_left {
    uint64_t at_most_ns; /**< 0 when nothing is known, or nothing is left */
    bool is_rough;       /**< some have no pair yet and are taken to be like the others */
};

/** A pair was made. @param pair_ns  since the end of the one before, of whatever benchmark */
void pw_pair_pace_add(struct pw_pair_pace *pace, uint64_t pair_ns);

/** Round a bound up to what is worth reading: seconds, then fives of them, then minutes. */
uint64_t pw_pair_time_round_up(uint64_t time_ns);

/**
 * A bound, if pairs go on taking as long as they did: each benchmark that is not over takes as many
 * as it may, or until a budget ends it. Nearly always fewer are needed; how many, nobody knows
 * before.
 *
 * @param suite_left_ns  what is left for all pairs together; UINT64_MAX for no bound
 */
struct pw_pair_time_left pw_pair_time_left(const struct pw_pair_pace *paces, size_t count,
                                           uint64_t suite_left_ns);

#endif
