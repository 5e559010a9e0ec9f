/*
 * perfwarden's side of the launcher: the real pw_executor. Sends a command with two pipes, reads
 * the pipes while it runs, passes an interruption on, and turns the launcher's reply into an
 * outcome.
 *
 * The pipes are read here and not in the launcher, whose memory is the floor under every measured
 * peak.
 */
#include "linux_features.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launcher.h"
#include "output.h"
#include "perfwarden/run.h"
#include "perfwarden/util/strbuf.h"
#include "program.h"
#include "protocol.h"

/** Asked of each pipe, so that a benchmark waits for its reader as rarely as can be. */
enum { PIPE_BYTES = 1 << 20 };

struct launcher_executor {
    struct pw_executor executor; /**< first, so that a pointer to it is a pointer to this */
    int socket;                  /**< −1 once the launcher was found dead */
    pid_t launcher;
};

/** One execution under way. */
struct execution {
    struct launcher_executor *via;
    const struct pw_process_spec *spec;
    struct pw_run_output output[2]; /**< standard output, standard error */
    struct pw_run_reply reply;
    bool is_stop_sent;
};

static int launcher_is_gone(struct launcher_executor *via, struct pw_error *err)
{
    if (via->socket >= 0) {
        (void)close(via->socket);
        via->socket = -1;
    }
    return pw_error_set(
        err, PW_EIO,
        "the launcher of the benchmarks, process '%ld', has ended; if the system is "
        "short of memory, its out-of-memory killer may have chosen it",
        (long)via->launcher);
}

/** Two pipes with non-blocking read ends in the execution. @param[out] write_ends −1 where none was
 * made */
static int make_pipes(struct execution *run, int write_ends[2], struct pw_error *err)
{
    for (int i = 0; i < 2; i++) {
        int ends[2];

        if (pipe2(ends, O_CLOEXEC) != 0) {
            return pw_error_set_errno(err, errno, "cannot make a pipe for '%s'",
                                      run->spec->argv[0]);
        }
        pw_run_output_init(&run->output[i], ends[0], run->spec->output_max_bytes);
        write_ends[i] = ends[1];
        if (fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) {
            return pw_error_set_errno(err, errno, "cannot read the output of '%s'",
                                      run->spec->argv[0]);
        }
        (void)fcntl(ends[0], F_SETPIPE_SZ, (int)PIPE_BYTES);
    }
    return 0;
}

static void put_string(struct pw_strbuf *payload, const char *text)
{
    pw_strbuf_append(payload, text, strlen(text) + 1);
}

static uint32_t put_strings(struct pw_strbuf *payload, const char *const *texts)
{
    uint32_t count = 0;

    for (; texts[count] != NULL; count++) {
        put_string(payload, texts[count]);
    }
    return count;
}

/** Lay a command out as the protocol wants it. Memory failure is remembered by the buffer. */
static struct pw_run_request write_request(const struct pw_process_spec *spec, const char *path,
                                           struct pw_strbuf *payload)
{
    struct pw_run_request request;

    memset(&request, 0, sizeof(request));
    request.magic = PW_RUN_MAGIC;
    request.kind = PW_RUN_EXECUTE;
    put_string(payload, spec->cwd);
    put_string(payload, path);
    request.argc = put_strings(payload, spec->argv);
    request.envc = put_strings(payload, spec->envp);
    request.payload_bytes = payload->length;
    request.timeout_ns = spec->timeout_ns;
    request.memory_limit_bytes = spec->memory_limit_bytes;
    return request;
}

/** Pass an interruption on, once. */
static bool send_stop(struct execution *run)
{
    struct pw_run_request request;

    memset(&request, 0, sizeof(request));
    request.magic = PW_RUN_MAGIC;
    request.kind = PW_RUN_STOP;
    run->is_stop_sent = true;
    return pw_run_send_request(run->via->socket, &request, NULL);
}

static bool is_interrupted(const struct pw_process_spec *spec)
{
    return spec->interrupted != NULL && *spec->interrupted != 0;
}

