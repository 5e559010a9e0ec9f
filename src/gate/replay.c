/*
 * Replaying saved interleaved results: pairs are shown to a paired decision one at a time, in
 * rounds over all benchmarks that still want some, exactly as they are measured by `check`.
 *
 * Owns which benchmarks can be replayed and what they are gated with. The rest is compared by its
 * runs (unpaired.c).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "comparison.h"
#include "entries.h"
#include "pairs.h"
#include "policy.h"
#include "replay_view.h"
#include "unpaired.h"

/** The least number of pairs without a configuration; the default of `runs`. */
#define DEFAULT_RUNS_MIN 7

/** A replay under way. */
struct replay {
    const struct pw_gate_options *given;
    struct pw_gate_options options; /**< given, over the configuration made here */
    struct pw_config config;        /**< the benchmarks that are replayed */
    struct pw_benchmark *benchmarks;
    struct pw_replay_group *groups; /**< of each of them */
    struct pw_replay_view view;
    struct pw_entries base; /**< of the view */
    struct pw_entries head;
    struct pw_gate_pairs *pairs;
};

static bool are_interleaved(struct pw_entry_group entries)
{
    for (size_t i = 0; i < entries.count; i++) {
        if (!entries.items[i]->is_interleaved) {
            return false;
        }
    }
    return entries.count > 0;
}

bool pw_gate_is_interleaved(const struct pw_result *base, const struct pw_result *head)
{
    for (size_t i = 0; i < base->benchmark_count; i++) {
        const struct pw_result_benchmark *entry = &base->benchmarks[i];
        const struct pw_result_benchmark *match =
            entry->is_interleaved ? pw_result_find(head, entry->id) : NULL;
        if (match != NULL && match->is_interleaved) {
            return true;
        }
    }
    return false;
}

static bool has_threshold(const struct pw_benchmark *benchmark, const char *metric)
{
    return pw_benchmark_threshold(benchmark, metric) != NULL;
}

/* Append a threshold; there is room for one of every series and of every default. */
static void add_threshold(struct pw_benchmark *benchmark, struct pw_threshold *items,
                          const struct pw_threshold *threshold)
{
    if (!has_threshold(benchmark, threshold->metric)) {
        items[benchmark->threshold_count++] = *threshold;
    }
}

/* As without pairs: the defaults that an entry has, else all its metrics with one threshold. */
static void add_defaults(struct pw_benchmark *benchmark, struct pw_threshold *items,
                         const struct pw_result_benchmark *entry)
{
    size_t count;
    const struct pw_threshold *defaults = pw_unpaired_default_thresholds(&count);
    bool has_default = false;

    for (size_t i = 0; i < count; i++) {
        if (pw_result_benchmark_series(entry, defaults[i].metric) != NULL) {
            add_threshold(benchmark, items, &defaults[i]);
            has_default = true;
        }
    }
    for (size_t i = 0; !has_default && i < entry->series_count; i++) {
        const struct pw_threshold threshold = {entry->series[i].metric,
                                               PW_UNPAIRED_DEFAULT_INCREASE, NAN, NAN};
        add_threshold(benchmark, items, &threshold);
    }
}

static int fill_defaults(struct replay *replay, struct pw_benchmark *benchmark,
                         struct pw_entry_group entries, struct pw_error *err)
{
    size_t count;
    struct pw_threshold *items;

    (void)pw_unpaired_default_thresholds(&count);
    for (size_t i = 0; i < entries.count; i++) {
        count += entries.items[i]->series_count;
    }
    items = pw_arena_array(&replay->view.arena, count + 1, sizeof *items);
    if (items == NULL) {
        return pw_error_set_no_memory(err);
    }
    benchmark->runs_min = DEFAULT_RUNS_MIN;
    benchmark->thresholds = items;
    for (size_t i = 0; i < entries.count; i++) {
        add_defaults(benchmark, items, entries.items[i]);
    }
    return 0;
}

/* What a benchmark is gated with, and the pairs there are of it. */
static int add_benchmark(struct replay *replay, const struct pw_result_benchmark *entry,
                         struct pw_entry_group entries, struct pw_error *err)
{
    const struct pw_config *config = replay->given->config;
    const struct pw_benchmark *configured =
        config != NULL ? pw_config_find(config, entry->declared) : NULL;
    struct pw_benchmark *benchmark = &replay->benchmarks[replay->config.benchmark_count];
    int status = 0;

