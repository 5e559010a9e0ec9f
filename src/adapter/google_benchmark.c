/*
 * Google Benchmark's JSON. Repetitions of a benchmark inside one process become one value, their
 * median; of a process that prints aggregates alone, the median among them is taken. Times per
 * iteration are converted to nanoseconds.
 *
 * A benchmark that reports an error (SkipWithError) is a failure, its numbers are none; one that
 * was skipped on purpose is neither.
 */
#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "formats.h"

#define FORMAT "google-benchmark"
#define WRONG  "output is not in format '" FORMAT "': "

/** A number of one entry, before repetitions are summarised. */
struct sample {
    const char *benchmark; /**< the name that all repetitions share; borrowed from the document */
    const char *metric;
    const char *unit;
    enum pw_better better;
    bool is_aggregate;
    size_t order; /**< position in the output */
    double value;
};

struct samples {
    struct pw_arena arena;
    struct sample *items;
    size_t count;
    size_t capacity;
};

/** Members that are numbers but no measurements. */
static const char *const bookkeeping[] = {
    "family_index",
    "per_family_instance_index",
    "repetitions",
    "repetition_index",
    "threads",
    "iterations",
    "cpu_coefficient",
    "real_coefficient",
    "rms",
};

/** Numbers whose unit and direction are known; other numbers are a user's own counters. */
struct known_number {
    const char *name;
    const char *unit;
    enum pw_better better;
    bool is_time; /**< in the entry's time_unit */
};

static const struct known_number known_numbers[] = {
    {"real_time", "ns", PW_BETTER_LOWER, true},
    {"cpu_time", "ns", PW_BETTER_LOWER, true},
    {"items_per_second", "1/s", PW_BETTER_HIGHER, false},
    {"bytes_per_second", "bytes/s", PW_BETTER_HIGHER, false},
    {"allocs_per_iter", "count", PW_BETTER_LOWER, false},
    {"max_bytes_used", "bytes", PW_BETTER_LOWER, false},
    {"total_allocated_bytes", "bytes", PW_BETTER_LOWER, false},
    {"net_heap_growth", "bytes", PW_BETTER_LOWER, false},
};

static const struct known_number user_counter = {"", "count", PW_BETTER_LOWER, false};

struct time_unit {
    const char *name;
    double ns;
};

static const struct time_unit time_units[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};

