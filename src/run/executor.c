/*
 * perfwarden's side of the launcher: the real pw_executor. Starts the launcher, sends it commands
 * and turns its replies into outcomes.
 */
#include "linux_features.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "execution.h"
#include "launcher.h"
#include "orphans.h"
#include "perfwarden/run.h"
#include "perfwarden/util/strbuf.h"
#include "pids.h"
#include "program.h"
#include "protocol.h"
#include "refusal.h"
#include "request.h"

struct launcher_executor {
    struct pw_executor executor; /**< first, so that a pointer to it is a pointer to this */
    int socket;                  /**< −1 once the launcher was found dead */
    pid_t launcher;
    struct pw_run_pipes pipes[PW_COPIES_MAX]; /**< of each copy, made when first needed */
    bool is_reaped;
    int wait_status;             /**< meaningful once it is reaped */
    uint32_t left_alive;         /**< of what it had started, once it was found dead */
    struct pw_run_pids not_ours; /**< children that perfwarden had before */
};

/** What to run how often: several copies at once, or a series of one. */
struct plan {
    unsigned copies;
    unsigned runs;
    uint64_t series_ns; /**< meaningful for a series, as the next */
    unsigned iteration;
};

/** Let the launcher see the end of the socket, and wait for its own. */
static void end_launcher(struct launcher_executor *via)
{
    if (via->socket >= 0) {
        (void)close(via->socket);
        via->socket = -1;
    }
    while (!via->is_reaped && waitpid(via->launcher, &via->wait_status, 0) < 0 && errno == EINTR) {
    }
    via->is_reaped = true;
}

/** The launcher's end is a failure of ours. */
static int say_launcher_is_gone(const struct launcher_executor *via, struct pw_error *err)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    int status;

    pw_strbuf_printf(&text, "the launcher of the benchmarks, process '%ld', ", (long)via->launcher);
    if (WIFSIGNALED(via->wait_status)) {
        pw_strbuf_printf(&text, "was killed by signal %d", WTERMSIG(via->wait_status));
    } else {
        pw_strbuf_puts(&text, "has ended");
    }
    if (via->left_alive > 0) {
        pw_strbuf_printf(&text,
                         ", and %u process(es) that it had started could not be ended: they hang "
                         "in the kernel or belong to another user",
                         (unsigned)via->left_alive);
    } else {
        pw_strbuf_puts(&text, ", and what it had started was ended");
    }
    pw_strbuf_puts(&text, "; if the system is short of memory, its out-of-memory killer may have "
                          "chosen it");
    status = pw_strbuf_check(&text, err);
    if (status == 0) {
        status = pw_error_set(err, PW_EIO, "%s", pw_strbuf_text(&text));
    }
    pw_strbuf_release(&text);
    return status;
}

/** Do what the launcher can no longer do. It must be reaped first: its children become ours when it
 * dies, which is after the socket has ended. */
static int launcher_is_gone(struct launcher_executor *via, struct pw_error *err)
{
    if (!via->is_reaped) {
        end_launcher(via);
        via->left_alive = pw_run_orphans_end(&via->not_ours);
    }
    return say_launcher_is_gone(via, err);
}

/** The outcome of copies that were not even sent. */
static void refuse(enum pw_run_refusal refusal, int error_number, unsigned copies,
                   struct pw_process_outcome *out)
{
    struct pw_run_refusal_text text = pw_run_refusal_describe(refusal);

    memset(out, 0, copies * sizeof(*out));
    for (unsigned i = 0; i < copies; i++) {
        out[i].end = PW_PROCESS_NOT_STARTED;
        out[i].failed_step = refusal == PW_RUN_REFUSED_NOTHING ? PW_START_EXEC : PW_START_LIMIT;
        out[i].error_number = error_number;
        out[i].failed_what = text.what;
        out[i].failed_remedy = text.remedy;
    }
}

/** Say why a whole tree could not be ended. */
static int check_ended(const struct pw_run_execution *run, struct pw_error *err)
{
    for (unsigned i = 0; i < run->replied; i++) {
        if (run->replies[i].still_alive != 0) {
            return pw_error_set(err, PW_EIO,
                                "could not end %u process(es) that '%s' started: they hang in the "
                                "kernel or belong to another user",
                                (unsigned)run->replies[i].still_alive, run->spec->argv[0]);
        }
    }
    return 0;
}

/** Put all outcomes together, or none. The output of a series is its last run's. */
static int conclude(struct pw_run_execution *run, struct pw_process_outcome *out,
                    struct pw_error *err)
{
    for (unsigned i = 0; i < run->replied; i++) {
        const bool is_copy = run->copy_count > 1;
        struct pw_run_output *output = is_copy                 ? run->copies[i].output
                                       : i + 1 == run->replied ? run->copies[0].output
                                                               : NULL;
        int status = pw_run_execution_conclude(&run->replies[i], output, &out[i], err);

        if (status != 0) {
            while (i-- > 0) {
                pw_process_outcome_release(&out[i]);
            }
            return status;
        }
    }
    return 0;
}

/** Converse with the launcher about a command that is laid out. */
static int converse(struct launcher_executor *via, struct pw_run_execution *run,
                    const struct pw_run_request *request, const struct pw_strbuf *payload,
                    struct pw_process_outcome *out, struct pw_error *err)
{
    bool is_alive = true;
    int status;

    pw_run_orphans_adopt(true);
    status = pw_run_execution_see_through(run, request, payload, &is_alive, err);
    if (status == 0 && !is_alive) {
        status = launcher_is_gone(via, err);
    }
    pw_run_orphans_adopt(false);
    if (status == 0) {
        status = check_ended(run, err);
    }
    if (status == 0) {
        status = conclude(run, out, err);
    }
    for (unsigned i = 0; i < run->copy_count; i++) {
        for (int j = 0; j < 2; j++) {
            pw_run_output_release(&run->copies[i].output[j]);
        }
    }
    return status;
}

