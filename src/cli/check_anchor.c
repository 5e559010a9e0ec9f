/* The comparison with an older commit, besides the base: stored sessions first, then pairs for what
 * they leave open. */
#include "check.h"

#include <string.h>

#include "perfwarden/gate.h"

/* STATISTICS: a stored verdict rests on up to this many sessions among the ancestors. */
#define MAX_SESSIONS 20

static const struct pw_anchor_config *configured(const struct pw_check *check)
{
    return &check->project.config.gate.anchor;
}

static bool has_anchor(const struct pw_check *check)
{
    return check->anchor.found.commit[0] != '\0';
}

int pw_check_find_anchor(struct pw_check *check, struct pw_error *err)
{
    const struct pw_anchor_config *wanted = configured(check);
    const struct pw_git_anchor_rule rule = {
        .tag = wanted->tag, .days = wanted->days, .commits = wanted->commits};
    const char *head =
        check->mode == PW_CHECK_STORED ? check->project.head.commit : check->head_commit;
    if (wanted->kind == PW_ANCHOR_NONE || !check->has_base) {
        return PW_OK;
    }
    const int status = pw_git_find_anchor(check->project.git, check->base.commit, head, &rule,
                                          &check->arena, &check->anchor.found, err);
    if (status != PW_OK || !has_anchor(check) || check->mode == PW_CHECK_PAIRED) {
        return status;
    }
    /* The base's search has opened the store. */
    return pw_store_find(check->project.store, check->anchor.found.commit,
                         check->head.environment.id, MAX_SESSIONS, &check->anchor.search, err);
}

void pw_check_release_anchor(struct pw_check *check)
{
    pw_store_search_release(&check->anchor.search);
    pw_acceptances_release(&check->anchor.agreed);
    pw_acceptances_release(&check->anchor.past);
}

void pw_check_describe_anchor(const struct pw_check *check, struct pw_strbuf *out)
{
    const struct pw_git_anchor *found = &check->anchor.found;
    if (has_anchor(check)) {
        pw_strbuf_printf(out, "anchor: %.12s (%s), %zu commit%s before the base", found->commit,
                         found->reason, found->distance, found->distance == 1 ? "" : "s");
    } else if (found->reason != NULL) {
        pw_strbuf_printf(out, "anchor: none (%s)", found->reason);
    }
}

size_t pw_check_count_anchor(const struct pw_check *check)
{
    const struct pw_gate_options options = {
        .config = &check->project.config,
        .filters = check->arguments->filters.items,
        .filter_count = check->arguments->filters.count,
    };
    return has_anchor(check) ? pw_gate_anchor_count(&options) : 0;
}

/* Of the base's sessions those that are later than all of the anchor's: they may confirm these. */
static size_t count_later(const struct pw_check *check)
{
    const struct pw_store_search *base = &check->search;
    const struct pw_store_search *anchor = &check->anchor.search;
    size_t count = 0;
    while (anchor->session_count > 0 && count < base->session_count &&
           strcmp(base->sessions[count].run_id, anchor->sessions[0].run_id) != 0) {
        count++;
    }
    return count;
}

/* What the gate goes by here. */
static struct pw_gate_options options_of(struct pw_check *check, const struct pw_config *config)
{
    const struct pw_arguments *arguments = check->arguments;
    return (struct pw_gate_options){
        .config = config,
        .fail_on = arguments->fail_on,
        .filters = arguments->filters.items,
        .filter_count = arguments->filters.count,
        .later = check->search.sessions,
        .later_count = count_later(check),
        .is_anchor = true,
        .acceptances = &check->anchor.agreed,
        .past = &check->anchor.past,
        .is_part = true,
        .shard = check->project.shard,
    };
}

static struct pw_side side_of(const struct pw_check *check)
{
    const struct pw_store_search *search = &check->anchor.search;
    return (struct pw_side){
        .commit = search->session_count > 0 ? search->commit : check->anchor.found.commit,
        .reason = check->anchor.found.reason,
        .source = check->project.store == NULL ? NULL : pw_store_location(check->project.store),
        .distance = search->distance,
        .sessions = search->session_count,
    };
}

