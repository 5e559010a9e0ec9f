/*
 * The unpaired comparison: one result against another by their runs.
 *
 * Owns which rows there are: those of the base, then what only the head has. Decides no single
 * metric (judge.c).
 */
#include <math.h>
#include <string.h>

#include "acceptance.h"
#include "comparison.h"
#include "entries.h"
#include "judge.h"
#include "pattern.h"
#include "policy.h"
#include "unpaired.h"
#include "unpaired_gated.h"

/** An unpaired comparison under way. */
struct unpaired {
    struct pw_gate_context context;
    struct pw_comparison out;
    struct pw_entries base;
    struct pw_entries head;
    const struct pw_comparison *replayed; /**< what pairs have decided; may be NULL */
    const char *no_baseline; /**< the environments differ and that is to fail; NULL else */
};

/* The side whose metrics are compared: what the base measured must not vanish. */
static const struct pw_result_benchmark *leading_side(const struct pw_result_benchmark *base,
                                                      const struct pw_result_benchmark *head)
{
    const bool is_measured =
        base != NULL && base->status == PW_MEASURED_OK && base->series_count > 0;

    return is_measured ? base : head;
}

/* Why two series of one metric cannot be compared; NULL when they can. */
static const char *obstacle(struct unpaired *unpaired, const struct pw_result_benchmark *entry,
                            const struct pw_series *base, const struct pw_series *head)
{
    if (unpaired->no_baseline != NULL) {
        return unpaired->no_baseline;
    }
    if (entry == NULL) {
        return "new benchmark: the base has none of this id";
    }
    if (entry->status != PW_MEASURED_OK) {
        return "the benchmark failed in the base";
    }
    if (base == NULL || base->count == 0) {
        return pw_series_emptiness(&unpaired->out.arena, "the base", base,
                                   "new metric: the base has no values of it");
    }
    return pw_series_obstacle(&unpaired->out.arena, "the base", base, head);
}

/* One metric of a benchmark that the head measured. @return whether either side has it */
static int compare_metric(struct unpaired *unpaired, const struct pw_result_benchmark *base,
                          const struct pw_result_benchmark *head,
                          const struct pw_threshold *threshold, bool *is_matched,
                          struct pw_error *err)
{
    const struct pw_series *of_head = pw_result_benchmark_series(head, threshold->metric);
    const struct pw_series *of_base =
        base != NULL ? pw_result_benchmark_series(base, threshold->metric) : NULL;
    struct pw_metric_case item = {.benchmark = head->id,
                                  .declared = head->declared,
                                  .head = of_head,
                                  .bases = &of_base,
                                  .threshold = threshold};
    struct pw_comparison_row *row;

    if (of_head == NULL && (of_base == NULL || of_base->count == 0)) {
        return 0;
    }
    *is_matched = true;
    if (of_head != NULL) {
        item.no_baseline = obstacle(unpaired, base, of_base, of_head);
        item.base_count = item.no_baseline == NULL;
        return pw_gate_judge(&unpaired->context, &item, err);
    }
    row = pw_comparison_add_entry_row(&unpaired->out, head, threshold->metric, err);
    if (row == NULL) {
        return PW_ENOMEM;
    }
    return pw_comparison_decide(&unpaired->out, row, PW_VERDICT_MISSING, err,
                                "the base has this metric, the head has not");
}

/* "time/stddev" beside "time" tells how sure that is: no more, unless a threshold names it. */
static bool is_about_another(const struct pw_result_benchmark *entry, const char *metric)
{
    const size_t length = strcspn(metric, "/");

    for (size_t i = 0; metric[length] == '/' && i < entry->series_count; i++) {
        const char *other = entry->series[i].metric;
        if (strlen(other) == length && memcmp(other, metric, length) == 0) {
            return true;
        }
    }
    return false;
}

