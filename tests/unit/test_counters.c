/*
 * The processor's counters: their arithmetic, their words, and the way from perf_event_open to an
 * outcome. Software events take the place of the processor's, which few CI machines have.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <sys/personality.h>
#include <sys/wait.h>

#include "../../src/run/child.h"
#include "../../src/run/counters.h"
#include "launched.h"

enum { ALL = (1 << PW_RUN_COUNTER_COUNT) - 1 };

static void test_scaling(void **state)
{
    static const struct {
        uint64_t value;
        uint64_t enabled_ns;
        uint64_t running_ns;
        bool has_value;
        uint64_t scaled;
    } CASES[] = {
        {1000, 50, 50, true, 1000},
        {1000, 100, 50, true, 2000},
        {1000, 300, 200, true, 1500},
        {0, 100, 50, true, 0},
        {UINT64_C(9007199254740993), 7, 7, true, UINT64_C(9007199254740993)}, /* no bit is lost */
        {1000, 100, 0, false, 77},
        {0, 0, 0, false, 77},
    };

    (void)state;
    for (size_t i = 0; i < PW_COUNT(CASES); i++) {
        uint64_t scaled = 77;

        assert_int_equal(
            pw_run_counter_scale(CASES[i].value, CASES[i].enabled_ns, CASES[i].running_ns, &scaled),
            CASES[i].has_value);
        assert_int_equal(scaled, CASES[i].scaled);
    }
}

static void test_reasons(void **state)
{
    static const struct {
        int error_number;
        const char *part;
    } CASES[] = {
        {ENOENT, "not available here: No such file or directory"},
        {EOPNOTSUPP, "not available here: Operation not supported"},
        {EACCES, "set kernel.perf_event_paranoid to 2"},
        {EPERM, "set kernel.perf_event_paranoid to 2"},
        {ENOSYS, "Function not implemented"},
        {EMFILE, "refused"},
        {PW_RUN_COUNTER_NEVER_RAN, "never ran"},
    };

    (void)state;
    for (size_t i = 0; i < PW_COUNT(CASES); i++) {
        assert_non_null(strstr(pw_run_counters_reason(CASES[i].error_number), CASES[i].part));
    }
}

static void test_unpacking(void **state)
{
    const struct pw_run_counter_values values = {{11, 12, 13, 14}, 1 | 8, ENOENT};
    const struct pw_run_counter_values complete = {{11, 12, 13, 14}, ALL, 0};
    const struct pw_run_counter_values unasked = {{0, 0, 0, 0}, 0, 0};
    struct pw_counters counters;

    (void)state;
    pw_run_counters_unpack(&values, &counters);
    assert_true(counters.has_instructions && counters.has_branch_misses);
    assert_false(counters.has_cycles || counters.has_cache_misses);
    assert_int_equal(counters.instructions, 11);
    assert_int_equal(counters.branch_misses, 14);
    assert_non_null(counters.reason);
    pw_run_counters_unpack(&complete, &counters);
    assert_int_equal(counters.cycles, 12);
    assert_int_equal(counters.cache_misses, 13);
    assert_null(counters.reason);
    pw_run_counters_unpack(&unasked, &counters);
    assert_false(counters.has_instructions);
    assert_null(counters.reason);
}

/** Events that every kernel counts, and one that none has. */
static const struct pw_run_counter_event EVENTS[PW_RUN_COUNTER_COUNT] = {
    {PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS},
    {PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK},
    {PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS_MIN},
    {PERF_TYPE_SOFTWARE, 9999},
};

