/* Numbers as text: what is parsed, what is refused, what people see. */
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "perfwarden/util.h"

static void doubles_are_parsed_strictly(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value; /* NAN: refused */
    } cases[] = {
        {"0", 0},     {"-0", -0.0},   {"1.5", 1.5},    {"+2", 2},        {".5", 0.5},
        {"5.", 5},    {"1e3", 1000},  {"1E-2", 0.01},  {"-7.25", -7.25}, {"1e-400", 0},
        {"", NAN},    {" 1", NAN},    {"1 ", NAN},     {"0x10", NAN},    {"nan", NAN},
        {"inf", NAN}, {"1e400", NAN}, {"-1e999", NAN}, {"1,5", NAN},     {"1e", NAN},
        {".", NAN},   {"-", NAN},     {"1.2.3", NAN},  {"1d5", NAN},     {"--1", NAN},
    };
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        double value = 77;
        int rc = pw_parse_double(cases[i].text, &value);
        if (isnan(cases[i].value)) {
            assert_int_equal(rc, PW_EINVAL);
            assert_true(value == 77);
        } else {
            assert_int_equal(rc, 0);
            assert_memory_equal(&value, &cases[i].value, sizeof(value));
        }
    }
}

static void unsigned_integers_do_not_wrap(void **state)
{
    (void)state;
    uint64_t value = 7;
    assert_int_equal(pw_parse_uint64("18446744073709551615", &value), 0);
    assert_true(value == UINT64_MAX);
    static const char *const wrong[] = {
        "",    "-1",  "+1", " 1", "1 ", "18446744073709551616", "99999999999999999999",
        "1.0", "0x1", "1e3"};
    for (size_t i = 0; i < PW_COUNT(wrong); i++)
        assert_int_equal(pw_parse_uint64(wrong[i], &value), PW_EINVAL);
    assert_true(value == UINT64_MAX);
}

static void quantities_are_typed_by_their_unit(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double base;
        enum pw_quantity quantity;
    } cases[] = {
        {"12", 12, PW_QUANTITY_COUNT},
        {"5%", 0.05, PW_QUANTITY_RATIO},
        {"7 %", 0.07, PW_QUANTITY_RATIO},
        {"200us", 2e5, PW_QUANTITY_DURATION},
        {"200 \xC2\xB5s", 2e5, PW_QUANTITY_DURATION},
        {"30s", 30e9, PW_QUANTITY_DURATION},
        {"1.5 min", 90e9, PW_QUANTITY_DURATION},
        {"2h", 7200e9, PW_QUANTITY_DURATION},
        {"250ms", 250e6, PW_QUANTITY_DURATION},
        {"3ns", 3, PW_QUANTITY_DURATION},
        {"7B", 7, PW_QUANTITY_BYTES},
        {"1KB", 1000, PW_QUANTITY_BYTES},
        {"1 KiB", 1024, PW_QUANTITY_BYTES},
        {"1e3 MB", 1e9, PW_QUANTITY_BYTES},
        {"64 MiB", 67108864, PW_QUANTITY_BYTES},
        {"2GB", 2e9, PW_QUANTITY_BYTES},
        {"1 GiB", 1073741824, PW_QUANTITY_BYTES},
        {"-5%", -0.05, PW_QUANTITY_RATIO},
    };
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        double base = 0;
        enum pw_quantity quantity = PW_QUANTITY_COUNT;
        assert_int_equal(pw_parse_quantity(cases[i].text, &base, &quantity, NULL), 0);
        assert_true(base == cases[i].base);
        assert_int_equal(quantity, cases[i].quantity);
    }
}

static void wrong_quantities_name_the_remedy(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *part;
    } cases[] = {
        {"fast", "'fast' is not a number"},
        {"", "'' is not a number"},
        {"5 parsecs", "unknown unit 'parsecs' in '5 parsecs'"},
        {"5 parsecs", "known are ns, us, ms, s, min, h, B, KB, KiB, MB, MiB, GB, GiB and %"},
        {"5 ", "unknown unit"},
        {"1kb", "unknown unit 'kb'"},
        {"1e308 h", "too large"},
        {"1e400", "too large"},
        {"0x10", "unknown unit 'x10'"},
    };
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_error err = PW_ERROR_INIT;
        double base = 77;
        enum pw_quantity quantity = PW_QUANTITY_BYTES;
        assert_int_equal(pw_parse_quantity(cases[i].text, &base, &quantity, &err), PW_EINVAL);
        assert_non_null(strstr(pw_error_message(&err), cases[i].part));
        assert_true(base == 77 && quantity == PW_QUANTITY_BYTES);
        pw_error_release(&err);
    }
}

