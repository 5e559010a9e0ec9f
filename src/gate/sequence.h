/*
 * The sequential decision of one gated metric, pair by pair (STATISTICS.md, "Paired verdict").
 *
 * Owns which e-processes a threshold needs, how they are combined, and the first crossing. Knows
 * nothing of results, of the suite and of printing: doubles in, a state out.
 *
 * A change is a worsening d of one pair: ln(head/base) and head − base, both negated where higher
 * is better. θ is ln(1 + increase_ratio), A is at_least. Each part of a threshold has evidence R
 * (worse than allowed), P (not as much worse), I (better by as much), every one of them an
 * e-process E(·) of struct pw_e_process:
 *
 *     relative   R = E(d − θ)   P = E(θ − d)   I = E(−θ − d)    d the logarithm
 *     absolute   R = E(d − A)   P = E(A − d)   I = E(−A − d)    d the difference
 *     limit      R, P = E_sign of the number of head's values beyond, not beyond the limit
 *
 * (A limit asks whether more than half of the runs are beyond it. Values of one side are not made
 * symmetric by a coin, so only a test of the median keeps its promise there.)
 *
 * How parts are combined, so that a wrong regression (improvement) has a chance of at most alpha
 * and a wrong pass at most beta, whatever is true:
 *
 *     both must hold   the smaller one: whichever part's hypothesis is true bounds it
 *     one is enough    the mean of the two: a mean of e-processes is one
 *
 *     increase and at_least: a regression, and an improvement, needs both parts; a pass one of
 *     them. A change and a limit: a regression needs one of them; a pass both, of which each keeps
 *     what it has once reached; an improvement also the limit's pass.
 *
 * The first of R ≥ 1/alpha, I ≥ 1/alpha, P ≥ 1/beta decides, asked in this order after each pair
 * from min_pairs on. Where one part decides alone, its bets are bounded by what decides (`level` of
 * struct pw_e_process) until they have: evidence at a decision is then often exactly 1/alpha.
 */
#ifndef PERFWARDEN_GATE_SEQUENCE_H
#define PERFWARDEN_GATE_SEQUENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/stats.h"
#include "perfwarden/util/error.h"
#include "perfwarden/vocabulary.h"

enum pw_sequence_state {
    PW_SEQUENCE_UNDECIDED,
    PW_SEQUENCE_PASS,
    PW_SEQUENCE_REGRESSION,
    PW_SEQUENCE_IMPROVEMENT,
    /** A value of 0 where only ratios are gated: an error for the caller, never a pass, also after
     * a decision. pw_sequence_reason() says so. */
    PW_SEQUENCE_UNDEFINED
};

/** What one metric is decided with. Parts of the threshold that are not set are NAN. */
struct pw_sequence_options {
    enum pw_better better;
    double increase_ratio; /**< 0.05 = 5 % worse; > 0 */
    double at_least;       /**< base units; > 0 */
    double limit;          /**< base units; ≥ 0; a floor where higher is better */
    double alpha;          /**< chance of a wrong regression, in (0, 0.5) */
    double beta;           /**< chance of a wrong pass at the threshold, in (0, 0.5) */
    size_t min_pairs;      /**< no decision before; 0 is 1 */
    /**
     * Evidence that a regression needs to be kept in its suite, where that is more than 1/alpha; 0
     * else. The bets aim at it, and do not stop short of it at 1/alpha; decided is decided as ever.
     */
    double suite_evidence;
};

/** Evidence, each an e-value: how many times a bet against "it is not so" has multiplied. */
struct pw_sequence_evidence {
    double regression;
    double pass;
    double improvement; /**< 0 where only a limit is gated */
};

/** Which part of a threshold decided. */
enum pw_sequence_part {
    PW_SEQUENCE_PART_NONE, /**< nothing yet */
    PW_SEQUENCE_PART_CHANGE,
    PW_SEQUENCE_PART_LIMIT
};

/** The three bets on one scale. */
struct pw_sequence_bets {
    struct pw_e_process regression;
    struct pw_e_process pass;
    struct pw_e_process improvement;
};

