/* Formats in JSON: each rule on a text of its own. */
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

#define LOWER  PW_BETTER_LOWER
#define HIGHER PW_BETTER_HIGHER

static void check(const char *format, const char *text, const struct expected *expected,
                  size_t count)
{
    check_values(format, text, strlen(text), expected, count);
}

static void jmh_modes_params_and_profilers(void **state)
{
    (void)state;
    static const char text[] =
        "[{\"benchmark\":\"a.B.c\",\"mode\":\"avgt\",\"params\":{\"n\":\"10\",\"k\":\"x\"},"
        "\"primaryMetric\":{\"score\":3,\"scoreError\":\"NaN\",\"scoreConfidence\":[\"NaN\","
        "\"NaN\"],"
        "\"scorePercentiles\":{\"0.0\":1,\"50.0\":2,\"99.9\":6,\"100.0\":7},"
        "\"scoreUnit\":\"us/op\",\"rawData\":[[1,2],[3,4.5]]},"
        "\"secondaryMetrics\":{\"\xC2\xB7gc.alloc.rate.norm\":{\"score\":24,\"scoreUnit\":\"B/"
        "op\"},"
        "\"gc.alloc.rate\":{\"score\":2,\"scoreUnit\":\"MB/sec\"},"
        "\"gc.count\":{\"score\":\"NaN\",\"scoreUnit\":\"counts\"}}},"
        "{\"benchmark\":\"a.B.c\",\"mode\":\"ss\",\"primaryMetric\":{\"score\":3,"
        "\"scoreUnit\":\"ms/op\"}},"
        "{\"benchmark\":\"a.B.c\",\"mode\":\"thrpt\",\"primaryMetric\":{\"score\":120,"
        "\"scoreUnit\":\"ops/min\"}}]";
    static const struct expected expected[] = {
        {"a.B.c (n=10, k=x)", "time", "ns", LOWER, 2000},
        {"a.B.c (n=10, k=x)", "time/mean", "ns", LOWER, 3000},
        {"a.B.c (n=10, k=x)", "time/min", "ns", LOWER, 1000},
        {"a.B.c (n=10, k=x)", "time/p99.9", "ns", LOWER, 6000},
        {"a.B.c (n=10, k=x)", "time/max", "ns", LOWER, 7000},
        {"a.B.c (n=10, k=x)", "allocated_bytes", "bytes", LOWER, 24},
        {"a.B.c (n=10, k=x)", "allocated_bytes/mean", "bytes", LOWER, 24},
        {"a.B.c (n=10, k=x)", "gc.alloc.rate", "bytes/s", LOWER, 2097152},
        {"a.B.c (n=10, k=x)", "gc.alloc.rate/mean", "bytes/s", LOWER, 2097152},
        {"a.B.c [ss]", "time", "ns", LOWER, 3e6},
        {"a.B.c [ss]", "time/mean", "ns", LOWER, 3e6},
        {"a.B.c", "throughput", "1/s", HIGHER, 2},
        {"a.B.c", "throughput/mean", "1/s", HIGHER, 2},
    };
    check("jmh", text, expected, PW_COUNT(expected));
    check_every_prefix_is_refused("jmh", text, sizeof(text) - 1);
}

