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
#include "link.h"
#include "orphans.h"
#include "perfwarden/run.h"
#include "perfwarden/util/strbuf.h"
#include "program.h"
#include "protocol.h"
#include "refusal.h"
#include "request.h"

/** A command as it is sent. */
struct message {
    struct pw_run_request request;
    struct pw_strbuf payload;
};

struct launcher_executor {
    struct pw_executor executor; /**< first, so that a pointer to it is a pointer to this */
    struct pw_run_link link;
    struct message messages[2];               /**< those last sent: their memory is used again */
    struct pw_run_pipes pipes[PW_COPIES_MAX]; /**< of each copy, made when first needed */
};

/** What to run how often: several copies at once, or a series of one. */
struct plan {
    unsigned copies;
    unsigned runs;
    uint64_t series_ns; /**< meaningful for a series, as the next */
    unsigned iteration;
};

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

/**
 * Lay a command out, to be run once.
 *
 * @param[in,out] out  written over; its payload's memory is kept
 * @param[out] refused_by  0, or the errno of why it cannot be sent; then `refusal` says more
 * @return 0; PW_ENOMEM
 */
static int lay_out(const struct pw_process_spec *spec, unsigned copies, struct message *out,
                   int *refused_by, uint32_t *refusal, struct pw_error *err)
{
    struct pw_strbuf path = PW_STRBUF_INIT;
    int status = 0;

    pw_strbuf_clear(&out->payload);
    *refusal = PW_RUN_REFUSED_NOTHING;
    *refused_by = pw_run_program_find(spec, &path);
    if (*refused_by == 0) {
        *refused_by = pw_run_request_write(spec, pw_strbuf_text(&path), copies, &out->request,
                                           &out->payload, refusal);
    }
    if (pw_strbuf_failed(&path) || pw_strbuf_failed(&out->payload)) {
        status = pw_error_set_no_memory(err);
    }
    pw_strbuf_release(&path);
    return status;
}

/** Converse with the launcher about a message. */
static int converse(struct launcher_executor *via, struct pw_run_execution *run,
                    const struct message *message, struct pw_process_outcome *out,
                    struct pw_error *err)
{
    bool is_alive = true;
    int status;

    run->socket = via->link.socket;
    for (unsigned i = 0; i < run->copy_count; i++) {
        run->copies[i].pipes = &via->pipes[i];
    }
    pw_run_orphans_adopt(true);
    status =
        pw_run_execution_see_through(run, &message->request, &message->payload, &is_alive, err);
    if (status == 0 && !is_alive) {
        status = pw_run_link_is_lost(&via->link, err);
    }
    pw_run_orphans_adopt(false);
    if (status == 0) {
        status = pw_run_execution_conclude(run, out, err);
    }
    pw_run_execution_release(run);
    return status;
}

/** Lay the command out and have it executed. @param run  with room for all copies and replies */
static int execute_in(struct launcher_executor *via, struct pw_run_execution *run,
                      const struct plan *plan, struct pw_process_outcome *out, struct pw_error *err)
{
    const struct pw_process_spec *spec = run->copies[0].spec;
    struct message *message = &via->messages[0];
    uint32_t refusal;
    int refused_by;
    int status = lay_out(spec, plan->copies, message, &refused_by, &refusal, err);

    if (status == 0 && refused_by != 0) {
        refuse((enum pw_run_refusal)refusal, refused_by, plan->copies, out);
        run->replied = plan->copies;
    } else if (status == 0) {
        if (plan->runs > 1) {
            pw_run_request_repeat(&message->request, spec, plan->runs, plan->series_ns,
                                  plan->iteration);
        }
        status = converse(via, run, message, out, err);
    }
    return status;
}

/** Whether there is something to execute, and somebody to do it. */
static int check(struct launcher_executor *via, const struct pw_process_spec *spec,
                 struct pw_error *err)
{
    if (spec->argv[0] == NULL) {
        return pw_error_set(err, PW_EINVAL, "there is no command to execute");
    }
    return via->link.socket < 0 ? pw_run_link_is_lost(&via->link, err) : 0;
}

