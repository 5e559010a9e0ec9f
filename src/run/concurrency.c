/*
 * Copies that run at once, and what they are together. The run stays the unit of analysis: however
 * many copies it has, it yields one value per metric.
 */
#include "concurrency.h"

#include <stdlib.h>
#include <string.h>

#include "failure.h"
#include "metrics.h"
#include "perfwarden/stats.h"
#include "shell.h"

static bool is_successful(const struct pw_benchmark *benchmark,
                          const struct pw_process_outcome *outcome)
{
    return pw_run_judge(benchmark, outcome) == PW_MEASURED_OK;
}

void pw_run_batch_release(struct pw_run_batch *batch)
{
    for (unsigned i = 0; batch->outcomes != NULL && i < batch->copies; i++) {
        pw_process_outcome_release(&batch->outcomes[i]);
    }
    free(batch->outcomes);
    memset(batch, 0, sizeof(*batch));
}

static int execute(const struct pw_run_session *session, const struct pw_process_spec *spec,
                   struct pw_run_batch *batch, struct pw_error *err)
{
    struct pw_executor *executor = session->suite->executor;
    int status;

    if (batch->copies > 1) {
        if (executor->execute_copies == NULL) {
            return pw_error_set(err, PW_EIO, "copies cannot be run at once here");
        }
        return executor->execute_copies(executor, spec, batch->copies, batch->outcomes,
                                        &batch->wall_ns, err);
    }
    status = executor->execute(executor, spec, &batch->outcomes[0], err);
    batch->wall_ns = batch->outcomes[0].wall_ns;
    return status;
}

unsigned pw_run_batch_count(const struct pw_benchmark *benchmark,
                            const struct pw_process_outcome *outcomes, unsigned copies)
{
    unsigned succeeded = 0;

    for (unsigned i = 0; i < copies; i++) {
        succeeded += is_successful(benchmark, &outcomes[i]);
    }
    return succeeded;
}

int pw_run_batch_execute(const struct pw_run_session *session, const struct pw_process_spec *spec,
                         struct pw_run_batch *out, struct pw_error *err)
{
    const struct pw_benchmark *benchmark = session->benchmark;
    struct pw_run_batch batch;
    int status;

    memset(&batch, 0, sizeof(batch));
    batch.copies = benchmark->concurrency > 1 ? benchmark->concurrency : 1;
    batch.outcomes = calloc(batch.copies, sizeof(*batch.outcomes));
    if (batch.outcomes == NULL) {
        return pw_error_set_no_memory(err);
    }
    status = execute(session, spec, &batch, err);
    if (status != 0) {
        free(batch.outcomes); /* an executor that failed left nothing in them */
        return status;
    }
    batch.succeeded = pw_run_batch_count(benchmark, batch.outcomes, batch.copies);
    *out = batch;
    return 0;
}

/**
 * Which failure says most, where several copies failed: one copy over its memory limit ends the
 * others, and a program that cannot be started is no matter of chance.
 */
static unsigned weight(const struct pw_process_outcome *outcome)
{
    static const unsigned WEIGHTS[] = {
        [PW_PROCESS_EXITED] = 1,      [PW_PROCESS_SIGNALED] = 1,    [PW_PROCESS_TIMED_OUT] = 2,
        [PW_PROCESS_NOT_STARTED] = 3, [PW_PROCESS_INTERRUPTED] = 4, [PW_PROCESS_OUT_OF_MEMORY] = 5,
    };

    return WEIGHTS[outcome->end];
}

const struct pw_process_outcome *pw_run_batch_failure(const struct pw_benchmark *benchmark,
                                                      const struct pw_run_batch *batch)
{
    const struct pw_process_outcome *worst = NULL;

    for (unsigned i = 0; i < batch->copies; i++) {
        const struct pw_process_outcome *outcome = &batch->outcomes[i];

        if (!is_successful(benchmark, outcome) &&
            (worst == NULL || weight(outcome) > weight(worst))) {
            worst = outcome;
        }
    }
    if (worst != NULL && batch->succeeded > 0 && worst->end != PW_PROCESS_INTERRUPTED &&
        worst->end != PW_PROCESS_NOT_STARTED && pw_run_metrics_has(benchmark, "success_rate")) {
        return NULL;
    }
    return worst;
}