/** One decision under way. Read the members that are documented; change none. */
struct pw_sequence {
    struct pw_sequence_options options;
    enum pw_sequence_state state;
    size_t pairs;      /**< taken in so far */
    size_t decided_at; /**< pairs at the decision; 0 before */
    enum pw_sequence_part part;
    /**
     * Evidence now. For e-BH over a suite take `now.regression`, and stop feeding a sequence once
     * it is kept: values at such a time are valid under any dependence between benchmarks.
     */
    struct pw_sequence_evidence now;
    struct pw_sequence_evidence at_decision; /**< zeros before */
    struct pw_sequence_evidence largest;     /**< the largest of each so far */
    bool has_zero;                           /**< a value of 0 was seen: no ratios from then on */

    double *base; /**< owned, `pairs` values */
    double *head; /**< owned */
    size_t capacity;
    struct pw_sequence_bets relative;
    struct pw_sequence_bets absolute;
    size_t beyond_limit;       /**< head's values beyond the limit */
    double limit_pass_largest; /**< of the parts alone, where a pass needs both */
    double change_pass_largest;
};

/** What a verdict is reported with. Of head against base, not turned by the metric's direction. */
struct pw_sequence_estimate {
    bool is_log;       /**< ratios; else differences, because a value was 0 or none are gated */
    double base;       /**< median in base units */
    double head;       /**< median in base units */
    double difference; /**< Hodges-Lehmann of head − base in base units; it and its like are NAN
                          where ratios alone are gated and possible */
    double ratio;      /**< exp(Hodges-Lehmann of ln(head/base)); of differences, 1 + difference /
                          base; NAN when base is 0 */
    struct pw_interval interval; /**< of the ratio: anytime, each end wrong with chance ≤ alpha; an
                                    end not bounded is 0 or INFINITY; NAN when ratio is */
    struct pw_interval difference_interval; /**< of the difference, likewise */
    double noise; /**< σ_d = 1.4826 · MAD of ln(head/base); of differences, in base units */
    /**
     * The smallest worsening that these pairs could have told from none, as a ratio (0.07 = 7 %):
     * exp(U − max(0, d̂)) − 1, with d̂ the Hodges-Lehmann worsening and U the end of the one-sided
     * anytime interval at beta on the worse side (of differences: the same over the base's median).
     *
     * U is the smallest worsening the pairs excluded; had they been centred on no change it would
     * lie d̂ lower. With a change gated on one scale, a pass never has more than the threshold here.
     * INFINITY when nothing was excluded yet; NAN when the base's median is 0.
     */
    double detectable;
    double detectable_difference; /**< the same in base units, from the differences */
};

/**
 * Begin. At least one part of the threshold must be set.
 *
 * @param[out] out  released by pw_sequence_release()
 * @return 0; PW_EINVAL for an option outside its range
 */
int pw_sequence_init(const struct pw_sequence_options *options, struct pw_sequence *out,
                     struct pw_error *err) PW_MUST_CHECK;

/**
 * Take in the next pair. Costs microseconds; estimates are made on request only.
 *
 * It may go on being fed after the decision, which stays (but for PW_SEQUENCE_UNDEFINED): the
 * evidence keeps moving, for a suite that asks for more.
 *
 * @param base_value  base units, finite and ≥ 0
 * @param head_value  likewise
 * @return 0; PW_EINVAL naming a negative, NaN or infinite value, nothing changed then; PW_ENOMEM,
 * after which it can only be released
 */
int pw_sequence_add(struct pw_sequence *sequence, double base_value, double head_value,
                    struct pw_error *err) PW_MUST_CHECK;

/** Why a sequence is PW_SEQUENCE_UNDEFINED, for people: static text; NULL in other states. */
const char *pw_sequence_reason(const struct pw_sequence *sequence);

/**
 * The numbers for a report, from all pairs taken in. About a millisecond: ask once.
 *
 * @return 0; PW_EINVAL when there are no pairs; PW_ENOMEM
 */
int pw_sequence_estimate(const struct pw_sequence *sequence, struct pw_sequence_estimate *out,
                         struct pw_error *err) PW_MUST_CHECK;

/** Free what it owns and empty it. Accepts a zero-initialised one. */
void pw_sequence_release(struct pw_sequence *sequence);

#endif
