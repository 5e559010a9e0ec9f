/*
 * Feeding sequences: each takes in the pairs that are new, and none after it has decided, so that
 * its verdict and its figures are of the same pairs. A suspected regression goes on, a pair at a
 * time, until e-BH keeps it.
 */
#include <math.h>
#include <string.h>

#include "entries.h"
#include "pairs.h"
#include "samples.h"

static const struct pw_series *find_series(const struct pw_result_benchmark *entry,
                                           struct pw_pair_metric *metric, int side)
{
    const char *name = metric->threshold->metric;
    const struct pw_series *series;

    if (metric->places[side] < entry->series_count) {
        series = &entry->series[metric->places[side]];
        if (series->metric == name || strcmp(series->metric, name) == 0) {
            return series;
        }
    }
    series = pw_result_benchmark_series(entry, name);
    if (series != NULL) {
        metric->places[side] = (size_t)(series - entry->series);
    }
    return series;
}

static int add_hypothesis(struct pw_gate_pairs *pairs, struct pw_pair_metric *metric,
                          struct pw_error *err)
{
    struct pw_pair_metric **hypotheses =
        pw_arena_grow(&pairs->arena, pairs->hypotheses, pairs->hypothesis_count,
                      &pairs->hypothesis_capacity, sizeof(struct pw_pair_metric *));

    if (hypotheses == NULL) {
        return pw_error_set_no_memory(err);
    }
    pairs->hypotheses = hypotheses;
    hypotheses[pairs->hypothesis_count++] = metric;
    pairs->is_stale = true;
    return 0;
}

unsigned pw_pairs_min(const struct pw_gate_pairs *pairs, const struct pw_pair_group *group)
{
    return pairs->options->runs_min != 0 ? pairs->options->runs_min : group->benchmark->runs_min;
}

/* Open the sequence of a metric that both sides have values of. */
static int begin(struct pw_gate_pairs *pairs, struct pw_pair_group *group,
                 struct pw_pair_metric *metric, const struct pw_series *base,
                 const struct pw_series *head, struct pw_error *err)
{
    /* One number for all, whatever the order in which the benchmarks come. */
    pairs->suite_size = pairs->suite_size == 0 ? pw_pairs_compared(pairs) : pairs->suite_size;
    const struct pw_sequence_options options = {
        .better = head->better,
        .increase_ratio = metric->threshold->increase_ratio,
        .at_least = metric->threshold->at_least,
        .limit = metric->threshold->limit,
        .alpha = pairs->gate.alpha,
        .beta = pairs->gate.beta,
        .min_pairs = pw_pairs_min(pairs, group),
        /* What e-BH asks of a regression that is the only one. */
        .suite_evidence = (double)pairs->suite_size / pairs->gate.fdr,
    };
    int status;

    if (pw_series_obstacle(&pairs->arena, "the base", base, head) != NULL) {
        metric->is_refused = true;
        return 0;
    }
    status = pw_sequence_init(&options, &metric->sequence, err);
    if (status == 0) {
        metric->is_begun = true;
        pw_pairs_stop_expecting(pairs, group);
        status = add_hypothesis(pairs, metric, err);
    }
    return status;
}

static void look_at(struct pw_pair_metric *metric, int side, const struct pw_series *series)
{
    if (metric->samples[side] > series->count) {
        metric->samples[side] = 0; /* a half pair was taken back */
    }
    if (metric->samples[side] == 0) {
        metric->lowest[side] = INFINITY;
        metric->highest[side] = -INFINITY;
    }
    while (metric->samples[side] < series->count) {
        const double value = series->samples[metric->samples[side]++];
        metric->lowest[side] = fmin(metric->lowest[side], value);
        metric->highest[side] = fmax(metric->highest[side], value);
    }
}

/* As pw_samples_are_deterministic() would say, without going through all samples again. */
static void look_for_noise(struct pw_gate_pairs *pairs, struct pw_pair_metric *metric,
                           const struct pw_series *const series[PW_PAIR_SIDES])
{
    bool is_exact = pw_samples_may_be_exact(series[PW_PAIR_HEAD]) &&
                    pw_samples_may_be_exact(series[PW_PAIR_BASE]);

    if (is_exact) {
        for (int side = 0; side < PW_PAIR_SIDES; side++) {
            look_at(metric, side, series[side]);
            is_exact = is_exact && pw_samples_agree(metric->lowest[side], metric->highest[side]);
        }
    }
    if (is_exact != metric->is_exact) {
        metric->is_exact = is_exact;
        pairs->exact = is_exact ? pairs->exact + 1 : pairs->exact - 1;
        pairs->is_stale = true;
    }
}

