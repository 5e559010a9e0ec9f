/* How pairs end: failures and signals at every point, answers that change, budgets, and values that
 * only one side gives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pairs_fixture.h"

#define INNER(name)                                                                                \
    "{\"name\":\"" name "\",\"run_name\":\"" name                                                  \
    "\",\"run_type\":\"iteration\",\"iterations\":100,"                                            \
    "\"real_time\":%u,\"cpu_time\":1,\"time_unit\":\"ns\"}"
#define REPORT(entries) "{\"context\":{\"num_cpus\":2},\"benchmarks\":[" entries "]}\n"

static void print_two(const struct pair_call *call, char *out, size_t size)
{
    (void)snprintf(out, size, REPORT(INNER("One") "," INNER("Two")), call->iteration,
                   call->iteration);
}

/** A plain benchmark and one that prints, both with hooks: 2 to 3 pairs. */
static void fill_two(struct pw_benchmark *benchmarks)
{
    benchmarks[0] = pair_hooked("plain");
    benchmarks[1] = pair_hooked("inner");
    benchmarks[1].format = "google-benchmark";
}

static const struct pw_run_options THREE_PAIRS = {.runs_min = 2, .runs_max = 3};

static size_t count_calls(const struct pair_script *script, const char *benchmark, const char *word,
                          bool is_head)
{
    size_t count = 0;

    for (size_t i = 0; i < script->count; i++) {
        const struct pair_call *call = &script->calls[i];

        count += strcmp(call->benchmark, benchmark) == 0 && strcmp(call->word, word) == 0 &&
                 call->is_head == is_head;
    }
    return count;
}

/** Each side that was set up was cleaned up, once. */
static void assert_cleaned(const struct pair_script *script)
{
    static const char *const IDS[] = {"plain", "inner"};

    for (size_t i = 0; i < 4; i++) {
        const char *id = IDS[i / 2];
        const bool is_head = i % 2 == 1;
        size_t set_up = count_calls(script, id, "setup", is_head);

        assert_in_range(set_up, 0, 1);
        assert_int_equal(count_calls(script, id, "cleanup", is_head), set_up);
    }
}

/** Counted runs of both sides that were made to the end of their `conclude`, but for the last call.
 */
static size_t whole_pairs(const struct pair_script *script, const char *id, size_t calls)
{
    size_t concluded[2] = {0, 0};

    for (size_t i = 0; i < calls; i++) {
        const struct pair_call *call = &script->calls[i];

        if (strcmp(call->benchmark, id) == 0 && strcmp(call->word, "bench") == 0 &&
            call->iteration > 0) {
            concluded[call->is_head]++;
        }
    }
    return concluded[0] < concluded[1] ? concluded[0] : concluded[1];
}

/** What one call's failure made of its benchmark, on its side and on the other, and of the rest. */
static void check_failure(const struct pair_script *script, const struct pair_outcome *outcome)
{
    const struct pair_call *failing = &script->calls[script->failing_call - 1];
    const struct pw_result *of_failed = failing->is_head ? &outcome->head : &outcome->base;
    const struct pw_result *of_other = failing->is_head ? &outcome->base : &outcome->head;
    const struct pw_result_benchmark *failed = pw_result_find(of_failed, failing->benchmark);
    const bool is_run = strcmp(failing->word, "bench") == 0;
    const bool is_plain = strcmp(failing->benchmark, "plain") == 0;
    const size_t whole =
        whole_pairs(script, failing->benchmark, is_run ? script->failing_call - 1 : script->count);

    assert_int_equal(failed->status, is_run ? PW_MEASURED_EXIT : PW_MEASURED_HOOK);
    assert_int_equal(pw_result_find(of_other, failing->benchmark)->status, PW_MEASURED_OK);
    assert_int_equal(pair_samples(outcome, failing->benchmark, "wall_time"), whole);
    assert_int_equal(pair_samples(outcome, is_plain ? "inner" : "plain", "wall_time"), 3);
    assert_int_equal(outcome->base.benchmark_count, outcome->head.benchmark_count);
    /* A run that was taken out is not missed in what the other side's program printed. */
    if (pw_result_find(of_other, "inner/One") != NULL) {
        assert_int_equal(pw_result_find(of_other, "inner/One")->warning_count, 0);
    }
}

