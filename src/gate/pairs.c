/*
 * The paired decision under way: opened over two results, asked before each pair, released.
 *
 * Owns when a benchmark needs another pair. Rows are made in the end (pairs_finish.c).
 */
#include "pairs.h"

#include <stdlib.h>
#include <string.h>

#include "policy.h"

static int compare_groups(const void *left, const void *right)
{
    const struct pw_pair_group *const *a = left;
    const struct pw_pair_group *const *b = right;

    return strcmp((*a)->declared, (*b)->declared);
}

static int make_groups(struct pw_gate_pairs *pairs, struct pw_error *err)
{
    const struct pw_gate_options *options = pairs->options;
    const struct pw_config *config = options->config;

    pairs->groups =
        pw_arena_array(&pairs->arena, config->benchmark_count + 1, sizeof *pairs->groups);
    pairs->by_id =
        pw_arena_array(&pairs->arena, config->benchmark_count + 1, sizeof(struct pw_pair_group *));
    if (pairs->groups == NULL || pairs->by_id == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < config->benchmark_count; i++) {
        const struct pw_benchmark *benchmark = &config->benchmarks[i];
        struct pw_pair_group *group = &pairs->groups[pairs->group_count];
        if (!pw_benchmark_is_selected(benchmark, options->filters, options->filter_count)) {
            continue;
        }
        group->benchmark = benchmark;
        group->declared = benchmark->id;
        group->is_expected = true;
        pairs->expected += benchmark->threshold_count;
        pairs->by_id[pairs->group_count++] = group;
    }
    qsort(pairs->by_id, pairs->group_count, sizeof(struct pw_pair_group *), compare_groups);
    return 0;
}

int pw_gate_pairs_begin(const struct pw_gate_options *options, const struct pw_result *base,
                        const struct pw_result *head, struct pw_gate_pairs **out,
                        struct pw_error *err)
{
    struct pw_gate_pairs *pairs = calloc(1, sizeof *pairs);
    int status;

    if (pairs == NULL) {
        return pw_error_set_no_memory(err);
    }
    pairs->options = options;
    pairs->gate = pw_gate_config_of(options);
    pairs->results[PW_PAIR_BASE] = base;
    pairs->results[PW_PAIR_HEAD] = head;
    status = make_groups(pairs, err);
    if (status != 0) {
        pw_gate_pairs_free(pairs);
        return status;
    }
    *out = pairs;
    return 0;
}

void pw_gate_pairs_free(struct pw_gate_pairs *pairs)
{
    if (pairs == NULL) {
        return;
    }
    for (size_t i = 0; i < pairs->hypothesis_count; i++) {
        pw_sequence_release(&pairs->hypotheses[i]->sequence);
    }
    free(pairs->e_values);
    free(pairs->kept);
    pw_arena_release(&pairs->arena);
    free(pairs);
}

int pw_gate_pairs_exempt(struct pw_gate_pairs *pairs, const char *declared, enum pw_verdict verdict,
                         const char *method, const char *reason, struct pw_error *err)
{
    struct pw_pair_group *group = pw_pairs_group(pairs, declared);
    const char *id = pw_arena_strdup(&pairs->arena, declared);
    const char *text = pw_arena_strdup(&pairs->arena, reason);
    struct pw_exempt_group *exempt = pw_arena_grow(
        &pairs->arena, pairs->exempt, pairs->exempt_count, &pairs->exempt_capacity, sizeof *exempt);

    pairs->exempt = exempt != NULL ? exempt : pairs->exempt;
    if (id == NULL || text == NULL || exempt == NULL) {
        return pw_error_set_no_memory(err);
    }
    exempt[pairs->exempt_count++] = (struct pw_exempt_group){
        id, verdict, method, text, pw_config_find(pairs->options->config, declared) == NULL};
    if (group != NULL) {
        group->exempt = pairs->exempt_count;
        pw_pairs_stop_expecting(pairs, group);
    }
    return 0;
}

size_t pw_pairs_count(const struct pw_gate_pairs *pairs, struct pw_pair_group *group)
{
    const struct pw_result_benchmark *process = pw_pairs_process(pairs, group, PW_PAIR_HEAD);
    size_t count = 0;

    for (size_t i = 0; process != NULL && i < process->series_count; i++) {
        if (process->series[i].count > count) {
            count = process->series[i].count;
        }
    }
    return count;
}

/*
 * The least number is kept whatever the sequences say. Where nothing is recorded that could be
 * counted, the answers given so far are: one more, as it is also asked before the setup.
 */
static bool is_below_min(const struct pw_gate_pairs *pairs, struct pw_pair_group *group)
{
    const size_t min = pw_pairs_min(pairs, group);

    return pw_pairs_count(pairs, group) < min && group->asked <= min;
}

/** What the sequences of a benchmark have come to. */
struct progress {
    bool is_undecided;
    bool has_suspects; /**< regressions that may have to be confirmed */
    bool has_unkept;   /**< of those, some that e-BH does not keep and more pairs could help */
};

static struct progress progress_of(const struct pw_pair_group *group)
{
    struct progress progress = {false, false, false};

    for (size_t i = 0; i < group->entry_count; i++) {
        for (size_t k = 0; k < group->entries[i].metric_count; k++) {
            const struct pw_pair_metric *metric = group->entries[i].metrics[k];
            if (!metric->is_begun || metric->is_exact || metric->is_refused) {
                continue;
            }
            if (metric->sequence.state == PW_SEQUENCE_UNDECIDED) {
                progress.is_undecided = true;
            } else if (metric->sequence.state == PW_SEQUENCE_REGRESSION) {
                progress.has_suspects = true;
                progress.has_unkept = progress.has_unkept || !metric->is_settled;
            }
        }
    }
    return progress;
}

/* Take in what is new, and ask e-BH where that could matter. */
static int look(struct pw_gate_pairs *pairs, struct pw_pair_group *group, struct pw_error *err)
{
    bool fed = false;
    int status = pw_pairs_feed(pairs, group, err);

    if (status == 0 && progress_of(group).has_suspects) {
        status = pw_pairs_judge_suite(pairs, err);
        if (status == 0) {
            status = pw_pairs_feed_suspects(pairs, group, &fed, err);
        }
        if (status == 0 && fed) {
            status = pw_pairs_judge_suite(pairs, err);
        }
    }
    return status;
}

bool pw_pairs_is_open(const struct pw_gate_pairs *pairs, struct pw_pair_group *group)
{
    const struct progress progress = progress_of(group);

    return is_below_min(pairs, group) || progress.is_undecided || progress.has_unkept;
}

int pw_gate_pairs_want(struct pw_gate_pairs *pairs, const char *declared, bool *wanted,
                       struct pw_error *err)
{
    struct pw_pair_group *group = pw_pairs_group(pairs, declared);
    int status;

    if (group == NULL || group->exempt != 0) {
        *wanted = false;
        return 0;
    }
    status = pw_pairs_take_entries(pairs, err);
    if (status != 0) {
        return status;
    }
    if (pw_pairs_has_failed(pairs, group)) {
        pw_pairs_stop_expecting(pairs, group);
        *wanted = false;
        return 0;
    }
    status = look(pairs, group, err);
    if (status != 0) {
        return status;
    }
    *wanted = pw_pairs_is_open(pairs, group);
    group->asked += *wanted;
    return 0;
}
