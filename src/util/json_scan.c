/*
 * Strict JSON: one pass over the text that accepts exactly RFC 8259, less what perfwarden refuses
 * (see pw_json_parse). Builds nothing: what passes here, the library behind json_read.c reads
 * without surprise. Iterative, so that nesting costs no stack.
 */
#include "json_scan.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "perfwarden/util/json.h"
#include "perfwarden/util/number.h"
#include "perfwarden/util/text.h"

/** The library's own bound for the text of a number: longer ones it would cut. */
#define NUMBER_MAX_LENGTH 63

/** One open container. */
struct frame {
    bool is_object;
    size_t first_key; /**< index in scanner.keys of its first member's name */
};

struct scanner {
    const char *text;
    const char *at;
    const char *end;
    const char *name;
    unsigned flags;
    size_t depth;
    struct frame frames[PW_JSON_MAX_DEPTH];
    struct pw_json_key *keys; /**< of all open objects, those of the innermost last */
    size_t key_count;
    size_t key_capacity;
    struct pw_error *err;
};

/* Fail at a place in the text; columns count characters, as editors do. */
static int fail_at(struct scanner *s, const char *place, const char *message)
{
    unsigned line = 1;
    unsigned column = 1;
    for (const char *at = s->text; at < place; at++) {
        if (*at == '\n') {
            line++;
            column = 1;
        } else if (((unsigned char)*at & 0xC0) != 0x80) {
            column++;
        }
    }
    return pw_error_set_at(s->err, PW_EFORMAT, s->name, line, column, "invalid JSON: %s", message);
}

static int fail(struct scanner *s, const char *message)
{
    return fail_at(s, s->at, s->at == s->end ? "the text ends too early" : message);
}

static void skip_blanks(struct scanner *s)
{
    while (s->at < s->end &&
           (*s->at == ' ' || *s->at == '\t' || *s->at == '\n' || *s->at == '\r')) {
        s->at++;
    }
}

/* The byte here, NUL at the end of the text. */
static char peek(const struct scanner *s)
{
    if (s->at == s->end) {
        return '\0';
    }
    return *s->at;
}

/* The value of \uXXXX's four digits at a place, -1 when they are not all there. */
static long hex_unit(const struct scanner *s, const char *place)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    long value = 0;
    if (s->end - place < 4) {
        return -1;
    }
    for (int i = 0; i < 4; i++) {
        const char *found = place[i] == '\0' ? NULL : strchr(digits, place[i]);
        if (found == NULL) {
            return -1;
        }
        long digit = found - digits;
        value = value * 16 + (digit > 15 ? digit - 6 : digit);
    }
    return value;
}

/* An escape; s->at stands on the backslash and ends behind the escape. */
static int scan_escape(struct scanner *s)
{
    if (s->end - s->at < 2) {
        s->at = s->end;
        return fail(s, "");
    }
    if (s->at[1] != 'u') {
        if (s->at[1] == '\0' || strchr("\"\\/bfnrt", s->at[1]) == NULL) {
            return fail(s, "unknown escape in a string");
        }
        s->at += 2;
        return 0;
    }
    long unit = hex_unit(s, s->at + 2);
    if (unit < 0) {
        return fail(s, "'\\u' is not followed by four hexadecimal digits");
    }
    if (unit == 0) {
        return fail(s, "a string contains '\\u0000'");
    }
    if (unit >= 0xD800 && unit <= 0xDFFF) {
        bool has_low = s->end - s->at >= 12 && s->at[6] == '\\' && s->at[7] == 'u';
        long low = has_low ? hex_unit(s, s->at + 8) : -1;
        if (unit > 0xDBFF || low < 0xDC00 || low > 0xDFFF) {
            return fail(s, "half of a surrogate pair in a string");
        }
        s->at += 6;
    }
    s->at += 6;
    return 0;
}

