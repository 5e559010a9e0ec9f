/* Aligning text by its width on a terminal, not by its bytes. */
#include "table.h"

#include <assert.h>

#include "perfwarden/util/escape.h"
#include "perfwarden/util/text.h"
#include "shorten.h"

#define GAP         2   /* blanks between columns */
#define WIDEST_CELL 100 /* one hostile name must not push the others off every screen */
#define LEAST_NAME  12  /* a flexible column is not cut below this */
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
    size_t total; /**< of a line, with mark and gaps */
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

/* How much narrower flexible columns can make a line. */
static size_t slack(const struct pw_table *table, const struct layout *layout)
{
    size_t sum = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].is_flexible && layout->widths[i] > LEAST_NAME) {
            sum += layout->widths[i] - LEAST_NAME;
        }
    }
    return sum;
}

static void fit(const struct pw_table *table, size_t width, struct layout *layout)
{
    for (size_t i = 0; i < table->column_count; i++) {
        if (layout->total <= width + slack(table, layout)) {
            break;
        }
        if (table->columns[i].is_optional) {
            layout->total -= layout->widths[i] + GAP;
            layout->widths[i] = 0;
        }
    }
    for (size_t i = 0; i < table->column_count && layout->total > width; i++) {
        if (!table->columns[i].is_flexible || layout->widths[i] <= LEAST_NAME) {
            continue;
        }
        size_t spare = layout->widths[i] - LEAST_NAME;
        size_t excess = layout->total - width;
        size_t cut = excess < spare ? excess : spare;
        layout->widths[i] -= cut;
        layout->total -= cut;
    }
}

static void put_padding(const char *text, size_t width, struct pw_strbuf *out)
{
    size_t used = pw_text_width(text);
    pw_strbuf_pad(out, ' ', used < width ? width - used : 0);
}

static void put_line(const struct pw_table *table, const struct layout *layout, const char *mark,
                     const char *color, const char *const *cells, struct pw_strbuf *out)
{
    const char *reset = *color != '\0' ? RESET : "";
    pw_strbuf_printf(out, "%s%s%s", color, mark, reset);
    for (size_t i = 0; i < table->column_count; i++) {
        bool is_last = i + 1 == table->column_count;
        size_t width = layout->widths[i];
        if (width == 0) {
            continue;
        }
        pw_strbuf_pad(out, ' ', i == 0 ? 1 : GAP);
        if (table->columns[i].is_right) {
            put_padding(cells[i], width, out);
        }
        if (is_last) {
            pw_strbuf_puts(out, color);
        }
        size_t start = out->length;
        pw_report_shorten(cells[i], width, out);
        if (is_last) {
            pw_strbuf_puts(out, reset);
        } else if (!table->columns[i].is_right && !pw_strbuf_failed(out)) {
            put_padding(pw_strbuf_text(out) + start, width, out);
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
    put_line(table, &layout, " ", "", table->titles, out);
    for (size_t i = 0; i < table->count; i++) {
        const struct pw_table_row *row = &table->rows[i];
        put_line(table, &layout, row->mark, row->color, row->cells, out);
    }
    return pw_strbuf_check(out, err);
}
