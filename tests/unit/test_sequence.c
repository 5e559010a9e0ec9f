/* The sequential decision of one metric: every rule of combination, the order, and the refusals. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/gate/sequence.h"
#include "stats_random.h"

static const struct pw_sequence_options by_ratio = {
    PW_BETTER_LOWER, 0.05, NAN, NAN, 0.01, 0.05, 7, 0};

static void begin(struct pw_sequence *sequence, const struct pw_sequence_options *options)
{
    assert_int_equal(pw_sequence_init(options, sequence, NULL), 0);
}

static void add(struct pw_sequence *sequence, double base, double head)
{
    assert_int_equal(pw_sequence_add(sequence, base, head, NULL), 0);
}

/* Add pairs until a decision, `most` at most, with a little noise. @return pairs at the decision */
static size_t run(struct pw_sequence *sequence, double base, double head, size_t most)
{
    uint64_t seed = 7;

    for (size_t i = 0; i < most && sequence->state == PW_SEQUENCE_UNDECIDED; i++) {
        add(sequence, base * (1 + 0.002 * (uniform(&seed) - 0.5)),
            head * (1 + 0.002 * (uniform(&seed) - 0.5)));
    }
    return sequence->decided_at;
}

static void check_decision(const struct pw_sequence_options *options, double base, double head,
                           enum pw_sequence_state expected, size_t most)
{
    struct pw_sequence sequence;
    size_t pairs;

    begin(&sequence, options);
    pairs = run(&sequence, base, head, 40);
    if (sequence.state != expected || pairs > most)
        fail_msg("%g to %g: state %d after %zu pairs, not %d after at most %zu", base, head,
                 (int)sequence.state, pairs, (int)expected, most);
    assert_int_equal(sequence.pairs, expected == PW_SEQUENCE_UNDECIDED ? 40 : pairs);
    pw_sequence_release(&sequence);
}

static void test_ratio(void **state)
{
    struct pw_sequence_options higher = by_ratio;

    (void)state;
    check_decision(&by_ratio, 100, 100, PW_SEQUENCE_PASS, 7);
    check_decision(&by_ratio, 100, 103, PW_SEQUENCE_PASS, 8);
    check_decision(&by_ratio, 100, 110, PW_SEQUENCE_REGRESSION, 10);
    /* better is a pass before it is an improvement, unless alpha is the larger */
    check_decision(&by_ratio, 100, 80, PW_SEQUENCE_PASS, 7);
    higher.better = PW_BETTER_HIGHER;
    check_decision(&higher, 100, 100, PW_SEQUENCE_PASS, 7);
    check_decision(&higher, 100, 90, PW_SEQUENCE_REGRESSION, 10);
    check_decision(&higher, 100, 96, PW_SEQUENCE_PASS, 9); /* ln(100/96) < ln 1.05 */
    check_decision(&higher, 100, 95, PW_SEQUENCE_REGRESSION, 12);
    higher.beta = 0.001;
    check_decision(&higher, 100, 120, PW_SEQUENCE_IMPROVEMENT, 10);
}

/* First R, then I, then P, at the same pair. */
static void test_order(void **state)
{
    struct pw_sequence_options options = by_ratio;

    (void)state;
    options.alpha = options.beta = 0.05;
    check_decision(&options, 100, 80, PW_SEQUENCE_IMPROVEMENT, 7);
    options.min_pairs = 20;
    check_decision(&options, 100, 80, PW_SEQUENCE_IMPROVEMENT, 20);
    options.min_pairs = 0;
    check_decision(&options, 100, 100, PW_SEQUENCE_PASS, 7);
}

static void test_min_pairs(void **state)
{
    struct pw_sequence_options options = by_ratio;
    struct pw_sequence sequence;

    (void)state;
    options.min_pairs = 15;
    begin(&sequence, &options);
    assert_int_equal(run(&sequence, 100, 150, 40), 15);
    assert_true(sequence.at_decision.regression == sequence.now.regression);
    pw_sequence_release(&sequence);
}

/* The decision stays, the evidence goes on. */
static void test_going_on(void **state)
{
    struct pw_sequence sequence;
    double at_decision;
    double largest;

    (void)state;
    begin(&sequence, &by_ratio);
    run(&sequence, 100, 150, 40);
    at_decision = sequence.now.regression;
    for (int i = 0; i < 5; i++)
        add(&sequence, 100, 150);
    largest = sequence.now.regression;
    assert_true(largest > 5 * at_decision);
    for (int i = 0; i < 20; i++)
        add(&sequence, 100, 50);
    assert_int_equal(sequence.state, PW_SEQUENCE_REGRESSION);
    assert_true(sequence.now.regression < 1 && sequence.largest.regression == largest);
    assert_true(sequence.at_decision.regression == at_decision);
    pw_sequence_release(&sequence);
}

