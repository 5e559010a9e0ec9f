/*
 * Signalling, reaping and ending the descendants of this process.
 *
 * A process group would not do: setsid and a double fork leave it. Walking the tree alone would not
 * do either, for it is never seen whole while it changes; so the walk only aims, and wait's ECHILD
 * is the proof of the end.
 */
#include "linux_features.h"

#include "tree.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "perfwarden/util/clock.h"
#include "pids.h"

/** How long SIGKILL may take to work: seconds are spent only on processes that hang in the kernel.
 */
static const uint64_t END_DEADLINE_NS = UINT64_C(5000000000);
/** How long to wait for the next death before killing again. */
static const long KILL_AGAIN_NS = 2000000;

void pw_run_tree_signal(int signal_number)
{
    struct pw_run_pids list = {NULL, 0, 0};

    pw_run_pids_find(&list);
    for (size_t i = 0; i < list.count; i++) {
        (void)kill(list.items[i], signal_number);
    }
    pw_run_pids_release(&list);
}

pid_t pw_run_tree_reap_others(bool (*is_leader)(const void *context, pid_t pid),
                              const void *context)
{
    for (;;) {
        siginfo_t info;

        memset(&info, 0, sizeof(info));
        if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0) {
            return 0;
        }
        if (is_leader(context, info.si_pid)) {
            return info.si_pid;
        }
        (void)waitpid(info.si_pid, NULL, WNOHANG);
    }
}

/** Reap all that have ended. @return false when no descendant is left */
static bool reap_ended(uint32_t *killed)
{
    for (;;) {
        int status = 0;
        pid_t pid = waitpid(-1, &status, WNOHANG);

        if (pid < 0) {
            return false;
        }
        if (pid == 0) {
            return true;
        }
        if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) {
            (*killed)++;
        }
    }
}

/** Sleep until a child's end is announced or it is time to look again. SIGCHLD is blocked here. */
static void await_death(void)
{
    struct timespec pause = {0, KILL_AGAIN_NS};
    sigset_t child_ended;

    (void)sigemptyset(&child_ended);
    (void)sigaddset(&child_ended, SIGCHLD);
    (void)sigtimedwait(&child_ended, NULL, &pause);
}

uint32_t pw_run_tree_end(uint32_t *still_alive)
{
    uint32_t not_ours = 0;
    uint32_t ended = 0;
    uint64_t deadline_ns;
    bool is_any_left = reap_ended(&not_ours);

    *still_alive = 0;
    deadline_ns = pw_clock_monotonic_ns() + END_DEADLINE_NS;
    while (is_any_left) {
        pw_run_tree_signal(SIGKILL);
        await_death();
        is_any_left = reap_ended(&ended);
        if (is_any_left && pw_clock_monotonic_ns() > deadline_ns) {
            struct pw_run_pids list = {NULL, 0, 0};

            pw_run_pids_find(&list);
            *still_alive = list.count == 0 ? 1 : (uint32_t)list.count;
            pw_run_pids_release(&list);
            break;
        }
    }
    return ended;
}
