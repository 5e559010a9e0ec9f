/*
 * A growing string that remembers failure and has a cap.
 *
 * Append freely, look once at the end: after the first failed allocation, or an append that would
 * pass the cap, every further append is ignored and pw_strbuf_failed() is true.
 */
#ifndef PERFWARDEN_UTIL_STRBUF_H
#define PERFWARDEN_UTIL_STRBUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/util/compiler.h"
#include "perfwarden/util/error.h"

/** The cap used where none is named: 256 MiB. */
#define PW_STRBUF_DEFAULT_CAP ((size_t)256 << 20)

/**
 * `data` is NUL-terminated whenever it is not NULL; it may hold further NULs.
 * Zero-initialised is valid and means "empty, default cap".
 */
struct pw_strbuf {
    char *data;
    size_t length;
    size_t capacity;
    size_t cap;
    bool failed;
};

/* clang-format off */
#define PW_STRBUF_INIT {NULL, 0, 0, 0, false}
/* clang-format on */

/** Start an empty buffer. @param cap largest length in bytes, 0 for PW_STRBUF_DEFAULT_CAP */
void pw_strbuf_init(struct pw_strbuf *buf, size_t cap);

/** Free the contents; the buffer is empty and usable afterwards. */
void pw_strbuf_release(struct pw_strbuf *buf);

/** Make it empty and forget a failure, keeping the memory. */
void pw_strbuf_clear(struct pw_strbuf *buf);

void pw_strbuf_append(struct pw_strbuf *buf, const char *data, size_t length);
void pw_strbuf_puts(struct pw_strbuf *buf, const char *text);
void pw_strbuf_putc(struct pw_strbuf *buf, char byte);
void pw_strbuf_pad(struct pw_strbuf *buf, char byte, size_t count);
void pw_strbuf_printf(struct pw_strbuf *buf, const char *format, ...) PW_PRINTF(2, 3);
void pw_strbuf_vprintf(struct pw_strbuf *buf, const char *format, va_list args) PW_PRINTF(2, 0);

/** Shorten to `length` bytes (no effect when it is shorter already). */
void pw_strbuf_truncate(struct pw_strbuf *buf, size_t length);

/** True when an append was lost. */
bool pw_strbuf_failed(const struct pw_strbuf *buf);

/** Fail too where text that was made elsewhere, to be appended here, failed. */
void pw_strbuf_share_failure(struct pw_strbuf *buf, const struct pw_strbuf *part);

/** The text, "" when empty; never NULL, borrowed until the next change. */
const char *pw_strbuf_text(const struct pw_strbuf *buf);

/** Hand the text over to the caller, who frees it with free(). @return NULL after a failure */
char *pw_strbuf_detach(struct pw_strbuf *buf) PW_MUST_CHECK;

/** 0, or PW_ENOMEM with a message when an append was lost. */
int pw_strbuf_check(const struct pw_strbuf *buf, struct pw_error *err) PW_MUST_CHECK;

#endif
