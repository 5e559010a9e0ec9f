/* The statistics against published tables, closed forms and brute force. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/stats/select.h"
#include "perfwarden/stats.h"

static void check_near(double actual, double expected, double tolerance)
{
    if (isinf(expected) ? actual != expected
                        : !(fabs(actual - expected) <= tolerance * fmax(1.0, fabs(expected))))
        fail_msg("%.17g is not %.17g", actual, expected);
}

/* A small generator (xorshift64*), so that every run of the test sees the same samples. */
static double uniform(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return ((double)((*state * UINT64_C(2685821657736338717)) >> 11) + 0.5) / 9007199254740992.0;
}

static void test_median(void **state)
{
    static const struct {
        double values[6];
        size_t n;
        double median;
        double sigma;
    } cases[] = {
        {{7}, 1, 7, 0},
        {{4, 2}, 2, 3, 1.4826},
        {{9, 1, 5}, 3, 5, 1.4826 * 4},
        {{1, 1, 1, 1, 50}, 5, 1, 0},
        {{5, 3, 1, 4, 2, 600}, 6, 3.5, 1.4826 * 1.5},
        {{1.7e308, 1.7e308}, 2, 1.7e308, 0},
        {{-3, -1, -2, 0}, 4, -1.5, 1.4826},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        check_near(pw_stats_median(cases[i].values, cases[i].n, NULL), cases[i].median, 0);
        check_near(pw_stats_mad_sigma(cases[i].values, cases[i].n, NULL), cases[i].sigma, 1e-15);
    }
    assert_true(isnan(pw_stats_median(NULL, 0, NULL)));
    assert_true(isnan(pw_stats_mad_sigma(NULL, 0, NULL)));
}

static void test_select(void **state)
{
    uint64_t seed = 11;
    double values[300];
    double sorted[300];

    (void)state;
    for (int round = 0; round < 50; round++) {
        const size_t n = 1 + (size_t)(uniform(&seed) * 299);
        const size_t k = (size_t)(uniform(&seed) * (double)n);
        for (size_t i = 0; i < n; i++) /* rounds with few distinct values among them */
            values[i] = floor(uniform(&seed) * (round % 2 ? 5 : 1e6));
        memcpy(sorted, values, sizeof sorted);
        pw_stats_sort(sorted, n);
        check_near(pw_stats_select(values, n, k), sorted[k], 0);
        for (size_t i = 0; i < n; i++)
            assert_true(i < k ? values[i] <= values[k] : values[i] >= values[k]);
    }
}

static void test_normal(void **state)
{
    static const struct {
        double p;
        double z;
    } cases[] = {
        {1e-12, -7.0344838253011319}, {0.0001, -3.7190164854556806}, {0.025, -1.9599639845400542},
        {0.2, -0.84162123357291421},  {0.425, -0.18911842627279249}, {0.5, 0},
        {0.6, 0.2533471031357998},    {0.9, 1.2815515655446005},     {0.99, 2.3263478740408411},
        {1e-6, -4.7534243088228989},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        check_near(pw_stats_normal_quantile(cases[i].p), cases[i].z, 1e-12);
        check_near(pw_stats_normal_cdf(cases[i].z), cases[i].p, 1e-15);
    }
    assert_true(pw_stats_normal_quantile(0) == -INFINITY);
    assert_true(pw_stats_normal_quantile(1) == INFINITY);
    assert_true(isnan(pw_stats_normal_quantile(-0.1)));
    assert_true(isnan(pw_stats_normal_quantile(NAN)));
}

