/*
 * Benchmarks that were removed or renamed, and sessions from before a change that was accepted.
 */
#include "acceptance_scene.h"

static void test_removed(void **state)
{
    static const char *const trailers[] = {"gone removed no more", "g* removed no more",
                                           "\"gone\" removed no more"};
    const struct pw_benchmark work = fixture_benchmark("work", &by_5_percent, 1);
    struct pw_strbuf line = PW_STRBUF_INIT;
    struct scene scene;
    (void)state;

    for (size_t i = 0; i <= PW_COUNT(trailers); i++) {
        scene_begin(&scene);
        add_entry(&scene.base, "gone", "gone", 1);
        add_samples(&scene.base, "instructions", "ns", PW_BETTER_LOWER, 1000);
        add_samples(&scene.head, "instructions", "ns", PW_BETTER_LOWER, 1000);
        if (i < PW_COUNT(trailers)) {
            agree(&scene, trailers[i]);
        } else {
            agree(&scene, "gone * +100% not about a removal");
        }
        decide(&scene, &work);
        const struct pw_comparison_row *row = fixture_row(&scene.comparison, "gone", NULL);
        if (i < PW_COUNT(trailers)) {
            fixture_expect(row, PW_VERDICT_ACCEPTED,
                           "the benchmark was removed; accepted by Ada (commit 1234): no more");
            assert_null(row->accepted.bound);
            assert_int_equal(scene.comparison.exit_code, PW_EXIT_PASS);
            assert_int_equal(scene.comparison.warning_count, 0);
        } else {
            fixture_expect(row, PW_VERDICT_MISSING, "the baseline has this benchmark");
            assert_true(fixture_has_warning(&scene.comparison, "accepts nothing"));
            pw_acceptance_advise(row, &line);
            assert_string_equal(pw_strbuf_text(&line), "Perf-Accept: gone removed <reason>");
        }
        scene_end(&scene);
    }
    pw_strbuf_release(&line);
}

/* Sessions from before an accepted change say nothing about that metric, but about others. */
static void test_sessions_are_cut(void **state)
{
    static const struct pw_threshold thresholds[] = {{"wall_time", 0.05, NAN, NAN},
                                                     {"max_rss", 0.05, NAN, NAN}};
    const struct pw_benchmark work = fixture_benchmark("work", thresholds, 2);
    const struct pw_config config = fixture_config(&work, 1);
    struct pw_comparison comparison;
    struct pw_result sessions[4];
    struct pw_result head;
    struct pw_acceptances past;
    const struct pw_gate_options options = {.config = &config, .past = &past};
    (void)state;

    memset(&past, 0, sizeof past);
    for (size_t i = 0; i < PW_COUNT(sessions); i++) { /* 0 and 1 after the change, 2 and 3 before */
        const double value = (i < 2 ? 1200.0 : 1000.0) + (double)i;
        fixture_result(&sessions[i]);
        add_samples(&sessions[i], "wall_time", "ns", PW_BETTER_LOWER, value);
        add_samples(&sessions[i], "max_rss", "bytes", PW_BETTER_LOWER, value);
        sessions[i].benchmarks[0].series[0].samples[0] += 1; /* noise, or only the nearest counts */
        sessions[i].benchmarks[0].series[1].samples[0] += 1;
    }
    fixture_result(&head);
    add_samples(&head, "wall_time", "ns", PW_BETTER_LOWER, 1201);
    add_samples(&head, "max_rss", "bytes", PW_BETTER_LOWER, 1201);
    head.benchmarks[0].series[0].samples[0] += 1;
    head.benchmarks[0].series[1].samples[0] += 1;
    assert_int_equal(pw_acceptances_add_trailer(&past, "work wall_time +30% why", "", "x", NULL),
                     0);
    past.items[0].older = (1u << 2) | (1u << 3);
    assert_int_equal(pw_gate_stored(&options, sessions, 4, NULL, NULL, &head, &comparison, NULL),
                     0);
    /* the centre of the newer two, and of all four */
    assert_true(fabs(fixture_row(&comparison, "work", "wall_time")->base - 1200.5) < 1.0);
    pw_comparison_release(&comparison);

    past.items[0].older = 0xF;
    assert_int_equal(pw_gate_stored(&options, sessions, 4, NULL, NULL, &head, &comparison, NULL),
                     0);
    /* the nearest of them, rather than none */
    const struct pw_comparison_row *row = fixture_row(&comparison, "work", "wall_time");
    assert_int_not_equal(row->verdict, PW_VERDICT_NO_BASELINE);
    assert_non_null(
        strstr(row->reason, "from before a change that was accepted (x), for no later"));
    assert_true(fabs(row->base - 1200.0) < 0.5);
    assert_null(
        strstr(fixture_row(&comparison, "work", "max_rss")->reason, "change that was accepted"));
    pw_comparison_release(&comparison);
    for (size_t i = 0; i < PW_COUNT(sessions); i++) {
        pw_result_release(&sessions[i]);
    }
    pw_result_release(&head);
    pw_acceptances_release(&past);
}

