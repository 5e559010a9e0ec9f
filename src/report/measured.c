/* The cells of a result in words. Medians and ranges for people; nothing is judged here. */
#include "measured.h"

#include <math.h>
#include <string.h>

#include "perfwarden/gate.h" /* pw_stats_median(), which the gate reports with */
#include "perfwarden/util/number.h"
#include "summary.h"

#define NOTHING "\xE2\x80\x93"

const char *const pw_report_main_titles[PW_MAIN_COLUMN_COUNT] = {
    [PW_MAIN_BENCHMARK] = "Benchmark",
    [PW_MAIN_WALL] = "Wall time",
    [PW_MAIN_RANGE] = "Min \xE2\x80\xA6 max",
    [PW_MAIN_RUNS] = "Runs",
    [PW_MAIN_USER] = "User",
    [PW_MAIN_SYSTEM] = "System",
    [PW_MAIN_RSS] = "Max RSS",
    [PW_MAIN_STATUS] = "Status",
};

const char *const pw_report_other_titles[PW_OTHER_COLUMN_COUNT] = {
    [PW_OTHER_BENCHMARK] = "Benchmark", [PW_OTHER_METRIC] = "Metric",
    [PW_OTHER_MEDIAN] = "Median",       [PW_OTHER_RANGE] = "Min \xE2\x80\xA6 max",
    [PW_OTHER_SAMPLES] = "Samples",
};

/** The columns of the main table that show the median of a metric. */
static const char *const main_metrics[PW_MAIN_COLUMN_COUNT] = {
    [PW_MAIN_WALL] = "wall_time",
    [PW_MAIN_USER] = "user_time",
    [PW_MAIN_SYSTEM] = "system_time",
    [PW_MAIN_RSS] = "max_rss",
};

static bool has_column(const char *metric)
{
    for (size_t i = 0; i < PW_MAIN_COLUMN_COUNT; i++) {
        if (main_metrics[i] != NULL && strcmp(metric, main_metrics[i]) == 0) {
            return true;
        }
    }
    return false;
}

static double median_of(const struct pw_series *series, bool *failed)
{
    struct pw_error err = PW_ERROR_INIT;
    if (series == NULL || series->count == 0) {
        return NAN;
    }
    const double median = pw_stats_median(series->samples, series->count, &err);
    *failed = *failed || err.status == PW_ENOMEM;
    pw_error_release(&err);
    return median;
}

double pw_report_measured_median(const struct pw_result_benchmark *benchmark, const char *metric,
                                 bool *failed)
{
    return median_of(pw_result_benchmark_series(benchmark, metric), failed);
}

static void write_median(const struct pw_series *series, struct pw_strbuf *out)
{
    pw_format_value(out, median_of(series, &out->failed), series != NULL ? series->unit : "");
}

static void write_range(const struct pw_series *series, struct pw_strbuf *out)
{
    if (series == NULL || series->count == 0) {
        pw_strbuf_puts(out, NOTHING);
        return;
    }
    double low = series->samples[0];
    double high = low;
    for (size_t i = 1; i < series->count; i++) {
        low = fmin(low, series->samples[i]);
        high = fmax(high, series->samples[i]);
    }
    pw_format_value(out, low, series->unit);
    pw_strbuf_puts(out, " \xE2\x80\xA6 ");
    pw_format_value(out, high, series->unit);
}

/* Every run yields one value per metric; a metric that was not to be had has none. */
static size_t run_count(const struct pw_result_benchmark *benchmark)
{
    size_t runs = 0;
    for (size_t i = 0; i < benchmark->series_count; i++) {
        runs = benchmark->series[i].count > runs ? benchmark->series[i].count : runs;
    }
    return runs;
}

static void write_cell(const struct pw_result_benchmark *benchmark, size_t column,
                       struct pw_strbuf *out)
{
    switch (column) {
    case PW_MAIN_BENCHMARK:
        pw_strbuf_puts(out, benchmark->id);
        break;
    case PW_MAIN_RANGE:
        write_range(pw_result_benchmark_series(benchmark, "wall_time"), out);
        break;
    case PW_MAIN_RUNS:
        pw_strbuf_printf(out, "%zu", run_count(benchmark));
        break;
    case PW_MAIN_STATUS:
        pw_strbuf_puts(out, pw_measured_name(benchmark->status));
        break;
    default:
        write_median(pw_result_benchmark_series(benchmark, main_metrics[column]), out);
        break;
    }
}

static void write_other_cell(const struct pw_result_benchmark *benchmark,
                             const struct pw_series *series, size_t column, struct pw_strbuf *out)
{
    switch (column) {
    case PW_OTHER_BENCHMARK:
        pw_strbuf_puts(out, benchmark->id);
        break;
    case PW_OTHER_METRIC:
        pw_strbuf_puts(out, series->metric);
        break;
    case PW_OTHER_MEDIAN:
        write_median(series, out);
        break;
    case PW_OTHER_RANGE:
        write_range(series, out);
        break;
    default:
        pw_strbuf_printf(out, "%zu", series->count);
        break;
    }
}

/** A pass under way: the visitor, and room for one row's cells, each ended by a NUL. */
struct pass {
    pw_report_measured_visit_fn *visit;
    void *context;
    struct pw_strbuf scratch;
};

