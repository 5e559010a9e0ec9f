/* Reports of comparisons as text and markdown: whole texts, order, policy, width, size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include "report_samples.h"

#include <cmocka.h>

#include "perfwarden/util/text.h"

static void assert_contains(const struct pw_strbuf *out, const char *text)
{
    if (strstr(pw_strbuf_text(out), text) == NULL)
        fail_msg("'%s' is not in:\n%s", text, pw_strbuf_text(out));
}

static void assert_lacks(const struct pw_strbuf *out, const char *text)
{
    if (strstr(pw_strbuf_text(out), text) != NULL)
        fail_msg("'%s' is in:\n%s", text, pw_strbuf_text(out));
}

static size_t count_lines(const struct pw_strbuf *out, const char *start)
{
    size_t count = 0;
    for (const char *line = pw_strbuf_text(out); line != NULL && *line != '\0';) {
        count += strncmp(line, start, strlen(start)) == 0;
        line = strchr(line, '\n');
        line = line == NULL ? NULL : line + 1;
    }
    return count;
}

static void test_table_of_formats(void **state)
{
    static const char *const names[] = {"text", "markdown",   "junit",       "json",   "html",
                                        "csv",  "prometheus", "openmetrics", "github", "azure",
                                        "svg",  "badge",      "png"};
    size_t count = 0;
    const struct pw_reporter *table = pw_reporter_table(&count);
    (void)state;
    assert_int_equal(count, PW_COUNT(names));
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(table[i].name, names[i]);
        assert_ptr_equal(pw_reporter_find(names[i]), &table[i]);
    }
    assert_null(pw_reporter_find("pdf"));
}

#define GOOD "\xE2\x9C\x93"
#define BAD  "\xE2\x9C\x97"

/* clang-format off */
static const char golden_text[] =
    "ERROR: 1 of 9 comparisons could not be measured, 1 has vanished since the base, "
    "1 is worse than allowed\n"
    "\n"
    "base 0123456789ab (main) \xE2\x86\x92 head fedcba987654 (topic, with uncommitted changes)\n"
    "base chosen: merge base with 'main'; measured 2 commits before it; 3 sessions; "
    "environment e3b0c44298fc\n"
    "\n"
    "  Benchmark        Metric        Base     Head   Change           Interval  Limit  Verdict\n"
    BAD " crash            –                –        –        –                  –      –  error\n"
    BAD " gone             –                –        –        –                  –      –  missing\n"
    BAD " decode           wall_time  10.0 ms  12.5 ms  +25.0 %  +24.0 % … +26.0 %   +5 %  regression\n"
    "? noisy            wall_time  10.0 ms  10.4 ms   +4.0 %    +3.0 % … +5.0 %   +5 %  inconclusive\n"
    "? new              wall_time        –        –        –                  –   +5 %  no_baseline\n"
    GOOD " encode           wall_time  10.0 ms  11.0 ms  +10.0 %   +9.0 % … +11.0 %   +5 %  accepted\n"
    GOOD " parse/size=2048  wall_time  10.0 ms  8.00 ms  -20.0 %  -21.0 % … -19.0 %   +5 %  improvement\n"
    "? filtered         –                –        –        –                  –      –  skipped\n"
    GOOD " parse/size=1024  wall_time  10.0 ms  10.1 ms   +1.0 %     0.0 % … +2.0 %   +5 %  pass\n"
    "\n"
    "error: crash: ended with status 3\n"
    "missing: gone: not configured any more\n"
    "regression: decode wall_time: the interval lies above the threshold\n"
    "inconclusive: noisy wall_time: could not have seen less than 7 %\n"
    "no_baseline: new wall_time: no stored session has it\n"
    "accepted: encode wall_time: accepted\n"
    "improvement: parse/size=2048 wall_time: the interval lies below no change\n"
    "skipped: filtered: not selected\n"
    "\n"
    "to accept what is intended, end a commit message with a paragraph of:\n"
    "  Perf-Accept: gone removed <reason>\n"
    "  Perf-Accept: decode wall_time +30% <reason>\n"
    "\n"
    "warning: the machine was busy\n"
    "\n"
    "9 comparisons: 1 error, 1 missing, 1 regression, 1 inconclusive, 1 no_baseline, 1 skipped, "
    "1 accepted, 1 improvement, 1 pass\n"
    "exit code 4: a benchmark could not be measured or has vanished\n";
