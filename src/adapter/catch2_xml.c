/*
 * What Catch2's reporter 'xml' prints, of versions 2 and 3. Names and metrics are those of the
 * console reporter; numbers are nanoseconds.
 *
 * The text is another program's: nothing outside it is fetched, a document type (and with it every
 * entity but the five of XML itself) is refused, depth and length of texts have libxml2's limits.
 */
#include <limits.h>
#include <string.h>

#include <libxml/xmlreader.h>

#include "catch2.h"
#include "pass.h"

#define FORMAT PW_CATCH2_FORMAT

struct walk {
    struct pw_adapter_pass pass;
    xmlTextReaderPtr reader;
    struct pw_strbuf title; /**< "Test case > Section" */
    size_t lengths[256];    /**< of the title, outside each open section */
    size_t depth;
    struct pw_strbuf name; /**< of the benchmark at hand; "" for none */
    bool has_mean;
    bool is_false;          /**< inside an expression that failed */
    size_t failures_before; /**< when the test case began */
    char problem[160];      /**< what the parser says first */
    int problem_line;
};

bool pw_catch2_is_xml(const char *text, size_t length)
{
    const size_t start = strspn(text, " \t\r\n");
    return start < length && text[start] == '<' &&
           (strstr(text, "<Catch2TestRun") != NULL || strstr(text, "<Catch ") != NULL);
}

/* The first of them is the cause. */
static void keep_problem(void *context, xmlErrorPtr problem)
{
    struct walk *walk = context;
    if (walk->problem[0] != '\0' || problem->message == NULL) {
        return;
    }
    const size_t length = strcspn(problem->message, "\n");
    const size_t kept = length < sizeof(walk->problem) ? length : sizeof(walk->problem) - 1;
    memcpy(walk->problem, problem->message, kept);
    walk->problem[kept] = '\0';
    walk->problem_line = problem->line;
}

static bool is_element(const struct walk *walk, const char *name)
{
    const xmlChar *found = xmlTextReaderConstLocalName(walk->reader);
    return found != NULL && strcmp((const char *)found, name) == 0;
}

/* An attribute as text in `out`. @return 0; 1: it is not there; PW_ENOMEM */
static int read_attribute(struct walk *walk, const char *name, struct pw_strbuf *out)
{
    xmlChar *value = xmlTextReaderGetAttribute(walk->reader, (const xmlChar *)name);
    if (value == NULL) {
        return 1;
    }
    pw_strbuf_puts(out, (const char *)value);
    xmlFree(value);
    return pw_strbuf_check(out, walk->pass.err);
}

static int fail_attribute(struct walk *walk, const char *name)
{
    return pw_adapter_fail(walk->pass.err, FORMAT, walk->pass.line,
                           "expected an attribute '%s' of '%s'", name,
                           (const char *)xmlTextReaderConstLocalName(walk->reader));
}

static int begin_section(struct walk *walk)
{
    if (walk->depth == PW_COUNT(walk->lengths)) {
        return pw_adapter_pass_fail(&walk->pass, "expected fewer sections in each other");
    }
    walk->lengths[walk->depth++] = walk->title.length;
    if (walk->title.length > 0) {
        pw_strbuf_puts(&walk->title, " > ");
    } else {
        walk->failures_before = walk->pass.output.failure_count;
    }
    const int status = read_attribute(walk, "name", &walk->title);
    return status > 0 ? fail_attribute(walk, "name") : status;
}

static int begin_benchmark(struct walk *walk)
{
    pw_strbuf_clear(&walk->name);
    walk->has_mean = false;
    if (walk->title.length > 0) {
        pw_strbuf_puts(&walk->name, pw_strbuf_text(&walk->title));
        pw_strbuf_puts(&walk->name, " > ");
    }
    const int status = read_attribute(walk, "name", &walk->name);
    return status > 0 ? fail_attribute(walk, "name") : status;
}