static void samples_are_kept_in_base_units(void **state)
{
    (void)state;
    static const struct {
        const char *format;
        const char *text;
        double median;
        double samples[3];
    } cases[] = {
        {"jmh",
         "[{\"benchmark\":\"b\",\"mode\":\"avgt\",\"primaryMetric\":{\"score\":9,"
         "\"scoreUnit\":\"us/op\",\"rawData\":[[3],[1,2]]}}]",
         2000,
         {3000, 1000, 2000}},
        {"vitest",
         "{\"files\":[{\"groups\":[{\"fullName\":\"f\",\"benchmarks\":[{\"name\":\"b\","
         "\"mean\":9,\"samples\":[3,1,2]}]}]}]}",
         2e6,
         {3e6, 1e6, 2e6}},
        {"pytest-benchmark",
         "{\"benchmarks\":[{\"fullname\":\"b\",\"stats\":{\"data\":[3,1,2]}}]}",
         2e9,
         {3e9, 1e9, 2e9}},
        {"hyperfine",
         "{\"results\":[{\"command\":\"b\",\"times\":[3,1,2]}]}",
         2e9,
         {3e9, 1e9, 2e9}},
        {"julia", "[{\"BenchmarkTools\":\"1\"},[[\"Trial\",{\"times\":[3,1,2]}]]]", 2, {3, 1, 2}},
        {"benchmarkdotnet",
         "{\"Benchmarks\":[{\"FullName\":\"b\",\"Statistics\":{\"OriginalValues\":[3,1,2]}}]}",
         2,
         {3, 1, 2}},
        {"asv",
         "{\"result_columns\":[\"result\",\"params\",\"samples\"],"
         "\"results\":{\"m.time_b\":[[2],[],[[3,1,2]]]}}",
         2e9,
         {3e9, 1e9, 2e9}},
    };
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_adapter_output output;
        struct pw_error err = PW_ERROR_INIT;
        if (pw_adapter_find(cases[i].format)
                ->parse(cases[i].text, strlen(cases[i].text), NULL, &output, &err) != 0)
            fail_msg("%s: %s", cases[i].format, pw_error_message(&err));
        assert_string_equal(output.values[0].metric, "time");
        assert_true(output.values[0].value == cases[i].median);
        assert_int_equal(output.values[0].sample_count, 3);
        assert_memory_equal(output.values[0].samples, cases[i].samples, sizeof(cases[i].samples));
        pw_adapter_output_release(&output);
        check_every_prefix_is_refused(cases[i].format, cases[i].text, strlen(cases[i].text));
    }
}

static void repeated_names_become_one(void **state)
{
    (void)state;
    static const char text[] =
        "{\"benchmarks\":[{\"fullname\":\"b\",\"stats\":{\"median\":4,\"ops\":9}},"
        "{\"fullname\":\"a\",\"stats\":{\"median\":1}},{\"fullname\":\"b\",\"stats\":{\"median\":2}"
        "}]}";
    static const struct expected expected[] = {
        {"b", "time", "ns", LOWER, 3e9},
        {"b", "throughput", "1/s", HIGHER, 9},
        {"a", "time", "ns", LOWER, 1e9},
    };
    static const double samples[] = {4e9, 2e9};
    struct pw_adapter_output output;
    check("pytest-benchmark", text, expected, PW_COUNT(expected));
    assert_int_equal(
        pw_adapter_find("pytest-benchmark")->parse(text, sizeof(text) - 1, NULL, &output, NULL), 0);
    assert_int_equal(output.values[0].sample_count, 2);
    assert_memory_equal(output.values[0].samples, samples, sizeof(samples));
    pw_adapter_output_release(&output);
}

static void pytest_extra_info_and_nan(void **state)
{
    (void)state;
    static const char text[] =
        "{\"machine_info\":{},\"benchmarks\":[{\"fullname\":\"t[NaN-\\\"x\\\"]\",\"extra_info\":"
        "{\"rows\":12,\"note\":\"text\",\"bad\":NaN},\"stats\":{\"median\":1,\"stddev\":NaN,"
        "\"ops\":-Infinity}}]}";
    static const struct expected expected[] = {
        {"t[NaN-\"x\"]", "time", "ns", LOWER, 1e9},
        {"t[NaN-\"x\"]", "extra_info/rows", "count", LOWER, 12},
    };
    check("pytest-benchmark", text, expected, PW_COUNT(expected));
}

