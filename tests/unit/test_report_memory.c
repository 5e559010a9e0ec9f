/*
 * Every allocation of every report fails, one a time: either the report says so, or it is what it
 * is when nothing fails. A report that is shorter by what found no room would be believed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "perfwarden/report.h"
#include "perfwarden/util/file.h"

#define LARGEST_FILE ((size_t)1 << 20)

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

static size_t allocations;
static size_t failing; /**< from 1, 0 for none */

static bool must_fail(void)
{
    return ++allocations == failing;
}

void *__wrap_malloc(size_t size)
{
    return must_fail() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return must_fail() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return must_fail() ? NULL : __real_realloc(old, size);
}

/** What is rendered: the files of tests/reports, which have what reports show. */
struct inputs {
    struct pw_comparison comparison;
    struct pw_result result;
};

static int render(const struct pw_reporter *reporter, const struct inputs *inputs, bool is_result,
                  const struct pw_report_options *options, struct pw_strbuf *out)
{
    return is_result ? reporter->result(&inputs->result, options, out, NULL)
                     : reporter->comparison(&inputs->comparison, options, out, NULL);
}

static void fail_each(const struct pw_reporter *reporter, const struct inputs *inputs,
                      bool is_result, const struct pw_report_options *options)
{
    struct pw_strbuf whole = PW_STRBUF_INIT;
    allocations = failing = 0;
    const int expected = render(reporter, inputs, is_result, options, &whole);
    const size_t count = allocations;
    for (size_t at = 1; at <= count; at++) {
        struct pw_strbuf out = PW_STRBUF_INIT;
        allocations = 0;
        failing = at;
        const int status = render(reporter, inputs, is_result, options, &out);
        failing = 0;
        if (status != PW_ENOMEM && (status != expected || out.length != whole.length ||
                                    strcmp(pw_strbuf_text(&out), pw_strbuf_text(&whole)) != 0)) {
            fail_msg("%s of a %s, chart %d, allocation %zu: %d, and not the report but:\n%s",
                     reporter->name, is_result ? "result" : "comparison", (int)options->chart, at,
                     status, pw_strbuf_text(&out));
        }
        pw_strbuf_release(&out);
    }
    pw_strbuf_release(&whole);
}

static void test_formats(void **state)
{
    static const struct pw_report_options options = {0};
    size_t count = 0;
    const struct pw_reporter *reporters = pw_reporter_table(&count);
    for (size_t i = 0; i < count; i++) {
        fail_each(&reporters[i], *state, false, &options);
        fail_each(&reporters[i], *state, true, &options);
    }
}

static void test_options(void **state)
{
    static const struct {
        const char *format;
        struct pw_report_options options;
    } cases[] = {
        {"text", {.columns = 60, .is_verbose = true}},
        {"text", {.columns = 200, .use_color = true}},
        {"text", {.is_quiet = true}},
        {"markdown", {.max_bytes = PW_REPORT_MIN_BYTES}},
    };
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        fail_each(pw_reporter_find(cases[i].format), *state, false, &cases[i].options);
        fail_each(pw_reporter_find(cases[i].format), *state, true, &cases[i].options);
    }
}

static void test_charts(void **state)
{
    static const char *const filters[] = {"nothing of the kind", "parse"};
    const struct pw_reporter *svg = pw_reporter_find("svg");
    for (int chart = PW_REPORT_CHART_AUTO; chart <= PW_REPORT_CHART_BADGE; chart++) {
        for (size_t count = 0; count <= PW_COUNT(filters); count++) {
            const struct pw_report_options options = {
                .chart = (enum pw_report_chart)chart, .filters = filters, .filter_count = count};
            fail_each(svg, *state, false, &options);
            fail_each(svg, *state, true, &options);
        }
    }
}

/* A filter is an id or a name, which may have a '/' itself. */
static void test_filter_of_a_name(void **state)
{
    static const struct {
        const char *filter;
        const char *id;
        const char *declared;
        bool is_selected;
    } cases[] = {
        {"parse", "parse/size=1", NULL, true},
        {"parse", "parse/deep/size=1", NULL, false},
        {"parse/deep", "parse/deep/size=1/of=a=b", NULL, true},
        {"parse", "parse/deep", NULL, false},
        {"suite", "suite/size=1/BM_Sort/8", "suite/size=1", true},
        {"suite/size=1", "suite/size=1/BM_Sort/8", "suite/size=1", true},
    };
    const struct inputs *inputs = *state;
    const struct pw_reporter *svg = pw_reporter_find("svg");
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_strbuf out = PW_STRBUF_INIT;
        struct pw_comparison_row row = inputs->comparison.rows[0];
        struct pw_comparison comparison = inputs->comparison;
        const struct pw_report_options options = {.filters = &cases[i].filter, .filter_count = 1};
        row.benchmark = cases[i].id;
        row.declared = cases[i].declared;
        comparison.rows = &row;
        comparison.row_count = 1;
        assert_int_equal(svg->comparison(&comparison, &options, &out, NULL),
                         cases[i].is_selected ? PW_OK : PW_EUSAGE);
        pw_strbuf_release(&out);
    }
}

static int read_inputs(void **state)
{
    static struct inputs inputs;
    struct pw_strbuf text = PW_STRBUF_INIT;
    int status =
        pw_file_read(PERFWARDEN_REPORTS_DATA "/comparison.json", LARGEST_FILE, &text, NULL);
    if (status == PW_OK) {
        status = pw_comparison_read(pw_strbuf_text(&text), text.length, "comparison.json",
                                    &inputs.comparison, NULL);
    }
    pw_strbuf_clear(&text);
    if (status == PW_OK) {
        status = pw_file_read(PERFWARDEN_REPORTS_DATA "/result.json", LARGEST_FILE, &text, NULL);
    }
    if (status == PW_OK) {
        status =
            pw_result_read(pw_strbuf_text(&text), text.length, "result.json", &inputs.result, NULL);
    }
    pw_strbuf_release(&text);
    *state = &inputs;
    return status;
}

static int release_inputs(void **state)
{
    struct inputs *inputs = *state;
    pw_comparison_release(&inputs->comparison);
    pw_result_release(&inputs->result);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_formats),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_charts),
        cmocka_unit_test(test_filter_of_a_name),
    };
    return cmocka_run_group_tests(tests, read_inputs, release_inputs);
}
