/*
 * The end of a paired decision: which rows there are, in the configuration's order.
 *
 * Every selected benchmark has at least one row where something is gated. A failure on either side
 * is an error that names the side. Decides no single metric (judge.c, judge_paired.c).
 */
#include <stdlib.h>
#include <string.h>

#include "acceptance.h"
#include "comparison.h"
#include "entries.h"
#include "judge.h"
#include "pairs.h"
#include "pattern.h"
#include "policy.h"

/* What a side is called when it failed. */
static const char *side_name(const struct pw_gate_pairs *pairs, int side)
{
    return side == PW_PAIR_HEAD ? "head" : pairs->options->is_anchor ? "anchor" : "base";
}

/** The rows being made. */
struct finish {
    struct pw_gate_pairs *pairs;
    struct pw_gate_context context;
    struct pw_comparison out;
    struct pw_entries recorded; /**< of a replay */
};

/* What a benchmark that failed has shown counts for nothing. */
static void drop_evidence(struct pw_gate_pairs *pairs, struct pw_pair_group *group)
{
    for (size_t i = 0; i < group->entry_count; i++) {
        for (size_t k = 0; k < group->entries[i].metric_count; k++) {
            group->entries[i].metrics[k]->is_refused = true;
        }
    }
    pairs->is_stale = true;
}

static int take_rest(struct pw_gate_pairs *pairs, struct pw_error *err)
{
    int status = pw_pairs_find_entries(pairs, err);

    for (size_t i = 0; i < pairs->group_count && status == 0; i++) {
        struct pw_pair_group *group = &pairs->groups[i];
        if (pw_pairs_has_failed(pairs, group)) {
            drop_evidence(pairs, group);
        } else if (group->exempt == 0) {
            status = pw_pairs_feed(pairs, group, err);
        }
        pw_pairs_stop_expecting(pairs, group);
    }
    return status;
}

/* The pairs that are left, and e-BH over all of them. */
static int decide_suite(struct pw_gate_pairs *pairs, struct pw_error *err)
{
    int status = take_rest(pairs, err);
    bool is_moving = true;

    while (status == 0 && is_moving) {
        is_moving = false;
        status = pw_pairs_judge_suite(pairs, err);
        for (size_t i = 0; i < pairs->group_count && status == 0; i++) {
            bool fed = false;
            status = pw_pairs_feed_suspects(pairs, &pairs->groups[i], &fed, err);
            is_moving = is_moving || fed;
        }
    }
    return status;
}

static int add_failure(struct finish *finish, struct pw_pair_entry *entry, bool *has_failed,
                       struct pw_error *err)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    const struct pw_result_benchmark *failed = NULL;
    /* An anchor that fails stays one: that is no fault of head's. */
    enum pw_verdict verdict =
        finish->pairs->options->is_anchor ? PW_VERDICT_NO_BASELINE : PW_VERDICT_ERROR;
    int status = 0;

    for (int side = 0; side < PW_PAIR_SIDES; side++) {
        const struct pw_result_benchmark *found = pw_pairs_entry(finish->pairs, entry, side);
        if (found != NULL && found->status != PW_MEASURED_OK) {
            pw_strbuf_printf(&text, "%s%s: %s", failed != NULL ? "; " : "",
                             side_name(finish->pairs, side), pw_entry_failure(found));
            failed = found;
            verdict = side == PW_PAIR_HEAD ? PW_VERDICT_ERROR : verdict;
        }
    }
    *has_failed = failed != NULL;
    if (failed != NULL) {
        status = pw_strbuf_check(&text, err);
        if (status == 0) {
            status =
                pw_comparison_add_entry(&finish->out, failed, verdict, pw_strbuf_text(&text), err);
        }
    }
    pw_strbuf_release(&text);
    return status;
}

/* Why two series of one metric cannot be compared; NULL when they can. */
static const char *obstacle(struct finish *finish, const struct pw_result_benchmark *base,
                            const struct pw_series *of_base, const struct pw_series *of_head)
{
    if (base == NULL) {
        return "new benchmark: the base has none of this id";
    }
    if (of_base == NULL || of_base->count == 0) {
        return "new metric: the base has no values of it";
    }
    return pw_series_obstacle(&finish->out.arena, "the base", of_base, of_head);
}

static size_t recorded_pairs(const struct finish *finish, const char *id, const char *metric)
{
    const struct pw_result_benchmark *entry;
    const struct pw_series *series;

    if (finish->recorded.result == NULL) {
        return 0;
    }
    entry = pw_entries_find(&finish->recorded, id);
    series = entry != NULL ? pw_result_benchmark_series(entry, metric) : NULL;
    return series != NULL ? series->count : 0;
}

