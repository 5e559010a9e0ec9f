/* What the writers and readers of portable formats share. Not for other modules. */
#ifndef PERFWARDEN_STORE_PORTABLE_H
#define PERFWARDEN_STORE_PORTABLE_H

#include <sys/types.h>

#include "perfwarden/store.h"

/** The columns of a CSV file, in their order. */
enum pw_csv_column {
    PW_CSV_COMMIT,
    PW_CSV_ENVIRONMENT,
    PW_CSV_RUN_ID,
    PW_CSV_RECORDED_AT,
    PW_CSV_BRANCH,
    PW_CSV_DIRTY,
    PW_CSV_BENCHMARK,
    PW_CSV_NAME,
    PW_CSV_PARAMS,
    PW_CSV_STATUS,
    PW_CSV_METRIC,
    PW_CSV_UNIT,
    PW_CSV_BETTER,
    PW_CSV_SOURCE,
    PW_CSV_SAMPLES,
    PW_CSV_COLUMNS
};

/** The name of a column. */
const char *pw_csv_column_name(size_t column);
void pw_csv_put_header(struct pw_strbuf *out);
void pw_csv_put_result(const struct pw_result *result, struct pw_strbuf *out);
/** Undo what defused a field; in place. */
void pw_csv_restore(char *field);

/** A whole result on one line, with its newline. */
void pw_jsonl_put_result(const struct pw_result *result, struct pw_strbuf *out);

/** Bytes that are read at once. */
#define PW_INPUT_CHUNK_BYTES ((size_t)64 << 10)

/** Bytes from a descriptor, with the line they are on. */
struct pw_input {
    int fd;                          /**< borrowed */
    const char *name;                /**< for messages; borrowed */
    const volatile int *interrupted; /**< not 0 once a signal arrived; may be NULL; borrowed */
    unsigned char *chunk;
    size_t at;
    size_t filled;
    unsigned line; /**< of the next byte, from 1 */
    bool has_ended;
};

int pw_input_init(struct pw_input *input, int fd, const char *name,
                  struct pw_error *err) PW_MUST_CHECK;
void pw_input_release(struct pw_input *input);
/** Have at least `wanted` bytes in the chunk from `at` on, or all up to the end. */
int pw_input_fill(struct pw_input *input, size_t wanted, struct pw_error *err) PW_MUST_CHECK;
/** The next byte. @param[out] out  -1 at the end */
int pw_input_byte(struct pw_input *input, int *out, struct pw_error *err) PW_MUST_CHECK;
/**
 * The next line without its newline, appended.
 *
 * @param[out] has_line  false at the end
 * @return 0; PW_EFORMAT when it is longer than the buffer's cap; PW_EIO
 */
int pw_input_line(struct pw_input *input, struct pw_strbuf *out, bool *has_line,
                  struct pw_error *err) PW_MUST_CHECK;

/** Add the result that a text is. @param line  where it stands in the file; 0 when it is all of it
 */
int pw_import_text(struct pw_import *import, const struct pw_strbuf *text, const char *file,
                   unsigned line, struct pw_error *err) PW_MUST_CHECK;
/** What is read is a result of something. @return 0; PW_EFORMAT: the import is of no use then */
int pw_import_check(const struct pw_result *result, const char *file, unsigned line,
                    struct pw_error *err) PW_MUST_CHECK;
/** Read results, one a line; or a single one over several lines. */
int pw_import_lines(struct pw_import *import, struct pw_input *input,
                    struct pw_error *err) PW_MUST_CHECK;
int pw_import_csv(struct pw_import *import, struct pw_input *input,
                  struct pw_error *err) PW_MUST_CHECK;
int pw_import_sqlite(struct pw_import *import, const char *path,
                     struct pw_error *err) PW_MUST_CHECK;

/** A sqlite3 that runs. */
struct pw_sqlite {
    pid_t pid;
    int output; /**< read end of its standard output; -1 when nobody reads it */
    int errors; /**< a file that receives its complaints */
};

/**
 * Start the sqlite3 program.
 *
 * @param arguments  NULL-terminated, without the program's own name
 * @param input      its standard input; -1 for none
 * @return 0; PW_ENOTFOUND when there is no such program, naming the package; PW_EIO
 */
int pw_sqlite_start(const char *const *arguments, int input, bool reads_output,
                    struct pw_sqlite *out, struct pw_error *err) PW_MUST_CHECK;
/** End it, if it still runs, and free what it held. For when its answer is not wanted any more. */
void pw_sqlite_abandon(struct pw_sqlite *sqlite);
/** Wait for its end. @return 0 when it succeeded; PW_EFORMAT with its own words; PW_EIO */
int pw_sqlite_finish(struct pw_sqlite *sqlite, const char *path,
                     struct pw_error *err) PW_MUST_CHECK;

#endif
