/* Reports in markdown are never longer than they may be, and say what they leave out. */
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

/* Lines between two places that start with a text. */
static size_t count_lines(const char *text, const char *end, const char *start)
{
    size_t count = 0;
    for (const char *at = text; at < end; at++)
        count += *at == '\n' && strncmp(at + 1, start, strlen(start)) == 0;
    return count;
}

/* A summary of over 1 MiB is dropped whole: rows are, and the report says how many. */
static void test_size(void **state)
{
    enum { ROWS = 10000 };
    struct sample sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    sample_init(&sample);
    struct pw_comparison_row *rows = calloc(ROWS, sizeof *rows);
    assert_non_null(rows);
    for (size_t i = 0; i < ROWS; i++)
        rows[i] = sample.rows[6];
    sample.comparison.rows = rows;
    sample.comparison.row_count = ROWS;
    sample_decide(&sample.comparison);
    pw_strbuf_puts(&out, "old");
    assert_int_equal(sample_render("markdown", &sample.comparison, NULL, &out), 0);
    assert_true(out.length <= 1000000);
    assert_true(out.length > 950000);
    const char *text = pw_strbuf_text(&out);
    const char *note = strstr(text, "\n*Left out: ");
    assert_non_null(note);
    size_t shown = count_lines(text, note, "| <code>decode</code>");
    size_t left_out = strtoul(note + strlen("\n*Left out: "), NULL, 10);
    assert_int_equal(shown + left_out, ROWS);
    assert_int_equal(note[-1], '\n');
    assert_contains(&out, "\n*Left out: \"All results\", 10000 rows, because this report may "
                          "take 1000000 bytes at most.");
    assert_contains(&out, "\n- warning: the machine was busy\n");
    assert_contains(&out, "<code>perfwarden baseline update</code></pre>\n");
    free(rows);
    pw_strbuf_release(&out);
}

/* A smaller size is kept too, by the parts in the order of their weight. */
static void test_small_size(void **state)
{
    enum { ROWS = 200 };
    static const size_t sizes[] = {PW_REPORT_MIN_BYTES, 12345, 20000, 100000};
    static struct pw_comparison_row rows[ROWS];
    struct sample sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    sample_init(&sample);
    for (size_t i = 0; i < ROWS; i++) {
        rows[i] = sample.rows[6 - i % 2];
        rows[i].ratio = 1.25 + (double)i / 1000;
    }
    sample.comparison.rows = rows;
    sample.comparison.row_count = ROWS;
    sample_decide(&sample.comparison);
    for (size_t i = 0; i < PW_COUNT(sizes); i++) {
        const struct pw_report_options options = {.max_bytes = sizes[i]};
        assert_int_equal(sample_render("markdown", &sample.comparison, &options, &out), 0);
        assert_true(out.length <= sizes[i]);
        assert_contains(&out, "## perfwarden: REGRESSION: 100 of 200 comparisons");
        assert_contains(&out, "| +44.8 % |"); /* the worst */
        assert_contains(&out, "- warning: the machine was busy\n");
        assert_contains(&out, "<pre><code>perfwarden check --base 01");
        assert_int_equal(strstr(pw_strbuf_text(&out), "Left out") != NULL, sizes[i] < 65000);
    }
    pw_strbuf_release(&out);
}

/* Texts that no summary could hold are cut in the middle, in every place. */
static void test_giant_texts(void **state)
{
    enum { GIANT = 300000 };
    static const char *const units[] = {"|", "\n", "\xCC\x81", "\x80"};
    char *giant = malloc(GIANT + 1);
    (void)state;
    assert_non_null(giant);
    for (size_t i = 0; i < PW_COUNT(units); i++) {
        struct sample sample;
        struct pw_strbuf out = PW_STRBUF_INIT;
        size_t length = strlen(units[i]);
        for (size_t at = 0; at + length <= GIANT; at += length)
            memcpy(giant + at, units[i], length);
        giant[GIANT] = '\0';
        sample_init(&sample);
        sample.comparison.base.reason = giant;
        sample.comparison.base.commit = giant;
        sample.rows[0].benchmark = giant;
        sample.rows[6].reason = giant;
        sample.warnings[0] = giant;
        assert_int_equal(sample_render("markdown", &sample.comparison, NULL, &out), 0);
        assert_true(out.length <= 100000);
        assert_lacks(&out, "Left out");
        assert_contains(&out, "\xE2\x80\xA6");
        pw_strbuf_release(&out);
    }
    free(giant);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_size),
        cmocka_unit_test(test_small_size),
        cmocka_unit_test(test_giant_texts),
    };
    return cmocka_run_group_tests_name("report_markdown_size", tests, NULL, NULL);
}
