/* One result against another by their runs. */
#include "gate_fixture.h"

static const struct pw_threshold time_5[] = {{"wall_time", 0.05, NAN, NAN}};

/** Two results to compare. */
struct scene {
    struct pw_benchmark benchmark;
    struct pw_config config;
    struct pw_gate_options options;
    struct pw_result base;
    struct pw_result head;
    struct pw_comparison out;
};

/* A configuration with the benchmark "a", gated at 5 %. */
static void scene_start(struct scene *scene)
{
    memset(scene, 0, sizeof *scene);
    scene->benchmark = fixture_benchmark("a", time_5, 1);
    scene->config = fixture_config(&scene->benchmark, 1);
    scene->options.config = &scene->config;
    fixture_result(&scene->base);
    fixture_result(&scene->head);
}

static void scene_compare(struct scene *scene)
{
    const struct pw_side base = {.commit = "abc", .source = "a.json"};
    const struct pw_side head = {.commit = "def", .source = "b.json"};

    assert_int_equal(pw_gate_unpaired(&scene->options, &scene->base, &base, &scene->head, &head,
                                      &scene->out, NULL),
                     0);
}

static void scene_end(struct scene *scene)
{
    pw_comparison_release(&scene->out);
    pw_result_release(&scene->base);
    pw_result_release(&scene->head);
}

