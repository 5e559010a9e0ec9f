/* Formats in JSON and asv's against recorded outputs, their values read from the files by eye. */
#include <dirent.h>
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

static void check(const char *format, const char *name, const struct expected *expected,
                  size_t count)
{
    if (!check_file(format, name, expected, count))
        skip();
}

static void recorded_vitest(void **state)
{
    (void)state;
    static const char add[] = "math.bench.ts > math > add";
    static const char subtract[] = "math.bench.ts > math > subtract";
    const struct expected expected[] = {
        {add, "time", "ns", LOWER, 0.75e6},
        {add, "time/mean", "ns", LOWER, 1e6},
        {add, "time/min", "ns", LOWER, 0.8e6},
        {add, "time/max", "ns", LOWER, 1.5e6},
        {add, "time/stddev", "ns", LOWER, 0.25e6},
        {add, "time/sem", "ns", LOWER, 0.0251e6},
        {add, "time/moe", "ns", LOWER, 0.0498e6},
        {add, "time/rme", "ratio", LOWER, 0.25},
        {add, "time/p75", "ns", LOWER, 1.05e6},
        {add, "time/p99", "ns", LOWER, 1.4e6},
        {add, "time/p99.5", "ns", LOWER, 1.45e6},
        {add, "time/p99.9", "ns", LOWER, 1.5e6},
        {add, "throughput", "1/s", HIGHER, 1000},
        {subtract, "time", "ns", LOWER, 1.5e6},
        {subtract, "time/mean", "ns", LOWER, 2e6},
        {subtract, "time/min", "ns", LOWER, 1.6e6},
        {subtract, "time/max", "ns", LOWER, 3e6},
        {subtract, "time/stddev", "ns", LOWER, 0.5e6},
        {subtract, "time/sem", "ns", LOWER, 0.0513e6},
        {subtract, "time/moe", "ns", LOWER, 0.102e6},
        {subtract, "time/rme", "ratio", LOWER, 0.25},
        {subtract, "time/p75", "ns", LOWER, 2.1e6},
        {subtract, "time/p99", "ns", LOWER, 2.8e6},
        {subtract, "time/p99.5", "ns", LOWER, 2.9e6},
        {subtract, "time/p99.9", "ns", LOWER, 3e6},
        {subtract, "throughput", "1/s", HIGHER, 500},
    };
    check("vitest", "adapters/bencher_js_vitest_two.json", expected, PW_COUNT(expected));
}

static void recorded_asv(void **state)
{
    (void)state;
    static const struct expected expected[] = {
        {"benchmarks.MemSuite.mem_list [virtualenv-py2.7]", "memory", "bytes", LOWER, 2420},
        {"benchmarks.TimeSuite.time_iterkeys [virtualenv-py2.7]", "time", "ns", LOWER, 11100},
        {"benchmarks.TimeSuite.time_iterkeys [virtualenv-py2.7]", "time/error", "ns", LOWER, 10},
        {"benchmarks.TimeSuite.time_keys [virtualenv-py2.7]", "time", "ns", LOWER, 11200},
        {"benchmarks.TimeSuite.time_keys [virtualenv-py2.7]", "time/error", "ns", LOWER, 10},
        {"benchmarks.TimeSuite.time_range [virtualenv-py2.7]", "time", "ns", LOWER, 32900},
        {"benchmarks.TimeSuite.time_range [virtualenv-py2.7]", "time/error", "ns", LOWER, 10},
        {"benchmarks.TimeSuite.time_xrange [virtualenv-py2.7]", "time", "ns", LOWER, 30300},
        {"benchmarks.TimeSuite.time_xrange [virtualenv-py2.7]", "time/error", "ns", LOWER, 10},
        {"benchmarks.MemSuite.mem_list3 [virtualenv-py3.6]", "memory", "bytes", LOWER, 2110},
        {"benchmarks.TimeSuite.time_keys3 [virtualenv-py3.6]", "time", "ns", LOWER, 9070},
        {"benchmarks.TimeSuite.time_keys3 [virtualenv-py3.6]", "time/error", "ns", LOWER, 500},
        {"benchmarks.TimeSuite.time_range3 [virtualenv-py3.6]", "time", "ns", LOWER, 35500},
        {"benchmarks.TimeSuite.time_range3 [virtualenv-py3.6]", "time/error", "ns", LOWER, 10},
    };
    check("asv-console", "adapters/bencher_python_asv_six.txt", expected, PW_COUNT(expected));
}

