/* The machine while a benchmark runs: readings from made-up /proc and /sys trees, what is warned
 * of, and the way into a result file and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/run/context.h"
#include "../../src/run/context_warnings.h"
#include "perfwarden/util.h"
#include "scripted_executor.h"

#define CPU "/sys/devices/system/cpu/cpu"

static int make_root(void **state)
{
    char path[] = "/tmp/perfwarden-context-XXXXXX";

    *state = mkdtemp(path) == NULL ? NULL : strdup(path);
    return *state == NULL ? -1 : 0;
}

static int remove_root(void **state)
{
    struct pw_strbuf command = PW_STRBUF_INIT;
    int status;

    pw_strbuf_printf(&command, "rm -rf '%s'", (const char *)*state);
    status = system(pw_strbuf_text(&command));
    pw_strbuf_release(&command);
    free(*state);
    return status;
}

static void put_file(const char *root, const char *path, const char *text)
{
    struct pw_strbuf whole = PW_STRBUF_INIT;
    char *slash;

    pw_strbuf_printf(&whole, "%s%s", root, path);
    slash = strrchr(whole.data, '/');
    *slash = '\0';
    assert_int_equal(pw_make_directories(whole.data, NULL), 0);
    *slash = '/';
    assert_int_equal(pw_file_write(whole.data, text, strlen(text), NULL), 0);
    pw_strbuf_release(&whole);
}

static void put_machine(const char *root)
{
    put_file(root, "/proc/loadavg", "1.59 1.26 1.63 4/103 11419\n");
    put_file(root, "/proc/stat", "cpu  100 20 30 1000 5 1 2 12 90 9\ncpu0 1 2 3 4 5 6 7 8 9 10\n");
    put_file(root, "/proc/vmstat",
             "pgfault 999\npswpin 7\npswpout 8\npgmajfault 1250\npgmajfault_x 3\n");
    put_file(root, CPU "0/cpufreq/scaling_cur_freq", "2000000\n");
    put_file(root, CPU "1/cpufreq/scaling_cur_freq", "3000000\n");
    put_file(root, CPU "0/thermal_throttle/core_throttle_count", "4\n");
    put_file(root, CPU "1/thermal_throttle/core_throttle_count", "5\n");
    put_file(root, CPU "0/thermal_throttle/package_throttle_count", "10\n");
    put_file(root, CPU "1/thermal_throttle/package_throttle_count", "10\n");
}

static void assert_number(double actual, double expected)
{
    if (!(fabs(actual - expected) < 1e-9)) {
        fail_msg("%.17g is not %.17g", actual, expected);
    }
}

static struct pw_run_machine read_machine(const char *root)
{
    struct pw_run_machine machine;

    assert_int_equal(pw_run_machine_read(root, &machine, NULL), 0);
    return machine;
}

static void test_reading(void **state)
{
    struct pw_run_machine machine;

    put_machine(*state);
    machine = read_machine(*state);
    assert_number(machine.load, 1.59);
    assert_number(machine.total_ticks, 1170); /* without what guests took: it is in user */
    assert_number(machine.steal_ticks, 12);
    assert_number(machine.page_faults_major, 1250);
    assert_number(machine.swap_in_pages, 7);
    assert_number(machine.swap_out_pages, 8);
    assert_number(machine.frequency_khz, 2500000);
    assert_number(machine.throttle_events, 19);
}

static void test_nothing_to_read(void **state)
{
    struct pw_run_machine machine = read_machine(*state);
    struct pw_context context;

    pw_run_context_between(&machine, &machine, &context);
    for (size_t i = 0; i < sizeof(context) / sizeof(double); i++) {
        double value;

        memcpy(&value, (const char *)&context + i * sizeof(value), sizeof(value));
        assert_true(isnan(value));
    }
}

static void test_malformed_files(void **state)
{
    static const char *const TEXTS[] = {
        "", "\n", "cpu", "cpu  x y z", "-1", "cpu  1 2 3\n", "pswpin\npswpout abc\npgmajfault"};

    for (size_t i = 0; i < PW_COUNT(TEXTS); i++) {
        struct pw_run_machine machine;

        put_file(*state, "/proc/loadavg", TEXTS[i]);
        put_file(*state, "/proc/stat", TEXTS[i]);
        put_file(*state, "/proc/vmstat", TEXTS[i]);
        put_file(*state, CPU "0/cpufreq/scaling_cur_freq", TEXTS[i]);
        machine = read_machine(*state);
        assert_true(isnan(machine.load));
        assert_true(isnan(machine.total_ticks));
        assert_true(isnan(machine.steal_ticks));
        assert_true(isnan(machine.page_faults_major));
        assert_true(isnan(machine.frequency_khz));
    }
}

