/*
 * The sequential decision of one metric: which bets a threshold needs, how their evidence is
 * combined, and the first crossing. The promise of each combination is derived in the header.
 *
 * Assumes that within a pair a coin decided who ran first. Refuses values that no measurement has.
 */
#include "sequence.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 64 };

/** Rounding of a difference, in units of its operands: what lies on a threshold is on neither side.
 */
#define ROUNDING (4.0 * DBL_EPSILON)

static bool has_relative(const struct pw_sequence *sequence)
{
    return !isnan(sequence->options.increase_ratio);
}

static bool has_absolute(const struct pw_sequence *sequence)
{
    return !isnan(sequence->options.at_least);
}

static bool has_limit(const struct pw_sequence *sequence)
{
    return !isnan(sequence->options.limit);
}

static int check_options(const struct pw_sequence_options *options, struct pw_error *err)
{
    const double parts[] = {options->increase_ratio, options->at_least, options->limit};
    size_t set = 0;

    for (size_t i = 0; i < PW_COUNT(parts); i++) {
        const bool is_limit = i == 2;
        if (isnan(parts[i])) {
            continue;
        }
        if (isinf(parts[i]) || parts[i] < 0.0 || (parts[i] == 0.0 && !is_limit)) {
            return pw_error_set(err, PW_EINVAL, "'%g' is not a threshold", parts[i]);
        }
        set++;
    }
    if (set == 0) {
        return pw_error_set(err, PW_EINVAL, "there is no threshold to decide by");
    }
    if (!(options->alpha > 0.0 && options->alpha < 0.5)) {
        return pw_error_set(err, PW_EINVAL, "alpha %g is not between 0 and 0.5", options->alpha);
    }
    if (!(options->beta > 0.0 && options->beta < 0.5)) {
        return pw_error_set(err, PW_EINVAL, "beta %g is not between 0 and 0.5", options->beta);
    }
    return 0;
}

int pw_sequence_init(const struct pw_sequence_options *options, struct pw_sequence *out,
                     struct pw_error *err)
{
    const int status = check_options(options, err);

    if (status == 0) {
        memset(out, 0, sizeof *out);
        out->options = *options;
    }
    return status;
}

/* Room for one more pair. */
static int reserve(struct pw_sequence *sequence, struct pw_error *err)
{
    const size_t capacity = sequence->capacity > 0 ? 2 * sequence->capacity : FIRST_CAPACITY;
    double *base;
    double *head;

    if (sequence->pairs < sequence->capacity) {
        return 0;
    }
    if (capacity > SIZE_MAX / sizeof *base / 2) {
        return pw_error_set_no_memory(err);
    }
    base = realloc(sequence->base, capacity * sizeof *base);
    if (base == NULL) {
        return pw_error_set_no_memory(err);
    }
    sequence->base = base;
    head = realloc(sequence->head, capacity * sizeof *head);
    if (head == NULL) {
        return pw_error_set_no_memory(err);
    }
    sequence->head = head;
    sequence->capacity = capacity;
    return 0;
}

static int check_value(const char *side, double value, struct pw_error *err)
{
    if (isfinite(value) && value >= 0.0) {
        return 0;
    }
    return pw_error_set(err, PW_EINVAL, "the %s has the value '%g', which is %s", side, value,
                        isfinite(value) ? "negative" : "not a finite number");
}

/* left − right − least, 0 where that is no more than their rounding. */
static double exceed(double left, double right, double least)
{
    const double x = left - right - least;
    const double scale = fabs(left) + fabs(right) + fabs(least);

    return fabs(x) <= ROUNDING * scale ? 0.0 : x;
}

/* Bet on one worsening, from `from` to `to` on some scale, against an allowance. */
static int bet(struct pw_sequence_bets *bets, double from, double to, double allowance,
               struct pw_error *err)
{
    const double worse = exceed(to, from, allowance);
    int status = pw_e_process_add(&bets->regression, worse, err);

