/* The line formats of Go, JavaScript, Dart, Luau, Ruby and the shells, each rule on a small text.
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

static void go_repetitions_packages_and_output_between(void **state)
{
    (void)state;
    static const char text[] = "goos: linux\n"
                               "pkg: example.com/a\n"
                               "=== RUN   BenchmarkFib\n"
                               "BenchmarkFib\n"
                               "BenchmarkFib-8   \t 100\t 30 ns/op\t 7.5 MB/s\n"
                               "BenchmarkFib-8   \t 100\t 10 ns/op\t 8.5 MB/s\n"
                               "BenchmarkFib-8   \t 100\t 20 ns/op\t 6.5 MB/s\n"
                               "BenchmarkLog-8   \tstarting up\n"
                               "more of it\n"
                               "      50\t 1.5e+03 ns/op\t 12 rows/s\n"
                               "PASS\nok  \texample.com/a\t1.2s\n"
                               "pkg: example.com/b\n"
                               "BenchmarkFib-8   \t 100\t 5 ns/op\n"
                               "--- BENCH: BenchmarkFib-8\n    b_test.go:7: a log\n"
                               "PASS\nok  \texample.com/b\t1.2s\n";
    static const struct expected expected[] = {
        {"example.com/a.BenchmarkFib-8", "time", "ns", LOWER, 20},
        {"example.com/a.BenchmarkFib-8", "throughput", "bytes/s", HIGHER, 7.5e6},
        {"example.com/a.BenchmarkLog-8", "time", "ns", LOWER, 1500},
        {"example.com/a.BenchmarkLog-8", "rows/s", "rows/s", HIGHER, 12},
        {"example.com/b.BenchmarkFib-8", "time", "ns", LOWER, 5},
    };
    CHECK("go-bench", text, expected);
}

static void go_failures(void **state)
{
    (void)state;
    static const char text[] = "pkg: p\n"
                               "BenchmarkGood-8 \t 100\t 30 ns/op\n"
                               "BenchmarkBad-8  \t--- FAIL: BenchmarkBad-8\n"
                               "    b_test.go:9: no disk\n"
                               "--- FAIL: BenchmarkOld-8\n    b_test.go:7: no net\n"
                               "BenchmarkNot-8  \t--- SKIP: BenchmarkNot-8\n"
                               "--- SKIP: BenchmarkSkipped\n    b_test.go:5: not here\n"
                               "BenchmarkWorse-8 \tpanic: out of range\n"
                               "FAIL\nexit status 2\nFAIL\tp\t0.1s\n"
                               "FAIL\tq [build failed]\n";
    static const char *const expected[] = {"p.BenchmarkBad-8: b_test.go:9: no disk",
                                           "p.BenchmarkOld-8: b_test.go:7: no net",
                                           "p.BenchmarkWorse-8: out of range"};
    check_failures("go-bench", text, expected, PW_COUNT(expected));
    static const char *const first[] = {"BenchmarkA-2: a_test.go:3: no", "BenchmarkB/x-9-2: FAIL"};
    check_failures("go-bench",
                   "--- FAIL: BenchmarkA\n    a_test.go:3: no\n--- FAIL: BenchmarkB/x-9\n"
                   "BenchmarkC-2\t1\t7 ns/op\nFAIL\n",
                   first, PW_COUNT(first));
    static const char *const several[] = {"BenchmarkA: FAIL"};
    check_failures("go-bench",
                   "--- FAIL: BenchmarkA\nBenchmarkC\t1\t7 ns/op\nBenchmarkC-2\t1\t7 ns/op\nFAIL\n",
                   several, 1);
    static const char *const told[] = {"BenchmarkBad: a_test.go:5: no disk", "BenchmarkSub: FAIL"};
    check_failures("go-bench",
                   "BenchmarkBad\n    a_test.go:5: no disk\n--- FAIL: BenchmarkBad\nBenchmarkSub\n"
                   "--- FAIL: BenchmarkSub\nFAIL\n",
                   told, PW_COUNT(told));
    static const char *const built[] = {"q: [build failed]"};
    check_failures("go-bench", "FAIL\tq [build failed]\n", built, 1);
}

static void go_refuses_what_is_cut_or_malformed(void **state)
{
    (void)state;
    check_refused("go-bench", NULL, "goos: linux\nBenchmarkA-8 100 5 ns/op\n",
                  "the output ends before 'PASS' or 'FAIL'");
    check_refused("go-bench", NULL, "BenchmarkA-8 100 5 ns/op 7\n",
                  "line 1: expected '<Benchmark name> <iterations> <number> <unit> …'");
    check_refused("go-bench", NULL, "BenchmarkA-8 100 5 ns/op",
                  "line 1: the output ends within a line");
    check_refused("go-bench", NULL, "BenchmarkA-8 oops\nBenchmarkB-8 100 5 ns/op\n",
                  "line 1: 'BenchmarkA-8' has no numbers; expected '<iterations> <number> <unit> "
                  "…'");
    static const char text[] = "goos: linux\nBenchmarkA-8 \t100\t5 ns/op\nPASS\n";
    check_every_prefix_is_refused("go-bench", text, strlen(text) - 1);
}

static void benchmarkjs_rules(void **state)
{
    (void)state;
    static const struct expected expected[] = {
        {"a x b", "throughput", "1/s", HIGHER, 12.5},
        {"a x b", "throughput/margin", "ratio", LOWER, 0.5},
    };
    CHECK("benchmarkjs",
          "log x 5 things\na x b x 12.5 ops/sec \xC2\xB1"
          "50% (1 run sampled)",
          expected);
    check_refused("benchmarkjs", NULL, "a x 12 ops/sec\n",
                  "expected 'x <number> ops/sec \xC2\xB1<number>% (<number> runs sampled)'");
    static const char text[] = "f x 1,000 ops/sec \xC2\xB1"
                               "1.00% (9 runs sampled)\n";
    check_every_prefix_is_refused("benchmarkjs", text, strlen(text) - 1);
}

static void dart_rules(void **state)
{
    (void)state;
    static const char text[] = "Took(all): a while\n"
                               "Sort(List)(RunTime): 2.5 us.\n"
                               "Sort(List)(CodeSize): 12 bytes.\n"
                               "Sort(List)(RunTime): 3.5 us.\n";
    static const struct expected expected[] = {
        {"Sort(List)", "time", "ns", LOWER, 3000},
        {"Sort(List)", "code_size", "bytes", LOWER, 12},
    };
    CHECK("dart", text, expected);
    check_refused("dart", NULL, "Sort(RunTime): fast\n",
                  "line 1: expected '<name>(<metric>): <number> <unit>.'");
    check_every_prefix_is_refused("dart", "Sort(RunTime): 2.5 us.\n", 22);
}

static void console_time_rules(void **state)
{
    (void)state;
    static const char text[] = "parse: 0.5ms\nserver: ready\nbuild: 1.25s\n"
                               "parse: 1.5ms\nall: 1:02.500 (m:ss.mmm)\nday: 1:00:02.500 "
                               "(h:mm:ss.mmm)\n";
    static const struct expected expected[] = {
        {"parse", "time", "ns", LOWER, 1e6},
        {"build", "time", "ns", LOWER, 1.25e9},
        {"all", "time", "ns", LOWER, 62.5e9},
        {"day", "time", "ns", LOWER, 3602.5e9},
    };
    CHECK("console-time", text, expected);
    check_refused("console-time", NULL, "a: 5 - timer ended\n",
                  "line 1: expected '<name>: <number>ms - timer ended'");
    check_every_prefix_is_refused("console-time", "a: 5ms - timer ended\n", 20);
}

#define LUAU_HEADING "Test | Min | Average | StdDev% | Driver\n-----+---+---+---+---\n"

static void luau_rules(void **state)
{
    (void)state;
    static const char text[] = LUAU_HEADING "sort | 1.5ms | 2.5ms | 10.0% | luau\n"
                                            "sort | 1.0ms | 2.0ms | 20.0% | luau-next\n"
                                            "heap | 3.0ms | 3.5ms | 30.0% | luau\n"
                                            "heap |  | FAILED |  | luau-next\n"
                                            "Total | 1ms | 1ms | --- | luau\n---\n";
    static const struct expected expected[] = {
        {"sort", "time", "ns", LOWER, 2.5e6},
        {"sort", "time/min", "ns", LOWER, 1.5e6},
        {"sort", "time/deviation", "ratio", LOWER, 0.1},
        {"sort (luau-next)", "time", "ns", LOWER, 2e6},
        {"sort (luau-next)", "time/min", "ns", LOWER, 1e6},
        {"sort (luau-next)", "time/deviation", "ratio", LOWER, 0.2},
        {"heap", "time", "ns", LOWER, 3.5e6},
        {"heap", "time/min", "ns", LOWER, 3e6},
        {"heap", "time/deviation", "ratio", LOWER, 0.3},
    };
    static const char *const failures[] = {"heap (luau-next): FAILED"};
    CHECK("luau", text, expected);
    check_failures("luau", text, failures, 1);
    check_every_prefix_is_refused("luau", text, strlen(text) - 1);
    check_refused("luau", NULL, LUAU_HEADING "sort | 1.5ms | 2.5ms | 10.0%\n---\n",
                  "line 3: expected 5 columns");
    check_refused("luau", NULL, LUAU_HEADING "sort | 1.5ms | soon | 10.0% | luau\n---\n",
                  "line 3: expected a number with its unit as 'Average'");
}

#define RUBY "       user     system      total        real\n"

static void ruby_rules(void **state)
{
    (void)state;
    static const struct expected expected[] = {
        {"sort 10 (a)", "time", "ns", LOWER, 4e9},
        {"sort 10 (a)", "cpu_time", "ns", LOWER, 3e9},
        {"sort 10 (a)", "system_time", "ns", LOWER, 2e9},
        {"sort 10 (a)", "user_time", "ns", LOWER, 1e9},
        {"", "time", "ns", LOWER, 8e9},
        {"", "cpu_time", "ns", LOWER, 7e9},
        {"", "system_time", "ns", LOWER, 6e9},
        {"", "user_time", "ns", LOWER, 5e9},
    };
    CHECK("ruby-benchmark",
          RUBY "sort 10 (a)  1.0   2.0   3.0 (  4.0)\na log (of this)\n  5.0 6.0 7.0 (  8.0)\n",
          expected);
    check_refused("ruby-benchmark", NULL,
                  "Rehearsal ------\na 1 1 1 ( 1)\nb 1 1 1 ( 1)\n---- total: 2sec\n\n" RUBY
                  "a 1 1 1 ( 1)\n",
                  "expected 2 rows behind the rehearsal, not 1");
    check_refused("ruby-benchmark", NULL, "Rehearsal ------\na 1 1 1 ( 1)\n",
                  "the output ends within the rehearsal");
    check_refused("ruby-benchmark", NULL, RUBY "a 1 1 1 ( soon)\n",
                  "line 2: expected '<user> <system> <total> (<real>)'");
    static const char text[] =
        "Rehearsal ------\na 1 1 1 ( 1)\n---- total: 1sec\n\n" RUBY "a 1 1 1 ( 1)\n";
    check_every_prefix_is_refused("ruby-benchmark", text, strlen(text) - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(go_repetitions_packages_and_output_between),
        cmocka_unit_test(go_failures),
        cmocka_unit_test(go_refuses_what_is_cut_or_malformed),
        cmocka_unit_test(benchmarkjs_rules),
        cmocka_unit_test(dart_rules),
        cmocka_unit_test(console_time_rules),
        cmocka_unit_test(luau_rules),
        cmocka_unit_test(ruby_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
