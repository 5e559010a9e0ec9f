/* The schedule on a scripted executor: which runs are made, what is recorded, what ends them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../src/run/precision.h"
#include "perfwarden/run.h"
#include "perfwarden/util.h"
#include "scripted_executor.h"

static void test_quiet_benchmark_is_run_the_minimum(void **state)
{
    struct script script = script_of(&(struct script_step){.wall_us = 1000}, 1);
    struct pw_benchmark benchmark = script_benchmark("a");
    struct script_outcome outcome = run_script(&benchmark, 1, &script, NULL);
    const struct pw_result_benchmark *entry = pw_result_find(&outcome.result, "a");

    (void)state;
    assert_int_equal(outcome.status, 0);
    assert_int_equal(script.calls, 3);
    assert_string_equal(pw_strbuf_text(&script.log),
                        "./bench --fast #1\n./bench --fast #2\n./bench --fast #3\n");
    assert_int_equal(entry->status, PW_MEASURED_OK);
    assert_null(entry->error);
    assert_string_equal(entry->declared, "a");
    assert_int_equal(entry->command_count, 2);
    assert_int_equal(entry->warning_count, 0);
    assert_int_equal(script_series(&outcome, "a", "wall_time")->count, 3);
    assert_true(script_series(&outcome, "a", "wall_time")->samples[2] == 1e6);
    assert_string_equal(script_series(&outcome, "a", "wall_time")->source, "clock");
    assert_string_equal(script_series(&outcome, "a", "wall_time")->unit, "ns");
    assert_true(script_series(&outcome, "a", "cpu_time")->samples[0] == 5e5);
    assert_true(script_series(&outcome, "a", "cpu_utilization")->samples[0] == 0.5);
    assert_true(script_series(&outcome, "a", "max_rss")->samples[0] == 1048576.0);
    assert_true(script_series(&outcome, "a", "io_read_bytes")->samples[0] == 4096.0);
    assert_null(script_series(&outcome, "a", "io_read_bytes")->null_reason);
    release_script(&outcome, &script);
}

static void test_what_cannot_be_had_has_a_reason(void **state)
{
    struct script script = script_of(&(struct script_step){.has_no_io = true}, 1);
    struct pw_benchmark benchmark = script_benchmark("a");
    struct script_outcome outcome = run_script(&benchmark, 1, &script, NULL);

    (void)state;
    assert_int_equal(script_series(&outcome, "a", "io_read_bytes")->count, 0);
    assert_int_equal(outcome.status, 0);
    assert_non_null(strstr(script_series(&outcome, "a", "io_read_bytes")->null_reason, "i/o"));
    release_script(&outcome, &script);
}

static void test_warmup_is_discarded(void **state)
{
    static const struct script_step STEPS[] = {
        {.wall_us = 9000}, {.wall_us = 8000}, {.wall_us = 1000}};
    struct script script = script_of(STEPS, PW_COUNT(STEPS));
    struct pw_benchmark benchmark = script_benchmark("a");
    struct script_outcome outcome;

    (void)state;
    benchmark.warmup = 2;
    outcome = run_script(&benchmark, 1, &script, NULL);
    assert_int_equal(script.calls, 5);
    assert_int_equal(
        strncmp(pw_strbuf_text(&script.log), "./bench --fast #0\n./bench --fast #0\n", 36), 0);
    assert_int_equal(script_series(&outcome, "a", "wall_time")->count, 3);
    assert_true(script_series(&outcome, "a", "wall_time")->samples[0] == 1e6);
    release_script(&outcome, &script);
}

/** Wall times in turns of four, around 1000 µs, and how many runs of 4 to 40 they take. */
struct noise {
    uint64_t spread_us;
    double threshold_ratio; /**< 0 for no threshold */
    size_t runs_min;
    size_t runs_max;
};

static const struct noise NOISES[] = {
    {2, 0.05, 4, 4},  {60, 0.05, 40, 40}, {15, 0.05, 5, 12},  {15, 0, 5, 12},
    {15, 0.20, 4, 4}, {15, 0.02, 20, 39}, {15, 0.01, 40, 40},
};

