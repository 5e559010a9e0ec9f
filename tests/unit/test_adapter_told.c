/* The formats that are told where values stand: regular expressions, and paths in JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "adapter_check.h"
#include "perfwarden/util.h"

#define LOWER  PW_BETTER_LOWER
#define HIGHER PW_BETTER_HIGHER

#define SETTINGS(...)                                                                              \
    {                                                                                              \
        (const struct pw_value_rule[]){__VA_ARGS__},                                               \
            PW_COUNT(((const struct pw_value_rule[]){__VA_ARGS__}))                                \
    }

static const char log_text[] = "starting\n"
                               "\x1B[32mparse: 1,250.5 us (best 1 ms)\x1B[0m\r\n"
                               "load: 3 ms\n"
                               "parse: 1,249.5 us\n"
                               "rate=7.5 MB/s rate=8 MB/s\n"
                               "broken \xFF utf-8: 4 s\n";

static void patterns_find_names_units_and_repetitions(void **state)
{
    (void)state;
    const struct pw_adapter_settings settings =
        SETTINGS({.pattern = "^(?<name>\\w+): (?<value>[\\d.,]+) (?<unit>\\w+)", .metric = "time"},
                 {.pattern = "rate=(?<value>\\S+) (?<unit>\\S+)", .metric = "rate"},
                 {.pattern = "utf-8: (?<value>\\d+) s$", .metric = "odd", .unit = "furlongs"});
    static const struct expected expected[] = {
        {"parse", "time", "ns", LOWER, 1.25e6},
        {"load", "time", "ns", LOWER, 3e6},
        {"", "rate", "bytes/s", HIGHER, 7.75e6},
        {"", "odd", "furlongs", LOWER, 4},
    };
    check_told("regex", &settings, log_text, expected, PW_COUNT(expected));
}

static void a_rule_says_what_the_line_does_not(void **state)
{
    (void)state;
    const struct pw_adapter_settings settings =
        SETTINGS({.pattern = "(?<metric>score|time) (?<value>-?[\\d.]+)",
                  .unit = "ms",
                  .better = 1 + PW_BETTER_HIGHER});
    static const struct expected expected[] = {{"", "score", "ns", HIGHER, -2e6},
                                               {"", "time", "ns", HIGHER, 5e5}};
    check_told("regex", &settings, "score -2 time 0.5", expected, PW_COUNT(expected));
}

static void wrong_patterns_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        const char *message;
    } cases[] = {
        {"(?<value>[0-9]+", "is wrong at character 16: missing closing parenthesis"},
        {"[0-9]+", "has no group 'value'; write (?<value>[0-9.]+)"},
    };
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        const struct pw_adapter_settings settings = SETTINGS({.pattern = cases[i].pattern});
        struct pw_error err = PW_ERROR_INIT;
        assert_int_equal(pw_adapter_find("regex")->check(&settings, &err), PW_ECONFIG);
        assert_non_null(strstr(pw_error_message(&err), cases[i].message));
        pw_error_release(&err);
    }
}

static void what_patterns_cannot_read_is_refused(void **state)
{
    (void)state;
    const struct pw_adapter_settings number = SETTINGS({.pattern = "took (?<value>\\S+)"});
    check_refused("regex", &number, "nothing\n", "no line matches a pattern of 'values'");
    check_refused("regex", &number, "ok\ntook ages\n",
                  "line 2: expected a number as the group 'value', not 'ages'");
    const struct pw_adapter_settings slow = SETTINGS({.pattern = "^(a+)+(?<value>\\d)$"});
    check_refused("regex", &slow, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
                  "line 1: the pattern '^(a+)+(?<value>\\d)$' takes too long on it");
}

static void an_empty_match_goes_on(void **state)
{
    (void)state;
    const struct pw_adapter_settings settings =
        SETTINGS({.pattern = "(?=(?<value>\\d))", .metric = "digit"});
    static const struct expected expected[] = {{"", "digit", "count", LOWER, 2}};
    check_told("regex", &settings, "1 2 3", expected, PW_COUNT(expected));
}

static const char document[] =
    "{\"meta\": {\"host\": \"h\"}, \"results\": ["
    "{\"name\": \"a\", \"mean\": 1.5, \"times\": [3, 1, 2], \"sub\": {\"rate\": 4}},"
    "{\"name\": \"b\", \"mean\": 2.5, \"times\": [5], \"sub\": {\"rate\": 8}}],"
    "\"by name\": {\"x\": {\"v\": 1}, \"y\": {\"v\": 2}}}";

static void paths_find_values_and_their_names(void **state)
{
    (void)state;
    const struct pw_adapter_settings settings = SETTINGS(
        {.path = "$.results[*].mean", .benchmark = "$.name", .metric = "time", .unit = "s"},
        {.path = "$.results[*].times", .benchmark = "$.name", .metric = "times"},
        {.path = "$.results[1].sub.rate", .benchmark = "..name", .metric = "rate", .unit = "MB/s"},
        {.path = "$['by name'].*.v", .metric = "v"});
    static const struct expected expected[] = {
        {"a", "time", "ns", LOWER, 1.5e9},     {"b", "time", "ns", LOWER, 2.5e9},
        {"a", "times", "count", LOWER, 2},     {"b", "times", "count", LOWER, 5},
        {"b", "rate", "bytes/s", HIGHER, 8e6}, {"x", "v", "count", LOWER, 1},
        {"y", "v", "count", LOWER, 2},
    };
    check_told("json", &settings, document, expected, PW_COUNT(expected));
}

static void what_paths_cannot_read_is_refused(void **state)
{
    (void)state;
    const struct pw_adapter_settings nothing = SETTINGS({.path = "$.results[7].mean"});
    check_refused("json", &nothing, document, "there is nothing at '$.results[7].mean'");
    const struct pw_adapter_settings text = SETTINGS({.path = "$.results[0].name"});
    check_refused("json", &text, document,
                  "expected a number or a list of them at '$.results[0].name'");
    const struct pw_adapter_settings nameless =
        SETTINGS({.path = "$.results[0].mean", .benchmark = "$.title"});
    check_refused("json", &nameless, document,
                  "no name at '$.title' for a value at '$.results[0].mean'");
    check_refused("json", &nothing, "{\"results\": [", "the text ends too early");
}

static void wrong_paths_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        const char *message;
    } cases[] = {
        {"results", "at character 1: expected '$'"},
        {"$.a[", "at character 5: expected a position, '*' or a name in quotes"},
        {"$.a['b", "at character 5: expected a name in quotes"},
        {"$.a[1", "at character 6: expected ']'"},
        {"$..a", "at character 3: expected a name"},
        {"$a", "at character 2: expected '.' or '['"},
        {"$.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a",
         "expected fewer than 33 steps"},
    };
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        const struct pw_adapter_settings settings = SETTINGS({.path = cases[i].path});
        struct pw_error err = PW_ERROR_INIT;
        assert_int_equal(pw_adapter_find("json")->check(&settings, &err), PW_ECONFIG);
        if (strstr(pw_error_message(&err), cases[i].message) == NULL) {
            fail_msg("%s", pw_error_message(&err));
        }
        pw_error_release(&err);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_find_names_units_and_repetitions),
        cmocka_unit_test(a_rule_says_what_the_line_does_not),
        cmocka_unit_test(wrong_patterns_are_named),
        cmocka_unit_test(what_patterns_cannot_read_is_refused),
        cmocka_unit_test(an_empty_match_goes_on),
        cmocka_unit_test(paths_find_values_and_their_names),
        cmocka_unit_test(what_paths_cannot_read_is_refused),
        cmocka_unit_test(wrong_paths_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