/* One row: the benchmark's own when series is NULL, else that metric's. */
static int show(struct pass *pass, const struct pw_result_benchmark *benchmark,
                const struct pw_series *series, bool *goes_on, struct pw_error *err)
{
    size_t starts[PW_MAIN_COLUMN_COUNT];
    const char *cells[PW_MAIN_COLUMN_COUNT];
    size_t count = series == NULL ? (size_t)PW_MAIN_COLUMN_COUNT : PW_OTHER_COLUMN_COUNT;
    pw_strbuf_clear(&pass->scratch);
    for (size_t column = 0; column < count; column++) {
        starts[column] = pass->scratch.length;
        if (series == NULL) {
            write_cell(benchmark, column, &pass->scratch);
        } else {
            write_other_cell(benchmark, series, column, &pass->scratch);
        }
        pw_strbuf_putc(&pass->scratch, '\0');
    }
    int status = pw_strbuf_check(&pass->scratch, err);
    if (status < 0) {
        return status;
    }
    for (size_t column = 0; column < count; column++) {
        cells[column] = pass->scratch.data + starts[column];
    }
    *goes_on = pass->visit(pass->context, &(struct pw_report_measured_view){benchmark, cells});
    return 0;
}

static bool is_in_main_table(const struct pw_result_benchmark *benchmark)
{
    bool has_samples = false;
    for (size_t i = 0; i < benchmark->series_count; i++) {
        if (benchmark->series[i].count > 0 && has_column(benchmark->series[i].metric)) {
            return true;
        }
        has_samples = has_samples || benchmark->series[i].count > 0;
    }
    return benchmark->status != PW_MEASURED_OK || !has_samples;
}

int pw_report_measured_visit(const struct pw_result *result, pw_report_measured_visit_fn *visit,
                             void *context, struct pw_error *err)
{
    struct pass pass = {visit, context, PW_STRBUF_INIT};
    bool goes_on = true;
    int status = 0;
    for (size_t i = 0; i < result->benchmark_count && goes_on && status == 0; i++) {
        if (is_in_main_table(&result->benchmarks[i])) {
            status = show(&pass, &result->benchmarks[i], NULL, &goes_on, err);
        }
    }
    pw_strbuf_release(&pass.scratch);
    return status;
}

/* A benchmark that the main table does not have must not be lost, whatever its metrics. */
static bool is_other(const struct pw_result_benchmark *benchmark, const struct pw_series *series,
                     bool is_complete)
{
    if (series->count == 0 || has_column(series->metric)) {
        return false;
    }
    return is_complete || pw_metric_find(series->metric) == NULL || !is_in_main_table(benchmark);
}

int pw_report_other_visit(const struct pw_result *result, bool is_complete,
                          pw_report_measured_visit_fn *visit, void *context, struct pw_error *err)
{
    struct pass pass = {visit, context, PW_STRBUF_INIT};
    bool goes_on = true;
    int status = 0;
    for (size_t i = 0; i < result->benchmark_count; i++) {
        const struct pw_result_benchmark *benchmark = &result->benchmarks[i];
        for (size_t j = 0; j < benchmark->series_count && goes_on && status == 0; j++) {
            if (is_other(benchmark, &benchmark->series[j], is_complete)) {
                status = show(&pass, benchmark, &benchmark->series[j], &goes_on, err);
            }
        }
    }
    pw_strbuf_release(&pass.scratch);
    return status;
}

size_t pw_report_measured_failures(const struct pw_result *result)
{
    size_t failures = 0;
    for (size_t i = 0; i < result->benchmark_count; i++) {
        failures += result->benchmarks[i].status != PW_MEASURED_OK;
    }
    return failures;
}

void pw_report_measured_headline(const struct pw_result *result, struct pw_strbuf *out)
{
    size_t failures = pw_report_measured_failures(result);
    if (failures == 0) {
        pw_strbuf_puts(out, "MEASURED: ");
        pw_report_plural(out, result->benchmark_count, "benchmark");
        return;
    }
    pw_strbuf_printf(out, "ERROR: %zu of ", failures);
    pw_report_plural(out, result->benchmark_count, "benchmark");
    pw_strbuf_puts(out, " could not be measured");
}

void pw_report_measured_origin(const struct pw_result *result, const char *word,
                               struct pw_strbuf *out)
{
    struct pw_side side = {.branch = result->branch, .is_dirty = result->is_dirty};
    if (result->commit != NULL) {
        pw_strbuf_printf(out, "%s ", word);
    }
    pw_report_short_id(result->commit, "no commit", out);
    pw_report_side_details(&side, out);
    if (result->started_at != NULL) {
        pw_strbuf_printf(out, ", measured %s", result->started_at);
    }
    if (result->environment.id[0] != '\0') {
        pw_strbuf_printf(out, ", environment %s", result->environment.id);
    }
    if (result->shard != NULL) {
        pw_strbuf_puts(out, ", ");
        pw_report_shard(result->shard, out);
    }
}

const struct pw_series *pw_report_measured_series(const struct pw_result_benchmark *benchmark)
{
    const struct pw_series *found = NULL;
    for (size_t i = 0; i < benchmark->series_count; i++) {
        const struct pw_series *series = &benchmark->series[i];
        if (series->count > 0 && strcmp(series->metric, "wall_time") == 0) {
            return series;
        }
        found = found == NULL && series->count > 0 ? series : found;
    }
    return found;
}