static void test_runs_follow_the_noise(void **state)
{
    static const uint64_t TURNS[] = {6, 2, 0, 4};

    (void)state;
    for (size_t i = 0; i < PW_COUNT(NOISES); i++) {
        struct script_step steps[40];
        struct pw_threshold threshold = {"wall_time", NOISES[i].threshold_ratio, 0, 0};
        struct pw_benchmark benchmark = script_benchmark("a");
        struct script script = script_of(steps, PW_COUNT(steps));
        struct script_outcome outcome;

        memset(steps, 0, sizeof(steps));
        for (size_t s = 0; s < PW_COUNT(steps); s++) {
            steps[s].wall_us =
                1000 + TURNS[s % 4] * NOISES[i].spread_us / 2 - 3 * NOISES[i].spread_us / 2;
        }
        benchmark.runs_min = 4;
        benchmark.runs_max = 40;
        benchmark.thresholds = &threshold;
        benchmark.threshold_count = NOISES[i].threshold_ratio > 0 ? 1 : 0;
        outcome = run_script(&benchmark, 1, &script, NULL);
        assert_in_range(script.calls, NOISES[i].runs_min, NOISES[i].runs_max);
        release_script(&outcome, &script);
    }
}

/*
 * The logarithms lie 0.0304, 0.0100, 0.0100 and 0.0296 from their median: MAD 0.01980, s = 0.02936,
 * and n must reach (1.2533 · 0.02936 / (ln(1 + τ) / 4))²: 9.1 for 5 %, 55.3 for 2 %, 1.1 for 15 %.
 */
static void test_precision_rule(void **state)
{
    static const struct {
        double threshold_ratio;
        unsigned needed;
    } CASES[] = {{0.05, 10}, {0.02, 56}, {0.15, 2}};
    static const uint64_t WALLS_NS[] = {970000, 990000, 1010000, 1030000};

    (void)state;
    for (size_t i = 0; i < PW_COUNT(CASES); i++) {
        struct pw_threshold threshold = {"wall_time", CASES[i].threshold_ratio, 0, 0};
        struct pw_benchmark benchmark = script_benchmark("a");
        struct pw_run_times times = {NULL, 0, 0};
        unsigned needed = 0;

        benchmark.thresholds = &threshold;
        benchmark.threshold_count = 1;
        for (size_t w = 0; w < PW_COUNT(WALLS_NS); w++) {
            assert_int_equal(pw_run_times_add(&times, WALLS_NS[w], NULL), 0);
        }
        assert_int_equal(pw_run_times_needed(&times, &benchmark, &needed, NULL), 0);
        assert_int_equal(needed, CASES[i].needed);
        pw_run_times_release(&times);
    }
}

/** Steps whose spread always asks for more runs. */
static const struct script_step NOISY[] = {
    {.wall_us = 500}, {.wall_us = 900},  {.wall_us = 2100}, {.wall_us = 700}, {.wall_us = 400},
    {.wall_us = 800}, {.wall_us = 1600}, {.wall_us = 600},  {.wall_us = 300}, {.wall_us = 5000}};

static void test_bounds_and_budgets(void **state)
{
    static const struct {
        struct pw_run_options options;
        uint64_t budget_ns;
        size_t runs;
    } CASES[] = {
        {{0}, UINT64_C(100000000000), 10},
        {{.runs_min = 5, .runs_max = 7}, UINT64_C(100000000000), 7},
        {{.runs_min = 12}, UINT64_C(100000000000), 12},
        {{.runs_max = 2}, UINT64_C(100000000000), 2},
        {{.budget_ns = 1}, UINT64_C(100000000000), 3},
        {{.budget_ns = 1, .runs_min = 4}, UINT64_C(100000000000), 4},
        {{0}, 1, 3},
    };

    (void)state;
    for (size_t i = 0; i < PW_COUNT(CASES); i++) {
        struct script script = script_of(NOISY, PW_COUNT(NOISY));
        struct pw_benchmark benchmark = script_benchmark("a");
        struct script_outcome outcome;

        benchmark.budget_ns = CASES[i].budget_ns;
        outcome = run_script(&benchmark, 1, &script, &CASES[i].options);
        assert_int_equal(outcome.status, 0);
        assert_int_equal(script.calls, CASES[i].runs);
        release_script(&outcome, &script);
    }
}