/** The numbers of an outcome that are combined. */
static const size_t NUMBERS[] = {
    offsetof(struct pw_process_outcome, wall_ns),
    offsetof(struct pw_process_outcome, user_ns),
    offsetof(struct pw_process_outcome, system_ns),
    offsetof(struct pw_process_outcome, max_rss_bytes),
    offsetof(struct pw_process_outcome, page_faults_minor),
    offsetof(struct pw_process_outcome, page_faults_major),
    offsetof(struct pw_process_outcome, context_switches_voluntary),
    offsetof(struct pw_process_outcome, context_switches_involuntary),
    offsetof(struct pw_process_outcome, io_read_bytes),
    offsetof(struct pw_process_outcome, io_write_bytes),
    offsetof(struct pw_process_outcome, tree_peak_bytes),
    offsetof(struct pw_process_outcome, network_bytes),
    offsetof(struct pw_process_outcome, throttled_ns),
    offsetof(struct pw_process_outcome, counters.instructions),
    offsetof(struct pw_process_outcome, counters.cycles),
    offsetof(struct pw_process_outcome, counters.cache_misses),
    offsetof(struct pw_process_outcome, counters.branch_misses),
};

/** What must have been had of every copy. */
static const size_t FLAGS[] = {
    offsetof(struct pw_process_outcome, has_io),
    offsetof(struct pw_process_outcome, has_tree_peak),
    offsetof(struct pw_process_outcome, has_network),
    offsetof(struct pw_process_outcome, counters.has_instructions),
    offsetof(struct pw_process_outcome, counters.has_cycles),
    offsetof(struct pw_process_outcome, counters.has_cache_misses),
    offsetof(struct pw_process_outcome, counters.has_branch_misses),
};

static uint64_t read_number(const struct pw_process_outcome *outcome, size_t offset)
{
    uint64_t number;

    memcpy(&number, (const char *)outcome + offset, sizeof(number));
    return number;
}

static bool read_flag(const struct pw_process_outcome *outcome, size_t offset)
{
    bool flag;

    memcpy(&flag, (const char *)outcome + offset, sizeof(flag));
    return flag;
}

/** @param values room for one per copy */
static int combine_number(const struct pw_run_session *session, const struct pw_run_batch *batch,
                          size_t offset, double *values, struct pw_process_outcome *out,
                          struct pw_error *err)
{
    struct pw_error failure = PW_ERROR_INIT;
    size_t count = 0;
    uint64_t number;

    for (unsigned i = 0; i < batch->copies; i++) {
        if (is_successful(session->benchmark, &batch->outcomes[i])) {
            values[count++] = (double)read_number(&batch->outcomes[i], offset);
        }
    }
    number = (uint64_t)pw_stats_median(values, count, &failure);
    if (failure.status != PW_OK) {
        int status = (int)failure.status;

        pw_error_move(err, &failure);
        return status;
    }
    memcpy((char *)out + offset, &number, sizeof(number));
    return 0;
}

static void combine_flags(const struct pw_run_session *session, const struct pw_run_batch *batch,
                          struct pw_process_outcome *out)
{
    for (size_t f = 0; f < PW_COUNT(FLAGS); f++) {
        bool has_all = true;

        for (unsigned i = 0; i < batch->copies; i++) {
            has_all = has_all && (!is_successful(session->benchmark, &batch->outcomes[i]) ||
                                  read_flag(&batch->outcomes[i], FLAGS[f]));
        }
        memcpy((char *)out + FLAGS[f], &has_all, sizeof(has_all));
    }
}

static int combine_several(const struct pw_run_session *session, const struct pw_run_batch *batch,
                           struct pw_process_outcome *out, struct pw_error *err)
{
    double *values = calloc(batch->copies, sizeof(*values));
    int status = 0;

    if (values == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; status == 0 && i < PW_COUNT(NUMBERS); i++) {
        status = combine_number(session, batch, NUMBERS[i], values, out, err);
    }
    combine_flags(session, batch, out);
    free(values);
    return status;
}

int pw_run_batch_combine(const struct pw_run_session *session, const struct pw_run_batch *batch,
                         struct pw_process_outcome *out, struct pw_error *err)
{
    struct pw_process_outcome combined;
    int status = 0;

    /* The rest is what a success has in common: how it ended, and which means were in force. */
    for (unsigned i = 0; i < batch->copies; i++) {
        combined = batch->outcomes[i];
        if (is_successful(session->benchmark, &combined)) {
            break;
        }
    }
    memset(&combined.standard_output, 0, sizeof(combined.standard_output));
    memset(&combined.standard_error, 0, sizeof(combined.standard_error));
    if (batch->copies > 1) {
        status = combine_several(session, batch, &combined, err);
    }
    if (status == 0) {
        pw_run_shell_subtract(session, &combined);
        *out = combined;
    }
    return status;
}
