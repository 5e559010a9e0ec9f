/* Which rows a stored comparison has, and what follows from them: warnings, verdict, exit code. */
#include "gate_fixture.h"

#define ALWAYS                                                                                     \
    PW_VERDICT_BIT(PW_VERDICT_REGRESSION) | PW_VERDICT_BIT(PW_VERDICT_ERROR) |                     \
        PW_VERDICT_BIT(PW_VERDICT_MISSING)

static const struct pw_threshold time_20[] = {{"wall_time", 0.2, NAN, NAN}};

/** A base of one session and a head, for benchmarks with `time_20`. */
struct scene {
    struct pw_benchmark benchmarks[4];
    struct pw_config config;
    struct pw_gate_options options;
    struct pw_result base;
    struct pw_result head;
    struct pw_comparison out;
};

static void scene_start(struct scene *scene, size_t count)
{
    static const char *const ids[] = {"a", "b", "c", "d"};

    memset(scene, 0, sizeof *scene);
    for (size_t i = 0; i < count; i++)
        scene->benchmarks[i] = fixture_benchmark(ids[i], time_20, 1);
    scene->config = fixture_config(scene->benchmarks, count);
    scene->options.config = &scene->config;
    fixture_result(&scene->base);
    fixture_result(&scene->head);
}

static void scene_compare(struct scene *scene)
{
    assert_int_equal(pw_gate_stored(&scene->options, &scene->base, 1, NULL, NULL, &scene->head,
                                    &scene->out, NULL),
                     0);
}

static void scene_end(struct scene *scene)
{
    pw_comparison_release(&scene->out);
    pw_result_release(&scene->base);
    pw_result_release(&scene->head);
}

static void test_declared_but_not_measured(void **state)
{
    struct scene scene;

    (void)state;
    scene_start(&scene, 2);
    fixture_time(&scene.base, "a", "100 100");
    fixture_time(&scene.head, "a", "100 100");
    scene_compare(&scene);
    assert_int_equal(scene.out.row_count, 2);
    fixture_expect(fixture_row(&scene.out, "a", "wall_time"), PW_VERDICT_PASS, "");
    fixture_expect(fixture_row(&scene.out, "b", NULL), PW_VERDICT_ERROR,
                   "declared but not measured");
    assert_int_equal(scene.out.exit_code, PW_EXIT_UNMEASURED);
    assert_int_equal(scene.out.verdict, PW_VERDICT_ERROR);
    scene_end(&scene);
}

static void test_filters(void **state)
{
    static const char *const filters[] = {"a"};
    struct scene scene;

    (void)state;
    scene_start(&scene, 2);
    scene.options.filters = filters;
    scene.options.filter_count = 1;
    fixture_time(&scene.base, "a", "100 100");
    fixture_time(&scene.base, "b", "100 100");
    fixture_time(&scene.base, "gone", "100 100");
    fixture_time(&scene.head, "a", "100 100");
    scene_compare(&scene);
    assert_int_equal(scene.out.row_count, 1);
    assert_int_equal(scene.out.exit_code, PW_EXIT_PASS);
    scene_end(&scene);
}

static void test_failed_benchmark(void **state)
{
    struct scene scene;
    struct pw_result_benchmark *entry;

    (void)state;
    scene_start(&scene, 2);
    fixture_time(&scene.base, "a", "100 100");
    fixture_time(&scene.head, "a", "100 100");
    fixture_time(&scene.head, "b", "100 100");
    entry = pw_result_find(&scene.head, "a");
    entry->status = PW_MEASURED_TIMEOUT;
    entry->error = "ended after 30 s";
    scene_compare(&scene);
    assert_int_equal(scene.out.row_count, 2);
    fixture_expect(fixture_row(&scene.out, "a", NULL), PW_VERDICT_ERROR, "ended after 30 s");
    fixture_expect(fixture_row(&scene.out, "b", "wall_time"), PW_VERDICT_NO_BASELINE,
                   "new benchmark");
    assert_int_equal(scene.out.exit_code, PW_EXIT_UNMEASURED);
    scene_end(&scene);
}

static void test_failed_baseline_is_no_baseline(void **state)
{
    struct scene scene;

    (void)state;
    scene_start(&scene, 1);
    fixture_time(&scene.base, "a", "100 100");
    fixture_time(&scene.head, "a", "500 500");
    pw_result_find(&scene.base, "a")->status = PW_MEASURED_SIGNAL;
    scene_compare(&scene);
    fixture_expect(fixture_row(&scene.out, "a", "wall_time"), PW_VERDICT_NO_BASELINE, "failed in");
    scene_end(&scene);
}

