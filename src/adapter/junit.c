/*
 * JUnit XML: how long each test case took, as "time" in nanoseconds. A case is called "class >
 * name", with the suite's name where it has no class. Cases with <failure> or <error> are
 * failures, skipped ones and those without a time are left out.
 *
 * Read as a stream. A document type is refused: reports have none, and without one there are no
 * entities to expand.
 */
#include <libxml/xmlreader.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "json_members.h"

#define FORMAT "junit"

/** A report while it is read. Names are copied into the output's arena. */
struct report {
    xmlTextReaderPtr reader;
    struct pw_adapter_output output;
    const char *suite;
    const char *name; /**< of the case that is open; NULL outside of one */
    const char *time;
    const char *failure;
    bool is_skipped;
    bool has_suite;
    unsigned line;       /**< of the case */
    unsigned error_line; /**< where the XML is broken */
    const char *problem;
};

static void note_error(void *context, const char *message, xmlParserSeverities severity,
                       xmlTextReaderLocatorPtr locator)
{
    struct report *report = context;
    const int line = xmlTextReaderLocatorLineNumber(locator);
    (void)severity;
    if (report->problem == NULL) {
        const int length = (int)strcspn(message, "\n");
        report->problem = pw_arena_printf(&report->output.arena, "%.*s", length, message);
        report->error_line = line > 0 ? (unsigned)line : 0;
    }
}

/* @param[out] out  in the arena; NULL when there is no such attribute */
static int copy_attribute(struct report *report, const char *name, const char **out,
                          struct pw_error *err)
{
    xmlChar *value = xmlTextReaderGetAttribute(report->reader, BAD_CAST name);
    *out = NULL;
    if (value == NULL) {
        return 0;
    }
    *out = pw_arena_strdup(&report->output.arena, (const char *)value);
    xmlFree(value);
    return *out == NULL ? pw_error_set_no_memory(err) : 0;
}

static int begin_case(struct report *report, struct pw_error *err)
{
    const char *name = NULL;
    const char *class_name = NULL;
    const int line = xmlTextReaderGetParserLineNumber(report->reader);
    report->line = line > 0 ? (unsigned)line : 0;
    report->failure = NULL;
    report->is_skipped = false;
    int status = copy_attribute(report, "name", &name, err);
    if (status == 0) {
        status = copy_attribute(report, "classname", &class_name, err);
    }
    if (status == 0) {
        status = copy_attribute(report, "time", &report->time, err);
    }
    if (status < 0) {
        return status;
    }
    if (name == NULL || *name == '\0') {
        return pw_adapter_fail(err, FORMAT, report->line, "a test case has no 'name'");
    }
    const char *group = class_name == NULL || *class_name == '\0' ? report->suite : class_name;
    const bool has_group = group != NULL && *group != '\0';
    report->name = pw_arena_printf(&report->output.arena, "%s%s%s", has_group ? group : "",
                                   has_group ? " > " : "", name);
    return report->name == NULL ? pw_error_set_no_memory(err) : 0;
}

static int end_case(struct report *report, struct pw_error *err)
{
    const char *name = report->name;
    report->name = NULL;
    if (name == NULL || report->is_skipped) {
        return 0;
    }
    if (report->failure != NULL) {
        return pw_adapter_add_failure(&report->output, name, report->failure, err);
    }
    if (report->time == NULL || *report->time == '\0') {
        return 0;
    }
    const char *at = report->time;
    double seconds = 0;
    if (!pw_adapter_read_number(&at, &seconds) || *at != '\0' || seconds < 0) {
        return pw_adapter_fail(err, FORMAT, report->line,
                               "'time' of '%s' is not a number of seconds", name);
    }
    const struct pw_adapter_value value = {.benchmark = name,
                                           .metric = "time",
                                           .unit = "ns",
                                           .better = PW_BETTER_LOWER,
                                           .value = seconds * 1e9};
    return pw_adapter_add(&report->output, &value, err);
}

