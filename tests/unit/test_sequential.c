/* E-processes, e-BH and the anytime interval against given values, closed forms and brute force. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "perfwarden/stats.h"
#include "stats_random.h"

static void check_near(double actual, double expected, double tolerance)
{
    if (isinf(expected) ? actual != expected
                        : !(fabs(actual - expected) <= tolerance * fmax(1.0, fabs(expected))))
        fail_msg("%.17g is not %.17g", actual, expected);
}

static int compare_doubles(const void *left, const void *right)
{
    const double a = *(const double *)left;
    const double b = *(const double *)right;

    return (a > b) - (a < b);
}

/* E by its definition: everything anew at each step. */
static double define_e(const double *x, size_t n, double shift, double sign, double level,
                       double *largest)
{
    static const double kappas[] = {0.4, 0.9, 1.8};
    double product[3] = {1, 1, 1};
    double magnitudes[200];
    double e = 1;

    *largest = 0;
    for (size_t i = 0; i < n; i++) {
        double win = 0;
        double share;
        double s;
        double u;
        for (size_t j = 0; j <= i; j++)
            magnitudes[j] = fabs(sign * (x[j] - shift));
        qsort(magnitudes, i + 1, sizeof *magnitudes, compare_doubles);
        s = 1.4826 * (magnitudes[i / 2] + magnitudes[(i + 1) / 2]) / 2;
        u = sign * (x[i] - shift);
        u = u == 0 ? 0 : fmax(-1, fmin(1, u / s));
        for (size_t k = 0; k < 3; k++)
            win += product[k] * (2 / (1 + exp(-2 * kappas[k] * fabs(u))) - 1) / 3;
        share = *largest < level * (1 - 1e-12) && e + win > level ? (level - e) / win : 1;
        e = 0;
        for (size_t k = 0; k < 3; k++) {
            product[k] *= 1 + share * (2 / (1 + exp(-2 * kappas[k] * u)) - 1);
            e += product[k] / 3;
        }
        *largest = fmax(*largest, e);
    }
    return e;
}

static void feed(struct pw_e_process *process, const double *x, size_t n, const double *expected)
{
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(pw_e_process_add(process, x[i], NULL), 0);
        check_near(process->value, expected[i], 1e-7);
    }
}

static void test_given_values(void **state)
{
    static const double mixed[] = {.03, -.01, .02, .05, .01, .04, -.02, .06, .03, .02};
    static const double expected[] = {1.5477923, 1.0078570, 1.5355626, 2.5993720, 3.5114211,
                                      6.1409423, 2.1979064, 3.6383586, 5.6101000, 8.3562307};
    struct pw_e_process process = {0};
    struct pw_e_process equal = {0};

    (void)state;
    feed(&process, mixed, 10, expected);
    check_near(process.largest, 8.3562307, 1e-7);
    for (int i = 1; i <= 7; i++) {
        assert_int_equal(pw_e_process_add(&equal, 0.25, NULL), 0);
        if (i == 6)
            check_near(equal.value, 18.6848806, 1e-8);
    }
    check_near(equal.value, 32.2360967, 1e-8);
    assert_int_equal(pw_e_process_add(&equal, -0.25, NULL), 0);
    assert_true(equal.value < equal.largest);
    check_near(equal.largest, 32.2360967, 1e-8);
    pw_e_process_release(&process);
    pw_e_process_release(&equal);
}

static void test_by_definition(void **state)
{
    uint64_t seed = 17;
    double x[150];

    (void)state;
    for (int round = 0; round < 40; round++) {
        const double level = round % 4 < 2 ? 20 : INFINITY;
        struct pw_e_process process = {0};
        double largest;
        process.level = isinf(level) ? 0 : level;
        for (size_t i = 0; i < 150; i++) /* rounds with many ties and zeros among them */
            x[i] = round % 2 ? gaussian(&seed) + 0.2 : floor(uniform(&seed) * 5 - 2);
        for (size_t i = 0; i < 150; i++)
            assert_int_equal(pw_e_process_add(&process, x[i], NULL), 0);
        check_near(process.value, define_e(x, 150, 0, 1, level, &largest), 1e-10);
        check_near(process.largest, largest, 1e-10);
        pw_e_process_release(&process);
    }
}