/** Lay the command out and have it executed. @param run  with room for all copies and replies */
static int execute_in(struct launcher_executor *via, struct pw_run_execution *run,
                      const struct plan *plan, struct pw_process_outcome *out, struct pw_error *err)
{
    const struct pw_process_spec *spec = run->spec;
    struct pw_run_request request;
    struct pw_strbuf path = PW_STRBUF_INIT;
    struct pw_strbuf payload = PW_STRBUF_INIT;
    uint32_t refusal = PW_RUN_REFUSED_NOTHING;
    int error_number;
    int status = 0;

    error_number = pw_run_program_find(spec, &path);
    if (error_number == 0) {
        error_number = pw_run_request_write(spec, pw_strbuf_text(&path), plan->copies, &request,
                                            &payload, &refusal);
    }
    if (pw_strbuf_failed(&path) || pw_strbuf_failed(&payload)) {
        status = pw_error_set_no_memory(err);
    } else if (error_number != 0) {
        refuse((enum pw_run_refusal)refusal, error_number, plan->copies, out);
        run->replied = plan->copies;
    } else {
        if (plan->runs > 1) {
            pw_run_request_repeat(&request, spec, plan->runs, plan->series_ns, plan->iteration);
        }
        status = converse(via, run, &request, &payload, out, err);
    }
    pw_strbuf_release(&payload);
    pw_strbuf_release(&path);
    return status;
}

/** @param listening, replies  room for all copies and for all replies; zeroed */
static int execute_plan(struct pw_executor *executor, const struct pw_process_spec *spec,
                        const struct plan *plan, struct pw_run_listening *listening,
                        struct pw_run_reply *replies, struct pw_process_outcome *out,
                        unsigned *done, struct pw_error *err)
{
    struct launcher_executor *via = (struct launcher_executor *)executor;
    struct pw_run_execution run;
    int status;

    if (spec->argv[0] == NULL) {
        return pw_error_set(err, PW_EINVAL, "there is no command to execute");
    }
    if (via->socket < 0) {
        return launcher_is_gone(via, err);
    }
    memset(&run, 0, sizeof(run));
    run.socket = via->socket;
    run.spec = spec;
    run.copies = listening;
    run.copy_count = plan->copies;
    run.replies = replies;
    run.reply_capacity = plan->copies > plan->runs ? plan->copies : plan->runs;
    for (unsigned i = 0; i < plan->copies; i++) {
        listening[i].pipes = &via->pipes[i];
    }
    status = execute_in(via, &run, plan, out, err);
    if (status == 0) {
        *done = run.replied;
    }
    return status;
}

static int execute(struct pw_executor *executor, const struct pw_process_spec *spec,
                   struct pw_process_outcome *out, struct pw_error *err)
{
    static const struct plan ONCE = {.copies = 1, .runs = 1};
    struct pw_run_listening listening;
    struct pw_run_reply reply;
    unsigned done;

    memset(&listening, 0, sizeof(listening));
    return execute_plan(executor, spec, &ONCE, &listening, &reply, out, &done, err);
}

static int execute_copies(struct pw_executor *executor, const struct pw_process_spec *spec,
                          unsigned copies, struct pw_process_outcome *out, uint64_t *wall_ns,
                          struct pw_error *err)
{
    const struct plan plan = {.copies = copies, .runs = 1};
    struct pw_run_listening *listening;
    struct pw_run_reply *replies;
    unsigned done;
    int status;

    if (copies < 1 || copies > PW_COPIES_MAX) {
        return pw_error_set(err, PW_EINVAL, "cannot run %u copies at once, from 1 to %d", copies,
                            PW_COPIES_MAX);
    }
    listening = calloc(copies, sizeof(*listening));
    replies = calloc(copies, sizeof(*replies));
    if (listening == NULL || replies == NULL) {
        status = pw_error_set_no_memory(err);
    } else {
        status = execute_plan(executor, spec, &plan, listening, replies, out, &done, err);
        *wall_ns = status == 0 ? replies[0].all_wall_ns : *wall_ns;
    }
    free(replies);
    free(listening);
    return status;
}

static int execute_series(struct pw_executor *executor, const struct pw_process_spec *spec,
                          unsigned runs, uint64_t series_ns, unsigned iteration,
                          struct pw_process_outcome *out, unsigned *done, struct pw_error *err)
{
    const struct plan plan = {
        .copies = 1, .runs = runs, .series_ns = series_ns, .iteration = iteration};
    struct pw_run_listening listening;
    struct pw_run_reply *replies;
    int status;

    if (runs < 1) {
        return pw_error_set(err, PW_EINVAL, "a series has one run at least");
    }
    replies = calloc(runs, sizeof(*replies));
    if (replies == NULL) {
        return pw_error_set_no_memory(err);
    }
    memset(&listening, 0, sizeof(listening));
    status = execute_plan(executor, spec, &plan, &listening, replies, out, done, err);
    free(replies);
    return status;
}

static void free_executor(struct pw_executor *executor)
{
    struct launcher_executor *via = (struct launcher_executor *)executor;

    if (via == NULL) {
        return;
    }
    end_launcher(via);
    for (unsigned i = 0; i < PW_COPIES_MAX; i++) {
        pw_run_pipes_close(&via->pipes[i]);
    }
    pw_run_pids_release(&via->not_ours);
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
    via->executor.execute_copies = execute_copies;
    via->executor.execute_series = execute_series;
    via->executor.free = free_executor;
    via->socket = ends[0];
    via->launcher = launcher;
    pw_run_pids_find_children(&via->not_ours);
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