/**
 * Read output until the reply has come.
 *
 * @param unblocked  the signal mask while asleep: a signal between the look at the flag and the
 * sleep wakes it
 * @return false when the launcher is gone
 */
static bool follow(struct execution *run, const sigset_t *unblocked)
{
    for (;;) {
        struct pollfd fds[3] = {{run->via->socket, POLLIN, 0},
                                {run->output[0].fd, POLLIN, 0},
                                {run->output[1].fd, POLLIN, 0}};

        if (!run->is_stop_sent && is_interrupted(run->spec) && !send_stop(run)) {
            return false;
        }
        if (ppoll(fds, 3, NULL, unblocked) < 0) {
            if (errno == EINTR) {
                continue;
            }
            return false;
        }
        for (int i = 0; i < 2; i++) {
            if (fds[i + 1].revents != 0) {
                (void)pw_run_output_read(&run->output[i]);
            }
        }
        if (fds[0].revents != 0) {
            return pw_run_receive(run->via->socket, &run->reply, sizeof(run->reply)) &&
                   run->reply.magic == PW_RUN_MAGIC;
        }
    }
}

/** Send the command and see it through, with SIGINT and SIGTERM held back but for the sleeps. */
static int converse(struct execution *run, const struct pw_run_request *request,
                    const struct pw_strbuf *payload, int write_ends[2], struct pw_error *err)
{
    sigset_t held;
    sigset_t before;
    bool is_complete;

    (void)sigemptyset(&held);
    (void)sigaddset(&held, SIGINT);
    (void)sigaddset(&held, SIGTERM);
    (void)sigprocmask(SIG_BLOCK, &held, &before);
    is_complete = pw_run_send_request(run->via->socket, request, write_ends) &&
                  pw_run_send(run->via->socket, payload->data, payload->length);
    /* Only the benchmark's tree shall hold these, so that its end is the end of the pipes. */
    for (int i = 0; i < 2; i++) {
        (void)close(write_ends[i]);
        write_ends[i] = -1;
    }
    is_complete = is_complete && follow(run, &before);
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    if (!is_complete) {
        return launcher_is_gone(run->via, err);
    }
    if (run->reply.still_alive > 0) {
        return pw_error_set(err, PW_EIO,
                            "could not end %u process(es) that '%s' started: they hang in the "
                            "kernel or belong to another user",
                            (unsigned)run->reply.still_alive, run->spec->argv[0]);
    }
    return 0;
}

static void copy_numbers(const struct pw_run_reply *reply, struct pw_process_outcome *outcome)
{
    outcome->end = (enum pw_process_end)reply->end;
    outcome->exit_status = reply->exit_status;
    outcome->signal = reply->signal;
    outcome->failed_step = (enum pw_start_step)reply->failed_step;
    outcome->error_number = reply->error_number;
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
    outcome->survivors_ended = reply->survivors_ended;
}

/** What is left in the pipes, and the numbers. @param[out] out unchanged on failure */
static int conclude(struct execution *run, struct pw_process_outcome *out, struct pw_error *err)
{
    struct pw_process_outcome outcome;
    int status;

    memset(&outcome, 0, sizeof(outcome));
    copy_numbers(&run->reply, &outcome);
    for (int i = 0; i < 2; i++) {
        pw_run_output_drain(&run->output[i]);
    }
    status = pw_run_output_finish(&run->output[0], &outcome.standard_output, err);
    if (status == 0) {
        status = pw_run_output_finish(&run->output[1], &outcome.standard_error, err);
    }
    if (status != 0) {
        pw_process_outcome_release(&outcome);
        return status;
    }
    *out = outcome;
    return 0;
}

/** The outcome of a command that was not even sent. */
static void refuse(int error_number, struct pw_process_outcome *out)
{
    memset(out, 0, sizeof(*out));
    out->end = PW_PROCESS_NOT_STARTED;
    out->failed_step = PW_START_EXEC;
    out->error_number = error_number;
}

