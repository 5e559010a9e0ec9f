/*
 * The launcher against badly behaved programs: each ends as expected, nothing survives, not even
 * the end of perfwarden or of the launcher itself. Times are checked with margins of ten and more.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

#include "launched.h"

static volatile int interrupted;

static void note_interruption(int number)
{
    interrupted = number;
}

static void pause_ms(long duration_ms)
{
    struct timespec pause = {duration_ms / 1000, duration_ms % 1000 * 1000000};

    (void)nanosleep(&pause, NULL);
}

static bool has_variable(const char *pid, const char *variable)
{
    char path[300];
    struct pw_strbuf text = PW_STRBUF_INIT;
    bool found = false;
    size_t length = strlen(variable) + 1;

    (void)snprintf(path, sizeof(path), "/proc/%s/environ", pid);
    if (pw_file_read(path, 8 << 20, &text, NULL) == 0) {
        for (size_t at = 0; !found && at + length <= text.length;
             at += strlen(text.data + at) + 1) {
            found = memcmp(text.data + at, variable, length) == 0;
        }
    }
    pw_strbuf_release(&text);
    return found;
}

/** How many live processes have the variable in their environment. */
static unsigned count_marked(const char *variable)
{
    DIR *processes = opendir("/proc");
    struct dirent *entry;
    unsigned count = 0;

    assert_non_null(processes);
    while ((entry = readdir(processes)) != NULL) {
        if (isdigit((unsigned char)entry->d_name[0]) && has_variable(entry->d_name, variable)) {
            count++;
        }
    }
    (void)closedir(processes);
    return count;
}

/** One habit and how it is to end. */
struct expectation {
    const char *habit;
    const char *number;
    unsigned timeout_ms; /**< 0 for a generous one */
    unsigned memory_limit_mib;
    enum pw_process_end end;
    int code; /**< exit status or signal */
    unsigned survivors_min;
    unsigned survivors_max;
};

static const struct expectation EXPECTATIONS[] = {
    {"succeed", "0", 0, 0, PW_PROCESS_EXITED, 0, 0, 0},
    {"exit", "3", 0, 0, PW_PROCESS_EXITED, 3, 0, 0},
    {"exit", "127", 0, 0, PW_PROCESS_EXITED, 127, 0, 0},
    {"complain", "2", 0, 0, PW_PROCESS_EXITED, 2, 0, 0},
    {"crash", "11", 0, 0, PW_PROCESS_SIGNALED, SIGSEGV, 0, 0},
    {"crash", "9", 0, 0, PW_PROCESS_SIGNALED, SIGKILL, 0, 0},
    {"crash", "13", 0, 0, PW_PROCESS_SIGNALED, SIGPIPE, 0, 0},
    {"abort", "0", 0, 0, PW_PROCESS_SIGNALED, SIGABRT, 0, 0},
    {"hang", "0", 300, 0, PW_PROCESS_TIMED_OUT, 0, 0, 0},
    {"spin-forever", "0", 300, 0, PW_PROCESS_TIMED_OUT, 0, 0, 0},
    {"ignore-sigterm", "0", 300, 0, PW_PROCESS_TIMED_OUT, 0, 0, 0},
    {"exit-on-sigterm", "0", 300, 0, PW_PROCESS_TIMED_OUT, 0, 0, 0},
    {"stop-itself", "0", 300, 0, PW_PROCESS_TIMED_OUT, 0, 0, 0},
    {"double-fork-then-hang", "0", 300, 0, PW_PROCESS_TIMED_OUT, 0, 0, 1},
    {"print-forever", "0", 300, 0, PW_PROCESS_TIMED_OUT, 0, 0, 0},
    {"fork-bomb", "6", 500, 0, PW_PROCESS_TIMED_OUT, 0, 1, 64},
    {"leave-child", "0", 0, 0, PW_PROCESS_EXITED, 0, 1, 1},
    {"leave-session", "0", 0, 0, PW_PROCESS_EXITED, 0, 1, 1},
    {"double-fork", "0", 0, 0, PW_PROCESS_EXITED, 0, 1, 1},
    {"own-subreaper", "0", 0, 0, PW_PROCESS_EXITED, 0, 1, 1},
    {"hold-pipe", "0", 0, 0, PW_PROCESS_EXITED, 0, 1, 1},
    {"chatter-from-daemon", "0", 0, 0, PW_PROCESS_EXITED, 0, 1, 1},
    {"close-outputs", "0", 0, 0, PW_PROCESS_EXITED, 0, 0, 0},
    {"print-nan", "0", 0, 0, PW_PROCESS_EXITED, 0, 0, 0},
    {"print-commands", "0", 0, 0, PW_PROCESS_EXITED, 0, 0, 0},
    {"make-zombies", "30", 0, 0, PW_PROCESS_EXITED, 0, 0, 0},
    {"make-orphans", "300", 0, 0, PW_PROCESS_EXITED, 0, 0, 0},
    {"allocate-mib", "20", 0, 64, PW_PROCESS_EXITED, 0, 0, 0},
    {"allocate-in-children", "6", 0, 64, PW_PROCESS_OUT_OF_MEMORY, 0, 0, 6},
    {"share-with-children", "6", 0, 64, PW_PROCESS_EXITED, 0, 0, 0},
    {"print-bytes", "0", 0, 0, PW_PROCESS_EXITED, 0, 0, 0},
    {"print-both", "4096", 0, 0, PW_PROCESS_EXITED, 0, 0, 0},
    {"print-binary", "0", 0, 0, PW_PROCESS_EXITED, 0, 0, 0},
    {"stop-with-handler", "0", 300, 0, PW_PROCESS_TIMED_OUT, 0, 0, 0},
    {"run-away", "200", 0, 0, PW_PROCESS_EXITED, 0, 0, 1},
    {"block-everything", "0", 300, 0, PW_PROCESS_TIMED_OUT, 0, 0, 0},
    {"leave-stopped", "0", 0, 0, PW_PROCESS_EXITED, 0, 1, 1},
    {"restart-children", "0", 300, 0, PW_PROCESS_TIMED_OUT, 0, 1, 64},
    {"crash", "3", 0, 0, PW_PROCESS_SIGNALED, SIGQUIT, 0, 0},
    {"crash", "19", 300, 0, PW_PROCESS_TIMED_OUT, 0, 0, 0},
    {"describe", "0", 0, 0, PW_PROCESS_EXITED, 0, 0, 0},
    {"count-input", "0", 0, 0, PW_PROCESS_EXITED, 0, 0, 0},
    {"no-such-habit", "0", 0, 0, PW_PROCESS_EXITED, 64, 0, 0},
};

