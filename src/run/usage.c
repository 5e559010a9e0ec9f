/*
 * Reads the counters of one ended process: bytes from /proc while it is a zombie, the rest from
 * wait4.
 *
 * Both include the descendants that the process waited for itself (as a shell does), and no others.
 * wait4 takes the largest of their peaks for the resident size, not a sum. The byte counts include
 * what exec and the dynamic loader read.
 */
#include "linux_features.h"

#include "usage.h"

#include <errno.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "perfwarden/run.h"
#include "proc.h"

static uint64_t timeval_ns(const struct timeval *time)
{
    return (uint64_t)time->tv_sec * UINT64_C(1000000000) + (uint64_t)time->tv_usec * 1000;
}

/** Absent where the kernel was built without it, and for programs that run as somebody else. */
static void read_io(pid_t pid, struct pw_run_reply *reply)
{
    char text[PW_RUN_PROC_TEXT_SIZE];

    if (pw_run_proc_read(pid, "io", text) &&
        pw_run_proc_number(text, "rchar:", &reply->io_read_bytes) &&
        pw_run_proc_number(text, "wchar:", &reply->io_write_bytes)) {
        reply->has_io = 1;
    }
}

bool pw_run_usage_collect(pid_t pid, bool wants_io, struct pw_run_reply *reply)
{
    struct rusage usage;
    int status = 0;
    pid_t reaped;

    if (wants_io) {
        read_io(pid, reply);
    }
    do {
        reaped = wait4(pid, &status, 0, &usage);
    } while (reaped < 0 && errno == EINTR);
    if (reaped != pid) {
        return false;
    }
    reply->end = WIFSIGNALED(status) ? PW_PROCESS_SIGNALED : PW_PROCESS_EXITED;
    reply->exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    reply->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    reply->user_ns = timeval_ns(&usage.ru_utime);
    reply->system_ns = timeval_ns(&usage.ru_stime);
    reply->max_rss_bytes = (uint64_t)usage.ru_maxrss * 1024;
    reply->page_faults_minor = (uint64_t)usage.ru_minflt;
    reply->page_faults_major = (uint64_t)usage.ru_majflt;
    reply->context_switches_voluntary = (uint64_t)usage.ru_nvcsw;
    reply->context_switches_involuntary = (uint64_t)usage.ru_nivcsw;
    return true;
}
