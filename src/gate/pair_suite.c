/*
 * e-BH over the suite: which suspected regressions are kept.
 *
 * Owns what counts as a hypothesis. Comparisons without noise are none: equal executables, counts
 * that agree. A benchmark that has yielded nothing yet counts by its thresholds. Evidence that has
 * not crossed 1/alpha is taken as none, which only makes e-BH stricter and lets it be asked seldom.
 *
 * A regression that is kept takes in no more pairs: its evidence is that of the time it was kept,
 * which is what e-BH is valid for under any dependence.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pairs.h"

size_t pw_pairs_compared(const struct pw_gate_pairs *pairs)
{
    return pairs->hypothesis_count - pairs->exact + pairs->expected +
           pairs->options->decided_elsewhere;
}

void pw_pairs_stop_expecting(struct pw_gate_pairs *pairs, struct pw_pair_group *group)
{
    if (group->is_expected) {
        group->is_expected = false;
        pairs->expected -= group->benchmark->threshold_count;
        pairs->is_stale = true;
    }
}

static bool is_suspected(const struct pw_pair_metric *metric)
{
    return metric->sequence.state == PW_SEQUENCE_REGRESSION && !metric->is_exact &&
           !metric->is_refused;
}

static int make_room(struct pw_gate_pairs *pairs, size_t count, struct pw_error *err)
{
    double *e_values;
    bool *kept;

    if (count <= pairs->room) {
        return 0;
    }
    e_values = realloc(pairs->e_values, count * sizeof *e_values);
    if (e_values == NULL) {
        return pw_error_set_no_memory(err);
    }
    pairs->e_values = e_values;
    kept = realloc(pairs->kept, count * sizeof *kept);
    if (kept == NULL) {
        return pw_error_set_no_memory(err);
    }
    pairs->kept = kept;
    pairs->room = count;
    return 0;
}

int pw_pairs_judge_suite(struct pw_gate_pairs *pairs, struct pw_error *err)
{
    const size_t compared = pw_pairs_compared(pairs);
    size_t suspects = 0;
    int status;

    if (!pairs->is_stale) {
        return 0;
    }
    status = make_room(pairs, compared + 1, err);
    if (status != 0) {
        return status;
    }
    memset(pairs->e_values, 0, compared * sizeof *pairs->e_values);
    for (size_t i = 0; i < pairs->hypothesis_count; i++) {
        if (is_suspected(pairs->hypotheses[i])) {
            pairs->e_values[suspects++] = pairs->hypotheses[i]->sequence.now.regression;
        }
    }
    if (suspects > 0) {
        const long found =
            pw_stats_e_bh(pairs->e_values, compared, pairs->gate.fdr, pairs->kept, err);
        if (found < 0) {
            return (int)found;
        }
    }
    suspects = 0;
    for (size_t i = 0; i < pairs->hypothesis_count; i++) {
        struct pw_pair_metric *metric = pairs->hypotheses[i];
        metric->is_kept = is_suspected(metric) && pairs->kept[suspects++];
        metric->is_settled = metric->is_settled || metric->is_kept;
    }
    pairs->is_stale = false;
    return 0;
}
