/* The change of one metric of one benchmark, as measured: what a verdict is then taken from. */
#ifndef PERFWARDEN_GATE_ESTIMATE_H
#define PERFWARDEN_GATE_ESTIMATE_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/gate.h"
#include "samples.h"
#include "sequence.h"

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
    size_t pairs;     /**< taken in; 0 unless measured in pairs */
    size_t recorded;  /**< pairs there are, when that is more; else 0 */
    const char *note; /**< for people, lives in the comparison's arena; NULL for none */
};

/** What a decision by pairs has found of one metric. Borrowed. */
struct pw_paired_case {
    const struct pw_sequence *sequence; /**< NULL when there was no pair to look at */
    bool is_kept;                       /**< by e-BH; meaningful for a regression */
    size_t compared;                    /**< how many comparisons e-BH was over */
    size_t recorded;                    /**< pairs there are; more than were needed in a replay */
};

/** One metric of one benchmark with what it is compared with. All borrowed. */
struct pw_metric_case {
    const char *benchmark;
    const char *declared;
    const struct pw_series *head;
    const struct pw_series *const *bases; /**< nearest session first, all with samples */
    size_t base_count;
    const char *no_baseline; /**< why base_count is 0 */
    const struct pw_threshold *threshold;
    const struct pw_paired_case *paired; /**< NULL unless it was measured in pairs */
};

/** What deciding needs at hand. */
struct pw_gate_context {
    const struct pw_gate_options *options;
    struct pw_gate_config gate; /**< the configuration's, or the defaults */
    struct pw_comparison *out;
    const char *method; /**< of rows that rest on the estimate or on the head's median */
    /** Estimate a change: stored sessions, or one result's runs; never called for pairs. @return 0;
     * PW_ENOMEM */
    int (*estimate)(struct pw_gate_context *context, const struct pw_metric_case *item,
                    enum pw_scale scale, struct pw_estimate *out, struct pw_error *err);
};

#endif
