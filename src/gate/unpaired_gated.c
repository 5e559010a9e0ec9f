/* Which metrics of two results are gated. */
#include "unpaired_gated.h"

#include <math.h>

#include "pattern.h"
#include "unpaired.h"

/** What is gated without a configuration; the unit of `increase_ratio` is 1. */
static const struct pw_threshold default_thresholds[] = {
    {"wall_time", 0.20, NAN, NAN},
    {"max_rss", 0.30, NAN, NAN},
};

const struct pw_threshold *pw_unpaired_default_thresholds(size_t *count)
{
    *count = PW_COUNT(default_thresholds);
    return default_thresholds;
}

struct pw_gated pw_gated_of(const struct pw_config *config, const struct pw_result_benchmark *entry)
{
    const struct pw_benchmark *benchmark =
        config != NULL ? pw_config_find(config, entry->declared) : NULL;
    struct pw_gated gated = {default_thresholds, PW_COUNT(default_thresholds), false, true};

    if (benchmark != NULL) {
        gated.items = benchmark->thresholds;
        gated.count = benchmark->threshold_count;
        gated.is_configured = true;
        gated.has_any_metric = false;
        return gated;
    }
    for (size_t i = 0; i < gated.count; i++) {
        if (pw_result_benchmark_series(entry, gated.items[i].metric) != NULL) {
            gated.has_any_metric = false;
        }
    }
    return gated;
}

static bool has_gated_metric(const struct pw_config *config,
                             const struct pw_result_benchmark *entry)
{
    const struct pw_gated gated = pw_gated_of(config, entry);

    if (gated.has_any_metric) {
        return entry->series_count > 0;
    }
    for (size_t i = 0; i < gated.count; i++) {
        if (pw_result_benchmark_series(entry, gated.items[i].metric) != NULL) {
            return true;
        }
        for (size_t s = 0; s < entry->series_count; s++) {
            if (pw_threshold_is_pattern(&gated.items[i]) &&
                pw_threshold_covers(gated.items, gated.count, &gated.items[i],
                                    entry->series[s].metric)) {
                return true;
            }
        }
    }
    return false;
}

bool pw_gated_is_in_group(const struct pw_config *config, const struct pw_entries *entries,
                          const char *declared)
{
    const struct pw_entry_group group = pw_entries_group(entries, declared);

    for (size_t i = 0; i < group.count; i++) {
        if (has_gated_metric(config, group.items[i])) {
            return true;
        }
    }
    return false;
}
