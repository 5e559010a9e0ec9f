/*
 * A comparison as text for people at a terminal and for logs: headline, what was compared, one
 * aligned table, reasons, warnings, counts, exit code. Every line starts with our own text, and
 * foreign text passes through pw_escape_terminal().
 */
#include "formats.h"

#include <string.h>

#include "commands.h"
#include "palette.h"
#include "perfwarden/util/escape.h"
#include "rows.h"
#include "summary.h"
#include "text_table.h"
#include "wrap.h"

/** Up to this many rows are all shown. */
#define MANY_ROWS 40

/** One rendering under way. */
struct text {
    const struct pw_comparison *comparison;
    const struct pw_report_options *options;
    struct pw_report_rows rows;
    const struct pw_comparison_row *explained; /**< whose reason was written last */
    size_t alike;           /**< rows after it with the same verdict and reason */
    struct pw_strbuf plain; /**< a text before it is escaped */
    struct pw_strbuf *out;
};

/* The lines from a place on are prose: a narrow terminal breaks them between words. */
static void wrap_from(struct text *text, size_t start)
{
    pw_report_wrap(text->out, start, text->options->columns);
}

/* Escape what was collected in `plain`, and start anew. */
static void flush_plain(struct text *text)
{
    pw_strbuf_share_failure(text->out, &text->plain);
    pw_escape_terminal(text->out, pw_strbuf_text(&text->plain));
    pw_strbuf_clear(&text->plain);
}

static void put_headline(struct text *text)
{
    const struct pw_comparison *comparison = text->comparison;
    bool is_broken = pw_report_is_broken(comparison);
    const char *color = is_broken ? PW_COLOR_BAD : pw_report_color(comparison->verdict);
    if (!text->options->use_color) {
        color = PW_COLOR_NONE;
    }
    pw_strbuf_puts(text->out, color);
    const size_t start = text->out->length;
    pw_report_headline(comparison, text->out);
    wrap_from(text, start);
    pw_strbuf_puts(text->out, *color != '\0' ? PW_COLOR_RESET "\n" : "\n");
}

static void put_sides(struct text *text)
{
    const struct pw_comparison *comparison = text->comparison;
    const size_t start = text->out->length;
    pw_strbuf_puts(text->out, "base ");
    pw_report_short_id(comparison->base.commit, comparison->base.source, &text->plain);
    pw_report_side_details(&comparison->base, &text->plain);
    flush_plain(text);
    pw_strbuf_puts(text->out, " \xE2\x86\x92 head ");
    pw_report_short_id(comparison->head.commit, comparison->head.source, &text->plain);
    pw_report_side_details(&comparison->head, &text->plain);
    flush_plain(text);
    pw_strbuf_puts(text->out, "\nbase chosen: ");
    pw_report_base_choice(comparison, &text->plain);
    flush_plain(text);
    pw_report_anchor_choice(comparison, &text->plain);
    if (text->plain.length > 0) {
        pw_strbuf_puts(text->out, "\nanchor: ");
        flush_plain(text);
    }
    pw_report_mode(comparison, &text->plain);
    if (text->plain.length > 0) {
        pw_strbuf_puts(text->out, "\ncompared: ");
        flush_plain(text);
    }
    pw_strbuf_puts(text->out, "\n\n");
    wrap_from(text, start);
}

/* "and 57 pass, 2 skipped": the rows that a long table leaves out. */
static void put_hidden(struct text *text, unsigned shown)
{
    static const enum pw_verdict quiet[] = {PW_VERDICT_PASS, PW_VERDICT_SKIPPED};
    const char *separator = "  and ";
    if (pw_report_rows_count(&text->rows, PW_REPORT_ALL_GROUPS & ~shown) == 0) {
        return;
    }
    for (size_t i = 0; i < PW_COUNT(quiet); i++) {
        size_t count = text->comparison->counts[quiet[i]];
        if (count == 0) {
            continue;
        }
        pw_strbuf_printf(text->out, "%s%zu %s", separator, count,
                         quiet[i] == PW_VERDICT_PASS ? "passed" : pw_verdict_name(quiet[i]));
        separator = ", ";
    }
    pw_strbuf_putc(text->out, '\n');
}

static int put_table(struct text *text, unsigned groups, struct pw_error *err)
{
    const int status =
        pw_report_text_table(text->comparison, &text->rows, groups, text->options, text->out, err);
    if (status < 0) {
        return status;
    }
    put_hidden(text, groups);
    if (text->rows.count > 0) {
        pw_strbuf_putc(text->out, '\n');
    }
    return 0;
}

/* A suite without baselines has one reason, not a hundred. */
static bool is_explained(const struct text *text, const struct pw_comparison_row *row)
{
    const struct pw_comparison_row *last = text->explained;
    return last != NULL && !text->options->is_verbose && last->verdict == row->verdict &&
           last->reason != NULL && row->reason != NULL && strcmp(last->reason, row->reason) == 0;
}

static void put_alike(struct text *text)
{
    if (text->alike > 0) {
        pw_strbuf_printf(text->out, "%s: and %zu more for the same reason\n",
                         pw_verdict_name(text->explained->verdict), text->alike);
    }
    text->alike = 0;
}