/** @param listening, replies  room for all copies and for all replies; zeroed */
static int execute_plan(struct pw_executor *executor, const struct pw_process_spec *spec,
                        const struct plan *plan, struct pw_run_listening *listening,
                        struct pw_run_reply *replies, struct pw_process_outcome *out,
                        unsigned *done, struct pw_error *err)
{
    struct launcher_executor *via = (struct launcher_executor *)executor;
    struct pw_run_execution run;
    int status = check(via, spec, err);

    if (status != 0) {
        return status;
    }
    memset(&run, 0, sizeof(run));
    run.copies = listening;
    run.copy_count = plan->copies;
    run.replies = replies;
    run.reply_capacity = plan->copies > plan->runs ? plan->copies : plan->runs;
    for (unsigned i = 0; i < plan->copies; i++) {
        listening[i].spec = spec;
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

/** Have both commands of a pair, which are laid out, executed by one message. */
static int exchange(struct launcher_executor *via, const struct pw_process_spec specs[2],
                    struct pw_process_outcome out[2], unsigned *done, struct pw_error *err)
{
    struct message *const messages = via->messages;
    struct pw_run_listening listening[2];
    struct pw_run_reply replies[2];
    struct pw_run_execution run;
    int status;

    memset(&run, 0, sizeof(run));
    memset(listening, 0, sizeof(listening));
    for (int i = 0; i < 2; i++) {
        listening[i].spec = &specs[i];
    }
    run.copies = listening;
    run.copy_count = 2;
    run.is_pair = true;
    run.replies = replies;
    run.reply_capacity = 2;
    pw_run_request_follow(&messages[0].request, &messages[0].payload, &messages[1].request,
                          &messages[1].payload);
    status = pw_strbuf_check(&messages[0].payload, err);
    if (status == 0) {
        status = converse(via, &run, &messages[0], out, err);
    }
    if (status == 0) {
        *done = run.replied;
    }
    return status;
}

/** Execute one after the other: one of them cannot even be sent. */
static int execute_in_turn(struct pw_executor *executor, const struct pw_process_spec specs[2],
                           struct pw_process_outcome out[2], unsigned *done, struct pw_error *err)
{
    int status = execute(executor, &specs[0], &out[0], err);

    if (status != 0) {
        return status;
    }
    if (out[0].end != PW_PROCESS_EXITED || out[0].exit_status != 0) {
        *done = 1;
        return 0;
    }
    status = execute(executor, &specs[1], &out[1], err);
    if (status != 0) {
        pw_process_outcome_release(&out[0]);
        return status;
    }
    *done = 2;
    return 0;
}

static int execute_pair(struct pw_executor *executor, const struct pw_process_spec specs[2],
                        struct pw_process_outcome out[2], unsigned *done, struct pw_error *err)
{
    struct launcher_executor *via = (struct launcher_executor *)executor;
    int refused_by[2] = {0, 0};
    uint32_t refusal;
    int status = 0;

    for (int i = 0; status == 0 && i < 2; i++) {
        status = check(via, &specs[i], err);
        if (status == 0) {
            status = lay_out(&specs[i], 1, &via->messages[i], &refused_by[i], &refusal, err);
        }
    }
    if (status == 0) {
        status = refused_by[0] == 0 && refused_by[1] == 0
                     ? exchange(via, specs, out, done, err)
                     : execute_in_turn(executor, specs, out, done, err);
    }
    return status;
}

static void free_executor(struct pw_executor *executor)
{
    struct launcher_executor *via = (struct launcher_executor *)executor;

    if (via == NULL) {
        return;
    }
    pw_run_link_end(&via->link);
    for (unsigned i = 0; i < PW_COPIES_MAX; i++) {
        pw_run_pipes_close(&via->pipes[i]);
    }
    for (int i = 0; i < 2; i++) {
        pw_strbuf_release(&via->messages[i].payload);
    }
    pw_run_pids_release(&via->link.not_ours);
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
    via->executor.execute_pair = execute_pair;
    via->executor.free = free_executor;
    via->link.socket = ends[0];
    via->link.launcher = launcher;
    pw_run_pids_find_children(&via->link.not_ours);
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