/* A string; s->at stands on the opening quotation mark and ends behind the closing one. */
static int scan_string(struct scanner *s)
{
    s->at++;
    while (s->at < s->end && *s->at != '"') {
        unsigned char c = (unsigned char)*s->at;
        if (c == '\\') {
            int rc = scan_escape(s);
            if (rc < 0) {
                return rc;
            }
        } else if (c < 0x20) {
            return fail(s, "unescaped control character in a string");
        } else if (c < 0x80) {
            s->at++;
        } else {
            uint32_t code_point = 0;
            size_t used = pw_utf8_decode(s->at, (size_t)(s->end - s->at), &code_point);
            if (code_point == 0xFFFD && used < 3) {
                return fail(s, "invalid UTF-8 in a string");
            }
            s->at += used;
        }
    }
    if (s->at == s->end) {
        return fail(s, "");
    }
    s->at++;
    return 0;
}

static size_t skip_digits(struct scanner *s)
{
    const char *start = s->at;
    while (s->at < s->end && *s->at >= '0' && *s->at <= '9') {
        s->at++;
    }
    return (size_t)(s->at - start);
}

/* The number's value must be one that a double holds well enough. */
static int check_value(struct scanner *s, const char *start, bool is_integer, bool has_exponent)
{
    char text[NUMBER_MAX_LENGTH + 1];
    size_t length = (size_t)(s->at - start);
    if (length > NUMBER_MAX_LENGTH) {
        return fail_at(s, start, "a number of more than 63 characters");
    }
    bool may_be_inexact = is_integer && length > 15 && (s->flags & PW_JSON_EXACT_INTEGERS) != 0;
    if (!has_exponent && !may_be_inexact) {
        return 0;
    }
    memcpy(text, start, length);
    text[length] = '\0';
    double value = 0;
    if (pw_parse_double(text, &value) != 0) {
        return fail_at(s, start, "a number too large for a double");
    }
    if (may_be_inexact) {
        char exact[NUMBER_MAX_LENGTH + 8];
        snprintf(exact, sizeof(exact), "%.0f", value);
        if (strcmp(exact, text) != 0) {
            return fail_at(s, start,
                           "an integer that a double cannot hold exactly, write it as a string");
        }
    }
    return 0;
}

static int scan_number(struct scanner *s)
{
    const char *start = s->at;
    bool is_integer = true;
    bool has_exponent = false;
    if (peek(s) == '-') {
        s->at++;
    }
    if (peek(s) == '0') {
        s->at++;
    } else if (skip_digits(s) == 0) {
        return fail(s, "expected a digit");
    }
    if (peek(s) == '.') {
        s->at++;
        is_integer = false;
        if (skip_digits(s) == 0) {
            return fail(s, "expected a digit behind the decimal point");
        }
    }
    if (peek(s) == 'e' || peek(s) == 'E') {
        s->at++;
        is_integer = false;
        has_exponent = true;
        if (peek(s) == '-' || peek(s) == '+') {
            s->at++;
        }
        if (skip_digits(s) == 0) {
            return fail(s, "expected a digit in the exponent");
        }
    }
    return check_value(s, start, is_integer, has_exponent);
}

static int scan_word(struct scanner *s)
{
    static const char *const words[] = {"true", "false", "null"};
    for (size_t i = 0; i < PW_COUNT(words); i++) {
        size_t length = strlen(words[i]);
        if ((size_t)(s->end - s->at) >= length && memcmp(s->at, words[i], length) == 0) {
            s->at += length;
            return 0;
        }
    }
    return fail(s, "expected a value");
}

