/* The paired schedule: who is run when, in what environment, and what is recorded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../src/run/random.h"
#include "pairs_fixture.h"

enum { ROUNDS = 60, BENCHMARKS = 3, WARM_UP_CALLS = 2 };

static const char *const IDS[BENCHMARKS] = {"a", "b", "c"};

static struct pair_outcome run_three(struct pair_script *script, uint64_t seed)
{
    struct pw_pair_options options = {.seed = seed, .run = {.runs_min = 3, .runs_max = ROUNDS}};
    struct pw_benchmark benchmarks[BENCHMARKS];

    for (size_t i = 0; i < BENCHMARKS; i++) {
        benchmarks[i] = pair_benchmark(IDS[i]);
    }
    return run_pairs(benchmarks, BENCHMARKS, script, &options);
}

/** The counted calls alone, warm-up left out. @return how many */
static size_t counted(const struct pair_script *script, struct pair_call *calls)
{
    size_t count = 0;

    for (size_t i = 0; i < script->count; i++) {
        if (script->calls[i].iteration > 0) {
            calls[count++] = script->calls[i];
        }
    }
    return count;
}

static void test_random_numbers(void **state)
{
    /* The first numbers of the published generator with the seed 1234567. */
    static const uint64_t KNOWN[] = {UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
                                     UINT64_C(9817491932198370423), UINT64_C(4593380528125082431),
                                     UINT64_C(16408922859458223821)};
    struct pw_run_random random = {1234567};
    unsigned drawn[7] = {0};
    unsigned heads = 0;

    (void)state;
    for (size_t i = 0; i < PW_COUNT(KNOWN); i++) {
        assert_true(pw_run_random_next(&random) == KNOWN[i]);
    }
    for (int i = 0; i < 7000; i++) {
        drawn[pw_run_random_below(&random, 7)]++;
        heads += pw_run_random_coin(&random);
    }
    for (size_t i = 0; i < 7; i++) {
        assert_in_range(drawn[i], 850, 1150);
    }
    assert_in_range(heads, 3300, 3700);
    assert_int_equal(pw_run_random_below(&random, 1), 0);
}

static void test_pairs_are_back_to_back_in_padded_environments(void **state)
{
    struct pair_script *script = pair_script_new();
    struct pair_outcome outcome = run_three(script, 1);
    size_t head_first = 0;
    size_t least = SIZE_MAX;
    size_t most = 0;

    (void)state;
    assert_int_equal(outcome.status, 0);
    assert_int_equal(script->count, BENCHMARKS * (WARM_UP_CALLS + 2 * ROUNDS));
    for (size_t i = 0; i < script->count; i += 2) {
        const struct pair_call *first = &script->calls[i];
        const struct pair_call *second = &script->calls[i + 1];

        assert_string_equal(first->benchmark, second->benchmark);
        assert_int_equal(first->iteration, second->iteration);
        assert_true(first->is_head != second->is_head);
        assert_int_equal(first->padding, second->padding);
        assert_int_equal(first->environment_bytes, second->environment_bytes);
        head_first += first->is_head;
        least = first->padding < least ? first->padding : least;
        most = first->padding > most ? first->padding : most;
    }
    /* Of 183 pairs: four standard deviations of a fair coin are 27. */
    assert_in_range(head_first, 64, 119);
    assert_in_range(least, 0, 300);
    assert_in_range(most, 3800, 4095);
    assert_matched(&outcome);
    pair_outcome_release(&outcome);
    pair_script_free(script);
}

/** Which of the six orders of three a round has: 0 to 5. */
static unsigned order_of(const struct pair_call *round)
{
    unsigned first = (unsigned)(round[0].benchmark[0] - 'a');
    unsigned second = (unsigned)(round[2].benchmark[0] - 'a');

    return 2 * first + (second > first ? second - 1 : second);
}

/** What drifts falls on all benchmarks: every round visits each once, in an order of its own. */
static void test_rounds_visit_every_benchmark_once(void **state)
{
    static struct pair_call calls[CALLS_MAX];
    struct pair_script *script = pair_script_new();
    struct pair_outcome outcome = run_three(script, 7);
    unsigned orders[6] = {0};
    unsigned with_first_round[BENCHMARKS] = {0};

    (void)state;
    assert_int_equal(counted(script, calls), 2 * BENCHMARKS * ROUNDS);
    for (unsigned round = 0; round < ROUNDS; round++) {
        const struct pair_call *first = &calls[(size_t)round * 2 * BENCHMARKS];
        unsigned seen = 0;

        for (size_t i = 0; i < 2 * BENCHMARKS; i++) {
            assert_int_equal(first[i].iteration, round + 1);
            seen += 1U << (2 * (unsigned)(first[i].benchmark[0] - 'a'));
        }
        assert_int_equal(seen, 2 + 2 * 4 + 2 * 16);
        orders[order_of(first)]++;
        with_first_round[first[0].benchmark[0] - 'a']++;
    }
    for (size_t i = 0; i < 6; i++) {
        assert_in_range(orders[i], 2, 22);
    }
    for (size_t i = 0; i < BENCHMARKS; i++) {
        assert_in_range(with_first_round[i], 8, 34);
    }
    pair_outcome_release(&outcome);
    pair_script_free(script);
}

