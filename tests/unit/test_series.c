/* A series in the launcher: one command several times, and pipes that are kept from run to run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>

#include "launched.h"

enum { ROOM = 200 };

static const uint64_t LONG_NS = UINT64_C(60000000000);

/** A series under test. */
struct series {
    struct pw_process_outcome outcomes[ROOM];
    unsigned done;
    volatile int interrupted;
};

/** Run a shell text as a series. */
static void run_series(struct series *series, const char *text, unsigned runs, uint64_t series_ns,
                       unsigned iteration)
{
    const char *argv[] = {"/bin/sh", "-c", text, NULL};
    const char *envp[] = {"PATH=/usr/bin:/bin", "PERFWARDEN_ITERATION=0", "LAST=1", NULL};
    struct pw_process_spec spec = {.argv = argv,
                                   .envp = envp,
                                   .cwd = "/",
                                   .timeout_ns = 30000 * MS,
                                   .output_max_bytes = 65536,
                                   .interrupted = &series->interrupted};
    struct pw_error err = PW_ERROR_INIT;

    series->done = 0;
    if (executor->execute_series(executor, &spec, runs, series_ns, iteration, series->outcomes,
                                 &series->done, &err) != 0) {
        fail_msg("execute_series: %s", pw_error_message(&err));
    }
}

static void release(struct series *series)
{
    for (unsigned i = 0; i < series->done; i++) {
        pw_process_outcome_release(&series->outcomes[i]);
    }
    free(series);
}

static struct series *new_series(void)
{
    struct series *series = calloc(1, sizeof(*series));

    assert_non_null(series);
    return series;
}

static void test_all_runs_are_made(void **state)
{
    struct series *series = new_series();

    (void)state;
    run_series(series, "exit 0", 150, LONG_NS, 1);
    assert_int_equal(series->done, 150);
    for (unsigned i = 0; i < series->done; i++) {
        assert_int_equal(series->outcomes[i].end, PW_PROCESS_EXITED);
        assert_int_equal(series->outcomes[i].exit_status, 0);
        assert_true(series->outcomes[i].wall_ns > 0);
        assert_true(series->outcomes[i].max_rss_bytes > 0);
        assert_int_equal(series->outcomes[i].standard_output.total_bytes, 0);
        assert_non_null(series->outcomes[i].standard_output.data);
    }
    release(series);
}

static void test_iterations_count_on(void **state)
{
    struct series *series = new_series();

    (void)state;
    run_series(series, "echo $PERFWARDEN_ITERATION $LAST", 4, LONG_NS, 98);
    assert_int_equal(series->done, 4);
    assert_string_equal(series->outcomes[0].standard_output.data, "");
    assert_string_equal(series->outcomes[3].standard_output.data, "98 1\n99 1\n100 1\n101 1\n");
    release(series);
}

static void test_a_failure_ends_it(void **state)
{
    struct series *series = new_series();

    (void)state;
    run_series(series, "test $PERFWARDEN_ITERATION -lt 3 || { echo broken >&2; exit 7; }", 9,
               LONG_NS, 1);
    assert_int_equal(series->done, 3);
    assert_int_equal(series->outcomes[1].exit_status, 0);
    assert_int_equal(series->outcomes[2].exit_status, 7);
    assert_string_equal(series->outcomes[2].standard_error.data, "broken\n");
    release(series);
}

static void test_its_time_ends_it(void **state)
{
    struct series *series = new_series();

    (void)state;
    run_series(series, "sleep 0.05", 100, 120 * MS, 1);
    assert_in_range(series->done, 1, 3);
    release(series);
    series = new_series();
    run_series(series, "exit 0", 100, 0, 1);
    assert_int_equal(series->done, 1);
    release(series);
}

static struct series *interrupted_series;

static void interrupt(int number)
{
    interrupted_series->interrupted = number;
}

static void test_an_interruption_ends_it(void **state)
{
    struct sigaction action;

    (void)state;
    memset(&action, 0, sizeof(action));
    action.sa_handler = interrupt;
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    interrupted_series = new_series();
    (void)alarm(1);
    run_series(interrupted_series, "sleep 0.01", ROOM, LONG_NS, 1);
    assert_in_range(interrupted_series->done, 1, ROOM);
    assert_int_equal(interrupted_series->outcomes[interrupted_series->done - 1].end,
                     PW_PROCESS_INTERRUPTED);
    release(interrupted_series);
}

/** What a program does to its output must not reach the next one. */
static void test_pipes_are_as_new(void **state)
{
    static const char *const SPOILERS[] = {
        "printf spoilt; dd oflag=nonblock if=/dev/null 2>/dev/null; exit 0",
        "sleep 30 & printf spoilt; exit 0",
        "setsid sh -c 'sleep 0.1; echo late' & printf spoilt; exit 0",
        "head -c 300000 /dev/zero; exec 1>&- 2>&-; exit 0",
    };

    (void)state;
    for (size_t i = 0; i < PW_COUNT(SPOILERS); i++) {
        struct series *series = new_series();

        run_series(series, SPOILERS[i], 1, LONG_NS, 1);
        assert_int_equal(series->outcomes[0].exit_status, 0);
        release(series);
        series = new_series();
        /* A pipe that does not block would refuse some of this. */
        run_series(series, "head -c 2000000 /dev/zero && printf ok >&2", 1, LONG_NS, 1);
        assert_int_equal(series->done, 1);
        assert_int_equal(series->outcomes[0].exit_status, 0);
        assert_true(series->outcomes[0].standard_output.total_bytes == 2000000);
        assert_string_equal(series->outcomes[0].standard_error.data, "ok");
        release(series);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_all_runs_are_made),       cmocka_unit_test(test_iterations_count_on),
        cmocka_unit_test(test_a_failure_ends_it),       cmocka_unit_test(test_its_time_ends_it),
        cmocka_unit_test(test_an_interruption_ends_it), cmocka_unit_test(test_pipes_are_as_new),
    };
    struct pw_error err = PW_ERROR_INIT;
    int failed;

    if (pw_launcher_start(&executor, &err) != 0) {
        (void)fprintf(stderr, "%s\n", pw_error_message(&err));
        return 1;
    }
    failed = cmocka_run_group_tests(TESTS, NULL, NULL);
    executor->free(executor);
    return failed;
}
