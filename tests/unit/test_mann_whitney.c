/* The Mann-Whitney U test against enumeration, published values and other programs' p-values. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/stats/mann_whitney.h"
#include "../../src/stats/rank_sum.h"
#include "perfwarden/stats.h"

static void check_near(double actual, double expected, double tolerance)
{
    if (!(fabs(actual - expected) <= tolerance))
        fail_msg("%.17g is not %.17g", actual, expected);
}

/* P(U ≤ u) as printed by Mann and Whitney (1947), Table I. */
static void test_published_distribution(void **state)
{
    static const struct {
        size_t n;
        size_t m;
        double below[4];
    } cases[] = {
        {3, 3, {0.050, 0.100, 0.200, 0.350}}, {4, 4, {0.014, 0.029, 0.057, 0.100}},
        {5, 5, {0.004, 0.008, 0.016, 0.028}}, {2, 8, {0.022, 0.044, 0.089, 0.133}},
        {8, 8, {0.000, 0.000, 0.000, 0.001}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double *below = NULL;
        size_t count;
        assert_int_equal(pw_stats_u_distribution(cases[i].n, cases[i].m, &below, &count, NULL), 0);
        assert_int_equal(count, cases[i].n * cases[i].m / 2 + 1);
        for (size_t u = 0; u < 4; u++)
            check_near(below[u], cases[i].below[u], 0.00051);
        free(below);
    }
}

/* P(U ≤ u) for 50 and 50, from exact integer arithmetic. */
static void test_large_distribution(void **state)
{
    double *below = NULL;
    size_t count;

    (void)state;
    assert_int_equal(pw_stats_u_distribution(50, 50, &below, &count, NULL), 0);
    check_near(below[0] / 9.911653021418339e-30, 1, 1e-12);
    check_near(below[882], 0.0054323462721694816, 1e-15);
    check_near(below[1250], 0.50093, 0.001);
    free(below);
}

static double u_of(const double *values, unsigned first, size_t total)
{
    double u = 0;

    for (size_t i = 0; i < total; i++) {
        for (size_t j = 0; (first >> i & 1) && j < total; j++) {
            if (!(first >> j & 1))
                u += values[i] > values[j] ? 1 : values[i] == values[j] ? 0.5 : 0;
        }
    }
    return u;
}

/* The permutation distribution by trying every choice of the first sample. */
static double enumerate(const double *values, size_t n, size_t total)
{
    const double observed = u_of(values, (1u << n) - 1, total);
    double all = 0;
    double below = 0;
    double above = 0;

    for (unsigned first = 0; first < 1u << total; first++) {
        if ((size_t)__builtin_popcount(first) != n)
            continue;
        all++;
        below += u_of(values, first, total) <= observed;
        above += u_of(values, first, total) >= observed;
    }
    return fmin(1, 2 * fmin(below, above) / all);
}

static void test_against_enumeration(void **state)
{
    uint64_t seed = 77;
    double values[10];

    (void)state;
    for (int round = 0; round < 60; round++) {
        const size_t n = 1 + (size_t)round % 5;
        const size_t total = n + 1 + (size_t)round % 4;
        const unsigned distinct = round % 3 == 0 ? 1000 : 4;
        struct pw_mann_whitney test;
        for (size_t i = 0; i < total; i++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
            values[i] = (double)(seed >> 33) - floor((double)(seed >> 33) / distinct) * distinct;
        }
        assert_int_equal(pw_stats_mann_whitney(values, n, values + n, total - n, &test, NULL), 0);
        assert_true(test.is_exact);
        check_near(test.u, u_of(values, (1u << n) - 1, total), 0);
        check_near(test.p_value, enumerate(values, n, total), 1e-13);
    }
}

/* Values golang.org/x/perf computes for the same samples. */
static void test_known_values(void **state)
{
    static const double four[] = {2, 1, 3, 5};
    static const double far[] = {12, 11, 13, 15};
    static const double between[] = {0, 4, 6, 7};
    static const double equal[] = {2, 2, 2, 2};
    static const double ones[] = {1, 1, 1, 1, 1};
    static const struct {
        const double *a;
        const double *b;
        size_t m;
        double u;
        double p;
    } cases[] = {
        {four, far, 4, 0, 0.028571428571428577},        {far, four, 4, 16, 0.028571428571428577},
        {four, between, 4, 5, 0.48571428571428577},     {four, four, 4, 8, 1},
        {four, equal, 4, 10, 0.7142857142857143},       {equal, equal, 4, 8, 1},
        {four, ones, 5, 17.5, 2 * 0.04761904761904767}, /* twice its one-sided value */
    };
    struct pw_mann_whitney test;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(pw_stats_mann_whitney(cases[i].a, 4, cases[i].b, cases[i].m, &test, NULL),
                         0);
        check_near(test.u, cases[i].u, 0);
        check_near(test.p_value, cases[i].p, 1e-14);
    }
}

