/* Runs that fail, on a scripted executor: what ends, what is kept, and the line that says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <signal.h>

#include "perfwarden/run.h"
#include "perfwarden/util.h"
#include "scripted_executor.h"

static void test_a_failure_ends_one_benchmark_only(void **state)
{
    static const struct script_step STEPS[] = {
        {0}, {.code = 2, .error_output = "one\ncannot open 'x'\n \n"}, {0}};
    struct script script = script_of(STEPS, PW_COUNT(STEPS));
    struct pw_benchmark benchmarks[] = {script_benchmark("a"), script_benchmark("b")};
    struct script_outcome outcome = run_script(benchmarks, 2, &script, NULL);
    const struct pw_result_benchmark *entry = pw_result_find(&outcome.result, "a");

    (void)state;
    assert_int_equal(outcome.status, 0);
    assert_int_equal(script.calls, 5);
    assert_int_equal(entry->status, PW_MEASURED_EXIT);
    assert_string_equal(entry->error, "run 2 of 3: exit status 2: cannot open 'x'");
    assert_int_equal(script_series(&outcome, "a", "wall_time")->count, 1);
    assert_int_equal(pw_result_find(&outcome.result, "b")->status, PW_MEASURED_OK);
    assert_int_equal(script_series(&outcome, "b", "wall_time")->count, 3);
    release_script(&outcome, &script);
}

/** A first run that fails, and what is said of it. */
struct failure {
    struct script_step step;
    enum pw_measured status;
    const char *message;
};

#define LINE_OF_50 "01234567890123456789012345678901234567890123456789"

static const struct failure FAILURES[] = {
    {{.code = 1}, PW_MEASURED_EXIT, "run 1 of 3: exit status 1"},
    {{.code = 3, .error_output = "\n\n"}, PW_MEASURED_EXIT, "run 1 of 3: exit status 3"},
    {{.code = 3, .error_output = "a\rprogress 100 %"},
     PW_MEASURED_EXIT,
     "run 1 of 3: exit status 3: progress 100 %"},
    {{.code = 3,
      .error_output = LINE_OF_50 LINE_OF_50 LINE_OF_50
      "0123456789012345678901234567890123456789012345678\303\244xyz"},
     PW_MEASURED_EXIT,
     "run 1 of 3: exit status 3: " LINE_OF_50 LINE_OF_50 LINE_OF_50
     "0123456789012345678901234567890123456789012345678..."},
    {{.end = PW_PROCESS_SIGNALED, .code = SIGSEGV},
     PW_MEASURED_SIGNAL,
     "run 1 of 3: killed by signal 11 (SIGSEGV)"},
    {{.end = PW_PROCESS_SIGNALED, .code = 40},
     PW_MEASURED_SIGNAL,
     "run 1 of 3: killed by signal 40"},
    {{.end = PW_PROCESS_SIGNALED, .code = SIGABRT, .error_output = "x.c:3: assertion failed\n"},
     PW_MEASURED_SIGNAL,
     "run 1 of 3: killed by signal 6 (SIGABRT): x.c:3: assertion failed"},
    {{.end = PW_PROCESS_TIMED_OUT},
     PW_MEASURED_TIMEOUT,
     "run 1 of 3: timed out after 2 s; raise 'timeout' if that is too short"},
    {{.end = PW_PROCESS_NOT_STARTED, .code = ENOENT},
     PW_MEASURED_START,
     "cannot start './bench': no such file or directory; build it first"},
    {{.end = PW_PROCESS_NOT_STARTED, .code = EACCES},
     PW_MEASURED_START,
     "cannot start './bench': it is not executable; if it is a program, chmod +x './bench'"},
    {{.end = PW_PROCESS_NOT_STARTED, .code = ENOEXEC},
     PW_MEASURED_START,
     "cannot start './bench': it is no program for this machine; a script needs a '#!' line"},
    {{.end = PW_PROCESS_NOT_STARTED, .code = E2BIG},
     PW_MEASURED_START,
     "cannot start './bench': Argument list too long"},
    {{.end = PW_PROCESS_NOT_STARTED, .code = ENOENT, .failed_step = PW_START_DIRECTORY},
     PW_MEASURED_START,
     "cannot enter directory '/': No such file or directory; make it, or correct 'cwd'"},
    {{.end = PW_PROCESS_NOT_STARTED, .code = EAGAIN, .failed_step = PW_START_FORK},
     PW_MEASURED_START,
     "cannot start './bench': Resource temporarily unavailable"},
};