static bool is_bookkeeping(const char *name)
{
    for (size_t i = 0; i < PW_COUNT(bookkeeping); i++) {
        if (strcmp(bookkeeping[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static const struct known_number *find_number(const char *name)
{
    for (size_t i = 0; i < PW_COUNT(known_numbers); i++) {
        if (strcmp(known_numbers[i].name, name) == 0) {
            return &known_numbers[i];
        }
    }
    return &user_counter;
}

/* Nanoseconds of the entry's time unit, ns where it names none; 0 for an unknown one. */
static double time_unit_ns(const struct pw_json *entry)
{
    const struct pw_json *member = pw_json_get(entry, "time_unit");
    const char *name = member == NULL ? "ns" : pw_json_string(member);
    for (size_t i = 0; name != NULL && i < PW_COUNT(time_units); i++) {
        if (strcmp(time_units[i].name, name) == 0) {
            return time_units[i].ns;
        }
    }
    return 0;
}

static bool has_text(const struct pw_json *entry, const char *key, const char *text)
{
    const char *found = pw_json_string(pw_json_get(entry, key));
    return found != NULL && strcmp(found, text) == 0;
}

static bool is_true(const struct pw_json *entry, const char *key)
{
    bool flag = false;
    return pw_json_bool(pw_json_get(entry, key), &flag) && flag;
}

static int add_sample(struct samples *samples, const struct sample *sample, struct pw_error *err)
{
    struct sample *grown = pw_arena_grow(&samples->arena, samples->items, samples->count,
                                         &samples->capacity, sizeof(*sample));
    if (grown == NULL) {
        return pw_error_set_no_memory(err);
    }
    samples->items = grown;
    grown[samples->count] = *sample;
    grown[samples->count].order = samples->count;
    samples->count++;
    return 0;
}

/* @param common  what all numbers of the entry share: benchmark, is_aggregate */
static int add_number(struct samples *samples, const struct pw_json *entry,
                      const struct sample *common, const struct pw_json *member,
                      struct pw_error *err)
{
    struct sample sample = *common;
    sample.metric = pw_json_key(member);
    const struct known_number *kind = find_number(sample.metric);
    (void)pw_json_number(member, &sample.value);
    sample.unit = kind->unit;
    sample.better = kind->better;
    if (kind->is_time) {
        double unit_ns = time_unit_ns(entry);
        if (unit_ns == 0) {
            return pw_error_set(err, PW_EFORMAT,
                                WRONG "'%s' has an unknown 'time_unit', known are ns, us, ms and s",
                                sample.benchmark);
        }
        sample.value *= unit_ns;
        if (!isfinite(sample.value) || sample.value < 0) {
            return pw_error_set(err, PW_EFORMAT, WRONG "'%s' has an impossible '%s'",
                                sample.benchmark, sample.metric);
        }
    }
    return *sample.metric == '\0' ? 0 : add_sample(samples, &sample, err);
}

/* A time that is there must be a number: "nan" in quotes is no value to leave out silently. */
static int check_times(const struct pw_json *entry, const char *name, struct pw_error *err)
{
    size_t found = 0;
    for (size_t i = 0; i < PW_COUNT(known_numbers); i++) {
        const struct pw_json *member =
            known_numbers[i].is_time ? pw_json_get(entry, known_numbers[i].name) : NULL;
        if (member == NULL) {
            continue;
        }
        found++;
        if (pw_json_type(member) != PW_JSON_NUMBER) {
            return pw_error_set(err, PW_EFORMAT, WRONG "'%s.%s' is not a number", name,
                                known_numbers[i].name);
        }
    }
    if (found == 0) {
        return pw_error_set(err, PW_EFORMAT, WRONG "'%s' has neither 'real_time' nor 'cpu_time'",
                            name);
    }
    return 0;
}

/* Aggregates but the median, and runs the benchmark itself skipped, are no measurements. */
static bool is_left_out(const struct pw_json *entry)
{
    bool is_aggregate = has_text(entry, "run_type", "aggregate");
    return is_true(entry, "skipped") ||
           (is_aggregate && !has_text(entry, "aggregate_name", "median"));
}

/* What fails in every repetition has failed once. */
static int add_error(struct pw_adapter_output *output, const struct pw_json *entry,
                     const char *name, struct pw_error *err)
{
    const char *message = pw_json_string(pw_json_get(entry, "error_message"));
    const struct pw_adapter_failure *last =
        output->failure_count == 0 ? NULL : &output->failures[output->failure_count - 1];
    if (last != NULL && strcmp(last->benchmark, name) == 0) {
        return 0;
    }
    return pw_adapter_add_failure(output, name, message == NULL ? "" : message, err);
}

static int add_entry(struct pw_adapter_output *output, struct samples *samples,
                     const struct pw_json *entry, struct pw_error *err)
{
    const char *name = pw_json_string(pw_json_get(entry, "run_name"));
    if (name == NULL) {
        name = pw_json_string(pw_json_get(entry, "name"));
    }
    if (name == NULL || *name == '\0') {
        return pw_error_set(err, PW_EFORMAT, WRONG "a benchmark has no 'name'");
    }
    if (is_true(entry, "error_occurred")) {
        return add_error(output, entry, name, err);
    }
    if (is_left_out(entry)) {
        return 0;
    }
    struct sample common = {.benchmark = name,
                            .is_aggregate = has_text(entry, "run_type", "aggregate")};
    int rc = check_times(entry, name, err);
    for (const struct pw_json *member = pw_json_first(entry); member != NULL && rc == 0;
         member = pw_json_next(member)) {
        bool is_measured =
            pw_json_type(member) == PW_JSON_NUMBER && !is_bookkeeping(pw_json_key(member));
        if (is_measured) {
            rc = add_number(samples, entry, &common, member, err);
        }
    }
    return rc;
}

static int collect(const struct pw_json *document, struct samples *samples,
                   struct pw_adapter_output *output, struct pw_error *err)
{
    const struct pw_json *list = pw_json_get(document, "benchmarks");
    if (list == NULL || pw_json_type(list) != PW_JSON_ARRAY) {
        return pw_error_set(err, PW_EFORMAT, WRONG "expected an object with an array 'benchmarks'");
    }
    int rc = 0;
    for (const struct pw_json *entry = pw_json_first(list); entry != NULL && rc == 0;
         entry = pw_json_next(entry)) {
        rc = add_entry(output, samples, entry, err);
    }
    return rc;
}

/* By benchmark and metric, repetitions before aggregates, small values first. */
static int compare_samples(const void *left, const void *right)
{
    const struct sample *a = left;
    const struct sample *b = right;
    int order = strcmp(a->benchmark, b->benchmark);
    if (order == 0) {
        order = strcmp(a->metric, b->metric);
    }
    if (order == 0) {
        order = (int)a->is_aggregate - (int)b->is_aggregate;
    }
    if (order == 0) {
        order = (a->value > b->value) - (a->value < b->value);
    }
    return order;
}

static int compare_orders(const void *left, const void *right)
{
    const struct sample *a = left;
    const struct sample *b = right;
    return (a->order > b->order) - (a->order < b->order);
}

static bool is_same_series(const struct sample *a, const struct sample *b)
{
    return strcmp(a->benchmark, b->benchmark) == 0 && strcmp(a->metric, b->metric) == 0;
}

static double median(const struct sample *sorted, size_t count)
{
    double middle = sorted[count / 2].value;
    /* halves, because a sum or a difference could overflow */
    return count % 2 == 1 ? middle : sorted[count / 2 - 1].value / 2 + middle / 2;
}

/* Leave one sample of each series, standing where its first one stood in the output. */
static void summarise(struct samples *samples)
{
    struct sample *items = samples->items;
    size_t kept = 0;
    assert(samples->count > 0 && items != NULL);
    qsort(items, samples->count, sizeof(items[0]), compare_samples);
    for (size_t first = 0, end = 0; first < samples->count; first = end) {
        size_t used = 0; /* repetitions, or aggregates where there are no repetitions */
        size_t order = SIZE_MAX;
        for (end = first; end < samples->count && is_same_series(&items[first], &items[end]);
             end++) {
            used += items[end].is_aggregate == items[first].is_aggregate;
            order = items[end].order < order ? items[end].order : order;
        }
        struct sample summary = items[first];
        summary.value = median(&items[first], used);
        summary.order = order;
        items[kept++] = summary;
    }
    samples->count = kept;
    qsort(items, kept, sizeof(items[0]), compare_orders);
}

static int fill(struct pw_adapter_output *out, const struct samples *samples, struct pw_error *err)
{
    int rc = 0;
    for (size_t i = 0; i < samples->count && rc == 0; i++) {
        const struct sample *sample = &samples->items[i];
        struct pw_adapter_value value = {.benchmark = sample->benchmark,
                                         .metric = sample->metric,
                                         .unit = sample->unit,
                                         .better = sample->better,
                                         .value = sample->value};
        rc = pw_adapter_add(out, &value, err);
    }
    return rc;
}

bool pw_adapter_recognise_google_benchmark(const char *text, size_t length)
{
    return pw_adapter_has_member(text, length, '{', "benchmarks") &&
           pw_adapter_has_member(text, length, '{', "real_time");
}

int pw_adapter_parse_google_benchmark(const char *text, size_t length,
                                      const struct pw_adapter_settings *settings,
                                      struct pw_adapter_output *out, struct pw_error *err)
{
    struct pw_adapter_output output = {.values = NULL};
    struct samples samples = {.items = NULL};
    struct pw_json *document = NULL;
    (void)settings;
    int status = pw_adapter_parse_json(text, length, FORMAT, &document, err);
    if (status == 0) {
        status = collect(document, &samples, &output, err);
    }
    if (status == 0 && samples.count > 0) {
        summarise(&samples);
        status = fill(&output, &samples, err);
    }
    pw_arena_release(&samples.arena);
    pw_json_free(document);
    return pw_adapter_finish(FORMAT, status, &output, out, err);
}
