/* A result as GitHub markdown: what was measured, failures and remarks, further metrics folded. */
#include "formats.h"
#include "markdown.h"
#include "measured.h"
#include "operations.h"

static void put_head(struct pw_markdown *markdown, const struct pw_result *result)
{
    pw_strbuf_puts(&markdown->block, "## perfwarden: ");
    pw_report_measured_headline(result, &markdown->block);
    pw_strbuf_puts(&markdown->block, "\n\n");
    (void)pw_markdown_commit(markdown);
    pw_report_measured_origin(result, "Commit", &markdown->plain);
    pw_markdown_flush_plain(markdown);
    pw_strbuf_puts(&markdown->block, "\n\n");
    (void)pw_markdown_commit(markdown);
    pw_markdown_note_left_out(markdown, "paragraph");
}

static void put_row(struct pw_markdown *markdown, const char *const *cells, size_t count)
{
    pw_strbuf_puts(&markdown->block, "| ");
    pw_markdown_code(markdown, cells[0]);
    pw_strbuf_puts(&markdown->block, " |");
    for (size_t i = 1; i < count; i++) {
        pw_markdown_cell(markdown, cells[i]);
    }
    pw_strbuf_putc(&markdown->block, '\n');
    (void)pw_markdown_commit(markdown);
}

static bool put_main_row(void *markdown, const struct pw_report_measured_view *view)
{
    put_row(markdown, view->cells, PW_MAIN_COLUMN_COUNT);
    return true;
}

static bool put_other_row(void *markdown, const struct pw_report_measured_view *view)
{
    put_row(markdown, view->cells, PW_OTHER_COLUMN_COUNT);
    return true;
}

static bool count_row(void *count, const struct pw_report_measured_view *view)
{
    (void)view;
    ++*(size_t *)count;
    return true;
}

/* "- timeout: <benchmark>: ended after 30 s" */
static void put_remark(struct pw_markdown *markdown, const char *kind,
                       const struct pw_result_benchmark *benchmark, const char *remark)
{
    pw_strbuf_printf(&markdown->block, "- %s: ", kind);
    pw_markdown_code(markdown, benchmark->id);
    pw_strbuf_puts(&markdown->block, " ");
    pw_markdown_text(markdown, remark);
    pw_strbuf_putc(&markdown->block, '\n');
    (void)pw_markdown_commit(markdown);
}

static void put_remarks(struct pw_markdown *markdown, const struct pw_result *result)
{
    size_t before = markdown->out->length;
    for (size_t i = 0; i < result->benchmark_count; i++) {
        const struct pw_result_benchmark *benchmark = &result->benchmarks[i];
        if (benchmark->status != PW_MEASURED_OK) {
            put_remark(markdown, pw_measured_name(benchmark->status), benchmark,
                       benchmark->error != NULL ? benchmark->error : "could not be measured");
        }
        for (size_t j = 0; j < benchmark->warning_count; j++) {
            put_remark(markdown, "warning", benchmark, benchmark->warnings[j]);
        }
    }
    pw_markdown_note_left_out(markdown, "remark");
    if (markdown->out->length > before) {
        pw_strbuf_putc(markdown->out, '\n');
    }
}

static int put_main_table(struct pw_markdown *markdown, const struct pw_result *result,
                          struct pw_error *err)
{
    size_t count = 0;
    int status = pw_report_measured_visit(result, count_row, &count, err);
    if (status < 0 || count == 0) {
        return status;
    }
    pw_markdown_table_head(markdown, pw_report_main_titles, "lrrrrrrl");
    status = pw_report_measured_visit(result, put_main_row, markdown, err);
    pw_markdown_note_left_out(markdown, "row");
    pw_strbuf_putc(markdown->out, '\n');
    return status;
}

static int put_other_table(struct pw_markdown *markdown, const struct pw_result *result,
                           struct pw_error *err)
{
    size_t count = 0;
    int status = pw_report_other_visit(result, true, count_row, &count, err);
    if (status < 0 || count == 0) {
        return status;
    }
    if (markdown->is_full) {
        pw_markdown_leave_out(markdown, "Further metrics", count);
        return 0;
    }
    pw_markdown_open(markdown, "Further metrics", count, true);
    pw_markdown_table_head(markdown, pw_report_other_titles, "llrrr");
    status = pw_report_other_visit(result, true, put_other_row, markdown, err);
    pw_markdown_note_left_out(markdown, "row");
    pw_markdown_close(markdown, true);
    return status;
}

int pw_report_markdown_result(const struct pw_result *result,
                              const struct pw_report_options *options, struct pw_strbuf *out,
                              struct pw_error *err)
{
    struct pw_markdown markdown;
    pw_markdown_init(&markdown, out, options->max_bytes, 0);
    put_head(&markdown, result);
    int status = put_main_table(&markdown, result, err);
    if (status == 0) {
        put_remarks(&markdown, result);
        pw_report_operations_markdown(&markdown, result);
        status = put_other_table(&markdown, result, err);
    }
    return pw_markdown_finish(&markdown, status, err);
}
