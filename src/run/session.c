/*
 * The runs of one benchmark: warm-up, the minimum, then as many as precision asks for and time
 * allows. The first run that fails is the last; what was measured before it is kept.
 */
#include "session.h"

#include <string.h>

#include "failure.h"
#include "metrics.h"
#include "perfwarden/util/clock.h"
#include "quality.h"
#include "values.h"

/** How much output is kept where it is only quoted in messages, and where an adapter reads it. */
enum { OUTPUT_QUOTED_BYTES = 1 << 20, OUTPUT_PARSED_BYTES = 16 << 20 };

struct pw_result_benchmark *pw_run_session_entry(const struct pw_run_session *session)
{
    return &session->suite->result->benchmarks[session->entry_index];
}

static int copy_text(struct pw_arena *arena, const char *text, const char **out,
                     struct pw_error *err)
{
    *out = pw_arena_strdup(arena, text);
    return *out != NULL ? 0 : pw_error_set_no_memory(err);
}

int pw_run_session_add_entry(const struct pw_run_session *session, const char *id,
                             struct pw_error *err)
{
    const struct pw_benchmark *benchmark = session->benchmark;
    struct pw_arena *arena = &session->suite->result->arena;
    struct pw_result_param *params = pw_arena_array(arena, benchmark->param_count, sizeof(*params));
    const char **command = pw_arena_array(arena, benchmark->command.count + 1, sizeof(*command));
    struct pw_result_benchmark *entry;
    int status = 0;

    if (params == NULL || command == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; status == 0 && i < benchmark->param_count; i++) {
        status = copy_text(arena, benchmark->params[i].name, &params[i].name, err);
        if (status == 0) {
            status = copy_text(arena, benchmark->params[i].value, &params[i].value, err);
        }
    }
    for (size_t i = 0; status == 0 && i < benchmark->command.count; i++) {
        status = copy_text(arena, benchmark->command.items[i], &command[i], err);
    }
    if (status != 0) {
        return status;
    }
    entry = pw_result_add_benchmark(session->suite->result, id, benchmark->name, benchmark->id);
    if (entry == NULL) {
        return pw_error_set_no_memory(err);
    }
    entry->params = params;
    entry->param_count = benchmark->param_count;
    entry->command = command;
    entry->command_count = benchmark->command.count;
    entry->status = PW_MEASURED_OK;
    return 0;
}

int pw_run_session_fail(struct pw_run_session *session, enum pw_measured status,
                        const char *message, struct pw_error *err)
{
    struct pw_result *result = session->suite->result;
    const char *copy = pw_arena_strdup(&result->arena, message);

    if (copy == NULL) {
        return pw_error_set_no_memory(err);
    }
    session->is_over = true;
    /* The entries of an adapter come from the same process: what failed it failed them. */
    for (size_t i = session->entry_index; i < result->benchmark_count; i++) {
        result->benchmarks[i].status = status;
        result->benchmarks[i].error = copy;
    }
    return 0;
}

static bool is_interrupted(const struct pw_run_session *session)
{
    const volatile int *flag = session->suite->options->interrupted;

    return flag != NULL && *flag != 0;
}

/** Execute once, unless perfwarden is to stop. @param iteration from 1, 0 for warm-up */
static int execute(struct pw_run_session *session, unsigned iteration,
                   struct pw_process_outcome *outcome, struct pw_error *err)
{
    const struct pw_benchmark *benchmark = session->benchmark;
    struct pw_process_spec spec;
    int status =
        pw_run_environment_set_iteration(&session->environment, &session->arena, iteration, err);

