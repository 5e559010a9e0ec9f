/*
 * Reports as JUnit: both public schemas accept them, names come back as they were, and the file
 * agrees with the exit code. The schemas are read from beside the checkout; without them, nothing
 * is validated and the test that is about them is skipped.
 */
#include <setjmp.h>
#include <stdarg.h>

#include "report_samples.h"

#include <cmocka.h>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

#include "perfwarden/util/escape.h"
#include "perfwarden/util/file.h"

static void ignore_message(void *context, const char *format, ...)
{
    (void)context;
    (void)format;
}

static xmlDocPtr parse(const struct pw_strbuf *out)
{
    xmlDocPtr document = xmlReadMemory(pw_strbuf_text(out), (int)out->length, "report", NULL,
                                       XML_PARSE_NONET | XML_PARSE_HUGE);
    assert_non_null(document);
    return document;
}

/* 0 when the schema accepts the document. */
static int validate(xmlDocPtr document, const char *schema_path)
{
    xmlSchemaParserCtxtPtr parser = xmlSchemaNewParserCtxt(schema_path);
    assert_non_null(parser);
    xmlSchemaPtr schema = xmlSchemaParse(parser);
    assert_non_null(schema);
    xmlSchemaValidCtxtPtr context = xmlSchemaNewValidCtxt(schema);
    assert_non_null(context);
    xmlSchemaSetValidErrors(context, ignore_message, ignore_message, NULL);
    int result = xmlSchemaValidateDoc(context, document);
    xmlSchemaFreeValidCtxt(context);
    xmlSchemaFree(schema);
    xmlSchemaFreeParserCtxt(parser);
    return result;
}

static const char *const schemas[] = {PERFWARDEN_SHARED_DATA "/junit/junit-10.xsd",
                                      PERFWARDEN_SHARED_DATA "/junit/JUnit.xsd"};

static void check_schemas(const struct pw_strbuf *out)
{
    xmlDocPtr document = parse(out);
    for (size_t i = 0; i < PW_COUNT(schemas); i++) {
        if (pw_path_exists(schemas[i]) && validate(document, schemas[i]) != 0)
            fail_msg("%s refuses:\n%.4000s", schemas[i], pw_strbuf_text(out));
    }
    xmlFreeDoc(document);
}

static void test_schemas(void **state)
{
    struct sample sample;
    struct sample_result measured;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    if (!pw_path_exists(schemas[0]) || !pw_path_exists(schemas[1])) {
        print_message("no schemas to validate with in '%s'\n", PERFWARDEN_SHARED_DATA);
        skip();
    }
    sample_init(&sample);
    assert_int_equal(sample_render("junit", &sample.comparison, NULL, &out), 0);
    check_schemas(&out);
    sample.comparison.row_count = 0;
    sample.comparison.warning_count = 0;
    assert_int_equal(sample_render("junit", &sample.comparison, NULL, &out), 0);
    check_schemas(&out);
    sample_result_init(&measured);
    assert_int_equal(sample_render_result("junit", &measured.result, NULL, &out), 0);
    check_schemas(&out);
    /* A validator that accepts everything would prove nothing. */
    pw_strbuf_clear(&out);
    pw_strbuf_puts(&out, "<testsuites><testsuite name='x'/></testsuites>");
    xmlDocPtr document = parse(&out);
    for (size_t i = 0; i < PW_COUNT(schemas); i++)
        assert_int_not_equal(validate(document, schemas[i]), 0);
    xmlFreeDoc(document);
    pw_strbuf_release(&out);
}

static xmlNodePtr suite_of(xmlDocPtr document)
{
    xmlNodePtr suite = xmlFirstElementChild(xmlDocGetRootElement(document));
    assert_string_equal((const char *)suite->name, "testsuite");
    return suite;
}

/* The test cases in order. @return NULL when there are not that many */
static xmlNodePtr case_at(xmlNodePtr suite, size_t index)
{
    for (xmlNodePtr node = xmlFirstElementChild(suite); node != NULL;
         node = xmlNextElementSibling(node)) {
        if (strcmp((const char *)node->name, "testcase") == 0 && index-- == 0)
            return node;
    }
    return NULL;
}

static void assert_attribute(xmlNodePtr node, const char *name, const char *expected)
{
    xmlChar *value = xmlGetProp(node, BAD_CAST name);
    assert_non_null(value);
    assert_string_equal((const char *)value, expected);
    xmlFree(value);
}

static void assert_outcome(xmlNodePtr test_case, const char *element)
{
    xmlNodePtr child = xmlFirstElementChild(test_case);
    if (element == NULL)
        assert_null(child);
    else
        assert_string_equal((const char *)child->name, element);
}

