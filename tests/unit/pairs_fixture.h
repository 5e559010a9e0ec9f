/*
 * A scripted executor for pairs: it remembers each call, and answers so that a sample tells of
 * which pair it is: run i takes 1000 + i microseconds and prints i. So samples are matched when
 * they are equal on both sides. Included by the tests of the paired schedule only.
 */
#ifndef PERFWARDEN_TESTS_PAIRS_FIXTURE_H
#define PERFWARDEN_TESTS_PAIRS_FIXTURE_H

#include <stdio.h>

#include "scripted_executor.h"

enum { CALLS_MAX = 4096 };

struct pair_call {
    char word[16]; /**< the first word of what is executed */
    char benchmark[16];
    bool is_head;
    unsigned iteration;
    size_t padding;
    size_t environment_bytes;
};

struct pair_script {
    struct pw_executor executor; /**< first */
    struct script script;
    struct pair_call calls[CALLS_MAX];
    size_t count;
    size_t exchanges;    /**< pairs that were asked for at once */
    size_t failing_call; /**< from 1; 0 for none */
    struct script_step failure;
    char out[512];
    /** What the program prints; NULL for nothing. */
    void (*print)(const struct pair_call *call, char *out, size_t size);
    void (*inspect)(const struct pw_process_spec *spec);
};

static inline size_t pair_environment_bytes(const char *const *envp)
{
    size_t bytes = 0;

    for (; *envp != NULL; envp++) {
        bytes += strlen(*envp) + 1;
    }
    return bytes;
}

static inline void pair_note(struct pair_call *call, const struct pw_process_spec *spec)
{
    const char *padding = script_variable(spec->envp, "PERFWARDEN_PADDING");
    const char *benchmark = script_variable(spec->envp, "PERFWARDEN_BENCHMARK");
    const char *iteration = script_variable(spec->envp, "PERFWARDEN_ITERATION");
    const char *side = script_variable(spec->envp, "PERFWARDEN_SIDE");

    memset(call, 0, sizeof(*call));
    (void)snprintf(call->word, sizeof(call->word), "%s", spec->argv[0]);
    (void)snprintf(call->benchmark, sizeof(call->benchmark), "%s", benchmark);
    call->is_head = strcmp(side, "head") == 0;
    call->iteration = (unsigned)strtoul(iteration, NULL, 10);
    call->padding = padding != NULL ? strlen(padding) : SIZE_MAX;
    call->environment_bytes = pair_environment_bytes(spec->envp);
}

static inline int pair_execute(struct pw_executor *executor, const struct pw_process_spec *spec,
                               struct pw_process_outcome *out, struct pw_error *err)
{
    struct pair_script *pairs = (struct pair_script *)executor;
    struct pair_call *call = &pairs->calls[pairs->count];
    struct script_step step = {0};

    assert_true(pairs->count + 1 < CALLS_MAX);
    pairs->count++;
    pair_note(call, spec);
    step.wall_us = 1000 + call->iteration;
    if (pairs->print != NULL && strcmp(call->word, "bench") == 0) {
        pairs->print(call, pairs->out, sizeof(pairs->out));
        step.out = pairs->out;
    }
    if (pairs->count == pairs->failing_call) {
        step = pairs->failure;
    }
    if (pairs->inspect != NULL) {
        pairs->inspect(spec);
    }
    pairs->script.steps = &step;
    pairs->script.count = 1;
    return script_execute(&pairs->script.executor, spec, out, err);
}

/** Both of a pair. Give it to a script whose pairs may be made by one exchange. */
static inline int pair_execute_pair(struct pw_executor *executor,
                                    const struct pw_process_spec specs[2],
                                    struct pw_process_outcome out[2], unsigned *done,
                                    struct pw_error *err)
{
    const volatile int *flag = specs[1].interrupted;
    int status = pair_execute(executor, &specs[0], &out[0], err);

    ((struct pair_script *)executor)->exchanges++;
    if (status != 0) {
        return status;
    }
    if (out[0].end != PW_PROCESS_EXITED || out[0].exit_status != 0) {
        *done = 1;
        return 0;
    }
    if (flag != NULL && *flag != 0) {
        memset(&out[1], 0, sizeof(out[1]));
        out[1].end = PW_PROCESS_INTERRUPTED;
    } else {
        status = pair_execute(executor, &specs[1], &out[1], err);
    }
    if (status != 0) {
        pw_process_outcome_release(&out[0]);
        return status;
    }
    *done = 2;
    return 0;
}

static inline struct pair_script *pair_script_new(void)
{
    struct pair_script *pairs = calloc(1, sizeof(*pairs));

    assert_non_null(pairs);
    pairs->executor.execute = pair_execute;
    pairs->script = script_of(NULL, 0);
    return pairs;
}

static inline void pair_script_free(struct pair_script *pairs)
{
    pw_strbuf_release(&pairs->script.log);
    free(pairs);
}

