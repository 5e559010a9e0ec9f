/* What a shell takes is measured once and subtracted; a command line is split where no shell is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "perfwarden/run.h"
#include "perfwarden/util.h"
#include "scripted_executor.h"

enum { SHELL_RUNS = 23 };

static const char *const LINE[] = {"sh", "-c", "./bench | sort"};

static struct pw_benchmark shell_benchmark(const char *id)
{
    struct pw_benchmark benchmark = script_benchmark(id);

    benchmark.command = (struct pw_strings){LINE, PW_COUNT(LINE)};
    benchmark.is_shell = true;
    return benchmark;
}

/** The shell takes 1 ms, 300 and 200 µs of it at work; so do all steps that say nothing else. */
static void test_overhead_is_subtracted(void **state)
{
    struct script_step steps[SHELL_RUNS + 6] = {{0}};
    struct script script = script_of(steps, PW_COUNT(steps));
    struct pw_benchmark benchmarks[] = {shell_benchmark("a"), shell_benchmark("b")};
    struct script_outcome outcome;
    const struct pw_result_benchmark *a;

    (void)state;
    for (size_t i = 0; i < 6; i++) {
        steps[SHELL_RUNS + i] = (struct script_step){.wall_us = 5000, .user_us = 900};
    }
    steps[0].wall_us = 90000; /* warm-up does not count */
    steps[SHELL_RUNS - 1].wall_us = 80000;
    outcome = run_script(benchmarks, 2, &script, NULL);
    a = pw_result_find(&outcome.result, "a");
    assert_int_equal(outcome.status, 0);
    assert_int_equal(script.calls, SHELL_RUNS + 6); /* once for both */
    assert_int_equal(strncmp(pw_strbuf_text(&script.log), "sh -c  #0\n", 10), 0);
    assert_true(script_series(&outcome, "a", "wall_time")->samples[0] == 4e6);
    assert_true(script_series(&outcome, "a", "cpu_time")->samples[0] == 6e5);
    assert_true(script_series(&outcome, "b", "wall_time")->samples[2] == 4e6);
    assert_non_null(a->shell);
    assert_string_equal(a->shell->path, "sh");
    assert_true(a->shell->wall_ns == 1e6);
    assert_true(a->shell->user_ns == 3e5);
    assert_true(a->shell->system_ns == 2e5);
    assert_int_equal(a->warning_count, 0);
    release_script(&outcome, &script);
}

/** What the shell's runs are spread by, in microseconds, and what is left of the program's. */
static struct script_outcome run_beside_shell(struct script *script, struct script_step *steps,
                                              unsigned spread_us, const struct script_step *run)
{
    struct pw_benchmark benchmark = shell_benchmark("a");

    for (unsigned i = 0; i < SHELL_RUNS; i++) {
        steps[i] = (struct script_step){.wall_us = 1000 + (i % 2 == 0 ? spread_us : 0)};
    }
    for (size_t i = 0; i < 3; i++) {
        steps[SHELL_RUNS + i] = run[i];
    }
    *script = script_of(steps, SHELL_RUNS + 3);
    return run_script(&benchmark, 1, script, NULL);
}

/** Never 0, which would be no measurement: a reason, and the remedy. */
static void test_what_cannot_be_told_is_null(void **state)
{
    static const struct script_step FASTER[3] = {{.wall_us = 700, .user_us = 100},
                                                 {.wall_us = 700, .user_us = 100},
                                                 {.wall_us = 1001, .user_us = 100}};
    static const char *const METRICS[] = {"wall_time", "cpu_time", "cpu_utilization"};
    static const char REASON[] =
        "it cannot be told from what the shell takes that runs the command (1.00 ms ± 0 ns); write "
        "the command as a list, or use --shell=none";
    struct script_step steps[SHELL_RUNS + 3];
    struct script script;
    struct script_outcome outcome = run_beside_shell(&script, steps, 0, FASTER);
    const struct pw_result_benchmark *a = pw_result_find(&outcome.result, "a");

    (void)state;
    for (size_t i = 0; i < PW_COUNT(METRICS); i++) {
        const struct pw_series *series = script_series(&outcome, "a", METRICS[i]);

        assert_int_equal(series->count, 0);
        assert_string_equal(series->null_reason, REASON);
    }
    assert_int_equal(script_series(&outcome, "a", "max_rss")->count, 3);
    assert_int_equal(a->status, PW_MEASURED_OK);
    assert_int_equal(a->warning_count, 1);
    assert_string_equal(a->warnings[0], REASON);
    release_script(&outcome, &script);
}

