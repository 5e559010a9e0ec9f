/*
 * Supervises one command: waits for the leader's end, its time limit, its memory limit or a request
 * to stop, and ends the whole tree. It is one ppoll over the socket and a signalfd; SIGCHLD says
 * when somebody ended.
 *
 * Ending early is SIGTERM to the tree, a grace period, SIGKILL to the leader. Once the leader has
 * ended, by itself or not, whatever it left behind is killed at once.
 */
#include "linux_features.h"

#include "supervise.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "memory.h"
#include "perfwarden/util/clock.h"
#include "tree.h"
#include "usage.h"

/** From SIGTERM to SIGKILL. */
static const uint64_t GRACE_NS = UINT64_C(200000000);
/** How often the tree's memory is weighed, where a limit is set. */
static const uint64_t SAMPLE_NS = UINT64_C(20000000);
/** How long SIGKILL may take on the leader: longer only when it hangs in the kernel. */
static const uint64_t KILL_DEADLINE_NS = UINT64_C(5000000000);
static const uint64_t NEVER_NS = UINT64_MAX;

enum phase {
    PHASE_RUNNING,
    PHASE_TERMINATING, /**< SIGTERM sent */
    PHASE_KILLING,     /**< SIGKILL sent */
    PHASE_LOST         /**< SIGKILL did not work in time */
};

struct job {
    const struct pw_run_ears *ears;
    pid_t leader;
    enum phase phase;
    enum pw_process_end reason; /**< why it is ended early; meaningful from PHASE_TERMINATING on */
    bool is_orphaned;           /**< perfwarden is gone */
    uint64_t memory_limit_bytes;
    uint64_t deadline_ns;    /**< when the phase ends by itself */
    uint64_t next_sample_ns; /**< NEVER_NS without a memory limit */
};

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

