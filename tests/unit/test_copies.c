/* Several copies at once, and output: streamed, and more of it than anybody keeps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>

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

/** Run copies of a habit. @return the wall time of all of them */
static uint64_t run_copies(struct pw_process_spec *spec, const char *habit, const char *number,
                           unsigned copies, struct pw_process_outcome *outcomes)
{
    const char *argv[] = {MISBEHAVE, habit, number, NULL};
    const char *envp[] = {"PATH=/usr/bin:/bin", NULL};
    struct pw_error err = PW_ERROR_INIT;
    uint64_t wall_ns = 0;

    spec->argv = argv;
    spec->envp = envp;
    spec->cwd = "/";
    if (executor->execute_copies(executor, spec, copies, outcomes, &wall_ns, &err) != 0) {
        fail_msg("execute_copies: %s", pw_error_message(&err));
    }
    return wall_ns;
}

static void release_all(struct pw_process_outcome *outcomes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        pw_process_outcome_release(&outcomes[i]);
    }
}

/** One after the other they would take eight seconds. */
static void test_copies_run_at_once(void **state)
{
    struct pw_process_outcome outcomes[8];
    struct pw_process_spec spec = {.timeout_ns = 60000 * MS};
    uint64_t wall_ns = run_copies(&spec, "sleep-ms", "1000", PW_COUNT(outcomes), outcomes);

    (void)state;
    assert_true(wall_ns >= 1000 * MS);
    assert_true(wall_ns < 6000 * MS);
    for (size_t i = 0; i < PW_COUNT(outcomes); i++) {
        assert_int_equal(outcomes[i].end, PW_PROCESS_EXITED);
        assert_int_equal(outcomes[i].exit_status, 0);
        assert_true(outcomes[i].wall_ns >= 1000 * MS);
        assert_true(outcomes[i].wall_ns <= wall_ns);
    }
    release_all(outcomes, PW_COUNT(outcomes));
}

static void test_most_copies(void **state)
{
    static struct pw_process_outcome outcomes[PW_COPIES_MAX];
    struct pw_process_spec spec = {.timeout_ns = 60000 * MS, .output_max_bytes = 100};

    (void)state;
    (void)run_copies(&spec, "succeed", "0", PW_COPIES_MAX, outcomes);
    for (size_t i = 0; i < PW_COPIES_MAX; i++) {
        assert_int_equal(outcomes[i].end, PW_PROCESS_EXITED);
        assert_int_equal(outcomes[i].exit_status, 0);
        assert_string_equal(outcomes[i].standard_output.data, "ok\n");
        assert_true(outcomes[i].max_rss_bytes > 0);
    }
    release_all(outcomes, PW_COPIES_MAX);
}

static void test_copies_time_out(void **state)
{
    struct pw_process_outcome outcomes[4];
    struct pw_process_spec spec = {.timeout_ns = 300 * MS};

    (void)state;
    (void)run_copies(&spec, "double-fork-then-hang", "0", PW_COUNT(outcomes), outcomes);
    for (size_t i = 0; i < PW_COUNT(outcomes); i++) {
        assert_int_equal(outcomes[i].end, PW_PROCESS_TIMED_OUT);
    }
    release_all(outcomes, PW_COUNT(outcomes));
}

static void test_copies_are_interrupted(void **state)
{
    static volatile int interrupted = SIGINT;
    struct pw_process_outcome outcomes[3];
    struct pw_process_spec spec = {.timeout_ns = 60000 * MS, .interrupted = &interrupted};

    (void)state;
    (void)run_copies(&spec, "hang", "0", PW_COUNT(outcomes), outcomes);
    for (size_t i = 0; i < PW_COUNT(outcomes); i++) {
        assert_int_equal(outcomes[i].end, PW_PROCESS_INTERRUPTED);
    }
    release_all(outcomes, PW_COUNT(outcomes));
}

static void test_survivors_of_copies(void **state)
{
    struct pw_process_outcome outcomes[5];
    struct pw_process_spec spec = {.timeout_ns = 60000 * MS};

    (void)state;
    (void)run_copies(&spec, "double-fork", "0", PW_COUNT(outcomes), outcomes);
    assert_int_equal(outcomes[0].survivors_ended, PW_COUNT(outcomes));
    release_all(outcomes, PW_COUNT(outcomes));
}

