/*
 * Mann-Whitney U test of two independent samples.
 *
 * Assumes that values are independent within and between the samples and that under the hypothesis
 * both come from one distribution, of whatever shape. Refuses empty samples and values that are not
 * finite. Mann and Whitney (1947); ties by midranks, exactly, as in Klotz (1966).
 *
 * The two-sided p-value is twice the smaller tail. For ties and unequal sizes the distribution of U
 * is not symmetric, so each tail is counted, not mirrored.
 */
#include "mann_whitney.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "perfwarden/stats.h"
#include "rank_sum.h"

/** Largest sizes of a sample for the exact distribution. */
#define EXACT_LIMIT      50
#define EXACT_TIES_LIMIT 25

/** A value of either sample. */
struct labelled {
    double value;
    bool is_first;
};

/** Both samples, ranked. */
struct ranking {
    struct labelled *values;
    uint32_t *doubled; /**< twice the midrank of each value, ascending */
    size_t count;
    double first_doubled_sum;
    double tie_sum; /**< Σ (t³ − t) */
};

static int compare_labelled(const void *left, const void *right)
{
    const struct labelled *a = left;
    const struct labelled *b = right;

    return (a->value > b->value) - (a->value < b->value);
}

static bool are_finite(const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(values[i])) {
            return false;
        }
    }
    return true;
}

static void ranking_release(struct ranking *ranking)
{
    free(ranking->values);
    free(ranking->doubled);
}

/* Give each group of equal values the mean of its ranks, doubled to stay whole. */
static void assign_midranks(struct ranking *ranking)
{
    size_t end;

    for (size_t start = 0; start < ranking->count; start = end) {
        double ties;

        end = start + 1;
        while (end < ranking->count && ranking->values[end].value == ranking->values[start].value) {
            end++;
        }
        for (size_t i = start; i < end; i++) {
            ranking->doubled[i] = (uint32_t)(start + 1 + end);
            if (ranking->values[i].is_first) {
                ranking->first_doubled_sum += (double)(start + 1 + end);
            }
        }
        ties = (double)(end - start);
        ranking->tie_sum += ties * (ties * ties - 1.0);
    }
}

static int ranking_make(const double *a, size_t n, const double *b, size_t m,
                        struct ranking *ranking, struct pw_error *err)
{
    if (n > UINT32_MAX / 4 || m > UINT32_MAX / 4) {
        return pw_error_set(err, PW_EINVAL, "a sample has too many values to be ranked");
    }
    ranking->count = n + m;
    ranking->values = calloc(ranking->count, sizeof *ranking->values);
    ranking->doubled = calloc(ranking->count, sizeof *ranking->doubled);
    if (ranking->values == NULL || ranking->doubled == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < ranking->count; i++) {
        ranking->values[i].is_first = i < n;
        ranking->values[i].value = i < n ? a[i] : b[i - n];
    }
    qsort(ranking->values, ranking->count, sizeof *ranking->values, compare_labelled);
    assign_midranks(ranking);
    return 0;
}

double pw_stats_mann_whitney_normal(double u, size_t n, size_t m, double tie_sum)
{
    const double product = (double)n * (double)m;
    const double total = (double)n + (double)m;
    const double ties = tie_sum / (total * (total - 1.0));
    const double variance = product * (total + 1.0 - ties) / 12.0;
    const double distance = fabs(u - product / 2.0) - 0.5;

    if (variance <= 0.0 || distance <= 0.0) {
        return 1.0;
    }
    return fmin(1.0, 2.0 * pw_stats_normal_cdf(-distance / sqrt(variance)));
}

static int exact_p_value(const struct ranking *ranking, double u, size_t n, size_t m, double *out,
                         struct pw_error *err)
{
    struct pw_stats_tails tails;
    double *below = NULL;
    size_t count;
    int status;

    if (ranking->tie_sum > 0.0) {
        status = pw_stats_score_sum_tails(ranking->doubled, ranking->count, n,
                                          (size_t)ranking->first_doubled_sum, &tails, err);
        if (status == 0) {
            *out = fmin(1.0, 2.0 * fmin(tails.lower, tails.upper));
        }
        return status;
    }
    status = pw_stats_u_distribution(n, m, &below, &count, err);
    if (status == 0) {
        *out = fmin(1.0, 2.0 * below[(size_t)fmin(u, (double)(n * m) - u)]);
    }
    free(below);
    return status;
}

int pw_stats_mann_whitney(const double *a, size_t a_count, const double *b, size_t b_count,
                          struct pw_mann_whitney *out, struct pw_error *err)
{
    struct ranking ranking = {NULL, NULL, 0, 0.0, 0.0};
    struct pw_mann_whitney found;
    size_t limit;
    int status;

    if (a_count == 0 || b_count == 0) {
        return pw_error_set(err, PW_EINVAL, "a sample is empty");
    }
    if (!are_finite(a, a_count) || !are_finite(b, b_count)) {
        return pw_error_set(err, PW_EINVAL, "a sample has a value that is not finite");
    }
    status = ranking_make(a, a_count, b, b_count, &ranking, err);
    if (status != 0) {
        goto out;
    }
    found.u = (ranking.first_doubled_sum - (double)a_count * ((double)a_count + 1.0)) / 2.0;
    found.has_ties = ranking.tie_sum > 0.0;
    limit = found.has_ties ? EXACT_TIES_LIMIT : EXACT_LIMIT;
    found.is_exact = a_count <= limit && b_count <= limit;
    if (found.is_exact) {
        status = exact_p_value(&ranking, found.u, a_count, b_count, &found.p_value, err);
    } else {
        found.p_value = pw_stats_mann_whitney_normal(found.u, a_count, b_count, ranking.tie_sum);
    }
    if (status == 0) {
        *out = found;
    }
out:
    ranking_release(&ranking);
    return status;
}
