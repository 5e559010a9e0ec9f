/*
 * Quarantine: which sessions wait for a second one, that noise never makes one wait, and what a
 * comparison does without them.
 */
#include "gate_fixture.h"

#include "../../src/gate/quarantine.h"
#include "stats_random.h"

#define REPETITIONS 4000
/** An improvement by more than half. */
#define HALF 0.69314718055994531

/* Which of the values are held back, as a mask written out: "..x.". */
static void check_held(const double *values, size_t n, const char *expected)
{
    const struct pw_prediction_options options = {0.01, 0.03, 0, log(1.05)};
    bool held[PW_QUARANTINE_MAX_SESSIONS];
    char mask[PW_QUARANTINE_MAX_SESSIONS + 1] = "";

    assert_int_equal(pw_quarantine_find(values, n, HALF, &options, held, NULL), 0);
    for (size_t i = 0; i < n; i++)
        mask[i] = held[i] ? 'x' : '.';
    assert_string_equal(mask, expected);
}

#define CHECK(expected, ...)                                                                       \
    check_held((const double[]){__VA_ARGS__}, sizeof(expected) - 1, expected)

static void test_rule(void **state)
{
    (void)state;
    CHECK(".", -5);
    CHECK("..", 0, -0.68);
    CHECK(".x", 0, -0.70);
    /* a second session confirms, whatever comes then */
    CHECK("...", 0, -1, -1.1);
    CHECK("....", 0, -1, -0.8, 0);
    /* one that goes back does not, and the first is never used */
    CHECK(".x.", 0, -1, 0.01);
    CHECK(".x..x", 0, -1, 0.01, 0, -1);
    /* the second may be too good beside the first */
    CHECK("..x", 0, -1, -3);
    CHECK("....", 0, -1, -3, -3);
    CHECK("..x.", 0, -1, -3, -1);
    /* a slowdown counts at once, and so an improvement from there waits */
    CHECK("..x", 0, 1, 0.05);
    CHECK("....", 0, 1, 0.05, 0.04);
    CHECK(".....x", 0, 0, 0, 0, 0, -0.8);
    CHECK(".......", 0, 0, 0, 0, 0, -0.8, -0.8);
    CHECK("", 0);
}

/* Where sessions are known to differ so much anyway, one more is no wonder. */
static void test_noisy_history(void **state)
{
    (void)state;
    CHECK(".........", 0, 0.3, -0.3, 0.3, -0.3, 0.3, -0.3, 0.3, -0.7);
    CHECK(".........x", 0, 0.3, -0.3, 0.3, -0.3, 0.3, -0.3, 0.3, -0.3, -2.5);
}

/* Forty sessions: no more than the newest twenty make a prediction. */
static void test_many(void **state)
{
    double values[PW_QUARANTINE_MAX_SESSIONS] = {0};
    char expected[PW_QUARANTINE_MAX_SESSIONS + 1];

    (void)state;
    memset(expected, '.', sizeof expected);
    expected[PW_QUARANTINE_MAX_SESSIONS] = '\0';
    expected[PW_QUARANTINE_MAX_SESSIONS - 1] = 'x';
    values[PW_QUARANTINE_MAX_SESSIONS - 1] = -2;
    check_held(values, PW_QUARANTINE_MAX_SESSIONS, expected);
}

/* How many sessions of 4,000 histories are held back, by noise alone. */
static unsigned simulate(double white, double drift, double memory, size_t n)
{
    const struct pw_prediction_options options = {0.01, 0.03, 0, log(1.05)};
    uint64_t state = UINT64_C(0x9E3779B97F4A7C15) + n;
    unsigned alarms = 0;

    for (unsigned i = 0; i < REPETITIONS; i++) {
        double values[20];
        bool held[20];
        double level = drift * gaussian(&state);
        for (size_t k = 0; k < n; k++) {
            values[k] = level + white * gaussian(&state);
            level = memory * level + drift * sqrt(1 - memory * memory) * gaussian(&state);
        }
        assert_int_equal(pw_quarantine_find(values, n, HALF, &options, held, NULL), 0);
        for (size_t k = 0; k < n; k++)
            alarms += held[k];
    }
    return alarms;
}