/* Metrics of an entry that has none of the defaults: all of them, with one threshold. */
static int compare_any_metric(struct unpaired *unpaired, const struct pw_result_benchmark *base,
                              const struct pw_result_benchmark *head, bool *is_matched,
                              struct pw_error *err)
{
    const struct pw_result_benchmark *named = leading_side(base, head);
    int status = 0;

    for (size_t i = 0; i < named->series_count && status == 0; i++) {
        const struct pw_threshold threshold = {named->series[i].metric,
                                               PW_UNPAIRED_DEFAULT_INCREASE, NAN, NAN};
        if (!is_about_another(named, threshold.metric)) {
            status = compare_metric(unpaired, base, head, &threshold, is_matched, err);
        }
    }
    return status;
}

static int warn_about_entry(struct unpaired *unpaired, const struct pw_result_benchmark *base,
                            const struct pw_result_benchmark *head, bool is_configured,
                            struct pw_error *err)
{
    const struct pw_config *config = unpaired->context.options->config;
    int status = 0;

    if (!pw_entries_is_first(&unpaired->head, head)) {
        return 0;
    }
    if (config != NULL && !is_configured) {
        status = pw_comparison_warnf(&unpaired->out, err,
                                     "benchmark '%s' is not in '%s': the default thresholds apply",
                                     head->declared, config->path);
    }
    if (status == 0 && base != NULL && !pw_entry_has_same_command(base, head)) {
        status = pw_comparison_warnf(&unpaired->out, err,
                                     "benchmark '%s' runs another command than in the base",
                                     head->declared);
    }
    return status;
}

/* What a pattern matches: the metrics of the side whose must not vanish, and new ones of the head.
 */
static int compare_pattern(struct unpaired *unpaired, const struct pw_result_benchmark *base,
                           const struct pw_result_benchmark *head, const struct pw_gated *gated,
                           size_t pattern, bool *is_matched, struct pw_error *err)
{
    const struct pw_result_benchmark *const sides[] = {leading_side(base, head), head};
    int status = 0;

    for (int side = 0; side < (sides[0] == head ? 1 : 2); side++) {
        for (size_t s = 0; s < sides[side]->series_count && status == 0; s++) {
            const char *metric = sides[side]->series[s].metric;
            const struct pw_threshold named = pw_threshold_named(&gated->items[pattern], metric);

            if (pw_threshold_covers(gated->items, gated->count, &gated->items[pattern], metric) &&
                (side == 0 || pw_result_benchmark_series(sides[0], metric) == NULL)) {
                status = compare_metric(unpaired, base, head, &named, is_matched, err);
            }
        }
    }
    return status;
}

static int compare_entries(struct unpaired *unpaired, const struct pw_result_benchmark *base,
                           const struct pw_result_benchmark *head, struct pw_error *err)
{
    const struct pw_config *config = unpaired->context.options->config;
    const struct pw_gated gated = pw_gated_of(config, leading_side(base, head));
    bool is_matched = false;
    int status;

    if (head->status != PW_MEASURED_OK) {
        return pw_comparison_add_entry(&unpaired->out, head, PW_VERDICT_ERROR,
                                       pw_entry_failure(head), err);
    }
    status = warn_about_entry(unpaired, base, head, gated.is_configured, err);
    if (gated.has_any_metric && status == 0) {
        status = compare_any_metric(unpaired, base, head, &is_matched, err);
    }
    for (size_t i = 0; !gated.has_any_metric && i < gated.count && status == 0; i++) {
        status = compare_metric(unpaired, base, head, &gated.items[i], &is_matched, err);
        if (status == 0 && pw_threshold_is_pattern(&gated.items[i])) {
            status = compare_pattern(unpaired, base, head, &gated, i, &is_matched, err);
        }
    }
    if (status != 0 || is_matched || gated.count == 0 ||
        !pw_entries_is_first(&unpaired->head, head) ||
        pw_gated_is_in_group(config, &unpaired->head, head->declared) ||
        pw_gated_is_in_group(config, &unpaired->base, head->declared)) {
        return status;
    }
    return pw_comparison_add_entry(&unpaired->out, head, PW_VERDICT_ERROR,
                                   "not measured: no metric of it has a threshold", err);
}

