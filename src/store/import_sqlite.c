/*
 * Results out of a database. Only the column that holds whole results is read; the rest of the file
 * is not trusted: the program runs without its functions that touch files, and what it prints is
 * bounded as any other input.
 */
#include <string.h>

#include "portable.h"

/* A view could go on for ever, and has no pages of its own: only a table is read. */
#define IS_TABLE                                                                                   \
    "SELECT count(*) FROM sqlite_master WHERE name = 'result' AND type = 'table' AND rootpage > "  \
    "0;"
/* A line end can be in a result's text only between its members, and the program would print a text
 * only up to a NUL, which is in none: so each row is a line, and one that holds no result is empty.
 */
#define RESULTS                                                                                    \
    "PRAGMA trusted_schema = OFF; "                                                                \
    "SELECT CASE WHEN instr(CAST(json AS TEXT), char(0)) > 0 THEN '' "                             \
    "ELSE replace(replace(CAST(json AS TEXT), char(10), ' '), char(13), ' ') END FROM result;"

/* Takes the lines of an answer. */
typedef int (*take_fn)(void *context, struct pw_input *input, struct pw_error *err);

/* A path that begins with a dash would be an option. */
static int make_path(const char *path, struct pw_strbuf *out, struct pw_error *err)
{
    pw_strbuf_puts(out, path[0] == '-' ? "./" : "");
    pw_strbuf_puts(out, path);
    return pw_strbuf_check(out, err);
}

static int read_answer(int fd, const char *name, take_fn take, void *context, struct pw_error *err)
{
    struct pw_input input;
    int status = pw_input_init(&input, fd, name, err);

    if (status == PW_OK) {
        status = take(context, &input, err);
        pw_input_release(&input);
    }
    return status;
}

static int ask(const char *path, const char *query, const char *name, take_fn take, void *context,
               struct pw_error *err)
{
    const char *const arguments[] = {"-batch",    "-bail", "-init", "/dev/null",
                                     "-readonly", "-safe", "-list", "-noheader",
                                     path,        query,   NULL};
    struct pw_sqlite sqlite;
    int status = pw_sqlite_start(arguments, -1, true, &sqlite, err);

    if (status != PW_OK) {
        return status;
    }
    status = read_answer(sqlite.output, name, take, context, err);
    if (status == PW_OK) {
        return pw_sqlite_finish(&sqlite, path, err);
    }
    pw_sqlite_abandon(&sqlite);
    return status;
}

static int take_count(void *context, struct pw_input *input, struct pw_error *err)
{
    struct pw_strbuf line = PW_STRBUF_INIT;
    bool *is_table = context;
    bool has_line = false;
    const int status = pw_input_line(input, &line, &has_line, err);

    if (status == PW_OK) {
        *is_table = strcmp(pw_strbuf_text(&line), "1") == 0;
    }
    pw_strbuf_release(&line);
    return status;
}

static int take_results(void *context, struct pw_input *input, struct pw_error *err)
{
    struct pw_import *import = context;
    struct pw_strbuf text = PW_STRBUF_INIT;
    bool has_row = true;
    int status = PW_OK;

    input->interrupted = import->interrupted;
    pw_strbuf_init(&text, PW_RESULT_MAX_BYTES);
    while (status == PW_OK && has_row) {
        const unsigned row = input->line;
        pw_strbuf_clear(&text);
        status = pw_input_line(input, &text, &has_row, err);
        if (status == PW_OK && has_row && text.length == 0) {
            status = pw_error_set_at(err, PW_EFORMAT, input->name, row, 0,
                                     "the row's column 'json' is empty, or has a NUL");
        } else if (status == PW_OK && has_row) {
            status = pw_import_text(import, &text, input->name, row, err);
        }
    }
    pw_strbuf_release(&text);
    return status;
}

int pw_import_sqlite(struct pw_import *import, const char *path, struct pw_error *err)
{
    struct pw_strbuf named = PW_STRBUF_INIT;
    struct pw_strbuf shown = PW_STRBUF_INIT;
    bool is_table = false;

    pw_strbuf_printf(&shown, "%s, table 'result'", path);
    int status = make_path(path, &named, err);
    if (status == PW_OK) {
        status = pw_strbuf_check(&shown, err);
    }
    if (status == PW_OK) {
        status = ask(pw_strbuf_text(&named), IS_TABLE, path, take_count, &is_table, err);
    }
    if (status == PW_OK && !is_table) {
        status = pw_error_set(err, PW_EFORMAT,
                              "'%s' has no table 'result', so it is no export of results", path);
    }
    if (status == PW_OK) {
        status =
            ask(pw_strbuf_text(&named), RESULTS, pw_strbuf_text(&shown), take_results, import, err);
    }
    pw_strbuf_release(&named);
    pw_strbuf_release(&shown);
    return status;
}