/* The same noises as of the prediction, and one several times as large. */
static void test_noise_is_not_held_back(void **state)
{
    static const size_t sessions[] = {2, 3, 5, 10, 20};

    (void)state;
    for (size_t i = 0; i < sizeof sessions / sizeof sessions[0]; i++) {
        assert_int_equal(simulate(0.003, 0, 0, sessions[i]), 0);
        assert_int_equal(simulate(0.03, 0, 0, sessions[i]), 0);
        assert_int_equal(simulate(0.10, 0, 0, sessions[i]), 0);
        assert_int_equal(simulate(0, 0.03, 0.9, sessions[i]), 0);
        assert_int_equal(simulate(0.02, 0.06, 0.97, sessions[i]), 0);
        /* 20 %: no more than one of a hundred waits for the next */
        assert_true(simulate(0.20, 0, 0, sessions[i]) <= REPETITIONS * sessions[i] / 100);
    }
}

/** A comparison of sessions, nearest first, with a head. */
struct scene {
    struct pw_threshold threshold;
    struct pw_benchmark benchmark;
    struct pw_config config;
    struct pw_result sessions[4];
    struct pw_result head;
    size_t count;
};

static void open_scene(struct scene *scene, enum pw_better better, const double *sessions,
                       size_t count, double head)
{
    memset(scene, 0, sizeof *scene);
    scene->threshold = (struct pw_threshold){"m", 0.2, NAN, NAN};
    scene->benchmark = fixture_benchmark("b", &scene->threshold, 1);
    scene->config = fixture_config(&scene->benchmark, 1);
    scene->config.baseline.quarantine_ratio = 0.5;
    scene->count = count;
    for (size_t i = 0; i <= count; i++) {
        struct pw_result *result = i < count ? &scene->sessions[i] : &scene->head;
        fixture_result(result);
        struct pw_series *series =
            fixture_series(result, fixture_entry(result, "b", "b"), "m", "x", better);
        for (int k = 0; k < 2; k++)
            assert_int_equal(pw_series_add(result, series, i < count ? sessions[i] : head, NULL),
                             0);
    }
}

static void close_scene(struct scene *scene)
{
    for (size_t i = 0; i < scene->count; i++)
        pw_result_release(&scene->sessions[i]);
    pw_result_release(&scene->head);
}

struct stored_case {
    enum pw_better better;
    double sessions[4]; /**< nearest first */
    size_t count;
    double head;
    enum pw_verdict verdict;
    const char *reason;
    const char *warning; /**< NULL for none about quarantine */
    bool is_unconfirmed;
};

static void check_stored(const struct stored_case *item)
{
    struct scene scene;
    struct pw_comparison comparison;

    open_scene(&scene, item->better, item->sessions, item->count, item->head);
    const struct pw_gate_options options = {.config = &scene.config};
    assert_int_equal(pw_gate_stored(&options, scene.sessions, scene.count, NULL, NULL, &scene.head,
                                    &comparison, NULL),
                     0);
    fixture_expect(fixture_row(&comparison, "b", "m"), item->verdict, item->reason);
    assert_int_equal(fixture_row(&comparison, "b", "m")->is_unconfirmed, item->is_unconfirmed);
    if (item->warning != NULL)
        assert_true(fixture_has_warning(&comparison, item->warning));
    else
        assert_false(fixture_has_warning(&comparison, "quarantine"));
    pw_comparison_release(&comparison);
    close_scene(&scene);
}

