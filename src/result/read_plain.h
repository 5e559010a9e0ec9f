/*
 * A cursor over the plain part of JSON: what perfwarden itself writes, read in one pass without a
 * tree. Internal to the result module.
 *
 * It accepts nothing that pw_json_parse() refuses, but gives up on some of what that accepts (\u
 * escapes, escapes in names, integers of more than 15 digits): the caller then reads the text with
 * pw_json_parse(), which also knows the words for what is wrong.
 */
#ifndef PERFWARDEN_RESULT_READ_PLAIN_H
#define PERFWARDEN_RESULT_READ_PLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/util/arena.h"

/** Once has_failed is set every function returns false and moves nothing. */
struct pw_plain {
    const char *at;
    const char *end;
    struct pw_arena *arena; /**< where copied texts go */
    bool has_failed;
    bool is_out_of_memory; /**< why it failed */
};

/** A text without escapes, borrowed from the document; not terminated. */
struct pw_slice {
    const char *text;
    size_t length;
};

/** Give up. @return false */
bool pw_plain_fail(struct pw_plain *plain);

/** Go into a container. @param bracket '{' or '[' */
bool pw_plain_open(struct pw_plain *plain, char bracket);
/**
 * Go on to the next element or member of a container, or leave it.
 *
 * @param bracket   '}' or ']'
 * @param is_first  true before the first call; updated
 * @return false behind the last one, or when this is not plain
 */
bool pw_plain_more(struct pw_plain *plain, char bracket, bool *is_first);
/** A member's name and its colon. */
bool pw_plain_key(struct pw_plain *plain, struct pw_slice *out);

/** Take a null if there is one. @return whether there was */
bool pw_plain_null(struct pw_plain *plain);
bool pw_plain_bool(struct pw_plain *plain, bool *out);
bool pw_plain_number(struct pw_plain *plain, double *out);
/** A string without escapes. */
bool pw_plain_slice(struct pw_plain *plain, struct pw_slice *out);
/** A string, copied into the arena. */
bool pw_plain_string(struct pw_plain *plain, const char **out);
/** A copy of a slice in the arena, or `known` itself when that is the same text; it may be NULL. */
bool pw_plain_keep(struct pw_plain *plain, const struct pw_slice *slice, const char *known,
                   const char **out);
/** Whether only blanks are left. */
bool pw_plain_finish(struct pw_plain *plain);

bool pw_slice_is(const struct pw_slice *slice, const char *text);

#endif
