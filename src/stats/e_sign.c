/*
 * E_sign: evidence from signs alone, that more than half of a distribution lies above 0.
 *
 * E = 2^(n+1) · k!(n−k)!/(n+1)! · P(Bin(n+1, ½) ≤ k) is the likelihood ratio of k positives among
 * n, averaged over every chance of a positive from ½ to 1, against a chance of ½: a martingale when
 * the chance is ½, and smaller on average when it is less. Assumes nothing else; no symmetry.
 */
#include <math.h>

#include "perfwarden/stats.h"

double pw_stats_e_sign(size_t positives, size_t n)
{
    /*
     * 2^(n+1) cancels, which leaves Σ_{j≤k} C(n+1, j) / ((n+1) C(n, k)). The term j = k is
     * 1/(n+1−k), and C(n+1, j−1) / C(n+1, j) = j/(n+2−j).
     */
    double term;
    double sum;

    if (positives > n) {
        return NAN;
    }
    term = 1.0 / (double)(n + 1 - positives);
    sum = term;
    for (size_t j = positives; j > 0; j--) {
        term *= (double)j / (double)(n + 2 - j);
        sum += term;
    }
    return sum;
}
