/* What the formats in JSON share: members that are metrics, lists of samples, repeated names. */
#ifndef PERFWARDEN_ADAPTER_JSON_MEMBERS_H
#define PERFWARDEN_ADAPTER_JSON_MEMBERS_H

#include "formats.h"

/** How a format's document is read: what is found is appended to the output. */
typedef int pw_adapter_read_document(const struct pw_json *document,
                                     struct pw_adapter_output *output, struct pw_error *err);

/**
 * Parse an output that is one JSON document: all of a parse function but what `read` does.
 *
 * A benchmark and metric that `read` gives several times becomes one value, the median of them,
 * with all of them as its samples.
 */
int pw_adapter_parse_document(const char *format, const char *text, size_t length,
                              pw_adapter_read_document *read, struct pw_adapter_output *out,
                              struct pw_error *err) PW_MUST_CHECK;

/** As pw_adapter_parse_document() for what Python's json module writes: NaN and Infinity outside
 * of strings are read as strings. */
int pw_adapter_parse_python_document(const char *format, const char *text, size_t length,
                                     pw_adapter_read_document *read, struct pw_adapter_output *out,
                                     struct pw_error *err) PW_MUST_CHECK;

/** Make one value of those with the same benchmark and metric. @return 0; PW_ENOMEM */
int pw_adapter_merge_repeated(struct pw_adapter_output *output, struct pw_error *err) PW_MUST_CHECK;

/** A member of an object that is a metric. */
struct pw_adapter_member {
    const char *key;
    const char *metric;
    const char *unit; /**< as the harness means it; see pw_adapter_find_unit() */
};

/** Add one number in the unit of the harness; one it does not know stays as it is, lower is better.
 * @return 0; PW_ENOMEM */
int pw_adapter_add_number(struct pw_adapter_output *output, const char *benchmark,
                          const char *metric, const char *unit, double value,
                          struct pw_error *err) PW_MUST_CHECK;

/**
 * Add those members of an object that it has; null, "NaN" and "Infinity" stand for none.
 *
 * @return 0; PW_EFORMAT when one is no number; PW_ENOMEM
 */
int pw_adapter_add_members(struct pw_adapter_output *output, const char *format,
                           const char *benchmark, const struct pw_json *object,
                           const struct pw_adapter_member *members, size_t count,
                           struct pw_error *err) PW_MUST_CHECK;

/** The value a benchmark stands for. Each may be NULL, and null in the document. */
struct pw_adapter_centre {
    const char *metric;
    const char *unit;
    const struct pw_json *median;
    const struct pw_json *mean;
    const struct pw_json *samples; /**< a list, or a list of lists; not used unless all are numbers
                                    */
};

/**
 * Add the central value of a benchmark: its median where it is given, else that of the samples,
 * else the mean.
 *
 * @return 0; PW_EFORMAT when there is none, or a negative time; PW_ENOMEM
 */
int pw_adapter_add_centre(struct pw_adapter_output *output, const char *format,
                          const char *benchmark, const struct pw_adapter_centre *centre,
                          struct pw_error *err) PW_MUST_CHECK;

/** A member's text; NULL for none. */
const char *pw_adapter_member_text(const struct pw_json *object, const char *key);
/** Whether a member is there and not null. */
bool pw_adapter_member_is_set(const struct pw_json *object, const char *key);
/** A member that has to be a list. @param where its object in the message @return 0; PW_EFORMAT */
int pw_adapter_member_list(const char *format, const struct pw_json *object, const char *key,
                           const char *where, const struct pw_json **out,
                           struct pw_error *err) PW_MUST_CHECK;

#endif
