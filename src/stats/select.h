/* Selection by rank, and copies to select in: what the robust statistics are made of. */
#ifndef PERFWARDEN_STATS_SELECT_H
#define PERFWARDEN_STATS_SELECT_H

#include <stddef.h>

#include "perfwarden/util/error.h"

/** A copy to be freed with free(). @param n > 0 @return NULL with PW_ENOMEM set */
double *pw_stats_copy(const double *values, size_t n, struct pw_error *err) PW_MUST_CHECK;

/** Sort ascending. @param values finite */
void pw_stats_sort(double *values, size_t n);

/**
 * Rearrange so that values[k] is the one a sorted array would have there, no larger ones before it
 * and no smaller ones behind it.
 *
 * @param k below n
 * @return values[k]
 */
double pw_stats_select(double *values, size_t n, size_t k);

/** The median of values that may be rearranged; the mean of the middle two for even n. @param n > 0
 */
double pw_stats_median_in_place(double *values, size_t n);

/** The middle of two finite numbers, without overflow. */
double pw_stats_midpoint(double a, double b);

#endif
