/* Pairs as the judge wants them: answers that change, bounds, budgets, and who is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pairs_fixture.h"

/** Answers by benchmark, 'a' to 'd', and how often each was asked. */
struct judge {
    unsigned asked[4];
    const struct pair_script *script;
};

static unsigned pairs_made(const struct pair_script *script, char benchmark)
{
    unsigned runs = 0;

    for (size_t i = 0; i < script->count; i++) {
        const struct pair_call *call = &script->calls[i];

        runs += call->benchmark[0] == benchmark && call->iteration > 0 &&
                strcmp(call->word, "bench") == 0;
    }
    return runs / 2;
}

/** a: four pairs. b: exempt. c: two pairs, then none until a has its four, then two more.
 * d: none until a has two, then one. */
static int judge_changes(void *context, const struct pw_benchmark *benchmark, bool *wanted,
                         struct pw_error *err)
{
    struct judge *judge = context;
    const char id = benchmark->id[0];
    const unsigned made = pairs_made(judge->script, id);
    const unsigned of_a = pairs_made(judge->script, 'a');

    (void)err;
    judge->asked[id - 'a']++;
    switch (id) {
    case 'a':
        *wanted = made < 4;
        break;
    case 'c':
        *wanted = made < 2 || (of_a == 4 && made < 4);
        break;
    case 'd':
        *wanted = of_a >= 2 && made < 1;
        break;
    default:
        *wanted = false;
    }
    return 0;
}

static void fill_four(struct pw_benchmark *benchmarks)
{
    static const char *const IDS[] = {"a", "b", "c", "d"};

    for (size_t i = 0; i < 4; i++) {
        benchmarks[i] = pair_hooked(IDS[i]);
    }
}

static size_t count_words(const struct pair_script *script, char benchmark, const char *word)
{
    size_t count = 0;

    for (size_t i = 0; i < script->count; i++) {
        count +=
            script->calls[i].benchmark[0] == benchmark && strcmp(script->calls[i].word, word) == 0;
    }
    return count;
}

static void test_answers_change(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 10; seed++) {
        struct pair_script *script = pair_script_new();
        struct judge judge = {.script = script};
        const struct pw_pair_options options = {
            .seed = seed, .wants_pair = judge_changes, .judge = &judge};
        struct pw_benchmark benchmarks[4];
        struct pair_outcome outcome;

        fill_four(benchmarks);
        outcome = run_pairs(benchmarks, 4, script, &options);
        assert_int_equal(outcome.status, 0);
        assert_int_equal(pair_samples(&outcome, "a", "wall_time"), 4);
        assert_int_equal(pair_samples(&outcome, "c", "wall_time"), 4);
        assert_int_equal(pair_samples(&outcome, "d", "wall_time"), 1);
        /* The exempt one was asked in each round, and left no trace. */
        assert_null(pw_result_find(&outcome.base, "b"));
        assert_null(pw_result_find(&outcome.head, "b"));
        assert_int_equal(outcome.head.benchmark_count, 3);
        assert_int_equal(count_words(script, 'b', "setup"), 0);
        assert_in_range(judge.asked[1], 5, 9);
        assert_int_equal(count_words(script, 'c', "setup"), 2);
        assert_int_equal(count_words(script, 'c', "cleanup"), 2);
        assert_matched(&outcome);
        pair_outcome_release(&outcome);
        pair_script_free(script);
    }
}

static int judge_refuses(void *context, const struct pw_benchmark *benchmark, bool *wanted,
                         struct pw_error *err)
{
    const struct judge *judge = context;

    if (pairs_made(judge->script, benchmark->id[0]) == 2) {
        return pw_error_set(err, PW_EFORMAT, "the judge is lost");
    }
    *wanted = true;
    return 0;
}

static void test_a_judge_that_fails_ends_the_suite(void **state)
{
    struct pair_script *script = pair_script_new();
    struct judge judge = {.script = script};
    const struct pw_pair_options options = {.wants_pair = judge_refuses, .judge = &judge};
    struct pw_benchmark benchmarks[4];
    struct pair_outcome outcome;

    (void)state;
    fill_four(benchmarks);
    outcome = run_pairs(benchmarks, 4, script, &options);
    assert_int_equal(outcome.status, PW_EFORMAT);
    assert_string_equal(pw_error_message(&outcome.err), "the judge is lost");
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(count_words(script, benchmarks[i].id[0], "cleanup"), 2);
    }
    pair_outcome_release(&outcome);
    pair_script_free(script);
}

