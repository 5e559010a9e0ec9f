/* Annotations: who is told what at which line, at most ten of a level, in either syntax. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include "report_samples.h"

#include <cmocka.h>

#include "perfwarden/util/text.h"

static void check(struct sample *sample, const char *format, const char *expected)
{
    struct pw_strbuf out = PW_STRBUF_INIT;
    sample_decide(&sample->comparison);
    assert_int_equal(sample_render(format, &sample->comparison, NULL, &out), 0);
    assert_string_equal(pw_strbuf_text(&out), expected);
    pw_strbuf_release(&out);
}

/* Of each verdict one row. Accepted and improved rows are one notice; passes say nothing. */
static void test_levels(void **state)
{
    struct sample sample;
    (void)state;
    sample_init(&sample);
    for (unsigned i = 0; i < SAMPLE_ROWS; i++)
        sample.rows[i].config_line = i == 7 ? 0 : 10 + i;
    check(&sample, "github",
          "::error file=perfwarden.yml,line=18,title=perfwarden%3A error::crash: ended with status "
          "3\n"
          "::error file=perfwarden.yml,title=perfwarden%3A missing::gone: not configured any more\n"
          "::error file=perfwarden.yml,line=16,title=perfwarden%3A regression::decode wall_time: "
          "10.0 ms → 12.5 ms: the interval lies above the threshold\n"
          "::warning file=perfwarden.yml,line=15,title=perfwarden%3A inconclusive::noisy "
          "wall_time: 10.0 ms → 10.4 ms: could not have seen less than 7 %25\n"
          "::warning file=perfwarden.yml,line=14,title=perfwarden%3A no_baseline::new wall_time: "
          "no stored session has it\n"
          "::notice title=perfwarden::1 better than before: parse/size=2048 wall_time (-20.0 %25); "
          "1 worse, and accepted: encode wall_time (+10.0 %25)\n");
    check(&sample, "azure",
          "##vso[task.logissue type=error;sourcepath=perfwarden.yml;linenumber=18;]perfwarden: "
          "error: crash: ended with status 3\n"
          "##vso[task.logissue type=error;sourcepath=perfwarden.yml;]perfwarden: missing: gone: "
          "not configured any more\n"
          "##vso[task.logissue type=error;sourcepath=perfwarden.yml;linenumber=16;]perfwarden: "
          "regression: decode wall_time: 10.0 ms → 12.5 ms: the interval lies above the "
          "threshold\n"
          "##vso[task.logissue type=warning;sourcepath=perfwarden.yml;linenumber=15;]perfwarden: "
          "inconclusive: noisy wall_time: 10.0 ms → 10.4 ms: could not have seen less than 7 "
          "%AZP25\n"
          "##vso[task.logissue type=warning;sourcepath=perfwarden.yml;linenumber=14;]perfwarden: "
          "no_baseline: new wall_time: no stored session has it\n");
}

static void test_policy(void **state)
{
    struct sample sample;
    (void)state;
    sample_init(&sample);
    sample.rows[0] = sample_row("a", "m", PW_VERDICT_REGRESSION, 1.25, NULL);
    sample.rows[1] = sample_row("b", "m", PW_VERDICT_INCONCLUSIVE, 1.0, NULL);
    sample.rows[2] = sample_row("c", "m", PW_VERDICT_NO_BASELINE, NAN, NULL);
    sample.comparison.row_count = 3;
    sample.comparison.config = NULL;
    sample.comparison.fail_on = PW_VERDICT_BIT(PW_VERDICT_INCONCLUSIVE);
    sample.comparison.on_no_baseline = PW_POLICY_PASS;
    check(&sample, "github",
          "::error title=perfwarden%3A inconclusive::b m: 10.0 ms → 10.0 ms: 0.0 %25, limit +5 "
          "%25\n"
          "::warning title=perfwarden%3A regression::a m: 10.0 ms → 12.5 ms: +25.0 %25, limit +5 "
          "%25\n");
    sample.comparison.row_count = 0;
    sample_decide(&sample.comparison);
    check(&sample, "github", "");
}

/* A failure that no row explains is told all the same. */
static void test_unexplained(void **state)
{
    struct sample sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    sample_init(&sample);
    sample.comparison.row_count = 1;
    sample_decide(&sample.comparison);
    sample.comparison.exit_code = PW_EXIT_INTERNAL;
    assert_int_equal(sample_render("github", &sample.comparison, NULL, &out), 0);
    assert_string_equal(pw_strbuf_text(&out),
                        "::error file=perfwarden.yml,title=perfwarden::INTERNAL ERROR: perfwarden "
                        "itself failed; see its messages\n");
    pw_strbuf_release(&out);
}

