/*
 * Duplicate members: names of one object compared as they read after their escapes are resolved,
 * so that "a" and "\u0061" are the same. Sorts, so that an object of many members costs n log n
 * even when their hashes were made to collide.
 *
 * Expects names that the scanner has found well-formed.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "json_scan.h"
#include "perfwarden/util/text.h"

static uint32_t hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return (uint32_t)(c - '0');
    }
    return (uint32_t)((c | 0x20) - 'a') + 10;
}

static uint32_t four_hex(const char *at)
{
    return hex_value(at[0]) << 12 | hex_value(at[1]) << 8 | hex_value(at[2]) << 4 |
           hex_value(at[3]);
}

/* The code point behind a backslash; *at stands behind the backslash and is moved on. */
static uint32_t decode_escape(const char **at)
{
    char c = *(*at)++;
    switch (c) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case 'u':
        break;
    default:
        return (uint32_t)c;
    }
    uint32_t unit = four_hex(*at);
    *at += 4;
    if (unit < 0xD800 || unit > 0xDBFF) {
        return unit;
    }
    uint32_t low = four_hex(*at + 2);
    *at += 6;
    return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
}

static uint32_t next_code_point(const char **at, const char *end)
{
    unsigned char first = (unsigned char)**at;
    if (first == '\\') {
        (*at)++;
        return decode_escape(at);
    }
    if (first < 0x80) {
        (*at)++;
        return first;
    }
    uint32_t code_point = 0;
    *at += pw_utf8_decode(*at, (size_t)(end - *at), &code_point);
    return code_point;
}

void pw_json_key_hash(struct pw_json_key *key)
{
    uint64_t hash = PW_HASH_INIT;
    for (const char *at = key->begin; at < key->end;) {
        hash ^= next_code_point(&at, key->end);
        hash *= UINT64_C(0x100000001b3);
    }
    key->hash = hash;
}

/* Order of the decoded names: negative, 0 or positive. */
static int compare_names(const struct pw_json_key *a, const struct pw_json_key *b)
{
    const char *at_a = a->begin;
    const char *at_b = b->begin;
    while (at_a < a->end && at_b < b->end) {
        uint32_t x = next_code_point(&at_a, a->end);
        uint32_t y = next_code_point(&at_b, b->end);
        if (x != y) {
            return x < y ? -1 : 1;
        }
    }
    return (at_a < a->end) - (at_b < b->end);
}

static int compare_keys(const void *left, const void *right)
{
    const struct pw_json_key *a = left;
    const struct pw_json_key *b = right;
    if (a->hash != b->hash) {
        return a->hash < b->hash ? -1 : 1;
    }
    int order = compare_names(a, b);
    if (order != 0) {
        return order;
    }
    return (a->begin > b->begin) - (a->begin < b->begin);
}

const char *pw_json_find_duplicate(struct pw_json_key *keys, size_t count)
{
    qsort(keys, count, sizeof(keys[0]), compare_keys);
    const char *first = NULL;
    for (size_t i = 1; i < count; i++) {
        bool is_same =
            keys[i - 1].hash == keys[i].hash && compare_names(&keys[i - 1], &keys[i]) == 0;
        if (is_same && (first == NULL || keys[i].begin < first)) {
            first = keys[i].begin;
        }
    }
    return first;
}