/** Fails call after call, of every kind, on either side. */
static void test_failure_at_any_point(void **state)
{
    const struct pw_pair_options options = {.run = THREE_PAIRS, .seed = 5};
    bool was_reached = true;
    size_t at;

    (void)state;
    for (at = 1; was_reached; at++) {
        struct pair_script *script = pair_script_new();
        struct pw_benchmark benchmarks[2];
        struct pair_outcome outcome;

        fill_two(benchmarks);
        script->print = print_two;
        script->failing_call = at;
        script->failure = (struct script_step){.code = 7};
        outcome = run_pairs(benchmarks, 2, script, &options);
        was_reached = script->count >= at;
        assert_int_equal(outcome.status, 0);
        assert_matched(&outcome);
        assert_cleaned(script);
        if (was_reached) {
            check_failure(script, &outcome);
        }
        pair_outcome_release(&outcome);
        pair_script_free(script);
    }
    /* Two benchmarks of two sides: set up, cleaned up, and four runs with their hooks. */
    assert_int_equal(at - 2, 2 * 2 * (2 + 4 * 3));
}

/** A signal before call after call: all whole pairs are kept, and everything is cleaned up. */
static void test_interruption_at_any_point(void **state)
{
    bool was_reached = true;
    size_t at;

    (void)state;
    for (at = 1; was_reached; at++) {
        int flag = 0;
        struct pw_pair_options options = {.run = THREE_PAIRS, .seed = 6};
        struct pair_script *script = pair_script_new();
        struct pw_benchmark benchmarks[2];
        struct pair_outcome outcome;

        fill_two(benchmarks);
        options.run.interrupted = &flag;
        script->print = print_two;
        script->script.flag = &flag;
        script->script.flag_at = at;
        script->failing_call = at;
        script->failure = (struct script_step){.end = PW_PROCESS_INTERRUPTED};
        outcome = run_pairs(benchmarks, 2, script, &options);
        was_reached = script->count >= at;
        assert_int_equal(outcome.status, was_reached ? PW_EINTERRUPTED : 0);
        assert_matched(&outcome);
        assert_cleaned(script);
        for (size_t i = at; i < script->count; i++) {
            /* Only what undoes something is still run. */
            assert_true(strcmp(script->calls[i].word, "conclude") == 0 ||
                        strcmp(script->calls[i].word, "cleanup") == 0);
        }
        for (size_t i = 0; was_reached && i < 2; i++) {
            if (pw_result_find(&outcome.head, benchmarks[i].id) != NULL) {
                assert_int_equal(pair_samples(&outcome, benchmarks[i].id, "wall_time"),
                                 whole_pairs(script, benchmarks[i].id, at - 1));
            }
        }
        pair_outcome_release(&outcome);
        pair_script_free(script);
    }
    assert_int_equal(at - 2, 2 * 2 * (2 + 4 * 3));
}

/** A signal that no process felt: what still wanted pairs is incomplete on both sides. */
static void test_signal_between_runs(void **state)
{
    int flag = 0;
    struct pw_pair_options options = {.run = {.interrupted = &flag}};
    struct pair_script *script = pair_script_new();
    struct pw_benchmark benchmarks[] = {pair_benchmark("a"), pair_benchmark("b")};
    struct pair_outcome outcome;

    (void)state;
    script->script.flag = &flag;
    script->script.flag_at = 12; /* the second run of the last pair of round 2 */
    outcome = run_pairs(benchmarks, 2, script, &options);
    assert_int_equal(outcome.status, PW_EINTERRUPTED);
    assert_int_equal(script->count, 12);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(pair_samples(&outcome, benchmarks[i].id, "wall_time"), 2);
        assert_int_equal(outcome.base.benchmarks[i].status, PW_MEASURED_INTERRUPTED);
        assert_int_equal(outcome.head.benchmarks[i].status, PW_MEASURED_INTERRUPTED);
        assert_string_equal(outcome.base.benchmarks[i].error, "interrupted after 2 pair(s)");
    }
    pair_outcome_release(&outcome);
    pair_script_free(script);
}

