/* A row of a CSV file of results, by its columns. Not for other modules. */
#ifndef PERFWARDEN_STORE_CSV_ROW_H
#define PERFWARDEN_STORE_CSV_ROW_H

#include "csv_record.h"

struct pw_csv_row {
    struct pw_csv_record record;
    size_t positions[PW_CSV_COLUMNS]; /**< of each column in the record */
    const char *name;                 /**< of the file, for messages */
    struct pw_error *err;
};

/** Set PW_EFORMAT: "column 'x' <problem>", with the place. */
int pw_csv_row_fail(const struct pw_csv_row *row, enum pw_csv_column column, const char *problem);

/** The field of a column; "" when the file has no such column. May be changed in place. */
char *pw_csv_row_field(struct pw_csv_row *row, enum pw_csv_column column);

/** Add what the row says of a benchmark to its result. @return 0; PW_EFORMAT; PW_ENOMEM */
int pw_csv_row_take(struct pw_csv_row *row, struct pw_result *result) PW_MUST_CHECK;

#endif
