/* Patterns among the thresholds of pairs: what they match is known only once it was measured. */
#include <string.h>

#include "pairs.h"
#include "pattern.h"

static bool has_metric(const struct pw_pair_entry *entry, const char *metric)
{
    for (size_t i = 0; i < entry->metric_count; i++) {
        if (strcmp(entry->metrics[i]->threshold->metric, metric) == 0) {
            return true;
        }
    }
    return false;
}

static int add_metric(struct pw_gate_pairs *pairs, struct pw_pair_entry *entry,
                      const struct pw_threshold *pattern, size_t origin, const char *name,
                      struct pw_error *err)
{
    struct pw_pair_metric *metric = pw_arena_alloc(&pairs->arena, sizeof *metric);
    struct pw_threshold *threshold = pw_arena_alloc(&pairs->arena, sizeof *threshold);
    const char *copy = pw_arena_strdup(&pairs->arena, name);
    struct pw_pair_metric **grown =
        pw_arena_grow(&pairs->arena, (void *)entry->metrics, entry->metric_count,
                      &entry->metric_capacity, sizeof(metric));

    if (metric == NULL || threshold == NULL || copy == NULL || grown == NULL) {
        return pw_error_set_no_memory(err);
    }
    *threshold = pw_threshold_named(pattern, copy);
    metric->threshold = threshold;
    metric->origin = origin;
    entry->metrics = grown;
    grown[entry->metric_count++] = metric;
    return 0;
}

static int expand_entry(struct pw_gate_pairs *pairs, const struct pw_benchmark *benchmark,
                        struct pw_pair_entry *entry, int side, struct pw_error *err)
{
    const struct pw_result_benchmark *found = pw_pairs_entry(pairs, entry, side);
    int status = 0;

    if (found == NULL) {
        return 0;
    }
    for (size_t s = entry->expanded[side]; s < found->series_count && status == 0; s++) {
        for (size_t k = 0; k < benchmark->threshold_count && status == 0; k++) {
            const struct pw_threshold *threshold = &benchmark->thresholds[k];

            if (pw_threshold_is_pattern(threshold) &&
                pw_threshold_covers(benchmark->thresholds, benchmark->threshold_count, threshold,
                                    found->series[s].metric) &&
                !has_metric(entry, found->series[s].metric)) {
                status = add_metric(pairs, entry, threshold, k, found->series[s].metric, err);
            }
        }
    }
    entry->expanded[side] = found->series_count;
    return status;
}

int pw_pairs_expand(struct pw_gate_pairs *pairs, struct pw_pair_group *group, struct pw_error *err)
{
    const struct pw_benchmark *benchmark = group->benchmark;
    bool has_pattern = false;
    int status = 0;

    for (size_t k = 0; k < benchmark->threshold_count; k++) {
        has_pattern = has_pattern || pw_threshold_is_pattern(&benchmark->thresholds[k]);
    }
    for (size_t i = 0; has_pattern && i < group->entry_count; i++) {
        for (int side = 0; side < PW_PAIR_SIDES && status == 0; side++) {
            status = expand_entry(pairs, benchmark, &group->entries[i], side, err);
        }
    }
    return status;
}
