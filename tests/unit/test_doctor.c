/* doctor: the machine's state from a made-up tree, what is warned of, and how gates are counted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/cli/doctor.h"
#include "../../src/cli/doctor_tally.h"
#include "perfwarden/util/file.h"
#include "perfwarden/util/json.h"

static void assert_near(double value, double expected, double tolerance)
{
    assert_true(fabs(value - expected) <= tolerance);
}

static int make_root(void **state)
{
    char path[] = "/tmp/perfwarden-doctor-XXXXXX";
    *state = mkdtemp(path) == NULL ? NULL : strdup(path);
    return *state == NULL ? -1 : 0;
}

static int remove_root(void **state)
{
    struct pw_strbuf command = PW_STRBUF_INIT;
    pw_strbuf_printf(&command, "rm -rf '%s'", (const char *)*state);
    const int status = system(pw_strbuf_text(&command));
    pw_strbuf_release(&command);
    free(*state);
    return status;
}

static void put_meminfo(const char *root, const char *text)
{
    struct pw_strbuf path = PW_STRBUF_INIT;
    pw_strbuf_printf(&path, "%s/proc", root);
    assert_int_equal(pw_make_directories(pw_strbuf_text(&path), NULL), 0);
    pw_strbuf_puts(&path, "/meminfo");
    assert_int_equal(pw_file_write(pw_strbuf_text(&path), text, strlen(text), NULL), 0);
    pw_strbuf_release(&path);
}

static void reads_memory_and_swap(void **state)
{
    struct pw_machine_state machine;
    put_meminfo(*state, "MemTotal:  2048 kB\nMemFree: 1 kB\nMemAvailable:\t512 kB\n"
                        "SwapTotal: 100 kB\nSwapFree: 40 kB\n");
    assert_int_equal(pw_run_machine_state(*state, 0, &machine, NULL), 0);
    assert_near(machine.memory_bytes, 2048 * 1024, 0);
    assert_near(machine.memory_available_bytes, 512 * 1024, 0);
    assert_near(machine.swap_bytes, 100 * 1024, 0);
    assert_near(machine.swap_used_bytes, 60 * 1024, 0);
    assert_true(isnan(machine.load));
    assert_true(isnan(machine.steal_ratio));
    assert_true(machine.processors >= 1);
}

static void what_cannot_be_read_is_unknown(void **state)
{
    struct pw_machine_state machine;
    put_meminfo(*state,
                "MemTotal: many kB\nMemAvailable: 99999999999999999999999999 kB\nSwapTotal");
    assert_int_equal(pw_run_machine_state(*state, 0, &machine, NULL), 0);
    assert_true(isnan(machine.memory_bytes));
    assert_true(isnan(machine.memory_available_bytes));
    assert_true(isnan(machine.swap_used_bytes));
}

/* ---- Warnings ---- */

static const double unknown = (double)NAN;

static void quiet_machine(struct pw_doctor_machine *machine)
{
    *machine = (struct pw_doctor_machine){.state = {.processors = 2,
                                                    .load = 0.1,
                                                    .steal_ratio = 0,
                                                    .frequency_khz = unknown,
                                                    .memory_bytes = 8e9,
                                                    .memory_available_bytes = 6e9,
                                                    .swap_bytes = 0,
                                                    .swap_used_bytes = 0},
                                          .has_counters = true};
    assert_int_equal(pw_result_init(&machine->result, NULL), 0);
    for (size_t i = 0; i < PW_DOCTOR_TOOLS; i++) {
        static const char *const names[] = {"git", "perf", "valgrind", "rsvg-convert", "cc"};
        machine->tools[i] = (struct pw_doctor_tool){names[i], "things", "1.0"};
    }
}

static void put_fact(struct pw_doctor_machine *machine, const char *name, const char *value)
{
    assert_int_equal(pw_environment_note(&machine->result, name, value, NULL), 0);
}

/* Exactly one warning, with this in it; none for NULL. Releases the machine. */
static void expect(struct pw_doctor_machine *machine, const char *part)
{
    assert_int_equal(pw_doctor_warn(machine, NULL), 0);
    assert_int_equal(machine->warning_count, part != NULL);
    if (part != NULL) {
        assert_non_null(strstr(machine->warnings[0], part));
    }
    pw_doctor_machine_release(machine);
}

static void warns_of_facts(void **state)
{
    static const struct {
        const char *name, *value, *part;
    } cases[] = {
        {"governor", "powersave", "'performance'"},
        {"governor", "performance", NULL},
        {"turbo", "on", "turbo is on"},
        {"turbo", "off", NULL},
        {"smt", "on", "hyper-threading"},
        {"smt", "off", NULL},
        {"cores", "1", "two or more"},
        {"cores", "2", NULL},
        {"cpu_quota", "1.5", "granted 1.5"},
    };
    (void)state;
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_doctor_machine machine;
        quiet_machine(&machine);
        put_fact(&machine, cases[i].name, cases[i].value);
        expect(&machine, cases[i].part);
    }
}

