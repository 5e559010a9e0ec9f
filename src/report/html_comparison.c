/*
 * A comparison as a page: what happened; warnings; one table of all rows; then, for the rows a
 * reader has to look at, and for the others while the page stays small, the pairs, the runs and the
 * history as charts; the environment; the commands to go on with.
 */
#include <math.h>

#include "commands.h"
#include "formats.h"
#include "html.h"
#include "html_details.h"
#include "perfwarden/util/escape.h"
#include "perfwarden/util/number.h"
#include "rows.h"
#include "summary.h"

/** From here on a browser needs help to lay out the table at once. */
#define LARGE_TABLE 500

/** One rendering under way. */
struct page {
    const struct pw_comparison *comparison;
    struct pw_report_rows rows;
    struct pw_strbuf plain; /**< a text before it is escaped */
    struct pw_strbuf *out;
    size_t row; /**< number of the row at hand, from 0 */
    size_t detailed;
};

static const char *class_of(enum pw_report_group group)
{
    static const char *const classes[PW_REPORT_GROUP_COUNT] = {
        [PW_REPORT_FAILING] = "bad",
        [PW_REPORT_ATTENTION] = "open",
        [PW_REPORT_IMPROVED] = "good",
        [PW_REPORT_QUIET] = "muted",
    };
    return classes[group];
}

/* Escape what was collected in `plain`, and start anew. */
static void flush_plain(struct page *page)
{
    pw_strbuf_share_failure(page->out, &page->plain);
    pw_escape_html(page->out, pw_strbuf_text(&page->plain));
    pw_strbuf_clear(&page->plain);
}

static void put_side(struct page *page, const char *word, const struct pw_side *side)
{
    pw_strbuf_printf(page->out, "%s <code>", word);
    pw_report_short_id(side->commit, side->source, &page->plain);
    flush_plain(page);
    pw_strbuf_puts(page->out, "</code>");
    pw_report_side_details(side, &page->plain);
    flush_plain(page);
}

/* A line of its own for what was collected in `plain`, if anything. */
static void put_remark(struct page *page, const char *title)
{
    if (page->plain.length > 0) {
        pw_strbuf_printf(page->out, "<br>\n%s: ", title);
        flush_plain(page);
    }
}

static void put_overview(struct page *page)
{
    const struct pw_comparison *comparison = page->comparison;
    const bool is_failing = comparison->exit_code != PW_EXIT_PASS;
    const bool is_open = comparison->verdict >= PW_VERDICT_NO_BASELINE;
    pw_report_headline(comparison, &page->plain);
    pw_strbuf_printf(page->out, "<h1 class=\"%s\">perfwarden: ",
                     is_failing ? "bad"
                     : is_open  ? "open"
                                : "good");
    flush_plain(page);
    pw_strbuf_puts(page->out, "</h1>\n<p>");
    put_side(page, "Base", &comparison->base);
    pw_strbuf_puts(page->out, " \xE2\x86\x92 ");
    put_side(page, "head", &comparison->head);
    pw_strbuf_puts(page->out, "<br>\nBase chosen: ");
    pw_report_base_choice(comparison, &page->plain);
    flush_plain(page);
    pw_report_anchor_choice(comparison, &page->plain);
    put_remark(page, "Anchor");
    pw_report_mode(comparison, &page->plain);
    put_remark(page, "Compared");
    pw_strbuf_puts(page->out, "</p>\n<p>");
    pw_report_counts(comparison, &page->plain);
    pw_strbuf_printf(&page->plain, "; exit code %d, %s", comparison->exit_code,
                     pw_report_exit_meaning(comparison->exit_code));
    flush_plain(page);
    pw_strbuf_puts(page->out, "</p>\n");
}

static void put_warnings(struct page *page)
{
    const struct pw_comparison *comparison = page->comparison;
    if (comparison->warning_count == 0) {
        return;
    }
    pw_strbuf_puts(page->out, "<h2>Warnings</h2>\n<ul>\n");
    for (size_t i = 0; i < comparison->warning_count; i++) {
        pw_html_element(page->out, "li", NULL, comparison->warnings[i]);
    }
    pw_strbuf_puts(page->out, "</ul>\n");
}

