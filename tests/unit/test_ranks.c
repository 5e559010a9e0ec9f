/* Hodges-Lehmann, Theil-Sen and Spearman against brute force, enumeration and published values. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/stats/select.h"
#include "perfwarden/stats.h"
#include "stats_random.h"

static void check_near(double actual, double expected, double tolerance)
{
    if (isinf(expected) ? actual != expected
                        : !(fabs(actual - expected) <= tolerance * fmax(1.0, fabs(expected))))
        fail_msg("%.17g is not %.17g", actual, expected);
}

/* All Walsh averages, and their median. */
static double walsh_median(const double *x, size_t n)
{
    double all[60 * 61 / 2];
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        for (size_t j = i; j < n; j++)
            all[count++] = (x[i] + x[j]) / 2;
    }
    return pw_stats_median(all, count, NULL);
}

static void test_hodges_lehmann(void **state)
{
    static const double huge[] = {1.7e308, 1.7e308, 1.6e308};
    uint64_t seed = 31;
    double x[60];

    (void)state;
    for (size_t n = 1; n <= 60; n++) {
        for (int round = 0; round < 6; round++) {
            for (size_t i = 0; i < n; i++) /* rounds of few distinct values among them */
                x[i] = round % 3 == 0 ? floor(uniform(&seed) * 4) - 2 : gaussian(&seed);
            check_near(pw_stats_hodges_lehmann(x, n, NULL), walsh_median(x, n), 1e-15);
        }
    }
    check_near(pw_stats_hodges_lehmann(huge, 3, NULL), 1.675e308, 1e-15);
    assert_true(isnan(pw_stats_hodges_lehmann(x, 0, NULL)));
    x[1] = NAN;
    assert_true(isnan(pw_stats_hodges_lehmann(x, 2, NULL)));
}

/* Hollander, Wolfe and Chicken, "Nonparametric Statistical Methods", example 3.1: depression
 * scores before and after, whose estimate of the change is −0.46. */
static void test_hodges_lehmann_published(void **state)
{
    static const double before[] = {1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};
    static const double after[] = {0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};
    double change[9];

    (void)state;
    for (size_t i = 0; i < 9; i++)
        change[i] = after[i] - before[i];
    check_near(pw_stats_hodges_lehmann(change, 9, NULL), -0.46, 1e-12);
}

static int compare_doubles(const void *left, const void *right)
{
    const double a = *(const double *)left;
    const double b = *(const double *)right;

    return (a > b) - (a < b);
}

/* Every slope sorted; how many inversions a permutation of five has is tabulated: of 120, one has
 * none and four have one, which decides how many slopes lie outside. */
static void test_theil_sen_small(void **state)
{
    static const double x[] = {1, 2, 3, 4, 5};
    static const double y[] = {1.26, 1.27, 1.12, 1.16, 1.03};
    double slopes[10];
    size_t count = 0;
    struct pw_shift line;

    (void)state;
    for (size_t i = 0; i < 5; i++) {
        for (size_t j = i + 1; j < 5; j++)
            slopes[count++] = (y[j] - y[i]) / (x[j] - x[i]);
    }
    qsort(slopes, 10, sizeof *slopes, compare_doubles);
    assert_int_equal(pw_stats_theil_sen(x, y, 5, 0.042, &line, NULL), 0);
    check_near(line.estimate, (slopes[4] + slopes[5]) / 2, 1e-14);
    check_near(line.interval.low, slopes[1], 1e-14);
    check_near(line.interval.high, slopes[8], 1e-14);
    assert_int_equal(pw_stats_theil_sen(x, y, 5, 0.041, &line, NULL), 0);
    check_near(line.interval.low, slopes[0], 1e-14);
    check_near(line.interval.high, slopes[9], 1e-14);
    assert_int_equal(pw_stats_theil_sen(x, y, 5, 0.008, &line, NULL), 0);
    assert_true(line.interval.low == -INFINITY && line.interval.high == INFINITY);
}

/* The interval's promise, and that the exact and the normal ranks agree where they meet. */
static void test_theil_sen_covers(void **state)
{
    static const size_t sizes[] = {12, 50, 51, 80};
    uint64_t seed = 41;
    double width[4] = {0};
    double x[80];
    double y[80];

    (void)state;
    for (size_t s = 0; s < 4; s++) {
        int below = 0;
        int above = 0;
        for (int round = 0; round < 400; round++) {
            struct pw_shift line;
            for (size_t i = 0; i < sizes[s]; i++) {
                x[i] = (double)i;
                y[i] = 0.5 * (double)i + gaussian(&seed);
            }
            assert_int_equal(pw_stats_theil_sen(x, y, sizes[s], 0.05, &line, NULL), 0);
            below += line.interval.high < 0.5;
            above += line.interval.low > 0.5;
            width[s] += line.interval.high - line.interval.low;
        }
        assert_true(below <= 33 && above <= 33); /* 5 % and three standard errors of 400 */
        assert_true(below + above >= 10);
    }
    assert_true(fabs(width[1] / width[2] - 1) < 0.08);
}

