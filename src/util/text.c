/* Text: UTF-8, width, near misses, patterns, hashing. */
#include "perfwarden/util/text.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "perfwarden/util/compiler.h"

#define REPLACEMENT 0xFFFDU

/* Code points from `first` to `last`. */
struct range {
    uint32_t first;
    uint32_t last;
};

/* Marks that take no column of their own: the common combining blocks and zero-width characters. */
static const struct range zero_width[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD},   {0x0610, 0x061A}, {0x064B, 0x065F},
    {0x0900, 0x0902}, {0x0E31, 0x0E31}, {0x0E34, 0x0E3A},   {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
    {0x200B, 0x200F}, {0x202A, 0x202E}, {0x2060, 0x206F},   {0x20D0, 0x20FF}, {0xFE00, 0xFE0F},
    {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0xE0100, 0xE01EF},
};

/* East Asian wide and fullwidth blocks, and the emoji blocks (Unicode Standard Annex 11). */
static const struct range double_width[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2329, 0x232A},   {0x23E9, 0x23EC},
    {0x2614, 0x2615},   {0x2E80, 0x303E},   {0x3041, 0x33FF},   {0x3400, 0x4DBF},
    {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},
    {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},   {0x1F300, 0x1F64F},
    {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD},
};

static bool is_in(uint32_t code_point, const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (code_point >= ranges[i].first && code_point <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

/* The length a lead byte announces and the bits it carries; 0 for a byte that cannot lead. */
static size_t lead_length(unsigned char lead, uint32_t *bits)
{
    static const struct {
        unsigned char mask, value;
    } forms[] = {{0x80, 0x00}, {0xE0, 0xC0}, {0xF0, 0xE0}, {0xF8, 0xF0}};
    for (size_t i = 0; i < PW_COUNT(forms); i++) {
        if ((lead & forms[i].mask) == forms[i].value) {
            *bits = lead & (unsigned char)~forms[i].mask;
            return i + 1;
        }
    }
    return 0;
}

static bool is_shortest_scalar(uint32_t code_point, size_t bytes)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    return code_point >= smallest[bytes] && code_point <= 0x10FFFF &&
           !(code_point >= 0xD800 && code_point <= 0xDFFF);
}

/* As pw_utf8_decode(), but 0 for a malformed sequence. */
static size_t decode_strict(const char *text, size_t length, uint32_t *code_point)
{
    uint32_t value = 0;
    const size_t bytes = length == 0 ? 0 : lead_length((unsigned char)text[0], &value);
    if (bytes == 0 || bytes > length) {
        return 0;
    }
    for (size_t i = 1; i < bytes; i++) {
        const unsigned char next = (unsigned char)text[i];
        if ((next & 0xC0) != 0x80) {
            return 0;
        }
        value = value << 6 | (next & 0x3FU);
    }
    if (!is_shortest_scalar(value, bytes)) {
        return 0;
    }
    *code_point = value;
    return bytes;
}

size_t pw_utf8_decode(const char *text, size_t length, uint32_t *code_point)
{
    if (length == 0) {
        return 0;
    }
    const size_t bytes = decode_strict(text, length, code_point);
    if (bytes == 0) {
        *code_point = REPLACEMENT;
        return 1;
    }
    return bytes;
}

bool pw_utf8_is_valid(const char *text, size_t length)
{
    uint32_t code_point = 0;
    for (size_t at = 0; at < length;) {
        const size_t bytes = decode_strict(text + at, length - at, &code_point);
        if (bytes == 0) {
            return false;
        }
        at += bytes;
    }
    return true;
}

size_t pw_text_width(const char *text)
{
    size_t width = 0;
    const size_t length = strlen(text);
    for (size_t at = 0; at < length;) {
        uint32_t code_point = 0;
        at += pw_utf8_decode(text + at, length - at, &code_point);
        if (is_in(code_point, double_width, PW_COUNT(double_width))) {
            width += 2;
        } else if (!is_in(code_point, zero_width, PW_COUNT(zero_width))) {
            width += 1;
        }
    }
    return width;
}

static size_t min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Words compared are keys and options: long ones are cut, their distance is over any useful limit
 * anyway. */
#define EDIT_MAX 64

size_t pw_edit_distance(const char *a, const char *b, size_t limit)
{
    const size_t a_length = strlen(a);
    const size_t b_length = strlen(b);
    if (a_length > EDIT_MAX || b_length > EDIT_MAX) {
        return strcmp(a, b) == 0 ? 0 : limit + 1;
    }
    size_t row[EDIT_MAX + 1];
    for (size_t j = 0; j <= b_length; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= a_length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            const size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = min_size(substituted, min_size(row[j], row[j - 1]) + 1);
        }
    }
    return min_size(row[b_length], limit + 1);
}

const char *pw_text_nearest(const char *word, const char *const *candidates, size_t count)
{
    const size_t third = strlen(word) / 3;
    const size_t limit = third == 0 ? 1 : third;
    size_t best = limit + 1;
    const char *nearest = NULL;
    for (size_t i = 0; i < count; i++) {
        const size_t distance = pw_edit_distance(word, candidates[i], limit);
        if (distance < best) {
            best = distance;
            nearest = candidates[i];
        }
    }
    return nearest;
}

bool pw_glob_match(const char *pattern, const char *text)
{
    return fnmatch(pattern, text, 0) == 0;
}

uint64_t pw_hash_string(uint64_t hash, const char *text)
{
    const uint64_t prime = UINT64_C(0x100000001b3);
    for (const unsigned char *at = (const unsigned char *)text;; at++) {
        hash = (hash ^ *at) * prime;
        if (*at == '\0') {
            return hash;
        }
    }
}