static bool is_replayed(const struct unpaired *unpaired, const char *declared)
{
    const struct pw_comparison *replayed = unpaired->replayed;

    for (size_t i = 0; replayed != NULL && i < replayed->row_count; i++) {
        if (strcmp(replayed->rows[i].declared, declared) == 0) {
            return true;
        }
    }
    return false;
}

/* All that pairs have decided of a benchmark, at the place of its first entry. */
static int copy_replayed(struct unpaired *unpaired, const struct pw_result_benchmark *base,
                         const struct pw_result_benchmark *head, struct pw_error *err)
{
    const struct pw_config *config = unpaired->context.options->config;
    const struct pw_comparison *replayed = unpaired->replayed;
    int status = 0;

    if (!pw_entries_is_first(&unpaired->base, base)) {
        return 0;
    }
    if (head != NULL) {
        const bool is_configured = config != NULL && pw_config_find(config, base->declared) != NULL;
        status = warn_about_entry(unpaired, base, head, is_configured, err);
    }
    for (size_t i = 0; i < replayed->row_count && status == 0; i++) {
        if (strcmp(replayed->rows[i].declared, base->declared) == 0) {
            status = pw_comparison_copy_row(&unpaired->out, &replayed->rows[i], err);
        }
    }
    return status;
}

/* Among benchmarks that were measured in pairs one that was not is decided in another way. */
static int warn_about_runs(struct unpaired *unpaired, const struct pw_result_benchmark *base,
                           struct pw_error *err)
{
    if (unpaired->replayed == NULL || !pw_entries_is_first(&unpaired->base, base)) {
        return 0;
    }
    return pw_comparison_warnf(&unpaired->out, err,
                               "benchmark '%s' was not measured in pairs: its runs are compared as "
                               "those of two independent results",
                               base->declared);
}

static int compare_base_entry(struct unpaired *unpaired, const struct pw_result_benchmark *entry,
                              struct pw_error *err)
{
    const struct pw_result_benchmark *match = pw_entries_find(&unpaired->head, entry->id);
    int status;

    if (is_replayed(unpaired, entry->declared)) {
        return copy_replayed(unpaired, entry, match, err);
    }
    if (match == NULL) {
        return pw_comparison_add_entry(&unpaired->out, entry, PW_VERDICT_MISSING,
                                       "the base has this benchmark, the head has not", err);
    }
    status = warn_about_runs(unpaired, entry, err);
    return status == 0 ? compare_entries(unpaired, entry, match, err) : status;
}

static int compare_all(struct unpaired *unpaired, struct pw_error *err)
{
    const struct pw_gate_options *options = unpaired->context.options;
    const struct pw_result *base = unpaired->base.result;
    const struct pw_result *head = unpaired->head.result;
    int status = 0;

    for (size_t i = 0; i < base->benchmark_count && status == 0; i++) {
        const struct pw_result_benchmark *entry = &base->benchmarks[i];
        if (pw_entry_is_selected(entry, options->filters, options->filter_count)) {
            status = compare_base_entry(unpaired, entry, err);
        }
    }
    for (size_t i = 0; i < head->benchmark_count && status == 0; i++) {
        const struct pw_result_benchmark *entry = &head->benchmarks[i];
        if (pw_entries_find(&unpaired->base, entry->id) == NULL &&
            !is_replayed(unpaired, entry->declared) &&
            pw_entry_is_selected(entry, options->filters, options->filter_count)) {
            status = compare_entries(unpaired, NULL, entry, err);
        }
    }
    return status;
}

/* Results of different machines: say what differs, and refuse the comparison where so configured.
 */
