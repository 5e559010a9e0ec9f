/* A look at a paired decision under way: what it tells, and that it changes nothing. */
#include "pair_fixture.h"
#include "perfwarden/gate/pair_status.h"

static const struct pw_threshold time_5[] = {{"wall_time", 0.05, NAN, NAN}};
static const struct pw_threshold time_and_count[] = {{"wall_time", 0.05, NAN, NAN},
                                                     {"instructions", 0.02, NAN, NAN}};

static struct pw_pair_status peek(struct pair_scene *scene, const char *id)
{
    struct pw_pair_status status;

    assert_int_equal(pw_gate_pairs_peek(scene->pairs, id, &status, NULL), 0);
    return status;
}

static void test_stages(void **state)
{
    struct pair_scene scene;
    struct pw_pair_status status;
    struct pw_error err = PW_ERROR_INIT;

    (void)state;
    pair_start(&scene, 3);
    pair_declare(&scene, "a", time_5, 1, 1.0, 0.01);
    pair_open(&scene);
    status = peek(&scene, "a");
    assert_int_equal(status.pairs, 0);
    assert_string_equal(status.benchmark, "a");
    assert_null(status.metric);
    assert_true(isnan(status.ratio) && isnan(status.interval.low));
    assert_false(status.is_decided);
    for (size_t i = 0; i < 3; i++) {
        assert_true(pair_wants(&scene, "a"));
        pair_measure(&scene, 0);
    }
    assert_true(pair_wants(&scene, "a"));
    status = peek(&scene, "a");
    assert_int_equal(status.pairs, 3);
    assert_string_equal(status.metric, "wall_time");
    assert_true(fabs(status.ratio - 1.0) < 0.1);
    assert_false(status.is_decided);
    assert_int_equal(status.verdict, PW_VERDICT_INCONCLUSIVE);
    assert_int_equal(pw_gate_pairs_peek(scene.pairs, "b", &status, &err), PW_ENOTFOUND);
    pw_error_release(&err);
    pair_end(&scene);
}

/* What it says in the end is what the report says, and looking at it has changed nothing. */
static void test_agrees_with_the_report(void **state)
{
    static const double ratios[] = {1.0, 1.2, 0.7, 1.05};

    (void)state;
    for (size_t looks = 0; looks < 2; looks++) {
        struct pair_scene scene;
        pair_start(&scene, 17);
        for (size_t i = 0; i < 4; i++) {
            static const char *const ids[] = {"a", "b", "c", "d"};
            pair_declare(&scene, ids[i], time_5, 1, ratios[i], 0.01);
        }
        pair_open(&scene);
        for (size_t max = 1; max <= 40; max++) {
            pair_rounds(&scene, max);
            for (size_t i = 0; i < looks * 4; i++) {
                (void)peek(&scene, scene.benchmarks[i].id);
            }
        }
        for (size_t i = 0; i < 4; i++) {
            (void)pair_wants(&scene, scene.benchmarks[i].id);
        }
        struct pw_pair_status found[4];
        for (size_t i = 0; i < 4; i++) {
            found[i] = peek(&scene, scene.benchmarks[i].id);
        }
        pair_finish(&scene);
        for (size_t i = 0; i < 4; i++) {
            const struct pw_comparison_row *row = &scene.out.rows[i];
            assert_int_equal(found[i].verdict, row->verdict);
            assert_int_equal(found[i].pairs, row->pairs);
            assert_true(found[i].ratio == row->ratio);
            assert_true(found[i].interval.low == row->interval.low);
            assert_true(found[i].interval.high == row->interval.high);
            assert_int_equal(found[i].is_decided, row->verdict != PW_VERDICT_INCONCLUSIVE);
        }
        assert_int_equal(scene.out.rows[1].verdict, PW_VERDICT_REGRESSION);
        assert_int_equal(scene.out.rows[1].pairs, 10);
        pair_end(&scene);
    }
}

/* Of several metrics the one that is nearest to failing, a count without noise among them. */
static void test_names_the_worst_metric(void **state)
{
    static const double heads[] = {1000.0, 1100.0};
    static const char *const metrics[] = {"wall_time", "instructions"};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct pair_scene scene;
        pair_start(&scene, 5);
        pair_declare(&scene, "a", time_and_count, 2, 1.0, 0.01);
        pair_open(&scene);
        for (size_t k = 0; k < 4; k++) {
            pair_measure(&scene, 0);
            pair_put(&scene.base, "a", "a", "instructions", "count", 1000.0);
            pair_put(&scene.head, "a", "a", "instructions", "count", heads[i]);
            assert_true(pair_wants(&scene, "a"));
        }
        const struct pw_pair_status status = peek(&scene, "a");
        assert_string_equal(status.metric, metrics[i]);
        assert_int_equal(status.verdict, i == 1 ? PW_VERDICT_REGRESSION : PW_VERDICT_INCONCLUSIVE);
        assert_true(i == 0 || fabs(status.ratio - 1.1) < 1e-12);
        assert_false(status.is_decided);
        pair_end(&scene);
    }
}

static void test_without_pairs(void **state)
{
    struct pair_scene scene;
    struct pw_pair_status status;

    (void)state;
    pair_start(&scene, 5);
    pair_declare(&scene, "same", time_5, 1, 1.0, 0.01);
    pair_declare(&scene, "fails", time_5, 1, 1.0, 0.01);
    pair_open(&scene);
    assert_int_equal(pw_gate_pairs_exempt(scene.pairs, "same", PW_VERDICT_PASS, "identical",
                                          "nothing differs", NULL),
                     0);
    status = peek(&scene, "same");
    assert_true(status.is_decided);
    assert_int_equal(status.verdict, PW_VERDICT_PASS);
    pair_measure(&scene, 1);
    pw_result_find(&scene.head, "fails")->status = PW_MEASURED_EXIT;
    assert_false(pair_wants(&scene, "fails"));
    status = peek(&scene, "fails");
    assert_true(status.is_decided);
    assert_int_equal(status.verdict, PW_VERDICT_ERROR);
    assert_true(isnan(status.ratio));
    pair_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stages),
        cmocka_unit_test(test_agrees_with_the_report),
        cmocka_unit_test(test_names_the_worst_metric),
        cmocka_unit_test(test_without_pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
