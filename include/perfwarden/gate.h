/*
 * The gate: the only place a verdict is decided. Thresholds, policies, the verdict of the whole and
 * its exit code. Knows nothing of printing, of git and of the store.
 */
#ifndef PERFWARDEN_GATE_H
#define PERFWARDEN_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "perfwarden/config.h"
#include "perfwarden/gate/noise.h"
#include "perfwarden/result.h"
#include "perfwarden/stats.h"
#include "perfwarden/util/arena.h"
#include "perfwarden/util/error.h"
#include "perfwarden/vocabulary.h"

#define PW_COMPARISON_SCHEMA "perfwarden/comparison/1"

/** One side of a comparison, for people: which measurement, and why this one. Strings may be NULL.
 */
struct pw_side {
    const char *commit;
    const char *branch;
    const char *reason; /**< base: how it was chosen */
    const char *environment_id;
    const char *started_at;
    const char *run_id;
    const char *source; /**< file or store it was read from; NULL when measured just now */
    const char *hostname;
    bool is_dirty;
    size_t distance; /**< base: commits between the commit chosen and the one measured */
    size_t sessions; /**< results behind it */
};

/** The runs behind one side of a row, in the order they were measured. */
struct pw_row_runs {
    const double *values;
    size_t count;
};

/** One session of a row's history. */
struct pw_row_session {
    const char *commit;     /**< NULL when not known */
    const char *started_at; /**< NULL when not known */
    double value;           /**< median of its runs, base unit */
    double low;             /**< 95 % interval of the median; NAN for too few runs */
    double high;            /**< the same */
    bool is_change;         /**< another level than that of the sessions before starts here */
};

/** Who agreed to a change for the worse, and how. Texts; NULL for what is not known or applies not.
 */
struct pw_agreement {
    const char *by;
    const char *reason;
    const char *bound;   /**< as it was written: "+12%"; NULL for a benchmark that was removed */
    const char *expires; /**< the last day it holds: "2027-01-31" */
    const char *where;   /**< "commit 1234567890ab", "baselines/accepted.yml:4" */
};

/** One benchmark and metric compared. Values are in the metric's base unit; what is unknown is NAN.
 */
struct pw_comparison_row {
    const char *benchmark;
    const char *declared; /**< id of the configured benchmark; equals `benchmark` unless an adapter
                             found several in one process */
    unsigned config_line; /**< where it is declared in the configuration; 0 when not known */
    const char *metric;   /**< NULL for a row about the benchmark as a whole (error, missing) */
    const char *unit;
    enum pw_better better;
    enum pw_verdict verdict;
    const char *reason; /**< one line for people: why this verdict */
    double base;        /**< median */
    double head;        /**< median */
    size_t base_samples;
    size_t head_samples;
    double ratio;                /**< head ÷ base, the estimate the verdict is about */
    struct pw_interval interval; /**< of the ratio */
    struct pw_threshold threshold;
    /** How it was decided: "stored", "unpaired", "paired", "exact", "identical"; NULL when nothing
     * was compared. */
    const char *method;
    size_t pairs; /**< paired comparisons only, else 0 */
    /** Paired comparisons only, else NAN: the evidence for a pass or an improvement when it was
     * decided, else the evidence for a regression that e-BH looked at. */
    double e_value;
    double p_value; /**< unpaired comparisons of two results only, else NAN */
    /**
     * The smallest true worsening, as a ratio (0.07 = 7 %), whose interval, centred on it and as
     * wide as this one, would lie above the threshold: exp(θ + half-width) − 1, where θ is
     * ln(1 + increase), or what `at_least` makes of it when that is larger.
     */
    double detectable;
    double noise; /**< standard deviation of the logarithm that the interval was made from */
    struct pw_row_runs base_runs; /**< of a pair each where the row has pairs; else the nearest
                                     session's; empty when not kept */
    struct pw_row_runs head_runs;
    const struct pw_row_session
        *history; /**< sessions of the base, the oldest first; may be none */
    size_t history_count;
    /** Compared with the anchor and not with the base: the anchor's label; NULL for the base. */
    const char *since;
    /** Better by more than `baseline.quarantine`: hardly true before a second session says so. */
    bool is_unconfirmed;
    /** Set when the verdict is `accepted`; and, of a shard, when it would be if all shards together
     * made a regression of it. */
    struct pw_agreement accepted;
    const struct pw_json
        *unknown; /**< the object it was read from: members this version does not know are kept */
};

