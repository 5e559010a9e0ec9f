/*
 * BenchmarkDotNet's JSON. A benchmark is called by its full name, parameters with it; " [job]"
 * stands behind it unless the job is the default one. "time" is the median, its samples are the
 * measurements that the statistics are of. Times are in nanoseconds.
 *
 * A benchmark without statistics has failed: BenchmarkDotNet leaves them out when one throws.
 */
#include <string.h>

#include "json_members.h"

#define FORMAT "benchmarkdotnet"

static const struct pw_adapter_member statistics[] = {
    {"Mean", "time/mean", "ns"},
    {"Min", "time/min", "ns"},
    {"Max", "time/max", "ns"},
    {"StandardDeviation", "time/stddev", "ns"},
    {"StandardError", "time/stderr", "ns"},
};

static const struct pw_adapter_member confidence[] = {
    {"Lower", "time/lower", "ns"},
    {"Upper", "time/upper", "ns"},
};

static const struct pw_adapter_member percentiles[] = {
    {"P25", "time/p25", "ns"}, {"P67", "time/p67", "ns"}, {"P75", "time/p75", "ns"},
    {"P80", "time/p80", "ns"}, {"P85", "time/p85", "ns"}, {"P90", "time/p90", "ns"},
    {"P95", "time/p95", "ns"}, {"P99", "time/p99", "ns"},
};

static const struct pw_adapter_member memory[] = {
    {"BytesAllocatedPerOperation", "allocated_bytes", "bytes"},
    {"Gen0Collections", "gen0_collections", "count"},
    {"Gen1Collections", "gen1_collections", "count"},
    {"Gen2Collections", "gen2_collections", "count"},
};

/** Where metrics stand: below a member of a benchmark, or of its statistics. */
static const struct {
    const char *outer;
    const char *inner; /**< NULL for the outer one itself */
    const struct pw_adapter_member *members;
    size_t count;
} parts[] = {
    {"Statistics", NULL, statistics, PW_COUNT(statistics)},
    {"Statistics", "ConfidenceInterval", confidence, PW_COUNT(confidence)},
    {"Statistics", "Percentiles", percentiles, PW_COUNT(percentiles)},
    {"Memory", NULL, memory, PW_COUNT(memory)},
};

/* "Type.Method: Job-ABCDEF(Runtime=.NET 8.0) [N=10]": the job's name, without what it consists of.
 * @return its length, 0 for the default job */
static int find_job(const char *display, const char **out)
{
    const char *colon = display == NULL ? NULL : strstr(display, ": ");
    if (colon == NULL) {
        return 0;
    }
    const size_t length = strcspn(colon + 2, " ([");
    *out = colon + 2;
    return length == strlen("DefaultJob") && memcmp(*out, "DefaultJob", length) == 0 ? 0
                                                                                     : (int)length;
}

static const char *name_benchmark(const struct pw_json *benchmark, struct pw_arena *arena)
{
    const char *name = pw_adapter_member_text(benchmark, "FullName");
    const char *job = NULL;
    const int length = find_job(pw_adapter_member_text(benchmark, "DisplayInfo"), &job);
    return length == 0 ? name : pw_arena_printf(arena, "%s [%.*s]", name, length, job);
}

static bool greater_is_better(const struct pw_json *descriptor)
{
    bool flag = false;
    return pw_json_bool(pw_json_get(descriptor, "TheGreaterTheBetter"), &flag) && flag;
}

/* What diagnosers measured; the allocated memory among it is known from the part Memory. */
static int add_diagnosers(const struct pw_json *list, const char *name,
                          struct pw_adapter_output *output, struct pw_error *err)
{
    int status = 0;
    const struct pw_json *item =
        list == NULL || pw_json_type(list) != PW_JSON_ARRAY ? NULL : pw_json_first(list);
    for (; status == 0 && item != NULL; item = pw_json_next(item)) {
        const struct pw_json *descriptor = pw_json_get(item, "Descriptor");
        const char *id = pw_adapter_member_text(descriptor, "Id");
        const char *unit = pw_adapter_member_text(descriptor, "Unit");
        double number = 0;
        if (id == NULL || *id == '\0' || strcmp(id, "Allocated Memory") == 0 ||
            !pw_json_number(pw_json_get(item, "Value"), &number)) {
            continue;
        }
        unit = unit == NULL || *unit == '\0' ? "count" : unit;
        status = pw_adapter_add_number(output, name, id, unit, number, err);
        if (status == 0 && greater_is_better(descriptor)) {
            output->values[output->count - 1].better = PW_BETTER_HIGHER;
        }
    }
    return status;
}

static int add_benchmark(const struct pw_json *benchmark, struct pw_adapter_output *output,
                         struct pw_error *err)
{
    const char *full = pw_adapter_member_text(benchmark, "FullName");
    if (full == NULL || *full == '\0') {
        return pw_adapter_fail(err, FORMAT, 0, "a benchmark has no 'FullName'");
    }
    const char *name = name_benchmark(benchmark, &output->arena);
    if (name == NULL) {
        return pw_error_set_no_memory(err);
    }
    const struct pw_json *numbers = pw_json_get(benchmark, "Statistics");
    if (!pw_adapter_member_is_set(benchmark, "Statistics")) {
        return pw_adapter_add_failure(output, name, "no statistics: the benchmark has failed", err);
    }
    const struct pw_adapter_centre centre = {
        .metric = "time",
        .unit = "ns",
        .median = pw_json_get(numbers, "Median"),
        .mean = pw_json_get(numbers, "Mean"),
        .samples = pw_json_get(numbers, "OriginalValues"),
    };
    int status = pw_adapter_add_centre(output, FORMAT, name, &centre, err);
    for (size_t i = 0; status == 0 && i < PW_COUNT(parts); i++) {
        const struct pw_json *part = pw_json_get(benchmark, parts[i].outer);
        part = parts[i].inner == NULL ? part : pw_json_get(part, parts[i].inner);
        status = pw_adapter_add_members(output, FORMAT, name, part, parts[i].members,
                                        parts[i].count, err);
    }
    return status == 0 ? add_diagnosers(pw_json_get(benchmark, "Metrics"), name, output, err)
                       : status;
}

static int read_document(const struct pw_json *document, struct pw_adapter_output *output,
                         struct pw_error *err)
{
    const struct pw_json *list = NULL;
    int status = pw_adapter_member_list(FORMAT, document, "Benchmarks", "the document", &list, err);
    const struct pw_json *item = status == 0 ? pw_json_first(list) : NULL;
    for (; status == 0 && item != NULL; item = pw_json_next(item)) {
        status = add_benchmark(item, output, err);
    }
    return status;
}

bool pw_adapter_recognise_benchmarkdotnet(const char *text, size_t length)
{
    return pw_adapter_has_member(text, length, '{', "BenchmarkDotNetVersion");
}

int pw_adapter_parse_benchmarkdotnet(const char *text, size_t length,
                                     const struct pw_adapter_settings *settings,
                                     struct pw_adapter_output *out, struct pw_error *err)
{
    (void)settings;
    return pw_adapter_parse_document(FORMAT, text, length, read_document, out, err);
}