static void test_filters(void **state)
{
    const char *filters[] = {"b*"};
    const char *none[] = {"nothing"};
    struct pw_run_options options = {.filters = filters, .filter_count = 1};
    struct script script = script_of(&(struct script_step){0}, 1);
    struct pw_benchmark benchmarks[] = {script_benchmark("a"), script_benchmark("b/n=1")};
    struct script_outcome outcome = run_script(benchmarks, 2, &script, &options);

    (void)state;
    assert_int_equal(outcome.status, 0);
    assert_int_equal(outcome.result.benchmark_count, 1);
    assert_string_equal(outcome.result.benchmarks[0].id, "b/n=1");
    release_script(&outcome, &script);
    options.filters = none;
    outcome = run_script(benchmarks, 2, &script, &options);
    assert_int_equal(outcome.status, PW_ENOTFOUND);
    assert_string_equal(pw_error_message(&outcome.err),
                        "no benchmark of 'perfwarden.yml' matches 'nothing'");
    release_script(&outcome, &script);
}

static void test_interruption_keeps_what_was_measured(void **state)
{
    static const struct script_step STEPS[] = {{0}, {0}, {0}, {0}, {.end = PW_PROCESS_INTERRUPTED}};
    int flag = 0;
    struct pw_run_options options = {.interrupted = &flag};
    struct script script = script_of(STEPS, PW_COUNT(STEPS));
    struct pw_benchmark benchmarks[] = {script_benchmark("a"), script_benchmark("b"),
                                        script_benchmark("c")};
    struct script_outcome outcome;

    (void)state;
    script.flag = &flag;
    script.flag_at = 5;
    outcome = run_script(benchmarks, 3, &script, &options);
    assert_int_equal(outcome.status, PW_EINTERRUPTED);
    assert_int_equal(outcome.result.benchmark_count, 2);
    assert_int_equal(pw_result_find(&outcome.result, "a")->status, PW_MEASURED_OK);
    assert_int_equal(pw_result_find(&outcome.result, "b")->status, PW_MEASURED_INTERRUPTED);
    assert_string_equal(pw_result_find(&outcome.result, "b")->error, "run 2 of 3: interrupted");
    assert_int_equal(script_series(&outcome, "b", "wall_time")->count, 1);
    release_script(&outcome, &script);
    outcome = run_script(benchmarks, 3, &script,
                         &options); /* the flag is set already: nothing is started */
    assert_int_equal(outcome.status, PW_EINTERRUPTED);
    assert_int_equal(outcome.result.benchmark_count, 0);
    release_script(&outcome, &script);
}

static void test_signal_between_runs(void **state)
{
    int flag = 0;
    struct pw_run_options options = {.interrupted = &flag};
    struct script script = script_of(&(struct script_step){0}, 1);
    struct pw_benchmark benchmark = script_benchmark("a");
    struct script_outcome outcome;

    (void)state;
    script.flag = &flag;
    script.flag_at = 2; /* the second run itself still ends well */
    outcome = run_script(&benchmark, 1, &script, &options);
    assert_int_equal(outcome.status, PW_EINTERRUPTED);
    assert_int_equal(script.calls, 2);
    assert_int_equal(script_series(&outcome, "a", "wall_time")->count, 2);
    release_script(&outcome, &script);
}

static void test_broken_executor(void **state)
{
    static const struct script_step STEPS[] = {{0}, {.breaks = true}};
    struct script script = script_of(STEPS, PW_COUNT(STEPS));
    struct pw_benchmark benchmark = script_benchmark("a");
    struct script_outcome outcome = run_script(&benchmark, 1, &script, NULL);

    (void)state;
    assert_int_equal(outcome.status, PW_EIO);
    assert_string_equal(pw_error_message(&outcome.err), "the executor is broken");
    /* The one run that was made does not pass for the whole: it is made again after resuming. */
    assert_int_equal(outcome.result.benchmarks[0].status, PW_MEASURED_INTERRUPTED);
    assert_string_equal(outcome.result.benchmarks[0].error, "the executor is broken");
    release_script(&outcome, &script);
}

