/*
 * Indexes over a result's benchmarks, so that large suites with twenty sessions stay quick.
 *
 * Owns two sorted arrays of borrowed pointers. Decides nothing.
 */
#include "entries.h"

#include <stdlib.h>
#include <string.h>

static int compare_ids(const void *left, const void *right)
{
    const struct pw_result_benchmark *const *a = left;
    const struct pw_result_benchmark *const *b = right;

    return strcmp((*a)->id, (*b)->id);
}

/* Entries of a result are one array, so their addresses are in its order. */
static int compare_declared(const void *left, const void *right)
{
    const struct pw_result_benchmark *const *a = left;
    const struct pw_result_benchmark *const *b = right;
    const int order = strcmp((*a)->declared, (*b)->declared);

    return order != 0 ? order : (*a > *b) - (*a < *b);
}

int pw_entries_init(struct pw_entries *entries, const struct pw_result *result,
                    struct pw_error *err)
{
    const size_t count = result->benchmark_count;

    entries->result = result;
    entries->by_id = calloc(count + 1, sizeof *entries->by_id);
    entries->by_declared = calloc(count + 1, sizeof *entries->by_declared);
    if (entries->by_id == NULL || entries->by_declared == NULL) {
        pw_entries_release(entries);
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        entries->by_id[i] = entries->by_declared[i] = &result->benchmarks[i];
    }
    qsort(entries->by_id, count, sizeof *entries->by_id, compare_ids);
    qsort(entries->by_declared, count, sizeof *entries->by_declared, compare_declared);
    return 0;
}

void pw_entries_release(struct pw_entries *entries)
{
    free(entries->by_id);
    free(entries->by_declared);
    entries->by_id = entries->by_declared = NULL;
}

const struct pw_result_benchmark *pw_entries_find(const struct pw_entries *entries, const char *id)
{
    struct pw_result_benchmark wanted;
    const struct pw_result_benchmark *key = &wanted;
    const struct pw_result_benchmark **found;

    memset(&wanted, 0, sizeof wanted);
    wanted.id = id;
    found =
        bsearch(&key, entries->by_id, entries->result->benchmark_count, sizeof key, compare_ids);
    return found != NULL ? *found : NULL;
}

/* The first place whose declared id is not below `declared`. */
static size_t lower_bound(const struct pw_entries *entries, const char *declared)
{
    size_t low = 0;
    size_t high = entries->result->benchmark_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (strcmp(entries->by_declared[middle]->declared, declared) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

struct pw_entry_group pw_entries_group(const struct pw_entries *entries, const char *declared)
{
    const size_t start = lower_bound(entries, declared);
    struct pw_entry_group group = {entries->by_declared + start, 0};

    while (start + group.count < entries->result->benchmark_count &&
           strcmp(group.items[group.count]->declared, declared) == 0) {
        group.count++;
    }
    return group;
}

bool pw_entries_is_first(const struct pw_entries *entries, const struct pw_result_benchmark *entry)
{
    return entries->by_declared[lower_bound(entries, entry->declared)] == entry;
}

bool pw_entry_is_selected(const struct pw_result_benchmark *entry, const char *const *filters,
                          size_t count)
{
    struct pw_benchmark named;

    memset(&named, 0, sizeof named);
    named.id = entry->declared;
    named.name = entry->name;
    return pw_benchmark_is_selected(&named, filters, count);
}

bool pw_entry_has_same_command(const struct pw_result_benchmark *a,
                               const struct pw_result_benchmark *b)
{
    if (a->command_count != b->command_count) {
        return false;
    }
    for (size_t i = 0; i < a->command_count; i++) {
        if (strcmp(a->command[i], b->command[i]) != 0) {
            return false;
        }
    }
    return true;
}

const char *pw_entry_failure(const struct pw_result_benchmark *entry)
{
    return entry->error != NULL ? entry->error : pw_measured_name(entry->status);
}

const char *pw_series_emptiness(struct pw_arena *arena, const char *base_name,
                                const struct pw_series *series, const char *otherwise)
{
    const char *text = NULL;

    if (series != NULL && series->count == 0 && series->null_reason != NULL) {
        text = pw_arena_printf(arena, "%s has no value: %s", base_name, series->null_reason);
    }
    return text != NULL ? text : otherwise;
}

const char *pw_series_obstacle(struct pw_arena *arena, const char *base_name,
                               const struct pw_series *base, const struct pw_series *head)
{
    bool has_sources = base->source != NULL && head->source != NULL;
    const char *text;

    if (strcmp(base->unit, head->unit) != 0) {
        text = pw_arena_printf(arena, "%s was measured in '%s', the head in '%s': not comparable",
                               base_name, base->unit, head->unit);
    } else if (has_sources && strcmp(base->source, head->source) != 0) {
        text = pw_arena_printf(arena,
                               "%s was measured by '%s', the head by '%s': different sources are "
                               "never compared",
                               base_name, base->source, head->source);
    } else if (base->better != head->better) {
        text = pw_arena_printf(arena, "%s has another direction, %s is better: not comparable",
                               base_name, pw_better_name(base->better));
    } else {
        return NULL;
    }
    return text != NULL ? text : "measured in another unit or by another source: not comparable";
}
