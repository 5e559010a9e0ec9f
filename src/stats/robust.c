/*
 * Location and spread that a few wild values cannot move: median and median absolute deviation.
 *
 * Assumes finite values, in any order. Refuses nothing; an empty sample has no median (NAN).
 */
#include <math.h>
#include <stdlib.h>

#include "perfwarden/stats.h"
#include "select.h"

double pw_stats_median(const double *values, size_t n, struct pw_error *err)
{
    double *copy;
    double median;

    if (n == 0) {
        return NAN;
    }
    copy = pw_stats_copy(values, n, err);
    if (copy == NULL) {
        return NAN;
    }
    median = pw_stats_median_in_place(copy, n);
    free(copy);
    return median;
}

double pw_stats_mad_sigma(const double *values, size_t n, struct pw_error *err)
{
    double *copy;
    double median;
    double deviation;

    if (n == 0) {
        return NAN;
    }
    copy = pw_stats_copy(values, n, err);
    if (copy == NULL) {
        return NAN;
    }
    median = pw_stats_median_in_place(copy, n);
    for (size_t i = 0; i < n; i++) {
        copy[i] = fabs(copy[i] - median);
    }
    deviation = pw_stats_median_in_place(copy, n);
    free(copy);
    return PW_MAD_TO_SIGMA * deviation;
}