static void hyperfine_parameters_memory_and_exits(void **state)
{
    (void)state;
    static const char text[] =
        "{\"results\":[{\"command\":\"make -j2\",\"mean\":1,\"stddev\":null,\"median\":null,"
        "\"times\":[2.5],\"memory_usage_byte\":[1024],\"exit_codes\":[0],"
        "\"parameters\":{\"jobs\":\"2\",\"k\":\"v\"}},"
        "{\"command\":\"false\",\"mean\":1,\"times\":[1,1,1],\"exit_codes\":[0,7,null]},"
        "{\"command\":\"killed\",\"mean\":1,\"times\":[1],\"exit_codes\":[null]}]}";
    static const struct expected expected[] = {
        {"make -j2 (jobs=2, k=v)", "time", "ns", LOWER, 2.5e9},
        {"make -j2 (jobs=2, k=v)", "time/mean", "ns", LOWER, 1e9},
        {"make -j2 (jobs=2, k=v)", "max_memory", "bytes", LOWER, 1024},
    };
    static const char *const failures[] = {
        "false: 2 of 3 runs failed, the first with exit code 7",
        "killed: 1 of 1 runs failed, the first was killed by a signal",
    };
    check("hyperfine", text, expected, PW_COUNT(expected));
    check_failures("hyperfine", text, failures, PW_COUNT(failures));
}

static void benchmarkdotnet_jobs_memory_and_failures(void **state)
{
    (void)state;
    static const char text[] =
        "{\"Benchmarks\":[{\"DisplayInfo\":\"B.F: Job-ABC(Runtime=.NET 8.0) [N=1]\","
        "\"FullName\":\"N.B.F(N: 1)\",\"Statistics\":{\"Median\":5,\"Mean\":6},"
        "\"Memory\":{\"Gen0Collections\":3,\"BytesAllocatedPerOperation\":64},"
        "\"Metrics\":[{\"Value\":64,\"Descriptor\":{\"Id\":\"Allocated Memory\",\"Unit\":\"B\"}},"
        "{\"Value\":0.5,\"Descriptor\":{\"Id\":\"CacheHits\",\"Unit\":\"\","
        "\"TheGreaterTheBetter\":true}}]},"
        "{\"DisplayInfo\":\"B.G: DefaultJob\",\"FullName\":\"N.B.G\",\"Statistics\":null}]}";
    static const struct expected expected[] = {
        {"N.B.F(N: 1) [Job-ABC]", "time", "ns", LOWER, 5},
        {"N.B.F(N: 1) [Job-ABC]", "time/mean", "ns", LOWER, 6},
        {"N.B.F(N: 1) [Job-ABC]", "allocated_bytes", "bytes", LOWER, 64},
        {"N.B.F(N: 1) [Job-ABC]", "gen0_collections", "count", LOWER, 3},
        {"N.B.F(N: 1) [Job-ABC]", "CacheHits", "count", HIGHER, 0.5},
    };
    static const char *const failures[] = {"N.B.G: no statistics: the benchmark has failed"};
    check("benchmarkdotnet", text, expected, PW_COUNT(expected));
    check_failures("benchmarkdotnet", text, failures, PW_COUNT(failures));
}

static void julia_groups_lie_in_groups(void **state)
{
    (void)state;
    static const char text[] =
        "[{\"Julia\":\"1.9\",\"BenchmarkTools\":\"1.0\"},[[\"BenchmarkGroup\",{\"data\":{\"g\":"
        "[\"BenchmarkGroup\",{\"data\":{\"h\":[\"Trial\",{\"times\":[5,4,9],\"gctimes\":[0,0,1],"
        "\"memory\":16,\"allocs\":2}]},\"tags\":[]}],\"k\":[\"TrialEstimate\",{\"time\":7}]}}]]]";
    static const struct expected expected[] = {
        {"g/h", "time", "ns", LOWER, 5},
        {"g/h", "gc_time", "ns", LOWER, 0},
        {"g/h", "allocated_bytes", "bytes", LOWER, 16},
        {"g/h", "allocations", "count", LOWER, 2},
        {"k", "time", "ns", LOWER, 7},
    };
    check("julia", text, expected, PW_COUNT(expected));
}

