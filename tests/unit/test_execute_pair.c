/* Two commands by one exchange with the launcher: their order, what ends them, whose output is
 * whose. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "launched.h"

/** What a listener heard of one command, and what it does then. */
struct heard {
    struct duet *duet;
    uint64_t bytes;
    bool interrupts;
    bool dawdles; /**< over the first piece: meanwhile everything else happens */
};

/** A pair under test. */
struct duet {
    struct pw_process_spec specs[2];
    struct pw_process_outcome outcomes[2];
    struct heard heard[2];
    unsigned done;
    volatile int interrupted;
    bool is_disordered; /**< output of the first came after some of the second's */
};

static const char *const ENVP[] = {"PATH=/usr/bin:/bin", NULL};

static void listen(void *context, int fd, const char *data, size_t length)
{
    struct heard *heard = context;
    struct duet *duet = heard->duet;

    (void)fd;
    (void)data;
    if (heard->dawdles && heard->bytes == 0) {
        (void)nanosleep(&(struct timespec){0, 300000000}, NULL);
    }
    heard->bytes += length;
    if (heard == &duet->heard[0] && duet->heard[1].bytes > 0) {
        duet->is_disordered = true;
    }
    if (heard->interrupts) {
        duet->interrupted = SIGINT;
    }
}

static void run_duet(struct duet *duet)
{
    struct pw_error err = PW_ERROR_INIT;

    if (executor->execute_pair(executor, duet->specs, duet->outcomes, &duet->done, &err) != 0) {
        fail_msg("execute_pair: %s", pw_error_message(&err));
    }
}

/** Words of the two commands, with defaults that a test may change. */
static struct duet *new_duet(const char *const *first, const char *const *second)
{
    struct duet *duet = calloc(1, sizeof(*duet));
    const char *const *const words[] = {first, second};

    assert_non_null(duet);
    for (int i = 0; i < 2; i++) {
        duet->heard[i].duet = duet;
        duet->specs[i] = (struct pw_process_spec){.argv = words[i],
                                                  .envp = ENVP,
                                                  .cwd = "/",
                                                  .timeout_ns = 30000 * MS,
                                                  .output_max_bytes = 65536,
                                                  .output_seen = listen,
                                                  .output_context = &duet->heard[i],
                                                  .interrupted = &duet->interrupted};
    }
    return duet;
}

static void free_duet(struct duet *duet)
{
    for (unsigned i = 0; i < duet->done; i++) {
        pw_process_outcome_release(&duet->outcomes[i]);
    }
    free(duet);
}

#define SHELL(name, text) const char *const name[] = {"/bin/sh", "-c", text, NULL}

static void assert_exited(const struct pw_process_outcome *outcome, int status)
{
    assert_int_equal(outcome->end, PW_PROCESS_EXITED);
    assert_int_equal(outcome->exit_status, status);
    assert_true(outcome->wall_ns > 0);
}

/** Whatever a pair did, the launcher must be in step afterwards. */
static void assert_in_step(void)
{
    struct pw_process_outcome outcome = run_habit("succeed", "0");

    assert_exited(&outcome, 0);
    assert_string_equal(outcome.standard_output.data, "ok\n");
    pw_process_outcome_release(&outcome);
}