static size_t count(const char *text, const char *part)
{
    size_t found = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at++)
        found++;
    return found;
}

/* The worst nine and how many more there are; ten are told in full. */
static void test_limits(void **state)
{
    enum { ROWS = 30 };
    struct pw_comparison_row rows[ROWS];
    struct sample sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    sample_init(&sample);
    sample.comparison.rows = rows;
    for (size_t total = 9; total <= 14; total++) {
        for (size_t i = 0; i < ROWS; i++) {
            const double ratio = 1.2 + (double)i / 100;
            rows[i] = i < total ? sample_row("slow", "m", PW_VERDICT_REGRESSION, ratio, NULL)
                                : sample_row("noisy", "m", PW_VERDICT_INCONCLUSIVE, 1, NULL);
        }
        sample.comparison.row_count = ROWS;
        sample_decide(&sample.comparison);
        assert_int_equal(sample_render("github", &sample.comparison, NULL, &out), 0);
        const char *text = pw_strbuf_text(&out);
        assert_int_equal(count(text, "::error "), total < 10 ? total : 10);
        assert_int_equal(count(text, "::warning "), 10);
        assert_int_equal(count(text, "::slow m: "), total <= 10 ? total : 9);
        assert_int_equal(count(text, "::noisy m: "), 9);
        if (total == 14) {
            assert_non_null(strstr(text, "::and 5 more; the summary has all\n::warning "));
            assert_non_null(strstr(text, "::and 7 more; the summary has all\n"));
            assert_int_equal(count(text, "+33.0 %25"), 1);
            assert_int_equal(count(text, "+24.0 %25"), 0);
        }
    }
    pw_strbuf_release(&out);
}

/* A message has at most 4,096 characters, whatever it quotes. */
static void test_length(void **state)
{
    enum { GIANT = 20000 };
    static const char *const units[] = {"x", "%", "\n", "\xCC\x81", "\xE2\x80\xAE", "\xFF"};
    char *giant = malloc(GIANT + 1);
    (void)state;
    assert_non_null(giant);
    for (size_t i = 0; i < PW_COUNT(units); i++) {
        const size_t length = strlen(units[i]);
        struct sample sample;
        struct pw_strbuf out = PW_STRBUF_INIT;
        for (size_t at = 0; at + length <= GIANT; at += length)
            memcpy(giant + at, units[i], length);
        giant[GIANT / length * length] = '\0';
        sample_init(&sample);
        sample.rows[0] = sample_row(giant, giant, PW_VERDICT_REGRESSION, 2, giant);
        sample.comparison.row_count = 1;
        sample_decide(&sample.comparison);
        assert_int_equal(sample_render("github", &sample.comparison, NULL, &out), 0);
        assert_true(pw_utf8_is_valid(pw_strbuf_text(&out), out.length));
        assert_int_equal(count(pw_strbuf_text(&out), "\n"), 1);
        const char *message = strstr(pw_strbuf_text(&out), "regression::") + 12;
        assert_true(strlen(message) - 2 * count(message, "%25") <= 4096);
        pw_strbuf_release(&out);
    }
    free(giant);
}

/* A path is foreign text too, and stands in a property. */
static void test_path(void **state)
{
    struct sample sample;
    (void)state;
    sample_init(&sample);
    sample.rows[0] = sample_row("a", NULL, PW_VERDICT_ERROR, NAN, NULL);
    sample.comparison.row_count = 1;
    sample.comparison.config = "a,line=1::x]%;\n.yml";
    check(&sample, "github",
          "::error file=a%2Cline=1%3A%3Ax]%25;%0A.yml,title=perfwarden%3A error::a\n");
    check(&sample, "azure",
          "##vso[task.logissue type=error;sourcepath=a,line=1::x%5D%AZP25%3B%0A.yml;]perfwarden: "
          "error: a\n");
}

static void test_result(void **state)
{
    struct sample_result sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    sample_result_init(&sample);
    assert_int_equal(sample_render_result("github", &sample.result, NULL, &out), 0);
    assert_string_equal(pw_strbuf_text(&out),
                        "::error title=perfwarden%3A timeout::hang: ended after 30 s\n");
    pw_strbuf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_levels), cmocka_unit_test(test_policy),
        cmocka_unit_test(test_limits), cmocka_unit_test(test_unexplained),
        cmocka_unit_test(test_length), cmocka_unit_test(test_path),
        cmocka_unit_test(test_result),
    };
    return cmocka_run_group_tests_name("report_annotations", tests, NULL, NULL);
}