static void test_failure_messages(void **state)
{
    (void)state;
    for (size_t i = 0; i < PW_COUNT(FAILURES); i++) {
        struct script script = script_of(&FAILURES[i].step, 1);
        struct pw_benchmark benchmark = script_benchmark("a");
        struct script_outcome outcome = run_script(&benchmark, 1, &script, NULL);
        const struct pw_result_benchmark *entry = pw_result_find(&outcome.result, "a");

        assert_int_equal(outcome.status, 0);
        assert_int_equal(script.calls, 1);
        assert_int_equal(entry->status, FAILURES[i].status);
        assert_string_equal(entry->error, FAILURES[i].message);
        assert_int_equal(script_series(&outcome, "a", "wall_time")->count, 0);
        assert_non_null(script_series(&outcome, "a", "wall_time")->null_reason);
        release_script(&outcome, &script);
    }
}

static void test_memory_limit_is_named(void **state)
{
    static const struct failure CASES[] = {
        {{.end = PW_PROCESS_OUT_OF_MEMORY},
         PW_MEASURED_LIMIT,
         "run 1 of 3: its processes together passed the memory limit of "},
        {{.code = 12, .error_output = "no memory\n"},
         PW_MEASURED_EXIT,
         "run 1 of 3: exit status 12 (it ran under a memory limit of 64.0 MiB): no memory"},
        {{.code = 12, .memory_method = "rlimit", .max_rss_mib = 55},
         PW_MEASURED_EXIT,
         "run 1 of 3: exit status 12 (it ran under a memory limit of 64.0 MiB, which refuses "
         "memory beyond it and may be the cause; if so, raise 'memory_limit')"},
        {{.code = 12, .memory_method = "rlimit", .max_rss_mib = 56, .error_output = "no memory\n"},
         PW_MEASURED_LIMIT,
         "run 1 of 3: exit status 12 with 56.0 MiB of its memory limit of 64.0 MiB in use; raise "
         "'memory_limit' if that is too low: no memory"},
        {{.end = PW_PROCESS_SIGNALED,
          .code = SIGABRT,
          .memory_method = "rlimit",
          .max_rss_mib = 63},
         PW_MEASURED_LIMIT,
         "run 1 of 3: killed by signal 6 (SIGABRT) with 63.0 MiB of its memory limit of "},
        {{.code = 12, .memory_method = "cgroup2", .max_rss_mib = 63},
         PW_MEASURED_EXIT,
         "run 1 of 3: exit status 12 (it ran under a memory limit of 64.0 MiB)"},
        {{.end = PW_PROCESS_TIMED_OUT, .memory_method = "rlimit", .max_rss_mib = 63},
         PW_MEASURED_TIMEOUT,
         "run 1 of 3: timed out after"},
    };

    (void)state;
    for (size_t i = 0; i < PW_COUNT(CASES); i++) {
        struct script script = script_of(&CASES[i].step, 1);
        struct pw_benchmark benchmark = script_benchmark("a");
        struct script_outcome outcome;

        benchmark.memory_limit_bytes = 64 << 20;
        outcome = run_script(&benchmark, 1, &script, NULL);
        assert_int_equal(pw_result_find(&outcome.result, "a")->status, CASES[i].status);
        if (strncmp(pw_result_find(&outcome.result, "a")->error, CASES[i].message,
                    strlen(CASES[i].message)) != 0) {
            fail_msg("%s", pw_result_find(&outcome.result, "a")->error);
        }
        release_script(&outcome, &script);
    }
}

static void test_failing_warmup_is_a_failure(void **state)
{
    struct script script = script_of(&(struct script_step){.code = 1}, 1);
    struct pw_benchmark benchmark = script_benchmark("a");
    struct script_outcome outcome;

    (void)state;
    benchmark.warmup = 1;
    outcome = run_script(&benchmark, 1, &script, NULL);
    assert_int_equal(script.calls, 1);
    assert_string_equal(pw_result_find(&outcome.result, "a")->error,
                        "warm-up run 1 of 1: exit status 1");
    release_script(&outcome, &script);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_a_failure_ends_one_benchmark_only),
        cmocka_unit_test(test_failure_messages),
        cmocka_unit_test(test_memory_limit_is_named),
        cmocka_unit_test(test_failing_warmup_is_a_failure),
    };

    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
