/* Adapters: values, units and names as the outputs print them; damage is refused. */
#include <math.h>
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

static void formats_are_found_by_name(void **state)
{
    (void)state;
    size_t count = 0;
    const struct pw_adapter *table = pw_adapter_table(&count);
    assert_true(count >= 4);
    for (size_t i = 0; i < count; i++) {
        assert_ptr_equal(pw_adapter_find(table[i].name), &table[i]);
        assert_true(strlen(table[i].summary) > 10);
        assert_true(i == 0 || strcmp(table[i - 1].name, table[i].name) < 0);
    }
    assert_null(pw_adapter_find("bmf2"));
    assert_null(pw_adapter_find(""));
    pw_adapter_output_release(NULL);
}

#define ENTRY(name, rest) "{\"name\": \"" name "\", " rest "}"
#define OUTPUT(entries)   "{\"context\": {}, \"benchmarks\": [" entries "]}"

static void times_are_converted_to_nanoseconds(void **state)
{
    (void)state;
    static const char text[] = OUTPUT(ENTRY(
        "a",
        "\"iterations\": 3, \"real_time\": 1.5, \"cpu_time\": 2, "
        "\"time_unit\": \"ns\"") "," ENTRY("b",
                                           "\"real_time\": 1.5, \"time_unit\": "
                                           "\"us\"") "," ENTRY("c",
                                                               "\"cpu_time\": 1.5e2, "
                                                               "\"time_unit\": "
                                                               "\"ms\"") "," ENTRY("d",
                                                                                   "\"real_time\": "
                                                                                   "0.25, "
                                                                                   "\"time_unit\": "
                                                                                   "\"s\"") "," ENTRY("e",
                                                                                                      "\"real_time\": 7"));
    static const struct expected expected[] = {
        {"a", "real_time", "ns", PW_BETTER_LOWER, 1.5},
        {"a", "cpu_time", "ns", PW_BETTER_LOWER, 2},
        {"b", "real_time", "ns", PW_BETTER_LOWER, 1500},
        {"c", "cpu_time", "ns", PW_BETTER_LOWER, 150e6},
        {"d", "real_time", "ns", PW_BETTER_LOWER, 250e6},
        {"e", "real_time", "ns", PW_BETTER_LOWER, 7},
    };
    check_values("google-benchmark", text, strlen(text), expected, PW_COUNT(expected));
}

static void counters_have_units_and_directions(void **state)
{
    (void)state;
    static const char text[] = OUTPUT(
        ENTRY("a", "\"family_index\": 1, \"per_family_instance_index\": 0, \"repetitions\": 1, "
                   "\"repetition_index\": 0, \"threads\": 4, \"iterations\": 9, \"real_time\": 1, "
                   "\"items_per_second\": 1e6, \"bytes_per_second\": 2e9, \"label\": \"text\", "
                   "\"max_bytes_used\": 4096, \"misses\": 12"));
    static const struct expected expected[] = {
        {"a", "real_time", "ns", PW_BETTER_LOWER, 1},
        {"a", "items_per_second", "1/s", PW_BETTER_HIGHER, 1e6},
        {"a", "bytes_per_second", "bytes/s", PW_BETTER_HIGHER, 2e9},
        {"a", "max_bytes_used", "bytes", PW_BETTER_LOWER, 4096},
        {"a", "misses", "count", PW_BETTER_LOWER, 12},
    };
    check_values("google-benchmark", text, strlen(text), expected, PW_COUNT(expected));
}

#define ITERATION(time)                                                                            \
    "{\"name\": \"a\", \"run_name\": \"a\", \"run_type\": \"iteration\", \"real_time\": " time "}"
#define AGGREGATE(run, kind, time)                                                                 \
    "{\"name\": \"" run "_" kind "\", \"run_name\": \"" run "\", \"run_type\": \"aggregate\", "    \
    "\"aggregate_name\": \"" kind "\", \"real_time\": " time "}"