static void test_verdicts(void **state)
{
    static const char base[] = "1000 1004 996 1002 998 1001 999 1003";
    static const struct {
        const char *base;
        const char *head;
        enum pw_verdict verdict;
        const char *reason;
    } cases[] = {
        {base, "1000 1004 996 1002 998 1001 999 1003", PW_VERDICT_PASS, "no change, interval -0"},
        {base, "1100 1104 1096 1102 1098 1101 1099", PW_VERDICT_REGRESSION,
         "10.0 % slower, interval +9."},
        {base, "900 904 896 902 898 901 899", PW_VERDICT_IMPROVEMENT, "10.0 % faster"},
        {base, "1050 1054 1046 1052 1048 1051 1049", PW_VERDICT_INCONCLUSIVE,
         "could not have seen less than"},
        {base, "1000 1500 700 1300 800 1200 1100", PW_VERDICT_INCONCLUSIVE, "slower"},
        {base, "2000", PW_VERDICT_INCONCLUSIVE,
         "too few runs for alpha 0.01: base has 8, head 1, each side needs 5"},
        {"1 2 3 4", "100 200 300 400", PW_VERDICT_INCONCLUSIVE, "each side needs 5"},
        {"1 1 1 1 1", "2 2 2 2 2", PW_VERDICT_REGRESSION, "100.0 % slower"},
        {"0 0 0", "2 2 2 2 2", PW_VERDICT_ERROR, "the base is '0'"},
        {"0 1 1", "2 2 2 2 2", PW_VERDICT_ERROR, "set 'at_least'"},
        {"-1 1 1", "2 2 2 2 2", PW_VERDICT_ERROR, "value '-1'"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct scene scene;
        scene_start(&scene);
        fixture_time(&scene.base, "a", cases[i].base);
        fixture_time(&scene.head, "a", cases[i].head);
        scene_compare(&scene);
        assert_int_equal(scene.out.row_count, 1);
        fixture_expect(fixture_row(&scene.out, "a", "wall_time"), cases[i].verdict,
                       cases[i].reason);
        scene_end(&scene);
    }
}

static void test_numbers(void **state)
{
    struct scene scene;
    const struct pw_comparison_row *row;

    (void)state;
    scene_start(&scene);
    fixture_time(&scene.base, "a", "100 101 102 103 104");
    fixture_time(&scene.head, "a", "200 202 204 206 208");
    scene_compare(&scene);
    row = fixture_row(&scene.out, "a", "wall_time");
    assert_true(row->base == 102 && row->head == 204);
    assert_true(fabs(row->ratio - 2) < 1e-9);
    assert_true(fabs(row->p_value - 2.0 / 252) < 1e-12);
    assert_true(row->interval.low > 1.9 && row->interval.high < 2.1);
    assert_true(row->noise > 0.005 && row->noise < 0.02);
    assert_string_equal(scene.out.mode, "unpaired");
    assert_string_equal(scene.out.base.source, "a.json");
    assert_string_equal(scene.out.head.commit, "def");
    assert_int_equal(scene.out.exit_code, PW_EXIT_REGRESSION);
    scene_end(&scene);
}

/* A fall in a metric that has zeros, in a direction where less is worse. */
static void test_zeros(void **state)
{
    static const struct pw_threshold thresholds[] = {{"hits", NAN, 10, NAN}};
    static const char base[] = "99 100 101 102 103 104 105";
    static const char head[] = "50 51 52 53 54 0 51";
    struct scene scene;

    (void)state;
    scene_start(&scene);
    scene.benchmark.thresholds = thresholds;
    fixture_samples(&scene.base,
                    fixture_series(&scene.base, fixture_entry(&scene.base, "a", "a"), "hits",
                                   "count", PW_BETTER_HIGHER),
                    base, base + strlen(base));
    fixture_samples(&scene.head,
                    fixture_series(&scene.head, fixture_entry(&scene.head, "a", "a"), "hits",
                                   "count", PW_BETTER_HIGHER),
                    head, head + strlen(head));
    scene_compare(&scene);
    fixture_expect(fixture_row(&scene.out, "a", "hits"), PW_VERDICT_REGRESSION,
                   "lower, interval -");
    scene_end(&scene);
}

static void test_one_sided_benchmarks(void **state)
{
    struct scene scene;

    (void)state;
    scene_start(&scene);
    scene.options.config = NULL;
    fixture_time(&scene.base, "gone", "100 100 100 100 100");
    fixture_time(&scene.base, "both", "100 100 100 100 100");
    fixture_time(&scene.head, "both", "100 100 100 100 100");
    fixture_time(&scene.head, "new", "100 100 100 100 100");
    scene_compare(&scene);
    assert_int_equal(scene.out.row_count, 3);
    fixture_expect(fixture_row(&scene.out, "gone", NULL), PW_VERDICT_MISSING, "the head has not");
    fixture_expect(fixture_row(&scene.out, "both", "wall_time"), PW_VERDICT_PASS, "limit +20 %");
    fixture_expect(fixture_row(&scene.out, "new", "wall_time"), PW_VERDICT_NO_BASELINE,
                   "new benchmark");
    assert_int_equal(scene.out.exit_code, PW_EXIT_UNMEASURED);
    assert_true(scene.out.alpha == 0.01 && scene.out.session_noise == 0.03);
    scene_end(&scene);
}

/* Another harness's result has none of the metrics with defaults: all it has are gated. */
static void test_defaults_for_foreign_metrics(void **state)
{
    static const char values[] = "100 100 100 100 100";
    struct scene scene;

    (void)state;
    scene_start(&scene);
    scene.options.config = NULL;
    for (int side = 0; side < 2; side++) {
        struct pw_result *result = side ? &scene.head : &scene.base;
        struct pw_series *series = fixture_series(result, fixture_entry(result, "f", "f"),
                                                  "real_time", "ns", PW_BETTER_LOWER);
        fixture_samples(result, series, values, values + strlen(values));
    }
    scene_compare(&scene);
    fixture_expect(fixture_row(&scene.out, "f", "real_time"), PW_VERDICT_PASS, "limit +20 %");
    scene_end(&scene);
}

static void test_missing_metric_and_failures(void **state)
{
    struct scene scene;

    (void)state;
    scene_start(&scene);
    scene.options.config = NULL;
    fixture_time(&scene.base, "a", "100 100 100 100 100");
    fixture_entry(&scene.head, "a", "a");
    fixture_time(&scene.base, "failed", "100 100 100 100 100");
    fixture_time(&scene.head, "failed", "100 100 100 100 100");
    pw_result_find(&scene.head, "failed")->status = PW_MEASURED_SIGNAL;
    fixture_time(&scene.base, "was", "100 100 100 100 100");
    fixture_time(&scene.head, "was", "100 100 100 100 100");
    pw_result_find(&scene.base, "was")->status = PW_MEASURED_EXIT;
    fixture_entry(&scene.base, "broken", "broken")->status = PW_MEASURED_EXIT;
    fixture_time(&scene.head, "broken", "100 100 100 100 100");
    fixture_time(&scene.base, "turned", "100 100 100 100 100");
    fixture_time(&scene.head, "turned", "200 200 200 200 200");
    pw_result_find(&scene.head, "turned")->series[0].better = PW_BETTER_HIGHER;
    fixture_entry(&scene.base, "empty", "empty");
    fixture_entry(&scene.head, "empty", "empty");
    scene_compare(&scene);
    fixture_expect(fixture_row(&scene.out, "a", "wall_time"), PW_VERDICT_MISSING, "the head has");
    fixture_expect(fixture_row(&scene.out, "failed", NULL), PW_VERDICT_ERROR, "signal");
    fixture_expect(fixture_row(&scene.out, "was", "wall_time"), PW_VERDICT_NO_BASELINE,
                   "failed in the base");
    fixture_expect(fixture_row(&scene.out, "broken", "wall_time"), PW_VERDICT_NO_BASELINE,
                   "failed in the base");
    fixture_expect(fixture_row(&scene.out, "turned", "wall_time"), PW_VERDICT_NO_BASELINE,
                   "another direction");
    fixture_expect(fixture_row(&scene.out, "empty", NULL), PW_VERDICT_ERROR, "not measured");
    scene_end(&scene);
}

static void test_remarks(void **state)
{
    struct scene scene;

    (void)state;
    scene_start(&scene);
    fixture_time(&scene.base, "a", "100 100 100 100 100");
    fixture_time(&scene.head, "a", "100 100 100 100 100");
    fixture_time(&scene.base, "stray", "100 100 100 100 100");
    fixture_time(&scene.head, "stray", "100 100 100 100 100");
    pw_result_find(&scene.head, "a")->command[0] = "other";
    scene_compare(&scene);
    assert_true(fixture_has_warning(&scene.out, "benchmark 'a' runs another command"));
    assert_true(fixture_has_warning(&scene.out, "'stray' is not in 'perfwarden.yml'"));
    assert_int_equal(scene.out.exit_code, PW_EXIT_PASS);
    scene_end(&scene);
}

static void test_environments(void **state)
{
    static const enum pw_policy policies[] = {PW_POLICY_WARN, PW_POLICY_FAIL};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct scene scene;
        scene_start(&scene);
        scene.config.baseline.on_environment_mismatch = policies[i];
        memcpy(scene.head.environment.id, "ffffffffffff", 12);
        fixture_time(&scene.base, "a", "100 100 100 100 100");
        fixture_time(&scene.head, "a", "200 200 200 200 200");
        scene_compare(&scene);
        fixture_expect(fixture_row(&scene.out, "a", "wall_time"),
                       i == 0 ? PW_VERDICT_REGRESSION : PW_VERDICT_NO_BASELINE,
                       i == 0 ? "100.0 % slower" : "the environments differ (");
        assert_int_equal(fixture_has_warning(&scene.out, "the environments of base and head"),
                         i == 0);
        assert_int_equal(scene.out.exit_code, i == 0 ? PW_EXIT_REGRESSION : PW_EXIT_UNDECIDED);
        scene_end(&scene);
    }
}

