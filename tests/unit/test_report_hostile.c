/*
 * Hostile texts in every place of every report: a log shows no control bytes and no CI command,
 * markdown keeps its tables, XML and JSON parse. And results as text and markdown.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include "report_samples.h"

#include <cmocka.h>
#include <libxml/parser.h>

#include "perfwarden/util/json.h"
#include "perfwarden/util/text.h"

static void check_text(const struct pw_strbuf *out)
{
    const char *text = pw_strbuf_text(out);
    assert_true(pw_utf8_is_valid(text, out->length));
    for (size_t i = 0; i < out->length; i++)
        assert_true(text[i] == '\n' || (unsigned char)text[i] >= ' ');
    assert_null(strpbrk(text, "\x7F\x1B"));
    assert_null(strstr(text, "##["));
    assert_null(strstr(text, "##vso["));
    assert_null(strstr(text, "\xE2\x80\xAE"));
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        assert_int_not_equal(strncmp(line + strspn(line, " "), "::", 2), 0);
    }
}

static size_t count_rows(const char *text, size_t bars)
{
    size_t rows = 0;
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        size_t found = 0;
        line += *line == '\n';
        if (*line != '|')
            continue;
        for (size_t i = 0; line[i] != '\n' && line[i] != '\0'; i++)
            found += line[i] == '|';
        assert_int_equal(found, bars);
        rows++;
    }
    return rows;
}

/* Every line that starts with a bar has all its cells, and there are as many as there should be.
   @param bars of a row: a cell more or less would have more or fewer */
static void check_markdown(const struct pw_strbuf *out, size_t rows, size_t bars)
{
    const char *text = pw_strbuf_text(out);
    assert_true(pw_utf8_is_valid(text, out->length));
    assert_null(strpbrk(text, "\r\t\x1B\x7F@[]"));
    assert_null(strstr(text, "<script"));
    assert_null(strstr(text, "http://"));
    assert_null(strstr(text, "##["));
    assert_null(strstr(text, "::"));
    assert_int_equal(count_rows(text, bars), rows);
}

static void check_xml(const struct pw_strbuf *out)
{
    xmlDocPtr document = xmlReadMemory(pw_strbuf_text(out), (int)out->length, "report", NULL,
                                       XML_PARSE_NONET | XML_PARSE_HUGE);
    assert_non_null(document);
    xmlFreeDoc(document);
}

static void check_json(const struct pw_strbuf *out)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_json *document = NULL;
    if (pw_json_parse(pw_strbuf_text(out), out->length, "report", PW_JSON_DEFAULT, &document,
                      &err) < 0)
        fail_msg("%s", pw_error_message(&err));
    pw_json_free(document);
}

/* One text in every place that quotes foreign text. */
static void poison(struct sample *sample, const char *text)
{
    struct pw_comparison *comparison = &sample->comparison;
    sample_init(sample);
    for (size_t i = 0; i < SAMPLE_ROWS; i++) {
        sample->rows[i].benchmark = text;
        sample->rows[i].metric = i % 2 == 0 ? text : NULL;
        sample->rows[i].threshold.metric = text;
        sample->rows[i].unit = text;
        sample->rows[i].reason = text;
        sample->rows[i].accepted = (struct pw_agreement){text, text, text, text, text};
        sample->rows[i].since = i % 3 == 0 ? text : NULL;
    }
    comparison->mode = text;
    comparison->config = text;
    comparison->tool_version = text;
    comparison->base = (struct pw_side){.commit = text,
                                        .branch = text,
                                        .reason = text,
                                        .environment_id = text,
                                        .started_at = text,
                                        .run_id = text,
                                        .source = text};
    comparison->head = comparison->base;
    comparison->anchor =
        (struct pw_anchor){.label = text, .side = comparison->base, .on_drift = PW_POLICY_FAIL};
    sample->warnings[0] = text;
}

