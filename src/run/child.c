/*
 * The benchmark's process between fork and exec: a fixed, clean state whatever perfwarden was
 * started in, as far as it is not the launcher's own already. Makes system calls only; allocates
 * nothing and touches no stdio buffer.
 */
#include "linux_features.h"

#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "network.h"
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

static int limit_memory(uint64_t bytes)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_AS, &limit) != 0) {
        return -1;
    }
    lower(&limit, bytes);
    return setrlimit(RLIMIT_AS, &limit);
}

/** None blocked. All are at their default: the launcher ignores none, and exec resets handlers. */
static void unblock_signals(void)
{
    sigset_t none;

    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/** Let only these processors run what comes. */
static int pin(const uint64_t cpus[PW_RUN_CPUS_MAX / 64])
{
    cpu_set_t set;
    cpu_set_t granted;

    CPU_ZERO(&set);
    for (unsigned i = 0; i < PW_RUN_CPUS_MAX && i < CPU_SETSIZE; i++) {
        if ((cpus[i / 64] >> (i % 64) & 1) != 0) {
            CPU_SET(i, &set);
        }
    }
    if (sched_setaffinity(0, sizeof(set), &set) != 0) {
        return -1;
    }
    /* The kernel is content with those that exist; we are not. */
    if (sched_getaffinity(0, sizeof(granted), &granted) != 0 || !CPU_EQUAL(&set, &granted)) {
        errno = EINVAL;
        return -1;
    }
    return 0;
}

/** A file is opened anew for each run, which reads it from its start. */
static int open_input(const struct pw_run_command *command)
{
    return command->stdin_path[0] == '\0' ? command->stdin_fd
                                          : open(command->stdin_path, O_RDONLY | O_CLOEXEC);
}

static int redirect(const struct pw_run_command *command, int input)
{
    if (dup2(input, STDIN_FILENO) < 0 || dup2(command->stdout_fd, STDOUT_FILENO) < 0 ||
        dup2(command->stderr_fd, STDERR_FILENO) < 0) {
        return -1;
    }
    /* All of the launcher's descriptors close on exec anyway, should the kernel not know this call.
     */
    (void)close_range(STDERR_FILENO + 1, ~0U, 0);
    return 0;
}

/** Addresses decide hash orders and alignments, and so counts. A container may forbid it: then
 * counts differ a little. */
static void fix_addresses(void)
{
    int before = personality(0xffffffffUL);

    if (before >= 0) {
        (void)personality((unsigned long)before | ADDR_NO_RANDOMIZE);
    }
}

/** Sleep until the launcher has opened the counters. @param gate NULL when there are none */
static void await_counters(const int gate[2])
{
    char nothing;

    if (gate == NULL) {
        return;
    }
    (void)close(gate[1]);
    while (read(gate[0], &nothing, 1) < 0 && errno == EINTR) {
    }
}

/** Remember what is refused. @return the step */
static enum pw_start_step refuse(struct pw_run_child_report *report, enum pw_run_refusal refusal,
                                 enum pw_start_step step)
{
    report->refusal = refusal;
    return step;
}

/** Where the program runs: its groups, network and processors. @return PW_START_EXEC when all is
 * well */
static enum pw_start_step confine(const struct pw_run_command *command,
                                  struct pw_run_child_report *report)
{
    if (!pw_run_groups_enter(command->groups)) {
        return refuse(report, PW_RUN_REFUSED_GROUP, PW_START_LIMIT);
    }
    if (command->network_fd >= 0 && !pw_run_network_isolate(command->network_fd)) {
        return refuse(report, PW_RUN_REFUSED_NETWORK, PW_START_SETUP);
    }
    if (command->cpus != NULL && pin(command->cpus) != 0) {
        return refuse(report, PW_RUN_REFUSED_CPUS, PW_START_LIMIT);
    }
    return PW_START_EXEC;
}

/** Do everything up to exec. @return the step that failed, with errno; does not return on success
 */
static enum pw_start_step enter(const struct pw_run_command *command,
                                struct pw_run_child_report *report)
{
    enum pw_start_step step;
    int input;

    if (setsid() < 0) {
        return PW_START_SETUP;
    }
    step = confine(command, report);
    if (step != PW_START_EXEC) {
        return step;
    }
    input = open_input(command);
    if (input < 0) {
        return refuse(report, PW_RUN_REFUSED_INPUT, PW_START_SETUP);
    }
    if (redirect(command, input) != 0) {
        return PW_START_SETUP;
    }
    if (chdir(command->cwd) != 0) {
        return PW_START_DIRECTORY;
    }
    unblock_signals();
    if (command->address_limit_bytes != 0 && limit_memory(command->address_limit_bytes) != 0) {
        return refuse(report, PW_RUN_REFUSED_MEMORY_LIMIT, PW_START_LIMIT);
    }
    if (command->fixed_addresses) {
        fix_addresses();
    }
    report->started_ns = pw_clock_monotonic_ns();
    (void)execve(command->path, command->argv, command->envp);
    return PW_START_EXEC;
}

/**
 * Whether the child goes straight to its exec: vfork holds the launcher until then, and a launcher
 * that is held keeps no time limit. Opening a named pipe can last for ever; a network namespace
 * takes its time.
 */
static bool does_not_wait(const struct pw_run_command *command)
{
    return command->stdin_path[0] == '\0' && command->network_fd < 0;
}

/** @param gate a pipe whose end of file the child waits for; NULL for none */
static pid_t start(const struct pw_run_command *command, struct pw_run_child_report *report,
                   const int gate[2])
{
    pid_t launcher = getpid();
    pid_t pid;
    enum pw_start_step step;

    memset(report, 0, sizeof(*report));
    /* Linux's vfork lets a child call what it likes, as long as it does not return from here. */
    /* NOLINTNEXTLINE(clang-analyzer-security.insecureAPI.vfork,clang-analyzer-unix.Vfork) */
    pid = gate == NULL && does_not_wait(command) ? vfork() : fork();
    if (pid != 0) {
        return pid;
    }
    /* Should the launcher be killed, nobody is left to end the benchmark: it goes too. */
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != launcher) {
        _exit(STATUS_NOT_STARTED);
    }
    await_counters(gate);
    step = enter(command, report);
    report->error_number = errno;
    report->failed_step = step;
    _exit(STATUS_NOT_STARTED);
}

pid_t pw_run_child_start(const struct pw_run_command *command, struct pw_run_child_report *report)
{
    return start(command, report, NULL);
}

pid_t pw_run_child_start_counted(const struct pw_run_command *command,
                                 const struct pw_run_counter_event events[PW_RUN_COUNTER_COUNT],
                                 struct pw_run_child_report *report,
                                 struct pw_run_counters *counters)
{
    int gate[2];
    pid_t pid;

    for (int i = 0; i < PW_RUN_COUNTER_COUNT; i++) {
        counters->fds[i] = -1;
    }
    counters->error_number = 0;
    if (pipe2(gate, O_CLOEXEC) != 0) {
        return -1;
    }
    pid = start(command, report, gate);
    if (pid > 0) {
        pw_run_counters_open(pid, events, counters);
    }
    (void)close(gate[0]);
    (void)close(gate[1]);
    return pid;
}