static void test_vanished_from_configuration(void **state)
{
    struct scene scene;

    (void)state;
    scene_start(&scene, 1);
    fixture_time(&scene.base, "a", "100 100");
    fixture_entry(&scene.base, "gone/x", "gone");
    fixture_entry(&scene.base, "gone/y", "gone");
    fixture_time(&scene.head, "a", "100 100");
    scene_compare(&scene);
    assert_int_equal(scene.out.row_count, 2);
    fixture_expect(fixture_row(&scene.out, "gone", NULL), PW_VERDICT_MISSING,
                   "trailer 'Perf-Accept: gone removed <reason>'");
    assert_int_equal(scene.out.exit_code, PW_EXIT_UNMEASURED);
    assert_int_equal(scene.out.verdict, PW_VERDICT_MISSING);
    scene_end(&scene);
}

/* A benchmark whose process yields several, as an adapter finds them. */
static void test_inner_benchmarks(void **state)
{
    static const struct pw_threshold thresholds[] = {{"wall_time", 0.2, NAN, NAN},
                                                     {"real_time", 0.2, NAN, NAN}};
    static const char *const inner[] = {"a/one", "a/two", "a/three"};
    static const char base[] = "100 100";
    static const char head[] = "200 200";
    struct scene scene;

    (void)state;
    scene_start(&scene, 1);
    scene.benchmarks[0].thresholds = thresholds;
    scene.benchmarks[0].threshold_count = 2;
    scene.benchmarks[0].format = "google-benchmark";
    for (size_t i = 0; i < 3; i++) {
        struct pw_result *result = &scene.base;
        fixture_samples(result,
                        fixture_series(result, fixture_entry(result, inner[i], "a"), "real_time",
                                       "ns", PW_BETTER_LOWER),
                        base, base + strlen(base));
        result = &scene.head;
        if (i == 1) /* vanished */
            continue;
        fixture_samples(result,
                        fixture_series(result, fixture_entry(result, inner[i], "a"),
                                       i == 2 ? "other" : "real_time", "ns", PW_BETTER_LOWER),
                        head, head + strlen(head));
    }
    /* what had failed in the baseline already has not vanished */
    fixture_entry(&scene.base, "a/four", "a")->status = PW_MEASURED_EXIT;
    scene_compare(&scene);
    assert_int_equal(scene.out.row_count, 3);
    fixture_expect(fixture_row(&scene.out, "a/one", "real_time"), PW_VERDICT_REGRESSION,
                   "100.0 % slower");
    fixture_expect(fixture_row(&scene.out, "a/two", NULL), PW_VERDICT_MISSING, "no longer");
    fixture_expect(fixture_row(&scene.out, "a/three", "real_time"), PW_VERDICT_MISSING,
                   "no longer");
    assert_int_equal(scene.out.counts[PW_VERDICT_MISSING], 2);
    scene_end(&scene);
}

static void test_threshold_without_metric(void **state)
{
    static const struct pw_threshold thresholds[] = {{"wall_time", 0.2, NAN, NAN},
                                                     {"rows_per_s", 0.2, NAN, NAN}};
    struct scene scene;

    (void)state;
    scene_start(&scene, 1);
    scene.benchmarks[0].thresholds = thresholds;
    scene.benchmarks[0].threshold_count = 2;
    fixture_time(&scene.base, "a", "100 100");
    fixture_time(&scene.head, "a", "100 100");
    scene_compare(&scene);
    fixture_expect(fixture_row(&scene.out, "a", "wall_time"), PW_VERDICT_PASS, "");
    fixture_expect(fixture_row(&scene.out, "a", "rows_per_s"), PW_VERDICT_ERROR,
                   "reported no metric 'rows_per_s'");
    assert_int_equal(scene.out.exit_code, PW_EXIT_UNMEASURED);
    scene_end(&scene);
}

static void test_null_reason(void **state)
{
    struct scene scene;

    (void)state;
    scene_start(&scene, 1);
    fixture_time(&scene.base, "a", "100 100");
    fixture_time(&scene.head, "a", "");
    pw_result_find(&scene.head, "a")->series[0].null_reason = "no access to /proc";
    scene_compare(&scene);
    fixture_expect(fixture_row(&scene.out, "a", "wall_time"), PW_VERDICT_ERROR,
                   "not measured: no access to /proc");
    scene_end(&scene);
}

