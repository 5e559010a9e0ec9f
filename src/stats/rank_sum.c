/*
 * Exact distributions of rank sums by counting.
 *
 * Without ties the number of ways to reach U = u is a coefficient of the Gaussian binomial
 * Π_{i=1..n} (1 − x^{m+i}) / (1 − x^i); with ties every subset is counted. Counts are doubles: they
 * pass 2^53 soon, and a relative error near 1e-14 is far below what a p-value needs.
 */
#include "rank_sum.h"

#include <stdlib.h>

/* Multiply by (1 − x^{m+i}), then divide by (1 − x^i), keeping the powers below `length`. */
static void multiply_factor(double *counts, size_t length, size_t m, size_t i)
{
    for (size_t u = length; u-- > m + i;) {
        counts[u] -= counts[u - m - i];
    }
    for (size_t u = i; u < length; u++) {
        counts[u] += counts[u - i];
    }
}

int pw_stats_u_distribution(size_t n, size_t m, double **below, size_t *count, struct pw_error *err)
{
    const size_t length = n * m / 2 + 1;
    double *counts = calloc(length, sizeof *counts);
    double ways = 1.0;
    double sum = 0.0;

    if (counts == NULL) {
        return pw_error_set_no_memory(err);
    }
    /*
     * Coefficients rise up to the middle (Sylvester), and each depends on lower powers only: in the
     * lower half the subtraction never loses what it would in the upper one.
     */
    counts[0] = 1.0;
    for (size_t i = 1; i <= n; i++) {
        multiply_factor(counts, length, m, i);
        ways *= (double)(m + i) / (double)i;
    }
    for (size_t u = 0; u < length; u++) {
        sum += counts[u];
        counts[u] = sum / ways;
    }
    *below = counts;
    *count = length;
    return 0;
}

/* The largest sum that n of the scores can make, found by taking the n largest. */
static size_t largest_sum(const uint32_t *scores, size_t total, size_t n)
{
    size_t sum = 0;

    /* Scores are midranks of sorted values, so they ascend. */
    for (size_t i = total - n; i < total; i++) {
        sum += scores[i];
    }
    return sum;
}

/* ways[k · width + s] counts the subsets of k scores with sum s, one more score at a time. */
static void count_subsets(const uint32_t *scores, size_t total, size_t n, double *ways,
                          size_t width)
{
    ways[0] = 1.0;
    for (size_t i = 0; i < total; i++) {
        const size_t score = scores[i];
        for (size_t k = i < n ? i + 1 : n; k > 0; k--) {
            const double *from = ways + (k - 1) * width;
            double *to = ways + k * width;
            for (size_t s = score; s < width; s++) {
                to[s] += from[s - score];
            }
        }
    }
}

int pw_stats_score_sum_tails(const uint32_t *scores, size_t total, size_t n, size_t observed,
                             struct pw_stats_tails *out, struct pw_error *err)
{
    const size_t width = largest_sum(scores, total, n) + 1;
    double *ways = calloc((n + 1) * width, sizeof *ways);
    const double *sums;
    double below = 0.0;
    double above = 0.0;

    if (ways == NULL) {
        return pw_error_set_no_memory(err);
    }
    count_subsets(scores, total, n, ways, width);
    sums = ways + n * width;
    for (size_t s = 0; s < width; s++) {
        *(s < observed ? &below : &above) += sums[s];
    }
    if (observed < width) {
        const double all = below + above;
        out->lower = (below + sums[observed]) / all;
        out->upper = above / all;
    } else {
        out->lower = 1.0;
        out->upper = 0.0;
    }
    free(ways);
    return 0;
}
