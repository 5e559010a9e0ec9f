/*
 * Results as CSV (RFC 4180): a line per benchmark and metric, its samples in one field. The values
 * and what identifies them, not everything a result holds.
 *
 * A spreadsheet would run a field that begins with = + - @ as a formula, so such a field gets an
 * apostrophe in front, as does one that begins with an apostrophe: cutting one off undoes both.
 */
#include <string.h>

#include "perfwarden/util/json.h"
#include "perfwarden/util/number.h"
#include "portable.h"

#define DEFUSED "=+-@'\t\r"

const char *pw_csv_column_name(size_t column)
{
    static const char *const names[PW_CSV_COLUMNS] = {
        [PW_CSV_COMMIT] = "commit",       [PW_CSV_ENVIRONMENT] = "environment",
        [PW_CSV_RUN_ID] = "run_id",       [PW_CSV_RECORDED_AT] = "recorded_at",
        [PW_CSV_BRANCH] = "branch",       [PW_CSV_DIRTY] = "dirty",
        [PW_CSV_BENCHMARK] = "benchmark", [PW_CSV_NAME] = "name",
        [PW_CSV_PARAMS] = "params",       [PW_CSV_STATUS] = "status",
        [PW_CSV_METRIC] = "metric",       [PW_CSV_UNIT] = "unit",
        [PW_CSV_BETTER] = "better",       [PW_CSV_SOURCE] = "source",
        [PW_CSV_SAMPLES] = "samples",
    };
    return column < PW_COUNT(names) ? names[column] : NULL;
}

/* A field, quoted where it has to be; NULL is an empty one. */
static void put_field(struct pw_strbuf *out, const char *text)
{
    const char *rest = text == NULL ? "" : text;
    const bool is_defused = rest[0] != '\0' && strchr(DEFUSED, rest[0]) != NULL;

    if (strpbrk(rest, ",\"\r\n") == NULL) {
        pw_strbuf_puts(out, is_defused ? "'" : "");
        pw_strbuf_puts(out, rest);
        return;
    }
    pw_strbuf_puts(out, is_defused ? "\"'" : "\"");
    for (const char *quote = strchr(rest, '"'); quote != NULL; quote = strchr(rest, '"')) {
        pw_strbuf_append(out, rest, (size_t)(quote - rest) + 1);
        pw_strbuf_putc(out, '"');
        rest = quote + 1;
    }
    pw_strbuf_puts(out, rest);
    pw_strbuf_putc(out, '"');
}

void pw_csv_restore(char *field)
{
    if (field[0] == '\'') {
        memmove(field, field + 1, strlen(field));
    }
}

void pw_csv_put_header(struct pw_strbuf *out)
{
    for (size_t i = 0; i < PW_CSV_COLUMNS; i++) {
        pw_strbuf_puts(out, i == 0 ? "" : ",");
        pw_strbuf_puts(out, pw_csv_column_name(i));
    }
    pw_strbuf_puts(out, "\r\n");
}

static void put_samples(struct pw_strbuf *out, const struct pw_series *series)
{
    char number[PW_DOUBLE_TEXT_SIZE];

    for (size_t i = 0; i < series->count; i++) {
        pw_format_double(series->samples[i], number);
        if (i == 0 && number[0] == '-') {
            pw_strbuf_putc(out, '\'');
        }
        pw_strbuf_puts(out, i == 0 ? "" : " ");
        pw_strbuf_puts(out, number);
    }
}

static void put_params(struct pw_strbuf *out, const struct pw_result_benchmark *benchmark)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_json_writer writer;

    pw_json_writer_init(&writer, &text);
    pw_json_begin_compact_object(&writer, NULL);
    for (size_t i = 0; i < benchmark->param_count; i++) {
        pw_json_put_string(&writer, benchmark->params[i].name, benchmark->params[i].value);
    }
    pw_json_end(&writer);
    put_field(out, pw_strbuf_text(&text));
    out->failed = out->failed || pw_strbuf_failed(&text);
    pw_strbuf_release(&text);
}

/* What the lines of a benchmark have in common. */
static void put_prefix(struct pw_strbuf *out, const struct pw_result *result,
                       const struct pw_result_benchmark *benchmark)
{
    const char *const fields[] = {
        [PW_CSV_COMMIT] = result->commit,
        [PW_CSV_ENVIRONMENT] = result->environment.id,
        [PW_CSV_RUN_ID] = result->run_id,
        [PW_CSV_RECORDED_AT] = result->started_at,
        [PW_CSV_BRANCH] = result->branch,
        [PW_CSV_DIRTY] = result->is_dirty ? "true" : "false",
        [PW_CSV_BENCHMARK] = benchmark == NULL ? NULL : benchmark->id,
        [PW_CSV_NAME] = benchmark == NULL ? NULL : benchmark->name,
    };

    for (size_t i = 0; i < PW_COUNT(fields); i++) {
        put_field(out, fields[i]);
        pw_strbuf_putc(out, ',');
    }
    if (benchmark != NULL) {
        put_params(out, benchmark);
    }
    pw_strbuf_putc(out, ',');
    put_field(out, benchmark == NULL ? NULL : pw_measured_name(benchmark->status));
}

static void put_series(struct pw_strbuf *out, const struct pw_series *series)
{
    const char *const fields[] = {series->metric, series->unit, pw_better_name(series->better),
                                  series->source};

    for (size_t i = 0; i < PW_COUNT(fields); i++) {
        pw_strbuf_putc(out, ',');
        put_field(out, fields[i]);
    }
    pw_strbuf_putc(out, ',');
    put_samples(out, series);
}

/* A result or a benchmark without values has a line of its own: that it was there is not lost. */
static void put_empty(struct pw_strbuf *out, const struct pw_result *result,
                      const struct pw_result_benchmark *benchmark)
{
    put_prefix(out, result, benchmark);
    pw_strbuf_puts(out, ",,,,,\r\n");
}

void pw_csv_put_result(const struct pw_result *result, struct pw_strbuf *out)
{
    if (result->benchmark_count == 0) {
        put_empty(out, result, NULL);
    }
    for (size_t i = 0; i < result->benchmark_count; i++) {
        const struct pw_result_benchmark *benchmark = &result->benchmarks[i];
        if (benchmark->series_count == 0) {
            put_empty(out, result, benchmark);
        }
        for (size_t j = 0; j < benchmark->series_count; j++) {
            put_prefix(out, result, benchmark);
            put_series(out, &benchmark->series[j]);
            pw_strbuf_puts(out, "\r\n");
        }
    }
}