static void test_outcomes(void **state)
{
    static const char *const expected[SAMPLE_ROWS] = {
        NULL, NULL, NULL, "skipped", "skipped", "skipped", "failure", "error", "error"};
    static const char facts[] = "old 10.0 ms, new 12.5 ms, change +25.0 %, "
                                "interval +24.0 % … +26.0 %, limit +5 %";
    struct sample sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    sample_init(&sample);
    assert_int_equal(sample_render("junit", &sample.comparison, NULL, &out), 0);
    xmlDocPtr document = parse(&out);
    xmlNodePtr suite = suite_of(document);
    assert_attribute(suite, "tests", "9");
    assert_attribute(suite, "failures", "1");
    assert_attribute(suite, "errors", "2");
    assert_attribute(suite, "skipped", "3");
    assert_attribute(suite, "time", "0.052");
    assert_attribute(suite, "timestamp", "2026-11-20T10:00:00");
    for (size_t i = 0; i < SAMPLE_ROWS; i++)
        assert_outcome(case_at(suite, i), expected[i]);
    assert_null(case_at(suite, SAMPLE_ROWS));
    xmlNodePtr slow = case_at(suite, 6);
    assert_attribute(slow, "classname", "perfwarden.decode");
    assert_attribute(slow, "name", "decode wall_time");
    assert_attribute(slow, "time", "0.013");
    xmlChar *message = xmlGetProp(xmlFirstElementChild(slow), BAD_CAST "message");
    assert_non_null(strstr((const char *)message, facts));
    xmlFree(message);
    xmlChar *body = xmlNodeGetContent(slow);
    assert_non_null(strstr((const char *)body, "\nold 10.0 ms\nnew 12.5 ms\nchange +25.0 %\n"));
    assert_non_null(strstr((const char *)body, "\nlimit +5 %\n"));
    xmlFree(body);
    xmlFreeDoc(document);
    pw_strbuf_release(&out);
}

/* Red exactly when the exit code is not 0. */
static void test_agrees_with_exit_code(void **state)
{
    static const struct {
        enum pw_verdict verdict;
        unsigned fail_on;
        enum pw_policy policy;
        int exit_code;
        const char *element;
    } cases[] = {
        {PW_VERDICT_REGRESSION, PW_VERDICT_BIT(PW_VERDICT_REGRESSION), PW_POLICY_WARN, 1,
         "failure"},
        {PW_VERDICT_REGRESSION, 0, PW_POLICY_WARN, 0, "skipped"},
        {PW_VERDICT_INCONCLUSIVE, 0, PW_POLICY_WARN, 0, "skipped"},
        {PW_VERDICT_INCONCLUSIVE, 0, PW_POLICY_FAIL, 3, "failure"},
        {PW_VERDICT_NO_BASELINE, 0, PW_POLICY_FAIL, 3, "failure"},
        {PW_VERDICT_MISSING, PW_VERDICT_BIT(PW_VERDICT_MISSING), PW_POLICY_WARN, 4, "error"},
        {PW_VERDICT_MISSING, 0, PW_POLICY_WARN, 0, "skipped"},
        {PW_VERDICT_PASS, 0, PW_POLICY_WARN, 0, NULL},
        {PW_VERDICT_PASS, 0, PW_POLICY_WARN, 5, NULL},
        {PW_VERDICT_PASS, 0, PW_POLICY_WARN, 130, NULL},
    };
    struct sample sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    sample_init(&sample);
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        sample.rows[0] = sample_row("a", "wall_time", cases[i].verdict, 1.1, "r");
        sample.comparison.row_count = 1;
        sample.comparison.fail_on = cases[i].fail_on;
        sample.comparison.on_inconclusive = cases[i].policy;
        sample.comparison.on_no_baseline = cases[i].policy;
        sample_decide(&sample.comparison);
        sample.comparison.exit_code = cases[i].exit_code;
        assert_int_equal(sample_render("junit", &sample.comparison, NULL, &out), 0);
        bool is_red = strstr(pw_strbuf_text(&out), "<failure") != NULL ||
                      strstr(pw_strbuf_text(&out), "<error") != NULL;
        assert_int_equal(is_red, cases[i].exit_code != 0);
        check_schemas(&out);
        xmlDocPtr document = parse(&out);
        assert_outcome(case_at(suite_of(document), 0), cases[i].element);
        xmlFreeDoc(document);
    }
    pw_strbuf_release(&out);
}