static void test_choices_follow_the_seed(void **state)
{
    struct pair_script *scripts[3];
    static const uint64_t SEEDS[] = {42, 42, 43};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct pair_outcome outcome;

        scripts[i] = pair_script_new();
        outcome = run_three(scripts[i], SEEDS[i]);
        assert_int_equal(outcome.status, 0);
        pair_outcome_release(&outcome);
    }
    assert_int_equal(scripts[0]->count, scripts[1]->count);
    assert_memory_equal(scripts[0]->calls, scripts[1]->calls, sizeof(scripts[0]->calls));
    assert_int_not_equal(memcmp(scripts[0]->calls, scripts[2]->calls, sizeof(scripts[0]->calls)),
                         0);
    for (size_t i = 0; i < 3; i++) {
        pair_script_free(scripts[i]);
    }
}

static void check_own_directory(const struct pw_process_spec *spec)
{
    assert_string_equal(script_variable(spec->envp, "PWD"), spec->cwd);
}

static void check_no_directory(const struct pw_process_spec *spec)
{
    assert_null(script_variable(spec->envp, "PWD"));
}

static void check_configured_directory(const struct pw_process_spec *spec)
{
    assert_string_equal(script_variable(spec->envp, "PWD"), "/configured");
}

/** Names of base's directory, what `env:` says, and what becomes of PWD. */
static void test_environments_have_one_size(void **state)
{
    static const struct pw_name_value ENV[] = {{"PWD", "/configured"}};
    static const struct {
        const char *base_cwd;
        size_t env_count;
        void (*check)(const struct pw_process_spec *spec);
    } CASES[] = {{"/base", 0, check_own_directory},
                 {"/longer/base", 0, check_no_directory},
                 {"/longer/base", 1, check_configured_directory},
                 {"/base", 1, check_configured_directory}};

    (void)state;
    assert_int_equal(setenv("PWD", "/where/perfwarden/was/started", 1), 0);
    for (size_t i = 0; i < PW_COUNT(CASES); i++) {
        struct pw_pair_options options = {.seed = i};
        struct pair_script *script = pair_script_new();
        struct pw_benchmark benchmark = pair_hooked("a");
        struct pair_outcome outcome;

        script->inspect = CASES[i].check;
        benchmark.env = ENV;
        benchmark.env_count = CASES[i].env_count;
        outcome = run_pairs_in(CASES[i].base_cwd, &benchmark, 1, script, &options);
        assert_int_equal(outcome.status, 0);
        assert_int_equal(pair_samples(&outcome, "a", "wall_time"), 10);
        for (size_t c = 2; c + 2 < script->count; c += 6) {
            for (size_t of_pair = 1; of_pair < 6; of_pair++) {
                assert_int_equal(script->calls[c].environment_bytes,
                                 script->calls[c + of_pair].environment_bytes);
            }
        }
        pair_outcome_release(&outcome);
        pair_script_free(script);
    }
}

static const char *seen_run_id;

static void check_run_id(const struct pw_process_spec *spec)
{
    const char *run_id = script_variable(spec->envp, "PERFWARDEN_RUN_ID");
    static char first[PW_RUN_ID_SIZE];

    if (seen_run_id == NULL) {
        (void)snprintf(first, sizeof(first), "%s", run_id);
        seen_run_id = first;
    }
    assert_string_equal(run_id, seen_run_id);
}

static void test_entries(void **state)
{
    struct pw_pair_options options = {.seed = 3};
    struct pair_script *script = pair_script_new();
    struct pw_benchmark benchmarks[5];
    struct pair_outcome outcome;

    (void)state;
    for (size_t i = 0; i < 5; i++) {
        static const char *const NAMES[] = {"e", "d", "c", "b", "a"};

        benchmarks[i] = pair_benchmark(NAMES[i]);
    }
    seen_run_id = NULL;
    script->inspect = check_run_id;
    outcome = run_pairs(benchmarks, 5, script, &options);
    assert_int_equal(outcome.status, 0);
    assert_string_equal(seen_run_id, outcome.head.run_id);
    assert_int_equal(outcome.base.benchmark_count, 5);
    assert_int_equal(outcome.head.benchmark_count, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(outcome.base.benchmarks[i].id, benchmarks[i].id);
        assert_string_equal(outcome.head.benchmarks[i].id, benchmarks[i].id);
        assert_true(outcome.base.benchmarks[i].is_interleaved);
        assert_true(outcome.head.benchmarks[i].is_interleaved);
        assert_int_equal(outcome.head.benchmarks[i].status, PW_MEASURED_OK);
        assert_int_equal(pair_samples(&outcome, benchmarks[i].id, "wall_time"), 10);
    }
    assert_matched(&outcome);
    pair_outcome_release(&outcome);
    pair_script_free(script);
}

