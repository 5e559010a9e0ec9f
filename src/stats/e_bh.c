/*
 * e-BH: which of many hypotheses are rejected while the expected share of wrong rejections stays
 * below a bound.
 *
 * Assumes e-values (expectation at most 1 where the hypothesis is true), dependent in any way. Wang
 * and Ramdas, "False discovery rate control with e-values", JRSS B 84 (2022). Refuses nothing but a
 * rate outside (0, 1) and values that are not e-values.
 */
#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "perfwarden/stats.h"
#include "select.h"

/* The smallest e-value that is kept: the largest k with e_(k) ≥ n/(k·fdr) tells. */
static double cut(const double *ascending, size_t n, double fdr)
{
    for (size_t k = n; k > 0; k--) {
        const double least = (double)n / ((double)k * fdr);
        if (ascending[n - k] >= least) {
            return least;
        }
    }
    return NAN;
}

long pw_stats_e_bh(const double *e, size_t n, double fdr, bool *kept, struct pw_error *err)
{
    double *sorted;
    double least;
    long count = 0;

    if (!(fdr > 0.0 && fdr < 1.0)) {
        return pw_error_set(err, PW_EINVAL, "the false discovery rate %g is not between 0 and 1",
                            fdr);
    }
    for (size_t i = 0; i < n; i++) {
        if (!(e[i] >= 0.0)) {
            return pw_error_set(err, PW_EINVAL, "'%g' is not an e-value", e[i]);
        }
    }
    if (n == 0) {
        return 0;
    }
    sorted = n <= (size_t)LONG_MAX ? pw_stats_copy(e, n, err) : NULL;
    if (sorted == NULL) {
        return PW_ENOMEM;
    }
    pw_stats_sort(sorted, n);
    least = cut(sorted, n, fdr);
    free(sorted);
    for (size_t i = 0; i < n; i++) {
        kept[i] = e[i] >= least; /* with NAN none is */
        count += kept[i];
    }
    return count;
}
