/* Errors: owns their messages. Formats into allocated memory; out of memory needs none. */
#include "perfwarden/util/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "perfwarden/util/strbuf.h"

/* A message is for one line of a person's terminal, so a runaway one is cut short. */
#define MESSAGE_CAP ((size_t)64 << 10)

static char *format_message(const char *format, va_list args) PW_PRINTF(1, 0);

static char *format_message(const char *format, va_list args)
{
    struct pw_strbuf text;
    pw_strbuf_init(&text, MESSAGE_CAP);
    pw_strbuf_vprintf(&text, format, args);
    char *message = pw_strbuf_detach(&text);
    pw_strbuf_release(&text);
    return message;
}

static char *copy_text(const char *text)
{
    struct pw_strbuf copy = PW_STRBUF_INIT;
    pw_strbuf_puts(&copy, text);
    char *result = pw_strbuf_detach(&copy);
    pw_strbuf_release(&copy);
    return result;
}

/* Takes over `message` and `file`. */
static int fill(struct pw_error *err, enum pw_status status, char *message, char *file)
{
    if (err == NULL) {
        free(message);
        free(file);
        return status;
    }
    pw_error_release(err);
    err->status = status;
    err->message = message;
    err->file = file;
    return status;
}

int pw_error_set(struct pw_error *err, enum pw_status status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *message = format_message(format, args);
    va_end(args);
    return fill(err, status, message, NULL);
}

int pw_error_set_at(struct pw_error *err, enum pw_status status, const char *file, unsigned line,
                    unsigned column, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *message = format_message(format, args);
    va_end(args);
    fill(err, status, message, file == NULL ? NULL : copy_text(file));
    if (err != NULL) {
        err->line = line;
        err->column = column;
    }
    return status;
}

static enum pw_status status_of_errno(int errnum)
{
    switch (errnum) {
    case ENOMEM:
        return PW_ENOMEM;
    case ENOENT:
        return PW_ENOTFOUND;
    case EEXIST:
        return PW_EEXISTS;
    default:
        return PW_EIO;
    }
}

int pw_error_set_errno(struct pw_error *err, int errnum, const char *format, ...)
{
    char reason[128] = "";
    if (strerror_r(errnum, reason, sizeof(reason)) != 0 || reason[0] == '\0') {
        strcpy(reason, "unknown error");
    }
    struct pw_strbuf text;
    pw_strbuf_init(&text, MESSAGE_CAP);
    va_list args;
    va_start(args, format);
    pw_strbuf_vprintf(&text, format, args);
    va_end(args);
    pw_strbuf_printf(&text, ": %s", reason);
    char *message = pw_strbuf_detach(&text);
    pw_strbuf_release(&text);
    return fill(err, status_of_errno(errnum), message, NULL);
}

int pw_error_set_no_memory(struct pw_error *err)
{
    return fill(err, PW_ENOMEM, NULL, NULL);
}

int pw_error_prefix(struct pw_error *err, const char *format, ...)
{
    if (err == NULL) {
        return PW_OK;
    }
    struct pw_strbuf text;
    pw_strbuf_init(&text, MESSAGE_CAP);
    va_list args;
    va_start(args, format);
    pw_strbuf_vprintf(&text, format, args);
    va_end(args);
    pw_strbuf_puts(&text, pw_error_message(err));
    char *message = pw_strbuf_detach(&text);
    pw_strbuf_release(&text);
    if (message != NULL) {
        free(err->message);
        err->message = message;
    }
    return err->status;
}

const char *pw_error_message(const struct pw_error *err)
{
    if (err->message != NULL) {
        return err->message;
    }
    return err->status == PW_OK ? "" : "out of memory";
}

void pw_error_move(struct pw_error *to, struct pw_error *from)
{
    if (to == NULL) {
        pw_error_release(from);
        return;
    }
    pw_error_release(to);
    *to = *from;
    *from = (struct pw_error)PW_ERROR_INIT;
}

void pw_error_release(struct pw_error *err)
{
    if (err == NULL) {
        return;
    }
    free(err->message);
    free(err->file);
    *err = (struct pw_error)PW_ERROR_INIT;
}
