/*
 * The centre of one sample: the median of its Walsh averages (x_i + x_j)/2, i ≤ j.
 *
 * Assumes a symmetric distribution, of whatever shape. Hodges and Lehmann (1963). Refuses values
 * that are not finite.
 *
 * The n(n+1)/2 averages are never stored: with the sample sorted, those not above a bound are
 * counted in one pass, and the wanted one is found by bisection over the doubles themselves.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "ordered.h"
#include "perfwarden/stats.h"
#include "select.h"

/** So that the number of averages fits 64 bits. */
#define MAX_COUNT ((size_t)1 << 31)

/* Halved first: a sum could overflow. */
static double walsh(double a, double b)
{
    return a / 2.0 + b / 2.0;
}

/* How many averages are at most `bound`: as x_i grows, fewer large x_j suffice. */
static uint64_t count_up_to(const double *sorted, size_t n, double bound)
{
    uint64_t count = 0;
    size_t end = n; /* x_i with any of [i, end) is not above the bound */

    for (size_t i = 0; i < n; i++) {
        while (end > i && walsh(sorted[i], sorted[end - 1]) > bound) {
            end--;
        }
        if (end <= i) {
            break;
        }
        count += end - i;
    }
    return count;
}

/* The average of rank k, from 1. */
static double average_of_rank(const double *sorted, size_t n, uint64_t k)
{
    uint64_t low = pw_stats_to_ordered(sorted[0]);
    uint64_t high = pw_stats_to_ordered(sorted[n - 1]);

    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (count_up_to(sorted, n, pw_stats_from_ordered(middle)) >= k) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return pw_stats_from_ordered(low) + 0.0; /* −0 becomes 0 */
}

/* The average of rank k + 1, given that of rank k: the same one or the smallest that is larger. */
static double next_average(const double *sorted, size_t n, uint64_t k, double average)
{
    double least = INFINITY;
    size_t end = n;

    if (count_up_to(sorted, n, average) > k) {
        return average;
    }
    for (size_t i = 0; i < n; i++) {
        while (end > i && walsh(sorted[i], sorted[end - 1]) > average) {
            end--;
        }
        if (end < n && i <= end) {
            least = fmin(least, walsh(sorted[i], sorted[end]));
        } else if (i < n && end < i) {
            least = fmin(least, sorted[i]);
        }
    }
    return least;
}

double pw_stats_hodges_lehmann(const double *x, size_t n, struct pw_error *err)
{
    const uint64_t all = n <= MAX_COUNT ? (uint64_t)n * ((uint64_t)n + 1) / 2 : 0;
    double *sorted;
    double centre;

    if (n == 0) {
        return NAN;
    }
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i])) {
            pw_error_set(err, PW_EINVAL, "the value '%g' is not finite", x[i]);
            return NAN;
        }
    }
    sorted = all > 0 ? pw_stats_copy(x, n, err) : NULL;
    if (sorted == NULL) {
        pw_error_set_no_memory(err);
        return NAN;
    }
    pw_stats_sort(sorted, n);
    centre = average_of_rank(sorted, n, (all + 1) / 2);
    if (all % 2 == 0) {
        centre = pw_stats_midpoint(centre, next_average(sorted, n, all / 2, centre));
    }
    free(sorted);
    return centre;
}
