/*
 * Results out of a database. Only the column that holds whole results is read; the rest of the file
 * is not trusted: the program runs without its functions that touch files, and what it prints is
 * bounded as any other input.
 */
#include "portable.h"

/* A line end can be in a result's text only between its members. */
#define QUERY                                                                                      \
    "PRAGMA trusted_schema = OFF; "                                                                \
    "SELECT replace(replace(CAST(json AS TEXT), char(10), ' '), char(13), ' ') FROM result "       \
    "ORDER BY rowid;"

/* A path that begins with a dash would be an option. */
static int make_path(const char *path, struct pw_strbuf *out, struct pw_error *err)
{
    pw_strbuf_puts(out, path[0] == '-' ? "./" : "");
    pw_strbuf_puts(out, path);
    return pw_strbuf_check(out, err);
}

static int read_lines(struct pw_import *import, const char *name, struct pw_sqlite *sqlite,
                      struct pw_error *err)
{
    struct pw_input input;
    int status = pw_input_init(&input, sqlite->output, name, err);

    if (status == PW_OK) {
        status = pw_import_lines(import, &input, err);
        pw_input_release(&input);
    }
    return status;
}

int pw_import_sqlite(struct pw_import *import, const char *path, struct pw_error *err)
{
    struct pw_strbuf named = PW_STRBUF_INIT;
    struct pw_strbuf shown = PW_STRBUF_INIT;
    struct pw_sqlite sqlite;

    pw_strbuf_printf(&shown, "%s, table 'result'", path);
    int status = make_path(path, &named, err);
    if (status == PW_OK) {
        status = pw_strbuf_check(&shown, err);
    }
    if (status == PW_OK) {
        const char *const arguments[] = {"-batch",    "-bail",     "-init",
                                         "/dev/null", "-readonly", "-safe",
                                         "-list",     "-noheader", pw_strbuf_text(&named),
                                         QUERY,       NULL};
        status = pw_sqlite_start(arguments, -1, true, &sqlite, err);
    }
    if (status == PW_OK) {
        status = read_lines(import, pw_strbuf_text(&shown), &sqlite, err);
        if (status == PW_OK) {
            status = pw_sqlite_finish(&sqlite, path, err);
        } else {
            pw_sqlite_abandon(&sqlite);
        }
    }
    pw_strbuf_release(&named);
    pw_strbuf_release(&shown);
    return status;
}
