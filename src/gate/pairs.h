/*
 * A paired decision under way: what the files of pairs share.
 *
 *     pw_gate_pairs
 *       groups: one per configured benchmark            pairs.c       what is asked and answered
 *         entries: one per id that it yielded           pair_entries.c   found in the two results
 *           metrics: one per threshold, a sequence      pair_metrics.c   fed with new pairs
 *       hypotheses: the sequences of all of them        pair_suite.c  e-BH
 *                                                       pairs_finish.c   rows
 *                                                       pair_status.c    a look in between
 */
#ifndef PERFWARDEN_GATE_PAIRS_H
#define PERFWARDEN_GATE_PAIRS_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/gate.h"
#include "sequence.h"

/** The two results. */
enum { PW_PAIR_BASE, PW_PAIR_HEAD, PW_PAIR_SIDES };

/** Not in the result, as far as is known. */
#define PW_PAIR_NOWHERE SIZE_MAX

/** One gated metric of one entry. */
struct pw_pair_metric {
    const struct pw_threshold *threshold;
    size_t origin; /**< which configured threshold that is, or is a case of */
    struct pw_sequence sequence;
    size_t places[PW_PAIR_SIDES];  /**< where the series was found last */
    size_t samples[PW_PAIR_SIDES]; /**< looked at for `is_exact` */
    double lowest[PW_PAIR_SIDES];  /**< of those */
    double highest[PW_PAIR_SIDES]; /**< of those */
    bool is_begun;                 /**< both sides have values, the sequence is open */
    bool is_exact;                 /**< a count without noise: no hypothesis, nothing to wait for */
    bool is_refused;               /**< cannot be compared: an error in the end */
    bool is_kept;                  /**< a regression that e-BH keeps */
    bool is_settled;               /**< it was kept once: it takes in no more pairs */
};

/** One id that the processes of a benchmark yielded, on one side or both. */
struct pw_pair_entry {
    const char *id;                  /**< in one of the results */
    size_t places[PW_PAIR_SIDES];    /**< where the entry was found last, or PW_PAIR_NOWHERE */
    struct pw_pair_metric **metrics; /**< one a threshold, then those that patterns match */
    size_t metric_count;
    size_t metric_capacity;
    size_t expanded[PW_PAIR_SIDES]; /**< series that were held against the patterns */
};

/** One configured benchmark. */
struct pw_pair_group {
    const struct pw_benchmark *benchmark;
    const char *declared;
    size_t exempt; /**< which of those decided without pairs, from 1; 0 for none */
    struct pw_pair_entry *entries;
    size_t entry_count;
    size_t entry_capacity;
    size_t asked;     /**< how often more pairs were asked for */
    bool is_expected; /**< counts in the suite by its thresholds, as nothing is known yet */
};

/** A benchmark that was decided without pairs. */
struct pw_exempt_group {
    const char *declared;
    enum pw_verdict verdict;
    const char *method;
    const char *reason;
    bool is_foreign; /**< the configuration has none of this id */
};

struct pw_gate_pairs {
    const struct pw_gate_options *options;
    struct pw_gate_config gate;
    const struct pw_result *results[PW_PAIR_SIDES];
    /** What a replay takes its pairs from, head's side; NULL otherwise. */
    const struct pw_result *recorded;
    size_t seen[PW_PAIR_SIDES];   /**< entries of the results that were looked at */
    struct pw_pair_group *groups; /**< those selected, in the configuration's order */
    size_t group_count;
    struct pw_pair_group **by_id; /**< the same, sorted */
    struct pw_exempt_group *exempt;
    size_t exempt_count;
    size_t exempt_capacity;
    struct pw_pair_metric **hypotheses;
    size_t hypothesis_count;
    size_t hypothesis_capacity;
    size_t expected;   /**< thresholds of groups that are expected */
    size_t suite_size; /**< noisy comparisons when the first of them began; 0 before */
    size_t exact;      /**< hypotheses that turned out to be exact */
    bool is_stale;     /**< e-BH has to look again */
    double *e_values;  /**< room for e-BH */
    bool *kept;
    size_t room;
    struct pw_arena arena;
};

/** How many noisy comparisons the suite has, as far as is known. */
size_t pw_pairs_compared(const struct pw_gate_pairs *pairs);
/** Let e-BH look at the suite again, if anything changed. @return 0; PW_ENOMEM */
int pw_pairs_judge_suite(struct pw_gate_pairs *pairs, struct pw_error *err) PW_MUST_CHECK;
/** The benchmark no longer counts by what it was expected to yield. */
void pw_pairs_stop_expecting(struct pw_gate_pairs *pairs, struct pw_pair_group *group);

/** @return NULL when the configuration has none of this id */
struct pw_pair_group *pw_pairs_group(const struct pw_gate_pairs *pairs, const char *declared);
/** Take note of entries that are new in the results. @return 0; PW_ENOMEM */
int pw_pairs_take_entries(struct pw_gate_pairs *pairs, struct pw_error *err) PW_MUST_CHECK;
/** Look for every entry anew: the results were sorted. @return 0; PW_ENOMEM */
int pw_pairs_find_entries(struct pw_gate_pairs *pairs, struct pw_error *err) PW_MUST_CHECK;
/** Add metrics for what the patterns of a group match by now. @return 0; PW_ENOMEM */
int pw_pairs_expand(struct pw_gate_pairs *pairs, struct pw_pair_group *group,
                    struct pw_error *err) PW_MUST_CHECK;
/** @return NULL when the side has none */
const struct pw_result_benchmark *pw_pairs_entry(const struct pw_gate_pairs *pairs,
                                                 struct pw_pair_entry *entry, int side);
/** The entry of the benchmark's process itself. @return NULL when the side has none */
const struct pw_result_benchmark *pw_pairs_process(const struct pw_gate_pairs *pairs,
                                                   struct pw_pair_group *group, int side);
/** True when the process of either side failed. */
bool pw_pairs_has_failed(const struct pw_gate_pairs *pairs, struct pw_pair_group *group);

/** How many pairs there are: what the process itself measured in every run. */
size_t pw_pairs_count(const struct pw_gate_pairs *pairs, struct pw_pair_group *group);
/** Whether more pairs are needed, by what was taken in so far. Not of an exempt benchmark, nor of
 * one that failed. */
bool pw_pairs_is_open(const struct pw_gate_pairs *pairs, struct pw_pair_group *group);

/** The least number of pairs of a benchmark. */
unsigned pw_pairs_min(const struct pw_gate_pairs *pairs, const struct pw_pair_group *group);
/** Feed the sequences of a benchmark with the pairs that are new. @return 0; PW_ENOMEM */
int pw_pairs_feed(struct pw_gate_pairs *pairs, struct pw_pair_group *group,
                  struct pw_error *err) PW_MUST_CHECK;
/**
 * One more pair for each suspected regression of a benchmark that e-BH does not keep.
 *
 * @param[out] fed  whether there was any
 */
int pw_pairs_feed_suspects(struct pw_gate_pairs *pairs, struct pw_pair_group *group, bool *fed,
                           struct pw_error *err) PW_MUST_CHECK;

#endif