static int execute(struct pw_executor *executor, const struct pw_process_spec *spec,
                   struct pw_process_outcome *out, struct pw_error *err)
{
    struct execution run;
    struct pw_run_request request;
    struct pw_strbuf path = PW_STRBUF_INIT;
    struct pw_strbuf payload = PW_STRBUF_INIT;
    int write_ends[2] = {-1, -1};
    int error_number;
    int status;

    memset(&run, 0, sizeof(run));
    run.via = (struct launcher_executor *)executor;
    run.spec = spec;
    pw_run_output_init(&run.output[0], -1, spec->output_max_bytes);
    pw_run_output_init(&run.output[1], -1, spec->output_max_bytes);
    if (spec->argv[0] == NULL) {
        return pw_error_set(err, PW_EINVAL, "there is no command to execute");
    }
    if (run.via->socket < 0) {
        return launcher_is_gone(run.via, err);
    }
    error_number = pw_run_program_find(spec, &path);
    request = write_request(spec, pw_strbuf_text(&path), &payload);
    if (pw_strbuf_failed(&path) || pw_strbuf_failed(&payload)) {
        status = pw_error_set_no_memory(err);
        goto out;
    }
    if (error_number == 0 && payload.length > PW_RUN_PAYLOAD_MAX) {
        error_number = E2BIG;
    }
    if (error_number != 0) {
        refuse(error_number, out);
        status = 0;
        goto out;
    }
    status = make_pipes(&run, write_ends, err);
    if (status == 0) {
        status = converse(&run, &request, &payload, write_ends, err);
    }
    if (status == 0) {
        status = conclude(&run, out, err);
    }
out:
    for (int i = 0; i < 2; i++) {
        pw_run_output_release(&run.output[i]);
        if (write_ends[i] >= 0) {
            (void)close(write_ends[i]);
        }
    }
    pw_strbuf_release(&payload);
    pw_strbuf_release(&path);
    return status;
}

static void free_executor(struct pw_executor *executor)
{
    struct launcher_executor *via = (struct launcher_executor *)executor;

    if (via == NULL) {
        return;
    }
    if (via->socket >= 0) {
        (void)close(via->socket);
    }
    while (waitpid(via->launcher, NULL, 0) < 0 && errno == EINTR) {
    }
    free(via);
}

/**
 * Occupy descriptors 0 to 2 where perfwarden was started without them, lest a socket or pipe of
 * ours be taken for standard output. Read-only: what is written there fails as it would have.
 */
static void fill_standard_descriptors(void)
{
    int fd;

    do {
        fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0) {
        (void)close(fd);
    }
}

int pw_launcher_start(struct pw_executor **out, struct pw_error *err)
{
    struct launcher_executor *via;
    pid_t parent = getpid();
    pid_t launcher;
    int ends[2];

    fill_standard_descriptors();
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        return pw_error_set_errno(err, errno, "cannot make a socket for the launcher");
    }
    launcher = fork();
    if (launcher == 0) {
        (void)close(ends[0]);
        pw_run_launcher_main(ends[1], parent);
    }
    (void)close(ends[1]);
    if (launcher < 0) {
        int status = pw_error_set_errno(err, errno, "cannot start the launcher");

        (void)close(ends[0]);
        return status;
    }
    via = calloc(1, sizeof(*via)); /* not before the fork: see above */
    if (via == NULL) {
        (void)close(ends[0]);
        (void)waitpid(launcher, NULL, 0);
        return pw_error_set_no_memory(err);
    }
    via->executor.execute = execute;
    via->executor.free = free_executor;
    via->socket = ends[0];
    via->launcher = launcher;
    *out = &via->executor;
    return 0;
}

void pw_process_outcome_release(struct pw_process_outcome *outcome)
{
    if (outcome == NULL) {
        return;
    }
    free(outcome->standard_output.data);
    free(outcome->standard_error.data);
    memset(outcome, 0, sizeof(*outcome));
}
