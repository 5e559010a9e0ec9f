/* Saving after every benchmark, and going on from what was saved. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "perfwarden/run.h"
#include "perfwarden/util.h"
#include "scripted_executor.h"

/** How many benchmarks each save held, as digits. */
struct saves {
    char counts[16];
    size_t count;
    bool fails;
};

static int save(void *context, const struct pw_result *result, struct pw_error *err)
{
    struct saves *saves = context;

    saves->counts[saves->count++] = (char)('0' + result->benchmark_count);
    return saves->fails && result->benchmark_count > 0
               ? pw_error_set(err, PW_EIO, "the disk is full")
               : 0;
}

static void test_saved_after_each(void **state)
{
    struct saves saves = {{0}, 0, false};
    struct pw_run_options options = {.save = save, .save_context = &saves};
    struct script script = script_of(&(struct script_step){0}, 1);
    struct pw_benchmark benchmarks[] = {script_benchmark("a"), script_benchmark("b")};
    struct script_outcome outcome = run_script(benchmarks, 2, &script, &options);

    (void)state;
    assert_int_equal(outcome.status, 0);
    assert_string_equal(saves.counts, "012");
    release_script(&outcome, &script);
    saves = (struct saves){{0}, 0, true};
    outcome = run_script(benchmarks, 2, &script, &options);
    assert_int_equal(outcome.status, PW_EIO);
    assert_string_equal(pw_error_message(&outcome.err), "the disk is full");
    assert_int_equal(outcome.result.benchmark_count, 1);
    release_script(&outcome, &script);
}

static void set_series(struct pw_result *result, struct pw_result_benchmark *entry, double value)
{
    struct pw_series *series =
        pw_result_series(result, entry, "wall_time", "ns", PW_BETTER_LOWER, "clock");

    assert_non_null(series);
    assert_int_equal(pw_series_add(result, series, value, NULL), 0);
}

/** A result of c, a with an entry of its adapter, and b, which failed. */
static void make_saved(struct pw_result *result)
{
    static const struct {
        const char *id;
        const char *declared;
        enum pw_measured status;
    } ENTRIES[] = {{"c", "c", PW_MEASURED_OK},
                   {"b", "b", PW_MEASURED_INTERRUPTED},
                   {"b/inner", "b", PW_MEASURED_OK},
                   {"a", "a", PW_MEASURED_OK},
                   {"a/inner", "a", PW_MEASURED_OK}};

    assert_int_equal(pw_result_init(result, NULL), 0);
    result->config_hash = "1234";
    result->commit = "0123456789012345678901234567890123456789";
    for (size_t i = 0; i < PW_COUNT(ENTRIES); i++) {
        struct pw_result_benchmark *entry =
            pw_result_add_benchmark(result, ENTRIES[i].id, ENTRIES[i].id, ENTRIES[i].declared);

        assert_non_null(entry);
        entry->status = ENTRIES[i].status;
        entry->command = (const char **)SCRIPT_WORDS;
        entry->command_count = PW_COUNT(SCRIPT_WORDS);
        for (int run = 0; run < 3; run++) {
            set_series(result, entry, 100.0 + (double)i);
        }
    }
}

static void test_the_rest_is_run(void **state)
{
    static const char *const ORDER[] = {"a", "a/inner", "b", "c"};
    struct script script = script_of(&(struct script_step){0}, 1);
    struct pw_benchmark benchmarks[] = {script_benchmark("a"), script_benchmark("b"),
                                        script_benchmark("c")};
    struct pw_config config = script_config(benchmarks, 3);
    struct pw_run_options options;
    const struct pw_run_plan plan = {&config, &options};
    struct pw_result saved;
    struct pw_result now;
    unsigned short_of_runs = 9;

    (void)state;
    memset(&options, 0, sizeof(options));
    make_saved(&saved);
    make_saved(&now);
    assert_int_equal(pw_run_resume(&saved, &now, &plan, "r.json", &short_of_runs, NULL), 0);
    assert_int_equal(short_of_runs, 0);
    assert_int_equal(saved.benchmark_count, 3);
    assert_int_equal(pw_run_suite(&config, &options, &script.executor, &saved, NULL), 0);
    assert_int_equal(script.calls, 3); /* b alone */
    assert_int_equal(saved.benchmark_count, PW_COUNT(ORDER));
    for (size_t i = 0; i < PW_COUNT(ORDER); i++) {
        assert_string_equal(saved.benchmarks[i].id, ORDER[i]);
    }
    assert_true(pw_result_benchmark_series(&saved.benchmarks[0], "wall_time")->samples[0] == 103);
    assert_true(pw_result_benchmark_series(&saved.benchmarks[3], "wall_time")->samples[0] == 100);
    assert_int_equal(saved.benchmarks[2].status, PW_MEASURED_OK);
    pw_result_release(&saved);
    pw_result_release(&now);
    pw_strbuf_release(&script.log);
}