static void check_expectation(const struct expectation *expected)
{
    const char *argv[] = {MISBEHAVE, expected->habit, expected->number, NULL};
    struct pw_process_spec spec = {.argv = argv, .output_max_bytes = 65536};
    struct pw_process_outcome outcome;
    uint64_t began_ns = pw_clock_monotonic_ns();
    uint64_t timeout_ns = (expected->timeout_ms != 0 ? expected->timeout_ms : 30000) * MS;
    char marker[64];
    bool is_right;

    spec.timeout_ns = timeout_ns;
    spec.memory_limit_bytes = expected->memory_limit_mib * MIB;
    format_marker(marker, sizeof(marker));
    outcome = run_spec(&spec);
    is_right = outcome.end == expected->end && outcome.survivors_ended >= expected->survivors_min &&
               outcome.survivors_ended <= expected->survivors_max;
    if (outcome.end == PW_PROCESS_EXITED) {
        is_right = is_right && outcome.exit_status == expected->code;
    } else if (outcome.end == PW_PROCESS_SIGNALED) {
        is_right = is_right && outcome.signal == expected->code;
    }
    if (!is_right) {
        fail_msg("%s %s: end %d, exit %d, signal %d, error %d, survivors %u", expected->habit,
                 expected->number, (int)outcome.end, outcome.exit_status, outcome.signal,
                 outcome.error_number, outcome.survivors_ended);
    }
    assert_true(outcome.standard_output.length <= 65536);
    assert_int_equal(count_marked(marker), 0);
    /* What was left behind would have lived for a minute. */
    assert_true(pw_clock_monotonic_ns() - began_ns < 20000 * MS);
    if (expected->end == PW_PROCESS_TIMED_OUT) {
        assert_true(outcome.wall_ns >= timeout_ns - 200 * MS);
    }
    pw_process_outcome_release(&outcome);
}

static void test_habits(void **state)
{
    (void)state;
    for (size_t i = 0; i < PW_COUNT(EXPECTATIONS); i++) {
        check_expectation(&EXPECTATIONS[i]);
    }
}

static void test_interruption(void **state)
{
    const char *argv[] = {MISBEHAVE, "double-fork-then-hang", NULL};
    struct pw_process_spec spec = {
        .argv = argv, .timeout_ns = 40000 * MS, .interrupted = &interrupted};
    struct pw_process_outcome outcome;
    struct sigaction action;
    char marker[64];
    pid_t helper;

    (void)state;
    memset(&action, 0, sizeof(action));
    action.sa_handler = note_interruption;
    action.sa_flags = SA_RESTART;
    assert_int_equal(sigaction(SIGTERM, &action, NULL), 0);
    helper = fork();
    if (helper == 0) {
        pause_ms(300);
        (void)kill(getppid(), SIGTERM);
        _exit(0);
    }
    outcome = run_spec(&spec);
    (void)waitpid(helper, NULL, 0);
    (void)signal(SIGTERM, SIG_DFL);
    interrupted = 0;
    assert_int_equal(outcome.end, PW_PROCESS_INTERRUPTED);
    assert_true(outcome.wall_ns < 20000 * MS);
    format_marker(marker, sizeof(marker));
    assert_int_equal(count_marked(marker), 0);
    pw_process_outcome_release(&outcome);
    outcome = run_habit("succeed", "0"); /* and it still serves */
    assert_int_equal(outcome.end, PW_PROCESS_EXITED);
    pw_process_outcome_release(&outcome);
}

