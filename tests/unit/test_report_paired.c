/* What the reports show of pairs: how many, how it was decided, and that nothing else has changed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include "report_samples.h"

#include <cmocka.h>

#include "perfwarden/util/text.h"

/* Rows 0 and 6 were decided by pairs, row 2 by equal executables, the rest by stored sessions. */
static void make_auto(struct sample *sample)
{
    sample_init(sample);
    for (size_t i = 0; i < SAMPLE_ROWS; i++)
        sample->rows[i].method = sample->rows[i].metric != NULL ? "stored" : NULL;
    sample->rows[0].method = sample->rows[6].method = "paired";
    sample->rows[0].pairs = sample->rows[0].base_samples = sample->rows[0].head_samples = 9;
    sample->rows[0].interval = (struct pw_interval){0, INFINITY};
    sample->rows[6].pairs = 14;
    sample->rows[6].base_samples = sample->rows[6].head_samples = 20;
    sample->rows[6].e_value = 240;
    sample->rows[2].verdict = PW_VERDICT_PASS;
    sample->rows[2].method = "identical";
    sample->comparison.mode = "auto";
    sample->comparison.head.hostname = "box";
    sample_decide(&sample->comparison);
}

static void render(const struct sample *sample, const char *format, bool is_verbose,
                   struct pw_strbuf *out)
{
    const struct pw_report_options options = {.columns = 400, .is_verbose = is_verbose};
    const struct pw_reporter *reporter = pw_reporter_find(format);
    assert_non_null(reporter);
    assert_int_equal(reporter->comparison(&sample->comparison, &options, out, NULL), 0);
}

struct expectation {
    const char *format;
    bool is_verbose;
    bool is_there;
    const char *text;
};

static void check(const struct sample *sample, const struct expectation *expected, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct pw_strbuf out = PW_STRBUF_INIT;
        render(sample, expected[i].format, expected[i].is_verbose, &out);
        if ((strstr(pw_strbuf_text(&out), expected[i].text) != NULL) != expected[i].is_there)
            fail_msg("'%s' %s in:\n%s", expected[i].text,
                     expected[i].is_there ? "is not" : "stands", pw_strbuf_text(&out));
        pw_strbuf_release(&out);
    }
}

static void test_auto(void **state)
{
    static const struct expectation expected[] = {
        {"text", false, true,
         "\ncompared: stored sessions, then pairs where they were not clear; decided 2 by stored "
         "sessions, 2 by pairs, 1 by identical executables\n"},
        {"text", false, true, "  pass (9 pairs)\n"},
        {"text", false, true, "  pass (identical)\n"},
        {"text", false, true, "  regression\n"},
        {"text", false, false, "\xE2\x88\x9E"}, /* no end of an interval that says nothing */
        {"text", true, true, "(14 pairs, samples 20 and 20, noise 1.2"},
        {"text", true, true, "e = 240"},
        {"text", true, true, "(9 pairs, noise 1.2"},
        {"text", true, true, "(samples 7 and 7, noise"},
        {"markdown", false, true, "<br>\nCompared: stored sessions, then pairs"},
        {"markdown", false, true, "| pass (9 pairs) |"},
        {"markdown", false, true, "| pass (identical) |"},
        {"junit", false, true, "compared: stored sessions, then pairs"},
        {"junit", false, true, "\n14 pairs, samples 20 and 20"},
        {"junit", false, true, "hostname=\"box\""},
    };
    struct sample sample;

    (void)state;
    make_auto(&sample);
    check(&sample, expected, PW_COUNT(expected));
}

static void test_paired(void **state)
{
    static const struct expectation expected[] = {
        {"text", false, true, "\ncompared: pairs of runs, base and head in turns; decided "},
        {"markdown", false, true, "Compared: pairs of runs"},
    };
    struct sample sample;

    (void)state;
    make_auto(&sample);
    sample.comparison.mode = "paired";
    check(&sample, expected, PW_COUNT(expected));
}

static void test_stored(void **state)
{
    static const struct expectation expected[] = {
        {"text", false, false, "compared: "},
        {"markdown", false, false, "Compared: "},
        {"junit", false, false, "compared: "},
    };
    struct sample sample;

    (void)state;
    make_auto(&sample);
    sample.comparison.mode = "stored";
    check(&sample, expected, PW_COUNT(expected));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_auto),
        cmocka_unit_test(test_paired),
        cmocka_unit_test(test_stored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
