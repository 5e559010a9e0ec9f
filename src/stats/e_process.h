/* The steps an e-process is made of, for tests that run many of them over the same values. */
#ifndef PERFWARDEN_STATS_E_PROCESS_H
#define PERFWARDEN_STATS_E_PROCESS_H

#include "perfwarden/stats.h"

/** The bets of struct pw_e_process without logarithms: for a process that ends at some level. */
struct pw_e_bets {
    double wealth[3];
};

/* clang-format off */
#define PW_E_BETS_INIT {{1.0, 1.0, 1.0}}
/* clang-format on */

/**
 * Insert a magnitude among ascending ones.
 *
 * @param magnitudes  room for count + 1
 * @return their median
 */
double pw_e_insert(double *magnitudes, size_t count, double magnitude);

/** u: what of the wealth is bet on a difference, in [−1, 1]. @param median of all magnitudes */
double pw_e_stake(double x, double median);

/** Win or lose a stake, no more of it than a win needs to reach the level. @return E now */
double pw_e_bets_add(struct pw_e_bets *bets, double u, double level);

#endif
