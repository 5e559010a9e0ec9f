/* Stored sessions, a head and what was agreed to, for the tests of acceptance. */
#ifndef PERFWARDEN_TESTS_ACCEPTANCE_SCENE_H
#define PERFWARDEN_TESTS_ACCEPTANCE_SCENE_H

#include <stdio.h>

#include "gate_fixture.h"
#include "perfwarden/gate/acceptance.h"
#include "perfwarden/util/text.h"

static const struct pw_threshold by_5_percent = {"instructions", 0.05, NAN, NAN};

/** One comparison of stored sessions: a metric of 'work' in the base and in the head. */
struct scene {
    struct pw_result base;
    struct pw_result head;
    struct pw_acceptances agreed;
    struct pw_acceptances past;
    struct pw_comparison comparison;
};

static inline void scene_begin(struct scene *scene)
{
    memset(scene, 0, sizeof *scene);
    fixture_result(&scene->base);
    fixture_result(&scene->head);
    memcpy(scene->agreed.today, "2026-11-20", PW_DATE_SIZE);
}

static inline void scene_end(struct scene *scene)
{
    pw_comparison_release(&scene->comparison);
    pw_acceptances_release(&scene->agreed);
    pw_acceptances_release(&scene->past);
    pw_result_release(&scene->base);
    pw_result_release(&scene->head);
}

static inline void add_samples(struct pw_result *result, const char *metric, const char *unit,
                               enum pw_better better, double value)
{
    struct pw_series *series =
        fixture_series(result, fixture_entry(result, "work", "work"), metric, unit, better);

    for (int i = 0; i < 5; i++) {
        assert_int_equal(pw_series_add(result, series, value, NULL), 0);
    }
}

/* As counted by valgrind: without noise. */
static inline void add_entry(struct pw_result *result, const char *id, const char *declared,
                             double value)
{
    struct pw_series *series = fixture_series(result, fixture_entry(result, id, declared),
                                              "instructions", "count", PW_BETTER_LOWER);

    for (int i = 0; i < 2; i++) {
        assert_int_equal(pw_series_add(result, series, value, NULL), 0);
    }
}

static inline void agree(struct scene *scene, const char *trailer)
{
    assert_int_equal(
        pw_acceptances_add_trailer(&scene->agreed, trailer, "Ada", "commit 1234", NULL), 0);
}

static inline void decide(struct scene *scene, const struct pw_benchmark *benchmark)
{
    const struct pw_config config = fixture_config(benchmark, 1);
    const struct pw_gate_options options = {
        .config = &config, .acceptances = &scene->agreed, .past = &scene->past};

    pw_comparison_release(&scene->comparison);
    assert_int_equal(pw_gate_stored(&options, &scene->base, 1, NULL, NULL, &scene->head,
                                    &scene->comparison, NULL),
                     0);
}

/* A change of a counted metric, which has no noise, from 1000 to `head`. Its unit may be any. */
static inline const struct pw_comparison_row *decide_change(struct scene *scene, const char *unit,
                                                            enum pw_better better, double head,
                                                            const struct pw_threshold *threshold)
{
    const struct pw_benchmark work = fixture_benchmark("work", threshold, 1);

    add_samples(&scene->base, threshold->metric, unit, better, 1000);
    add_samples(&scene->head, threshold->metric, unit, better, head);
    decide(scene, &work);
    return fixture_row(&scene->comparison, "work", threshold->metric);
}

#endif
