/*
 * pytest-benchmark's JSON (--benchmark-json). A benchmark is called by its full name, parameters in
 * brackets with it. "time" is the median; what was kept of the rounds (without
 * --benchmark-save-data nothing is) are its samples. Numbers in extra_info are metrics
 * "extra_info/<name>".
 */
#include <string.h>

#include "json_members.h"

#define FORMAT "pytest-benchmark"

static const struct pw_adapter_member members[] = {
    {"mean", "time/mean", "s"},       {"min", "time/min", "s"},
    {"max", "time/max", "s"},         {"stddev", "time/stddev", "s"},
    {"q1", "time/p25", "s"},          {"q3", "time/p75", "s"},
    {"iqr", "time/iqr", "s"},         {"ld15iqr", "time/ld15iqr", "s"},
    {"hd15iqr", "time/hd15iqr", "s"}, {"ops", "throughput", "ops/s"},
};

static int add_extra_info(const struct pw_json *extra, const char *name,
                          struct pw_adapter_output *output, struct pw_error *err)
{
    int status = 0;
    if (extra == NULL || pw_json_type(extra) != PW_JSON_OBJECT) {
        return 0;
    }
    for (const struct pw_json *item = pw_json_first(extra); status == 0 && item != NULL;
         item = pw_json_next(item)) {
        double number = 0;
        if (!pw_json_number(item, &number)) {
            continue;
        }
        char *metric = pw_arena_printf(&output->arena, "extra_info/%s", pw_json_key(item));
        status = metric == NULL ? pw_error_set_no_memory(err)
                                : pw_adapter_add_number(output, name, metric, "count", number, err);
    }
    return status;
}

static int add_benchmark(const struct pw_json *benchmark, struct pw_adapter_output *output,
                         struct pw_error *err)
{
    const struct pw_json *stats = pw_json_get(benchmark, "stats");
    const char *name = pw_adapter_member_text(benchmark, "fullname");
    bool has_error = false;
    if (name == NULL) {
        name = pw_adapter_member_text(benchmark, "name");
    }
    if (name == NULL || *name == '\0') {
        return pw_adapter_fail(err, FORMAT, 0, "a benchmark has no 'fullname'");
    }
    if (pw_json_bool(pw_json_get(benchmark, "has_error"), &has_error) && has_error) {
        return pw_adapter_add_failure(output, name, "the benchmark reports an error", err);
    }
    const struct pw_adapter_centre centre = {
        .metric = "time",
        .unit = "s",
        .median = pw_json_get(stats, "median"),
        .mean = pw_json_get(stats, "mean"),
        .samples = pw_json_get(stats, "data"),
    };
    int status = pw_adapter_add_centre(output, FORMAT, name, &centre, err);
    if (status == 0) {
        status =
            pw_adapter_add_members(output, FORMAT, name, stats, members, PW_COUNT(members), err);
    }
    if (status == 0) {
        status = add_extra_info(pw_json_get(benchmark, "extra_info"), name, output, err);
    }
    return status;
}

static int read_document(const struct pw_json *document, struct pw_adapter_output *output,
                         struct pw_error *err)
{
    const struct pw_json *list = NULL;
    int status = pw_adapter_member_list(FORMAT, document, "benchmarks", "the document", &list, err);
    const struct pw_json *item = status == 0 ? pw_json_first(list) : NULL;
    for (; status == 0 && item != NULL; item = pw_json_next(item)) {
        status = add_benchmark(item, output, err);
    }
    return status;
}

bool pw_adapter_recognise_pytest_benchmark(const char *text, size_t length)
{
    return pw_adapter_has_member(text, length, '{', "machine_info") &&
           pw_adapter_has_member(text, length, '{', "benchmarks");
}

int pw_adapter_parse_pytest_benchmark(const char *text, size_t length,
                                      const struct pw_adapter_settings *settings,
                                      struct pw_adapter_output *out, struct pw_error *err)
{
    (void)settings;
    return pw_adapter_parse_python_document(FORMAT, text, length, read_document, out, err);
}
