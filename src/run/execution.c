/*
 * The pipes are read here and not in the launcher, whose memory is the floor under every measured
 * peak. One poll loop serves the pipes of all copies and the socket.
 */
#include "linux_features.h"

#include "execution.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "refusal.h"

static void close_both(int fds[2])
{
    for (int i = 0; i < 2; i++) {
        if (fds[i] >= 0) {
            (void)close(fds[i]);
        }
        fds[i] = -1;
    }
}

/** Two pipes for a copy, whose read ends do not block. */
static int make_pipes(const struct pw_process_spec *spec, struct pw_run_conversation *copy,
                      struct pw_error *err)
{
    for (int i = 0; i < 2; i++) {
        int ends[2];

        if (pipe2(ends, O_CLOEXEC) != 0) {
            return pw_error_set_errno(err, errno, "cannot make a pipe for '%s'", spec->argv[0]);
        }
        copy->output[i].fd = ends[0];
        copy->write_ends[i] = ends[1];
        if (fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) {
            return pw_error_set_errno(err, errno, "cannot read the output of '%s'", spec->argv[0]);
        }
    }
    return 0;
}

/** Send the request, the pipes of each copy and the payload. */
static bool send_all(const struct pw_run_execution *run, const struct pw_run_request *request,
                     const struct pw_strbuf *payload)
{
    struct pw_run_request message = *request;

    for (unsigned i = 0; i < run->count; i++) {
        message.kind = i == 0 ? request->kind : PW_RUN_COPY;
        if (!pw_run_send_request(run->socket, &message, run->copies[i].write_ends,
                                 i + 1 == run->count ? payload : NULL)) {
            return false;
        }
    }
    return true;
}

/** Only the benchmark's tree shall hold these, so that its end is the end of the pipes. */
static void close_write_ends(const struct pw_run_execution *run)
{
    for (unsigned i = 0; i < run->count; i++) {
        close_both(run->copies[i].write_ends);
    }
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

/** Receive the next copy's reply. */
static bool receive_reply(struct pw_run_execution *run)
{
    struct pw_run_reply *reply = &run->copies[run->replied].reply;

    run->replied++;
    return pw_run_receive(run->socket, reply, sizeof(*reply)) && reply->magic == PW_RUN_MAGIC;
}

/**
 * Read output until all replies have come.
 *
 * @param fds        room for the socket and two pipes a copy
 * @param unblocked  the signal mask while asleep: a signal between the look at the flag and the
 * sleep wakes it
 * @return false when the launcher is gone
 */
static bool follow(struct pw_run_execution *run, struct pollfd *fds, const sigset_t *unblocked)
{
    nfds_t count = 1 + 2 * (nfds_t)run->count;

    while (run->replied < run->count) {
        fds[0] = (struct pollfd){run->socket, POLLIN, 0};
        for (nfds_t i = 1; i < count; i++) {
            const struct pw_run_conversation *copy = &run->copies[(i - 1) / 2];

            fds[i] = (struct pollfd){copy->output[(i - 1) % 2].fd, POLLIN, 0};
        }
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
        if (fds[0].revents != 0 && !receive_reply(run)) {
            return false;
        }
    }
    return true;
}

int pw_run_execution_see_through(struct pw_run_execution *run, const struct pw_run_request *request,
                                 const struct pw_strbuf *payload, bool *is_alive,
                                 struct pw_error *err)
{
    struct pollfd one_copy[3];
    struct pollfd *fds = one_copy;
    sigset_t held;
    sigset_t before;
    int status = 0;

    *is_alive = true;
    if (run->count > 1) {
        fds = calloc(1 + 2 * (size_t)run->count, sizeof(*fds));
        if (fds == NULL) {
            return pw_error_set_no_memory(err);
        }
    }
    for (unsigned i = 0; status == 0 && i < run->count; i++) {
        status = make_pipes(run->spec, &run->copies[i], err);
    }
    /* SIGINT and SIGTERM are held back but for the sleeps. */
    (void)sigemptyset(&held);
    (void)sigaddset(&held, SIGINT);
    (void)sigaddset(&held, SIGTERM);
    (void)sigprocmask(SIG_BLOCK, &held, &before);
    if (status == 0) {
        *is_alive = send_all(run, request, payload);
    }
    close_write_ends(run);
    if (status == 0) {
        *is_alive = *is_alive && follow(run, fds, &before);
    }
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
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

int pw_run_execution_conclude(struct pw_run_conversation *copy, struct pw_process_outcome *out,
                              struct pw_error *err)
{
    struct pw_process_outcome outcome;
    int status;

    memset(&outcome, 0, sizeof(outcome));
    copy_end(&copy->reply, &outcome);
    copy_usage(&copy->reply, &outcome);
    for (int i = 0; i < 2; i++) {
        pw_run_output_drain(&copy->output[i]);
    }
    status = pw_run_output_finish(&copy->output[0], &outcome.standard_output, err);
    if (status == 0) {
        status = pw_run_output_finish(&copy->output[1], &outcome.standard_error, err);
    }
    if (status != 0) {
        pw_process_outcome_release(&outcome);
        return status;
    }
    *out = outcome;
    return 0;
}
