/* Doubles as unsigned integers in the same order, so that bisection ends at the very value. */
#ifndef PERFWARDEN_STATS_ORDERED_H
#define PERFWARDEN_STATS_ORDERED_H

#include <stdint.h>

/** −0 comes directly before +0. @param value not NaN */
uint64_t pw_stats_to_ordered(double value);
double pw_stats_from_ordered(uint64_t ordered);

#endif
