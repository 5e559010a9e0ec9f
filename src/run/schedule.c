/*
 * The suite: the selected benchmarks one after the other, each as far as its runs and the budget of
 * all go. One that fails never keeps the next from being measured.
 */
#include "perfwarden/run.h"

#include <string.h>

#include "concurrency.h"
#include "perfwarden/util/clock.h"
#include "selection.h"
#include "session.h"

/** How many selected benchmarks are still to be measured. */
static size_t count_open(const struct pw_config *config, const struct pw_run_options *options,
                         const struct pw_result *result)
{
    size_t count = 0;

    for (size_t i = 0; i < config->benchmark_count; i++) {
        count += pw_run_is_selected(&config->benchmarks[i], options) &&
                 pw_result_find(result, config->benchmarks[i].id) == NULL;
    }
    return count;
}

static bool is_interrupted(const struct pw_run_options *options)
{
    return options->interrupted != NULL && *options->interrupted != 0;
}

/** Run one benchmark with the observer told before and after. */
static int run_observed(const struct pw_run_suite_state *suite,
                        const struct pw_benchmark *benchmark, size_t index, size_t total,
                        struct pw_error *err)
{
    const struct pw_run_observer *observer = suite->options->observer;
    size_t entry_index = suite->result->benchmark_count;
    int status;

    if (observer != NULL && observer->benchmark_started != NULL) {
        observer->benchmark_started(observer->context, benchmark, index, total);
    }
    status = pw_run_session(suite, benchmark, err);
    if (observer != NULL && observer->benchmark_ended != NULL &&
        suite->result->benchmark_count > entry_index) {
        observer->benchmark_ended(observer->context, benchmark,
                                  &suite->result->benchmarks[entry_index]);
    }
    return status;
}

/** Make what was measured so far safe. */
static int save(const struct pw_run_suite_state *suite, struct pw_error *err)
{
    const struct pw_run_options *options = suite->options;

    return options->save != NULL ? options->save(options->save_context, suite->result, err) : 0;
}

/** All selected benchmarks that have no entry yet. */
static int run_open(const struct pw_run_suite_state *suite, size_t total, struct pw_error *err)
{
    const struct pw_config *config = suite->config;
    size_t index = 0;
    int status = save(suite, err);

    for (size_t i = 0; status == 0 && i < config->benchmark_count; i++) {
        const struct pw_benchmark *benchmark = &config->benchmarks[i];

        if (!pw_run_is_selected(benchmark, suite->options) ||
            pw_result_find(suite->result, benchmark->id) != NULL) {
            continue;
        }
        if (is_interrupted(suite->options)) {
            return pw_error_set(err, PW_EINTERRUPTED, "interrupted before '%s' was run",
                                benchmark->id);
        }
        status = run_observed(suite, benchmark, index++, total, err);
        if (status == 0) {
            status = save(suite, err);
        }
    }
    return status;
}

int pw_run_suite(const struct pw_config *config, const struct pw_run_options *options,
                 struct pw_executor *executor, struct pw_result *result, struct pw_error *err)
{
    const bool is_resumed = result->benchmark_count > 0;
    struct pw_run_suite_state suite;
    struct pw_run_shell shell;
    int finished;
    int status = pw_run_check_selection(config, options, err);

    if (status != PW_OK) {
        return status;
    }
    memset(&shell, 0, sizeof(shell));
    memset(&suite, 0, sizeof(suite));
    suite.config = config;
    suite.options = options;
    suite.executor = executor;
    suite.result = result;
    suite.shell = &shell;
    suite.started_ns = pw_clock_monotonic_ns();
    status = run_open(&suite, count_open(config, options, result), err);
    if (status != 0 && status != PW_EINTERRUPTED) {
        return status;
    }
    finished = pw_run_concurrency_scale(config, result, status == 0 ? err : NULL);
    if (finished == 0 && is_resumed) {
        finished = pw_run_sort_entries(config, result, status == 0 ? err : NULL);
    }
    return status != 0 ? status : finished;
}
