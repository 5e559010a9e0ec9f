/*
 * Supervises the copies of one command, mostly a single one: waits for the leaders' ends, the time
 * limit, the memory limit or a request to stop, and ends the whole tree. It is one ppoll over the
 * socket and a signalfd; SIGCHLD says when somebody ended.
 *
 * Ending early is SIGTERM to the tree, a grace period, SIGKILL to the leaders. Once the
 * last leader has ended, by itself or not, whatever they left behind is killed at once.
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
    struct pw_run_copy *copies;
    uint32_t count;
    uint32_t running; /**< leaders that have not been reaped */
    enum phase phase;
    enum pw_process_end reason;  /**< why it is ended early; meaningful from PHASE_TERMINATING on */
    bool is_orphaned;            /**< perfwarden is gone */
    uint64_t memory_limit_bytes; /**< of one copy; 0 for none */
    uint64_t deadline_ns;        /**< when the phase ends by itself */
    uint64_t next_sample_ns;     /**< NEVER_NS without a memory limit */
};

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

bool pw_run_ears_hear_end(const struct pw_run_ears *ears)
{
    /* Room for one more than the two signals there can be: one call and not a second that fails. */
    struct signalfd_siginfo infos[3];
    ssize_t got = read(ears->signal_fd, infos, sizeof(infos));
    bool is_end = false;

    for (size_t i = 0; got > 0 && i < (size_t)got / sizeof(infos[0]); i++) {
        is_end = is_end || infos[i].ssi_signo == SIGTERM;
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

/** A copy whose memory the kernel holds to the limit is asked about; the others are weighed, all of
 * them together. */
static bool is_over_memory(const struct job *job)
{
    uint64_t weighed = 0;

    for (uint32_t i = 0; i < job->count; i++) {
        if (pw_run_groups_ran_out_of_memory(&job->copies[i].groups)) {
            return true;
        }
        weighed += job->copies[i].groups.memory == NULL;
    }
    return weighed > 0 && pw_run_memory_is_over(weighed * job->memory_limit_bytes);
}

static void kill_leaders(const struct job *job)
{
    for (uint32_t i = 0; i < job->count; i++) {
        if (job->copies[i].leader != 0) {
            (void)kill(job->copies[i].leader, SIGKILL);
        }
    }
}

/** Move on to the next phase where its time has come. */
static void keep_time(struct job *job, uint64_t now_ns)
{
    if (now_ns >= job->next_sample_ns) {
        if (is_over_memory(job)) {
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
        kill_leaders(job);
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

static struct pw_run_copy *find_copy(const struct job *job, pid_t leader)
{
    for (uint32_t i = 0; i < job->count; i++) {
        if (job->copies[i].leader == leader) {
            return &job->copies[i];
        }
    }
    return NULL;
}

static bool is_leader(const void *job, pid_t pid)
{
    return find_copy(job, pid) != NULL;
}

/** Reap the leaders that have ended. */
static void reap_leaders(struct job *job)
{
    pid_t pid;

    while (job->running > 0 && (pid = pw_run_tree_reap_others(is_leader, job)) != 0) {
        pw_run_copy_reap(find_copy(job, pid), job->phase != PHASE_RUNNING ? &job->reason : NULL);
        job->running--;
    }
}

/**
 * Wait for all leaders. The end of one that has ended already is announced all the same. Ends are
 * looked for before the clock is: a process that ended in time has ended in time, however late we
 * wake.
 *
 * @return false when even SIGKILL did not end one
 */
static bool await_leaders(struct job *job)
{
    while (job->running > 0 && job->phase != PHASE_LOST) {
        await_event(job);
        reap_leaders(job);
        if (job->running > 0) {
            keep_time(job, pw_clock_monotonic_ns());
        }
    }
    return job->running == 0;
}

static void start_copies(struct job *job, const struct pw_run_request *request,
                         const struct pw_run_command *command, struct pw_run_group_places *places)
{
    for (uint32_t i = 0; i < job->count; i++) {
        pw_run_copy_start(&job->copies[i], request, command, places);
        job->running += job->copies[i].leader != 0;
    }
}

/** From the first start to the last end. */
static uint64_t measure_all(const struct job *job)
{
    uint64_t first_ns = NEVER_NS;
    uint64_t last_ns = 0;

    for (uint32_t i = 0; i < job->count; i++) {
        const struct pw_run_copy *copy = &job->copies[i];

        if (copy->report->started_ns != 0 && copy->ended_ns != 0) {
            first_ns = earlier(first_ns, copy->report->started_ns);
            last_ns = copy->ended_ns > last_ns ? copy->ended_ns : last_ns;
        }
    }
    return last_ns > first_ns ? last_ns - first_ns : 0;
}

/** End what the leaders left behind, and complete the replies. */
static void finish(struct job *job, bool has_ended)
{
    struct pw_run_reply *first = &job->copies[0].reply;
    uint64_t all_wall_ns = measure_all(job);

    for (uint32_t i = 0; i < job->count; i++) {
        pw_run_groups_kill(&job->copies[i].groups);
    }
    first->survivors_ended = pw_run_tree_end(&first->still_alive);
    if (!has_ended && first->still_alive == 0) {
        first->still_alive = 1; /* it went at last, but nothing is known of how */
    }
    for (uint32_t i = 0; i < job->count; i++) {
        pw_run_copy_finish(&job->copies[i]);
        job->copies[i].reply.all_wall_ns = all_wall_ns;
    }
}

bool pw_run_supervise(const struct pw_run_ears *ears, const struct pw_run_request *request,
                      const struct pw_run_command *command, struct pw_run_group_places *places,
                      struct pw_run_copy *copies)
{
    struct job job;
    uint64_t now_ns = pw_clock_monotonic_ns();

    memset(&job, 0, sizeof(job));
    job.ears = ears;
    job.copies = copies;
    job.count = request->copies;
    job.memory_limit_bytes = request->memory_limit_bytes;
    job.deadline_ns = request->timeout_ns != 0 && request->timeout_ns < NEVER_NS - now_ns
                          ? now_ns + request->timeout_ns
                          : NEVER_NS;
    job.next_sample_ns = request->memory_limit_bytes != 0 ? now_ns + SAMPLE_NS : NEVER_NS;
    start_copies(&job, request, command, places);
    finish(&job, await_leaders(&job));
    return !job.is_orphaned;
}
