/*
 * Gauges for monitoring, in two dialects of one form: Prometheus' text format, for the node
 * exporter's textfile collector, and OpenMetrics, for GitLab's metrics reports.
 *
 * All samples of a gauge stand together, as both dialects want it. Values are in base units, which
 * a label names; what is not known has no sample.
 */
#include <math.h>

#include "formats.h"
#include "measured.h"
#include "perfwarden/util/escape.h"
#include "perfwarden/util/number.h"

enum dialect { PROMETHEUS, OPENMETRICS };

/** A gauge of the rows of a comparison. */
struct row_gauge {
    const char *name;
    const char *help;
    double (*value)(const struct pw_comparison_row *row); /**< NAN for no sample */
};

static double base_of(const struct pw_comparison_row *row)
{
    return row->base;
}

static double head_of(const struct pw_comparison_row *row)
{
    return row->head;
}

static double ratio_of(const struct pw_comparison_row *row)
{
    return row->ratio;
}

static double low_of(const struct pw_comparison_row *row)
{
    return row->interval.low;
}

static double high_of(const struct pw_comparison_row *row)
{
    return row->interval.high;
}

static double increase_of(const struct pw_comparison_row *row)
{
    return row->threshold.increase_ratio;
}

static double is_regression(const struct pw_comparison_row *row)
{
    return row->verdict == PW_VERDICT_REGRESSION ? 1 : 0;
}

static const struct row_gauge row_gauges[] = {
    {"perfwarden_base_value", "Median of the base, in the unit of the label.", base_of},
    {"perfwarden_head_value", "Median of the head, in the unit of the label.", head_of},
    {"perfwarden_change_ratio", "Head divided by base, as estimated.", ratio_of},
    {"perfwarden_change_ratio_low", "Lower end of the interval of the change.", low_of},
    {"perfwarden_change_ratio_high", "Upper end of the interval of the change.", high_of},
    {"perfwarden_threshold_increase_ratio", "How much worse is too much; 0.05 is 5 percent.",
     increase_of},
    {"perfwarden_regression", "1 where the verdict is a regression, else 0.", is_regression},
};

