/* Options that say when, and how many: --since, --until, --limit. */
#include <string.h>

#include "option_values.h"

#define SECONDS_PER_DAY INT64_C(86400)
/* More than two centuries: later sums stay far inside 64 bits. */
#define AGE_MAX_S UINT64_C(10000000000)

static bool is_digits(const char *text, size_t count)
{
    return strspn(text, "0123456789") >= count;
}

static unsigned digits_value(const char *text, size_t count)
{
    unsigned value = 0;

    for (size_t i = 0; i < count; i++) {
        value = value * 10 + (unsigned)(text[i] - '0');
    }
    return value;
}

static bool is_leap(unsigned year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static unsigned days_in(unsigned year, unsigned month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && is_leap(year) ? 1U : 0U);
}

/* @param[out] out  the first second of the day, UTC */
static bool parse_date(const char *text, int64_t *out)
{
    if (strlen(text) != 10 || !is_digits(text, 4) || text[4] != '-' || !is_digits(text + 5, 2) ||
        text[7] != '-' || !is_digits(text + 8, 2)) {
        return false;
    }
    const unsigned year = digits_value(text, 4);
    const unsigned month = digits_value(text + 5, 2);
    const unsigned day = digits_value(text + 8, 2);
    if (year < 1970 || month < 1 || month > 12 || day < 1 || day > days_in(year, month)) {
        return false;
    }
    int64_t days = (int64_t)day - 1;
    for (unsigned y = 1970; y < year; y++) {
        days += is_leap(y) ? 366 : 365;
    }
    for (unsigned m = 1; m < month; m++) {
        days += days_in(year, m);
    }
    *out = days * SECONDS_PER_DAY;
    return true;
}

static bool parse_age(const char *text, int64_t *out)
{
    static const struct {
        const char *unit;
        uint64_t seconds;
    } units[] = {{"s", 1}, {"min", 60}, {"h", 3600}, {"d", 86400}, {"w", 604800}};
    const size_t digits = strspn(text, "0123456789");

    for (size_t i = 0; i < PW_COUNT(units); i++) {
        /* nine digits are no overflow, and more than anybody means */
        if (digits > 0 && digits <= 9 && strcmp(text + digits, units[i].unit) == 0) {
            const uint64_t age_s = digits_value(text, digits) * units[i].seconds;
            *out = (int64_t)age_s;
            return age_s <= AGE_MAX_S;
        }
    }
    return false;
}

/* @param is_end  of a date the last second is meant */
static int parse_when(const char *value, bool is_end, int64_t *out, struct pw_error *err)
{
    int64_t seconds = 0;

    if (parse_date(value, &seconds)) {
        *out = is_end ? seconds + SECONDS_PER_DAY - 1 : seconds;
        return PW_OK;
    }
    if (parse_age(value, &seconds)) {
        *out = pw_clock_wall_s() - seconds;
        return PW_OK;
    }
    return pw_error_set(err, PW_EUSAGE,
                        "'%s' is neither a date such as 2026-11-20 nor an age such as 12h, 30d or "
                        "8w (s, min, h, d, w)",
                        value);
}

int pw_option_parse_since(const char *value, struct pw_arguments *arguments, struct pw_error *err)
{
    const int status = parse_when(value, false, &arguments->since_s, err);

    arguments->has_since = arguments->has_since || status == PW_OK;
    return status;
}

int pw_option_parse_until(const char *value, struct pw_arguments *arguments, struct pw_error *err)
{
    const int status = parse_when(value, true, &arguments->until_s, err);

    arguments->has_until = arguments->has_until || status == PW_OK;
    return status;
}

int pw_option_parse_limit(const char *value, struct pw_arguments *arguments, struct pw_error *err)
{
    uint64_t limit = 0;

    if (pw_parse_uint64(value, &limit) != PW_OK || limit == 0 || limit > SIZE_MAX) {
        return pw_error_set(err, PW_EUSAGE, "'%s' is not an integer from 1 on", value);
    }
    arguments->limit = (size_t)limit;
    return PW_OK;
}
