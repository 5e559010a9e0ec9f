/*
 * Numbers and quantities as text: parsing them strictly, printing them for files and for people.
 *
 * Owns the C locale: strtod and printf take the decimal point from the current locale, so both are
 * called with the "C" locale in force. Refuses anything a person could not have meant as a plain
 * decimal number: hexadecimal, blanks, "inf", "nan", numbers too large for a double.
 */
#include "perfwarden/util/number.h"

#include <assert.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_US  UINT64_C(1000)
#define NS_PER_MS  UINT64_C(1000000)
#define NS_PER_S   UINT64_C(1000000000)
#define NS_PER_MIN (UINT64_C(60) * NS_PER_S)

/** What stands for a value that does not exist: an en dash. */
static const char no_value[] = "\xE2\x80\x93";
static const char infinity_sign[] = "\xE2\x88\x9E";

struct c_locale {
    locale_t own;
    locale_t before;
};

/* Known C libraries hand out "C" without allocating, so this does not fail in practice. */
static void enter_c_locale(struct c_locale *state)
{
    state->own = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    state->before = uselocale(state->own);
}

static void leave_c_locale(const struct c_locale *state)
{
    uselocale(state->before);
    if (state->own != (locale_t)0) {
        freelocale(state->own);
    }
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t skip_digits(const char *text)
{
    size_t n = 0;
    while (is_digit(text[n])) {
        n++;
    }
    return n;
}

/* Length of the decimal number a text starts with, 0 when it starts with none. */
static size_t decimal_length(const char *text)
{
    const char *at = text;
    if (*at == '-' || *at == '+') {
        at++;
    }
    size_t whole = skip_digits(at);
    at += whole;
    size_t fraction = 0;
    if (*at == '.') {
        fraction = skip_digits(at + 1);
        at += 1 + fraction;
    }
    if (whole + fraction == 0) {
        return 0;
    }
    if (*at == 'e' || *at == 'E') {
        const char *exponent = at + 1;
        if (*exponent == '-' || *exponent == '+') {
            exponent++;
        }
        size_t digits = skip_digits(exponent);
        if (digits > 0) {
            at = exponent + digits;
        }
    }
    return (size_t)(at - text);
}

/* Convert the number a text starts with; its length is known to be right. */
static double convert_decimal(const char *text)
{
    struct c_locale state;
    enter_c_locale(&state);
    double value = strtod(text, NULL);
    leave_c_locale(&state);
    return value;
}

int pw_parse_double(const char *text, double *out)
{
    size_t length = decimal_length(text);
    if (length == 0 || text[length] != '\0') {
        return PW_EINVAL;
    }
    double value = convert_decimal(text);
    if (!isfinite(value)) {
        return PW_EINVAL;
    }
    *out = value;
    return 0;
}

int pw_parse_uint64(const char *text, uint64_t *out)
{
    uint64_t value = 0;
    if (*text == '\0') {
        return PW_EINVAL;
    }
    for (; *text != '\0'; text++) {
        if (!is_digit(*text)) {
            return PW_EINVAL;
        }
        uint64_t digit = (uint64_t)(*text - '0');
        if (value > (UINT64_MAX - digit) / 10) {
            return PW_EINVAL;
        }
        value = value * 10 + digit;
    }
    *out = value;
    return 0;
}

/** A unit people may write. */
struct unit {
    const char *name;
    enum pw_quantity quantity;
    double factor; /**< to the base unit */
};

static const struct unit units[] = {
    {"", PW_QUANTITY_COUNT, 1},
    {"%", PW_QUANTITY_RATIO, 0.01},
    {"ns", PW_QUANTITY_DURATION, 1},
    {"us", PW_QUANTITY_DURATION, 1e3},
    {"\xC2\xB5s", PW_QUANTITY_DURATION, 1e3},
    {"ms", PW_QUANTITY_DURATION, 1e6},
    {"s", PW_QUANTITY_DURATION, 1e9},
    {"min", PW_QUANTITY_DURATION, 60e9},
    {"h", PW_QUANTITY_DURATION, 3600e9},
    {"B", PW_QUANTITY_BYTES, 1},
    {"KB", PW_QUANTITY_BYTES, 1e3},
    {"KiB", PW_QUANTITY_BYTES, 1024},
    {"MB", PW_QUANTITY_BYTES, 1e6},
    {"MiB", PW_QUANTITY_BYTES, 1048576},
    {"GB", PW_QUANTITY_BYTES, 1e9},
    {"GiB", PW_QUANTITY_BYTES, 1073741824},
};

static const struct unit *find_unit(const char *name)
{
    for (size_t i = 0; i < PW_COUNT(units); i++) {
        if (strcmp(units[i].name, name) == 0) {
            return &units[i];
        }
    }
    return NULL;
}

/* Dividing by 100 rounds once where multiplying by 0.01 rounds twice: "7%" must equal 0.07. */
static double to_base(double number, const struct unit *unit)
{
    return unit->quantity == PW_QUANTITY_RATIO ? number / 100 : number * unit->factor;
}

int pw_parse_quantity(const char *text, double *base, enum pw_quantity *quantity,
                      struct pw_error *err)
{
    size_t length = decimal_length(text);
    if (length == 0) {
        return pw_error_set(err, PW_EINVAL,
                            "'%s' is not a number with a unit, such as '5%%', "
                            "'200us' or '1 GiB'",
                            text);
    }
    const char *name = text + length;
    while (*name == ' ') {
        name++;
    }
    const struct unit *unit = *name == '\0' && name != text + length ? NULL : find_unit(name);
    if (unit == NULL) {
        return pw_error_set(err, PW_EINVAL,
                            "unknown unit '%s' in '%s', known are ns, us, ms, s, min, h, "
                            "B, KB, KiB, MB, MiB, GB, GiB and %%",
                            name, text);
    }
    double value = to_base(convert_decimal(text), unit);
    if (!isfinite(value)) {
        return pw_error_set(err, PW_EINVAL, "'%s' is too large", text);
    }
    *base = value;
    *quantity = unit->quantity;
    return 0;
}

void pw_format_double(double value, char out[PW_DOUBLE_TEXT_SIZE])
{
    struct c_locale state;
    enter_c_locale(&state);
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(out, PW_DOUBLE_TEXT_SIZE, "%.*g", digits, value);
        if (strtod(out, NULL) == value) {
            break;
        }
    }
    leave_c_locale(&state);
}