static void recorded_hyperfine(void **state)
{
    (void)state;
    static const struct expected expected[] = {
        {"sleep 0.1", "time", "ns", LOWER, 106525351.72},
        {"sleep 0.1", "time/mean", "ns", LOWER, 107534464.42370372},
        {"sleep 0.1", "time/stddev", "ns", LOWER, 3217877.1150522725},
        {"sleep 0.1", "time/min", "ns", LOWER, 102474685.72},
        {"sleep 0.1", "time/max", "ns", LOWER, 115336892.72},
        {"sleep 0.1", "time/user", "ns", LOWER, 717496.2962962964},
        {"sleep 0.1", "time/system", "ns", LOWER, 1350884.4444444443},
        {"sleep 0.2", "time", "ns", LOWER, 208661518.72},
        {"sleep 0.2", "time/mean", "ns", LOWER, 208513999.10461543},
        {"sleep 0.2", "time/stddev", "ns", LOWER, 3728441.448463812},
        {"sleep 0.2", "time/min", "ns", LOWER, 201824142.72},
        {"sleep 0.2", "time/max", "ns", LOWER, 214128684.72},
        {"sleep 0.2", "time/user", "ns", LOWER, 1013969.230769231},
        {"sleep 0.2", "time/system", "ns", LOWER, 2086132.3076923077},
    };
    check("hyperfine", "adapters/bencher_shell_hyperfine_two.json", expected, PW_COUNT(expected));
}

static void recorded_github_action_benchmark(void **state)
{
    (void)state;
    static const struct expected bigger[] = {
        {"My Custom Bigger Is Better Benchmark - Throughput", "throughput", "1/s", HIGHER, 70},
        {"My Custom Bigger Is Better Benchmark - Free Memory", "value", "bytes", HIGHER, 150e6},
        {"My Custom Bigger Is Better Benchmark - Free Memory", "value/range", "bytes", LOWER, 3e6},
    };
    static const struct expected smaller[] = {
        {"My Custom Smaller Is Better Benchmark - CPU Load", "value", "ratio", LOWER, 0.5},
        {"My Custom Smaller Is Better Benchmark - CPU Load", "value/range", "ratio", LOWER, 0.05},
        {"My Custom Smaller Is Better Benchmark - Memory Used", "value", "bytes", LOWER, 100e6},
    };
    check("github-action-benchmark-bigger", "adapters/customBiggerIsBetter_output.json", bigger,
          PW_COUNT(bigger));
    check("github-action-benchmark-smaller", "adapters/customSmallerIsBetter_output.json", smaller,
          PW_COUNT(smaller));
}

static void recorded_jmh(void **state)
{
    (void)state;
    static const char name[] = "org.openjdk.jmh.samples.JMHSample_01_HelloWorld.wellHelloThere";
    const struct expected expected[] = {
        {name, "throughput", "1/s", HIGHER, 3.37651988895058E9},
        {name, "throughput/mean", "1/s", HIGHER, 3.3762388731228185E9},
        {name, "throughput/error", "1/s", LOWER, 1.4287985743935993E7},
        {name, "throughput/lower", "1/s", HIGHER, 3.3619508873788824E9},
        {name, "throughput/upper", "1/s", HIGHER, 3.3905268588667545E9},
        {name, "throughput/min", "1/s", HIGHER, 3.375353964729294E9},
        {name, "throughput/p90", "1/s", HIGHER, 3.376842765688582E9},
        {name, "throughput/p95", "1/s", HIGHER, 3.376842765688582E9},
        {name, "throughput/p99", "1/s", HIGHER, 3.376842765688582E9},
        {name, "throughput/p99.9", "1/s", HIGHER, 3.376842765688582E9},
        {name, "throughput/p99.99", "1/s", HIGHER, 3.376842765688582E9},
        {name, "throughput/p99.999", "1/s", HIGHER, 3.376842765688582E9},
        {name, "throughput/p99.9999", "1/s", HIGHER, 3.376842765688582E9},
        {name, "throughput/max", "1/s", HIGHER, 3.376842765688582E9},
    };
    check("jmh", "adapters/jmh_output.json", expected, PW_COUNT(expected));
}

static void recorded_julia(void **state)
{
    (void)state;
    static const struct expected expected[] = {
        {"fib/20", "time", "ns", LOWER, 31028},
        {"fib/20", "gc_time", "ns", LOWER, 0},
        {"fib/20", "allocated_bytes", "bytes", LOWER, 0},
        {"fib/20", "allocations", "count", LOWER, 0},
        {"fib/10", "time", "ns", LOWER, 246.03846153846155},
        {"fib/10", "gc_time", "ns", LOWER, 0},
        {"fib/10", "allocated_bytes", "bytes", LOWER, 0},
        {"fib/10", "allocations", "count", LOWER, 0},
    };
    check("julia", "adapters/julia_output.json", expected, PW_COUNT(expected));
}

