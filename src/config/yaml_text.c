/*
 * The bytes of a configuration before YAML sees them: size, UTF-8, characters YAML allows.
 * Done first and here because libyaml reports these by byte offset, not by line and column, and
 * guesses UTF-16 where it should refuse.
 */
#include "yaml_text.h"

#include <string.h>

#include "perfwarden/util/text.h"

/* The printable set of YAML 1.1, section 5.1. */
static bool is_allowed(uint32_t c)
{
    if (c < 0x20) {
        return c == '\t' || c == '\n' || c == '\r';
    }
    if (c >= 0x7F && c < 0xA0) {
        return c == 0x85;
    }
    return c != 0xFEFF && c != 0xFFFE && c != 0xFFFF;
}

/* A malformed byte decodes to U+FFFD of one byte; the character itself has three. */
static bool is_malformed(uint32_t code_point, size_t bytes)
{
    return code_point == 0xFFFD && bytes == 1;
}

static bool has_utf16_mark(const char *text, size_t length)
{
    return length >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0);
}

static void refuse(struct pw_reading *reading, unsigned line, unsigned column, uint32_t code_point,
                   bool malformed)
{
    if (malformed) {
        pw_reading_mistake(reading, line, column, "not valid UTF-8, save the file as UTF-8");
    } else {
        pw_reading_mistake(reading, line, column, "the character U+%04X is not allowed in YAML",
                           (unsigned)code_point);
    }
}

static bool check_characters(struct pw_reading *reading, const char *text, size_t length)
{
    unsigned line = 1;
    unsigned column = 1;
    for (size_t at = 0; at < length;) {
        uint32_t c = 0;
        const size_t bytes = pw_utf8_decode(text + at, length - at, &c);
        const bool malformed = is_malformed(c, bytes);
        if (malformed || !is_allowed(c)) {
            refuse(reading, line, column, c, malformed);
            return false;
        }
        at += bytes;
        const bool ends_line = c == '\n' || (c == '\r' && (at == length || text[at] != '\n'));
        line += ends_line ? 1 : 0;
        column = ends_line ? 1 : column + 1;
    }
    return true;
}

bool pw_yaml_text_check(struct pw_reading *reading, const char **text, size_t *length)
{
    if (*length > PW_YAML_MAX_BYTES) {
        pw_reading_mistake(reading, 1, 1, "the file has %zu bytes, the limit is %zu", *length,
                           PW_YAML_MAX_BYTES);
        return false;
    }
    if (has_utf16_mark(*text, *length)) {
        pw_reading_mistake(reading, 1, 1, "the file is UTF-16, save it as UTF-8");
        return false;
    }
    if (*length >= 3 && memcmp(*text, "\xEF\xBB\xBF", 3) == 0) {
        *text += 3;
        *length -= 3;
    }
    return check_characters(reading, *text, *length);
}
