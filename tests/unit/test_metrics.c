/*
 * From outcomes to samples: which source serves a metric, and what is said where none does. The
 * counted runs are played by a script that writes cachegrind's files, and once by valgrind itself.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../src/run/cachegrind.h"
#include "perfwarden/run.h"
#include "perfwarden/util.h"
#include "scripted_executor.h"

static const char *const METRICS[] = {"instructions",  "cycles",      "cache_misses",
                                      "branch_misses", "exit_status", "binary_size",
                                      "network_bytes"};

/** The real one; set by main(). */
static struct pw_executor *launcher;

/** A benchmark with these metrics, run three times. */
static struct pw_benchmark counted_benchmark(enum pw_counter_source source)
{
    struct pw_benchmark benchmark = script_benchmark("a");

    benchmark.metrics.items = METRICS;
    benchmark.metrics.count = PW_COUNT(METRICS);
    benchmark.runs_max = 3;
    benchmark.counter_source = source;
    return benchmark;
}

/** How the processes of the counted runs end up in files; ended by NULL. */
static const char *const *counts;
static unsigned counted_runs;
static const char *first_environment;

static void write_count(const char *pattern, const char *name, const char *text)
{
    struct pw_strbuf path = PW_STRBUF_INIT;

    pw_strbuf_append(&path, pattern, strlen(pattern) - strlen("%p"));
    pw_strbuf_puts(&path, name);
    assert_int_equal(pw_file_write(pw_strbuf_text(&path), text, strlen(text), NULL), 0);
    pw_strbuf_release(&path);
}

/** Everything that a counted run's environment has, as one text. */
static char *describe_environment(const char *const *envp)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    char *copy;

    for (; *envp != NULL; envp++) {
        pw_strbuf_printf(&text, "%s\n", *envp);
    }
    copy = strdup(pw_strbuf_text(&text));
    pw_strbuf_release(&text);
    return copy;
}

/** Play valgrind where it is called; check what it is called with. */
static void play_valgrind(const struct pw_process_spec *spec)
{
    static const char OPTION[] = "--cachegrind-out-file=";
    const char *pattern = NULL;
    char name[] = "1";

    if (strcmp(spec->argv[0], "valgrind") != 0 || strcmp(spec->argv[1], "--version") == 0) {
        return;
    }
    for (const char *const *word = spec->argv; *word != NULL; word++) {
        if (strncmp(*word, OPTION, strlen(OPTION)) == 0) {
            pattern = *word + strlen(OPTION);
        }
    }
    assert_non_null(pattern);
    assert_true(spec->fixed_addresses);
    assert_false(spec->wants_counters);
    assert_int_equal(spec->memory_limit_bytes, 0);
    assert_null(script_variable(spec->envp, "PERFWARDEN_TEST_STRAY"));
    assert_non_null(script_variable(spec->envp, "GLIBC_TUNABLES"));
    assert_string_equal(script_variable(spec->envp, "PWD"), "/proc/self/cwd");
    assert_string_equal(script_variable(spec->envp, "LC_ALL"), "C");
    assert_string_equal(script_variable(spec->envp, "PERFWARDEN_ITERATION"), "1");
    for (const char *const *count = counts; *count != NULL; count++) {
        write_count(pattern, name, *count);
        name[0]++;
    }
    counted_runs++;
    if (first_environment == NULL) {
        first_environment = describe_environment(spec->envp);
    } else {
        char *again = describe_environment(spec->envp);

        assert_string_equal(first_environment, again);
        free(again);
    }
}

static struct script_outcome run_counted(enum pw_counter_source source,
                                         const struct script_step *steps, size_t count,
                                         struct script *script)
{
    struct pw_benchmark benchmark = counted_benchmark(source);

    *script = script_of(steps, count);
    script->inspect = play_valgrind;
    counted_runs = 0;
    return run_script(&benchmark, 1, script, NULL);
}

static const struct script_step WITH_VALGRIND[] = {
    {0}, {0}, {0}, {.out = "valgrind-3.19.0\n"}, {0}};

