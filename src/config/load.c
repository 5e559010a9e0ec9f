/*
 * A configuration from a file: the only place of the module that touches the file system.
 */
#define _XOPEN_SOURCE 700 /* realpath */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "perfwarden/config.h"
#include "perfwarden/util/file.h"
#include "reading.h"
#include "yaml_reader.h"

/* The canonical directory of a file, so that it can be compared with git's idea of it. */
static int find_directory(const char *path, char **out, struct pw_error *err)
{
    struct pw_strbuf parent = PW_STRBUF_INIT;
    const char *slash = strrchr(path, '/');
    if (slash == NULL) {
        pw_strbuf_putc(&parent, '.');
    } else {
        pw_strbuf_append(&parent, path, slash == path ? 1 : (size_t)(slash - path));
    }
    int status = pw_strbuf_check(&parent, err);
    if (status == PW_OK) {
        char *real = realpath(pw_strbuf_text(&parent), NULL);
        if (real == NULL) {
            status = pw_error_set_errno(err, errno, "cannot find the directory of '%s'", path);
        } else {
            *out = real;
        }
    }
    pw_strbuf_release(&parent);
    return status;
}

/* Why the file could not be read, with the remedy where there is one. @return its status */
static int refuse_file(struct pw_error *cause, struct pw_diagnostics *mistakes)
{
    if (cause->status == PW_ENOTFOUND) {
        pw_error_set(cause, PW_ENOTFOUND, "%s; 'perfwarden init' writes one to start from",
                     pw_error_message(cause));
    } else if (cause->status == PW_EFORMAT) {
        cause->status = PW_ECONFIG; /* there, but too large */
    }
    const int status = cause->status;
    return pw_reading_add(mistakes, cause) ? status : PW_ENOMEM;
}

int pw_config_load(const char *path, struct pw_config *out, struct pw_diagnostics *mistakes)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_error cause = PW_ERROR_INIT;
    char *directory = NULL;
    int status = pw_file_read(path, PW_YAML_MAX_BYTES, &text, &cause);
    if (status == PW_OK) {
        status = find_directory(path, &directory, &cause);
    }
    if (status == PW_OK) {
        status =
            pw_config_parse(pw_strbuf_text(&text), text.length, path, directory, out, mistakes);
    } else {
        status = refuse_file(&cause, mistakes);
    }
    free(directory);
    pw_error_release(&cause);
    pw_strbuf_release(&text);
    return status;
}