static int add_pair(struct pw_gate_pairs *pairs, struct pw_pair_metric *metric,
                    const struct pw_series *const series[PW_PAIR_SIDES], struct pw_error *err)
{
    struct pw_error refusal = PW_ERROR_INIT;
    const size_t next = metric->sequence.pairs;
    const int status = pw_sequence_add(&metric->sequence, series[PW_PAIR_BASE]->samples[next],
                                       series[PW_PAIR_HEAD]->samples[next], &refusal);

    pw_error_release(&refusal);
    if (status == PW_EINVAL) { /* the row will name the value */
        metric->is_refused = true;
        return 0;
    }
    if (status != 0) {
        return pw_error_set_no_memory(err);
    }
    pairs->is_stale = pairs->is_stale || metric->sequence.state == PW_SEQUENCE_REGRESSION;
    return 0;
}

static bool has_more(const struct pw_pair_metric *metric,
                     const struct pw_series *const series[PW_PAIR_SIDES])
{
    return metric->sequence.pairs < series[PW_PAIR_BASE]->count &&
           metric->sequence.pairs < series[PW_PAIR_HEAD]->count;
}

static int feed_metric(struct pw_gate_pairs *pairs, struct pw_pair_group *group,
                       struct pw_pair_metric *metric,
                       const struct pw_series *const series[PW_PAIR_SIDES], struct pw_error *err)
{
    int status = 0;

    if (!metric->is_begun) {
        status = begin(pairs, group, metric, series[PW_PAIR_BASE], series[PW_PAIR_HEAD], err);
    }
    if (status != 0 || metric->is_refused) {
        return status;
    }
    look_for_noise(pairs, metric, series);
    while (metric->sequence.state == PW_SEQUENCE_UNDECIDED && !metric->is_refused &&
           has_more(metric, series) && status == 0) {
        status = add_pair(pairs, metric, series, err);
    }
    return status;
}

/* The series of both sides, if there are two that can be looked at. */
static bool find_pair(struct pw_gate_pairs *pairs, struct pw_pair_entry *entry,
                      struct pw_pair_metric *metric, const struct pw_series *out[PW_PAIR_SIDES])
{
    for (int side = 0; side < PW_PAIR_SIDES; side++) {
        const struct pw_result_benchmark *found = pw_pairs_entry(pairs, entry, side);
        if (found == NULL || found->status != PW_MEASURED_OK) {
            return false;
        }
        out[side] = find_series(found, metric, side);
        if (out[side] == NULL || out[side]->count == 0) {
            return false;
        }
    }
    return true;
}

int pw_pairs_feed(struct pw_gate_pairs *pairs, struct pw_pair_group *group, struct pw_error *err)
{
    int status = pw_pairs_expand(pairs, group, err);

    for (size_t i = 0; i < group->entry_count; i++) {
        for (size_t k = 0; k < group->entries[i].metric_count && status == 0; k++) {
            struct pw_pair_metric *metric = group->entries[i].metrics[k];
            const struct pw_series *series[PW_PAIR_SIDES];
            if (!metric->is_refused && find_pair(pairs, &group->entries[i], metric, series)) {
                status = feed_metric(pairs, group, metric, series, err);
            }
        }
    }
    return status;
}

static int feed_suspect(struct pw_gate_pairs *pairs, struct pw_pair_entry *entry,
                        struct pw_pair_metric *metric, bool *fed, struct pw_error *err)
{
    const struct pw_series *series[PW_PAIR_SIDES];

    if (metric->sequence.state != PW_SEQUENCE_REGRESSION || metric->is_settled ||
        metric->is_exact || metric->is_refused || !find_pair(pairs, entry, metric, series) ||
        !has_more(metric, series)) {
        return 0;
    }
    *fed = true;
    return add_pair(pairs, metric, series, err);
}

int pw_pairs_feed_suspects(struct pw_gate_pairs *pairs, struct pw_pair_group *group, bool *fed,
                           struct pw_error *err)
{
    int status = 0;

    *fed = false;
    for (size_t i = 0; i < group->entry_count; i++) {
        for (size_t k = 0; k < group->entries[i].metric_count && status == 0; k++) {
            status =
                feed_suspect(pairs, &group->entries[i], group->entries[i].metrics[k], fed, err);
        }
    }
    return status;
}
