/* Thresholds whose name is a pattern, which may stand for many metrics. */
#ifndef PERFWARDEN_GATE_PATTERN_H
#define PERFWARDEN_GATE_PATTERN_H

#include <stdbool.h>

#include "perfwarden/config.h"
#include "perfwarden/result.h"

bool pw_threshold_is_pattern(const struct pw_threshold *threshold);

/** Whether a pattern matches any metric of an entry that is not built in, be it another's or not.
 */
bool pw_threshold_matches_any(const struct pw_threshold *pattern,
                              const struct pw_result_benchmark *entry);

/**
 * Whether a pattern is a metric's threshold: the metric is not built in, has none of its exact
 * name, and no longer pattern of the benchmark matches it, nor an earlier one of the same length.
 */
bool pw_threshold_covers(const struct pw_threshold *thresholds, size_t count,
                         const struct pw_threshold *pattern, const char *metric);

/** The threshold that a pattern is for one metric. @param metric borrowed by it */
struct pw_threshold pw_threshold_named(const struct pw_threshold *pattern, const char *metric);

#endif
