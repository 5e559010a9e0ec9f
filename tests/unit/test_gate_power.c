/*
 * The promise of the paired gate on simulated machines: errors at the threshold within alpha and
 * beta, and slowdowns found in as few pairs as docs/verdicts.md says. Seeded, so that it never
 * depends on the machine at hand.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../bench/gate_power.h"

enum { REPETITIONS = 400 };

static struct power simulate(double alpha, size_t noise, double threshold, double effect)
{
    const struct pw_sequence_options options = {PW_BETTER_LOWER, threshold, NAN, NAN,
                                                alpha,           0.05,      7,   0};
    struct power power = {0, 0, 0, 0};

    assert_int_equal(gate_power_simulate(&options, gate_power_noise(noise), effect, REPETITIONS,
                                         noise_seed(42, noise), &power),
                     0);
    return power;
}

/* A rate that is alpha has 400 repetitions within three standard errors of it. */
static double most(double alpha)
{
    return 100 * (alpha + 3 * sqrt(alpha * (1 - alpha) / REPETITIONS));
}

static void test_errors_at_the_threshold(void **state)
{
    static const double alphas[] = {0.05, 0.01};

    (void)state;
    for (size_t a = 0; a < 2; a++) {
        for (size_t noise = 0; noise < NOISE_COUNT; noise++) {
            const struct power power = simulate(alphas[a], noise, 0.02, 0.02);
            if (power.regressions > most(alphas[a]) || power.passes > most(0.05))
                fail_msg("%s: %g %% regressions, %g %% passes", gate_power_noise(noise)->name,
                         power.regressions, power.passes);
        }
    }
}

static void test_no_alarm_without_a_change(void **state)
{
    (void)state;
    for (size_t noise = 0; noise < NOISE_COUNT; noise++)
        assert_true(simulate(0.05, noise, 0.02, 0).regressions <= 0.5);
}

/* What the table says, with three standard errors of a rate and a pair of a median to spare. */
static void test_power(void **state)
{
    static const struct {
        double alpha;
        size_t noise;
        double threshold;
        double effect;
        double regressions;
        double passes;
        double pairs;
    } cells[] = {
        {0.05, 0, 0.02, 0.05, 97, 0, 18},       {0.05, 3, 0.02, 0.05, 97, 0, 16},
        {0.01, 2, 0.02, 0.05, 99, 0, 18},       {0.01, 0, 0.02, 0, 0, 73, 34},
        {0.01, NOISE_QUIET, 0.02, 0, 0, 99, 9},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        const struct power power =
            simulate(cells[i].alpha, cells[i].noise, cells[i].threshold, cells[i].effect);
        if (power.regressions < cells[i].regressions || power.passes < cells[i].passes ||
            power.pairs > cells[i].pairs)
            fail_msg("cell %zu: %g %% regressions, %g %% passes, %g pairs", i, power.regressions,
                     power.passes, power.pairs);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_errors_at_the_threshold),
        cmocka_unit_test(test_no_alarm_without_a_change),
        cmocka_unit_test(test_power),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