static void test_incomparable_series(void **state)
{
    struct scene scene;

    (void)state;
    scene_start(&scene, 2);
    fixture_time(&scene.base, "a", "100 100");
    fixture_time(&scene.head, "a", "500 500");
    pw_result_find(&scene.head, "a")->series[0].source = "valgrind";
    fixture_time(&scene.base, "b", "100 100");
    fixture_time(&scene.head, "b", "500 500");
    pw_result_find(&scene.head, "b")->series[0].better = PW_BETTER_HIGHER;
    scene_compare(&scene);
    fixture_expect(fixture_row(&scene.out, "a", "wall_time"), PW_VERDICT_NO_BASELINE,
                   "was measured by 'test', the head by 'valgrind'");
    fixture_expect(fixture_row(&scene.out, "b", "wall_time"), PW_VERDICT_NO_BASELINE, "direction");
    scene_end(&scene);
}

static void test_nothing_compared(void **state)
{
    struct scene scene;

    (void)state;
    scene_start(&scene, 1);
    scene.benchmarks[0].threshold_count = 0;
    fixture_time(&scene.base, "a", "100 100");
    fixture_time(&scene.head, "a", "100 100");
    scene_compare(&scene);
    assert_int_equal(scene.out.row_count, 0);
    assert_int_equal(scene.out.verdict, PW_VERDICT_ERROR);
    assert_int_equal(scene.out.exit_code, PW_EXIT_UNMEASURED);
    assert_true(fixture_has_warning(&scene.out, "nothing was measured"));
    scene_end(&scene);
}

static void test_another_command(void **state)
{
    struct scene scene;

    (void)state;
    scene_start(&scene, 1);
    fixture_time(&scene.base, "a", "100 100");
    fixture_time(&scene.head, "a", "100 100");
    pw_result_find(&scene.head, "a")->command[0] = "bench --slow";
    scene_compare(&scene);
    assert_true(fixture_has_warning(&scene.out, "benchmark 'a' runs another command"));
    scene_end(&scene);
}

/* The base's description and the reason why there is no baseline come from the caller. */
static void test_no_sessions(void **state)
{
    const struct pw_side base = {.commit = "abc", .reason = "first parent", .distance = 3};
    struct scene scene;

    (void)state;
    scene_start(&scene, 1);
    fixture_time(&scene.head, "a", "100 100");
    assert_int_equal(pw_gate_stored(&scene.options, NULL, 0, "measured on another machine", &base,
                                    &scene.head, &scene.out, NULL),
                     0);
    fixture_expect(fixture_row(&scene.out, "a", "wall_time"), PW_VERDICT_NO_BASELINE,
                   "measured on another machine");
    assert_string_equal(scene.out.base.reason, "first parent");
    assert_int_equal(scene.out.base.distance, 3);
    assert_int_equal(scene.out.base.sessions, 0);
    assert_int_equal(scene.out.exit_code, PW_EXIT_PASS);
    assert_true(fixture_has_warning(&scene.out, "1 comparison has no baseline ('a' wall_time)"));
    scene_end(&scene);
}

/** What policies make of one row of each interesting verdict. */
struct policy_case {
    const char *a; /**< head of a benchmark with the base "100 100"; NULL for not measured */
    const char *b; /**< and of a second one */
    bool has_baseline;
    unsigned fail_on; /**< of the configuration */
    unsigned replaced_by;
    enum pw_policy on_no_baseline;
    enum pw_policy on_inconclusive;
    enum pw_verdict verdict;
    int exit_code;
    size_t warnings;
};

static void run_policy(const struct policy_case *item)
{
    struct scene scene;

    scene_start(&scene, item->b != NULL ? 2 : 1);
    scene.config.gate.fail_on = item->fail_on;
    scene.config.gate.on_no_baseline = item->on_no_baseline;
    scene.config.gate.on_inconclusive = item->on_inconclusive;
    scene.options.fail_on = item->replaced_by;
    if (item->a != NULL)
        fixture_time(&scene.head, "a", item->a);
    if (item->b != NULL)
        fixture_time(&scene.head, "b", item->b);
    if (item->has_baseline) {
        fixture_time(&scene.base, "a", "100 100");
        fixture_time(&scene.base, "b", "100 100");
    }
    if (item->has_baseline && item->b == NULL) /* not configured: not to be missed here */
        scene.base.benchmark_count = 1;
    scene_compare(&scene);
    assert_int_equal(scene.out.verdict, item->verdict);
    assert_int_equal(scene.out.exit_code, item->exit_code);
    assert_int_equal(scene.out.warning_count, item->warnings);
    scene_end(&scene);
}

