/*
 * The stored verdict's arithmetic: known values, and its error rates by seeded simulation.
 *
 * A head that is exactly at the threshold raises a false alarm when it lies above its interval, a
 * false pass when below: both are P(|head − centre| > half-width) a side.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../src/gate/prediction.h"
#include "perfwarden/stats.h"

#define REPETITIONS 4000

static struct pw_prediction predict(const double *values, size_t n)
{
    const struct pw_prediction_options options = {0.01, 0.03, 0, log(1.05)};
    struct pw_prediction prediction;

    assert_int_equal(pw_gate_predict(values, n, &options, &prediction, NULL), 0);
    return prediction;
}

static void check_near(double actual, double expected)
{
    if (!(fabs(actual - expected) <= 1e-9))
        fail_msg("%.17g is not %.17g", actual, expected);
}

static void test_few_sessions(void **state)
{
    static const double values[] = {0.02, 0.01, 0.0};
    const double z = 2.3263478740408411;

    (void)state;
    check_near(predict(values, 1).half_width, z * 0.03 * sqrt(2));
    assert_true(predict(values, 1).uses_prior);
    check_near(predict(values, 2).half_width, z * 0.03 * sqrt(1.5));
    check_near(predict(values, 2).centre, 0.015);
    check_near(predict(values, 3).centre, 0.01);
    assert_true(predict(values, 3).uses_prior);
}

static void test_few_noisy_sessions(void **state)
{
    static const double values[] = {0.0, 0.1};
    const struct pw_prediction prediction = predict(values, 2);

    (void)state;
    assert_false(prediction.uses_prior);
    check_near(prediction.noise, 1.4826 * 0.1 / sqrt(2));
}

static void test_change_is_cut(void **state)
{
    /* the newest session alone is on a new level */
    static const double step[] = {0, 0.002, -0.001, 0.001, 0, 0.002, 0.1};
    /* the same levels with as much noise as the step */
    static const double noise[] = {0, 0.1, 0.02, 0.09, -0.01, 0.06, 0.1};
    /* counts without noise but one step, and with jumps to and fro */
    static const double counts[] = {1, 1, 1, 1, 1, 1, 1.2, 1.2};
    static const double jumps[] = {1, 1, 1, 1.2, 1, 1, 1, 1.2, 1, 1};

    (void)state;
    assert_int_equal(predict(step, 7).sessions, 1);
    check_near(predict(step, 7).centre, 0.1);
    assert_false(predict(step, 7).uses_prior);
    assert_true(predict(step, 7).half_width < 0.02);
    assert_int_equal(predict(noise, 7).sessions, 7);
    assert_int_equal(predict(counts, 8).sessions, 2);
    assert_int_equal(predict(jumps, 10).sessions, 10);
    assert_true(predict(jumps, 10).half_width > 0.2);
}

/* A second session much slower than the first is an accepted change; one a little slower is noise.
 */
static void test_large_change_of_few_is_cut(void **state)
{
    static const double accepted[] = {0.0, 0.01, 0.7};
    static const double noisy[] = {0.0, 0.01, 0.2};

    (void)state;
    assert_int_equal(predict(accepted + 1, 2).sessions, 1);
    assert_int_equal(predict(accepted, 3).sessions, 1);
    check_near(predict(accepted, 3).centre, 0.7);
    check_near(predict(accepted, 3).half_width, predict(accepted, 1).half_width);
    assert_true(predict(accepted, 3).uses_prior);
    assert_int_equal(predict(noisy, 3).sessions, 3);
    assert_true(predict(noisy, 3).half_width > 0.2);
}

/* One bad session does not blind the gate, whether its two jumps are cut or it is clipped. */
static void test_one_bad_session(void **state)
{
    static const double badness[] = {0.5, 0.09};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const double values[] = {0,          0.002, -0.001, 0.001,  0,     0.002,
                                 badness[i], 0.001, 0,      -0.002, 0.001, 0};
        assert_true(predict(values, 12).half_width < 0.02);
    }
}

static void test_within_is_a_floor(void **state)
{
    static const double values[] = {0, 0.001, 0, 0.001, 0, 0.001};
    const struct pw_prediction_options options = {0.01, 0.03, 0.2, log(1.05)};
    struct pw_prediction prediction;

    (void)state;
    assert_int_equal(pw_gate_predict(values, 6, &options, &prediction, NULL), 0);
    check_near(prediction.noise, 0.2);
}

/** A kind of noise between sessions. */
struct noise {
    double white;  /**< standard deviation, independent */
    double drift;  /**< standard deviation of an AR(1) part */
    double memory; /**< its correlation from one session to the next */
};

