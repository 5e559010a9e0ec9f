/* The columns of the live table: how wide they are, and which a narrow terminal has room for. */
#ifndef PERFWARDEN_CLI_LIVE_TABLE_H
#define PERFWARDEN_CLI_LIVE_TABLE_H

#include "live_view.h"

enum pw_live_column {
    PW_LIVE_NAME,
    PW_LIVE_METRIC,
    PW_LIVE_PAIRS,
    PW_LIVE_CHANGE,
    PW_LIVE_INTERVAL,
    PW_LIVE_VERDICT,
    PW_LIVE_COLUMN_COUNT
};

struct pw_live_table {
    size_t widths[PW_LIVE_COLUMN_COUNT]; /**< 0 for a column left out */
    bool use_color;
};

/**
 * Lay it out. The same for all rows of a view, whatever they say at the moment, so that nothing
 * jumps: only names and metrics are measured.
 *
 * @return false when there is no room for a name and its change
 */
bool pw_live_table_init(struct pw_live_table *table, const struct pw_live_view *view, size_t width);

/** Append the line of titles. */
void pw_live_table_titles(const struct pw_live_table *table, struct pw_strbuf *out);

/** Append a benchmark's line. */
void pw_live_table_row(const struct pw_live_table *table, const struct pw_live_row *row,
                       struct pw_strbuf *out);

#endif
