/* Pairs that the executor makes by one exchange: the results, the failures and the output must be
 * those of runs that are made one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pairs_fixture.h"

static const struct pw_run_options FEW_PAIRS = {.runs_min = 2, .runs_max = 3};
static const int SUCCESS[] = {0, 3};

/** What happens at which call. */
struct trouble {
    size_t call; /**< from 1; 0 for none */
    struct script_step step;
    bool has_signal; /**< a signal arrives at this call, whatever comes of it */
};

/** A paired measurement, and what was shown of it. */
struct measured {
    struct pair_script *script;
    struct pair_outcome outcome;
    struct pw_strbuf shown;
    bool has_begun[3]; /**< by descriptor: output was shown that has not ended */
    int flag;
};

/** The end of what was never begun shows nothing. */
static void show(void *context, const struct pw_benchmark *benchmark, int fd, const char *data,
                 size_t length)
{
    struct measured *measured = context;

    if (length > 0) {
        pw_strbuf_printf(&measured->shown, "%s %d %.*s\n", benchmark->id, fd, (int)length, data);
    } else if (measured->has_begun[fd]) {
        pw_strbuf_printf(&measured->shown, "%s %d END\n", benchmark->id, fd);
    }
    measured->has_begun[fd] = length > 0;
}

static void print_side(const struct pair_call *call, char *out, size_t size)
{
    (void)snprintf(out, size, "%s %u", call->is_head ? "head" : "base", call->iteration);
}

/** Two benchmarks without hooks, one of which allows for another exit status. */
static struct measured *measure(struct pw_run_options run, const struct trouble *trouble,
                                bool by_exchange)
{
    struct measured *measured = calloc(1, sizeof(*measured));
    struct pw_benchmark benchmarks[] = {pair_benchmark("a"), pair_benchmark("b")};
    struct pw_pair_options options = {.run = run, .seed = 9};

    assert_non_null(measured);
    measured->script = pair_script_new();
    measured->script->executor.execute_pair = by_exchange ? pair_execute_pair : NULL;
    measured->script->print = print_side;
    measured->script->failing_call = trouble->call;
    measured->script->failure = trouble->step;
    if (trouble->has_signal) {
        measured->script->script.flag = &measured->flag;
        measured->script->script.flag_at = trouble->call;
    }
    options.run.interrupted = &measured->flag;
    options.run.output_seen = show;
    options.run.output_context = measured;
    benchmarks[1].warmup = 2;
    benchmarks[1].success = SUCCESS;
    benchmarks[1].success_count = PW_COUNT(SUCCESS);
    measured->outcome = run_pairs(benchmarks, 2, measured->script, &options);
    return measured;
}

static void free_measured(struct measured *measured)
{
    pw_strbuf_release(&measured->shown);
    pair_outcome_release(&measured->outcome);
    pair_script_free(measured->script);
    free(measured);
}

static void assert_same_text(const char *one, const char *other)
{
    assert_int_equal(one == NULL, other == NULL);
    if (one != NULL) {
        assert_string_equal(one, other);
    }
}

static void assert_same_entry(const struct pw_result_benchmark *one,
                              const struct pw_result_benchmark *other)
{
    assert_string_equal(one->id, other->id);
    assert_int_equal(one->status, other->status);
    assert_same_text(one->error, other->error);
    assert_int_equal(one->warning_count, other->warning_count);
    assert_int_equal(one->series_count, other->series_count);
    for (size_t i = 0; i < one->series_count; i++) {
        assert_int_equal(one->series[i].count, other->series[i].count);
        if (one->series[i].count > 0) {
            assert_memory_equal(one->series[i].samples, other->series[i].samples,
                                one->series[i].count * sizeof(*one->series[i].samples));
        }
    }
}

static void assert_same(const struct measured *one, const struct measured *other)
{
    assert_int_equal(one->outcome.status, other->outcome.status);
    assert_int_equal(one->script->count, other->script->count);
    assert_memory_equal(one->script->calls, other->script->calls, sizeof(one->script->calls));
    assert_string_equal(pw_strbuf_text(&one->shown), pw_strbuf_text(&other->shown));
    assert_int_equal(one->outcome.base.benchmark_count, other->outcome.base.benchmark_count);
    assert_int_equal(one->outcome.head.benchmark_count, other->outcome.head.benchmark_count);
    for (size_t i = 0; i < one->outcome.head.benchmark_count; i++) {
        assert_same_entry(&one->outcome.base.benchmarks[i], &other->outcome.base.benchmarks[i]);
        assert_same_entry(&one->outcome.head.benchmarks[i], &other->outcome.head.benchmarks[i]);
    }
}

static void test_every_pair_is_one_exchange(void **state)
{
    const struct trouble none = {0};
    struct measured *one_by_one = measure(FEW_PAIRS, &none, false);
    struct measured *by_exchange = measure(FEW_PAIRS, &none, true);

    (void)state;
    /* Of the first benchmark one is thrown away and of the second two. */
    assert_int_equal(by_exchange->script->exchanges, 1 + 3 + 2 + 3);
    assert_int_equal(by_exchange->script->count, 2 * 9);
    assert_int_equal(pair_samples(&by_exchange->outcome, "a", "wall_time"), 3);
    assert_non_null(strstr(pw_strbuf_text(&by_exchange->shown), "a 1 head 2\na 1 END\n"));
    assert_same(one_by_one, by_exchange);
    free_measured(one_by_one);
    free_measured(by_exchange);
}

/** Whatever happens, at whatever call: the one that fails, the one that may, the one that is
 * stopped, the executor itself. */