/** What a simulation must keep to, for each number of sessions. */
struct promise {
    struct noise noise;
    double alpha;
    double most[6]; /**< % of false alarms, and of false passes */
};

static double uniform(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return ((double)((*state * UINT64_C(2685821657736338717)) >> 11) + 0.5) / 9007199254740992.0;
}

static double normal(uint64_t *state)
{
    return pw_stats_normal_quantile(uniform(state));
}

static void draw(const struct noise *noise, size_t n, double *values, uint64_t *state)
{
    double drift = noise->drift * normal(state);

    for (size_t i = 0; i < n; i++) {
        values[i] = drift + noise->white * normal(state);
        drift = noise->memory * drift +
                noise->drift * sqrt(1 - noise->memory * noise->memory) * normal(state);
    }
}

static void check_promise(const struct promise *promise, size_t n, double most)
{
    const struct pw_prediction_options options = {promise->alpha, 0.03, 0, log(1.05)};
    uint64_t state = UINT64_C(0x9E3779B97F4A7C15) + n;
    unsigned above = 0;
    unsigned below = 0;

    for (unsigned i = 0; i < REPETITIONS; i++) {
        double values[21];
        struct pw_prediction prediction;
        draw(&promise->noise, n + 1, values, &state);
        assert_int_equal(pw_gate_predict(values, n, &options, &prediction, NULL), 0);
        above += values[n] - prediction.centre > prediction.half_width;
        below += values[n] - prediction.centre < -prediction.half_width;
    }
    if (100.0 * above / REPETITIONS > most || 100.0 * below / REPETITIONS > most)
        fail_msg("%zu sessions: %u false alarms, %u false passes of %d", n, above, below,
                 REPETITIONS);
}

/*
 * Bounds are α with room for three standard errors of 4,000 repetitions, 1.47 % for α = 1 %. Drift
 * with a long memory is allowed up to twice α: no choice of width holds it without making the gate
 * blind to what is there without drift.
 */
static void test_error_rates(void **state)
{
    static const size_t sessions[6] = {1, 2, 3, 5, 10, 20};
    static const struct promise promises[] = {
        /* as noisy as the prior says */
        {{0.03, 0, 0}, 0.01, {1.47, 1.47, 1.47, 1.47, 1.47, 1.47}},
        {{0.03, 0, 0}, 0.05, {6.03, 6.03, 6.03, 6.03, 6.03, 6.03}},
        /* quieter, and noisier once that can be known */
        {{0.003, 0, 0}, 0.01, {0, 0, 0, 1.47, 1.47, 1.47}},
        {{0.10, 0, 0}, 0.01, {100, 100, 100, 1.47, 1.47, 1.47}},
        /* drift */
        {{0, 0.03, 0.5}, 0.01, {1.47, 1.47, 1.47, 1.47, 2, 2}},
        {{0, 0.03, 0.9}, 0.01, {1.47, 1.47, 1.47, 1.47, 2.4, 2.4}},
        {{0.02, 0.06, 0.97}, 0.01, {1.47, 1.47, 1.47, 1.47, 2, 2}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof promises / sizeof promises[0]; i++) {
        for (size_t k = 0; k < 6; k++)
            check_promise(&promises[i], sessions[k], promises[i].most[k]);
    }
}

/* With noise of 0.3 % and ten sessions, 3 % is told from 5 %, and 7 % from 5 %. */
static void test_power(void **state)
{
    const struct noise quiet = {0.003, 0, 0};
    const struct pw_prediction_options options = {0.01, 0.03, 0, log(1.05)};
    uint64_t seed = 4;
    unsigned decided = 0;

    (void)state;
    for (unsigned i = 0; i < REPETITIONS; i++) {
        double values[11];
        struct pw_prediction prediction;
        draw(&quiet, 11, values, &seed);
        assert_int_equal(pw_gate_predict(values, 10, &options, &prediction, NULL), 0);
        decided += fabs(values[10] - prediction.centre) + prediction.half_width < log(1.07 / 1.05);
    }
    assert_true(decided > REPETITIONS * 3 / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_few_sessions),    cmocka_unit_test(test_few_noisy_sessions),
        cmocka_unit_test(test_change_is_cut),   cmocka_unit_test(test_large_change_of_few_is_cut),
        cmocka_unit_test(test_one_bad_session), cmocka_unit_test(test_within_is_a_floor),
        cmocka_unit_test(test_error_rates),     cmocka_unit_test(test_power),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