static const char *const PAIR_WORDS[] = {"bench", "setup", "prepare", "conclude", "cleanup"};

/** A benchmark of 3 to 10 pairs without hooks. */
static inline struct pw_benchmark pair_benchmark(const char *id)
{
    struct pw_benchmark benchmark = script_benchmark(id);

    benchmark.command = (struct pw_strings){&PAIR_WORDS[0], 1};
    return benchmark;
}

static inline struct pw_benchmark pair_hooked(const char *id)
{
    struct pw_benchmark benchmark = pair_benchmark(id);

    benchmark.setup = (struct pw_strings){&PAIR_WORDS[1], 1};
    benchmark.prepare = (struct pw_strings){&PAIR_WORDS[2], 1};
    benchmark.conclude = (struct pw_strings){&PAIR_WORDS[3], 1};
    benchmark.cleanup = (struct pw_strings){&PAIR_WORDS[4], 1};
    return benchmark;
}

static inline int pair_always(void *context, const struct pw_benchmark *benchmark, bool *wanted,
                              struct pw_error *err)
{
    (void)context;
    (void)benchmark;
    (void)err;
    *wanted = true;
    return 0;
}

struct pair_outcome {
    struct pw_result base;
    struct pw_result head;
    struct pw_error err;
    int status;
};

/** @param base_cwd directory of base's benchmarks; head's are in "/head" */
static inline struct pair_outcome run_pairs_in(const char *base_cwd,
                                               const struct pw_benchmark *benchmarks, size_t count,
                                               struct pair_script *script,
                                               const struct pw_pair_options *given)
{
    struct pw_pair_options options = *given;
    struct pw_benchmark of_base[8];
    struct pw_benchmark of_head[8];
    struct pw_config configs[2];
    struct pair_outcome outcome;
    struct pw_pair_side base = {&configs[0], &outcome.base};
    struct pw_pair_side head = {&configs[1], &outcome.head};

    memset(&outcome, 0, sizeof(outcome));
    assert_true(count <= 8);
    for (size_t i = 0; i < count; i++) {
        of_base[i] = benchmarks[i];
        of_base[i].cwd = base_cwd;
        of_head[i] = benchmarks[i];
        of_head[i].cwd = "/head";
    }
    configs[0] = script_config(of_base, count);
    configs[1] = script_config(of_head, count);
    options.wants_pair = options.wants_pair != NULL ? options.wants_pair : pair_always;
    assert_int_equal(pw_result_init(&outcome.base, NULL), 0);
    assert_int_equal(pw_result_init(&outcome.head, NULL), 0);
    outcome.status = pw_run_pairs(&base, &head, &options, &script->executor, &outcome.err);
    return outcome;
}

static inline struct pair_outcome run_pairs(const struct pw_benchmark *benchmarks, size_t count,
                                            struct pair_script *script,
                                            const struct pw_pair_options *options)
{
    return run_pairs_in("/base", benchmarks, count, script, options);
}

static inline void pair_outcome_release(struct pair_outcome *outcome)
{
    pw_result_release(&outcome->base);
    pw_result_release(&outcome->head);
    pw_error_release(&outcome->err);
}

/** How many samples a benchmark's metric has; both sides must have as many. */
static inline size_t pair_samples(const struct pair_outcome *outcome, const char *id,
                                  const char *metric)
{
    const struct pw_result_benchmark *base = pw_result_find(&outcome->base, id);
    const struct pw_result_benchmark *head = pw_result_find(&outcome->head, id);

    assert_non_null(base);
    assert_non_null(head);
    assert_int_equal(pw_result_benchmark_series(base, metric)->count,
                     pw_result_benchmark_series(head, metric)->count);
    return pw_result_benchmark_series(head, metric)->count;
}

/** Every series that both sides have holds samples of the same pairs, and those that are empty have
 * a reason. */
static inline void assert_matched(const struct pair_outcome *outcome)
{
    for (size_t i = 0; i < outcome->head.benchmark_count; i++) {
        const struct pw_result_benchmark *head = &outcome->head.benchmarks[i];
        const struct pw_result_benchmark *base = pw_result_find(&outcome->base, head->id);

        for (size_t s = 0; base != NULL && s < head->series_count; s++) {
            const struct pw_series *of_head = &head->series[s];
            const struct pw_series *of_base = pw_result_benchmark_series(base, of_head->metric);

            assert_true((of_head->count == 0) == (of_head->null_reason != NULL));
            if (of_base == NULL) {
                continue;
            }
            assert_int_equal(of_head->count, of_base->count);
            assert_true((of_base->count == 0) == (of_base->null_reason != NULL));
            for (size_t v = 0; v < of_head->count; v++) {
                assert_true(of_head->samples[v] == of_base->samples[v]);
            }
        }
    }
}

#endif