/* Append as pw_strbuf_printf(), with a decimal point whatever the locale. */
static void put(struct pw_strbuf *out, const char *format, ...) PW_PRINTF(2, 3);

static void put(struct pw_strbuf *out, const char *format, ...)
{
    struct c_locale state;
    va_list args;
    enter_c_locale(&state);
    va_start(args, format);
    pw_strbuf_vprintf(out, format, args);
    va_end(args);
    leave_c_locale(&state);
}

/* Largest magnitude up to which every whole number is printed digit by digit. */
#define EXACT_WHOLE 9007199254740992.0

/* Decimals that show a number with `digits` significant digits; at most 9, at least 0. */
static int decimals_for(double magnitude, int digits)
{
    int before_point = 1;
    /* 9.9996 is printed as 10: the bound is where rounding adds a digit */
    for (double bound = 9.9995; magnitude >= bound && before_point < digits; bound *= 10) {
        before_point++;
    }
    int zeros_behind_point = 0;
    for (double bound = 0.099995; magnitude < bound && zeros_behind_point < 6; bound /= 10) {
        zeros_behind_point++;
    }
    return magnitude < 0.99995 ? digits + zeros_behind_point : digits - before_point;
}

/*
 * Four significant digits, so that small changes are visible; the last is left out when it is a
 * zero: 1.234, 12.3, 123. Very small and very large numbers are printed with an exponent.
 */
static void put_significant(struct pw_strbuf *out, double value)
{
    double magnitude = fabs(value);
    if (value == 0) {
        pw_strbuf_putc(out, '0');
    } else if (magnitude < 1e-4 || magnitude >= EXACT_WHOLE) {
        put(out, "%.3e", value);
    } else {
        put(out, "%.*f", decimals_for(magnitude, 4), value);
        const char *text = pw_strbuf_text(out);
        bool has_spare_zero = out->length > 0 && text[out->length - 1] == '0';
        if (has_spare_zero && magnitude < 999.95) {
            pw_strbuf_truncate(out, out->length -
                                        (out->length > 1 && text[out->length - 2] == '.' ? 2 : 1));
        }
    }
}

/* A number in its base unit: whole ones as they are, others with four digits. */
static void put_plain(struct pw_strbuf *out, double value)
{
    if (value == floor(value) && fabs(value) < EXACT_WHOLE) {
        put(out, "%.0f", value == 0 ? 0.0 : value);
    } else {
        put_significant(out, value);
    }
}

