/*
 * A comparison as a GitHub job summary or comment. In this order: verdict, what was compared and
 * counts; failures, the worst first; warnings; the rest, folded; the commands to go on with.
 */
#include "commands.h"
#include "formats.h"
#include "markdown.h"
#include "perfwarden/util/escape.h"
#include "rows.h"
#include "summary.h"

/** A part of the report that is a table of rows. */
struct part {
    const char *title;
    unsigned groups;
    bool is_folded;
};

static const struct part failures = {"Failures", PW_REPORT_GROUP_BIT(PW_REPORT_FAILING), false};

/** Every row stands in the last, and may stand in one of the others before. */
static const struct part folded_parts[] = {
    {"Not decided or let through", PW_REPORT_GROUP_BIT(PW_REPORT_ATTENTION), true},
    {"Improvements", PW_REPORT_GROUP_BIT(PW_REPORT_IMPROVED), true},
    {"All results", PW_REPORT_ALL_GROUPS, true},
};

/** One rendering under way. */
struct context {
    struct pw_markdown markdown;
    const struct pw_comparison *comparison;
    struct pw_report_rows rows;
};

static void put_side(struct pw_markdown *markdown, const struct pw_side *side)
{
    pw_report_short_id(side->commit, side->source, &markdown->plain);
    pw_markdown_code(markdown, pw_strbuf_text(&markdown->plain));
    pw_strbuf_clear(&markdown->plain);
    pw_report_side_details(side, &markdown->plain);
    pw_markdown_flush_plain(markdown);
}

static void put_head(struct context *context)
{
    struct pw_markdown *markdown = &context->markdown;
    const struct pw_comparison *comparison = context->comparison;
    pw_strbuf_puts(&markdown->block, "## perfwarden: ");
    pw_report_headline(comparison, &markdown->block);
    pw_strbuf_puts(&markdown->block, "\n\n");
    (void)pw_markdown_commit(markdown);
    pw_strbuf_puts(&markdown->block, "Base ");
    put_side(markdown, &comparison->base);
    pw_strbuf_puts(&markdown->block, " \xE2\x86\x92 head ");
    put_side(markdown, &comparison->head);
    pw_strbuf_puts(&markdown->block, "<br>\nBase chosen: ");
    pw_report_base_choice(comparison, &markdown->plain);
    pw_markdown_flush_plain(markdown);
    pw_report_anchor_choice(comparison, &markdown->plain);
    if (markdown->plain.length > 0) {
        pw_strbuf_puts(&markdown->block, "<br>\nAnchor: ");
        pw_markdown_flush_plain(markdown);
    }
    pw_report_mode(comparison, &markdown->plain);
    if (markdown->plain.length > 0) {
        pw_strbuf_puts(&markdown->block, "<br>\nCompared: ");
        pw_markdown_flush_plain(markdown);
    }
    pw_strbuf_puts(&markdown->block, "\n\n");
    (void)pw_markdown_commit(markdown);
    pw_report_counts(comparison, &markdown->block);
    pw_strbuf_printf(&markdown->block, "; exit code %d, %s\n\n", comparison->exit_code,
                     pw_report_exit_meaning(comparison->exit_code));
    (void)pw_markdown_commit(markdown);
}

/* The verdict's names are our own words. The reason stands below, as the table has no column. */
static void put_verdict_cell(struct pw_markdown *markdown, const struct pw_report_view *view)
{
    const char *emphasis = view->group == PW_REPORT_FAILING ? "**" : "";
    pw_strbuf_printf(&markdown->block, " %s%s%s", emphasis, view->cells[PW_REPORT_VERDICT],
                     emphasis);
    if (view->row->verdict != PW_VERDICT_PASS && view->row->reason != NULL) {
        pw_strbuf_puts(&markdown->block, "<br>");
        pw_markdown_text(markdown, view->row->reason);
    }
    pw_strbuf_puts(&markdown->block, " |\n");
}

static bool put_row(void *data, const struct pw_report_view *view)
{
    struct pw_markdown *markdown = data;
    pw_strbuf_puts(&markdown->block, "| ");
    pw_markdown_code(markdown, view->cells[PW_REPORT_BENCHMARK]);
    pw_report_subject(view->row, &markdown->plain);
    pw_markdown_flush_plain(markdown);
    pw_strbuf_puts(&markdown->block, " |");
    for (size_t i = PW_REPORT_BASE; i < PW_REPORT_VERDICT; i++) {
        pw_markdown_cell(markdown, view->cells[i]);
    }
    put_verdict_cell(markdown, view);
    (void)pw_markdown_commit(markdown); /* goes on when it is full, to count what is left out */
    return true;
}

