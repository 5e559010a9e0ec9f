/*
 * The stored comparison: head against the sessions found among the base's ancestors.
 *
 * Owns which rows there are: every configured benchmark has at least one. Decides no single metric
 * (judge.c), nor what has vanished (stored_vanished.c).
 */
#include "stored.h"

#include <stdlib.h>
#include <string.h>

#include "acceptance.h"
#include "comparison.h"
#include "entries.h"
#include "judge.h"
#include "pattern.h"
#include "policy.h"
#include "prediction.h"
#include "quarantine.h"
#include "row_values.h"
#include "stored_judge.h"
#include "stored_series.h"
#include "stored_vanished.h"
#include "threshold.h"

static const char no_sessions[] =
    "no comparable baseline: run 'perfwarden baseline update' on the base";

/* The entry of the nearest session that has one: a session stored with a filter may lack it. */
static const struct pw_result_benchmark *
nearest_entry(const struct pw_stored *stored, const struct pw_benchmark *benchmark, const char *id)
{
    const struct pw_result_benchmark *found = NULL;

    for (size_t i = 0; i < stored->session_count && found == NULL; i++) {
        found = pw_stored_entry(&stored->sessions[i], benchmark, id);
    }
    return found;
}

/* A metric of an entry that its nearest session has and the head lost. */
static int check_lost_series(struct pw_stored *stored, const struct pw_benchmark *benchmark,
                             const struct pw_result_benchmark *entry, const char *metric,
                             struct pw_error *err)
{
    const struct pw_result_benchmark *nearest = nearest_entry(stored, benchmark, entry->id);
    const struct pw_series *series;
    struct pw_comparison_row *row;

    series = nearest != NULL ? pw_result_benchmark_series(nearest, metric) : NULL;
    if (series == NULL || series->count == 0) {
        return 0;
    }
    row = pw_comparison_add_entry_row(&stored->out, entry, metric, err);
    if (row == NULL) {
        return PW_ENOMEM;
    }
    return pw_comparison_decide(&stored->out, row, PW_VERDICT_MISSING, err,
                                "the baseline has this metric, the head no longer reports it");
}

/* One threshold over all that a benchmark yielded. */
static int judge_threshold(struct pw_stored *stored, const struct pw_benchmark *benchmark,
                           struct pw_entry_group group, const struct pw_threshold *threshold,
                           bool *is_matched, struct pw_error *err)
{
    int status = 0;

    *is_matched = false;
    for (size_t i = 0; i < group.count && status == 0; i++) {
        *is_matched =
            *is_matched || pw_result_benchmark_series(group.items[i], threshold->metric) != NULL;
    }
    if (!*is_matched) {
        return 0;
    }
    for (size_t i = 0; i < group.count && status == 0; i++) {
        const struct pw_result_benchmark *entry = group.items[i];
        const struct pw_series *series = pw_result_benchmark_series(entry, threshold->metric);
        if (entry->status != PW_MEASURED_OK) {
            continue;
        }
        status = series != NULL
                     ? pw_stored_judge(stored, benchmark, entry, series, threshold, err)
                     : check_lost_series(stored, benchmark, entry, threshold->metric, err);
    }
    return status;
}

static bool is_in_group(struct pw_entry_group group, size_t count, const char *metric)
{
    for (size_t i = 0; i < count; i++) {
        if (pw_result_benchmark_series(group.items[i], metric) != NULL) {
            return true;
        }
    }
    return false;
}