/** Sessions of one time, nearest first, and a head. */
struct levels {
    struct pw_result sessions[5];
    struct pw_result later[2];
    struct pw_result head;
    struct pw_acceptances past;
    struct pw_comparison comparison;
};

static void add_noisy(struct pw_result *result, const char *id, double value)
{
    struct pw_series *series =
        fixture_series(result, fixture_entry(result, id, id), "wall_time", "ns", PW_BETTER_LOWER);

    for (int i = 0; i < 5; i++) {
        assert_int_equal(pw_series_add(result, series, value + i % 2, NULL), 0);
    }
}

static void levels_begin(struct levels *levels, const double *values, double head)
{
    memset(levels, 0, sizeof *levels);
    for (size_t i = 0; i < PW_COUNT(levels->sessions); i++) {
        fixture_result(&levels->sessions[i]);
        add_noisy(&levels->sessions[i], "work", values[i]);
    }
    for (size_t i = 0; i < PW_COUNT(levels->later); i++) {
        fixture_result(&levels->later[i]);
    }
    fixture_result(&levels->head);
    add_noisy(&levels->head, "work", head);
}

static void levels_end(struct levels *levels)
{
    pw_comparison_release(&levels->comparison);
    pw_acceptances_release(&levels->past);
    for (size_t i = 0; i < PW_COUNT(levels->sessions); i++) {
        pw_result_release(&levels->sessions[i]);
    }
    for (size_t i = 0; i < PW_COUNT(levels->later); i++) {
        pw_result_release(&levels->later[i]);
    }
    pw_result_release(&levels->head);
}

/* @param older  the sessions from before the trailer; NULL for no trailer */
static const struct pw_comparison_row *decide_levels(struct levels *levels,
                                                     const struct pw_benchmark *work,
                                                     const char *trailer, uint32_t older,
                                                     size_t later_count)
{
    struct pw_config config = fixture_config(work, 1);
    const struct pw_gate_options options = {.config = &config,
                                            .past = &levels->past,
                                            .later = levels->later,
                                            .later_count = later_count};

    config.baseline.quarantine_ratio = 0.5;
    pw_acceptances_release(&levels->past);
    if (trailer != NULL) {
        assert_int_equal(pw_acceptances_add_trailer(&levels->past, trailer, "", "x", NULL), 0);
        levels->past.items[0].older = older;
    }
    pw_comparison_release(&levels->comparison);
    assert_int_equal(pw_gate_stored(&options, levels->sessions, PW_COUNT(levels->sessions), NULL,
                                    NULL, &levels->head, &levels->comparison, NULL),
                     0);
    return fixture_row(&levels->comparison, "work", "wall_time");
}

