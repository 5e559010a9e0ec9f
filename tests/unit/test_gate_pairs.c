/* A paired decision over results that grow: when it wants more, and which verdicts it ends in. */
#include "pair_fixture.h"

static const struct pw_threshold time_5[] = {{"wall_time", 0.05, NAN, NAN}};
static const struct pw_threshold time_and_size[] = {{"wall_time", 0.05, NAN, NAN},
                                                    {"binary_size", 0.02, NAN, NAN}};
static const struct pw_threshold counts[] = {{"instructions", 0.01, NAN, NAN}};

static void test_verdicts(void **state)
{
    static const struct {
        double ratio;
        double sigma;
        enum pw_verdict verdict;
        size_t max;
        const char *reason;
    } cases[] = {
        {1.0, 0.01, PW_VERDICT_PASS, 12, "limit +5 %, "},
        {1.15, 0.01, PW_VERDICT_REGRESSION, 20, "% slower, interval +"},
        {0.7, 0.03, PW_VERDICT_PASS, 12, "% faster"},
        {1.05, 0.03, PW_VERDICT_INCONCLUSIVE, 8, ", 8 pairs: could not have seen less than "},
        {10.0, 0.01, PW_VERDICT_INCONCLUSIVE, 8,
         ", 8 pairs: too few to show a regression at alpha 0.01, which takes 9 pairs at least"},
        {1.05, 0.01, PW_VERDICT_INCONCLUSIVE, 50, ", 50 pairs: too close to the limit to tell"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pair_scene scene;
        const struct pw_comparison_row *row;
        pair_start(&scene, 100 + i);
        pair_declare(&scene, "a", time_5, 1, cases[i].ratio, cases[i].sigma);
        pair_open(&scene);
        pair_rounds(&scene, cases[i].max);
        pair_finish(&scene);
        row = fixture_row(&scene.out, "a", "wall_time");
        fixture_expect(row, cases[i].verdict, cases[i].reason);
        assert_string_equal(row->method, "paired");
        assert_int_equal(row->pairs, pair_made(&scene, "a"));
        assert_int_equal(row->base_samples, row->pairs);
        assert_true(fabs(row->ratio / cases[i].ratio - 1.0) < 0.05);
        assert_true(row->interval.low <= row->ratio && row->ratio <= row->interval.high);
        assert_true(row->e_value > 0.0 && row->noise > 0.0);
        if (cases[i].verdict == PW_VERDICT_REGRESSION)
            assert_true(row->interval.low >= 1.05 - 1e-12);
        pair_end(&scene);
    }
}

/* Only the figures a verdict needs are measured, but never fewer than the least number. */
static void test_wants(void **state)
{
    struct pair_scene scene;

    (void)state;
    pair_start(&scene, 1);
    pair_declare(&scene, "a", time_5, 1, 1.0, 0.001);
    pair_open(&scene);
    scene.options.runs_min = 12;
    assert_true(pair_wants(&scene, "a"));
    pair_rounds(&scene, 100);
    assert_int_equal(pair_made(&scene, "a"), 12);
    assert_false(pair_wants(&scene, "a"));
    assert_false(pair_wants(&scene, "unknown"));
    pair_end(&scene);
}

/* A benchmark that records nothing in its runs still gets the least number, and an end. */
static void test_wants_without_samples(void **state)
{
    struct pair_scene scene;
    size_t asked = 0;

    (void)state;
    pair_start(&scene, 1);
    pair_declare(&scene, "a", NULL, 0, 1.0, 0.01);
    pair_open(&scene);
    while (asked < 100 && pair_wants(&scene, "a"))
        asked++;
    assert_in_range(asked, 5, 6);
    pair_end(&scene);
}

static void test_suite(void **state)
{
    static const char *const names[] = {"a", "b", "c", "d"};
    struct pair_scene scene;

    (void)state;
    pair_start(&scene, 5);
    for (size_t i = 0; i < 4; i++)
        pair_declare(&scene, names[i], time_5, 1, i == 2 ? 1.12 : 1.0, 0.01);
    pair_open(&scene);
    pair_rounds(&scene, 60);
    pair_finish(&scene);
    assert_int_equal(scene.out.row_count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(scene.out.rows[i].benchmark, names[i]);
        assert_int_equal(scene.out.rows[i].verdict,
                         i == 2 ? PW_VERDICT_REGRESSION : PW_VERDICT_PASS);
    }
    assert_true(scene.out.rows[2].e_value >= 4 / 0.05 && scene.out.rows[2].e_value >= 100);
    assert_string_equal(scene.out.mode, "paired");
    assert_int_equal(scene.out.exit_code, PW_EXIT_REGRESSION);
    assert_string_equal(scene.out.head.commit, scene.head.commit);
    pair_end(&scene);
}

/* With a thousand other comparisons the same evidence does not do: more pairs, or no verdict. */
static void test_suspicion(void **state)
{
    static const size_t elsewhere[] = {0, 1000};
    size_t made[2];

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct pair_scene scene;
        pair_start(&scene, 11);
        pair_declare(&scene, "a", time_5, 1, 1.10, 0.02);
        pair_open(&scene);
        scene.options.decided_elsewhere = elsewhere[i];
        pair_rounds(&scene, 200);
        pair_finish(&scene);
        made[i] = pair_made(&scene, "a");
        fixture_expect(fixture_row(&scene.out, "a", "wall_time"), PW_VERDICT_REGRESSION, "slower");
        assert_true(scene.out.rows[0].e_value >= (double)(elsewhere[i] + 1) / 0.05);
        pair_end(&scene);
    }
    assert_true(made[1] > made[0]);

    struct pair_scene scene;
    pair_start(&scene, 11);
    pair_declare(&scene, "a", time_5, 1, 1.10, 0.02);
    pair_open(&scene);
    scene.options.decided_elsewhere = 1000;
    pair_rounds(&scene, made[0]);
    assert_true(pair_wants(&scene, "a"));
    pair_finish(&scene);
    fixture_expect(fixture_row(&scene.out, "a", "wall_time"), PW_VERDICT_INCONCLUSIVE,
                   ": suspected; not kept at a false discovery rate of 5 % over 1001 comparisons");
    assert_null(strstr(scene.out.rows[0].reason, "could not have seen"));
    pair_end(&scene);
}

