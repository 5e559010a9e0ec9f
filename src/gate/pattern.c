/* Which of several patterns a metric falls under. The longest says most, so it wins. */
#include "pattern.h"

#include <string.h>

#include "perfwarden/util/text.h"
#include "perfwarden/vocabulary.h"

bool pw_threshold_is_pattern(const struct pw_threshold *threshold)
{
    return strpbrk(threshold->metric, "*?[") != NULL;
}

static bool is_candidate(const struct pw_threshold *pattern, const char *metric)
{
    return pw_glob_match(pattern->metric, metric) && pw_metric_find(metric) == NULL;
}

bool pw_threshold_matches_any(const struct pw_threshold *pattern,
                              const struct pw_result_benchmark *entry)
{
    for (size_t i = 0; i < entry->series_count; i++) {
        if (is_candidate(pattern, entry->series[i].metric)) {
            return true;
        }
    }
    return false;
}

bool pw_threshold_covers(const struct pw_threshold *thresholds, size_t count,
                         const struct pw_threshold *pattern, const char *metric)
{
    const struct pw_threshold *best = NULL;
    size_t length = 0;

    if (!is_candidate(pattern, metric)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const char *name = thresholds[i].metric;

        if (strcmp(name, metric) == 0) {
            return false;
        }
        if (pw_threshold_is_pattern(&thresholds[i]) && pw_glob_match(name, metric) &&
            (best == NULL || strlen(name) > length)) {
            best = &thresholds[i];
            length = strlen(name);
        }
    }
    return best == pattern;
}

struct pw_threshold pw_threshold_named(const struct pw_threshold *pattern, const char *metric)
{
    struct pw_threshold threshold = *pattern;

    threshold.metric = metric;
    return threshold;
}