/** Each in its own directory and environment, with its own limits, the first before the second. */
static void test_both_are_run_in_order(void **state)
{
    static const char *const OTHER[] = {"PATH=/usr/bin:/bin", "WHO=second", NULL};
    char directory[] = "/tmp/perfwarden-pair-XXXXXX";
    SHELL(first, "sleep 0.1; echo $$ > file; echo out1 $WHO; echo err1 >&2");
    SHELL(second, "test -s file && rm file; echo out2 $WHO $PWD; echo error2 >&2");
    struct duet *duet = new_duet(first, second);

    (void)state;
    assert_non_null(mkdtemp(directory));
    duet->specs[0].cwd = directory;
    duet->specs[1].cwd = directory;
    duet->specs[1].envp = OTHER;
    duet->specs[1].output_max_bytes = 8;
    run_duet(duet);
    assert_int_equal(duet->done, 2);
    assert_exited(&duet->outcomes[0], 0);
    assert_exited(&duet->outcomes[1], 0);
    assert_string_equal(duet->outcomes[0].standard_output.data, "out1\n");
    assert_string_equal(duet->outcomes[0].standard_error.data, "err1\n");
    assert_int_equal(strncmp(duet->outcomes[1].standard_output.data, "out2", 4), 0);
    assert_int_equal(duet->outcomes[1].standard_output.length, 8);
    assert_int_equal(duet->outcomes[1].standard_output.total_bytes,
                     strlen("out2 second ") + strlen(directory) + 1);
    assert_string_equal(duet->outcomes[1].standard_error.data, "error2\n");
    assert_int_equal(duet->heard[0].bytes, 10);
    assert_false(duet->is_disordered);
    assert_int_equal(rmdir(directory), 0);
    free_duet(duet);
}

static void test_the_second_needs_the_first(void **state)
{
    SHELL(fails, "echo broken >&2; exit 3");
    SHELL(crashes, "kill -9 $$");
    SHELL(hangs, "exec sleep 30");
    SHELL(spoils, "echo never");
    const char *const *const firsts[] = {fails, crashes, hangs};

    (void)state;
    for (size_t i = 0; i < PW_COUNT(firsts); i++) {
        static const enum pw_process_end ENDS[] = {PW_PROCESS_EXITED, PW_PROCESS_SIGNALED,
                                                   PW_PROCESS_TIMED_OUT};
        struct duet *duet = new_duet(firsts[i], spoils);

        duet->specs[0].timeout_ns = firsts[i] == hangs ? 200 * MS : 0;
        run_duet(duet);
        assert_int_equal(duet->done, 1);
        assert_int_equal(duet->outcomes[0].end, ENDS[i]);
        assert_int_equal(duet->heard[1].bytes, 0);
        free_duet(duet);
        assert_in_step();
    }
}

/** A command that cannot be sent, or is found not to be one when it is started. */
static void test_not_started(void **state)
{
    static const char *const MISSING[] = {"no-such-program", NULL};
    static const char *const BROKEN[] = {"/dev/null/program", NULL};
    const char *const *const wrongs[] = {MISSING, BROKEN};
    SHELL(works, "echo fine");
    SHELL(fails, "exit 2");

    (void)state;
    for (size_t i = 0; i < PW_COUNT(wrongs); i++) {
        struct duet *duet = new_duet(works, wrongs[i]);

        run_duet(duet);
        assert_int_equal(duet->done, 2);
        assert_exited(&duet->outcomes[0], 0);
        assert_string_equal(duet->outcomes[0].standard_output.data, "fine\n");
        assert_int_equal(duet->outcomes[1].end, PW_PROCESS_NOT_STARTED);
        assert_int_equal(duet->outcomes[1].failed_step, PW_START_EXEC);
        free_duet(duet);
        duet = new_duet(wrongs[i], works);
        run_duet(duet);
        assert_int_equal(duet->done, 1);
        assert_int_equal(duet->outcomes[0].end, PW_PROCESS_NOT_STARTED);
        free_duet(duet);
        duet = new_duet(fails, wrongs[i]);
        run_duet(duet);
        assert_int_equal(duet->done, 1);
        assert_exited(&duet->outcomes[0], 2);
        free_duet(duet);
    }
    assert_in_step();
}

