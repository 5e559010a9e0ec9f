/*
 * A comparison as a GitHub job summary or comment. In this order: verdict, what was compared and
 * counts; failures, the worst first; warnings; the rest, folded; the commands to go on with.
 */
#include <math.h>
#include <string.h>

#include "chart.h"
#include "formats.h"
#include "markdown.h"
#include "markdown_commands.h"
#include "rows.h"
#include "summary.h"

/* How many sessions a sparkline shows besides head. */
#define MOST_SESSIONS     15
#define MOST_FOR_WARNINGS 32768
/* Rows that need attention stand open where nothing fails, if they are few. */
#define MOST_OPEN_ROWS 10

/** A part of the report that is a table of rows. */
struct part {
    const char *title;
    unsigned groups;
    bool is_folded;
};

static const struct part failures = {"Failures", PW_REPORT_GROUP_BIT(PW_REPORT_FAILING), false};
static const struct part attention = {"Not decided or let through",
                                      PW_REPORT_GROUP_BIT(PW_REPORT_ATTENTION), true};
static const struct part improvements = {"Improvements", PW_REPORT_GROUP_BIT(PW_REPORT_IMPROVED),
                                         true};
/* Every row stands here, and may stand in one of the others before. */
static const struct part all_results = {"All results", PW_REPORT_ALL_GROUPS, true};

/** One rendering under way. */
struct context {
    struct pw_markdown markdown;
    const struct pw_comparison *comparison;
    struct pw_report_rows rows;
};