static void test_stored(void **state)
{
    static const struct stored_case cases[] = {
        {PW_BETTER_LOWER,
         {30, 100, 101},
         3,
         100,
         PW_VERDICT_PASS,
         "1 session of 3 quarantined",
         "'b' m): it is quarantined until a second session confirms it",
         false},
        {PW_BETTER_LOWER,
         {31, 30, 100},
         3,
         30,
         PW_VERDICT_PASS,
         "base: 2 sessions since the last change",
         NULL,
         false},
        {PW_BETTER_LOWER,
         {100, 30, 100},
         3,
         100,
         PW_VERDICT_PASS,
         "1 session of 3 quarantined",
         "quarantined",
         false},
        {PW_BETTER_LOWER, {60, 100}, 2, 60, PW_VERDICT_PASS, "one session: noise", NULL, false},
        {PW_BETTER_HIGHER,
         {300, 100},
         2,
         100,
         PW_VERDICT_PASS,
         "1 session of 2 quarantined",
         "more than 50 % better",
         false},
        {PW_BETTER_HIGHER, {30, 100}, 2, 30, PW_VERDICT_PASS, "one session: noise", NULL, false},
        {PW_BETTER_LOWER,
         {100},
         1,
         30,
         PW_VERDICT_IMPROVEMENT,
         "not believed at once: check that it still does its work",
         "once stored, a second",
         true},
        {PW_BETTER_HIGHER,
         {100},
         1,
         300,
         PW_VERDICT_IMPROVEMENT,
         "by more than 50 %",
         "1 comparison improved",
         true},
        {PW_BETTER_LOWER, {100}, 1, 60, PW_VERDICT_IMPROVEMENT, "40.0 % less", NULL, false},
        {PW_BETTER_HIGHER, {100}, 1, 180, PW_VERDICT_IMPROVEMENT, "80.0 % higher", NULL, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_stored(&cases[i]);
}

/* Sessions that are later than the bases only confirm. */
static void test_later_sessions_confirm(void **state)
{
    static const double bases[] = {30, 100};
    static const double after[] = {31};
    struct scene scene;
    struct scene later;

    (void)state;
    open_scene(&scene, PW_BETTER_LOWER, bases, 2, 30);
    open_scene(&later, PW_BETTER_LOWER, after, 1, 0);
    for (size_t count = 0; count < 2; count++) {
        const struct pw_gate_options options = {
            .config = &scene.config, .later = later.sessions, .later_count = count};
        struct pw_comparison comparison;
        assert_int_equal(
            pw_gate_stored(&options, scene.sessions, 2, NULL, NULL, &scene.head, &comparison, NULL),
            0);
        fixture_expect(fixture_row(&comparison, "b", "m"),
                       count == 0 ? PW_VERDICT_IMPROVEMENT : PW_VERDICT_PASS, "");
        pw_comparison_release(&comparison);
    }
    close_scene(&later);
    close_scene(&scene);
}

static void test_newest(void **state)
{
    static const double jump[] = {30, 100, 101};
    static const double calm[] = {90, 100, 101};
    struct scene scene;
    struct pw_arena arena = {0};
    struct pw_quarantined *items = NULL;
    size_t count = 7;

    (void)state;
    open_scene(&scene, PW_BETTER_LOWER, jump, 3, 1);
    assert_int_equal(
        pw_gate_find_quarantined(&scene.config, scene.sessions, 3, &arena, &items, &count, NULL),
        0);
    assert_int_equal(count, 1);
    assert_string_equal(items[0].benchmark, "b");
    assert_string_equal(items[0].metric, "m");
    assert_true(fabs(items[0].ratio - 0.3) < 1e-12);
    scene.config.baseline.quarantine_ratio = 0;
    assert_int_equal(
        pw_gate_find_quarantined(&scene.config, scene.sessions, 3, &arena, &items, &count, NULL),
        0);
    assert_int_equal(count, 0);
    close_scene(&scene);
    open_scene(&scene, PW_BETTER_LOWER, calm, 3, 1);
    assert_int_equal(
        pw_gate_find_quarantined(&scene.config, scene.sessions, 3, &arena, &items, &count, NULL),
        0);
    assert_int_equal(count, 0);
    close_scene(&scene);
    pw_arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rule),   cmocka_unit_test(test_noisy_history),
        cmocka_unit_test(test_many),   cmocka_unit_test(test_noise_is_not_held_back),
        cmocka_unit_test(test_stored), cmocka_unit_test(test_later_sessions_confirm),
        cmocka_unit_test(test_newest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
