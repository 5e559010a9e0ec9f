/* The text report on terminals of all widths: what is left out, shortened, stacked and broken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "perfwarden/util.h"
#include "report_samples.h"

#define GOOD "\xE2\x9C\x93"
#define BAD  "\xE2\x9C\x97"

static const char *const names[] = {
    "a/very/long/name/of/a/benchmark/with/size=1048576,kind=sorted",
    "漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字",
    "cafe\xCC\x81 qu\xCC\x81ompose\xCC\x81 cafe\xCC\x81 qu\xCC\x81ompose\xCC\x81 longer",
    "emoji-🚀-rocket-🚀-and-🚀-more-🚀-of-🚀-them",
    "short",
};

static void fill(struct sample *sample)
{
    sample_init(sample);
    for (size_t i = 0; i < PW_COUNT(names); i++) {
        sample->rows[SAMPLE_ROWS - 1 - i].benchmark = names[i];
    }
}

static void render(const struct sample *sample, unsigned columns, struct pw_strbuf *out)
{
    const struct pw_report_options options = {.columns = columns};
    assert_int_equal(sample_render("text", &sample->comparison, &options, out), 0);
}

/* The lines of the table, from its titles on; freed by the caller. */
static char *table_of(const struct pw_strbuf *out)
{
    const char *start = strstr(pw_strbuf_text(out), "  Benchmark");
    assert_non_null(start);
    const char *end = strstr(start, "\n\n");
    assert_non_null(end);
    char *table = strndup(start, (size_t)(end + 1 - start));
    assert_non_null(table);
    return table;
}

/* Lines of the table fit, whatever the terminal and the names, and none ends in blanks. */
static void test_fits(void **state)
{
    struct sample sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    fill(&sample);
    for (unsigned columns = 28; columns < 160; columns++) {
        render(&sample, columns, &out);
        char *table = table_of(&out);
        size_t lines = 0;
        for (char *line = table; *line != '\0'; lines++) {
            char *end = strchr(line, '\n');
            *end = '\0';
            assert_true(pw_text_width(line) <= columns);
            assert_true(pw_utf8_is_valid(line, strlen(line)));
            assert_true(end > line && end[-1] != ' ');
            line = end + 1;
        }
        assert_true(lines == 2 * (SAMPLE_ROWS + 1) || columns > 40);
        assert_true(lines == SAMPLE_ROWS + 1 || columns < 60);
        free(table);
    }
    pw_strbuf_release(&out);
}

static bool has(const struct sample *sample, unsigned columns, const char *title)
{
    struct pw_strbuf out = PW_STRBUF_INIT;
    render(sample, columns, &out);
    char *table = table_of(&out);
    *strstr(table, BAD) = '\0';
    const bool found = strstr(table, title) != NULL;
    free(table);
    pw_strbuf_release(&out);
    return found;
}

/* What is left out goes in one order. */
static void test_drops_columns(void **state)
{
    static const char *const titles[] = {"Interval", "Limit",  "Base",   "Head",
                                         "Change",   "Metric", "Verdict"};
    struct sample sample;
    (void)state;
    fill(&sample);
    for (unsigned columns = 28; columns < 160; columns++) {
        bool is_shown = false;
        for (size_t i = 0; i < PW_COUNT(titles); i++) {
            const bool is_there = has(&sample, columns, titles[i]);
            assert_true(is_there || !is_shown);
            is_shown = is_shown || is_there;
            assert_true(is_there || i < 4);
        }
    }
    assert_true(has(&sample, 120, "Interval") && has(&sample, 100, "Limit"));
    assert_true(has(&sample, 80, "Base") && !has(&sample, 80, "Limit"));
    assert_true(!has(&sample, 60, "Head"));
    assert_true(has(&sample, 40, "Head")); /* there is room again on a second line */
}

static void test_stacked(void **state)
{
    struct sample sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    fill(&sample);
    render(&sample, 40, &out);
    assert_non_null(strstr(pw_strbuf_text(&out), "\n\n  Benchmark                 Verdict\n"
                                                 "    Metric        Base     Head   Change\n" BAD
                                                 " a/very/long/…kind=sorted  error\n"
                                                 "    –                –        –        –\n"));
    assert_non_null(strstr(pw_strbuf_text(&out),
                           BAD " cafe\xCC\x81 qu\xCC\x81ompos…pose\xCC\x81 longer  regression\n"
                               "    wall_time  10.0 ms  12.5 ms  +25.0 %\n"));
    pw_strbuf_release(&out);
}

/* Prose is broken between words; what is to be copied is not. */
static void test_prose(void **state)
{
    struct sample sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    fill(&sample);
    sample.rows[6].reason = "12.1 % slower, interval +8.4 % … +19.2 %, limit +5 %, 10 pairs: see "
                            "https://example.org/a/very/long/address/that/is/to/be/copied/whole "
                            "::error::x";
    render(&sample, 40, &out);
    const char *reason = strstr(pw_strbuf_text(&out), "regression: ");
    assert_non_null(reason);
    if (getenv("PERFWARDEN_SHOW") != NULL) {
        fputs(pw_strbuf_text(&out), stderr);
    }
    assert_non_null(strstr(reason, "\n    https://example.org/a/very/long/address/that/is/to/be/"
                                   "copied/whole ::error::x\n"));
    assert_null(strstr(reason, "\n    %"));
    assert_null(strstr(pw_strbuf_text(&out), "\n    ::"));
    render(&sample, 0, &out);
    assert_non_null(strstr(pw_strbuf_text(&out), "10 pairs: see https://"));
    pw_strbuf_release(&out);
}

static void test_history(void **state)
{
    static const struct pw_row_session sessions[] = {{.commit = NULL, .value = 10e6},
                                                     {.commit = NULL, .value = 10e6},
                                                     {.commit = NULL, .value = 11e6},
                                                     {.commit = NULL, .value = 10e6}};
    struct sample sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    sample_init(&sample);
    render(&sample, 200, &out);
    assert_null(strstr(pw_strbuf_text(&out), "History"));
    for (size_t i = 0; i < SAMPLE_ROWS; i++) {
        sample.rows[i].history = sessions;
        sample.rows[i].history_count = PW_COUNT(sessions);
    }
    render(&sample, 200, &out);
    assert_non_null(strstr(pw_strbuf_text(&out), "Limit  History  Verdict\n"));
    assert_non_null(strstr(pw_strbuf_text(&out), "  ▁▁▄▁█  regression\n"));
    assert_non_null(strstr(pw_strbuf_text(&out), "+5 %           pass\n")); /* nothing changed */
    render(&sample, 119, &out);
    assert_null(strstr(pw_strbuf_text(&out), "History"));
    render(&sample, 0, &out);
    assert_null(strstr(pw_strbuf_text(&out), "History"));
    pw_strbuf_release(&out);
}

/* A result's first line is prose as well. */
static void test_result_headline(void **state)
{
    const struct pw_report_options options = {.columns = 30};
    struct sample_result sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    sample_result_init(&sample);
    assert_int_equal(pw_reporter_find("text")->result(&sample.result, &options, &out, NULL), PW_OK);
    assert_true(strcspn(pw_strbuf_text(&out), "\n") <= 30);
    assert_non_null(strstr(pw_strbuf_text(&out), "\n    "));
    pw_strbuf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fits),    cmocka_unit_test(test_drops_columns),
        cmocka_unit_test(test_stacked), cmocka_unit_test(test_prose),
        cmocka_unit_test(test_history), cmocka_unit_test(test_result_headline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