/* What accepts nothing of a metric leaves its history as it is. */
static void test_misfit_cuts_nothing(void **state)
{
    static const char *const misfits[] = {"work * -30% more is better?", "* wall_time +5KiB why",
                                          "work removed why"};
    static const double values[] = {1010, 1010, 1000, 1000, 1000};
    static const struct pw_threshold threshold = {"wall_time", 0.05, NAN, NAN};
    const struct pw_benchmark work = fixture_benchmark("work", &threshold, 1);
    struct levels levels;
    (void)state;

    levels_begin(&levels, values, 1000);
    assert_true(decide_levels(&levels, &work, NULL, 0, 0)->base < 1008);
    for (size_t i = 0; i < PW_COUNT(misfits); i++) {
        assert_true(decide_levels(&levels, &work, misfits[i], 0x1C, 0)->base < 1008);
    }
    assert_true(decide_levels(&levels, &work, "work * +5ms why", 0x1C, 0)->base > 1009);
    levels_end(&levels);
}

/* A session that is too good to be true is no base, not even where a cut leaves no other. */
static void test_quarantined_is_no_base_after_a_cut(void **state)
{
    static const double values[] = {100, 1000, 1001, 1000, 1001};
    static const struct pw_threshold threshold = {"wall_time", 0.05, NAN, NAN};
    const struct pw_benchmark work = fixture_benchmark("work", &threshold, 1);
    const struct pw_comparison_row *row;
    struct levels levels;
    (void)state;

    levels_begin(&levels, values, 1000);
    row = decide_levels(&levels, &work, "* * +1% unrelated", 0x1E, 0);
    assert_true(row->base > 990);
    assert_non_null(strstr(row->reason, "1 session of 5 quarantined"));
    assert_non_null(strstr(row->reason, "from before a change that was accepted"));
    assert_int_not_equal(row->verdict, PW_VERDICT_REGRESSION);
    levels_end(&levels);
}

/* A later session confirms a fast one also under the name that the benchmark had. */
static void test_later_under_a_former_name(void **state)
{
    static const char *const former[] = {"old"};
    static const double values[] = {100, 1000, 1001, 1000, 1001};
    static const struct pw_threshold threshold = {"wall_time", 0.05, NAN, NAN};
    struct pw_benchmark work = fixture_benchmark("work", &threshold, 1);
    struct levels levels;
    (void)state;

    levels_begin(&levels, values, 100);
    add_noisy(&levels.later[0], "old", 101);
    add_noisy(&levels.later[1], "old", 100);
    assert_non_null(
        strstr(decide_levels(&levels, &work, NULL, 0, 2)->reason, "1 session of 5 quarantined"));
    work.renamed_from = (struct pw_strings){former, 1};
    assert_null(strstr(decide_levels(&levels, &work, NULL, 0, 2)->reason, "quarantined"));
    levels_end(&levels);
}

static void test_renamed(void **state)
{
    static const char *const former[] = {"first", "old"};
    struct pw_benchmark work = fixture_benchmark("work", &by_5_percent, 1);
    struct scene scene;
    (void)state;

    work.renamed_from = (struct pw_strings){former, PW_COUNT(former)};
    scene_begin(&scene);
    add_entry(&scene.base, "old", "old", 1000);
    add_entry(&scene.head, "work", "work", 1100);
    decide(&scene, &work);
    assert_int_equal(scene.comparison.row_count, 1);
    fixture_expect(fixture_row(&scene.comparison, "work", "instructions"), PW_VERDICT_REGRESSION,
                   "10.0 % more");
    scene_end(&scene);

    /* what is stored under the new name counts, and the old one is not missing */
    scene_begin(&scene);
    add_entry(&scene.base, "old", "old", 1000);
    add_entry(&scene.base, "work", "work", 1100);
    add_entry(&scene.head, "work", "work", 1100);
    decide(&scene, &work);
    assert_int_equal(scene.comparison.row_count, 1);
    fixture_expect(fixture_row(&scene.comparison, "work", "instructions"), PW_VERDICT_PASS, "");
    scene_end(&scene);
}