static void values_show_four_digits_in_a_readable_unit(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *unit;
        const char *text;
    } cases[] = {
        {0, "ns", "0 ns"},
        {850, "ns", "850 ns"},
        {0.25, "ns", "0.250 ns"},
        {12.34, "ns", "12.34 ns"},
        {999.97, "ns", "1.00 \xC2\xB5s"},
        {1234, "ns", "1.234 \xC2\xB5s"},
        {12.3e6, "ns", "12.3 ms"},
        {12.34e6, "ns", "12.34 ms"},
        {123.4e6, "ns", "123.4 ms"},
        {123e6, "ns", "123 ms"},
        {999.9e6, "ns", "999.9 ms"},
        {999.96e6, "ns", "1.00 s"},
        {1.234e9, "ns", "1.234 s"},
        {99.9996e9, "ns", "100 s"},
        {7543.2e9, "ns", "7543 s"},
        {-1.5e6, "ns", "-1.50 ms"},
        {1310720, "bytes", "1.25 MiB"},
        {1000, "bytes", "1000 B"},
        {1024, "bytes", "1.00 KiB"},
        {1023.0 * 1024, "bytes", "1023 KiB"},
        {1024 * 1024 - 1, "bytes", "1.00 MiB"},
        {5.5 * 1073741824, "bytes", "5.50 GiB"},
        {0.12, "ratio", "12.0 %"},
        {0.9995, "ratio", "99.95 %"},
        {1, "ratio", "100 %"},
        {0, "ratio", "0 %"},
        {42, "count", "42"},
        {10341, "count", "10341"},
        {123456789012.0, "count", "123456789012"},
        {1.5, "count", "1.50"},
        {0.00001, "count", "1.000e-05"},
        {1e300, "count", "1.000e+300"},
        {-0.0, "count", "0"},
        {12345, "1/s", "12345 1/s"},
        {7, "", "7"},
        {NAN, "ns", "\xE2\x80\x93"},
        {INFINITY, "bytes", "\xE2\x80\x93"},
    };
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_strbuf out = PW_STRBUF_INIT;
        pw_format_value(&out, cases[i].value, cases[i].unit);
        assert_string_equal(pw_strbuf_text(&out), cases[i].text);
        pw_strbuf_release(&out);
    }
}

static void changes_are_signed_percentages(void **state)
{
    (void)state;
    static const struct {
        double ratio;
        const char *text;
    } cases[] = {
        {0.053, "+5.3 %"},
        {-0.053, "-5.3 %"},
        {0, "0.0 %"},
        {-0.00001, "0.0 %"},
        {0.0004, "+0.04 %"},
        {1.5, "+150.0 %"},
        {0.00996, "+1.0 %"},
        {99, "+9900.0 %"},
        {1e9, "+1.000e+11 %"},
        {INFINITY, "+\xE2\x88\x9E"},
        {-INFINITY, "-\xE2\x88\x9E"},
        {NAN, "\xE2\x80\x93"},
    };
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_strbuf out = PW_STRBUF_INIT;
        pw_format_change(&out, cases[i].ratio);
        assert_string_equal(pw_strbuf_text(&out), cases[i].text);
        pw_strbuf_release(&out);
    }
}

static void durations_read_like_a_clock(void **state)
{
    (void)state;
    static const struct {
        uint64_t ns;
        const char *text;
    } cases[] = {
        {0, "0 ns"},
        {850, "850 ns"},
        {850999, "850 \xC2\xB5s"},
        {UINT64_C(850000000), "850 ms"},
        {UINT64_C(1500000000), "1.5 s"},
        {UINT64_C(2000000000), "2 s"},
        {UINT64_C(12000000000), "12 s"},
        {UINT64_C(59700000000), "1 min"},
        {UINT64_C(200000000000), "3 min 20 s"},
        {UINT64_C(180000000000), "3 min"},
        {UINT64_C(3599800000000), "1 h"},
        {UINT64_C(7500000000000), "2 h 5 min"},
        {UINT64_MAX, "5124095 h 35 min"},
    };
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_strbuf out = PW_STRBUF_INIT;
        pw_format_duration(&out, cases[i].ns);
        assert_string_equal(pw_strbuf_text(&out), cases[i].text);
        pw_strbuf_release(&out);
    }
}

/* A fixed sequence, so that a failure can be repeated. */
static uint64_t next_random(uint64_t *state)
{
    *state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static void doubles_read_back_equal(void **state)
{
    (void)state;
    uint64_t seed = 20;
    for (int i = 0; i < 100000; i++) {
        uint64_t bits = next_random(&seed);
        double value = 0;
        double again = 0;
        char text[PW_DOUBLE_TEXT_SIZE];
        memcpy(&value, &bits, sizeof(value));
        if (!isfinite(value))
            continue;
        pw_format_double(value, text);
        assert_int_equal(pw_parse_double(text, &again), 0);
        assert_memory_equal(&value, &again, sizeof(value));
    }
}

static void shortest_digits_are_written(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {{0.1, "0.1"},
                 {1234567, "1234567"},
                 {1.0 / 3, "0.3333333333333333"},
                 {0.1 + 0.2, "0.30000000000000004"},
                 {-0.0, "-0"},
                 {1e22, "1e+22"},
                 {5e-324, "4.94065645841247e-324"}};
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        char text[PW_DOUBLE_TEXT_SIZE];
        pw_format_double(cases[i].value, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void a_decimal_comma_changes_nothing(void **state)
{
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "de_DE", "fr_FR.UTF-8"};
    const char *found = NULL;
    for (size_t i = 0; i < PW_COUNT(names) && found == NULL; i++)
        found = setlocale(LC_ALL, names[i]);
    if (found == NULL || strcmp(localeconv()->decimal_point, ",") != 0) {
        print_message("no locale with a decimal comma is installed\n");
        setlocale(LC_ALL, "C");
        skip();
    }
    doubles_are_parsed_strictly(state);
    quantities_are_typed_by_their_unit(state);
    values_show_four_digits_in_a_readable_unit(state);
    changes_are_signed_percentages(state);
    shortest_digits_are_written(state);
    assert_string_equal(localeconv()->decimal_point, ",");
    setlocale(LC_ALL, "C");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doubles_are_parsed_strictly),
        cmocka_unit_test(unsigned_integers_do_not_wrap),
        cmocka_unit_test(quantities_are_typed_by_their_unit),
        cmocka_unit_test(wrong_quantities_name_the_remedy),
        cmocka_unit_test(values_show_four_digits_in_a_readable_unit),
        cmocka_unit_test(changes_are_signed_percentages),
        cmocka_unit_test(durations_read_like_a_clock),
        cmocka_unit_test(doubles_read_back_equal),
        cmocka_unit_test(shortest_digits_are_written),
        cmocka_unit_test(a_decimal_comma_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
