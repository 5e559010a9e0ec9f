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
#include <sys/socket.h>

#include "refusal.h"

/** Have the pipes of all copies, and start to keep what comes out of them. */
static int start_listening(const struct pw_run_execution *run, bool *is_alive, struct pw_error *err)
{
    int status = 0;

    for (unsigned i = 0; status == 0 && *is_alive && i < run->copy_count; i++) {
        struct pw_run_listening *copy = &run->copies[i];
        const struct pw_process_spec *spec = copy->spec;

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

static bool is_interrupted(const struct pw_run_execution *run)
{
    const unsigned specs = run->is_pair ? run->copy_count : 1;
    bool is_set = false;

    for (unsigned i = 0; i < specs; i++) {
        const volatile int *flag = run->copies[i].spec->interrupted;

        is_set = is_set || (flag != NULL && *flag != 0);
    }
    return is_set;
}

/** Receive the replies that are there, one at least: those of a pair or series come together. */
static bool receive_replies(struct pw_run_execution *run, bool *is_last)
{
    struct pw_run_reply *replies = &run->replies[run->replied];
    const size_t room = (run->reply_capacity - run->replied) * sizeof(*replies);
    ssize_t got = recv(run->socket, replies, room, 0);
    size_t count;
    size_t missing;

    if (got <= 0) {
        return got < 0 && errno == EINTR;
    }
    count = ((size_t)got + sizeof(*replies) - 1) / sizeof(*replies);
    missing = count * sizeof(*replies) - (size_t)got;
    if (!pw_run_receive(run->socket, (char *)replies + got, missing)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (replies[i].magic != PW_RUN_MAGIC || *is_last) {
            return false;
        }
        *is_last = replies[i].is_last != 0;
    }
    run->replied += (unsigned)count;
    return *is_last || run->replied < run->reply_capacity;
}

/** Read to the end what a tree has left in its pipes, now that it is dead. */
static void hear_out(struct pw_run_listening *copy)
{
    bool is_empty = true;

    for (int i = 0; i < 2; i++) {
        is_empty = pw_run_output_drain(&copy->output[i]) && is_empty;
        copy->output[i].fd = -1;
    }
    if (!is_empty) {
        pw_run_pipes_close(copy->pipes);
    }
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

/** Read once from each pipe that has something. */
static void hear(struct pw_run_execution *run, const struct pollfd *fds)
{
    for (unsigned i = 0; i < 2 * run->copy_count; i++) {
        if (fds[1 + i].revents == 0) {
            continue;
        }
        if (run->is_pair && i / 2 > 0) {
            hear_out(&run->copies[0]); /* it had ended before the other was started */
        }
        (void)pw_run_output_read(&run->copies[i / 2].output[i % 2]);
    }
}

/** After the last reply: a pipe that was empty when it was seen is at its end. But in a series more
 * replies can have come since, each after more output. */
static void hear_out_all(struct pw_run_execution *run, const struct pollfd *fds)
{
    const bool is_series = run->reply_capacity > run->copy_count;

    for (unsigned i = 0; i < 2 * run->copy_count; i++) {
        if (!is_series && fds[1 + i].revents == 0) {
            run->copies[i / 2].output[i % 2].fd = -1;
        }
    }
    for (unsigned i = 0; i < run->copy_count; i++) {
        hear_out(&run->copies[i]);
    }
}

/**
 * Read output until the last reply has come, and then the rest of it.
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
        if (!run->is_stop_sent && is_interrupted(run) && !send_stop(run)) {
            return false;
        }
        if (ppoll(fds, count, NULL, unblocked) < 0) {
            if (errno == EINTR) {
                continue;
            }
            return false;
        }
        hear(run, fds);
        if (fds[0].revents != 0 && !receive_replies(run, &is_last)) {
            return false;
        }
    }
    hear_out_all(run, fds);
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

/** @param output standard output and standard error, read to their end; NULL for empty ones */
static int conclude_one(const struct pw_run_reply *reply, struct pw_run_output *output,
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

/** Say why a whole tree could not be ended. */
static int check_ended(const struct pw_run_execution *run, struct pw_error *err)
{
    for (unsigned i = 0; i < run->replied; i++) {
        const struct pw_run_listening *copy = &run->copies[run->copy_count > 1 ? i : 0];

        if (run->replies[i].still_alive != 0) {
            return pw_error_set(err, PW_EIO,
                                "could not end %u process(es) that '%s' started: they hang in the "
                                "kernel or belong to another user",
                                (unsigned)run->replies[i].still_alive, copy->spec->argv[0]);
        }
    }
    return 0;
}

/** The output that goes with a reply; NULL for none. */
static struct pw_run_output *output_of(const struct pw_run_execution *run, unsigned reply)
{
    if (run->copy_count > 1) {
        return run->copies[reply].output;
    }
    return reply + 1 == run->replied ? run->copies[0].output : NULL;
}

int pw_run_execution_conclude(struct pw_run_execution *run, struct pw_process_outcome *out,
                              struct pw_error *err)
{
    int status = check_ended(run, err);

    for (unsigned i = 0; status == 0 && i < run->replied; i++) {
        status = conclude_one(&run->replies[i], output_of(run, i), &out[i], err);
        for (unsigned j = 0; status != 0 && j < i; j++) {
            pw_process_outcome_release(&out[j]);
        }
    }
    return status;
}

void pw_run_execution_release(struct pw_run_execution *run)
{
    for (unsigned i = 0; i < run->copy_count; i++) {
        for (int j = 0; j < 2; j++) {
            pw_run_output_release(&run->copies[i].output[j]);
        }
    }
}