/** The older commit that rows with `since` are compared with. */
struct pw_anchor {
    const char *label;       /**< for people, behind "since"; NULL when there is no anchor */
    struct pw_side side;     /**< its reason is how it was chosen */
    size_t commits;          /**< that the base has and the anchor has not */
    enum pw_policy on_drift; /**< warn: its regressions do not fail */
};

/** A finished comparison: the one model every report reads. Everything in it lives in `arena` or,
 * when it was read, in `document`. */
struct pw_comparison {
    struct pw_arena arena;
    struct pw_json *document; /**< what it was read from; owned; NULL when it was made here */
    const char *tool_version;
    const char *mode;        /**< "stored", "unpaired", "paired", or "auto": stored, then paired */
    const char *mode_reason; /**< why in this mode, where that was not asked for; NULL otherwise */
    const char *config;      /**< path of the configuration; NULL when there was none */
    struct pw_side base;
    struct pw_side head;
    struct pw_anchor anchor; /**< label NULL when there is none */
    double alpha;
    double beta; /**< paired comparisons rest on it, as on fdr */
    double fdr;
    double session_noise;
    unsigned fail_on;
    enum pw_policy on_no_baseline;
    enum pw_policy on_inconclusive;
    struct pw_comparison_row *rows;
    size_t row_count;
    size_t row_capacity;
    const char **warnings; /**< one line each, naming cause and remedy */
    size_t warning_count;
    size_t warning_capacity;
    size_t remark_start; /**< the warnings from here on … */
    size_t remark_count; /**< … are about the verdicts of the rows, made with the whole */
    size_t counts[PW_VERDICT_COUNT];
    enum pw_verdict
        verdict;   /**< of the whole: the most serious that fails, else the most serious */
    int exit_code; /**< enum pw_exit */
    const struct pw_shard *shard; /**< what part of a suite it is; NULL for the whole; borrowed */
    size_t merged_from;           /**< shards that it was joined from; 0 for none */
};

/** A result as a side: no reason and no source yet. Its texts are the result's. */
struct pw_side pw_side_of(const struct pw_result *result);

void pw_comparison_release(struct pw_comparison *comparison);
/** Append a warning. @return 0; PW_ENOMEM */
int pw_comparison_warn(struct pw_comparison *comparison, const char *text,
                       struct pw_error *err) PW_MUST_CHECK;
/** Say why the comparison was made in its mode. @param reason copied @return 0; PW_ENOMEM */
int pw_comparison_explain_mode(struct pw_comparison *comparison, const char *reason,
                               struct pw_error *err) PW_MUST_CHECK;
/** Make the exit code at least this serious (enum pw_exit): perfwarden itself failed on the way. */
void pw_comparison_escalate(struct pw_comparison *comparison, int exit_code);

struct pw_acceptances; /* gate/acceptance.h */

/** What the gate decides with. */
struct pw_gate_options {
    const struct pw_config *config; /**< NULL, for pw_gate_unpaired() only: documented defaults */
    unsigned fail_on;               /**< replaces the configuration's set when not 0 */
    const char *const *filters; /**< what was selected: the rest is neither missing nor an error */
    size_t filter_count;
    /** stored: there are baselines, but all of other environments (`on_environment_mismatch`) */
    bool is_environment_mismatch;
    /** paired: gated comparisons that were decided elsewhere and count in the suite for e-BH */
    size_t decided_elsewhere;
    unsigned runs_min; /**< paired: replaces the least number of pairs when not 0 */
    /** stored: sessions after those compared with, nearest first, that may confirm one of them */
    const struct pw_result *later;
    size_t later_count;
    bool is_anchor; /**< the base is an anchor: what failed there only is no_baseline */
    /** What was agreed to between base and head; NULL for nothing. Not const: authors are found
     * out when they are needed. */
    struct pw_acceptances *acceptances;
    /** stored: what was agreed to between the sessions; NULL for nothing */
    const struct pw_acceptances *past;
    /** It is a part of a comparison: an agreement that is about nothing here may be about the rest
     */
    bool is_part;
    const struct pw_shard *shard; /**< of which shard it is; NULL for the whole suite; borrowed */
};

/** Whether rows of this verdict fail the gate, by the comparison's own policies. */
bool pw_comparison_fails_on(const struct pw_comparison *comparison, enum pw_verdict verdict);
/** Whether this row fails it. Differs from the above for a regression since the anchor. */
bool pw_comparison_row_fails(const struct pw_comparison *comparison,
                             const struct pw_comparison_row *row);