static void put_side(struct pw_markdown *markdown, const struct pw_side *side)
{
    pw_report_short_id(side->commit, side->source, &markdown->plain);
    pw_markdown_flush_code(markdown);
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
    pw_report_merged_commit(comparison, &markdown->plain);
    if (markdown->plain.length > 0) {
        pw_strbuf_puts(&markdown->block, ", the merge of ");
        pw_markdown_flush_code(markdown);
    }
    if (!pw_report_is_plain_base(comparison)) {
        pw_strbuf_puts(&markdown->block, "<br>\nBase chosen: ");
        pw_report_base_choice(comparison, &markdown->plain);
        pw_markdown_flush_plain(markdown);
    }
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

/* How a base was chosen that needs no word at the top: here are its sessions and environment. */
static void put_base(struct context *context)
{
    struct pw_markdown *markdown = &context->markdown;
    pw_strbuf_puts(&markdown->block, "Base: ");
    pw_report_base_choice(context->comparison, &markdown->plain);
    pw_markdown_flush_plain(markdown);
    pw_strbuf_puts(&markdown->block, "\n\n");
    (void)pw_markdown_commit(markdown);
}

/* Whether a row has changed, or may have, and earlier sessions show from what. */
static bool has_history(const struct pw_comparison_row *row)
{
    static const unsigned changed =
        PW_VERDICT_BIT(PW_VERDICT_REGRESSION) | PW_VERDICT_BIT(PW_VERDICT_IMPROVEMENT) |
        PW_VERDICT_BIT(PW_VERDICT_ACCEPTED) | PW_VERDICT_BIT(PW_VERDICT_INCONCLUSIVE);
    return (PW_VERDICT_BIT(row->verdict) & changed) != 0 && row->history_count >= 2 &&
           isfinite(row->head);
}

static bool have_history(const struct pw_report_rows *rows, unsigned groups)
{
    for (size_t i = 0; i < rows->count; i++) {
        if ((groups & PW_REPORT_GROUP_BIT(rows->entries[i].group)) != 0 &&
            has_history(rows->entries[i].row)) {
            return true;
        }
    }
    return false;
}

/* The newest sessions and head behind them. */
static void put_history_cell(struct pw_markdown *markdown, const struct pw_comparison_row *row)
{
    double values[MOST_SESSIONS + 1];
    size_t count = 0;
    pw_strbuf_putc(&markdown->block, ' ');
    if (has_history(row)) {
        const size_t skipped =
            row->history_count > MOST_SESSIONS ? row->history_count - MOST_SESSIONS : 0;
        for (size_t i = skipped; i < row->history_count; i++) {
            values[count++] = row->history[i].value;
        }
        values[count++] = row->head;
        pw_sparkline(&markdown->block, values, count);
    }
    pw_strbuf_puts(&markdown->block, " |");
}

/* The reason without what the columns beside it say in the same words. */
static void put_reason(struct pw_markdown *markdown, const struct pw_report_view *view)
{
    const char *reason = view->row->reason;
    struct pw_strbuf told = PW_STRBUF_INIT;
    pw_strbuf_printf(&told, ", interval %s, limit %s", view->cells[PW_REPORT_INTERVAL],
                     view->cells[PW_REPORT_LIMIT]);
    pw_strbuf_share_failure(&markdown->plain, &told);
    const char *found = strstr(reason, pw_strbuf_text(&told));
    const char *behind = found == NULL ? "" : found + told.length;
    if (found != NULL && (*behind == '\0' || strchr(",;: ", *behind) != NULL)) {
        pw_strbuf_append(&markdown->plain, reason, (size_t)(found - reason));
        pw_strbuf_puts(&markdown->plain, behind);
    } else {
        pw_strbuf_puts(&markdown->plain, reason);
    }
    pw_markdown_flush_plain(markdown);
    pw_strbuf_release(&told);
}

/* The verdict's names are our own words. The reason stands below, as the table has no column. */
static void put_verdict_cell(struct pw_markdown *markdown, const struct pw_report_view *view)
{
    const char *emphasis = view->group == PW_REPORT_FAILING ? "**" : "";
    pw_strbuf_printf(&markdown->block, " %s%s%s", emphasis, view->cells[PW_REPORT_VERDICT],
                     emphasis);
    if (view->row->verdict != PW_VERDICT_PASS && view->row->reason != NULL) {
        pw_strbuf_puts(&markdown->block, "<br>");
        put_reason(markdown, view);
    }
    pw_strbuf_puts(&markdown->block, " |\n");
}

/** A table under way. */
struct table {
    struct pw_markdown *markdown;
    bool has_history;
};

static bool put_row(void *data, const struct pw_report_view *view)
{
    const struct table *table = data;
    struct pw_markdown *markdown = table->markdown;
    pw_strbuf_puts(&markdown->block, "| ");
    pw_markdown_code(markdown, view->cells[PW_REPORT_BENCHMARK]);
    pw_report_subject(view->row, &markdown->plain);
    pw_markdown_flush_plain(markdown);
    pw_strbuf_puts(&markdown->block, " |");
    for (size_t i = PW_REPORT_BASE; i < PW_REPORT_VERDICT; i++) {
        pw_markdown_cell(markdown, view->cells[i]);
    }
    if (table->has_history) {
        put_history_cell(markdown, view->row);
    }
    put_verdict_cell(markdown, view);
    (void)pw_markdown_commit(markdown); /* goes on when it is full, to count what is left out */
    return true;
}

static void put_table_head(const struct table *table)
{
    static const char *const titles[] = {"Benchmark", "Base",  "Head",   "Change",
                                         "Interval",  "Limit", "Verdict"};
    static const char *const longer[] = {"Benchmark", "Base",  "Head",    "Change",
                                         "Interval",  "Limit", "History", "Verdict"};
    pw_markdown_table_head(table->markdown, table->has_history ? longer : titles,
                           table->has_history ? "lrrrrrll" : "lrrrrrl");
}

/* A part with its table; where the report is full, only how many rows it lacks. */
static int put_part(struct context *context, const struct part *part, struct pw_error *err)
{
    struct pw_markdown *markdown = &context->markdown;
    const struct table table = {markdown, have_history(&context->rows, part->groups)};
    size_t count = pw_report_rows_count(&context->rows, part->groups);
    if (count == 0) {
        return 0;
    }
    if (markdown->is_full) {
        pw_markdown_leave_out(markdown, part->title, count);
        return 0;
    }
    pw_markdown_open(markdown, part->title, count, part->is_folded);
    if (part == &all_results && pw_report_is_plain_base(context->comparison)) {
        put_base(context);
    }
    put_table_head(&table);
    int status = pw_report_rows_visit(&context->rows, part->groups, put_row, (void *)&table, err);
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

/* Failures leave room for the warnings, which may explain them. */
static int put_failures(struct context *context, bool *is_cut, struct pw_error *err)
{
    struct pw_markdown *markdown = &context->markdown;
    const size_t limit = markdown->limit;
    markdown->limit -= limit / 8 < MOST_FOR_WARNINGS ? limit / 8 : MOST_FOR_WARNINGS;
    int status = put_part(context, &failures, err);
    markdown->limit = limit;
    *is_cut = markdown->is_full;
    markdown->is_full = false;
    return status;
}

static int put_all(struct context *context, struct pw_error *err)
{
    const struct pw_report_rows *rows = &context->rows;
    struct part open_attention = attention;
    bool is_cut = false;
    open_attention.is_folded = rows->group_counts[PW_REPORT_FAILING] > 0 ||
                               rows->group_counts[PW_REPORT_ATTENTION] > MOST_OPEN_ROWS;
    put_head(context);
    pw_markdown_note_left_out(&context->markdown, "paragraph");
    int status = put_failures(context, &is_cut, err);
    put_warnings(context);
    if (status == 0) {
        status = put_part(context, &open_attention, err);
    }
    if (status == 0) {
        status = put_part(context, &improvements, err);
    }
    context->markdown.is_full = context->markdown.is_full || is_cut; /* they begin with the same */
    if (status == 0) {
        status = put_part(context, &all_results, err);
    }
    return status;
}

/* What was said of the verdict must not be lost for how to go on. */
static size_t most_for_commands(size_t max_bytes)
{
    const size_t most = max_bytes == 0 ? PW_REPORT_MAX_BYTES : max_bytes;
    return most > PW_MARKDOWN_FRAME_BYTES ? (most - PW_MARKDOWN_FRAME_BYTES) / 3 : 0;
}

int pw_report_markdown_comparison(const struct pw_comparison *comparison,
                                  const struct pw_report_options *options, struct pw_strbuf *out,
                                  struct pw_error *err)
{
    struct context context = {.comparison = comparison};
    struct pw_strbuf commands = PW_STRBUF_INIT;
    int status = pw_report_rows_init(&context.rows, comparison, err);
    if (status < 0) {
        return status;
    }
    pw_markdown_commands(comparison, &context.rows, most_for_commands(options->max_bytes),
                         &commands);
    pw_markdown_init(&context.markdown, out, options->max_bytes, commands.length);
    status = pw_strbuf_check(&commands, err);
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
