/* Reading JSON: what the strict reader accepts, what it refuses and where. */
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "perfwarden/util.h"

static void well_formed_documents_are_read(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "null",
        " true ",
        "false",
        "0",
        "-0",
        "1e5",
        "-1.5E-3",
        "\"\"",
        "[]",
        "{}",
        "[1, [2, {}]]",
        "{\"a\": 1, \"A\": 2}",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"",
        "\"\\ud83d\\ude00\"",
        "\"\xC3\xA9 \xF0\x9F\x98\x80 \xEF\xBF\xBD\x7F\"",
        "\r\n\t[ ]\n",
        "{\"\": {\"\": {}}}",
        "1e-400",
        "9007199254740993",
        "{\"\\u0061\": 1, \"b\": {\"a\": 2}}",
    };
    for (size_t i = 0; i < PW_COUNT(texts); i++) {
        struct pw_json *document = NULL;
        struct pw_error err = PW_ERROR_INIT;
        int rc = pw_json_parse(texts[i], strlen(texts[i]), "t", 0, &document, &err);
        if (rc != 0)
            print_error("%s: %s\n", texts[i], pw_error_message(&err));
        assert_int_equal(rc, 0);
        pw_json_free(document);
    }
}

struct refusal {
    const char *text;
    unsigned line;
    unsigned column;
    const char *part;
};

static void check_refusal(const char *text, size_t length, unsigned flags,
                          const struct refusal *expected)
{
    struct pw_json *document = NULL;
    struct pw_error err = PW_ERROR_INIT;
    int rc = pw_json_parse(text, length, "some.json", flags, &document, &err);
    assert_int_equal(rc, PW_EFORMAT);
    assert_null(document);
    assert_string_equal(err.file, "some.json");
    if (strstr(pw_error_message(&err), expected->part) == NULL || err.line != expected->line ||
        err.column != expected->column)
        fail_msg("%.60s: %u:%u: %s", text, err.line, err.column, pw_error_message(&err));
    pw_error_release(&err);
}

static void malformed_documents_are_refused_with_their_place(void **state)
{
    (void)state;
    static const struct refusal cases[] = {
        {"", 1, 1, "the text ends too early"},
        {" \n ", 2, 2, "the text ends too early"},
        {"[1, 2", 1, 6, "the text ends too early"},
        {"\"abc", 1, 5, "the text ends too early"},
        {"\"a\\", 1, 4, "the text ends too early"},
        {"{\"a\"", 1, 5, "the text ends too early"},
        {"-", 1, 2, "the text ends too early"},
        {"1.", 1, 3, "the text ends too early"},
        {"1 2", 1, 3, "more text behind the value"},
        {"{} x", 1, 4, "more text behind the value"},
        {"01", 1, 2, "more text behind the value"},
        {"+1", 1, 1, "expected a value"},
        {".5", 1, 1, "expected a value"},
        {"tru", 1, 1, "expected a value"},
        {"NaN", 1, 1, "expected a value"},
        {"Infinity", 1, 1, "expected a value"},
        {"-Infinity", 1, 2, "expected a digit"},
        {"'a'", 1, 1, "expected a value"},
        {"[1,]", 1, 4, "expected a value"},
        {"[1 2]", 1, 4, "expected ',' or ']'"},
        {"{\"a\" 1}", 1, 6, "expected ':'"},
        {"{\"a\": 1,}", 1, 9, "expected a member's name"},
        {"{a: 1}", 1, 2, "expected a member's name"},
        {"{\"a\": 1]", 1, 8, "expected ',' or '}'"},
        {"[1e]", 1, 4, "expected a digit in the exponent"},
        {"[1.x]", 1, 4, "expected a digit behind"},
        {"[1,\n 1e400]", 2, 2, "too large for a double"},
        {"[-1e999]", 1, 2, "too large for a double"},
        {"/* c */ 1", 1, 1, "expected a value"},
        {"\"a\nb\"", 1, 3, "control character"},
        {"\"\\x\"", 1, 2, "unknown escape"},
        {"\"\\u12g4\"", 1, 2, "four hexadecimal digits"},
        {"\"\\u12\"", 1, 2, "four hexadecimal digits"},
        {"\"ab\\u0000\"", 1, 4, "'\\u0000'"},
        {"\"\\ud800\"", 1, 2, "surrogate"},
        {"\"\\udc00\"", 1, 2, "surrogate"},
        {"\"\\ud800\\u0041\"", 1, 2, "surrogate"},
        {"\"\\ud800\\ud800\"", 1, 2, "surrogate"},
        {"\"\xC3\xA9\xFF\"", 1, 3, "invalid UTF-8"},
        {"\"\xC0\x80\"", 1, 2, "invalid UTF-8"},
        {"\"\xED\xA0\x80\"", 1, 2, "invalid UTF-8"},
        {"\"\xF4\x90\x80\x80\"", 1, 2, "invalid UTF-8"},
        {"\xEF\xBB\xBF{}", 1, 1, "expected a value"},
        {"{\"a\": 1,\n  \"a\": 2}", 2, 3, "there already"},
        {"{\"a\": 1, \"b\": 2, \"\\u0061\": 3}", 1, 18, "there already"},
        {"{\"\xC3\xA9\": 1, \"\\u00e9\": 2}", 1, 10, "there already"},
        {"{\"\xF0\x9F\x98\x80\": 1, \"\\uD83D\\uDE00\": 2}", 1, 10, "there already"},
        {"[{\"x\": {\"k\": 1}, \"y\": {\"k\": 1, \"j\": 2, \"k\": 3}}]", 1, 40, "there already"},
        {"0.1000000000000000000000000000000000000000000000000000000000000001", 1, 1,
         "more than 63 characters"},
    };
    for (size_t i = 0; i < PW_COUNT(cases); i++)
        check_refusal(cases[i].text, strlen(cases[i].text), 0, &cases[i]);
    static const struct refusal nul_inside = {"", 1, 3, "control character"};
    check_refusal("\"a\0b\"", 5, 0, &nul_inside);
    static const struct refusal nul_behind = {"", 1, 3, "more text"};
    check_refusal("{}\0", 3, 0, &nul_behind);
}