/* Shown by the script, without which nothing can be filtered. */
static void put_controls(struct page *page)
{
    const struct pw_comparison *comparison = page->comparison;
    pw_strbuf_puts(page->out,
                   "<form id=\"controls\" hidden><label>Search (press /)<input id=\"search\" "
                   "type=\"search\" autocomplete=\"off\"></label><label>Verdict<select "
                   "id=\"verdict\"><option value=\"\">all</option>");
    for (size_t i = PW_VERDICT_COUNT; i-- > 0;) {
        if (comparison->counts[i] > 0) {
            pw_strbuf_printf(page->out, "<option>%s</option>", pw_verdict_name((enum pw_verdict)i));
        }
    }
    pw_strbuf_puts(page->out, "</select></label><output id=\"shown\"></output></form>\n");
}

/* What the table is sorted by: seven digits tell apart whatever the text does, and more, but for a
 * count, of which the text has all. */
static void put_number_cell(struct page *page, double value, const char *text)
{
    char digits[PW_DOUBLE_TEXT_SIZE];
    pw_strbuf_puts(page->out, "<td");
    if (isfinite(value)) {
        const bool is_exact = value == trunc(value);
        const double unit = is_exact ? 1 : pow(10, fmin(6 - floor(log10(fabs(value))), 300));
        pw_format_double(is_exact ? value : round(value * unit) / unit, digits);
        pw_strbuf_puts(page->out, " data-value=");
        pw_strbuf_puts(page->out, digits);
    }
    pw_strbuf_putc(page->out, '>');
    pw_escape_html(page->out, text);
    pw_strbuf_puts(page->out, "</td>");
}

static void put_name_cell(struct page *page, const struct pw_report_view *view)
{
    const bool has_details = page->row < page->detailed;
    pw_strbuf_puts(page->out, "<td>");
    if (has_details) {
        pw_strbuf_printf(page->out, "<a href=\"#d%zu\">", page->row);
    }
    pw_escape_html(page->out, view->cells[PW_REPORT_BENCHMARK]);
    pw_strbuf_puts(page->out, has_details ? "</a>" : "");
    if (view->row->metric != NULL) {
        pw_strbuf_puts(page->out, " <small>");
        pw_escape_html(page->out, view->cells[PW_REPORT_METRIC]);
        pw_strbuf_puts(page->out, "</small>");
    }
    pw_strbuf_puts(page->out, "</td>");
}

/* A quiet row needs no words but its verdict, and has the table's own colour: most rows are such.
 */
static void put_verdict_cell(struct page *page, const struct pw_report_view *view)
{
    const struct pw_comparison_row *row = view->row;
    pw_strbuf_puts(page->out, "<td>");
    if (view->group == PW_REPORT_QUIET) {
        pw_strbuf_puts(page->out, view->cells[PW_REPORT_VERDICT]);
    } else {
        pw_strbuf_printf(page->out, "<b class=\"%s\">%s</b>", class_of(view->group),
                         view->cells[PW_REPORT_VERDICT]);
    }
    if (row->reason != NULL && row->verdict != PW_VERDICT_PASS) {
        pw_strbuf_puts(page->out, "<br>");
        pw_escape_html(page->out, row->reason);
    }
    pw_strbuf_puts(page->out, "</td></tr>\n");
}

static bool put_row(void *data, const struct pw_report_view *view)
{
    struct page *page = data;
    const struct pw_comparison_row *row = view->row;
    pw_strbuf_puts(page->out, "<tr data-verdict=");
    pw_strbuf_puts(page->out, pw_verdict_name(row->verdict));
    pw_strbuf_putc(page->out, '>');
    put_name_cell(page, view);
    put_number_cell(page, row->base, view->cells[PW_REPORT_BASE]);
    put_number_cell(page, row->head, view->cells[PW_REPORT_HEAD]);
    put_number_cell(page, row->ratio, view->cells[PW_REPORT_CHANGE]);
    put_number_cell(page, row->interval.low, view->cells[PW_REPORT_INTERVAL]);
    put_number_cell(page, row->threshold.increase_ratio, view->cells[PW_REPORT_LIMIT]);
    put_verdict_cell(page, view);
    page->row++;
    return true;
}

