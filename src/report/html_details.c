/* What stands behind a row: its figures, the pairs, the runs, the history. */
#include "html_details.h"

#include <math.h>

#include "html.h"
#include "perfwarden/util/escape.h"
#include "perfwarden/util/text.h"
#include "row_chart.h"
#include "summary.h"

/* The charts of a row take about 4 kB. Rows that need no attention have them only while there are
 * few details; those that do, up to what a browser opens without a pause. */
#define MOST_WITH_QUIET 300
#define MOST_ROWS       2000

size_t pw_html_details_count(const struct pw_report_rows *rows)
{
    const size_t loud = rows->count - rows->group_counts[PW_REPORT_QUIET];
    const size_t bound = loud < MOST_WITH_QUIET ? MOST_WITH_QUIET : MOST_ROWS;
    const size_t wanted = loud < MOST_WITH_QUIET ? rows->count : loud;
    return wanted < bound ? wanted : bound;
}

/* "Text" behind "Title" in a list of definitions; nothing for an empty text. */
static void put_fact(struct pw_strbuf *out, const char *title, const char *text)
{
    if (text == NULL || text[0] == '\0') {
        return;
    }
    pw_html_element(out, "dt", NULL, title);
    pw_html_element(out, "dd", NULL, text);
}

static void put_facts(struct pw_strbuf *out, const struct pw_comparison_row *row)
{
    struct pw_strbuf evidence = PW_STRBUF_INIT;
    pw_report_evidence(row, &evidence);
    pw_strbuf_share_failure(out, &evidence);
    pw_strbuf_puts(out, "<dl>\n");
    put_fact(out, "Verdict", pw_verdict_name(row->verdict));
    put_fact(out, "Reason", row->reason);
    put_fact(out, "Accepted by", row->accepted.by);
    put_fact(out, "Accepted because", row->accepted.reason);
    put_fact(out, "Accepted up to", row->accepted.bound);
    put_fact(out, "Accepted until", row->accepted.expires);
    put_fact(out, "Accepted in", row->accepted.where);
    put_fact(out, "Decided by", row->method);
    put_fact(out, "Evidence", pw_strbuf_text(&evidence));
    pw_strbuf_puts(out, "</dl>\n");
    pw_strbuf_release(&evidence);
}

static void put_charts(struct pw_strbuf *out, const struct pw_comparison *comparison,
                       const struct pw_comparison_row *row, const char *title)
{
    static const struct {
        enum pw_row_chart chart;
        const char *heading;
    } charts[] = {
        {PW_ROW_CHART_PAIRS, "Pairs: head compared with base"},
        {PW_ROW_CHART_DISTRIBUTION, "Runs"},
        {PW_ROW_CHART_HISTORY, "History"},
    };
    pw_strbuf_puts(out, "<div class=\"charts\">\n");
    for (size_t i = 0; i < PW_COUNT(charts); i++) {
        if (pw_row_chart_height(row, charts[i].chart) > 0) {
            pw_strbuf_puts(out, "<section>");
            pw_html_element(out, "h3", NULL, charts[i].heading);
            pw_row_chart(out, comparison, row, charts[i].chart, title);
            pw_strbuf_puts(out, "</section>\n");
        }
    }
    pw_strbuf_puts(out, "</div>\n");
}

/* "parse wall_time: regression, +18.2 %": what a reader decides by whether to open it. */
static void put_summary(struct pw_strbuf *out, const struct pw_comparison_row *row,
                        const char *title)
{
    struct pw_strbuf change = PW_STRBUF_INIT;
    pw_strbuf_puts(out, "<summary>");
    pw_escape_html(out, title);
    pw_strbuf_printf(out, " <small>%s", pw_verdict_name(row->verdict));
    if (!isnan(row->ratio)) {
        pw_report_cell(row, PW_REPORT_CHANGE, &change);
        pw_strbuf_share_failure(out, &change);
        pw_strbuf_puts(out, ", ");
        pw_escape_html(out, pw_strbuf_text(&change));
    }
    pw_strbuf_puts(out, "</small></summary>\n");
    pw_strbuf_release(&change);
}

void pw_html_details(struct pw_strbuf *out, const struct pw_comparison *comparison,
                     const struct pw_comparison_row *row, size_t number, bool is_open)
{
    struct pw_strbuf title = PW_STRBUF_INIT;
    pw_strbuf_puts(&title, row->benchmark == NULL ? "unknown" : row->benchmark);
    pw_report_subject(row, &title);
    pw_strbuf_share_failure(out, &title);
    pw_strbuf_printf(out, "<details id=\"d%zu\"%s>", number, is_open ? " open" : "");
    put_summary(out, row, pw_strbuf_text(&title));
    put_facts(out, row);
    put_charts(out, comparison, row, pw_strbuf_text(&title));
    pw_strbuf_puts(out, "</details>\n");
    pw_strbuf_release(&title);
}

static void put_side(struct pw_strbuf *out, const char *title, const struct pw_side *side)
{
    pw_html_element(out, "h3", NULL, title);
    pw_strbuf_puts(out, "<dl>\n");
    put_fact(out, "Commit", side->commit);
    put_fact(out, "Branch", side->branch);
    put_fact(out, "Environment", side->environment_id);
    put_fact(out, "Host", side->hostname);
    put_fact(out, "Measured", side->started_at);
    put_fact(out, "Read from", side->source);
    put_fact(out, "Run", side->run_id);
    pw_strbuf_puts(out, "</dl>\n");
}

void pw_html_environment(struct pw_strbuf *out, const struct pw_comparison *comparison)
{
    pw_strbuf_puts(out, "<h2>Environment</h2>\n");
    put_side(out, "Base", &comparison->base);
    if (comparison->anchor.label != NULL) {
        put_side(out, "Anchor", &comparison->anchor.side);
    }
    put_side(out, "Head", &comparison->head);
}
