/* A result as a page: what was measured where, failures and remarks, every metric. */
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
        pw_strbuf_puts(rows->out, "<th scope=\"col\">");
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

static void put_environment(struct pw_strbuf *out, const struct pw_environment *environment)
{
    pw_strbuf_puts(out, "<h2>Environment</h2>\n<dl>\n");
    for (size_t i = 0; i < environment->fact_count; i++) {
        pw_html_element(out, "dt", NULL, environment->facts[i].name);
        pw_html_element(out, "dd", NULL, environment->facts[i].value);
    }
    pw_strbuf_puts(out, "</dl>\n");
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
        pw_html_element(out, "h2", NULL, "All metrics");
        put_table_head(&rows, "metrics", pw_report_other_titles, PW_OTHER_COLUMN_COUNT);
        status = pw_report_other_visit(result, true, put_row, &rows, err);
        put_table_foot(&rows);
    }
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
