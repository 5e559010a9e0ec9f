/*
 * The pipes are read here and not in the launcher, whose memory is the floor under every measured
 * peak. One poll loop serves the pipes of all copies and the socket.
 */
#include "linux_features.h"

#include "execution.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "refusal.h"

/** Have the pipes of all copies, and start to keep what comes out of them. */
static int start_listening(const struct pw_run_execution *run, bool *is_alive, struct pw_error *err)
{
    const struct pw_process_spec *spec = run->spec;
    int status = 0;

    for (unsigned i = 0; status == 0 && *is_alive && i < run->copy_count; i++) {
        struct pw_run_listening *copy = &run->copies[i];

        status = pw_run_pipes_open(copy->pipes, run->socket, i, is_alive, err);
        for (int j = 0; status == 0 && *is_alive && j < 2; j++) {
            pw_run_output_init(&copy->output[j], copy->pipes->read_ends[j], spec->output_max_bytes);
            pw_run_output_show(&copy->output[j], j + 1, spec->output_seen, spec->output_context);
        }
    }
    return status;
}

/** Pass an interruption on, once. */
static bool send_stop(struct pw_run_execution *run)
{
    struct pw_run_request request;

    memset(&request, 0, sizeof(request));
    request.magic = PW_RUN_MAGIC;
    request.kind = PW_RUN_STOP;
    run->is_stop_sent = true;
    return pw_run_send_request(run->socket, &request, NULL, NULL);
}

static bool is_interrupted(const struct pw_process_spec *spec)
{
    return spec->interrupted != NULL && *spec->interrupted != 0;
}

/** Receive the next reply. */
static bool receive_reply(struct pw_run_execution *run, bool *is_last)
{
    struct pw_run_reply *reply = &run->replies[run->replied];

    if (run->replied == run->reply_capacity ||
        !pw_run_receive(run->socket, reply, sizeof(*reply)) || reply->magic != PW_RUN_MAGIC) {
        return false;
    }
    run->replied++;
    *is_last = reply->is_last != 0;
    return true;
}

/** What to look at: the socket first. A reply that is seen there was sent when the tree was dead,
 * so the look at the pipes behind it sees all output. */
static void fill(const struct pw_run_execution *run, struct pollfd *fds)
{
    fds[0] = (struct pollfd){run->socket, POLLIN, 0};
    for (unsigned i = 0; i < 2 * run->copy_count; i++) {
        fds[1 + i] = (struct pollfd){run->copies[i / 2].output[i % 2].fd, POLLIN, 0};
    }
}

/**
 * Read output until the last reply has come.
 *
 * @param fds        room for the socket and two pipes a copy
 * @param unblocked  the signal mask while asleep: a signal between the look at the flag and the
 * sleep wakes it
 * @return false when the launcher is gone
 */
static bool follow(struct pw_run_execution *run, struct pollfd *fds, const sigset_t *unblocked)
{
    nfds_t count = 1 + 2 * (nfds_t)run->copy_count;
    bool is_last = false;

    while (!is_last) {
        fill(run, fds);
        if (!run->is_stop_sent && is_interrupted(run->spec) && !send_stop(run)) {
            return false;
        }
        if (ppoll(fds, count, NULL, unblocked) < 0) {
            if (errno == EINTR) {
                continue;
            }
            return false;
        }
        for (nfds_t i = 1; i < count; i++) {
            if (fds[i].revents != 0) {
                (void)pw_run_output_read(&run->copies[(i - 1) / 2].output[(i - 1) % 2]);
            }
        }
        if (fds[0].revents != 0 && !receive_reply(run, &is_last)) {
            return false;
        }
    }
    return true;
}

/** Read what is left in the pipes. */
static void drain(const struct pw_run_execution *run)
{
    for (unsigned i = 0; i < run->copy_count; i++) {
        bool is_empty = true;

        for (int j = 0; j < 2; j++) {
            is_empty = pw_run_output_drain(&run->copies[i].output[j]) && is_empty;
        }
        if (!is_empty) {
            pw_run_pipes_close(run->copies[i].pipes);
        }
    }
}

int pw_run_execution_see_through(struct pw_run_execution *run, const struct pw_run_request *request,
                                 const struct pw_strbuf *payload, bool *is_alive,
                                 struct pw_error *err)
{
    struct pollfd one_copy[3];
    struct pollfd *fds = one_copy;
    sigset_t held;
    sigset_t before;
    int status;

