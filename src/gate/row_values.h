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
 * Keep for every row that rests on stored sessions what each of them measured.
 *
 * @param sessions  nearest first
 * @return 0; PW_ENOMEM
 */
int pw_rows_keep_history(struct pw_comparison *comparison, const struct pw_entries *sessions,
                         size_t count, struct pw_error *err) PW_MUST_CHECK;

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
