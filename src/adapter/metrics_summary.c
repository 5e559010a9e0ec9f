/* The metrics that come of what a file tells: op/<name>/p95, cache/<tier>/hit_rate, … */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "metrics_reader.h"

#define NS_PER_S 1e9

bool pw_metrics_emit(struct pw_metrics_reader *reader, const char *variant, const char *metric,
                     const char *unit, enum pw_better better, double value)
{
    struct pw_metrics *out = &reader->out;
    struct pw_metrics_value *grown;

    if (!isfinite(value)) {
        pw_metrics_refuse(reader, "'%s' is too large a sum", metric);
        return pw_metrics_count_bad(reader, 0);
    }
    grown = pw_arena_grow(&out->arena, out->values, out->value_count, &reader->value_capacity,
                          sizeof(*grown));
    if (grown == NULL) {
        return pw_metrics_fail_memory(reader);
    }
    out->values = grown;
    grown[out->value_count] = (struct pw_metrics_value){
        pw_arena_strdup(&out->arena, variant), pw_arena_strdup(&out->arena, metric),
        pw_arena_strdup(&out->arena, unit), better, value};
    if (grown[out->value_count].variant == NULL || grown[out->value_count].metric == NULL ||
        grown[out->value_count].unit == NULL) {
        return pw_metrics_fail_memory(reader);
    }
    out->value_count++;
    return true;
}

/** Emit "<prefix>/<name>/<part>"; without the last where `part` is NULL. */
static bool emit_part(struct pw_metrics_reader *reader, const char *prefix, const char *name,
                      const char *part, const char *unit, enum pw_better better, double value)
{
    const char *metric = part == NULL
                             ? pw_arena_printf(&reader->work, "%s/%s", prefix, name)
                             : pw_arena_printf(&reader->work, "%s/%s/%s", prefix, name, part);

    return metric == NULL ? pw_metrics_fail_memory(reader)
                          : pw_metrics_emit(reader, "", metric, unit, better, value);
}

/** The middle of a bucket: below 128 of one value, then 64 for each power of two. */
static double bucket_middle(size_t index)
{
    double width;

    if (index < 128) {
        return (double)index;
    }
    width = ldexp(1.0, (int)((index - 128) / 64) + 1);
    return (double)(64 + (index - 128) % 64) * width + (width - 1) / 2;
}

static double histogram_total(const struct pw_metrics_operation *operation)
{
    double total = 0;

    for (size_t i = 0; i < PW_METRICS_BUCKETS; i++) {
        const uint64_t *page = operation->pages[i / PW_METRICS_PAGE];

        total += page != NULL ? (double)page[i % PW_METRICS_PAGE] : 0;
    }
    return total;
}

/** By nearest rank, and never beyond the extremes, which are exact. */
static double percentile(const struct pw_metrics_operation *operation, double total, double share)
{
    double left = fmax(1.0, ceil(share * total));
    double value = (double)operation->max_ns;

    for (size_t i = 0; i < PW_METRICS_BUCKETS; i++) {
        const uint64_t *page = operation->pages[i / PW_METRICS_PAGE];

        left -= page != NULL ? (double)page[i % PW_METRICS_PAGE] : 0;
        if (left <= 0) {
            value = bucket_middle(i);
            break;
        }
    }
    return fmin(fmax(value, (double)operation->min_ns), (double)operation->max_ns);
}

static bool emit_percentiles(struct pw_metrics_reader *reader, const char *name,
                             const struct pw_metrics_operation *operation)
{
    static const struct {
        const char *name;
        double share;
    } SHARES[] = {{"p50", 0.5}, {"p95", 0.95}, {"p99", 0.99}, {"p99.9", 0.999}};
    const double total = histogram_total(operation);
    bool is_done = true;

    for (size_t i = 0; is_done && total > 0 && i < PW_COUNT(SHARES); i++) {
        is_done = emit_part(reader, "op", name, SHARES[i].name, "ns", PW_BETTER_LOWER,
                            percentile(operation, total, SHARES[i].share));
    }
    return is_done;
}