/** What is said while one runs ends that one. */
static void test_interruption(void **state)
{
    SHELL(lasts, "echo go; exec sleep 30");
    SHELL(passes, "exit 0");

    (void)state;
    for (unsigned at = 0; at < 2; at++) {
        struct duet *duet = new_duet(at == 0 ? lasts : passes, lasts);

        duet->heard[at].interrupts = true;
        duet->specs[1 - at].interrupted = NULL; /* either will do */
        run_duet(duet);
        assert_int_equal(duet->done, at + 1);
        assert_int_equal(duet->outcomes[at].end, PW_PROCESS_INTERRUPTED);
        assert_string_equal(duet->outcomes[at].standard_output.data, "go\n");
        if (at == 1) {
            assert_exited(&duet->outcomes[0], 0);
        }
        free_duet(duet);
        assert_in_step();
    }
}

/** The first ends while the word to stop is on its way: then the second is stopped. */
static void test_interruption_in_between(void **state)
{
    SHELL(first, "echo go");
    SHELL(second, "exec sleep 30");

    (void)state;
    for (unsigned i = 0; i < 30; i++) {
        struct duet *duet = new_duet(first, second);

        duet->heard[0].interrupts = true;
        run_duet(duet);
        assert_in_range(duet->done, 1, 2);
        assert_int_equal(duet->outcomes[duet->done - 1].end, PW_PROCESS_INTERRUPTED);
        free_duet(duet);
    }
    assert_in_step();
}

/** Each has all of its own time. */
static void test_time_limit_of_the_second(void **state)
{
    SHELL(first, "sleep 0.5");
    SHELL(second, "echo begun; sleep 30");
    struct duet *duet = new_duet(first, second);

    (void)state;
    duet->specs[1].timeout_ns = 300 * MS;
    run_duet(duet);
    assert_int_equal(duet->done, 2);
    assert_exited(&duet->outcomes[0], 0);
    assert_int_equal(duet->outcomes[1].end, PW_PROCESS_TIMED_OUT);
    assert_string_equal(duet->outcomes[1].standard_output.data, "begun\n");
    assert_true(duet->outcomes[1].wall_ns >= 200 * MS);
    free_duet(duet);
    assert_in_step();
}

/** Far more than the pipes hold: nothing is lost, mixed up or out of order. */
static void test_much_output_of_each(void **state)
{
    static const char *const PRINTS[] = {MISBEHAVE, "print-both", "1048576", NULL};
    struct duet *duet = new_duet(PRINTS, PRINTS);

    (void)state;
    duet->specs[0].output_max_bytes = 2 * MIB;
    duet->specs[1].output_max_bytes = 100;
    run_duet(duet);
    assert_int_equal(duet->done, 2);
    for (int i = 0; i < 2; i++) {
        const struct pw_process_outcome *outcome = &duet->outcomes[i];

        assert_exited(outcome, 0);
        assert_int_equal(outcome->standard_output.total_bytes, MIB);
        assert_int_equal(outcome->standard_error.total_bytes, MIB);
        assert_int_equal(outcome->standard_output.length, i == 0 ? MIB : 100);
        assert_int_equal(strspn(outcome->standard_output.data, "o"),
                         outcome->standard_output.length);
        assert_int_equal(strspn(outcome->standard_error.data, "e"), outcome->standard_error.length);
        assert_int_equal(duet->heard[i].bytes, 2 * MIB);
    }
    assert_false(duet->is_disordered);
    free_duet(duet);
}

/** Both have ended before half of what they printed is read. */
static void test_output_that_is_read_late(void **state)
{
    SHELL(prints, "head -c 400000 /dev/zero; echo end >&2");

    (void)state;
    for (int slow = 0; slow < 2; slow++) {
        struct duet *duet = new_duet(prints, prints);

        duet->heard[slow].dawdles = true;
        run_duet(duet);
        assert_int_equal(duet->done, 2);
        for (int i = 0; i < 2; i++) {
            assert_exited(&duet->outcomes[i], 0);
            assert_int_equal(duet->outcomes[i].standard_output.total_bytes, 400000);
            assert_string_equal(duet->outcomes[i].standard_error.data, "end\n");
        }
        assert_false(duet->is_disordered);
        free_duet(duet);
    }
    assert_in_step();
}

