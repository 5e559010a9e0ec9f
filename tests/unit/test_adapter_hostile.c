/* Text formats under damage: cut anywhere, bits turned over, coloured, with foreign line ends, with
 * names of 10 kB. What is read must be right or refused; the sanitizers watch the rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "perfwarden/adapter.h"
#include "perfwarden/util.h"

/** A small output of each format. */
static const struct specimen {
    const char *format;
    const char *text;
} specimens[] = {
    {"benchmarkjs", "f x 1,000 ops/sec \xC2\xB1"
                    "1.00% (9 runs sampled)\n"
                    "g x 50.5 ops/sec \xC2\xB1"
                    "2.00% (1 run sampled)\n"},
    {"catch2", "---------------------------\nCase\n---------------------------\na.cpp:5\n"
               "...........................\n\nbenchmark name    samples  iterations  estimated\n"
               "                       mean   low mean  high mean\n---------------------------\n"
               "f            100        20     7.48 ms \n"
               "                           3 us          2 us          4 us \n"
               "                           2 ns          1 ns          3 ns \n\n"
               "===========================\ntest cases: 1 | 1 passed\n"},
    {"catch2", "<Catch2TestRun><TestCase name=\"A\"><BenchmarkResults name=\"f\">"
               "<mean value=\"3\" lowerBound=\"2\" upperBound=\"4\"/></BenchmarkResults>"
               "</TestCase></Catch2TestRun>\n"},
    {"console-time", "parse: 0.5ms\nbuild: 1:02.345 (m:ss.mmm)\nrun: 12ms - timer ended\n"},
    {"criterion", "Benchmarking a\nBenchmarking a: Analyzing\n"
                  "a                       time:   [1.0 \xC2\xB5s 2.0 \xC2\xB5s 3.0 \xC2\xB5s]\n"
                  "                        thrpt:  [1.0 MiB/s 2.0 MiB/s 3.0 MiB/s]\n"},
    {"criterion-json",
     "{\"reason\":\"benchmark-complete\",\"id\":\"a\",\"iteration_count\":[1,2],"
     "\"measured_values\":[3.5,4.5],\"unit\":\"ns\",\"median\":{\"estimate\":2,\"lower_bound\":1,"
     "\"upper_bound\":3}}\n{\"reason\":\"group-complete\"}\n"},
    {"dart", "Sort(RunTime): 2.5 us.\nHeap(RunTime): 3.5 us.\n"},
    {"go-bench",
     "goos: linux\npkg: p\nBenchmarkA-8 \t 100\t 5.5 ns/op\t 48 B/op\n"
     "BenchmarkB-8 \tlog\n 100\t 7 ns/op\n--- FAIL: BenchmarkC\n    x.go:5: no\nFAIL\n"},
    {"gungraun", "a::b c\n  ====== CALLGRIND ======\n"
                 "  Instructions:  1735|1734   (+0.05%) [+1.0x]\n  L1 Hits:  5|N/A  (***)\n"},
    {"gungraun-json",
     "{\"module_path\":\"m::f\",\"id\":null,\"profiles\":[{\"tool\":\"Callgrind\",\"summaries\":{"
     "\"total\":{\"summary\":{\"Callgrind\":{\"Ir\":{\"metrics\":{\"Left\":{\"Int\":5}}}}}}}}]}\n"},
    {"iai", "fib\n  Instructions:   1735 (+5.7%)\n  L1 Accesses:   2364\n  L2 Accesses:   1\n"
            "  RAM Accesses:   2\n  Estimated Cycles:   2404 (No change)\n"},
    {"libtest", "running 2 tests\ntest a ... bench: 1,250.5 ns/iter (+/- 3.25) = 819 MB/s\n"
                "test b ... FAILED\n\n---- b stdout ----\nthread 'main' panicked at b.rs:5:9:\nno\n"
                "test result: FAILED. 0 passed; 1 failed; 0 ignored; 1 measured; 0 filtered out\n"},
    {"luau", "Test | Min | Average | StdDev% | Driver\n---+---+---+---+---\n"
             "sort | 1.5ms | 2.5ms | 10.0% | luau\nheap | | FAILED | | next\n---\n"},
    {"ruby-benchmark", "Rehearsal -----------\na 1.0 1.0 2.0 ( 2.5)\n---- total: 1.0sec\n\n"
                       "     user     system      total        real\na 1.0 1.0 2.0 ( 2.5)\n"},
    {"time", "real\t1m1.250s\nuser\t0m1.500s\nsys\t0m0.250s\n"},
    {"time", "1.50user 0.25system 1:01.25elapsed 2%CPU (0avgtext+0avgdata 2048maxresident)k\n"
             "8inputs+16outputs (1major+100minor)pagefaults 0swaps\n"},
};

