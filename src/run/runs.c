/*
 * Which runs can be made without waking up between them, and what comes of them then. Everything
 * else is made one by one.
 */
#include "runs.h"

#include <stdlib.h>

#include "concurrency.h"
#include "metrics_file.h"
#include "one_run.h"

/** Whether nothing needs perfwarden between two runs. */
static bool is_plain(const struct pw_run_session *session)
{
    const struct pw_benchmark *benchmark = session->benchmark;

    return benchmark->concurrency <= 1 && benchmark->prepare.count == 0 &&
           benchmark->conclude.count == 0 && benchmark->results_file == NULL &&
           !pw_run_session_is_interrupted(session);
}

/** Most runs of a series: their outcomes are held until it ends. */
enum { SERIES_MAX = 512 };

/** Whether a series can be made: each run's output is known, for there is none. */
static bool can_repeat(const struct pw_run_session *session)
{
    return session->suite->executor->execute_series != NULL && is_plain(session) &&
           session->is_quiet && !session->metrics_file.was_written &&
           session->benchmark->format == NULL && session->suite->options->output_seen == NULL;
}

/** Take the runs of a series into the result, up to one that failed; release all. */
static int judge_series(struct pw_run_session *session, struct pw_process_outcome *outcomes,
                        unsigned done, struct pw_error *err)
{
    int status = 0;

    for (unsigned i = 0; i < done; i++) {
        const uint64_t wall_ns = outcomes[i].wall_ns;
        const struct pw_run_number number = {.number = session->runs_done + 1,
                                             .total = session->runs_expected};

        if (status == 0 && !session->is_over) {
            session->metrics_file.index = number.number;
            status = pw_run_take_in(session, &outcomes[i], &number, err);
        }
        if (status == 0 && !session->is_over) {
            pw_run_session_tell(session, wall_ns);
        }
        pw_process_outcome_release(&outcomes[i]);
    }
    session->metrics_file.index = 0;
    return status;
}

static int run_and_tell(struct pw_run_session *session, const struct pw_run_number *number,
                        struct pw_error *err)
{
    uint64_t wall_ns = 0;
    int status = pw_run_once(session, number, &wall_ns, err);

    if (status == 0 && !session->is_over) {
        pw_run_session_tell(session, wall_ns);
    }
    return status;
}

int pw_run_several(struct pw_run_session *session, unsigned runs, uint64_t series_ns,
                   struct pw_error *err)
{
    const struct pw_run_number number = {.number = session->runs_done + 1,
                                         .total = session->runs_expected};
    struct pw_executor *executor = session->suite->executor;
    struct pw_process_outcome *outcomes;
    struct pw_process_spec spec;
    unsigned done = 0;
    int status;

    if (runs < 2 || !can_repeat(session)) {
        return run_and_tell(session, &number, err);
    }
    runs = runs < SERIES_MAX ? runs : SERIES_MAX;
    outcomes = calloc(runs, sizeof(*outcomes));
    if (outcomes == NULL) {
        return pw_error_set_no_memory(err);
    }
    pw_run_specify(session, &spec);
    status = executor->execute_series(executor, &spec, runs, series_ns, number.number, outcomes,
                                      &done, err);
    if (status == 0) {
        status = judge_series(session, outcomes, done, err);
    }
    free(outcomes);
    return status;
}

/** The output of the second of two runs: with it the first's has ended. */
struct second_output {
    const struct pw_run_session *first;
    void (*seen)(void *context, int fd, const char *data, size_t length);
    void *context;
    bool has_begun;
};

static void begin_second_output(struct second_output *output)
{
    if (!output->has_begun) {
        pw_run_session_end_output(output->first);
    }
    output->has_begun = true;
}

static void pass_second_output(void *context, int fd, const char *data, size_t length)
{
    struct second_output *output = context;

    begin_second_output(output);
    output->seen(output->context, fd, data, length);
}

/** Execute both by one exchange. @param[out] done how many were; 0 on failure */
static int execute_two(struct pw_run_session *const sessions[2], const struct pw_run_number *number,
                       struct pw_process_outcome outcomes[2], unsigned *done, struct pw_error *err)
{
    struct pw_executor *executor = sessions[0]->suite->executor;
    struct second_output output = {sessions[0], NULL, NULL, false};
    struct pw_process_spec specs[2];
    int status = 0;

    *done = 0;
    for (int i = 0; status == 0 && i < 2; i++) {
        status = pw_run_environment_set_iteration(&sessions[i]->environment, &sessions[i]->kept,
                                                  number->is_warmup ? 0 : number->number, err);
        pw_run_specify(sessions[i], &specs[i]);
        if (status == 0) {
            status = pw_run_metrics_file_prepare(sessions[i], err);
        }
    }
    if (status != 0 || sessions[0]->is_over || sessions[1]->is_over) {
        return status;
    }
    if (specs[1].output_seen != NULL) {
        output.seen = specs[1].output_seen;
        output.context = specs[1].output_context;
        specs[1].output_seen = pass_second_output;
        specs[1].output_context = &output;
    }
    status = executor->execute_pair(executor, specs, outcomes, done, err);
    begin_second_output(&output);
    if (status != 0 || *done > 1) {
        pw_run_session_end_output(sessions[1]);
    }
    return status;
}

static bool can_exchange(struct pw_run_session *const sessions[2])
{
    return sessions[0]->suite->executor->execute_pair != NULL && is_plain(sessions[0]) &&
           is_plain(sessions[1]);
}

int pw_run_two(struct pw_run_session *const sessions[2], const struct pw_run_number *number,
               uint64_t *wall_ns, struct pw_error *err)
{
    struct pw_process_outcome outcomes[2];
    uint64_t sum_ns = 0;
    unsigned done = 0;
    int status = 0;

    if (can_exchange(sessions)) {
        status = execute_two(sessions, number, outcomes, &done, err);
    }
    for (unsigned i = 0; i < done; i++) {
        if (status == 0 && !sessions[0]->is_over) {
            sum_ns += outcomes[i].wall_ns;
            status = pw_run_take_in(sessions[i], &outcomes[i], number, err);
        }
        pw_process_outcome_release(&outcomes[i]);
    }
    for (unsigned i = done; status == 0 && i < 2 && !sessions[0]->is_over && !sessions[i]->is_over;
         i++) {
        uint64_t run_ns = 0;

        status = pw_run_once(sessions[i], number, &run_ns, err);
        sum_ns += run_ns;
    }
    *wall_ns = sum_ns;
    return status;
}
