/* Aligning text by its width on a terminal, not by its bytes. */
#include "table.h"

#include <assert.h>

#include "perfwarden/util/escape.h"
#include "perfwarden/util/text.h"
#include "shorten.h"

#define GAP         2   /* blanks between columns */
#define WIDEST_CELL 100 /* one hostile name must not push the others off every screen */
#define LEAST_NAME  12  /* a flexible column is not cut below this */
#define EASY_NAME   20  /* nor below this while a column can be left out instead */
#define INDENT      4   /* of the second line of a row */
#define LEAST_CELL  3   /* what shortening needs */
#define RESET       "\x1B[0m"

void pw_table_init(struct pw_table *table, const struct pw_table_column *columns,
                   const char *const *titles, size_t column_count)
{
    assert(column_count >= 1 && column_count <= PW_TABLE_MAX_COLUMNS);
    *table = (struct pw_table){.columns = columns, .titles = titles, .column_count = column_count};
}

void pw_table_release(struct pw_table *table)
{
    pw_arena_release(&table->arena);
    pw_table_init(table, table->columns, table->titles, table->column_count);
}

/* A copy in the arena, safe to print and not wider than a cell may be. */
static const char *copy_cell(struct pw_table *table, const char *text)
{
    struct pw_strbuf escaped = PW_STRBUF_INIT;
    struct pw_strbuf cell = PW_STRBUF_INIT;
    const char *copy = NULL;
    pw_escape_terminal(&escaped, text);
    pw_report_shorten(pw_strbuf_text(&escaped), WIDEST_CELL, &cell);
    if (!pw_strbuf_failed(&escaped) && !pw_strbuf_failed(&cell)) {
        copy = pw_arena_strdup(&table->arena, pw_strbuf_text(&cell));
    }
    pw_strbuf_release(&escaped);
    pw_strbuf_release(&cell);
    return copy;
}

void pw_table_add(struct pw_table *table, const char *mark, const char *color,
                  const char *const *cells)
{
    struct pw_table_row *rows =
        pw_arena_grow(&table->arena, table->rows, table->count, &table->capacity, sizeof *rows);
    if (rows == NULL) {
        table->failed = true;
        return;
    }
    table->rows = rows;
    struct pw_table_row *row = &rows[table->count];
    row->mark = mark;
    row->color = color;
    for (size_t i = 0; i < table->column_count; i++) {
        row->cells[i] = copy_cell(table, cells[i]);
        table->failed = table->failed || row->cells[i] == NULL;
    }
    table->count += !table->failed;
}

/** How the columns are laid out: a width of 0 is a column left out. */
struct layout {
    size_t widths[PW_TABLE_MAX_COLUMNS];
    size_t total;    /**< of a line, with mark and gaps */
    bool is_stacked; /**< two lines a row: the first and last column, then the others */
};

static void measure(const struct pw_table *table, struct layout *layout)
{
    *layout = (struct layout){.total = 0};
    for (size_t i = 0; i < table->column_count; i++) {
        size_t widest = pw_text_width(table->titles[i]);
        for (size_t row = 0; row < table->count; row++) {
            size_t needed = pw_text_width(table->rows[row].cells[i]);
            widest = needed > widest ? needed : widest;
        }
        layout->widths[i] = widest;
        layout->total += widest + GAP; /* the mark and its blank are as wide as a gap */
    }
}

/* How much narrower flexible columns can make a line. @param least  columns that each keeps */
static size_t slack(const struct pw_table *table, const struct layout *layout, size_t least)
{
    size_t sum = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].is_flexible && layout->widths[i] > least) {
            sum += layout->widths[i] - least;
        }
    }
    return sum;
}

/* Leave columns out, in their order, until the others fit into a width. */
static void drop(const struct pw_table *table, size_t width, struct layout *layout)
{
    for (unsigned order = 1; order <= table->column_count; order++) {
        for (size_t i = 0; i < table->column_count; i++) {
            if (table->columns[i].dropped == order && layout->total > width) {
                layout->total -= layout->widths[i] > 0 ? layout->widths[i] + GAP : 0;
                layout->widths[i] = 0;
            }
        }
    }
}

/* Make the flexible columns narrower, the widest of them first: of a long name and a longer one
 * both stay readable. */
static void squeeze(const struct pw_table *table, size_t width, size_t least, struct layout *layout)
{
    while (layout->total > width && slack(table, layout, least) > 0) {
        size_t widest = 0;
        for (size_t i = 0; i < table->column_count; i++) {
            if (table->columns[i].is_flexible && (!table->columns[widest].is_flexible ||
                                                  layout->widths[i] > layout->widths[widest])) {
                widest = i;
            }
        }
        layout->widths[widest]--;
        layout->total--;
    }
}

