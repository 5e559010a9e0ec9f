/* What pairs can decide, for doctor: noise of known pairs, simulated gates, exact intervals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "perfwarden/gate.h"

enum { PAIRS = 40 };

static void assert_near(double value, double expected, double tolerance)
{
    assert_true(fabs(value - expected) <= tolerance);
}

/* Pairs of two equal sides around 10 ms, each run's logarithm uniform within ± spread. */
static void make_pairs(double spread, double drift, double *base, double *head)
{
    uint64_t random = 12345;
    for (size_t i = 0; i < PAIRS; i++) {
        const double level = 1e7 * (1 + drift * (double)i / (PAIRS - 1));
        random = random * UINT64_C(6364136223846793005) + 1;
        base[i] = level * exp(spread * (2 * (double)(random >> 11) / 9007199254740992.0 - 1));
        random = random * UINT64_C(6364136223846793005) + 1;
        head[i] = level * exp(spread * (2 * (double)(random >> 11) / 9007199254740992.0 - 1));
    }
}

static void tells_known_noise(void **state)
{
    const double base[] = {100, 100, 100, 100, 100};
    const double head[] = {100, 110, 90, 100, 105};
    struct pw_gate_noise noise;
    (void)state;
    assert_int_equal(pw_gate_noise(base, head, 5, &noise, NULL), 0);
    assert_near(noise.median, 100, 1e-9);
    assert_near(noise.run_spread_ratio, 0, 1e-9); /* most runs took 100 */
    assert_near(noise.pair_spread, 1.4826 * log(1.05), 1e-9);
}

static void tells_drift_from_none(void **state)
{
    double base[PAIRS];
    double head[PAIRS];
    struct pw_gate_noise noise;
    (void)state;
    make_pairs(0.02, 0.0, base, head);
    assert_int_equal(pw_gate_noise(base, head, PAIRS, &noise, NULL), 0);
    assert_true(noise.drift_p_value > 0.001);
    assert_true(fabs(noise.drift_ratio) < 0.02);
    make_pairs(0.02, 0.2, base, head);
    assert_int_equal(pw_gate_noise(base, head, PAIRS, &noise, NULL), 0);
    assert_true(noise.drift_p_value < 1e-6);
    assert_true(noise.drift_ratio > 0.15 && noise.drift_ratio < 0.21); /* of the median */
    assert_true(fabs(noise.shift) < 0.01);
}

static void refuses_what_is_no_pairs(void **state)
{
    const double good[] = {1, 1, 1, 1, 1, 1};
    const double zero[] = {1, 1, 0, 1, 1, 1};
    const double none[] = {1, 1, (double)NAN, 1, 1, 1};
    struct pw_gate_noise noise = {.median = 7};
    (void)state;
    assert_int_equal(pw_gate_noise(good, good, 4, &noise, NULL), PW_EINVAL);
    assert_int_equal(pw_gate_noise(good, zero, 6, &noise, NULL), PW_EINVAL);
    assert_int_equal(pw_gate_noise(none, good, 6, &noise, NULL), PW_EINVAL);
    assert_near(noise.median, 7, 0);
}

static struct pw_gate_power power_of(double spread, double slowdown_ratio, double increase_ratio)
{
    double base[PAIRS];
    double head[PAIRS];
    struct pw_gate_power power = {0};
    const struct pw_gate_power_options options = {
        .slowdown_ratio = slowdown_ratio,
        .increase_ratio = increase_ratio,
        .alpha = 0.01,
        .beta = 0.05,
        .pairs_min = 1,
        .pairs_max = 60,
        .repetitions = 300,
        .seed = 1,
    };
    make_pairs(spread, 0, base, head);
    assert_int_equal(pw_gate_power(base, head, PAIRS, &options, &power, NULL), 0);
    return power;
}

/* Less noise, or a larger slowdown, is found in fewer pairs; what is below the threshold hardly
 * ever, and then no number of pairs is told. */
static void finds_more_in_less_noise(void **state)
{
    const struct pw_gate_power quiet = power_of(0.01, 0.10, 0.05);
    const struct pw_gate_power noisy = power_of(0.10, 0.10, 0.05);
    const struct pw_gate_power small = power_of(0.10, 0.07, 0.05);
    const struct pw_gate_power none = power_of(0.02, 0.0, 0.05);
    const struct pw_gate_power edge = power_of(0.02, 0.05, 0.05);
    (void)state;
    assert_true(quiet.found_ratio > 0.99);
    assert_true(quiet.pairs >= 7 && quiet.pairs <= 12); /* no e-value of 100 takes less than 7 */
    assert_true(noisy.pairs == 0 || noisy.pairs > quiet.pairs);
    assert_true(small.found_ratio < noisy.found_ratio);
    assert_true(none.found_ratio == 0 && none.pairs == 0);
    assert_true(edge.found_ratio <= 0.03 && edge.pairs == 0); /* alpha, and three standard errors */
}

/* Clopper and Pearson's intervals as R's binom.test() gives them. */
static void gives_exact_intervals(void **state)
{
    static const struct {
        size_t hits, n;
        double low, high;
    } cases[] = {
        {0, 10, 0, 0.3084971},           {10, 10, 0.6915029, 1},
        {5, 10, 0.1870860, 0.8129140},   {2, 200, 0.0012134, 0.0356546},
        {95, 100, 0.8871651, 0.9835681}, {1, 1, 0.025, 1},
    };
    (void)state;
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        const struct pw_interval interval = pw_gate_rate_interval(cases[i].hits, cases[i].n);
        assert_near(interval.low, cases[i].low, 1e-6);
        assert_near(interval.high, cases[i].high, 1e-6);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_known_noise),        cmocka_unit_test(tells_drift_from_none),
        cmocka_unit_test(refuses_what_is_no_pairs), cmocka_unit_test(finds_more_in_less_noise),
        cmocka_unit_test(gives_exact_intervals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