/** Evidence aims at what the suite asks for, and the decision comes at 1/alpha all the same. */
static void test_suite_evidence(void **state)
{
    static const double WANTED[] = {0, 50, 200, 1000};

    (void)state;
    for (size_t i = 0; i < PW_COUNT(WANTED); i++) {
        const double enough = WANTED[i] > 100.0 ? WANTED[i] : 100.0;
        struct pw_sequence_options options = by_ratio;
        struct pw_sequence sequence;
        bool has_met_it = false;

        options.suite_evidence = WANTED[i];
        begin(&sequence, &options);
        for (size_t n = 0; n < 16; n++) {
            add(&sequence, 1000.0, 1200.0 + (double)(n % 3));
            has_met_it = has_met_it || sequence.now.regression == enough;
        }
        assert_int_equal(sequence.state, PW_SEQUENCE_REGRESSION);
        assert_int_equal(sequence.decided_at, 10);
        assert_true(has_met_it);
        pw_sequence_release(&sequence);
    }
}

static void test_both_exceeded(void **state)
{
    struct pw_sequence_options options = by_ratio;

    (void)state;
    options.at_least = 20;
    check_decision(&options, 100, 130, PW_SEQUENCE_REGRESSION, 10);
    check_decision(&options, 100, 110, PW_SEQUENCE_PASS, 9);   /* not by 20 */
    check_decision(&options, 1000, 1030, PW_SEQUENCE_PASS, 9); /* not by 5 % */
    options.beta = 1e-4; /* so that a pass comes late, and no sooner than the relative part */
    check_decision(&options, 100, 110, PW_SEQUENCE_PASS, 25);
    check_decision(&options, 100, 70, PW_SEQUENCE_IMPROVEMENT, 10);
    check_decision(&options, 100, 90, PW_SEQUENCE_PASS, 22); /* better, but not by 20 */
}

static void test_absolute(void **state)
{
    struct pw_sequence_options options = by_ratio;

    (void)state;
    options.increase_ratio = NAN;
    options.at_least = 20;
    check_decision(&options, 100, 130, PW_SEQUENCE_REGRESSION, 10);
    check_decision(&options, 100, 110, PW_SEQUENCE_PASS, 7);
    check_decision(&options, 0, 10, PW_SEQUENCE_PASS, 7);
    check_decision(&options, 0, 30, PW_SEQUENCE_REGRESSION, 10);
    options.better = PW_BETTER_HIGHER;
    check_decision(&options, 100, 70, PW_SEQUENCE_REGRESSION, 10);
}

static void test_limit(void **state)
{
    struct pw_sequence_options options = by_ratio;
    struct pw_sequence sequence;

    (void)state;
    options.increase_ratio = NAN;
    options.limit = 100;
    check_decision(&options, 50, 101, PW_SEQUENCE_REGRESSION, 10);
    check_decision(&options, 500, 99, PW_SEQUENCE_PASS, 7);
    begin(&sequence, &options);
    for (int i = 0; i < 7; i++) /* on the limit is within it, and 0 is a value like others */
        add(&sequence, 0, 100);
    assert_int_equal(sequence.state, PW_SEQUENCE_PASS);
    assert_int_equal(sequence.part, PW_SEQUENCE_PART_LIMIT);
    pw_sequence_release(&sequence);
    options.better = PW_BETTER_HIGHER;
    check_decision(&options, 50, 99, PW_SEQUENCE_REGRESSION, 10);
    check_decision(&options, 50, 101, PW_SEQUENCE_PASS, 7);
    options.limit = 0;
    check_decision(&options, 50, 101, PW_SEQUENCE_PASS, 7);
}

