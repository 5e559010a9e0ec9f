/*
 * The paired schedule: rounds over the benchmarks that want pairs, each in a new random order, so
 * that whatever the machine does meanwhile falls on all of them and on both sides alike.
 */
#include <stdlib.h>
#include <string.h>

#include "concurrency.h"
#include "pair.h"
#include "perfwarden/run.h"
#include "perfwarden/util/clock.h"
#include "selection.h"

/** Saving is done at most so often, and takes at most a hundredth of the time. */
static const uint64_t SAVE_INTERVAL_NS = UINT64_C(1000000000);
enum { SAVE_SHARE = 100 };

/** All of a paired measurement. */
struct scheduler {
    const struct pw_pair_options *options;
    struct pw_run_pair_suite suite;
    struct pw_run_pair *pairs; /**< one for each benchmark to be measured */
    size_t total;
    struct pw_run_pair **active; /**< those that are not closed, in the order of the round */
    size_t active_count;
    size_t started; /**< how many the observer was told of */
    uint64_t save_due_ns;
};

/** Both sides declare the same benchmarks in the same order. */
static int check_sides(const struct pw_config *base, const struct pw_config *head,
                       struct pw_error *err)
{
    if (base->benchmark_count != head->benchmark_count) {
        return pw_error_set(err, PW_EINVAL, "base declares %zu benchmarks and head %zu",
                            base->benchmark_count, head->benchmark_count);
    }
    for (size_t i = 0; i < head->benchmark_count; i++) {
        if (strcmp(base->benchmarks[i].id, head->benchmarks[i].id) != 0) {
            return pw_error_set(err, PW_EINVAL, "benchmark %zu is '%s' on base and '%s' on head",
                                i + 1, base->benchmarks[i].id, head->benchmarks[i].id);
        }
    }
    return 0;
}

/** Whether it is selected and neither result has it. */
static bool is_to_be_measured(const struct scheduler *scheduler, size_t index)
{
    const struct pw_run_suite_state *sides = scheduler->suite.sides;
    const struct pw_benchmark *benchmark = &sides[PW_RUN_HEAD].config->benchmarks[index];

    return pw_run_is_selected(benchmark, &scheduler->options->run) &&
           pw_result_find(sides[PW_RUN_BASE].result, benchmark->id) == NULL &&
           pw_result_find(sides[PW_RUN_HEAD].result, benchmark->id) == NULL;
}

static int collect(struct scheduler *scheduler, struct pw_error *err)
{
    const struct pw_run_suite_state *sides = scheduler->suite.sides;
    const size_t declared = sides[PW_RUN_HEAD].config->benchmark_count;

    scheduler->pairs = calloc(declared, sizeof(*scheduler->pairs));
    scheduler->active = calloc(declared, sizeof(*scheduler->active));
    if (scheduler->pairs == NULL || scheduler->active == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < declared; i++) {
        struct pw_run_pair *pair = &scheduler->pairs[scheduler->total];

        if (!is_to_be_measured(scheduler, i)) {
            continue;
        }
        pair->benchmarks[PW_RUN_BASE] = &sides[PW_RUN_BASE].config->benchmarks[i];
        pair->benchmarks[PW_RUN_HEAD] = &sides[PW_RUN_HEAD].config->benchmarks[i];
        scheduler->active[scheduler->total++] = pair;
    }
    scheduler->active_count = scheduler->total;
    return 0;
}

static void begin(struct scheduler *scheduler, const struct pw_pair_side *base,
                  const struct pw_pair_side *head, const struct pw_pair_options *options,
                  struct pw_executor *executor)
{
    const struct pw_pair_side *const given[] = {base, head};

    memset(scheduler, 0, sizeof(*scheduler));
    scheduler->options = options;
    scheduler->suite.random.state = options->seed;
    for (size_t i = 0; i < PW_RUN_SIDES; i++) {
        struct pw_run_suite_state *side = &scheduler->suite.sides[i];

        side->config = given[i]->config;
        side->result = given[i]->result;
        side->options = &options->run;
        side->executor = executor;
        side->shell = &scheduler->suite.shell;
        side->started_ns = pw_clock_monotonic_ns();
    }
}

static int save(struct scheduler *scheduler, struct pw_error *err)
{
    const struct pw_run_options *options = &scheduler->options->run;
    const uint64_t started_ns = pw_clock_monotonic_ns();
    uint64_t ended_ns;
    uint64_t pause_ns;
    int status;

    if (options->save == NULL) {
        return 0;
    }
    status = options->save(options->save_context, scheduler->suite.sides[PW_RUN_HEAD].result, err);
    ended_ns = pw_clock_monotonic_ns();
    pause_ns = (ended_ns - started_ns) * SAVE_SHARE;
    scheduler->save_due_ns = ended_ns + (pause_ns > SAVE_INTERVAL_NS ? pause_ns : SAVE_INTERVAL_NS);
    return status;
}

