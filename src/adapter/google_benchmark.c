/*
 * Google Benchmark's JSON. Times per iteration become nanoseconds. Repetitions of a benchmark
 * inside one process become one value, their median, with all of them as its samples; the
 * aggregates beside them are not used. Of a process that prints aggregates alone the median is the
 * value, the others are "real_time/mean", "real_time/stddev", "real_time/cv". Complexity is
 * "real_coefficient", "cpu_coefficient" (of the time unit, at N = 1) and "rms".
 *
 * A benchmark that reports an error is a failure, one that skipped itself is left out.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "json_members.h"

#define FORMAT "google-benchmark"
#define WRONG  "output is not in format '" FORMAT "': "

/** A number of one entry, before repetitions are summarised. */
struct sample {
    const char *benchmark; /**< the name that all repetitions share; borrowed from the document */
    const char *metric;
    const char *suffix; /**< of an aggregate: "mean"; "" for the value itself */
    const char *unit;
    enum pw_better better;
    bool is_aggregate;
    bool is_ratio;   /**< whatever the number is called */
    bool is_dropped; /**< an aggregate beside repetitions */
    double value;
};

struct samples {
    struct pw_arena arena;
    struct sample *items;
    size_t count;
    size_t capacity;
    bool has_aggregates;
    struct pw_adapter_output *output; /**< for failures */
};

/** Members that are numbers but no measurements. */
static const char *const bookkeeping[] = {
    "family_index", "per_family_instance_index", "repetitions", "repetition_index", "threads",
    "iterations",
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
    {"cpu_coefficient", "ns", PW_BETTER_LOWER, true},
    {"real_coefficient", "ns", PW_BETTER_LOWER, true},
    {"rms", "ratio", PW_BETTER_LOWER, false},
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
    samples->count++;
    samples->has_aggregates = samples->has_aggregates || sample->is_aggregate;
    return 0;
}

