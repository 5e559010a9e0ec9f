/* Saved interleaved results decided pair by pair, exactly as they were measured. */
#include "pair_fixture.h"

static const struct pw_threshold time_5[] = {{"wall_time", 0.05, NAN, NAN}};
static const char *const names[] = {"calm", "slow", "fast", "noisy"};

/* A suite as `check` would measure it. */
static void measure(struct pair_scene *scene)
{
    static const struct pair_truth truths[] = {
        {1.0, 0.01}, {1.1, 0.015}, {0.8, 0.02}, {1.05, 0.03}};

    pair_start(scene, 42);
    for (size_t i = 0; i < 4; i++) {
        pair_declare(scene, names[i], time_5, 1, truths[i].ratio, truths[i].sigma);
        scene->benchmarks[i].runs_min = 7;
    }
    pair_open(scene);
    pair_rounds(scene, 30);
}

static void replay(struct pair_scene *scene, struct pw_comparison *out)
{
    const struct pw_side base = {.commit = "abc", .source = "a.json"};
    const struct pw_side head = {.commit = "def", .source = "b.json"};

    assert_int_equal(
        pw_gate_replay(&scene->options, &scene->base, &base, &scene->head, &head, out, NULL), 0);
}

static void test_same_as_check(void **state)
{
    struct pair_scene scene;
    struct pw_comparison again;

    (void)state;
    measure(&scene);
    pair_finish(&scene);
    assert_true(pw_gate_is_interleaved(&scene.base, &scene.head));
    replay(&scene, &again);
    assert_string_equal(again.mode, "paired");
    assert_string_equal(again.base.source, "a.json");
    assert_int_equal(again.row_count, 4);
    for (size_t i = 0; i < 4; i++) {
        const struct pw_comparison_row *a = &scene.out.rows[i];
        const struct pw_comparison_row *b = &again.rows[i];
        assert_string_equal(b->benchmark, names[i]);
        assert_string_equal(a->reason, b->reason);
        assert_true(a->verdict == b->verdict && a->pairs == b->pairs && a->ratio == b->ratio &&
                    a->e_value == b->e_value && a->interval.low == b->interval.low);
    }
    assert_int_equal(again.rows[1].verdict, PW_VERDICT_REGRESSION);
    assert_int_equal(again.rows[3].verdict, PW_VERDICT_INCONCLUSIVE);
    assert_int_equal(again.rows[3].pairs, 30);
    pw_comparison_release(&again);
    pair_end(&scene);
}

/* Pairs beyond the decision are not looked at, and the reason says how many there were. */
static void test_stops(void **state)
{
    struct pair_scene scene;
    struct pw_comparison before;
    struct pw_comparison after;

    (void)state;
    measure(&scene);
    replay(&scene, &before);
    for (size_t i = 0; i < 50; i++) {
        pair_put(&scene.base, "calm", "calm", "wall_time", "ns", 1e7);
        pair_put(&scene.head, "calm", "calm", "wall_time", "ns", 2e7);
    }
    replay(&scene, &after);
    assert_int_equal(after.rows[0].verdict, PW_VERDICT_PASS);
    assert_int_equal(after.rows[0].pairs, before.rows[0].pairs);
    assert_true(after.rows[0].ratio == before.rows[0].ratio);
    assert_null(strstr(before.rows[0].reason, " of "));
    assert_non_null(strstr(after.rows[0].reason, " pairs"));
    assert_non_null(strstr(after.rows[0].reason, " of "));
    pw_comparison_release(&before);
    pw_comparison_release(&after);
    pair_end(&scene);
}

static void test_unequal(void **state)
{
    struct pair_scene scene;
    struct pw_comparison out;

    (void)state;
    measure(&scene);
    pair_put(&scene.head, "calm", "calm", "wall_time", "ns", 1e7);
    replay(&scene, &out);
    fixture_expect(&out.rows[0], PW_VERDICT_ERROR, "not pairs: the base has ");
    assert_int_equal(out.rows[1].verdict, PW_VERDICT_REGRESSION);
    pw_comparison_release(&out);
    pair_end(&scene);
}

/* What one side did not measure in pairs is compared by its runs, and said so. */
static void test_mixture(void **state)
{
    struct pair_scene scene;
    struct pw_comparison out;

    (void)state;
    measure(&scene);
    pw_result_find(&scene.base, "slow")->is_interleaved = false;
    fixture_time(&scene.base, "gone", "1 2 3");
    fixture_time(&scene.head, "new", "1 2 3");
    replay(&scene, &out);
    assert_string_equal(out.mode, "paired");
    assert_int_equal(out.row_count, 6);
    assert_string_equal(out.rows[0].method, "paired");
    assert_string_equal(out.rows[1].method, "unpaired");
    assert_true(out.rows[1].pairs == 0 && !isnan(out.rows[1].p_value));
    assert_true(fixture_has_warning(&out, "'slow' was not measured in pairs"));
    assert_false(fixture_has_warning(&out, "'calm' was not measured in pairs"));
    fixture_expect(fixture_row(&out, "gone", NULL), PW_VERDICT_MISSING, "the head has not");
    fixture_expect(fixture_row(&out, "new", "wall_time"), PW_VERDICT_NO_BASELINE, "new benchmark");
    pw_comparison_release(&out);
    pair_end(&scene);
}