static int add_estimate(struct walk *walk, const char *const metrics[3])
{
    static const char *const attributes[] = {"value", "lowerBound", "upperBound"};
    int status = 0;
    for (size_t i = 0; status == 0 && i < PW_COUNT(attributes); i++) {
        struct pw_strbuf text = PW_STRBUF_INIT;
        double value = 0;
        status = read_attribute(walk, attributes[i], &text);
        const char *at = pw_strbuf_text(&text);
        if (status > 0 || (status == 0 && (!pw_adapter_read_number(&at, &value) || *at != '\0'))) {
            status = pw_adapter_fail(walk->pass.err, FORMAT, walk->pass.line,
                                     "expected a number as '%s' of '%s'", attributes[i],
                                     pw_strbuf_text(&walk->name));
        }
        if (status == 0) {
            status = pw_adapter_pass_add(&walk->pass, pw_strbuf_text(&walk->name), metrics[i], "ns",
                                         PW_BETTER_LOWER, value);
        }
        pw_strbuf_release(&text);
    }
    return status;
}

static int add_failure(struct walk *walk, const char *name, const char *message)
{
    message = pw_adapter_skip_blanks(message + strspn(message, "\r\n \t"));
    struct pw_strbuf line = PW_STRBUF_INIT;
    pw_strbuf_append(&line, message, strcspn(message, "\r\n"));
    int status = pw_strbuf_check(&line, walk->pass.err);
    if (status == 0) {
        status = pw_adapter_pass_add_failure(&walk->pass, name, pw_strbuf_text(&line));
    }
    pw_strbuf_release(&line);
    return status;
}

/* The text of an element says what failed. */
static int add_text_failure(struct walk *walk)
{
    xmlChar *text = xmlTextReaderReadString(walk->reader);
    const int status =
        add_failure(walk, pw_strbuf_text(&walk->title), text == NULL ? "" : (const char *)text);
    xmlFree(text);
    return status;
}

/* <failed message="…"/> in the place of a benchmark's estimates */
static int add_benchmark_failure(struct walk *walk)
{
    struct pw_strbuf message = PW_STRBUF_INIT;
    int status = read_attribute(walk, "message", &message);
    if (status >= 0) {
        walk->has_mean = true; /* none is to come */
        status = add_failure(walk, pw_strbuf_text(&walk->name), pw_strbuf_text(&message));
    }
    pw_strbuf_release(&message);
    return status;
}

static int is_failed(struct walk *walk, bool *failed)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    const int status = read_attribute(walk, "success", &text);
    *failed = strcmp(pw_strbuf_text(&text), "false") == 0;
    pw_strbuf_release(&text);
    return status < 0 ? status : 0;
}

/* The verdict on a test case, where nothing in it said more. */
static int take_verdict(struct walk *walk)
{
    bool failed = false;
    const int status = is_failed(walk, &failed);
    if (status < 0 || !failed || walk->pass.output.failure_count > walk->failures_before) {
        return status;
    }
    return add_failure(walk, pw_strbuf_text(&walk->title), "the test case failed");
}

static int take_mean(struct walk *walk)
{
    walk->has_mean = true;
    return add_estimate(walk, pw_catch2_metrics[0]);
}

static int take_deviation(struct walk *walk)
{
    return add_estimate(walk, pw_catch2_metrics[1]);
}

static int take_expression(struct walk *walk)
{
    return is_failed(walk, &walk->is_false);
}

static int take_original(struct walk *walk)
{
    return walk->is_false ? add_text_failure(walk) : 0;
}

static int end_section(struct walk *walk)
{
    if (walk->depth > 0) {
        pw_strbuf_truncate(&walk->title, walk->lengths[--walk->depth]);
    }
    return 0;
}

static int end_expression(struct walk *walk)
{
    walk->is_false = false;
    return 0;
}

static int end_benchmark(struct walk *walk)
{
    const bool has_mean = walk->has_mean;
    walk->has_mean = false;
    if (!has_mean) {
        return pw_adapter_fail(walk->pass.err, FORMAT, walk->pass.line, "expected a 'mean' in '%s'",
                               pw_strbuf_text(&walk->name));
    }
    pw_strbuf_clear(&walk->name);
    return 0;
}