/* A member's name and its colon; s->at ends before the value. */
static int scan_key(struct scanner *s)
{
    skip_blanks(s);
    if (peek(s) != '"') {
        return fail(s, "expected a member's name in double quotes");
    }
    struct pw_json_key key = {.begin = s->at + 1};
    int rc = scan_string(s);
    if (rc < 0) {
        return rc;
    }
    key.end = s->at - 1;
    pw_json_key_hash(&key);
    if (s->key_count == s->key_capacity) {
        size_t capacity = s->key_capacity == 0 ? 64 : s->key_capacity * 2;
        struct pw_json_key *keys = realloc(s->keys, capacity * sizeof(keys[0]));
        if (keys == NULL) {
            return pw_error_set_no_memory(s->err);
        }
        s->keys = keys;
        s->key_capacity = capacity;
    }
    s->keys[s->key_count++] = key;
    skip_blanks(s);
    if (peek(s) != ':') {
        return fail(s, "expected ':' behind a member's name");
    }
    s->at++;
    return 0;
}

static int close_container(struct scanner *s)
{
    struct frame *frame = &s->frames[--s->depth];
    s->at++;
    if (!frame->is_object) {
        return 0;
    }
    size_t count = s->key_count - frame->first_key;
    s->key_count = frame->first_key;
    if (count < 2) {
        return 0;
    }
    const char *duplicate = pw_json_find_duplicate(s->keys + frame->first_key, count);
    if (duplicate != NULL) {
        return fail_at(s, duplicate - 1, "a member of this name is there already");
    }
    return 0;
}

/*
 * Open a container. @param[out] is_open false when it was empty and is closed again; otherwise
 * s->at ends before its first value
 */
static int open_container(struct scanner *s, bool *is_open)
{
    bool is_object = *s->at == '{';
    if (s->depth == PW_JSON_MAX_DEPTH) {
        return fail(s, "nested deeper than 200 levels");
    }
    s->frames[s->depth++] = (struct frame){.is_object = is_object, .first_key = s->key_count};
    s->at++;
    skip_blanks(s);
    *is_open = peek(s) != (is_object ? '}' : ']');
    if (!*is_open) {
        return close_container(s);
    }
    return is_object ? scan_key(s) : 0;
}

/* Behind a value: close what ends here, up to where the next value starts or the text ends. */
static int scan_after_value(struct scanner *s)
{
    while (s->depth > 0) {
        bool is_object = s->frames[s->depth - 1].is_object;
        skip_blanks(s);
        if (peek(s) == ',') {
            s->at++;
            return is_object ? scan_key(s) : 0;
        }
        if (peek(s) != (is_object ? '}' : ']')) {
            return fail(s, is_object ? "expected ',' or '}'" : "expected ',' or ']'");
        }
        int rc = close_container(s);
        if (rc < 0) {
            return rc;
        }
    }
    return 0;
}

/* @param[out] is_open true when a container was opened, so that its first value comes next */
static int scan_value(struct scanner *s, bool *is_open)
{
    *is_open = false;
    skip_blanks(s);
    char c = peek(s);
    if (c == '{' || c == '[') {
        return open_container(s, is_open);
    }
    if (c == '"') {
        return scan_string(s);
    }
    if (c == '-' || (c >= '0' && c <= '9')) {
        return scan_number(s);
    }
    return scan_word(s);
}

static int scan_document(struct scanner *s)
{
    do {
        bool is_open = false;
        int rc = scan_value(s, &is_open);
        if (rc == 0 && !is_open) {
            rc = scan_after_value(s);
        }
        if (rc < 0) {
            return rc;
        }
    } while (s->depth > 0);
    skip_blanks(s);
    return s->at == s->end ? 0 : fail(s, "more text behind the value");
}

int pw_json_scan(const char *text, size_t length, const char *name, unsigned flags,
                 struct pw_error *err)
{
    struct scanner *s = calloc(1, sizeof(*s));
    if (s == NULL) {
        return pw_error_set_no_memory(err);
    }
    s->text = length == 0 ? "" : text;
    s->at = s->text;
    s->end = s->text + length;
    s->name = name;
    s->flags = flags;
    s->err = err;
    int rc = scan_document(s);
    free(s->keys);
    free(s);
    return rc;
}