static void test_cachegrind_counts(void **state)
{
    static const char *const TWO[] = {"desc: x\nevents: Ir\nfn=a\n1 2\nsummary: 1000\n",
                                      "events: Ir\nsummary: 234\n", NULL};
    static const enum pw_counter_source SOURCES[] = {PW_COUNTERS_AUTO, PW_COUNTERS_VALGRIND};

    (void)state;
    counts = TWO;
    for (size_t i = 0; i < PW_COUNT(SOURCES); i++) {
        struct script script;
        struct script_outcome outcome;
        const struct pw_series *series;

        /* The caller's environment has changed since. */
        assert_int_equal(setenv("PERFWARDEN_TEST_STRAY", i == 0 ? "short" : "a longer value", 1),
                         0);
        outcome = run_counted(SOURCES[i], WITH_VALGRIND, PW_COUNT(WITH_VALGRIND), &script);
        series = script_series(&outcome, "a", "instructions");
        assert_int_equal(outcome.status, 0);
        assert_int_equal(counted_runs, 2);
        assert_string_equal(series->source, "cachegrind 3.19.0");
        assert_null(series->null_reason);
        assert_int_equal(series->count, 2);
        assert_int_equal((int)series->samples[0], 1234);
        assert_int_equal((int)series->samples[1], 1234);
        assert_int_equal(script_series(&outcome, "a", "cycles")->count, 0);
        release_script(&outcome, &script);
    }
    free((void *)(uintptr_t)first_environment);
    first_environment = NULL;
}

/** What valgrind does, and the reason that is left in `instructions`. */
struct refusal {
    enum pw_counter_source source;
    struct script_step version;
    struct script_step counted;
    const char *file; /**< NULL for none */
    unsigned counted_runs;
    const char *reason;
};

static const struct refusal REFUSALS[] = {
    {.source = PW_COUNTERS_NONE, .reason = "'counter_source: none' says not to count"},
    {.source = PW_COUNTERS_PERF, .reason = "the processor's counters did not tell"},
    {.source = PW_COUNTERS_AUTO,
     .version = {.end = PW_PROCESS_NOT_STARTED, .code = ENOENT, .failed_step = PW_START_EXEC},
     .reason = "valgrind is not installed; apt install valgrind"},
    {.source = PW_COUNTERS_VALGRIND,
     .version = {.code = 3},
     .reason = "'valgrind --version' failed: valgrind does not work here"},
    {.source = PW_COUNTERS_VALGRIND,
     .version = {.out = "hello\n"},
     .reason = "'valgrind --version' does not print a version"},
    {.source = PW_COUNTERS_VALGRIND,
     .version = {.out = "valgrind-3.19.0\n"},
     .counted_runs = 1,
     .reason = "valgrind wrote no count: the program may run as another user"},
    {.source = PW_COUNTERS_VALGRIND,
     .version = {.out = "valgrind-3.19.0\n"},
     .counted = {.code = 9},
     .file = "summary: 5\n",
     .counted_runs = 1,
     .reason = "under valgrind: exit status 9"},
};

static void test_refusals(void **state)
{
    (void)state;
    for (size_t i = 0; i < PW_COUNT(REFUSALS); i++) {
        const struct refusal *refusal = &REFUSALS[i];
        const struct script_step steps[] = {{0}, {0}, {0}, refusal->version, refusal->counted};
        const char *const files[] = {refusal->file, NULL};
        struct script script;
        struct script_outcome outcome;
        const struct pw_series *series;

        counts = files;
        outcome = run_counted(refusal->source, steps, PW_COUNT(steps), &script);
        series = script_series(&outcome, "a", "instructions");
        assert_int_equal(outcome.status, 0);
        assert_int_equal(pw_result_find(&outcome.result, "a")->status, PW_MEASURED_OK);
        assert_int_equal(series->count, 0);
        assert_string_equal(series->null_reason, refusal->reason);
        assert_int_equal(counted_runs, refusal->counted_runs);
        release_script(&outcome, &script);
    }
    free((void *)(uintptr_t)first_environment);
    first_environment = NULL;
}