/* A regression that e-BH has kept takes in no more pairs, whatever another metric still needs. */
static void test_kept_is_settled(void **state)
{
    static const struct pw_threshold two[] = {{"wall_time", 0.05, NAN, NAN},
                                              {"cpu_time", 0.05, NAN, NAN}};
    struct pair_scene scene;

    (void)state;
    pair_start(&scene, 3);
    pair_declare(&scene, "a", two, 2, 1.2, 0.01);
    pair_open(&scene);
    for (size_t i = 0; i < 40 && pair_wants(&scene, "a"); i++) {
        pair_measure(&scene, 0);
        pair_put(&scene.base, "a", "a", "cpu_time", "ns", 100.0);
        pair_put(&scene.head, "a", "a", "cpu_time", "ns", 105.0 * exp(pair_normal(&scene)));
    }
    pair_finish(&scene);
    assert_true(pair_made(&scene, "a") == 40);
    assert_true(fixture_row(&scene.out, "a", "wall_time")->pairs < 20);
    fixture_expect(fixture_row(&scene.out, "a", "wall_time"), PW_VERDICT_REGRESSION, "slower");
    fixture_expect(fixture_row(&scene.out, "a", "cpu_time"), PW_VERDICT_INCONCLUSIVE, "40 pairs");
    pair_end(&scene);
}

