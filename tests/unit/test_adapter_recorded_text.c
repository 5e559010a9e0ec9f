/* The text formats against recorded outputs of the real harnesses, values read from the files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "adapter_check.h"
#include "perfwarden/util/compiler.h"

#define LOWER  PW_BETTER_LOWER
#define HIGHER PW_BETTER_HIGHER

#define TIME(benchmark, metric, ns)                                                                \
    {                                                                                              \
        benchmark, metric, "ns", LOWER, ns                                                         \
    }
#define COUNT(benchmark, metric, count)                                                            \
    {                                                                                              \
        benchmark, metric, "count", LOWER, count                                                   \
    }
#define BYTES(benchmark, metric, bytes)                                                            \
    {                                                                                              \
        benchmark, metric, "bytes", LOWER, bytes                                                   \
    }

/* Fail the test unless the file has these values; skip it where the file is not there. */
#define CHECK(format, file, expected)                                                              \
    do {                                                                                           \
        if (!check_file(format, "adapters/" file, expected, PW_COUNT(expected)))                   \
            skip();                                                                                \
    } while (false)

/* Catch2's six numbers of a benchmark. */
#define CATCH2(name, mean, low, high, deviation, deviation_low, deviation_high)                    \
    TIME(name, "time", mean), TIME(name, "time/low", low), TIME(name, "time/high", high),          \
        TIME(name, "time/stddev", deviation), TIME(name, "time/stddev/low", deviation_low),        \
        TIME(name, "time/stddev/high", deviation_high)

static const struct expected catch2[] = {
    CATCH2("Fibonacci > Fibonacci 10", 344, 341, 349, 19, 11, 29),
    CATCH2("Fibonacci > Fibonacci 20", 41731, 41250, 42622, 3256, 2163, 5353),
    CATCH2("More Fibonacci > Fibonacci~ 5!", 36, 35, 37, 4, 3, 6),
    CATCH2("More Fibonacci > Fibonacci-15_bench", 3789, 3734, 3888, 362, 234, 539),
};

static void recorded_catch2(void **state)
{
    (void)state;
    CHECK("catch2", "bencher_cpp_catch2_four.txt", catch2);
    CHECK("catch2", "catch2_output_v3.txt", catch2);
}

static void recorded_dart(void **state)
{
    (void)state;
    static const struct expected expected[] = {TIME("Template", "time", 1000)};
    CHECK("dart", "bencher_dart_benchmark_harness_one.txt", expected);
}

static void recorded_console_time(void **state)
{
    (void)state;
    static const struct expected expected[] = {
        TIME("default", "time", 7617e6),
        TIME("benchmark_1", "time", 12714e6),
        TIME("benchmark 2", "time", 9034e6),
        TIME("benchmark 3: The Third - timer/timerEnd", "time", 8827e6),
    };
    CHECK("console-time", "bencher_js_time_four.txt", expected);
}

static void recorded_ruby(void **state)
{
    (void)state;
    static const struct expected expected[] = {
        TIME("sort!", "time", 1460465e3),  TIME("sort!", "cpu_time", 1460e6),
        TIME("sort!", "system_time", 0),   TIME("sort!", "user_time", 1460e6),
        TIME("sort", "time", 1448327e3),   TIME("sort", "cpu_time", 1460e6),
        TIME("sort", "system_time", 10e6), TIME("sort", "user_time", 1450e6),
    };
    CHECK("ruby-benchmark", "bencher_ruby_benchmark_two.txt", expected);
}

#define CRITERION(name, low, middle, high)                                                         \
    TIME(name, "time", middle), TIME(name, "time/low", low), TIME(name, "time/high", high)

static void recorded_criterion(void **state)
{
    (void)state;
    static const struct expected expected[] = {
        CRITERION("file", 0.32062, 0.32390, 0.32755),
        CRITERION("rolling_file", 0.38179, 0.42966, 0.48328),
        CRITERION("tracing_file", 16652, 18019, 19562),
        CRITERION("tracing_rolling_file", 18195, 20930, 24240),
        CRITERION("benchmark: name with spaces", 18.195, 20.930, 24.240),
    };
    CHECK("criterion", "bencher_rust_criterion_many.txt", expected);
}

static void recorded_libtest(void **state)
{
    (void)state;
    static const struct expected expected[] = {
        TIME("bench_fib_10", "time", 135),
        TIME("bench_fib_10", "time/spread", 24),
        TIME("bench_fib_20", "time", 18149),
        TIME("bench_fib_20", "time/spread", 755),
    };
    CHECK("libtest", "cargo_output.txt", expected);
}