static int begin_failure(struct report *report, struct pw_error *err)
{
    const char *message = NULL;
    int status = copy_attribute(report, "message", &message, err);
    if (status == 0 && (message == NULL || *message == '\0')) {
        status = copy_attribute(report, "type", &message, err);
    }
    if (report->failure == NULL) {
        report->failure = message == NULL ? "" : message;
    }
    return status;
}

static int begin_element(struct report *report, const char *element, struct pw_error *err)
{
    if (strcmp(element, "testsuite") == 0) {
        report->has_suite = true;
        return copy_attribute(report, "name", &report->suite, err);
    }
    if (strcmp(element, "testsuites") == 0) {
        report->has_suite = true;
    } else if (!report->has_suite) {
        return pw_adapter_fail(err, FORMAT, 1, "expected 'testsuites' or 'testsuite', not '%s'",
                               element);
    } else if (strcmp(element, "testcase") == 0) {
        int status = begin_case(report, err);
        return status == 0 && xmlTextReaderIsEmptyElement(report->reader) == 1
                   ? end_case(report, err)
                   : status;
    } else if (report->name != NULL &&
               (strcmp(element, "failure") == 0 || strcmp(element, "error") == 0)) {
        return begin_failure(report, err);
    } else if (report->name != NULL && strcmp(element, "skipped") == 0) {
        report->is_skipped = true;
    }
    return 0;
}

static int read_node(struct report *report, struct pw_error *err)
{
    const int type = xmlTextReaderNodeType(report->reader);
    const char *name = (const char *)xmlTextReaderConstLocalName(report->reader);
    if (type == XML_READER_TYPE_DOCUMENT_TYPE) {
        return pw_adapter_fail(err, FORMAT, 0, "a document type is not accepted");
    }
    if (name == NULL) {
        return 0;
    }
    if (type == XML_READER_TYPE_ELEMENT) {
        return begin_element(report, name, err);
    }
    return type == XML_READER_TYPE_END_ELEMENT && strcmp(name, "testcase") == 0
               ? end_case(report, err)
               : 0;
}

static int read_report(struct report *report, struct pw_error *err)
{
    int status = 0;
    int more = xmlTextReaderRead(report->reader);
    for (; status == 0 && more == 1; more = xmlTextReaderRead(report->reader)) {
        status = read_node(report, err);
        if (status != 0) {
            return status;
        }
    }
    if (status == 0 && more != 0) {
        status = pw_adapter_fail(err, FORMAT, report->error_line, "%s",
                                 report->problem == NULL ? "invalid XML" : report->problem);
    }
    return status;
}

static bool is_testsuite(const char *line)
{
    return strstr(line, "<testsuite") != NULL;
}

bool pw_adapter_recognise_junit(const char *text, size_t length)
{
    const size_t blanks = strspn(text, "\xEF\xBB\xBF \t\r\n");
    return blanks < length && text[blanks] == '<' &&
           pw_adapter_any_line(text, length, is_testsuite);
}

int pw_adapter_parse_junit(const char *text, size_t length,
                           const struct pw_adapter_settings *settings,
                           struct pw_adapter_output *out, struct pw_error *err)
{
    struct report report = {.reader = NULL};
    (void)settings;
    if (length == 0 || length > INT_MAX) {
        return pw_adapter_fail(err, FORMAT, 0, "expected XML of 1 byte to 2 GiB");
    }
    report.reader = xmlReaderForMemory(text, (int)length, NULL, NULL, XML_PARSE_NONET);
    if (report.reader == NULL) {
        return pw_error_set_no_memory(err);
    }
    xmlTextReaderSetErrorHandler(report.reader, note_error, &report);
    int status = read_report(&report, err);
    if (status == 0) {
        status = pw_adapter_merge_repeated(&report.output, err);
    }
    xmlFreeTextReader(report.reader);
    return pw_adapter_finish(FORMAT, status, &report.output, out, err);
}