/* 500 against 600 values: R's wilcox.test and golang.org/x/perf agree on these. */
static void test_normal_approximation(void **state)
{
    static double a[500];
    static double b[600];
    struct pw_mann_whitney test;

    (void)state;
    for (size_t i = 0; i < 500; i++)
        a[i] = (double)i * 2;
    for (size_t i = 0; i < 600; i++)
        b[i] = (double)i * 2 - 41;
    assert_int_equal(pw_stats_mann_whitney(a, 500, b, 600, &test, NULL), 0);
    assert_false(test.is_exact);
    assert_false(test.has_ties);
    check_near(test.u, 135250, 0);
    check_near(test.p_value, 0.0049335360814172224, 1e-15);
    memcpy(b, a, 30 * sizeof *b);
    assert_int_equal(pw_stats_mann_whitney(a, 500, b, 600, &test, NULL), 0);
    assert_true(test.has_ties);
    check_near(test.p_value, 0.0038703814239617884, 1e-15);
    assert_int_equal(pw_stats_mann_whitney(a, 500, a, 500, &test, NULL), 0);
    check_near(test.p_value, 1, 0);
}

/*
 * google/benchmark's compare.py takes its p-values from SciPy, which is exact without ties and
 * normal with them.
 */
static void test_google_benchmark(void **state)
{
    static const double two_base[] = {90, 86};
    static const double two_head[] = {89, 72};
    static const double short_base[] = {80, 77};
    static const double short_head[] = {75, 66.6, 1};
    static const double tied_base[] = {8, 8};
    static const double tied_head[] = {7, 4.54, 800};
    struct pw_mann_whitney test;

    (void)state;
    assert_int_equal(pw_stats_mann_whitney(two_base, 2, two_head, 2, &test, NULL), 0);
    check_near(test.p_value, 0.6667, 0.00005);
    assert_int_equal(pw_stats_mann_whitney(short_base, 2, short_head, 3, &test, NULL), 0);
    check_near(test.p_value, 0.2, 1e-15);
    /* One pair of ties: 2³ − 2. The exact value is 8 of 10 orders. */
    assert_int_equal(pw_stats_mann_whitney(tied_base, 2, tied_head, 3, &test, NULL), 0);
    check_near(test.p_value, 0.8, 1e-15);
    check_near(pw_stats_mann_whitney_normal(test.u, 2, 3, 6), 0.7671, 0.00005);
}

static void test_limits_of_exactness(void **state)
{
    static const struct {
        size_t n;
        size_t m;
        bool has_ties;
        bool is_exact;
    } cases[] = {{50, 50, false, true}, {51, 5, false, false}, {25, 25, true, true},
                 {26, 25, true, false}, {5, 51, false, false}, {1, 1, false, true},
                 {25, 26, true, false}};
    double a[60];
    double b[60];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pw_mann_whitney test;
        for (size_t k = 0; k < 60; k++) {
            a[k] = cases[i].has_ties ? (double)(k / 2) : (double)k;
            b[k] = cases[i].has_ties ? (double)(k / 3) : (double)k + 0.5;
        }
        assert_int_equal(pw_stats_mann_whitney(a, cases[i].n, b, cases[i].m, &test, NULL), 0);
        assert_int_equal(test.is_exact, cases[i].is_exact);
        assert_int_equal(test.has_ties, cases[i].has_ties);
        assert_true(test.p_value > 0 && test.p_value <= 1);
    }
}

static void test_refusals(void **state)
{
    const double values[] = {1, INFINITY};
    struct pw_mann_whitney test;

    (void)state;
    assert_int_equal(pw_stats_mann_whitney(values, 0, values, 1, &test, NULL), PW_EINVAL);
    assert_int_equal(pw_stats_mann_whitney(values, 1, values, 0, &test, NULL), PW_EINVAL);
    assert_int_equal(pw_stats_mann_whitney(values, 1, values, 2, &test, NULL), PW_EINVAL);
}