static void test_difference(void **state)
{
    struct pw_run_machine before = {1, 1000, 10, 5, 1, 2, 2e6, 3};
    struct pw_run_machine after = {2, 1100, 22, 9, 4, 8, 3e6, 5};
    struct pw_context context;

    (void)state;
    pw_run_context_between(&before, &after, &context);
    assert_number(context.load_before, 1);
    assert_number(context.load_after, 2);
    assert_number(context.steal_ratio, 0.12);
    assert_number(context.page_faults_major, 4);
    assert_number(context.swap_in_pages, 3);
    assert_number(context.swap_out_pages, 6);
    assert_number(context.frequency_before_khz, 2e6);
    assert_number(context.frequency_after_khz, 3e6);
    assert_number(context.throttle_events, 2);
    /* Too short for a share, and counters that went backwards. */
    after.total_ticks = 1004;
    after.throttle_events = 1;
    pw_run_context_between(&before, &after, &context);
    assert_true(isnan(context.steal_ratio));
    assert_true(isnan(context.throttle_events));
}

/** A context, and the one warning it gives; NULL for none. */
struct warning {
    struct pw_context context;
    const char *text;
};

#define NONE ((double)NAN)

static const struct warning WARNINGS[] = {
    {{NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE}, NULL},
    {{4, 9, 0.05, 100, 0, 0, 4e6, 3e6, 0}, NULL},
    {{4.5, 0, 0, 0, 0, 0, NONE, NONE, 0},
     "the load average was 4.5 on 2 processor(s) when this started: other programs are running; "
     "stop them, or wait until they are done"},
    {{0, 0, 0.12, 0, 0, 0, NONE, NONE, 0},
     "steal time was 12 % while this ran: the host is shared; use more runs or a dedicated runner"},
    {{0, 0, 0, 101, 0, 0, NONE, NONE, 0},
     "the machine had 101 major page faults while this ran: files were not in memory yet, or "
     "memory is short; raise 'warmup' or free memory"},
    {{0, 0, 0, 0, 3, 4, NONE, NONE, 0},
     "the machine swapped 7 pages while this ran: memory is short; free some, or use a larger "
     "runner"},
    {{0, 0, 0, 0, 0, 0, 3.6e6, 2.1e6, 0},
     "the processors' frequency went from 3.60 GHz to 2.10 GHz while this ran; set the frequency "
     "governor to 'performance'"},
    {{0, 0, 0, 0, 0, 0, NONE, NONE, 3},
     "the processor was slowed down 3 time(s) while this ran, because it was hot; cool it, or "
     "leave pauses between benchmarks"},
};

static void test_warnings(void **state)
{
    (void)state;
    for (size_t i = 0; i < PW_COUNT(WARNINGS); i++) {
        struct pw_result result;
        struct pw_result_benchmark *entry;

        assert_int_equal(pw_result_init(&result, NULL), 0);
        entry = pw_result_add_benchmark(&result, "a", "a", "a");
        assert_non_null(entry);
        entry->context = &WARNINGS[i].context;
        assert_int_equal(pw_run_context_warn(&result, entry, 2, NULL), 0);
        assert_int_equal(entry->warning_count, WARNINGS[i].text != NULL);
        if (WARNINGS[i].text != NULL) {
            assert_string_equal(entry->warnings[0], WARNINGS[i].text);
        }
        pw_result_release(&result);
    }
}

static void test_record(void **state)
{
    struct pw_run_machine before;
    struct pw_result result;
    struct pw_result_benchmark *entry;

    put_machine(*state);
    before = read_machine(*state);
    put_file(*state, "/proc/vmstat", "pswpin 7\npswpout 9\npgmajfault 1250\n");
    assert_int_equal(pw_result_init(&result, NULL), 0);
    entry = pw_result_add_benchmark(&result, "a", "a", "a");
    assert_int_equal(pw_run_context_record(&result, entry, *state, &before, NULL), 0);
    assert_number(entry->context->swap_out_pages, 1);
    assert_number(entry->context->swap_in_pages, 0);
    assert_int_equal(entry->warning_count, 1);
    assert_non_null(strstr(entry->warnings[0], "swapped 1 pages"));
    pw_result_release(&result);
}