/* Why nothing is stored that could be compared with. */
static int explain(const struct pw_check *check, struct pw_strbuf *out, struct pw_error *err)
{
    const struct pw_store_search *search = &check->anchor.search;
    pw_strbuf_printf(out, "no baseline in '%s' for %.12s or its ancestors",
                     pw_store_location(check->project.store), check->anchor.found.commit);
    if (search->nearest_other_environment != NULL) {
        pw_strbuf_printf(out, " from this environment (%s)", check->head.environment.id);
    }
    if (search->walk_end == PW_WALK_SHALLOW) {
        pw_strbuf_puts(out, "; the clone is shallow and history ends here");
    }
    pw_strbuf_puts(out, check->project.config.build.count == 0
                            ? "; with 'build' in the configuration it could be measured now"
                            : "");
    return pw_strbuf_check(out, err);
}

static int compare_stored(struct pw_check *check, const struct pw_config *config,
                          struct pw_comparison *out, struct pw_error *err)
{
    const struct pw_gate_options options = options_of(check, config);
    const struct pw_store_search *search = &check->anchor.search;
    const struct pw_side side = side_of(check);
    struct pw_strbuf why = PW_STRBUF_INIT;
    int status = explain(check, &why, err);
    if (status == PW_OK) {
        status = pw_check_find_acceptances(check, side.commit, check->project.head.commit,
                                           &check->anchor.agreed, err);
        check->anchor.agreed.warning_count = 0; /* the comparison with the base tells them */
    }
    if (status == PW_OK) {
        status = pw_check_find_past(check, search, &check->anchor.past, err);
    }
    if (status == PW_OK) {
        status = pw_gate_stored(&options, search->sessions, search->session_count,
                                pw_strbuf_text(&why), &side, &check->head, out, err);
    }
    pw_strbuf_release(&why);
    return status;
}

/* Whether the comparison with the base has told that it cannot be measured: once is enough. */
static bool has_failed(const struct pw_check *check, const char *declared)
{
    for (size_t i = 0; i < check->comparison.row_count; i++) {
        const struct pw_comparison_row *row = &check->comparison.rows[i];
        if (row->verdict == PW_VERDICT_ERROR && row->metric == NULL &&
            strcmp(row->declared, declared) == 0) {
            return true;
        }
    }
    return false;
}

/* Which benchmarks are to be measured in pairs: all, or those that stored sessions leave open. */
static size_t choose(const struct pw_check *check, const struct pw_config *config,
                     const struct pw_comparison *stored, bool *wanted)
{
    const struct pw_words *filters = &check->arguments->filters;
    size_t count = 0;
    for (size_t i = 0; i < config->benchmark_count; i++) {
        const struct pw_benchmark *benchmark = &config->benchmarks[i];
        wanted[i] = benchmark->threshold_count > 0 && !has_failed(check, benchmark->id) &&
                    pw_benchmark_is_selected(benchmark, filters->items, filters->count) &&
                    (stored == NULL || pw_gate_needs_pairs(stored, &check->head, benchmark->id));
        count += wanted[i];
    }
    return count;
}

/* Comparisons that e-BH has to know of though the pairs do not decide them. */
static size_t count_elsewhere(const struct pw_check *check, const struct pw_config *config,
                              const bool *wanted)
{
    size_t count = pw_check_count_anchor(check) + pw_check_count_other_shards(check);
    for (size_t i = 0; i < check->comparison.row_count; i++) {
        count += check->comparison.rows[i].metric != NULL;
    }
    for (size_t i = 0; i < config->benchmark_count; i++) {
        count -= wanted[i] ? config->benchmarks[i].threshold_count : 0;
    }
    return count;
}

static int measure(struct pw_check *check, const struct pw_config *config, const bool *wanted,
                   struct pw_comparison *out, struct pw_error *err)
{
    struct pw_git_base base = {.reason = check->anchor.found.reason};
    memcpy(base.commit, check->anchor.found.commit, sizeof(base.commit));
    const struct pw_check_pairing pairing = {
        .base = &base,
        .wanted = wanted,
        .decided_elsewhere = count_elsewhere(check, config, wanted),
        .is_anchor = true,
    };
    return pw_check_run_pairs(check, &pairing, out, err);
}

