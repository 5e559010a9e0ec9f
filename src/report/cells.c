/* The cells of a comparison row in words, the same for every table. Unescaped. */
#include <math.h>
#include <string.h>

#include "perfwarden/util/number.h"
#include "rows.h"
#include "summary.h"

#define NOTHING "\xE2\x80\x93" /* an en dash: not known, or does not apply */

static const char *unit_of(const struct pw_comparison_row *row)
{
    return row->unit != NULL ? row->unit : "";
}

static void write_benchmark(const struct pw_comparison_row *row, struct pw_strbuf *out)
{
    pw_strbuf_puts(out, row->benchmark != NULL ? row->benchmark : NOTHING);
}

static void write_metric(const struct pw_comparison_row *row, struct pw_strbuf *out)
{
    pw_strbuf_puts(out, row->metric != NULL ? row->metric : NOTHING);
    if (row->since != NULL) {
        pw_strbuf_printf(out, " since %s", row->since);
    }
}

static void write_base(const struct pw_comparison_row *row, struct pw_strbuf *out)
{
    pw_format_value(out, row->base, unit_of(row));
}

static void write_head(const struct pw_comparison_row *row, struct pw_strbuf *out)
{
    pw_format_value(out, row->head, unit_of(row));
}

static void write_change(const struct pw_comparison_row *row, struct pw_strbuf *out)
{
    pw_format_change(out, row->ratio - 1);
}

static void write_interval(const struct pw_comparison_row *row, struct pw_strbuf *out)
{
    bool is_unbounded = row->interval.low == 0 && isinf(row->interval.high);
    if (isnan(row->interval.low) || isnan(row->interval.high) || is_unbounded) {
        pw_strbuf_puts(out, NOTHING);
        return;
    }
    pw_format_change(out, row->interval.low - 1);
    pw_strbuf_puts(out, " \xE2\x80\xA6 ");
    pw_format_change(out, row->interval.high - 1);
}

static void write_limit(const struct pw_comparison_row *row, struct pw_strbuf *out)
{
    size_t before = out->length;
    if (row->metric != NULL) {
        pw_threshold_describe(&row->threshold, unit_of(row), row->better, out);
    }
    if (out->length == before) {
        pw_strbuf_puts(out, NOTHING);
    }
}

static void write_verdict(const struct pw_comparison_row *row, struct pw_strbuf *out)
{
    pw_strbuf_puts(out, pw_verdict_name(row->verdict));
    if (row->verdict != PW_VERDICT_PASS) {
        return; /* the reason stands beside it and tells more */
    }
    if (row->method != NULL && strcmp(row->method, "identical") == 0) {
        pw_strbuf_puts(out, " (identical)");
    } else if (row->pairs > 0) {
        pw_strbuf_puts(out, " (");
        pw_report_plural(out, row->pairs, "pair");
        pw_strbuf_putc(out, ')');
    }
}

const char *const pw_report_titles[PW_REPORT_COLUMN_COUNT] = {
    [PW_REPORT_BENCHMARK] = "Benchmark", [PW_REPORT_METRIC] = "Metric",
    [PW_REPORT_BASE] = "Base",           [PW_REPORT_HEAD] = "Head",
    [PW_REPORT_CHANGE] = "Change",       [PW_REPORT_INTERVAL] = "Interval",
    [PW_REPORT_LIMIT] = "Limit",         [PW_REPORT_VERDICT] = "Verdict",
};

static void (*const writers[PW_REPORT_COLUMN_COUNT])(const struct pw_comparison_row *row,
                                                     struct pw_strbuf *out) = {
    [PW_REPORT_BENCHMARK] = write_benchmark, [PW_REPORT_METRIC] = write_metric,
    [PW_REPORT_BASE] = write_base,           [PW_REPORT_HEAD] = write_head,
    [PW_REPORT_CHANGE] = write_change,       [PW_REPORT_INTERVAL] = write_interval,
    [PW_REPORT_LIMIT] = write_limit,         [PW_REPORT_VERDICT] = write_verdict,
};

void pw_report_cell(const struct pw_comparison_row *row, enum pw_report_column column,
                    struct pw_strbuf *out)
{
    writers[column](row, out);
}

void pw_report_subject(const struct pw_comparison_row *row, struct pw_strbuf *out)
{
    if (row->metric != NULL) {
        pw_strbuf_printf(out, " %s", row->metric);
    }
    if (row->since != NULL) {
        pw_strbuf_printf(out, " since %s", row->since);
    }
}

void pw_report_evidence(const struct pw_comparison_row *row, struct pw_strbuf *out)
{
    bool is_paired = row->pairs > 0;
    if (is_paired) {
        pw_report_plural(out, row->pairs, "pair");
    }
    if (!is_paired || row->base_samples != row->pairs || row->head_samples != row->pairs) {
        pw_strbuf_printf(out, "%ssamples %zu and %zu", is_paired ? ", " : "", row->base_samples,
                         row->head_samples);
    }
    if (isfinite(row->noise)) {
        pw_strbuf_puts(out, ", noise ");
        pw_format_value(out, row->noise, "ratio");
    }
    if (isfinite(row->detectable)) {
        pw_strbuf_puts(out, ", could have shown ");
        pw_format_change(out, row->detectable);
    }
    if (isfinite(row->p_value)) {
        pw_strbuf_puts(out, ", p = ");
        pw_format_value(out, row->p_value, "count");
    }
    if (isfinite(row->e_value)) {
        pw_strbuf_puts(out, ", e = ");
        pw_format_value(out, row->e_value, "count");
    }
}
