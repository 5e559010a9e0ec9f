/*
 * One table: metric, who counted it, how it is read off an outcome. A value that cannot be had is
 * no sample and has a reason; it is never 0.
 */
#include "metrics.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

/** A metric that is one unsigned number of the outcome, or computed from several. */
struct source {
    const char *metric;
    const char *source;
    double (*read)(const struct pw_process_outcome *outcome); /**< NAN when it cannot be had */
    const char *missing;                                      /**< why not */
    bool is_counter; /**< the processor counts it; `missing` is for when nobody asked it */
};

#define READER(name, expression)                                                                   \
    static double read_##name(const struct pw_process_outcome *outcome)                            \
    {                                                                                              \
        return (double)(expression);                                                               \
    }

READER(wall_time, outcome->wall_ns)
READER(user_time, outcome->user_ns)
READER(system_time, outcome->system_ns)
READER(cpu_time, outcome->user_ns + outcome->system_ns)
READER(max_rss, outcome->max_rss_bytes)
READER(page_faults_minor, outcome->page_faults_minor)
READER(page_faults_major, outcome->page_faults_major)
READER(context_switches_voluntary, outcome->context_switches_voluntary)
READER(context_switches_involuntary, outcome->context_switches_involuntary)

static double read_cpu_utilization(const struct pw_process_outcome *outcome)
{
    return outcome->wall_ns > 0 ? read_cpu_time(outcome) / read_wall_time(outcome) : (double)NAN;
}

static double read_io_read_bytes(const struct pw_process_outcome *outcome)
{
    return outcome->has_io ? (double)outcome->io_read_bytes : (double)NAN;
}

static double read_io_write_bytes(const struct pw_process_outcome *outcome)
{
    return outcome->has_io ? (double)outcome->io_write_bytes : (double)NAN;
}

READER(exit_status, outcome->exit_status)

static double read_network_bytes(const struct pw_process_outcome *outcome)
{
    return outcome->has_network ? (double)outcome->network_bytes : (double)NAN;
}

#define COUNTER_READER(name)                                                                       \
    static double read_##name(const struct pw_process_outcome *outcome)                            \
    {                                                                                              \
        return outcome->counters.has_##name ? (double)outcome->counters.name : (double)NAN;        \
    }

COUNTER_READER(instructions)
COUNTER_READER(cycles)
COUNTER_READER(cache_misses)
COUNTER_READER(branch_misses)

static const char NOT_RUN[] = "no run of this benchmark succeeded";
static const char NO_IO[] = "the kernel does not report the i/o of this process";
static const char NO_TIME[] = "the clock did not advance during the run";
static const char NO_NETWORK[] =
    "its network is not counted; give the benchmark a private one with 'isolate: network'";
static const char NO_COUNTERS[] = "the processor's counters did not tell";
static const char COUNTERS_OFF[] = "'counter_source: none' says not to count";
static const char VALGRIND_CANNOT[] =
    "'counter_source: valgrind' counts instructions only; use 'counter_source: perf'";

static const struct source SOURCES[] = {
    {"wall_time", "clock", read_wall_time, NULL, false},
    {"user_time", "rusage", read_user_time, NULL, false},
    {"system_time", "rusage", read_system_time, NULL, false},
    {"cpu_time", "rusage", read_cpu_time, NULL, false},
    {"cpu_utilization", "rusage", read_cpu_utilization, NO_TIME, false},
    {"max_rss", "rusage", read_max_rss, NULL, false},
    {"page_faults_minor", "rusage", read_page_faults_minor, NULL, false},
    {"page_faults_major", "rusage", read_page_faults_major, NULL, false},
    {"context_switches_voluntary", "rusage", read_context_switches_voluntary, NULL, false},
    {"context_switches_involuntary", "rusage", read_context_switches_involuntary, NULL, false},
    {"io_read_bytes", "procfs", read_io_read_bytes, NO_IO, false},
    {"io_write_bytes", "procfs", read_io_write_bytes, NO_IO, false},
    {"network_bytes", "netns", read_network_bytes, NO_NETWORK, false},
    {"instructions", "perf", read_instructions, NO_COUNTERS, true},
    {"cycles", "perf", read_cycles, NO_COUNTERS, true},
    {"cache_misses", "perf", read_cache_misses, NO_COUNTERS, true},
    {"branch_misses", "perf", read_branch_misses, NO_COUNTERS, true},
    {"exit_status", "wait", read_exit_status, NULL, false},
};

