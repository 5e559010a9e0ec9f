/* A result as text: what was measured, a row for each benchmark, failures and remarks in full. */
#include "formats.h"
#include "measured.h"
#include "operations.h"
#include "palette.h"
#include "perfwarden/util/escape.h"
#include "table.h"
#include "wrap.h"

static const struct pw_table_column main_columns[PW_MAIN_COLUMN_COUNT] = {
    [PW_MAIN_BENCHMARK] = {false, true, 0}, [PW_MAIN_WALL] = {true, false, 0},
    [PW_MAIN_RANGE] = {true, false, 3},     [PW_MAIN_RUNS] = {true, false, 0},
    [PW_MAIN_USER] = {true, false, 1},      [PW_MAIN_SYSTEM] = {true, false, 2},
    [PW_MAIN_RSS] = {true, false, 4},       [PW_MAIN_STATUS] = {false, false, 0},
};

static const struct pw_table_column other_columns[PW_OTHER_COLUMN_COUNT] = {
    [PW_OTHER_BENCHMARK] = {false, true, 0}, [PW_OTHER_METRIC] = {false, true, 0},
    [PW_OTHER_MEDIAN] = {true, false, 0},    [PW_OTHER_RANGE] = {true, false, 2},
    [PW_OTHER_SAMPLES] = {true, false, 1},
};

/** One table under way. */
struct text {
    const struct pw_report_options *options;
    struct pw_table table;
};

static bool add_row(void *context, const struct pw_report_measured_view *view)
{
    struct text *text = context;
    bool is_ok = view->benchmark->status == PW_MEASURED_OK;
    const char *color = is_ok ? PW_COLOR_GOOD : PW_COLOR_BAD;
    pw_table_add(&text->table, is_ok ? PW_MARK_GOOD : PW_MARK_BAD,
                 text->options->use_color ? color : PW_COLOR_NONE, view->cells);
    return true;
}

/* Print the table if it has rows, and end it. @param status of the pass that filled it */
static int finish_table(struct text *text, int status, struct pw_strbuf *out, struct pw_error *err)
{
    if (status == 0 && (text->table.count > 0 || text->table.failed)) {
        pw_strbuf_putc(out, '\n');
        status = pw_table_render(&text->table, text->options->columns, out, err);
    }
    pw_table_release(&text->table);
    return status;
}

static int put_tables(const struct pw_result *result, const struct pw_report_options *options,
                      struct pw_strbuf *out, struct pw_error *err)
{
    struct text text = {.options = options};
    pw_table_init(&text.table, main_columns, pw_report_main_titles, PW_MAIN_COLUMN_COUNT);
    int status = pw_report_measured_visit(result, add_row, &text, err);
    status = finish_table(&text, status, out, err);
    if (status < 0) {
        return status;
    }
    pw_table_init(&text.table, other_columns, pw_report_other_titles, PW_OTHER_COLUMN_COUNT);
    status = pw_report_other_visit(result, options->is_verbose, add_row, &text, err);
    return finish_table(&text, status, out, err);
}

/* "timeout: parse: ended after 30 s" and "warning: parse: the first run is an outlier" */
static void put_remark(const char *kind, const struct pw_result_benchmark *benchmark,
                       const char *remark, struct pw_strbuf *out)
{
    pw_strbuf_printf(out, "%s: ", kind);
    pw_escape_terminal(out, benchmark->id);
    pw_strbuf_puts(out, ": ");
    pw_escape_terminal(out, remark);
    pw_strbuf_putc(out, '\n');
}

static void put_failure(const struct pw_result_benchmark *benchmark, struct pw_strbuf *out)
{
    if (benchmark->status != PW_MEASURED_OK) {
        put_remark(pw_measured_name(benchmark->status), benchmark,
                   benchmark->error != NULL ? benchmark->error : "could not be measured", out);
    }
}

static void put_remarks(const struct pw_result *result, struct pw_strbuf *out)
{
    pw_strbuf_putc(out, '\n');
    size_t before = out->length;
    for (size_t i = 0; i < result->benchmark_count; i++) {
        const struct pw_result_benchmark *benchmark = &result->benchmarks[i];
        put_failure(benchmark, out);
        for (size_t j = 0; j < benchmark->warning_count; j++) {
            put_remark("warning", benchmark, benchmark->warnings[j], out);
        }
    }
    if (out->length == before && before > 0) {
        pw_strbuf_truncate(out, before - 1);
    }
}

static void put_headline(const struct pw_result *result, const struct pw_report_options *options,
                         struct pw_strbuf *out)
{
    bool has_failed = pw_report_measured_failures(result) > 0;
    if (options->use_color) {
        pw_strbuf_puts(out, has_failed ? PW_COLOR_BAD : PW_COLOR_GOOD);
    }
    const size_t start = out->length;
    pw_report_measured_headline(result, out);
    pw_report_wrap(out, start, options->columns);
    pw_strbuf_puts(out, options->use_color ? PW_COLOR_RESET "\n" : "\n");
}

/* What failed; of success there is nothing to say. */
static void put_brief(const struct pw_result *result, const struct pw_report_options *options,
                      struct pw_strbuf *out)
{
    if (pw_report_measured_failures(result) == 0) {
        return;
    }
    put_headline(result, options, out);
    for (size_t i = 0; i < result->benchmark_count; i++) {
        put_failure(&result->benchmarks[i], out);
    }
}

static int put_all(const struct pw_result *result, const struct pw_report_options *options,
                   struct pw_strbuf *out, struct pw_error *err)
{
    struct pw_strbuf origin = PW_STRBUF_INIT;
    put_headline(result, options, out);
    pw_strbuf_putc(out, '\n');
    size_t start = out->length;
    pw_report_measured_origin(result, "commit", &origin);
    pw_escape_terminal(out, pw_strbuf_text(&origin));
    pw_strbuf_putc(out, '\n');
    pw_report_wrap(out, start, options->columns);
    int status = put_tables(result, options, out, err);
    if (status == 0) {
        status = pw_report_operations_text(result, options, out, err);
    }
    if (status == 0) {
        start = out->length;
        put_remarks(result, out);
        pw_report_wrap(out, start, options->columns);
        status = pw_strbuf_check(&origin, err);
    }
    pw_strbuf_release(&origin);
    return status;
}

int pw_report_text_result(const struct pw_result *result, const struct pw_report_options *options,
                          struct pw_strbuf *out, struct pw_error *err)
{
    size_t start = out->length;
    int status = 0;
    if (options->is_quiet) {
        put_brief(result, options, out);
    } else {
        status = put_all(result, options, out, err);
    }
    if (status == 0) {
        status = pw_strbuf_check(out, err);
    }
    if (status < 0) {
        pw_strbuf_truncate(out, start);
    }
    return status;
}
