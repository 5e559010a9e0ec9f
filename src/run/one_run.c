/*
 * One run: `prepare`, the copies of the program, `conclude`, and what comes of it. The first run
 * that fails is the last.
 */
#include "one_run.h"

#include <stdlib.h>
#include <string.h>

#include "concurrency.h"
#include "hooks.h"
#include "metrics.h"
#include "printed.h"
#include "values.h"

/** How much output is kept where it is only quoted in messages. */
enum { OUTPUT_QUOTED_BYTES = 1 << 20 };

static void pass_output(void *context, int fd, const char *data, size_t length)
{
    const struct pw_run_session *session = context;
    const struct pw_run_options *options = session->suite->options;

    if (length > 0) {
        options->output_seen(options->output_context, session->benchmark, fd, data, length);
    }
}

void pw_run_session_show_output(struct pw_run_session *session, struct pw_process_spec *spec)
{
    if (session->suite->options->output_seen != NULL) {
        spec->output_seen = pass_output;
        spec->output_context = session;
    }
}

void pw_run_session_end_output(const struct pw_run_session *session)
{
    const struct pw_run_options *options = session->suite->options;

    for (int fd = 1; options->output_seen != NULL && fd <= 2; fd++) {
        options->output_seen(options->output_context, session->benchmark, fd, "", 0);
    }
}

void pw_run_specify(struct pw_run_session *session, struct pw_process_spec *spec)
{
    const struct pw_benchmark *benchmark = session->benchmark;

    memset(spec, 0, sizeof(*spec));
    spec->argv = pw_run_session_entry(session)->command;
    spec->envp = session->environment.variables;
    spec->cwd = benchmark->cwd;
    spec->timeout_ns = benchmark->timeout_ns;
    spec->memory_limit_bytes = benchmark->memory_limit_bytes;
    spec->cpu_limit = benchmark->cpu_limit;
    spec->cpus = benchmark->cpus;
    spec->cpu_count = benchmark->cpu_count;
    spec->isolate_network = benchmark->isolate_network;
    spec->wants_counters = pw_run_metrics_wants_counters(benchmark);
    spec->wants_io = pw_run_metrics_wants_io(benchmark);
    spec->stdin_path = benchmark->stdin_path;
    spec->output_max_bytes = benchmark->format != NULL && benchmark->results_file == NULL
                                 ? PW_RUN_PRINTED_MAX_BYTES
                                 : OUTPUT_QUOTED_BYTES;
    spec->interrupted = session->suite->options->interrupted;
    pw_run_session_show_output(session, spec);
}

static int execute(struct pw_run_session *session, struct pw_run_batch *batch, struct pw_error *err)
{
    struct pw_process_spec spec;
    int status;

    pw_run_specify(session, &spec);
    status = pw_run_batch_execute(session, &spec, batch, err);
    pw_run_session_end_output(session);
    return status;
}

static int fail_run(struct pw_run_session *session, const struct pw_run_batch *batch,
                    const struct pw_process_outcome *outcome, const struct pw_run_number *number,
                    struct pw_error *err)
{
    struct pw_strbuf message = PW_STRBUF_INIT;
    struct pw_run_number of_copy = *number;
    int status;

    if (batch->copies > 1) {
        of_copy.copy = (unsigned)(outcome - batch->outcomes) + 1;
        of_copy.copies = batch->copies;
    }
    pw_run_describe_failure(session->benchmark, outcome, &of_copy, &message);
    status = pw_strbuf_check(&message, err);
    if (status == 0) {
        status = pw_run_session_fail(session, pw_run_judge(session->benchmark, outcome),
                                     pw_strbuf_text(&message), err);
    }
    pw_strbuf_release(&message);
    return status;
}

/** The values that the program printed. There is one copy: the configuration sees to it. */
static int record_printed(struct pw_run_session *session, const struct pw_run_batch *batch,
                          const struct pw_run_number *number, struct pw_error *err)
{
    struct pw_strbuf prefix = PW_STRBUF_INIT;
    int status;

    if (session->benchmark->format == NULL) {
        return 0;
    }
    pw_run_describe_number(number, &prefix);
    status = pw_strbuf_check(&prefix, err);
    if (status == 0) {
        status = pw_run_values_add(session, &batch->outcomes[0].standard_output,
                                   pw_strbuf_text(&prefix), err);
    }
    pw_strbuf_release(&prefix);
    return status;
}

/** Take a successful counted run into the result. */
static int record(struct pw_run_session *session, const struct pw_run_batch *batch,
                  const struct pw_run_number *number, struct pw_error *err)
{
    struct pw_process_outcome combined;
    int status = record_printed(session, batch, number, err);

    if (status == 0 && !session->is_over) {
        status = pw_run_metrics_file_read(session, number, err);
    }
    if (status != 0 || session->is_over) {
        return status;
    }
    status = pw_run_batch_combine(session, batch, &combined, err);
    if (status == 0) {
        status = pw_run_metrics_add(session->suite->result, pw_run_session_entry(session),
                                    session->benchmark, &combined, err);
    }
    if (status == 0) {
        status = pw_run_concurrency_add(session, batch, err);
    }
    if (status == 0) {
        status = pw_run_times_add(&session->times, combined.wall_ns, err);
    }
    if (status == 0) {
        session->runs_done++;
    }
    return status;
}

