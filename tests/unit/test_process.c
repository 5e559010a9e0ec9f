/*
 * One process under the launcher: its output within a bound, the state it starts in, why it could
 * not start, and numbers that are its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "../../src/run/output.h"
#include "launched.h"

#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED true
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED false
#endif

static void test_output_is_bounded(void **state)
{
    const char *argv[] = {MISBEHAVE, "print-bytes", "200000000", NULL};
    struct pw_process_spec spec = {.argv = argv, .output_max_bytes = MIB};
    struct pw_process_outcome outcome = run_spec(&spec);

    (void)state;
    assert_int_equal(outcome.end, PW_PROCESS_EXITED);
    assert_int_equal(outcome.standard_output.length, MIB);
    assert_int_equal(outcome.standard_output.total_bytes, 200000000);
    assert_int_equal(outcome.standard_output.data[MIB], '\0');
    assert_int_equal(outcome.standard_output.data[0], 'a');
    assert_int_equal(outcome.standard_output.data[MIB - 1], 'a');
    assert_int_equal(outcome.standard_error.length, 0);
    assert_string_equal(outcome.standard_error.data, "");
    pw_process_outcome_release(&outcome);
}

static void test_output_keeps_head_and_tail(void **state)
{
    const char *argv[] = {"sh", "-c", "seq 1 100000", NULL};
    struct pw_process_spec spec = {.argv = argv, .output_max_bytes = 20};
    struct pw_process_outcome outcome = run_spec(&spec);

    (void)state;
    assert_string_equal(outcome.standard_output.data, "1\n2\n3\n4\n5\n99\n100000\n");
    assert_int_equal(outcome.standard_output.total_bytes, 588895);
    pw_process_outcome_release(&outcome);
}

/** Pieces of every length, against a plain copy of everything. */
static void test_any_pieces_make_the_same_output(void **state)
{
    char all[400];
    uint32_t random = 1;

    (void)state;
    for (size_t i = 0; i < sizeof(all); i++) {
        all[i] = (char)(i % 127 + 1);
    }
    for (size_t max = 0; max < 24; max++) {
        struct pw_run_output output;
        struct pw_output kept = {NULL, 0, 0};
        size_t at = 0;

        pw_run_output_init(&output, -1, max);
        while (at < sizeof(all)) {
            size_t piece;

            random = random * 1664525 + 1013904223;
            piece = (random >> 16) % (at % 2 == 0 ? 5 : 40);
            piece = piece < sizeof(all) - at ? piece : sizeof(all) - at;
            pw_run_output_add(&output, all + at, piece);
            at += piece;
        }
        assert_int_equal(pw_run_output_finish(&output, &kept, NULL), 0);
        assert_int_equal(kept.length, max);
        assert_int_equal(kept.total_bytes, sizeof(all));
        assert_memory_equal(kept.data, all, max / 2);
        assert_memory_equal(kept.data + max / 2, all + sizeof(all) - (max - max / 2),
                            max - max / 2);
        free(kept.data);
        pw_run_output_release(&output);
    }
}

/** What a program wrote right before its end is still in the pipe when the end is known. */
static void test_last_output_is_not_lost(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        const char *argv[] = {MISBEHAVE, "print-bytes", "1000000", NULL};
        struct pw_process_spec spec = {.argv = argv, .output_max_bytes = MIB};
        struct pw_process_outcome outcome = run_spec(&spec);

        assert_int_equal(outcome.standard_output.length, 1000000);
        pw_process_outcome_release(&outcome);
    }
}

static void test_output_of_both_pipes(void **state)
{
    struct pw_process_outcome outcome = run_habit("print-both", "40960");

    (void)state;
    assert_int_equal(outcome.standard_output.length, 40960);
    assert_int_equal(outcome.standard_error.length, 40960);
    assert_int_equal(outcome.standard_output.data[40959], 'o');
    assert_int_equal(outcome.standard_error.data[0], 'e');
    pw_process_outcome_release(&outcome);
    outcome = run_habit("print-binary", "0");
    assert_int_equal(outcome.standard_output.length, 15);
    assert_int_equal(outcome.standard_output.data[0], '\0');
    pw_process_outcome_release(&outcome);
    outcome = run_habit("hold-pipe", "0");
    assert_string_equal(outcome.standard_output.data, "leader done\n");
    pw_process_outcome_release(&outcome);
}

/** Before the launcher starts: habits of a parent that a benchmark must not inherit. */
static void misbehave_as_parent(void)
{
    sigset_t set;

    (void)umask(077);
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGCHLD, SIG_IGN);
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGUSR1);
    (void)sigprocmask(SIG_BLOCK, &set, NULL);
    (void)dup2(STDERR_FILENO, 100);
}

