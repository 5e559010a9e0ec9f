/*
 * From a sequence to a row: verdict, figures and the reason in words.
 *
 * A regression stands only when e-BH kept it over the suite; else it was suspected, which is not
 * enough. What the pairs left undecided is inconclusive, never a pass.
 */
#include "judge_paired.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "comparison.h"
#include "reason.h"

static int decide_with(struct pw_gate_context *context, struct pw_comparison_row *row,
                       enum pw_verdict verdict, struct pw_strbuf *text, struct pw_error *err)
{
    int status = pw_strbuf_check(text, err);

    if (status == 0) {
        status = pw_comparison_decide(context->out, row, verdict, err, "%s", pw_strbuf_text(text));
    }
    pw_strbuf_release(text);
    return status;
}

static enum pw_verdict verdict_of(const struct pw_paired_case *paired)
{
    static const enum pw_verdict verdicts[] = {
        [PW_SEQUENCE_UNDECIDED] = PW_VERDICT_INCONCLUSIVE,
        [PW_SEQUENCE_PASS] = PW_VERDICT_PASS,
        [PW_SEQUENCE_REGRESSION] = PW_VERDICT_REGRESSION,
        [PW_SEQUENCE_IMPROVEMENT] = PW_VERDICT_IMPROVEMENT,
        [PW_SEQUENCE_UNDEFINED] = PW_VERDICT_ERROR,
    };
    const enum pw_verdict verdict = verdicts[paired->sequence->state];

    return verdict == PW_VERDICT_REGRESSION && !paired->is_kept ? PW_VERDICT_INCONCLUSIVE : verdict;
}

/* The evidence a verdict rests on; finite, so that it can be written. */
static double evidence_of(const struct pw_sequence *sequence)
{
    double value = sequence->now.regression;

    if (sequence->state == PW_SEQUENCE_PASS) {
        value = sequence->at_decision.pass;
    } else if (sequence->state == PW_SEQUENCE_IMPROVEMENT) {
        value = sequence->at_decision.improvement;
    }
    return fmin(value, DBL_MAX);
}

static double known(double value)
{
    return isfinite(value) ? value : NAN;
}

static void fill_row(const struct pw_paired_case *paired, const struct pw_metric_case *item,
                     const struct pw_sequence_estimate *found, struct pw_comparison_row *row)
{
    row->base = found->base;
    row->head = found->head;
    row->base_samples = item->bases[0]->count;
    row->ratio = known(found->ratio);
    row->interval = found->interval;
    row->pairs = paired->sequence->pairs;
    row->e_value = evidence_of(paired->sequence);
    row->detectable = known(found->detectable);
    row->noise = found->is_log ? found->noise : NAN;
}

/* A ceiling that decided by itself, or was all that is gated. */
static void put_limit(const struct pw_metric_case *item, const struct pw_sequence_estimate *found,
                      struct pw_strbuf *text)
{
    const bool is_over =
        pw_threshold_is_over_limit(item->threshold, item->head->better, found->head);

    pw_reason_of_limit(item->head, item->threshold, found->head, is_over, text);
    pw_reason_of_pairs(item->paired->sequence->pairs, item->paired->recorded, text);
    if (item->paired->sequence->state == PW_SEQUENCE_UNDECIDED) {
        pw_strbuf_puts(text, ": too few, or too close to the limit, to be sure");
    }
}

/* Whether a change as large as the threshold would have been seen. */
static bool could_have_seen(const struct pw_metric_case *item,
                            const struct pw_sequence_estimate *found)
{
    const enum pw_scale scale = found->is_log ? PW_SCALE_LOG : PW_SCALE_RAW;
    const double theta =
        pw_threshold_on_scale(item->threshold, item->head->better, scale, found->base);

    return found->detectable <= (found->is_log ? expm1(theta) : theta / found->base);
}

/*
 * A regression has ruled out every change up to the threshold, also where the interval, which rules
 * out one value at a time, still leaves values that lie far below.
 */
static void clip_interval(const struct pw_metric_case *item, struct pw_sequence_estimate *found)
{
    const enum pw_scale scale = found->is_log ? PW_SCALE_LOG : PW_SCALE_RAW;
    const enum pw_better better = item->head->better;
    const double theta = pw_threshold_on_scale(item->threshold, better, scale, found->base);
    const double turned = better == PW_BETTER_LOWER ? theta : -theta;
    const double ratio = found->is_log ? exp(turned) : 1.0 + turned / found->base;

    if (better == PW_BETTER_LOWER) {
        found->interval.low = fmax(found->interval.low, ratio);
    } else {
        found->interval.high = fmin(found->interval.high, ratio);
    }
    if (!found->is_log && better == PW_BETTER_LOWER) {
        found->difference_interval.low = fmax(found->difference_interval.low, turned);
    } else if (!found->is_log) {
        found->difference_interval.high = fmin(found->difference_interval.high, turned);
    }
}