static int judge(struct pw_run_session *session, const struct pw_run_batch *batch,
                 const struct pw_run_number *number, struct pw_error *err)
{
    const struct pw_process_outcome *failure = pw_run_batch_failure(session->benchmark, batch);

    pw_run_session_entry(session)->methods = (struct pw_result_methods){
        .ending = batch->outcomes[0].ending_method,
        .memory = batch->outcomes[0].memory_method,
        .cpu = batch->outcomes[0].cpu_method,
    };
    for (unsigned i = 0; i < batch->copies; i++) {
        session->survivors_ended += batch->outcomes[i].survivors_ended;
    }
    if (failure != NULL) {
        return fail_run(session, batch, failure, number, err);
    }
    if (number->is_warmup) {
        pw_run_metrics_file_skip(session);
        return 0;
    }
    return record(session, batch, number, err);
}

static bool is_quiet(const struct pw_run_batch *batch)
{
    for (unsigned i = 0; i < batch->copies; i++) {
        if (batch->outcomes[i].standard_output.total_bytes > 0 ||
            batch->outcomes[i].standard_error.total_bytes > 0) {
            return false;
        }
    }
    return true;
}

/** The copies and `conclude`, which is run after every run however that ended. */
static int run_and_conclude(struct pw_run_session *session, const struct pw_run_number *number,
                            uint64_t *wall_ns, struct pw_error *err)
{
    const struct pw_benchmark *benchmark = session->benchmark;
    struct pw_run_batch batch;
    int status;

    memset(&batch, 0, sizeof(batch));
    status = pw_run_printed_prepare(session, err);
    if (status == 0 && !session->is_over) {
        status = pw_run_metrics_file_prepare(session, err);
    }
    if (status != 0 || session->is_over) {
        return status;
    }
    status = execute(session, &batch, err);
    if (status != 0) {
        return status;
    }
    *wall_ns = batch.wall_ns;
    session->is_quiet = is_quiet(&batch);
    status = judge(session, &batch, number, err);
    pw_run_batch_release(&batch);
    if (status == 0) {
        status = pw_run_hook(session, "conclude", &benchmark->conclude, "after ", number, err);
    }
    return status;
}

/** Between runs a signal is seen here. */
static int fail_interrupted(struct pw_run_session *session, const struct pw_run_number *number,
                            struct pw_error *err)
{
    struct pw_process_outcome nothing;
    const struct pw_run_batch batch = {.outcomes = &nothing, .copies = 1};

    memset(&nothing, 0, sizeof(nothing));
    nothing.end = PW_PROCESS_INTERRUPTED;
    return fail_run(session, &batch, &nothing, number, err);
}

int pw_run_once(struct pw_run_session *session, const struct pw_run_number *number,
                uint64_t *wall_ns, struct pw_error *err)
{
    const uint64_t hooks_ns = session->hooks_ns;
    uint64_t run_ns = 0;
    uint64_t whole_ns;
    int status = pw_run_environment_set_iteration(&session->environment, &session->kept,
                                                  number->is_warmup ? 0 : number->number, err);

    if (status == 0 && pw_run_session_is_interrupted(session)) {
        return fail_interrupted(session, number, err);
    }
    if (status == 0) {
        status =
            pw_run_hook(session, "prepare", &session->benchmark->prepare, "before ", number, err);
    }
    if (status == 0 && !session->is_over) {
        status = run_and_conclude(session, number, &run_ns, err);
        *wall_ns = run_ns;
    }
    whole_ns = run_ns + session->hooks_ns - hooks_ns;
    session->longest_ns = whole_ns > session->longest_ns ? whole_ns : session->longest_ns;
    session->spent_ns += whole_ns;
    pw_arena_release(&session->arena);
    return status;
}

int pw_run_take_in(struct pw_run_session *session, struct pw_process_outcome *outcome,
                   const struct pw_run_number *number, struct pw_error *err)
{
    const struct pw_run_batch batch = {.outcomes = outcome,
                                       .copies = 1,
                                       .succeeded =
                                           pw_run_batch_count(session->benchmark, outcome, 1),
                                       .wall_ns = outcome->wall_ns};
    int status;

    session->is_quiet = is_quiet(&batch);
    status = judge(session, &batch, number, err);
    session->longest_ns = batch.wall_ns > session->longest_ns ? batch.wall_ns : session->longest_ns;
    session->spent_ns += batch.wall_ns;
    pw_arena_release(&session->arena);
    return status;
}