static void test_child_state(void **state)
{
    struct pw_process_outcome outcome = run_habit("describe", "0");

    (void)state;
    assert_string_equal(outcome.standard_output.data,
                        "stdin=/dev/null\nblocked=0\ndefault_signals=1\ndescriptors=3\numask=022\n"
                        "session_leader=1\n");
    pw_process_outcome_release(&outcome);
}

static void test_stopped_process_hears_sigterm(void **state)
{
    const char *argv[] = {MISBEHAVE, "stop-with-handler", NULL};
    struct pw_process_spec spec = {.argv = argv, .timeout_ns = 1000 * MS, .output_max_bytes = 100};
    struct pw_process_outcome outcome = run_spec(&spec);

    (void)state;
    assert_int_equal(outcome.end, PW_PROCESS_TIMED_OUT);
    assert_string_equal(outcome.standard_output.data, "goodbye\n");
    pw_process_outcome_release(&outcome);
}

/** A command that cannot be started. */
struct unstartable {
    const char *program;
    const char *cwd;
    int error_number;
    enum pw_start_step step;
};

static const struct unstartable UNSTARTABLES[] = {
    {"./does-not-exist", "/", ENOENT, PW_START_EXEC},
    {"does-not-exist-in-path", "/", ENOENT, PW_START_EXEC},
    {"", "/", ENOENT, PW_START_EXEC},
    {"/etc/passwd", "/", EACCES, PW_START_EXEC},
    {"/etc", "/", EACCES, PW_START_EXEC},
    {"true", "/does/not/exist", ENOENT, PW_START_DIRECTORY},
    {"/bin/true", "/etc/passwd", ENOTDIR, PW_START_DIRECTORY},
};

static void test_not_started(void **state)
{
    (void)state;
    for (size_t i = 0; i < PW_COUNT(UNSTARTABLES); i++) {
        const struct unstartable *expected = &UNSTARTABLES[i];
        const char *argv[] = {expected->program, NULL};
        struct pw_process_spec spec = {.argv = argv, .cwd = expected->cwd};
        struct pw_process_outcome outcome = run_spec(&spec);

        assert_int_equal(outcome.end, PW_PROCESS_NOT_STARTED);
        assert_int_equal(outcome.error_number, expected->error_number);
        assert_int_equal(outcome.failed_step, expected->step);
        pw_process_outcome_release(&outcome);
    }
}

static void test_search_path(void **state)
{
    const char *argv[] = {"passwd", NULL}; /* a file, and no program */
    const char *envp[] = {"PATH=/does/not/exist:/etc:/proc", NULL};
    struct pw_process_spec spec = {.argv = argv, .envp = envp};
    struct pw_process_outcome outcome = run_spec(&spec);

    (void)state;
    assert_int_equal(outcome.end, PW_PROCESS_NOT_STARTED);
    assert_int_equal(outcome.error_number, EACCES);
    pw_process_outcome_release(&outcome);
    argv[0] = "true";
    envp[0] = "PATH=/etc:relative::bin:";
    spec.cwd = "/usr";
    outcome = run_spec(&spec);
    assert_int_equal(outcome.end, PW_PROCESS_EXITED);
    pw_process_outcome_release(&outcome);
    envp[0] = "HOME=/";
    outcome = run_spec(&spec);
    assert_int_equal(outcome.end, PW_PROCESS_EXITED);
    pw_process_outcome_release(&outcome);
}

static void test_not_a_program(void **state)
{
    char path[] = "/tmp/perfwarden-test-XXXXXX";
    const char *argv[] = {path, NULL};
    struct pw_process_spec spec = {.argv = argv};
    struct pw_process_outcome outcome;
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "no program\n", 11), 11);
    assert_int_equal(fchmod(fd, 0755), 0);
    (void)close(fd);
    outcome = run_spec(&spec);
    (void)unlink(path);
    assert_int_equal(outcome.end, PW_PROCESS_NOT_STARTED);
    assert_int_equal(outcome.error_number, ENOEXEC);
    pw_process_outcome_release(&outcome);
}

static void test_arguments_that_are_too_long(void **state)
{
    size_t length = (size_t)20 << 20;
    char *huge = malloc(length + 1);
    const char *argv[] = {"/bin/true", huge, NULL};
    struct pw_process_spec spec = {.argv = argv};
    static const size_t LENGTHS[] = {(size_t)20 << 20, (size_t)8 << 20};

    (void)state;
    assert_non_null(huge);
    memset(huge, 'a', length);
    for (size_t i = 0; i < PW_COUNT(LENGTHS); i++) {
        struct pw_process_outcome outcome;

        huge[LENGTHS[i]] = '\0';
        outcome = run_spec(&spec);
        assert_int_equal(outcome.end, PW_PROCESS_NOT_STARTED);
        assert_int_equal(outcome.error_number, E2BIG);
        pw_process_outcome_release(&outcome);
    }
    free(huge);
}