static void check_environment(const struct pw_process_spec *spec)
{
    assert_string_equal(script_variable(spec->envp, "LC_ALL"), "de_DE");
    assert_string_equal(script_variable(spec->envp, "TZ"), "UTC");
    assert_string_equal(script_variable(spec->envp, "PERFWARDEN_BENCHMARK"), "a");
    assert_string_equal(script_variable(spec->envp, "PERFWARDEN_SIDE"), "head");
    assert_string_equal(script_variable(spec->envp, "PERFWARDEN_PARAM_BLOCK_SIZE"), "4 k");
    assert_int_equal(strlen(script_variable(spec->envp, "PERFWARDEN_RUN_ID")), PW_RUN_ID_SIZE - 1);
    assert_non_null(script_variable(spec->envp, "PATH"));
    assert_string_equal(script_variable(spec->envp, "PERFWARDEN_TEST_INHERITED"), "configured");
    for (size_t i = 0; spec->envp[i] != NULL; i++) {
        size_t length = strcspn(spec->envp[i], "=") + 1;

        for (size_t j = 0; j < i; j++) {
            assert_true(strncmp(spec->envp[i], spec->envp[j], length) != 0);
        }
    }
}

static void test_environment(void **state)
{
    static const struct pw_name_value ENV[] = {{"LC_ALL", "de_DE"},
                                               {"PERFWARDEN_TEST_INHERITED", "configured"}};
    static const struct pw_name_value PARAMS[] = {{"block-size", "4 k"}};
    struct script script = script_of(&(struct script_step){0}, 1);
    struct pw_benchmark benchmark = script_benchmark("a");
    struct script_outcome outcome;

    (void)state;
    assert_int_equal(setenv("PERFWARDEN_TEST_INHERITED", "inherited", 1), 0);
    script.inspect = check_environment;
    benchmark.env = ENV;
    benchmark.env_count = PW_COUNT(ENV);
    benchmark.params = PARAMS;
    benchmark.param_count = PW_COUNT(PARAMS);
    outcome = run_script(&benchmark, 1, &script, NULL);
    assert_int_equal(outcome.status, 0);
    assert_string_equal(pw_result_find(&outcome.result, "a")->params[0].name, "block-size");
    release_script(&outcome, &script);
}

/** What an observer was told. */
struct told {
    unsigned started;
    unsigned runs;
    unsigned ended;
    unsigned expected;
};

static void on_started(void *context, const struct pw_benchmark *benchmark, size_t index,
                       size_t total)
{
    struct told *told = context;

    assert_non_null(benchmark);
    assert_int_equal(index, told->started);
    assert_int_equal(total, 2);
    told->started++;
}

static void on_run(void *context, const struct pw_benchmark *benchmark, unsigned done,
                   unsigned expected, uint64_t wall_ns)
{
    struct told *told = context;

    assert_non_null(benchmark);
    assert_true(done <= expected);
    assert_int_equal(wall_ns, 1000000);
    told->runs++;
    told->expected = expected;
}

static void on_ended(void *context, const struct pw_benchmark *benchmark,
                     const struct pw_result_benchmark *entry)
{
    struct told *told = context;

    assert_string_equal(benchmark->id, entry->id);
    told->ended++;
}

static void test_observer(void **state)
{
    struct told told = {0, 0, 0, 0};
    const struct pw_run_observer observer = {&told, on_started, on_run, on_ended};
    struct pw_run_options options = {.observer = &observer};
    struct script script = script_of(&(struct script_step){0}, 1);
    struct pw_benchmark benchmarks[] = {script_benchmark("a"), script_benchmark("b")};
    struct script_outcome outcome;

    (void)state;
    benchmarks[0].warmup = 1;
    outcome = run_script(benchmarks, 2, &script, &options);
    assert_int_equal(told.started, 2);
    assert_int_equal(told.runs, 7);
    assert_int_equal(told.ended, 2);
    assert_int_equal(told.expected, 3);
    release_script(&outcome, &script);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_quiet_benchmark_is_run_the_minimum),
        cmocka_unit_test(test_what_cannot_be_had_has_a_reason),
        cmocka_unit_test(test_warmup_is_discarded),
        cmocka_unit_test(test_runs_follow_the_noise),
        cmocka_unit_test(test_precision_rule),
        cmocka_unit_test(test_bounds_and_budgets),
        cmocka_unit_test(test_filters),
        cmocka_unit_test(test_interruption_keeps_what_was_measured),
        cmocka_unit_test(test_signal_between_runs),
        cmocka_unit_test(test_broken_executor),
        cmocka_unit_test(test_environment),
        cmocka_unit_test(test_observer),
    };

    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
