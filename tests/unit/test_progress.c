/* The estimate of the time left, and the bar as a terminal receives it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/cli/progress.h"

#define NONE UINT64_MAX

static void estimates(void **state)
{
    static const struct {
        struct pw_progress_pace pace;
        uint64_t expected_ns;
    } cases[] = {
        /* finished_ns, finished, remaining, run_ns, done, min, expected, benchmark and suite left
         */
        {{0, 0, 3, 0, 0, 5, 5, NONE, NONE}, 0},      /* nothing is known yet */
        {{0, 0, 0, 10, 2, 7, 7, NONE, NONE}, 50},    /* the last benchmark: its own runs */
        {{0, 0, 2, 10, 2, 7, 7, NONE, NONE}, 190},   /* the first: the others are like it */
        {{300, 3, 2, 10, 2, 7, 7, NONE, NONE}, 250}, /* later: they are like the finished ones */
        {{300, 3, 0, 10, 7, 7, 7, NONE, NONE}, 0},   /* the end */
        {{300, 3, 1, 0, 0, 7, 7, NONE, NONE}, 100},  /* the one under way has no run yet */
        {{0, 0, 0, 10, 10, 7, 60, 120, NONE}, 120},  /* its budget ends it */
        {{0, 0, 0, 10, 2, 7, 60, 20, NONE}, 50},     /* but not before the least number */
        {{300, 3, 9, 10, 2, 7, 7, NONE, 400}, 400},  /* the budget for all ends the rest */
        {{300, 3, 9, 10, 2, 7, 7, NONE, 0}, 50},     /* but not the runs it gets in any case */
    };
    (void)state;
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        assert_int_equal(pw_progress_estimate_ns(&cases[i].pace), cases[i].expected_ns);
    }
}

/* Never silent for longer than a minute, as long as no run is. */
static void heartbeats(void **state)
{
    static const uint64_t second = 1000000000;
    struct pw_heartbeat heartbeat;
    uint64_t now = 5 * second;
    uint64_t spoken = now;
    size_t lines = 0;
    (void)state;
    pw_heartbeat_start(&heartbeat, now);
    for (unsigned i = 0; i < 1000; i++) {
        now += (1 + i % 7) * second;
        if (pw_heartbeat_event(&heartbeat, now)) {
            assert_true(now - spoken <= PW_HEARTBEAT_NS);
            assert_true(now - spoken > PW_HEARTBEAT_NS - 15 * second);
            spoken = now;
            lines++;
        }
    }
    assert_in_range(lines, 60, 90);
    /* a run of two minutes, and nobody can know: then there is a line behind it, and each after */
    assert_true(pw_heartbeat_event(&heartbeat, now + 120 * second));
    assert_true(pw_heartbeat_event(&heartbeat, now + 121 * second));
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
        cmocka_unit_test(heartbeats),
        cmocka_unit_test(bar_names_and_counts),
        cmocka_unit_test(line_fits_its_terminal),
        cmocka_unit_test(no_bar_where_there_is_no_terminal),
        cmocka_unit_test(plain_lines_where_verbose),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