    if (status == 0) {
        status = pw_e_process_add(&bets->pass, -worse, err);
    }
    if (status == 0) {
        status = pw_e_process_add(&bets->improvement, exceed(from, to, allowance), err);
    }
    return status;
}

static int bet_on_pair(struct pw_sequence *sequence, double base, double head, struct pw_error *err)
{
    const bool is_lower = sequence->options.better == PW_BETTER_LOWER;
    const double from = is_lower ? base : head;
    const double to = is_lower ? head : base;
    int status = 0;

    if (has_relative(sequence) && !sequence->has_zero) {
        status = bet(&sequence->relative, log(from), log(to),
                     log1p(sequence->options.increase_ratio), err);
    }
    if (status == 0 && has_absolute(sequence)) {
        status = bet(&sequence->absolute, from, to, sequence->options.at_least, err);
    }
    if (has_limit(sequence)) {
        const double limit = sequence->options.limit;
        sequence->beyond_limit += is_lower ? head > limit : head < limit;
    }
    return status;
}

/*
 * Tell the bets what is enough to decide by them, from the first pair that may decide on. Where
 * parts are combined no single level is, and after the decision more evidence is better. A
 * regression that stopped at what is enough for itself would have to win again for its suite, with
 * all that it has at stake.
 */
static void set_levels(struct pw_sequence *sequence)
{
    const bool is_alone = has_relative(sequence) != has_absolute(sequence) && !has_limit(sequence);
    const bool is_watched = sequence->pairs + 1 >= sequence->options.min_pairs;
    const bool may_decide = sequence->state == PW_SEQUENCE_UNDECIDED && is_watched;
    struct pw_sequence_bets *bets =
        has_relative(sequence) ? &sequence->relative : &sequence->absolute;
    const bool is_bounded = is_alone && may_decide;

    bets->improvement.level = is_bounded ? 1.0 / sequence->options.alpha : 0.0;
    bets->regression.level = bets->improvement.level;
    if (sequence->options.suite_evidence > 1.0 / sequence->options.alpha && is_alone &&
        is_watched) {
        bets->regression.level = sequence->options.suite_evidence;
    }
    bets->pass.level = is_bounded ? 1.0 / sequence->options.beta : 0.0;
}

static double value_of(const struct pw_e_process *process)
{
    return process->count > 0 ? process->value : 1.0;
}

static struct pw_sequence_evidence evidence_of(const struct pw_sequence_bets *bets)
{
    struct pw_sequence_evidence evidence;

    evidence.regression = value_of(&bets->regression);
    evidence.pass = value_of(&bets->pass);
    evidence.improvement = value_of(&bets->improvement);
    return evidence;
}

/*
 * With ratios that ended at a 0, what they had won stays in the mean; a regression then rests on
 * the differences, as it does where no ratio is gated.
 */
static struct pw_sequence_evidence change_evidence(const struct pw_sequence *sequence)
{
    const struct pw_sequence_evidence relative = evidence_of(&sequence->relative);
    struct pw_sequence_evidence evidence = evidence_of(&sequence->absolute);

    if (!has_absolute(sequence)) {
        return relative;
    }
    if (has_relative(sequence)) {
        evidence.pass = (relative.pass + evidence.pass) / 2.0;
        if (!sequence->has_zero) {
            evidence.regression = fmin(relative.regression, evidence.regression);
            evidence.improvement = fmin(relative.improvement, evidence.improvement);
        }
    }
    return evidence;
}

static void keep_largest(struct pw_sequence_evidence *largest,
                         const struct pw_sequence_evidence *now)
{
    largest->regression = fmax(largest->regression, now->regression);
    largest->pass = fmax(largest->pass, now->pass);
    largest->improvement = fmax(largest->improvement, now->improvement);
}

/* Weigh all parts. @return the part that speaks for a regression the most */
static enum pw_sequence_part weigh(struct pw_sequence *sequence)
{
    const bool has_change = has_relative(sequence) || has_absolute(sequence);
    struct pw_sequence_evidence now = {0.0, INFINITY, 0.0};
    enum pw_sequence_part part = PW_SEQUENCE_PART_CHANGE;

