/*
 * Operations are metrics "op/<name>/<part>", each cell the median over the runs; errors stand in
 * the result with their kinds and messages. One pass over the rows serves every format.
 */
#include "operations.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "html.h"
#include "palette.h"
#include "perfwarden/stats.h"
#include "perfwarden/util/escape.h"
#include "perfwarden/util/number.h"
#include "table.h"

enum { CELLS_MAX = 8 };

/** A row for whoever renders it; cells are foreign text, valid during the call. */
typedef void row_fn(void *context, const char *const *cells);

/** A table: what it is called, its columns, and who goes through its rows. */
struct kind {
    const char *title;
    const char *id;
    const char *titles[CELLS_MAX + 1];
    size_t columns;
    const char *alignment;
    bool (*visit)(const struct pw_result_benchmark *benchmark, row_fn *row, void *context);
};

/** The parts of an operation that have a column, in their order behind its name. */
static const char *const PARTS[] = {"calls", "mean", "p50", "p95", "p99", "success_rate"};

static bool put_median(const struct pw_result_benchmark *benchmark, const char *name,
                       size_t name_length, const char *part, struct pw_strbuf *out)
{
    struct pw_strbuf metric = PW_STRBUF_INIT;
    const struct pw_series *series;
    bool is_known;

    pw_strbuf_printf(&metric, "op/%.*s/%s", (int)name_length, name, part);
    series = pw_result_benchmark_series(benchmark, pw_strbuf_text(&metric));
    is_known = !pw_strbuf_failed(&metric);
    pw_strbuf_release(&metric);
    pw_strbuf_clear(out);
    if (series == NULL || series->count == 0) {
        pw_strbuf_puts(out, "\xE2\x80\x93");
    } else {
        pw_format_value(out, pw_stats_median(series->samples, series->count, NULL), series->unit);
    }
    return is_known && !pw_strbuf_failed(out);
}

/** One operation, whose "op/<name>/calls" this is. */
static bool visit_operation(const struct pw_result_benchmark *benchmark, const char *metric,
                            row_fn *row, void *context)
{
    struct pw_strbuf texts[PW_COUNT(PARTS) + 1] = {PW_STRBUF_INIT};
    const char *cells[CELLS_MAX] = {benchmark->id};
    const char *name = metric + strlen("op/");
    const size_t length = strlen(name) - strlen("/calls");
    bool is_known = true;

    pw_strbuf_append(&texts[0], name, length);
    is_known = !pw_strbuf_failed(&texts[0]);
    for (size_t i = 0; i < PW_COUNT(PARTS); i++) {
        is_known = put_median(benchmark, name, length, PARTS[i], &texts[i + 1]) && is_known;
    }
    for (size_t i = 0; i < PW_COUNT(texts); i++) {
        cells[i + 1] = pw_strbuf_text(&texts[i]);
    }
    if (is_known) {
        row(context, cells);
    }
    for (size_t i = 0; i < PW_COUNT(texts); i++) {
        pw_strbuf_release(&texts[i]);
    }
    return is_known;
}

static bool is_operation(const char *metric)
{
    static const char BEGIN[] = "op/";
    static const char END[] = "/calls";
    const size_t length = strlen(metric);

    return length > strlen(BEGIN) + strlen(END) && strncmp(metric, BEGIN, strlen(BEGIN)) == 0 &&
           strcmp(metric + length - strlen(END), END) == 0;
}

static bool visit_operations(const struct pw_result_benchmark *benchmark, row_fn *row,
                             void *context)
{
    bool is_known = true;

    for (size_t i = 0; i < benchmark->series_count; i++) {
        if (is_operation(benchmark->series[i].metric)) {
            is_known =
                visit_operation(benchmark, benchmark->series[i].metric, row, context) && is_known;
        }
    }
    return is_known;
}

static bool visit_errors(const struct pw_result_benchmark *benchmark, row_fn *row, void *context)
{
    const struct pw_result_inside *inside = benchmark->inside;

    for (size_t i = 0; inside != NULL && i < inside->error_count; i++) {
        char count[24];
        const char *cells[CELLS_MAX] = {benchmark->id, inside->errors[i].kind, count,
                                        inside->errors[i].message};

        (void)snprintf(count, sizeof(count), "%" PRIu64, inside->errors[i].count);
        row(context, cells);
    }
    return true;
}

static const struct kind KINDS[] = {
    {"Operations",
     "operations",
     {"Benchmark", "Operation", "Calls", "Mean", "p50", "p95", "p99", "Success"},
     8,
     "llrrrrrr",
     visit_operations},
    {"Errors", "errors", {"Benchmark", "Error", "Count", "Message"}, 4, "llrl", visit_errors},
};

