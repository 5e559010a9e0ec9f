/* The formats of Rust's harnesses: libtest, Criterion, iai and gungraun, each rule on a small text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "adapter_check.h"
#include "perfwarden/util/compiler.h"

#define LOWER  PW_BETTER_LOWER
#define HIGHER PW_BETTER_HIGHER

#define CHECK(format, text, expected)                                                              \
    check_values(format, text, strlen(text), expected, PW_COUNT(expected))

static void libtest_rates_fractions_and_what_a_bench_prints(void **state)
{
    (void)state;
    static const char text[] =
        "\nrunning 3 tests\n"
        "test a::copy ... bench:       1,250.50 ns/iter (+/- 3.25) = 819 MB/s\n"
        "test noisy ... hello from the bench\n"
        "bench:          12 ns/iter (+/- 1)\n"
        "test left_out ... ignored\n"
        "test dots ... in name ... bench: 7 ns/iter (+/- 0)\n"
        "\ntest result: ok. 0 passed; 0 failed; 1 ignored; 3 measured; "
        "0 filtered out; finished in 1.00s\n";
    static const struct expected expected[] = {
        {"a::copy", "time", "ns", LOWER, 1250.5},
        {"a::copy", "time/spread", "ns", LOWER, 3.25},
        {"a::copy", "throughput", "bytes/s", HIGHER, 819e6},
        {"noisy", "time", "ns", LOWER, 12},
        {"noisy", "time/spread", "ns", LOWER, 1},
        {"dots ... in name", "time", "ns", LOWER, 7},
        {"dots ... in name", "time/spread", "ns", LOWER, 0},
    };
    CHECK("libtest", text, expected);
    check_every_prefix_is_refused("libtest", text, (size_t)(strstr(text, " filtered") - text));
}

static void libtest_failures_have_the_panic_as_their_message(void **state)
{
    (void)state;
    static const char text[] =
        "running 3 tests\n"
        "test good ... bench: 5 ns/iter (+/- 1)\n"
        "test bad ... FAILED\n"
        "test worse ... FAILED\n"
        "\nfailures:\n"
        "\n---- bad stdout ----\n"
        "thread 'main' panicked at benches/b.rs:5:9:\nno disk\n"
        "note: run with `RUST_BACKTRACE=1`\n"
        "\n---- worse stdout ----\n"
        "thread 'main' panicked at 'old style', b.rs:7\n"
        "\nfailures:\n    bad\n    worse\n"
        "\ntest result: FAILED. 0 passed; 2 failed; 0 ignored; 1 measured; 0 filtered out\n";
    static const char *const expected[] = {"bad: no disk",
                                           "worse: panicked at 'old style', b.rs:7"};
    check_failures("libtest", text, expected, PW_COUNT(expected));
}

static void libtest_counts_what_it_announced(void **state)
{
    (void)state;
    check_refused("libtest", NULL,
                  "running 2 tests\ntest a ... bench: 5 ns/iter (+/- 1)\n"
                  "test result: ok. 0 passed; 0 failed; 0 ignored; 2 measured; 0 filtered out\n",
                  "line 3: 2 benchmarks were measured, the output has 1");
    check_refused("libtest", NULL, "running 1 test\ntest a ... bench: 5 ns/iter (+/- 1)\n",
                  "the output ends before 'test result:'");
    check_refused("libtest", NULL, "test a ... bench: many ns/iter (+/- 1)\n",
                  "line 1: expected 'bench: <number> <unit> (+/- <number>)'");
    check_refused("libtest", NULL, "running 1 test\nrunning 1 test\n",
                  "line 2: expected 'test result:' before the next 'running'");
}

static void criterion_long_names_rates_and_changes(void **state)
{
    (void)state;
    static const char text[] =
        "Benchmarking group/a name that does not fit\r\x1B[2K"
        "Benchmarking group/a name that does not fit: Analyzing\n"
        "group/a name that does not fit\n"
        "                        time:   [1.0000 ms 2.0000 ms 4.0000 ms]\n"
        "                        thrpt:  [1.0000 MiB/s 2.0000 MiB/s 4.0000 GiB/s]\n"
        "                 change:\n"
        "                        time:   [-1.5% -0.5% +0.5%] (p = 0.79 > 0.05)\n"
        "                        thrpt:  [-0.5% +0.5% +1.5%]\n"
        "                        No change in performance detected.\n"
        "odd                     time:   [10.0 joules 20.0 joules 30.0 joules]\n";
    static const struct expected expected[] = {
        {"group/a name that does not fit", "time", "ns", LOWER, 2e6},
        {"group/a name that does not fit", "time/low", "ns", LOWER, 1e6},
        {"group/a name that does not fit", "time/high", "ns", LOWER, 4e6},
        {"group/a name that does not fit", "throughput", "bytes/s", HIGHER, 2097152},
        {"group/a name that does not fit", "throughput/low", "bytes/s", HIGHER, 1048576},
        {"group/a name that does not fit", "throughput/high", "bytes/s", HIGHER, 4294967296},
        {"odd", "joules", "joules", LOWER, 20},
        {"odd", "joules/low", "joules", LOWER, 10},
        {"odd", "joules/high", "joules", LOWER, 30},
    };
    CHECK("criterion", text, expected);
}

static void criterion_panics_are_failures(void **state)
{
    (void)state;
    static const char *const expected[] = {"b: index out of bounds"};
    check_failures("criterion",
                   "a   time:   [1 ns 2 ns 3 ns]\nBenchmarking b\n"
                   "Benchmarking b: Warming up for 3.0000 s\n"
                   "thread 'main' panicked at benches/b.rs:5:9:\nindex out of bounds\n",
                   expected, 1);
}

static void criterion_promises_are_kept(void **state)
{
    (void)state;
    check_refused("criterion", NULL, "Benchmarking a: Analyzing\n",
                  "line 1: 'a' has no time; expected 'time: [<low> <estimate> <high>]'");
    check_refused("criterion", NULL, "a    time:   [1 ns 2 ns]\n",
                  "line 1: expected 'time: [<low> <estimate> <high>]'");
    check_refused("criterion", NULL, "\n    time:   [1 ns 2 ns 3 ns]\n",
                  "line 2: expected a benchmark's name before 'time:'");
    check_refused("criterion", NULL, "a    time:   [1 ns 2 ns 3 ns]\nb   ti",
                  "line 2: the output ends within a line");
}

static const char message[] =
    "{\"reason\":\"benchmark-complete\",\"id\":\"g/\\u00e9\",\"report_directory\":\"/r\","
    "\"iteration_count\":[10,20,30],\"measured_values\":[30.0,20.0,60.0],\"unit\":\"us\","
    "\"throughput\":[{\"per_iteration\":1000,\"unit\":\"bytes\"}],"
    "\"typical\":{\"estimate\":2,\"lower_bound\":1,\"upper_bound\":3,\"unit\":\"us\"},"
    "\"mean\":{\"estimate\":2.5,\"lower_bound\":1.5,\"upper_bound\":3.5,\"unit\":\"us\"},"
    "\"median\":{\"estimate\":2,\"lower_bound\":1,\"upper_bound\":3,\"unit\":\"us\"},"
    "\"slope\":null,\"change\":null}";

static void criterion_messages_have_samples(void **state)
{
    (void)state;
    static const struct expected expected[] = {
        {"g/\xC3\xA9", "time", "ns", LOWER, 2000},
        {"g/\xC3\xA9", "time/low", "ns", LOWER, 1000},
        {"g/\xC3\xA9", "time/high", "ns", LOWER, 3000},
        {"g/\xC3\xA9", "time/mean", "ns", LOWER, 2500},
        {"g/\xC3\xA9", "time/mean/low", "ns", LOWER, 1500},
        {"g/\xC3\xA9", "time/mean/high", "ns", LOWER, 3500},
        {"g/\xC3\xA9", "throughput", "bytes/s", HIGHER, 5e8},
    };
    CHECK("criterion-json", message, expected);
    check_every_prefix_is_refused("criterion-json", message, strlen(message));
    check_refused("criterion-json", NULL,
                  "{\"reason\":\"benchmark-complete\",\"id\":\"a\",\"unit\":\"ns\","
                  "\"iteration_count\":[1],\"measured_values\":[1,2]}\n",
                  "'measured_values' of 'a' are not as many as its 'iteration_count'");
}

static void criterion_estimates_have_no_name(void **state)
{
    (void)state;
#define ESTIMATE(middle)                                                                           \
    "{\"confidence_interval\":{\"confidence_level\":0.95,\"lower_bound\":1,\"upper_bound\":9},"    \
    "\"point_estimate\":" middle ",\"standard_error\":0.1}"
    static const char text[] = "{\"mean\":" ESTIMATE("3") ",\"median\":" ESTIMATE(
        "2") ",\"median_abs_dev\":null,\"slope\":null,\"std_dev\":" ESTIMATE("4") "}";
    static const struct expected expected[] = {
        {"", "time", "ns", LOWER, 2},
        {"", "time/low", "ns", LOWER, 1},
        {"", "time/high", "ns", LOWER, 9},
        {"", "time/mean", "ns", LOWER, 3},
        {"", "time/mean/low", "ns", LOWER, 1},
        {"", "time/mean/high", "ns", LOWER, 9},
        {"", "time/stddev", "ns", LOWER, 4},
        {"", "time/stddev/low", "ns", LOWER, 1},
        {"", "time/stddev/high", "ns", LOWER, 9},
    };
    CHECK("criterion-json", text, expected);
    check_every_prefix_is_refused("criterion-json", text, strlen(text));
}

static void iai_comparisons_are_left_out(void **state)
{
    (void)state;
    static const char text[] = "fib\n"
                               "  Instructions:                1,735 (+5.7%)\n"
                               "  L1 Accesses:                 2364 (No change)\n"
                               "  L2 Accesses:                    1\n"
                               "  RAM Accesses:                   2 (-0.1%)\n"
                               "  Estimated Cycles:            2404 (No change)\n";
    static const struct expected expected[] = {
        {"fib", "instructions", "count", LOWER, 1735},
        {"fib", "l1_hits", "count", LOWER, 2364},
        {"fib", "ll_hits", "count", LOWER, 1},
        {"fib", "ram_hits", "count", LOWER, 2},
        {"fib", "estimated_cycles", "cycles", LOWER, 2404},
    };
    CHECK("iai", text, expected);
    check_every_prefix_is_refused("iai", text, strlen(text) - strlen(")\n"));
    check_refused("iai", NULL, "fib\n  Instructions:  many\n",
                  "line 2: expected '<number>' or '<number> (…)'");
    check_refused("iai", NULL, "  Instructions:  5\n",
                  "line 1: expected a benchmark's name before its values");
}

static void gungraun_tools_and_missing_values(void **state)
{
    (void)state;
    static const char text[] =
        "m::g::fib short:10\n"
        "  ======= CALLGRIND =====\n"
        "  Instructions:      1735|1734   (+0.05767%) [+1.00058x]\n"
        "  L1 Hits:            N/A|2359   (*********)\n"
        "  New Thing:            5|5      (No change)\n"
        "  ======= MEMCHECK =====\n"
        "  Errors:               0|N/A    (*********)\n"
        "  ======= CACHEGRIND =====\n"
        "  Instructions:      1800|1800   (No change)\n"
        "\nGungraun result: Ok. 1 without regressions; 0 regressed; 1 benchmarks finished\n";
    static const struct expected expected[] = {
        {"m::g::fib short:10", "instructions", "count", LOWER, 1735},
        {"m::g::fib short:10", "new_thing", "count", LOWER, 5},
        {"m::g::fib short:10", "memcheck/errors", "count", LOWER, 0},
        {"m::g::fib short:10", "cachegrind/instructions", "count", LOWER, 1800},
    };
    CHECK("gungraun", text, expected);
    check_refused("gungraun", NULL, "a::b\n  Instructions:   17|1\n",
                  "line 2: expected '<number>|<number or N/A> (…)'");
}

#define OBJECT(metrics)                                                                            \
    "{\"module_path\":\"m::g::fib\",\"id\":\"short\",\"details\":\"10\",\"profiles\":["            \
    "{\"tool\":\"Callgrind\",\"summaries\":{\"total\":{\"summary\":{\"Callgrind\":" metrics        \
    "}}}}]}"

static void gungraun_objects_are_compared_or_not(void **state)
{
    (void)state;
    static const char text[] = OBJECT(
        "{\"Ir\":{\"metrics\":{\"Both\":[{\"Int\":5},{\"Int\":4}]}},"
        "\"Dr\":{\"metrics\":{\"Right\":{\"Int\":7}}}}") "\n"
                                                         "{\n  \"module_path\": \"m::p\",\n  "
                                                         "\"id\": null,\n  \"profiles\": "
                                                         "[{\"tool\": \"DHAT\",\n"
                                                         "\"summaries\": {\"total\": {\"summary\": "
                                                         "{\"Dhat\": {\"TotalBytes\": "
                                                         "{\"metrics\": {\"Left\": {\"Int\": "
                                                         "9}}}}}}}}]\n}\n";
    static const struct expected expected[] = {
        {"m::g::fib short:10", "instructions", "count", LOWER, 5},
        {"m::p", "allocated_bytes", "bytes", LOWER, 9},
    };
    CHECK("gungraun-json", text, expected);
    check_refused("gungraun-json", NULL, "{\n  \"module_path\": \"m::p\",\n",
                  "line 1: the object that begins here has no end");
    check_refused("gungraun-json", NULL, OBJECT("{\"Ir\":{\"metrics\":5}}"),
                  "expected 'metrics' with an 'Int' or a 'Float' in 'Ir' of 'm::g::fib short:10'");
    static const char one[] = OBJECT("{\"Ir\":{\"metrics\":{\"Left\":{\"Int\":5}}}}");
    check_every_prefix_is_refused("gungraun-json", one, strlen(one));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(libtest_rates_fractions_and_what_a_bench_prints),
        cmocka_unit_test(libtest_failures_have_the_panic_as_their_message),
        cmocka_unit_test(libtest_counts_what_it_announced),
        cmocka_unit_test(criterion_long_names_rates_and_changes),
        cmocka_unit_test(criterion_panics_are_failures),
        cmocka_unit_test(criterion_promises_are_kept),
        cmocka_unit_test(criterion_messages_have_samples),
        cmocka_unit_test(criterion_estimates_have_no_name),
        cmocka_unit_test(iai_comparisons_are_left_out),
        cmocka_unit_test(gungraun_tools_and_missing_values),
        cmocka_unit_test(gungraun_objects_are_compared_or_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
