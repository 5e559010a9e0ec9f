/* --since, --until and --limit: dates and ages, strictly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "../../src/cli/option_values.h"

#define NOW 1700000000

static int set_now(void **state)
{
    (void)state;
    return setenv("SOURCE_DATE_EPOCH", "1700000000", 1);
}

static void test_dates_and_ages(void **state)
{
    static const struct {
        const char *text;
        int64_t since_s;
        int64_t until_s; /* of a date: its last second */
    } cases[] = {
        {"1970-01-01", 0, 86399},
        {"1970-03-01", 59 * 86400, 60 * 86400 - 1},
        {"1972-02-29", 789 * 86400, 790 * 86400 - 1},
        {"2000-02-29", 951782400, 951868799},
        {"2023-11-14", 1699920000, 1700006399},
        {"2100-12-31", 4133894400, 4133980799},
        {"0s", NOW, NOW},
        {"90s", NOW - 90, NOW - 90},
        {"5min", NOW - 300, NOW - 300},
        {"12h", NOW - 43200, NOW - 43200},
        {"30d", NOW - 2592000, NOW - 2592000},
        {"2w", NOW - 1209600, NOW - 1209600},
    };
    (void)state;

    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_arguments a = {0};
        assert_int_equal(pw_option_parse_since(cases[i].text, &a, NULL), PW_OK);
        assert_true(a.has_since && !a.has_until);
        assert_int_equal(a.since_s, cases[i].since_s);
        assert_int_equal(pw_option_parse_until(cases[i].text, &a, NULL), PW_OK);
        assert_true(a.has_until);
        assert_int_equal(a.until_s, cases[i].until_s);
    }
}

static void test_what_is_neither_is_refused(void **state)
{
    static const char *const cases[] = {
        "",
        "30",
        "d",
        "30days",
        "30 d",
        "-30d",
        "+30d",
        "1.5d",
        "1e3d",
        "30D",
        "1m",
        "2023-11-1",
        "2023-1-01",
        "23-11-14",
        "2023-11-31",
        "2023-02-29",
        "1900-01-01",
        "2023-00-10",
        "2023-13-10",
        "2023-10-00",
        "2023/11/14",
        "2023-11-14T00:00:00Z",
        "1234567890d",
        "999999999w",
        "yesterday",
        "now",
    };
    (void)state;

    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_arguments a = {0};
        struct pw_error err = PW_ERROR_INIT;
        assert_int_equal(pw_option_parse_since(cases[i], &a, &err), PW_EUSAGE);
        assert_non_null(strstr(pw_error_message(&err), "neither a date"));
        assert_false(a.has_since);
        pw_error_release(&err);
    }
}

static void test_limits(void **state)
{
    static const char *const refused[] = {"", "0", "-1", "1.5", "x", "99999999999999999999999"};
    struct pw_arguments a = {0};
    (void)state;

    assert_int_equal(pw_option_parse_limit("100", &a, NULL), PW_OK);
    assert_int_equal(a.limit, 100);
    for (size_t i = 0; i < PW_COUNT(refused); i++) {
        assert_int_equal(pw_option_parse_limit(refused[i], &a, NULL), PW_EUSAGE);
        assert_int_equal(a.limit, 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dates_and_ages),
        cmocka_unit_test(test_what_is_neither_is_refused),
        cmocka_unit_test(test_limits),
    };

    return cmocka_run_group_tests_name("option_times", tests, set_now, NULL);
}