static void repetitions_become_their_median(void **state)
{
    (void)state;
    static const char text[] = OUTPUT(
        ITERATION("30") "," AGGREGATE("b", "mean", "5") "," AGGREGATE("b", "median", "6") "," AGGREGATE("b", "stddev", "0.1") "," ITERATION(
            "10") "," ITERATION("20") "," ITERATION("1000") "," AGGREGATE("a", "median",
                                                                          "15") "," AGGREGATE("a",
                                                                                              "cv",
                                                                                              "0."
                                                                                              "1") ",{\"name\": "
                                                                                                   "\"c_BigO\", "
                                                                                                   "\"run_name\": "
                                                                                                   "\"c\", "
                                                                                                   "\"run_type\": "
                                                                                                   "\"aggregate\", "
                                                                                                   "\"aggregate_"
                                                                                                   "name\": "
                                                                                                   "\"BigO\", "
                                                                                                   "\"cpu_"
                                                                                                   "coefficient\": "
                                                                                                   "4.2, \"big_o\": "
                                                                                                   "\"N\"}");
    static const struct expected expected[] = {
        {"a", "real_time", "ns", PW_BETTER_LOWER, 25},
        {"b", "real_time/mean", "ns", PW_BETTER_LOWER, 5},
        {"b", "real_time", "ns", PW_BETTER_LOWER, 6},
        {"b", "real_time/stddev", "ns", PW_BETTER_LOWER, 0.1},
        {"c", "cpu_coefficient", "ns", PW_BETTER_LOWER, 4.2},
    };
    check_values("google-benchmark", text, strlen(text), expected, PW_COUNT(expected));
}

static void extreme_counters_stay_finite(void **state)
{
    (void)state;
    static const char text[] = OUTPUT(ENTRY("a", "\"real_time\": 1, \"n\": -1.7e308") "," ENTRY(
        "a", "\"real_time\": 1, \"n\": 1.7e308"));
    static const struct expected expected[] = {
        {"a", "real_time", "ns", PW_BETTER_LOWER, 1},
        {"a", "n", "count", PW_BETTER_LOWER, 0},
    };
    check_values("google-benchmark", text, strlen(text), expected, PW_COUNT(expected));
}

static void skipped_benchmarks_are_left_out(void **state)
{
    (void)state;
    static const char text[] = OUTPUT(
        ENTRY("a", "\"skipped\": true, \"skip_message\": \"no GPU\", \"real_time\": 0") "," ENTRY(
            "b", "\"real_time\": 3"));
    static const struct expected expected[] = {{"b", "real_time", "ns", PW_BETTER_LOWER, 3}};
    check_values("google-benchmark", text, strlen(text), expected, PW_COUNT(expected));
}

static void errors_are_failures(void **state)
{
    (void)state;
    static const char text[] = OUTPUT(ENTRY(
        "a",
        "\"error_occurred\": true, \"error_message\": \"no\\nfile\", "
        "\"real_time\": 0") "," ENTRY("ok",
                                      "\"real_time\": 1") "," ENTRY("b",
                                                                    "\"error_occurred\": true"));
    static const struct expected expected[] = {{"ok", "real_time", "ns", PW_BETTER_LOWER, 1}};
    static const char *const failures[] = {"a: no file", "b: without a message"};
    check_values("google-benchmark", text, strlen(text), expected, 1);
    check_failures("google-benchmark", text, failures, PW_COUNT(failures));
}

static void repetitions_are_kept_as_samples(void **state)
{
    (void)state;
    static const char text[] = OUTPUT(ITERATION("30") "," ITERATION("10") "," AGGREGATE(
        "a", "cv", "0.5") "," ITERATION("20") "," AGGREGATE("b", "cv", "0.5"));
    static const double samples[] = {30, 10, 20};
    struct pw_adapter_output output;
    assert_int_equal(
        pw_adapter_find("google-benchmark")->parse(text, sizeof(text) - 1, NULL, &output, NULL), 0);
    assert_int_equal(output.count, 2);
    assert_int_equal(output.values[0].sample_count, 3);
    assert_memory_equal(output.values[0].samples, samples, sizeof(samples));
    assert_string_equal(output.values[1].metric, "real_time/cv");
    assert_string_equal(output.values[1].unit, "ratio");
    assert_true(output.values[1].value == 0.5);
    pw_adapter_output_release(&output);
}