/** What is asked for, and what is kept of c, b, b/inner, a and a/inner. */
static void test_too_few_runs(void **state)
{
    static const struct {
        unsigned runs_min;
        unsigned runs_max;
        const char *filter;
        size_t kept;
        unsigned short_of_runs;
    } CASES[] = {{3, 3, NULL, 3, 0}, {4, 4, NULL, 0, 2}, {4, 9, "a", 1, 1},
                 {1, 2, NULL, 3, 0}, {0, 0, NULL, 3, 0}, {4, 4, "b", 3, 0}};
    struct pw_benchmark benchmarks[] = {script_benchmark("a"), script_benchmark("b"),
                                        script_benchmark("c")};
    struct pw_config config = script_config(benchmarks, 3);

    (void)state;
    for (size_t i = 0; i < PW_COUNT(CASES); i++) {
        struct pw_run_options options = {.runs_min = CASES[i].runs_min,
                                         .runs_max = CASES[i].runs_max,
                                         .filters = &CASES[i].filter,
                                         .filter_count = CASES[i].filter != NULL};
        const struct pw_run_plan plan = {&config, &options};
        struct pw_result saved;
        struct pw_result now;
        unsigned short_of_runs = 9;

        make_saved(&saved);
        make_saved(&now);
        assert_int_equal(pw_run_resume(&saved, &now, &plan, "r", &short_of_runs, NULL), 0);
        assert_int_equal(saved.benchmark_count, CASES[i].kept);
        assert_int_equal(short_of_runs, CASES[i].short_of_runs);
        pw_result_release(&saved);
        pw_result_release(&now);
    }
}

/** The words differ by the shell alone, of what is selected. */
static void test_another_shell_is_refused(void **state)
{
    static const char *const LINE[] = {"sh", "-c", "./bench --fast"};
    static const char *const FILTERS[] = {"b", "c"};
    struct pw_benchmark benchmarks[] = {script_benchmark("a"), script_benchmark("b")};
    struct pw_config config = script_config(benchmarks, 2);
    struct pw_run_options options;
    const struct pw_run_plan plan = {&config, &options};
    struct pw_error err = PW_ERROR_INIT;
    struct pw_result saved;
    struct pw_result now;
    unsigned short_of_runs;

    (void)state;
    memset(&options, 0, sizeof(options));
    benchmarks[0].command.items = LINE;
    benchmarks[0].command.count = PW_COUNT(LINE);
    benchmarks[0].is_shell = true;
    make_saved(&saved);
    make_saved(&now);
    assert_int_equal(pw_run_resume(&saved, &now, &plan, "r", &short_of_runs, &err), PW_EUSAGE);
    assert_string_equal(pw_error_message(&err),
                        "'r' cannot be resumed: the command of 'a' was run without a shell; use "
                        "--shell=none again, or run without --resume");
    assert_int_equal(saved.benchmark_count, 5);
    options.filters = FILTERS;
    options.filter_count = PW_COUNT(FILTERS);
    assert_int_equal(pw_run_resume(&saved, &now, &plan, "r", &short_of_runs, NULL), 0);
    pw_error_release(&err);
    pw_result_release(&saved);
    pw_result_release(&now);
}

enum change { CONFIGURATION, COMMIT, NO_COMMIT, DIRT, ENVIRONMENT };

static void change(struct pw_result *result, enum change what)
{
    switch (what) {
    case CONFIGURATION:
        result->config_hash = "5678";
        break;
    case COMMIT:
        result->commit = "abcdef0123456789012345678901234567890123";
        break;
    case NO_COMMIT:
        result->commit = NULL;
        break;
    case DIRT:
        result->is_dirty = true;
        break;
    case ENVIRONMENT:
        memcpy(result->environment.id, "ffffffffffff", PW_ENVIRONMENT_ID_SIZE);
        break;
    }
}

static void test_other_results_are_refused(void **state)
{
    static const struct {
        enum change what;
        const char *message;
    } CASES[] = {
        {CONFIGURATION, "'r.json' cannot be resumed: the configuration has changed since"},
        {COMMIT, "'r.json' cannot be resumed: it is of commit 012345678901, the work tree of "
                 "abcdef012345; check that out"},
        {NO_COMMIT, "'r.json' cannot be resumed: it is of commit 012345678901, the work tree of "
                    "none"},
        {DIRT, "'r.json' cannot be resumed: the work tree has uncommitted changes and had none"},
        {ENVIRONMENT, "'r.json' cannot be resumed: it was measured in another environment"},
    };

    (void)state;
    for (size_t i = 0; i < PW_COUNT(CASES); i++) {
        struct pw_config config = script_config(NULL, 0);
        struct pw_run_options options = {.filters = NULL};
        const struct pw_run_plan plan = {&config, &options};
        struct pw_error err = PW_ERROR_INIT;
        struct pw_result saved;
        struct pw_result now;
        unsigned short_of_runs;

        make_saved(&saved);
        make_saved(&now);
        change(&now, CASES[i].what);
        assert_int_equal(pw_run_resume(&saved, &now, &plan, "r.json", &short_of_runs, &err),
                         PW_EUSAGE);
        assert_int_equal(
            strncmp(pw_error_message(&err), CASES[i].message, strlen(CASES[i].message)), 0);
        assert_int_equal(saved.benchmark_count, 5);
        pw_error_release(&err);
        pw_result_release(&saved);
        pw_result_release(&now);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_saved_after_each),
        cmocka_unit_test(test_the_rest_is_run),
        cmocka_unit_test(test_too_few_runs),
        cmocka_unit_test(test_another_shell_is_refused),
        cmocka_unit_test(test_other_results_are_refused),
    };

    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
