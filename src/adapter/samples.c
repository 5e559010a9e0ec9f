/* Repetitions inside one process become one value: their median, with all of them beside it. */
#include <stdlib.h>
#include <string.h>

#include "formats.h"

/** A single measurement. */
struct pw_adapter_sample {
    const char *benchmark;
    const char *metric;
    const char *unit;
    enum pw_better better;
    double value;
    size_t order; /**< position in the output */
};

int pw_adapter_samples_add(struct pw_adapter_samples *samples, const struct pw_adapter_value *value,
                           struct pw_error *err)
{
    const struct pw_adapter_sample sample = {
        .benchmark = pw_arena_strdup(&samples->arena, value->benchmark),
        .metric = pw_arena_strdup(&samples->arena, value->metric),
        .unit = pw_arena_strdup(&samples->arena, value->unit),
        .better = value->better,
        .value = value->value,
        .order = samples->count,
    };
    struct pw_adapter_sample *grown = pw_arena_grow(&samples->arena, samples->items, samples->count,
                                                    &samples->capacity, sizeof(sample));
    if (grown == NULL || sample.benchmark == NULL || sample.metric == NULL || sample.unit == NULL) {
        return pw_error_set_no_memory(err);
    }
    samples->items = grown;
    grown[samples->count++] = sample;
    return 0;
}

static int compare_names(const struct pw_adapter_sample *a, const struct pw_adapter_sample *b)
{
    const int order = strcmp(a->benchmark, b->benchmark);
    return order != 0 ? order : strcmp(a->metric, b->metric);
}

static int compare_samples(const void *left, const void *right)
{
    const struct pw_adapter_sample *a = left;
    const struct pw_adapter_sample *b = right;
    const int order = compare_names(a, b);
    return order != 0 ? order : (a->order > b->order) - (a->order < b->order);
}

/** The samples of one metric: a range of the sorted ones. */
struct range {
    size_t first;
    size_t count;
    size_t order; /**< of the first in the output */
};

static int compare_ranges(const void *left, const void *right)
{
    const struct range *a = left;
    const struct range *b = right;
    return (a->order > b->order) - (a->order < b->order);
}

static int compare_doubles(const void *left, const void *right)
{
    const double *a = left;
    const double *b = right;
    return (*a > *b) - (*a < *b);
}

double pw_adapter_median(double *values, size_t count)
{
    qsort(values, count, sizeof(values[0]), compare_doubles);
    const double middle = values[count / 2];
    /* halves, because a sum or a difference could overflow */
    return count % 2 == 1 ? middle : values[count / 2 - 1] / 2 + middle / 2;
}

static int add_range(const struct pw_adapter_sample *first, size_t count, double *values,
                     double *sorted, struct pw_adapter_output *output, struct pw_error *err)
{
    for (size_t i = 0; i < count; i++) {
        values[i] = sorted[i] = first[i].value;
    }
    const struct pw_adapter_value value = {.benchmark = first->benchmark,
                                           .metric = first->metric,
                                           .unit = first->unit,
                                           .better = first->better,
                                           .value = pw_adapter_median(sorted, count),
                                           .samples = values,
                                           .sample_count = count};
    return pw_adapter_add(output, &value, err);
}

int pw_adapter_samples_summarise(struct pw_adapter_samples *samples,
                                 struct pw_adapter_output *output, struct pw_error *err)
{
    struct pw_adapter_sample *items = samples->items;
    const size_t count = samples->count;
    if (count == 0) {
        return 0;
    }
    struct range *ranges = pw_arena_array(&samples->arena, count, sizeof(*ranges));
    double *values = pw_arena_array(&samples->arena, count, sizeof(*values));
    double *sorted = pw_arena_array(&samples->arena, count, sizeof(*sorted));
    size_t range_count = 0;
    if (ranges == NULL || values == NULL || sorted == NULL) {
        return pw_error_set_no_memory(err);
    }
    qsort(items, count, sizeof(items[0]), compare_samples);
    for (size_t first = 0, end = 0; first < count; first = end) {
        for (end = first; end < count && compare_names(&items[first], &items[end]) == 0; end++) {
        }
        ranges[range_count++] = (struct range){first, end - first, items[first].order};
    }
    qsort(ranges, range_count, sizeof(ranges[0]), compare_ranges);
    int status = 0;
    for (size_t i = 0; status == 0 && i < range_count; i++) {
        status = add_range(&items[ranges[i].first], ranges[i].count, values, sorted, output, err);
    }
    return status;
}

void pw_adapter_samples_release(struct pw_adapter_samples *samples)
{
    pw_arena_release(&samples->arena);
    *samples = (struct pw_adapter_samples){.items = NULL};
}