/** Start a program with EVENTS, wait for it, read. @return false where the kernel counts nothing */
static bool count(char *const *argv, struct pw_run_counter_values *out)
{
    static char *const envp[] = {NULL};
    struct pw_run_child_report report;
    struct pw_run_counters counters;
    struct pw_run_command command;
    const struct pw_run_groups groups = PW_RUN_GROUPS_EMPTY;
    int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    int status = 0;
    bool is_counted;
    pid_t pid;

    memset(&command, 0, sizeof(command));
    command.groups = &groups;
    command.path = argv[0];
    command.argv = argv;
    command.envp = envp;
    command.cwd = "/";
    command.stdin_path = "";
    command.network_fd = -1;
    command.stdin_fd = null_fd;
    command.stdout_fd = null_fd;
    command.stderr_fd = null_fd;
    pid = pw_run_child_start_counted(&command, EVENTS, &report, &counters);
    assert_true(pid > 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    is_counted = counters.fds[0] >= 0;
    pw_run_counters_read(&counters, out);
    pw_run_counters_close(&counters);
    (void)close(null_fd);
    return is_counted;
}

static uint64_t count_faults(char *pages, struct pw_run_counter_values *out)
{
    char program[] = MISBEHAVE;
    char habit[] = "fault-pages";
    char *argv[] = {program, habit, pages, NULL};

    if (!count(argv, out)) {
        print_message("software events cannot be counted here: %s\n",
                      pw_run_counters_reason(out->error_number));
        skip();
    }
    return out->values[0];
}

static void test_counts_from_exec_to_end(void **state)
{
    enum { PAGES = 4000 };
    struct pw_run_counter_values few;
    struct pw_run_counter_values many;
    char none[] = "1";
    char some[] = "4000";
    uint64_t without = count_faults(none, &few);
    uint64_t with = count_faults(some, &many);

    (void)state;
    assert_int_equal(many.present, ALL & ~8);
    assert_int_not_equal(many.error_number, 0); /* the fourth is no event */
    assert_true(without > 0);
    assert_true(without < PAGES / 2);
    assert_true(with >= without + PAGES * 9 / 10);
    assert_true(with <= without + PAGES * 11 / 10 + 100);
    assert_true(many.values[1] > 0);
}

/** What a child of the program does counts; what was done before exec does not. */
static void test_counts_descendants(void **state)
{
    char shell[] = "/bin/sh";
    char option[] = "-c";
    char text[] = MISBEHAVE " fault-pages 3000; " MISBEHAVE " fault-pages 3000; :";
    char *argv[] = {shell, option, text, NULL};
    struct pw_run_counter_values values;

    (void)state;
    if (!count(argv, &values)) {
        skip();
    }
    assert_true(values.values[0] >= 5400);
    assert_true(values.values[0] <= 12000);
}

static void test_no_program(void **state)
{
    char missing[] = "/nonexistent/program";
    char *argv[] = {missing, NULL};
    static char *const envp[] = {NULL};
    struct pw_run_command command;
    const struct pw_run_groups groups = PW_RUN_GROUPS_EMPTY;
    struct pw_run_child_report report;
    struct pw_run_counters counters;
    struct pw_run_counter_values values;
    pid_t pid;

    (void)state;
    memset(&command, 0, sizeof(command));
    command.groups = &groups;
    command.path = missing;
    command.argv = argv;
    command.envp = envp;
    command.cwd = "/";
    command.stdin_path = "";
    command.network_fd = -1;
    command.stdin_fd = STDIN_FILENO;
    command.stdout_fd = STDOUT_FILENO;
    command.stderr_fd = STDERR_FILENO;
    pid = pw_run_child_start_counted(&command, EVENTS, &report, &counters);
    assert_true(pid > 0);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    pw_run_counters_read(&counters, &values);
    pw_run_counters_close(&counters);
    /* It never came to exec: there is no value, and not a value of 0. */
    assert_int_equal(values.present, 0);
    assert_int_not_equal(values.error_number, 0);
}

/** Through the launcher: the processor's counts, or the reason why there are none. */
static void test_outcome_has_counts_or_a_reason(void **state)
{
    const char *argv[] = {MISBEHAVE, "spin-ms", "5", NULL};
    struct pw_process_spec spec = {
        .argv = argv, .timeout_ns = 30000 * MS, .wants_counters = true, .output_max_bytes = 65536};
    struct pw_process_outcome outcome = run_spec(&spec);
    const struct pw_counters *counters = &outcome.counters;

    (void)state;
    assert_int_equal(outcome.end, PW_PROCESS_EXITED);
    assert_int_equal(outcome.exit_status, 0);
    if (counters->has_instructions) {
        assert_true(counters->instructions > 10000);
    } else {
        assert_non_null(counters->reason);
        assert_int_equal(counters->instructions, 0);
    }
    pw_process_outcome_release(&outcome);
}

static void test_unasked_nothing_is_counted(void **state)
{
    struct pw_process_outcome outcome = run_habit("succeed", "0");

    (void)state;
    assert_false(outcome.counters.has_instructions || outcome.counters.has_cycles);
    assert_null(outcome.counters.reason);
    pw_process_outcome_release(&outcome);
}

/** The child's personality, as it reports it itself. */
static void test_fixed_addresses(void **state)
{
    const char *argv[] = {"/bin/cat", "/proc/self/personality", NULL};
    struct pw_process_spec spec = {
        .argv = argv, .timeout_ns = 30000 * MS, .fixed_addresses = true, .output_max_bytes = 65536};
    struct pw_process_outcome outcome = run_spec(&spec);

    (void)state;
    assert_true((strtoul(outcome.standard_output.data, NULL, 16) & ADDR_NO_RANDOMIZE) != 0);
    pw_process_outcome_release(&outcome);
    spec.fixed_addresses = false;
    outcome = run_spec(&spec);
    assert_int_equal(strtoul(outcome.standard_output.data, NULL, 16),
                     (unsigned long)personality(0xffffffff));
    pw_process_outcome_release(&outcome);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_scaling),
        cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_unpacking),
        cmocka_unit_test(test_counts_from_exec_to_end),
        cmocka_unit_test(test_counts_descendants),
        cmocka_unit_test(test_no_program),
        cmocka_unit_test(test_outcome_has_counts_or_a_reason),
        cmocka_unit_test(test_unasked_nothing_is_counted),
        cmocka_unit_test(test_fixed_addresses),
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