static void recorded_libtest_units(void **state)
{
    (void)state;
    static const struct expected expected[] = {
        {"cmov", "cycles", "cycles", LOWER, 2835},
        {"cmov", "cycles/spread", "cycles", LOWER, 14},
        {"cmov2", "cycles", "cycles", LOWER, 2845},
        {"cmov2", "cycles/spread", "cycles", LOWER, 19},
        {"mov", "cycles", "cycles", LOWER, 1508},
        {"mov", "cycles/spread", "cycles", LOWER, 17},
        {"upload", "throughput", "MS/s", HIGHER, 1911},
        {"upload", "throughput/spread", "MS/s", LOWER, 420},
        {"download", "throughput", "MS/s", HIGHER, 9001},
        {"download", "throughput/spread", "MS/s", LOWER, 69},
    };
    CHECK("libtest", "cargo_output_units.txt", expected);
}

static void recorded_criterion_as_libtest(void **state)
{
    (void)state;
    static const struct expected expected[] = {
        TIME("Create Realm", "time", 329),
        TIME("Create Realm", "time/spread", 4),
        TIME("Symbols (Execution)", "time", 3268),
        TIME("Symbols (Execution)", "time/spread", 47),
        TIME("For loop (Execution)", "time", 12314),
        TIME("For loop (Execution)", "time/spread", 123),
        TIME("Fibonacci (Execution)", "time", 1672496),
        TIME("Fibonacci (Execution)", "time/spread", 10166),
    };
    CHECK("libtest", "criterion_output.txt", expected);
}

static void recorded_iai(void **state)
{
    (void)state;
    static const struct expected expected[] = {
        COUNT("bench_fibonacci_short", "instructions", 1735),
        COUNT("bench_fibonacci_short", "l1_hits", 2364),
        COUNT("bench_fibonacci_short", "ll_hits", 1),
        COUNT("bench_fibonacci_short", "ram_hits", 1),
        {"bench_fibonacci_short", "estimated_cycles", "cycles", LOWER, 2404},
        COUNT("bench_fibonacci_long", "instructions", 26214735),
        COUNT("bench_fibonacci_long", "l1_hits", 35638623),
        COUNT("bench_fibonacci_long", "ll_hits", 2),
        COUNT("bench_fibonacci_long", "ram_hits", 1),
        {"bench_fibonacci_long", "estimated_cycles", "cycles", LOWER, 35638668},
    };
    CHECK("iai", "bencher_rust_iai_two.txt", expected);
}

#define SHORT "rust_iai_callgrind::bench_fibonacci_group::bench_fibonacci short:10"
#define LONG  "rust_iai_callgrind::bench_fibonacci_group::bench_fibonacci long:30"

static void recorded_gungraun(void **state)
{
    (void)state;
    static const struct expected expected[] = {
        COUNT(SHORT, "instructions", 1734),
        COUNT(SHORT, "l1_hits", 2359),
        COUNT(SHORT, "ll_hits", 0),
        COUNT(SHORT, "ram_hits", 3),
        COUNT(SHORT, "total_read_write", 2362),
        {SHORT, "estimated_cycles", "cycles", LOWER, 2464},
        BYTES(SHORT, "allocated_bytes", 29499),
        COUNT(SHORT, "allocations", 2806),
        BYTES(SHORT, "peak_bytes", 378),
        COUNT(SHORT, "peak_blocks", 34),
        BYTES(SHORT, "end_bytes", 0),
        COUNT(SHORT, "end_blocks", 0),
        BYTES(SHORT, "read_bytes", 57725),
        BYTES(SHORT, "written_bytes", 73810),
        COUNT(LONG, "instructions", 26214734),
        COUNT(LONG, "l1_hits", 35638619),
        COUNT(LONG, "ll_hits", 0),
        COUNT(LONG, "ram_hits", 3),
        COUNT(LONG, "total_read_write", 35638622),
        {LONG, "estimated_cycles", "cycles", LOWER, 35638724},
        BYTES(LONG, "allocated_bytes", 26294939),
        COUNT(LONG, "allocations", 2328086),
        BYTES(LONG, "peak_bytes", 933718),
        COUNT(LONG, "peak_blocks", 18344),
        BYTES(LONG, "end_bytes", 0),
        COUNT(LONG, "end_blocks", 0),
        BYTES(LONG, "read_bytes", 47577425),
        BYTES(LONG, "written_bytes", 37733810),
    };
    CHECK("gungraun", "bencher_rust_gungraun_with-dhat.txt", expected);
}

