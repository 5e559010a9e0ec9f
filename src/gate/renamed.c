/*
 * A base under the names of today: what the configuration says of renamed benchmarks, applied to a
 * result as a whole. Stored sessions look an entry up instead (stored_series.c), for there are many
 * of them.
 */
#include "perfwarden/gate/renamed.h"

#include <string.h>

#include "entries.h"
#include "stored_series.h"

/** A renaming under way. */
struct renaming {
    const struct pw_result *base;
    struct pw_entries of_base;
    struct pw_entries of_head;
    struct pw_arena *arena;
    struct pw_result_benchmark
        *copies; /**< of the base's entries; NULL before the first renaming */
};

/* A shallow copy of all entries, made when the first has to change. */
static int copy_entries(struct renaming *renaming, struct pw_error *err)
{
    const size_t count = renaming->base->benchmark_count;

    if (renaming->copies != NULL) {
        return PW_OK;
    }
    renaming->copies = pw_arena_array(renaming->arena, count, sizeof *renaming->copies);
    if (renaming->copies == NULL) {
        return pw_error_set_no_memory(err);
    }
    memcpy(renaming->copies, renaming->base->benchmarks, count * sizeof *renaming->copies);
    return PW_OK;
}

/* What one process yielded has the new name as a whole. */
static int rename_group(struct renaming *renaming, const struct pw_benchmark *benchmark,
                        struct pw_entry_group group, struct pw_error *err)
{
    int status = copy_entries(renaming, err);

    for (size_t i = 0; i < group.count && status == PW_OK; i++) {
        const struct pw_result_benchmark *entry = group.items[i];
        struct pw_result_benchmark *copy =
            &renaming->copies[(size_t)(entry - renaming->base->benchmarks)];
        copy->id = pw_stored_id_today(renaming->arena, benchmark, entry);
        copy->name = benchmark->name;
        copy->declared = benchmark->id;
        status = copy->id == NULL ? pw_error_set_no_memory(err) : PW_OK;
    }
    return status;
}

/* The first former name that the base knows counts, unless it knows the new one too. One that head
 * still has is no former name there: head is older than the renaming. */
static int rename_benchmark(struct renaming *renaming, const struct pw_benchmark *benchmark,
                            struct pw_error *err)
{
    if (pw_entries_group(&renaming->of_base, benchmark->id).count > 0) {
        return PW_OK;
    }
    for (size_t i = 0; i < benchmark->renamed_from.count; i++) {
        const char *former = benchmark->renamed_from.items[i];
        const struct pw_entry_group group = pw_entries_group(&renaming->of_base, former);
        if (group.count > 0) {
            return pw_entries_group(&renaming->of_head, former).count > 0
                       ? PW_OK
                       : rename_group(renaming, benchmark, group, err);
        }
    }
    return PW_OK;
}

int pw_gate_rename_base(const struct pw_config *config, const struct pw_result *base,
                        const struct pw_result *head, struct pw_arena *arena, struct pw_result *out,
                        struct pw_error *err)
{
    struct renaming renaming = {.base = base, .arena = arena};
    int status = pw_entries_init(&renaming.of_base, base, err);

    if (status == PW_OK) {
        status = pw_entries_init(&renaming.of_head, head, err);
    }
    for (size_t i = 0; i < config->benchmark_count && status == PW_OK; i++) {
        if (config->benchmarks[i].renamed_from.count > 0) {
            status = rename_benchmark(&renaming, &config->benchmarks[i], err);
        }
    }
    if (status == PW_OK) {
        *out = *base;
        out->benchmarks = renaming.copies != NULL ? renaming.copies : base->benchmarks;
    }
    pw_entries_release(&renaming.of_base);
    pw_entries_release(&renaming.of_head);
    return status;
}