/* What benchstat prints for crc-old.txt against crc-new.txt with `-ignore note`. */
static const struct {
    const char *name;
    double p_of_time;
    double p_of_rate;
} crc[] = {
    {"poly=IEEE/size=15/align=0-8", 0.008, 0.009},
    {"poly=IEEE/size=15/align=1-8", 0.539, 0.579},
    {"poly=IEEE/size=40/align=0-8", 0.006, 0.011},
    {"poly=IEEE/size=40/align=1-8", 0.003, 0.005},
    {"poly=IEEE/size=512/align=0-8", 0.000, 0.000},
    {"poly=IEEE/size=512/align=1-8", 0.000, 0.000},
    {"poly=IEEE/size=1kB/align=0-8", 0.000, 0.000},
    {"poly=IEEE/size=1kB/align=1-8", 0.000, 0.000},
    {"poly=IEEE/size=4kB/align=0-8", 0.000, 0.000},
    {"poly=IEEE/size=4kB/align=1-8", 0.000, 0.000},
    {"poly=IEEE/size=32kB/align=0-8", 0.000, 0.000},
    {"poly=IEEE/size=32kB/align=1-8", 0.000, 0.000},
    {"poly=Castagnoli/size=15/align=0-8", 0.642, 0.529},
    {"poly=Castagnoli/size=15/align=1-8", 0.959, 0.971},
    {"poly=Castagnoli/size=40/align=0-8", 0.694, 0.684},
    {"poly=Castagnoli/size=40/align=1-8", 0.036, 0.063},
    {"poly=Castagnoli/size=512/align=0-8", 0.614, 0.529},
    {"poly=Castagnoli/size=512/align=1-8", 0.838, 1.000},
    {"poly=Castagnoli/size=1kB/align=0-8", 0.007, 0.007},
    {"poly=Castagnoli/size=1kB/align=1-8", 0.239, 0.280},
    {"poly=Castagnoli/size=4kB/align=0-8", 0.032, 0.052},
    {"poly=Castagnoli/size=4kB/align=1-8", 0.005, 0.005},
    {"poly=Castagnoli/size=32kB/align=0-8", 0.869, 0.912},
    {"poly=Castagnoli/size=32kB/align=1-8", 0.001, 0.001},
    {"poly=Koopman/size=15/align=0-8", 0.216, 0.218},
    {"poly=Koopman/size=15/align=1-8", 0.323, 0.315},
    {"poly=Koopman/size=40/align=0-8", 0.002, 0.002},
    {"poly=Koopman/size=40/align=1-8", 0.055, 0.052},
    {"poly=Koopman/size=512/align=0-8", 0.000, 0.000},
    {"poly=Koopman/size=512/align=1-8", 0.143, 0.143},
    {"poly=Koopman/size=1kB/align=0-8", 0.052, 0.052},
    {"poly=Koopman/size=1kB/align=1-8", 0.000, 0.000},
    {"poly=Koopman/size=4kB/align=0-8", 0.971, 0.971},
    {"poly=Koopman/size=4kB/align=1-8", 0.754, 0.739},
    {"poly=Koopman/size=32kB/align=0-8", 0.684, 0.684},
    {"poly=Koopman/size=32kB/align=1-8", 0.009, 0.009},
};

/* Read a benchmark's times and rates. @return how many */
static size_t read_crc(const char *path, const char *name, double *times, double *rates)
{
    FILE *file = fopen(path, "r");
    char line[512];
    size_t count = 0;

    if (file == NULL)
        return 0;
    while (count < 10 && fgets(line, sizeof line, file) != NULL) {
        char *rest = line;
        const char *id = strtok_r(line, " \t", &rest);
        if (id == NULL || strncmp(id, "BenchmarkCRC32/", 15) != 0 ||
            strncmp(id + 15, name, strlen(name)) != 0)
            continue;
        strtok_r(NULL, " \t", &rest);
        times[count] = strtod(strtok_r(NULL, " \t", &rest), NULL);
        strtok_r(NULL, " \t", &rest);
        rates[count] = strtod(strtok_r(NULL, " \t", &rest), NULL);
        count++;
    }
    fclose(file);
    return count;
}

static void test_benchstat(void **state)
{
    static const char old_path[] = PERFWARDEN_SHARED_DATA "/benchstat/crc-old.txt";
    static const char new_path[] = PERFWARDEN_SHARED_DATA "/benchstat/crc-new.txt";
    double base[2][10];
    double head[2][10];

    (void)state;
    for (size_t i = 0; i < sizeof crc / sizeof crc[0]; i++) {
        struct pw_mann_whitney test;
        if (read_crc(old_path, crc[i].name, base[0], base[1]) == 0) {
            print_message("no benchstat data beside the checkout\n");
            skip();
        }
        assert_int_equal(read_crc(new_path, crc[i].name, head[0], head[1]), 10);
        assert_int_equal(pw_stats_mann_whitney(base[0], 10, head[0], 10, &test, NULL), 0);
        assert_true(test.is_exact);
        check_near(test.p_value, crc[i].p_of_time, 0.00050001);
        assert_int_equal(pw_stats_mann_whitney(base[1], 10, head[1], 10, &test, NULL), 0);
        check_near(test.p_value, crc[i].p_of_rate, 0.00050001);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_distribution),
        cmocka_unit_test(test_large_distribution),
        cmocka_unit_test(test_against_enumeration),
        cmocka_unit_test(test_known_values),
        cmocka_unit_test(test_normal_approximation),
        cmocka_unit_test(test_google_benchmark),
        cmocka_unit_test(test_limits_of_exactness),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_benchstat),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
