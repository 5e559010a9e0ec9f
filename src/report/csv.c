/*
 * CSV (RFC 4180, UTF-8, lines end in CRLF), for spreadsheets and data frames: of a comparison one
 * line a row, of a result one line a sample. Numbers are in base units, written so that they read
 * back equal; what is not known is empty.
 */
#include <math.h>

#include "formats.h"
#include "perfwarden/util/escape.h"
#include "perfwarden/util/number.h"

/** A line under way. */
struct line {
    struct pw_strbuf *out;
    bool has_fields;
};

static void separate(struct line *line)
{
    pw_strbuf_puts(line->out, line->has_fields ? "," : "");
    line->has_fields = true;
}

static void put_text(struct line *line, const char *text)
{
    separate(line);
    pw_escape_csv(line->out, text == NULL ? "" : text);
}

static void put_number(struct line *line, double value)
{
    char digits[PW_DOUBLE_TEXT_SIZE];
    separate(line);
    if (isinf(value)) {
        pw_strbuf_puts(line->out, value > 0 ? "inf" : "-inf");
    } else if (!isnan(value)) {
        pw_format_double(value, digits);
        pw_strbuf_puts(line->out, digits);
    }
}

static void put_count(struct line *line, size_t count)
{
    separate(line);
    pw_strbuf_printf(line->out, "%zu", count);
}

static void end(struct line *line)
{
    pw_strbuf_puts(line->out, "\r\n");
    line->has_fields = false;
}

static void put_titles(struct line *line, const char *const *titles, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        put_text(line, titles[i]);
    }
    end(line);
}

static int finish(struct pw_strbuf *out, size_t start, struct pw_error *err)
{
    const int status = pw_strbuf_check(out, err);
    if (status != PW_OK) {
        pw_strbuf_truncate(out, start);
    }
    return status;
}

static void put_row(struct line *line, const struct pw_comparison *comparison,
                    const struct pw_comparison_row *row)
{
    const double numbers[] = {row->base,
                              row->head,
                              row->ratio,
                              row->interval.low,
                              row->interval.high,
                              row->threshold.increase_ratio,
                              row->threshold.at_least,
                              row->threshold.limit,
                              row->detectable,
                              row->noise};
    put_text(line, row->benchmark);
    put_text(line, row->metric);
    put_text(line, row->unit);
    put_text(line, row->metric == NULL ? NULL : pw_better_name(row->better));
    put_text(line, pw_verdict_name(row->verdict));
    for (size_t i = 0; i < PW_COUNT(numbers); i++) {
        put_number(line, numbers[i]);
    }
    put_count(line, row->base_samples);
    put_count(line, row->head_samples);
    put_count(line, row->pairs);
    put_text(line, row->method);
    put_text(line, row->reason);
    put_text(line, row->since != NULL ? comparison->anchor.side.commit : comparison->base.commit);
    put_text(line, comparison->head.commit);
    put_text(line, row->since);
    put_text(line, row->accepted.by);
    put_text(line, row->accepted.bound);
    put_text(line, row->accepted.reason);
    put_text(line, row->accepted.expires);
    put_text(line, row->accepted.where);
    end(line);
}

int pw_report_csv_comparison(const struct pw_comparison *comparison,
                             const struct pw_report_options *options, struct pw_strbuf *out,
                             struct pw_error *err)
{
    static const char *const titles[] = {"benchmark",      "metric",          "unit",
                                         "better",         "verdict",         "base",
                                         "head",           "ratio",           "interval_low",
                                         "interval_high",  "increase",        "at_least",
                                         "limit",          "detectable",      "noise",
                                         "base_count",     "head_count",      "pairs",
                                         "method",         "reason",          "base_commit",
                                         "head_commit",    "since",           "accepted_by",
                                         "accepted_bound", "accepted_reason", "accepted_until",
                                         "accepted_in"};
    struct line line = {.out = out};
    const size_t start = out->length;
    (void)options;
    put_titles(&line, titles, PW_COUNT(titles));
    for (size_t i = 0; i < comparison->row_count; i++) {
        put_row(&line, comparison, &comparison->rows[i]);
    }
    return finish(out, start, err);
}

/* What was not measured has a line too, without a value: a benchmark that failed must not vanish.
 */
static void put_series(struct line *line, const struct pw_result *result,
                       const struct pw_result_benchmark *benchmark, const struct pw_series *series)
{
    const size_t count = series == NULL || series->count == 0 ? 1 : series->count;
    for (size_t i = 0; i < count; i++) {
        const bool has_value = series != NULL && i < series->count;
        put_text(line, benchmark->id);
        put_text(line, series == NULL ? NULL : series->metric);
        put_text(line, series == NULL ? NULL : series->unit);
        put_text(line, series == NULL ? NULL : pw_better_name(series->better));
        put_text(line, series == NULL ? NULL : series->source);
        put_text(line, pw_measured_name(benchmark->status));
        put_count(line, i + 1);
        put_number(line, has_value ? series->samples[i] : NAN);
        put_text(line, series == NULL ? benchmark->error : series->null_reason);
        put_text(line, result->commit);
        put_text(line, result->environment.id);
        put_text(line, result->run_id);
        end(line);
    }
}

int pw_report_csv_result(const struct pw_result *result, const struct pw_report_options *options,
                         struct pw_strbuf *out, struct pw_error *err)
{
    static const char *const titles[] = {"benchmark", "metric", "unit",        "better",
                                         "source",    "status", "run",         "value",
                                         "reason",    "commit", "environment", "run_id"};
    struct line line = {.out = out};
    const size_t start = out->length;
    (void)options;
    put_titles(&line, titles, PW_COUNT(titles));
    for (size_t i = 0; i < result->benchmark_count; i++) {
        const struct pw_result_benchmark *benchmark = &result->benchmarks[i];
        for (size_t j = 0; j < benchmark->series_count; j++) {
            put_series(&line, result, benchmark, &benchmark->series[j]);
        }
        if (benchmark->series_count == 0) {
            put_series(&line, result, benchmark, NULL);
        }
    }
    return finish(out, start, err);
}