static void put_head(struct pw_strbuf *out, const char *name, const char *help)
{
    pw_strbuf_printf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void put_label(struct pw_strbuf *out, bool is_first, const char *name, const char *value)
{
    pw_strbuf_printf(out, "%c%s=\"", is_first ? '{' : ',', name);
    pw_escape_label(out, value == NULL ? "" : value);
    pw_strbuf_putc(out, '"');
}

static void put_value(struct pw_strbuf *out, double value)
{
    char digits[PW_DOUBLE_TEXT_SIZE];
    if (isinf(value)) {
        pw_strbuf_puts(out, value > 0 ? "} +Inf\n" : "} -Inf\n");
        return;
    }
    pw_format_double(value, digits);
    pw_strbuf_printf(out, "} %s\n", digits);
}

static void put_subject(struct pw_strbuf *out, const char *name,
                        const struct pw_comparison_row *row)
{
    pw_strbuf_puts(out, name);
    put_label(out, true, "benchmark", row->benchmark);
    put_label(out, false, "metric", row->metric);
    put_label(out, false, "unit", row->unit);
    put_label(out, false, "against", row->since == NULL ? "base" : "anchor");
    put_label(out, false, "since", row->since);
}

static void put_row(struct pw_strbuf *out, const struct row_gauge *gauge,
                    const struct pw_comparison_row *row)
{
    const double value = gauge->value(row);
    if (!isnan(value)) {
        put_subject(out, gauge->name, row);
        put_value(out, value);
    }
}

/* Who agreed to what is worse, and why. */
static void put_accepted(struct pw_strbuf *out, const struct pw_comparison *comparison)
{
    static const char name[] = "perfwarden_accepted";
    put_head(out, name, "1 for a change for the worse that was accepted.");
    for (size_t i = 0; i < comparison->row_count; i++) {
        const struct pw_comparison_row *row = &comparison->rows[i];
        if (row->verdict == PW_VERDICT_ACCEPTED) {
            put_subject(out, name, row);
            put_label(out, false, "by", row->accepted.by);
            put_label(out, false, "reason", row->accepted.reason);
            put_label(out, false, "bound", row->accepted.bound);
            put_label(out, false, "expires", row->accepted.expires);
            put_value(out, 1);
        }
    }
}

static void put_whole(struct pw_strbuf *out, const struct pw_comparison *comparison)
{
    put_head(out, "perfwarden_exit_code", "Exit code of the gate: 0 when it lets the change pass.");
    pw_strbuf_puts(out, "perfwarden_exit_code");
    put_label(out, true, "verdict", pw_verdict_name(comparison->verdict));
    put_label(out, false, "base", comparison->base.commit);
    put_label(out, false, "head", comparison->head.commit);
    put_value(out, comparison->exit_code);
    put_head(out, "perfwarden_comparisons", "Compared metrics of benchmarks, by verdict.");
    for (size_t i = 0; i < PW_VERDICT_COUNT; i++) {
        pw_strbuf_puts(out, "perfwarden_comparisons");
        put_label(out, true, "verdict", pw_verdict_name((enum pw_verdict)i));
        put_value(out, (double)comparison->counts[i]);
    }
}

static int finish(struct pw_strbuf *out, size_t start, enum dialect dialect, struct pw_error *err)
{
    pw_strbuf_puts(out, dialect == OPENMETRICS ? "# EOF\n" : "");
    const int status = pw_strbuf_check(out, err);
    if (status != PW_OK) {
        pw_strbuf_truncate(out, start);
    }
    return status;
}

static int put_comparison(const struct pw_comparison *comparison, enum dialect dialect,
                          struct pw_strbuf *out, struct pw_error *err)
{
    const size_t start = out->length;
    put_whole(out, comparison);
    for (size_t i = 0; i < PW_COUNT(row_gauges); i++) {
        put_head(out, row_gauges[i].name, row_gauges[i].help);
        for (size_t j = 0; j < comparison->row_count; j++) {
            put_row(out, &row_gauges[i], &comparison->rows[j]);
        }
    }
    put_accepted(out, comparison);
    return finish(out, start, dialect, err);
}

static void put_measured(struct pw_strbuf *out, const struct pw_result *result)
{
    put_head(out, "perfwarden_measured", "1 for a benchmark that could be measured, else 0.");
    for (size_t i = 0; i < result->benchmark_count; i++) {
        const struct pw_result_benchmark *benchmark = &result->benchmarks[i];
        pw_strbuf_puts(out, "perfwarden_measured");
        put_label(out, true, "benchmark", benchmark->id);
        put_label(out, false, "status", pw_measured_name(benchmark->status));
        put_value(out, benchmark->status == PW_MEASURED_OK ? 1 : 0);
    }
}

static void put_medians(struct pw_strbuf *out, const struct pw_result_benchmark *benchmark)
{
    for (size_t i = 0; i < benchmark->series_count; i++) {
        const struct pw_series *series = &benchmark->series[i];
        const double median = pw_report_measured_median(benchmark, series->metric, &out->failed);
        if (isnan(median)) {
            continue;
        }
        pw_strbuf_puts(out, "perfwarden_value");
        put_label(out, true, "benchmark", benchmark->id);
        put_label(out, false, "metric", series->metric);
        put_label(out, false, "unit", series->unit);
        put_value(out, median);
    }
}

static int put_result(const struct pw_result *result, enum dialect dialect, struct pw_strbuf *out,
                      struct pw_error *err)
{
    const size_t start = out->length;
    put_measured(out, result);
    put_head(out, "perfwarden_value", "Median over the runs, in the unit of the label.");
    for (size_t i = 0; i < result->benchmark_count; i++) {
        put_medians(out, &result->benchmarks[i]);
    }
    return finish(out, start, dialect, err);
}

int pw_report_prometheus_comparison(const struct pw_comparison *comparison,
                                    const struct pw_report_options *options, struct pw_strbuf *out,
                                    struct pw_error *err)
{
    (void)options;
    return put_comparison(comparison, PROMETHEUS, out, err);
}

int pw_report_prometheus_result(const struct pw_result *result,
                                const struct pw_report_options *options, struct pw_strbuf *out,
                                struct pw_error *err)
{
    (void)options;
    return put_result(result, PROMETHEUS, out, err);
}

int pw_report_openmetrics_comparison(const struct pw_comparison *comparison,
                                     const struct pw_report_options *options, struct pw_strbuf *out,
                                     struct pw_error *err)
{
    (void)options;
    return put_comparison(comparison, OPENMETRICS, out, err);
}

int pw_report_openmetrics_result(const struct pw_result *result,
                                 const struct pw_report_options *options, struct pw_strbuf *out,
                                 struct pw_error *err)
{
    (void)options;
    return put_result(result, OPENMETRICS, out, err);
}
