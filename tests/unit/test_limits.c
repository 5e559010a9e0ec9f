/*
 * What a run may use: memory, processors, network, input. Every test holds with control groups and
 * without: what is in force is in the outcome, and what cannot be enforced is refused with a
 * remedy. As root, all is tested a second time as somebody without privileges.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "../../src/run/failure.h"
#include "launched.h"

/** Whom the second round runs as: nobody, on every system. */
enum { UNPRIVILEGED_ID = 65534 };

static struct pw_process_outcome run_limited(struct pw_process_spec *spec, const char *habit,
                                             const char *number)
{
    const char *argv[] = {MISBEHAVE, habit, number, NULL};

    spec->argv = argv;
    spec->timeout_ns = 60000 * MS;
    spec->output_max_bytes = 65536;
    return run_spec(spec);
}

static bool is_held_by_group(const char *method)
{
    return method != NULL && strncmp(method, "cgroup", 6) == 0;
}

static void assert_refused(const struct pw_process_outcome *outcome, enum pw_start_step step,
                           const char *what)
{
    assert_int_equal(outcome->end, PW_PROCESS_NOT_STARTED);
    assert_int_equal(outcome->failed_step, step);
    assert_true(outcome->error_number > 0);
    assert_non_null(outcome->failed_what);
    assert_non_null(strstr(outcome->failed_what, what));
    assert_non_null(outcome->failed_remedy);
}

/** A group ends who is over the limit; without one, memory is refused, as the habit reports. */
static void test_memory_limit(void **state)
{
    static const char *const HABITS[] = {"allocate-mib", "raise-limits"};

    (void)state;
    for (size_t i = 0; i < PW_COUNT(HABITS); i++) {
        struct pw_process_spec spec = {.memory_limit_bytes = 64 * MIB};
        struct pw_process_outcome outcome = run_limited(&spec, HABITS[i], "200");

        assert_non_null(outcome.memory_method);
        assert_non_null(outcome.ending_method);
        if (is_held_by_group(outcome.memory_method)) {
            assert_int_equal(outcome.end, PW_PROCESS_OUT_OF_MEMORY);
            assert_true(outcome.has_tree_peak);
            assert_in_range(outcome.tree_peak_bytes, 32 * MIB, 64 * MIB);
        } else {
            assert_string_equal(outcome.memory_method, "rlimit");
            assert_int_equal(outcome.end, PW_PROCESS_EXITED);
            assert_int_equal(outcome.exit_status, 12);
            assert_false(outcome.has_tree_peak);
        }
        pw_process_outcome_release(&outcome);
    }
}

/** The leader exits 0 although its child was ended: only the group's count tells. */
static void test_memory_limit_of_a_child(void **state)
{
    struct pw_process_spec spec = {.memory_limit_bytes = 64 * MIB};
    struct pw_process_outcome outcome = run_limited(&spec, "allocate-in-one-child", "200");

    (void)state;
    if (is_held_by_group(outcome.memory_method)) {
        assert_int_equal(outcome.end, PW_PROCESS_OUT_OF_MEMORY);
    } else {
        assert_int_equal(outcome.end, PW_PROCESS_EXITED);
    }
    pw_process_outcome_release(&outcome);
}

/** Whoever holds to the limit, a program that has come to it is judged the same. */
static void test_memory_limit_is_the_verdict(void **state)
{
    struct pw_process_spec spec = {.memory_limit_bytes = 64 * MIB};
    const struct pw_benchmark benchmark = {.memory_limit_bytes = 64 * MIB};
    struct pw_process_outcome outcome = run_limited(&spec, "allocate-bit-by-bit", "200");

    (void)state;
    assert_int_equal(pw_run_judge(&benchmark, &outcome), PW_MEASURED_LIMIT);
    pw_process_outcome_release(&outcome);
}

static void test_memory_below_the_limit(void **state)
{
    struct pw_process_spec spec = {.memory_limit_bytes = 256 * MIB};
    struct pw_process_outcome outcome = run_limited(&spec, "allocate-mib", "100");

    (void)state;
    assert_int_equal(outcome.end, PW_PROCESS_EXITED);
    assert_int_equal(outcome.exit_status, 0);
    if (outcome.has_tree_peak) {
        assert_in_range(outcome.tree_peak_bytes, 90 * MIB, 256 * MIB);
    }
    pw_process_outcome_release(&outcome);
}

