/* What the text formats share: lines, numbers, units, repetitions, recognising. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "formats.h"
#include "perfwarden/util.h"

static void lines_are_what_a_reader_sees(void **state)
{
    (void)state;
    static const char text[] = "plain\n\x1B[1;32mgreen\x1B[0m bench\r\n"
                               "10 %\r20 %\rdone\n"
                               "\x1B]8;;http://x\x1B\\link\x1B]0;title\x07!\n"
                               "\n\x1B[12\nnul\0byte\nlast";
    static const struct {
        const char *line;
        unsigned number;
    } expected[] = {{"plain", 1},    {"green bench", 2}, {"10 %", 3}, {"20 %", 3},
                    {"done", 3},     {"link!", 4},       {"", 5},     {"", 6},
                    {"nul byte", 7}, {"last", 8}};
    struct pw_adapter_lines lines;
    pw_adapter_lines_init(&lines, text, sizeof(text) - 1);
    for (size_t i = 0; i < PW_COUNT(expected); i++) {
        const char *line = pw_adapter_next_line(&lines);
        assert_non_null(line);
        assert_string_equal(line, expected[i].line);
        assert_int_equal(lines.number, expected[i].number);
    }
    assert_null(pw_adapter_next_line(&lines));
    assert_int_equal(pw_adapter_lines_finish(&lines, 0, NULL), 0);
}

static void numbers_are_read_with_separators_of_thousands(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
        const char *rest;
    } cases[] = {
        {"12", 12, ""},
        {"1,431,759 ops", 1431759, " ops"},
        {"0.5ms", 0.5, "ms"},
        {"-3.25e-3x", -0.00325, "x"},
        {"+7", 7, ""},
        {"1,5", 1, ",5"},
        {"1,2345", 1, ",2345"},
        {"12e", 12, "e"},
        {"3.000.1", 3, ".1"},
        {"5-6", 5, "-6"},
        {"1,234.5,678", 1234.5, ",678"},
        {".5", 0.5, ""},
    };
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        const char *at = cases[i].text;
        double value = NAN;
        assert_true(pw_adapter_read_number(&at, &value));
        assert_true(value == cases[i].value);
        assert_string_equal(at, cases[i].rest);
    }
    static const char *const none[] = {"", "x", "-", "+", ".", ",5", "nan", "inf", "1e400", " 1"};
    for (size_t i = 0; i < PW_COUNT(none); i++) {
        const char *at = none[i];
        double value = 0;
        assert_false(pw_adapter_read_number(&at, &value));
        assert_ptr_equal(at, none[i]);
    }
}

static void units_become_base_units_exactly(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double value;
        const char *base;
        double in_base;
        enum pw_better better;
    } cases[] = {
        {"ns/iter", 325, "ns", 325, PW_BETTER_LOWER},
        {"ps", 323.9, "ns", 323.9 / 1000, PW_BETTER_LOWER},
        {"\xCE\xBCs", 2.5, "ns", 2500, PW_BETTER_LOWER},
        {"\xC2\xB5s", 2.5, "ns", 2500, PW_BETTER_LOWER},
        {"ms/op", 3, "ns", 3e6, PW_BETTER_LOWER},
        {"KiB", 3, "bytes", 3072, PW_BETTER_LOWER},
        {"MB/s", 7, "bytes/s", 7e6, PW_BETTER_HIGHER},
        {"ops/sec", 81.61, "1/s", 81.61, PW_BETTER_HIGHER},
        {"ops/min", 90, "1/s", 1.5, PW_BETTER_HIGHER},
        {"%", 3, "ratio", 0.03, PW_BETTER_LOWER},
        {"B/op", 48, "bytes", 48, PW_BETTER_LOWER},
    };
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        const struct pw_adapter_unit *unit =
            pw_adapter_find_unit(cases[i].name, strlen(cases[i].name));
        assert_non_null(unit);
        assert_string_equal(unit->base, cases[i].base);
        assert_int_equal(unit->better, cases[i].better);
        assert_true(pw_adapter_to_base(unit, cases[i].value) == cases[i].in_base);
    }
    assert_null(pw_adapter_find_unit("furlongs", 8));
    assert_null(pw_adapter_find_unit("", 0));
    assert_null(pw_adapter_find_unit("/op", 3));
}

static void repetitions_keep_their_order_beside_the_median(void **state)
{
    (void)state;
    static const double values[] = {9, 1, 5, 3};
    struct pw_adapter_samples samples = {.items = NULL};
    struct pw_adapter_output output = {.values = NULL};
    for (size_t i = 0; i < 4; i++) {
        const struct pw_adapter_value b = {"b", "time", "ns", PW_BETTER_LOWER, values[i], NULL, 0};
        const struct pw_adapter_value a = {"a", "time", "ns", PW_BETTER_LOWER, 7, NULL, 0};
        assert_int_equal(pw_adapter_samples_add(&samples, &b, NULL), 0);
        if (i == 2) {
            assert_int_equal(pw_adapter_samples_add(&samples, &a, NULL), 0);
        }
    }
    assert_int_equal(pw_adapter_samples_summarise(&samples, &output, NULL), 0);
    pw_adapter_samples_release(&samples);
    assert_int_equal(output.count, 2);
    assert_string_equal(output.values[0].benchmark, "b");
    assert_true(output.values[0].value == 4);
    assert_int_equal(output.values[0].sample_count, 4);
    assert_memory_equal(output.values[0].samples, values, sizeof(values));
    assert_string_equal(output.values[1].benchmark, "a");
    assert_int_equal(output.values[1].sample_count, 1);
    pw_adapter_output_release(&output);
}

static void what_is_no_number_is_no_measurement(void **state)
{
    (void)state;
    struct pw_adapter_output output = {.values = NULL};
    struct pw_adapter_output out;
    const struct pw_adapter_value value = {"b", "time", "ns", PW_BETTER_LOWER, INFINITY, NULL, 0};
    assert_int_equal(pw_adapter_finish("x", 0, &output, &out, NULL), PW_EFORMAT);
    assert_int_equal(pw_adapter_add(&output, &value, NULL), 0);
    assert_int_equal(pw_adapter_finish("x", 0, &output, &out, NULL), PW_EFORMAT);
    assert_int_equal(pw_adapter_add_failure(&output, "b", "no\ndisk", NULL), 0);
    assert_string_equal(output.failures[0].message, "no disk");
    assert_int_equal(pw_adapter_finish("x", 0, &output, &out, NULL), 0);
    pw_adapter_output_release(&out);
}

static void members_are_found_without_parsing(void **state)
{
    (void)state;
    static const char text[] = " {\"a\\\"b\": 1, \"context\" : {}, \"x\": \"value\"";
    const size_t length = sizeof(text) - 1;
    assert_true(pw_adapter_has_member(text, length, '{', "context"));
    assert_false(pw_adapter_has_member(text, length, '[', "context"));
    assert_false(pw_adapter_has_member(text, length, '{', "value"));
    assert_false(pw_adapter_has_member(text, 9, '{', "context"));
    assert_false(pw_adapter_has_member("", 0, '{', "context"));
}

static void an_output_is_recognised_or_refused(void **state)
{
    (void)state;
    static const char bmf[] = "{\"b\": {\"latency\": {\"value\": 1}}}";
    const struct pw_adapter *adapter = NULL;
    struct pw_error err = PW_ERROR_INIT;
    assert_int_equal(pw_adapter_recognise(bmf, sizeof(bmf) - 1, &adapter, &err), 0);
    assert_string_equal(adapter->name, "bmf");
    assert_int_equal(pw_adapter_recognise("hello\n", 6, &adapter, &err), PW_EFORMAT);
    assert_non_null(strstr(pw_error_message(&err), "name it with 'format'"));
    pw_error_release(&err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_what_a_reader_sees),
        cmocka_unit_test(numbers_are_read_with_separators_of_thousands),
        cmocka_unit_test(units_become_base_units_exactly),
        cmocka_unit_test(repetitions_keep_their_order_beside_the_median),
        cmocka_unit_test(what_is_no_number_is_no_measurement),
        cmocka_unit_test(members_are_found_without_parsing),
        cmocka_unit_test(an_output_is_recognised_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