static void test_nothing_compared(void **state)
{
    struct scene scene;

    (void)state;
    scene_start(&scene);
    scene_compare(&scene);
    assert_int_equal(scene.out.verdict, PW_VERDICT_ERROR);
    assert_int_equal(scene.out.exit_code, PW_EXIT_UNMEASURED);
    scene_end(&scene);
}

/* The process that an adapter reads from has no gated metric itself; what it reported has. */
static void test_parts_of_a_process(void **state)
{
    static const struct pw_threshold latency[] = {{"latency", 0.05, NAN, NAN}};
    static const char values[] = "1000 1004 996 1002 998 1001 999 1003";
    (void)state;

    for (int is_gated = 0; is_gated < 2; is_gated++) {
        struct scene scene;
        scene_start(&scene);
        scene.benchmark = fixture_benchmark("a", latency, 1);
        for (int side = 0; side < 2; side++) {
            struct pw_result *result = side == 0 ? &scene.base : &scene.head;
            fixture_time(result, "a", values);
            struct pw_series *series =
                fixture_series(result, fixture_entry(result, "a/small", "a"),
                               is_gated ? "latency" : "misses", "ns", PW_BETTER_LOWER);
            fixture_samples(result, series, values, values + strlen(values));
        }
        scene_compare(&scene);
        assert_int_equal(scene.out.row_count, 1);
        if (is_gated) {
            fixture_expect(fixture_row(&scene.out, "a/small", "latency"), PW_VERDICT_PASS, "");
            assert_int_equal(scene.out.exit_code, PW_EXIT_PASS);
        } else {
            fixture_expect(fixture_row(&scene.out, "a", NULL), PW_VERDICT_ERROR,
                           "no metric of it has a threshold");
        }
        scene_end(&scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_zeros),
        cmocka_unit_test(test_one_sided_benchmarks),
        cmocka_unit_test(test_defaults_for_foreign_metrics),
        cmocka_unit_test(test_missing_metric_and_failures),
        cmocka_unit_test(test_remarks),
        cmocka_unit_test(test_environments),
        cmocka_unit_test(test_nothing_compared),
        cmocka_unit_test(test_parts_of_a_process),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
