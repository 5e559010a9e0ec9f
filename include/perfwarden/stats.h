/*
 * Statistics: pure functions, doubles in, structs out, no I/O, nothing about benchmarks.
 * Each states its assumption and source. Inputs are borrowed and never changed.
 */
#ifndef PERFWARDEN_STATS_H
#define PERFWARDEN_STATS_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/util/error.h"

/** Makes the median absolute deviation of a normal sample estimate its standard deviation:
 * 1/Φ⁻¹(3/4). */
#define PW_MAD_TO_SIGMA 1.4826

/** An interval; an end that the data cannot bound is an infinity. */
struct pw_interval {
    double low;
    double high;
};

/** Median; the mean of the middle two for even n. NAN for n = 0. @param values finite */
double pw_stats_median(const double *values, size_t n, struct pw_error *err);

/** 1.4826 · median |x − median(x)|; 0 for n = 1, NAN for n = 0. */
double pw_stats_mad_sigma(const double *values, size_t n, struct pw_error *err);

/** Quantile of the standard normal distribution. @param p in (0, 1) @return ±INFINITY at 0 and 1 */
double pw_stats_normal_quantile(double p);
/** Distribution function of the standard normal distribution. */
double pw_stats_normal_cdf(double z);
/** Quantile of Student's t. @param p in (0, 1) @param degrees > 0 */
double pw_stats_t_quantile(double p, double degrees);

/** What the Mann-Whitney U test found. */
struct pw_mann_whitney {
    double u;       /**< U of the first sample: pairs (i, j) with a_i > b_j, ties counted half */
    double p_value; /**< two-sided */
    bool is_exact;  /**< from the exact distribution, not from the normal approximation */
    bool has_ties;
};

/**
 * Mann-Whitney U test of two independent samples.
 *
 * Exact up to 50 values a side without ties and 25 with ties; else normal with tie and continuity
 * correction. All values equal gives p = 1.
 *
 * @return 0; PW_EINVAL for an empty sample or a value that is not finite; PW_ENOMEM
 */
int pw_stats_mann_whitney(const double *a, size_t a_count, const double *b, size_t b_count,
                          struct pw_mann_whitney *out, struct pw_error *err) PW_MUST_CHECK;

/** A location difference with its interval. */
struct pw_shift {
    double estimate;             /**< Hodges-Lehmann: median of all b_j − a_i */
    struct pw_interval interval; /**< each end is exceeded with probability ≤ alpha */
};

/**
 * Hodges-Lehmann estimate of the shift from a to b, with the interval that inverts the Mann-Whitney
 * test.
 *
 * @param alpha  one-sided error of each end, in (0, 0.5); an end that the sample sizes cannot give
 * at this level is an infinity
 * @return 0; PW_EINVAL; PW_ENOMEM
 */
int pw_stats_shift(const double *a, size_t a_count, const double *b, size_t b_count, double alpha,
                   struct pw_shift *out, struct pw_error *err) PW_MUST_CHECK;

/**
 * L1-Potts segmentation by dynamic programming: minimise gamma · (number of jumps) + Σ |y − segment
 * median|.
 *
 * @param n              1 … 500
 * @param gamma          > 0, in the unit of the values
 * @param[out] starts    room for n; receives the index of each segment's first value, ascending,
 * starts[0] = 0
 * @param[out] segments  how many
 * @return 0; PW_EINVAL; PW_ENOMEM
 *
 * Source: Storath, Weinmann, Unser, "Jump-penalized least absolute values estimation of scalar or
 * circle-valued signals" (2017); the quadratic form with a median per segment.
 */
int pw_stats_potts_l1(const double *values, size_t n, double gamma, size_t *starts,
                      size_t *segments, struct pw_error *err) PW_MUST_CHECK;

/* ---- Sequential tests of pairs (STATISTICS.md, "Paired verdict") ---- */