static int check_environments(struct unpaired *unpaired, struct pw_error *err)
{
    const struct pw_environment *base = &unpaired->base.result->environment;
    const struct pw_environment *head = &unpaired->head.result->environment;
    struct pw_strbuf differences = PW_STRBUF_INIT;
    struct pw_arena *arena = &unpaired->out.arena;
    const char *facts;
    int status;

    if (strcmp(base->id, head->id) == 0) {
        return 0;
    }
    pw_environment_describe_difference(base, head, &differences);
    status = pw_strbuf_check(&differences, err);
    facts = differences.length > 0 ? pw_strbuf_text(&differences) : "their ids";
    if (status == 0 && pw_gate_refuses_mismatch(unpaired->context.options)) {
        unpaired->out.on_no_baseline = PW_POLICY_FAIL;
        unpaired->no_baseline =
            pw_arena_printf(arena, "the environments differ (%s), so times do not compare", facts);
        if (unpaired->no_baseline == NULL) {
            status = pw_error_set_no_memory(err);
        }
    } else if (status == 0) {
        status = pw_comparison_warnf(&unpaired->out, err,
                                     "the environments of base and head differ (%s): a change may "
                                     "be the machine's",
                                     facts);
    }
    pw_strbuf_release(&differences);
    return status;
}

static int describe(struct unpaired *unpaired, const struct pw_side *base,
                    const struct pw_side *head, struct pw_error *err)
{
    const struct pw_config *config = unpaired->context.options->config;
    struct pw_comparison *out = &unpaired->out;
    int status;

    out->mode = unpaired->replayed != NULL ? "paired" : "unpaired";
    pw_gate_apply_config(&unpaired->context.gate, out);
    status = pw_comparison_copy(out, unpaired->head.result->tool_version, &out->tool_version, err);
    if (status == 0 && config != NULL) {
        status = pw_comparison_copy(out, config->path, &out->config, err);
    }
    if (status == 0 && base != NULL) {
        status = pw_comparison_copy_side(out, base, &out->base, err);
    }
    if (status == 0 && head != NULL) {
        status = pw_comparison_copy_side(out, head, &out->head, err);
    }
    out->base.sessions = out->head.sessions = 1;
    return status;
}

int pw_gate_unpaired(const struct pw_gate_options *options, const struct pw_result *base_result,
                     const struct pw_side *base, const struct pw_result *head_result,
                     const struct pw_side *head, struct pw_comparison *out, struct pw_error *err)
{
    return pw_unpaired_compare(options, base_result, base, head_result, head, NULL, out, err);
}

int pw_unpaired_compare(const struct pw_gate_options *options, const struct pw_result *base_result,
                        const struct pw_side *base, const struct pw_result *head_result,
                        const struct pw_side *head, const struct pw_comparison *replayed,
                        struct pw_comparison *out, struct pw_error *err)
{
    struct unpaired unpaired;
    int status;

    memset(&unpaired, 0, sizeof unpaired);
    pw_comparison_init(&unpaired.out);
    unpaired.context.options = options;
    unpaired.context.gate = pw_gate_config_of(options);
    unpaired.context.out = &unpaired.out;
    unpaired.replayed = replayed;
    unpaired.context.method = "unpaired";
    unpaired.context.estimate = pw_gate_estimate_unpaired;
    status = pw_entries_init(&unpaired.base, base_result, err);
    if (status == 0) {
        status = pw_entries_init(&unpaired.head, head_result, err);
    }
    if (status == 0) {
        status = describe(&unpaired, base, head, err);
    }
    if (status == 0) {
        status = check_environments(&unpaired, err);
    }
    if (status == 0) {
        status = compare_all(&unpaired, err);
    }
    if (status == 0) {
        pw_gate_locate_rows(options, &unpaired.out);
        status = pw_gate_accept(options, &unpaired.out, err);
    }
    if (status == 0) {
        status = pw_gate_finish(&unpaired.out, err);
    }
    if (status == 0) {
        *out = unpaired.out;
        memset(&unpaired.out, 0, sizeof unpaired.out);
    }
    pw_entries_release(&unpaired.base);
    pw_entries_release(&unpaired.head);
    pw_comparison_release(&unpaired.out);
    return status;
}