/* Two slow benchmarks, one of which fails after 12 pairs when it is told to. @return its e-value */
static double measure_two(size_t elsewhere, bool fails, enum pw_verdict verdict)
{
    struct pair_scene scene;
    double e_value;

    pair_start(&scene, 21);
    pair_declare(&scene, "a", time_5, 1, 1.12, 0.02);
    pair_declare(&scene, "b", time_5, 1, 1.30, 0.01);
    pair_open(&scene);
    scene.options.decided_elsewhere = elsewhere;
    pair_rounds(&scene, 12);
    if (fails)
        pw_result_find(&scene.head, "b")->status = PW_MEASURED_EXIT;
    pair_finish(&scene);
    fixture_expect(fixture_row(&scene.out, "a", "wall_time"), verdict, "pairs");
    e_value = fixture_row(&scene.out, "a", "wall_time")->e_value;
    pair_end(&scene);
    return e_value;
}

/* Two suspicions support each other, but what a benchmark has shown that failed does not. */
static void test_support(void **state)
{
    size_t elsewhere;

    (void)state;
    elsewhere = (size_t)(measure_two(1000000, false, PW_VERDICT_INCONCLUSIVE) * 0.05 * 1.5);
    assert_true(elsewhere > 2);
    measure_two(elsewhere, false, PW_VERDICT_REGRESSION);
    measure_two(elsewhere, true, PW_VERDICT_INCONCLUSIVE);
}

/* Evidence at the threshold is evidence against all below it, and the interval says so. */
static void test_interval(void **state)
{
    struct pair_scene scene;
    double excess = 0.01;

    (void)state;
    pair_start(&scene, 1);
    pair_declare(&scene, "a", time_5, 1, 1.0, 0.01);
    pair_open(&scene);
    for (int i = 0; i < 9; i++, excess *= 1.5) {
        pair_put(&scene.base, "a", "a", "wall_time", "ns", 1000.0);
        pair_put(&scene.head, "a", "a", "wall_time", "ns", 1050.0 * exp(excess));
    }
    pair_finish(&scene);
    fixture_expect(&scene.out.rows[0], PW_VERDICT_REGRESSION, "slower, interval +5.0 %");
    assert_true(fabs(scene.out.rows[0].interval.low - 1.05) < 1e-9);
    pair_end(&scene);
}

static void test_exempt(void **state)
{
    struct pair_scene scene;

    (void)state;
    pair_start(&scene, 2);
    pair_declare(&scene, "same", time_5, 1, 1.0, 0.01);
    pair_declare(&scene, "new", time_5, 1, 1.0, 0.01);
    pair_declare(&scene, "slow", time_5, 1, 1.2, 0.005);
    pair_open(&scene);
    assert_int_equal(pw_gate_pairs_exempt(scene.pairs, "gone", PW_VERDICT_MISSING, NULL,
                                          "the base has it", NULL),
                     0);
    assert_int_equal(pw_gate_pairs_exempt(scene.pairs, "same", PW_VERDICT_PASS, "identical",
                                          "the executables are the same", NULL),
                     0);
    assert_int_equal(
        pw_gate_pairs_exempt(scene.pairs, "new", PW_VERDICT_NO_BASELINE, NULL, "new", NULL), 0);
    assert_false(pair_wants(&scene, "same"));
    assert_false(pair_wants(&scene, "new"));
    assert_false(pair_wants(&scene, "gone"));
    pair_rounds(&scene, 60);
    pair_finish(&scene);
    assert_int_equal(scene.out.row_count, 4);
    assert_string_equal(scene.out.rows[0].benchmark, "same");
    assert_string_equal(scene.out.rows[0].method, "identical");
    fixture_expect(&scene.out.rows[0], PW_VERDICT_PASS, "the executables are the same");
    fixture_expect(&scene.out.rows[1], PW_VERDICT_NO_BASELINE, "new");
    assert_null(scene.out.rows[1].method);
    fixture_expect(&scene.out.rows[2], PW_VERDICT_REGRESSION, "slower");
    assert_string_equal(scene.out.rows[3].benchmark, "gone");
    fixture_expect(&scene.out.rows[3], PW_VERDICT_MISSING, "the base has it");
    pair_end(&scene);
}