size_t pw_gate_least_pairs(const struct pw_config *config)
{
    return pw_e_process_least(1.0 / config->gate.alpha);
}

static bool has_few(const struct pw_sequence *sequence)
{
    return sequence->pairs < pw_e_process_least(1.0 / sequence->options.alpha);
}

/* Why nothing was decided, where what could have been seen does not say it. */
static void put_doubt(const struct pw_sequence *sequence, struct pw_strbuf *text)
{
    const size_t least = pw_e_process_least(1.0 / sequence->options.alpha);
    char alpha[PW_DOUBLE_TEXT_SIZE];

    if (!has_few(sequence)) {
        pw_strbuf_puts(text, ": too close to the limit to tell");
        return;
    }
    pw_format_double(sequence->options.alpha, alpha);
    pw_strbuf_printf(text,
                     ": too few to show a regression at alpha %s, which takes %zu pairs at "
                     "least",
                     alpha, least);
}

static void put_change(const struct pw_metric_case *item, const struct pw_sequence_estimate *found,
                       enum pw_verdict verdict, struct pw_strbuf *text)
{
    const struct pw_paired_case *paired = item->paired;
    const bool is_undecided = paired->sequence->state == PW_SEQUENCE_UNDECIDED;
    const bool is_close = is_undecided && could_have_seen(item, found);
    /* What could have been seen says nothing where that was enough, or the doubt is another. */
    const bool is_blind = is_undecided && !is_close;
    const struct pw_decision decision = {verdict, is_blind ? known(found->detectable) : NAN};
    struct pw_estimate estimate;

    memset(&estimate, 0, sizeof estimate);
    estimate.scale = found->is_log ? PW_SCALE_LOG : PW_SCALE_RAW;
    estimate.shift = found->is_log ? log(found->ratio) : found->difference;
    estimate.interval = found->difference_interval;
    if (found->is_log) {
        estimate.interval.low = log(found->interval.low);
        estimate.interval.high = log(found->interval.high);
    }
    estimate.pairs = paired->sequence->pairs;
    estimate.recorded = paired->recorded;
    pw_reason_of_change(item->head, item->threshold, &estimate, &decision, text);
    if (is_close || (is_blind && !isfinite(found->detectable) && has_few(paired->sequence))) {
        put_doubt(paired->sequence, text);
    }
}

static void put_suspicion(const struct pw_gate_context *context,
                          const struct pw_paired_case *paired, struct pw_strbuf *text)
{
    char percent[PW_DOUBLE_TEXT_SIZE];

    pw_format_double(round(context->gate.fdr * 1e8) / 1e6, percent);
    pw_strbuf_printf(
        text, ": suspected; not kept at a false discovery rate of %s %% over %zu comparison%s",
        percent, paired->compared, paired->compared == 1 ? "" : "s");
}

int pw_gate_judge_paired(struct pw_gate_context *context, const struct pw_metric_case *item,
                         struct pw_comparison_row *row, struct pw_error *err)
{
    const struct pw_paired_case *paired = item->paired;
    const struct pw_sequence *sequence = paired->sequence;
    struct pw_sequence_estimate found;
    struct pw_strbuf text = PW_STRBUF_INIT;
    enum pw_verdict verdict;

    if (item->bases[0]->count != item->head->count) {
        return pw_comparison_decide(
            context->out, row, PW_VERDICT_ERROR, err,
            "not pairs: the base has %zu values, the head %zu: measure both again",
            item->bases[0]->count, item->head->count);
    }
    if (sequence == NULL || sequence->pairs == 0) {
        return pw_comparison_decide(context->out, row, PW_VERDICT_INCONCLUSIVE, err,
                                    "no pair was measured");
    }
    verdict = verdict_of(paired);
    if (verdict == PW_VERDICT_ERROR) {
        return pw_comparison_decide(context->out, row, verdict, err, "%s",
                                    pw_sequence_reason(sequence));
    }
    if (pw_sequence_estimate(sequence, &found, err) != 0) {
        return PW_ENOMEM;
    }
    if (sequence->state == PW_SEQUENCE_REGRESSION && sequence->part == PW_SEQUENCE_PART_CHANGE) {
        clip_interval(item, &found);
    }
    fill_row(paired, item, &found, row);
    row->method = context->method;
    if (sequence->part == PW_SEQUENCE_PART_LIMIT || !pw_threshold_has_change(item->threshold)) {
        put_limit(item, &found, &text);
    } else {
        put_change(item, &found, verdict, &text);
    }
    if (sequence->state == PW_SEQUENCE_REGRESSION && !paired->is_kept) {
        put_suspicion(context, paired, &text);
    }
    return decide_with(context, row, verdict, &text, err);
}