/** A run here and there that is not longer than the shell's has the least value that can be told:
 * 3 × 1.2533 × 1.4826 × 50 µs / √20. */
static void test_least_value(void **state)
{
    static const struct script_step MOSTLY_LONGER[3] = {
        {.wall_us = 700}, {.wall_us = 1350}, {.wall_us = 1375}};
    struct script_step steps[SHELL_RUNS + 3];
    struct script script;
    struct script_outcome outcome = run_beside_shell(&script, steps, 100, MOSTLY_LONGER);
    const struct pw_series *series = script_series(&outcome, "a", "wall_time");

    (void)state;
    assert_true(series->count >= 3);
    assert_in_range((uint64_t)series->samples[0], 62300, 62400);
    assert_int_equal((uint64_t)series->samples[1], 300000);
    assert_non_null(strstr(pw_result_find(&outcome.result, "a")->warnings[0],
                           "it takes less than half as long as the shell that runs it (1.05 ms, "
                           "subtracted); write the command as a list, or use --shell=none"));
    release_script(&outcome, &script);
}

/** The kernel charged one where the shell was charged the other: the sum is what counts. */
static void test_times_are_divided_by_chance(void **state)
{
    struct script_step steps[SHELL_RUNS + 3] = {{0}};
    struct script script = script_of(steps, PW_COUNT(steps));
    struct pw_benchmark benchmark = shell_benchmark("a");
    struct script_outcome outcome;
    const struct pw_series *cpu;

    (void)state;
    steps[SHELL_RUNS] = (struct script_step){.user_us = 100, .system_us = 600};
    steps[SHELL_RUNS + 1] = (struct script_step){.user_us = 600, .system_us = 100};
    steps[SHELL_RUNS + 2] = (struct script_step){.user_us = 600, .system_us = 600};
    outcome = run_script(&benchmark, 1, &script, NULL);
    cpu = script_series(&outcome, "a", "cpu_time");
    assert_true(cpu->samples[0] == 2e5);
    assert_true(cpu->samples[1] == 2e5);
    assert_true(cpu->samples[2] == 7e5);
    release_script(&outcome, &script);
}

static void test_no_shell(void **state)
{
    struct script_step steps[2] = {{.end = PW_PROCESS_NOT_STARTED, .code = 2},
                                   {.end = PW_PROCESS_NOT_STARTED, .code = 2}};
    struct script script = script_of(steps, PW_COUNT(steps));
    struct script list = script_of(&(struct script_step){0}, 1);
    struct pw_benchmark benchmark = shell_benchmark("a");
    struct pw_benchmark direct = script_benchmark("b");
    struct script_outcome outcome = run_script(&benchmark, 1, &script, NULL);

    (void)state;
    assert_int_equal(script.calls, 2);
    assert_int_equal(pw_result_find(&outcome.result, "a")->status, PW_MEASURED_START);
    assert_null(pw_result_find(&outcome.result, "a")->shell);
    release_script(&outcome, &script);
    outcome = run_script(&direct, 1, &list, NULL);
    assert_int_equal(list.calls, 3);
    assert_null(pw_result_find(&outcome.result, "b")->shell);
    release_script(&outcome, &list);
}

static void test_shell_is_kept_in_the_file(void **state)
{
    struct script script = script_of(&(struct script_step){.wall_us = 1500}, 1);
    struct pw_benchmark benchmark = shell_benchmark("a");
    struct script_outcome outcome = run_script(&benchmark, 1, &script, NULL);
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_result back;
    struct pw_error err = PW_ERROR_INIT;
    char *negative;

    (void)state;
    pw_result_write(&outcome.result, &text);
    assert_int_equal(pw_result_read(text.data, text.length, "r", &back, &err), 0);
    assert_non_null(back.benchmarks[0].shell);
    assert_true(back.benchmarks[0].shell->wall_ns == 1.5e6);
    pw_result_release(&back);
    negative = strstr(text.data, "\"wall_ns\": 1500000");
    assert_non_null(negative);
    negative[strlen("\"wall_ns\": ")] = '-';
    assert_int_equal(pw_result_read(text.data, text.length, "r", &back, &err), PW_EFORMAT);
    assert_non_null(strstr(pw_error_message(&err), "benchmarks[0].shell.wall_ns"));
    pw_error_release(&err);
    pw_strbuf_release(&text);
    release_script(&outcome, &script);
}