static int add_lost_metric(struct finish *finish, const struct pw_result_benchmark *head,
                           const char *metric, struct pw_error *err)
{
    struct pw_comparison_row *row = pw_comparison_add_entry_row(&finish->out, head, metric, err);

    if (row == NULL) {
        return PW_ENOMEM;
    }
    return pw_comparison_decide(&finish->out, row, PW_VERDICT_MISSING, err,
                                "the base has this metric, the head no longer reports it");
}

/* One metric of an entry that the head measured. */
static int compare_metric(struct finish *finish, struct pw_pair_entry *entry,
                          const struct pw_pair_metric *metric, bool *is_matched,
                          struct pw_error *err)
{
    const char *name = metric->threshold->metric;
    const struct pw_result_benchmark *base = pw_pairs_entry(finish->pairs, entry, PW_PAIR_BASE);
    const struct pw_result_benchmark *head = pw_pairs_entry(finish->pairs, entry, PW_PAIR_HEAD);
    const struct pw_series *of_base = base != NULL ? pw_result_benchmark_series(base, name) : NULL;
    const struct pw_series *of_head = pw_result_benchmark_series(head, name);
    const struct pw_paired_case paired = {
        .sequence = metric->is_begun ? &metric->sequence : NULL,
        .is_kept = metric->is_kept,
        .compared = pw_pairs_compared(finish->pairs),
        .recorded = recorded_pairs(finish, entry->id, name),
    };
    struct pw_metric_case item = {.benchmark = head->id,
                                  .declared = head->declared,
                                  .head = of_head,
                                  .bases = &of_base,
                                  .threshold = metric->threshold,
                                  .paired = &paired};

    *is_matched = *is_matched || of_head != NULL;
    if (of_head == NULL) {
        return of_base != NULL && of_base->count > 0 ? add_lost_metric(finish, head, name, err) : 0;
    }
    item.no_baseline = obstacle(finish, base, of_base, of_head);
    item.base_count = item.no_baseline == NULL;
    return pw_gate_judge(&finish->context, &item, err);
}

/* Whether an entry can be compared; what cannot has its row then. */
static int check_entry(struct finish *finish, struct pw_pair_entry *entry, bool *is_fit,
                       struct pw_error *err)
{
    const struct pw_result_benchmark *base = pw_pairs_entry(finish->pairs, entry, PW_PAIR_BASE);
    bool has_failed;
    int status = add_failure(finish, entry, &has_failed, err);

    *is_fit =
        status == 0 && !has_failed && pw_pairs_entry(finish->pairs, entry, PW_PAIR_HEAD) != NULL;
    if (status != 0 || has_failed || *is_fit || base == NULL) {
        return status;
    }
    return pw_comparison_add_entry(&finish->out, base, PW_VERDICT_MISSING,
                                   "the base has this benchmark, the head's output no longer "
                                   "reports it",
                                   err);
}

/* The metrics of an entry that one configured threshold is for: several where it is a pattern. */
static int compare_origin(struct finish *finish, struct pw_pair_entry *entry, size_t origin,
                          bool *is_matched, struct pw_error *err)
{
    int status = 0;

    for (size_t i = 0; i < entry->metric_count && status == 0; i++) {
        if (entry->metrics[i]->origin == origin) {
            status = compare_metric(finish, entry, entry->metrics[i], is_matched, err);
        }
    }
    return status;
}

/* Whether a threshold is a pattern of what the head has, though another threshold may be nearer. */
static bool matches(struct finish *finish, struct pw_pair_entry *entry,
                    const struct pw_threshold *threshold)
{
    const struct pw_result_benchmark *head = pw_pairs_entry(finish->pairs, entry, PW_PAIR_HEAD);

    return pw_threshold_is_pattern(threshold) && head != NULL &&
           pw_threshold_matches_any(threshold, head);
}

static int compare_entries(struct finish *finish, struct pw_pair_group *group, const bool *is_fit,
                           struct pw_error *err)
{
    const struct pw_benchmark *benchmark = group->benchmark;
    const size_t count = benchmark->threshold_count;
    bool *is_matched = calloc(count + 1, sizeof *is_matched);
    bool has_match = false;
    int status = 0;

    if (is_matched == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t k = 0; k < count && status == 0; k++) {
        for (size_t i = 0; i < group->entry_count && status == 0; i++) {
            struct pw_pair_entry *entry = &group->entries[i];
            if (is_fit[i]) {
                status = compare_origin(finish, entry, k, &is_matched[k], err);
                is_matched[k] = is_matched[k] || matches(finish, entry, &benchmark->thresholds[k]);
            }
        }
        has_match = has_match || is_matched[k];
    }
    for (size_t k = 0; k < count && status == 0; k++) {
        if (!is_matched[k] &&
            !pw_gate_is_optional(benchmark, &benchmark->thresholds[k], has_match)) {
            status =
                pw_gate_judge_unmatched(&finish->out, benchmark, &benchmark->thresholds[k], err);
        }
    }
    free(is_matched);
    return status;
}