/* What was agreed to before the renaming, or with it, has the former name. */
static void test_former_name_is_meant(void **state)
{
    static const char *const former[] = {"first", "old/n=1"};
    static const struct {
        const char *trailer;
        bool is_meant;
    } cases[] = {
        {"old * +12% why", true},          {"old/n=1 * +12% why", true},
        {"old/n=1/part * +12% why", true}, {"first/part * +12% why", true},
        {"work * +12% why", true},         {"other * +12% why", false},
    };
    struct pw_benchmark work = fixture_benchmark("work/n=1", &by_5_percent, 1);
    struct scene scene;
    (void)state;

    work.renamed_from = (struct pw_strings){former, PW_COUNT(former)};
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        scene_begin(&scene);
        add_entry(&scene.base, "old/n=1/part", "old/n=1", 1000);
        add_entry(&scene.head, "work/n=1/part", "work/n=1", 1100);
        agree(&scene, cases[i].trailer);
        decide(&scene, &work);
        fixture_expect(fixture_row(&scene.comparison, "work/n=1/part", "instructions"),
                       cases[i].is_meant ? PW_VERDICT_ACCEPTED : PW_VERDICT_REGRESSION, "10.0 %");
        assert_int_equal(fixture_has_warning(&scene.comparison, "accepts nothing"),
                         !cases[i].is_meant);
        scene_end(&scene);
    }
}

/* It cuts the history too. */
static void test_former_name_cuts(void **state)
{
    static const char *const former[] = {"old"};
    static const double values[] = {1010, 1010, 1000, 1000, 1000};
    static const struct pw_threshold threshold = {"wall_time", 0.05, NAN, NAN};
    struct pw_benchmark work = fixture_benchmark("work", &threshold, 1);
    struct levels levels;
    (void)state;

    levels_begin(&levels, values, 1000);
    assert_true(decide_levels(&levels, &work, "old * +5% why", 0x1C, 0)->base < 1008);
    work.renamed_from = (struct pw_strings){former, 1};
    assert_true(decide_levels(&levels, &work, "old * +5% why", 0x1C, 0)->base > 1009);
    levels_end(&levels);
}

/* A session that knows the benchmark by its new name is not asked for the old one. */
static void test_new_part_of_a_renamed(void **state)
{
    static const char *const former[] = {"old"};
    struct pw_benchmark work = fixture_benchmark("work", &by_5_percent, 1);
    struct scene scene;
    (void)state;

    work.renamed_from = (struct pw_strings){former, 1};
    scene_begin(&scene);
    add_entry(&scene.base, "work", "work", 1000);
    add_entry(&scene.base, "old/part", "old", 10);
    add_entry(&scene.head, "work", "work", 1000);
    add_entry(&scene.head, "work/part", "work", 20);
    decide(&scene, &work);
    fixture_expect(fixture_row(&scene.comparison, "work/part", "instructions"),
                   PW_VERDICT_NO_BASELINE, "new benchmark");
    assert_int_equal(scene.comparison.row_count, 2);
    scene_end(&scene);
}

/* Names that an adapter found move with their benchmark; one that is lost is still missing. */
static void test_renamed_with_parts(void **state)
{
    static const char *const former[] = {"old"};
    struct pw_benchmark work = fixture_benchmark("work", &by_5_percent, 1);
    struct scene scene;
    (void)state;

    work.renamed_from = (struct pw_strings){former, 1};
    work.format = "bmf";
    scene_begin(&scene);
    add_entry(&scene.base, "old", "old", 1000);
    add_entry(&scene.base, "old/kept", "old", 10);
    add_entry(&scene.base, "old/lost", "old", 10);
    add_entry(&scene.head, "work", "work", 1000);
    add_entry(&scene.head, "work/kept", "work", 10);
    decide(&scene, &work);
    fixture_expect(fixture_row(&scene.comparison, "work/kept", "instructions"), PW_VERDICT_PASS,
                   "");
    fixture_expect(fixture_row(&scene.comparison, "old/lost", NULL), PW_VERDICT_MISSING,
                   "no longer reports it");
    assert_int_equal(scene.comparison.row_count, 3);
    scene_end(&scene);
}

