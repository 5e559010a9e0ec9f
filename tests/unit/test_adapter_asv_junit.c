/* asv's console output, hyperfine's CSV and JUnit XML: each rule on a text of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "adapter_check.h"
#include "perfwarden/adapter.h"
#include "perfwarden/util.h"

#define LOWER PW_BETTER_LOWER

#define DOT  "\xC2\xB7"
#define DOTS DOT DOT DOT " "
#define HEAD                                                                                       \
    DOT " Running 4 total benchmarks (1 commits * 1 environments * 4 benchmarks)\n[  0.00%] " DOT  \
        " For project commit 4238c44d <master>:\n[  0.00%] " DOT DOT " Benchmarking env-py3\n"

static void asv_results_are_read(void **state)
{
    (void)state;
    static const char text[] = HEAD "[ 12.50%] " DOTS "Running (m.time_a--)....\r\n"
                                    "a line of the benchmark's own\n"
                                    "[ 25.00%] \x1B[32m" DOTS "m.time_a     1.50\xC2\xB1"
                                    "0.2ms\x1B[0m\r\n"
                                    "[ 50.00%] " DOTS "m.mem_b   3M\n"
                                    "[ 60.00%] " DOTS "m.time_skipped   n/a\n"
                                    "[ 75.00%] " DOTS "m.S.track_c   12 widgets\n"
                                    "[ 80.00%] " DOTS "m.S.track_d   12\n"
                                    "[ 90.00%] " DOTS "m.time_p   2/4 failed\n"
                                    "[100.00%] " DOTS "m.time_f   failed\n";
    static const struct expected expected[] = {
        {"m.time_a", "time", "ns", LOWER, 1.5e6},
        {"m.time_a", "time/error", "ns", LOWER, 0.2e6},
        {"m.mem_b", "memory", "bytes", LOWER, 3e6},
        {"m.S.track_c", "value", "widgets", LOWER, 12},
        {"m.S.track_d", "value", "count", LOWER, 12},
    };
    static const char *const failures[] = {"m.time_p: 2/4 failed", "m.time_f: failed"};
    check_values("asv-console", text, sizeof(text) - 1, expected, PW_COUNT(expected));
    check_failures("asv-console", text, failures, PW_COUNT(failures));
    check_every_prefix_is_refused("asv-console", text, sizeof(text) - 1);
}

static void wrong_asv_outputs_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"", "expected 'Running \xE2\x80\xA6 total benchmarks (\xE2\x80\xA6)'"},
        {HEAD, "line 3: the output ends before 100 % is done"},
        {HEAD "[100.00%] " DOTS "m.time_a   fast\n",
         "line 4: expected a result of 'm.time_a', not 'fast'"},
        {HEAD "[100.00%] " DOTS "m.time_a   12\n",
         "line 4: expected a result of 'm.time_a', not '12'"},
        {HEAD "[100.00%] " DOTS "m.time_a\n", "line 4: expected a result of 'm.time_a', not ''"},
        {HEAD "[100.00%] " DOTS "m.time_a  ok\n",
         "'m.time_a' has parameters, whose table is not read; use the file of results with format "
         "'asv'"},
        {"Running 2 total benchmarks (2 commits * 1 environments * 1 benchmarks)\n",
         "line 1: the output is of several commits"},
        {HEAD "[100.00%] " DOTS "m.time_a   n/a\n",
         "output in format 'asv-console' holds no measurement"},
    };
    for (size_t i = 0; i < PW_COUNT(cases); i++)
        check_refused("asv-console", NULL, cases[i].text, cases[i].message);
}

#define CSV "command,mean,stddev,median,user,system,min,max"

static void hyperfine_rows_are_read(void **state)
{
    (void)state;
    static const char text[] = CSV ",parameter_n\r\n"
                                   "\"echo \"\"a\"\",\nb\",0.5,,0.25,0.1,0.2,0.125,2,7\n"
                                   "c,1,0.5,1,1,1,1,1,8\n";
    static const char quoted[] = "echo \"a\",\nb (n=7)";
    const struct expected expected[] = {
        {quoted, "time/mean", "ns", LOWER, 0.5e9},
        {quoted, "time", "ns", LOWER, 0.25e9},
        {quoted, "time/user", "ns", LOWER, 0.1e9},
        {quoted, "time/system", "ns", LOWER, 0.2e9},
        {quoted, "time/min", "ns", LOWER, 0.125e9},
        {quoted, "time/max", "ns", LOWER, 2e9},
        {"c (n=8)", "time/mean", "ns", LOWER, 1e9},
        {"c (n=8)", "time/stddev", "ns", LOWER, 0.5e9},
        {"c (n=8)", "time", "ns", LOWER, 1e9},
        {"c (n=8)", "time/user", "ns", LOWER, 1e9},
        {"c (n=8)", "time/system", "ns", LOWER, 1e9},
        {"c (n=8)", "time/min", "ns", LOWER, 1e9},
        {"c (n=8)", "time/max", "ns", LOWER, 1e9},
    };
    static const char one[] = CSV "\n\"a\",0.5,0.1,0.25,0.1,0.2,0.125,2\n";
    check_values("hyperfine-csv", text, sizeof(text) - 1, expected, PW_COUNT(expected));
    check_every_prefix_is_refused("hyperfine-csv", one, sizeof(one) - 1);
}

static void wrong_hyperfine_rows_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"a,b\n1,2\n", "line 1: expected '" CSV "'"},
        {CSV "\n", "output in format 'hyperfine-csv' holds no measurement"},
        {CSV "\na,1,1,1,1,1,1\n",
         "line 2: expected a command and as many fields as in the first line"},
        {CSV "\na,1,1,x,1,1,1,1\n", "line 2: 'x' of 'a' is not a number of seconds"},
        {CSV "\na,1,1,-1,1,1,1,1\n", "line 2: '-1' of 'a' is not a number of seconds"},
        {CSV "\n\"a\"b,1,1,1,1,1,1,1\n",
         "line 2: expected a comma or the end of the line behind a field"},
        {CSV "\n\"a,1,1,1\n", "the output ends inside quotes"},
    };
    for (size_t i = 0; i < PW_COUNT(cases); i++)
        check_refused("hyperfine-csv", NULL, cases[i].text, cases[i].message);
}

static void junit_cases_are_read(void **state)
{
    (void)state;
    static const char text[] =
        "<?xml version=\"1.0\"?>\n<testsuites><testsuite name=\"s\">\n"
        "<testcase classname=\"a.B\" name=\"c &amp; d\" time=\"1.5\"/>\n"
        "<testcase name=\"e\" time=\"1,000.25\"><system-out>failure</system-out></testcase>\n"
        "<testcase name=\"skipped\" time=\"0\"><skipped/></testcase>\n"
        "<testcase name=\"untimed\"/>\n"
        "<testcase name=\"f\" time=\"2\"><failure message=\"1 &lt; 2\">text</failure></testcase>\n"
        "<testcase name=\"g\" time=\"2\"><error type=\"E\"/><failure message=\"x\"/></testcase>\n"
        "</testsuite><testsuite name=\"t\"><testcase name=\"h\" time=\"0.001\"/>\n"
        "<testcase name=\"h\" time=\"0.003\"/></testsuite></testsuites>";
    static const struct expected expected[] = {
        {"a.B > c & d", "time", "ns", LOWER, 1.5e9},
        {"s > e", "time", "ns", LOWER, 1000.25e9},
        {"t > h", "time", "ns", LOWER, 2e6},
    };
    static const char *const failures[] = {"s > f: 1 < 2", "s > g: E"};
    check_values("junit", text, sizeof(text) - 1, expected, PW_COUNT(expected));
    check_failures("junit", text, failures, PW_COUNT(failures));
    check_every_prefix_is_refused("junit", text, sizeof(text) - 1);
}

static void wrong_junit_reports_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"", "expected XML of 1 byte to 2 GiB"},
        {"<html/>", "line 1: expected 'testsuites' or 'testsuite', not 'html'"},
        {"<testsuite/>", "output in format 'junit' holds no measurement"},
        {"<testsuite>\n<testcase time=\"1\"/></testsuite>", "line 2: a test case has no 'name'"},
        {"<testsuite><testcase name=\"a\" time=\"fast\"/></testsuite>",
         "line 1: 'time' of 'a' is not a number of seconds"},
        {"<testsuite><testcase name=\"a\" time=\"-1\"/></testsuite>",
         "line 1: 'time' of 'a' is not a number of seconds"},
        {"<!DOCTYPE x [<!ENTITY e \"1\">]><testsuite><testcase name=\"a\" "
         "time=\"&e;\"/></testsuite>",
         "a document type is not accepted"},
        {"<!DOCTYPE x SYSTEM \"/etc/passwd\"><testsuite/>", "a document type is not accepted"},
    };
    for (size_t i = 0; i < PW_COUNT(cases); i++)
        check_refused("junit", NULL, cases[i].text, cases[i].message);
}

static void damaged_reports_never_crash(void **state)
{
    (void)state;
    static const char text[] = "<testsuites><testsuite name=\"s\"><testcase classname=\"c\" "
                               "name=\"n\" time=\"1\"><failure message=\"m\"/></testcase>"
                               "<testcase name=\"k\" time=\"2\"/></testsuite></testsuites>";
    uint32_t random = 3;
    for (size_t i = 0; i < 3000; i++) {
        char copy[sizeof(text)];
        struct pw_adapter_output output;
        memcpy(copy, text, sizeof(text));
        for (int flips = 0; flips < 2; flips++) {
            random = random * 1664525u + 1013904223u;
            copy[(random >> 8) % (sizeof(text) - 1)] = (char)(random >> 24);
        }
        int rc = pw_adapter_find("junit")->parse(copy, sizeof(text) - 1, NULL, &output, NULL);
        assert_true(rc == 0 || rc == PW_EFORMAT);
        if (rc == 0)
            pw_adapter_output_release(&output);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asv_results_are_read),
        cmocka_unit_test(wrong_asv_outputs_are_refused),
        cmocka_unit_test(hyperfine_rows_are_read),
        cmocka_unit_test(wrong_hyperfine_rows_are_refused),
        cmocka_unit_test(junit_cases_are_read),
        cmocka_unit_test(wrong_junit_reports_are_refused),
        cmocka_unit_test(damaged_reports_never_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
