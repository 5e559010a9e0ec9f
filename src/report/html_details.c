/* What stands behind a row: its figures, the pairs, the runs, the history. */
#include "html_details.h"

#include <math.h>
#include <stdio.h>

#include "chart.h"
#include "html.h"
#include "perfwarden/util/escape.h"
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

/* The largest ratio allowed; a higher-is-better metric gets worse downwards. */
static double limit_of(const struct pw_comparison_row *row)
{
    const double increase = row->threshold.increase_ratio;
    return row->better == PW_BETTER_HIGHER ? 1 / (1 + increase) : 1 + increase;
}

static const char *unit_of(const struct pw_comparison_row *row)
{
    return row->unit == NULL ? "count" : row->unit;
}

static void put_runs(struct pw_strbuf *out, const struct pw_comparison_row *row, const char *title)
{
    const struct pw_row_runs *base = &row->base_runs;
    const struct pw_row_runs *head = &row->head_runs;
    if (row->pairs > 1 && base->count == row->pairs && head->count == row->pairs) {
        const struct pw_chart_pairs pairs = {
            .title = title,
            .base = base->values,
            .head = head->values,
            .count = row->pairs,
            .ratio = row->ratio,
            .low = row->interval.low,
            .high = row->interval.high,
            .limit = limit_of(row),
        };
        pw_html_element(out, "h3", NULL, "Pairs: head compared with base");
        pw_chart_pairs(out, &pairs, PW_CHART_IN_PAGE);
    }
    if (base->count + head->count > 0) {
        const struct pw_chart_distribution distribution = {
            .title = title,
            .unit = unit_of(row),
            .base = base->values,
            .base_count = base->count,
            .head = head->values,
            .head_count = head->count,
        };
        pw_html_element(out, "h3", NULL, "Runs");
        pw_chart_distribution(out, &distribution, PW_CHART_IN_PAGE);
    }
}

/* The judged commit follows its history. */
static void put_history(struct pw_strbuf *out, const struct pw_comparison *comparison,
                        const struct pw_comparison_row *row, const char *title)
{
    enum { MOST = 512 };
    struct pw_chart_point points[MOST];
    char labels[MOST][16];
    const size_t skipped = row->history_count < MOST ? 0 : row->history_count - (MOST - 1);
    size_t count = 0;
    if (row->history_count == 0) {
        return;
    }
    for (size_t i = skipped; i <= row->history_count; i++, count++) {
        const bool is_head = i == row->history_count;
        const struct pw_row_session *session = is_head ? NULL : &row->history[i];
        const char *commit = is_head ? comparison->head.commit : session->commit;
        snprintf(labels[count], sizeof labels[count], "%.12s", commit == NULL ? "" : commit);
        points[count] = (struct pw_chart_point){
            .label = labels[count],
            .value = is_head ? row->head : session->value,
            .low = is_head ? row->base * row->interval.low : session->low,
            .high = is_head ? row->base * row->interval.high : session->high,
            .is_head = is_head,
            .is_change = !is_head && session->is_change,
        };
    }
    const struct pw_chart_history history = {
        .title = title, .unit = unit_of(row), .points = points, .count = count};
    pw_html_element(out, "h3", NULL, "History");
    pw_chart_history(out, &history, PW_CHART_IN_PAGE);
}

void pw_html_details(struct pw_strbuf *out, const struct pw_comparison *comparison,
                     const struct pw_comparison_row *row, size_t number, bool is_open)
{
    struct pw_strbuf title = PW_STRBUF_INIT;
    pw_strbuf_puts(&title, row->benchmark == NULL ? "unknown" : row->benchmark);
    pw_report_subject(row, &title);
    pw_strbuf_share_failure(out, &title);
    pw_strbuf_printf(out, "<details id=\"d%zu\"%s><summary>", number, is_open ? " open" : "");
    pw_escape_html(out, pw_strbuf_text(&title));
    pw_strbuf_puts(out, "</summary>\n");
    put_facts(out, row);
    put_runs(out, row, pw_strbuf_text(&title));
    put_history(out, comparison, row, pw_strbuf_text(&title));
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