static void nesting_is_bounded(void **state)
{
    (void)state;
    char text[402];
    memset(text, '[', 201);
    memset(text + 201, ']', 201);
    struct pw_json *document = NULL;
    assert_int_equal(pw_json_parse(text + 1, 400, "t", 0, &document, NULL), 0);
    struct pw_json_writer writer;
    struct pw_strbuf out = PW_STRBUF_INIT;
    pw_json_writer_init(&writer, &out);
    pw_json_put_value(&writer, NULL, document);
    assert_false(pw_strbuf_failed(&out));
    pw_strbuf_clear(&out);
    pw_json_writer_init(&writer, &out);
    pw_json_begin_array(&writer, NULL);
    pw_json_put_value(&writer, NULL, document);
    assert_true(pw_strbuf_failed(&out));
    pw_strbuf_release(&out);
    pw_json_free(document);
    static const struct refusal too_deep = {"", 1, 201, "nested deeper than 200"};
    check_refusal(text, 402, 0, &too_deep);
}

static void integers_that_lose_bits_are_refused_on_request(void **state)
{
    (void)state;
    static const char *const exact[] = {
        "9007199254740992", "-9007199254740992", "18446744073709551616",
        "123456789012345",  "1.5e300",           "9007199254740993.0"};
    static const char *const lossy[] = {"9007199254740993", "-9007199254740993",
                                        "18446744073709551615"};
    for (size_t i = 0; i < PW_COUNT(exact); i++) {
        struct pw_json *document = NULL;
        assert_int_equal(
            pw_json_parse(exact[i], strlen(exact[i]), "t", PW_JSON_EXACT_INTEGERS, &document, NULL),
            0);
        pw_json_free(document);
    }
    static const struct refusal refused = {"", 1, 1, "cannot hold exactly"};
    for (size_t i = 0; i < PW_COUNT(lossy); i++)
        check_refusal(lossy[i], strlen(lossy[i]), PW_JSON_EXACT_INTEGERS, &refused);
}

static void values_are_reached_by_name_and_in_order(void **state)
{
    (void)state;
    static const char text[] = "{\"Name\": \"x\", \"name\": [1.5, true, null], \"n\": {}}";
    struct pw_json *document = NULL;
    assert_int_equal(pw_json_parse(text, strlen(text), "t", 0, &document, NULL), 0);
    assert_int_equal(pw_json_type(document), PW_JSON_OBJECT);
    assert_int_equal(pw_json_size(document), 3);
    assert_string_equal(pw_json_string(pw_json_get(document, "Name")), "x");
    assert_null(pw_json_get(document, "NAME"));
    assert_null(pw_json_get(NULL, "x"));
    assert_null(pw_json_string(NULL));
    const struct pw_json *list = pw_json_get(document, "name");
    assert_string_equal(pw_json_key(list), "name");
    assert_int_equal(pw_json_size(list), 3);
    const struct pw_json *item = pw_json_first(list);
    double number = 0;
    bool flag = false;
    assert_true(pw_json_number(item, &number));
    assert_true(number == 1.5);
    assert_false(pw_json_bool(item, &flag));
    assert_null(pw_json_key(item));
    item = pw_json_next(item);
    assert_true(pw_json_bool(item, &flag));
    assert_true(flag);
    assert_false(pw_json_number(item, &number));
    item = pw_json_next(item);
    assert_int_equal(pw_json_type(item), PW_JSON_NULL);
    assert_null(pw_json_next(item));
    assert_null(pw_json_first(pw_json_get(document, "n")));
    assert_null(pw_json_get(list, "x"));
    pw_json_free(document);
    pw_json_free(NULL);
}