static int put_table(struct page *page, struct pw_error *err)
{
    static const char *const titles[] = {"Base", "Head", "Change", "Interval", "Limit"};
    pw_strbuf_puts(page->out, "<h2>Results</h2>\n");
    put_controls(page);
    pw_strbuf_printf(page->out,
                     "<div class=\"scroll\"><table id=\"rows\"%s><thead><tr>"
                     "<th scope=\"col\">Benchmark</th>",
                     page->rows.count > LARGE_TABLE ? " class=\"large\"" : "");
    for (size_t i = 0; i < PW_COUNT(titles); i++) {
        pw_strbuf_printf(page->out, "<th scope=\"col\" class=\"n\">%s</th>", titles[i]);
    }
    pw_strbuf_puts(page->out, "<th scope=\"col\">Verdict</th></tr></thead>\n<tbody>\n");
    page->row = 0;
    const int status = pw_report_rows_visit(&page->rows, PW_REPORT_ALL_GROUPS, put_row, page, err);
    pw_strbuf_puts(page->out, "</tbody></table></div>\n");
    return status;
}

static void put_details(struct page *page)
{
    if (page->detailed == 0) {
        return;
    }
    pw_strbuf_puts(page->out, "<h2>Details</h2>\n");
    for (size_t i = 0; i < page->detailed; i++) {
        const struct pw_report_entry *entry = &page->rows.entries[i];
        pw_html_details(page->out, page->comparison, entry->row, i,
                        entry->group == PW_REPORT_FAILING);
    }
    if (page->detailed < page->rows.count) {
        pw_strbuf_printf(page->out,
                         "<p class=\"muted\">The details of %zu further results, which need no "
                         "attention, are in the JSON.</p>\n",
                         page->rows.count - page->detailed);
    }
}

static void put_command(struct page *page, const char *title)
{
    pw_html_element(page->out, "h3", NULL, title);
    pw_strbuf_puts(page->out, "<pre>");
    flush_plain(page);
    pw_strbuf_puts(page->out, "</pre>\n");
}

static void put_trailer(void *data, const char *line)
{
    struct pw_strbuf *out = data;
    pw_escape_html(out, line);
    pw_strbuf_putc(out, '\n');
}

static void put_trailers(struct page *page)
{
    const size_t start = page->out->length;
    pw_html_element(page->out, "h3", NULL,
                    "To accept what is intended, end a commit message with a paragraph of");
    pw_strbuf_puts(page->out, "<pre>");
    if (pw_report_accept_trailers(page->comparison, &page->rows, put_trailer, page->out,
                                  &page->out->failed) == 0) {
        pw_strbuf_truncate(page->out, start);
        return;
    }
    pw_strbuf_puts(page->out, "</pre>\n");
}

static void put_remedy(void *data, const char *sentence)
{
    pw_html_element(data, "p", NULL, sentence);
}

static void put_commands(struct page *page)
{
    pw_strbuf_puts(page->out, "<h2>What to do</h2>\n");
    pw_report_reproduce_command(page->comparison, &page->rows, &page->plain);
    put_command(page, "To reproduce, on head");
    if (pw_report_output_command(page->comparison, &page->rows, &page->plain)) {
        put_command(page, "To see what the benchmarks print that could not be measured");
    }
    if (page->rows.group_counts[PW_REPORT_FAILING] > 0) {
        put_trailers(page);
        pw_report_remedies(page->comparison, &page->rows, put_remedy, page->out);
    }
    if (pw_report_is_settled_by_baseline(&page->rows)) {
        pw_report_accept_command(page->comparison, &page->plain);
        put_command(page, "To accept, on the main branch after merging");
    }
}

static int put_page(struct page *page, struct pw_error *err)
{
    pw_strbuf_puts(&page->plain, "perfwarden: ");
    pw_report_headline(page->comparison, &page->plain);
    pw_strbuf_share_failure(page->out, &page->plain);
    pw_html_open(page->out, pw_strbuf_text(&page->plain));
    pw_strbuf_clear(&page->plain);
    page->detailed = pw_html_details_count(&page->rows);
    put_overview(page);
    put_warnings(page);
    const int status = put_table(page, err);
    put_details(page);
    pw_html_environment(page->out, page->comparison);
    put_commands(page);
    pw_html_close(page->out);
    return status;
}

int pw_report_html_comparison(const struct pw_comparison *comparison,
                              const struct pw_report_options *options, struct pw_strbuf *out,
                              struct pw_error *err)
{
    struct page page = {.comparison = comparison, .out = out};
    const size_t start = out->length;
    (void)options;
    int status = pw_report_rows_init(&page.rows, comparison, err);
    if (status == PW_OK) {
        status = put_page(&page, err);
    }
    if (status == PW_OK) {
        status = pw_strbuf_check(out, err);
    }
    if (status != PW_OK) {
        pw_strbuf_truncate(out, start);
    }
    pw_strbuf_release(&page.plain);
    pw_report_rows_release(&page.rows);
    return status;
}
