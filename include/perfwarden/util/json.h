/*
 * JSON: the only code that knows cJSON.
 *
 * Reading is strict (see pw_json_parse). Writing goes through a small writer with a stack, which is
 * the only source of JSON's punctuation; doubles are written so that they read back equal.
 */
#ifndef PERFWARDEN_UTIL_JSON_H
#define PERFWARDEN_UTIL_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "perfwarden/util/error.h"
#include "perfwarden/util/strbuf.h"

/** One value of a parsed document; borrowed from the document, which owns all of them. */
struct pw_json;

enum pw_json_type {
    PW_JSON_NULL,
    PW_JSON_BOOL,
    PW_JSON_NUMBER,
    PW_JSON_STRING,
    PW_JSON_ARRAY,
    PW_JSON_OBJECT
};

/** How to read a document. */
enum pw_json_flags {
    PW_JSON_DEFAULT = 0,
    /** refuse integers that a double cannot hold, so that a counter never loses a bit */
    PW_JSON_EXACT_INTEGERS = 1
};

/**
 * Parse a whole document.
 *
 * Refused, each with PW_EFORMAT, the line and the column: anything but one value, malformed
 * numbers, numbers that overflow (1e400) or have more than 63 characters, NaN, duplicate members,
 * invalid UTF-8, a NUL or \u0000, nesting over 200.
 *
 * @param name      what error messages call the document (a path); copied
 * @param flags     a set of enum pw_json_flags
 * @param[out] out  freed by pw_json_free()
 */
int pw_json_parse(const char *text, size_t length, const char *name, unsigned flags,
                  struct pw_json **out, struct pw_error *err) PW_MUST_CHECK;

/** Free a document. Accepts NULL. */
void pw_json_free(struct pw_json *document);

enum pw_json_type pw_json_type(const struct pw_json *value);

/** A member of an object. @return NULL when value is NULL, no object, or has no such member */
const struct pw_json *pw_json_get(const struct pw_json *value, const char *key);

/** The first element or member; NULL for none and for scalars. */
const struct pw_json *pw_json_first(const struct pw_json *value);
/** The element or member behind this one; NULL at the end. */
const struct pw_json *pw_json_next(const struct pw_json *value);
/** The name of an object's member; NULL for array elements. */
const char *pw_json_key(const struct pw_json *value);
/** Elements or members; 0 for scalars. */
size_t pw_json_size(const struct pw_json *value);

/** The text of a string, NULL when the value is NULL or no string. */
const char *pw_json_string(const struct pw_json *value);
/** @return false when the value is NULL or no number */
bool pw_json_number(const struct pw_json *value, double *out);
/** @return false when the value is NULL or no boolean */
bool pw_json_bool(const struct pw_json *value, bool *out);

/** Deepest nesting the writer accepts. */
#define PW_JSON_MAX_DEPTH 200

/**
 * Writes one document into a buffer. A wrong order of calls (a key outside an object, an unclosed
 * container) is our own mistake and asserts. Memory failure is remembered by the buffer.
 */
struct pw_json_writer {
    struct pw_strbuf *out;
    size_t depth;
    bool is_object[PW_JSON_MAX_DEPTH];
    bool has_items[PW_JSON_MAX_DEPTH];
    bool is_compact[PW_JSON_MAX_DEPTH];
};

/** Start writing. @param out borrowed until pw_json_writer_finish() */
void pw_json_writer_init(struct pw_json_writer *writer, struct pw_strbuf *out);

/* In the functions below `key` is the member's name inside an object, NULL inside an array and at
 * the top. */
void pw_json_begin_object(struct pw_json_writer *writer, const char *key);
void pw_json_begin_array(struct pw_json_writer *writer, const char *key);
/** As above, but the container and all inside stand on one line. */
void pw_json_begin_compact_object(struct pw_json_writer *writer, const char *key);
void pw_json_begin_compact_array(struct pw_json_writer *writer, const char *key);
/** Close the innermost container. */
void pw_json_end(struct pw_json_writer *writer);

/** Invalid UTF-8 becomes U+FFFD; NULL text becomes null. */
void pw_json_put_string(struct pw_json_writer *writer, const char *key, const char *text);
/** A value that is not finite becomes null. */
void pw_json_put_double(struct pw_json_writer *writer, const char *key, double value);
/** A value above 2^53 is written as a string, so that no reader loses a bit. */
void pw_json_put_uint64(struct pw_json_writer *writer, const char *key, uint64_t value);
void pw_json_put_bool(struct pw_json_writer *writer, const char *key, bool value);
void pw_json_put_null(struct pw_json_writer *writer, const char *key);
/** Copy a parsed value: how unknown members are kept. */
void pw_json_put_value(struct pw_json_writer *writer, const char *key, const struct pw_json *value);

/** End the document with a newline; every container must be closed. */
void pw_json_writer_finish(struct pw_json_writer *writer);

#endif
