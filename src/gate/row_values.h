/* The values behind a row: kept for charts, decide nothing. */
#ifndef PERFWARDEN_GATE_ROW_VALUES_H
#define PERFWARDEN_GATE_ROW_VALUES_H

#include "entries.h"
#include "estimate.h"
#include "perfwarden/util/json.h"

/** Keep the runs of head and of the nearest base, copied. @return 0; PW_ENOMEM */
int pw_row_keep_runs(struct pw_comparison *comparison, struct pw_comparison_row *row,
                     const struct pw_metric_case *item, struct pw_error *err) PW_MUST_CHECK;

/**
 * Keep for every row that rests on stored sessions what each of them measured, how well, and where
 * the level changed.
 *
 * @param sessions  nearest first, at most PW_PREDICTION_MAX_SESSIONS
 * @return 0; PW_ENOMEM
 */
int pw_rows_keep_history(struct pw_comparison *comparison, const struct pw_entries *sessions,
                         size_t count, struct pw_error *err) PW_MUST_CHECK;

/**
 * The interval of a session's median, without assuming anything of how runs are distributed: the
 * runs at the ranks that a binomial with p = ½ passes with 2.5 % at each end.
 *
 * @param sorted  ascending
 * @return NAN for both ends where there are too few runs: less than 6
 */
struct pw_interval pw_gate_median_interval(const double *sorted, size_t count);

/** Copy the values of a row of another comparison. @param[in,out] row has them borrowed */
int pw_row_copy_values(struct pw_comparison *comparison, struct pw_comparison_row *row,
                       struct pw_error *err) PW_MUST_CHECK;

/** "runs" and "history" of an open object; nothing where there are none. */
void pw_row_write_values(struct pw_json_writer *writer, const struct pw_comparison_row *row);

/**
 * Read them back.
 *
 * @param name  of the file, for messages
 * @return 0; PW_EFORMAT naming the member; PW_ENOMEM
 */
int pw_row_read_values(struct pw_comparison *comparison, const struct pw_json *object,
                       const char *name, struct pw_comparison_row *row,
                       struct pw_error *err) PW_MUST_CHECK;

#endif
