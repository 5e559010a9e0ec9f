/*
 * Numbers and quantities as text, independent of the locale.
 *
 * One base unit per quantity inside perfwarden: nanoseconds, bytes, plain counts, ratios
 * (0.05 = 5 %). Scaling happens here and only when a person reads or writes the number.
 */
#ifndef PERFWARDEN_UTIL_NUMBER_H
#define PERFWARDEN_UTIL_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "perfwarden/util/error.h"
#include "perfwarden/util/strbuf.h"

/** What a number with a unit measures. */
enum pw_quantity {
    PW_QUANTITY_COUNT,    /**< no unit */
    PW_QUANTITY_RATIO,    /**< "5%" or "0.05"; base 1 */
    PW_QUANTITY_DURATION, /**< ns us ms s min h; base ns */
    PW_QUANTITY_BYTES     /**< B KB KiB MB MiB GB GiB; base byte */
};

/** Bytes needed for pw_format_double(), its NUL included. */
#define PW_DOUBLE_TEXT_SIZE 32

/**
 * Parse a decimal number: the whole text, finite, no hexadecimal, no blanks, '.' as the point.
 *
 * @return 0; PW_EINVAL when the text is anything else (err is not used: the caller has the context)
 */
int pw_parse_double(const char *text, double *out) PW_MUST_CHECK;

/** Parse a decimal integer without sign. @return 0; PW_EINVAL on anything else or on overflow */
int pw_parse_uint64(const char *text, uint64_t *out) PW_MUST_CHECK;

/**
 * Parse a number with an optional unit ("200us", "1 GiB", "5%", "12").
 *
 * @param[out] base      the value in the base unit of *quantity
 * @param[out] quantity  what the unit says; PW_QUANTITY_COUNT without a unit
 * @return 0; PW_EINVAL with a message that names the known units; *base stays finite
 */
int pw_parse_quantity(const char *text, double *base, enum pw_quantity *quantity,
                      struct pw_error *err) PW_MUST_CHECK;

/** The shortest of %.15g, %.16g and %.17g that reads back equal. @param value finite */
void pw_format_double(double value, char out[PW_DOUBLE_TEXT_SIZE]);

/**
 * A value for people, scaled to a readable unit with three significant digits or more: "12.3 ms",
 * "1.25 MiB", "42". Not a number and infinities become "–".
 *
 * @param unit  the metric's base unit as results spell it: "ns", "bytes", "ratio" (shown as %),
 *              "count" (no unit shown); any other is shown behind the number as it is
 */
void pw_format_value(struct pw_strbuf *out, double value, const char *unit);

/** A ratio as a signed percentage: 0.053 → "+5.3 %"; infinities as "+∞", NaN as "–". */
void pw_format_change(struct pw_strbuf *out, double change_ratio);

/** A duration for people at the precision of a clock on the wall: "850 ms", "12 s", "3 min 20 s".
 */
void pw_format_duration(struct pw_strbuf *out, uint64_t duration_ns);

#endif
