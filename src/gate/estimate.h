/* The change of one metric of one benchmark, as measured: what a verdict is then taken from. */
#ifndef PERFWARDEN_GATE_ESTIMATE_H
#define PERFWARDEN_GATE_ESTIMATE_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/gate.h"
#include "samples.h"

/** Head less base on a scale, not yet turned by the metric's direction. */
struct pw_estimate {
    enum pw_scale scale;
    bool is_exact; /**< counted, so that there is no noise */
    double base;   /**< median in base units */
    double head;   /**< median in base units */
    size_t base_samples;
    double shift;
    struct pw_interval interval;
    double noise;
    double p_value;
    const char *note; /**< for people, lives in the comparison's arena; NULL for none */
};

/** One metric of one benchmark with what it is compared with. All borrowed. */
struct pw_metric_case {
    const char *benchmark;
    const struct pw_series *head;
    const struct pw_series *const *bases; /**< nearest session first, all with samples */
    size_t base_count;
    const char *no_baseline; /**< why base_count is 0 */
    const struct pw_threshold *threshold;
};

/** What deciding needs at hand. */
struct pw_gate_context {
    const struct pw_gate_options *options;
    struct pw_gate_config gate; /**< the configuration's, or the defaults */
    struct pw_comparison *out;
    /** Estimate a change: stored sessions, or one result's runs. @return 0; PW_ENOMEM */
    int (*estimate)(struct pw_gate_context *context, const struct pw_metric_case *item,
                    enum pw_scale scale, struct pw_estimate *out, struct pw_error *err);
};

#endif
