/* perfwarden baseline export: stored results in a format for others, or for another store. */
#include "baseline.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* One export under way. */
struct export
{
    struct pw_cli *cli;
    struct pw_project *project;
    enum pw_portable format;
    FILE *stream; /* what it is written to meanwhile */
    size_t count;
    int code; /* results that could not be read do not stop the others */
};

static int write_text(struct export *export, struct pw_strbuf *text, struct pw_error *err)
{
    int status = pw_strbuf_check(text, err);
    errno = 0;
    if (status == PW_OK &&
        fwrite(pw_strbuf_text(text), 1, text->length, export->stream) != text->length) {
        status = pw_error_set_errno(err, errno == 0 ? EIO : errno, "cannot write the export");
    }
    pw_strbuf_clear(text);
    return status;
}

static int export_result(struct export *export, const struct pw_store_entry *entry,
                         struct pw_strbuf *text, struct pw_error *err)
{
    struct pw_error failure = PW_ERROR_INIT;
    struct pw_result result = {0};
    if (pw_store_read(export->project->store, entry, &result, &failure) != PW_OK) {
        export->code = pw_exit_worst(export->code, pw_cli_fail(export->cli, &failure));
        return PW_OK;
    }
    pw_portable_put_result(export->format, &result, text);
    pw_result_release(&result);
    export->count++;
    return write_text(export, text, err);
}

/* Oldest first, as they were measured. */
static int export_all(struct export *export, const struct pw_baseline_choice *choice,
                      struct pw_error *err)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    pw_strbuf_init(&text, 2 * PW_RESULT_MAX_BYTES);
    pw_portable_put_begin(export->format, &text);
    int status = write_text(export, &text, err);
    for (size_t i = choice->count; i > 0 && status == PW_OK; i--) {
        const volatile int *interrupted = export->cli->interrupted;
        status = interrupted != NULL && *interrupted != 0
                     ? pw_error_set(err, PW_EINTERRUPTED, "interrupted, nothing was exported")
                     : export_result(export, &choice->entries[i - 1], &text, err);
    }
    if (status == PW_OK) {
        pw_portable_put_end(export->format, &text);
        status = write_text(export, &text, err);
    }
    pw_strbuf_release(&text);
    return status;
}

/* Flush and close; the first failure counts. */
static int close_stream(FILE *stream, int status, struct pw_error *err)
{
    errno = 0;
    const bool is_lost = fflush(stream) != 0 || ferror(stream) != 0;
    const int errnum = errno == 0 ? EIO : errno;
    const bool is_closed = fclose(stream) == 0;
    if (status == PW_OK && (is_lost || !is_closed)) {
        return pw_error_set_errno(err, errnum, "cannot write the export");
    }
    return status;
}

/* The script is written whole, then read by the program: no pipe can break between them. */
static int make_database(struct export *export, const struct pw_baseline_choice *choice,
                         const char *path, struct pw_error *err)
{
    export->stream = tmpfile();
    if (export->stream == NULL) {
        return pw_error_set_errno(err, errno, "cannot make a temporary file");
    }
    int status = export_all(export, choice, err);
    errno = 0;
    if (status == PW_OK && (fflush(export->stream) != 0 || ferror(export->stream) != 0 ||
                            lseek(fileno(export->stream), 0, SEEK_SET) != 0)) {
        status = pw_error_set_errno(err, errno == 0 ? EIO : errno, "cannot write a temporary file");
    }
    if (status == PW_OK) {
        status = pw_portable_make_database(fileno(export->stream), path, err);
    }
    (void)fclose(export->stream);
    return status;
}

static int fill_file(struct export *export, const struct pw_baseline_choice *choice, int fd,
                     const char *temporary, struct pw_error *err)
{
    if (export->format == PW_PORTABLE_SQLITE) {
        (void)close(fd);
        return make_database(export, choice, temporary, err);
    }
    export->stream = fdopen(fd, "w");
    if (export->stream == NULL) {
        const int errnum = errno;
        (void)close(fd);
        return pw_error_set_errno(err, errnum, "cannot write the export");
    }
    return close_stream(export->stream, export_all(export, choice, err), err);
}

static int export_to_file(struct export *export, const struct pw_baseline_choice *choice,
                          const char *path, struct pw_error *err)
{
    struct pw_strbuf temporary = PW_STRBUF_INIT;
    int fd = -1;
    int status = pw_file_begin(path, &temporary, &fd, err);
    if (status == PW_OK && export->format == PW_PORTABLE_SQLITE && temporary.length == 0) {
        (void)close(fd);
        status = pw_error_set(err, PW_EUSAGE, "a database needs a file, which '%s' is not", path);
    } else if (status == PW_OK) {
        /* a name that begins with a dash would be an option of the program */
        struct pw_strbuf named = PW_STRBUF_INIT;
        pw_strbuf_puts(&named, pw_strbuf_text(&temporary)[0] == '-' ? "./" : "");
        pw_strbuf_puts(&named, pw_strbuf_text(&temporary));
        status = fill_file(export, choice, fd, pw_strbuf_text(&named), err);
        pw_strbuf_release(&named);
        if (status == PW_OK) {
            status = pw_file_finish(path, &temporary, err);
        } else {
            pw_file_abandon(&temporary);
        }
    }
    pw_strbuf_release(&temporary);
    return status;
}

/* The choice table has checked the word. */
static enum pw_portable find_format(const char *name)
{
    for (int i = 0; name != NULL && i < PW_PORTABLE_COUNT; i++) {
        if (strcmp(name, pw_portable_name((size_t)i)) == 0) {
            return (enum pw_portable)i;
        }
    }
    return PW_PORTABLE_JSONL;
}

static int export_choice(struct export *export, const struct pw_baseline_choice *choice,
                         const char *path)
{
    struct pw_error err = PW_ERROR_INIT;
    const bool to_stdout = path == NULL || strcmp(path, "-") == 0;
    int status;
    if (to_stdout) {
        /* pw_cli_main() looks at the stream in the end */
        export->stream = export->cli->out;
        status = export_all(export, choice, &err);
    } else {
        status = export_to_file(export, choice, path, &err);
    }
    return status == PW_OK ? export->code
                           : pw_exit_worst(export->code, pw_cli_fail(export->cli, &err));
}

int pw_baseline_export(struct pw_cli *cli, const struct pw_arguments *arguments,
                       struct pw_project *project, const struct pw_words *operands)
{
    struct pw_baseline_choice choice = {0};
    struct export export = {
        .cli = cli,
        .project = project,
        .format = find_format(arguments->portable),
    };
    const char *path = arguments->output;
    const bool to_stdout = path == NULL || strcmp(path, "-") == 0;
    if (export.format == PW_PORTABLE_SQLITE && to_stdout) {
        return pw_baseline_fail_usage(cli, "a database needs a file: pass", "-o FILE");
    }
    export.code = pw_baseline_choose(cli, arguments, project, operands, &choice);
    int code = export.code;
    if (code == PW_EXIT_PASS || choice.count > 0) {
        code = export_choice(&export, &choice, path);
    }
    if (code == PW_EXIT_PASS && !to_stdout && !arguments->is_quiet) {
        fprintf(cli->err, "perfwarden: exported %zu result%s\n", export.count,
                export.count == 1 ? "" : "s");
    }
    pw_store_listing_release(&choice.listing);
    return code;
}
