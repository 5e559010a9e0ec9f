/* The commands around a benchmark: when they are run, and what comes of their failures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "perfwarden/run.h"
#include "perfwarden/util.h"
#include "scripted_executor.h"

static const char *const SETUP[] = {"setup"};
static const char *const PREPARE[] = {"prepare"};
static const char *const CONCLUDE[] = {"conclude"};
static const char *const CLEANUP[] = {"cleanup"};
static const char *const BENCH[] = {"bench"};

#define ONE(words)                                                                                 \
    (struct pw_strings)                                                                            \
    {                                                                                              \
        words, 1                                                                                   \
    }

static struct pw_benchmark hooked(void)
{
    struct pw_benchmark benchmark = script_benchmark("a");

    benchmark.command = ONE(BENCH);
    benchmark.setup = ONE(SETUP);
    benchmark.prepare = ONE(PREPARE);
    benchmark.conclude = ONE(CONCLUDE);
    benchmark.cleanup = ONE(CLEANUP);
    benchmark.warmup = 1;
    benchmark.runs_min = 2;
    benchmark.runs_max = 2;
    benchmark.memory_limit_bytes = 4096;
    return benchmark;
}

/** Hooks have the benchmark's environment, directory and time limit, and none of its other limits.
 */
static void check_spec(const struct pw_process_spec *spec)
{
    const bool is_hook = strcmp(spec->argv[0], "bench") != 0;

    assert_string_equal(spec->cwd, "/");
    assert_true(spec->timeout_ns == UINT64_C(2000000000));
    assert_true(spec->memory_limit_bytes == (is_hook ? 0 : 4096));
    assert_string_equal(script_variable(spec->envp, "PERFWARDEN_BENCHMARK"), "a");
    assert_string_equal(script_variable(spec->envp, "TZ"), "UTC");
}

static void test_order(void **state)
{
    struct script script = script_of(&(struct script_step){0}, 1);
    struct pw_benchmark benchmark = hooked();
    struct script_outcome outcome;

    (void)state;
    script.inspect = check_spec;
    outcome = run_script(&benchmark, 1, &script, NULL);
    assert_int_equal(outcome.status, 0);
    assert_string_equal(pw_strbuf_text(&script.log), "setup #0\n"
                                                     "prepare #0\nbench #0\nconclude #0\n"
                                                     "prepare #1\nbench #1\nconclude #1\n"
                                                     "prepare #2\nbench #2\nconclude #2\n"
                                                     "cleanup #2\n");
    assert_int_equal(script_series(&outcome, "a", "wall_time")->count, 2);
    assert_int_equal(pw_result_find(&outcome.result, "a")->status, PW_MEASURED_OK);
    release_script(&outcome, &script);
}

/** The call of this number fails: what is said, what is run after it, and what was measured. */
struct failing_call {
    size_t call; /**< from 1 */
    enum pw_measured status;
    const char *error;
    const char *rest; /**< of the log from the failing call on */
    size_t samples;
};

static const struct failing_call FAILING_CALLS[] = {
    {1, PW_MEASURED_HOOK, "'setup': exit status 7: no disk", "setup #0\ncleanup #0\n", 0},
    {2, PW_MEASURED_HOOK, "'prepare' before warm-up run 1 of 1: exit status 7: no disk",
     "prepare #0\ncleanup #0\n", 0},
    {6, PW_MEASURED_EXIT,
     "run 1 of 2: exit status 7 (it ran under a memory limit of 4.00 KiB): no "
     "disk",
     "bench #1\nconclude #1\ncleanup #1\n", 0},
    {7, PW_MEASURED_HOOK, "'conclude' after run 1 of 2: exit status 7: no disk",
     "conclude #1\ncleanup #1\n", 1},
    {8, PW_MEASURED_HOOK, "'prepare' before run 2 of 2: exit status 7: no disk",
     "prepare #2\ncleanup #2\n", 1},
    {11, PW_MEASURED_HOOK, "'cleanup': exit status 7: no disk", "cleanup #2\n", 2},
};

