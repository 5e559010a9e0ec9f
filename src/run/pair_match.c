/* Samples are only ever taken off the end, or off the beginning where they have no partner at all.
 */
#include "pair_match.h"

#include <stdlib.h>
#include <string.h>

static const char UNPAIRED[] = "the run of the other side did not give it";

/** Room for `count` items. @return false when out of memory, the array as it was */
static bool reserve(void **array, size_t *capacity, size_t count, size_t size)
{
    size_t larger = *capacity == 0 ? 16 : *capacity;
    void *grown;

    while (larger < count) {
        larger *= 2;
    }
    if (larger == *capacity) {
        return true;
    }
    grown = realloc(*array, larger * size);
    if (grown == NULL) {
        return false;
    }
    *array = grown;
    *capacity = larger;
    return true;
}

static struct pw_result_benchmark *entry_of(const struct pw_run_session *session, size_t index)
{
    return &session->suite->result->benchmarks[session->entries[index]];
}

static int reserve_all(struct pw_run_mark *mark, const struct pw_run_session *session,
                       struct pw_error *err)
{
    void *entries = mark->entries;
    void *counts = mark->counts;
    size_t series = 0;
    bool has_room =
        reserve(&entries, &mark->entry_capacity, session->entry_count, sizeof(*mark->entries));

    mark->entries = entries;
    for (size_t i = 0; i < session->entry_count; i++) {
        series += entry_of(session, i)->series_count;
    }
    has_room = has_room && reserve(&counts, &mark->count_capacity, series, sizeof(*mark->counts));
    mark->counts = counts;
    return has_room ? 0 : pw_error_set_no_memory(err);
}

int pw_run_mark_set(struct pw_run_mark *mark, const struct pw_run_session *session,
                    struct pw_error *err)
{
    size_t used = 0;
    int status = reserve_all(mark, session, err);

    if (status != 0) {
        return status;
    }
    for (size_t i = 0; i < session->entry_count; i++) {
        const struct pw_result_benchmark *entry = entry_of(session, i);

        mark->entries[i] = (struct pw_run_entry_mark){used, entry->series_count};
        for (size_t s = 0; s < entry->series_count; s++) {
            mark->counts[used++] = entry->series[s].count;
        }
    }
    mark->entry_count = session->entry_count;
    mark->runs_done = session->runs_done;
    return 0;
}

void pw_run_mark_release(struct pw_run_mark *mark)
{
    free(mark->entries);
    free(mark->counts);
    memset(mark, 0, sizeof(*mark));
}

/** What a series had at the mark; 0 for one that was made since. */
static size_t count_at(const struct pw_run_mark *mark, size_t entry, size_t series)
{
    if (entry >= mark->entry_count || series >= mark->entries[entry].series_count) {
        return 0;
    }
    return mark->counts[mark->entries[entry].first + series];
}

/** Take samples off the end. */
static void cut(struct pw_series *series, size_t count)
{
    if (series->count > count) {
        series->count = count;
        series->null_reason = count == 0 ? UNPAIRED : NULL;
    }
}

/** Take samples off the beginning. */
static void cut_first(struct pw_series *series, size_t count)
{
    if (count > 0 && count <= series->count) {
        memmove(series->samples, series->samples + count,
                (series->count - count) * sizeof(*series->samples));
        series->count -= count;
        series->null_reason = series->count == 0 ? UNPAIRED : NULL;
    }
}

void pw_run_mark_revert(const struct pw_run_mark *mark, struct pw_run_session *session)
{
    for (size_t i = 0; i < mark->entry_count; i++) {
        struct pw_result_benchmark *entry = entry_of(session, i);

        for (size_t s = 0; s < entry->series_count; s++) {
            cut(&entry->series[s], count_at(mark, i, s));
        }
    }
    if (session->entry_count > mark->entry_count) {
        /* Nobody else has added any since: they are the last ones. */
        session->suite->result->benchmark_count = session->entries[mark->entry_count];
        session->entry_count = mark->entry_count;
    }
    session->runs_done = mark->runs_done;
}

static void match_series(struct pw_series *base, size_t base_count, struct pw_series *head,
                         size_t head_count)
{
    if (base_count != head_count) {
        /* One side has had it for longer than the other, which has it since this pair. */
        cut_first(base, base_count);
        cut_first(head, head_count);
        base_count = 0;
        head_count = 0;
    }
    if (base->count - base_count != head->count - head_count) {
        cut(base, base_count);
        cut(head, head_count);
    }
}

/** The index of an entry, looked for from where it is likely; the count of all when there is none.
 */
static size_t find_entry(const struct pw_run_session *session, const char *id, size_t likely)
{
    for (size_t i = 0; i < session->entry_count; i++) {
        size_t at = (likely + i) % session->entry_count;

        if (strcmp(entry_of(session, at)->id, id) == 0) {
            return at;
        }
    }
    return session->entry_count;
}

/** The same for a series. */
static size_t find_series(const struct pw_result_benchmark *entry, const char *metric,
                          size_t likely)
{
    for (size_t i = 0; i < entry->series_count; i++) {
        size_t at = (likely + i) % entry->series_count;

        if (strcmp(entry->series[at].metric, metric) == 0) {
            return at;
        }
    }
    return entry->series_count;
}

void pw_run_mark_match(const struct pw_run_mark *base_mark, const struct pw_run_session *base,
                       const struct pw_run_mark *head_mark, const struct pw_run_session *head)
{
    size_t likely = 0;

    for (size_t i = 0; i < head->entry_count; i++) {
        struct pw_result_benchmark *entry = entry_of(head, i);
        size_t found = find_entry(base, entry->id, likely);
        struct pw_result_benchmark *other;

        if (found == base->entry_count) {
            continue;
        }
        likely = found + 1;
        other = entry_of(base, found);
        for (size_t s = 0; s < entry->series_count; s++) {
            size_t of_other = find_series(other, entry->series[s].metric, s);

            if (of_other < other->series_count) {
                match_series(&other->series[of_other], count_at(base_mark, found, of_other),
                             &entry->series[s], count_at(head_mark, i, s));
            }
        }
    }
}