/* "regression: parse wall_time: the interval lies above the threshold" */
static bool put_reason(void *context, const struct pw_report_view *view)
{
    struct text *text = context;
    const struct pw_comparison_row *row = view->row;
    bool is_verbose = text->options->is_verbose;
    if (!is_verbose && (row->verdict == PW_VERDICT_PASS || row->reason == NULL)) {
        return true;
    }
    if (is_explained(text, row)) {
        text->alike++;
        return true;
    }
    put_alike(text);
    text->explained = row;
    pw_strbuf_printf(text->out, "%s: ", pw_verdict_name(row->verdict));
    pw_strbuf_puts(&text->plain, view->cells[PW_REPORT_BENCHMARK]);
    pw_report_subject(row, &text->plain);
    if (row->reason != NULL) {
        pw_strbuf_printf(&text->plain, ": %s", row->reason);
    }
    if (is_verbose && row->metric != NULL) {
        pw_strbuf_puts(&text->plain, " (");
        pw_report_evidence(row, &text->plain);
        pw_strbuf_putc(&text->plain, ')');
    }
    flush_plain(text);
    pw_strbuf_putc(text->out, '\n');
    return true;
}

static int put_reasons(struct text *text, unsigned groups, struct pw_error *err)
{
    const size_t start = text->out->length;
    int status = pw_report_rows_visit(&text->rows, groups, put_reason, text, err);
    put_alike(text);
    wrap_from(text, start);
    return status;
}

static void put_trailer(void *context, const char *line)
{
    struct text *text = context;
    pw_strbuf_puts(text->out, "  ");
    pw_escape_terminal(text->out, line);
    pw_strbuf_putc(text->out, '\n');
}

/* What is wanted can be accepted: the lines to be copied. */
static void put_trailers(struct text *text)
{
    static const char introduction[] =
        "to accept what is intended, end a commit message with a paragraph of:\n";
    const size_t start = text->out->length;
    pw_strbuf_puts(text->out, introduction);
    wrap_from(text, start); /* but not the lines to be copied */
    const size_t count = pw_report_accept_trailers(text->comparison, &text->rows, put_trailer, text,
                                                   &text->out->failed);
    if (count == 0) {
        pw_strbuf_truncate(text->out, start);
        return;
    }
    if (count > PW_REPORT_MOST_TRAILERS) {
        pw_strbuf_printf(text->out, "  and %zu more\n", count - PW_REPORT_MOST_TRAILERS);
    }
    pw_strbuf_putc(text->out, '\n');
}

static void put_remedy(void *context, const char *sentence)
{
    struct text *text = context;
    const size_t start = text->out->length;
    pw_strbuf_printf(text->out, "%s\n\n", sentence);
    wrap_from(text, start);
}

static void put_warnings(struct text *text)
{
    const size_t start = text->out->length;
    for (size_t i = 0; i < text->comparison->warning_count; i++) {
        pw_strbuf_puts(text->out, "warning: ");
        pw_escape_terminal(text->out, text->comparison->warnings[i]);
        pw_strbuf_putc(text->out, '\n');
    }
    wrap_from(text, start);
}

/* An empty line behind a part that has lines. @param start where the part began */
static void end_part(struct text *text, size_t start)
{
    if (text->out->length > start) {
        pw_strbuf_putc(text->out, '\n');
    }
}

/* The verdict and what fails. What broke perfwarden itself is told by the warnings. */
static int put_brief(struct text *text, struct pw_error *err)
{
    put_headline(text);
    int status = put_reasons(text, PW_REPORT_GROUP_BIT(PW_REPORT_FAILING), err);
    if (status == 0 && pw_report_is_broken(text->comparison)) {
        put_warnings(text);
    }
    return status;
}

static int put_all(struct text *text, struct pw_error *err)
{
    bool is_long = text->rows.count > MANY_ROWS && !text->options->is_verbose;
    unsigned groups = PW_REPORT_ALL_GROUPS;
    if (is_long) {
        groups &= ~PW_REPORT_GROUP_BIT(PW_REPORT_QUIET);
    }
    put_headline(text);
    pw_strbuf_putc(text->out, '\n');
    put_sides(text);
    int status = put_table(text, groups, err);
    size_t start = text->out->length;
    if (status == 0) {
        status = put_reasons(text, groups, err);
    }
    if (status < 0) {
        return status;
    }
    end_part(text, start);
    put_trailers(text);
    pw_report_remedies(text->comparison, &text->rows, put_remedy, text);
    start = text->out->length;
    put_warnings(text);
    end_part(text, start);
    start = text->out->length;
    pw_report_counts(text->comparison, text->out);
    pw_strbuf_printf(text->out, "\nexit code %d: %s\n", text->comparison->exit_code,
                     pw_report_exit_meaning(text->comparison->exit_code));
    wrap_from(text, start);
    return 0;
}

int pw_report_text_comparison(const struct pw_comparison *comparison,
                              const struct pw_report_options *options, struct pw_strbuf *out,
                              struct pw_error *err)
{
    struct text text = {.comparison = comparison, .options = options, .out = out};
    size_t start = out->length;
    int status = pw_report_rows_init(&text.rows, comparison, err);
    if (status < 0) {
        return status;
    }
    status = options->is_quiet ? put_brief(&text, err) : put_all(&text, err);
    if (status == 0) {
        status = pw_strbuf_check(&text.plain, err);
    }
    if (status == 0) {
        status = pw_strbuf_check(out, err);
    }
    if (status < 0) {
        pw_strbuf_truncate(out, start);
    }
    pw_strbuf_release(&text.plain);
    pw_report_rows_release(&text.rows);
    return status;
}
