/* Splitting CSV (RFC 4180) into records. Not for other modules. */
#ifndef PERFWARDEN_STORE_CSV_RECORD_H
#define PERFWARDEN_STORE_CSV_RECORD_H

#include "portable.h"

/** Most fields of a record. */
#define PW_CSV_FIELDS_MAX 64

/** One record: its fields, each ending in a NUL, one behind the other. */
struct pw_csv_record {
    struct pw_strbuf text;
    size_t starts[PW_CSV_FIELDS_MAX];
    size_t count;
    unsigned line; /**< where it begins */
    char none[1];  /**< a field that is not there */
};

void pw_csv_record_release(struct pw_csv_record *record);

/** A field's text; it may be changed in place. "" for an index that is not there. */
char *pw_csv_record_field(struct pw_csv_record *record, size_t index);

/**
 * Read the next record. Lines may end in LF or CRLF; empty ones are passed over.
 *
 * @param[out] record   zero-initialised before the first call; released by the caller
 * @param[out] has_one  false at the end
 * @return 0; PW_EFORMAT with the line: a quote that is not closed or stands inside a field, a NUL,
 * invalid UTF-8, too many fields, too long; PW_EIO
 */
int pw_csv_record_read(struct pw_input *input, struct pw_csv_record *record, bool *has_one,
                       struct pw_error *err) PW_MUST_CHECK;

#endif
