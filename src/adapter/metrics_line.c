/* Scanning one line of JSON in one pass. Every refusal is told in words by pw_json_parse(). */
#include "metrics_line.h"

#include <string.h>

#include "perfwarden/util/compiler.h"
#include "perfwarden/util/text.h"

enum { DEPTH_MAX = 199 };

static char skip_blanks(struct pw_metrics_cursor *cursor)
{
    const char *at = cursor->at;

    while (at < cursor->end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n')) {
        at++;
    }
    cursor->at = at;
    return (char)(at < cursor->end ? *at : '\0');
}

static bool take(struct pw_metrics_cursor *cursor, char byte)
{
    if (skip_blanks(cursor) != byte) {
        return false;
    }
    cursor->at++;
    return true;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/** Four hexadecimal digits. @return −1 for anything else */
static long read_hex(struct pw_metrics_cursor *cursor)
{
    long value = 0;

    if (cursor->end - cursor->at < 4) {
        return -1;
    }
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(*cursor->at++);

        if (digit < 0) {
            return -1;
        }
        value = value * 16 + digit;
    }
    return value;
}

/** What stands behind "\u": a code point, of two halves where it is large. */
static bool read_code_point(struct pw_metrics_cursor *cursor, unsigned long *out)
{
    long first = read_hex(cursor);
    long second;

    if (first <= 0 || (first >= 0xDC00 && first <= 0xDFFF)) {
        return false;
    }
    *out = (unsigned long)first;
    if (first < 0xD800 || first > 0xDBFF) {
        return true;
    }
    if (cursor->end - cursor->at < 2 || cursor->at[0] != '\\' || cursor->at[1] != 'u') {
        return false;
    }
    cursor->at += 2;
    second = read_hex(cursor);
    *out =
        0x10000UL + (((unsigned long)first - 0xD800UL) << 10) + ((unsigned long)second & 0x3FFUL);
    return second >= 0xDC00 && second <= 0xDFFF;
}

static void put_utf8(char **to, unsigned long code)
{
    unsigned char *at = (unsigned char *)*to;

    if (code < 0x80) {
        *at++ = (unsigned char)code;
    } else if (code < 0x800) {
        *at++ = (unsigned char)(0xC0 | (code >> 6));
        *at++ = (unsigned char)(0x80 | (code & 0x3F));
    } else {
        if (code < 0x10000) {
            *at++ = (unsigned char)(0xE0 | (code >> 12));
        } else {
            *at++ = (unsigned char)(0xF0 | (code >> 18));
            *at++ = (unsigned char)(0x80 | ((code >> 12) & 0x3F));
        }
        *at++ = (unsigned char)(0x80 | ((code >> 6) & 0x3F));
        *at++ = (unsigned char)(0x80 | (code & 0x3F));
    }
    *to = (char *)at;
}

/** An escape, the cursor behind its backslash. */
static bool read_escape(struct pw_metrics_cursor *cursor, char **to)
{
    static const char LETTERS[] = "\"\\/bfnrt";
    static const char MEANINGS[] = "\"\\/\b\f\n\r\t";
    unsigned long code = 0;
    const char *found;
    char letter;

    if (cursor->at >= cursor->end || *cursor->at == '\0') {
        return false;
    }
    letter = *cursor->at++;
    if (letter == 'u') {
        if (!read_code_point(cursor, &code)) {
            return false;
        }
        put_utf8(to, code);
        return true;
    }
    found = strchr(LETTERS, letter);
    if (found == NULL) {
        return false;
    }
    *(*to)++ = MEANINGS[found - LETTERS];
    return true;
}

/** Behind characters that stand for themselves: to a quotation mark, a backslash or the end. */
static bool skip_plain(struct pw_metrics_cursor *cursor)
{
    const char *at = cursor->at;
    bool is_right = true;

    while (is_right && at < cursor->end && *at != '"' && *at != '\\') {
        const unsigned char byte = (unsigned char)*at;

        if (byte >= 0x20 && byte < 0x80) {
            at++;
        } else {
            uint32_t code_point = 0;
            size_t used =
                byte < 0x20 ? 0 : pw_utf8_decode(at, (size_t)(cursor->end - at), &code_point);

            /* U+FFFD itself has three bytes. */
            is_right = used > 0 && !(code_point == 0xFFFD && used < 3);
            at += used;
        }
    }
    cursor->at = at;
    return is_right && at < cursor->end;
}

static bool read_string(struct pw_metrics_cursor *cursor, struct pw_metrics_text *out)
{
    const char *begin;
    char *decoded = cursor->scratch;

    if (!take(cursor, '"')) {
        return false;
    }
    begin = cursor->at;
    if (!skip_plain(cursor)) {
        return false;
    }
    if (*cursor->at == '"') {
        *out = (struct pw_metrics_text){begin, (size_t)(cursor->at++ - begin)};
        return true;
    }
    for (;;) {
        const size_t part = (size_t)(cursor->at - begin);

        memcpy(cursor->scratch, begin, part);
        cursor->scratch += part;
        if (*cursor->at++ == '"') {
            *out = (struct pw_metrics_text){decoded, (size_t)(cursor->scratch - decoded)};
            return true;
        }
        if (!read_escape(cursor, &cursor->scratch)) {
            return false;
        }
        begin = cursor->at;
        if (!skip_plain(cursor)) {
            return false;
        }
    }
}