    if (status != 0) {
        return status;
    }
    if (is_interrupted(session)) {
        outcome->end = PW_PROCESS_INTERRUPTED;
        return 0;
    }
    memset(&spec, 0, sizeof(spec));
    spec.argv = pw_run_session_entry(session)->command;
    spec.envp = session->environment.variables;
    spec.cwd = benchmark->cwd;
    spec.timeout_ns = benchmark->timeout_ns;
    spec.memory_limit_bytes = benchmark->memory_limit_bytes;
    spec.output_max_bytes = session->adapter != NULL ? OUTPUT_PARSED_BYTES : OUTPUT_QUOTED_BYTES;
    spec.interrupted = session->suite->options->interrupted;
    return session->suite->executor->execute(session->suite->executor, &spec, outcome, err);
}

static int fail_run(struct pw_run_session *session, const struct pw_process_outcome *outcome,
                    const struct pw_run_number *number, struct pw_error *err)
{
    struct pw_strbuf message = PW_STRBUF_INIT;
    int status;

    pw_run_describe_failure(session->benchmark, outcome, number, &message);
    status = pw_strbuf_check(&message, err);
    if (status == 0) {
        status = pw_run_session_fail(session, pw_run_judge(outcome), pw_strbuf_text(&message), err);
    }
    pw_strbuf_release(&message);
    return status;
}

/** Take a successful counted run into the result. */
static int record(struct pw_run_session *session, const struct pw_process_outcome *outcome,
                  const struct pw_run_number *number, struct pw_error *err)
{
    struct pw_result *result = session->suite->result;
    int status = 0;

    if (session->adapter != NULL) {
        struct pw_strbuf prefix = PW_STRBUF_INIT;

        pw_run_describe_number(number, &prefix);
        status = pw_strbuf_check(&prefix, err);
        if (status == 0) {
            status =
                pw_run_values_add(session, &outcome->standard_output, pw_strbuf_text(&prefix), err);
        }
        pw_strbuf_release(&prefix);
    }
    if (status != 0 || session->is_over) {
        return status;
    }
    status =
        pw_run_metrics_add(result, pw_run_session_entry(session), session->benchmark, outcome, err);
    if (status == 0) {
        status = pw_run_times_add(&session->times, outcome->wall_ns, err);
    }
    if (status == 0) {
        session->runs_done++;
    }
    return status;
}

static void tell_run_ended(const struct pw_run_session *session, uint64_t wall_ns)
{
    const struct pw_run_observer *observer = session->suite->options->observer;

    if (observer != NULL && observer->run_ended != NULL) {
        observer->run_ended(observer->context, session->benchmark, session->runs_done,
                            session->runs_expected, wall_ns);
    }
}

/** One run, counted or not, with all its consequences. @return 0, also after a failure; PW_EIO;
 * PW_ENOMEM */
static int run_once(struct pw_run_session *session, const struct pw_run_number *number,
                    struct pw_error *err)
{
    struct pw_process_outcome outcome;
    uint64_t wall_ns;
    int status;

    memset(&outcome, 0, sizeof(outcome));
    status = execute(session, number->is_warmup ? 0 : number->number, &outcome, err);
    if (status != 0) {
        return status;
    }
    wall_ns = outcome.wall_ns;
    session->survivors_ended += outcome.survivors_ended;
    session->longest_ns = wall_ns > session->longest_ns ? wall_ns : session->longest_ns;
    if (pw_run_judge(&outcome) != PW_MEASURED_OK) {
        status = fail_run(session, &outcome, number, err);
    } else if (!number->is_warmup) {
        status = record(session, &outcome, number, err);
    }
    pw_process_outcome_release(&outcome);
    if (status == 0 && !session->is_over) {
        tell_run_ended(session, wall_ns);
    }
    return status;
}

static bool is_time_left(uint64_t started_ns, uint64_t budget_ns, uint64_t next_ns)
{
    uint64_t elapsed_ns = pw_clock_monotonic_ns() - started_ns;

    return budget_ns == 0 || (elapsed_ns < budget_ns && next_ns < budget_ns - elapsed_ns);
}