static void test_change_and_limit(void **state)
{
    struct pw_sequence_options options = by_ratio;
    struct pw_sequence sequence;

    (void)state;
    options.limit = 200;
    check_decision(&options, 100, 100, PW_SEQUENCE_PASS, 7);
    check_decision(&options, 100, 120, PW_SEQUENCE_REGRESSION, 11);
    check_decision(&options, 300, 210, PW_SEQUENCE_REGRESSION, 11); /* better, yet over the limit */
    options.beta = 1e-4;
    check_decision(&options, 300, 210, PW_SEQUENCE_REGRESSION, 11);
    check_decision(&options, 300, 190, PW_SEQUENCE_IMPROVEMENT, 17);
    check_decision(&options, 300, 299, PW_SEQUENCE_REGRESSION, 11);
    begin(&sequence, &options);
    run(&sequence, 300, 210, 40);
    assert_int_equal(sequence.part, PW_SEQUENCE_PART_LIMIT);
    pw_sequence_release(&sequence);
    begin(&sequence, &options);
    assert_int_equal(run(&sequence, 100, 120, 40), 11); /* one more than with the change alone */
    assert_int_equal(sequence.part, PW_SEQUENCE_PART_CHANGE);
    pw_sequence_release(&sequence);
}

/* Exactly on the threshold there is nothing to bet on, whatever the rounding of logarithms. */
static void test_on_the_threshold(void **state)
{
    struct pw_sequence_options options = by_ratio;

    (void)state;
    for (double base = 1e-9; base < 1e15; base *= 7.3) {
        struct pw_sequence sequence;
        begin(&sequence, &options);
        for (int i = 0; i < 60; i++)
            add(&sequence, base, base * 1.05);
        assert_int_equal(sequence.state, PW_SEQUENCE_UNDECIDED);
        pw_sequence_release(&sequence);
    }
}

static void test_zeros(void **state)
{
    struct pw_sequence_options options = by_ratio;
    struct pw_sequence sequence;

    (void)state;
    begin(&sequence, &options);
    run(&sequence, 100, 100, 40);
    assert_int_equal(sequence.state, PW_SEQUENCE_PASS);
    assert_null(pw_sequence_reason(&sequence));
    add(&sequence, 0, 100); /* also after a decision */
    assert_int_equal(sequence.state, PW_SEQUENCE_UNDEFINED);
    assert_non_null(pw_sequence_reason(&sequence));
    for (int i = 0; i < 60; i++)
        add(&sequence, 100, 100);
    assert_int_equal(sequence.state, PW_SEQUENCE_UNDEFINED);
    pw_sequence_release(&sequence);

    options.at_least = 20;
    check_decision(&options, 0, 0, PW_SEQUENCE_PASS, 8);
    check_decision(&options, 0, 30, PW_SEQUENCE_REGRESSION, 10);
    begin(&sequence, &options);
    for (int i = 0; i < 5; i++)
        add(&sequence, 100, 150 + i);
    for (int i = 0; i < 5; i++)
        add(&sequence, 0, 50 + i);
    assert_int_equal(sequence.state, PW_SEQUENCE_REGRESSION);
    pw_sequence_release(&sequence);
}

static void test_refusals(void **state)
{
    static const double bad[] = {-1, NAN, INFINITY, -INFINITY};
    const struct pw_sequence_options wrong[] = {
        {PW_BETTER_LOWER, NAN, NAN, NAN, 0.01, 0.05, 7, 0},
        {PW_BETTER_LOWER, 0, NAN, NAN, 0.01, 0.05, 7, 0},
        {PW_BETTER_LOWER, -0.1, NAN, NAN, 0.01, 0.05, 7, 0},
        {PW_BETTER_LOWER, NAN, INFINITY, NAN, 0.01, 0.05, 7, 0},
        {PW_BETTER_LOWER, NAN, NAN, -1, 0.01, 0.05, 7, 0},
        {PW_BETTER_LOWER, 0.05, NAN, NAN, 0.5, 0.05, 7, 0},
        {PW_BETTER_LOWER, 0.05, NAN, NAN, 0.01, 0, 7, 0},
        {PW_BETTER_LOWER, 0.05, NAN, NAN, NAN, 0.05, 7, 0},
    };
    struct pw_sequence sequence;
    struct pw_sequence_estimate estimate;
    struct pw_error err = PW_ERROR_INIT;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(pw_sequence_init(&wrong[i], &sequence, NULL), PW_EINVAL);
    begin(&sequence, &by_ratio);
    assert_int_equal(pw_sequence_estimate(&sequence, &estimate, NULL), PW_EINVAL);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(pw_sequence_add(&sequence, bad[i], 1, NULL), PW_EINVAL);
        assert_int_equal(pw_sequence_add(&sequence, 1, bad[i], NULL), PW_EINVAL);
    }
    assert_int_equal(pw_sequence_add(&sequence, 1, -2.5, &err), PW_EINVAL);
    assert_string_equal(pw_error_message(&err), "the head has the value '-2.5', which is negative");
    assert_int_equal(sequence.pairs, 0);
    assert_int_equal(sequence.relative.regression.count, 0);
    pw_error_release(&err);
    pw_sequence_release(&sequence);
    pw_sequence_release(NULL);
}