static bool emit_operation(struct pw_metrics_reader *reader, const struct pw_metrics_entry *entry)
{
    const struct pw_metrics_operation *operation = entry->operation;
    const double calls = (double)operation->calls;
    const double mean = operation->sum_ns / calls;
    const double variance = operation->sum_squares_ns2 / calls - mean * mean;
    const struct {
        const char *name;
        const char *unit;
        enum pw_better better;
        bool is_there;
        double value;
    } parts[] = {
        {"calls", "count", PW_BETTER_LOWER, true, calls},
        {"mean", "ns", PW_BETTER_LOWER, true, mean},
        {"min", "ns", PW_BETTER_LOWER, true, (double)operation->min_ns},
        {"max", "ns", PW_BETTER_LOWER, true, (double)operation->max_ns},
        {"stddev", "ns", PW_BETTER_LOWER, true, variance > 0 ? sqrt(variance) : 0},
        {"calls_per_second", "1/s", PW_BETTER_HIGHER, operation->elapsed_ns > 0,
         calls / (double)operation->elapsed_ns * NS_PER_S},
        {"success_rate", "ratio", PW_BETTER_HIGHER, true,
         (calls - (double)operation->failures) / calls},
        {"memory_per_call", "bytes", PW_BETTER_LOWER, operation->has_memory,
         operation->memory_bytes / calls},
    };
    bool is_done = true;

    if (operation->calls == 0) {
        return true;
    }
    for (size_t i = 0; is_done && i < PW_COUNT(parts); i++) {
        if (parts[i].is_there) {
            is_done = emit_part(reader, "op", entry->name, parts[i].name, parts[i].unit,
                                parts[i].better, parts[i].value);
        }
    }
    return is_done && emit_percentiles(reader, entry->name, operation);
}

static bool emit_cache(struct pw_metrics_reader *reader, const struct pw_metrics_entry *entry)
{
    const double all = entry->sums[0] + entry->sums[1];

    return emit_part(reader, "cache", entry->name, "hits", "count", PW_BETTER_HIGHER,
                     entry->sums[0]) &&
           emit_part(reader, "cache", entry->name, "misses", "count", PW_BETTER_LOWER,
                     entry->sums[1]) &&
           (!(all > 0) || emit_part(reader, "cache", entry->name, "hit_rate", "ratio",
                                    PW_BETTER_HIGHER, entry->sums[0] / all));
}

static bool emit_bytes(struct pw_metrics_reader *reader, const struct pw_metrics_entry *entry)
{
    return emit_part(reader, "bytes", entry->name, NULL, "bytes", PW_BETTER_LOWER,
                     entry->sums[0]) &&
           (!(entry->latest[0] > 0) ||
            emit_part(reader, "bandwidth", entry->name, NULL, "bytes/s", PW_BETTER_HIGHER,
                      entry->sums[0] / entry->latest[0] * NS_PER_S));
}

static bool emit_memory(struct pw_metrics_reader *reader, const struct pw_metrics_entry *entry)
{
    static const char *const PARTS[] = {"heap", "rss"};
    bool is_done = true;

    for (int i = 0; is_done && i < 2; i++) {
        is_done = !entry->has[i] || emit_part(reader, "memory", entry->name, PARTS[i], "bytes",
                                              PW_BETTER_LOWER, entry->latest[i]);
    }
    return is_done;
}

static bool emit_counter(struct pw_metrics_reader *reader, const struct pw_metrics_entry *entry)
{
    return emit_part(reader, "counter", entry->name, NULL, entry->base, entry->better,
                     entry->sums[0]);
}

static bool emit_gauge(struct pw_metrics_reader *reader, const struct pw_metrics_entry *entry)
{
    return emit_part(reader, "gauge", entry->name, NULL, entry->base, entry->better,
                     entry->latest[0]);
}

static int compare_calls(const void *left, const void *right)
{
    const struct pw_metrics_call *a = left;
    const struct pw_metrics_call *b = right;

    return (a->start_ns > b->start_ns) - (a->start_ns < b->start_ns);
}

int pw_metrics_summarise(struct pw_metrics_reader *reader, struct pw_error *err)
{
    static bool (*const EMIT[])(struct pw_metrics_reader *, const struct pw_metrics_entry *) = {
        [PW_METRICS_OPERATION] = emit_operation, [PW_METRICS_COUNTER] = emit_counter,
        [PW_METRICS_GAUGE] = emit_gauge,         [PW_METRICS_BYTES] = emit_bytes,
        [PW_METRICS_CACHE] = emit_cache,         [PW_METRICS_MEMORY] = emit_memory,
    };
    bool is_done = pw_metrics_summarise_values(reader);

    for (size_t i = 0; is_done && i < reader->count; i++) {
        const struct pw_metrics_entry *entry = reader->entries[i];

        if (entry->kind < PW_COUNT(EMIT) && EMIT[entry->kind] != NULL) {
            is_done = EMIT[entry->kind](reader, entry);
        }
    }
    if (!is_done || !pw_metrics_summarise_errors(reader) || reader->is_out_of_memory) {
        return pw_error_set_no_memory(err);
    }
    if (reader->out.call_count > 0) {
        qsort(reader->out.calls, reader->out.call_count, sizeof(*reader->out.calls), compare_calls);
    }
    return 0;
}
