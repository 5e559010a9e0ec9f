/*
 * The rules for one metric, in the order they are asked: was it measured, is it over its ceiling,
 * is there a base, are the values fit to be compared, is it an exact count, how did it change.
 *
 * The first step that has an answer ends the row. The same for stored, unpaired and paired
 * comparisons: how the change is estimated is the context's function, and what pairs have decided
 * is taken from their sequence (judge_paired.c).
 */
#include "judge.h"

#include <math.h>
#include <string.h>

#include "comparison.h"
#include "judge_paired.h"
#include "pattern.h"
#include "quarantine.h"
#include "reason.h"
#include "row_values.h"
#include "threshold.h"

/** Of rows that were compared without noise. */
static const char exact_method[] = "exact";

/** What a step says besides failing. */
enum { GO_ON = 0, DECIDED = 1 };

/** A row being judged. */
struct judgement {
    struct pw_gate_context *context;
    const struct pw_metric_case *item;
    struct pw_comparison_row *row;
    enum pw_scale scale;
};

/* A row's reason from a buffer, which is released. */
static int decide_with(struct judgement *judgement, enum pw_verdict verdict, struct pw_strbuf *text,
                       struct pw_error *err)
{
    int status = pw_strbuf_check(text, err);

    if (status == 0) {
        status = pw_comparison_decide(judgement->context->out, judgement->row, verdict, err, "%s",
                                      pw_strbuf_text(text));
    }
    pw_strbuf_release(text);
    return status != 0 ? status : DECIDED;
}

static int decide(struct judgement *judgement, enum pw_verdict verdict, const char *reason,
                  struct pw_error *err)
{
    const int status =
        pw_comparison_decide(judgement->context->out, judgement->row, verdict, err, "%s", reason);
    return status != 0 ? status : DECIDED;
}

/* Name a value that no comparison is possible with. */
static int refuse_value(struct judgement *judgement, const char *side, double value,
                        struct pw_error *err)
{
    const char *what = !isfinite(value) ? "not a finite number" : "negative";
    const int status =
        pw_comparison_decide(judgement->context->out, judgement->row, PW_VERDICT_ERROR, err,
                             "the %s has the value '%g', which is %s", side, value, what);
    return status != 0 ? status : DECIDED;
}

static int judge_head(struct judgement *judgement, struct pw_error *err)
{
    const struct pw_series *head = judgement->item->head;
    struct pw_samples_nature nature = {0, 0, false, 0.0};
    int status;

    if (head->count == 0) {
        status = pw_comparison_decide(
            judgement->context->out, judgement->row, PW_VERDICT_ERROR, err, "not measured: %s",
            head->null_reason != NULL ? head->null_reason : "the runs yielded no value");
        return status != 0 ? status : DECIDED;
    }
    pw_samples_inspect(head, &nature);
    if (nature.has_bad) {
        return refuse_value(judgement, "head", nature.bad, err);
    }
    judgement->row->head = pw_stats_median(head->samples, head->count, err);
    return isnan(judgement->row->head) ? PW_ENOMEM : GO_ON;
}

/* What the base was, for a row whose verdict does not rest on it. */
static int fill_base(struct judgement *judgement, struct pw_error *err)
{
    const struct pw_metric_case *item = judgement->item;
    struct pw_comparison_row *row = judgement->row;
    struct pw_samples_nature nature = {0, 0, false, 0.0};

    if (item->base_count == 0) {
        return 0;
    }
    pw_samples_inspect(item->bases[0], &nature);
    if (nature.has_bad) {
        return 0;
    }
    row->base = pw_stats_median(item->bases[0]->samples, item->bases[0]->count, err);
    if (isnan(row->base)) {
        return PW_ENOMEM;
    }
    row->base_samples = item->bases[0]->count;
    if (row->base > 0.0 && isfinite(row->head / row->base)) {
        row->ratio = row->head / row->base;
    }
    return 0;
}

/* Noisy values that were measured in pairs: a ceiling, too, is decided by the sequence. */
static bool rests_on_pairs(const struct judgement *judgement)
{
    const struct pw_metric_case *item = judgement->item;

    return item->paired != NULL && item->base_count > 0 &&
           !(pw_samples_are_deterministic(item->head) &&
             pw_samples_are_deterministic(item->bases[0]));
}

