/*
 * The benchmark's process between fork and exec: a fixed, clean state whatever perfwarden was
 * started in. Makes system calls only; allocates nothing and touches no stdio buffer.
 */
#include "linux_features.h"

#include "child.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "perfwarden/util/clock.h"

/** Exit status of a child that did not reach exec; the launcher looks at the report, not at it. */
enum { STATUS_NOT_STARTED = 127 };

/** Lower both limits; a hard limit that is lower already stays. */
static void lower(struct rlimit *limit, uint64_t bytes)
{
    if (limit->rlim_max == RLIM_INFINITY || limit->rlim_max > (rlim_t)bytes) {
        limit->rlim_max = (rlim_t)bytes;
    }
    limit->rlim_cur = limit->rlim_max;
}

static int forbid_core_dumps(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_CORE, &limit) != 0) {
        return -1;
    }
    lower(&limit, 0);
    return setrlimit(RLIMIT_CORE, &limit);
}

static int limit_memory(uint64_t bytes)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_AS, &limit) != 0) {
        return -1;
    }
    lower(&limit, bytes);
    return setrlimit(RLIMIT_AS, &limit);
}

/** Every signal at its default and none blocked. SIGKILL, SIGSTOP and libc's own refuse, which is
 * as well. */
static void reset_signals(void)
{
    struct sigaction action;
    sigset_t none;

    memset(&action, 0, sizeof(action));
    action.sa_handler = SIG_DFL;
    for (int number = 1; number <= SIGRTMAX; number++) {
        (void)sigaction(number, &action, NULL);
    }
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

static int redirect(const struct pw_run_command *command)
{
    if (dup2(command->stdin_fd, STDIN_FILENO) < 0 || dup2(command->stdout_fd, STDOUT_FILENO) < 0 ||
        dup2(command->stderr_fd, STDERR_FILENO) < 0) {
        return -1;
    }
    /* All of the launcher's descriptors close on exec anyway, should the kernel not know this call.
     */
    (void)close_range(STDERR_FILENO + 1, ~0U, 0);
    return 0;
}

/** Do everything up to exec. @return the step that failed, with errno; does not return on success
 */
static enum pw_start_step enter(const struct pw_run_command *command,
                                struct pw_run_child_report *report)
{
    if (setsid() < 0 || redirect(command) != 0) {
        return PW_START_SETUP;
    }
    if (chdir(command->cwd) != 0) {
        return PW_START_DIRECTORY;
    }
    (void)umask(022);
    reset_signals();
    if (forbid_core_dumps() != 0) {
        return PW_START_SETUP;
    }
    if (command->memory_limit_bytes != 0 && limit_memory(command->memory_limit_bytes) != 0) {
        return PW_START_LIMIT;
    }
    report->started_ns = pw_clock_monotonic_ns();
    (void)execve(command->path, command->argv, command->envp);
    return PW_START_EXEC;
}

pid_t pw_run_child_start(const struct pw_run_command *command, struct pw_run_child_report *report)
{
    pid_t launcher = getpid();
    pid_t pid;
    enum pw_start_step step;

    memset(report, 0, sizeof(*report));
    pid = fork();
    if (pid != 0) {
        return pid;
    }
    /* Should the launcher be killed, nobody is left to end the benchmark: it goes too. */
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != launcher) {
        _exit(STATUS_NOT_STARTED);
    }
    step = enter(command, report);
    report->error_number = errno;
    report->failed_step = step;
    _exit(STATUS_NOT_STARTED);
}