/* @param common  what all numbers of the entry share: benchmark, suffix, is_… */
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
    if (sample.is_ratio) {
        sample.unit = "ratio";
        sample.better = PW_BETTER_LOWER;
    } else if (kind->is_time) {
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

/* The aggregate an entry is, "" for the median and what is none. */
static const char *find_suffix(const struct pw_json *entry)
{
    static const char *const whole[] = {"median", "BigO", "RMS"};
    const char *aggregate = pw_json_string(pw_json_get(entry, "aggregate_name"));
    if (!has_text(entry, "run_type", "aggregate") || aggregate == NULL) {
        return "";
    }
    for (size_t i = 0; i < PW_COUNT(whole); i++) {
        if (strcmp(whole[i], aggregate) == 0) {
            return "";
        }
    }
    return aggregate;
}

static bool is_complexity(const struct pw_json *entry)
{
    return pw_json_get(entry, "rms") != NULL || pw_json_get(entry, "real_coefficient") != NULL ||
           pw_json_get(entry, "cpu_coefficient") != NULL;
}

static int add_entry(struct samples *samples, const struct pw_json *entry, struct pw_error *err)
{
    const char *name = pw_json_string(pw_json_get(entry, "run_name"));
    if (name == NULL) {
        name = pw_json_string(pw_json_get(entry, "name"));
    }
    if (name == NULL || *name == '\0') {
        return pw_error_set(err, PW_EFORMAT, WRONG "a benchmark has no 'name'");
    }
    if (is_true(entry, "error_occurred")) {
        const char *message = pw_json_string(pw_json_get(entry, "error_message"));
        return pw_adapter_add_failure(samples->output, name, message == NULL ? "" : message, err);
    }
    const bool is_aggregate = has_text(entry, "run_type", "aggregate");
    const bool is_nameless = is_aggregate && pw_json_get(entry, "aggregate_name") == NULL;
    if (is_true(entry, "skipped") || is_nameless) {
        return 0;
    }
    struct sample common = {
        .benchmark = name, .suffix = find_suffix(entry), .is_aggregate = is_aggregate};
    common.is_ratio =
        has_text(entry, "aggregate_unit", "percentage") || strcmp(common.suffix, "cv") == 0;
    int rc = is_complexity(entry) ? 0 : check_times(entry, name, err);
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

static int collect(const struct pw_json *document, struct samples *samples, struct pw_error *err)
{
    const struct pw_json *list = pw_json_get(document, "benchmarks");
    if (list == NULL || pw_json_type(list) != PW_JSON_ARRAY) {
        return pw_error_set(err, PW_EFORMAT, WRONG "expected an object with an array 'benchmarks'");
    }
    int rc = 0;
    for (const struct pw_json *entry = pw_json_first(list); entry != NULL && rc == 0;
         entry = pw_json_next(entry)) {
        rc = add_entry(samples, entry, err);
    }
    return rc;
}

/* By benchmark, its repetitions before its aggregates. */
static int compare_samples(const void *left, const void *right)
{
    const struct sample *const *a = left;
    const struct sample *const *b = right;
    const int order = strcmp((*a)->benchmark, (*b)->benchmark);
    return order != 0 ? order : (int)(*a)->is_aggregate - (int)(*b)->is_aggregate;
}

/* Take the aggregates of benchmarks whose repetitions are there too out of the samples. */
static int drop_aggregates(struct samples *samples, struct pw_error *err)
{
    struct sample **sorted =
        pw_arena_array(&samples->arena, samples->count, sizeof(struct sample *));
    if (sorted == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < samples->count; i++) {
        sorted[i] = &samples->items[i];
    }
    qsort(sorted, samples->count, sizeof(sorted[0]), compare_samples);
    const struct sample *leader = sorted[0]; /* first of its benchmark */
    for (size_t i = 0; i < samples->count; i++) {
        leader = strcmp(leader->benchmark, sorted[i]->benchmark) == 0 ? leader : sorted[i];
        sorted[i]->is_dropped = leader->is_aggregate != sorted[i]->is_aggregate;
    }
    return 0;
}

static int add_value(struct pw_adapter_output *out, const struct sample *sample,
                     struct pw_error *err)
{
    const struct pw_adapter_value value = {
        .benchmark = sample->benchmark,
        .metric = *sample->suffix == '\0'
                      ? sample->metric
                      : pw_arena_printf(&out->arena, "%s/%s", sample->metric, sample->suffix),
        .unit = sample->unit,
        .better = sample->better,
        .value = sample->value,
    };
    return value.metric == NULL ? pw_error_set_no_memory(err) : pw_adapter_add(out, &value, err);
}

static int add_values(struct samples *samples, struct pw_error *err)
{
    int rc = samples->has_aggregates ? drop_aggregates(samples, err) : 0;
    for (size_t i = 0; rc == 0 && i < samples->count; i++) {
        if (!samples->items[i].is_dropped) {
            rc = add_value(samples->output, &samples->items[i], err);
        }
    }
    return rc == 0 ? pw_adapter_merge_repeated(samples->output, err) : rc;
}

/* machine_info is what pytest-benchmark has beside its benchmarks. */
bool pw_adapter_recognise_google_benchmark(const char *text, size_t length)
{
    return pw_adapter_has_member(text, length, '{', "benchmarks") &&
           (pw_adapter_has_member(text, length, '{', "real_time") ||
            pw_adapter_has_member(text, length, '{', "cpu_time")) &&
           !pw_adapter_has_member(text, length, '{', "machine_info");
}

int pw_adapter_parse_google_benchmark(const char *text, size_t length,
                                      const struct pw_adapter_settings *settings,
                                      struct pw_adapter_output *out, struct pw_error *err)
{
    struct pw_adapter_output output = {.values = NULL};
    struct samples samples = {.output = &output};
    struct pw_json *document = NULL;
    (void)settings;
    int status = pw_adapter_parse_json(text, length, FORMAT, &document, err);
    if (status == 0) {
        status = collect(document, &samples, err);
    }
    if (status == 0) {
        status = add_values(&samples, err);
    }
    pw_arena_release(&samples.arena);
    pw_json_free(document);
    return pw_adapter_finish(FORMAT, status, &output, out, err);
}