/** perfwarden's own failure: the suite ends, half a pair is not kept, nothing passes for whole. */
static void test_broken_executor(void **state)
{
    const struct pw_pair_options options = {.run = THREE_PAIRS, .seed = 8};

    (void)state;
    for (size_t at = 1; at <= 30; at++) {
        struct pair_script *script = pair_script_new();
        struct pw_benchmark benchmarks[2];
        struct pair_outcome outcome;

        fill_two(benchmarks);
        script->print = print_two;
        script->failing_call = at;
        script->failure = (struct script_step){.breaks = true};
        outcome = run_pairs(benchmarks, 2, script, &options);
        assert_int_equal(outcome.status, PW_EIO);
        assert_string_equal(pw_error_message(&outcome.err), "the executor is broken");
        assert_matched(&outcome);
        assert_cleaned(script);
        for (size_t i = 0; i < outcome.head.benchmark_count; i++) {
            assert_int_equal(outcome.head.benchmarks[i].status, PW_MEASURED_INTERRUPTED);
        }
        pair_outcome_release(&outcome);
        pair_script_free(script);
    }
}

/** "Two" is printed by head in all pairs but the third, by base from the second on but not in the
 * fifth; "One" by both always. */
static void print_unevenly(const struct pair_call *call, char *out, size_t size)
{
    const unsigned i = call->iteration;

    if (call->is_head ? i != 3 : (i >= 2 && i != 5)) {
        (void)snprintf(out, size, REPORT(INNER("Two") "," INNER("One")), i, i);
    } else {
        (void)snprintf(out, size, REPORT(INNER("One")), i);
    }
}

static void test_values_of_one_side_only(void **state)
{
    static const double PAIRS[] = {2, 4, 6, 7};
    const struct pw_pair_options options = {.run = {.runs_min = 7, .runs_max = 7}};
    struct pair_script *script = pair_script_new();
    struct pw_benchmark benchmarks[2];
    struct pair_outcome outcome;
    const struct pw_series *times;

    (void)state;
    fill_two(benchmarks);
    script->print = print_unevenly;
    outcome = run_pairs(benchmarks, 2, script, &options);
    assert_int_equal(outcome.status, 0);
    assert_matched(&outcome);
    assert_int_equal(pair_samples(&outcome, "inner/One", "real_time"), 7);
    assert_int_equal(pair_samples(&outcome, "inner/Two", "real_time"), PW_COUNT(PAIRS));
    times = pw_result_benchmark_series(pw_result_find(&outcome.base, "inner/Two"), "real_time");
    for (size_t i = 0; i < PW_COUNT(PAIRS); i++) {
        assert_true(times->samples[i] == PAIRS[i]);
    }
    assert_true(pw_result_find(&outcome.base, "inner/Two")->warning_count > 0);
    assert_int_equal(pw_result_find(&outcome.base, "inner/One")->warning_count, 0);
    assert_true(pw_result_find(&outcome.base, "inner/Two")->is_interleaved);
    pair_outcome_release(&outcome);
    pair_script_free(script);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_failure_at_any_point),
        cmocka_unit_test(test_interruption_at_any_point),
        cmocka_unit_test(test_signal_between_runs),
        cmocka_unit_test(test_broken_executor),
        cmocka_unit_test(test_values_of_one_side_only),
    };

    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