/** An interruption while counting ends the benchmark, and keeps what was measured. */
static void test_interrupted_count(void **state)
{
    static const struct script_step STEPS[] = {
        {0}, {0}, {0}, {.out = "valgrind-3.19.0\n"}, {.end = PW_PROCESS_INTERRUPTED}};
    static const char *const NO_FILES[] = {NULL};
    struct script script;
    struct script_outcome outcome;

    (void)state;
    counts = NO_FILES;
    outcome = run_counted(PW_COUNTERS_AUTO, STEPS, PW_COUNT(STEPS), &script);
    assert_int_equal(outcome.status, PW_EINTERRUPTED);
    assert_int_equal(pw_result_find(&outcome.result, "a")->status, PW_MEASURED_INTERRUPTED);
    assert_int_equal(script_series(&outcome, "a", "exit_status")->count, 3);
    release_script(&outcome, &script);
    free((void *)(uintptr_t)first_environment);
    first_environment = NULL;
}

static void test_sources_without_counters(void **state)
{
    static const char *const NO_FILES[] = {NULL};
    struct script script;
    struct script_outcome outcome;
    const struct pw_series *series;

    (void)state;
    counts = NO_FILES;
    outcome = run_counted(PW_COUNTERS_PERF, WITH_VALGRIND, 1, &script);
    series = script_series(&outcome, "a", "exit_status");
    assert_int_equal(series->count, 3);
    assert_int_equal((int)series->samples[2], 0);
    series = script_series(&outcome, "a", "network_bytes");
    assert_int_equal(series->count, 0);
    assert_non_null(strstr(series->null_reason, "'isolate: network'"));
    series = script_series(&outcome, "a", "binary_size");
    assert_int_equal(series->count, 0); /* there is no ./bench in / */
    assert_string_equal(series->null_reason, "the executable file cannot be looked at");
    release_script(&outcome, &script);
}

static void put(const char *directory, const char *name, const char *text)
{
    struct pw_strbuf path = PW_STRBUF_INIT;

    pw_path_join(&path, directory, name);
    assert_int_equal(pw_file_write(pw_strbuf_text(&path), text, strlen(text), NULL), 0);
    pw_strbuf_release(&path);
}

static void test_sum_of_files(void **state)
{
    static const char *const WRONG[] = {"", "summary: 5", "events: Ir\nsummary: \n",
                                        "events: Ir\nsummary: x\n",
                                        "events: Ir\nsummary: 99999999999999999999999999\n"};
    char directory[] = "/tmp/perfwarden-sum-XXXXXX";
    struct pw_error err = PW_ERROR_INIT;
    uint64_t sum = 0;
    unsigned files = 9;

    (void)state;
    assert_non_null(mkdtemp(directory));
    assert_int_equal(pw_run_cachegrind_sum(directory, &sum, &files, NULL), 0);
    assert_int_equal(files, 0);
    put(directory, "7", "events: Ir\nsummary: 9007199254740993\n");
    put(directory, "8", "events: Ir\nsummary: 2");
    assert_int_equal(pw_run_cachegrind_sum(directory, &sum, &files, NULL), 0);
    assert_int_equal(files, 2);
    assert_true(sum == UINT64_C(9007199254740995));
    for (size_t i = 0; i < PW_COUNT(WRONG); i++) {
        put(directory, "9", WRONG[i]);
        assert_int_equal(pw_run_cachegrind_sum(directory, &sum, &files, &err), PW_EFORMAT);
        assert_non_null(strstr(pw_error_message(&err), "has no summary"));
        pw_error_release(&err);
    }
    for (int i = 7; i <= 9; i++) {
        struct pw_strbuf path = PW_STRBUF_INIT;

        pw_strbuf_printf(&path, "%s/%d", directory, i);
        assert_int_equal(unlink(pw_strbuf_text(&path)), 0);
        pw_strbuf_release(&path);
    }
    assert_int_equal(rmdir(directory), 0);
    assert_int_equal(pw_run_cachegrind_sum(directory, &sum, &files, NULL), PW_ENOTFOUND);
}