/* The table every textbook prints, to its three decimals. */
static void test_student_table(void **state)
{
    static const double levels[] = {0.95, 0.975, 0.99, 0.995};
    static const struct {
        double degrees;
        double t[4];
    } rows[] = {
        {1, {6.314, 12.706, 31.821, 63.657}}, {2, {2.920, 4.303, 6.965, 9.925}},
        {3, {2.353, 3.182, 4.541, 5.841}},    {4, {2.132, 2.776, 3.747, 4.604}},
        {5, {2.015, 2.571, 3.365, 4.032}},    {6, {1.943, 2.447, 3.143, 3.707}},
        {8, {1.860, 2.306, 2.896, 3.355}},    {10, {1.812, 2.228, 2.764, 3.169}},
        {15, {1.753, 2.131, 2.602, 2.947}},   {19, {1.729, 2.093, 2.539, 2.861}},
        {30, {1.697, 2.042, 2.457, 2.750}},   {60, {1.671, 2.000, 2.390, 2.660}},
        {120, {1.658, 1.980, 2.358, 2.617}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (size_t j = 0; j < 4; j++) {
            const double t = pw_stats_t_quantile(levels[j], rows[i].degrees);
            assert_true(fabs(t - rows[i].t[j]) <= 0.00051);
            check_near(pw_stats_t_quantile(1 - levels[j], rows[i].degrees), -t, 1e-12);
        }
    }
}

/* Values computed to 16 digits from the incomplete beta function in multiple precision. */
static void test_student_precise(void **state)
{
    static const struct {
        double p;
        double degrees;
        double t;
    } cases[] = {
        {0.99, 0.5, 1028.491010471622},    {0.99, 2.5, 5.353111173030874},
        {0.9, 7.3, 1.408922317748042},     {0.995, 17.25, 2.893044869100975},
        {0.75, 119.5, 0.6765483253793514}, {0.999, 1000, 3.098402163912923},
        {0.9999, 4, 13.03367172089646},    {0.99, 1e9, 2.32634787776991},
    };
    const double pi = 3.14159265358979323846;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_near(pw_stats_t_quantile(cases[i].p, cases[i].degrees), cases[i].t, 1e-11);
    for (double p = 0.51; p < 0.9999; p += 0.01) {
        check_near(pw_stats_t_quantile(p, 1), tan(pi * (p - 0.5)), 1e-12);
        check_near(pw_stats_t_quantile(p, 2), (2 * p - 1) / sqrt(2 * p * (1 - p)), 1e-12);
    }
    check_near(pw_stats_t_quantile(0.5, 3), 0, 0);
    assert_true(pw_stats_t_quantile(1, 3) == INFINITY);
    assert_true(isnan(pw_stats_t_quantile(0.9, 0)));
}

/* The k-th smallest of all differences, by sorting them. */
static double sorted_difference(const double *a, size_t n, const double *b, size_t m, size_t k)
{
    double all[400];

    for (size_t i = 0; i < n * m; i++)
        all[i] = b[i % m] - a[i / m];
    pw_stats_sort(all, n * m);
    return all[k];
}

static void test_shift_by_sorting(void **state)
{
    uint64_t seed = 5;
    double a[20];
    double b[20];

    (void)state;
    for (int round = 0; round < 200; round++) {
        const size_t n = 1 + (size_t)(uniform(&seed) * 20);
        const size_t m = 1 + (size_t)(uniform(&seed) * 20);
        const size_t all = n * m;
        struct pw_shift shift;
        for (size_t i = 0; i < n; i++)
            a[i] = round % 3 ? uniform(&seed) - 0.5 : floor(uniform(&seed) * 6);
        for (size_t i = 0; i < m; i++)
            b[i] = round % 3 ? uniform(&seed) : floor(uniform(&seed) * 6);
        assert_int_equal(pw_stats_shift(a, n, b, m, 0.05, &shift, NULL), 0);
        check_near(shift.estimate,
                   (sorted_difference(a, n, b, m, (all - 1) / 2) +
                    sorted_difference(a, n, b, m, all / 2)) /
                       2,
                   1e-15);
    }
}

/*
 * Critical values of U as tabulated (one-sided 0.025 and 0.005): that many differences are beyond
 * each end of the interval, which therefore starts at the next one.
 */
static void test_shift_interval(void **state)
{
    static const struct {
        size_t n;
        size_t m;
        double alpha;
        int critical; /**< −1 where no interval can be given */
    } cases[] = {
        {3, 3, 0.025, -1}, {4, 4, 0.025, 0},    {5, 5, 0.025, 2},     {5, 8, 0.025, 6},
        {8, 8, 0.025, 13}, {10, 10, 0.025, 23}, {20, 20, 0.025, 127}, {5, 5, 0.005, 0},
        {8, 8, 0.005, 7},  {10, 10, 0.005, 16}, {20, 20, 0.005, 105}, {4, 4, 0.01, -1},
        {5, 5, 0.01, 1},   {15, 20, 0.025, 90},
    };
    double a[20];
    double b[20];

    (void)state;
    for (size_t i = 0; i < 20; i++) {
        a[i] = (double)(i * i % 37) * 1.01;
        b[i] = (double)(i * 17 % 29) + 0.003 * (double)i;
    }
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const size_t all = cases[i].n * cases[i].m;
        const size_t k = (size_t)(cases[i].critical + 1);
        double low = -INFINITY;
        double high = INFINITY;
        struct pw_shift shift;
        assert_int_equal(pw_stats_shift(a, cases[i].n, b, cases[i].m, cases[i].alpha, &shift, NULL),
                         0);
        if (k > 0) {
            low = sorted_difference(a, cases[i].n, b, cases[i].m, k - 1);
            high = sorted_difference(a, cases[i].n, b, cases[i].m, all - k);
        }
        check_near(shift.interval.low, low, 1e-14);
        check_near(shift.interval.high, high, 1e-14);
    }
}