static void test_trouble_at_any_point(void **state)
{
    static const struct trouble TROUBLES[] = {
        {0, {.code = 7, .out = "seven"}, false},
        {0, {.code = 3, .out = "three", .wall_us = 5}, false},
        {0, {.end = PW_PROCESS_SIGNALED, .code = 11}, false},
        {0, {.end = PW_PROCESS_TIMED_OUT}, false},
        {0, {.end = PW_PROCESS_NOT_STARTED, .code = 2}, false},
        {0, {.end = PW_PROCESS_INTERRUPTED, .out = "int"}, true},
        {0, {.code = 0, .out = "fine"}, true},
        {0, {.breaks = true}, false},
    };
    (void)state;
    for (size_t i = 0; i < PW_COUNT(TROUBLES); i++) {
        for (size_t call = 1; call <= 19; call++) {
            struct trouble trouble = TROUBLES[i];
            struct measured *one_by_one;
            struct measured *by_exchange;

            trouble.call = call;
            one_by_one = measure(FEW_PAIRS, &trouble, false);
            by_exchange = measure(FEW_PAIRS, &trouble, true);
            assert_same(one_by_one, by_exchange);
            free_measured(one_by_one);
            free_measured(by_exchange);
        }
    }
}

/** What they took counts as it would one by one. */
static void test_budget(void **state)
{
    const struct pw_pair_options options = {.run = {.runs_min = 2, .runs_max = 100}};
    struct pw_benchmark benchmark = pair_benchmark("a");

    (void)state;
    benchmark.budget_ns = UINT64_C(16000000);
    for (int i = 0; i < 2; i++) {
        struct pair_script *script = pair_script_new();
        struct pair_outcome outcome;

        script->executor.execute_pair = i == 0 ? NULL : pair_execute_pair;
        outcome = run_pairs(&benchmark, 1, script, &options);
        assert_int_equal(outcome.status, 0);
        /* One pair is thrown away, and each takes a little more than 2 ms. */
        assert_int_equal(pair_samples(&outcome, "a", "wall_time"), 6);
        pair_outcome_release(&outcome);
        pair_script_free(script);
    }
}

static int pair_execute_copies(struct pw_executor *executor, const struct pw_process_spec *spec,
                               unsigned copies, struct pw_process_outcome *out, uint64_t *wall_ns,
                               struct pw_error *err)
{
    int status = 0;

    for (unsigned i = 0; status == 0 && i < copies; i++) {
        status = pair_execute(executor, spec, &out[i], err);
    }
    *wall_ns = 1000000;
    return status;
}

static void print_rubbish_once(const struct pair_call *call, char *out, size_t size)
{
    static const char REPORT[] =
        "{\"context\":{\"num_cpus\":2},\"benchmarks\":[{\"name\":\"One\",\"run_name\":\"One\","
        "\"run_type\":\"iteration\",\"iterations\":9,\"real_time\":1,\"cpu_time\":1,"
        "\"time_unit\":\"ns\"}]}\n";

    (void)snprintf(out, size, "%s", call->iteration == 2 ? "rubbish" : REPORT);
}

/** Where something has to be done between two runs. */
static void test_what_is_not_exchanged(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        struct pw_pair_options options = {.run = FEW_PAIRS};
        struct pw_benchmark benchmark = pair_hooked("a");
        struct pair_script *script = pair_script_new();
        struct pair_outcome outcome;

        benchmark.prepare.count = i == 0 ? 1 : 0;
        benchmark.conclude.count = i == 1 ? 1 : 0;
        benchmark.concurrency = i == 2 ? 2 : 1;
        script->executor.execute_pair = pair_execute_pair;
        script->executor.execute_copies = pair_execute_copies;
        outcome = run_pairs(&benchmark, 1, script, &options);
        assert_int_equal(outcome.status, 0);
        assert_int_equal(pair_samples(&outcome, "a", "wall_time"), 3);
        assert_int_equal(script->exchanges, i == 3 ? 4 : 0);
        pair_outcome_release(&outcome);
        pair_script_free(script);
    }
}

/** The second was run already when the first was found to have failed: it counts for nothing. */
static void test_output_of_the_first_that_is_no_good(void **state)
{
    struct pw_pair_options options = {.run = FEW_PAIRS};
    struct pw_benchmark benchmark = pair_benchmark("a");
    struct pair_script *script = pair_script_new();
    const struct pair_call *first;
    struct pair_outcome outcome;

    (void)state;
    script->executor.execute_pair = pair_execute_pair;
    script->print = print_rubbish_once;
    benchmark.format = "google-benchmark";
    outcome = run_pairs(&benchmark, 1, script, &options);
    assert_int_equal(outcome.status, 0);
    assert_int_equal(script->exchanges, 3);
    assert_int_equal(script->count, 6);
    assert_int_equal(pair_samples(&outcome, "a", "wall_time"), 1);
    first = &script->calls[4];
    assert_int_equal((first->is_head ? outcome.head : outcome.base).benchmarks[0].status,
                     PW_MEASURED_OUTPUT);
    assert_int_equal((first->is_head ? outcome.base : outcome.head).benchmarks[0].status,
                     PW_MEASURED_OK);
    pair_outcome_release(&outcome);
    pair_script_free(script);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_every_pair_is_one_exchange),
        cmocka_unit_test(test_trouble_at_any_point),
        cmocka_unit_test(test_budget),
        cmocka_unit_test(test_what_is_not_exchanged),
        cmocka_unit_test(test_output_of_the_first_that_is_no_good),
    };

    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