static void test_extremes(void **state)
{
    struct pw_e_process process = {0};

    (void)state;
    for (int i = 0; i < 50; i++)
        assert_int_equal(pw_e_process_add(&process, 0, NULL), 0);
    check_near(process.value, 1, 1e-12);
    assert_int_equal(pw_e_process_add(&process, 1e-300, NULL), 0); /* beyond a scale of 0 */
    assert_true(process.value > 1.5 && process.value < 2);
    for (int i = 0; i < 3000; i++)
        assert_int_equal(pw_e_process_add(&process, 1.7e308, NULL), 0);
    assert_true(process.value == INFINITY);
    for (int i = 0; i < 6000; i++)
        assert_int_equal(pw_e_process_add(&process, -1.7e308, NULL), 0);
    assert_true(process.value < 1e-3); /* and back: the logarithms have not overflowed */
    assert_int_equal(process.count, 9051);
    assert_int_equal(pw_e_process_add(&process, NAN, NULL), PW_EINVAL);
    assert_int_equal(pw_e_process_add(&process, INFINITY, NULL), PW_EINVAL);
    assert_int_equal(process.count, 9051);
    pw_e_process_release(&process);
    assert_int_equal(process.count, 0);
    pw_e_process_release(NULL);
}

/* Given the magnitudes, the mean over all signs is 1: the bet is fair, bounded or not. */
static void test_fair(void **state)
{
    static const double magnitudes[] = {0.3, 2, 0.7, 0.7, 11, 0.1, 1, 0.01};
    static const double levels[] = {0, 1.2, 3, 20};

    (void)state;
    for (size_t l = 0; l < 4; l++) {
        double sum = 0;
        for (unsigned signs = 0; signs < 256; signs++) {
            struct pw_e_process process = {0};
            process.level = levels[l];
            for (size_t i = 0; i < 8; i++) {
                const double x = signs >> i & 1 ? magnitudes[i] : -magnitudes[i];
                assert_int_equal(pw_e_process_add(&process, x, NULL), 0);
            }
            sum += process.value;
            pw_e_process_release(&process);
        }
        check_near(sum / 256, 1, 1e-12);
    }
}

/* A bound is reached exactly, never later than without it, and what follows is not bounded. */
static void test_level(void **state)
{
    uint64_t seed = 5;

    (void)state;
    for (int round = 0; round < 200; round++) {
        struct pw_e_process bounded = {0};
        struct pw_e_process free_one = {0};
        double most = 0;
        bounded.level = 20;
        for (int i = 0; i < 60 && bounded.value < 20; i++) {
            const double x = gaussian(&seed) + 0.4;
            assert_int_equal(pw_e_process_add(&bounded, x, NULL), 0);
            assert_int_equal(pw_e_process_add(&free_one, x, NULL), 0);
            most = bounded.value;
            if (free_one.value >= 20)
                assert_true(most == 20);
            assert_true(most <= 20);
        }
        if (most == 20) {
            assert_int_equal(pw_e_process_add(&bounded, 1, NULL), 0);
            assert_true(bounded.value > 20);
        }
        pw_e_process_release(&bounded);
        pw_e_process_release(&free_one);
    }
}

/* By the formula: 2^(n+1)·k!(n−k)!/(n+1)! · P(Bin(n+1, ½) ≤ k). */
static double define_e_sign(unsigned k, unsigned n)
{
    double tail = 0;
    double choose = 1;
    double scale = 1;

    for (unsigned j = 0; j <= k; j++) {
        tail += choose;
        choose *= (double)(n + 1 - j) / (j + 1);
    }
    for (unsigned j = 1; j <= k; j++) /* k!(n−k)!/n! */
        scale *= (double)j / (n - k + j);
    return tail * scale / (n + 1);
}