    if (has_change) {
        now = change_evidence(sequence);
        sequence->change_pass_largest = fmax(sequence->change_pass_largest, now.pass);
    }
    if (has_limit(sequence)) {
        const size_t beyond = sequence->beyond_limit;
        const double over = pw_stats_e_sign(beyond, sequence->pairs);
        const double under = pw_stats_e_sign(sequence->pairs - beyond, sequence->pairs);
        sequence->limit_pass_largest = fmax(sequence->limit_pass_largest, under);
        part = over >= now.regression ? PW_SEQUENCE_PART_LIMIT : part;
        if (has_change) {
            now.regression = (now.regression + over) / 2.0;
            now.pass = fmin(sequence->change_pass_largest, sequence->limit_pass_largest);
        } else {
            now.regression = over;
            now.pass = under;
        }
    }
    sequence->now = now;
    keep_largest(&sequence->largest, &now);
    return part;
}

/* Better than base is no improvement while it may be beyond the limit. */
static bool is_improvement(const struct pw_sequence *sequence)
{
    return sequence->now.improvement >= 1.0 / sequence->options.alpha &&
           (!has_limit(sequence) || sequence->limit_pass_largest >= 1.0 / sequence->options.beta);
}

static void decide(struct pw_sequence *sequence, enum pw_sequence_part suspect)
{
    const bool has_change = has_relative(sequence) || has_absolute(sequence);

    if (sequence->state != PW_SEQUENCE_UNDECIDED || sequence->pairs < sequence->options.min_pairs) {
        return;
    }
    sequence->part = has_change ? PW_SEQUENCE_PART_CHANGE : PW_SEQUENCE_PART_LIMIT;
    if (sequence->now.regression >= 1.0 / sequence->options.alpha) {
        sequence->state = PW_SEQUENCE_REGRESSION;
        sequence->part = suspect;
    } else if (is_improvement(sequence)) {
        sequence->state = PW_SEQUENCE_IMPROVEMENT;
    } else if (sequence->now.pass >= 1.0 / sequence->options.beta) {
        sequence->state = PW_SEQUENCE_PASS;
    } else {
        sequence->part = PW_SEQUENCE_PART_NONE;
        return;
    }
    sequence->decided_at = sequence->pairs;
    sequence->at_decision = sequence->now;
}

int pw_sequence_add(struct pw_sequence *sequence, double base_value, double head_value,
                    struct pw_error *err)
{
    int status = check_value("base", base_value, err);

    if (status == 0) {
        status = check_value("head", head_value, err);
    }
    if (status == 0) {
        status = reserve(sequence, err);
    }
    if (status != 0) {
        return status;
    }
    sequence->has_zero = sequence->has_zero || base_value == 0.0 || head_value == 0.0;
    set_levels(sequence);
    status = bet_on_pair(sequence, base_value, head_value, err);
    if (status != 0) {
        return status;
    }
    sequence->base[sequence->pairs] = base_value;
    sequence->head[sequence->pairs] = head_value;
    sequence->pairs++;
    if (sequence->has_zero && has_relative(sequence) && !has_absolute(sequence)) {
        sequence->state = PW_SEQUENCE_UNDEFINED;
        return 0;
    }
    decide(sequence, weigh(sequence));
    return 0;
}

const char *pw_sequence_reason(const struct pw_sequence *sequence)
{
    if (sequence->state != PW_SEQUENCE_UNDEFINED) {
        return NULL;
    }
    return "a value is 0, so that there is no ratio; add an absolute threshold, 'at_least'";
}

static void bets_release(struct pw_sequence_bets *bets)
{
    pw_e_process_release(&bets->regression);
    pw_e_process_release(&bets->pass);
    pw_e_process_release(&bets->improvement);
}

void pw_sequence_release(struct pw_sequence *sequence)
{
    if (sequence == NULL) {
        return;
    }
    free(sequence->base);
    free(sequence->head);
    bets_release(&sequence->relative);
    bets_release(&sequence->absolute);
    memset(sequence, 0, sizeof *sequence);
}
