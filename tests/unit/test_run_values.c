/* What a benchmark prints in a declared format, and remarks on what was measured; on a scripted
 * executor. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "perfwarden/run.h"
#include "perfwarden/util.h"
#include "scripted_executor.h"

#define ENTRY(name, time)                                                                          \
    "{\"name\":\"" name "\",\"run_name\":\"" name                                                  \
    "\",\"run_type\":\"iteration\",\"iterations\":100,"                                            \
    "\"real_time\":" time ",\"cpu_time\":" time ",\"time_unit\":\"us\"}"
#define REPORT(entries) "{\"context\":{\"num_cpus\":2},\"benchmarks\":[" entries "]}\n"

static struct pw_benchmark formatted(const char *id, const char *format)
{
    struct pw_benchmark benchmark = script_benchmark(id);

    benchmark.format = format;
    return benchmark;
}

static void test_values_get_entries_of_their_own(void **state)
{
    struct script script = script_of(
        &(struct script_step){.out = REPORT(ENTRY("BM_Fast", "2") "," ENTRY("BM_Slow", "7.5"))}, 1);
    struct pw_benchmark benchmark = formatted("codec", "google-benchmark");
    struct script_outcome outcome = run_script(&benchmark, 1, &script, NULL);
    const struct pw_result_benchmark *entry = pw_result_find(&outcome.result, "codec/BM_Slow");
    const struct pw_series *times;

    (void)state;
    assert_int_equal(outcome.status, 0);
    assert_int_equal(outcome.result.benchmark_count, 3);
    assert_int_equal(script_series(&outcome, "codec", "wall_time")->count, 3);
    assert_non_null(entry);
    assert_string_equal(entry->declared, "codec");
    assert_string_equal(entry->name, "codec");
    assert_int_equal(entry->status, PW_MEASURED_OK);
    assert_int_equal(entry->warning_count, 0);
    times = script_series(&outcome, "codec/BM_Slow", "real_time");
    assert_int_equal(times->count, 3);
    assert_true(times->samples[1] == 7500.0);
    assert_string_equal(times->unit, "ns");
    assert_string_equal(times->source, "adapter");
    release_script(&outcome, &script);
}

/** An output that cannot be read, and what is said of it. */
struct unreadable {
    struct script_step step;
    const char *message; /**< its beginning */
};

static const struct unreadable UNREADABLES[] = {
    {{.out = ""}, "run 1 of 3: printed nothing where google-benchmark output was expected"},
    {{.out = " \n\t\r\n"},
     "run 1 of 3: printed nothing where google-benchmark output was expected"},
    {{.out = "Segmentation fault"}, "run 1 of 3: output is not in format 'google-benchmark'"},
    {{.out = REPORT("")}, "run 1 of 3: "},
    {{.out = REPORT(ENTRY("BM", "NaN"))}, "run 1 of 3: "},
    {{.out = REPORT(ENTRY("BM", "1")), .dropped_bytes = 99}, "run 1 of 3: printed "},
    {{.out = REPORT(ENTRY("other", "1"))},
     "run 1 of 3: it prints a benchmark that would be called 'codec/other', as another is called"},
};

static void test_unreadable_output(void **state)
{
    (void)state;
    for (size_t i = 0; i < PW_COUNT(UNREADABLES); i++) {
        struct script script = script_of(&UNREADABLES[i].step, 1);
        struct pw_benchmark benchmarks[] = {formatted("codec", "google-benchmark"),
                                            script_benchmark("codec/other")};
        struct script_outcome outcome = run_script(benchmarks, 2, &script, NULL);
        const struct pw_result_benchmark *entry = pw_result_find(&outcome.result, "codec");

        assert_int_equal(outcome.status, 0);
        assert_int_equal(entry->status, PW_MEASURED_OUTPUT);
        assert_int_equal(
            strncmp(entry->error, UNREADABLES[i].message, strlen(UNREADABLES[i].message)), 0);
        assert_int_equal(script_series(&outcome, "codec", "wall_time")->count, 0);
        assert_int_equal(pw_result_find(&outcome.result, "codec/other")->status, PW_MEASURED_OK);
        assert_int_equal(outcome.result.benchmark_count, 2);
        release_script(&outcome, &script);
    }
}

static void test_unknown_format(void **state)
{
    struct script script = script_of(&(struct script_step){0}, 1);
    struct pw_benchmark benchmark = formatted("codec", "gogle");
    struct script_outcome outcome = run_script(&benchmark, 1, &script, NULL);
    const struct pw_result_benchmark *entry = pw_result_find(&outcome.result, "codec");

    (void)state;
    assert_int_equal(outcome.status, 0);
    assert_int_equal(script.calls, 0);
    assert_int_equal(entry->status, PW_MEASURED_OUTPUT);
    assert_int_equal(strncmp(entry->error, "unknown format 'gogle'; known are '", 35), 0);
    assert_non_null(strstr(entry->error, "'google-benchmark'"));
    release_script(&outcome, &script);
}