static void test_e_sign(void **state)
{
    double mean = 0;

    (void)state;
    check_near(pw_stats_e_sign(6, 6), 18.142857, 1e-7);
    check_near(pw_stats_e_sign(7, 7), 31.875, 1e-12);
    check_near(pw_stats_e_sign(10, 10), 186.0909090909, 1e-9);
    check_near(pw_stats_e_sign(8, 10), 4.0, 0.02);
    for (unsigned n = 0; n <= 40; n++) {
        for (unsigned k = 0; k <= n; k++)
            check_near(pw_stats_e_sign(k, n), define_e_sign(k, n), 1e-12);
    }
    for (unsigned k = 0; k <= 5; k++) { /* fair at a chance of ½ */
        static const double binomial[] = {1, 5, 10, 10, 5, 1};
        mean += binomial[k] / 32 * pw_stats_e_sign(k, 5);
    }
    check_near(mean, 1, 1e-14);
    assert_true(pw_stats_e_sign(5000, 5000) == INFINITY);
    assert_true(pw_stats_e_sign(0, 5000) < 1e-3);
    assert_true(isnan(pw_stats_e_sign(3, 2)));
}

static void test_e_bh(void **state)
{
    static const struct {
        double e[5];
        size_t n;
        double fdr;
        const char *kept;
    } cases[] = {
        {{100, 1, 1, 1, 1}, 5, 0.05, "10000"},      /* 100 ≥ 5/0.05 */
        {{99, 1, 1, 1, 1}, 5, 0.05, "00000"},       /* just below */
        {{50, 1, 50, 1, 1}, 5, 0.05, "10100"},      /* two need 50 each */
        {{60, 34, 34, 34, 1}, 5, 0.05, "11110"},    /* four need 25 each */
        {{20, 20, 20, 20, 20}, 5, 0.05, "11111"},   /* all */
        {{19.9, 20, 20, 20, 20}, 5, 0.05, "00000"}, /* four would need 25 */
        {{INFINITY, 0, 2, 33, 51}, 5, 0.05, "10001"},
        {{20}, 1, 0.05, "1"},
        {{0}, 0, 0.05, ""},
        {{0.5, 0.5}, 2, 0.99, "00"},
    };
    bool kept[5];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        long expected = 0;
        const long count = pw_stats_e_bh(cases[i].e, cases[i].n, cases[i].fdr, kept, NULL);
        for (size_t j = 0; j < cases[i].n; j++) {
            if (kept[j] != (cases[i].kept[j] == '1'))
                fail_msg("case %zu, value %zu", i, j);
            expected += kept[j];
        }
        assert_int_equal(count, expected);
    }
    assert_int_equal(pw_stats_e_bh((const double[]){1, NAN}, 2, 0.05, kept, NULL), PW_EINVAL);
    assert_int_equal(pw_stats_e_bh((const double[]){-1}, 1, 0.05, kept, NULL), PW_EINVAL);
    assert_int_equal(pw_stats_e_bh((const double[]){1}, 1, 1, kept, NULL), PW_EINVAL);
}

/* The outermost points of a fine grid that were never ruled out. */
static struct pw_interval scan(const double *x, size_t n, double alpha, double from, double to)
{
    struct pw_interval found = {NAN, NAN};
    const int steps = 900;

    for (int i = 0; i <= steps; i++) {
        const double theta = from + (to - from) * i / steps;
        double up;
        double down;
        (void)define_e(x, n, theta, 1, 1 / alpha, &up);
        (void)define_e(x, n, theta, -1, 1 / alpha, &down);
        if (up < (1 - 1e-12) / alpha && down < (1 - 1e-12) / alpha) {
            found.low = isnan(found.low) ? theta : found.low;
            found.high = theta;
        }
    }
    return found;
}

