/*
 * Spearman's rank correlation: whether one quantity rises with another, in any shape.
 *
 * Assumes independent points. Spearman (1904); ties by midranks. Refuses fewer than three points
 * and values that are not finite.
 *
 * Without ties and up to EXACT_LIMIT points the p-value counts permutations; else it is that of
 * t = ρ √((n − 2)/(1 − ρ²)) with n − 2 degrees of freedom (Kendall and Stuart).
 */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "perfwarden/stats.h"
#include "student.h"

#define EXACT_LIMIT 10

/** A value and where it stood. */
struct placed {
    double value;
    size_t index;
};

static int compare_placed(const void *left, const void *right)
{
    const struct placed *a = left;
    const struct placed *b = right;

    return (a->value > b->value) - (a->value < b->value);
}

/* Midranks, from 1, and whether any are shared. */
static int rank(const double *values, size_t n, double *ranks, bool *has_ties, struct pw_error *err)
{
    struct placed *placed = calloc(n, sizeof *placed);
    size_t end;

    if (placed == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < n; i++) {
        placed[i].value = values[i];
        placed[i].index = i;
    }
    qsort(placed, n, sizeof *placed, compare_placed);
    for (size_t start = 0; start < n; start = end) {
        end = start + 1;
        while (end < n && placed[end].value == placed[start].value) {
            end++;
        }
        *has_ties = *has_ties || end > start + 1;
        for (size_t i = start; i < end; i++) {
            ranks[placed[i].index] = ((double)start + 1.0 + (double)end) / 2.0;
        }
    }
    free(placed);
    return 0;
}

/* Pearson's correlation of the ranks; 0 when a side is constant. */
static double correlate(const double *a, const double *b, size_t n)
{
    const double mean = ((double)n + 1.0) / 2.0;
    double ab = 0.0;
    double aa = 0.0;
    double bb = 0.0;

    for (size_t i = 0; i < n; i++) {
        ab += (a[i] - mean) * (b[i] - mean);
        aa += (a[i] - mean) * (a[i] - mean);
        bb += (b[i] - mean) * (b[i] - mean);
    }
    return aa > 0.0 && bb > 0.0 ? fmax(-1.0, fmin(1.0, ab / sqrt(aa) / sqrt(bb))) : 0.0;
}

/* Give the next position each rank that `used` leaves; its squared distance adds to the sum. */
static void place_next(double *ways, size_t n, size_t width, size_t used)
{
    const double *from = ways + used * width;
    size_t position = 0;

    for (size_t rest = used; rest > 0; rest &= rest - 1) {
        position++;
    }
    for (size_t r = 0; r < n; r++) {
        const size_t distance = r > position ? r - position : position - r;
        double *to = ways + (used | (size_t)1 << r) * width;
        if (used >> r & 1) {
            continue;
        }
        for (size_t sum = 0; sum + distance * distance < width; sum++) {
            to[sum + distance * distance] += from[sum];
        }
    }
}

/* Two-sided: permutations whose Σ d² lies as far from its centre, n(n² − 1)/6, as the one seen. */
static int exact_p_value(const double *a, const double *b, size_t n, double *out,
                         struct pw_error *err)
{
    const size_t largest = n * (n * n - 1) / 3;
    const size_t width = largest + 1;
    const size_t sets = (size_t)1 << n;
    double *ways = calloc(sets * width, sizeof *ways);
    double observed = 0.0;
    double extreme = 0.0;
    double all = 0.0;

    if (ways == NULL) {
        return pw_error_set_no_memory(err);
    }
    ways[0] = 1.0;
    for (size_t used = 0; used + 1 < sets; used++) {
        place_next(ways, n, width, used);
    }
    for (size_t i = 0; i < n; i++) {
        observed += (a[i] - b[i]) * (a[i] - b[i]);
    }
    observed = fabs(observed - (double)largest / 2.0);
    for (size_t sum = 0; sum < width; sum++) {
        const double count = ways[(sets - 1) * width + sum];
        all += count;
        extreme += fabs((double)sum - (double)largest / 2.0) >= observed ? count : 0.0;
    }
    free(ways);
    *out = extreme / all;
    return 0;
}

static double student_p_value(double rho, size_t n)
{
    const double degrees = (double)n - 2.0;

    return fmin(1.0, 2.0 * pw_stats_t_upper_tail(
                               fabs(rho) * sqrt(degrees / ((1.0 - rho) * (1.0 + rho))), degrees));
}

/* Ranks of both sides, one after the other in `ranks`. */
static int correlate_ranked(const double *x, const double *y, size_t n, double *ranks,
                            struct pw_spearman *out, struct pw_error *err)
{
    struct pw_spearman found;
    bool has_ties = false;
    int status = rank(x, n, ranks, &has_ties, err);

    if (status == 0) {
        status = rank(y, n, ranks + n, &has_ties, err);
    }
    if (status != 0) {
        return status;
    }
    found.rho = correlate(ranks, ranks + n, n);
    if (has_ties || n > EXACT_LIMIT) {
        found.p_value = student_p_value(found.rho, n);
    } else {
        status = exact_p_value(ranks, ranks + n, n, &found.p_value, err);
    }
    if (status == 0) {
        *out = found;
    }
    return status;
}

int pw_stats_spearman(const double *x, const double *y, size_t n, struct pw_spearman *out,
                      struct pw_error *err)
{
    double *ranks;
    int status;

    if (n < 3) {
        return pw_error_set(err, PW_EINVAL, "a rank correlation needs at least three points");
    }
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i]) || !isfinite(y[i])) {
            return pw_error_set(err, PW_EINVAL, "a point is not finite");
        }
    }
    ranks = n <= SIZE_MAX / 2 / sizeof *ranks ? calloc(2 * n, sizeof *ranks) : NULL;
    if (ranks == NULL) {
        return pw_error_set_no_memory(err);
    }
    status = correlate_ranked(x, y, n, ranks, out, err);
    free(ranks);
    return status;
}