/** A command line, and its words between '/' or what is wrong with it. */
struct line {
    const char *text;
    const char *words;
    const char *error;
};

static const struct line LINES[] = {
    {"./bench", "./bench", NULL},
    {"  a  b\tc ", "a/b/c", NULL},
    {"a 'b c' \"d e\"", "a/b c/d e", NULL},
    {"a '' \"\"", "a//", NULL},
    {"a b'c'\"d\"e", "a/bcde", NULL},
    {"a\\ b \\'c\\'", "a b/'c'", NULL},
    {"a '$x | \\n' \"it's; *\" \"q\\\"\\$\\\\ \\n\"", "a/$x | \\n/it's; */q\"$\\ \\n", NULL},
    {"a --size=3 x~y z#w {1,2} !", "a/--size=3/x~y/z#w/{1,2}/!", NULL},
    {"a \"$x\"", NULL, "'$' means something to a shell only"},
    {"a $x", NULL, "'$' means"},
    {"a `b`", NULL, "'`' means"},
    {"a \"`b`\"", NULL, "'`' means"},
    {"a | b", NULL, "'|' means"},
    {"a; b", NULL, "';' means"},
    {"a <b", NULL, "'<' means"},
    {"a 2>b", NULL, "'>' means"},
    {"a &", NULL, "'&' means"},
    {"a *.c", NULL, "'*' means"},
    {"a b?", NULL, "'?' means"},
    {"a [b]", NULL, "'[' means"},
    {"(a)", NULL, "'(' means"},
    {"a ~/b", NULL, "'~' means"},
    {"a #b", NULL, "'#' means"},
    {"a b\n", "a/b", NULL},
    {"\na \\\n  b \\\n  c\n \n", "a/b/c", NULL},
    {"a\\\nb \\\n", "ab", NULL},
    {"a\nb", NULL, "it has several lines"},
    {"a\nb\n", NULL, "it has several lines"},
    {"a\n\nb", NULL, "it has several lines"},
    {"a '\n'", "a/\n", NULL},
    {"\n", NULL, "it has no word"},
    {"a 'b", NULL, "a quote ' is not closed"},
    {"a \"b", NULL, "a quote \" is not closed"},
    {"a \\", NULL, "it ends in a backslash"},
    {"X=1 a", NULL, "it sets a variable; do that with 'env'"},
    {" \t", NULL, "it has no word"},
};

static void test_splitting(void **state)
{
    (void)state;
    for (size_t i = 0; i < PW_COUNT(LINES); i++) {
        struct pw_arena arena = {NULL};
        struct pw_strings words = {NULL, 0};
        struct pw_error err = PW_ERROR_INIT;
        struct pw_strbuf joined = PW_STRBUF_INIT;
        int status = pw_run_split_command(&arena, LINES[i].text, &words, &err);

        for (size_t w = 0; w < words.count; w++) {
            pw_strbuf_printf(&joined, "%s%s", w > 0 ? "/" : "", words.items[w]);
        }
        if (LINES[i].words != NULL) {
            assert_int_equal(status, 0);
            assert_string_equal(pw_strbuf_text(&joined), LINES[i].words);
        } else {
            assert_int_equal(status, PW_EUSAGE);
            assert_int_equal(
                strncmp(pw_error_message(&err), LINES[i].error, strlen(LINES[i].error)), 0);
            assert_null(words.items);
        }
        pw_strbuf_release(&joined);
        pw_error_release(&err);
        pw_arena_release(&arena);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_overhead_is_subtracted),
        cmocka_unit_test(test_what_cannot_be_told_is_null),
        cmocka_unit_test(test_least_value),
        cmocka_unit_test(test_times_are_divided_by_chance),
        cmocka_unit_test(test_no_shell),
        cmocka_unit_test(test_shell_is_kept_in_the_file),
        cmocka_unit_test(test_splitting),
    };

    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