static void test_interrupted_already(void **state)
{
    const char *argv[] = {MISBEHAVE, "hang", NULL};
    struct pw_process_spec spec = {.argv = argv, .interrupted = &interrupted};
    struct pw_process_outcome outcome;

    (void)state;
    interrupted = SIGINT;
    outcome = run_spec(&spec);
    interrupted = 0;
    assert_int_equal(outcome.end, PW_PROCESS_INTERRUPTED);
    pw_process_outcome_release(&outcome);
}

/** A child of ours that the launcher has nothing to do with. */
static pid_t start_bystander(void)
{
    pid_t bystander = fork();

    if (bystander == 0) {
        pause_ms(60000);
        _exit(0);
    }
    assert_true(bystander > 0);
    return bystander;
}

/** Nothing that it had started survives it, and nothing else is touched. */
static void test_launcher_killed(void **state)
{
    static const char SCRIPT[] =
        "\"$0\" double-fork; \"$0\" leave-session; setsid sleep 61 & kill -9 $PPID; sleep 60";
    const char *argv[] = {"sh", "-c", SCRIPT, MISBEHAVE, NULL};
    char variable[64];
    const char *envp[] = {"PATH=/usr/bin:/bin", variable, NULL};
    struct pw_process_spec spec = {.argv = argv, .envp = envp, .cwd = "/"};
    struct pw_process_outcome outcome;
    struct pw_executor *doomed = NULL;
    struct pw_error err = PW_ERROR_INIT;
    pid_t bystander = start_bystander();

    (void)state;
    (void)snprintf(variable, sizeof(variable), MARKER_NAME "=orphan-%ld", (long)getpid());
    assert_int_equal(pw_launcher_start(&doomed, &err), 0);
    for (int i = 0; i < 2; i++) { /* the second finds it dead */
        assert_int_equal(doomed->execute(doomed, &spec, &outcome, &err), PW_EIO);
        assert_non_null(strstr(pw_error_message(&err),
                               "was killed by signal 9, and what it had started was ended"));
        pw_error_release(&err);
        assert_int_equal(count_marked(variable), 0);
    }
    doomed->free(doomed);
    assert_int_equal(waitpid(bystander, NULL, WNOHANG), 0);
    (void)kill(bystander, SIGKILL);
    assert_int_equal(waitpid(bystander, NULL, 0), bystander);
    outcome = run_habit("succeed", "0"); /* another launcher is no orphan either */
    assert_int_equal(outcome.end, PW_PROCESS_EXITED);
    pw_process_outcome_release(&outcome);
}

/** Die by SIGKILL in the middle of a run: the launcher must end what runs. */
static void test_perfwarden_killed(void **state)
{
    char variable[64];
    pid_t victim;
    unsigned seen = 0;

    (void)state;
    (void)snprintf(variable, sizeof(variable), MARKER_NAME "=victim-%ld", (long)getpid());
    victim = fork();
    if (victim == 0) {
        const char *argv[] = {MISBEHAVE, "double-fork-then-hang", NULL};
        const char *envp[] = {variable, NULL};
        struct pw_process_spec spec = {.argv = argv, .envp = envp, .cwd = "/"};
        struct pw_process_outcome outcome;
        struct pw_executor *own = NULL;

        if (pw_launcher_start(&own, NULL) == 0) {
            (void)own->execute(own, &spec, &outcome, NULL);
        }
        _exit(1);
    }
    for (int i = 0; i < 500 && (seen = count_marked(variable)) < 2; i++) {
        pause_ms(20);
    }
    (void)kill(victim, SIGKILL);
    (void)waitpid(victim, NULL, 0);
    assert_int_equal(seen, 2);
    for (int i = 0; i < 500 && count_marked(variable) > 0; i++) {
        pause_ms(20);
    }
    assert_int_equal(count_marked(variable), 0);
}

static unsigned count_open_descriptors(void)
{
    unsigned count = 0;

    for (int fd = 0; fd < 256; fd++) {
        count += fcntl(fd, F_GETFD) >= 0;
    }
    return count;
}

static void test_many_runs_leak_nothing(void **state)
{
    unsigned before = count_open_descriptors();

    (void)state;
    for (int i = 0; i < 200; i++) {
        struct pw_process_outcome outcome = run_habit("succeed", "0");

        assert_int_equal(outcome.end, PW_PROCESS_EXITED);
        assert_string_equal(outcome.standard_output.data, "ok\n");
        pw_process_outcome_release(&outcome);
    }
    assert_int_equal(count_open_descriptors(), before);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_habits),
        cmocka_unit_test(test_interruption),
        cmocka_unit_test(test_interrupted_already),
        cmocka_unit_test(test_launcher_killed),
        cmocka_unit_test(test_perfwarden_killed),
        cmocka_unit_test(test_many_runs_leak_nothing),
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