/** @return false when out of memory */
static bool visit(const struct kind *kind, const struct pw_result *result, row_fn *row,
                  void *context)
{
    bool is_known = true;

    for (size_t i = 0; i < result->benchmark_count; i++) {
        is_known = kind->visit(&result->benchmarks[i], row, context) && is_known;
    }
    return is_known;
}

static void count_row(void *context, const char *const *cells)
{
    (void)cells;
    ++*(size_t *)context;
}

static void add_row(void *context, const char *const *cells)
{
    pw_table_add(context, " ", PW_COLOR_NONE, cells);
}

int pw_report_operations_text(const struct pw_result *result,
                              const struct pw_report_options *options, struct pw_strbuf *out,
                              struct pw_error *err)
{
    int status = 0;

    for (size_t i = 0; options->is_verbose && status == 0 && i < PW_COUNT(KINDS); i++) {
        struct pw_table_column columns[CELLS_MAX] = {{false, false, false}};
        struct pw_table table;
        bool is_known;

        for (size_t k = 0; k < KINDS[i].columns; k++) {
            columns[k].is_right = KINDS[i].alignment[k] == 'r';
            columns[k].is_flexible = !columns[k].is_right;
        }
        pw_table_init(&table, columns, KINDS[i].titles, KINDS[i].columns);
        is_known = visit(&KINDS[i], result, add_row, &table);
        if (!is_known) {
            status = pw_error_set_no_memory(err);
        } else if (table.count > 0 || table.failed) {
            pw_strbuf_putc(out, '\n');
            status = pw_table_render(&table, options->columns, out, err);
        }
        pw_table_release(&table);
    }
    return status;
}

/** A markdown row under way. */
struct markdown_rows {
    struct pw_markdown *markdown;
    size_t columns;
};

static void put_markdown_row(void *context, const char *const *cells)
{
    const struct markdown_rows *rows = context;

    pw_strbuf_puts(&rows->markdown->block, "| ");
    pw_markdown_code(rows->markdown, cells[0]);
    pw_strbuf_puts(&rows->markdown->block, " |");
    for (size_t i = 1; i < rows->columns; i++) {
        pw_markdown_cell(rows->markdown, cells[i]);
    }
    pw_strbuf_putc(&rows->markdown->block, '\n');
    (void)pw_markdown_commit(rows->markdown);
}

void pw_report_operations_markdown(struct pw_markdown *markdown, const struct pw_result *result)
{
    for (size_t i = 0; i < PW_COUNT(KINDS); i++) {
        struct markdown_rows rows = {markdown, KINDS[i].columns};
        size_t count = 0;

        markdown->out->failed =
            !visit(&KINDS[i], result, count_row, &count) || markdown->out->failed;
        if (count == 0) {
            continue;
        }
        if (markdown->is_full) {
            pw_markdown_leave_out(markdown, KINDS[i].title, count);
            continue;
        }
        pw_markdown_open(markdown, KINDS[i].title, count, true);
        pw_markdown_table_head(markdown, KINDS[i].titles, KINDS[i].alignment);
        (void)visit(&KINDS[i], result, put_markdown_row, &rows);
        pw_markdown_note_left_out(markdown, "row");
        pw_markdown_close(markdown, true);
    }
}

/** An HTML table under way. */
struct html_rows {
    struct pw_strbuf *out;
    const struct kind *kind;
};

static void put_html_row(void *context, const char *const *cells)
{
    const struct html_rows *rows = context;

    pw_strbuf_puts(rows->out, "<tr>");
    for (size_t i = 0; i < rows->kind->columns; i++) {
        pw_strbuf_puts(rows->out, rows->kind->alignment[i] == 'r' ? "<td class=\"n\">" : "<td>");
        pw_escape_html(rows->out, cells[i]);
        pw_strbuf_puts(rows->out, "</td>");
    }
    pw_strbuf_puts(rows->out, "</tr>\n");
}

void pw_report_operations_html(struct pw_strbuf *out, const struct pw_result *result)
{
    for (size_t i = 0; i < PW_COUNT(KINDS); i++) {
        struct html_rows rows = {out, &KINDS[i]};
        size_t count = 0;

        out->failed = !visit(&KINDS[i], result, count_row, &count) || out->failed;
        if (count == 0) {
            continue;
        }
        pw_html_element(out, "h2", NULL, KINDS[i].title);
        pw_strbuf_printf(out, "<div class=\"scroll\"><table id=\"%s\"><thead><tr>", KINDS[i].id);
        for (size_t k = 0; k < KINDS[i].columns; k++) {
            pw_strbuf_puts(out, "<th scope=\"col\">");
            pw_escape_html(out, KINDS[i].titles[k]);
            pw_strbuf_puts(out, "</th>");
        }
        pw_strbuf_puts(out, "</tr></thead>\n<tbody>\n");
        (void)visit(&KINDS[i], result, put_html_row, &rows);
        pw_strbuf_puts(out, "</tbody></table></div>\n");
    }
}
