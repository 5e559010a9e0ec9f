/* One line of the live table: a mark, the name, then cells of fixed widths. */
#include "live_table.h"

#include <math.h>

#include "perfwarden/report/terminal.h"
#include "perfwarden/util/escape.h"
#include "perfwarden/util/number.h"
#include "perfwarden/util/text.h"

#define NOTHING      "\xE2\x80\x93" /* an en dash: not known */
#define MARK_OPEN    "\xC2\xB7"     /* a middle dot: nothing to say yet */
#define GAP          2
#define WIDEST_NAME  60
#define LEAST_NAME   3
#define WIDEST_OTHER 20

static const struct {
    const char *title;
    size_t width; /**< 0: of its widest cell */
    bool is_right;
} columns[PW_LIVE_COLUMN_COUNT] = {
    [PW_LIVE_NAME] = {"Benchmark", 0, false},    [PW_LIVE_METRIC] = {"Metric", 0, false},
    [PW_LIVE_PAIRS] = {"Pairs", 5, true},        [PW_LIVE_CHANGE] = {"Change", 9, true},
    [PW_LIVE_INTERVAL] = {"Interval", 19, true}, [PW_LIVE_VERDICT] = {"Verdict", 12, false},
};

/* What goes first where names would get fewer columns than this, or than they need. */
static const struct {
    enum pw_live_column column;
    size_t least_name;
} dropped[] = {
    {PW_LIVE_METRIC, 20},
    {PW_LIVE_INTERVAL, 16},
    {PW_LIVE_PAIRS, 12},
    {PW_LIVE_VERDICT, 8},
};

static const char *name_of(const struct pw_live_row *row)
{
    return row->status.benchmark != NULL ? row->status.benchmark : "";
}

static const char *metric_of(const struct pw_live_row *row)
{
    return row->status.metric != NULL ? row->status.metric : NOTHING;
}

static size_t width_of(const char *text, size_t most)
{
    struct pw_strbuf escaped = PW_STRBUF_INIT;
    pw_escape_terminal(&escaped, text);
    const size_t width = pw_text_width(pw_strbuf_text(&escaped));
    pw_strbuf_release(&escaped);
    return width < most ? width : most;
}