static void test_a_later_failure_fails_all_entries_and_keeps_their_samples(void **state)
{
    static const struct script_step STEPS[] = {{.out = REPORT(ENTRY("BM", "1"))}, {.code = 9}};
    struct script script = script_of(STEPS, PW_COUNT(STEPS));
    struct pw_benchmark benchmark = formatted("codec", "google-benchmark");
    struct script_outcome outcome = run_script(&benchmark, 1, &script, NULL);
    const struct pw_result_benchmark *entry = pw_result_find(&outcome.result, "codec/BM");

    (void)state;
    assert_int_equal(entry->status, PW_MEASURED_EXIT);
    assert_string_equal(entry->error, "run 2 of 3: exit status 9");
    assert_int_equal(pw_result_find(&outcome.result, "codec")->status, PW_MEASURED_EXIT);
    assert_int_equal(script_series(&outcome, "codec/BM", "real_time")->count, 1);
    assert_int_equal(script_series(&outcome, "codec", "wall_time")->count, 1);
    release_script(&outcome, &script);
}

static void test_values_that_come_and_go_are_remarked(void **state)
{
    static const struct script_step STEPS[] = {
        {.out = REPORT(ENTRY("BM", "1") "," ENTRY("BM_Once", "1"))},
        {.out = REPORT(ENTRY("BM", "1"))}};
    struct script script = script_of(STEPS, PW_COUNT(STEPS));
    struct pw_benchmark benchmark = formatted("codec", "google-benchmark");
    struct script_outcome outcome = run_script(&benchmark, 1, &script, NULL);

    (void)state;
    assert_int_equal(pw_result_find(&outcome.result, "codec/BM")->warning_count, 0);
    assert_int_equal(pw_result_find(&outcome.result, "codec/BM_Once")->status, PW_MEASURED_OK);
    assert_true(pw_result_find(&outcome.result, "codec/BM_Once")->warning_count >= 1);
    assert_int_equal(script_series(&outcome, "codec/BM_Once", "real_time")->count, 1);
    release_script(&outcome, &script);
}

/** Wall times, and the beginning of the one remark on them; NULL for none. */
struct remark {
    uint64_t walls_us[9];
    unsigned survivors;
    const char *text;
};

static const struct remark REMARKS[] = {
    {{100, 101, 99, 102, 98, 100, 101, 99, 100}, 0, NULL},
    {{300, 101, 99, 102, 98, 100, 101, 99, 100},
     0,
     "the first run took 3.0 times the median; raise 'warmup'"},
    {{50, 101, 99, 102, 98, 100, 101, 99, 100}, 0, "1 of 9 wall times is an outlier"},
    {{100, 101, 99, 102, 250, 100, 101, 99, 300}, 0, "2 of 9 wall times are outliers"},
    {{300, 101, 99, 102, 98, 100, 101, 99, 300}, 0, "2 of 9 wall times are outliers"},
    {{100, 100, 100, 100, 100, 100, 100, 100, 100}, 0, NULL},
    {{100, 101, 99, 102, 98, 100, 101, 99, 100},
     2,
     "18 process(es) that it had started were still running"},
};

static void test_remarks(void **state)
{
    (void)state;
    for (size_t i = 0; i < PW_COUNT(REMARKS); i++) {
        struct script_step steps[9];
        struct script script = script_of(steps, PW_COUNT(steps));
        struct pw_benchmark benchmark = script_benchmark("a");
        struct script_outcome outcome;
        const struct pw_result_benchmark *entry;

        memset(steps, 0, sizeof(steps));
        for (size_t s = 0; s < PW_COUNT(steps); s++) {
            steps[s].wall_us = REMARKS[i].walls_us[s];
            steps[s].survivors = REMARKS[i].survivors;
        }
        benchmark.runs_min = 9;
        benchmark.runs_max = 9;
        outcome = run_script(&benchmark, 1, &script, NULL);
        entry = pw_result_find(&outcome.result, "a");
        assert_int_equal(entry->warning_count, REMARKS[i].text != NULL ? 1 : 0);
        if (REMARKS[i].text != NULL) {
            assert_int_equal(strncmp(entry->warnings[0], REMARKS[i].text, strlen(REMARKS[i].text)),
                             0);
        }
        assert_int_equal(script_series(&outcome, "a", "wall_time")->count, 9);
        release_script(&outcome, &script);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_values_get_entries_of_their_own),
        cmocka_unit_test(test_unreadable_output),
        cmocka_unit_test(test_unknown_format),
        cmocka_unit_test(test_a_later_failure_fails_all_entries_and_keeps_their_samples),
        cmocka_unit_test(test_values_that_come_and_go_are_remarked),
        cmocka_unit_test(test_remarks),
    };

    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