/** A pair takes 2 ms and a little: so many fit into a benchmark's budget, warm-up included. */
static void test_bounds_and_budgets(void **state)
{
    static const struct {
        struct pw_run_options options;
        uint64_t budget_ns;
        size_t pairs;
    } CASES[] = {
        {{0}, UINT64_C(100000000000), 10},
        {{.runs_min = 5, .runs_max = 7}, UINT64_C(100000000000), 7},
        {{.runs_min = 12}, UINT64_C(100000000000), 12},
        {{.runs_max = 2}, UINT64_C(100000000000), 2},
        {{.budget_ns = 1}, UINT64_C(100000000000), 3},
        {{.budget_ns = 1, .runs_min = 4}, UINT64_C(100000000000), 4},
        {{0}, 1, 3},
        {{.runs_min = 5}, 1, 5},
        {{0}, UINT64_C(12500000), 5},
        {{0}, UINT64_C(8500000), 3},
    };

    (void)state;
    for (size_t i = 0; i < PW_COUNT(CASES); i++) {
        const struct pw_pair_options options = {.run = CASES[i].options};
        struct pair_script *script = pair_script_new();
        struct pw_benchmark benchmarks[] = {pair_benchmark("a"), pair_benchmark("b")};
        struct pair_outcome outcome;

        benchmarks[0].budget_ns = CASES[i].budget_ns;
        benchmarks[1].budget_ns = CASES[i].budget_ns;
        outcome = run_pairs(benchmarks, 2, script, &options);
        assert_int_equal(outcome.status, 0);
        assert_int_equal(pair_samples(&outcome, "a", "wall_time"), CASES[i].pairs);
        assert_int_equal(pair_samples(&outcome, "b", "wall_time"), CASES[i].pairs);
        pair_outcome_release(&outcome);
        pair_script_free(script);
    }
}

struct told {
    unsigned started;
    unsigned pairs;
    unsigned ended;
    unsigned failed;
    unsigned saved;
    const struct pair_script *script;
};

static void on_started(void *context, const struct pw_benchmark *benchmark, size_t index,
                       size_t total)
{
    struct told *told = context;

    assert_string_equal(benchmark->cwd, "/head");
    assert_int_equal(index, told->started);
    assert_int_equal(total, 4);
    told->started++;
}

static void on_pair(void *context, const struct pw_benchmark *benchmark, unsigned done,
                    unsigned expected, uint64_t wall_ns)
{
    struct told *told = context;

    assert_int_equal(done, pairs_made(told->script, benchmark->id[0]));
    assert_true(done <= expected);
    assert_int_equal(wall_ns, 2 * (1000 + done) * 1000);
    told->pairs++;
}

static void on_ended(void *context, const struct pw_benchmark *benchmark,
                     const struct pw_result_benchmark *entry)
{
    struct told *told = context;

    assert_string_equal(benchmark->id, entry->id);
    told->ended++;
    told->failed += entry->status != PW_MEASURED_OK;
}

static int on_save(void *context, const struct pw_result *result, struct pw_error *err)
{
    struct told *told = context;

    (void)err;
    assert_non_null(result);
    told->saved++;
    return 0;
}

static void test_who_is_told(void **state)
{
    struct pair_script *script = pair_script_new();
    struct judge judge = {.script = script};
    struct told told = {.script = script};
    const struct pw_run_observer observer = {&told, on_started, on_pair, on_ended};
    const struct pw_pair_options options = {
        .run = {.observer = &observer, .save = on_save, .save_context = &told},
        .wants_pair = judge_changes,
        .judge = &judge};
    struct pw_benchmark benchmarks[4];
    struct pair_outcome outcome;

    (void)state;
    fill_four(benchmarks);
    outcome = run_pairs(benchmarks, 4, script, &options);
    assert_int_equal(outcome.status, 0);
    assert_int_equal(told.started, 3);
    assert_int_equal(told.pairs, 4 + 4 + 1);
    assert_int_equal(told.ended, 3);
    assert_int_equal(told.failed, 0);
    pair_outcome_release(&outcome);
    pair_script_free(script);
}

/** Before, after, and not with each of the rounds. */
static void test_saving(void **state)
{
    struct pair_script *script = pair_script_new();
    struct told told = {.script = script};
    const struct pw_pair_options options = {
        .run = {.save = on_save, .save_context = &told, .runs_max = 100}};
    struct pw_benchmark benchmark = pair_benchmark("a");
    struct pair_outcome outcome = run_pairs(&benchmark, 1, script, &options);

    (void)state;
    assert_int_equal(outcome.status, 0);
    assert_in_range(told.saved, 2, 50);
    pair_outcome_release(&outcome);
    pair_script_free(script);
}

