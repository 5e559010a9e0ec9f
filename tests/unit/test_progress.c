/* The estimate of the time left, and the bar as a terminal receives it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/cli/progress.h"

static void estimates(void **state)
{
    static const struct {
        uint64_t elapsed_ns;
        size_t finished;
        size_t remaining;
        uint64_t mean_run_ns;
        unsigned runs_remaining;
        unsigned runs_expected;
        uint64_t expected_ns;
    } cases[] = {
        {0, 0, 3, 0, 5, 5, 0},      /* nothing is known yet */
        {0, 0, 0, 10, 5, 7, 50},    /* the last benchmark: its own runs */
        {0, 0, 2, 10, 5, 7, 190},   /* the first: the others are taken to be like it */
        {300, 3, 2, 10, 5, 7, 250}, /* later: the others are like the finished ones */
        {300, 3, 0, 10, 0, 7, 0},   /* the end */
        {300, 3, 1, 0, 7, 7, 100},  /* the one under way has no run yet */
    };
    (void)state;
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        assert_int_equal(pw_progress_estimate_ns(cases[i].elapsed_ns, cases[i].finished,
                                                 cases[i].remaining, cases[i].mean_run_ns,
                                                 cases[i].runs_remaining, cases[i].runs_expected),
                         cases[i].expected_ns);
    }
}

/* Run the observer over a suite of two and return what it drew; freed by the caller. */
static char *draw(enum pw_when when, bool is_verbose)
{
    const struct pw_arguments arguments = {.progress = when, .is_verbose = is_verbose};
    const struct pw_benchmark first = {.id = "parse/\033[2Jname", .runs_min = 2};
    const struct pw_benchmark second = {.id = "write", .runs_min = 2};
    const struct pw_result_benchmark entry = {.status = PW_MEASURED_OK};
    char *text = NULL;
    size_t length = 0;
    FILE *stream = tmpfile();
    struct pw_progress progress;
    assert_non_null(stream);
    pw_progress_init(&progress, stream, &arguments);
    const struct pw_run_observer *observer = &progress.observer;
    observer->benchmark_started(&progress, &first, 0, 2);
    observer->run_ended(&progress, &first, 1, 2, 1000000000);
    observer->benchmark_ended(&progress, &first, &entry);
    observer->benchmark_started(&progress, &second, 1, 2);
    observer->benchmark_ended(&progress, &second, &entry);
    pw_progress_finish(&progress);
    length = (size_t)ftell(stream);
    text = calloc(1, length + 1);
    assert_non_null(text);
    rewind(stream);
    assert_int_equal(fread(text, 1, length, stream), length);
    fclose(stream);
    return text;
}

static void bar_names_and_counts(void **state)
{
    (void)state;
    char *text = draw(PW_WHEN_ALWAYS, false);
    assert_non_null(strstr(text, "1/2  parse/\\x1b[2Jname  run 0/2"));
    assert_non_null(strstr(text, "2/2  write  run 0/2"));
    assert_null(strstr(text, "\033[2J"));
    /* the line is wiped in the end */
    assert_string_equal(text + strlen(text) - 4, "\r\033[K");
    free(text);
}

/* What was drawn last, without the sequence that wipes the line before it. */
static char *draw_line(const char *name, unsigned columns)
{
    const struct pw_arguments arguments = {.progress = PW_WHEN_ALWAYS};
    const struct pw_benchmark benchmark = {.id = name, .runs_min = 100};
    char *text = NULL;
    size_t length = 0;
    FILE *stream = tmpfile();
    struct pw_progress progress;
    assert_non_null(stream);
    pw_progress_init(&progress, stream, &arguments);
    progress.columns = columns;
    progress.observer.benchmark_started(&progress, &benchmark, 0, 1000);
    length = (size_t)ftell(stream) - strlen("\r\033[K");
    text = calloc(1, length + 1);
    assert_non_null(text);
    assert_int_equal(fseek(stream, (long)strlen("\r\033[K"), SEEK_SET), 0);
    assert_int_equal(fread(text, 1, length, stream), length);
    fclose(stream);
    return text;
}

/* A line that wraps cannot be wiped: it stays on one, whatever the terminal and the name. */
static void line_fits_its_terminal(void **state)
{
    static const char *const names[] = {"a", "a/rather/long/name/of/a/benchmark/size=1048576",
                                        "漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字"};
    (void)state;
    for (size_t i = 0; i < PW_COUNT(names); i++) {
        for (unsigned columns = 1; columns < 140; columns++) {
            char *line = draw_line(names[i], columns);
            assert_true(columns < 3 || pw_text_width(line) < columns);
            assert_true(columns < 40 || strstr(line, "run 0/100") != NULL);
            free(line);
        }
    }
}

static void no_bar_where_there_is_no_terminal(void **state)
{
    (void)state;
    char *text = draw(PW_WHEN_AUTO, false);
    assert_string_equal(text, "");
    free(text);
}

static void plain_lines_where_verbose(void **state)
{
    (void)state;
    char *text = draw(PW_WHEN_AUTO, true);
    assert_non_null(strstr(text, "1/2 parse/"));
    assert_non_null(strstr(text, "\n2/2 write: ok, 0 runs in "));
    assert_null(strchr(text, '\033'));
    free(text);
    text = draw(PW_WHEN_NEVER, true);
    assert_string_equal(text, "");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(estimates),
        cmocka_unit_test(bar_names_and_counts),
        cmocka_unit_test(line_fits_its_terminal),
        cmocka_unit_test(no_bar_where_there_is_no_terminal),
        cmocka_unit_test(plain_lines_where_verbose),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