/**
 * Decide head against stored sessions (STATISTICS.md, "Stored verdict"; the unit is the session).
 *
 * Rows come in the configuration's order, then vanished benchmarks. A configured benchmark that
 * head did not measure is `error`; one that the nearest session has and the configuration has not
 * is `missing`.
 *
 * @param sessions       comparable results, nearest commit first; none makes every row no_baseline
 * @param no_baseline    why there are none, for the rows' reason; NULL for a general one
 * @param base           how the base was chosen, copied
 * @param[out] out       released by pw_comparison_release(); unchanged on failure
 * @return 0 whatever the verdict; PW_ENOMEM
 */
int pw_gate_stored(const struct pw_gate_options *options, const struct pw_result *sessions,
                   size_t session_count, const char *no_baseline, const struct pw_side *base,
                   const struct pw_result *head, struct pw_comparison *out,
                   struct pw_error *err) PW_MUST_CHECK;

/**
 * Decide one result against another by their runs (STATISTICS.md, "Runs of equal sizes from two
 * independent files").
 *
 * Results of different environments are compared with a warning, or are no_baseline where
 * `on_environment_mismatch` is `fail`.
 *
 * @return 0 whatever the verdict; PW_ENOMEM
 */
int pw_gate_unpaired(const struct pw_gate_options *options, const struct pw_result *base_result,
                     const struct pw_side *base, const struct pw_result *head_result,
                     const struct pw_side *head, struct pw_comparison *out,
                     struct pw_error *err) PW_MUST_CHECK;

/**
 * A paired decision under way (STATISTICS.md, "Paired verdict"): sequential, one metric at a time,
 * with e-BH over the suite. It reads two results that grow while it is open; the same code replays
 * saved ones pair by pair.
 */
struct pw_gate_pairs;

/**
 * @param options  borrowed until pw_gate_pairs_free(), the configuration required
 * @param base     results that grow or are complete; borrowed as long
 * @return 0; PW_ENOMEM
 */
int pw_gate_pairs_begin(const struct pw_gate_options *options, const struct pw_result *base,
                        const struct pw_result *head, struct pw_gate_pairs **out,
                        struct pw_error *err) PW_MUST_CHECK;

/**
 * Decide a benchmark without pairs: identical executables (pass), no such benchmark in the base
 * (no_baseline), one that the base has and head's configuration has not (missing).
 *
 * @param declared  id; copied
 * @param method    static text, for the rows; NULL for none
 * @param reason    copied
 */
int pw_gate_pairs_exempt(struct pw_gate_pairs *pairs, const char *declared, enum pw_verdict verdict,
                         const char *method, const char *reason,
                         struct pw_error *err) PW_MUST_CHECK;

/** The least number of pairs that can show a regression, whatever they are, at the alpha of a
 * configuration. */
size_t pw_gate_least_pairs(const struct pw_config *config);

/**
 * Take in the pairs that are new in the two results and tell whether the benchmark needs more.
 *
 * None is needed once every gated metric is decided, and each regression among them is kept by e-BH
 * over the suite as it is known so far. An exempt benchmark, and one that failed, needs none.
 *
 * @return 0; PW_ENOMEM
 */
int pw_gate_pairs_want(struct pw_gate_pairs *pairs, const char *declared, bool *wanted,
                       struct pw_error *err) PW_MUST_CHECK;

/**
 * End it: rows in the configuration's order.
 *
 * @param base  described for people, copied, as in pw_gate_stored()
 * @return 0 whatever the verdict; PW_ENOMEM
 */
int pw_gate_pairs_finish(struct pw_gate_pairs *pairs, const struct pw_side *base,
                         const struct pw_side *head, struct pw_comparison *out,
                         struct pw_error *err) PW_MUST_CHECK;
void pw_gate_pairs_free(struct pw_gate_pairs *pairs);

/** Whether any benchmark was measured in pairs: its entries are interleaved on both sides. */
bool pw_gate_is_interleaved(const struct pw_result *base, const struct pw_result *head);

/**
 * Replay saved interleaved results (`compare A.json B.json`): as pw_gate_unpaired(), but benchmarks
 * whose entries are interleaved on both sides are decided pair by pair, in rounds, by the functions
 * above, and no further than `check` would have measured. Unequal numbers of samples are an error
 * of that benchmark; what is not interleaved is compared by its runs, with a warning.
 *
 * @param[out] out  mode "paired" when anything was decided by pairs, else "unpaired"
 */