/** The first words of the calls. */
static void put_words(const struct pair_script *script, size_t from, size_t to,
                      struct pw_strbuf *out)
{
    for (size_t i = from; i < to; i++) {
        pw_strbuf_printf(out, "%s%u ", script->calls[i].word, script->calls[i].iteration);
    }
}

static void test_hooks_and_warm_up(void **state)
{
    struct pw_pair_options options = {.run = {.runs_min = 1, .runs_max = 1}};
    struct pair_script *script = pair_script_new();
    struct pw_benchmark benchmark = pair_hooked("a");
    struct pw_strbuf words = PW_STRBUF_INIT;
    struct pair_outcome outcome;

    (void)state;
    benchmark.warmup = 2;
    outcome = run_pairs(&benchmark, 1, script, &options);
    assert_int_equal(outcome.status, 0);
    put_words(script, 0, script->count, &words);
    assert_string_equal(pw_strbuf_text(&words), "setup0 setup0 "
                                                "prepare0 bench0 conclude0 "
                                                "prepare0 bench0 conclude0 "
                                                "prepare0 bench0 conclude0 "
                                                "prepare0 bench0 conclude0 "
                                                "prepare1 bench1 conclude1 "
                                                "prepare1 bench1 conclude1 "
                                                "cleanup1 cleanup1 ");
    for (size_t i = 2; i + 2 < script->count; i += 6) {
        assert_true(script->calls[i].is_head != script->calls[i + 3].is_head);
        assert_true(script->calls[i].is_head == script->calls[i + 2].is_head);
    }
    pw_strbuf_release(&words);
    pair_outcome_release(&outcome);
    pair_script_free(script);
}

/** What is measured once a benchmark: the shell for the whole suite, sizes and counts a side. */
static void test_what_is_measured_once(void **state)
{
    static const char *const METRICS[] = {"wall_time", "binary_size", "instructions"};
    static const char *const SHELL_WORDS[] = {"sh", "-c", "true"};
    static const char *const TRUE_WORDS[] = {"/bin/true"};
    struct pw_pair_options options = {.run = {.runs_min = 4, .runs_max = 4}};
    struct pair_script *script = pair_script_new();
    struct pw_benchmark benchmarks[] = {pair_benchmark("a"), pair_benchmark("b")};
    struct pair_outcome outcome;
    unsigned asked_valgrind = 0;
    unsigned shells = 0;

    (void)state;
    benchmarks[0].metrics = (struct pw_strings){METRICS, 3};
    benchmarks[0].command = (struct pw_strings){TRUE_WORDS, 1};
    benchmarks[0].counter_source = PW_COUNTERS_VALGRIND;
    benchmarks[1].command = (struct pw_strings){SHELL_WORDS, 3};
    benchmarks[1].is_shell = true;
    outcome = run_pairs(benchmarks, 2, script, &options);
    assert_int_equal(outcome.status, 0);
    assert_int_equal(pair_samples(&outcome, "a", "binary_size"), 4);
    for (size_t i = 0; i < script->count; i++) {
        asked_valgrind += strcmp(script->calls[i].word, "valgrind") == 0;
        shells += strcmp(script->calls[i].word, "sh") == 0;
    }
    assert_int_equal(asked_valgrind, 2);
    assert_int_equal(shells, 23 + 2 + 2 * 4);
    assert_true(pw_result_find(&outcome.base, "b")->shell->wall_ns ==
                pw_result_find(&outcome.head, "b")->shell->wall_ns);
    pair_outcome_release(&outcome);
    pair_script_free(script);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_random_numbers),
        cmocka_unit_test(test_pairs_are_back_to_back_in_padded_environments),
        cmocka_unit_test(test_rounds_visit_every_benchmark_once),
        cmocka_unit_test(test_choices_follow_the_seed),
        cmocka_unit_test(test_environments_have_one_size),
        cmocka_unit_test(test_entries),
        cmocka_unit_test(test_hooks_and_warm_up),
        cmocka_unit_test(test_what_is_measured_once),
    };

    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