/* No evidence outweighs a failure, on whichever side. */
static void test_failures(void **state)
{
    (void)state;
    for (int side = 0; side < 2; side++) {
        struct pair_scene scene;
        struct pw_result_benchmark *entry;
        pair_start(&scene, 4);
        pair_declare(&scene, "a", time_5, 1, 1.0, 0.001);
        pair_open(&scene);
        pair_rounds(&scene, 4);
        entry = pw_result_find(side == 0 ? &scene.base : &scene.head, "a");
        entry->status = PW_MEASURED_SIGNAL;
        entry->error = "killed by SIGSEGV";
        assert_false(pair_wants(&scene, "a"));
        for (int i = 0; i < 20; i++)
            pair_measure(&scene, 0);
        pair_finish(&scene);
        assert_int_equal(scene.out.row_count, 1);
        fixture_expect(&scene.out.rows[0], PW_VERDICT_ERROR,
                       side == 0 ? "base: killed by SIGSEGV" : "head: killed by SIGSEGV");
        assert_int_equal(scene.out.exit_code, PW_EXIT_UNMEASURED);
        pair_end(&scene);
    }
}

static void test_not_measured(void **state)
{
    struct pair_scene scene;

    (void)state;
    pair_start(&scene, 4);
    pair_declare(&scene, "a", time_5, 1, 1.0, 0.001);
    pair_declare(&scene, "b", counts, 1, 1.0, 0.001);
    pair_open(&scene);
    pair_measure(&scene, 1);
    pair_finish(&scene);
    assert_int_equal(scene.out.row_count, 2);
    fixture_expect(&scene.out.rows[0], PW_VERDICT_ERROR, "declared but not measured");
    fixture_expect(&scene.out.rows[1], PW_VERDICT_ERROR, "reported no metric 'instructions'");
    pair_end(&scene);
}

/* One process yields several benchmarks; they are found by their ids, wherever they stand. */
static void test_inner(void **state)
{
    static const char *const ids[] = {"p/x", "p/y", "p/z"};
    struct pair_scene scene;
    struct pw_result_benchmark first;

    (void)state;
    pair_start(&scene, 8);
    pair_declare(&scene, "p", time_5, 1, 1.0, 0.001);
    scene.benchmarks[0].format = "google-benchmark";
    pair_open(&scene);
    for (int i = 0; i < 40 && pair_wants(&scene, "p"); i++) {
        for (int k = 0; k < 3; k++) {
            const double drift = 0.01 * pair_normal(&scene);
            if (k != 1) /* "p/y" is new */
                pair_put(&scene.base, ids[k], "p", "wall_time", "ns", 100.0 * exp(drift));
            if (k != 2) /* "p/z" has vanished */
                pair_put(&scene.head, ids[k], "p", "wall_time", "ns",
                         k == 0 ? 120.0 * exp(0.01 * pair_normal(&scene)) : 100.0);
        }
        pair_measure(&scene, 0);
        if (i == 3) { /* they may move at any time */
            first = scene.head.benchmarks[0];
            scene.head.benchmarks[0] = scene.head.benchmarks[2];
            scene.head.benchmarks[2] = first;
        }
    }
    first = scene.head.benchmarks[1];
    scene.head.benchmarks[1] = scene.head.benchmarks[2];
    scene.head.benchmarks[2] = first;
    pair_finish(&scene);
    assert_int_equal(scene.out.row_count, 4);
    fixture_expect(fixture_row(&scene.out, "p", "wall_time"), PW_VERDICT_PASS, "pairs");
    fixture_expect(fixture_row(&scene.out, "p/x", "wall_time"), PW_VERDICT_REGRESSION, "slower");
    fixture_expect(fixture_row(&scene.out, "p/y", "wall_time"), PW_VERDICT_NO_BASELINE,
                   "new benchmark");
    fixture_expect(fixture_row(&scene.out, "p/z", NULL), PW_VERDICT_MISSING, "no longer reports");
    assert_string_equal(fixture_row(&scene.out, "p/x", "wall_time")->declared, "p");
    assert_true(fabs(fixture_row(&scene.out, "p/x", "wall_time")->ratio - 1.2) < 0.02);
    assert_true(fabs(fixture_row(&scene.out, "p", "wall_time")->ratio - 1.0) < 0.02);
    pair_end(&scene);
}