static void test_failures(void **state)
{
    (void)state;
    for (size_t i = 0; i < PW_COUNT(FAILING_CALLS); i++) {
        const struct failing_call *given = &FAILING_CALLS[i];
        struct script_step steps[12] = {{0}};
        struct script script = script_of(steps, PW_COUNT(steps));
        struct pw_benchmark benchmark = hooked();
        struct script_outcome outcome;
        const struct pw_result_benchmark *entry;
        const char *log;

        steps[given->call - 1] = (struct script_step){.code = 7, .error_output = "no disk\n"};
        outcome = run_script(&benchmark, 1, &script, NULL);
        entry = pw_result_find(&outcome.result, "a");
        assert_int_equal(outcome.status, 0);
        assert_int_equal(entry->status, given->status);
        assert_string_equal(entry->error, given->error);
        log = pw_strbuf_text(&script.log);
        assert_string_equal(log + strlen(log) - strlen(given->rest), given->rest);
        assert_int_equal(script_series(&outcome, "a", "wall_time")->count, given->samples);
        release_script(&outcome, &script);
    }
}

/** A run's failure is what is said of the benchmark; a hook's failure behind it is a warning. */
static void test_the_first_failure_counts(void **state)
{
    struct script_step steps[5] = {{0}};
    struct script script = script_of(steps, PW_COUNT(steps));
    struct pw_benchmark benchmark = hooked();
    struct script_outcome outcome;
    const struct pw_result_benchmark *entry;

    (void)state;
    steps[2] = (struct script_step){.end = PW_PROCESS_TIMED_OUT};
    steps[4] = (struct script_step){.end = PW_PROCESS_NOT_STARTED, .code = 2};
    outcome = run_script(&benchmark, 1, &script, NULL);
    entry = pw_result_find(&outcome.result, "a");
    assert_int_equal(entry->status, PW_MEASURED_TIMEOUT);
    assert_int_equal(entry->warning_count, 1);
    assert_string_equal(entry->warnings[0],
                        "'cleanup': cannot start 'cleanup': not found in PATH; install it, or "
                        "write './cleanup' for a file of that name");
    release_script(&outcome, &script);
}

static int stop_flag;

/** After the signal the hooks that undo something are no longer to be interrupted. */
static void check_interruption(const struct pw_process_spec *spec)
{
    const bool is_undoing =
        strcmp(spec->argv[0], "conclude") == 0 || strcmp(spec->argv[0], "cleanup") == 0;

    assert_true((spec->interrupted == NULL) == (is_undoing && stop_flag != 0));
}

static void test_cleanup_follows_an_interruption(void **state)
{
    struct script_step steps[8] = {{0}};
    struct script script = script_of(steps, PW_COUNT(steps));
    struct pw_run_options options = {.interrupted = &stop_flag};
    struct pw_benchmark benchmarks[] = {hooked(), hooked()};
    struct script_outcome outcome;

    (void)state;
    benchmarks[1].id = "b";
    stop_flag = 0;
    steps[5].end = PW_PROCESS_INTERRUPTED;
    script.flag = &stop_flag;
    script.flag_at = 6;
    script.inspect = check_interruption;
    outcome = run_script(benchmarks, 2, &script, &options);
    assert_int_equal(outcome.status, PW_EINTERRUPTED);
    assert_int_equal(pw_result_find(&outcome.result, "a")->status, PW_MEASURED_INTERRUPTED);
    assert_string_equal(pw_strbuf_text(&script.log), "setup #0\n"
                                                     "prepare #0\nbench #0\nconclude #0\n"
                                                     "prepare #1\nbench #1\nconclude #1\n"
                                                     "cleanup #1\n");
    release_script(&outcome, &script);
}

/** Statuses that are a success, and one that is none. */
static void test_success(void **state)
{
    static const int SUCCESS[] = {3, 4};
    static const struct script_step STEPS[] = {{.code = 3}, {.code = 4}, {.code = 0}};
    struct script script = script_of(STEPS, PW_COUNT(STEPS));
    struct pw_benchmark benchmark = script_benchmark("a");
    struct script_outcome outcome;

    (void)state;
    benchmark.success = SUCCESS;
    benchmark.success_count = PW_COUNT(SUCCESS);
    outcome = run_script(&benchmark, 1, &script, NULL);
    assert_int_equal(script_series(&outcome, "a", "wall_time")->count, 2);
    assert_int_equal(pw_result_find(&outcome.result, "a")->status, PW_MEASURED_EXIT);
    assert_string_equal(pw_result_find(&outcome.result, "a")->error,
                        "run 3 of 3: exit status 0, where 'success' allows 3, 4");
    release_script(&outcome, &script);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_the_first_failure_counts),
        cmocka_unit_test(test_cleanup_follows_an_interruption),
        cmocka_unit_test(test_success),
    };

    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
