/* Reports in markdown: whole texts, what they tell to type, the policy's groups. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include "report_samples.h"

#include <cmocka.h>

static void assert_contains(const struct pw_strbuf *out, const char *text)
{
    if (strstr(pw_strbuf_text(out), text) == NULL)
        fail_msg("'%s' is not in:\n%.2000s", text, pw_strbuf_text(out));
}

static void assert_lacks(const struct pw_strbuf *out, const char *text)
{
    if (strstr(pw_strbuf_text(out), text) != NULL)
        fail_msg("'%s' is in:\n%.2000s", text, pw_strbuf_text(out));
}

/* clang-format off */
#define HEAD \
    "| Benchmark | Base | Head | Change | Interval | Limit | Verdict |\n" \
    "|:--|--:|--:|--:|--:|--:|:--|\n"
#define ROW_CRASH "| <code>crash</code> | – | – | – | – | – | **error**<br>ended with status 3 |\n"
#define ROW_DECODE \
    "| <code>decode</code> wall&#95;time | 10.0 ms | 12.5 ms | +25.0 % | +24.0 % … +26.0 % " \
    "| +5 % | **regression**<br>the interval lies above the threshold |\n"
#define ROW_NOISY \
    "| <code>noisy</code> wall&#95;time | 10.0 ms | 10.4 ms | +4.0 % | +3.0 % … +5.0 % " \
    "| +5 % | inconclusive<br>could not have seen less than 7 % |\n"
#define ROW_FASTER \
    "| <code>parse/size=2048</code> wall&#95;time | 10.0 ms | 8.00 ms | -20.0 % " \
    "| -21.0 % … -19.0 % | +5 % | improvement<br>the interval lies below no change |\n"
#define ROW_PASS \
    "| <code>parse/size=1024</code> wall&#95;time | 10.0 ms | 10.1 ms | +1.0 % " \
    "| 0.0 % … +2.0 % | +5 % | pass |\n"

static const char golden[] =
    "## perfwarden: ERROR: 1 of 5 comparisons could not be measured, 1 is worse than allowed\n\n"
    "Base <code>0123456789ab</code> (main) → head <code>fedcba987654</code> "
    "(topic, with uncommitted changes)<br>\n"
    "Base chosen: merge base with 'main'; measured 2 commits before it; 3 sessions; "
    "environment e3b0c44298fc\n\n"
    "5 comparisons: 1 error, 1 regression, 1 inconclusive, 1 improvement, 1 pass; exit code 4, "
    "a benchmark could not be measured or has vanished\n\n"
    "### Failures\n\n" HEAD ROW_CRASH ROW_DECODE "\n"
    "### Warnings\n\n- warning: the machine was busy\n\n"
    "<details><summary>Not decided or let through (1)</summary>\n\n" HEAD ROW_NOISY
    "\n</details>\n\n"
    "<details><summary>Improvements (1)</summary>\n\n" HEAD ROW_FASTER "\n</details>\n\n"
    "<details><summary>All results (5)</summary>\n\n"
    HEAD ROW_CRASH ROW_DECODE ROW_NOISY ROW_FASTER ROW_PASS "\n</details>\n\n"
    "To reproduce, on head:\n\n"
    "<pre><code>perfwarden check --base 0123456789abcdef0123456789abcdef01234567 "
    "--filter crash --filter decode</code></pre>\n\n"
    "To see what a benchmark prints that could not be measured:\n\n"
    "<pre><code>perfwarden run --show-output --filter crash</code></pre>\n\n"
    "To accept what is intended, end a commit message with a paragraph of:\n\n"
    "<pre><code>Perf-Accept: decode wall&#95;time +30% &#60;reason&#62;</code></pre>\n\n"
    "To accept, on the main branch after merging:\n\n"
    "<pre><code>perfwarden baseline update</code></pre>\n";
/* clang-format on */

static void test_golden(void **state)
{
    static const size_t chosen[] = {0, 1, 5, 6, 8};
    struct sample sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    sample_init(&sample);
    for (size_t i = 0; i < PW_COUNT(chosen); i++)
        sample.rows[i] = sample.rows[chosen[i]];
    sample.comparison.row_count = PW_COUNT(chosen);
    sample_decide(&sample.comparison);
    assert_int_equal(sample_render("markdown", &sample.comparison, NULL, &out), 0);
    assert_string_equal(pw_strbuf_text(&out), golden);
    pw_strbuf_release(&out);
}