/* What a pattern matches, each metric over all entries, and what the head has lost of it. */
static int judge_pattern(struct pw_stored *stored, const struct pw_benchmark *benchmark,
                         struct pw_entry_group group, const struct pw_threshold *pattern,
                         bool *is_matched, struct pw_error *err)
{
    int status = 0;

    for (size_t i = 0; i < group.count && status == 0; i++) {
        const struct pw_result_benchmark *entry = group.items[i];
        const struct pw_result_benchmark *nearest = nearest_entry(stored, benchmark, entry->id);
        *is_matched = *is_matched || pw_threshold_matches_any(pattern, entry);
        for (size_t s = 0; s < entry->series_count && status == 0; s++) {
            const char *metric = entry->series[s].metric;
            const struct pw_threshold named = pw_threshold_named(pattern, metric);
            bool is_there = false;
            if (!is_in_group(group, i, metric) &&
                pw_threshold_covers(benchmark->thresholds, benchmark->threshold_count, pattern,
                                    metric)) {
                status = judge_threshold(stored, benchmark, group, &named, &is_there, err);
            }
        }
        for (size_t s = 0; nearest != NULL && s < nearest->series_count && status == 0; s++) {
            const char *metric = nearest->series[s].metric;
            if (entry->status == PW_MEASURED_OK && !is_in_group(group, group.count, metric) &&
                pw_threshold_covers(benchmark->thresholds, benchmark->threshold_count, pattern,
                                    metric)) {
                status = check_lost_series(stored, benchmark, entry, metric, err);
                *is_matched = true;
            }
        }
    }
    return status;
}

/* The thresholds of a benchmark that was measured. One that matches nothing is an error, unless it
 * is optional. */
static int judge_benchmark(struct pw_stored *stored, const struct pw_benchmark *benchmark,
                           struct pw_entry_group group, struct pw_error *err)
{
    bool *matched = calloc(benchmark->threshold_count + 1, sizeof *matched);
    bool has_match = false;
    int status = 0;

    if (matched == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < benchmark->threshold_count && status == 0; i++) {
        status =
            judge_threshold(stored, benchmark, group, &benchmark->thresholds[i], &matched[i], err);
        if (status == 0 && pw_threshold_is_pattern(&benchmark->thresholds[i])) {
            status = judge_pattern(stored, benchmark, group, &benchmark->thresholds[i], &matched[i],
                                   err);
        }
        has_match = has_match || matched[i];
    }
    for (size_t i = 0; i < benchmark->threshold_count && status == 0; i++) {
        const struct pw_threshold *threshold = &benchmark->thresholds[i];
        if (!matched[i] && !pw_gate_is_optional(benchmark, threshold, has_match)) {
            status = pw_gate_judge_unmatched(&stored->out, benchmark, threshold, err);
        }
    }
    free(matched);
    return status;
}

static int warn_about_command(struct pw_stored *stored, const struct pw_benchmark *benchmark,
                              const struct pw_result_benchmark *entry, struct pw_error *err)
{
    const struct pw_result_benchmark *base = nearest_entry(stored, benchmark, entry->id);

    if (base == NULL || pw_entry_has_same_command(entry, base)) {
        return 0;
    }
    return pw_comparison_warnf(&stored->out, err,
                               "benchmark '%s' runs another command than in its baseline",
                               entry->declared);
}

static int compare_benchmark(struct pw_stored *stored, const struct pw_benchmark *benchmark,
                             struct pw_error *err)
{
    const struct pw_entry_group group = pw_entries_group(&stored->head, benchmark->id);
    bool has_failed = false;
    int status = 0;

    if (group.count == 0) {
        return pw_comparison_add_whole(&stored->out, benchmark->id, PW_VERDICT_ERROR,
                                       "declared but not measured", err);
    }
    for (size_t i = 0; i < group.count && status == 0; i++) {
        if (group.items[i]->status == PW_MEASURED_OK) {
            continue;
        }
        has_failed = true;
        status = pw_comparison_add_entry(&stored->out, group.items[i], PW_VERDICT_ERROR,
                                         pw_entry_failure(group.items[i]), err);
    }
    if (status == 0) {
        status = warn_about_command(stored, benchmark, group.items[0], err);
    }
    if (status != 0 || (has_failed && group.count == 1)) {
        return status;
    }
    return judge_benchmark(stored, benchmark, group, err);
}

static int describe(struct pw_stored *stored, const struct pw_side *base,
                    const struct pw_result *head, struct pw_error *err)
{
    const struct pw_gate_options *options = stored->context.options;
    const struct pw_side measured = pw_side_of(head);
    int status;

    stored->out.mode = "stored";
    pw_gate_apply_config(&stored->context.gate, &stored->out);
    stored->out.shard = options->shard;
    if (options->is_environment_mismatch && pw_gate_refuses_mismatch(options)) {
        stored->out.on_no_baseline = PW_POLICY_FAIL;
    }
    status = pw_comparison_copy(&stored->out, head->tool_version, &stored->out.tool_version, err);
    if (status == 0) {
        status = pw_comparison_copy(&stored->out, options->config->path, &stored->out.config, err);
    }
    if (status == 0) {
        status = pw_comparison_copy_side(&stored->out, &measured, &stored->out.head, err);
    }
    if (status == 0 && base != NULL) {
        status = pw_comparison_copy_side(&stored->out, base, &stored->out.base, err);
    }
    stored->out.base.sessions = stored->session_count;
    return status;
}