/* Counts that agree are compared exactly, once they are there, and are no hypothesis. */
static void test_exact(void **state)
{
    static const struct {
        double size;
        enum pw_verdict verdict;
        const char *reason;
    } cases[] = {{1000.0, PW_VERDICT_PASS, "no change, counted without noise"},
                 {1019.0, PW_VERDICT_PASS, "1.9 % more"},
                 {1021.0, PW_VERDICT_REGRESSION, "2.1 % more, counted without noise, limit +2 %"}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pair_scene scene;
        pair_start(&scene, 6);
        pair_declare(&scene, "a", time_and_size, 2, 1.0, 0.01);
        pair_open(&scene);
        pair_rounds(&scene, 60);
        pair_put(&scene.base, "a", "a", "binary_size", "bytes", 1000.0);
        pair_put(&scene.head, "a", "a", "binary_size", "bytes", cases[i].size);
        assert_false(pair_wants(&scene, "a"));
        pair_finish(&scene);
        fixture_expect(fixture_row(&scene.out, "a", "binary_size"), cases[i].verdict,
                       cases[i].reason);
        assert_string_equal(fixture_row(&scene.out, "a", "binary_size")->method, "exact");
        pair_end(&scene);
    }
}

/* Counts that do not agree with themselves are noisy: they are decided by pairs. */
static void test_noisy_counts(void **state)
{
    struct pair_scene scene;

    (void)state;
    pair_start(&scene, 6);
    pair_declare(&scene, "a", counts, 1, 1.0, 0.01);
    pair_open(&scene);
    for (int i = 0; i < 7; i++) {
        assert_int_equal(pair_wants(&scene, "a"), i < 5);
        pair_put(&scene.base, "a", "a", "instructions", "count", i < 6 ? 1e6 : 1.01e6);
        pair_put(&scene.head, "a", "a", "instructions", "count", 1.1e6);
    }
    assert_true(pair_wants(&scene, "a")); /* the last one differs */
    pair_end(&scene);

    pair_start(&scene, 6);
    pair_declare(&scene, "a", counts, 1, 1.0, 0.01);
    pair_open(&scene);
    for (int i = 0; i < 60 && pair_wants(&scene, "a"); i++) {
        pair_put(&scene.base, "a", "a", "instructions", "count",
                 1e6 * exp(0.002 * pair_normal(&scene)));
        pair_put(&scene.head, "a", "a", "instructions", "count",
                 1.1e6 * exp(0.002 * pair_normal(&scene)));
    }
    pair_finish(&scene);
    assert_string_equal(scene.out.rows[0].method, "paired");
    fixture_expect(&scene.out.rows[0], PW_VERDICT_REGRESSION, "% more, interval +");
    assert_true(scene.out.rows[0].pairs >= 9);
    pair_end(&scene);
}