static int judge_limit(struct judgement *judgement, struct pw_error *err)
{
    const struct pw_threshold *threshold = judgement->item->threshold;
    const struct pw_series *head = judgement->item->head;
    const double value = judgement->row->head;
    const bool is_over = pw_threshold_is_over_limit(threshold, head->better, value);
    struct pw_strbuf text = PW_STRBUF_INIT;
    int status;

    if ((!is_over && pw_threshold_has_change(threshold)) || rests_on_pairs(judgement)) {
        return GO_ON;
    }
    status = fill_base(judgement, err);
    if (status != 0) {
        return status;
    }
    judgement->row->method =
        pw_samples_are_deterministic(head) ? exact_method : judgement->context->method;
    pw_reason_of_limit(head, threshold, value, is_over, &text);
    return decide_with(judgement, is_over ? PW_VERDICT_REGRESSION : PW_VERDICT_PASS, &text, err);
}

static int judge_presence(struct judgement *judgement, struct pw_error *err)
{
    if (judgement->item->base_count > 0) {
        return GO_ON;
    }
    return decide(judgement, PW_VERDICT_NO_BASELINE, judgement->item->no_baseline, err);
}

static int judge_values(struct judgement *judgement, struct pw_error *err)
{
    const struct pw_metric_case *item = judgement->item;
    struct pw_samples_nature base = {0, 0, false, 0.0};
    struct pw_samples_nature head = {0, 0, false, 0.0};

    pw_samples_inspect(item->head, &head);
    for (size_t i = 0; i < item->base_count; i++) {
        pw_samples_inspect(item->bases[i], &base);
    }
    if (base.has_bad) {
        return refuse_value(judgement, "base", base.bad, err);
    }
    if (!pw_threshold_has_change(item->threshold)) {
        return GO_ON;
    }
    /* No change relative to 0 can be told, but a difference can where only that was asked for. */
    if (base.zeros == base.count && !isnan(item->threshold->increase_ratio)) {
        judgement->row->base = 0.0;
        return decide(judgement, PW_VERDICT_ERROR,
                      "the base is '0': no change relative to it can be told, set 'at_least' alone "
                      "or 'limit'",
                      err);
    }
    if (base.zeros + head.zeros == 0) {
        return GO_ON;
    }
    if (isnan(item->threshold->at_least)) {
        return decide(judgement, PW_VERDICT_ERROR,
                      "some values are '0': ratios are undefined, set 'at_least'", err);
    }
    judgement->scale = PW_SCALE_RAW;
    return GO_ON;
}

static double as_ratio(const struct pw_estimate *estimate, double shift)
{
    double ratio = NAN;

    if (estimate->scale == PW_SCALE_LOG) {
        return isnan(shift) ? NAN : exp(shift);
    }
    if (estimate->base > 0.0) {
        ratio = fmax(0.0, 1.0 + shift / estimate->base);
    }
    return ratio;
}

/* Numbers that are known whatever the verdict. */
static void fill_row(struct pw_comparison_row *row, const struct pw_estimate *estimate)
{
    const double ratio = as_ratio(estimate, estimate->shift);

    row->base = estimate->base;
    row->base_samples = estimate->base_samples;
    row->ratio = isfinite(ratio) ? ratio : NAN;
    row->interval.low = as_ratio(estimate, estimate->interval.low);
    row->interval.high = as_ratio(estimate, estimate->interval.high);
    row->noise = estimate->scale == PW_SCALE_LOG ? estimate->noise : NAN;
    row->p_value = estimate->p_value;
}

static int decide_change(struct judgement *judgement, const struct pw_estimate *estimate,
                         struct pw_error *err)
{
    const struct pw_metric_case *item = judgement->item;
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_decision decision;

    fill_row(judgement->row, estimate);
    judgement->row->method = estimate->is_exact ? exact_method : judgement->context->method;
    if (isinf(estimate->interval.low) || isinf(estimate->interval.high)) {
        return decide(judgement, PW_VERDICT_INCONCLUSIVE,
                      estimate->note != NULL ? estimate->note : "no interval can be given", err);
    }
    decision = pw_threshold_decide(item->threshold, item->head->better, estimate);
    judgement->row->detectable = decision.detectable;
    pw_reason_of_change(item->head, item->threshold, estimate, &decision, &text);
    return decide_with(judgement, decision.verdict, &text, err);
}