static void recorded_benchmarkjs(void **state)
{
    (void)state;
    static const struct expected expected[] = {
        {"fib(10)", "throughput", "1/s", HIGHER, 1431759},
        {"fib(10)", "throughput/margin", "ratio", LOWER, 0.0074},
        {"fib(20)", "throughput", "1/s", HIGHER, 12146},
        {"fib(20)", "throughput/margin", "ratio", LOWER, 0.0032},
        {"createObjectBuffer with 200 comments", "throughput", "1/s", HIGHER, 81.61},
        {"createObjectBuffer with 200 comments", "throughput/margin", "ratio", LOWER, 0.017},
    };
    CHECK("benchmarkjs", "benchmarkjs_output.txt", expected);
}

#define LUAU(name, min, average, deviation)                                                        \
    TIME(name, "time", average), TIME(name, "time/min", min),                                      \
    {                                                                                              \
        name, "time/deviation", "ratio", LOWER, deviation                                          \
    }

static void recorded_luau(void **state)
{
    (void)state;
    static const struct expected expected[] = {
        LUAU("base64", 14831e3, 15041e3, 0.00636),
        LUAU("chess", 69106e3, 69560e3, 0.00212),
        LUAU("life", 84696e3, 85089e3, 0.00187),
    };
    CHECK("luau", "benchmarkluau_output.txt", expected);
}

#define GO(name, ns, bytes, allocations)                                                           \
    TIME(name, "time", ns), BYTES(name, "allocated_bytes", bytes),                                 \
        COUNT(name, "allocations", allocations)

static void recorded_go_allocations(void **state)
{
    (void)state;
    static const struct expected expected[] = {
        GO("Benchmark_Ctx_Accepts/run-[]string{\".xml\"}-4", 247.6, 0, 0),
        GO("Benchmark_Ctx_Accepts/run-[]string{\"json\",_\"xml\"}-4", 307.1, 0, 0),
        GO("Benchmark_Ctx_Accepts/run-[]string{\"application/json\",_\"application/xml\"}-4", 316.1,
           0, 0),
        GO("Benchmark_Utils_GetOffer/mime_extension#01-4", 390.7, 48, 2),
        GO("Benchmark_Utils_GetOffer/mime_extension#02-4", 602.1, 48, 2),
        GO("Benchmark_Utils_GetOffer/mime_extension#03-4", 286.3, 0, 0),
    };
    CHECK("go-bench", "go_fiber_output.txt", expected);
}

static void recorded_go_units(void **state)
{
    (void)state;
    static const struct expected expected[] = {
        TIME("BenchmarkFib10-8", "time", 325),
        TIME("BenchmarkFib20", "time", 40537.123),
        TIME("BenchmarkFib/my_tabled_benchmark_-_10-8", "time", 325),
        TIME("BenchmarkFib/my_tabled_benchmark_-_20", "time", 40537.123),
        TIME("BenchmarkFib/my/tabled/benchmark_-_20", "time", 40537.456),
        TIME("BenchmarkFib/my/tabled/benchmark_-_20,var1=13,var2=14", "time", 40537.456),
        TIME("BenchmarkFib11-16", "time", 262.7),
        {"BenchmarkFib11-16", "auxMetricUnits", "auxMetricUnits", LOWER, 3},
        TIME("BenchmarkFib22-16", "time", 31915),
        {"BenchmarkFib22-16", "auxMetricUnits", "auxMetricUnits", LOWER, 4},
    };
    CHECK("go-bench", "go_output.txt", expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recorded_catch2),
        cmocka_unit_test(recorded_dart),
        cmocka_unit_test(recorded_console_time),
        cmocka_unit_test(recorded_ruby),
        cmocka_unit_test(recorded_criterion),
        cmocka_unit_test(recorded_libtest),
        cmocka_unit_test(recorded_libtest_units),
        cmocka_unit_test(recorded_criterion_as_libtest),
        cmocka_unit_test(recorded_iai),
        cmocka_unit_test(recorded_gungraun),
        cmocka_unit_test(recorded_benchmarkjs),
        cmocka_unit_test(recorded_luau),
        cmocka_unit_test(recorded_go_allocations),
        cmocka_unit_test(recorded_go_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
