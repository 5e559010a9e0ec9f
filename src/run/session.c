/*
 * The benchmark as a whole: its entry, its hooks, and how many runs it gets: warm-up, the minimum,
 * then as many as precision asks for and time allows. The first run that fails is the last; what
 * was measured before it is kept.
 */
#include "session.h"

#include <string.h>

#include "binary_size.h"
#include "cachegrind.h"
#include "concurrency.h"
#include "hooks.h"
#include "metrics.h"
#include "one_run.h"
#include "perfwarden/util/clock.h"
#include "quality.h"
#include "runs.h"
#include "shell.h"
#include "values.h"

/** A progress bar does not stand still for longer. */
static const uint64_t SERIES_TIME_NS = UINT64_C(100000000);

struct pw_result_benchmark *pw_run_session_entry(const struct pw_run_session *session)
{
    return &session->suite->result->benchmarks[session->entries[0]];
}

static int copy_text(struct pw_arena *arena, const char *text, const char **out,
                     struct pw_error *err)
{
    *out = pw_arena_strdup(arena, text);
    return *out != NULL ? 0 : pw_error_set_no_memory(err);
}

int pw_run_session_add_entry(struct pw_run_session *session, const char *id, struct pw_error *err)
{
    const struct pw_benchmark *benchmark = session->benchmark;
    struct pw_arena *arena = &session->suite->result->arena;
    struct pw_result_param *params = pw_arena_array(arena, benchmark->param_count, sizeof(*params));
    const char **command = pw_arena_array(arena, benchmark->command.count + 1, sizeof(*command));
    struct pw_result_benchmark *entry;
    size_t *entries = pw_arena_grow(&session->kept, session->entries, session->entry_count,
                                    &session->entry_capacity, sizeof(*entries));
    int status = 0;

    if (params == NULL || command == NULL || entries == NULL) {
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
    session->entries = entries;
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
    entry->shell = session->shell;
    entry->status = PW_MEASURED_OK;
    entry->is_interleaved = session->pairing != NULL;
    entries[session->entry_count++] = session->suite->result->benchmark_count - 1;
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
    for (size_t i = 0; i < session->entry_count; i++) {
        result->benchmarks[session->entries[i]].status = status;
        result->benchmarks[session->entries[i]].error = copy;
    }
    return 0;
}

bool pw_run_session_is_interrupted(const struct pw_run_session *session)
{
    const volatile int *flag = session->suite->options->interrupted;

    return flag != NULL && *flag != 0;
}

bool pw_run_is_within_budget(uint64_t spent_ns, uint64_t next_ns, uint64_t budget_ns)
{
    return budget_ns == 0 || (spent_ns < budget_ns && next_ns < budget_ns - spent_ns);
}

/** Whether one more run is to be made; updates how many are expected. @param[out] wanted */
static int plan_next(struct pw_run_session *session, bool *wanted, struct pw_error *err)
{
    const uint64_t next_ns = session->longest_ns;
    uint64_t now_ns;
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
    now_ns = pw_clock_monotonic_ns();
    *wanted = session->runs_done < session->runs_expected &&
              pw_run_is_within_budget(now_ns - session->started_ns, next_ns,
                                      session->benchmark->budget_ns) &&
              pw_run_is_within_budget(now_ns - session->suite->started_ns, next_ns,
                                      session->suite->options->budget_ns);
    return 0;
}

void pw_run_session_tell(const struct pw_run_session *session, uint64_t wall_ns)
{
    const struct pw_run_observer *observer = session->suite->options->observer;

    if (observer != NULL && observer->run_ended != NULL) {
        observer->run_ended(observer->context, session->benchmark, session->runs_done,
                            session->runs_expected, wall_ns);
    }
}

/** What is left of a budget, at most `most_ns`. */
static uint64_t time_left(uint64_t started_ns, uint64_t budget_ns, uint64_t most_ns)
{
    uint64_t elapsed_ns = pw_clock_monotonic_ns() - started_ns;
    uint64_t left_ns = budget_ns > elapsed_ns ? budget_ns - elapsed_ns : 0;

    return budget_ns == 0 || left_ns > most_ns ? most_ns : left_ns;
}

/** How long runs may be made without a look at the progress and the budgets. */
static uint64_t series_time(const struct pw_run_session *session)
{
    uint64_t left_ns =
        time_left(session->started_ns, session->benchmark->budget_ns, SERIES_TIME_NS);

    return time_left(session->suite->started_ns, session->suite->options->budget_ns, left_ns);
}

/** All runs, until one fails, enough is known, or time is up. */
static int run_all(struct pw_run_session *session, struct pw_error *err)
{
    unsigned warmup = session->benchmark->warmup;
    uint64_t wall_ns = 0;
    bool wanted = true;
    int status = 0;

    for (unsigned i = 1; status == 0 && !session->is_over && i <= warmup; i++) {
        struct pw_run_number number = {.is_warmup = true, .number = i, .total = warmup};

        status = pw_run_once(session, &number, &wall_ns, err);
        if (status == 0 && !session->is_over) {
            pw_run_session_tell(session, wall_ns);
        }
    }
    while (status == 0 && !session->is_over) {
        status = plan_next(session, &wanted, err);
        if (status != 0 || !wanted) {
            break;
        }
        status = pw_run_several(session, session->runs_expected - session->runs_done,
                                series_time(session), err);
    }
    return status;
}

void pw_run_bounds(const struct pw_benchmark *benchmark, const struct pw_run_options *options,
                   unsigned *min, unsigned *max)
{
    *min = options->runs_min != 0 ? options->runs_min : benchmark->runs_min;
    *max = options->runs_max != 0 ? options->runs_max : benchmark->runs_max;
    if (*min == 0) {
        *min = 1;
    }
    if (options->runs_max != 0 && options->runs_min == 0 && *min > *max) {
        *min = *max;
    }
    if (*max < *min) {
        *max = *min;
    }
}

static void set_bounds(struct pw_run_session *session)
{
    pw_run_bounds(session->benchmark, session->suite->options, &session->runs_min,
                  &session->runs_max);
    session->runs_expected = session->runs_min;
}

static int build_environment(struct pw_run_session *session, struct pw_error *err)
{
    const struct pw_run_pairing *pairing = session->pairing;
    const char *run_id = pairing != NULL ? pairing->run_id : session->suite->result->run_id;
    int status = pw_run_environment_build(&session->environment, &session->kept, session->benchmark,
                                          run_id, err);

    if (status == 0 && pairing != NULL) {
        status = pw_run_environment_pair(&session->environment, &session->kept, session->benchmark,
                                         pairing, err);
    }
    /* For the commands that are run before the first run. */
    return status != 0
               ? status
               : pw_run_environment_set_iteration(&session->environment, &session->kept, 0, err);
}

static int begin(struct pw_run_session *session, struct pw_error *err)
{
    struct pw_result *result = session->suite->result;
    int status;

    session->started_ns = pw_clock_monotonic_ns();
    set_bounds(session);
    status = pw_run_session_add_entry(session, session->benchmark->id, err);
    if (status == 0) {
        status =
            pw_run_metrics_begin(result, pw_run_session_entry(session), session->benchmark, err);
    }
    if (status == 0) {
        status = pw_run_concurrency_begin(session, err);
    }
    if (status == 0) {
        status = build_environment(session, err);
    }
    if (status == 0) {
        status = pw_run_metrics_file_open(session, err);
    }
    if (status == 0) {
        status = pw_run_values_begin(session, err);
    }
    if (status == 0 && !session->is_over && session->benchmark->is_shell) {
        status = pw_run_shell_calibrate(session, err);
        pw_run_session_entry(session)->shell = session->shell;
    }
    if (status == 0 && session->suite->options->machine_root != NULL) {
        status = pw_run_machine_read(session->suite->options->machine_root,
                                     &session->machine_before, err);
    }
    return status;
}

/** What is measured once all runs are made: the machine they ran on, and what takes runs of its own
 * or none. */
static int count_besides(struct pw_run_session *session, struct pw_error *err)
{
    const char *root = session->suite->options->machine_root;
    int status = 0;

    if (root != NULL) {
        status = pw_run_context_record(session->suite->result, pw_run_session_entry(session), root,
                                       &session->machine_before, err);
    }
    if (status == 0) {
        status = pw_run_binary_size_record(session, err);
    }
    return status != 0 ? status : pw_run_cachegrind_count(session, err);
}

/** Remarks on what was measured, and PW_EINTERRUPTED when that is how it ended. */
static int finish(struct pw_run_session *session, struct pw_error *err)
{
    int status = pw_run_values_check_complete(session, err);

    if (status == 0) {
        status = pw_run_metrics_file_finish(session, err);
    }
    if (status == 0) {
        status = pw_run_quality_remark(session->suite->result, pw_run_session_entry(session),
                                       session->survivors_ended, err);
    }
    if (status == 0) {
        status = pw_run_shell_remark(session, err);
    }
    if (status == 0 && pw_run_session_entry(session)->status == PW_MEASURED_INTERRUPTED) {
        status = pw_error_set(err, PW_EINTERRUPTED, "interrupted while '%s' was running",
                              session->benchmark->id);
    }
    return status;
}

/** What perfwarden's own failure cut short is no full measurement: to resume makes it again.
 * @return the status of that failure */
static int give_up(struct pw_run_session *session, int failure, const struct pw_error *err)
{
    const char *message = err != NULL ? pw_error_message(err) : "perfwarden failed";
    bool is_open =
        session->entry_count > 0 && pw_run_session_entry(session)->status == PW_MEASURED_OK;

    if (is_open && pw_run_session_fail(session, PW_MEASURED_INTERRUPTED, message, NULL) != 0) {
        pw_run_session_entry(session)->status = PW_MEASURED_INTERRUPTED; /* without its message */
    }
    return failure;
}

int pw_run_session_open(struct pw_run_session *out, const struct pw_run_suite_state *suite,
                        const struct pw_benchmark *benchmark, const struct pw_run_pairing *pairing,
                        struct pw_error *err)
{
    int status;

    memset(out, 0, sizeof(*out));
    out->suite = suite;
    out->benchmark = benchmark;
    out->pairing = pairing;
    status = begin(out, err);
    if (status != 0 || out->is_over) {
        return status;
    }
    out->is_set_up = true;
    return pw_run_hook(out, "setup", &benchmark->setup, NULL, NULL, err);
}

/** What is measured in the end, and `cleanup`, which is run however anything before it ended. */
static int conclude(struct pw_run_session *session, int status, struct pw_error *err)
{
    int cleaned = 0;

    if (status == 0) {
        status = count_besides(session, err);
    }
    if (session->is_set_up) {
        /* Tried also after perfwarden itself failed; that comes first then. */
        cleaned = pw_run_hook(session, "cleanup", &session->benchmark->cleanup, NULL, NULL,
                              status == 0 ? err : NULL);
    }
    return status != 0 ? status : cleaned;
}

int pw_run_session_close(struct pw_run_session *session, int status, struct pw_error *err)
{
    status = conclude(session, status, err);
    if (status == 0) {
        status = finish(session, err);
    }
    if (status != 0) {
        status = give_up(session, status, err);
    }
    pw_run_times_release(&session->times);
    pw_run_metrics_file_release(session);
    if (session->scratch.path != NULL) {
        pw_run_scratch_remove(&session->scratch);
    }
    pw_arena_release(&session->arena);
    pw_arena_release(&session->kept);
    return status;
}

int pw_run_session(const struct pw_run_suite_state *suite, const struct pw_benchmark *benchmark,
                   struct pw_error *err)
{
    struct pw_run_session session;
    int status = pw_run_session_open(&session, suite, benchmark, NULL, err);

    if (status == 0) {
        status = run_all(&session, err);
    }
    return pw_run_session_close(&session, status, err);
}