static void recorded_pytest_benchmark(void **state)
{
    (void)state;
    static const char ten[] = "bench.py::test_fib_10";
    static const char twenty[] = "bench.py::test_fib_20";
    const struct expected expected[] = {
        {ten, "time", "ns", LOWER, 22300.000000363696},
        {ten, "time/mean", "ns", LOWER, 24088.68133322941},
        {ten, "time/min", "ns", LOWER, 22067.000000181025},
        {ten, "time/max", "ns", LOWER, 312599.9999999962},
        {ten, "time/stddev", "ns", LOWER, 6175.090189861328},
        {ten, "time/p25", "ns", LOWER, 22255.999999831744},
        {ten, "time/p75", "ns", LOWER, 23523.000000191807},
        {ten, "time/iqr", "ns", LOWER, 1267.0000003600634},
        {ten, "time/ld15iqr", "ns", LOWER, 22067.000000181025},
        {ten, "time/hd15iqr", "ns", LOWER, 25426.000000106086},
        {ten, "throughput", "1/s", HIGHER, 41513.272817492856},
        {twenty, "time", "ns", LOWER, 2960582.5000003083},
        {twenty, "time/mean", "ns", LOWER, 2985030.672661863},
        {twenty, "time/min", "ns", LOWER, 2734935.9999999656},
        {twenty, "time/max", "ns", LOWER, 3903139.999999805},
        {twenty, "time/stddev", "ns", LOWER, 174530.1654140968},
        {twenty, "time/p25", "ns", LOWER, 2848962.9999999266},
        {twenty, "time/p75", "ns", LOWER, 3068651.9999996165},
        {twenty, "time/iqr", "ns", LOWER, 219688.99999968983},
        {twenty, "time/ld15iqr", "ns", LOWER, 2734935.9999999656},
        {twenty, "time/hd15iqr", "ns", LOWER, 3436073.0000000395},
        {twenty, "throughput", "1/s", HIGHER, 335.0049328331567},
    };
    check("pytest-benchmark", "adapters/pytest_output.json", expected, PW_COUNT(expected));
}

static void recorded_benchmarkdotnet(void **state)
{
    (void)state;
    static const struct expected expected[] = {
        {"Sample.Benchmarks.Fib10", "time", "ns", LOWER, 24.419498533010483},
        {"Sample.Benchmarks.Fib10", "time/mean", "ns", LOWER, 24.4202085009643},
        {"Sample.Benchmarks.Fib10", "time/min", "ns", LOWER, 24.06129601597786},
        {"Sample.Benchmarks.Fib10", "time/max", "ns", LOWER, 24.805462032556534},
        {"Sample.Benchmarks.Fib10", "time/stddev", "ns", LOWER, 0.1981212530783709},
        {"Sample.Benchmarks.Fib10", "time/stderr", "ns", LOWER, 0.05295013214697114},
        {"Sample.Benchmarks.Fib10", "time/lower", "ns", LOWER, 24.196714903212072},
        {"Sample.Benchmarks.Fib10", "time/upper", "ns", LOWER, 24.643702098716528},
        {"Sample.Benchmarks.Fib10", "time/p25", "ns", LOWER, 24.332126095891},
        {"Sample.Benchmarks.Fib10", "time/p67", "ns", LOWER, 24.489124991893767},
        {"Sample.Benchmarks.Fib10", "time/p80", "ns", LOWER, 24.545056039094924},
        {"Sample.Benchmarks.Fib10", "time/p85", "ns", LOWER, 24.60652749091387},
        {"Sample.Benchmarks.Fib10", "time/p90", "ns", LOWER, 24.638632455468176},
        {"Sample.Benchmarks.Fib10", "time/p95", "ns", LOWER, 24.706654296815394},
        {"Sample.Benchmarks.Fib20", "time", "ns", LOWER, 51.40195590257645},
        {"Sample.Benchmarks.Fib20", "time/mean", "ns", LOWER, 51.52008151549559},
        {"Sample.Benchmarks.Fib20", "time/min", "ns", LOWER, 50.41881966590881},
        {"Sample.Benchmarks.Fib20", "time/max", "ns", LOWER, 53.3868932723999},
        {"Sample.Benchmarks.Fib20", "time/stddev", "ns", LOWER, 0.7903737021529575},
        {"Sample.Benchmarks.Fib20", "time/stderr", "ns", LOWER, 0.21921022383775318},
        {"Sample.Benchmarks.Fib20", "time/lower", "ns", LOWER, 50.573577521758466},
        {"Sample.Benchmarks.Fib20", "time/upper", "ns", LOWER, 52.466585509232715},
        {"Sample.Benchmarks.Fib20", "time/p25", "ns", LOWER, 51.03414672613144},
        {"Sample.Benchmarks.Fib20", "time/p67", "ns", LOWER, 51.79076644420624},
        {"Sample.Benchmarks.Fib20", "time/p80", "ns", LOWER, 52.03095291852951},
        {"Sample.Benchmarks.Fib20", "time/p85", "ns", LOWER, 52.10712411403656},
        {"Sample.Benchmarks.Fib20", "time/p90", "ns", LOWER, 52.14931050539016},
        {"Sample.Benchmarks.Fib20", "time/p95", "ns", LOWER, 52.65278089046478},
    };
    check("benchmarkdotnet", "adapters/benchmarkdotnet.json", expected, PW_COUNT(expected));
}