static void test_shift_large(void **state)
{
    const size_t n = 3000;
    double *a = calloc(n, sizeof *a);
    double *b = calloc(n, sizeof *b);
    uint64_t seed = 3;
    struct pw_shift shift;

    (void)state;
    assert_non_null(a);
    assert_non_null(b);
    for (size_t i = 0; i < n; i++) {
        a[i] = uniform(&seed);
        b[i] = uniform(&seed) + 0.25;
    }
    assert_int_equal(pw_stats_shift(a, n, b, n, 0.01, &shift, NULL), 0);
    assert_true(fabs(shift.estimate - 0.25) < 0.03);
    assert_true(shift.interval.low < shift.estimate && shift.estimate < shift.interval.high);
    assert_true(shift.interval.high - shift.interval.low < 0.06);
    free(a);
    free(b);
}

static void test_shift_refusals(void **state)
{
    const double values[] = {1, 2, NAN};
    struct pw_shift shift = {42, {42, 42}};

    (void)state;
    assert_int_equal(pw_stats_shift(values, 0, values, 2, 0.05, &shift, NULL), PW_EINVAL);
    assert_int_equal(pw_stats_shift(values, 2, values, 3, 0.05, &shift, NULL), PW_EINVAL);
    assert_int_equal(pw_stats_shift(values, 2, values, 2, 0.5, &shift, NULL), PW_EINVAL);
    assert_int_equal(pw_stats_shift(values, 2, values, 2, NAN, &shift, NULL), PW_EINVAL);
    check_near(shift.estimate, 42, 0);
}

/* Cost of a segmentation given by the bits of `jumps`: bit i set is a jump before value i + 1. */
static double cost_of(const double *values, size_t n, unsigned jumps, double gamma)
{
    double cost = 0;
    size_t start = 0;

    for (size_t i = 1; i <= n; i++) {
        double median;
        if (i < n && !(jumps >> (i - 1) & 1))
            continue;
        median = pw_stats_median(values + start, i - start, NULL);
        for (size_t j = start; j < i; j++)
            cost += fabs(values[j] - median);
        cost += i < n ? gamma : 0;
        start = i;
    }
    return cost;
}

static void test_potts_by_enumeration(void **state)
{
    uint64_t seed = 9;
    double values[9];
    size_t starts[9];

    (void)state;
    for (int round = 0; round < 60; round++) {
        const size_t n = 1 + (size_t)(uniform(&seed) * 9);
        const double gamma = 0.1 + uniform(&seed);
        double best = INFINITY;
        unsigned found = 0;
        size_t segments;
        for (size_t i = 0; i < n; i++)
            values[i] = uniform(&seed) + (uniform(&seed) < 0.4 ? 1 : 0);
        for (unsigned jumps = 0; jumps < 1u << (n - 1); jumps++)
            best = fmin(best, cost_of(values, n, jumps, gamma));
        assert_int_equal(pw_stats_potts_l1(values, n, gamma, starts, &segments, NULL), 0);
        assert_int_equal(starts[0], 0);
        for (size_t i = 1; i < segments; i++) {
            assert_true(starts[i] > starts[i - 1] && starts[i] < n);
            found |= 1u << (starts[i] - 1);
        }
        check_near(cost_of(values, n, found, gamma), best, 1e-12);
    }
}

static void test_potts_long(void **state)
{
    double values[501];
    size_t starts[501];
    size_t segments;
    uint64_t seed = 21;

    (void)state;
    for (size_t i = 0; i < 501; i++)
        values[i] = 1e6 + (i < 200 ? 0 : i < 350 ? 5 : 2) + uniform(&seed);
    assert_int_equal(pw_stats_potts_l1(values, 500, 10, starts, &segments, NULL), 0);
    assert_int_equal(segments, 3);
    assert_int_equal(starts[1], 200);
    assert_int_equal(starts[2], 350);
    assert_int_equal(pw_stats_potts_l1(values, 501, 10, starts, &segments, NULL), PW_EINVAL);
    assert_int_equal(pw_stats_potts_l1(values, 0, 10, starts, &segments, NULL), PW_EINVAL);
    assert_int_equal(pw_stats_potts_l1(values, 5, 0, starts, &segments, NULL), PW_EINVAL);
    values[2] = NAN;
    assert_int_equal(pw_stats_potts_l1(values, 5, 1, starts, &segments, NULL), PW_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_median),          cmocka_unit_test(test_select),
        cmocka_unit_test(test_normal),          cmocka_unit_test(test_student_table),
        cmocka_unit_test(test_student_precise), cmocka_unit_test(test_shift_by_sorting),
        cmocka_unit_test(test_shift_interval),  cmocka_unit_test(test_shift_large),
        cmocka_unit_test(test_shift_refusals),  cmocka_unit_test(test_potts_by_enumeration),
        cmocka_unit_test(test_potts_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