static void check_comparison(const char *text)
{
    /* failures, attention, improvements, all: each row twice but those that passed
       or were skipped; four heads of two lines */
    enum { MARKDOWN_ROWS = 2 * SAMPLE_ROWS - 2 + 4 * 2 };
    struct pw_report_options verbose = {.is_verbose = true, .columns = 80};
    struct sample sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    poison(&sample, text);
    assert_int_equal(sample_render("text", &sample.comparison, NULL, &out), 0);
    check_text(&out);
    assert_int_equal(sample_render("text", &sample.comparison, &verbose, &out), 0);
    check_text(&out);
    assert_int_equal(sample_render("markdown", &sample.comparison, NULL, &out), 0);
    check_markdown(&out, MARKDOWN_ROWS, 8);
    assert_int_equal(sample_render("junit", &sample.comparison, NULL, &out), 0);
    check_xml(&out);
    assert_int_equal(sample_render("json", &sample.comparison, NULL, &out), 0);
    check_json(&out);
    pw_strbuf_release(&out);
}

static void check_result(const char *text)
{
    struct sample_result sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    sample_result_init(&sample);
    for (size_t i = 0; i < SAMPLE_BENCHMARKS; i++) {
        sample.benchmarks[i].name = text;
        sample.benchmarks[i].id = text;
        sample.benchmarks[i].declared = text;
    }
    sample.benchmarks[2].error = text;
    sample.warnings[0] = text;
    sample.found[0].metric = text;
    sample.found[0].unit = text;
    sample.facts[0].value = text;
    sample.facts[1].name = text;
    sample.result.commit = text;
    sample.result.branch = text;
    sample.result.started_at = text;
    assert_int_equal(sample_render_result("text", &sample.result, NULL, &out), 0);
    check_text(&out);
    assert_int_equal(sample_render_result("junit", &sample.result, NULL, &out), 0);
    check_xml(&out);
    assert_int_equal(sample_render_result("json", &sample.result, NULL, &out), 0);
    check_json(&out);
    assert_int_equal(sample_render_result("markdown", &sample.result, NULL, &out), 0);
    char *rest = strstr(out.data, "<details>");
    assert_non_null(rest);
    assert_int_equal(count_rows(rest, 6), 2 + 2);
    pw_strbuf_truncate(&out, (size_t)(rest - out.data));
    check_markdown(&out, 2 + 2, 9);
    pw_strbuf_release(&out);
}

static void test_hostile_texts(void **state)
{
    size_t count = 0;
    const char *const *texts = sample_hostile_names(&count);
    (void)state;
    for (size_t i = 0; i < count; i++) {
        check_comparison(texts[i]);
        check_result(texts[i]);
    }
}

static void test_long_texts(void **state)
{
    enum { LONG = 10000 };
    static const char *const units[] = {"a", "|\n", "::", "\xFF"};
    (void)state;
    for (size_t i = 0; i < PW_COUNT(units); i++) {
        struct pw_strbuf text = PW_STRBUF_INIT;
        while (text.length < LONG)
            pw_strbuf_puts(&text, units[i]);
        check_comparison(pw_strbuf_text(&text));
        check_result(pw_strbuf_text(&text));
        pw_strbuf_release(&text);
    }
}

/* What is not a number, nor known, is shown as a dash; nothing is printed as nan or inf. */
static void test_unknown_figures(void **state)
{
    struct sample sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    sample_init(&sample);
    sample.rows[0].ratio = INFINITY;
    sample.rows[0].base = 0;
    sample.rows[0].interval = (struct pw_interval){-INFINITY, INFINITY};
    sample.rows[1] = (struct pw_comparison_row){.benchmark = "bare", .base = NAN, .head = NAN};
    sample.comparison.row_count = 2;
    sample.comparison.base = (struct pw_side){.commit = NULL};
    sample.comparison.head = sample.comparison.base;
    sample.comparison.mode = NULL;
    sample.comparison.config = NULL;
    sample_decide(&sample.comparison);
    assert_int_equal(sample_render("markdown", &sample.comparison, NULL, &out), 0);
    assert_null(strstr(pw_strbuf_text(&out), "nan"));
    assert_null(strstr(pw_strbuf_text(&out), "inf"));
    assert_non_null(strstr(pw_strbuf_text(&out), "| +∞ | -∞ … +∞ |"));
    assert_int_equal(sample_render("text", &sample.comparison, NULL, &out), 0);
    assert_non_null(strstr(pw_strbuf_text(&out), "base unknown → head unknown\n"));
    assert_non_null(strstr(pw_strbuf_text(&out), "base chosen: none\n"));
    assert_int_equal(sample_render("junit", &sample.comparison, NULL, &out), 0);
    assert_int_equal(sample_render("json", &sample.comparison, NULL, &out), 0);
    pw_strbuf_release(&out);
}