static int add_exempt(struct finish *finish, const struct pw_exempt_group *exempt,
                      struct pw_error *err)
{
    struct pw_comparison_row *row =
        pw_comparison_add_row(&finish->out, exempt->declared, NULL, err);

    if (row == NULL) {
        return PW_ENOMEM;
    }
    row->method = exempt->method;
    return pw_comparison_decide(&finish->out, row, exempt->verdict, err, "%s", exempt->reason);
}

static int compare_group(struct finish *finish, struct pw_pair_group *group, struct pw_error *err)
{
    struct pw_gate_pairs *pairs = finish->pairs;
    bool *is_fit;
    bool has_failed;
    int status = 0;

    if (group->exempt != 0) {
        return add_exempt(finish, &pairs->exempt[group->exempt - 1], err);
    }
    if (pw_pairs_has_failed(pairs, group)) {
        for (size_t i = 0; i < group->entry_count && status == 0; i++) {
            status = add_failure(finish, &group->entries[i], &has_failed, err);
        }
        return status;
    }
    if (pw_pairs_process(pairs, group, PW_PAIR_HEAD) == NULL) {
        return pw_comparison_add_whole(&finish->out, group->declared, PW_VERDICT_ERROR,
                                       "declared but not measured", err);
    }
    is_fit = calloc(group->entry_count + 1, sizeof *is_fit);
    if (is_fit == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < group->entry_count && status == 0; i++) {
        status = check_entry(finish, &group->entries[i], &is_fit[i], err);
    }
    if (status == 0) {
        status = compare_entries(finish, group, is_fit, err);
    }
    free(is_fit);
    return status;
}

static int fill_rows(struct finish *finish, struct pw_error *err)
{
    struct pw_gate_pairs *pairs = finish->pairs;
    int status = 0;

    for (size_t i = 0; i < pairs->group_count && status == 0; i++) {
        status = compare_group(finish, &pairs->groups[i], err);
    }
    for (size_t i = 0; i < pairs->exempt_count && status == 0; i++) {
        if (pairs->exempt[i].is_foreign) {
            status = add_exempt(finish, &pairs->exempt[i], err);
        }
    }
    return status;
}

static int describe_side(struct finish *finish, const struct pw_side *side, int which,
                         struct pw_side *out, struct pw_error *err)
{
    const struct pw_side measured = pw_side_of(finish->pairs->results[which]);

    return pw_comparison_copy_side(&finish->out, side != NULL ? side : &measured, out, err);
}

static int describe(struct finish *finish, const struct pw_side *base, const struct pw_side *head,
                    struct pw_error *err)
{
    struct pw_comparison *out = &finish->out;
    const struct pw_gate_pairs *pairs = finish->pairs;
    int status;

    out->mode = "paired";
    pw_gate_apply_config(&pairs->gate, out);
    out->shard = pairs->options->shard;
    status = pw_comparison_copy(out, pairs->results[PW_PAIR_HEAD]->tool_version, &out->tool_version,
                                err);
    if (status == 0) {
        status = pw_comparison_copy(out, pairs->options->config->path, &out->config, err);
    }
    if (status == 0) {
        status = describe_side(finish, base, PW_PAIR_BASE, &out->base, err);
    }
    if (status == 0) {
        status = describe_side(finish, head, PW_PAIR_HEAD, &out->head, err);
    }
    return status;
}

int pw_gate_pairs_finish(struct pw_gate_pairs *pairs, const struct pw_side *base,
                         const struct pw_side *head, struct pw_comparison *out,
                         struct pw_error *err)
{
    struct finish finish = {.pairs = pairs};
    int status = decide_suite(pairs, err);

    pw_comparison_init(&finish.out);
    finish.context.options = pairs->options;
    finish.context.gate = pairs->gate;
    finish.context.out = &finish.out;
    finish.context.method = "paired";
    if (status == 0 && pairs->recorded != NULL) {
        status = pw_entries_init(&finish.recorded, pairs->recorded, err);
    }
    if (status == 0) {
        status = describe(&finish, base, head, err);
    }
    if (status == 0) {
        status = fill_rows(&finish, err);
    }
    if (status == 0) {
        pw_gate_locate_rows(pairs->options, &finish.out);
        status = pw_gate_accept(pairs->options, &finish.out, err);
    }
    if (status == 0) {
        status = pw_gate_finish(&finish.out, err);
    }
    if (status == 0) {
        *out = finish.out;
        pw_comparison_init(&finish.out);
    }
    pw_entries_release(&finish.recorded);
    pw_comparison_release(&finish.out);
    return status;
}
