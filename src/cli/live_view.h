/*
 * The live table of a paired run, as text: how it stands in, lines out. Knows nothing of terminals
 * but their size, and of time but what it is told.
 */
#ifndef PERFWARDEN_CLI_LIVE_VIEW_H
#define PERFWARDEN_CLI_LIVE_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "perfwarden/gate/pair_status.h"

/** One benchmark. */
struct pw_live_row {
    struct pw_pair_status status; /**< names are any bytes; they are made harmless */
    bool is_begun;
    size_t ended;  /**< the how manieth that was decided, or reached a bound; 0 before */
    bool is_shown; /**< set by pw_live_compose(): its figures are worth being kept up to date */
};

struct pw_live_view {
    struct pw_live_row *rows; /**< in the configuration's order */
    size_t count;
    size_t pairs; /**< of all benchmarks */
    uint64_t elapsed_ns;
    const char *left; /**< "at most 3 min left"; "" when not known */
    bool use_color;
};

/** How many need no more pairs. */
size_t pw_live_ended(const struct pw_live_view *view);

/**
 * Append the lines for a terminal: a bar, then a table of the benchmarks. Those that have pairs and
 * need more come first, then those decided last, then those that wait; what finds no room is
 * counted in the last line.
 *
 * Every line is narrower than the terminal, and there are at least two fewer of them than it has
 * rows (but always one).
 *
 * @param columns, rows  of the terminal, ≥ 1
 */
void pw_live_compose(const struct pw_live_view *view, unsigned columns, unsigned rows,
                     struct pw_strbuf *out);

#endif