static size_t max_of(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Columns of a line but for the name's. */
static size_t taken(const struct pw_live_table *table)
{
    size_t sum = 2; /* the mark and a blank */
    for (unsigned i = PW_LIVE_NAME + 1; i < PW_LIVE_COLUMN_COUNT; i++) {
        sum += table->widths[i] > 0 ? GAP + table->widths[i] : 0;
    }
    return sum;
}

bool pw_live_table_init(struct pw_live_table *table, const struct pw_live_view *view, size_t width)
{
    size_t name = pw_text_width(columns[PW_LIVE_NAME].title);
    *table = (struct pw_live_table){.use_color = view->use_color};
    for (unsigned i = 0; i < PW_LIVE_COLUMN_COUNT; i++) {
        table->widths[i] = max_of(columns[i].width, pw_text_width(columns[i].title));
    }
    for (size_t i = 0; i < view->count; i++) {
        const size_t metric = width_of(metric_of(&view->rows[i]), WIDEST_OTHER);
        name = max_of(name, width_of(name_of(&view->rows[i]), WIDEST_NAME));
        table->widths[PW_LIVE_METRIC] = max_of(table->widths[PW_LIVE_METRIC], metric);
    }
    for (size_t i = 0; i < PW_COUNT(dropped); i++) {
        const size_t needed = name < dropped[i].least_name ? name : dropped[i].least_name;
        if (taken(table) + needed > width) {
            table->widths[dropped[i].column] = 0;
        }
    }
    if (taken(table) + LEAST_NAME > width) {
        return false;
    }
    const size_t room = width - taken(table);
    table->widths[PW_LIVE_NAME] = name < room ? name : room;
    return true;
}

static void put_interval(const struct pw_interval *interval, struct pw_strbuf *out)
{
    if (isnan(interval->low) || isnan(interval->high) ||
        (interval->low == 0 && isinf(interval->high))) {
        pw_strbuf_puts(out, NOTHING);
        return;
    }
    pw_format_change(out, interval->low - 1);
    pw_strbuf_puts(out, " \xE2\x80\xA6 ");
    pw_format_change(out, interval->high - 1);
}

static const char *verdict_of(const struct pw_live_row *row)
{
    if (row->ended > 0) {
        return pw_verdict_name(row->status.verdict);
    }
    return row->is_begun ? "undecided" : "waiting";
}

static void put_cell(const struct pw_live_row *row, enum pw_live_column column,
                     struct pw_strbuf *out)
{
    const struct pw_pair_status *status = &row->status;
    switch (column) {
    case PW_LIVE_NAME:
        pw_escape_terminal(out, name_of(row));
        break;
    case PW_LIVE_METRIC:
        pw_escape_terminal(out, metric_of(row));
        break;
    case PW_LIVE_PAIRS:
        pw_strbuf_printf(out, "%zu", status->pairs);
        break;
    case PW_LIVE_CHANGE:
        pw_format_change(out, status->ratio - 1);
        break;
    case PW_LIVE_INTERVAL:
        put_interval(&status->interval, out);
        break;
    case PW_LIVE_VERDICT:
        pw_strbuf_puts(out, verdict_of(row));
        break;
    case PW_LIVE_COLUMN_COUNT:
        break;
    }
}

static void put_aligned(const struct pw_live_table *table, enum pw_live_column column,
                        const char *text, const char *color, struct pw_strbuf *out)
{
    struct pw_strbuf cell = PW_STRBUF_INIT;
    const size_t width = table->widths[column];
    if (width == 0) {
        return;
    }
    const bool is_number = columns[column].is_right;
    if (is_number && pw_text_width(text) > width) {
        pw_strbuf_puts(&cell, "\xE2\x80\xA6"); /* a number with its middle cut out is another one */
    } else {
        pw_report_shorten(text, width, &cell);
    }
    const size_t used = pw_text_width(pw_strbuf_text(&cell));
    const size_t padding = used < width ? width - used : 0;
    pw_strbuf_pad(out, ' ', column == PW_LIVE_NAME ? 1 : GAP);
    pw_strbuf_pad(out, ' ', is_number ? padding : 0);
    pw_strbuf_puts(out, color);
    pw_strbuf_puts(out, pw_strbuf_text(&cell));
    pw_strbuf_puts(out, *color != '\0' ? PW_COLOR_RESET : "");
    pw_strbuf_pad(out, ' ', is_number || column == PW_LIVE_VERDICT ? 0 : padding);
    pw_strbuf_share_failure(out, &cell);
    pw_strbuf_release(&cell);
}

void pw_live_table_titles(const struct pw_live_table *table, struct pw_strbuf *out)
{
    pw_strbuf_putc(out, ' ');
    for (unsigned i = 0; i < PW_LIVE_COLUMN_COUNT; i++) {
        put_aligned(table, i, columns[i].title, "", out);
    }
    pw_strbuf_putc(out, '\n');
}

void pw_live_table_row(const struct pw_live_table *table, const struct pw_live_row *row,
                       struct pw_strbuf *out)
{
    const bool is_ended = row->ended > 0;
    const char *color = table->use_color && is_ended ? pw_report_color(row->status.verdict) : "";
    pw_strbuf_puts(out, color);
    pw_strbuf_puts(out, is_ended ? pw_report_mark(row->status.verdict) : MARK_OPEN);
    pw_strbuf_puts(out, *color != '\0' ? PW_COLOR_RESET : "");
    for (unsigned i = 0; i < PW_LIVE_COLUMN_COUNT; i++) {
        struct pw_strbuf cell = PW_STRBUF_INIT;
        put_cell(row, i, &cell);
        put_aligned(table, i, pw_strbuf_text(&cell), i == PW_LIVE_VERDICT ? color : "", out);
        pw_strbuf_share_failure(out, &cell);
        pw_strbuf_release(&cell);
    }
    pw_strbuf_putc(out, '\n');
}
