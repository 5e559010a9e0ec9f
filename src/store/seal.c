/*
 * What git does for its objects, for files in a directory: a digit that was changed on a disk would
 * read as another measurement. The last member is the FNV-1a hash of the text without it:
 *
 *      …\n  ]\n}\n   ──►   …\n  ],\n  "checksum": "0123456789abcdef"\n}\n
 *
 * Each step of the hash is a bijection, so every single changed byte changes it. It shows damage
 * and edits; it is no proof against somebody who makes a matching one.
 */
#include "seal.h"

#include <inttypes.h>
#include <string.h>

#include "perfwarden/util/text.h"

#define TEXT_END    "\n}\n"
#define BEFORE      ",\n  \"checksum\": \""
#define AFTER       "\"" TEXT_END
#define HASH_DIGITS 16

enum {
    END_LENGTH = sizeof(TEXT_END) - 1,
    BEFORE_LENGTH = sizeof(BEFORE) - 1,
    SEAL_LENGTH = sizeof(BEFORE) - 1 + HASH_DIGITS + sizeof(AFTER) - 1
};

static bool ends_in(const char *text, size_t length, const char *end)
{
    const size_t end_length = strlen(end);

    return length >= end_length && memcmp(text + length - end_length, end, end_length) == 0;
}

void pw_seal_put(struct pw_strbuf *out, const char *data, size_t length)
{
    if (!ends_in(data, length, TEXT_END)) {
        pw_strbuf_append(out, data, length);
        return;
    }
    pw_strbuf_append(out, data, length - END_LENGTH);
    pw_strbuf_printf(out, BEFORE "%016" PRIx64 AFTER, pw_hash_string(PW_HASH_INIT, data));
}

int pw_seal_open(struct pw_strbuf *text, const char *name, struct pw_error *err)
{
    char found[HASH_DIGITS + 1] = "";
    char expected[HASH_DIGITS + 1] = "";
    struct pw_strbuf hash = PW_STRBUF_INIT;
    const char *data = pw_strbuf_text(text);

    if (text->length < SEAL_LENGTH || !ends_in(data, text->length, AFTER) ||
        memcmp(data + text->length - SEAL_LENGTH, BEFORE, BEFORE_LENGTH) != 0) {
        return PW_OK;
    }
    const size_t body = text->length - SEAL_LENGTH;
    memcpy(found, data + body + BEFORE_LENGTH, HASH_DIGITS);
    pw_strbuf_truncate(text, body);
    pw_strbuf_puts(text, TEXT_END);
    pw_strbuf_printf(&hash, "%016" PRIx64, pw_hash_string(PW_HASH_INIT, pw_strbuf_text(text)));
    int status = pw_strbuf_check(text, err);
    if (status == PW_OK) {
        status = pw_strbuf_check(&hash, err);
    }
    if (status == PW_OK) {
        memcpy(expected, pw_strbuf_text(&hash), HASH_DIGITS);
        if (strcmp(found, expected) != 0) {
            status =
                pw_error_set(err, PW_EFORMAT,
                             "'%s' is damaged or was edited: its checksum does not match", name);
        }
    }
    pw_strbuf_release(&hash);
    return status;
}