static void test_no_limit_takes_no_group(void **state)
{
    struct pw_process_spec spec = {0};
    struct pw_process_outcome outcome = run_limited(&spec, "succeed", "0");

    (void)state;
    assert_null(outcome.memory_method);
    assert_null(outcome.cpu_method);
    assert_string_equal(outcome.ending_method, "subreaper");
    assert_false(outcome.has_tree_peak);
    assert_false(outcome.has_network);
    assert_null(outcome.failed_what);
    pw_process_outcome_release(&outcome);
}

/** 400 ms of work at a fifth of a processor take about two seconds. */
static void test_cpu_limit(void **state)
{
    struct pw_process_spec spec = {.cpu_limit = 0.2};
    struct pw_process_outcome outcome = run_limited(&spec, "spin-ms", "400");

    (void)state;
    if (is_held_by_group(outcome.cpu_method)) {
        assert_int_equal(outcome.end, PW_PROCESS_EXITED);
        assert_true(outcome.wall_ns > 1000 * MS);
        assert_true(outcome.throttled_ns > 100 * MS);
    } else {
        assert_refused(&outcome, PW_START_LIMIT, "cpu_limit");
        assert_non_null(strstr(outcome.failed_remedy, "control group"));
    }
    pw_process_outcome_release(&outcome);
}

/** The processors that this test may use. @return how many of them, at most `room`, were put down
 */
static size_t find_cpus(unsigned *cpus, size_t room)
{
    struct pw_process_spec spec = {0};
    struct pw_process_outcome outcome = run_limited(&spec, "print-cpus", "0");
    char *at = outcome.standard_output.data;
    size_t count = 0;

    while (count < room && *at != '\0') {
        cpus[count++] = (unsigned)strtoul(at, &at, 10);
        at++;
    }
    pw_process_outcome_release(&outcome);
    assert_true(count > 0);
    return count;
}

static void test_pinning(void **state)
{
    unsigned cpus[64];
    size_t count = find_cpus(cpus, PW_COUNT(cpus));

    (void)state;
    for (size_t i = 0; i < count; i++) {
        struct pw_process_spec spec = {.cpus = &cpus[i], .cpu_count = 1};
        struct pw_process_outcome outcome = run_limited(&spec, "print-cpus", "0");
        char expected[32];

        (void)snprintf(expected, sizeof(expected), "%u\n", cpus[i]);
        assert_string_equal(outcome.standard_output.data, expected);
        pw_process_outcome_release(&outcome);
    }
}

/** Also when some of the processors exist. */
static void test_impossible_pinning(void **state)
{
    static const unsigned IMPOSSIBLE[] = {1023, 1024, 1U << 31};
    unsigned cpus[2];

    (void)state;
    (void)find_cpus(cpus, 1);
    for (size_t i = 0; i < PW_COUNT(IMPOSSIBLE); i++) {
        struct pw_process_spec spec = {.cpus = cpus, .cpu_count = 2};
        struct pw_process_outcome outcome;

        cpus[1] = IMPOSSIBLE[i];
        outcome = run_limited(&spec, "print-cpus", "0");
        assert_refused(&outcome, PW_START_LIMIT, "cpus");
        assert_int_equal(outcome.error_number, EINVAL);
        pw_process_outcome_release(&outcome);
    }
}

static void test_input(void **state)
{
    char path[] = "/tmp/perfwarden-test-XXXXXX";
    struct pw_process_spec spec = {.stdin_path = path};
    struct pw_process_outcome outcome;
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "first\nsecond\n", 13), 13);
    (void)close(fd);
    for (int i = 0; i < 2; i++) { /* each run reads from the start */
        outcome = run_limited(&spec, "count-input", "0");
        assert_string_equal(outcome.standard_output.data, "13 first\n");
        pw_process_outcome_release(&outcome);
    }
    (void)unlink(path);
    outcome = run_limited(&spec, "count-input", "0");
    assert_refused(&outcome, PW_START_SETUP, "stdin");
    assert_int_equal(outcome.error_number, ENOENT);
    pw_process_outcome_release(&outcome);
}

