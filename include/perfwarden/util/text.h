/* Text: UTF-8, its width on a terminal, near misses, glob patterns, hashing. */
#ifndef PERFWARDEN_UTIL_TEXT_H
#define PERFWARDEN_UTIL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** True when `length` bytes are well-formed UTF-8 (no surrogates, no overlong forms, ≤ U+10FFFF).
 */
bool pw_utf8_is_valid(const char *text, size_t length);

/**
 * Decode one code point.
 *
 * @param[out] code_point  the code point, or U+FFFD for a malformed sequence
 * @return bytes consumed: 1–4; 1 for a malformed byte; 0 when length is 0
 */
size_t pw_utf8_decode(const char *text, size_t length, uint32_t *code_point);

/** Columns a terminal needs: 2 for wide East Asian and emoji, 0 for combining marks, else 1. */
size_t pw_text_width(const char *text);

/** Levenshtein distance over bytes, at most `limit` (longer distances return limit + 1). */
size_t pw_edit_distance(const char *a, const char *b, size_t limit);

/**
 * The candidate most like a mistyped word.
 *
 * @param candidates  an array of strings, borrowed
 * @return one of the candidates, NULL when none is near (distance over a third of the word's
 * length, at least 1)
 */
const char *pw_text_nearest(const char *word, const char *const *candidates, size_t count);

/** True when text matches a shell pattern; `*` and `?` also match '/'. */
bool pw_glob_match(const char *pattern, const char *text);

/** The FNV-1a hash to start from. */
#define PW_HASH_INIT UINT64_C(0xcbf29ce484222325)

/**
 * Continue an FNV-1a 64-bit hash over a string and its terminating NUL (so that "ab","c" and
 * "a","bc" differ). For names that nobody attacks: environment ids, configuration hashes.
 *
 * Source: Fowler, Noll, Vo; draft-eastlake-fnv.
 */
uint64_t pw_hash_string(uint64_t hash, const char *text);

#endif
