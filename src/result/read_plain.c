/*
 * One pass over JSON text without building anything. Each refusal is a reason to read the text
 * again in the general way, so that nothing here needs words for it.
 */
#include "read_plain.h"

#include <stdint.h>
#include <string.h>

#include "perfwarden/util/compiler.h"
#include "perfwarden/util/number.h"
#include "perfwarden/util/text.h"

/** The longest number that pw_json_parse() accepts. */
#define NUMBER_MAX_LENGTH 63
/** Longer integers may lose a bit in a double. */
#define INTEGER_MAX_LENGTH 15
/** Up to here every integer is a double, and so is every power of ten up to the 22nd. */
#define EXACT_MAX      (UINT64_C(1) << 53)
#define EXACT_EXPONENT 22
/** As many decimal digits as 64 bits always hold. */
#define MANTISSA_DIGITS 19

bool pw_plain_fail(struct pw_plain *plain)
{
    plain->has_failed = true;
    return false;
}

static bool fail_memory(struct pw_plain *plain)
{
    plain->is_out_of_memory = true;
    return pw_plain_fail(plain);
}

/* @return the byte behind the blanks; NUL at the end or after a failure */
static char skip_blanks(struct pw_plain *plain)
{
    const char *at = plain->at;

    if (plain->has_failed) {
        return '\0';
    }
    while (at < plain->end && (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r')) {
        at++;
    }
    plain->at = at;
    if (at == plain->end) {
        return '\0';
    }
    return *at;
}

bool pw_plain_open(struct pw_plain *plain, char bracket)
{
    if (skip_blanks(plain) != bracket) {
        return pw_plain_fail(plain);
    }
    plain->at++;
    return true;
}

bool pw_plain_more(struct pw_plain *plain, char bracket, bool *is_first)
{
    const char next = skip_blanks(plain);
    const bool was_first = *is_first;

    *is_first = false;
    if (next == bracket) {
        plain->at++;
        return false;
    }
    if (was_first) {
        return next != '\0' || pw_plain_fail(plain);
    }
    if (next != ',') {
        return pw_plain_fail(plain);
    }
    plain->at++;
    /* a bracket behind a comma is no value, which the caller's next step finds out */
    return true;
}

/* Behind a code point of several bytes. @return NULL when it is malformed */
static const char *skip_code_point(const char *at, const char *end)
{
    uint32_t code_point = 0;
    const size_t used = pw_utf8_decode(at, (size_t)(end - at), &code_point);

    /* U+FFFD itself has three bytes */
    return code_point == 0xFFFD && used < 3 ? NULL : at + used;
}

/* From the opening quotation mark to the closing one or the first escape. */
static bool scan_text(struct pw_plain *plain, struct pw_slice *out)
{
    if (skip_blanks(plain) != '"') {
        return pw_plain_fail(plain);
    }
    const char *const start = plain->at + 1;
    const char *const end = plain->end;
    const char *at = start;
    while (at < end && *at != '"' && *at != '\\') {
        const unsigned char byte = (unsigned char)*at;
        if (byte >= 0x20 && byte < 0x80) {
            at++;
            continue;
        }
        at = byte < 0x20 ? NULL : skip_code_point(at, end);
        if (at == NULL) {
            return pw_plain_fail(plain);
        }
    }
    if (at >= end) {
        return pw_plain_fail(plain);
    }
    plain->at = at;
    *out = (struct pw_slice){.text = start, .length = (size_t)(at - start)};
    return true;
}

bool pw_plain_slice(struct pw_plain *plain, struct pw_slice *out)
{
    if (!scan_text(plain, out)) {
        return false;
    }
    if (*plain->at != '"') {
        return pw_plain_fail(plain);
    }
    plain->at++;
    return true;
}

bool pw_plain_key(struct pw_plain *plain, struct pw_slice *out)
{
    if (!pw_plain_slice(plain, out) || skip_blanks(plain) != ':') {
        return pw_plain_fail(plain);
    }
    plain->at++;
    return true;
}

bool pw_plain_keep(struct pw_plain *plain, const struct pw_slice *slice, const char *known,
                   const char **out)
{
    if (known != NULL && pw_slice_is(slice, known)) {
        *out = known;
        return true;
    }
    const char *copy = pw_arena_strndup(plain->arena, slice->text, slice->length);
    if (copy == NULL) {
        return fail_memory(plain);
    }
    *out = copy;
    return true;
}

/* What stands behind a backslash. @return '\0' for what is not plain */
static char unescape(char letter)
{
    static const char letters[][2] = {{'"', '"'},  {'\\', '\\'}, {'/', '/'},  {'b', '\b'},
                                      {'f', '\f'}, {'n', '\n'},  {'r', '\r'}, {'t', '\t'}};

    for (size_t i = 0; i < PW_COUNT(letters); i++) {
        if (letters[i][0] == letter) {
            return letters[i][1];
        }
    }
    return '\0';
}

/* Where a string ends that was found to have escapes. @return NULL when it does not end */
static const char *find_end(const struct pw_plain *plain)
{
    for (const char *at = plain->at; at < plain->end; at++) {
        if (*at == '"') {
            return at;
        }
        at += *at == '\\';
    }
    return NULL;
}

/* A string with escapes: `part` is what stands before the first. */
static bool copy_escaped(struct pw_plain *plain, struct pw_slice part, const char **out)
{
    const char *end = find_end(plain);
    char *copy = end == NULL ? NULL : pw_arena_alloc(plain->arena, (size_t)(end - part.text) + 1);
    size_t length = 0;

    if (copy == NULL) {
        return end == NULL ? pw_plain_fail(plain) : fail_memory(plain);
    }
    for (;;) {
        memcpy(copy + length, part.text, part.length);
        length += part.length;
        if (*plain->at == '"') {
            break;
        }
        char byte = '\0';
        if (plain->end - plain->at >= 2) {
            byte = unescape(plain->at[1]);
        }
        if (byte == '\0') {
            return pw_plain_fail(plain);
        }
        copy[length++] = byte;
        plain->at += 2;
        part.text = plain->at;
        while (plain->at < plain->end && *plain->at != '"' && *plain->at != '\\') {
            if ((unsigned char)*plain->at < 0x20) {
                return pw_plain_fail(plain);
            }
            plain->at++;
        }
        part.length = (size_t)(plain->at - part.text);
        if (plain->at >= plain->end || !pw_utf8_is_valid(part.text, part.length)) {
            return pw_plain_fail(plain);
        }
    }
    plain->at++;
    *out = copy;
    return true;
}

bool pw_plain_string(struct pw_plain *plain, const char **out)
{
    struct pw_slice part;

    if (!scan_text(plain, &part)) {
        return false;
    }
    if (*plain->at == '\\') {
        return copy_escaped(plain, part, out);
    }
    plain->at++;
    return pw_plain_keep(plain, &part, NULL, out);
}

static bool take_word(struct pw_plain *plain, const char *word)
{
    const size_t length = strlen(word);

    if (skip_blanks(plain) != word[0] || (size_t)(plain->end - plain->at) < length ||
        memcmp(plain->at, word, length) != 0) {
        return false;
    }
    plain->at += length;
    return true;
}

bool pw_plain_null(struct pw_plain *plain)
{
    return take_word(plain, "null");
}

bool pw_plain_bool(struct pw_plain *plain, bool *out)
{
    const bool is_true = take_word(plain, "true");

    if (!is_true && !take_word(plain, "false")) {
        return pw_plain_fail(plain);
    }
    *out = is_true;
    return true;
}

/* The parts of a number. */
struct digits {
    uint64_t mantissa;
    size_t count;    /**< digits in the mantissa, leading zeros included */
    size_t fraction; /**< of them behind the point */
};

static size_t take_digits(struct pw_plain *plain, struct digits *digits)
{
    const char *const start = plain->at;
    const char *const end = plain->end;
    const char *at = start;
    size_t room =
        MANTISSA_DIGITS - (digits->count < MANTISSA_DIGITS ? digits->count : MANTISSA_DIGITS);
    uint64_t mantissa = digits->mantissa;

    for (; at < end && *at >= '0' && *at <= '9'; at++) {
        if (room > 0) {
            mantissa = mantissa * 10 + (uint64_t)(*at - '0');
            room--;
        }
    }
    plain->at = at;
    digits->mantissa = mantissa;
    digits->count += (size_t)(at - start);
    return (size_t)(at - start);
}

/* An exponent, or more digits than are read exactly here. */
static bool general_number(struct pw_plain *plain, const char *start, double *out)
{
    char text[NUMBER_MAX_LENGTH + 1];
    const size_t length = (size_t)(plain->at - start);

    if (length > NUMBER_MAX_LENGTH) {
        return pw_plain_fail(plain);
    }
    memcpy(text, start, length);
    text[length] = '\0';
    return pw_parse_double(text, out) == 0 || pw_plain_fail(plain);
}

static bool take_exponent(struct pw_plain *plain)
{
    struct digits ignored = {0, 0, 0};

    plain->at++;
    if (plain->at < plain->end && (*plain->at == '-' || *plain->at == '+')) {
        plain->at++;
    }
    return take_digits(plain, &ignored) > 0;
}

/*
 * An integer and a power of ten that are both doubles have a quotient that is rounded once, and so
 * right: W. D. Clinger, How to read floating point numbers accurately, PLDI 1990.
 */
bool pw_plain_number(struct pw_plain *plain, double *out)
{
    static const double powers[EXACT_EXPONENT + 1] = {
        1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    struct digits digits = {0, 0, 0};
    const char first = skip_blanks(plain);
    const char *start = plain->at;
    bool is_exact = true;

    if (first == '-') {
        plain->at++;
    }
    const char *whole = plain->at;
    const size_t whole_digits = plain->has_failed ? 0 : take_digits(plain, &digits);
    if (whole_digits == 0 || (*whole == '0' && whole_digits > 1)) {
        return pw_plain_fail(plain);
    }
    if (plain->at < plain->end && *plain->at == '.') {
        plain->at++;
        digits.fraction = take_digits(plain, &digits);
        if (digits.fraction == 0) {
            return pw_plain_fail(plain);
        }
    }
    if (plain->at < plain->end && (*plain->at == 'e' || *plain->at == 'E')) {
        is_exact = false;
        if (!take_exponent(plain)) {
            return pw_plain_fail(plain);
        }
    } else if (digits.fraction == 0 && plain->at - start > INTEGER_MAX_LENGTH) {
        return pw_plain_fail(plain);
    }
    if (!is_exact || digits.count > MANTISSA_DIGITS || digits.mantissa > EXACT_MAX ||
        digits.fraction > EXACT_EXPONENT) {
        return general_number(plain, start, out);
    }
    const double magnitude = (double)digits.mantissa / powers[digits.fraction];
    *out = first == '-' ? -magnitude : magnitude;
    return true;
}

bool pw_plain_finish(struct pw_plain *plain)
{
    (void)skip_blanks(plain);
    return (!plain->has_failed && plain->at == plain->end) || pw_plain_fail(plain);
}

bool pw_slice_is(const struct pw_slice *slice, const char *text)
{
    /* most comparisons end here, without a call */
    if (slice->length > 0 && slice->text[0] != text[0]) {
        return false;
    }
    return strncmp(slice->text, text, slice->length) == 0 && text[slice->length] == '\0';
}