static void asv_parameters_failures_and_skips(void **state)
{
    (void)state;
    static const char text[] =
        "{\"result_columns\":[\"result\",\"params\",\"version\",\"stats_ci_99_a\",\"stats_q_75\"],"
        "\"results\":{\"m.S.time_x\":[[0.5,null,NaN,2],[[\"1\",\"2\"],[\"'a'\",\"'b'\"]],\"v\","
        "[0.25,null,NaN,-Infinity],[0.75,null,null,3]],\"m.track_n\":[[42],[]],"
        "\"m.peakmem_y\":[[1024],[],\"v\"],\"m.time_z\":[null,[[\"1\"]],\"v\"]},\"version\":2}";
    static const struct expected expected[] = {
        {"m.S.time_x(1, 'a')", "time", "ns", LOWER, 0.5e9},
        {"m.S.time_x(1, 'a')", "time/lower", "ns", LOWER, 0.25e9},
        {"m.S.time_x(1, 'a')", "time/p75", "ns", LOWER, 0.75e9},
        {"m.S.time_x(2, 'b')", "time", "ns", LOWER, 2e9},
        {"m.S.time_x(2, 'b')", "time/p75", "ns", LOWER, 3e9},
        {"m.track_n", "value", "count", LOWER, 42},
        {"m.peakmem_y", "peak_memory", "bytes", LOWER, 1024},
    };
    static const char *const failures[] = {"m.S.time_x(1, 'b'): failed", "m.time_z: failed"};
    check("asv", text, expected, PW_COUNT(expected));
    check_failures("asv", text, failures, PW_COUNT(failures));
}

static void ranges_are_kept(void **state)
{
    (void)state;
    static const char text[] =
        "[{\"name\":\"a\",\"unit\":\"ms\",\"value\":2,\"range\":\"\xC2\xB1 3%\"},"
        "{\"name\":\"b\",\"unit\":\"ms/op\",\"value\":2,\"range\":\"+/- 0.5\"},"
        "{\"name\":\"c\",\"unit\":\"things\",\"value\":-2,\"range\":\"wide\"},"
        "{\"name\":\"d\",\"value\":1,\"range\":0.25}]";
    static const struct expected expected[] = {
        {"a", "time", "ns", HIGHER, 2e6},           {"a", "time/range", "ratio", LOWER, 0.03},
        {"b", "time", "ns", HIGHER, 2e6},           {"b", "time/range", "ns", LOWER, 0.5e6},
        {"c", "value", "things", HIGHER, -2},       {"d", "value", "count", HIGHER, 1},
        {"d", "value/range", "count", LOWER, 0.25},
    };
    check("github-action-benchmark-bigger", text, expected, PW_COUNT(expected));
}

static void vitest_without_a_time_has_failed(void **state)
{
    (void)state;
    static const char text[] = "{\"files\":[{\"groups\":[{\"fullName\":\"f > g\",\"benchmarks\":"
                               "[{\"name\":\"x\",\"mean\":null,\"hz\":0}]}]}]}";
    static const char *const failures[] = {"f > g > x: no time was measured"};
    check_failures("vitest", text, failures, 1);
}

