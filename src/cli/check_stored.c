/* The stored comparison: head measured as the work tree is, against the sessions of the base. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "measure.h"

/* STATISTICS: a stored verdict rests on up to this many sessions among the ancestors. */
#define MAX_SESSIONS 20

static const char *environment_variable(const char *name)
{
    return getenv(name);
}

static void put_walk_remedy(struct pw_strbuf *out, const struct pw_check *check)
{
    switch (check->search.walk_end) {
    case PW_WALK_SHALLOW:
        pw_strbuf_puts(out, "; the clone is shallow and history ends here: ");
        pw_git_put_depth_remedy(out, environment_variable);
        return;
    case PW_WALK_CAPPED:
        pw_strbuf_puts(out, "; the nearest 10000 ancestors were searched");
        return;
    case PW_WALK_STOPPED:
    case PW_WALK_ROOT:
        break;
    }
    pw_strbuf_puts(out, "; run 'perfwarden baseline update' on the base");
    if (check->arguments->has_no_fetch && check->project.config.baseline.store == PW_STORE_GIT) {
        pw_strbuf_puts(out, ", or leave out --no-fetch");
    }
}

/* The nearest baseline from elsewhere, and what tells its machine from this one where that is
 * known.
 */
static void put_other_environment(struct pw_strbuf *out, const struct pw_check *check)
{
    const struct pw_store_search *search = &check->search;
    const struct pw_environment other = {.facts = search->other_facts,
                                         .fact_count = search->other_fact_count};
    struct pw_strbuf differences = PW_STRBUF_INIT;
    if (search->other_fact_count > 0) {
        pw_environment_describe_difference(&check->head.environment, &other, &differences);
    }
    pw_strbuf_printf(out, " from this environment (%s); there is one from %s%s%s",
                     check->head.environment.id, search->nearest_other_environment,
                     differences.length > 0 ? ", which differs in " : "",
                     pw_strbuf_text(&differences));
    pw_strbuf_release(&differences);
}

/* Say what was looked for and was not there, with the remedy. */
static int explain_no_baseline(struct pw_check *check, struct pw_error *err)
{
    const struct pw_store_search *search = &check->search;
    struct pw_strbuf text = PW_STRBUF_INIT;
    pw_strbuf_printf(&text, "no baseline in '%s' for %.12s or its ancestors",
                     pw_store_location(check->project.store), check->base.commit);
    if (search->nearest_other_environment != NULL) {
        put_other_environment(&text, check);
    }
    put_walk_remedy(&text, check);
    check->no_baseline = pw_arena_strdup(&check->arena, pw_strbuf_text(&text));
    pw_strbuf_release(&text);
    return check->no_baseline == NULL ? pw_error_set_no_memory(err) : PW_OK;
}

int pw_check_find_sessions(struct pw_check *check, struct pw_error *err)
{
    if (!check->has_base) {
        return PW_OK;
    }
    int status = PW_OK;
    if (check->project.store == NULL) {
        status = pw_project_open_store(&check->project, err);
    }
    if (status == PW_OK) {
        status = pw_store_find(check->project.store, check->base.commit, check->head.environment.id,
                               MAX_SESSIONS, &check->search, err);
    }
    if (status == PW_OK && check->search.session_count == 0) {
        status = explain_no_baseline(check, err);
    }
    return status;
}

/* Of the sessions measured with uncommitted changes the nearest; NULL for none. */
static const struct pw_result *nearest_dirty(const struct pw_store_search *search)
{
    for (size_t i = 0; i < search->session_count; i++) {
        if (search->sessions[i].is_dirty) {
            return &search->sessions[i];
        }
    }
    return NULL;
}

static int decide(struct pw_check *check, struct pw_error *err)
{
    const struct pw_store_search *search = &check->search;
    const struct pw_arguments *arguments = check->arguments;
    const bool has_sessions = search->session_count > 0;
    int status = pw_check_find_acceptances(check, has_sessions ? search->commit : NULL,
                                           check->project.head.commit, &check->agreed, err);
    if (status == PW_OK) {
        status = pw_check_find_past(check, search, &check->past, err);
    }
    if (status != PW_OK) {
        return status;
    }
    const struct pw_gate_options options = {
        .config = &check->project.config,
        .fail_on = arguments->fail_on,
        .filters = arguments->filters.items,
        .filter_count = arguments->filters.count,
        .is_environment_mismatch = !has_sessions && search->nearest_other_environment != NULL,
        .acceptances = &check->agreed,
        .past = &check->past,
        .is_part = check->project.shard != NULL,
        .shard = check->project.shard,
    };
    const struct pw_side base = {
        .commit = has_sessions      ? search->commit
                  : check->has_base ? check->base.commit
                                    : NULL,
        .reason = check->base.reason,
        .source = check->project.store == NULL ? NULL : pw_store_location(check->project.store),
        .is_dirty = nearest_dirty(search) != NULL,
        .distance = search->distance,
        .sessions = search->session_count,
    };
    return pw_gate_stored(&options, search->sessions, search->session_count, check->no_baseline,
                          &base, &check->head, &check->comparison, err);
}

void pw_check_put_damage(struct pw_strbuf *out, const struct pw_store_damage *damage)
{
    const char *slash = strrchr(damage->path, '/');
    pw_strbuf_printf(
        out,
        "the stored baseline '%s' cannot be used and was passed over: %s; if it is beyond "
        "repair, 'perfwarden baseline remove %.26s' removes it",
        damage->path, damage->message, slash == NULL ? damage->path : slash + 1);
}

/* What is wrong with the sessions of the base. A damaged one was passed over: the verdict stands on
 * the others, but perfwarden could not do all it should. */
int pw_check_warn_about_sessions(struct pw_check *check, struct pw_error *err)
{
    const struct pw_store_search *search = &check->search;
    const struct pw_result *dirty = nearest_dirty(search);
    int status = PW_OK;
    if (dirty != NULL) {
        status = pw_check_warn(
            check, err,
            "the base holds uncommitted changes, which were measured as part of %.12s; "
            "store a clean baseline and remove this one with 'perfwarden baseline remove "
            "%s'",
            dirty->commit, dirty->run_id);
    }
    for (size_t i = 0; status == PW_OK && i < search->damage_count; i++) {
        struct pw_strbuf text = PW_STRBUF_INIT;
        pw_check_put_damage(&text, &search->damage[i]);
        status = pw_comparison_warn(&check->comparison, pw_strbuf_text(&text), err);
        pw_strbuf_release(&text);
        pw_comparison_escalate(&check->comparison, PW_EXIT_INTERNAL);
    }
    return status;
}

int pw_check_stored(struct pw_check *check, struct pw_error *err)
{
    int status =
        pw_measure_run(check->cli, check->arguments, &check->project, NULL, &check->head, err);
    if (status == PW_EINTERRUPTED) {
        check->is_interrupted = true;
        pw_error_release(err);
        status = PW_OK;
    } else if (status != PW_OK && check->head.benchmark_count > 0) {
        status = pw_check_note_failure(check, err);
    }
    return status == PW_OK ? decide(check, err) : status;
}