static void measures_of_bmf_are_read(void **state)
{
    (void)state;
    static const char text[] =
        "{\"x::y\": {\"latency\": {\"value\": 1.5, \"lower_value\": 1, \"upper_value\": null}, "
        "\"throughput\": {\"value\": 100}}, \"z\": {\"Max Bytes\": {\"value\": 9}}}";
    static const struct expected expected[] = {
        {"x::y", "latency", "ns", PW_BETTER_LOWER, 1.5},
        {"x::y", "latency/lower", "ns", PW_BETTER_LOWER, 1},
        {"x::y", "throughput", "1/s", PW_BETTER_HIGHER, 100},
        {"z", "Max Bytes", "count", PW_BETTER_LOWER, 9},
    };
    check_values("bmf", text, strlen(text), expected, PW_COUNT(expected));
}

static void wrong_outputs_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *format;
        const char *text;
        const char *part;
    } cases[] = {
        {"google-benchmark", "", "not in format 'google-benchmark': line 1, column 1"},
        {"google-benchmark", "Running ./bench\n" OUTPUT(""), "line 1, column 1"},
        {"google-benchmark", OUTPUT("") "\nDone.", "line 2, column 1"},
        {"google-benchmark", "[]", "expected an object with an array 'benchmarks'"},
        {"google-benchmark", "{\"benchmarks\": {}}", "expected an object with an array"},
        {"google-benchmark", OUTPUT(""), "holds no measurement"},
        {"google-benchmark", OUTPUT("1"), "a benchmark has no 'name'"},
        {"google-benchmark", OUTPUT(ENTRY("", "\"real_time\": 1")), "a benchmark has no 'name'"},
        {"google-benchmark", OUTPUT(ENTRY("a", "\"iterations\": 1")),
         "'a' has neither 'real_time' nor 'cpu_time'"},
        {"google-benchmark", OUTPUT(ENTRY("a", "\"real_time\": \"fast\"")),
         "'a.real_time' is not a number"},
        {"google-benchmark", OUTPUT(ENTRY("a", "\"real_time\": NaN")), "line 1, column 59"},
        {"google-benchmark", OUTPUT(ENTRY("a", "\"real_time\": -1")),
         "'a' has an impossible 'real_time'"},
        {"google-benchmark", OUTPUT(ENTRY("a", "\"real_time\": 1e305, \"time_unit\": \"s\"")),
         "'a' has an impossible 'real_time'"},
        {"google-benchmark", OUTPUT(ENTRY("a", "\"real_time\": 1, \"time_unit\": \"years\"")),
         "'a' has an unknown 'time_unit', known are ns, us, ms and s"},
        {"google-benchmark", OUTPUT(ENTRY("a", "\"real_time\": 1, \"time_unit\": 1")),
         "unknown 'time_unit'"},
        {"bmf", "", "not in format 'bmf': line 1, column 1"},
        {"bmf", "[]", "expected an object of at least one benchmark"},
        {"bmf", "{}", "expected an object of at least one benchmark"},
        {"bmf", "{\"a\": {}}", "benchmark 'a' is not a named object of measures"},
        {"bmf", "{\"a\": 1}", "benchmark 'a' is not a named object of measures"},
        {"bmf", "{\"\": {\"m\": {\"value\": 1}}}", "benchmark '' is not a named"},
        {"bmf", "{\"a\": {\"m\": 1}}", "'a.m' has no number as its 'value'"},
        {"bmf", "{\"a\": {\"m\": {\"value\": \"1\"}}}", "'a.m' has no number as its 'value'"},
        {"bmf", "{\"a\": {\"\": {\"value\": 1}}}", "'a.' has no name"},
        {"bmf", "{\"a\": {\"m\": {\"value\": 1, \"upper_value\": \"x\"}}}",
         "'a.m' has a bound that is not a number"},
        {"bmf", "{\"a\": {\"m\": {\"value\": 1}}, \"a\": {}}", "there already"},
    };
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_adapter_output output;
        struct pw_error err = PW_ERROR_INIT;
        memset(&output, 0x5A, sizeof(output));
        struct pw_adapter_output before = output;
        int rc = pw_adapter_find(cases[i].format)
                     ->parse(cases[i].text, strlen(cases[i].text), NULL, &output, &err);
        if (rc != PW_EFORMAT || strstr(pw_error_message(&err), cases[i].part) == NULL)
            fail_msg("%s: %d: %s", cases[i].text, rc, pw_error_message(&err));
        assert_memory_equal(&output, &before, sizeof(output));
        pw_error_release(&err);
    }
}