static void wrong_documents_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *format;
        const char *text;
        const char *message;
    } cases[] = {
        {"jmh", "{}", "expected a list of benchmarks"},
        {"jmh", "[]", "output in format 'jmh' holds no measurement"},
        {"jmh", "[1]", "an entry has no 'benchmark'"},
        {"jmh", "[{\"benchmark\":\"a\",\"primaryMetric\":{\"score\":1,\"scoreUnit\":\"x\"}}]",
         "'a' has no known 'scoreUnit', expected ops/s, ns/op or the like"},
        {"jmh",
         "[{\"benchmark\":\"a\",\"primaryMetric\":{\"score\":\"NaN\",\"scoreUnit\":\"s/op\"}}]",
         "'a' has no number for its 'time'"},
        {"jmh", "[{\"benchmark\":\"a\",\"primaryMetric\":{\"score\":-1,\"scoreUnit\":\"s/op\"}}]",
         "'a' has a negative 'time'"},
        {"jmh", "[{\"benchmark\":\"a\",\"params\":{\"n\":1},\"primaryMetric\":{}}]",
         "'params' of 'a' are not texts by name"},
        {"vitest", "{\"files\":{}}", "expected a list 'files' in the document"},
        {"vitest", "{\"files\":[{}]}", "expected a list 'groups' in a file"},
        {"vitest", "{\"files\":[{\"groups\":[{\"benchmarks\":[{\"name\":\"x\"}]}]}]}",
         "a benchmark has no 'name', or its group no 'fullName'"},
        {"pytest-benchmark", "{\"benchmarks\":[{\"fullname\":\"a\",\"stats\":{}}]}",
         "'a' has no number for its 'time'"},
        {"pytest-benchmark",
         "{\"benchmarks\":[{\"fullname\":\"a\",\"stats\":{\"median\":1,\"max\":\"x\"}}]}",
         "'max' of 'a' is not a number"},
        {"pytest-benchmark", "{\"benchmarks\":[{\"stats\":{}}]}", "a benchmark has no 'fullname'"},
        {"hyperfine", "{\"results\":[{\"mean\":1}]}", "a result has no 'command'"},
        {"hyperfine", "{\"results\":[{\"command\":\"a\",\"times\":[1,2,1e300]}]}",
         "a sample of 'time' of 'a' is not a finite number"},
        {"hyperfine", "{\"results\":[{\"command\":\"a\",\"mean\":1e300}]}",
         "'time' of 'a' is not a finite number"},
        {"hyperfine", "{\"results\":[]}", "output in format 'hyperfine' holds no measurement"},
        {"julia", "[{\"BenchmarkTools\":\"1\"},[[\"TrialRatio\",{}]]]",
         "expected a BenchmarkGroup, a Trial or a TrialEstimate at ''"},
        {"julia", "[{},[]]", "expected a list of the version of BenchmarkTools and the values"},
        {"benchmarkdotnet", "{\"Benchmarks\":[{}]}", "a benchmark has no 'FullName'"},
        {"asv", "{\"result_columns\":[\"result\"],\"results\":{}}",
         "'result_columns' lack 'result' or 'params'"},
        {"asv",
         "{\"result_columns\":[\"result\",\"params\"],\"results\":{\"a\":[[1],[[\"1\",\"2\"]]]}}",
         "'a' has fewer results than parameters"},
        {"github-action-benchmark-smaller", "[{\"name\":\"a\",\"value\":\"1\"}]",
         "'a' has no number as its 'value'"},
    };
    for (size_t i = 0; i < PW_COUNT(cases); i++)
        check_refused(cases[i].format, NULL, cases[i].text, cases[i].message);
}

static void hostile_names_are_kept(void **state)
{
    (void)state;
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_strbuf name = PW_STRBUF_INIT;
    pw_strbuf_pad(&name, 'x', 10000);
    pw_strbuf_printf(&text, "{\"results\":[{\"command\":\"%s\",\"mean\":1},",
                     pw_strbuf_text(&name));
    pw_strbuf_puts(&text, "{\"command\":\"a\\n\\\"b\\\"\\u00e9\",\"mean\":2}]}");
    const struct expected expected[] = {
        {pw_strbuf_text(&name), "time", "ns", LOWER, 1e9},
        {pw_strbuf_text(&name), "time/mean", "ns", LOWER, 1e9},
        {"a\n\"b\"\xC3\xA9", "time", "ns", LOWER, 2e9},
        {"a\n\"b\"\xC3\xA9", "time/mean", "ns", LOWER, 2e9},
    };
    check("hyperfine", pw_strbuf_text(&text), expected, PW_COUNT(expected));
    pw_strbuf_release(&name);
    pw_strbuf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asv_parameters_failures_and_skips),
        cmocka_unit_test(benchmarkdotnet_jobs_memory_and_failures),
        cmocka_unit_test(hostile_names_are_kept),
        cmocka_unit_test(hyperfine_parameters_memory_and_exits),
        cmocka_unit_test(jmh_modes_params_and_profilers),
        cmocka_unit_test(julia_groups_lie_in_groups),
        cmocka_unit_test(pytest_extra_info_and_nan),
        cmocka_unit_test(ranges_are_kept),
        cmocka_unit_test(repeated_names_become_one),
        cmocka_unit_test(samples_are_kept_in_base_units),
        cmocka_unit_test(vitest_without_a_time_has_failed),
        cmocka_unit_test(wrong_documents_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
