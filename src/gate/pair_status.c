/*
 * How a paired decision stands, for people who watch it. Changes nothing that is decided: figures
 * and verdict are those that the end would give a metric now, made by the same judge.
 */
#include <math.h>
#include <string.h>

#include "comparison.h"
#include "entries.h"
#include "judge.h"
#include "pairs.h"
#include "perfwarden/gate/pair_status.h"

/* How much a verdict asks for attention. */
static const int urgency[PW_VERDICT_COUNT] = {
    [PW_VERDICT_PASS] = 0,         [PW_VERDICT_IMPROVEMENT] = 1, [PW_VERDICT_NO_BASELINE] = 2,
    [PW_VERDICT_INCONCLUSIVE] = 3, [PW_VERDICT_REGRESSION] = 4,  [PW_VERDICT_ERROR] = 5,
};

/** The metric that is nearest to failing, as far as one has been looked for. */
struct nearest {
    struct pw_pair_entry *entry; /**< NULL for none yet */
    const struct pw_pair_metric *metric;
    enum pw_verdict verdict;
    double evidence; /**< for a regression */
};

/* One metric as a row of its own. @param[out] out  without texts */
static int judge(struct pw_gate_pairs *pairs, struct pw_pair_entry *entry,
                 const struct pw_pair_metric *metric, struct pw_pair_status *out,
                 struct pw_error *err)
{
    const char *name = metric->threshold->metric;
    const struct pw_result_benchmark *base = pw_pairs_entry(pairs, entry, PW_PAIR_BASE);
    const struct pw_result_benchmark *head = pw_pairs_entry(pairs, entry, PW_PAIR_HEAD);
    const struct pw_series *of_base = base != NULL ? pw_result_benchmark_series(base, name) : NULL;
    const struct pw_series *of_head = head != NULL ? pw_result_benchmark_series(head, name) : NULL;
    const struct pw_paired_case paired = {&metric->sequence, metric->is_settled,
                                          pw_pairs_compared(pairs), 0};
    struct pw_metric_case item = {.benchmark = entry->id,
                                  .declared = entry->id,
                                  .head = of_head,
                                  .bases = &of_base,
                                  .base_count = 1,
                                  .threshold = metric->threshold,
                                  .paired = &paired};
    struct pw_comparison scratch;
    struct pw_gate_context context = {
        .options = pairs->options, .gate = pairs->gate, .out = &scratch, .method = "paired"};
    int status;

    if (of_base == NULL || of_head == NULL || metric->is_refused) {
        out->verdict = PW_VERDICT_ERROR;
        return 0;
    }
    pw_comparison_init(&scratch);
    status = pw_gate_judge(&context, &item, err);
    if (status == 0) {
        out->verdict = scratch.rows[0].verdict;
        out->ratio = scratch.rows[0].ratio;
        out->interval = scratch.rows[0].interval;
    }
    pw_comparison_release(&scratch);
    return status;
}

/* What a metric has come to, without the figures where they cost something. */
static int look_at(struct pw_gate_pairs *pairs, struct pw_pair_entry *entry,
                   const struct pw_pair_metric *metric, struct nearest *out, struct pw_error *err)
{
    static const enum pw_verdict verdicts[] = {
        [PW_SEQUENCE_UNDECIDED] = PW_VERDICT_INCONCLUSIVE,
        [PW_SEQUENCE_PASS] = PW_VERDICT_PASS,
        [PW_SEQUENCE_REGRESSION] = PW_VERDICT_INCONCLUSIVE,
        [PW_SEQUENCE_IMPROVEMENT] = PW_VERDICT_IMPROVEMENT,
        [PW_SEQUENCE_UNDEFINED] = PW_VERDICT_ERROR,
    };
    struct pw_pair_status exact;
    int status = 0;

    *out = (struct nearest){entry, metric, verdicts[metric->sequence.state],
                            metric->sequence.now.regression};
    if (metric->is_settled) {
        out->verdict = PW_VERDICT_REGRESSION;
    } else if (metric->is_refused) {
        out->verdict = PW_VERDICT_ERROR;
    } else if (metric->is_exact) {
        status = judge(pairs, entry, metric, &exact, err);
        out->verdict = status == 0 ? exact.verdict : PW_VERDICT_ERROR;
    }
    return status;
}

static bool is_nearer(const struct nearest *a, const struct nearest *b)
{
    if (b->entry == NULL || urgency[a->verdict] != urgency[b->verdict]) {
        return b->entry == NULL || urgency[a->verdict] > urgency[b->verdict];
    }
    return a->evidence > b->evidence;
}

static int find_nearest(struct pw_gate_pairs *pairs, struct pw_pair_group *group,
                        struct nearest *out, struct pw_error *err)
{
    int status = 0;

    for (size_t i = 0; i < group->entry_count && status == 0; i++) {
        for (size_t k = 0; k < group->entries[i].metric_count && status == 0; k++) {
            const struct pw_pair_metric *metric = group->entries[i].metrics[k];
            struct nearest found;
            if (!metric->is_begun && !metric->is_refused) {
                continue;
            }
            status = look_at(pairs, &group->entries[i], metric, &found, err);
            if (status == 0 && is_nearer(&found, out)) {
                *out = found;
            }
        }
    }
    return status;
}

/* A benchmark without figures: decided elsewhere, failed, or not begun. */
static bool is_plain(struct pw_gate_pairs *pairs, struct pw_pair_group *group,
                     struct pw_pair_status *out)
{
    const struct pw_result_benchmark *head;

    if (group->exempt != 0) {
        out->is_decided = true;
        out->verdict = pairs->exempt[group->exempt - 1].verdict;
        return true;
    }
    if (pw_pairs_has_failed(pairs, group)) {
        head = pw_pairs_process(pairs, group, PW_PAIR_HEAD);
        out->is_decided = true;
        out->verdict = pairs->options->is_anchor && (head == NULL || head->status == PW_MEASURED_OK)
                           ? PW_VERDICT_NO_BASELINE
                           : PW_VERDICT_ERROR;
        return true;
    }
    return false;
}

int pw_gate_pairs_peek(struct pw_gate_pairs *pairs, const char *declared,
                       struct pw_pair_status *out, struct pw_error *err)
{
    struct pw_pair_group *group = pw_pairs_group(pairs, declared);
    struct pw_pair_status found = {.verdict = PW_VERDICT_INCONCLUSIVE,
                                   .benchmark = group != NULL ? group->declared : NULL,
                                   .ratio = NAN,
                                   .interval = {NAN, NAN}};
    struct nearest nearest = {NULL, NULL, PW_VERDICT_PASS, 0.0};
    int status;

    if (group == NULL) {
        return pw_error_set(err, PW_ENOTFOUND, "there is no benchmark '%s'", declared);
    }
    status = pw_pairs_take_entries(pairs, err);
    if (status != 0) {
        return status;
    }
    found.pairs = pw_pairs_count(pairs, group);
    if (!is_plain(pairs, group, &found)) {
        status = find_nearest(pairs, group, &nearest, err);
        found.is_decided = !pw_pairs_is_open(pairs, group);
    }
    if (status == 0 && nearest.entry != NULL) {
        found.benchmark = nearest.entry->id;
        found.metric = nearest.metric->threshold->metric;
        status = judge(pairs, nearest.entry, nearest.metric, &found, err);
    }
    if (status == 0) {
        *out = found;
    }
    return status;
}