/** The schedule looks at the machine where it is told to, and only there. */
static void test_schedule(void **state)
{
    static const struct script_step STEPS[] = {{0}};
    struct script script = script_of(STEPS, 1);
    struct pw_benchmark benchmark = script_benchmark("a");
    struct pw_run_options options;
    struct script_outcome outcome;

    put_machine(*state);
    memset(&options, 0, sizeof(options));
    outcome = run_script(&benchmark, 1, &script, &options);
    assert_null(pw_result_find(&outcome.result, "a")->context);
    release_script(&outcome, &script);
    script = script_of(STEPS, 1);
    options.machine_root = *state;
    outcome = run_script(&benchmark, 1, &script, &options);
    assert_number(pw_result_find(&outcome.result, "a")->context->load_before, 1.59);
    assert_number(pw_result_find(&outcome.result, "a")->context->throttle_events, 0);
    release_script(&outcome, &script);
}

/** A result file of one benchmark with this context. */
static int read_result(const char *context, struct pw_result *out, struct pw_error *err)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    int status;

    pw_strbuf_printf(&text,
                     "{\"schema\":\"perfwarden/result/1\","
                     "\"run_id\":\"01JD3Z6W6QK1V6K9M2T8C4X7RB\","
                     "\"started_at\":\"2026-11-20T10:00:00Z\","
                     "\"environment\":{\"id\":\"e3b0c44298fc\"},\"benchmarks\":[{\"id\":\"a\","
                     "\"name\":\"a\",\"status\":\"ok\",\"metrics\":{},\"context\":%s}]}",
                     context);
    status = pw_result_read(pw_strbuf_text(&text), text.length, "r.json", out, err);
    pw_strbuf_release(&text);
    return status;
}

static void test_file(void **state)
{
    static const char CONTEXT[] =
        "{\"load_before\":0.5,\"steal_ratio\":0.125,\"load_after\":null,\"tomorrow\":[1]}";
    struct pw_result result;
    struct pw_result again;
    struct pw_strbuf text = PW_STRBUF_INIT;

    (void)state;
    assert_int_equal(read_result(CONTEXT, &result, NULL), 0);
    pw_result_write(&result, &text);
    assert_non_null(strstr(pw_strbuf_text(&text), "\"tomorrow\""));
    assert_int_equal(pw_result_read(pw_strbuf_text(&text), text.length, "again", &again, NULL), 0);
    assert_number(again.benchmarks[0].context->load_before, 0.5);
    assert_number(again.benchmarks[0].context->steal_ratio, 0.125);
    assert_true(isnan(again.benchmarks[0].context->load_after));
    assert_true(isnan(again.benchmarks[0].context->throttle_events));
    pw_strbuf_release(&text);
    pw_result_release(&again);
    pw_result_release(&result);
}

static void test_damaged_file(void **state)
{
    static const struct {
        const char *context;
        const char *message;
    } CASES[] = {
        {"3", "context' is not an object"},
        {"{\"load_before\":\"high\"}", "context.load_before' is not a number"},
    };

    (void)state;
    for (size_t i = 0; i < PW_COUNT(CASES); i++) {
        struct pw_result result;
        struct pw_error err = PW_ERROR_INIT;

        assert_int_equal(read_result(CASES[i].context, &result, &err), PW_EFORMAT);
        if (strstr(pw_error_message(&err), CASES[i].message) == NULL) {
            fail_msg("%s", pw_error_message(&err));
        }
        pw_error_release(&err);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test_setup_teardown(test_reading, make_root, remove_root),
        cmocka_unit_test_setup_teardown(test_nothing_to_read, make_root, remove_root),
        cmocka_unit_test_setup_teardown(test_malformed_files, make_root, remove_root),
        cmocka_unit_test(test_difference),
        cmocka_unit_test(test_warnings),
        cmocka_unit_test_setup_teardown(test_record, make_root, remove_root),
        cmocka_unit_test_setup_teardown(test_schedule, make_root, remove_root),
        cmocka_unit_test(test_file),
        cmocka_unit_test(test_damaged_file),
    };

    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
