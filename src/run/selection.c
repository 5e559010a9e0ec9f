/* Goes by ids alone; looks at nothing that was measured. */
#include "selection.h"

#include <string.h>

bool pw_run_is_selected(const struct pw_benchmark *benchmark, const struct pw_run_options *options)
{
    return pw_benchmark_is_selected(benchmark, options->filters, options->filter_count);
}

static bool has_selected(const struct pw_config *config, const struct pw_run_options *options)
{
    for (size_t i = 0; i < config->benchmark_count; i++) {
        /* What another shard runs is selected too, only not here. */
        if (pw_benchmark_matches(&config->benchmarks[i], options->filters, options->filter_count)) {
            return true;
        }
    }
    return false;
}

int pw_run_check_selection(const struct pw_config *config, const struct pw_run_options *options,
                           struct pw_error *err)
{
    if (has_selected(config, options)) {
        return PW_OK;
    }
    if (options->filter_count == 0 || config->benchmark_count == 0) {
        return pw_error_set(err, PW_ENOTFOUND, "'%s' declares no benchmark", config->path);
    }
    return pw_error_set(err, PW_ENOTFOUND, "no benchmark of '%s' matches '%s'%s", config->path,
                        options->filters[0],
                        options->filter_count > 1 ? " or the other filters" : "");
}

int pw_run_sort_entries(const struct pw_config *config, struct pw_result *result,
                        struct pw_error *err)
{
    struct pw_result_benchmark *sorted =
        pw_arena_array(&result->arena, result->benchmark_count, sizeof(*sorted));
    size_t count = 0;

    if (sorted == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < config->benchmark_count; i++) {
        for (size_t j = 0; j < result->benchmark_count; j++) {
            if (strcmp(result->benchmarks[j].declared, config->benchmarks[i].id) == 0) {
                sorted[count++] = result->benchmarks[j];
            }
        }
    }
    if (count == result->benchmark_count && count > 0) {
        memcpy(result->benchmarks, sorted, count * sizeof(*sorted));
    }
    return 0;
}
