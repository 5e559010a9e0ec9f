/* The thresholds that two results are compared by. */
#ifndef PERFWARDEN_GATE_UNPAIRED_GATED_H
#define PERFWARDEN_GATE_UNPAIRED_GATED_H

#include "entries.h"

/** The thresholds of an entry, and whether a metric without one is gated too. */
struct pw_gated {
    const struct pw_threshold *items;
    size_t count;
    bool is_configured;
    bool has_any_metric; /**< every metric is gated by the default increase */
};

/** @param config  NULL for none: the defaults apply */
struct pw_gated pw_gated_of(const struct pw_config *config,
                            const struct pw_result_benchmark *entry);

/**
 * True when anything that a configured benchmark yielded has a gated metric. The process that an
 * adapter reads from need not have one itself.
 */
bool pw_gated_is_in_group(const struct pw_config *config, const struct pw_entries *entries,
                          const char *declared);

#endif