static void test_all_pass(void **state)
{
    struct sample sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    sample_init(&sample);
    sample.comparison.row_count = 1;
    sample.comparison.warning_count = 0;
    sample_decide(&sample.comparison);
    assert_int_equal(sample_render("markdown", &sample.comparison, NULL, &out), 0);
    assert_contains(&out, "## perfwarden: PASS: 1 of 1 comparison is within its limit\n");
    assert_contains(&out, "All results (1)");
    assert_lacks(&out, "###");
    assert_lacks(&out, "To accept");
    pw_strbuf_release(&out);
}

/* A row stands under "Failures" when the policy makes it fail, and only then. */
static void test_policy(void **state)
{
    static const struct {
        enum pw_verdict verdict;
        unsigned fail_on;
        enum pw_policy policy;
        bool is_failing;
    } cases[] = {
        {PW_VERDICT_REGRESSION, PW_VERDICT_BIT(PW_VERDICT_REGRESSION), PW_POLICY_WARN, true},
        {PW_VERDICT_REGRESSION, 0, PW_POLICY_WARN, false},
        {PW_VERDICT_MISSING, 0, PW_POLICY_WARN, false},
        {PW_VERDICT_ERROR, 0, PW_POLICY_WARN, true},
        {PW_VERDICT_INCONCLUSIVE, 0, PW_POLICY_WARN, false},
        {PW_VERDICT_INCONCLUSIVE, 0, PW_POLICY_FAIL, true},
        {PW_VERDICT_INCONCLUSIVE, PW_VERDICT_BIT(PW_VERDICT_INCONCLUSIVE), PW_POLICY_WARN, true},
        {PW_VERDICT_NO_BASELINE, 0, PW_POLICY_PASS, false},
        {PW_VERDICT_NO_BASELINE, 0, PW_POLICY_FAIL, true},
        {PW_VERDICT_PASS, 0, PW_POLICY_FAIL, false},
    };
    struct sample sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    sample_init(&sample);
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        sample.rows[0] = sample_row("a", "wall_time", cases[i].verdict, 1.1, NULL);
        sample.comparison.row_count = 1;
        sample.comparison.fail_on = cases[i].fail_on;
        sample.comparison.on_inconclusive = cases[i].policy;
        sample.comparison.on_no_baseline = cases[i].policy;
        sample_decide(&sample.comparison);
        assert_int_equal(sample_render("markdown", &sample.comparison, NULL, &out), 0);
        bool is_failing = strstr(pw_strbuf_text(&out), "### Failures") != NULL;
        assert_int_equal(is_failing, cases[i].is_failing);
        /* no values of an error could be a baseline */
        assert_int_equal(strstr(pw_strbuf_text(&out), "To accept") != NULL,
                         cases[i].is_failing && cases[i].verdict != PW_VERDICT_ERROR);
        assert_int_equal(strstr(pw_strbuf_text(&out), "run --show-output --filter a<") != NULL,
                         cases[i].verdict == PW_VERDICT_ERROR);
    }
    pw_strbuf_release(&out);
}

static void check_command(struct sample *sample, const char *command)
{
    struct pw_strbuf out = PW_STRBUF_INIT;
    sample_decide(&sample->comparison);
    assert_int_equal(sample_render("markdown", &sample->comparison, NULL, &out), 0);
    assert_contains(&out, command);
    pw_strbuf_release(&out);
}

#define CHECK "<pre><code>perfwarden check --base 0123456789abcdef0123456789abcdef01234567"

static void test_commands(void **state)
{
    struct sample sample;
    (void)state;
    sample_init(&sample);
    sample.comparison.row_count = 1;
    sample.rows[0] = sample_row("it's [a]", "m", PW_VERDICT_REGRESSION, 2, NULL);
    check_command(&sample, CHECK " --filter 'it'&#92;''s &#92;&#91;a&#93;'<");
    sample.rows[0].benchmark = "line\nend";
    check_command(&sample, CHECK "</code></pre>");
    sample.rows[0] = sample_row("gone", NULL, PW_VERDICT_MISSING, NAN, NULL);
    check_command(&sample, CHECK "</code></pre>");
    sample.rows[0] = sample_row("noisy", "m", PW_VERDICT_INCONCLUSIVE, 1, NULL);
    check_command(&sample, CHECK " --filter noisy</code></pre>");
    sample.comparison.config = "ci/perf warden.yml";
    check_command(&sample, "<code>perfwarden check -c 'ci/perf warden.yml' --base 01");
    sample.comparison.mode = "unpaired";
    sample.comparison.config = NULL;
    sample.comparison.base.source = "old.json";
    check_command(&sample, "<code>perfwarden compare old.json "
                           "fedcba9876543210fedcba9876543210fedcba98 --filter noisy</code>");

    /* a filter selects what is declared, and each of that once */
    sample.comparison.row_count = 2;
    sample.rows[0].benchmark = "parse/small";
    sample.rows[1] = sample.rows[0];
    sample.rows[1].benchmark = "parse/large";
    sample.rows[0].declared = sample.rows[1].declared = "parse";
    check_command(&sample, "fedcba9876543210fedcba9876543210fedcba98 --filter parse</code>");
}