static void warns_of_the_moment(void **state)
{
    struct pw_doctor_machine machine;
    (void)state;
    quiet_machine(&machine);
    expect(&machine, NULL);
    quiet_machine(&machine);
    machine.state.load = 1.5;
    expect(&machine, "load average is 1.50");
    quiet_machine(&machine);
    machine.state.steal_ratio = 0.10;
    expect(&machine, "10 %");
    quiet_machine(&machine);
    machine.state.swap_used_bytes = 1e9;
    expect(&machine, "swap is in use");
    quiet_machine(&machine);
    machine.state.memory_available_bytes = 1e8;
    expect(&machine, "memory is short");
    quiet_machine(&machine);
    machine.tools[0].version = NULL;
    expect(&machine, "git was not found");
    quiet_machine(&machine);
    machine.has_counters = false;
    expect(&machine, NULL); /* valgrind counts */
    quiet_machine(&machine);
    machine.has_counters = false;
    machine.tools[2].version = NULL;
    expect(&machine, "install valgrind");
    quiet_machine(&machine);
    machine.state =
        (struct pw_machine_state){2, unknown, unknown, unknown, unknown, unknown, unknown, unknown};
    expect(&machine, NULL); /* what is not known is no reason */
}

/* ---- Counting ---- */

static struct pw_comparison_row row(const char *benchmark, enum pw_verdict verdict, size_t pairs,
                                    double ratio)
{
    return (struct pw_comparison_row){
        .benchmark = benchmark, .verdict = verdict, .pairs = pairs, .ratio = ratio};
}

static void add(struct pw_tally *tally, struct pw_comparison_row *rows, size_t count,
                const char *slower)
{
    struct pw_comparison comparison = {.rows = rows, .row_count = count};
    for (size_t i = 0; i < count; i++) {
        comparison.counts[rows[i].verdict]++;
    }
    assert_int_equal(pw_tally_add(tally, &comparison, slower, UINT64_C(2000000000), NULL), 0);
}

static void counts_right_and_wrong(void **state)
{
    struct pw_tally tallies[PW_TALLY_LEVELS];
    struct pw_comparison_row found[] = {row("cpu", PW_VERDICT_REGRESSION, 12, 1.21),
                                        row("text", PW_VERDICT_PASS, 8, 1.0)};
    struct pw_comparison_row alarm[] = {row("cpu", PW_VERDICT_INCONCLUSIVE, 60, 1.21),
                                        row("text", PW_VERDICT_REGRESSION, 20, 1.1)};
    struct pw_comparison_row broken[] = {row("cpu", PW_VERDICT_ERROR, 0, (double)NAN),
                                         row("text", PW_VERDICT_IMPROVEMENT, 9, 0.9)};
    (void)state;
    pw_tally_init(tallies);
    struct pw_tally *tally = &tallies[3];
    assert_near(tally->slowdown_ratio, 0.10, 0);
    add(tally, found, 2, "cpu");
    add(tally, alarm, 2, "cpu");
    add(tally, broken, 2, "cpu");
    assert_int_equal(tally->gates, 3);
    assert_int_equal(tally->failed, 2);
    assert_int_equal(tally->right, 1);
    assert_int_equal(tally->wrong, 1);
    assert_int_equal(tally->passes, 2);
    assert_int_equal(tally->inconclusive, 1);
    assert_int_equal(tally->errors, 1);
    assert_int_equal(tally->comparisons, 6);
    assert_near(exp(tally->log_ratio_sum / (double)tally->ratio_count), 1.21, 1e-12);
    /* Without a slower one each regression is a wrong one. */
    add(&tallies[0], found, 2, NULL);
    assert_int_equal(tallies[0].right, 0);
    assert_int_equal(tallies[0].wrong, 1);
    pw_tally_release(tallies);
}

static void writes_both_forms(void **state)
{
    struct pw_tally tallies[PW_TALLY_LEVELS];
    struct pw_comparison_row rows[] = {row("cpu", PW_VERDICT_REGRESSION, 12, 1.10),
                                       row("text", PW_VERDICT_PASS, 8, 1.0)};
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_json *json = NULL;
    double median = 0;
    (void)state;
    pw_tally_init(tallies);
    for (int i = 0; i < 100; i++) { /* more pairs than the first room for them */
        add(&tallies[3], rows, 2, "cpu");
    }
    pw_tally_write_text(tallies, &text);
    assert_non_null(strstr(pw_strbuf_text(&text), "100 of 100 (96.4–100.0 %)"));
    assert_non_null(strstr(pw_strbuf_text(&text), "10.0 %"));
    assert_null(strstr(pw_strbuf_text(&text), "could not be measured"));
    pw_strbuf_clear(&text);
    pw_tally_write_json(tallies, false, &text);
    assert_int_equal(
        pw_json_parse(pw_strbuf_text(&text), text.length, "x", PW_JSON_DEFAULT, &json, NULL), 0);
    const struct pw_json *level = pw_json_first(pw_json_get(json, "selftest"));
    assert_null(pw_json_next(level)); /* levels without gates are left out */
    assert_true(pw_json_number(pw_json_get(level, "median_pairs"), &median));
    assert_near(median, 10, 0);
    pw_json_free(json);
    pw_strbuf_release(&text);
    pw_tally_release(tallies);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_memory_and_swap, make_root, remove_root),
        cmocka_unit_test_setup_teardown(what_cannot_be_read_is_unknown, make_root, remove_root),
        cmocka_unit_test(warns_of_facts),
        cmocka_unit_test(warns_of_the_moment),
        cmocka_unit_test(counts_right_and_wrong),
        cmocka_unit_test(writes_both_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
