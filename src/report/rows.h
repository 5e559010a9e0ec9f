/*
 * The rows of a comparison as every table shows them: in which order, in which groups, in which
 * words. Text and markdown share this one pass; each escapes the cells for its own context.
 */
#ifndef PERFWARDEN_REPORT_ROWS_H
#define PERFWARDEN_REPORT_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/gate.h"
#include "perfwarden/util/error.h"
#include "perfwarden/util/strbuf.h"

/** What a reader has to do with a row; each row is in exactly one group. Reports show them so. */
enum pw_report_group {
    PW_REPORT_FAILING,   /**< it makes the gate fail */
    PW_REPORT_ATTENTION, /**< worse, vanished or not decided, but let through: accepted, or by the
                            policy */
    PW_REPORT_IMPROVED,
    PW_REPORT_QUIET, /**< passed or skipped */
    PW_REPORT_GROUP_COUNT
};

/** The bit of a group in a set of them. */
#define PW_REPORT_GROUP_BIT(group) (1u << (unsigned)(group))
#define PW_REPORT_ALL_GROUPS       (PW_REPORT_GROUP_BIT(PW_REPORT_GROUP_COUNT) - 1u)

enum pw_report_column {
    PW_REPORT_BENCHMARK,
    PW_REPORT_METRIC,
    PW_REPORT_BASE,
    PW_REPORT_HEAD,
    PW_REPORT_CHANGE,
    PW_REPORT_INTERVAL,
    PW_REPORT_LIMIT,
    PW_REPORT_VERDICT,
    PW_REPORT_COLUMN_COUNT
};

/** The headings of the columns. */
extern const char *const pw_report_titles[PW_REPORT_COLUMN_COUNT];

/** Append one cell, unescaped: it may quote foreign text (ids, metrics, units). */
void pw_report_cell(const struct pw_comparison_row *row, enum pw_report_column column,
                    struct pw_strbuf *out);

/** Append " wall_time since v1.2": what follows a benchmark's id where its rows are told apart by
 * name; unescaped, and nothing for a row about the benchmark as a whole. */
void pw_report_subject(const struct pw_comparison_row *row, struct pw_strbuf *out);

/** Append the figures behind a verdict: samples, noise, what could have been seen, p. */
void pw_report_evidence(const struct pw_comparison_row *row, struct pw_strbuf *out);

/** Which group a row is in, by the comparison's own policy. */
enum pw_report_group pw_report_group_of(const struct pw_comparison *comparison,
                                        const struct pw_comparison_row *row);

struct pw_report_entry {
    const struct pw_comparison_row *row;
    enum pw_report_group group;
    double worsening;
};

/** All rows, sorted: by group, the most serious and the largest worsening first. */
struct pw_report_rows {
    struct pw_report_entry *entries;
    size_t count;
    size_t group_counts[PW_REPORT_GROUP_COUNT];
};

/** @param comparison borrowed until pw_report_rows_release() @return 0; PW_ENOMEM */
int pw_report_rows_init(struct pw_report_rows *rows, const struct pw_comparison *comparison,
                        struct pw_error *err) PW_MUST_CHECK;
void pw_report_rows_release(struct pw_report_rows *rows);

/** How many rows are in a set of groups. */
size_t pw_report_rows_count(const struct pw_report_rows *rows, unsigned groups);

/** One row with its cells as text, valid during the visit. */
struct pw_report_view {
    const struct pw_comparison_row *row;
    enum pw_report_group group;
    const char *cells[PW_REPORT_COLUMN_COUNT];
};

/** @return false to end the pass */
typedef bool pw_report_visit_fn(void *context, const struct pw_report_view *view);

/** Show the rows of a set of groups to a visitor, in order. @return 0; PW_ENOMEM */
int pw_report_rows_visit(const struct pw_report_rows *rows, unsigned groups,
                         pw_report_visit_fn *visit, void *context,
                         struct pw_error *err) PW_MUST_CHECK;

#endif
