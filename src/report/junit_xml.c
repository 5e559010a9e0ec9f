/*
 * Writing JUnit XML through libxml2's text writer, which is the only source of markup here. The
 * suite's texts are free of characters that XML cannot express, so all the writer can fail for is
 * memory.
 */
#include "junit_xml.h"

#include <libxml/xmlwriter.h>

/** A document under way; failure is remembered. */
struct xml {
    xmlTextWriterPtr writer;
    bool failed;
};

static void note(struct xml *xml, int result)
{
    xml->failed = xml->failed || result < 0;
}

static void start(struct xml *xml, const char *element)
{
    note(xml, xmlTextWriterStartElement(xml->writer, BAD_CAST element));
}

static void end(struct xml *xml)
{
    note(xml, xmlTextWriterEndElement(xml->writer));
}

static void attribute(struct xml *xml, const char *name, const char *value)
{
    note(xml, xmlTextWriterWriteAttribute(xml->writer, BAD_CAST name, BAD_CAST value));
}

static void attribute_count(struct xml *xml, const char *name, size_t value)
{
    note(xml, xmlTextWriterWriteFormatAttribute(xml->writer, BAD_CAST name, "%zu", value));
}

/* Seconds with three decimals, by whole numbers, for a locale may want a comma. */
static void attribute_time(struct xml *xml, uint64_t time_ms)
{
    note(xml, xmlTextWriterWriteFormatAttribute(xml->writer, BAD_CAST "time", "%llu.%03u",
                                                (unsigned long long)(time_ms / 1000),
                                                (unsigned)(time_ms % 1000)));
}

static void text_element(struct xml *xml, const char *element, const char *text)
{
    start(xml, element);
    note(xml, xmlTextWriterWriteString(xml->writer, BAD_CAST text));
    end(xml);
}

static void write_properties(struct xml *xml, const struct pw_junit_suite *suite)
{
    start(xml, "properties");
    for (size_t i = 0; i < suite->property_count; i++) {
        start(xml, "property");
        attribute(xml, "name", suite->properties[i].name);
        attribute(xml, "value", suite->properties[i].value);
        end(xml);
    }
    end(xml);
}

/* The Ant schema knows no type of a <skipped>. */
static void write_case(struct xml *xml, const struct pw_junit_case *test_case)
{
    static const char *const elements[PW_JUNIT_OUTCOME_COUNT] = {
        [PW_JUNIT_FAILURE] = "failure", [PW_JUNIT_ERROR] = "error", [PW_JUNIT_SKIPPED] = "skipped"};
    const char *element = elements[test_case->outcome];
    start(xml, "testcase");
    attribute(xml, "classname", test_case->classname);
    attribute(xml, "name", test_case->name);
    attribute_time(xml, test_case->time_ms);
    if (element != NULL) {
        start(xml, element);
        if (test_case->outcome != PW_JUNIT_SKIPPED) {
            attribute(xml, "type", test_case->type);
        }
        attribute(xml, "message", test_case->message);
        note(xml, xmlTextWriterWriteString(xml->writer, BAD_CAST test_case->body));
        end(xml);
    }
    end(xml);
}

static void write_suite(struct xml *xml, const struct pw_junit_suite *suite)
{
    start(xml, "testsuite");
    attribute(xml, "name", "perfwarden");
    attribute(xml, "package", "perfwarden");
    attribute(xml, "id", "0");
    attribute_count(xml, "tests", suite->case_count);
    attribute_count(xml, "failures", suite->outcomes[PW_JUNIT_FAILURE]);
    attribute_count(xml, "errors", suite->outcomes[PW_JUNIT_ERROR]);
    attribute_count(xml, "skipped", suite->outcomes[PW_JUNIT_SKIPPED]);
    attribute_time(xml, suite->time_ms);
    attribute(xml, "timestamp", suite->timestamp);
    attribute(xml, "hostname", suite->hostname);
    write_properties(xml, suite);
    for (size_t i = 0; i < suite->case_count; i++) {
        write_case(xml, &suite->cases[i]);
    }
    text_element(xml, "system-out", suite->system_out);
    text_element(xml, "system-err", suite->system_err);
    end(xml);
}

static void write_document(struct xml *xml, const struct pw_junit_suite *suite)
{
    note(xml, xmlTextWriterSetIndent(xml->writer, 1));
    note(xml, xmlTextWriterStartDocument(xml->writer, NULL, "UTF-8", NULL));
    start(xml, "testsuites");
    write_suite(xml, suite);
    end(xml);
    note(xml, xmlTextWriterEndDocument(xml->writer));
}

/* What libxml2 hands over goes straight into the buffer, which remembers a failure. It is not told
   of one, for it would print a message of its own. */
static int append(void *context, const char *data, int length)
{
    pw_strbuf_append(context, data, (size_t)length);
    return length;
}

int pw_junit_write_xml(const struct pw_junit_suite *suite, struct pw_strbuf *out,
                       struct pw_error *err)
{
    struct xml xml = {NULL, false};
    xmlOutputBufferPtr sink = xmlOutputBufferCreateIO(append, NULL, out, NULL);
    if (sink == NULL) {
        return pw_error_set_no_memory(err);
    }
    xml.writer = xmlNewTextWriter(sink);
    if (xml.writer == NULL) {
        (void)xmlOutputBufferClose(sink);
        return pw_error_set_no_memory(err);
    }
    write_document(&xml, suite);
    note(&xml, xmlTextWriterFlush(xml.writer));
    xmlFreeTextWriter(xml.writer);
    pw_strbuf_putc(out, '\n');
    return xml.failed ? pw_error_set_no_memory(err) : pw_strbuf_check(out, err);
}