/* A part with its table; where the report is full, only how many rows it lacks. */
static int put_part(struct context *context, const struct part *part, struct pw_error *err)
{
    static const char *const titles[] = {"Benchmark", "Base",  "Head",   "Change",
                                         "Interval",  "Limit", "Verdict"};
    struct pw_markdown *markdown = &context->markdown;
    size_t count = pw_report_rows_count(&context->rows, part->groups);
    if (count == 0) {
        return 0;
    }
    pw_markdown_open(markdown, part->title, count, part->is_folded);
    if (!markdown->is_full) {
        pw_markdown_table_head(markdown, titles, "lrrrrrl");
    }
    int status = pw_report_rows_visit(&context->rows, part->groups, put_row, markdown, err);
    pw_markdown_note_left_out(markdown, "row");
    pw_markdown_close(markdown, part->is_folded);
    return status;
}

static void put_warnings(struct context *context)
{
    struct pw_markdown *markdown = &context->markdown;
    const struct pw_comparison *comparison = context->comparison;
    if (comparison->warning_count == 0) {
        return;
    }
    pw_markdown_open(markdown, "Warnings", comparison->warning_count, false);
    for (size_t i = 0; i < comparison->warning_count; i++) {
        pw_strbuf_puts(&markdown->block, "- warning: ");
        pw_markdown_text(markdown, comparison->warnings[i]);
        pw_strbuf_putc(&markdown->block, '\n');
        (void)pw_markdown_commit(markdown);
    }
    pw_markdown_note_left_out(markdown, "warning");
    pw_markdown_close(markdown, false);
}

/* A block of HTML, for in a fenced one foreign text could close the fence. */
static void put_command(struct pw_strbuf *out, const char *introduction, const char *command)
{
    pw_strbuf_printf(out, "%s\n\n<pre>", introduction);
    pw_escape_markdown_code(out, command);
    pw_strbuf_puts(out, "</pre>\n\n");
}

static void put_trailer(void *data, const char *line)
{
    struct pw_strbuf *out = data;
    pw_escape_markdown_code(out, line);
    pw_strbuf_putc(out, '\n');
}

static void put_trailers(const struct context *context, struct pw_strbuf *out)
{
    const size_t start = out->length;
    pw_strbuf_puts(out, "To accept what is intended, end a commit message with a paragraph of:\n\n"
                        "<pre>");
    const size_t count =
        pw_report_accept_trailers(context->comparison, &context->rows, put_trailer, out);
    if (count == 0) {
        pw_strbuf_truncate(out, start);
        return;
    }
    pw_strbuf_truncate(out, out->length - 1);
    pw_strbuf_puts(out, "</pre>\n\n");
    if (count > PW_REPORT_MOST_TRAILERS) {
        pw_strbuf_printf(out, "and %zu more.\n\n", count - PW_REPORT_MOST_TRAILERS);
    }
}

static void put_remedy(void *data, const char *sentence)
{
    pw_strbuf_printf(data, "%s\n\n", sentence);
}

static int make_commands(const struct context *context, struct pw_strbuf *out, struct pw_error *err)
{
    struct pw_strbuf command = PW_STRBUF_INIT;
    pw_report_reproduce_command(context->comparison, &context->rows, &command);
    put_command(out, "To reproduce, on head:", pw_strbuf_text(&command));
    if (context->rows.group_counts[PW_REPORT_FAILING] > 0) {
        put_trailers(context, out);
        pw_report_remedies(context->comparison, &context->rows, put_remedy, out);
    }
    if (pw_report_is_settled_by_baseline(&context->rows)) {
        pw_strbuf_clear(&command);
        pw_report_accept_command(context->comparison, &command);
        put_command(out, "To accept, on the main branch after merging:", pw_strbuf_text(&command));
    }
    pw_strbuf_truncate(out, out->length > 0 ? out->length - 1 : 0); /* ends in one newline */
    int status = pw_strbuf_check(&command, err);
    pw_strbuf_release(&command);
    return status < 0 ? status : pw_strbuf_check(out, err);
}

static int put_all(struct context *context, struct pw_error *err)
{
    put_head(context);
    pw_markdown_note_left_out(&context->markdown, "paragraph");
    int status = put_part(context, &failures, err);
    put_warnings(context);
    for (size_t i = 0; i < PW_COUNT(folded_parts) && status == 0; i++) {
        status = put_part(context, &folded_parts[i], err);
    }
    return status;
}

int pw_report_markdown_comparison(const struct pw_comparison *comparison,
                                  const struct pw_report_options *options, struct pw_strbuf *out,
                                  struct pw_error *err)
{
    struct context context = {.comparison = comparison};
    struct pw_strbuf commands = PW_STRBUF_INIT;
    (void)options;
    int status = pw_report_rows_init(&context.rows, comparison, err);
    if (status < 0) {
        return status;
    }
    status = make_commands(&context, &commands, err);
    pw_markdown_init(&context.markdown, out, commands.length);
    if (status == 0) {
        status = put_all(&context, err);
    }
    if (status == 0) {
        pw_strbuf_append(out, pw_strbuf_text(&commands), commands.length);
    }
    status = pw_markdown_finish(&context.markdown, status, err);
    pw_strbuf_release(&commands);
    pw_report_rows_release(&context.rows);
    return status;
}