static void damage_never_crashes(void **state)
{
    (void)state;
    static const char text[] = OUTPUT(ITERATION("30") "," ITERATION("1e3") "," AGGREGATE(
        "b", "median", "6") "," ENTRY("c", "\"cpu_time\": 1, \"time_unit\": \"ms\", \"n\": 3"));
    const size_t length = sizeof(text) - 1;
    uint32_t random = 99;
    for (size_t i = 0; i < 5000; i++) {
        size_t size = i < length ? i : length;
        char *copy = malloc(size + 1); /* exact, so that reading beyond it is noticed */
        assert_non_null(copy);
        memcpy(copy, text, size);
        for (int flips = size < length ? 0 : 2; flips > 0; flips--) {
            random = random * 1664525u + 1013904223u;
            copy[(random >> 8) % length] = (char)(random >> 24);
        }
        size_t count = 0;
        const struct pw_adapter *table = pw_adapter_table(&count);
        for (size_t j = 0; j < count; j++) {
            struct pw_adapter_output output;
            int rc = table[j].parse(copy, size, NULL, &output, NULL);
            assert_true(rc == 0 || rc == PW_EFORMAT);
            if (rc == 0) {
                assert_true(output.count + output.failure_count > 0);
                pw_adapter_output_release(&output);
            }
        }
        free(copy);
    }
}

/* Tens of thousands of entries or counters, as a hostile megabyte holds, take no quadratic time. */
static void large_outputs_are_read_fast(void **state)
{
    (void)state;
    struct pw_strbuf text = PW_STRBUF_INIT;
    pw_strbuf_puts(&text, "{\"benchmarks\": [{\"name\": \"wide\", \"real_time\": 1");
    for (unsigned i = 0; i < 30000; i++)
        pw_strbuf_printf(&text, ", \"c%u\": %u", i, i);
    pw_strbuf_puts(&text, "}");
    for (unsigned i = 0; i < 30000; i++)
        pw_strbuf_printf(&text, ", {\"name\": \"b%u\", \"real_time\": %u}", i % 20000, i);
    pw_strbuf_puts(&text, "]}");
    struct pw_adapter_output output;
    uint64_t before_ns = pw_clock_monotonic_ns();
    assert_int_equal(
        pw_adapter_find("google-benchmark")->parse(text.data, text.length, NULL, &output, NULL), 0);
    assert_true(pw_clock_monotonic_ns() - before_ns < UINT64_C(10000000000));
    assert_int_equal(output.count, 30001 + 20000);
    assert_string_equal(output.values[30001].benchmark, "b0");
    assert_true(output.values[30001].value == 10000);
    pw_adapter_output_release(&output);
    pw_strbuf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_are_found_by_name),
        cmocka_unit_test(times_are_converted_to_nanoseconds),
        cmocka_unit_test(counters_have_units_and_directions),
        cmocka_unit_test(repetitions_become_their_median),
        cmocka_unit_test(extreme_counters_stay_finite),
        cmocka_unit_test(skipped_benchmarks_are_left_out),
        cmocka_unit_test(errors_are_failures),
        cmocka_unit_test(repetitions_are_kept_as_samples),
        cmocka_unit_test(measures_of_bmf_are_read),
        cmocka_unit_test(wrong_outputs_are_refused),
        cmocka_unit_test(damage_never_crashes),
        cmocka_unit_test(large_outputs_are_read_fast),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
