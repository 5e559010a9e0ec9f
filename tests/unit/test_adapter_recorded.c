/* Adapters against recorded outputs of the real harnesses, where they stand beside the checkout. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "adapter_check.h"
#include "perfwarden/util/compiler.h"

/** A benchmark's two times. */
struct times {
    const char *name;
    double real_ns;
    double cpu_ns;
};

/* @param extra  values that stand at the 2 × extra_at-th place @param extra_count of them */
static void check_times_and(const char *file, const struct times *rows, size_t count,
                            const struct expected *extra, size_t extra_at, size_t extra_count)
{
    struct expected *expected = calloc(2 * count + extra_count, sizeof(*expected));
    assert_non_null(expected);
    for (size_t i = 0; i < 2 * count; i++) {
        const struct times *row = &rows[i / 2];
        bool is_cpu = i % 2 == 1;
        const size_t to = i / 2 < extra_at ? i : i + extra_count;
        expected[to] = (struct expected){row->name, is_cpu ? "cpu_time" : "real_time", "ns",
                                         PW_BETTER_LOWER, is_cpu ? row->cpu_ns : row->real_ns};
    }
    for (size_t i = 0; i < extra_count; i++)
        expected[2 * extra_at + i] = extra[i];
    bool is_there = check_file("google-benchmark", file, expected, 2 * count + extra_count);
    free(expected);
    if (!is_there)
        skip();
}

static void check_times(const char *file, const struct times *rows, size_t count)
{
    check_times_and(file, rows, count, NULL, count, 0);
}

static void recorded_google_benchmark_output(void **state)
{
    (void)state;
    static const struct times rows[] = {
        {"fib_10", 214.98980114547953, 213.65507206163295},
        {"fib_20", 27455.600415007055, 27364.903204272359},
    };
    check_times("adapters/googlecpp_output.json", rows, PW_COUNT(rows));
}

static void recorded_google_benchmark_complexity_and_units(void **state)
{
    (void)state;
    static const struct times rows[] = {
        {"BM_SameTimes", 10, 10},
        {"BM_2xFaster", 50, 50},
        {"BM_2xSlower", 50, 50},
        {"BM_1PercentFaster", 100, 100},
        {"BM_1PercentSlower", 100, 100},
        {"BM_10PercentFaster", 100, 100},
        {"BM_10PercentSlower", 100, 100},
        {"BM_100xSlower", 100, 100},
        {"BM_100xFaster", 10000, 10000},
        {"BM_10PercentCPUToTime", 100, 100},
        {"BM_ThirdFaster", 100, 100},
        {"BM_NotBadTimeUnit", 4e8, 5e8},
        {"BM_DifferentTimeUnit", 1e9, 1e9},
        {"BM_hasLabel", 1e9, 1e9},
    };
    static const struct expected complexity[] = {
        {"MyComplexityTest", "cpu_coefficient", "ns", PW_BETTER_LOWER, 4.2749856294592886},
        {"MyComplexityTest", "real_coefficient", "ns", PW_BETTER_LOWER, 6.478927528978978},
        {"MyComplexityTest", "rms", "ratio", PW_BETTER_LOWER, 0.0045097802512472874},
    };
    check_times_and("google-benchmark/test1_run1.json", rows, PW_COUNT(rows), complexity, 11,
                    PW_COUNT(complexity));
}

static void recorded_google_benchmark_names_and_milliseconds(void **state)
{
    (void)state;
    static const struct times rows[] = {
        {"BM_Hi", 42e6, 24e6},      {"BM_Zero", 10, 10},          {"BM_Zero/4", 40, 40},
        {"Prefix/BM_Zero", 20, 20}, {"Prefix/BM_Zero/3", 30, 30}, {"BM_One", 5, 5},
        {"BM_One/4", 20, 20},       {"Prefix/BM_One", 10, 10},    {"Prefix/BM_One/3", 15, 15},
        {"BM_Bye", 11, 63},
    };
    check_times("google-benchmark/test2_run.json", rows, PW_COUNT(rows));
}

static void recorded_google_benchmark_repetitions(void **state)
{
    (void)state;
    static const struct times rows[] = {{"BM_Two", 8.5, 88}, {"medium", 8.5, 81}};
    check_times("google-benchmark/test3_run0.json", rows, PW_COUNT(rows));
}

static void recorded_bmf_latency(void **state)
{
    (void)state;
    static const struct expected expected[] = {
        {"tests::benchmark_a", "latency", "ns", PW_BETTER_LOWER, 3247},
        {"tests::benchmark_a", "latency/lower", "ns", PW_BETTER_LOWER, 1044},
        {"tests::benchmark_a", "latency/upper", "ns", PW_BETTER_LOWER, 1044},
        {"tests::benchmark_b", "latency", "ns", PW_BETTER_LOWER, 3443},
        {"tests::benchmark_b", "latency/lower", "ns", PW_BETTER_LOWER, 2275},
        {"tests::benchmark_b", "latency/upper", "ns", PW_BETTER_LOWER, 2275},
        {"tests::benchmark_c", "latency", "ns", PW_BETTER_LOWER, 3361},
        {"tests::benchmark_c", "latency/lower", "ns", PW_BETTER_LOWER, 1093},
        {"tests::benchmark_c", "latency/upper", "ns", PW_BETTER_LOWER, 1093},
    };
    if (!check_file("bmf", "adapters/bencher_json_report_latency.json", expected,
                    PW_COUNT(expected)))
        skip();
}

static void recorded_bmf_allocations(void **state)
{
    (void)state;
    static const struct expected expected[] = {
        {"bench_play_game", "Final Blocks", "count", PW_BETTER_LOWER, 0},
        {"bench_play_game", "Final Bytes", "count", PW_BETTER_LOWER, 0},
        {"bench_play_game", "Max Blocks", "count", PW_BETTER_LOWER, 1},
        {"bench_play_game", "Max Bytes", "count", PW_BETTER_LOWER, 9},
        {"bench_play_game", "Total Blocks", "count", PW_BETTER_LOWER, 100},
        {"bench_play_game", "Total Bytes", "count", PW_BETTER_LOWER, 662},
    };
    if (!check_file("bmf", "adapters/bencher_json_report_dhat.json", expected, PW_COUNT(expected)))
        skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recorded_google_benchmark_output),
        cmocka_unit_test(recorded_google_benchmark_complexity_and_units),
        cmocka_unit_test(recorded_google_benchmark_names_and_milliseconds),
        cmocka_unit_test(recorded_google_benchmark_repetitions),
        cmocka_unit_test(recorded_bmf_latency),
        cmocka_unit_test(recorded_bmf_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