static void test_is_interleaved(void **state)
{
    struct pair_scene scene;

    (void)state;
    measure(&scene);
    assert_true(pw_gate_is_interleaved(&scene.base, &scene.head));
    for (size_t i = 0; i < scene.head.benchmark_count; i++)
        scene.head.benchmarks[i].is_interleaved = false;
    assert_false(pw_gate_is_interleaved(&scene.base, &scene.head));
    replay(&scene, &scene.out); /* is the unpaired comparison then */
    assert_string_equal(scene.out.mode, "unpaired");
    assert_int_equal(scene.out.row_count, 4);
    pair_end(&scene);
}

/* Without a configuration: the thresholds that unpaired comparisons have, too. */
static void test_defaults(void **state)
{
    struct pair_scene scene;
    struct pw_comparison out;

    (void)state;
    measure(&scene);
    for (size_t i = 0; i < pair_made(&scene, "fast"); i++) {
        pair_put(&scene.base, "fast/inner", "fast", "real_time", "ns", 100.0 + (double)(i % 3));
        pair_put(&scene.head, "fast/inner", "fast", "real_time", "ns", 150.0 + (double)(i % 3));
    }
    scene.options.config = NULL;
    replay(&scene, &out);
    fixture_expect(fixture_row(&out, "slow", "wall_time"), PW_VERDICT_PASS, "limit +20 %");
    fixture_expect(fixture_row(&out, "fast/inner", "real_time"), PW_VERDICT_INCONCLUSIVE,
                   "limit +20 %");
    fixture_expect(fixture_row(&out, "calm", "wall_time"), PW_VERDICT_PASS, "7 pairs");
    pw_comparison_release(&out);
    pair_end(&scene);
}

static void test_environments(void **state)
{
    struct pair_scene scene;
    struct pw_comparison out;

    (void)state;
    measure(&scene);
    memcpy(scene.base.environment.id, "aaaaaaaaaaaa", sizeof "aaaaaaaaaaaa");
    replay(&scene, &out);
    assert_true(fixture_has_warning(&out, "the environments of base and head differ"));
    pw_comparison_release(&out);
    scene.config.baseline.on_environment_mismatch = PW_POLICY_FAIL;
    replay(&scene, &out);
    assert_int_equal(out.counts[PW_VERDICT_NO_BASELINE], 4);
    assert_int_equal(out.exit_code, PW_EXIT_UNDECIDED);
    pw_comparison_release(&out);
    pair_end(&scene);
}

/* Sizes that were measured once a benchmark stand beside the pairs. */
static void test_once(void **state)
{
    static const struct pw_threshold both[] = {{"wall_time", 0.05, NAN, NAN},
                                               {"binary_size", 0.05, NAN, NAN}};
    struct pair_scene scene;
    struct pw_comparison out;

    (void)state;
    measure(&scene);
    scene.benchmarks[0].thresholds = both;
    scene.benchmarks[0].threshold_count = 2;
    pair_put(&scene.base, "calm", "calm", "binary_size", "bytes", 1000.0);
    pair_put(&scene.head, "calm", "calm", "binary_size", "bytes", 1100.0);
    replay(&scene, &out);
    fixture_expect(fixture_row(&out, "calm", "wall_time"), PW_VERDICT_PASS, "pairs");
    fixture_expect(fixture_row(&out, "calm", "binary_size"), PW_VERDICT_REGRESSION,
                   "counted without noise");
    pw_comparison_release(&out);
    pair_end(&scene);
}

static void test_filters(void **state)
{
    static const char *const filters[] = {"s*"};
    struct pair_scene scene;
    struct pw_comparison out;

    (void)state;
    measure(&scene);
    scene.options.filters = filters;
    scene.options.filter_count = 1;
    replay(&scene, &out);
    assert_int_equal(out.row_count, 1);
    assert_string_equal(out.rows[0].benchmark, "slow");
    pw_comparison_release(&out);
    pair_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_as_check),  cmocka_unit_test(test_stops),
        cmocka_unit_test(test_unequal),        cmocka_unit_test(test_mixture),
        cmocka_unit_test(test_is_interleaved), cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_environments),   cmocka_unit_test(test_once),
        cmocka_unit_test(test_filters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