static void test_policies(void **state)
{
    const enum pw_policy allow = PW_POLICY_PASS;
    const enum pw_policy warn = PW_POLICY_WARN;
    const enum pw_policy fail = PW_POLICY_FAIL;
    const unsigned none = PW_VERDICT_BIT(PW_VERDICT_ERROR);
    const unsigned inconclusive = PW_VERDICT_BIT(PW_VERDICT_INCONCLUSIVE);
    const unsigned improvement = PW_VERDICT_BIT(PW_VERDICT_IMPROVEMENT);
    /* "120" against 100 with a limit of 20 % cannot be decided by one session */
    const struct policy_case cases[] = {
        {"100", NULL, true, ALWAYS, 0, warn, warn, PW_VERDICT_PASS, 0, 0},
        {"200", NULL, true, ALWAYS, 0, warn, warn, PW_VERDICT_REGRESSION, 1, 0},
        {"200", NULL, true, none, 0, warn, warn, PW_VERDICT_REGRESSION, 0, 0},
        {"200", NULL, true, ALWAYS, none, warn, warn, PW_VERDICT_REGRESSION, 0, 0},
        {NULL, NULL, true, none, 0, warn, warn, PW_VERDICT_ERROR, 4, 0},
        {NULL, NULL, true, 0, inconclusive, warn, warn, PW_VERDICT_ERROR, 4, 0},
        {"120", NULL, true, ALWAYS, 0, warn, warn, PW_VERDICT_INCONCLUSIVE, 0, 1},
        {"120", NULL, true, ALWAYS, 0, warn, allow, PW_VERDICT_INCONCLUSIVE, 0, 0},
        {"120", NULL, true, ALWAYS, 0, warn, fail, PW_VERDICT_INCONCLUSIVE, 3, 0},
        {"120", NULL, true, ALWAYS, inconclusive, warn, warn, PW_VERDICT_INCONCLUSIVE, 3, 0},
        {"100", NULL, false, ALWAYS, 0, warn, warn, PW_VERDICT_NO_BASELINE, 0, 1},
        {"100", NULL, false, ALWAYS, 0, allow, warn, PW_VERDICT_NO_BASELINE, 0, 0},
        {"100", NULL, false, ALWAYS, 0, fail, warn, PW_VERDICT_NO_BASELINE, 3, 0},
        /* the most serious that fails is the verdict, and gives the code */
        {"200", "120", true, ALWAYS, 0, warn, fail, PW_VERDICT_REGRESSION, 1, 0},
        {"200", "120", true, none, 0, warn, fail, PW_VERDICT_INCONCLUSIVE, 3, 0},
        {NULL, "200", true, ALWAYS, 0, warn, warn, PW_VERDICT_ERROR, 4, 0},
        {"50", NULL, true, ALWAYS, 0, warn, warn, PW_VERDICT_IMPROVEMENT, 0, 0},
        {"50", NULL, true, ALWAYS, improvement, warn, warn, PW_VERDICT_IMPROVEMENT, 1, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        run_policy(&cases[i]);
}

static void test_escalation(void **state)
{
    struct pw_comparison comparison;

    (void)state;
    memset(&comparison, 0, sizeof comparison);
    comparison.exit_code = PW_EXIT_REGRESSION;
    pw_comparison_escalate(&comparison, PW_EXIT_UNDECIDED);
    assert_int_equal(comparison.exit_code, PW_EXIT_REGRESSION);
    pw_comparison_escalate(&comparison, PW_EXIT_INTERNAL);
    assert_int_equal(comparison.exit_code, PW_EXIT_INTERNAL);
    pw_comparison_release(&comparison);
    pw_comparison_release(&comparison);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_declared_but_not_measured),
        cmocka_unit_test(test_filters),
        cmocka_unit_test(test_failed_benchmark),
        cmocka_unit_test(test_failed_baseline_is_no_baseline),
        cmocka_unit_test(test_vanished_from_configuration),
        cmocka_unit_test(test_inner_benchmarks),
        cmocka_unit_test(test_threshold_without_metric),
        cmocka_unit_test(test_null_reason),
        cmocka_unit_test(test_incomparable_series),
        cmocka_unit_test(test_nothing_compared),
        cmocka_unit_test(test_another_command),
        cmocka_unit_test(test_no_sessions),
        cmocka_unit_test(test_policies),
        cmocka_unit_test(test_escalation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
