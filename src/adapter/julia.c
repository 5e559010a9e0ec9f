/*
 * What BenchmarkTools.jl saves. A benchmark is called by the keys of its groups, with '/' between
 * them. "time" is the median of a Trial's times, which are its samples, or the time of a
 * TrialEstimate, whatever it estimates. Times are in nanoseconds.
 *
 * Comparisons that can be saved too (ratios, judgements) are no measurements and refused.
 */
#include <string.h>

#include "json_members.h"

#define FORMAT "julia"

static const struct pw_adapter_member members[] = {
    {"memory", "allocated_bytes", "bytes"},
    {"allocs", "allocations", "count"},
};

static int fail_at(const char *name, const char *expected, struct pw_error *err)
{
    return pw_adapter_fail(err, FORMAT, 0, "expected %s at '%s'", expected, name);
}

static int add_trial(const struct pw_json *trial, const char *name,
                     struct pw_adapter_output *output, struct pw_error *err)
{
    const struct pw_adapter_centre times = {
        .metric = "time", .unit = "ns", .samples = pw_json_get(trial, "times")};
    const struct pw_adapter_centre collection = {
        .metric = "gc_time", .unit = "ns", .samples = pw_json_get(trial, "gctimes")};
    int status = pw_adapter_add_centre(output, FORMAT, name, &times, err);
    if (status == 0 && collection.samples != NULL) {
        status = pw_adapter_add_centre(output, FORMAT, name, &collection, err);
    }
    return status == 0 ? pw_adapter_add_members(output, FORMAT, name, trial, members,
                                                PW_COUNT(members), err)
                       : status;
}

static int add_estimate(const struct pw_json *estimate, const char *name,
                        struct pw_adapter_output *output, struct pw_error *err)
{
    static const struct pw_adapter_member collection = {"gctime", "gc_time", "ns"};
    const struct pw_adapter_centre time = {
        .metric = "time", .unit = "ns", .median = pw_json_get(estimate, "time")};
    int status = pw_adapter_add_centre(output, FORMAT, name, &time, err);
    if (status == 0) {
        status = pw_adapter_add_members(output, FORMAT, name, estimate, &collection, 1, err);
    }
    return status == 0 ? pw_adapter_add_members(output, FORMAT, name, estimate, members,
                                                PW_COUNT(members), err)
                       : status;
}

static int add_typed(const struct pw_json *pair, struct pw_strbuf *name,
                     struct pw_adapter_output *output, struct pw_error *err);

/* Groups lie in each other no deeper than JSON may (see pw_json_parse). */
static int add_group(const struct pw_json *group, struct pw_strbuf *name,
                     struct pw_adapter_output *output, struct pw_error *err)
{
    const struct pw_json *data = pw_json_get(group, "data");
    const size_t length = name->length;
    int status = 0;
    if (data == NULL || pw_json_type(data) != PW_JSON_OBJECT) {
        return fail_at(pw_strbuf_text(name), "a group with 'data'", err);
    }
    for (const struct pw_json *item = pw_json_first(data); status == 0 && item != NULL;
         item = pw_json_next(item)) {
        pw_strbuf_puts(name, length == 0 ? "" : "/");
        pw_strbuf_puts(name, pw_json_key(item));
        status = pw_strbuf_check(name, err);
        if (status == 0) {
            status = add_typed(item, name, output, err);
        }
        pw_strbuf_truncate(name, length);
    }
    return status;
}

/* Everything is saved as a list of its type's name and its contents. */
static int add_typed(const struct pw_json *pair, struct pw_strbuf *name,
                     struct pw_adapter_output *output, struct pw_error *err)
{
    const struct pw_json *first = pw_json_type(pair) == PW_JSON_ARRAY ? pw_json_first(pair) : NULL;
    const char *type = pw_json_string(first);
    const struct pw_json *content = first == NULL ? NULL : pw_json_next(first);
    const char *text = pw_strbuf_text(name);
    if (type == NULL || content == NULL) {
        return fail_at(text, "a list of a type and its contents", err);
    }
    if (strcmp(type, "BenchmarkGroup") == 0) {
        return add_group(content, name, output, err);
    }
    if (strcmp(type, "Trial") == 0) {
        return add_trial(content, text, output, err);
    }
    if (strcmp(type, "TrialEstimate") == 0) {
        return add_estimate(content, text, output, err);
    }
    return fail_at(text, "a BenchmarkGroup, a Trial or a TrialEstimate", err);
}

static int read_document(const struct pw_json *document, struct pw_adapter_output *output,
                         struct pw_error *err)
{
    const struct pw_json *versions =
        pw_json_type(document) == PW_JSON_ARRAY ? pw_json_first(document) : NULL;
    const struct pw_json *values = versions == NULL ? NULL : pw_json_next(versions);
    struct pw_strbuf name = PW_STRBUF_INIT;
    int status = 0;
    if (values == NULL || pw_json_type(values) != PW_JSON_ARRAY ||
        pw_json_get(versions, "BenchmarkTools") == NULL) {
        return pw_adapter_fail(err, FORMAT, 0,
                               "expected a list of the version of BenchmarkTools and the values");
    }
    for (const struct pw_json *item = pw_json_first(values); status == 0 && item != NULL;
         item = pw_json_next(item)) {
        status = add_typed(item, &name, output, err);
    }
    pw_strbuf_release(&name);
    return status;
}

bool pw_adapter_recognise_julia(const char *text, size_t length)
{
    return pw_adapter_has_member(text, length, '[', "BenchmarkTools");
}

int pw_adapter_parse_julia(const char *text, size_t length,
                           const struct pw_adapter_settings *settings,
                           struct pw_adapter_output *out, struct pw_error *err)
{
    (void)settings;
    return pw_adapter_parse_document(FORMAT, text, length, read_document, out, err);
}