/* Pairs in place of what the stored comparison leaves open, or of all where there is none. */
static int compare_in_pairs(struct pw_check *check, const struct pw_config *config, bool has_stored,
                            struct pw_comparison *against, struct pw_error *err)
{
    struct pw_comparison paired = {0};
    struct pw_comparison joined = {0};
    bool *wanted = pw_arena_array(&check->arena, config->benchmark_count + 1, sizeof(*wanted));
    if (wanted == NULL) {
        return pw_error_set_no_memory(err);
    }
    if (choose(check, config, has_stored ? against : NULL, wanted) == 0) {
        return PW_OK;
    }
    if (pw_check_is_budget_spent(check)) {
        return pw_check_warn(check, err,
                             "the budget was spent before pairs of %.12s (%s) and head could be "
                             "measured; a larger --budget leaves time for them",
                             check->anchor.found.commit, check->anchor.found.label);
    }
    int status = measure(check, config, wanted, &paired, err);
    if (status == PW_OK && has_stored) {
        status = pw_gate_combine(against, &paired, &joined, err);
        pw_comparison_release(&paired);
        paired = joined;
    }
    if (status == PW_OK) {
        pw_comparison_release(against);
        *against = paired;
    }
    return status;
}

/* The comparison with the base is made and worth a report, whatever became of this one. */
static int take_early_end(struct pw_check *check, int status, struct pw_error *err)
{
    if (status == PW_EINTERRUPTED) {
        check->is_interrupted = true;
        pw_error_release(err);
        return PW_OK;
    }
    return status == PW_OK || status == PW_ENOMEM ? status : pw_check_note_failure(check, err);
}

static int add(struct pw_check *check, const struct pw_comparison *against, struct pw_error *err)
{
    const struct pw_anchor anchor = {
        .label = check->anchor.found.label,
        .side = side_of(check),
        .commits = check->anchor.found.distance,
        .on_drift = configured(check)->on_drift,
    };
    return pw_gate_add_anchor(&check->comparison, against, &anchor, err);
}

static bool is_told(const struct pw_store_search *search, const char *path)
{
    for (size_t i = 0; i < search->damage_count; i++) {
        if (strcmp(search->damage[i].path, path) == 0) {
            return true;
        }
    }
    return false;
}

/* Damaged sessions that the base's search did not come to. */
static int warn_about_damage(struct pw_check *check, struct pw_error *err)
{
    const struct pw_store_search *search = &check->anchor.search;
    int status = PW_OK;
    for (size_t i = 0; status == PW_OK && i < search->damage_count; i++) {
        struct pw_strbuf text = PW_STRBUF_INIT;
        if (is_told(&check->search, search->damage[i].path)) {
            continue;
        }
        pw_check_put_damage(&text, &search->damage[i]);
        status = pw_comparison_warn(&check->comparison, pw_strbuf_text(&text), err);
        pw_strbuf_release(&text);
        pw_comparison_escalate(&check->comparison, PW_EXIT_INTERNAL);
    }
    return status;
}

static int warn_about_none(struct pw_check *check, struct pw_error *err)
{
    const char *reason = check->anchor.found.reason;
    return reason == NULL
               ? PW_OK
               : pw_check_warn(check, err, "not compared with an older commit (gate.anchor): %s",
                               reason);
}

int pw_check_anchor(struct pw_check *check, struct pw_error *err)
{
    struct pw_comparison against = {0};
    struct pw_config config;
    /* Pairs are made from commits of their own: then nothing was measured in the work tree. */
    const bool has_stored = check->head.benchmark_count > 0;
    if (!has_anchor(check)) {
        return warn_about_none(check, err);
    }
    int status = pw_gate_anchor_config(&check->project.config, &check->arena, &config, err);
    if (status == PW_OK && has_stored) {
        status = compare_stored(check, &config, &against, err);
    }
    if (status == PW_OK && check->mode != PW_CHECK_STORED && config.build.count > 0) {
        status =
            take_early_end(check, compare_in_pairs(check, &config, has_stored, &against, err), err);
    }
    if (status == PW_OK && against.row_count > 0) {
        status = add(check, &against, err);
    }
    if (status == PW_OK) {
        status = warn_about_damage(check, err);
    }
    pw_comparison_release(&against);
    return status;
}