/* Each recorded file is one format's at most, so `auto` never has to guess; and bytes of it changed
 * are read or refused by every adapter, but not more than that. */
static void look_at_file(const char *path)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    size_t count = 0;
    const struct pw_adapter *table = pw_adapter_table(&count);
    size_t recognised = 0;
    assert_int_equal(pw_file_read(path, (size_t)1 << 20, &text, NULL), 0);
    for (size_t i = 0; i < count; i++)
        recognised += table[i].recognise != NULL && table[i].recognise(text.data, text.length);
    if (recognised > 1)
        fail_msg("'%s' is recognised by %zu formats", path, recognised);
    uint32_t random = 7;
    for (size_t round = 0; round < 40 && text.length > 0; round++) {
        random = random * 1664525u + 1013904223u;
        text.data[(random >> 4) % text.length] = (char)(random >> 24);
        for (size_t i = 0; i < count; i++) {
            struct pw_adapter_output output;
            int status = table[i].parse(text.data, text.length, NULL, &output, NULL);
            assert_true(status == 0 || status == PW_EFORMAT);
            if (status == 0)
                pw_adapter_output_release(&output);
        }
    }
    pw_strbuf_release(&text);
}

static void every_file_is_of_one_format(void **state)
{
    (void)state;
    DIR *directory = opendir(PERFWARDEN_SHARED_DATA "/adapters");
    if (directory == NULL)
        skip();
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        struct pw_strbuf path = PW_STRBUF_INIT;
        if (entry->d_name[0] != '.') {
            pw_path_join(&path, PERFWARDEN_SHARED_DATA "/adapters", entry->d_name);
            look_at_file(pw_strbuf_text(&path));
        }
        pw_strbuf_release(&path);
    }
    closedir(directory);
}

static void every_file_is_recognised_by_its_format(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        const char *format;
    } files[] = {
        {"bencher_js_vitest_two.json", "vitest"},
        {"bencher_json_report_dhat.json", "bmf"},
        {"bencher_json_report_latency.json", "bmf"},
        {"bencher_python_asv_six.txt", "asv-console"},
        {"bencher_shell_hyperfine_two.json", "hyperfine"},
        {"benchmarkdotnet.json", "benchmarkdotnet"},
        {"googlecpp_output.json", "google-benchmark"},
        {"jmh_output.json", "jmh"},
        {"julia_output.json", "julia"},
        {"pytest_output.json", "pytest-benchmark"},
    };
    for (size_t i = 0; i < PW_COUNT(files); i++) {
        struct pw_strbuf path = PW_STRBUF_INIT;
        struct pw_strbuf text = PW_STRBUF_INIT;
        const struct pw_adapter *found = NULL;
        pw_path_join(&path, PERFWARDEN_SHARED_DATA "/adapters", files[i].file);
        if (pw_file_read(pw_strbuf_text(&path), (size_t)1 << 20, &text, NULL) == 0) {
            assert_int_equal(pw_adapter_recognise(text.data, text.length, &found, NULL), 0);
            assert_string_equal(found->name, files[i].format);
        }
        pw_strbuf_release(&text);
        pw_strbuf_release(&path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recorded_asv),
        cmocka_unit_test(recorded_benchmarkdotnet),
        cmocka_unit_test(recorded_github_action_benchmark),
        cmocka_unit_test(recorded_hyperfine),
        cmocka_unit_test(recorded_jmh),
        cmocka_unit_test(recorded_julia),
        cmocka_unit_test(recorded_pytest_benchmark),
        cmocka_unit_test(recorded_vitest),
        cmocka_unit_test(every_file_is_of_one_format),
        cmocka_unit_test(every_file_is_recognised_by_its_format),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
