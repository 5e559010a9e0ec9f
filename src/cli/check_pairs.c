/* The paired comparison of a check: of everything, or of what a stored comparison left open. */
#include "check.h"

#include <string.h>

#include "paired.h"
#include "perfwarden/util/clock.h"

static const char worktree[] = "worktree";
static const char uncommitted[] = "the work tree with its uncommitted changes";

static int take_snapshot(struct pw_check *check, struct pw_error *err)
{
    const int status = pw_git_snapshot(check->project.git, check->head_commit, err);
    if (status == PW_OK && strcmp(check->head_commit, check->project.head.commit) != 0) {
        check->head_label = uncommitted;
    }
    return status;
}

/* What a word of the command line names; one that names nothing is a mistake there. */
static int resolve(struct pw_check *check, const char *revision, struct pw_error *err)
{
    const int status = pw_git_resolve(check->project.git, revision, check->head_commit, err);
    if (status == PW_ENOTFOUND) {
        err->status = PW_EUSAGE;
        return PW_EUSAGE;
    }
    return status;
}

int pw_check_find_head(struct pw_check *check, struct pw_error *err)
{
    const char *head = check->arguments->head;
    const bool is_dirty_auto = head == NULL && check->mode == PW_CHECK_AUTO &&
                               check->project.head.is_dirty &&
                               check->project.config.build.count > 0;
    if (is_dirty_auto || (head != NULL && strcmp(head, worktree) == 0)) {
        return take_snapshot(check, err);
    }
    if (head != NULL) {
        return resolve(check, head, err);
    }
    memcpy(check->head_commit, check->project.head.commit, sizeof(check->head_commit));
    return PW_OK;
}

/* Of --budget what is left; it is never nothing, for nothing stands for "no bound". */
static uint64_t budget_left(const struct pw_check *check)
{
    const uint64_t budget_ns = check->arguments->budget_ns;
    const uint64_t spent_ns = pw_clock_monotonic_ns() - check->started_ns;
    if (budget_ns == 0) {
        return 0;
    }
    return spent_ns < budget_ns ? budget_ns - spent_ns : 1;
}

bool pw_check_is_budget_spent(const struct pw_check *check)
{
    return budget_left(check) == 1;
}

int pw_check_run_pairs(struct pw_check *check, const struct pw_check_pairing *pairing,
                       struct pw_comparison *out, struct pw_error *err)
{
    struct pw_acceptances *agreed =
        pairing->is_anchor ? &check->anchor.agreed : &check->agreed_pairs;
    int status =
        pw_check_find_acceptances(check, pairing->base->commit, check->head_commit, agreed, err);
    if (status != PW_OK) {
        return status;
    }
    if (pairing->wanted != NULL) { /* the comparison before has told what could not be read */
        agreed->warning_count = 0;
    }
    const struct pw_paired_request request = {
        .base = pairing->base,
        .head_commit = check->head_commit,
        .head_label = check->head_label,
        .config_text = check->config_text.length > 0 ? &check->config_text : NULL,
        .wanted = pairing->wanted,
        .decided_elsewhere = pairing->decided_elsewhere,
        .is_anchor = pairing->is_anchor,
        .budget_ns = budget_left(check),
        .acceptances = agreed,
    };
    struct pw_paired paired = {0};
    status = pw_paired_run(check->cli, check->arguments, &check->project, &request, &paired, err);
    if (status != PW_OK) {
        return status;
    }
    check->is_interrupted = check->is_interrupted || paired.is_interrupted;
    if (paired.failure != NULL) {
        (void)pw_error_set(err, PW_EIO, "%s", paired.failure);
        status = pw_check_note_failure(check, err);
    }
    if (status == PW_OK) {
        *out = paired.comparison;
        paired.comparison = (struct pw_comparison){0};
    }
    pw_paired_release(&paired);
    return status;
}

/* Without a base there is nothing to pair head with; without benchmarks nothing to pair. */
static int compare_with_nothing(struct pw_check *check, struct pw_error *err)
{
    const struct pw_config *config = &check->project.config;
    const struct pw_arguments *arguments = check->arguments;
    const struct pw_gate_options options = {
        .config = config,
        .fail_on = arguments->fail_on,
        .filters = arguments->filters.items,
        .filter_count = arguments->filters.count,
        .shard = check->project.shard,
    };
    const struct pw_side base = {.commit = check->has_base ? check->base.commit : NULL,
                                 .reason = check->base.reason};
    const struct pw_side head = pw_side_of(&check->head);
    struct pw_gate_pairs *gate = NULL;
    int status = pw_gate_pairs_begin(&options, &check->head, &check->head, &gate, err);
    for (size_t i = 0; status == PW_OK && i < config->benchmark_count; i++) {
        const struct pw_benchmark *benchmark = &config->benchmarks[i];
        if (pw_benchmark_is_selected(benchmark, options.filters, options.filter_count)) {
            status = pw_gate_pairs_exempt(gate, benchmark->id, PW_VERDICT_NO_BASELINE, NULL,
                                          check->no_baseline, err);
        }
    }
    if (status == PW_OK) {
        status = pw_gate_pairs_finish(gate, &base, &head, &check->comparison, err);
    }
    pw_gate_pairs_free(gate);
    return status;
}

int pw_check_pairs(struct pw_check *check, struct pw_error *err)
{
    if (!check->has_base || pw_shard_is_empty(check->project.shard)) {
        return compare_with_nothing(check, err);
    }
    const struct pw_check_pairing all = {
        .base = &check->base,
        .decided_elsewhere = pw_check_count_anchor(check) + pw_check_count_other_shards(check),
    };
    return pw_check_run_pairs(check, &all, &check->comparison, err);
}

/* What was decided for good, of which e-BH must know. */
static size_t count_decided(const struct pw_check *check, const bool *wanted)
{
    const struct pw_config *config = &check->project.config;
    size_t count = 0;
    for (size_t i = 0; i < check->comparison.row_count; i++) {
        const struct pw_benchmark *benchmark =
            pw_config_find(config, check->comparison.rows[i].declared);
        count += check->comparison.rows[i].metric != NULL && benchmark != NULL &&
                 !wanted[benchmark - config->benchmarks];
    }
    return count;
}

int pw_check_confirm(struct pw_check *check, struct pw_error *err)
{
    const struct pw_config *config = &check->project.config;
    const struct pw_arguments *arguments = check->arguments;
    struct pw_comparison paired = {0};
    struct pw_comparison joined = {0};
    size_t count = 0;
    bool *wanted = pw_arena_array(&check->arena, config->benchmark_count + 1, sizeof(*wanted));
    if (wanted == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < config->benchmark_count; i++) {
        const struct pw_benchmark *benchmark = &config->benchmarks[i];
        wanted[i] = pw_benchmark_is_selected(benchmark, arguments->filters.items,
                                             arguments->filters.count) &&
                    pw_gate_needs_pairs(&check->comparison, &check->head, benchmark->id);
        count += wanted[i];
    }
    if (count == 0) {
        return PW_OK;
    }
    const struct pw_check_pairing open = {
        .base = &check->base,
        .wanted = wanted,
        .decided_elsewhere = count_decided(check, wanted) + pw_check_count_anchor(check) +
                             pw_check_count_other_shards(check),
    };
    int status = pw_check_run_pairs(check, &open, &paired, err);
    if (status == PW_OK) {
        status = pw_gate_combine(&check->comparison, &paired, &joined, err);
    }
    if (status == PW_OK) {
        pw_comparison_release(&check->comparison);
        check->comparison = joined;
    }
    pw_comparison_release(&paired);
    return status;
}
