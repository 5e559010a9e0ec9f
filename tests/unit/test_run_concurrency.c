/* Copies that run at once: what a run's values are, which failures count, how copies scale. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "perfwarden/run.h"
#include "perfwarden/util.h"
#include "scripted_executor.h"

static const char *const METRICS[] = {"wall_time", "max_rss", "throughput", "scaling_efficiency"};
static const char *const METRICS_WITH_RATE[] = {"wall_time", "throughput", "success_rate"};

static struct pw_benchmark copies(const char *id, unsigned concurrency)
{
    struct pw_benchmark benchmark = script_benchmark(id);

    benchmark.name = "a";
    benchmark.concurrency = concurrency;
    benchmark.metrics.items = METRICS;
    benchmark.metrics.count = PW_COUNT(METRICS);
    benchmark.runs_min = 2;
    benchmark.runs_max = 2;
    return benchmark;
}

static void assert_sample(const struct pw_series *series, size_t index, double expected)
{
    assert_true(index < series->count);
    assert_true(fabs(series->samples[index] - expected) <= 1e-9 * expected);
}

/** Runs of 10, 20 and 60 ms that start 1 ms apart: the median is 20 ms, all of them take 62 ms. */
static void test_a_run_is_the_median_of_its_copies(void **state)
{
    static const struct script_step STEPS[] = {{.wall_us = 10000}, {.wall_us = 20000},
                                               {.wall_us = 60000}, {.wall_us = 10000},
                                               {.wall_us = 60000}, {.wall_us = 20000}};
    struct script script = script_of(STEPS, PW_COUNT(STEPS));
    struct pw_benchmark benchmark = copies("a", 3);
    struct script_outcome outcome = run_script(&benchmark, 1, &script, NULL);
    const struct pw_series *scaling = script_series(&outcome, "a", "scaling_efficiency");

    (void)state;
    assert_int_equal(outcome.status, 0);
    assert_int_equal(script.calls, 6);
    assert_int_equal(script_series(&outcome, "a", "wall_time")->count, 2);
    assert_sample(script_series(&outcome, "a", "wall_time"), 0, 20e6);
    assert_sample(script_series(&outcome, "a", "wall_time"), 1, 20e6);
    assert_sample(script_series(&outcome, "a", "max_rss"), 0, 1 << 20);
    assert_sample(script_series(&outcome, "a", "throughput"), 0, 3 / 0.062);
    assert_sample(script_series(&outcome, "a", "throughput"), 1, 3 / 0.061);
    assert_int_equal(scaling->count, 0);
    assert_non_null(strstr(scaling->null_reason, "one copy alone was not measured"));
    release_script(&outcome, &script);
}

/** 100/s alone; two copies in 11 ms are 181.8/s, 91 % of twice that. The single one may come last,
 * and one of other parameters is none. */
static void test_scaling(void **state)
{
    static const struct pw_name_value ALONE[] = {{"size", "1"}, {"concurrency", "1"}};
    static const struct pw_name_value TWO[] = {{"size", "1"}, {"concurrency", "2"}};
    static const struct pw_name_value OTHER[] = {{"size", "2"}, {"concurrency", "2"}};
    struct script script = script_of(&(struct script_step){.wall_us = 10000}, 1);
    struct pw_benchmark benchmarks[] = {copies("two", 2), copies("other", 2), copies("alone", 1)};
    struct script_outcome outcome;

    (void)state;
    benchmarks[0].params = TWO;
    benchmarks[1].params = OTHER;
    benchmarks[2].params = ALONE;
    for (size_t i = 0; i < PW_COUNT(benchmarks); i++) {
        benchmarks[i].param_count = 2;
    }
    outcome = run_script(benchmarks, PW_COUNT(benchmarks), &script, NULL);
    assert_int_equal(outcome.status, 0);
    assert_sample(script_series(&outcome, "alone", "throughput"), 0, 100);
    assert_sample(script_series(&outcome, "alone", "scaling_efficiency"), 0, 1);
    assert_int_equal(script_series(&outcome, "two", "scaling_efficiency")->count, 2);
    assert_sample(script_series(&outcome, "two", "scaling_efficiency"), 0, 10.0 / 11);
    assert_null(script_series(&outcome, "two", "scaling_efficiency")->null_reason);
    assert_int_equal(script_series(&outcome, "other", "scaling_efficiency")->count, 0);
    release_script(&outcome, &script);
}

static void test_a_failed_copy_fails_the_run(void **state)
{
    static const struct script_step STEPS[] = {
        {0}, {.code = 9, .error_output = "lost\n"}, {.end = PW_PROCESS_OUT_OF_MEMORY}, {0}};
    struct script script = script_of(STEPS, PW_COUNT(STEPS));
    struct pw_benchmark benchmark = copies("a", 2);
    struct script_outcome outcome = run_script(&benchmark, 1, &script, NULL);

    (void)state;
    assert_int_equal(pw_result_find(&outcome.result, "a")->status, PW_MEASURED_EXIT);
    assert_string_equal(pw_result_find(&outcome.result, "a")->error,
                        "run 1 of 2, copy 2 of 2: exit status 9: lost");
    assert_string_equal(script_series(&outcome, "a", "throughput")->null_reason,
                        "no run of this benchmark succeeded");
    release_script(&outcome, &script);
}

static void test_success_rate(void **state)
{
    static const struct script_step STEPS[] = {
        {.wall_us = 5000}, {.wall_us = 1000, .code = 1}, {0}, {.code = 1},
        {.code = 1},       {.end = PW_PROCESS_TIMED_OUT}};
    struct script script = script_of(STEPS, PW_COUNT(STEPS));
    struct pw_benchmark benchmark = copies("a", 3);
    struct script_outcome outcome;

    (void)state;
    benchmark.metrics.items = METRICS_WITH_RATE;
    benchmark.metrics.count = PW_COUNT(METRICS_WITH_RATE);
    outcome = run_script(&benchmark, 1, &script, NULL);
    assert_sample(script_series(&outcome, "a", "success_rate"), 0, 2.0 / 3);
    assert_sample(script_series(&outcome, "a", "wall_time"), 0, 3e6);
    assert_sample(script_series(&outcome, "a", "throughput"), 0, 2 / 0.005);
    assert_int_equal(script_series(&outcome, "a", "success_rate")->count, 1);
    /* Nothing succeeded in the second run: the worst of the failures is told. */
    assert_int_equal(pw_result_find(&outcome.result, "a")->status, PW_MEASURED_TIMEOUT);
    assert_non_null(strstr(pw_result_find(&outcome.result, "a")->error, "copy 3 of 3"));
    release_script(&outcome, &script);
}

static void test_an_executor_that_cannot(void **state)
{
    struct script script = script_of(&(struct script_step){0}, 1);
    struct pw_benchmark benchmark = copies("a", 2);
    struct script_outcome outcome;

    (void)state;
    script.executor.execute_copies = NULL;
    outcome = run_script(&benchmark, 1, &script, NULL);
    assert_int_equal(outcome.status, PW_EIO);
    release_script(&outcome, &script);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_a_run_is_the_median_of_its_copies),
        cmocka_unit_test(test_scaling),
        cmocka_unit_test(test_a_failed_copy_fails_the_run),
        cmocka_unit_test(test_success_rate),
        cmocka_unit_test(test_an_executor_that_cannot),
    };

    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