/** What elements mean; NULL: nothing. */
static const struct element {
    const char *name;
    bool is_in_benchmark; /**< means something inside BenchmarkResults alone */
    int (*begin)(struct walk *walk);
    int (*end)(struct walk *walk);
} elements[] = {
    {"TestCase", false, begin_section, end_section},
    {"Section", false, begin_section, end_section},
    {"BenchmarkResults", false, begin_benchmark, end_benchmark},
    {"mean", true, take_mean, NULL},
    {"standardDeviation", true, take_deviation, NULL},
    {"failed", true, add_benchmark_failure, NULL},
    {"Expression", false, take_expression, end_expression},
    {"Original", false, take_original, NULL},
    {"Exception", false, add_text_failure, NULL},
    {"FatalErrorCondition", false, add_text_failure, NULL},
    {"Failure", false, add_text_failure, NULL},
    {"OverallResult", false, take_verdict, NULL},
};

static int take_node(struct walk *walk)
{
    const int type = xmlTextReaderNodeType(walk->reader);
    const bool is_empty = xmlTextReaderIsEmptyElement(walk->reader) == 1;
    const long line = xmlGetLineNo(xmlTextReaderCurrentNode(walk->reader));
    int status = 0;
    walk->pass.line = line > 0 ? (unsigned)line : 0;
    if (type == XML_READER_TYPE_DOCUMENT_TYPE) {
        return pw_adapter_pass_fail(&walk->pass, "expected no document type");
    }
    if (type != XML_READER_TYPE_ELEMENT && type != XML_READER_TYPE_END_ELEMENT) {
        return 0;
    }
    for (size_t i = 0; i < PW_COUNT(elements); i++) {
        const struct element *element = &elements[i];
        if (!is_element(walk, element->name) ||
            (element->is_in_benchmark && walk->name.length == 0)) {
            continue;
        }
        status = type == XML_READER_TYPE_ELEMENT ? element->begin(walk) : 0;
        const bool has_ended = type == XML_READER_TYPE_END_ELEMENT || is_empty;
        return status == 0 && has_ended && element->end != NULL ? element->end(walk) : status;
    }
    return 0;
}

static int walk_nodes(struct walk *walk)
{
    int status = 0;
    int more = 1;
    while (status == 0 && (more = xmlTextReaderRead(walk->reader)) == 1) {
        status = take_node(walk);
    }
    if (status == 0 && more < 0) {
        const unsigned line = walk->problem_line > 0 ? (unsigned)walk->problem_line : 0;
        status = pw_adapter_fail(walk->pass.err, FORMAT, line, "%s",
                                 walk->problem[0] == '\0' ? "no XML" : walk->problem);
    }
    return status;
}

int pw_catch2_parse_xml(const char *text, size_t length, struct pw_adapter_output *out,
                        struct pw_error *err)
{
    struct walk walk = {.pass = {.format = FORMAT, .err = err}};
    const size_t start = strspn(text, " \t\r\n");
    if (length > INT_MAX) {
        return pw_adapter_fail(err, FORMAT, 0, "the XML is longer than 2 GiB");
    }
    walk.reader =
        xmlReaderForMemory(text + start, (int)(length - start), NULL, NULL, XML_PARSE_NONET);
    if (walk.reader == NULL) {
        return pw_error_set_no_memory(err);
    }
    xmlTextReaderSetStructuredErrorHandler(walk.reader, (xmlStructuredErrorFunc)keep_problem,
                                           &walk);
    int status = walk_nodes(&walk);
    if (status == 0) {
        status = pw_adapter_samples_summarise(&walk.pass.samples, &walk.pass.output, err);
    }
    xmlFreeTextReader(walk.reader);
    pw_adapter_samples_release(&walk.pass.samples);
    pw_strbuf_release(&walk.title);
    pw_strbuf_release(&walk.name);
    return pw_adapter_finish(FORMAT, status, &walk.pass.output, out, err);
}