static bool read_word(struct pw_metrics_cursor *cursor, struct pw_metrics_item *out)
{
    static const struct {
        const char *word;
        enum pw_metrics_type type;
        bool truth;
    } WORDS[] = {{"true", PW_METRICS_BOOL, true},
                 {"false", PW_METRICS_BOOL, false},
                 {"null", PW_METRICS_NULL, false}};

    for (size_t i = 0; i < PW_COUNT(WORDS); i++) {
        const size_t length = strlen(WORDS[i].word);

        if ((size_t)(cursor->end - cursor->at) >= length &&
            memcmp(cursor->at, WORDS[i].word, length) == 0) {
            cursor->at += length;
            out->type = WORDS[i].type;
            out->truth = WORDS[i].truth;
            return true;
        }
    }
    return false;
}

static bool read_scalar(struct pw_metrics_cursor *cursor, struct pw_metrics_item *out)
{
    const char next = skip_blanks(cursor);

    if (next == '"') {
        out->type = PW_METRICS_STRING;
        return read_string(cursor, &out->text);
    }
    if (next == '-' || (next >= '0' && next <= '9')) {
        return pw_metrics_read_number(cursor, out);
    }
    return read_word(cursor, out);
}

/** A name and its colon, of a member that is not looked at. */
static bool skip_name(struct pw_metrics_cursor *cursor)
{
    struct pw_metrics_text name;

    return read_string(cursor, &name) && take(cursor, ':');
}

/** Go out of all containers that end here. @return false where neither a comma nor a bracket is */
static bool close_containers(struct pw_metrics_cursor *cursor, const char *closing, size_t *depth)
{
    while (*depth > 0 && take(cursor, closing[*depth - 1])) {
        (*depth)--;
    }
    if (*depth == 0) {
        return true;
    }
    return take(cursor, ',') && (closing[*depth - 1] == ']' || skip_name(cursor));
}

/** Go behind a container, at whose bracket the cursor is. What is in it is checked. */
static bool skip_container(struct pw_metrics_cursor *cursor)
{
    char closing[DEPTH_MAX];
    size_t depth = 0;

    do {
        const char next = skip_blanks(cursor);
        struct pw_metrics_item ignored;

        if (next != '{' && next != '[') {
            if (!read_scalar(cursor, &ignored)) {
                return false;
            }
        } else if (depth == DEPTH_MAX) {
            return false;
        } else {
            cursor->at++;
            closing[depth++] = next == '{' ? '}' : ']';
            if (skip_blanks(cursor) != closing[depth - 1]) {
                if (next == '{' && !skip_name(cursor)) {
                    return false;
                }
                continue;
            }
        }
        if (!close_containers(cursor, closing, &depth)) {
            return false;
        }
    } while (depth > 0);
    return true;
}

static bool read_item(struct pw_metrics_cursor *cursor, struct pw_metrics_item *out)
{
    const char next = skip_blanks(cursor);
    const char *begin = cursor->at;
    char *scratch = cursor->scratch;

    if (next != '{' && next != '[') {
        return read_scalar(cursor, out);
    }
    out->type = next == '{' ? PW_METRICS_OBJECT : PW_METRICS_ARRAY;
    if (!skip_container(cursor)) {
        return false;
    }
    cursor->scratch = scratch;
    out->text = (struct pw_metrics_text){begin, (size_t)(cursor->at - begin)};
    return true;
}

static bool has_name(const struct pw_metrics_object *object, struct pw_metrics_text name)
{
    for (size_t i = 0; i < object->count; i++) {
        const struct pw_metrics_text *other = &object->members[i].name;

        if (other->length == name.length && memcmp(other->data, name.data, name.length) == 0) {
            return true;
        }
    }
    return false;
}

static bool read_member(struct pw_metrics_cursor *cursor, struct pw_metrics_object *out)
{
    struct pw_metrics_member *member = &out->members[out->count];

    if (out->count == PW_METRICS_MAX_MEMBERS) {
        return false;
    }
    memset(member, 0, sizeof(*member));
    if (!read_string(cursor, &member->name) || has_name(out, member->name) || !take(cursor, ':') ||
        !read_item(cursor, &member->item)) {
        return false;
    }
    out->count++;
    return true;
}

bool pw_metrics_read_object(struct pw_metrics_cursor *cursor, struct pw_metrics_object *out)
{
    out->count = 0;
    if (!take(cursor, '{')) {
        return false;
    }
    if (take(cursor, '}')) {
        return pw_metrics_is_at_end(cursor);
    }
    do {
        if (!read_member(cursor, out)) {
            return false;
        }
    } while (take(cursor, ','));
    return take(cursor, '}') && pw_metrics_is_at_end(cursor);
}

bool pw_metrics_open_array(struct pw_metrics_cursor *cursor)
{
    return take(cursor, '[');
}

bool pw_metrics_next(struct pw_metrics_cursor *cursor, bool *is_first, struct pw_metrics_item *out)
{
    const bool was_first = *is_first;

    *is_first = false;
    if (take(cursor, ']')) {
        return false;
    }
    memset(out, 0, sizeof(*out));
    return (was_first || take(cursor, ',')) && read_item(cursor, out);
}

bool pw_metrics_is_at_end(struct pw_metrics_cursor *cursor)
{
    (void)skip_blanks(cursor);
    return cursor->at == cursor->end;
}

bool pw_metrics_is(struct pw_metrics_text text, const char *word)
{
    return strlen(word) == text.length && memcmp(text.data, word, text.length) == 0;
}

const struct pw_metrics_item *pw_metrics_member(const struct pw_metrics_object *object,
                                                const char *name)
{
    for (size_t i = 0; i < object->count; i++) {
        if (pw_metrics_is(object->members[i].name, name)) {
            return &object->members[i].item;
        }
    }
    return NULL;
}
