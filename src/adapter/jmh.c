/*
 * JMH's JSON (-rf json). A benchmark is called by its class and method, with "(size=10, kind=a)"
 * for its parameters behind it; " [sample]" and " [ss]" tell these modes from average time. Times
 * per operation are "time", operations per time are "throughput": both the median (percentile 50,
 * which for iterations is that of their scores), with the scores of all iterations as samples; the
 * mean that JMH prints as its score is "…/mean".
 *
 * The histograms of the mode "sample" are represented by their percentiles.
 */
#include <stdlib.h>
#include <string.h>

#include "json_members.h"

#define FORMAT "jmh"

/** A metric of a benchmark while it is read. */
struct metric {
    const char *benchmark;
    const char *name; /**< "time" */
    const char *unit; /**< JMH's */
    const struct pw_json *object;
};

/** Units that only JMH writes: megabytes of its profilers are binary, counts are per run. */
static const struct {
    const char *jmh;
    const char *unit;
} own_units[] = {
    {"MB/sec", "MiB/s"},
    {"counts", "count"},
    {"#", "count"},
};

static const char *translate_unit(const char *unit)
{
    for (size_t i = 0; i < PW_COUNT(own_units); i++) {
        if (strcmp(own_units[i].jmh, unit) == 0) {
            return own_units[i].unit;
        }
    }
    return unit;
}

static int add_named(struct pw_adapter_output *output, const struct metric *metric,
                     const char *suffix, const struct pw_json *number, struct pw_error *err)
{
    double value = 0;
    if (!pw_json_number(number, &value)) {
        return 0; /* JMH writes "NaN", in quotes, for an error of one iteration */
    }
    char *name = pw_arena_printf(&output->arena, "%s/%s", metric->name, suffix);
    return name == NULL
               ? pw_error_set_no_memory(err)
               : pw_adapter_add_number(output, metric->benchmark, name, metric->unit, value, err);
}

/* Half of the confidence interval's width: less of it is better, whatever it is of. */
static int add_error(struct pw_adapter_output *output, const struct metric *metric,
                     struct pw_error *err)
{
    const size_t before = output->count;
    const int status =
        add_named(output, metric, "error", pw_json_get(metric->object, "scoreError"), err);
    if (output->count > before) {
        output->values[before].better = PW_BETTER_LOWER;
    }
    return status;
}

/* "0.0", "99.9", "100.0" are min, p99.9 and max; the median is the value itself. */
static int add_percentile(struct pw_adapter_output *output, const struct metric *metric,
                          const struct pw_json *percentile, struct pw_error *err)
{
    const char *key = pw_json_key(percentile);
    const size_t length = strlen(key);
    const int whole =
        length > 2 && strcmp(key + length - 2, ".0") == 0 ? (int)length - 2 : (int)length;
    if (strcmp(key, "50.0") == 0) {
        return 0;
    }
    if (strcmp(key, "0.0") == 0 || strcmp(key, "100.0") == 0) {
        return add_named(output, metric, *key == '0' ? "min" : "max", percentile, err);
    }
    char *name = pw_arena_printf(&output->arena, "p%.*s", whole, key);
    return name == NULL ? pw_error_set_no_memory(err)
                        : add_named(output, metric, name, percentile, err);
}

static int add_details(struct pw_adapter_output *output, const struct metric *metric,
                       struct pw_error *err)
{
    const struct pw_json *confidence = pw_json_get(metric->object, "scoreConfidence");
    const struct pw_json *lower = confidence == NULL ? NULL : pw_json_first(confidence);
    const struct pw_json *upper = lower == NULL ? NULL : pw_json_next(lower);
    const struct pw_json *percentiles = pw_json_get(metric->object, "scorePercentiles");
    int status = add_named(output, metric, "mean", pw_json_get(metric->object, "score"), err);
    if (status == 0) {
        status = add_error(output, metric, err);
    }
    if (status == 0) {
        status = add_named(output, metric, "lower", lower, err);
    }
    if (status == 0) {
        status = add_named(output, metric, "upper", upper, err);
    }
    const struct pw_json *item = percentiles == NULL ? NULL : pw_json_first(percentiles);
    for (; status == 0 && item != NULL && pw_json_key(item) != NULL; item = pw_json_next(item)) {
        status = add_percentile(output, metric, item, err);
    }
    return status;
}

static int add_metric(struct pw_adapter_output *output, const struct metric *metric,
                      struct pw_error *err)
{
    const struct pw_adapter_centre centre = {
        .metric = metric->name,
        .unit = metric->unit,
        .median = pw_json_get(pw_json_get(metric->object, "scorePercentiles"), "50.0"),
        .mean = pw_json_get(metric->object, "score"),
        .samples = pw_json_get(metric->object, "rawData"),
    };
    int status = pw_adapter_add_centre(output, FORMAT, metric->benchmark, &centre, err);
    return status == 0 ? add_details(output, metric, err) : status;
}

/* Names of profilers begin with a middle dot in old versions. */
static const char *profiler_name(const char *key)
{
    key += strncmp(key, "\xC2\xB7", 2) == 0 ? 2 : 0;
    return strcmp(key, "gc.alloc.rate.norm") == 0 ? "allocated_bytes" : key;
}

