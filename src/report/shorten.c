/*
 * Shortening by columns, and by bytes too: combining marks need no column, and there may be a
 * million of them. Malformed UTF-8 is cut anywhere; who escapes the text replaces it.
 */
#include "shorten.h"

#include <stdbool.h>
#include <string.h>

#include "perfwarden/util/text.h"

#define ELLIPSIS         "\xE2\x80\xA6"
#define BYTES_PER_COLUMN 4

static bool is_continuation(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* Columns of the character that ends before, or starts at, a place. */
static size_t width_of_character(const char *start, size_t length)
{
    char copy[5] = "";
    memcpy(copy, start, length < sizeof copy ? length : sizeof copy - 1);
    return pw_text_width(copy);
}

/* Bytes at the start of a text that fit into `width` columns. */
static size_t fitting_head(const char *text, size_t width)
{
    size_t end = 0;
    for (size_t used = 0; text[end] != '\0';) {
        size_t length = 1;
        while (is_continuation(text[end + length])) {
            length++;
        }
        used += width_of_character(text + end, length);
        if (used > width || end + length > width * BYTES_PER_COLUMN) {
            break;
        }
        end += length;
    }
    return end;
}

/* Where the end of a text starts that fits into `width` columns. */
static size_t fitting_tail(const char *text, size_t width)
{
    size_t length = strlen(text);
    size_t start = length;
    for (size_t used = 0; start > 0;) {
        size_t previous = start - 1;
        while (previous > 0 && is_continuation(text[previous])) {
            previous--;
        }
        used += width_of_character(text + previous, start - previous);
        if (used > width || length - previous > width * BYTES_PER_COLUMN) {
            break;
        }
        start = previous;
    }
    return start;
}

void pw_report_shorten(const char *text, size_t width, struct pw_strbuf *out)
{
    if (strlen(text) <= width * BYTES_PER_COLUMN && pw_text_width(text) <= width) {
        pw_strbuf_puts(out, text);
        return;
    }
    size_t tail_width = (width - 1) / 2;
    pw_strbuf_append(out, text, fitting_head(text, width - 1 - tail_width));
    pw_strbuf_puts(out, ELLIPSIS);
    pw_strbuf_puts(out, text + fitting_tail(text, tail_width));
}