/* Parse an exact copy, so that reading beyond it is noticed. @return as parse does */
static int parse(const char *format, const char *text, size_t length,
                 struct pw_adapter_output *output)
{
    struct pw_error err = PW_ERROR_INIT;
    char *copy = malloc(length + 1);
    assert_non_null(copy);
    memcpy(copy, text, length);
    copy[length] = '\0';
    (void)pw_adapter_find(format)->recognise(copy, length);
    const int status = pw_adapter_find(format)->parse(copy, length, NULL, output, &err);
    assert_true(status == 0 || status == PW_EFORMAT);
    if (status < 0)
        assert_non_null(strstr(pw_error_message(&err), format));
    pw_error_release(&err);
    free(copy);
    return status;
}

static bool is_same(const struct pw_adapter_value *a, const struct pw_adapter_value *b)
{
    return strcmp(a->benchmark, b->benchmark) == 0 && strcmp(a->metric, b->metric) == 0 &&
           strcmp(a->unit, b->unit) == 0 && a->value <= b->value && a->value >= b->value;
}

/* A prefix has the first values of the whole, none of its own. */
static void check_prefix(const struct specimen *specimen, size_t length,
                         const struct pw_adapter_output *whole)
{
    struct pw_adapter_output output;
    if (parse(specimen->format, specimen->text, length, &output) < 0)
        return;
    assert_true(output.count <= whole->count);
    for (size_t i = 0; i < output.count; i++) {
        if (!is_same(&output.values[i], &whole->values[i]))
            fail_msg("%s: the first %zu bytes are read as another value of '%s'", specimen->format,
                     length, output.values[i].metric);
    }
    pw_adapter_output_release(&output);
}

static void no_prefix_is_read_as_something_else(void **state)
{
    (void)state;
    for (size_t i = 0; i < PW_COUNT(specimens); i++) {
        struct pw_adapter_output whole;
        const size_t length = strlen(specimens[i].text);
        if (parse(specimens[i].format, specimens[i].text, length, &whole) < 0)
            fail_msg("specimen %zu, %s, is refused", i, specimens[i].format);
        for (size_t cut = 0; cut < length; cut++) {
            check_prefix(&specimens[i], cut, &whole);
        }
        pw_adapter_output_release(&whole);
    }
}

/** Recorded outputs, cut likewise. */
static const struct {
    const char *format;
    const char *file;
} recorded[] = {
    {"benchmarkjs", "benchmarkjs_output.txt"},
    {"catch2", "catch2_output_v3.txt"},
    {"console-time", "bencher_js_time_four.txt"},
    {"criterion", "bencher_rust_criterion_many.txt"},
    {"dart", "bencher_dart_benchmark_harness_one.txt"},
    {"go-bench", "go_fiber_output.txt"},
    {"go-bench", "go_output.txt"},
    {"gungraun", "bencher_rust_gungraun_with-dhat.txt"},
    {"gungraun-json", "bencher_rust_gungraun_json_one_callgrind_all_metrics.txt"},
    {"iai", "bencher_rust_iai_two.txt"},
    {"libtest", "cargo_output.txt"},
    {"libtest", "cargo_output_units.txt"},
    {"luau", "benchmarkluau_output.txt"},
    {"ruby-benchmark", "bencher_ruby_benchmark_two.txt"},
};

static void no_prefix_of_a_recorded_output_is_either(void **state)
{
    (void)state;
    for (size_t i = 0; i < PW_COUNT(recorded); i++) {
        struct pw_strbuf path = PW_STRBUF_INIT;
        struct pw_strbuf text = PW_STRBUF_INIT;
        struct pw_adapter_output whole;
        pw_path_join(&path, PERFWARDEN_SHARED_DATA "/adapters", recorded[i].file);
        if (pw_file_read(pw_strbuf_text(&path), (size_t)1 << 20, &text, NULL) == 0) {
            const struct specimen specimen = {recorded[i].format, pw_strbuf_text(&text)};
            assert_int_equal(parse(specimen.format, specimen.text, text.length, &whole), 0);
            for (size_t cut = 0; cut < text.length; cut++) {
                check_prefix(&specimen, cut, &whole);
            }
            pw_adapter_output_release(&whole);
        }
        pw_strbuf_release(&text);
        pw_strbuf_release(&path);
    }
}