bool pw_run_ears_hear_end(const struct pw_run_ears *ears)
{
    struct signalfd_siginfo info;
    bool is_end = false;

    while (read(ears->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
        is_end = is_end || info.ssi_signo == SIGTERM;
    }
    return is_end;
}

/** Begin to end the tree; a second reason changes nothing. */
static void end_early(struct job *job, enum pw_process_end reason)
{
    if (job->phase != PHASE_RUNNING) {
        return;
    }
    job->phase = PHASE_TERMINATING;
    job->reason = reason;
    job->deadline_ns = pw_clock_monotonic_ns() + GRACE_NS;
    job->next_sample_ns = NEVER_NS;
    pw_run_tree_signal(SIGTERM);
    pw_run_tree_signal(SIGCONT); /* a stopped process sees SIGTERM only when it goes on */
}

/** Without perfwarden there is no point in grace. */
static void abandon(struct job *job)
{
    job->is_orphaned = true;
    end_early(job, PW_PROCESS_INTERRUPTED);
    if (job->phase == PHASE_TERMINATING) {
        job->deadline_ns = pw_clock_monotonic_ns();
    }
}

/** Move on to the next phase where its time has come. */
static void keep_time(struct job *job, uint64_t now_ns)
{
    if (now_ns >= job->next_sample_ns) {
        if (pw_run_memory_is_over(job->memory_limit_bytes)) {
            end_early(job, PW_PROCESS_OUT_OF_MEMORY);
        } else {
            job->next_sample_ns = pw_clock_monotonic_ns() + SAMPLE_NS;
        }
    }
    if (now_ns < job->deadline_ns) {
        return;
    }
    if (job->phase == PHASE_RUNNING) {
        end_early(job, PW_PROCESS_TIMED_OUT);
    } else if (job->phase == PHASE_TERMINATING) {
        job->phase = PHASE_KILLING;
        job->deadline_ns = now_ns + KILL_DEADLINE_NS;
        (void)kill(job->leader, SIGKILL);
    } else {
        job->phase = PHASE_LOST;
    }
}

/** A message while a command runs: to stop it, or the end of perfwarden. */
static void take_message(struct job *job)
{
    struct pw_run_request request;
    int fds[2];

    if (!pw_run_receive_request(job->ears->socket, &request, fds) || request.kind != PW_RUN_STOP) {
        abandon(job);
    } else {
        end_early(job, PW_PROCESS_INTERRUPTED);
    }
}

/** Sleep until a message, a signal or the next point in time. */
static void await_event(struct job *job)
{
    struct pollfd fds[2] = {{job->ears->signal_fd, POLLIN, 0}, {job->ears->socket, POLLIN, 0}};
    uint64_t until_ns = earlier(job->deadline_ns, job->next_sample_ns);
    uint64_t now_ns = pw_clock_monotonic_ns();
    uint64_t wait_ns = until_ns > now_ns ? until_ns - now_ns : 0;
    struct timespec wait = {(time_t)(wait_ns / UINT64_C(1000000000)),
                            (long)(wait_ns % UINT64_C(1000000000))};

    /* After the end of the stream the socket would be readable for ever. */
    if (ppoll(fds, job->is_orphaned ? 1 : 2, until_ns == NEVER_NS ? NULL : &wait, NULL) <= 0) {
        return;
    }
    if (fds[0].revents != 0 && pw_run_ears_hear_end(job->ears)) {
        abandon(job);
    }
    if (fds[1].revents != 0) {
        take_message(job);
    }
}

/**
 * Wait for the leader to be a zombie. Its end is looked for before the clock is: a process that
 * ended in time has ended in time, however late we wake.
 *
 * @return false when even SIGKILL did not end it
 */
static bool await_leader(struct job *job)
{
    while (!pw_run_tree_reap_until(job->leader)) {
        keep_time(job, pw_clock_monotonic_ns());
        if (job->phase == PHASE_LOST) {
            return false;
        }
        await_event(job);
    }
    return true;
}

static void describe_end(const struct job *job, const struct pw_run_child_report *report,
                         uint64_t ended_ns, struct pw_run_reply *reply)
{
    reply->wall_ns = report->started_ns != 0 ? ended_ns - report->started_ns : 0;
    if (report->error_number != 0) {
        reply->end = PW_PROCESS_NOT_STARTED;
        reply->error_number = report->error_number;
        reply->failed_step = (int32_t)report->failed_step;
    } else if (job->phase != PHASE_RUNNING) {
        reply->end = (int32_t)job->reason;
    }
}

bool pw_run_supervise(const struct pw_run_ears *ears, const struct pw_run_request *request,
                      const struct pw_run_command *command, struct pw_run_child_report *report,
                      struct pw_run_reply *reply)
{
    struct job job;
    bool has_ended;
    uint64_t now_ns = pw_clock_monotonic_ns();

    memset(&job, 0, sizeof(job));
    job.ears = ears;
    job.memory_limit_bytes = request->memory_limit_bytes;
    job.deadline_ns = request->timeout_ns != 0 && request->timeout_ns < NEVER_NS - now_ns
                          ? now_ns + request->timeout_ns
                          : NEVER_NS;
    job.next_sample_ns = request->memory_limit_bytes != 0 ? now_ns + SAMPLE_NS : NEVER_NS;
    memset(reply, 0, sizeof(*reply));
    reply->magic = PW_RUN_MAGIC;
    job.leader = pw_run_child_start(command, report);
    if (job.leader < 0) {
        reply->end = PW_PROCESS_NOT_STARTED;
        reply->failed_step = (int32_t)PW_START_FORK;
        reply->error_number = errno;
        return true;
    }
    has_ended = await_leader(&job);
    if (has_ended) {
        uint64_t ended_ns = pw_clock_monotonic_ns();

        (void)pw_run_usage_collect(job.leader, reply);
        describe_end(&job, report, ended_ns, reply);
    }
    reply->survivors_ended = pw_run_tree_end(&reply->still_alive);
    if (!has_ended && reply->still_alive == 0) {
        reply->still_alive = 1; /* it went at last, but nothing is known of how */
    }
    return !job.is_orphaned;
}