static void tell_started(struct scheduler *scheduler, const struct pw_run_pair *pair)
{
    const struct pw_run_observer *observer = scheduler->options->run.observer;

    if (observer != NULL && observer->benchmark_started != NULL) {
        observer->benchmark_started(observer->context, pair->benchmarks[PW_RUN_HEAD],
                                    scheduler->started, scheduler->total);
    }
    scheduler->started++;
}

static void tell_made(const struct scheduler *scheduler, const struct pw_run_pair *pair,
                      uint64_t wall_ns)
{
    const struct pw_run_observer *observer = scheduler->options->run.observer;
    const struct pw_run_session *head = &pair->sessions[PW_RUN_HEAD];
    const unsigned done = pw_run_pair_count(pair);

    if (observer != NULL && observer->run_ended != NULL) {
        observer->run_ended(observer->context, pair->benchmarks[PW_RUN_HEAD], done,
                            done < head->runs_min ? head->runs_min : head->runs_max, wall_ns);
    }
}

/** Told once, though a benchmark that wanted no more may want some again later. */
static void tell_ended(const struct scheduler *scheduler, struct pw_run_pair *pair,
                       const struct pw_result_benchmark *entry)
{
    const struct pw_run_observer *observer = scheduler->options->run.observer;

    if (observer != NULL && observer->benchmark_ended != NULL && !pair->is_told && entry != NULL) {
        observer->benchmark_ended(observer->context, pair->benchmarks[PW_RUN_HEAD], entry);
    }
    pair->is_told = true;
}

static int close_pair(const struct scheduler *scheduler, struct pw_run_pair *pair, int status,
                      struct pw_error *err)
{
    /* No entry is added any more, so that it stays where it is. */
    const struct pw_result_benchmark *entry = pw_run_pair_entry(pair);

    status = pw_run_pair_close(pair, status, err);
    tell_ended(scheduler, pair, entry);
    return status;
}

/** Whether a benchmark has its least number of pairs, and no budget has room for one more. */
static bool is_spent(const struct scheduler *scheduler, const struct pw_run_pair *pair)
{
    const struct pw_run_session *base = &pair->sessions[PW_RUN_BASE];
    const struct pw_run_session *head = &pair->sessions[PW_RUN_HEAD];
    const uint64_t next_ns = base->longest_ns + head->longest_ns;
    const uint64_t elapsed_ns = pw_clock_monotonic_ns() - head->suite->started_ns;

    return pw_run_pair_count(pair) >= head->runs_min &&
           !(pw_run_is_within_budget(base->spent_ns + head->spent_ns, next_ns,
                                     head->benchmark->budget_ns) &&
             pw_run_is_within_budget(elapsed_ns, next_ns, scheduler->options->run.budget_ns));
}

/** A pair of a benchmark that wants one, which is begun where it is not. */
static int make_pair(struct scheduler *scheduler, struct pw_run_pair *pair, struct pw_error *err)
{
    uint64_t wall_ns = 0;
    int status = 0;

    if (!pair->is_open) {
        tell_started(scheduler, pair);
        status = pw_run_pair_open(pair, &scheduler->suite, err);
    }
    if (status == 0 && !pw_run_pair_is_over(pair)) {
        status = pw_run_pair_make(pair, &scheduler->suite, &wall_ns, err);
        if (status == 0 && !pw_run_pair_is_over(pair)) {
            tell_made(scheduler, pair, wall_ns);
        }
    }
    if (status == 0 && (pw_run_pair_is_over(pair) ||
                        pw_run_pair_count(pair) >= pair->sessions[PW_RUN_HEAD].runs_max)) {
        status = close_pair(scheduler, pair, 0, err);
    }
    return status;
}

/** A benchmark's turn. @param[out] is_busy set to true when anything was run */
static int visit(struct scheduler *scheduler, struct pw_run_pair *pair, bool *is_busy,
                 struct pw_error *err)
{
    const struct pw_pair_options *options = scheduler->options;
    bool is_wanted = false;
    int status;