static struct pw_comparison_row limit_row(void)
{
    struct pw_comparison_row row = sample_row("a", "rss", PW_VERDICT_REGRESSION, 1.0, NULL);
    row.threshold = (struct pw_threshold){"rss", NAN, NAN, 1e6};
    return row;
}

/* What neither a trailer nor a new baseline helps with is told what does. */
static void test_remedies(void **state)
{
    static const char *const formats[] = {"markdown", "html", "text"};
    struct sample sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    sample_init(&sample);
    sample.comparison.config = "perfwarden.yml";
    for (size_t i = 0; i < PW_COUNT(formats); i++) {
        sample.comparison.row_count = 3;
        sample.rows[0] = limit_row();
        sample.rows[1] = sample_row("b", "m", PW_VERDICT_MISSING, NAN, NULL);
        sample.rows[2] = sample_row("c", NULL, PW_VERDICT_MISSING, NAN, NULL);
        sample_decide(&sample.comparison);
        assert_int_equal(sample_render(formats[i], &sample.comparison, NULL, &out), 0);
        assert_contains(&out, "A limit cannot be accepted: raise it in the configuration");
        assert_contains(&out, "take its threshold out of the configuration");
        assert_lacks(&out, "perfwarden baseline update");
        if (i == PW_COUNT(formats) - 1)
            break; /* a terminal names no commands */
        sample.comparison.row_count = 4;
        sample.rows[3] = sample_row("d", "m", PW_VERDICT_REGRESSION, 2, NULL);
        sample_decide(&sample.comparison);
        pw_strbuf_clear(&out);
        assert_int_equal(sample_render(formats[i], &sample.comparison, NULL, &out), 0);
        assert_contains(&out, "perfwarden baseline update");
        pw_strbuf_clear(&out);
    }
    pw_strbuf_release(&out);
}

#define SESSION(id, median)                                                                        \
    {                                                                                              \
        .commit = (id), .value = (median)                                                          \
    }

static const struct pw_row_session sessions[20] = {
    SESSION("a", 1e6),  SESSION("b", 99e6), SESSION("c", 99e6), SESSION("d", 99e6),
    SESSION("e", 10e6), SESSION("f", 10e6), SESSION("g", 10e6), SESSION("h", 10e6),
    SESSION("i", 10e6), SESSION("j", 10e6), SESSION("k", 10e6), SESSION("l", 10e6),
    SESSION("m", 10e6), SESSION("n", 10e6), SESSION("o", 10e6), SESSION("p", 10e6),
    SESSION("q", 10e6), SESSION("r", 10e6), SESSION("s", 10e6), SESSION("t", 11e6)};

/* What changed shows from what: the newest 15 sessions and head. */
static void test_history(void **state)
{
    struct sample sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    sample_init(&sample);
    sample.rows[6].history = sessions; /* a regression to 12.5 ms */
    sample.rows[6].history_count = PW_COUNT(sessions);
    sample.rows[0].history = sessions; /* a pass */
    sample.rows[0].history_count = PW_COUNT(sessions);
    sample.rows[1].history = sessions; /* one session is none */
    sample.rows[1].history_count = 1;
    assert_int_equal(sample_render("markdown", &sample.comparison, NULL, &out), 0);
    assert_contains(&out, "### Failures\n\n| Benchmark | Base | Head | Change | Interval | Limit | "
                          "History | Verdict |\n|:--|--:|--:|--:|--:|--:|:--|:--|\n");
    assert_contains(&out,
                    "| +24.0 % \xE2\x80\xA6 +26.0 % | +5 % | "
                    "\u2581\u2581\u2581\u2581\u2581\u2581\u2581\u2581\u2581\u2581\u2581\u2581\u2581"
                    "\u2581\u2584\u2588 | **regression**<br>");
    assert_contains(&out, "Improvements (1)</summary>\n\n| Benchmark | Base | Head | Change | "
                          "Interval | Limit | Verdict |");
    assert_contains(&out, "| +5 % |  | pass |");
    pw_strbuf_release(&out);
}

