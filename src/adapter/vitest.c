/*
 * Vitest's JSON of benchmarks (vitest bench --outputJson). A benchmark is called "file > suite >
 * name", as Vitest joins them. "time" is the median where there is one (of the samples where they
 * were kept), else the mean. Times are in milliseconds, the relative margin of error in percent.
 */
#include <string.h>

#include "json_members.h"

#define FORMAT "vitest"

static const struct pw_adapter_member members[] = {
    {"mean", "time/mean", "ms"},  {"min", "time/min", "ms"},    {"max", "time/max", "ms"},
    {"sd", "time/stddev", "ms"},  {"sem", "time/sem", "ms"},    {"moe", "time/moe", "ms"},
    {"rme", "time/rme", "%"},     {"p75", "time/p75", "ms"},    {"p99", "time/p99", "ms"},
    {"p995", "time/p99.5", "ms"}, {"p999", "time/p99.9", "ms"}, {"hz", "throughput", "hz"},
};

static int add_benchmark(const struct pw_json *benchmark, const char *name,
                         struct pw_adapter_output *output, struct pw_error *err)
{
    if (!pw_adapter_member_is_set(benchmark, "mean") &&
        !pw_adapter_member_is_set(benchmark, "median")) {
        return pw_adapter_add_failure(output, name, "no time was measured", err);
    }
    const struct pw_adapter_centre centre = {
        .metric = "time",
        .unit = "ms",
        .median = pw_json_get(benchmark, "median"),
        .mean = pw_json_get(benchmark, "mean"),
        .samples = pw_json_get(benchmark, "samples"),
    };
    int status = pw_adapter_add_centre(output, FORMAT, name, &centre, err);
    if (status == 0) {
        status = pw_adapter_add_members(output, FORMAT, name, benchmark, members, PW_COUNT(members),
                                        err);
    }
    return status;
}

static int add_group(const struct pw_json *group, struct pw_adapter_output *output,
                     struct pw_error *err)
{
    const char *suite = pw_adapter_member_text(group, "fullName");
    const struct pw_json *list = NULL;
    int status = pw_adapter_member_list(FORMAT, group, "benchmarks", "a group", &list, err);
    const struct pw_json *item = status == 0 ? pw_json_first(list) : NULL;
    for (; status == 0 && item != NULL; item = pw_json_next(item)) {
        const char *name = pw_adapter_member_text(item, "name");
        if (name == NULL || *name == '\0' || suite == NULL) {
            return pw_adapter_fail(err, FORMAT, 0,
                                   "a benchmark has no 'name', or its group no 'fullName'");
        }
        char *full =
            pw_arena_printf(&output->arena, "%s%s%s", suite, *suite == '\0' ? "" : " > ", name);
        status =
            full == NULL ? pw_error_set_no_memory(err) : add_benchmark(item, full, output, err);
    }
    return status;
}

static int read_document(const struct pw_json *document, struct pw_adapter_output *output,
                         struct pw_error *err)
{
    const struct pw_json *files = NULL;
    int status = pw_adapter_member_list(FORMAT, document, "files", "the document", &files, err);
    const struct pw_json *file = status == 0 ? pw_json_first(files) : NULL;
    for (; status == 0 && file != NULL; file = pw_json_next(file)) {
        const struct pw_json *groups = NULL;
        status = pw_adapter_member_list(FORMAT, file, "groups", "a file", &groups, err);
        const struct pw_json *group = status == 0 ? pw_json_first(groups) : NULL;
        for (; status == 0 && group != NULL; group = pw_json_next(group)) {
            status = add_group(group, output, err);
        }
    }
    return status;
}

bool pw_adapter_recognise_vitest(const char *text, size_t length)
{
    return pw_adapter_has_member(text, length, '{', "files") &&
           pw_adapter_has_member(text, length, '{', "groups") &&
           pw_adapter_has_member(text, length, '{', "fullName");
}

int pw_adapter_parse_vitest(const char *text, size_t length,
                            const struct pw_adapter_settings *settings,
                            struct pw_adapter_output *out, struct pw_error *err)
{
    (void)settings;
    return pw_adapter_parse_document(FORMAT, text, length, read_document, out, err);
}
