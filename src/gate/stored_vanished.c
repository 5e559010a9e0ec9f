/*
 * What stored sessions have and the head has not. A session may have been stored with a filter, and
 * so says nothing by what it lacks: the nearest that knows a benchmark at all is asked about it.
 */
#include "stored_vanished.h"

#include <string.h>

#include "acceptance.h"
#include "comparison.h"
#include "stored_series.h"

/* Whether a session nearer than that at `index` has anything of a benchmark, under any name. */
static bool is_known_nearer(const struct pw_vanished_scene *scene, size_t index,
                            const struct pw_benchmark *benchmark, const char *declared)
{
    for (size_t i = 0; i < index; i++) {
        const struct pw_entries *session = &scene->sessions[i];
        if (pw_entries_group(session, declared).count > 0) {
            return true;
        }
        if (benchmark == NULL) {
            continue;
        }
        if (pw_entries_group(session, benchmark->id).count > 0) {
            return true;
        }
        for (size_t k = 0; k < benchmark->renamed_from.count; k++) {
            if (pw_entries_group(session, benchmark->renamed_from.items[k]).count > 0) {
                return true;
            }
        }
    }
    return false;
}

/* Whether its removal was accepted after the session was measured. */
static bool was_given_up(const struct pw_vanished_scene *scene, size_t index,
                         const struct pw_result_benchmark *entry)
{
    const struct pw_acceptances *past = scene->options->past;

    for (size_t i = 0; past != NULL && i < past->count; i++) {
        const struct pw_acceptance *item = &past->items[i];
        if (item->metric == NULL && (item->older & (UINT32_C(1) << index)) != 0 &&
            pw_acceptance_means(item, NULL, entry->id, entry->declared)) {
            return true;
        }
    }
    return false;
}

/* A benchmark that the configuration has no more: said once, for all that it yielded. */
static int add_whole(const struct pw_vanished_scene *scene, size_t index,
                     const struct pw_result_benchmark *entry, struct pw_error *err)
{
    const struct pw_comparison_row lost = {.benchmark = entry->declared,
                                           .verdict = PW_VERDICT_MISSING};
    struct pw_strbuf reason = PW_STRBUF_INIT;
    int status;

    if (!pw_entries_is_first(&scene->sessions[index], entry)) {
        return 0;
    }
    pw_strbuf_puts(&reason, "the baseline has this benchmark, the configuration has not: restore "
                            "it, or give it up by a commit with the trailer '");
    pw_acceptance_advise(&lost, &reason);
    pw_strbuf_putc(&reason, '\'');
    status = pw_strbuf_check(&reason, err);
    if (status == 0) {
        status = pw_comparison_add_whole(scene->out, entry->declared, PW_VERDICT_MISSING,
                                         pw_strbuf_text(&reason), err);
    }
    pw_strbuf_release(&reason);
    return status;
}

static bool has_failure(struct pw_entry_group group)
{
    for (size_t i = 0; i < group.count; i++) {
        if (group.items[i]->status != PW_MEASURED_OK) {
            return true;
        }
    }
    return false;
}

/* An entry whose benchmark the head has, be it under a new name. */
static int check_part(const struct pw_vanished_scene *scene,
                      const struct pw_result_benchmark *entry, const struct pw_benchmark *benchmark,
                      const char *id, struct pw_error *err)
{
    const struct pw_entry_group group = pw_entries_group(scene->head, benchmark->id);

    /* A benchmark that failed or did not run has its own row already. */
    if (group.count == 0 || has_failure(group) || entry->status != PW_MEASURED_OK ||
        pw_entries_find(scene->head, id) != NULL) {
        return 0;
    }
    return pw_comparison_add_entry(scene->out, entry, PW_VERDICT_MISSING,
                                   "the baseline has this benchmark, the head's output no longer "
                                   "reports it",
                                   err);
}

static int check_entry(const struct pw_vanished_scene *scene, size_t index,
                       const struct pw_result_benchmark *entry, struct pw_error *err)
{
    const struct pw_gate_options *options = scene->options;
    const struct pw_benchmark *benchmark = pw_config_find(options->config, entry->declared);
    const bool is_renamed = benchmark == NULL;
    const char *id = entry->id;

    if (!pw_entry_is_selected(entry, options->filters, options->filter_count)) {
        return 0;
    }
    if (is_renamed) {
        benchmark = pw_config_find_renamed(options->config, entry->declared);
    }
    if (is_known_nearer(scene, index, benchmark, entry->declared) ||
        was_given_up(scene, index, entry)) {
        return 0;
    }
    if (benchmark == NULL) { /* the first shard says it for all */
        return options->shard == NULL || options->shard->index == 1
                   ? add_whole(scene, index, entry, err)
                   : 0;
    }
    if (is_renamed) {
        id = pw_stored_id_today(&scene->out->arena, benchmark, entry);
        if (id == NULL) {
            return pw_error_set_no_memory(err);
        }
        if (pw_entries_group(&scene->sessions[index], benchmark->id).count > 0 ||
            !pw_benchmark_is_selected(benchmark, options->filters, options->filter_count)) {
            return 0; /* what it has under its new name counts */
        }
    }
    return check_part(scene, entry, benchmark, id, err);
}

int pw_stored_check_vanished(const struct pw_vanished_scene *scene, struct pw_error *err)
{
    int status = 0;

    for (size_t i = 0; i < scene->session_count && status == 0; i++) {
        const struct pw_result *session = scene->sessions[i].result;
        for (size_t k = 0; k < session->benchmark_count && status == 0; k++) {
            status = check_entry(scene, i, &session->benchmarks[k], err);
        }
    }
    return status;
}