/* A reason does not say again what the columns say; what else it says stays. */
static void test_reasons(void **state)
{
    static const struct {
        const char *reason;
        const char *shown;
    } cases[] = {
        {"25.0 % slower, interval +24.0 % \u2026 +26.0 %, limit +5 %", "<br>25.0 % slower |"},
        {"confirmed by 9 pairs: 25.0 % slower, interval +24.0 % \u2026 +26.0 %, limit +5 % (stored "
         "sessions suspected 24 % slower)",
         "<br>confirmed by 9 pairs: 25.0 % slower (stored sessions suspected 24 % slower) |"},
        {"25.0 % slower, interval +24.0 % \u2026 +26.0 %, limit +5 %, 9 pairs",
         "<br>25.0 % slower, 9 pairs |"},
        {"25.0 % slower, interval +24.0 % \u2026 +26.0 %, limit +5 %0", "limit +5 %0 |"},
        {"25.0 % slower, interval +24.1 % \u2026 +26.0 %, limit +5 %",
         "<br>25.0 % slower, interval +24.1 %"},
    };
    struct sample sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    sample_init(&sample);
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        sample.rows[6].reason = cases[i].reason;
        assert_int_equal(sample_render("markdown", &sample.comparison, NULL, &out), 0);
        assert_contains(&out, cases[i].shown);
    }
    pw_strbuf_release(&out);
}

/* The merge base needs no word at the top; every other base does. */
static void test_base(void **state)
{
    struct sample sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    sample_init(&sample);
    sample.comparison.base.distance = 0;
    assert_int_equal(sample_render("markdown", &sample.comparison, NULL, &out), 0);
    assert_lacks(&out, "Base chosen");
    assert_contains(&out, "All results (9)</summary>\n\nBase: merge base with 'main'; 3 sessions; "
                          "environment e3b0c44298fc\n\n|");
    sample.comparison.base.reason = "first parent";
    assert_int_equal(sample_render("markdown", &sample.comparison, NULL, &out), 0);
    assert_contains(&out, "<br>\nBase chosen: first parent; 3 sessions;");
    assert_lacks(&out, "the merge of");
    sample.comparison.base.reason =
        "first parent of the pull request's merge commit of 00112233aabb";
    assert_int_equal(sample_render("markdown", &sample.comparison, NULL, &out), 0);
    assert_contains(&out, "uncommitted changes), the merge of <code>00112233aabb</code><br>\n");
    sample.comparison.base.reason = "--base 'x merge commit of 00112233aabbc'";
    assert_int_equal(sample_render("markdown", &sample.comparison, NULL, &out), 0);
    assert_lacks(&out, "the merge of");
    pw_strbuf_release(&out);
}

/* A few rows to look at stand open where nothing fails. */
static void test_open_attention(void **state)
{
    struct pw_comparison_row rows[11];
    struct sample sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    sample_init(&sample);
    for (size_t i = 0; i < PW_COUNT(rows); i++)
        rows[i] = sample.rows[5];
    sample.comparison.rows = rows;
    for (size_t count = 10; count <= 11; count++) {
        sample.comparison.row_count = count;
        sample_decide(&sample.comparison);
        assert_int_equal(sample_render("markdown", &sample.comparison, NULL, &out), 0);
        assert_contains(&out, count == 10 ? "\n### Not decided or let through\n"
                                          : "<summary>Not decided or let through (11)<");
    }
    rows[0] = sample.rows[6];
    sample.comparison.row_count = 2;
    sample_decide(&sample.comparison);
    assert_int_equal(sample_render("markdown", &sample.comparison, NULL, &out), 0);
    assert_contains(&out, "<summary>Not decided or let through (1)<");
    pw_strbuf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),         cmocka_unit_test(test_all_pass),
        cmocka_unit_test(test_policy),         cmocka_unit_test(test_commands),
        cmocka_unit_test(test_remedies),       cmocka_unit_test(test_history),
        cmocka_unit_test(test_reasons),        cmocka_unit_test(test_base),
        cmocka_unit_test(test_open_attention),
    };
    return cmocka_run_group_tests_name("report_markdown", tests, NULL, NULL);
}