/** Each copy may use the limit; one that is over it ends all. */
static void test_memory_of_copies(void **state)
{
    struct pw_process_outcome outcomes[3];
    struct pw_process_spec spec = {.timeout_ns = 60000 * MS, .memory_limit_bytes = 128 * MIB};

    (void)state;
    (void)run_copies(&spec, "allocate-mib", "80", PW_COUNT(outcomes), outcomes);
    for (size_t i = 0; i < PW_COUNT(outcomes); i++) {
        assert_int_equal(outcomes[i].end, PW_PROCESS_EXITED);
        assert_int_equal(outcomes[i].exit_status, 0);
    }
    release_all(outcomes, PW_COUNT(outcomes));
    (void)run_copies(&spec, "allocate-in-children", "40", PW_COUNT(outcomes), outcomes);
    for (size_t i = 0; i < PW_COUNT(outcomes); i++) {
        assert_int_equal(outcomes[i].end, PW_PROCESS_OUT_OF_MEMORY);
    }
    release_all(outcomes, PW_COUNT(outcomes));
}

static void test_copies_that_cannot_start(void **state)
{
    static const unsigned WRONG[] = {0, PW_COPIES_MAX + 1};
    const char *argv[] = {"./does-not-exist", NULL};
    const char *envp[] = {NULL};
    struct pw_process_spec spec = {.argv = argv, .envp = envp, .cwd = "/"};
    struct pw_process_outcome outcomes[2];
    struct pw_error err = PW_ERROR_INIT;
    uint64_t wall_ns = 1;

    (void)state;
    assert_int_equal(executor->execute_copies(executor, &spec, 2, outcomes, &wall_ns, &err), 0);
    for (size_t i = 0; i < PW_COUNT(outcomes); i++) {
        assert_int_equal(outcomes[i].end, PW_PROCESS_NOT_STARTED);
        assert_int_equal(outcomes[i].failed_step, PW_START_EXEC);
    }
    release_all(outcomes, PW_COUNT(outcomes));
    for (size_t i = 0; i < PW_COUNT(WRONG); i++) {
        assert_int_equal(
            executor->execute_copies(executor, &spec, WRONG[i], outcomes, &wall_ns, &err),
            PW_EINVAL);
        pw_error_release(&err);
    }
}

/** What a listener heard, by descriptor. */
struct heard {
    uint64_t bytes[3];
    char wrong;
};

static void listen(void *context, int fd, const char *data, size_t length)
{
    struct heard *heard = context;

    heard->bytes[fd] += length;
    for (size_t i = 0; i < length; i++) {
        if (data[i] != (fd == 1 ? 'o' : 'e')) {
            heard->wrong = data[i];
        }
    }
}

/** Streamed whole, whatever is kept of it. */
static void test_output_is_streamed(void **state)
{
    const char *argv[] = {MISBEHAVE, "print-both", "4096000", NULL};
    struct heard heard = {{0, 0, 0}, '\0'};
    struct pw_process_spec spec = {
        .argv = argv, .output_max_bytes = 10, .output_seen = listen, .output_context = &heard};
    struct pw_process_outcome outcome = run_spec(&spec);

    (void)state;
    assert_int_equal(outcome.standard_output.length, 10);
    assert_int_equal(heard.bytes[1], 4096000);
    assert_int_equal(heard.bytes[2], 4096000);
    assert_int_equal(heard.wrong, '\0');
    pw_process_outcome_release(&outcome);
}

/** A number of /proc/self/status, in bytes. */
static uint64_t own_memory(const char *label)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    const char *found;
    uint64_t kib = 0;

    assert_int_equal(pw_file_read("/proc/self/status", 1 << 16, &text, NULL), 0);
    found = strstr(pw_strbuf_text(&text), label);
    if (found != NULL) {
        kib = strtoull(found + strlen(label), NULL, 10);
    }
    pw_strbuf_release(&text);
    return kib * 1024;
}

/** A gigabyte in one run, and perfwarden grows by less than 8 MB. */
static void test_a_gigabyte_of_output(void **state)
{
    const char *argv[] = {MISBEHAVE, "print-bytes", "1000000000", NULL};
    struct pw_process_spec spec = {
        .argv = argv, .timeout_ns = 120000 * MS, .output_max_bytes = MIB};
    uint64_t before = own_memory("VmRSS:");
    struct pw_process_outcome outcome = run_spec(&spec);

    (void)state;
    assert_int_equal(outcome.end, PW_PROCESS_EXITED);
    assert_true(outcome.standard_output.total_bytes == 1000000000);
    if (!IS_SANITIZED) {
        uint64_t peak = own_memory("VmHWM:");

        assert_true(peak > 0);
        assert_true(peak < before + 8 * MIB);
    }
    pw_process_outcome_release(&outcome);
}

int main(void)
{
    /* The largest output comes first: peaks before it would hide its own. */
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_a_gigabyte_of_output),
        cmocka_unit_test(test_output_is_streamed),
        cmocka_unit_test(test_copies_run_at_once),
        cmocka_unit_test(test_most_copies),
        cmocka_unit_test(test_copies_time_out),
        cmocka_unit_test(test_copies_are_interrupted),
        cmocka_unit_test(test_survivors_of_copies),
        cmocka_unit_test(test_memory_of_copies),
        cmocka_unit_test(test_copies_that_cannot_start),
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
