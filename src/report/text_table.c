/*
 * The columns that all tables have, and on a wide terminal the history of what changed as a line of
 * blocks.
 */
#include "text_table.h"

#include "chart.h"
#include "palette.h"
#include "table.h"

/* From this width on there is room for the history. */
#define WIDE_COLUMNS 120
/** Sessions that are drawn, the newest of them. */
#define MOST_SESSIONS 20
/** Fewer show nothing. */
#define LEAST_SESSIONS 3

/* The columns of all tables, with the history before the verdict. */
enum column {
    COLUMN_HISTORY = PW_REPORT_VERDICT,
    COLUMN_VERDICT,
    COLUMN_COUNT,
};

static const struct pw_table_column table_columns[COLUMN_COUNT] = {
    [PW_REPORT_BENCHMARK] = {false, true, 0}, [PW_REPORT_METRIC] = {false, true, 0},
    [PW_REPORT_BASE] = {true, false, 4},      [PW_REPORT_HEAD] = {true, false, 5},
    [PW_REPORT_CHANGE] = {true, false, 0},    [PW_REPORT_INTERVAL] = {true, false, 2},
    [PW_REPORT_LIMIT] = {true, false, 3},     [COLUMN_HISTORY] = {true, false, 1},
    [COLUMN_VERDICT] = {false, false, 0},
};

/** A table under way. */
struct text_table {
    const struct pw_report_options *options;
    struct pw_table table;
    struct pw_table_column columns[COLUMN_COUNT]; /**< those there are */
    const char *titles[COLUMN_COUNT];
    bool has_history;
    struct pw_strbuf history; /**< of one row */
};

/* Of what changed, and of what nobody knows whether it did. */
static bool has_history(const struct pw_comparison_row *row)
{
    return row->verdict != PW_VERDICT_PASS && row->history_count >= LEAST_SESSIONS;
}

/* The sessions of the base and, at the right end, head. */
static void put_history(const struct pw_comparison_row *row, struct pw_strbuf *out)
{
    double values[MOST_SESSIONS + 1];
    size_t count = 0;
    if (!has_history(row)) {
        return;
    }
    const size_t first =
        row->history_count > MOST_SESSIONS ? row->history_count - MOST_SESSIONS : 0;
    for (size_t i = first; i < row->history_count; i++) {
        values[count++] = row->history[i].value;
    }
    values[count++] = row->head;
    pw_sparkline(out, values, count);
}

/* The table's columns: those of all tables, and the history where there is one and room for it. */
static void choose_columns(struct text_table *text, const struct pw_comparison *comparison)
{
    for (size_t i = 0; i < comparison->row_count && text->options->columns >= WIDE_COLUMNS; i++) {
        text->has_history = text->has_history || has_history(&comparison->rows[i]);
    }
    size_t count = 0;
    for (unsigned i = 0; i < COLUMN_COUNT; i++) {
        if (i != COLUMN_HISTORY || text->has_history) {
            text->columns[count] = table_columns[i];
            text->titles[count++] = i == COLUMN_HISTORY   ? "History"
                                    : i == COLUMN_VERDICT ? pw_report_titles[PW_REPORT_VERDICT]
                                                          : pw_report_titles[i];
        }
    }
    pw_table_init(&text->table, text->columns, text->titles, count);
}

static bool add_row(void *context, const struct pw_report_view *view)
{
    struct text_table *text = context;
    enum pw_verdict verdict = view->row->verdict;
    const char *cells[COLUMN_COUNT];
    for (unsigned i = 0; i < PW_REPORT_COLUMN_COUNT; i++) {
        cells[i] = view->cells[i];
    }
    if (text->has_history) {
        pw_strbuf_clear(&text->history);
        put_history(view->row, &text->history);
        text->table.failed = text->table.failed || pw_strbuf_failed(&text->history);
        cells[COLUMN_HISTORY] = pw_strbuf_text(&text->history);
        cells[COLUMN_VERDICT] = view->cells[PW_REPORT_VERDICT];
    }
    pw_table_add(&text->table, pw_report_mark(verdict),
                 text->options->use_color ? pw_report_color(verdict) : PW_COLOR_NONE, cells);
    pw_strbuf_clear(&text->history);
    return true;
}

int pw_report_text_table(const struct pw_comparison *comparison, const struct pw_report_rows *rows,
                         unsigned groups, const struct pw_report_options *options,
                         struct pw_strbuf *out, struct pw_error *err)
{
    struct text_table text = {.options = options};
    choose_columns(&text, comparison);
    int status = pw_report_rows_visit(rows, groups, add_row, &text, err);
    if (status == 0) {
        status = pw_strbuf_check(&text.history, err);
    }
    if (status == 0 && (text.table.count > 0 || text.table.failed)) {
        status = pw_table_render(&text.table, options->columns, out, err);
    }
    pw_strbuf_release(&text.history);
    pw_table_release(&text.table);
    return status;
}
