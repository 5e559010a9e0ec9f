/*
 * Aligned tables for terminals. Cells are foreign text: a table passes each through
 * pw_escape_terminal() and knows nothing of what it means.
 *
 * Where a terminal is too narrow, columns are left out as long as that lets names be read; then
 * names are shortened; and where even that is not enough, each row takes two lines:
 *
 *       Benchmark            Verdict
 *         Metric      Head   Change
 *     x parse/size=1024      regression
 *         wall_time  12 ms  +12.1 %
 */
#ifndef PERFWARDEN_REPORT_TABLE_H
#define PERFWARDEN_REPORT_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/util/arena.h"
#include "perfwarden/util/error.h"
#include "perfwarden/util/strbuf.h"

#define PW_TABLE_MAX_COLUMNS 9

struct pw_table_column {
    bool is_right;    /**< aligned to the right */
    bool is_flexible; /**< may be shortened to make the table fit the terminal */
    unsigned dropped; /**< left out the how manieth where there is no room, from 1; 0 for never */
};

struct pw_table_row {
    const char *mark;  /**< one column wide, in front: no line starts with foreign text */
    const char *color; /**< escape sequence for mark and last cell, "" for none */
    const char *cells[PW_TABLE_MAX_COLUMNS];
};

/** Memory failure is remembered and reported by pw_table_render(). */
struct pw_table {
    struct pw_arena arena;
    const struct pw_table_column *columns; /**< borrowed */
    const char *const *titles;             /**< borrowed */
    size_t column_count;
    struct pw_table_row *rows;
    size_t count;
    size_t capacity;
    bool failed;
};

/** @param columns, titles borrowed, column_count of each, 1 … PW_TABLE_MAX_COLUMNS */
void pw_table_init(struct pw_table *table, const struct pw_table_column *columns,
                   const char *const *titles, size_t column_count);
void pw_table_release(struct pw_table *table);

/** Add a row. @param mark, color string constants @param cells one for each column, copied */
void pw_table_add(struct pw_table *table, const char *mark, const char *color,
                  const char *const *cells);

/** Append the table; the first column is the name, the last one is kept beside it. @param width of
 * the terminal, 0 for unlimited @return 0; PW_ENOMEM */
int pw_table_render(const struct pw_table *table, unsigned width, struct pw_strbuf *out,
                    struct pw_error *err) PW_MUST_CHECK;

#endif
