/*
 * The metrics of all copies together: throughput, success rate, and how far N copies do N times
 * what one does.
 */
#include <string.h>

#include "concurrency.h"
#include "metrics.h"
#include "perfwarden/stats.h"

static const char THROUGHPUT[] = "throughput";
static const char SUCCESS_RATE[] = "success_rate";
static const char SCALING[] = "scaling_efficiency";

static const char NOT_RUN[] = "no run of this benchmark succeeded";
static const char NO_TIME[] = "the clock did not advance during the run";
static const char NOT_YET[] = "the suite ended before it could be computed";
static const char NO_SINGLE[] = "one copy alone was not measured; write 'concurrency' as a list "
                                "with 1 in it";

/** A series, made where there is none. @return NULL when out of memory */
static struct pw_series *open_series(struct pw_result *result, struct pw_result_benchmark *entry,
                                     const char *metric)
{
    const struct pw_metric_info *info = pw_metric_find(metric);

    return pw_result_series(result, entry, metric, info->unit, info->better, "clock");
}

int pw_run_concurrency_begin(const struct pw_run_session *session, struct pw_error *err)
{
    static const char *const METRICS[] = {THROUGHPUT, SUCCESS_RATE, SCALING};
    struct pw_result_benchmark *entry = pw_run_session_entry(session);

    for (size_t i = 0; i < PW_COUNT(METRICS); i++) {
        struct pw_series *series;

        if (!pw_run_metrics_has(session->benchmark, METRICS[i])) {
            continue;
        }
        series = open_series(session->suite->result, entry, METRICS[i]);
        if (series == NULL) {
            return pw_error_set_no_memory(err);
        }
        if (series->source == NULL) {
            series->source = "clock";
        }
        series->null_reason = NOT_RUN;
    }
    return 0;
}

static int add_sample(const struct pw_run_session *session, const char *metric, double value,
                      struct pw_error *err)
{
    struct pw_result *result = session->suite->result;
    struct pw_series *series = open_series(result, pw_run_session_entry(session), metric);
    int status;

    if (series == NULL) {
        return pw_error_set_no_memory(err);
    }
    status = pw_series_add(result, series, value, err);
    if (status == 0) {
        series->null_reason = NULL;
    }
    return status;
}

int pw_run_concurrency_add(const struct pw_run_session *session, const struct pw_run_batch *batch,
                           struct pw_error *err)
{
    const struct pw_benchmark *benchmark = session->benchmark;
    int status = 0;

    if (pw_run_metrics_has(benchmark, SUCCESS_RATE)) {
        status = add_sample(session, SUCCESS_RATE, (double)batch->succeeded / batch->copies, err);
    }
    if (status != 0 ||
        !(pw_run_metrics_has(benchmark, THROUGHPUT) || pw_run_metrics_has(benchmark, SCALING))) {
        return status;
    }
    if (batch->wall_ns == 0) {
        struct pw_series *series =
            open_series(session->suite->result, pw_run_session_entry(session), THROUGHPUT);

        if (series == NULL) {
            return pw_error_set_no_memory(err);
        }
        series->null_reason = series->count == 0 ? NO_TIME : NULL;
        return 0;
    }
    if (pw_run_metrics_has(benchmark, SCALING)) {
        struct pw_series *scaling =
            open_series(session->suite->result, pw_run_session_entry(session), SCALING);

        if (scaling == NULL) {
            return pw_error_set_no_memory(err);
        }
        scaling->null_reason = NOT_YET;
    }
    return add_sample(session, THROUGHPUT, batch->succeeded * 1e9 / (double)batch->wall_ns, err);
}

/** True when two benchmarks differ in their concurrency only, which is the last parameter. */
static bool is_same_but_alone(const struct pw_benchmark *benchmark,
                              const struct pw_benchmark *other)
{
    if (other->concurrency != 1 || other->line != benchmark->line ||
        other->column != benchmark->column || other->param_count != benchmark->param_count ||
        strcmp(other->name, benchmark->name) != 0) {
        return false;
    }
    for (size_t i = 0; i + 1 < benchmark->param_count; i++) {
        if (strcmp(other->params[i].value, benchmark->params[i].value) != 0) {
            return false;
        }
    }
    return true;
}

/** The throughput of one copy alone; NULL when it was not measured. */
static const struct pw_series *find_single(const struct pw_config *config,
                                           const struct pw_result *result,
                                           const struct pw_benchmark *benchmark)
{
    for (size_t i = 0; i < config->benchmark_count; i++) {
        const struct pw_result_benchmark *entry;
        const struct pw_series *series;

        if (!is_same_but_alone(benchmark, &config->benchmarks[i])) {
            continue;
        }
        entry = pw_result_find(result, config->benchmarks[i].id);
        series = entry != NULL && entry->status == PW_MEASURED_OK
                     ? pw_result_benchmark_series(entry, THROUGHPUT)
                     : NULL;
        if (series != NULL && series->count > 0) {
            return series;
        }
    }
    return NULL;
}

static int scale(struct pw_result *result, struct pw_result_benchmark *entry,
                 const struct pw_series *single, unsigned copies, struct pw_error *err)
{
    struct pw_error failure = PW_ERROR_INIT;
    const double alone = pw_stats_median(single->samples, single->count, &failure);
    struct pw_series *scaling = open_series(result, entry, SCALING);
    const struct pw_series *throughput = pw_result_benchmark_series(entry, THROUGHPUT);
    int status = 0;

    if (failure.status != PW_OK) {
        status = (int)failure.status;
        pw_error_move(err, &failure);
        return status;
    }
    if (scaling == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; status == 0 && i < throughput->count; i++) {
        status = pw_series_add(result, scaling, throughput->samples[i] / (copies * alone), err);
    }
    scaling->null_reason = NULL;
    return status;
}

int pw_run_concurrency_scale(const struct pw_config *config, struct pw_result *result,
                             struct pw_error *err)
{
    int status = 0;

    for (size_t i = 0; status == 0 && i < config->benchmark_count; i++) {
        const struct pw_benchmark *benchmark = &config->benchmarks[i];
        struct pw_result_benchmark *entry = pw_result_find(result, benchmark->id);
        const struct pw_series *throughput;
        const struct pw_series *single;
        struct pw_series *scaling;

        if (!pw_run_metrics_has(benchmark, SCALING) || entry == NULL) {
            continue;
        }
        throughput = pw_result_benchmark_series(entry, THROUGHPUT);
        scaling = open_series(result, entry, SCALING);
        if (scaling == NULL) {
            return pw_error_set_no_memory(err);
        }
        if (scaling->count > 0 || throughput == NULL || throughput->count == 0) {
            continue;
        }
        single = find_single(config, result, benchmark);
        scaling->null_reason = NO_SINGLE;
        if (single != NULL) {
            status = scale(result, entry, single, benchmark->concurrency, err);
        }
    }
    return status;
}