/**
 * An e-process against the hypothesis that differences lie at or below 0: it may be looked at after
 * each of them, and stopped whenever one likes.
 *
 * When each difference is symmetric about 0 (or unimodal about something below), the chance that
 * the value ever reaches 1/a is at most a (Ville's inequality). Zero-initialised is empty.
 */
struct pw_e_process {
    double *magnitudes; /**< |x| of all so far, ascending; owned */
    size_t count;
    size_t capacity;
    double log_wealth[3]; /**< of each bet */
    double value;         /**< E now; 0, as after no bet at all, before the first difference */
    double largest;       /**< the largest E so far */
    /**
     * What is enough, 0 for no bound: until E has reached it, no more is staked than a win needs to
     * do so exactly, and less is lost where it is not won (E stays fair). May be set at any time.
     */
    double level;
};

/** Take the next difference. @param x finite @return 0; PW_EINVAL; PW_ENOMEM, then unchanged */
int pw_e_process_add(struct pw_e_process *process, double x, struct pw_error *err) PW_MUST_CHECK;
void pw_e_process_release(struct pw_e_process *process);

/** The fewest differences by which E can reach a level, all of one sign and the first no larger
 * than its own median. @param level finite */
size_t pw_e_process_least(double level);

/** E_sign: 2^(n+1)·k!(n−k)!/(n+1)! · P(Bin(n+1,½) ≤ k). @param positives k, at most n */
double pw_stats_e_sign(size_t positives, size_t n);

/**
 * e-BH: which hypotheses are rejected at a false discovery rate, under any dependence.
 *
 * @param e          ≥ 0 each, infinity allowed
 * @param fdr        in (0, 1)
 * @param[out] kept  room for n
 * @return how many are; PW_EINVAL for a value that is negative or NaN and for another fdr;
 * PW_ENOMEM
 *
 * Source: Wang and Ramdas, "False discovery rate control with e-values" (2022).
 */
long pw_stats_e_bh(const double *e, size_t n, double fdr, bool *kept, struct pw_error *err);

/**
 * The anytime-valid interval: every θ for which neither the e-process of x − θ nor that of θ − x
 * ever reached 1/alpha. An end that the data cannot bound is an infinity.
 *
 * @param x      in order of arrival
 * @param alpha  of each end, in (0, 1)
 * @return 0; PW_EINVAL for n = 0 and values that are not finite; PW_ENOMEM
 */
int pw_stats_anytime_interval(const double *x, size_t n, double alpha, struct pw_interval *out,
                              struct pw_error *err) PW_MUST_CHECK;

/**
 * Hodges-Lehmann estimate of one sample's centre: the median of the Walsh averages (x_i + x_j)/2,
 * i ≤ j. O(n log n).
 *
 * @return NAN for n = 0, and with err set for values that are not finite and when out of memory
 */
double pw_stats_hodges_lehmann(const double *x, size_t n, struct pw_error *err);

/**
 * Theil-Sen slope of y over x: the median of all slopes, and its interval by Kendall's statistic.
 * O(n²) time and memory.
 *
 * @param n      2 … 5000
 * @param alpha  one-sided error of each end, in (0, 0.5)
 * @return 0; PW_EINVAL, also when all x are equal and for values that are not finite; PW_ENOMEM
 */
int pw_stats_theil_sen(const double *x, const double *y, size_t n, double alpha,
                       struct pw_shift *out, struct pw_error *err) PW_MUST_CHECK;

/** Spearman's rank correlation with its two-sided p-value. */
struct pw_spearman {
    double rho;     /**< in [−1, 1]; 0 when a side is constant */
    double p_value; /**< exact for small n without ties, else by Student's t */
};
/** @return 0; PW_EINVAL for n < 3; PW_ENOMEM */
int pw_stats_spearman(const double *x, const double *y, size_t n, struct pw_spearman *out,
                      struct pw_error *err) PW_MUST_CHECK;

#endif