static void test_interval_by_grid(void **state)
{
    static const struct {
        size_t n;
        double alpha;
    } cases[] = {{8, 0.05}, {10, 0.01}, {12, 0.05}, {20, 0.01}, {40, 0.05}, {25, 0.2}};
    uint64_t seed = 23;
    double x[40];

    (void)state;
    for (size_t c = 0; c < 4 * sizeof cases / sizeof cases[0]; c++) {
        const size_t n = cases[c / 4].n;
        struct pw_interval interval;
        struct pw_interval grid;
        for (size_t i = 0; i < n; i++) {
            x[i] = c % 4 == 3 ? floor(uniform(&seed) * 8) / 8 : gaussian(&seed) + 3;
            if (c % 4 == 2 && i % 7 == 3)
                x[i] += 20;
        }
        assert_int_equal(pw_stats_anytime_interval(x, n, cases[c / 4].alpha, &interval, NULL), 0);
        grid = scan(x, n, cases[c / 4].alpha, -30, 60);
        if (isinf(interval.high)) {
            check_near(grid.high, 60, 0);
        } else {
            assert_true(interval.high >= grid.high && interval.high - grid.high <= 0.1);
        }
        if (isinf(interval.low)) {
            check_near(grid.low, -30, 0);
        } else {
            assert_true(interval.low <= grid.low && grid.low - interval.low <= 0.1);
        }
    }
}

static void test_interval_edges(void **state)
{
    static const double equal[] = {2, 2, 2, 2, 2, 2, 2};
    static const double huge[] = {1.7e308, -1.7e308, 1e308, -1e308, 1.2e308, 0, 1, -1e300, 2e307};
    struct pw_interval interval = {42, 42};

    (void)state;
    assert_int_equal(pw_stats_anytime_interval(equal, 6, 0.05, &interval, NULL), 0);
    assert_true(interval.low == -INFINITY && interval.high == INFINITY);
    assert_int_equal(pw_stats_anytime_interval(equal, 7, 0.05, &interval, NULL), 0);
    assert_true(interval.low == 2 && interval.high == 2);
    assert_int_equal(pw_stats_anytime_interval(huge, 9, 0.05, &interval, NULL), 0);
    assert_true(interval.low < 0 && interval.high > 0);
    interval.low = 42;
    assert_int_equal(pw_stats_anytime_interval(equal, 0, 0.05, &interval, NULL), PW_EINVAL);
    assert_int_equal(pw_stats_anytime_interval(equal, 7, 0, &interval, NULL), PW_EINVAL);
    assert_int_equal(
        pw_stats_anytime_interval((const double[]){1, INFINITY}, 2, 0.05, &interval, NULL),
        PW_EINVAL);
    assert_true(interval.low == 42);
}

/* Differences that grow win all that can be won: no fewer are enough, and these are. */
static void test_least(void **state)
{
    static const double levels[] = {1.0, 20.0, 100.0, 1000.0, 1e6};
    (void)state;

    for (size_t i = 0; i < PW_COUNT(levels); i++) {
        struct pw_e_process process = {0};
        size_t count = 0;
        double x = 1.0;
        while (process.value < levels[i]) {
            assert_int_equal(pw_e_process_add(&process, x, NULL), 0);
            x *= 4.0;
            count++;
        }
        assert_int_equal(pw_e_process_least(levels[i]), count);
        pw_e_process_release(&process);
    }
    assert_int_equal(pw_e_process_least(100.0), 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_given_values),   cmocka_unit_test(test_by_definition),
        cmocka_unit_test(test_extremes),       cmocka_unit_test(test_fair),
        cmocka_unit_test(test_level),          cmocka_unit_test(test_e_sign),
        cmocka_unit_test(test_e_bh),           cmocka_unit_test(test_interval_by_grid),
        cmocka_unit_test(test_interval_edges), cmocka_unit_test(test_least),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