/* 100,000 members in one object, and 100,000 elements: linear, or the test would not end. */
static void large_documents_are_read_fast(void **state)
{
    (void)state;
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_json_writer writer;
    pw_json_writer_init(&writer, &text);
    pw_json_begin_object(&writer, NULL);
    for (unsigned i = 0; i < 100000; i++) {
        char key[16];
        snprintf(key, sizeof(key), "k%u", i);
        pw_json_begin_compact_array(&writer, key);
        pw_json_put_double(&writer, NULL, i);
        pw_json_end(&writer);
    }
    pw_json_end(&writer);
    pw_json_writer_finish(&writer);
    struct pw_json *document = NULL;
    uint64_t before_ns = pw_clock_monotonic_ns();
    assert_int_equal(pw_json_parse(pw_strbuf_text(&text), text.length, "t", 0, &document, NULL), 0);
    assert_true(pw_clock_monotonic_ns() - before_ns < UINT64_C(10000000000));
    assert_int_equal(pw_json_size(document), 100000);
    pw_json_free(document);

    pw_strbuf_truncate(&text, text.length - 3);
    pw_strbuf_puts(&text, ", \"k77\": 0}");
    struct pw_error err = PW_ERROR_INIT;
    document = NULL;
    assert_int_equal(pw_json_parse(pw_strbuf_text(&text), text.length, "t", 0, &document, &err),
                     PW_EFORMAT);
    assert_int_equal(err.line, 100001);
    pw_error_release(&err);
    pw_strbuf_release(&text);
}

static void damaged_documents_never_crash(void **state)
{
    (void)state;
    static const char good[] = "{\"a\": [1.5e3, -2, \"\\ud83d\\ude00\\n\xC3\xA9\", {\"b\": null}], "
                               "\"c\": {\"d\": [true, false, []]}, \"e\": \"\"}";
    const size_t length = sizeof(good) - 1;
    uint32_t random = 12345;
    for (size_t i = 0; i < 20000; i++) {
        char *copy = malloc(length); /* exact, so that reading beyond it is noticed */
        assert_non_null(copy);
        memcpy(copy, good, length);
        size_t cut = i < length ? i : length;
        for (int flips = i < length ? 0 : 2; flips > 0; flips--) {
            random = random * 1664525u + 1013904223u;
            copy[(random >> 8) % length] = (char)(random >> 24);
        }
        char *exact = malloc(cut == 0 ? 1 : cut);
        assert_non_null(exact);
        memcpy(exact, copy, cut);
        struct pw_json *document = NULL;
        struct pw_error err = PW_ERROR_INIT;
        int rc = pw_json_parse(exact, cut, "t", PW_JSON_EXACT_INTEGERS, &document, &err);
        assert_true(rc == 0 || rc == PW_EFORMAT);
        assert_true((rc == 0) == (document != NULL));
        pw_json_free(document);
        pw_error_release(&err);
        free(exact);
        free(copy);
    }
}

static void a_decimal_comma_changes_nothing(void **state)
{
    (void)state;
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "de_DE", "fr_FR.UTF-8"};
    const char *found = NULL;
    for (size_t i = 0; i < PW_COUNT(names) && found == NULL; i++)
        found = setlocale(LC_ALL, names[i]);
    if (found == NULL || strcmp(localeconv()->decimal_point, ",") != 0) {
        print_message("no locale with a decimal comma is installed\n");
        setlocale(LC_ALL, "C");
        skip();
    }
    struct pw_json *document = NULL;
    double number = 0;
    assert_int_equal(pw_json_parse("1.25", 4, "t", 0, &document, NULL), 0);
    assert_true(pw_json_number(document, &number));
    assert_true(number == 1.25);
    pw_json_free(document);
    setlocale(LC_ALL, "C");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(well_formed_documents_are_read),
        cmocka_unit_test(malformed_documents_are_refused_with_their_place),
        cmocka_unit_test(nesting_is_bounded),
        cmocka_unit_test(integers_that_lose_bits_are_refused_on_request),
        cmocka_unit_test(values_are_reached_by_name_and_in_order),
        cmocka_unit_test(large_documents_are_read_fast),
        cmocka_unit_test(damaged_documents_never_crash),
        cmocka_unit_test(a_decimal_comma_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
