/* A growing string. The one place where text memory is reallocated. */
#include "perfwarden/util/strbuf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void pw_strbuf_init(struct pw_strbuf *buf, size_t cap)
{
    *buf = (struct pw_strbuf)PW_STRBUF_INIT;
    buf->cap = cap;
}

void pw_strbuf_release(struct pw_strbuf *buf)
{
    size_t cap = buf->cap;
    free(buf->data);
    pw_strbuf_init(buf, cap);
}

void pw_strbuf_clear(struct pw_strbuf *buf)
{
    buf->failed = false;
    pw_strbuf_truncate(buf, 0);
}

static size_t effective_cap(const struct pw_strbuf *buf)
{
    return buf->cap == 0 ? PW_STRBUF_DEFAULT_CAP : buf->cap;
}

/* Make room for `extra` more bytes and a NUL. Returns false, remembered, when that cannot be. */
static bool reserve(struct pw_strbuf *buf, size_t extra)
{
    size_t cap = effective_cap(buf);
    if (buf->failed || extra > cap || buf->length > cap - extra) {
        buf->failed = true;
        return false;
    }
    size_t needed = buf->length + extra + 1;
    if (needed <= buf->capacity) {
        return true;
    }
    size_t capacity = buf->capacity < 64 ? 64 : buf->capacity;
    while (capacity < needed) {
        capacity = capacity > SIZE_MAX / 2 ? needed : capacity * 2;
    }
    char *data = realloc(buf->data, capacity);
    if (data == NULL) {
        buf->failed = true;
        return false;
    }
    buf->data = data;
    buf->capacity = capacity;
    return true;
}

void pw_strbuf_append(struct pw_strbuf *buf, const char *data, size_t length)
{
    if (!reserve(buf, length)) {
        return;
    }
    if (length > 0) {
        memcpy(buf->data + buf->length, data, length);
    }
    buf->length += length;
    buf->data[buf->length] = '\0';
}

void pw_strbuf_puts(struct pw_strbuf *buf, const char *text)
{
    pw_strbuf_append(buf, text, strlen(text));
}

void pw_strbuf_putc(struct pw_strbuf *buf, char byte)
{
    pw_strbuf_append(buf, &byte, 1);
}

void pw_strbuf_pad(struct pw_strbuf *buf, char byte, size_t count)
{
    if (!reserve(buf, count)) {
        return;
    }
    memset(buf->data + buf->length, byte, count);
    buf->length += count;
    buf->data[buf->length] = '\0';
}

void pw_strbuf_printf(struct pw_strbuf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    pw_strbuf_vprintf(buf, format, args);
    va_end(args);
}

/* Mostly there is room already: then the text is made once. */
void pw_strbuf_vprintf(struct pw_strbuf *buf, const char *format, va_list args)
{
    const size_t room = buf->capacity - buf->length;
    va_list first;
    va_copy(first, args);
    int length = vsnprintf(room > 0 ? buf->data + buf->length : NULL, room, format, first);
    va_end(first);
    if (length < 0) {
        buf->failed = true;
    } else if (reserve(buf, (size_t)length)) {
        if ((size_t)length >= room) {
            vsnprintf(buf->data + buf->length, (size_t)length + 1, format, args);
        }
        buf->length += (size_t)length;
    }
    if (buf->data != NULL) {
        buf->data[buf->length] = '\0'; /* what was begun and has no place */
    }
}

void pw_strbuf_truncate(struct pw_strbuf *buf, size_t length)
{
    if (buf->data != NULL && length < buf->length) {
        buf->length = length;
        buf->data[length] = '\0';
    }
}

bool pw_strbuf_failed(const struct pw_strbuf *buf)
{
    return buf->failed;
}

void pw_strbuf_share_failure(struct pw_strbuf *buf, const struct pw_strbuf *part)
{
    buf->failed = buf->failed || part->failed;
}

const char *pw_strbuf_text(const struct pw_strbuf *buf)
{
    return buf->data == NULL ? "" : buf->data;
}

char *pw_strbuf_detach(struct pw_strbuf *buf)
{
    if (!reserve(buf, 0)) {
        return NULL;
    }
    char *data = buf->data;
    data[buf->length] = '\0';
    pw_strbuf_init(buf, buf->cap);
    return data;
}

int pw_strbuf_check(const struct pw_strbuf *buf, struct pw_error *err)
{
    return buf->failed ? pw_error_set_no_memory(err) : PW_OK;
}