    if (configured != NULL) {
        *benchmark = *configured;
    } else {
        benchmark->id = entry->declared;
        benchmark->name = entry->name;
        status = fill_defaults(replay, benchmark, entries, err);
    }
    if (status != 0 || benchmark->threshold_count == 0) {
        return status;
    }
    status = pw_replay_group_init(&replay->view, &replay->base, &replay->head, entry->declared,
                                  &replay->groups[replay->config.benchmark_count], err);
    replay->config.benchmark_count += status == 0;
    return status;
}

static int add_benchmarks(struct replay *replay, struct pw_error *err)
{
    const struct pw_gate_options *given = replay->given;
    const struct pw_result *base = &replay->view.base;
    int status = 0;

    for (size_t i = 0; i < base->benchmark_count && status == 0; i++) {
        const struct pw_result_benchmark *entry = &base->benchmarks[i];
        const struct pw_entry_group of_base = pw_entries_group(&replay->base, entry->declared);
        const struct pw_entry_group of_head = pw_entries_group(&replay->head, entry->declared);
        if (of_base.items[0] == entry && are_interleaved(of_base) && are_interleaved(of_head) &&
            pw_entry_is_selected(entry, given->filters, given->filter_count)) {
            status = add_benchmark(replay, entry, of_base, err);
        }
    }
    return status;
}

static int init(struct replay *replay, const struct pw_result *base, const struct pw_result *head,
                struct pw_error *err)
{
    int status = pw_replay_view_init(&replay->view, base, head, err);

    if (status == 0) {
        status = pw_entries_init(&replay->base, &replay->view.base, err);
    }
    if (status == 0) {
        status = pw_entries_init(&replay->head, &replay->view.head, err);
    }
    if (status != 0) {
        return status;
    }
    replay->benchmarks =
        pw_arena_array(&replay->view.arena, base->benchmark_count + 1, sizeof *replay->benchmarks);
    replay->groups =
        pw_arena_array(&replay->view.arena, base->benchmark_count + 1, sizeof *replay->groups);
    if (replay->benchmarks == NULL || replay->groups == NULL) {
        return pw_error_set_no_memory(err);
    }
    replay->config.benchmarks = replay->benchmarks;
    replay->config.gate = pw_gate_config_of(replay->given);
    replay->options.config = &replay->config;
    replay->options.runs_min = replay->given->runs_min;
    replay->options.decided_elsewhere = replay->given->decided_elsewhere;
    return add_benchmarks(replay, err);
}

static void release(struct replay *replay)
{
    pw_gate_pairs_free(replay->pairs);
    pw_entries_release(&replay->base);
    pw_entries_release(&replay->head);
    pw_replay_view_release(&replay->view);
}

/* Rounds, until a whole one has made no pair. */
static int make_rounds(struct replay *replay, struct pw_error *err)
{
    bool is_moving = true;
    int status = 0;

    while (is_moving && status == 0) {
        is_moving = false;
        for (size_t i = 0; i < replay->config.benchmark_count && status == 0; i++) {
            bool wanted = false;
            status = pw_gate_pairs_want(replay->pairs, replay->benchmarks[i].id, &wanted, err);
            if (status == 0 && wanted && pw_replay_group_advance(&replay->groups[i])) {
                is_moving = true;
            }
        }
    }
    for (size_t i = 0; i < replay->config.benchmark_count; i++) {
        pw_replay_group_complete(&replay->groups[i]);
    }
    return status;
}

static int decide(struct replay *replay, const struct pw_result *head, struct pw_comparison *out,
                  struct pw_error *err)
{
    int status = pw_gate_pairs_begin(&replay->options, &replay->view.base, &replay->view.head,
                                     &replay->pairs, err);

    if (status == 0) {
        replay->pairs->recorded = head;
        status = make_rounds(replay, err);
    }
    return status == 0 ? pw_gate_pairs_finish(replay->pairs, NULL, NULL, out, err) : status;
}

int pw_gate_replay(const struct pw_gate_options *options, const struct pw_result *base_result,
                   const struct pw_side *base, const struct pw_result *head_result,
                   const struct pw_side *head, struct pw_comparison *out, struct pw_error *err)
{
    const bool is_refused = pw_gate_refuses_mismatch(options) &&
                            strcmp(base_result->environment.id, head_result->environment.id) != 0;
    struct replay replay = {.given = options};
    struct pw_comparison paired;
    bool has_pairs;
    int status = init(&replay, base_result, head_result, err);

    pw_comparison_init(&paired);
    has_pairs = status == 0 && !is_refused && replay.config.benchmark_count > 0;
    if (has_pairs) {
        status = decide(&replay, head_result, &paired, err);
    }
    if (status == 0) {
        status = pw_unpaired_compare(options, base_result, base, head_result, head,
                                     has_pairs ? &paired : NULL, out, err);
    }
    pw_comparison_release(&paired);
    release(&replay);
    return status;
}