static void check_close(double actual, double expected, double tolerance)
{
    if (!(fabs(actual - expected) <= tolerance))
        fail_msg("%.17g is not %.17g", actual, expected);
}

static void test_estimate(void **state)
{
    struct pw_sequence_options options = by_ratio;
    struct pw_sequence sequence;
    struct pw_sequence_estimate estimate;
    uint64_t seed = 3;

    (void)state;
    options.at_least = 50;
    begin(&sequence, &options);
    for (int i = 0; i < 60; i++)
        add(&sequence, 1000, 1080 * exp(0.01 * gaussian(&seed)));
    assert_int_equal(pw_sequence_estimate(&sequence, &estimate, NULL), 0);
    assert_true(estimate.is_log);
    check_close(estimate.ratio, 1.08, 0.005);
    check_close(estimate.noise, 0.01, 0.003);
    assert_true(estimate.interval.low > 1.07 && estimate.interval.low < estimate.ratio);
    assert_true(estimate.interval.high < 1.09 && estimate.interval.high > estimate.ratio);
    check_close(estimate.difference, 80, 5);
    assert_true(estimate.difference_interval.low > 70 && estimate.difference_interval.high < 90);
    assert_true(estimate.detectable > 0.001 && estimate.detectable < 0.01);
    assert_true(estimate.detectable_difference > 1 && estimate.detectable_difference < 10);
    check_close(estimate.base, 1000, 0);
    add(&sequence, 1000, 0);
    assert_int_equal(pw_sequence_estimate(&sequence, &estimate, NULL), 0);
    assert_false(estimate.is_log);
    check_close(estimate.ratio, 1.08, 0.005);
    check_close(estimate.interval.low, 1 + estimate.difference_interval.low / 1000, 1e-12);
    pw_sequence_release(&sequence);

    options.at_least = NAN;
    begin(&sequence, &options);
    add(&sequence, 1000, 1010);
    assert_int_equal(pw_sequence_estimate(&sequence, &estimate, NULL), 0);
    assert_true(isnan(estimate.difference));
    assert_true(estimate.interval.low == 0 && estimate.interval.high == INFINITY);
    assert_true(estimate.detectable == INFINITY);
    pw_sequence_release(&sequence);
}

/* The mark on a pass: what it excluded is no more than the threshold. Else more: inconclusive. */
static void test_detectable(void **state)
{
    uint64_t seed = 29;

    (void)state;
    for (int round = 0; round < 60; round++) {
        struct pw_sequence_options options = by_ratio;
        struct pw_sequence sequence;
        struct pw_sequence_estimate estimate;
        const bool is_lower = round % 2 == 0;
        const double sigma = round % 3 ? 0.02 : 0.08;
        options.better = is_lower ? PW_BETTER_LOWER : PW_BETTER_HIGHER;
        begin(&sequence, &options);
        for (int i = 0; i < 30 && sequence.state == PW_SEQUENCE_UNDECIDED; i++)
            add(&sequence, 100 * exp(sigma * gaussian(&seed)),
                (is_lower ? 99 : 101) * exp(sigma * gaussian(&seed)));
        assert_int_equal(pw_sequence_estimate(&sequence, &estimate, NULL), 0);
        if (sequence.state == PW_SEQUENCE_PASS)
            assert_true(estimate.detectable <= 0.05);
        if (sequence.state == PW_SEQUENCE_UNDECIDED &&
            (is_lower ? estimate.ratio <= 1 : estimate.ratio >= 1))
            assert_true(estimate.detectable > 0.05);
        pw_sequence_release(&sequence);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ratio),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_min_pairs),
        cmocka_unit_test(test_going_on),
        cmocka_unit_test(test_suite_evidence),
        cmocka_unit_test(test_both_exceeded),
        cmocka_unit_test(test_absolute),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_change_and_limit),
        cmocka_unit_test(test_on_the_threshold),
        cmocka_unit_test(test_zeros),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_estimate),
        cmocka_unit_test(test_detectable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
