/*
 * The suite: the selected benchmarks one after the other, each as far as its runs and the budget of
 * all go. One that fails never keeps the next from being measured.
 */
#include "perfwarden/run.h"

#include <string.h>

#include "perfwarden/util/clock.h"
#include "session.h"

static size_t count_selected(const struct pw_config *config, const struct pw_run_options *options)
{
    size_t count = 0;

    for (size_t i = 0; i < config->benchmark_count; i++) {
        count += pw_benchmark_is_selected(&config->benchmarks[i], options->filters,
                                          options->filter_count);
    }
    return count;
}

int pw_run_check_selection(const struct pw_config *config, const struct pw_run_options *options,
                           struct pw_error *err)
{
    if (count_selected(config, options) > 0) {
        return PW_OK;
    }
    if (options->filter_count == 0 || config->benchmark_count == 0) {
        return pw_error_set(err, PW_ENOTFOUND, "'%s' declares no benchmark", config->path);
    }
    return pw_error_set(err, PW_ENOTFOUND, "no benchmark of '%s' matches '%s'%s", config->path,
                        options->filters[0],
                        options->filter_count > 1 ? " or the other filters" : "");
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

int pw_run_suite(const struct pw_config *config, const struct pw_run_options *options,
                 struct pw_executor *executor, struct pw_result *result, struct pw_error *err)
{
    struct pw_run_suite_state suite;
    size_t total = count_selected(config, options);
    size_t index = 0;
    int status = pw_run_check_selection(config, options, err);

    if (status != PW_OK) {
        return status;
    }
    memset(&suite, 0, sizeof(suite));
    suite.config = config;
    suite.options = options;
    suite.executor = executor;
    suite.result = result;
    suite.started_ns = pw_clock_monotonic_ns();
    for (size_t i = 0; status == 0 && i < config->benchmark_count; i++) {
        const struct pw_benchmark *benchmark = &config->benchmarks[i];

        if (!pw_benchmark_is_selected(benchmark, options->filters, options->filter_count)) {
            continue;
        }
        if (is_interrupted(options)) {
            return pw_error_set(err, PW_EINTERRUPTED, "interrupted before '%s' was run",
                                benchmark->id);
        }
        status = run_observed(&suite, benchmark, index++, total, err);
    }
    return status;
}
