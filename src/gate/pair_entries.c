/*
 * Finding what the processes of a benchmark yielded in two results that grow and are sorted in the
 * end: places are remembered and checked by the id, so that the usual look-up costs one comparison.
 */
#include <stdlib.h>
#include <string.h>

#include "entries.h"
#include "pairs.h"

static int compare_declared(const void *key, const void *element)
{
    const struct pw_pair_group *const *group = element;

    return strcmp(key, (*group)->declared);
}

struct pw_pair_group *pw_pairs_group(const struct pw_gate_pairs *pairs, const char *declared)
{
    struct pw_pair_group **found =
        bsearch(declared, pairs->by_id, pairs->group_count, sizeof *pairs->by_id, compare_declared);

    return found != NULL ? *found : NULL;
}

static struct pw_pair_entry *add_entry(struct pw_gate_pairs *pairs, struct pw_pair_group *group,
                                       const char *id)
{
    const size_t count = group->benchmark->threshold_count;
    struct pw_pair_metric *metrics = pw_arena_array(&pairs->arena, count + 1, sizeof *metrics);
    struct pw_pair_metric **list = pw_arena_array(&pairs->arena, count + 1, sizeof(metrics));
    struct pw_pair_entry *entries;

    if (metrics == NULL || list == NULL) {
        return NULL;
    }
    entries = pw_arena_grow(&pairs->arena, group->entries, group->entry_count,
                            &group->entry_capacity, sizeof *entries);
    if (entries == NULL) {
        return NULL;
    }
    group->entries = entries;
    for (size_t i = 0; i < count; i++) {
        metrics[i].threshold = &group->benchmark->thresholds[i];
        metrics[i].origin = i;
        list[i] = &metrics[i];
    }
    entries[group->entry_count] =
        (struct pw_pair_entry){.id = id,
                               .places = {PW_PAIR_NOWHERE, PW_PAIR_NOWHERE},
                               .metrics = list,
                               .metric_count = count,
                               .metric_capacity = count + 1};
    return &entries[group->entry_count++];
}

static int take_entry(struct pw_gate_pairs *pairs, int side, size_t place, struct pw_error *err)
{
    const struct pw_result_benchmark *found = &pairs->results[side]->benchmarks[place];
    struct pw_pair_group *group = pw_pairs_group(pairs, found->declared);
    struct pw_pair_entry *entry = NULL;

    if (group == NULL) {
        return 0;
    }
    for (size_t i = 0; i < group->entry_count && entry == NULL; i++) {
        if (strcmp(group->entries[i].id, found->id) == 0) {
            entry = &group->entries[i];
        }
    }
    if (entry == NULL) {
        entry = add_entry(pairs, group, found->id);
    }
    if (entry == NULL) {
        return pw_error_set_no_memory(err);
    }
    entry->places[side] = place;
    return 0;
}

int pw_pairs_take_entries(struct pw_gate_pairs *pairs, struct pw_error *err)
{
    int status = 0;

    for (int side = 0; side < PW_PAIR_SIDES; side++) {
        const size_t count = pairs->results[side]->benchmark_count;
        if (pairs->seen[side] > count) {
            pairs->seen[side] = 0;
        }
        while (pairs->seen[side] < count && status == 0) {
            status = take_entry(pairs, side, pairs->seen[side]++, err);
        }
    }
    return status;
}

int pw_pairs_find_entries(struct pw_gate_pairs *pairs, struct pw_error *err)
{
    for (size_t i = 0; i < pairs->group_count; i++) {
        for (size_t k = 0; k < pairs->groups[i].entry_count; k++) {
            struct pw_pair_entry *entry = &pairs->groups[i].entries[k];
            entry->places[PW_PAIR_BASE] = entry->places[PW_PAIR_HEAD] = PW_PAIR_NOWHERE;
        }
    }
    memset(pairs->seen, 0, sizeof pairs->seen);
    return pw_pairs_take_entries(pairs, err);
}

const struct pw_result_benchmark *pw_pairs_entry(const struct pw_gate_pairs *pairs,
                                                 struct pw_pair_entry *entry, int side)
{
    const struct pw_result *result = pairs->results[side];
    const struct pw_result_benchmark *found;

    if (entry->places[side] == PW_PAIR_NOWHERE) {
        return NULL;
    }
    if (entry->places[side] < result->benchmark_count) {
        found = &result->benchmarks[entry->places[side]];
        if (found->id == entry->id || strcmp(found->id, entry->id) == 0) {
            return found;
        }
    }
    found = pw_result_find(result, entry->id);
    if (found != NULL) {
        entry->places[side] = (size_t)(found - result->benchmarks);
    }
    return found;
}

const struct pw_result_benchmark *pw_pairs_process(const struct pw_gate_pairs *pairs,
                                                   struct pw_pair_group *group, int side)
{
    for (size_t i = 0; i < group->entry_count; i++) {
        if (strcmp(group->entries[i].id, group->declared) == 0) {
            return pw_pairs_entry(pairs, &group->entries[i], side);
        }
    }
    return NULL;
}

bool pw_pairs_has_failed(const struct pw_gate_pairs *pairs, struct pw_pair_group *group)
{
    for (int side = 0; side < PW_PAIR_SIDES; side++) {
        const struct pw_result_benchmark *process = pw_pairs_process(pairs, group, side);
        if (process != NULL && process->status != PW_MEASURED_OK) {
            return true;
        }
    }
    return false;
}