/* Sessions, nearest first, by the benchmarks they have; the head has only 'work'. */
static void compare_with(const char *const *const *ids, size_t count,
                         const struct pw_gate_options *options, struct pw_comparison *comparison)
{
    struct pw_result sessions[3];
    struct pw_result head;

    assert_true(count <= PW_COUNT(sessions));
    for (size_t i = 0; i < count; i++) {
        fixture_result(&sessions[i]);
        for (size_t k = 0; ids[i][k] != NULL; k++) {
            add_entry(&sessions[i], ids[i][k], ids[i][k], 1000);
        }
    }
    fixture_result(&head);
    add_entry(&head, "work", "work", 1000);
    assert_int_equal(pw_gate_stored(options, sessions, count, NULL, NULL, &head, comparison, NULL),
                     0);
    for (size_t i = 0; i < count; i++) {
        pw_result_release(&sessions[i]);
    }
    pw_result_release(&head);
}

/* A session may have been stored with a filter: what it lacks is looked for in those before it. */
static void test_missing_beyond_the_nearest(void **state)
{
    static const char *const full[] = {"work", "gone", "other", NULL};
    static const char *const filtered[] = {"work", NULL};
    static const char *const *const sessions[] = {filtered, full, full};
    const struct pw_benchmark work = fixture_benchmark("work", &by_5_percent, 1);
    const struct pw_config config = fixture_config(&work, 1);
    struct pw_acceptances past;
    const struct pw_gate_options options = {.config = &config, .past = &past};
    struct pw_comparison comparison;
    (void)state;

    memset(&past, 0, sizeof past);
    compare_with(sessions, 3, &options, &comparison);
    assert_int_equal(comparison.row_count, 3); /* each is told once */
    fixture_expect(fixture_row(&comparison, "gone", NULL), PW_VERDICT_MISSING,
                   "give it up by a commit with the trailer 'Perf-Accept: gone removed <reason>'");
    assert_int_not_equal(comparison.exit_code, PW_EXIT_PASS);
    pw_comparison_release(&comparison);

    /* given up after the sessions that have it */
    assert_int_equal(pw_acceptances_add_trailer(&past, "gone removed why", "", "x", NULL), 0);
    past.items[0].older = (1u << 1) | (1u << 2);
    compare_with(sessions, 3, &options, &comparison);
    assert_int_equal(comparison.row_count, 2);
    fixture_expect(fixture_row(&comparison, "other", NULL), PW_VERDICT_MISSING, "");
    pw_comparison_release(&comparison);

    /* it came back after that, and is lost again */
    past.items[0].older = 1u << 2;
    compare_with(sessions, 3, &options, &comparison);
    assert_int_equal(comparison.row_count, 3);
    fixture_expect(fixture_row(&comparison, "gone", NULL), PW_VERDICT_MISSING, "");
    pw_comparison_release(&comparison);
    pw_acceptances_release(&past);
}

/* What a renamed benchmark has under its new name in a nearer session counts. */
static void test_renamed_long_ago(void **state)
{
    static const char *const former[] = {"old"};
    static const char *const today[] = {"work", NULL};
    static const char *const before[] = {"old", NULL};
    static const char *const *const sessions[] = {today, before};
    struct pw_benchmark work = fixture_benchmark("work", &by_5_percent, 1);
    const struct pw_config config = fixture_config(&work, 1);
    const struct pw_gate_options options = {.config = &config};
    struct pw_comparison comparison;
    (void)state;

    work.renamed_from = (struct pw_strings){former, 1};
    compare_with(sessions, 2, &options, &comparison);
    fixture_expect(fixture_row(&comparison, "work", "instructions"), PW_VERDICT_PASS, "");
    assert_int_equal(comparison.row_count, 1);
    pw_comparison_release(&comparison);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_removed),
        cmocka_unit_test(test_sessions_are_cut),
        cmocka_unit_test(test_misfit_cuts_nothing),
        cmocka_unit_test(test_quarantined_is_no_base_after_a_cut),
        cmocka_unit_test(test_later_under_a_former_name),
        cmocka_unit_test(test_renamed),
        cmocka_unit_test(test_former_name_is_meant),
        cmocka_unit_test(test_former_name_cuts),
        cmocka_unit_test(test_new_part_of_a_renamed),
        cmocka_unit_test(test_renamed_with_parts),
        cmocka_unit_test(test_missing_beyond_the_nearest),
        cmocka_unit_test(test_renamed_long_ago),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
