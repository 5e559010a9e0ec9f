/*
 * Showing saved results pair by pair. Samples are never copied: a view's series point at the
 * recorded ones and end earlier.
 */
#include "replay_view.h"

#include <string.h>

/* Copy a result's entries and series, all of them empty. The full counts stay in the originals. */
static int copy_result(struct pw_replay_view *view, const struct pw_result *from,
                       struct pw_result *out, struct pw_error *err)
{
    *out = *from;
    memset(&out->arena, 0, sizeof out->arena);
    out->document = NULL;
    out->benchmarks =
        pw_arena_array(&view->arena, from->benchmark_count + 1, sizeof *out->benchmarks);
    if (out->benchmarks == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < from->benchmark_count; i++) {
        const struct pw_result_benchmark *entry = &from->benchmarks[i];
        struct pw_series *series =
            pw_arena_array(&view->arena, entry->series_count + 1, sizeof *series);
        if (series == NULL) {
            return pw_error_set_no_memory(err);
        }
        for (size_t k = 0; k < entry->series_count; k++) {
            series[k] = entry->series[k];
            series[k].capacity = series[k].count; /* what was recorded */
            series[k].count = 0;
        }
        out->benchmarks[i] = *entry;
        out->benchmarks[i].series = series;
    }
    return 0;
}

int pw_replay_view_init(struct pw_replay_view *view, const struct pw_result *base,
                        const struct pw_result *head, struct pw_error *err)
{
    int status;

    memset(view, 0, sizeof *view);
    status = copy_result(view, base, &view->base, err);
    if (status == 0) {
        status = copy_result(view, head, &view->head, err);
    }
    if (status != 0) {
        pw_replay_view_release(view);
    }
    return status;
}

void pw_replay_view_release(struct pw_replay_view *view)
{
    pw_arena_release(&view->arena);
    memset(view, 0, sizeof *view);
}

static void measure(struct pw_entry_group entries, size_t *series, size_t *pairs)
{
    for (size_t i = 0; i < entries.count; i++) {
        *series += entries.items[i]->series_count;
        for (size_t k = 0; k < entries.items[i]->series_count; k++) {
            const size_t recorded = entries.items[i]->series[k].capacity;
            *pairs = recorded > *pairs ? recorded : *pairs;
        }
    }
}

/* Whether the other side has as many samples of a metric, one for each pair. */
static bool is_paired(const struct pw_series *series, const char *id,
                      const struct pw_entries *other, size_t pairs)
{
    const struct pw_result_benchmark *entry = pw_entries_find(other, id);
    const struct pw_series *match =
        entry != NULL ? pw_result_benchmark_series(entry, series->metric) : NULL;

    return match != NULL && series->capacity == pairs && match->capacity == pairs;
}

static void sort_series(struct pw_entry_group entries, const struct pw_entries *other,
                        struct pw_replay_group *out)
{
    for (size_t i = 0; i < entries.count; i++) {
        for (size_t k = 0; k < entries.items[i]->series_count; k++) {
            struct pw_series *series = &entries.items[i]->series[k];
            const struct pw_replay_series found = {series, series->capacity};
            if (is_paired(series, entries.items[i]->id, other, out->pairs)) {
                out->growing[out->growing_count++] = found;
            } else {
                out->late[out->late_count++] = found;
            }
        }
    }
}

int pw_replay_group_init(struct pw_replay_view *view, const struct pw_entries *base,
                         const struct pw_entries *head, const char *declared,
                         struct pw_replay_group *out, struct pw_error *err)
{
    const struct pw_entry_group of_base = pw_entries_group(base, declared);
    const struct pw_entry_group of_head = pw_entries_group(head, declared);
    struct pw_replay_group group;
    size_t count = 0;

    memset(&group, 0, sizeof group);
    measure(of_base, &count, &group.pairs);
    measure(of_head, &count, &group.pairs);
    group.growing = pw_arena_array(&view->arena, count + 1, sizeof *group.growing);
    group.late = pw_arena_array(&view->arena, count + 1, sizeof *group.late);
    if (group.growing == NULL || group.late == NULL) {
        return pw_error_set_no_memory(err);
    }
    sort_series(of_base, head, &group);
    sort_series(of_head, base, &group);
    *out = group;
    return 0;
}

bool pw_replay_group_advance(struct pw_replay_group *group)
{
    if (group->shown == group->pairs) {
        return false;
    }
    group->shown++;
    for (size_t i = 0; i < group->growing_count; i++) {
        group->growing[i].series->count = group->shown;
    }
    return true;
}

void pw_replay_group_complete(struct pw_replay_group *group)
{
    for (size_t i = 0; i < group->late_count; i++) {
        group->late[i].series->count = group->late[i].recorded;
    }
}