    if (pair->is_open && is_spent(scheduler, pair)) {
        return close_pair(scheduler, pair, 0, err);
    }
    status = options->wants_pair(options->judge, pair->benchmarks[PW_RUN_HEAD], &is_wanted, err);
    if (status != 0) {
        return status;
    }
    pair->is_settled = !is_wanted;
    if (is_wanted) {
        *is_busy = true;
        return make_pair(scheduler, pair, err);
    }
    if (pair->is_open) {
        tell_ended(scheduler, pair, pw_run_pair_entry(pair));
    }
    return 0;
}

/** Fisher and Yates's shuffle: every order is as likely as the others. */
static void shuffle(struct scheduler *scheduler)
{
    for (size_t left = scheduler->active_count; left > 1; left--) {
        size_t drawn = (size_t)pw_run_random_below(&scheduler->suite.random, left);
        struct pw_run_pair *moved = scheduler->active[drawn];

        scheduler->active[drawn] = scheduler->active[left - 1];
        scheduler->active[left - 1] = moved;
    }
}

static void drop_closed(struct scheduler *scheduler)
{
    size_t kept = 0;

    for (size_t i = 0; i < scheduler->active_count; i++) {
        if (!scheduler->active[i]->is_closed) {
            scheduler->active[kept++] = scheduler->active[i];
        }
    }
    scheduler->active_count = kept;
}

static int run_round(struct scheduler *scheduler, bool *is_busy, struct pw_error *err)
{
    const volatile int *interrupted = scheduler->options->run.interrupted;
    int status = 0;

    shuffle(scheduler);
    for (size_t i = 0; status == 0 && i < scheduler->active_count; i++) {
        struct pw_run_pair *pair = scheduler->active[i];

        if (interrupted != NULL && *interrupted != 0) {
            return pw_error_set(err, PW_EINTERRUPTED, "interrupted before a pair of '%s'",
                                pair->benchmarks[PW_RUN_HEAD]->id);
        }
        status = visit(scheduler, pair, is_busy, err);
    }
    drop_closed(scheduler);
    if (status == 0 && pw_clock_monotonic_ns() >= scheduler->save_due_ns) {
        status = save(scheduler, err);
    }
    return status;
}

/** Rounds until one of them makes no pair: then nothing can change any answer. */
static int run_rounds(struct scheduler *scheduler, struct pw_error *err)
{
    bool is_busy = true;
    int status = save(scheduler, err);

    while (status == 0 && is_busy) {
        is_busy = false;
        status = run_round(scheduler, &is_busy, err);
    }
    return status;
}

/** End what is still open, each with its `cleanup`, whatever ended the rounds. */
static int close_all(struct scheduler *scheduler, int status, struct pw_error *err)
{
    for (size_t i = 0; i < scheduler->total; i++) {
        struct pw_run_pair *pair = &scheduler->pairs[i];

        if (!pair->is_open) {
            continue;
        }
        if (status == PW_EINTERRUPTED && !pair->is_settled &&
            pw_run_pair_interrupt(pair, NULL) != 0) {
            status = pw_error_set_no_memory(err);
        }
        status = close_pair(scheduler, pair, status, err);
    }
    return status;
}

/** What is computed over all benchmarks, and the order of the configuration. */
static int finish(struct scheduler *scheduler, struct pw_error *err)
{
    int status = 0;

    for (size_t i = 0; status == 0 && i < PW_RUN_SIDES; i++) {
        const struct pw_run_suite_state *side = &scheduler->suite.sides[i];

        status = pw_run_concurrency_scale(side->config, side->result, err);
        if (status == 0) {
            status = pw_run_sort_entries(side->config, side->result, err);
        }
    }
    return status != 0 ? status : save(scheduler, err);
}

static void release(struct scheduler *scheduler)
{
    for (size_t i = 0; i < PW_RUN_SIDES; i++) {
        pw_run_mark_release(&scheduler->suite.marks[i]);
    }
    free(scheduler->pairs);
    free((void *)scheduler->active);
}

int pw_run_pairs(const struct pw_pair_side *base, const struct pw_pair_side *head,
                 const struct pw_pair_options *options, struct pw_executor *executor,
                 struct pw_error *err)
{
    struct scheduler scheduler;
    int finished = 0;
    int status = pw_run_check_selection(head->config, &options->run, err);

    if (status == 0) {
        status = check_sides(base->config, head->config, err);
    }
    if (status != 0) {
        return status;
    }
    begin(&scheduler, base, head, options, executor);
    status = collect(&scheduler, err);
    if (status == 0) {
        status = close_all(&scheduler, run_rounds(&scheduler, err), err);
    }
    if (status == 0 || status == PW_EINTERRUPTED) {
        finished = finish(&scheduler, status == 0 ? err : NULL);
    }
    release(&scheduler);
    return status != 0 ? status : finished;
}