static void test_theil_sen_edges(void **state)
{
    static const double x[] = {1, 1, 2, 2, 3, 3, 4, 4};
    static const double y[] = {1, 3, 2, 4, 3, 5, 4, 6};
    static const double same[] = {1, 1, 1};
    static const double bad[] = {1, NAN, 2};
    struct pw_shift line = {42, {42, 42}};

    (void)state;
    assert_int_equal(pw_stats_theil_sen(same, y, 3, 0.05, &line, NULL), PW_EINVAL);
    assert_int_equal(pw_stats_theil_sen(x, y, 1, 0.05, &line, NULL), PW_EINVAL);
    assert_int_equal(pw_stats_theil_sen(x, bad, 3, 0.05, &line, NULL), PW_EINVAL);
    assert_int_equal(pw_stats_theil_sen(x, y, 8, 0.5, &line, NULL), PW_EINVAL);
    assert_int_equal(pw_stats_theil_sen(x, y, 100000, 0.05, &line, NULL), PW_EINVAL);
    check_near(line.estimate, 42, 0);
    assert_int_equal(pw_stats_theil_sen(x, y, 8, 0.05, &line, NULL), 0); /* ties among the x */
    check_near(line.estimate, 1, 1e-14);
    assert_true(line.interval.low < 1 && line.interval.high > 1);
    assert_int_equal(pw_stats_theil_sen(x + 1, same, 2, 0.05, &line, NULL), 0);
    check_near(line.estimate, 0, 0);
}

static double spearman_by_ranks(const double *x, const double *y, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++) {
        double a = 0;
        double b = 0;
        for (size_t j = 0; j < n; j++) {
            a += x[j] < x[i];
            b += y[j] < y[i];
        }
        sum += (a - b) * (a - b);
    }
    return 1 - 6 * sum / ((double)n * ((double)n * (double)n - 1));
}

/* Count the permutations of y that correlate at least as much: by swapping through all of them. */
static void permute(const double *x, double *y, size_t n, size_t from, double rho, int *extreme)
{
    if (from == n) {
        *extreme += fabs(spearman_by_ranks(x, y, n)) >= fabs(rho) - 1e-12;
        return;
    }
    for (size_t i = from; i < n; i++) {
        const double swap = y[from];
        y[from] = y[i];
        y[i] = swap;
        permute(x, y, n, from + 1, rho, extreme);
        y[i] = y[from];
        y[from] = swap;
    }
}

static void test_spearman_by_permuting(void **state)
{
    static const int factorials[] = {1, 1, 2, 6, 24, 120, 720};
    uint64_t seed = 47;

    (void)state;
    for (int round = 0; round < 24; round++) {
        const size_t n = 3 + (size_t)round % 4;
        double x[6];
        double y[6];
        int extreme = 0;
        struct pw_spearman found;
        for (size_t i = 0; i < n; i++) {
            x[i] = gaussian(&seed);
            y[i] = x[i] + gaussian(&seed);
        }
        assert_int_equal(pw_stats_spearman(x, y, n, &found, NULL), 0);
        check_near(found.rho, spearman_by_ranks(x, y, n), 1e-14);
        permute(x, y, n, 0, found.rho, &extreme);
        check_near(found.p_value, (double)extreme / factorials[n], 1e-14);
    }
}

/* The tables of critical values give, two-sided at n = 10, 0.648 for 0.05 and 0.794 for 0.01: that
 * is Σ d² = 58 and 34, and with two more each is no longer significant. */
static void test_spearman_published(void **state)
{
    static const double x[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    static const struct {
        double y[10];
        double squares;
        double level;
        bool is_significant;
    } cases[] = {
        {{6, 4, 3, 2, 5, 1, 7, 8, 9, 10}, 58, 0.05, true},
        {{6, 4, 3, 2, 5, 1, 8, 7, 9, 10}, 60, 0.05, false},
        {{5, 2, 3, 4, 1, 7, 6, 8, 9, 10}, 34, 0.01, true},
        {{5, 2, 3, 4, 1, 7, 6, 9, 8, 10}, 36, 0.01, false},
    };
    struct pw_spearman found;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(pw_stats_spearman(x, cases[i].y, 10, &found, NULL), 0);
        check_near(found.rho, 1 - 6 * cases[i].squares / 990, 1e-14);
        assert_int_equal(found.p_value <= cases[i].level, cases[i].is_significant);
    }
    assert_int_equal(pw_stats_spearman(x, x, 10, &found, NULL), 0);
    check_near(found.p_value, 2.0 / 3628800, 1e-18);
}

static void test_spearman_edges(void **state)
{
    static const double rising[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    static const double constant[] = {3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3};
    static const double ties[] = {1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6};
    static const double noisy[] = {2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11};
    struct pw_spearman found = {42, 42};

    (void)state;
    assert_int_equal(pw_stats_spearman(rising, rising, 2, &found, NULL), PW_EINVAL);
    check_near(found.rho, 42, 0);
    assert_int_equal(pw_stats_spearman(rising, constant, 12, &found, NULL), 0);
    check_near(found.rho, 0, 0);
    check_near(found.p_value, 1, 0);
    assert_int_equal(pw_stats_spearman(rising, rising, 12, &found, NULL), 0);
    check_near(found.rho, 1, 1e-15);
    assert_true(found.p_value < 1e-12);
    assert_int_equal(pw_stats_spearman(rising, ties, 12, &found, NULL), 0);
    check_near(found.rho, 140 / sqrt(143.0 * 140), 1e-12);
    assert_int_equal(pw_stats_spearman(rising, noisy, 12, &found, NULL), 0);
    check_near(found.rho, 1 - 6.0 * 12 / (12 * 143), 1e-12);
    /* t = 12.1 on 10 degrees of freedom */
    assert_true(found.p_value > 1e-8 && found.p_value < 1e-6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hodges_lehmann),     cmocka_unit_test(test_hodges_lehmann_published),
        cmocka_unit_test(test_theil_sen_small),    cmocka_unit_test(test_theil_sen_covers),
        cmocka_unit_test(test_theil_sen_edges),    cmocka_unit_test(test_spearman_by_permuting),
        cmocka_unit_test(test_spearman_published), cmocka_unit_test(test_spearman_edges),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
