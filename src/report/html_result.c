/* A result as a page: what was measured where, failures and remarks, every metric. */
#include "chart.h"
#include "formats.h"
#include "html.h"
#include "measured.h"
#include "operations.h"
#include "perfwarden/util/escape.h"

/** A table under way. */
struct rows {
    struct pw_strbuf *out;
    size_t columns;
};

static void put_table_head(struct rows *rows, const char *id, const char *const *titles,
                           size_t columns)
{
    rows->columns = columns;
    pw_strbuf_printf(rows->out, "<div class=\"scroll\"><table id=\"%s\"><thead><tr>", id);
    for (size_t i = 0; i < columns; i++) {
        pw_strbuf_puts(rows->out, i == 0 ? "<th scope=\"col\">" : "<th scope=\"col\" class=\"n\">");
        pw_escape_html(rows->out, titles[i]);
        pw_strbuf_puts(rows->out, "</th>");
    }
    pw_strbuf_puts(rows->out, "</tr></thead>\n<tbody>\n");
}

static bool put_row(void *data, const struct pw_report_measured_view *view)
{
    struct rows *rows = data;
    pw_strbuf_puts(rows->out, "<tr>");
    for (size_t i = 0; i < rows->columns; i++) {
        pw_strbuf_puts(rows->out, i == 0 ? "<td>" : "<td class=\"n\">");
        pw_escape_html(rows->out, view->cells[i]);
        pw_strbuf_puts(rows->out, "</td>");
    }
    pw_strbuf_puts(rows->out, "</tr>\n");
    return true;
}

static void put_table_foot(struct rows *rows)
{
    pw_strbuf_puts(rows->out, "</tbody></table></div>\n");
}

static void put_remark(struct pw_strbuf *out, const struct pw_result_benchmark *benchmark,
                       const char *kind, const char *text)
{
    pw_strbuf_printf(out, "<li>%s: <code>", kind);
    pw_escape_html(out, benchmark->id);
    pw_strbuf_puts(out, "</code> ");
    pw_escape_html(out, text);
    pw_strbuf_puts(out, "</li>\n");
}

static void put_remarks(struct pw_strbuf *out, const struct pw_result *result)
{
    pw_strbuf_puts(out, "<ul>\n");
    for (size_t i = 0; i < result->benchmark_count; i++) {
        const struct pw_result_benchmark *benchmark = &result->benchmarks[i];
        if (benchmark->status != PW_MEASURED_OK) {
            put_remark(out, benchmark, pw_measured_name(benchmark->status),
                       benchmark->error != NULL ? benchmark->error : "could not be measured");
        }
        for (size_t j = 0; j < benchmark->warning_count; j++) {
            put_remark(out, benchmark, "warning", benchmark->warnings[j]);
        }
    }
    pw_strbuf_puts(out, "</ul>\n");
}

/* A result's benchmarks are many at times: the charts of these many a browser opens at once. */
#define MOST_CHARTS 300

/* The runs of each benchmark, as far as the page stays small. */
static void put_runs(struct pw_strbuf *out, const struct pw_result *result)
{
    const size_t most =
        result->benchmark_count < MOST_CHARTS ? result->benchmark_count : MOST_CHARTS;
    struct pw_strbuf title = PW_STRBUF_INIT;
    pw_html_element(out, "h2", NULL, "Runs");
    pw_strbuf_puts(out, "<div class=\"charts\">\n");
    for (size_t i = 0; i < most; i++) {
        const struct pw_series *series = pw_report_measured_series(&result->benchmarks[i]);
        if (series == NULL) {
            continue;
        }
        pw_strbuf_clear(&title);
        pw_strbuf_printf(&title, "%s %s", result->benchmarks[i].id, series->metric);
        pw_strbuf_share_failure(out, &title);
        const struct pw_chart_distribution chart = {
            .title = pw_strbuf_text(&title),
            .unit = series->unit == NULL ? "count" : series->unit,
            .head = series->samples,
            .head_count = series->count,
        };
        pw_strbuf_puts(out, "<section>");
        pw_html_element(out, "h3", NULL, pw_strbuf_text(&title));
        pw_chart_distribution(out, &chart, PW_CHART_IN_PAGE);
        pw_strbuf_puts(out, "</section>\n");
    }
    pw_strbuf_puts(out, "</div>\n");
    pw_strbuf_release(&title);
    if (most < result->benchmark_count) {
        pw_strbuf_printf(
            out, "<p class=\"muted\">The runs of %zu further benchmarks are in the JSON.</p>\n",
            result->benchmark_count - most);
    }
}

static void put_environment(struct pw_strbuf *out, const struct pw_environment *environment)
{
    pw_strbuf_puts(out, "<h2>Environment</h2>\n<dl>\n");
    for (size_t i = 0; i < environment->fact_count; i++) {
        pw_html_element(out, "dt", NULL, environment->facts[i].name);
        pw_html_element(out, "dd", NULL, environment->facts[i].value);
    }
    pw_strbuf_puts(out, "</dl>\n");
}

/* Nothing where there is no row. */
static int put_other(const struct pw_result *result, struct rows *rows, struct pw_error *err)
{
    const size_t start = rows->out->length;
    pw_html_element(rows->out, "h2", NULL, "All metrics");
    put_table_head(rows, "metrics", pw_report_other_titles, PW_OTHER_COLUMN_COUNT);
    const size_t before = rows->out->length;
    const int status = pw_report_other_visit(result, true, put_row, rows, err);
    if (rows->out->length > before) {
        put_table_foot(rows);
    } else {
        pw_strbuf_truncate(rows->out, start);
    }
    return status;
}

static int put_page(const struct pw_result *result, struct pw_strbuf *out, struct pw_error *err)
{
    struct rows rows = {.out = out};
    struct pw_strbuf plain = PW_STRBUF_INIT;
    pw_strbuf_puts(&plain, "perfwarden: ");
    pw_report_measured_headline(result, &plain);
    pw_strbuf_share_failure(out, &plain);
    pw_html_open(out, pw_strbuf_text(&plain));
    pw_html_element(out, "h1", NULL, pw_strbuf_text(&plain));
    pw_strbuf_clear(&plain);
    pw_report_measured_origin(result, "Commit", &plain);
    pw_strbuf_share_failure(out, &plain);
    pw_html_element(out, "p", NULL, pw_strbuf_text(&plain));
    pw_strbuf_release(&plain);
    put_table_head(&rows, "measured", pw_report_main_titles, PW_MAIN_COLUMN_COUNT);
    int status = pw_report_measured_visit(result, put_row, &rows, err);
    put_table_foot(&rows);
    put_remarks(out, result);
    if (status == PW_OK) {
        pw_report_operations_html(out, result);
        status = put_other(result, &rows, err);
    }
    put_runs(out, result);
    put_environment(out, &result->environment);
    pw_html_close(out);
    return status;
}

int pw_report_html_result(const struct pw_result *result, const struct pw_report_options *options,
                          struct pw_strbuf *out, struct pw_error *err)
{
    const size_t start = out->length;
    (void)options;
    int status = put_page(result, out, err);
    if (status == PW_OK) {
        status = pw_strbuf_check(out, err);
    }
    if (status != PW_OK) {
        pw_strbuf_truncate(out, start);
    }
    return status;
}