static void test_timestamps(void **state)
{
    static const char epoch[] = "1970-01-01T00:00:00";
    static const struct {
        const char *started_at;
        const char *expected;
    } cases[] = {
        {"2026-11-20T10:00:00Z", "2026-11-20T10:00:00"},
        {"2024-02-29T23:59:59Z", "2024-02-29T23:59:59"},
        {"2026-02-29T00:00:00Z", epoch},
        {"2026-13-01T00:00:00Z", epoch},
        {"2026-11-20T24:00:00Z", epoch},
        {"0000-11-20T10:00:00Z", epoch},
        {"2026-11-20", epoch},
        {"", epoch},
        {NULL, epoch},
    };
    struct sample sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    sample_init(&sample);
    sample.comparison.row_count = 1;
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        sample.comparison.head.started_at = cases[i].started_at;
        assert_int_equal(sample_render("junit", &sample.comparison, NULL, &out), 0);
        check_schemas(&out);
        xmlDocPtr document = parse(&out);
        assert_attribute(suite_of(document), "timestamp", cases[i].expected);
        xmlFreeDoc(document);
    }
    pw_strbuf_release(&out);
}

static void test_unique_names(void **state)
{
    static const char *const expected[] = {"a b c", "a b c (2)", "a b c (2) (2)", "x\xEF\xBF\xBD c",
                                           "x\xEF\xBF\xBD c (2)"};
    struct sample sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    sample_init(&sample);
    sample.rows[0] = sample_row("a b", "c", PW_VERDICT_PASS, 1, NULL);
    sample.rows[1] = sample_row("a", "b c", PW_VERDICT_PASS, 1, NULL);
    sample.rows[2] = sample_row("a b", "c (2)", PW_VERDICT_PASS, 1, NULL);
    sample.rows[3] = sample_row("x\x01", "c", PW_VERDICT_PASS, 1, NULL);
    sample.rows[4] = sample_row("x\x02", "c", PW_VERDICT_PASS, 1, NULL);
    sample.comparison.row_count = 5;
    assert_int_equal(sample_render("junit", &sample.comparison, NULL, &out), 0);
    xmlDocPtr document = parse(&out);
    for (size_t i = 0; i < PW_COUNT(expected); i++)
        assert_attribute(case_at(suite_of(document), i), "name", expected[i]);
    xmlFreeDoc(document);
    pw_strbuf_release(&out);
}

static void test_hostile_names(void **state)
{
    size_t count = 0;
    const char *const *names = sample_hostile_names(&count);
    struct sample sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    sample_init(&sample);
    for (size_t i = 0; i < count; i++) {
        struct pw_strbuf name = PW_STRBUF_INIT;
        sample.rows[0] = sample_row(names[i], names[i], PW_VERDICT_REGRESSION, 2, names[i]);
        sample.rows[0].unit = names[i];
        sample.rows[1] = sample_row(names[i], NULL, PW_VERDICT_ERROR, NAN, names[i]);
        sample.comparison.row_count = 2;
        sample.comparison.base = (struct pw_side){.commit = names[i], .reason = names[i]};
        sample.comparison.head = (struct pw_side){.branch = names[i], .started_at = names[i]};
        sample.warnings[0] = names[i];
        sample_decide(&sample.comparison);
        assert_int_equal(sample_render("junit", &sample.comparison, NULL, &out), 0);
        check_schemas(&out);
        xmlDocPtr document = parse(&out);
        pw_escape_xml_characters(&name, names[i]);
        pw_strbuf_putc(&name, ' ');
        pw_escape_xml_characters(&name, names[i]);
        assert_attribute(case_at(suite_of(document), 0), "name", pw_strbuf_text(&name));
        pw_strbuf_release(&name);
        xmlFreeDoc(document);
    }
    pw_strbuf_release(&out);
}

static void test_result(void **state)
{
    struct sample_result sample;
    struct pw_strbuf out = PW_STRBUF_INIT;
    (void)state;
    sample_result_init(&sample);
    assert_int_equal(sample_render_result("junit", &sample.result, NULL, &out), 0);
    xmlDocPtr document = parse(&out);
    xmlNodePtr suite = suite_of(document);
    assert_attribute(suite, "hostname", "builder");
    assert_attribute(suite, "tests", "3");
    assert_attribute(suite, "errors", "1");
    assert_attribute(case_at(suite, 0), "classname", "perfwarden.parse");
    assert_attribute(case_at(suite, 0), "time", "0.002");
    assert_outcome(case_at(suite, 0), NULL);
    assert_outcome(case_at(suite, 1), NULL);
    assert_outcome(case_at(suite, 2), "error");
    assert_attribute(xmlFirstElementChild(case_at(suite, 2)), "message", "ended after 30 s");
    assert_attribute(xmlFirstElementChild(case_at(suite, 2)), "type", "timeout");
    xmlFreeDoc(document);
    pw_strbuf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schemas),
        cmocka_unit_test(test_outcomes),
        cmocka_unit_test(test_agrees_with_exit_code),
        cmocka_unit_test(test_timestamps),
        cmocka_unit_test(test_unique_names),
        cmocka_unit_test(test_hostile_names),
        cmocka_unit_test(test_result),
    };
    int failures = cmocka_run_group_tests_name("report_junit", tests, NULL, NULL);
    xmlCleanupParser();
    return failures;
}