    *is_alive = true;
    if (run->copy_count > 1) {
        fds = calloc(1 + 2 * (size_t)run->copy_count, sizeof(*fds));
        if (fds == NULL) {
            return pw_error_set_no_memory(err);
        }
    }
    /* SIGINT and SIGTERM are held back but for the sleeps. */
    (void)sigemptyset(&held);
    (void)sigaddset(&held, SIGINT);
    (void)sigaddset(&held, SIGTERM);
    (void)sigprocmask(SIG_BLOCK, &held, &before);
    status = start_listening(run, is_alive, err);
    if (status == 0 && *is_alive) {
        *is_alive =
            pw_run_send_request(run->socket, request, NULL, payload) && follow(run, fds, &before);
    }
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    if (status == 0 && *is_alive) {
        drain(run);
    }
    if (fds != one_copy) {
        free(fds);
    }
    return status;
}

static const char *method_name(uint32_t method)
{
    static const char *const NAMES[] = {
        [PW_RUN_BY_NOTHING] = NULL,          [PW_RUN_BY_CGROUP2] = "cgroup2",
        [PW_RUN_BY_CGROUP1] = "cgroup1",     [PW_RUN_BY_RLIMIT] = "rlimit",
        [PW_RUN_BY_SUBREAPER] = "subreaper",
    };

    return method < sizeof(NAMES) / sizeof(NAMES[0]) ? NAMES[method] : NULL;
}

static void copy_usage(const struct pw_run_reply *reply, struct pw_process_outcome *outcome)
{
    outcome->wall_ns = reply->wall_ns;
    outcome->user_ns = reply->user_ns;
    outcome->system_ns = reply->system_ns;
    outcome->max_rss_bytes = reply->max_rss_bytes;
    outcome->page_faults_minor = reply->page_faults_minor;
    outcome->page_faults_major = reply->page_faults_major;
    outcome->context_switches_voluntary = reply->context_switches_voluntary;
    outcome->context_switches_involuntary = reply->context_switches_involuntary;
    outcome->has_io = reply->has_io != 0;
    outcome->io_read_bytes = reply->io_read_bytes;
    outcome->io_write_bytes = reply->io_write_bytes;
    outcome->has_tree_peak = reply->has_tree_peak != 0;
    outcome->tree_peak_bytes = reply->tree_peak_bytes;
    outcome->has_network = reply->has_network != 0;
    outcome->network_bytes = reply->network_bytes;
    outcome->throttled_ns = reply->throttled_ns;
    pw_run_counters_unpack(&reply->counters, &outcome->counters);
}

static void copy_end(const struct pw_run_reply *reply, struct pw_process_outcome *outcome)
{
    struct pw_run_refusal_text refusal =
        pw_run_refusal_describe((enum pw_run_refusal)reply->refusal);

    outcome->end = (enum pw_process_end)reply->end;
    outcome->exit_status = reply->exit_status;
    outcome->signal = reply->signal;
    outcome->failed_step = (enum pw_start_step)reply->failed_step;
    outcome->error_number = reply->error_number;
    outcome->failed_what = refusal.what;
    outcome->failed_remedy = refusal.remedy;
    outcome->memory_method = method_name(reply->memory_method);
    outcome->cpu_method = method_name(reply->cpu_method);
    outcome->ending_method = method_name(reply->ending_method);
    outcome->survivors_ended = reply->survivors_ended;
}

int pw_run_execution_conclude(const struct pw_run_reply *reply, struct pw_run_output *output,
                              struct pw_process_outcome *out, struct pw_error *err)
{
    struct pw_process_outcome outcome;
    struct pw_run_output empty[2];
    int status;

    if (output == NULL) {
        pw_run_output_init(&empty[0], -1, 0);
        pw_run_output_init(&empty[1], -1, 0);
        output = empty;
    }
    memset(&outcome, 0, sizeof(outcome));
    copy_end(reply, &outcome);
    copy_usage(reply, &outcome);
    status = pw_run_output_finish(&output[0], &outcome.standard_output, err);
    if (status == 0) {
        status = pw_run_output_finish(&output[1], &outcome.standard_error, err);
    }
    if (status != 0) {
        pw_process_outcome_release(&outcome);
        return status;
    }
    *out = outcome;
    return 0;
}