int pw_gate_replay(const struct pw_gate_options *options, const struct pw_result *base_result,
                   const struct pw_side *base, const struct pw_result *head_result,
                   const struct pw_side *head, struct pw_comparison *out,
                   struct pw_error *err) PW_MUST_CHECK;

/**
 * Whether a stored verdict is to be confirmed by pairs: a suspected regression, nothing comparable,
 * or nothing clear. An error and a pass are not.
 *
 * @param declared  id of a configured benchmark
 */
bool pw_gate_needs_pairs(const struct pw_comparison *stored, const struct pw_result *head,
                         const char *declared);

/**
 * Join a stored comparison with the paired one of those benchmarks that needed pairs: their rows
 * replace the stored ones, and their reasons say what had been suspected. The whole is decided
 * anew.
 *
 * @param[out] out  mode "auto"; released by pw_comparison_release(); unchanged on failure
 */
int pw_gate_combine(const struct pw_comparison *stored, const struct pw_comparison *paired,
                    struct pw_comparison *out, struct pw_error *err) PW_MUST_CHECK;

/**
 * A configuration to compare with the anchor by: the anchor's thresholds in place of the
 * benchmarks' own of these metrics, and no limits, which hold whatever head is compared with.
 *
 * @param arena     what is new in the copy lives here
 * @param[out] out  a shallow copy of `config`, never to be released; may be `config` itself
 * @return 0; PW_ENOMEM
 */
int pw_gate_anchor_config(const struct pw_config *config, struct pw_arena *arena,
                          struct pw_config *out, struct pw_error *err) PW_MUST_CHECK;

/** How many comparisons with an anchor there will be, as far as a configuration can tell. */
size_t pw_gate_anchor_count(const struct pw_gate_options *options);

/**
 * Add a comparison with the anchor to the one with the base, and decide the whole anew.
 *
 * What failed or vanished, or has no ceiling but a limit, is told by the comparison with the base
 * alone; what is new since the anchor is `skipped`.
 *
 * @param against  made with pw_gate_anchor_config()
 * @param anchor   copied
 * @return 0 whatever the verdict; PW_ENOMEM: then nothing is changed but memory
 */
int pw_gate_add_anchor(struct pw_comparison *comparison, const struct pw_comparison *against,
                       const struct pw_anchor *anchor, struct pw_error *err) PW_MUST_CHECK;

/** One metric of one benchmark whose newest session is not to be believed yet. */
struct pw_quarantined {
    const char *benchmark; /**< borrowed from the session */
    const char *metric;    /**< borrowed from the session */
    double ratio;          /**< newest ÷ the session before it */
};

/**
 * Find out in what the newest of some sessions is too good to be a baseline before a second session
 * confirms it (`baseline.quarantine`).
 *
 * @param sessions    comparable results, newest first
 * @param arena       where the list is kept
 * @param[out] items  gated metrics only
 * @return 0; PW_ENOMEM
 */
int pw_gate_find_quarantined(const struct pw_config *config, const struct pw_result *sessions,
                             size_t session_count, struct pw_arena *arena,
                             struct pw_quarantined **items, size_t *count,
                             struct pw_error *err) PW_MUST_CHECK;

/** The words for a threshold: "+5 %", "+5 % and +200 µs", "≤ 64 MiB", "+5 %, ≤ 64 MiB". */
void pw_threshold_describe(const struct pw_threshold *threshold, const char *unit,
                           enum pw_better better, struct pw_strbuf *out);

/** Write the JSON of DESIGN.md. Memory failure is remembered by the buffer. */
void pw_comparison_write(const struct pw_comparison *comparison, struct pw_strbuf *out);
/** Read it back, so that any report can be made from it later. @return 0; PW_EFORMAT; PW_ENOMEM */
int pw_comparison_read(const char *text, size_t length, const char *name, struct pw_comparison *out,
                       struct pw_error *err) PW_MUST_CHECK;
/** The same for a text that is parsed already. @param document owned by `out` from then on; on
 * failure still the caller's @return as pw_comparison_read() */
int pw_comparison_read_document(struct pw_json *document, const char *name,
                                struct pw_comparison *out, struct pw_error *err) PW_MUST_CHECK;

#endif