/* Values and series that cannot be compared. */
static void test_obstacles(void **state)
{
    static const struct {
        const char *base;
        const char *head;
        const char *unit;
        const char *source;
        enum pw_verdict verdict;
        const char *reason;
    } cases[] = {
        {"10 11 12", "10 11 12", "us", "test", PW_VERDICT_NO_BASELINE, "not comparable"},
        {"10 11 12", "10 11 12", "ns", "other", PW_VERDICT_NO_BASELINE, "different sources"},
        {"10 -1 12", "10 11 12", "ns", "test", PW_VERDICT_ERROR, "the base has the value '-1'"},
        {"10 11 12", "10 nan 12", "ns", "test", PW_VERDICT_ERROR, "the head has the value 'nan'"},
        {"0 0 0", "10 11 12", "ns", "test", PW_VERDICT_ERROR, "the base is '0'"},
        {"10 11 12", "10 0 12", "ns", "test", PW_VERDICT_ERROR, "some values are '0'"},
        {"10 11 12", "10 11", "ns", "test", PW_VERDICT_ERROR,
         "not pairs: the base has 3 values, the head 2"},
        {"10 11 12", "10 11 12", "ns", "test", PW_VERDICT_INCONCLUSIVE, ", 3 pairs"},
        {"", "10 11 12", "ns", "test", PW_VERDICT_NO_BASELINE, "new metric"},
        {"10 11 12", "", "ns", "test", PW_VERDICT_ERROR, "not measured"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pair_scene scene;
        struct pw_series *series;
        pair_start(&scene, 9);
        pair_declare(&scene, "a", time_5, 1, 1.0, 0.01);
        pair_open(&scene);
        fixture_time(&scene.base, "a", cases[i].base);
        series = pw_result_series(&scene.head, fixture_entry(&scene.head, "a", "a"), "wall_time",
                                  cases[i].unit, PW_BETTER_LOWER, cases[i].source);
        assert_non_null(series);
        fixture_samples(&scene.head, series, cases[i].head, cases[i].head + strlen(cases[i].head));
        (void)pair_wants(&scene, "a");
        pair_finish(&scene);
        assert_int_equal(scene.out.row_count, 1);
        fixture_expect(&scene.out.rows[0], cases[i].verdict, cases[i].reason);
        pair_end(&scene);
    }
}

/* A ceiling that is gated beside the change, or alone. */
static void test_limits(void **state)
{
    static const struct pw_threshold ceiling[] = {{"max_rss", NAN, NAN, 1000.0}};
    static const struct {
        double low;
        double high;
        enum pw_verdict verdict;
        const char *reason;
    } cases[] = {{900.0, 950.0, PW_VERDICT_PASS, "within the limit"},
                 {1100.0, 1150.0, PW_VERDICT_REGRESSION, "is over the limit"},
                 {900.0, 1100.0, PW_VERDICT_INCONCLUSIVE, "to be sure"}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pair_scene scene;
        pair_start(&scene, 9);
        pair_declare(&scene, "a", ceiling, 1, 1.0, 0.01);
        pair_open(&scene);
        for (int k = 0; k < 20 && pair_wants(&scene, "a"); k++) {
            pair_put(&scene.base, "a", "a", "max_rss", "count", 100.0);
            pair_put(&scene.head, "a", "a", "max_rss", "count",
                     k % 2 == 0 ? cases[i].low : cases[i].high);
        }
        pair_finish(&scene);
        fixture_expect(&scene.out.rows[0], cases[i].verdict, cases[i].reason);
        assert_non_null(strstr(scene.out.rows[0].reason, " pairs"));
        pair_end(&scene);
    }
}

/* What the filters leave out is neither wanted nor an error. */
static void test_filters(void **state)
{
    static const char *const filters[] = {"a"};
    struct pair_scene scene;

    (void)state;
    pair_start(&scene, 9);
    pair_declare(&scene, "b", time_5, 1, 1.0, 0.01);
    pair_declare(&scene, "a", time_5, 1, 1.0, 0.01);
    scene.options.filters = filters;
    scene.options.filter_count = 1;
    pair_open(&scene);
    assert_false(pair_wants(&scene, "b"));
    pair_rounds(&scene, 60);
    pair_finish(&scene);
    assert_int_equal(scene.out.row_count, 1);
    assert_string_equal(scene.out.rows[0].benchmark, "a");
    pair_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_wants),
        cmocka_unit_test(test_wants_without_samples),
        cmocka_unit_test(test_suite),
        cmocka_unit_test(test_suspicion),
        cmocka_unit_test(test_kept_is_settled),
        cmocka_unit_test(test_support),
        cmocka_unit_test(test_interval),
        cmocka_unit_test(test_exempt),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_not_measured),
        cmocka_unit_test(test_inner),
        cmocka_unit_test(test_exact),
        cmocka_unit_test(test_noisy_counts),
        cmocka_unit_test(test_obstacles),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_filters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