static int add_secondary(struct pw_adapter_output *output, const char *benchmark,
                         const struct pw_json *all, struct pw_error *err)
{
    int status = 0;
    const struct pw_json *item = all == NULL ? NULL : pw_json_first(all);
    for (; status == 0 && item != NULL && pw_json_key(item) != NULL; item = pw_json_next(item)) {
        const char *unit = pw_adapter_member_text(item, "scoreUnit");
        const struct metric metric = {benchmark, profiler_name(pw_json_key(item)),
                                      unit == NULL ? "" : translate_unit(unit), item};
        if (*metric.name == '\0' || *metric.unit == '\0') {
            return pw_adapter_fail(err, FORMAT, 0, "'%s' of '%s' has no name or no 'scoreUnit'",
                                   pw_json_key(item), benchmark);
        }
        const size_t before = output->count;
        double score = 0;
        if (pw_json_number(pw_json_get(item, "score"), &score)) { /* "NaN": the profiler saw none */
            status = add_metric(output, &metric, err);
        }
        /* the rate of a profiler (MB/sec allocated) is no throughput: less of it is better */
        for (size_t i = before; strncmp(metric.unit, "ops/", 4) != 0 && i < output->count; i++) {
            output->values[i].better = PW_BETTER_LOWER;
        }
    }
    return status;
}

static int name_benchmark(const struct pw_json *entry, const char *mode, struct pw_strbuf *name,
                          struct pw_error *err)
{
    const struct pw_json *params = pw_json_get(entry, "params");
    const char *benchmark = pw_adapter_member_text(entry, "benchmark");
    if (benchmark == NULL || *benchmark == '\0') {
        return pw_adapter_fail(err, FORMAT, 0, "an entry has no 'benchmark'");
    }
    pw_strbuf_puts(name, benchmark);
    const char *separator = " (";
    for (const struct pw_json *item = pw_json_first(params); item != NULL;
         item = pw_json_next(item)) {
        if (pw_json_key(item) == NULL || pw_json_string(item) == NULL) {
            return pw_adapter_fail(err, FORMAT, 0, "'params' of '%s' are not texts by name",
                                   benchmark);
        }
        pw_strbuf_printf(name, "%s%s=%s", separator, pw_json_key(item), pw_json_string(item));
        separator = ", ";
    }
    pw_strbuf_puts(name, *separator == ',' ? ")" : "");
    if (strcmp(mode, "sample") == 0 || strcmp(mode, "ss") == 0) {
        pw_strbuf_printf(name, " [%s]", mode);
    }
    return pw_strbuf_check(name, err);
}

static int add_entry(struct pw_adapter_output *output, const struct pw_json *entry,
                     struct pw_strbuf *name, struct pw_error *err)
{
    const char *mode = pw_adapter_member_text(entry, "mode");
    const struct pw_json *primary = pw_json_get(entry, "primaryMetric");
    const char *unit = pw_adapter_member_text(primary, "scoreUnit");
    pw_strbuf_clear(name);
    int status = name_benchmark(entry, mode == NULL ? "" : mode, name, err);
    if (status < 0) {
        return status;
    }
    const char *benchmark = pw_strbuf_text(name);
    const struct pw_adapter_unit *known =
        unit == NULL ? NULL : pw_adapter_find_unit(unit, strlen(unit));
    if (known == NULL) {
        return pw_adapter_fail(err, FORMAT, 0,
                               "'%s' has no known 'scoreUnit', expected ops/s, ns/op or the like",
                               benchmark);
    }
    const struct metric metric = {
        benchmark, known->better == PW_BETTER_HIGHER ? "throughput" : "time", unit, primary};
    status = add_metric(output, &metric, err);
    if (status == 0) {
        status = add_secondary(output, benchmark, pw_json_get(entry, "secondaryMetrics"), err);
    }
    return status;
}

static int read_document(const struct pw_json *document, struct pw_adapter_output *output,
                         struct pw_error *err)
{
    struct pw_strbuf name = PW_STRBUF_INIT;
    int status = 0;
    if (pw_json_type(document) != PW_JSON_ARRAY) {
        return pw_adapter_fail(err, FORMAT, 0, "expected a list of benchmarks");
    }
    for (const struct pw_json *entry = pw_json_first(document); status == 0 && entry != NULL;
         entry = pw_json_next(entry)) {
        status = add_entry(output, entry, &name, err);
    }
    pw_strbuf_release(&name);
    return status;
}

bool pw_adapter_recognise_jmh(const char *text, size_t length)
{
    return pw_adapter_has_member(text, length, '[', "primaryMetric") &&
           pw_adapter_has_member(text, length, '[', "mode");
}

int pw_adapter_parse_jmh(const char *text, size_t length,
                         const struct pw_adapter_settings *settings, struct pw_adapter_output *out,
                         struct pw_error *err)
{
    (void)settings;
    return pw_adapter_parse_document(FORMAT, text, length, read_document, out, err);
}
