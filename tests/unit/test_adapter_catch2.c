/* Catch2's console and XML reporters: names, failures, ends, and XML that means harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "adapter_check.h"
#include "perfwarden/util.h"

#define LOWER PW_BETTER_LOWER

#define CHECK(text, expected)                                                                      \
    check_values("catch2", text, strlen(text), expected, PW_COUNT(expected))

#define RULE "-------------------------------------------------------------------------------\n"
#define DOTS "...............................................................................\n"
#define END  "===============================================================================\n"
#define HEADING                                                                                    \
    "benchmark name                       samples       iterations    est run time\n"              \
    "                                     mean          low mean      high mean\n"                 \
    "                                     std dev       low std dev   high std dev\n" RULE
#define ROW(name)                                                                                  \
    name "             100           20     7.48 ms \n"                                            \
         "                                      3 us          2 us          4 us \n"               \
         "                                      2 ns          1 ns          3 ns \n"               \
         "                                                                       \n"
#define VALUES(name)                                                                               \
    {name, "time", "ns", LOWER, 3000}, {name, "time/low", "ns", LOWER, 2000},                      \
        {name, "time/high", "ns", LOWER, 4000}, {name, "time/stddev", "ns", LOWER, 2},             \
        {name, "time/stddev/low", "ns", LOWER, 1},                                                 \
    {                                                                                              \
        name, "time/stddev/high", "ns", LOWER, 3                                                   \
    }

static void sections_and_wrapped_names(void **state)
{
    (void)state;
    static const char text[] =
        RULE "Case\n  Section\n" RULE "a.cpp:5\n" DOTS "\n" HEADING "a log line 1\n"
             "a name that is too long for its                                          \n" ROW(
                 "column 2") RULE "Other\n" RULE "a.cpp:9\n" DOTS "\n" HEADING ROW("short") END
        "All tests passed (1 assertion in 2 test cases)\n";
    static const struct expected expected[] = {
        VALUES("Case > Section > a name that is too long for its column 2"),
        VALUES("Other > short"),
    };
    CHECK(text, expected);
    check_every_prefix_is_refused("catch2", text, (size_t)(strstr(text, "All tests pas") - text));
}

static void without_analysis_the_mean_is_all(void **state)
{
    (void)state;
    static const struct expected expected[] = {{"Case > f", "time", "ns", LOWER, 344}};
    CHECK(RULE "Case\n" RULE "a.cpp:5\n" DOTS
               "benchmark name                       samples       iterations    mean\n" RULE
               "f                                        100           208       344 ns \n"
               "\n" END "test cases: 1 | 1 passed\n",
          expected);
}

static void failed_benchmarks_and_assertions(void **state)
{
    (void)state;
    static const char text[] = RULE "Case\n" RULE "a.cpp:5\n" DOTS "\n" HEADING ROW(
        "good") "bad                                   Benchmark failed (no disk)\n"
                "late                                     100           208       344 ns \n"
                "                                      Benchmark failed (no memory)\n" DOTS
                "\na.cpp:7: FAILED:\n  REQUIRE( 1 == 2 )\n\n" END "test cases: 1 | 1 failed\n";
    static const char *const expected[] = {"Case > bad: no disk", "Case > late: no memory",
                                           "Case: REQUIRE( 1 == 2 )"};
    check_failures("catch2", text, expected, PW_COUNT(expected));
}

static void broken_tables_are_refused(void **state)
{
    (void)state;
    check_refused("catch2", NULL, HEADING ROW("f"),
                  "the output ends before 'test cases:' or 'All tests passed'");
    check_refused("catch2", NULL,
                  HEADING "f           100         20     7.48 ms \n" RULE "test cases: 1 |\n",
                  "line 5: 'f' has no mean or no deviation below it");
    check_refused("catch2", NULL,
                  HEADING "f           100         20     7.48 ms \n"
                          "                           3 us          2 us \n",
                  "line 6: expected three times with their units");
}

#define XML(inside)                                                                                \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"                                                 \
    "<Catch2TestRun name=\"b\" rng-seed=\"1\" catch2-version=\"3.1.0\">\n" inside                  \
    "</Catch2TestRun>\n"
#define ESTIMATES                                                                                  \
    "<!-- All values in nano seconds -->\n"                                                        \
    "<mean value=\"3e+03\" lowerBound=\"2000\" upperBound=\"4000\" ci=\"0.95\"/>\n"                \
    "<standardDeviation value=\"2\" lowerBound=\"1\" upperBound=\"3\" ci=\"0.95\"/>\n"             \
    "<outliers variance=\"0.9\" lowMild=\"0\" lowSevere=\"0\" highMild=\"1\" highSevere=\"8\"/>\n"

static void xml_names_and_values(void **state)
{
    (void)state;
    static const char text[] =
        XML("<TestCase name=\"Case\"><Section name=\"a &lt; &quot;b&quot;\">"
            "<BenchmarkResults name=\"f\" samples=\"100\">" ESTIMATES "</BenchmarkResults>"
            "</Section><BenchmarkResults name=\"g\">" ESTIMATES "</BenchmarkResults>"
            "<OverallResult success=\"true\"/></TestCase>\n");
    static const struct expected expected[] = {
        VALUES("Case > a < \"b\" > f"),
        VALUES("Case > g"),
    };
    CHECK(text, expected);
    check_every_prefix_is_refused("catch2", text, strlen(text) - 1);
    CHECK("<Catch name=\"v2\"><Group name=\"b\"><TestCase name=\"Case > a &lt; &quot;b&quot;\">"
          "<BenchmarkResults name=\"f\">" ESTIMATES "</BenchmarkResults></TestCase>"
          "<TestCase name=\"Case\"><BenchmarkResults name=\"g\">" ESTIMATES
          "</BenchmarkResults></TestCase></Group></Catch>",
          expected);
}

static void xml_failures(void **state)
{
    (void)state;
    static const char text[] =
        XML("<TestCase name=\"A\"><BenchmarkResults name=\"f\"><failed message=\"no disk\"/>"
            "</BenchmarkResults><Expression success=\"false\" type=\"REQUIRE\">"
            "<Original>\n  1 == 2\n</Original><Expanded>1 == 2</Expanded></Expression>"
            "<Expression success=\"true\"><Original>2 == 2</Original></Expression>"
            "<OverallResult success=\"false\"/></TestCase>"
            "<TestCase name=\"B\"><Exception>thrown</Exception></TestCase>"
            "<TestCase name=\"C\"><OverallResult success=\"false\"/></TestCase>");
    static const char *const expected[] = {"A > f: no disk", "A: 1 == 2", "B: thrown",
                                           "C: the test case failed"};
    check_failures("catch2", text, expected, PW_COUNT(expected));
}

static void xml_without_estimates_is_refused(void **state)
{
    (void)state;
    check_refused("catch2", NULL,
                  XML("<TestCase name=\"A\"><BenchmarkResults name=\"f\"/></TestCase>"),
                  "line 3: expected a 'mean' in 'A > f'");
    check_refused("catch2", NULL,
                  XML("<TestCase name=\"A\"><BenchmarkResults name=\"f\">"
                      "<mean value=\"fast\" lowerBound=\"1\" upperBound=\"1\"/>"
                      "</BenchmarkResults></TestCase>"),
                  "expected a number as 'value' of 'A > f'");
    check_refused("catch2", NULL, XML("<TestCase/>"), "expected an attribute 'name' of 'TestCase'");
}

/* Entities could grow without bounds or read files. */
static void xml_with_a_document_type_is_refused(void **state)
{
    (void)state;
    check_refused("catch2", NULL,
                  "<!DOCTYPE c [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">"
                  "<!ENTITY c SYSTEM \"file:///etc/passwd\">]>\n"
                  "<Catch2TestRun><TestCase name=\"&b;\">&c;</TestCase></Catch2TestRun>\n",
                  "expected no document type");
}

static void xml_of_any_depth_is_survived(void **state)
{
    (void)state;
    struct pw_strbuf text = PW_STRBUF_INIT;
    pw_strbuf_puts(&text, "<Catch2TestRun>");
    for (size_t i = 0; i < 100000; i++) {
        pw_strbuf_puts(&text, "<Section name=\"s\">");
    }
    struct pw_adapter_output output;
    assert_int_equal(pw_strbuf_check(&text, NULL), 0);
    assert_int_equal(
        pw_adapter_find("catch2")->parse(pw_strbuf_text(&text), text.length, NULL, &output, NULL),
        PW_EFORMAT);
    pw_strbuf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sections_and_wrapped_names),
        cmocka_unit_test(without_analysis_the_mean_is_all),
        cmocka_unit_test(failed_benchmarks_and_assertions),
        cmocka_unit_test(broken_tables_are_refused),
        cmocka_unit_test(xml_names_and_values),
        cmocka_unit_test(xml_failures),
        cmocka_unit_test(xml_without_estimates_is_refused),
        cmocka_unit_test(xml_with_a_document_type_is_refused),
        cmocka_unit_test(xml_of_any_depth_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
