/*
 * How far one sample lies from another: the Hodges-Lehmann estimate and its interval.
 *
 * Assumes independent values and distributions that differ by a shift. Refuses empty samples,
 * values that are not finite, and an alpha outside (0, 0.5). With ties the interval of the untied
 * distribution is used, which is the wider.
 *
 * The n·m differences are never stored. With both samples sorted, those not above a bound are
 * counted in one pass, and the wanted order statistic is found by bisection over the doubles
 * themselves, which ends at the very difference in at most 64 passes.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "ordered.h"
#include "perfwarden/stats.h"
#include "rank_sum.h"
#include "select.h"

/** Up to this much work the exact distribution of U is counted. */
#define EXACT_WORK 4e6
/** Largest size of a sample, so that the number of differences fits 64 bits. */
#define MAX_COUNT ((size_t)1 << 31)

/** Both samples, sorted. */
struct samples {
    double *a;
    size_t n;
    double *b;
    size_t m;
};

/* How many b_j − a_i are at most `bound`: as b_j grows, fewer small a_i suffice. */
static uint64_t count_up_to(const struct samples *samples, double bound)
{
    uint64_t count = 0;
    size_t first = 0; /* the smallest i with b_j − a_i ≤ bound */

    for (size_t j = 0; j < samples->m; j++) {
        while (first < samples->n && samples->b[j] - samples->a[first] > bound) {
            first++;
        }
        count += samples->n - first;
    }
    return count;
}

/* The difference of rank k, from 1, among all n·m. */
static double difference_of_rank(const struct samples *samples, uint64_t k)
{
    uint64_t low = pw_stats_to_ordered(samples->b[0] - samples->a[samples->n - 1]);
    uint64_t high = pw_stats_to_ordered(samples->b[samples->m - 1] - samples->a[0]);

    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (count_up_to(samples, pw_stats_from_ordered(middle)) >= k) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return pw_stats_from_ordered(low) + 0.0; /* −0 becomes 0 */
}

/* The largest c with P(U ≤ c − 1) ≤ alpha: that many differences may lie outside on each side. */
static int critical_rank(size_t n, size_t m, double alpha, uint64_t *out, struct pw_error *err)
{
    const double product = (double)n * (double)m;
    const size_t smaller = n < m ? n : m;
    double *below = NULL;
    size_t count;
    size_t c = 0;
    int status;

    if (product * (double)smaller > EXACT_WORK) {
        const double sigma = sqrt(product * ((double)n + (double)m + 1.0) / 12.0);
        const double rank = floor(product / 2.0 + 0.5 + sigma * pw_stats_normal_quantile(alpha));
        *out = rank > 0.0 ? (uint64_t)rank : 0;
        return 0;
    }
    status = pw_stats_u_distribution(smaller, n < m ? m : n, &below, &count, err);
    if (status != 0) {
        return status;
    }
    while (c < count && below[c] <= alpha) {
        c++;
    }
    free(below);
    *out = c;
    return 0;
}

static int check_arguments(const double *a, size_t n, const double *b, size_t m, double alpha,
                           struct pw_error *err)
{
    if (n == 0 || m == 0) {
        return pw_error_set(err, PW_EINVAL, "a sample is empty");
    }
    if (n > MAX_COUNT || m > MAX_COUNT) {
        return pw_error_set(err, PW_EINVAL, "a sample has too many values to be compared");
    }
    if (!(alpha > 0.0 && alpha < 0.5)) {
        return pw_error_set(err, PW_EINVAL, "alpha %g is not between 0 and 0.5", alpha);
    }
    for (size_t i = 0; i < n + m; i++) {
        if (!isfinite(i < n ? a[i] : b[i - n])) {
            return pw_error_set(err, PW_EINVAL, "a sample has a value that is not finite");
        }
    }
    return 0;
}

int pw_stats_shift(const double *a, size_t a_count, const double *b, size_t b_count, double alpha,
                   struct pw_shift *out, struct pw_error *err)
{
    struct samples samples = {NULL, a_count, NULL, b_count};
    const uint64_t all = (uint64_t)a_count * (uint64_t)b_count;
    uint64_t outside;
    int status = check_arguments(a, a_count, b, b_count, alpha, err);

    if (status != 0) {
        return status;
    }
    samples.a = pw_stats_copy(a, a_count, err);
    samples.b = samples.a != NULL ? pw_stats_copy(b, b_count, err) : NULL;
    if (samples.b == NULL) {
        status = PW_ENOMEM;
        goto out;
    }
    pw_stats_sort(samples.a, a_count);
    pw_stats_sort(samples.b, b_count);
    status = critical_rank(a_count, b_count, alpha, &outside, err);
    if (status != 0) {
        goto out;
    }
    out->estimate = pw_stats_midpoint(difference_of_rank(&samples, (all + 1) / 2),
                                      difference_of_rank(&samples, all / 2 + 1));
    out->interval.low = outside > 0 ? difference_of_rank(&samples, outside) : -INFINITY;
    out->interval.high = outside > 0 ? difference_of_rank(&samples, all + 1 - outside) : INFINITY;
out:
    free(samples.a);
    free(samples.b);
    return status;
}