static void turned_bits_are_survived(void **state)
{
    (void)state;
    for (size_t i = 0; i < PW_COUNT(specimens); i++) {
        const size_t length = strlen(specimens[i].text);
        char *text = malloc(length + 1);
        assert_non_null(text);
        memcpy(text, specimens[i].text, length + 1);
        for (size_t bit = 0; bit < 8 * length; bit++) {
            struct pw_adapter_output output;
            text[bit / 8] = (char)(text[bit / 8] ^ (1 << bit % 8));
            if (parse(specimens[i].format, text, length, &output) == 0)
                pw_adapter_output_release(&output);
            text[bit / 8] = (char)(text[bit / 8] ^ (1 << bit % 8));
        }
        free(text);
    }
}

/* What terminals and Windows make of a text: each line coloured, ends as CRLF. */
static void put_coloured(struct pw_strbuf *out, const char *text)
{
    while (*text != '\0') {
        const size_t length = strcspn(text, "\n");
        pw_strbuf_puts(out, "\x1B[32;1m");
        pw_strbuf_append(out, text, length);
        pw_strbuf_puts(out, text[length] == '\0' ? "\x1B[0m" : "\x1B[0m\r\n");
        text += length + (text[length] == '\n');
    }
}

static void colours_and_foreign_line_ends_change_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < PW_COUNT(specimens); i++) {
        struct pw_adapter_output plain;
        struct pw_adapter_output coloured;
        struct pw_strbuf text = PW_STRBUF_INIT;
        if (specimens[i].text[0] == '<')
            continue; /* XML is not for terminals */
        put_coloured(&text, specimens[i].text);
        assert_int_equal(
            parse(specimens[i].format, specimens[i].text, strlen(specimens[i].text), &plain), 0);
        if (parse(specimens[i].format, pw_strbuf_text(&text), text.length, &coloured) < 0)
            fail_msg("%s in colours is refused", specimens[i].format);
        assert_int_equal(plain.count, coloured.count);
        assert_int_equal(plain.failure_count, coloured.failure_count);
        for (size_t k = 0; k < plain.count; k++) {
            assert_true(is_same(&plain.values[k], &coloured.values[k]));
        }
        pw_adapter_output_release(&plain);
        pw_adapter_output_release(&coloured);
        pw_strbuf_release(&text);
    }
}

/** Where a name stands in a format. */
static const struct {
    const char *format;
    const char *before;
    const char *after;
} names[] = {
    {"benchmarkjs", "",
     " x 5 ops/sec \xC2\xB1"
     "1.00% (9 runs sampled)\n"},
    {"console-time", "", ": 5ms\n"},
    {"criterion", "", "    time:   [1 ns 2 ns 3 ns]\n"},
    {"dart", "", "(RunTime): 5 us.\n"},
    {"go-bench", "Benchmark", "-8 100 5 ns/op\n"},
    {"gungraun", "", "\n  Instructions:  5|N/A (***)\n"},
    {"iai", "", "\n  Instructions:  5\n  Estimated Cycles:  5\n"},
    {"libtest", "test ", " ... bench: 5 ns/iter (+/- 1)\n"},
    {"luau", "Test | Min | Average | StdDev% | Driver\n", " | 1ms | 1ms | 1% | l\n---\n"},
    {"ruby-benchmark", " user system total real\n", " 1 1 1 (1)\n"},
};

static void long_and_odd_names_are_kept(void **state)
{
    (void)state;
    for (size_t i = 0; i < PW_COUNT(names); i++) {
        struct pw_strbuf text = PW_STRBUF_INIT;
        struct pw_strbuf name = PW_STRBUF_INIT;
        struct pw_adapter_output output;
        for (size_t k = 0; k < 1000; k++) {
            pw_strbuf_puts(&name, "\"'<&>\xFF\xC3\\%s$");
        }
        pw_strbuf_printf(&text, "%s%s%s", names[i].before, pw_strbuf_text(&name), names[i].after);
        if (parse(names[i].format, pw_strbuf_text(&text), text.length, &output) < 0)
            fail_msg("%s refuses the name", names[i].format);
        assert_non_null(strstr(output.values[0].benchmark, pw_strbuf_text(&name)));
        pw_adapter_output_release(&output);
        pw_strbuf_release(&text);
        pw_strbuf_release(&name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_prefix_is_read_as_something_else),
        cmocka_unit_test(no_prefix_of_a_recorded_output_is_either),
        cmocka_unit_test(turned_bits_are_survived),
        cmocka_unit_test(colours_and_foreign_line_ends_change_nothing),
        cmocka_unit_test(long_and_odd_names_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