/* clang-format on */

static void test_text(void **state)
{
    struct sample sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    sample_init(&sample);
    assert_int_equal(sample_render("text", &sample.comparison, NULL, &out), 0);
    assert_string_equal(pw_strbuf_text(&out), golden_text);
    pw_strbuf_release(&out);
}

static void test_text_options(void **state)
{
    struct pw_report_options options = {.use_color = true};
    struct sample sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    sample_init(&sample);
    assert_int_equal(sample_render("text", &sample.comparison, &options, &out), 0);
    assert_contains(&out, "\x1B[31mregression\x1B[0m\n");
    assert_contains(&out, "\x1B[32mimprovement\x1B[0m\n");
    assert_contains(&out, "\x1B[33minconclusive\x1B[0m\n");
    assert_lacks(&out, "could have shown");
    options = (struct pw_report_options){.is_verbose = true};
    assert_int_equal(sample_render("text", &sample.comparison, &options, &out), 0);
    assert_contains(&out, "pass: parse/size=1024 wall_time (samples 7 and 7, noise 1.20 %, "
                          "could have shown +3.0 %)\n");
    assert_lacks(&out, "\x1B");
    pw_strbuf_release(&out);
}

static void test_text_brief(void **state)
{
    const struct pw_report_options options = {.is_quiet = true};
    struct sample sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    sample_init(&sample);
    assert_int_equal(sample_render("text", &sample.comparison, &options, &out), 0);
    assert_string_equal(
        pw_strbuf_text(&out),
        "ERROR: 1 of 9 comparisons could not be measured, 1 has vanished since the base, "
        "1 is worse than allowed\n"
        "error: crash: ended with status 3\n"
        "missing: gone: not configured any more\n"
        "regression: decode wall_time: the interval lies above the threshold\n");
    /* what broke perfwarden itself stands in the warnings */
    sample.comparison.exit_code = PW_EXIT_INTERNAL;
    assert_int_equal(sample_render("text", &sample.comparison, &options, &out), 0);
    assert_contains(&out, "warning: the machine was busy\n");
    pw_strbuf_release(&out);
}

static struct pw_comparison_row *many_rows(struct sample *sample, size_t count)
{
    struct pw_comparison_row *rows = calloc(count, sizeof *rows);
    assert_non_null(rows);
    for (size_t i = 0; i < count; i++)
        rows[i] = sample->rows[0];
    sample->comparison.rows = rows;
    sample->comparison.row_count = count;
    sample_decide(&sample->comparison);
    return rows;
}

static void test_text_many(void **state)
{
    struct pw_report_options verbose = {.is_verbose = true};
    struct sample sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    sample_init(&sample);
    struct pw_comparison_row *rows = many_rows(&sample, 41);
    rows[7] = sample.rows[5];
    rows[8] = sample.rows[3];
    sample_decide(&sample.comparison);
    assert_int_equal(sample_render("text", &sample.comparison, NULL, &out), 0);
    assert_int_equal(count_lines(&out, GOOD), 0);
    assert_int_equal(count_lines(&out, "? noisy"), 1);
    assert_contains(&out, "\n  and 39 passed, 1 skipped\n");
    assert_contains(&out, "INCONCLUSIVE: 1 of 41 comparisons could not be decided, "
                          "which does not fail the gate\n");
    assert_int_equal(sample_render("text", &sample.comparison, &verbose, &out), 0);
    assert_int_equal(count_lines(&out, GOOD), 39);
    sample.comparison.row_count = 40;
    assert_int_equal(sample_render("text", &sample.comparison, NULL, &out), 0);
    assert_int_equal(count_lines(&out, GOOD), 38);
    free(rows);
    pw_strbuf_release(&out);
}