/** Whichever side fails, the observer is shown the entry that says so. */
static void test_a_failure_is_shown(void **state)
{
    (void)state;
    for (size_t at = 1; at <= 2; at++) {
        struct pair_script *script = pair_script_new();
        struct told told = {.script = script};
        const struct pw_run_observer observer = {&told, NULL, NULL, on_ended};
        const struct pw_pair_options options = {.run = {.observer = &observer}};
        struct pw_benchmark benchmark = pair_benchmark("a");
        struct pair_outcome outcome;

        script->failing_call = at;
        script->failure = (struct script_step){.code = 1};
        outcome = run_pairs(&benchmark, 1, script, &options);
        assert_int_equal(outcome.status, 0);
        assert_int_equal(told.ended, 1);
        assert_int_equal(told.failed, 1);
        assert_int_equal(outcome.base.benchmark_count, 1);
        assert_int_equal(outcome.head.benchmark_count, 1);
        pair_outcome_release(&outcome);
        pair_script_free(script);
    }
}

static void test_sides_that_differ(void **state)
{
    struct pair_script *script = pair_script_new();
    struct pw_benchmark benchmarks[] = {pair_benchmark("a"), pair_benchmark("b")};
    struct pw_config base_config = script_config(benchmarks, 1);
    struct pw_config head_config = script_config(benchmarks, 2);
    const struct pw_pair_options options = {.wants_pair = pair_always};
    struct pw_result results[2];
    const struct pw_pair_side base = {&base_config, &results[0]};
    const struct pw_pair_side head = {&head_config, &results[1]};
    struct pw_error err = PW_ERROR_INIT;

    (void)state;
    assert_int_equal(pw_result_init(&results[0], NULL), 0);
    assert_int_equal(pw_result_init(&results[1], NULL), 0);
    assert_int_equal(pw_run_pairs(&base, &head, &options, &script->executor, &err), PW_EINVAL);
    base_config.benchmarks = &benchmarks[1];
    head_config.benchmark_count = 1;
    assert_int_equal(pw_run_pairs(&base, &head, &options, &script->executor, &err), PW_EINVAL);
    assert_string_equal(pw_error_message(&err), "benchmark 1 is 'b' on base and 'a' on head");
    assert_int_equal(script->count, 0);
    pw_error_release(&err);
    pw_result_release(&results[0]);
    pw_result_release(&results[1]);
    pair_script_free(script);
}

/** Variables whose values differ in length would make times differ: nothing is compared then. */
static void test_environments_that_differ_in_size(void **state)
{
    static const struct pw_name_value SHORT[] = {{"DATA", "/short"}};
    static const struct pw_name_value LONG[] = {{"DATA", "/longer"}};
    struct pair_script *script = pair_script_new();
    struct pw_benchmark of_base = pair_hooked("a");
    struct pw_benchmark of_head = pair_hooked("a");
    const struct pw_config configs[] = {script_config(&of_base, 1), script_config(&of_head, 1)};
    const struct pw_pair_options options = {.wants_pair = pair_always};
    struct pw_result results[2];
    const struct pw_pair_side base = {&configs[0], &results[0]};
    const struct pw_pair_side head = {&configs[1], &results[1]};

    (void)state;
    of_base.env = SHORT;
    of_base.env_count = 1;
    of_head.env = LONG;
    of_head.env_count = 1;
    assert_int_equal(pw_result_init(&results[0], NULL), 0);
    assert_int_equal(pw_result_init(&results[1], NULL), 0);
    assert_int_equal(pw_run_pairs(&base, &head, &options, &script->executor, NULL), 0);
    assert_int_equal(count_words(script, 'a', "bench"), 0);
    assert_int_equal(count_words(script, 'a', "cleanup"), 2);
    assert_int_equal(results[1].benchmarks[0].status, PW_MEASURED_START);
    assert_non_null(strstr(results[1].benchmarks[0].error, "its environment has "));
    /* What a result has is not measured again. */
    script->count = 0;
    assert_int_equal(pw_run_pairs(&base, &head, &options, &script->executor, NULL), 0);
    assert_int_equal(script->count, 0);
    assert_int_equal(results[0].benchmark_count, 1);
    pw_result_release(&results[0]);
    pw_result_release(&results[1]);
    pair_script_free(script);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_answers_change),
        cmocka_unit_test(test_a_judge_that_fails_ends_the_suite),
        cmocka_unit_test(test_bounds_and_budgets),
        cmocka_unit_test(test_who_is_told),
        cmocka_unit_test(test_saving),
        cmocka_unit_test(test_a_failure_is_shown),
        cmocka_unit_test(test_sides_that_differ),
        cmocka_unit_test(test_environments_that_differ_in_size),
    };

    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
