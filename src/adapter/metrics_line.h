/*
 * One line of a metrics file as its members. A strict scanner of its own, for a tree of every line
 * takes several times as long. Internal to the adapter module.
 */
#ifndef PERFWARDEN_ADAPTER_METRICS_LINE_H
#define PERFWARDEN_ADAPTER_METRICS_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Most members of a line, and of an object within it. */
#define PW_METRICS_MAX_MEMBERS 32

enum pw_metrics_type {
    PW_METRICS_NULL,
    PW_METRICS_BOOL,
    PW_METRICS_NUMBER,
    PW_METRICS_STRING,
    PW_METRICS_ARRAY,
    PW_METRICS_OBJECT
};

/** Text that is borrowed from the line or its scratch memory; not terminated. */
struct pw_metrics_text {
    const char *data;
    size_t length;
};

/** A value that was read. */
struct pw_metrics_item {
    enum pw_metrics_type type;
    struct pw_metrics_text text; /**< of a string, decoded; of a container, from its bracket on */
    double number;
    bool is_integer;    /**< written without fraction and exponent, and within 64 bits */
    bool is_negative;   /**< meaningful for an integer, as the next */
    uint64_t magnitude; /**< without the sign */
    bool truth;
};

struct pw_metrics_member {
    struct pw_metrics_text name;
    struct pw_metrics_item item;
};

/** The members of an object. */
struct pw_metrics_object {
    struct pw_metrics_member members[PW_METRICS_MAX_MEMBERS];
    size_t count;
};

/** Where reading has come to. */
struct pw_metrics_cursor {
    const char *at;
    const char *end;
    char *scratch; /**< room for decoded strings: as long as the line */
};

/**
 * Read an object and nothing else. Accepts what pw_json_parse() does and no more, but for the
 * number of members and for names that stand twice in an object that only stands within it.
 *
 * @param[out] out  members in their order
 * @return false when this is no such object
 */
bool pw_metrics_read_object(struct pw_metrics_cursor *cursor, struct pw_metrics_object *out);

/** Read a number, whose sign or first digit the cursor is at (metrics_number.c). */
bool pw_metrics_read_number(struct pw_metrics_cursor *cursor, struct pw_metrics_item *out);

/** Go into an array. @return false when there is none */
bool pw_metrics_open_array(struct pw_metrics_cursor *cursor);
/** Read the next element. @param is_first true before the first; updated
 * @return false at the end, or where this is no JSON */
bool pw_metrics_next(struct pw_metrics_cursor *cursor, bool *is_first, struct pw_metrics_item *out);

/** Whether only blanks are left. */
bool pw_metrics_is_at_end(struct pw_metrics_cursor *cursor);

/** @return NULL when the object has no such member */
const struct pw_metrics_item *pw_metrics_member(const struct pw_metrics_object *object,
                                                const char *name);

bool pw_metrics_is(struct pw_metrics_text text, const char *word);

#endif