/* Failures come the worst first, in both directions of "better"; the rest stays in order. */
static void test_order(void **state)
{
    static const char *const expected[] = {"missing: m",    "regression: half", "regression: b",
                                           "regression: a", "inconclusive: y",  "inconclusive: x"};
    struct sample sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    sample_init(&sample);
    sample.rows[0] = sample_row("a", "wall_time", PW_VERDICT_REGRESSION, 1.1, "r1");
    sample.rows[1] = sample_row("y", "wall_time", PW_VERDICT_INCONCLUSIVE, 1.0, "r2");
    sample.rows[2] = sample_row("b", "wall_time", PW_VERDICT_REGRESSION, 1.5, "r3");
    sample.rows[3] = sample_row("half", "rows", PW_VERDICT_REGRESSION, 0.5, "r4");
    sample.rows[3].better = PW_BETTER_HIGHER;
    sample.rows[4] = sample_row("m", NULL, PW_VERDICT_MISSING, NAN, "r5");
    sample.rows[5] = sample_row("x", "wall_time", PW_VERDICT_INCONCLUSIVE, 9.0, "r6");
    sample.comparison.row_count = 6;
    sample_decide(&sample.comparison);
    assert_int_equal(sample_render("text", &sample.comparison, NULL, &out), 0);
    const char *at = pw_strbuf_text(&out);
    for (size_t i = 0; i < PW_COUNT(expected); i++) {
        at = strstr(at, expected[i]);
        assert_non_null(at);
    }
    pw_strbuf_release(&out);
}

/* A reason that many rows share is written once, and no row is lost from the table for it. */
static void test_shared_reasons(void **state)
{
    struct sample sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    sample_init(&sample);
    for (size_t i = 0; i < 3; i++) {
        sample.rows[i] = sample_row(i == 0 ? "a" : "b", "wall_time", PW_VERDICT_NO_BASELINE, NAN,
                                    "nothing stored");
    }
    sample.rows[3] = sample_row("c", "wall_time", PW_VERDICT_NO_BASELINE, NAN, "another reason");
    sample.comparison.row_count = 4;
    sample_decide(&sample.comparison);
    assert_int_equal(sample_render("text", &sample.comparison, NULL, &out), 0);
    assert_non_null(strstr(pw_strbuf_text(&out), "no_baseline: a wall_time: nothing stored\n"
                                                 "no_baseline: and 2 more for the same reason\n"
                                                 "no_baseline: c wall_time: another reason\n"));
    pw_strbuf_release(&out);
}

static void test_headlines(void **state)
{
    static const struct {
        enum pw_verdict verdict;
        int exit_code;
        const char *headline;
    } cases[] = {
        {PW_VERDICT_PASS, 0, "PASS: 1 of 1 comparison is within its limit\n"},
        {PW_VERDICT_IMPROVEMENT, 0, "IMPROVEMENT: 1 of 1 comparison is better than before\n"},
        {PW_VERDICT_NO_BASELINE, 3,
         "NO BASELINE: 1 of 1 comparison has nothing to be compared with\n"},
        {PW_VERDICT_INCONCLUSIVE, 3, "INCONCLUSIVE: 1 of 1 comparison could not be decided\n"},
        {PW_VERDICT_REGRESSION, 0,
         "REGRESSION: 1 of 1 comparison is worse than allowed, which does not"},
        {PW_VERDICT_PASS, 5, "INTERNAL ERROR: perfwarden itself failed"},
        {PW_VERDICT_PASS, 130, "INTERRUPTED: interrupted by SIGINT"},
        {PW_VERDICT_PASS, 143, "INTERRUPTED: interrupted by SIGTERM"},
    };
    struct sample sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    sample_init(&sample);
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        sample.rows[0] = sample_row("a", "wall_time", cases[i].verdict, 1, NULL);
        sample.comparison.row_count = 1;
        sample_decide(&sample.comparison);
        sample.comparison.exit_code = cases[i].exit_code;
        assert_int_equal(sample_render("text", &sample.comparison, NULL, &out), 0);
        assert_int_equal(
            strncmp(pw_strbuf_text(&out), cases[i].headline, strlen(cases[i].headline)), 0);
        assert_int_equal(sample_render("markdown", &sample.comparison, NULL, &out), 0);
        assert_contains(&out, cases[i].headline);
    }
    sample.comparison.row_count = 0;
    sample_decide(&sample.comparison);
    assert_int_equal(sample_render("text", &sample.comparison, NULL, &out), 0);
    assert_contains(&out, "PASS: nothing was compared\n");
    pw_strbuf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table_of_formats), cmocka_unit_test(test_text),
        cmocka_unit_test(test_text_options),     cmocka_unit_test(test_text_brief),
        cmocka_unit_test(test_text_many),        cmocka_unit_test(test_order),
        cmocka_unit_test(test_shared_reasons),   cmocka_unit_test(test_headlines),
    };
    return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
