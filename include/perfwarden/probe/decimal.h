/*
 * A double as decimal digits that read back as the same double, by exact arithmetic: printf may not
 * be used in a signal's handler and follows the locale.
 */
#ifndef PERFWARDEN_PROBE_DECIMAL_H
#define PERFWARDEN_PROBE_DECIMAL_H

#include "perfwarden/probe/text.h"

enum {
    PERFWARDEN_WORDS_ = 84,  /* for 2^53 * 5^1074 */
    PERFWARDEN_DIGITS_ = 819 /* of 84 words, in groups of nine */
};

/* A natural number, its least word first. */
struct perfwarden_natural_ {
    uint32_t words[PERFWARDEN_WORDS_];
    uint32_t count;
};

PERFWARDEN_COLD_ void perfwarden_multiply_(struct perfwarden_natural_ *number, uint32_t factor)
{
    uint64_t carry = 0;
    uint32_t i;

    for (i = 0; i < number->count; i++) {
        carry += (uint64_t)number->words[i] * factor;
        number->words[i] = (uint32_t)carry;
        carry >>= 32U;
    }
    if (carry != 0U && number->count < PERFWARDEN_WORDS_) {
        number->words[number->count++] = (uint32_t)carry;
    }
}

/* number * base^power; base^chunk is the greatest power that fits a word. */
PERFWARDEN_COLD_ void perfwarden_raise_(struct perfwarden_natural_ *number, uint32_t base,
                                        int power, int chunk)
{
    while (power > 0) {
        uint32_t factor = 1;
        int i;

        for (i = 0; i < chunk && power > 0; i++) {
            factor *= base;
            power--;
        }
        perfwarden_multiply_(number, factor);
    }
}

/* Divides by a billion; returns the rest. */
PERFWARDEN_COLD_ uint32_t perfwarden_divide_(struct perfwarden_natural_ *number)
{
    const uint32_t billion = 1000000000U;
    uint64_t rest = 0;
    uint32_t i;

    for (i = number->count; i-- > 0U;) {
        rest = rest << 32U | number->words[i];
        number->words[i] = (uint32_t)(rest / billion);
        rest %= billion;
    }
    while (number->count > 0U && number->words[number->count - 1U] == 0U) {
        number->count--;
    }
    return (uint32_t)rest;
}

/* The digits of number, which becomes 0, at the end of text; returns where they begin. */
PERFWARDEN_COLD_ size_t perfwarden_spell_(struct perfwarden_natural_ *number,
                                          char text[PERFWARDEN_DIGITS_])
{
    size_t at = PERFWARDEN_DIGITS_;

    while (number->count > 0U && at >= 9U) {
        uint32_t rest = perfwarden_divide_(number);
        int i;

        for (i = 0; i < 9; i++) {
            text[--at] = (char)('0' + (int)(rest % 10U));
            rest /= 10U;
        }
    }
    while (at < PERFWARDEN_DIGITS_ - 1U && text[at] == '0') {
        at++;
    }
    return at;
}

/* The 17 first digits, or all where there are fewer: the number is near digits * 10^*exponent. */
PERFWARDEN_COLD_ uint64_t perfwarden_first_digits_(const char *text, size_t size, int *exponent)
{
    uint64_t digits = 0;
    size_t i;

    for (i = 0; i < size && i < 17U; i++) {
        digits = digits * 10U + (uint64_t)(text[i] - '0');
    }
    if (size > 17U) {
        digits += text[17] >= '5';
        *exponent += (int)(size - 17U);
    }
    return digits;
}

/*
 * 15 or 16 digits where they lie between the same neighbours: half the distance to the next double
 * is digits / 2 significand, half of that below a power of two, and digits are off by half a unit.
 */
PERFWARDEN_COLD_ uint64_t perfwarden_shorten_(uint64_t digits, uint64_t significand)
{
    double room = (double)digits / (double)significand / 4.0 - 1.0;
    uint64_t unit;

    for (unit = 100U; unit > 1U; unit /= 10U) {
        uint64_t shorter = (digits + unit / 2U) / unit * unit;
        uint64_t change = shorter > digits ? shorter - digits : digits - shorter;

        if ((double)change < room) {
            return shorter;
        }
    }
    return digits;
}

/* value, > 0 and finite, is the double nearest to the result * 10^*exponent. */
PERFWARDEN_COLD_ uint64_t perfwarden_digits_(double value, int *exponent)
{
    struct perfwarden_natural_ number;
    char text[PERFWARDEN_DIGITS_];
    uint64_t significand;
    uint64_t bits;
    uint64_t digits;
    size_t at;
    int power;

    memcpy(&bits, &value, sizeof(bits));
    power = (int)(bits >> 52U & 0x7FFU);
    significand = bits & (((uint64_t)1 << 52U) - 1U);
    significand |= power != 0 ? (uint64_t)1 << 52U : 0U;
    power = (power != 0 ? power : 1) - 1075;
    number.words[0] = (uint32_t)significand;
    number.words[1] = (uint32_t)(significand >> 32U);
    number.count = number.words[1] != 0U ? 2U : 1U;
    perfwarden_raise_(&number, 2, power, 31);
    perfwarden_raise_(&number, 5, -power, 13);
    *exponent = power < 0 ? power : 0;
    at = perfwarden_spell_(&number, text);
    digits = perfwarden_first_digits_(text + at, sizeof(text) - at, exponent);
    if (sizeof(text) - at > 17U) {
        digits = perfwarden_shorten_(digits, significand);
    }
    while (digits != 0U && digits % 10U == 0U) {
        digits /= 10U;
        (*exponent)++;
    }
    return digits;
}

/* A finite number. */
PERFWARDEN_COLD_ void perfwarden_put_double_(struct perfwarden_line_ *line, double value)
{
    uint64_t digits;
    int exponent;

    if (value < 0.0) {
        perfwarden_put_(line, "-");
        value = -value;
    }
    if (value < 9007199254740992.0 && value == (double)(uint64_t)value) {
        perfwarden_put_u64_(line, (uint64_t)value);
        return;
    }
    digits = perfwarden_digits_(value, &exponent);
    perfwarden_put_u64_(line, digits);
    if (exponent != 0) {
        perfwarden_put_(line, "e");
        perfwarden_put_i64_(line, exponent);
    }
}

#endif