static int fill_rows(struct pw_stored *stored, const struct pw_result *sessions,
                     struct pw_error *err)
{
    const struct pw_gate_options *options = stored->context.options;
    const struct pw_config *config = options->config;
    int status = 0;

    for (size_t i = 0; i < config->benchmark_count && status == 0; i++) {
        const struct pw_benchmark *benchmark = &config->benchmarks[i];
        if (pw_benchmark_is_selected(benchmark, options->filters, options->filter_count)) {
            status = compare_benchmark(stored, benchmark, err);
        }
    }
    if (status == 0) {
        status = pw_quarantine_warn(&stored->quarantine, &stored->context, sessions,
                                    stored->session_count, err);
    }
    if (status == 0) {
        const struct pw_vanished_scene scene = {options, &stored->out, &stored->head,
                                                stored->sessions, stored->session_count};
        status = pw_stored_check_vanished(&scene, err);
    }
    return status;
}

static void release(struct pw_stored *stored)
{
    for (size_t i = 0; i < stored->session_count; i++) {
        pw_entries_release(&stored->sessions[i]);
    }
    for (size_t i = 0; i < stored->later_count; i++) {
        pw_entries_release(&stored->later[i]);
    }
    pw_entries_release(&stored->head);
    pw_quarantine_release(&stored->quarantine);
    pw_comparison_release(&stored->out);
}

static int index_sessions(const struct pw_result *sessions, size_t count, struct pw_entries *out,
                          size_t *indexed, struct pw_error *err)
{
    for (size_t i = 0; i < count && i < PW_PREDICTION_MAX_SESSIONS; i++) {
        const int status = pw_entries_init(&out[i], &sessions[i], err);
        if (status != 0) {
            return status;
        }
        (*indexed)++;
    }
    return 0;
}

static int index_all(struct pw_stored *stored, const struct pw_result *sessions,
                     size_t session_count, const struct pw_result *head, struct pw_error *err)
{
    const struct pw_gate_options *options = stored->context.options;
    int status = pw_entries_init(&stored->head, head, err);

    if (status == 0) {
        status =
            index_sessions(sessions, session_count, stored->sessions, &stored->session_count, err);
    }
    if (status == 0) {
        status = index_sessions(options->later, options->later_count, stored->later,
                                &stored->later_count, err);
    }
    return status;
}

int pw_gate_stored(const struct pw_gate_options *options, const struct pw_result *sessions,
                   size_t session_count, const char *no_baseline, const struct pw_side *base,
                   const struct pw_result *head, struct pw_comparison *out, struct pw_error *err)
{
    struct pw_stored stored;
    int status;

    memset(&stored, 0, sizeof stored);
    pw_comparison_init(&stored.out);
    stored.context.options = options;
    stored.context.gate = pw_gate_config_of(options);
    stored.context.out = &stored.out;
    stored.context.method = "stored";
    stored.context.estimate = pw_gate_estimate_stored;
    stored.no_baseline = no_baseline != NULL ? no_baseline : no_sessions;
    status = index_all(&stored, sessions, session_count, head, err);
    if (status == 0) {
        status = describe(&stored, base, head, err);
    }
    if (status == 0) {
        status = fill_rows(&stored, sessions, err);
    }
    if (status == 0) {
        status = pw_rows_keep_history(&stored.out, stored.sessions, stored.session_count, err);
    }
    if (status == 0) {
        pw_gate_locate_rows(options, &stored.out);
        status = pw_gate_accept(options, &stored.out, err);
    }
    if (status == 0) {
        status = pw_gate_finish(&stored.out, err);
    }
    if (status == 0) {
        *out = stored.out;
        memset(&stored.out, 0, sizeof stored.out);
    }
    release(&stored);
    return status;
}