static void test_arguments_and_environment_arrive(void **state)
{
    const char *argv[] = {"sh",   "-c", "printf '%s|' \"$@\"; env; pwd", "sh", "", "a b",
                          "\n\"", NULL};
    const char *envp[] = {"PATH=:relative:/usr/bin:/bin", "EMPTY=", "X=a=b", NULL};
    struct pw_process_spec spec = {
        .argv = argv, .envp = envp, .cwd = "/usr", .output_max_bytes = 4096};
    struct pw_process_outcome outcome = run_spec(&spec);

    (void)state;
    assert_int_equal(outcome.end, PW_PROCESS_EXITED);
    assert_int_equal(strncmp(outcome.standard_output.data, "|a b|\n\"|", 8), 0);
    assert_non_null(strstr(outcome.standard_output.data, "EMPTY=\n"));
    assert_non_null(strstr(outcome.standard_output.data, "X=a=b\n"));
    assert_non_null(strstr(outcome.standard_output.data, "\n/usr\n"));
    pw_process_outcome_release(&outcome);
}

static void test_numbers(void **state)
{
    struct pw_process_outcome outcome = run_habit("spin-ms", "200");

    (void)state;
    assert_true(outcome.user_ns + outcome.system_ns >= 150 * MS);
    assert_true(outcome.user_ns + outcome.system_ns < 2000 * MS);
    assert_true(outcome.wall_ns >= 150 * MS);
    pw_process_outcome_release(&outcome);
    outcome = run_habit("sleep-ms", "200");
    assert_true(outcome.user_ns + outcome.system_ns < 150 * MS);
    assert_true(outcome.wall_ns >= 200 * MS);
    assert_true(outcome.context_switches_voluntary >= 1);
    pw_process_outcome_release(&outcome);
    outcome = run_habit("read-zeros", "10240000");
    assert_true(outcome.has_io);
    assert_true(outcome.io_read_bytes >= 10240000 && outcome.io_read_bytes < 11240000);
    assert_true(outcome.io_write_bytes < 100000);
    pw_process_outcome_release(&outcome);
    outcome = run_habit("write-nothing", "10240000");
    assert_true(outcome.io_write_bytes >= 10240000 && outcome.io_write_bytes < 10340000);
    pw_process_outcome_release(&outcome);
    outcome = run_habit("fault-pages", "5000");
    assert_true(outcome.page_faults_minor >= 5000 && outcome.page_faults_minor < 7000);
    pw_process_outcome_release(&outcome);
}

static void test_peak_memory_is_the_programs_own(void **state)
{
    size_t length = 100 * (size_t)MIB;
    char *heap = malloc(length);
    struct pw_process_outcome small;
    struct pw_process_outcome large;

    (void)state;
    assert_non_null(heap);
    memset(heap, 1, length);
    small = run_habit("allocate-mib", "0");
    large = run_habit("allocate-mib", "50");
    assert_true(large.max_rss_bytes >= 50 * MIB);
    if (!IS_SANITIZED) { /* the launcher's own memory is the floor, and sanitizers make it large */
        assert_in_range(small.max_rss_bytes, 100000, 4 * MIB);
        assert_in_range(large.max_rss_bytes, 50 * MIB, 53 * MIB);
    }
    pw_process_outcome_release(&small);
    pw_process_outcome_release(&large);
    free(heap);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_output_is_bounded),
        cmocka_unit_test(test_output_keeps_head_and_tail),
        cmocka_unit_test(test_any_pieces_make_the_same_output),
        cmocka_unit_test(test_last_output_is_not_lost),
        cmocka_unit_test(test_output_of_both_pipes),
        cmocka_unit_test(test_child_state),
        cmocka_unit_test(test_stopped_process_hears_sigterm),
        cmocka_unit_test(test_not_started),
        cmocka_unit_test(test_search_path),
        cmocka_unit_test(test_not_a_program),
        cmocka_unit_test(test_arguments_that_are_too_long),
        cmocka_unit_test(test_arguments_and_environment_arrive),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_peak_memory_is_the_programs_own),
    };
    struct pw_error err = PW_ERROR_INIT;
    int failed;

    misbehave_as_parent();
    if (pw_launcher_start(&executor, &err) != 0) {
        (void)fprintf(stderr, "%s\n", pw_error_message(&err));
        return 1;
    }
    failed = cmocka_run_group_tests(TESTS, NULL, NULL);
    executor->free(executor);
    return failed;
}