static const struct source *find_source(const char *metric)
{
    for (size_t i = 0; i < PW_COUNT(SOURCES); i++) {
        if (strcmp(SOURCES[i].metric, metric) == 0) {
            return &SOURCES[i];
        }
    }
    return NULL;
}

bool pw_run_metrics_has(const struct pw_benchmark *benchmark, const char *metric)
{
    for (size_t i = 0; i < benchmark->metrics.count; i++) {
        if (strcmp(benchmark->metrics.items[i], metric) == 0) {
            return true;
        }
    }
    return false;
}

bool pw_run_metrics_wants_io(const struct pw_benchmark *benchmark)
{
    return pw_run_metrics_has(benchmark, "io_read_bytes") ||
           pw_run_metrics_has(benchmark, "io_write_bytes");
}

bool pw_run_metrics_wants_counters(const struct pw_benchmark *benchmark)
{
    if (benchmark->counter_source != PW_COUNTERS_AUTO &&
        benchmark->counter_source != PW_COUNTERS_PERF) {
        return false;
    }
    for (size_t i = 0; i < PW_COUNT(SOURCES); i++) {
        if (SOURCES[i].is_counter && pw_run_metrics_has(benchmark, SOURCES[i].metric)) {
            return true;
        }
    }
    return false;
}

/** Why a run did not give a metric. */
static const char *reason_of(const struct source *source, const struct pw_benchmark *benchmark,
                             const struct pw_process_outcome *outcome)
{
    if (!source->is_counter) {
        return source->missing;
    }
    if (benchmark->counter_source == PW_COUNTERS_NONE) {
        return COUNTERS_OFF;
    }
    if (benchmark->counter_source == PW_COUNTERS_VALGRIND) {
        return VALGRIND_CANNOT;
    }
    return outcome->counters.reason != NULL ? outcome->counters.reason : source->missing;
}

/** The series of a built-in metric. @return NULL when out of memory */
static struct pw_series *open_series(struct pw_result *result, struct pw_result_benchmark *entry,
                                     const char *metric)
{
    const struct pw_metric_info *info = pw_metric_find(metric);
    const struct source *source = find_source(metric);

    return pw_result_series(result, entry, metric, info != NULL ? info->unit : "",
                            info != NULL ? info->better : PW_BETTER_LOWER,
                            source != NULL ? source->source : NULL);
}

int pw_run_metrics_begin(struct pw_result *result, struct pw_result_benchmark *entry,
                         const struct pw_benchmark *benchmark, struct pw_error *err)
{
    for (size_t i = 0; i < benchmark->metrics.count; i++) {
        const char *metric = benchmark->metrics.items[i];
        struct pw_series *series = open_series(result, entry, metric);

        if (series == NULL) {
            return pw_error_set_no_memory(err);
        }
        series->null_reason = NOT_RUN;
    }
    return 0;
}

int pw_run_metrics_add(struct pw_result *result, struct pw_result_benchmark *entry,
                       const struct pw_benchmark *benchmark,
                       const struct pw_process_outcome *outcome, struct pw_error *err)
{
    for (size_t i = 0; i < benchmark->metrics.count; i++) {
        const struct source *source = find_source(benchmark->metrics.items[i]);
        struct pw_series *series;
        double value;
        int status;

        if (source == NULL) {
            continue;
        }
        series = open_series(result, entry, source->metric);
        if (series == NULL) {
            return pw_error_set_no_memory(err);
        }
        value = source->read(outcome);
        if (isnan(value)) {
            series->null_reason = series->count == 0 ? reason_of(source, benchmark, outcome) : NULL;
            continue;
        }
        status = pw_series_add(result, series, value, err);
        if (status != 0) {
            return status;
        }
        series->null_reason = NULL;
    }
    return 0;
}
