/* Numbers of a metrics file: exact integers, and doubles as the C library reads them. */
#include <math.h>
#include <string.h>

#include "metrics_line.h"
#include "perfwarden/util/number.h"

enum { NUMBER_MAX_LENGTH = 63, EXACT_EXPONENT = 22 };
static const uint64_t EXACT_MAX = UINT64_C(1) << 53;

/** How a number is written. */
struct spelling {
    const char *begin;
    uint64_t mantissa;
    bool is_long; /**< the mantissa does not hold all digits */
    bool is_whole;
    long exponent;
};

/** @return how many digits were taken */
static size_t take_digits(struct pw_metrics_cursor *cursor, struct spelling *number)
{
    const char *begin = cursor->at;

    while (cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9') {
        const unsigned digit = (unsigned)(*cursor->at++ - '0');

        if (number->mantissa > (UINT64_MAX - digit) / 10) {
            number->is_long = true;
        } else {
            number->mantissa = number->mantissa * 10 + digit;
        }
    }
    return (size_t)(cursor->at - begin);
}

static bool take_exponent(struct pw_metrics_cursor *cursor, struct spelling *number)
{
    struct spelling exponent = {.begin = NULL};
    bool is_negative;

    if (cursor->at >= cursor->end || (*cursor->at | 0x20) != 'e') {
        return true;
    }
    cursor->at++;
    is_negative = cursor->at < cursor->end && *cursor->at == '-';
    if (cursor->at < cursor->end && (*cursor->at == '-' || *cursor->at == '+')) {
        cursor->at++;
    }
    number->is_whole = false;
    if (take_digits(cursor, &exponent) == 0) {
        return false;
    }
    number->is_long = number->is_long || exponent.mantissa > 999;
    number->exponent +=
        is_negative ? -(long)(exponent.mantissa % 1000) : (long)exponent.mantissa % 1000;
    return true;
}

/** The number as a double: by one exact operation where that is possible, else by the C library. */
static bool convert(const struct pw_metrics_cursor *cursor, const struct spelling *number,
                    bool is_negative, double *out)
{
    static const double POWERS[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    char text[NUMBER_MAX_LENGTH + 1];
    const size_t length = (size_t)(cursor->at - number->begin);

    if (!number->is_long && number->mantissa <= EXACT_MAX && number->exponent <= EXACT_EXPONENT &&
        number->exponent >= -EXACT_EXPONENT) {
        double value = (double)number->mantissa;

        value = number->exponent < 0 ? value / POWERS[-number->exponent]
                                     : value * POWERS[number->exponent];
        *out = is_negative ? -value : value;
        return true;
    }
    memcpy(text, number->begin, length);
    text[length] = '\0';
    return pw_parse_double(text, out) == 0 && isfinite(*out);
}

bool pw_metrics_read_number(struct pw_metrics_cursor *cursor, struct pw_metrics_item *out)
{
    struct spelling number = {.begin = cursor->at, .is_whole = true};
    const bool is_negative = *cursor->at == '-';
    const char *digits;

    cursor->at += is_negative;
    digits = cursor->at;
    if (take_digits(cursor, &number) == 0 || (*digits == '0' && cursor->at - digits > 1)) {
        return false;
    }
    if (cursor->at < cursor->end && *cursor->at == '.') {
        size_t places;

        cursor->at++;
        places = take_digits(cursor, &number);
        number.is_whole = false;
        number.exponent = -(long)places;
        if (places == 0) {
            return false;
        }
    }
    if (!take_exponent(cursor, &number) || cursor->at - number.begin > NUMBER_MAX_LENGTH) {
        return false;
    }
    out->type = PW_METRICS_NUMBER;
    out->is_integer = number.is_whole && !number.is_long;
    out->is_negative = is_negative;
    out->magnitude = number.mantissa;
    return convert(cursor, &number, is_negative, &out->number);
}
