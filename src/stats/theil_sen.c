/*
 * A trend that a few wild values cannot move: the median of the slopes of all pairs of points.
 *
 * Assumes independent errors of one distribution around a line. Theil (1950), Sen (1968). Refuses
 * fewer than two points, values that are not finite, equal x, and more points than their slopes
 * should take memory for.
 *
 * The interval inverts Kendall's test that y − slope · x is unrelated to x: exact for up to
 * EXACT_LIMIT points with different x, else by its normal approximation. With ties among the y the
 * untied distribution is used, which is the wider.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "perfwarden/stats.h"
#include "select.h"

#define EXACT_LIMIT 50
/** 12.5 million slopes, 100 MB. */
#define MAX_POINTS 5000

static int check_arguments(const double *x, const double *y, size_t n, double alpha,
                           struct pw_error *err)
{
    if (n < 2) {
        return pw_error_set(err, PW_EINVAL, "a slope needs at least two points");
    }
    if (n > MAX_POINTS) {
        return pw_error_set(err, PW_EINVAL, "more than %d points; take the newest of them",
                            MAX_POINTS);
    }
    if (!(alpha > 0.0 && alpha < 0.5)) {
        return pw_error_set(err, PW_EINVAL, "alpha %g is not between 0 and 0.5", alpha);
    }
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i]) || !isfinite(y[i])) {
            return pw_error_set(err, PW_EINVAL, "a point is not finite");
        }
    }
    return 0;
}

/* Each difference is halved against overflow: the quotient is the same. */
static size_t collect_slopes(const double *x, const double *y, size_t n, double *slopes)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        for (size_t j = i + 1; j < n; j++) {
            const double run = x[j] / 2.0 - x[i] / 2.0;
            if (run != 0.0) {
                slopes[count++] = (y[j] / 2.0 - y[i] / 2.0) / run;
            }
        }
    }
    return count;
}

/*
 * The largest c with P(K ≤ c − 1) ≤ alpha, K the number of inversions of a random permutation: with
 * the i-th value placed, 0 … i − 1 inversions are added, each as likely.
 */
static int exact_critical_rank(size_t n, double alpha, size_t *out, struct pw_error *err)
{
    const size_t length = n * (n - 1) / 2 + 1;
    double *chances = calloc(length, sizeof *chances);
    double below = 0.0;
    size_t c = 0;

    if (chances == NULL) {
        return pw_error_set_no_memory(err);
    }
    chances[0] = 1.0;
    for (size_t i = 2; i <= n; i++) {
        for (size_t k = 1; k < length; k++) {
            chances[k] += chances[k - 1];
        }
        for (size_t k = length - 1; k >= i; k--) { /* downward: lower ones are still the sums */
            chances[k] -= chances[k - i];
        }
        for (size_t k = 0; k < length; k++) {
            chances[k] /= (double)i;
        }
    }
    while (c < length && below + chances[c] <= alpha) {
        below += chances[c];
        c++;
    }
    free(chances);
    *out = c;
    return 0;
}

/* The same by the variance of Kendall's S with ties among the x. */
static int normal_critical_rank(const double *x, size_t n, size_t slopes, double alpha, size_t *out,
                                struct pw_error *err)
{
    const double count = (double)n;
    double variance = count * (count - 1.0) * (2.0 * count + 5.0);
    double *sorted = pw_stats_copy(x, n, err);
    double rank;
    size_t end;

    if (sorted == NULL) {
        return PW_ENOMEM;
    }
    pw_stats_sort(sorted, n);
    for (size_t start = 0; start < n; start = end) {
        double ties;
        for (end = start + 1; end < n && sorted[end] == sorted[start]; end++) {
        }
        ties = (double)(end - start);
        variance -= ties * (ties - 1.0) * (2.0 * ties + 5.0);
    }
    free(sorted);
    rank = floor(((double)slopes + pw_stats_normal_quantile(alpha) * sqrt(variance / 18.0)) / 2.0);
    *out = rank > 0.0 ? (size_t)rank : 0;
    return 0;
}

static struct pw_shift summarise(double *slopes, size_t count, size_t outside)
{
    struct pw_shift found;

    found.interval.low = outside > 0 ? pw_stats_select(slopes, count, outside - 1) : -INFINITY;
    found.interval.high = outside > 0 ? pw_stats_select(slopes, count, count - outside) : INFINITY;
    found.estimate = pw_stats_median_in_place(slopes, count);
    return found;
}

int pw_stats_theil_sen(const double *x, const double *y, size_t n, double alpha,
                       struct pw_shift *out, struct pw_error *err)
{
    double *slopes = NULL;
    size_t count;
    size_t outside = 0;
    int status = check_arguments(x, y, n, alpha, err);

    if (status != 0) {
        return status;
    }
    slopes = calloc(n * (n - 1) / 2, sizeof *slopes);
    if (slopes == NULL) {
        return pw_error_set_no_memory(err);
    }
    count = collect_slopes(x, y, n, slopes);
    if (count == 0) {
        status = pw_error_set(err, PW_EINVAL, "all points have the same x");
        goto out;
    }
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(slopes[i])) {
            status = pw_error_set(err, PW_EINVAL, "a slope is not finite");
            goto out;
        }
    }
    status = n <= EXACT_LIMIT && count == n * (n - 1) / 2
                 ? exact_critical_rank(n, alpha, &outside, err)
                 : normal_critical_rank(x, n, count, alpha, &outside, err);
    if (status == 0) {
        *out = summarise(slopes, count, outside);
    }
out:
    free(slopes);
    return status;
}