/** What the first leaves behind, in processes and in its pipes, is none of the second's. */
static void test_what_the_first_leaves_behind(void **state)
{
    static const char *const LEAVES[] = {MISBEHAVE, "chatter-from-daemon", "0", NULL};
    SHELL(second, "echo mine");

    (void)state;
    for (unsigned i = 0; i < 20; i++) {
        struct duet *duet = new_duet(LEAVES, second);

        run_duet(duet);
        assert_int_equal(duet->done, 2);
        assert_exited(&duet->outcomes[0], 0);
        assert_exited(&duet->outcomes[1], 0);
        assert_int_equal(duet->outcomes[0].survivors_ended, 1);
        assert_int_equal(duet->outcomes[1].survivors_ended, 0);
        assert_string_equal(duet->outcomes[1].standard_output.data, "mine\n");
        assert_int_equal(duet->heard[0].bytes, duet->outcomes[0].standard_output.total_bytes);
        assert_false(duet->is_disordered);
        free_duet(duet);
    }
    assert_in_step();
}

/** More than the socket holds. */
static void test_large_environments(void **state)
{
    enum { VARIABLES = 12, BYTES = 100000 };
    const char *envp[VARIABLES + 2] = {"PATH=/usr/bin:/bin"};
    char *text = malloc(BYTES + 1);
    SHELL(counts, "env | wc -c");
    struct duet *duet = new_duet(counts, counts);

    (void)state;
    assert_non_null(text);
    memset(text, 'v', BYTES);
    text[1] = '=';
    text[BYTES] = '\0';
    for (int i = 1; i <= VARIABLES; i++) {
        char *variable = strdup(text);

        assert_non_null(variable);
        variable[0] = (char)('a' + i);
        envp[i] = variable;
    }
    duet->specs[0].envp = envp;
    duet->specs[1].envp = envp;
    run_duet(duet);
    assert_int_equal(duet->done, 2);
    for (int i = 0; i < 2; i++) {
        assert_exited(&duet->outcomes[i], 0);
        assert_true(strtoul(duet->outcomes[i].standard_output.data, NULL, 10) >=
                    (unsigned long)VARIABLES * BYTES);
    }
    for (int i = 1; i <= VARIABLES; i++) {
        free((void *)(uintptr_t)envp[i]);
    }
    free(text);
    free_duet(duet);
    assert_in_step();
}

/** The launcher dies under either of them: that is no outcome, and nothing is left. */
static void test_the_launcher_is_killed(void **state)
{
    SHELL(kills, "kill -9 $PPID; exec sleep 30");
    SHELL(passes, "exit 0");

    (void)state;
    for (unsigned at = 0; at < 2; at++) {
        struct duet *duet = new_duet(at == 0 ? kills : passes, kills);
        struct pw_executor *own = NULL;
        struct pw_error err = PW_ERROR_INIT;

        assert_int_equal(pw_launcher_start(&own, &err), 0);
        assert_int_equal(own->execute_pair(own, duet->specs, duet->outcomes, &duet->done, &err),
                         PW_EIO);
        assert_int_equal(duet->done, 0);
        assert_non_null(strstr(pw_error_message(&err), "was killed by signal 9"));
        pw_error_release(&err);
        assert_int_equal(own->execute_pair(own, duet->specs, duet->outcomes, &duet->done, &err),
                         PW_EIO);
        pw_error_release(&err);
        own->free(own);
        free_duet(duet);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_both_are_run_in_order),
        cmocka_unit_test(test_the_second_needs_the_first),
        cmocka_unit_test(test_not_started),
        cmocka_unit_test(test_interruption),
        cmocka_unit_test(test_interruption_in_between),
        cmocka_unit_test(test_time_limit_of_the_second),
        cmocka_unit_test(test_much_output_of_each),
        cmocka_unit_test(test_output_that_is_read_late),
        cmocka_unit_test(test_what_the_first_leaves_behind),
        cmocka_unit_test(test_large_environments),
        cmocka_unit_test(test_the_launcher_is_killed),
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