/** Nobody ever writes to it: opening it lasts until the time limit. */
static void test_input_that_never_opens(void **state)
{
    char path[] = "/tmp/perfwarden-test-XXXXXX";
    const char *argv[] = {MISBEHAVE, "succeed", NULL};
    struct pw_process_spec spec = {.argv = argv, .stdin_path = path, .timeout_ns = 300 * MS};
    struct pw_process_outcome outcome;
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    (void)close(fd);
    (void)unlink(path);
    assert_int_equal(mkfifo(path, 0666), 0);
    outcome = run_spec(&spec);
    (void)unlink(path);
    assert_int_equal(outcome.end, PW_PROCESS_TIMED_OUT);
    pw_process_outcome_release(&outcome);
}

static void test_network(void **state)
{
    struct pw_process_spec spec = {.isolate_network = true};
    struct pw_process_outcome outcome = run_limited(&spec, "send-loopback", "1000000");

    (void)state;
    if (outcome.end == PW_PROCESS_NOT_STARTED) {
        assert_refused(&outcome, PW_START_SETUP, "network");
        pw_process_outcome_release(&outcome);
        return;
    }
    assert_int_equal(outcome.exit_status, 0);
    assert_true(outcome.has_network);
    /* Each byte is sent and received; headers are on top. */
    assert_in_range(outcome.network_bytes, 2000000, 3000000);
    pw_process_outcome_release(&outcome);
    outcome = run_limited(&spec, "succeed", "0");
    assert_true(outcome.has_network);
    assert_in_range(outcome.network_bytes, 0, 1000);
    pw_process_outcome_release(&outcome);
    outcome = run_limited(&spec, "call-outside", "0");
    assert_int_equal(outcome.end, PW_PROCESS_EXITED);
    assert_int_equal(outcome.exit_status, 0);
    pw_process_outcome_release(&outcome);
}

/** In a private network a program is who it was, and the rest of its state is as ever. */
static void test_network_changes_nothing_else(void **state)
{
    const char *argv[] = {"sh", "-c", "id -u; id -g; ulimit -c", NULL};
    struct pw_process_spec spec = {.argv = argv, .output_max_bytes = 1000};
    struct pw_process_outcome plain = run_spec(&spec);
    struct pw_process_outcome isolated;

    (void)state;
    spec.isolate_network = true;
    isolated = run_spec(&spec);
    if (isolated.end != PW_PROCESS_NOT_STARTED) {
        assert_string_equal(isolated.standard_output.data, plain.standard_output.data);
        assert_true(isolated.has_io == plain.has_io);
    }
    pw_process_outcome_release(&plain);
    pw_process_outcome_release(&isolated);
}

static int run_all(const char *name)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_memory_limit),
        cmocka_unit_test(test_memory_limit_of_a_child),
        cmocka_unit_test(test_memory_limit_is_the_verdict),
        cmocka_unit_test(test_memory_below_the_limit),
        cmocka_unit_test(test_no_limit_takes_no_group),
        cmocka_unit_test(test_cpu_limit),
        cmocka_unit_test(test_pinning),
        cmocka_unit_test(test_impossible_pinning),
        cmocka_unit_test(test_input),
        cmocka_unit_test(test_input_that_never_opens),
        cmocka_unit_test(test_network),
        cmocka_unit_test(test_network_changes_nothing_else),
    };
    struct pw_error err = PW_ERROR_INIT;
    int failed;

    if (pw_launcher_start(&executor, &err) != 0) {
        (void)fprintf(stderr, "%s\n", pw_error_message(&err));
        return 1;
    }
    failed = cmocka_run_group_tests_name(name, TESTS, NULL, NULL);
    executor->free(executor);
    return failed;
}

/** All again as somebody who may not make control groups. */
static int run_unprivileged(void)
{
    int status = 1;
    pid_t child = fork();

    if (child == 0) {
        if (setgid(UNPRIVILEGED_ID) != 0 || setuid(UNPRIVILEGED_ID) != 0) {
            _exit(1);
        }
        if (access(MISBEHAVE, X_OK) != 0) {
            (void)fprintf(stderr, "others may not enter the build directory: not tested as them\n");
            _exit(0);
        }
        exit(run_all("unprivileged"));
    }
    (void)waitpid(child, &status, 0);
    return status != 0;
}

int main(void)
{
    int failed = run_all("as we are");

    return failed + (geteuid() == 0 ? run_unprivileged() : 0);
}