/* A count without noise is compared with the nearest base alone: older ones say nothing more. */
static int judge_exact(struct judgement *judgement, struct pw_error *err)
{
    const struct pw_metric_case *item = judgement->item;
    struct pw_estimate estimate;

    if (!pw_samples_are_deterministic(item->head) ||
        !pw_samples_are_deterministic(item->bases[0])) {
        return GO_ON;
    }
    memset(&estimate, 0, sizeof estimate);
    estimate.scale = judgement->scale;
    estimate.is_exact = true;
    estimate.head = judgement->row->head;
    estimate.base = pw_stats_median(item->bases[0]->samples, item->bases[0]->count, err);
    if (isnan(estimate.base)) {
        return PW_ENOMEM;
    }
    estimate.base_samples = item->bases[0]->count;
    estimate.shift = pw_scale_apply(estimate.scale, estimate.head) -
                     pw_scale_apply(estimate.scale, estimate.base);
    estimate.interval.low = estimate.interval.high = estimate.shift;
    estimate.p_value = NAN;
    return decide_change(judgement, &estimate, err);
}

static int judge_change(struct judgement *judgement, struct pw_error *err)
{
    struct pw_gate_context *context = judgement->context;
    struct pw_estimate estimate;
    int status;

    if (judgement->item->paired != NULL) {
        status = pw_gate_judge_paired(context, judgement->item, judgement->row, err);
        return status != 0 ? status : DECIDED;
    }

    memset(&estimate, 0, sizeof estimate);
    estimate.p_value = NAN;
    estimate.head = judgement->row->head;
    status = context->estimate(context, judgement->item, judgement->scale, &estimate, err);
    return status != 0 ? status : decide_change(judgement, &estimate, err);
}

bool pw_gate_is_optional(const struct pw_benchmark *benchmark, const struct pw_threshold *threshold,
                         bool has_match)
{
    return has_match && benchmark->format != NULL && pw_metric_find(threshold->metric) != NULL;
}

int pw_gate_judge_unmatched(struct pw_comparison *out, const struct pw_benchmark *benchmark,
                            const struct pw_threshold *threshold, struct pw_error *err)
{
    struct pw_comparison_row *row =
        pw_comparison_add_row(out, benchmark->id, threshold->metric, err);

    if (row == NULL) {
        return PW_ENOMEM;
    }
    row->threshold = *threshold;
    row->threshold.metric = row->metric;
    if (pw_threshold_is_pattern(threshold)) {
        return pw_comparison_decide(out, row, PW_VERDICT_ERROR, err,
                                    "not measured: the benchmark reported no metric that matches "
                                    "'%s', which is a threshold",
                                    threshold->metric);
    }
    return pw_comparison_decide(out, row, PW_VERDICT_ERROR, err,
                                "not measured: the benchmark reported no metric '%s', which has a "
                                "threshold",
                                threshold->metric);
}

int pw_gate_judge(struct pw_gate_context *context, const struct pw_metric_case *item,
                  struct pw_error *err)
{
    static int (*const steps[])(struct judgement *, struct pw_error *) = {
        judge_head, judge_limit, judge_presence, judge_values, judge_exact, judge_change};
    struct judgement judgement = {context, item, NULL, PW_SCALE_LOG};
    int answer;

    judgement.row = pw_comparison_add_row(context->out, item->benchmark, item->head->metric, err);
    if (judgement.row == NULL) {
        return PW_ENOMEM;
    }
    answer = pw_comparison_copy(context->out, item->head->unit, &judgement.row->unit, err);
    if (answer == 0) {
        answer = pw_comparison_copy(context->out, item->declared, &judgement.row->declared, err);
    }
    if (answer == 0) {
        answer = pw_row_keep_runs(context->out, judgement.row, item, err);
    }
    judgement.row->better = item->head->better;
    judgement.row->head_samples = item->head->count;
    judgement.row->threshold = *item->threshold;
    judgement.row->threshold.metric = judgement.row->metric;
    for (size_t i = 0; i < PW_COUNT(steps) && answer == GO_ON; i++) {
        answer = steps[i](&judgement, err);
    }
    return answer < 0 ? answer : pw_quarantine_judge(context, judgement.row, err);
}
