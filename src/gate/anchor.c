/*
 * The comparison with an older commit, beside the one with the base.
 *
 * Owns which of its rows are worth telling, for the anchor stays what it is for a long time: what
 * fails, vanished or is over its ceiling is told once, by the comparison with the base; what did
 * not exist then has not drifted; and what is wrong with the anchor is no fault of head's.
 */
#include <math.h>
#include <string.h>

#include "comparison.h"
#include "policy.h"
#include "threshold.h"

/** How every reason begins that says that the base does not have what the head has. */
#define NEW_PREFIX "new "

static const struct pw_threshold *find_threshold(const struct pw_anchor_config *anchor,
                                                 const char *metric)
{
    for (size_t i = 0; i < anchor->threshold_count; i++) {
        if (strcmp(anchor->thresholds[i].metric, metric) == 0) {
            return &anchor->thresholds[i];
        }
    }
    return NULL;
}

static int replace_thresholds(const struct pw_anchor_config *anchor, struct pw_arena *arena,
                              struct pw_benchmark *benchmark, struct pw_error *err)
{
    struct pw_threshold *thresholds =
        pw_arena_array(arena, benchmark->threshold_count + 1, sizeof *thresholds);
    size_t count = 0;

    if (thresholds == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < benchmark->threshold_count; i++) {
        const struct pw_threshold *own = &benchmark->thresholds[i];
        const struct pw_threshold *other = find_threshold(anchor, own->metric);
        thresholds[count] = other != NULL ? *other : *own;
        thresholds[count].limit = NAN;
        count += pw_threshold_has_change(&thresholds[count]);
    }
    benchmark->thresholds = thresholds;
    benchmark->threshold_count = count;
    return 0;
}

int pw_gate_anchor_config(const struct pw_config *config, struct pw_arena *arena,
                          struct pw_config *out, struct pw_error *err)
{
    struct pw_benchmark *benchmarks =
        pw_arena_array(arena, config->benchmark_count + 1, sizeof *benchmarks);
    int status = 0;

    if (benchmarks == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < config->benchmark_count && status == 0; i++) {
        benchmarks[i] = config->benchmarks[i];
        status = replace_thresholds(&config->gate.anchor, arena, &benchmarks[i], err);
    }
    if (status == 0) {
        *out = *config;
        out->benchmarks = benchmarks;
    }
    return status;
}

size_t pw_gate_anchor_count(const struct pw_gate_options *options)
{
    const struct pw_config *config = options->config;
    size_t count = 0;

    for (size_t i = 0; i < config->benchmark_count; i++) {
        const struct pw_benchmark *benchmark = &config->benchmarks[i];
        if (!pw_benchmark_is_selected(benchmark, options->filters, options->filter_count)) {
            continue;
        }
        for (size_t k = 0; k < benchmark->threshold_count; k++) {
            const struct pw_threshold *own = &benchmark->thresholds[k];
            count += pw_threshold_has_change(own) ||
                     find_threshold(&config->gate.anchor, own->metric) != NULL;
        }
    }
    return count;
}

static bool is_same(const char *a, const char *b)
{
    return a == NULL || b == NULL || strcmp(a, b) == 0;
}

/* Whether the comparison with the base says the same of this benchmark, or of all of it. */
static bool is_told(const struct pw_comparison *comparison, const struct pw_comparison_row *row)
{
    for (size_t i = 0; i < comparison->row_count; i++) {
        const struct pw_comparison_row *other = &comparison->rows[i];
        if (other->since == NULL && other->verdict == PW_VERDICT_ERROR &&
            is_same(other->declared, row->declared) && is_same(other->metric, row->metric)) {
            return true;
        }
    }
    return false;
}

/* What becomes of a verdict when the base is an anchor. */
static enum pw_verdict verdict_of(const struct pw_comparison_row *row)
{
    if (row->verdict == PW_VERDICT_NO_BASELINE && row->reason != NULL &&
        strncmp(row->reason, NEW_PREFIX, strlen(NEW_PREFIX)) == 0) {
        return PW_VERDICT_SKIPPED;
    }
    /* Not told of the base's values, so it is of the anchor's. A process that failed stays one. */
    if (row->verdict == PW_VERDICT_ERROR && row->metric != NULL) {
        return PW_VERDICT_NO_BASELINE;
    }
    return row->verdict;
}

/* What is no longer there, whether that was agreed to or not. */
static bool has_vanished(const struct pw_comparison_row *row)
{
    return row->verdict == PW_VERDICT_MISSING ||
           (row->verdict == PW_VERDICT_ACCEPTED && row->metric == NULL);
}

static int add_row(struct pw_comparison *comparison, const struct pw_comparison_row *row,
                   struct pw_error *err)
{
    struct pw_comparison_row *made;
    int status;

    if (has_vanished(row) || (row->verdict == PW_VERDICT_ERROR && is_told(comparison, row))) {
        return 0;
    }
    status = pw_comparison_copy_row(comparison, row, err);
    if (status != 0) {
        return status;
    }
    made = &comparison->rows[comparison->row_count - 1];
    made->verdict = verdict_of(row);
    made->since = comparison->anchor.label;
    return 0;
}

/* Remarks on verdicts are made anew with the whole. */
static void drop_remarks(struct pw_comparison *comparison)
{
    const size_t end = comparison->remark_start + comparison->remark_count;

    if (comparison->remark_count > 0) {
        memmove(comparison->warnings + comparison->remark_start, comparison->warnings + end,
                (comparison->warning_count - end) * sizeof *comparison->warnings);
        comparison->warning_count -= comparison->remark_count;
        comparison->remark_count = 0;
    }
}

static bool has_warning(const struct pw_comparison *comparison, const char *text)
{
    for (size_t i = 0; i < comparison->warning_count; i++) {
        if (strcmp(comparison->warnings[i], text) == 0) {
            return true;
        }
    }
    return false;
}

static int add_warnings(struct pw_comparison *comparison, const struct pw_comparison *against,
                        struct pw_error *err)
{
    int status = 0;

    for (size_t i = 0; i < against->warning_count && status == 0; i++) {
        const bool is_remark =
            i >= against->remark_start && i < against->remark_start + against->remark_count;
        if (!is_remark && !has_warning(comparison, against->warnings[i])) {
            status = pw_comparison_warnf(comparison, err, "since %s: %s", comparison->anchor.label,
                                         against->warnings[i]);
        }
    }
    return status;
}

int pw_gate_add_anchor(struct pw_comparison *comparison, const struct pw_comparison *against,
                       const struct pw_anchor *anchor, struct pw_error *err)
{
    int status = pw_comparison_copy_anchor(comparison, anchor, &comparison->anchor, err);
    bool has_pairs = false;

    drop_remarks(comparison);
    for (size_t i = 0; i < against->row_count && status == 0; i++) {
        has_pairs = has_pairs || against->rows[i].pairs > 0;
        status = add_row(comparison, &against->rows[i], err);
    }
    if (status == 0) {
        status = add_warnings(comparison, against, err);
    }
    if (status != 0) {
        return status;
    }
    if (has_pairs && strcmp(comparison->mode, "stored") == 0) {
        comparison->mode = "auto";
    }
    return pw_gate_finish(comparison, err);
}