/* A full buffer is an error, and what stood in it before is all that is left. */
static void test_full_buffer(void **state)
{
    static const char *const formats[] = {"text", "markdown", "junit"};
    static const struct pw_report_options options = {.columns = 0};
    struct sample sample;
    struct sample_result measured;
    (void)state;
    sample_init(&sample);
    sample_result_init(&measured);
    for (size_t i = 0; i < PW_COUNT(formats); i++) {
        const struct pw_reporter *reporter = pw_reporter_find(formats[i]);
        struct pw_error err = PW_ERROR_INIT;
        struct pw_strbuf out;
        pw_strbuf_init(&out, 200);
        pw_strbuf_puts(&out, "before");
        assert_int_equal(reporter->comparison(&sample.comparison, &options, &out, &err), PW_ENOMEM);
        assert_string_equal(pw_strbuf_text(&out), "before");
        pw_strbuf_clear(&out);
        pw_strbuf_puts(&out, "before");
        assert_int_equal(reporter->result(&measured.result, &options, &out, &err), PW_ENOMEM);
        assert_string_equal(pw_strbuf_text(&out), "before");
        pw_strbuf_release(&out);
        pw_error_release(&err);
    }
}

/* clang-format off */
static const char golden_result[] =
    "ERROR: 1 of 3 benchmarks could not be measured\n"
    "\n"
    "commit fedcba987654 (topic), measured 2026-11-20T10:00:00Z, environment e3b0c44298fc\n"
    "\n"
    "  Benchmark        Wall time          Min … max  Runs  User  System   Max RSS  Status\n"
    "✓ parse/size=1024    2.00 ms  1.00 ms … 3.00 ms     3     –       –  2.00 MiB  ok\n"
    "✗ hang                     –                  –     0     –       –         –  timeout\n"
    "\n"
    "  Benchmark        Metric      Median          Min … max  Samples\n"
    "✓ codec/BM_encode  real_time  2.00 ms  1.00 ms … 3.00 ms        2\n"
    "\n"
    "warning: parse/size=1024: the first run is an outlier\n"
    "timeout: hang: ended after 30 s\n";
/* clang-format on */

static void test_result_text(void **state)
{
    static const struct pw_report_options quiet = {.is_quiet = true};
    struct sample_result sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    sample_result_init(&sample);
    assert_int_equal(sample_render_result("text", &sample.result, NULL, &out), 0);
    assert_string_equal(pw_strbuf_text(&out), golden_result);
    assert_int_equal(sample_render_result("markdown", &sample.result, NULL, &out), 0);
    assert_non_null(
        strstr(pw_strbuf_text(&out), "\n- timeout: <code>hang</code> ended after 30 s\n"));
    assert_int_equal(sample_render_result("text", &sample.result, &quiet, &out), 0);
    assert_string_equal(pw_strbuf_text(&out), "ERROR: 1 of 3 benchmarks could not be measured\n"
                                              "timeout: hang: ended after 30 s\n");
    sample.result.commit = NULL;
    assert_int_equal(sample_render_result("text", &sample.result, NULL, &out), 0);
    assert_non_null(strstr(pw_strbuf_text(&out), "\nno commit (topic), measured 2026"));
    pw_strbuf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hostile_texts),   cmocka_unit_test(test_long_texts),
        cmocka_unit_test(test_unknown_figures), cmocka_unit_test(test_full_buffer),
        cmocka_unit_test(test_result_text),
    };
    int failures = cmocka_run_group_tests_name("report_hostile", tests, NULL, NULL);
    xmlCleanupParser();
    return failures;
}