/** One step of a scale: used for magnitudes from `factor` up to the next step's. */
struct step {
    double factor;
    double below; /**< in this unit: from here on rounding would show the next unit's 1 */
    const char *name;
};

static const struct step duration_steps[] = {
    {1, 999.95, "ns"},
    {1e3, 999.95, "\xC2\xB5s"},
    {1e6, 999.95, "ms"},
    {1e9, HUGE_VAL, "s"},
};

static const struct step byte_steps[] = {
    {1, 1023.5, "B"},
    {1024, 1023.5, "KiB"},
    {1048576, 1023.5, "MiB"},
    {1073741824, HUGE_VAL, "GiB"},
};

static void put_scaled(struct pw_strbuf *out, double value, const struct step *steps, size_t count)
{
    size_t i = 0;
    while (i + 1 < count && fabs(value) / steps[i].factor >= steps[i].below) {
        i++;
    }
    if (i == 0) {
        put_plain(out, value);
    } else {
        put_significant(out, value / steps[i].factor);
    }
    pw_strbuf_putc(out, ' ');
    pw_strbuf_puts(out, steps[i].name);
}

void pw_format_value(struct pw_strbuf *out, double value, const char *unit)
{
    if (!isfinite(value)) {
        pw_strbuf_puts(out, no_value);
    } else if (strcmp(unit, "ns") == 0) {
        put_scaled(out, value, duration_steps, PW_COUNT(duration_steps));
    } else if (strcmp(unit, "bytes") == 0) {
        put_scaled(out, value, byte_steps, PW_COUNT(byte_steps));
    } else if (strcmp(unit, "ratio") == 0) {
        put_significant(out, value * 100);
        pw_strbuf_puts(out, " %");
    } else {
        put_plain(out, value);
        if (*unit != '\0' && strcmp(unit, "count") != 0) {
            pw_strbuf_putc(out, ' ');
            pw_strbuf_puts(out, unit);
        }
    }
}

void pw_format_change(struct pw_strbuf *out, double change_ratio)
{
    if (isnan(change_ratio)) {
        pw_strbuf_puts(out, no_value);
        return;
    }
    if (isinf(change_ratio)) {
        pw_strbuf_putc(out, change_ratio > 0 ? '+' : '-');
        pw_strbuf_puts(out, infinity_sign);
        return;
    }
    double percent = change_ratio * 100;
    double magnitude = fabs(percent);
    if (magnitude < 0.005) {
        pw_strbuf_puts(out, "0.0 %");
    } else if (magnitude < 0.995) {
        put(out, "%+.2f %%", percent);
    } else if (magnitude < 1e6) {
        put(out, "%+.1f %%", percent);
    } else {
        put(out, "%+.3e %%", percent);
    }
}

/* "3 min 20 s", the smaller unit only when it is not 0. */
static void put_two_units(struct pw_strbuf *out, uint64_t whole, const char *name, uint64_t rest,
                          const char *rest_name)
{
    pw_strbuf_printf(out, "%llu %s", (unsigned long long)whole, name);
    if (rest > 0) {
        pw_strbuf_printf(out, " %llu %s", (unsigned long long)rest, rest_name);
    }
}

void pw_format_duration(struct pw_strbuf *out, uint64_t duration_ns)
{
    uint64_t seconds = duration_ns / NS_PER_S + (duration_ns % NS_PER_S >= NS_PER_S / 2);
    uint64_t minutes = duration_ns / NS_PER_MIN + (duration_ns % NS_PER_MIN >= NS_PER_MIN / 2);
    uint64_t tenths = duration_ns / (NS_PER_S / 10);
    if (duration_ns < NS_PER_US) {
        pw_strbuf_printf(out, "%u ns", (unsigned)duration_ns);
    } else if (duration_ns < NS_PER_MS) {
        pw_strbuf_printf(out, "%u \xC2\xB5s", (unsigned)(duration_ns / NS_PER_US));
    } else if (duration_ns < NS_PER_S) {
        pw_strbuf_printf(out, "%u ms", (unsigned)(duration_ns / NS_PER_MS));
    } else if (tenths < 100 && tenths % 10 != 0) {
        pw_strbuf_printf(out, "%u.%u s", (unsigned)(tenths / 10), (unsigned)(tenths % 10));
    } else if (seconds < 60) {
        pw_strbuf_printf(out, "%u s", (unsigned)seconds);
    } else if (seconds < 3600) {
        put_two_units(out, seconds / 60, "min", seconds % 60, "s");
    } else {
        put_two_units(out, minutes / 60, "h", minutes % 60, "min");
    }
}