/** Whether one more run is to be made; updates how many are expected. @param[out] wanted */
static int plan_next(struct pw_run_session *session, bool *wanted, struct pw_error *err)
{
    unsigned needed = 0;
    int status;

    *wanted = true;
    if (session->runs_done < session->runs_min) {
        return 0;
    }
    status = pw_run_times_needed(&session->times, session->benchmark, &needed, err);
    if (status != 0) {
        return status;
    }
    if (needed < session->runs_min) {
        needed = session->runs_min;
    }
    session->runs_expected = needed < session->runs_max ? needed : session->runs_max;
    *wanted =
        session->runs_done < session->runs_expected &&
        is_time_left(session->started_ns, session->benchmark->budget_ns, session->longest_ns) &&
        is_time_left(session->suite->started_ns, session->suite->options->budget_ns,
                     session->longest_ns);
    return 0;
}

/** All runs, until one fails, enough is known, or time is up. */
static int run_all(struct pw_run_session *session, struct pw_error *err)
{
    unsigned warmup = session->benchmark->warmup;
    bool wanted = true;
    int status = 0;

    for (unsigned i = 1; status == 0 && !session->is_over && i <= warmup; i++) {
        struct pw_run_number number = {true, i, warmup};

        status = run_once(session, &number, err);
    }
    while (status == 0 && !session->is_over) {
        struct pw_run_number number = {false, session->runs_done + 1, 0};

        status = plan_next(session, &wanted, err);
        if (status != 0 || !wanted) {
            break;
        }
        number.total = session->runs_expected;
        status = run_once(session, &number, err);
    }
    return status;
}

/** The bounds of the number of runs: the options win over the configuration, and the lower never
 * passes the upper. */
static void set_bounds(struct pw_run_session *session)
{
    const struct pw_run_options *options = session->suite->options;
    unsigned min = options->runs_min != 0 ? options->runs_min : session->benchmark->runs_min;
    unsigned max = options->runs_max != 0 ? options->runs_max : session->benchmark->runs_max;

    if (min == 0) {
        min = 1;
    }
    if (options->runs_max != 0 && options->runs_min == 0 && min > max) {
        min = max;
    }
    session->runs_min = min;
    session->runs_max = max > min ? max : min;
    session->runs_expected = min;
}

static int begin(struct pw_run_session *session, struct pw_error *err)
{
    struct pw_result *result = session->suite->result;
    int status;

    session->entry_index = result->benchmark_count;
    session->started_ns = pw_clock_monotonic_ns();
    set_bounds(session);
    status = pw_run_session_add_entry(session, session->benchmark->id, err);
    if (status == 0) {
        status =
            pw_run_metrics_begin(result, pw_run_session_entry(session), session->benchmark, err);
    }
    if (status == 0) {
        status = pw_run_environment_build(&session->environment, &session->arena,
                                          session->benchmark, result->run_id, err);
    }
    if (status == 0) {
        status = pw_run_values_begin(session, err);
    }
    return status;
}

/** Remarks on what was measured, and PW_EINTERRUPTED when that is how it ended. */
static int conclude(struct pw_run_session *session, struct pw_error *err)
{
    int status = pw_run_values_check_complete(session, err);

    if (status == 0) {
        status = pw_run_quality_remark(session->suite->result, pw_run_session_entry(session),
                                       session->survivors_ended, err);
    }
    if (status == 0 && pw_run_session_entry(session)->status == PW_MEASURED_INTERRUPTED) {
        status = pw_error_set(err, PW_EINTERRUPTED, "interrupted while '%s' was running",
                              session->benchmark->id);
    }
    return status;
}

int pw_run_session(const struct pw_run_suite_state *suite, const struct pw_benchmark *benchmark,
                   struct pw_error *err)
{
    struct pw_run_session session;
    int status;

    memset(&session, 0, sizeof(session));
    session.suite = suite;
    session.benchmark = benchmark;
    status = begin(&session, err);
    if (status == 0) {
        status = run_all(&session, err);
    }
    if (status == 0) {
        status = conclude(&session, err);
    }
    pw_run_times_release(&session.times);
    pw_arena_release(&session.arena);
    return status;
}