/** Run words with the real executor and valgrind. */
static struct script_outcome run_really(const char *const *words, size_t count)
{
    static const char *const REAL[] = {"instructions", "binary_size"};
    struct pw_benchmark benchmark = counted_benchmark(PW_COUNTERS_VALGRIND);
    struct pw_config config;
    struct pw_run_options options;
    struct script_outcome outcome;

    memset(&outcome, 0, sizeof(outcome));
    memset(&options, 0, sizeof(options));
    benchmark.command.items = words;
    benchmark.command.count = count;
    benchmark.metrics.items = REAL;
    benchmark.metrics.count = PW_COUNT(REAL);
    benchmark.timeout_ns = UINT64_C(30000000000);
    config = script_config(&benchmark, 1);
    assert_int_equal(pw_result_init(&outcome.result, &outcome.err), 0);
    outcome.status = pw_run_suite(&config, &options, launcher, &outcome.result, &outcome.err);
    assert_int_equal(outcome.status, 0);
    return outcome;
}

/** The instructions of words in an environment made longer; skips where there is no valgrind. */
static double count_really(const char *const *words, size_t count, const char *stray)
{
    struct script_outcome outcome;
    const struct pw_series *series;
    double instructions;

    assert_int_equal(setenv("PERFWARDEN_TEST_STRAY", stray, 1), 0);
    outcome = run_really(words, count);
    series = script_series(&outcome, "a", "instructions");
    if (series->count == 0) {
        assert_string_equal(series->null_reason, "valgrind is not installed; apt install valgrind");
        pw_result_release(&outcome.result);
        skip();
    }
    assert_int_equal(strncmp(series->source, "cachegrind 3.", 13), 0);
    assert_int_equal(series->count, 2);
    assert_true(series->samples[0] == series->samples[1]);
    instructions = series->samples[0];
    series = script_series(&outcome, "a", "binary_size");
    assert_int_equal(series->count, 3);
    assert_true(series->samples[0] > 1000 && series->samples[0] == series->samples[2]);
    pw_result_release(&outcome.result);
    return instructions;
}

static void test_counts_agree_in_any_environment(void **state)
{
    static const char *const WORDS[] = {"/bin/ls", "/"};
    char stray[3001];
    double first;

    (void)state;
    memset(stray, 'x', sizeof(stray) - 1);
    stray[sizeof(stray) - 1] = '\0';
    first = count_really(WORDS, PW_COUNT(WORDS), "");
    assert_true(first > 50000);
    assert_true(count_really(WORDS, PW_COUNT(WORDS), stray) == first);
}

/** Twice the work is twice the instructions, less what the start takes. */
static void test_counts_are_of_the_program(void **state)
{
    static const char *const SCRIPTS[] = {"i=10000; while [ $i -lt 11000 ]; do i=$((i+1)); done",
                                          "i=10000; while [ $i -lt 12000 ]; do i=$((i+1)); done",
                                          "i=10000; while [ $i -lt 13000 ]; do i=$((i+1)); done"};
    double count[3];

    (void)state;
    for (int i = 0; i < 3; i++) {
        const char *words[] = {"/bin/sh", "-c", SCRIPTS[i]};

        count[i] = count_really(words, PW_COUNT(words), "");
    }
    assert_true(count[1] - count[0] > 100000);
    assert_true((count[2] - count[1]) / (count[1] - count[0]) > 0.98);
    assert_true((count[2] - count[1]) / (count[1] - count[0]) < 1.02);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_cachegrind_counts),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_interrupted_count),
        cmocka_unit_test(test_sources_without_counters),
        cmocka_unit_test(test_sum_of_files),
        cmocka_unit_test(test_counts_agree_in_any_environment),
        cmocka_unit_test(test_counts_are_of_the_program),
    };
    struct pw_error err = PW_ERROR_INIT;
    int failed;

    if (pw_launcher_start(&launcher, &err) != 0) {
        (void)fprintf(stderr, "%s\n", pw_error_message(&err));
        return 1;
    }
    failed = cmocka_run_group_tests(TESTS, NULL, NULL);
    launcher->free(launcher);
    return failed;
}
