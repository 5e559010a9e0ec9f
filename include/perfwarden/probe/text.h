/*
 * Lines of JSON, made without malloc, stdio or locale, so that a signal's handler may make them
 * too.
 */
#ifndef PERFWARDEN_PROBE_TEXT_H
#define PERFWARDEN_PROBE_TEXT_H

#include "perfwarden/probe/state.h"

/* A line that grows up to its end; once something did not fit, nothing more is added. */
struct perfwarden_line_ {
    char *text;
    size_t used;
    size_t size;
    int is_full;
};

PERFWARDEN_HELPER_ struct perfwarden_line_ perfwarden_new_line_(char *text, size_t size)
{
    struct perfwarden_line_ line;

    line.text = text;
    line.used = 0;
    line.size = size;
    line.is_full = 0;
    return line;
}

PERFWARDEN_WARM_ void perfwarden_put_bytes_(struct perfwarden_line_ *line, const char *text,
                                            size_t size)
{
    if (line->is_full || size > line->size - line->used) {
        line->is_full = 1;
        return;
    }
    memcpy(line->text + line->used, text, size);
    line->used += size;
}

PERFWARDEN_WARM_ void perfwarden_put_(struct perfwarden_line_ *line, const char *text)
{
    perfwarden_put_bytes_(line, text, strlen(text));
}

PERFWARDEN_WARM_ void perfwarden_put_u64_(struct perfwarden_line_ *line, uint64_t value)
{
    char digits[20];
    size_t at = sizeof(digits);

    do {
        digits[--at] = (char)('0' + (int)(value % 10U));
        value /= 10U;
    } while (value != 0U);
    perfwarden_put_bytes_(line, digits + at, sizeof(digits) - at);
}

PERFWARDEN_COLD_ void perfwarden_put_i64_(struct perfwarden_line_ *line, int64_t value)
{
    if (value < 0) {
        perfwarden_put_(line, "-");
    }
    perfwarden_put_u64_(line, value < 0 ? 0U - (uint64_t)value : (uint64_t)value);
}

/* A member with a number: `,"key":value`. */
PERFWARDEN_WARM_ void perfwarden_put_member_(struct perfwarden_line_ *line, const char *key,
                                             uint64_t value)
{
    perfwarden_put_(line, ",\"");
    perfwarden_put_(line, key);
    perfwarden_put_(line, "\":");
    perfwarden_put_u64_(line, value);
}

/* Bytes of the UTF-8 sequence at text, which ends at a NUL; 0 when it is none (overlong, surrogate,
 * cut, too large). */
PERFWARDEN_WARM_ size_t perfwarden_utf8_(const unsigned char *text)
{
    size_t size = text[0] < 0x80U ? 1U : text[0] < 0xE0U ? 2U : text[0] < 0xF0U ? 3U : 4U;
    size_t i;

    if ((text[0] >= 0x80U && text[0] < 0xC2U) || text[0] > 0xF4U) {
        return 0;
    }
    for (i = 1; i < size; i++) {
        if ((text[i] & 0xC0U) != 0x80U) {
            return 0;
        }
    }
    if ((text[0] == 0xE0U && text[1] < 0xA0U) || (text[0] == 0xEDU && text[1] > 0x9FU) ||
        (text[0] == 0xF0U && text[1] < 0x90U) || (text[0] == 0xF4U && text[1] > 0x8FU)) {
        return 0;
    }
    return size;
}

/* One character of a JSON string; control characters are escaped, what is no UTF-8 becomes U+FFFD.
 */
PERFWARDEN_WARM_ size_t perfwarden_escape_one_(char *out, const unsigned char *text, size_t size)
{
    static const char hex[] = "0123456789abcdef";

    if (size == 0U) {
        memcpy(out, "\xEF\xBF\xBD", 3);
        return 3;
    }
    if (text[0] == '"' || text[0] == '\\') {
        out[0] = '\\';
        out[1] = (char)text[0];
        return 2;
    }
    if (text[0] < 0x20U || text[0] == 0x7FU) {
        memcpy(out, "\\u00", 4);
        out[4] = hex[text[0] >> 4U];
        out[5] = hex[text[0] & 15U];
        return 6;
    }
    memcpy(out, text, size);
    return size;
}

/* The inside of a JSON string, with a NUL: at most 200 bytes of text and 600 of out, cut between
 * characters. */
PERFWARDEN_WARM_ size_t perfwarden_escape_(char out[PERFWARDEN_NAME_JSON_BYTES_ + 1],
                                           const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t read = 0;
    size_t used = 0;

    while (at[read] != 0U) {
        char escaped[6];
        size_t size = perfwarden_utf8_(at + read);
        size_t length = perfwarden_escape_one_(escaped, at + read, size);

        read += size == 0U ? 1U : size;
        if (read > PERFWARDEN_NAME_BYTES_ || used + length > PERFWARDEN_NAME_JSON_BYTES_) {
            break;
        }
        memcpy(out + used, escaped, length);
        used += length;
    }
    out[used] = '\0';
    return used;
}

#endif