/* The second lines of rows: all columns but the first and the last. */
static void fit_second(const struct pw_table *table, size_t width, struct layout *layout)
{
    const size_t last = table->column_count - 1;
    struct layout second = *layout;
    second.total = INDENT;
    second.widths[0] = 0;
    second.widths[last] = 0;
    for (size_t i = 1; i < last; i++) {
        second.total += layout->widths[i] + (i > 1 ? GAP : 0);
    }
    drop(table, width, &second);
    squeeze(table, width, LEAST_CELL, &second);
    for (size_t i = 1; i < last; i++) {
        layout->widths[i] = second.widths[i];
    }
}

static void stack(const struct pw_table *table, size_t width, struct layout *layout)
{
    const size_t last = table->column_count - 1;
    measure(table, layout);
    layout->is_stacked = true;
    const size_t beside = layout->widths[last] + (size_t)2 * GAP;
    const size_t room = width > beside + LEAST_CELL ? width - beside : LEAST_CELL;
    layout->widths[0] = layout->widths[0] < room ? layout->widths[0] : room;
    fit_second(table, width, layout);
}

static void fit(const struct pw_table *table, size_t width, struct layout *layout)
{
    drop(table, width + slack(table, layout, EASY_NAME), layout);
    squeeze(table, width, LEAST_NAME, layout);
    if (layout->total > width && table->column_count > 2) {
        stack(table, width, layout);
    }
}

static void put_padding(const char *text, size_t width, struct pw_strbuf *out)
{
    size_t used = pw_text_width(text);
    pw_strbuf_pad(out, ' ', used < width ? width - used : 0);
}

/** One row, or the titles. */
struct line {
    const char *mark;
    const char *color;
    const char *const *cells;
};

/* One cell behind its gap. @param is_end  nothing follows that it would have to be aligned with */
static void put_cell(const struct pw_table *table, const struct layout *layout,
                     const struct line *line, size_t column, bool is_end, struct pw_strbuf *out)
{
    const char *cell = line->cells[column];
    const size_t width = layout->widths[column];
    const bool is_last = column + 1 == table->column_count;
    struct pw_strbuf text = PW_STRBUF_INIT;
    pw_report_shorten(cell, width, &text);
    if (table->columns[column].is_right) {
        put_padding(pw_strbuf_text(&text), width, out);
    }
    pw_strbuf_puts(out, is_last ? line->color : "");
    pw_strbuf_puts(out, pw_strbuf_text(&text));
    pw_strbuf_puts(out, is_last && *line->color != '\0' ? RESET : "");
    if (!is_end && !table->columns[column].is_right) {
        put_padding(pw_strbuf_text(&text), width, out);
    }
    pw_strbuf_share_failure(out, &text);
    pw_strbuf_release(&text);
}

/* The last column before an end that is not left out. */
static size_t last_shown(const struct layout *layout, size_t end)
{
    while (end > 1 && layout->widths[end - 1] == 0) {
        end--;
    }
    return end - 1;
}

static void put_stacked(const struct pw_table *table, const struct layout *layout,
                        const struct line *line, struct pw_strbuf *out)
{
    const size_t last = table->column_count - 1;
    const size_t end = last_shown(layout, last);
    size_t gap = INDENT;
    pw_strbuf_pad(out, ' ', 1);
    put_cell(table, layout, line, 0, false, out);
    pw_strbuf_pad(out, ' ', GAP);
    put_cell(table, layout, line, last, true, out);
    pw_strbuf_putc(out, '\n');
    for (size_t i = 1; i < last; i++) {
        if (layout->widths[i] > 0) {
            pw_strbuf_pad(out, ' ', gap);
            put_cell(table, layout, line, i, i == end, out);
            gap = GAP;
        }
    }
    pw_strbuf_putc(out, '\n');
}

static void put_line(const struct pw_table *table, const struct layout *layout,
                     const struct line *line, struct pw_strbuf *out)
{
    const size_t end = last_shown(layout, table->column_count);
    pw_strbuf_printf(out, "%s%s%s", line->color, line->mark, *line->color != '\0' ? RESET : "");
    if (layout->is_stacked) {
        put_stacked(table, layout, line, out);
        return;
    }
    for (size_t i = 0; i < table->column_count; i++) {
        if (layout->widths[i] > 0) {
            pw_strbuf_pad(out, ' ', i == 0 ? 1 : GAP);
            put_cell(table, layout, line, i, i == end, out);
        }
    }
    pw_strbuf_putc(out, '\n');
}

int pw_table_render(const struct pw_table *table, unsigned width, struct pw_strbuf *out,
                    struct pw_error *err)
{
    struct layout layout;
    if (table->failed) {
        return pw_error_set_no_memory(err);
    }
    measure(table, &layout);
    if (width > 0) {
        fit(table, width, &layout);
    }
    put_line(table, &layout, &(struct line){" ", "", table->titles}, out);
    for (size_t i = 0; i < table->count; i++) {
        const struct pw_table_row *row = &table->rows[i];
        put_line(table, &layout, &(struct line){row->mark, row->color, row->cells}, out);
    }
    return pw_strbuf_check(out, err);
}
