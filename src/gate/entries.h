/* Finding the benchmarks of a result quickly: by id, and all that one configured benchmark yielded.
 */
#ifndef PERFWARDEN_GATE_ENTRIES_H
#define PERFWARDEN_GATE_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/config.h"
#include "perfwarden/result.h"

/** Indexes of a result, which is borrowed. */
struct pw_entries {
    const struct pw_result *result;
    const struct pw_result_benchmark **by_id;
    const struct pw_result_benchmark **by_declared; /**< in the result's order within a group */
};

/** What one configured benchmark yielded. */
struct pw_entry_group {
    const struct pw_result_benchmark *const *items;
    size_t count;
};

/** @return 0; PW_ENOMEM */
int pw_entries_init(struct pw_entries *entries, const struct pw_result *result,
                    struct pw_error *err) PW_MUST_CHECK;
void pw_entries_release(struct pw_entries *entries);

/** @return NULL when there is none */
const struct pw_result_benchmark *pw_entries_find(const struct pw_entries *entries, const char *id);

/** The entries of a configured benchmark; none when it was not measured. */
struct pw_entry_group pw_entries_group(const struct pw_entries *entries, const char *declared);

/** True for the first entry of its group: what concerns the group is said there, once. */
bool pw_entries_is_first(const struct pw_entries *entries, const struct pw_result_benchmark *entry);

/** True when the filters select an entry, by the id and name it is declared with. */
bool pw_entry_is_selected(const struct pw_result_benchmark *entry, const char *const *filters,
                          size_t count);

/** True when two entries executed the same words. */
bool pw_entry_has_same_command(const struct pw_result_benchmark *a,
                               const struct pw_result_benchmark *b);

/**
 * Why a base without values of a metric has none.
 *
 * @param series  the base's; NULL where there is not even one
 * @return the reason that was recorded, else `otherwise`
 */
const char *pw_series_emptiness(struct pw_arena *arena, const char *base_name,
                                const struct pw_series *series, const char *otherwise);

/**
 * Why two series of one metric cannot be compared: another unit, source or direction.
 *
 * @param arena      for the text
 * @param base_name  what messages call the base: "the base", "the baseline"
 * @return NULL when they can
 */
const char *pw_series_obstacle(struct pw_arena *arena, const char *base_name,
                               const struct pw_series *base, const struct pw_series *head);

/** One line on why an entry was not measured. */
const char *pw_entry_failure(const struct pw_result_benchmark *entry);

#endif
