/* Two results that grow pair by pair with seeded noise, and a paired decision over them. */
#ifndef PERFWARDEN_TESTS_PAIR_FIXTURE_H
#define PERFWARDEN_TESTS_PAIR_FIXTURE_H

#include <stdio.h>

#include "gate_fixture.h"

#define PAIR_BENCHMARKS 8

/** A benchmark's true change and noise. */
struct pair_truth {
    double ratio; /**< head ÷ base */
    double sigma; /**< of one run's logarithm */
};

/** A suite under way. */
struct pair_scene {
    struct pw_benchmark benchmarks[PAIR_BENCHMARKS];
    struct pair_truth truths[PAIR_BENCHMARKS];
    size_t count;
    struct pw_config config;
    struct pw_gate_options options;
    struct pw_result base;
    struct pw_result head;
    struct pw_gate_pairs *pairs;
    struct pw_comparison out;
    uint64_t state; /**< of the noise */
};

/* splitmix64 (Steele, Lea, Flood 2014), its upper 53 bits as a number in (0, 1). */
static inline double pair_uniform(struct pair_scene *scene)
{
    uint64_t z = scene->state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    z ^= z >> 31;
    return ((double)(z >> 11) + 0.5) / 9007199254740992.0;
}

/* A normal deviate (Box and Muller). */
static inline double pair_normal(struct pair_scene *scene)
{
    const double radius = sqrt(-2.0 * log(pair_uniform(scene)));
    return radius * cos(6.283185307179586 * pair_uniform(scene));
}

static inline void pair_start(struct pair_scene *scene, uint64_t seed)
{
    memset(scene, 0, sizeof *scene);
    scene->state = seed;
    fixture_result(&scene->base);
    fixture_result(&scene->head);
    scene->head.commit = "b100000000000000000000000000000000000000";
}

static inline void pair_declare(struct pair_scene *scene, const char *id,
                                const struct pw_threshold *thresholds, size_t count, double ratio,
                                double sigma)
{
    assert_true(scene->count < PAIR_BENCHMARKS);
    scene->benchmarks[scene->count] = fixture_benchmark(id, thresholds, count);
    scene->benchmarks[scene->count].runs_min = 5;
    scene->truths[scene->count] = (struct pair_truth){ratio, sigma};
    scene->count++;
}

static inline void pair_open(struct pair_scene *scene)
{
    scene->config = fixture_config(scene->benchmarks, scene->count);
    scene->options.config = &scene->config;
    assert_int_equal(
        pw_gate_pairs_begin(&scene->options, &scene->base, &scene->head, &scene->pairs, NULL), 0);
}

/** Append one value of a metric of an entry, which is made when it is not there. */
static inline void pair_put(struct pw_result *result, const char *id, const char *declared,
                            const char *metric, const char *unit, double value)
{
    struct pw_result_benchmark *entry = fixture_entry(result, id, declared);
    struct pw_series *series = fixture_series(result, entry, metric, unit, PW_BETTER_LOWER);

    entry->is_interleaved = true;
    assert_int_equal(pw_series_add(result, series, value, NULL), 0);
}

/** One pair of times around 10 ms, with a drift that both share. */
static inline void pair_measure(struct pair_scene *scene, size_t which)
{
    const char *id = scene->benchmarks[which].id;
    const struct pair_truth truth = scene->truths[which];
    const double drift = 0.1 * pair_normal(scene);
    const double base = 1e7 * exp(drift + truth.sigma * pair_normal(scene));
    const double head = 1e7 * truth.ratio * exp(drift + truth.sigma * pair_normal(scene));

    pair_put(&scene->base, id, id, "wall_time", "ns", base);
    pair_put(&scene->head, id, id, "wall_time", "ns", head);
}

static inline bool pair_wants(struct pair_scene *scene, const char *id)
{
    bool wanted = false;

    assert_int_equal(pw_gate_pairs_want(scene->pairs, id, &wanted, NULL), 0);
    return wanted;
}

static inline size_t pair_made(const struct pair_scene *scene, const char *id)
{
    const struct pw_result_benchmark *entry = pw_result_find(&scene->head, id);
    const struct pw_series *series =
        entry != NULL ? pw_result_benchmark_series(entry, "wall_time") : NULL;

    return series != NULL ? series->count : 0;
}

/** Rounds over all that want pairs, until none does or all have `max`. */
static inline void pair_rounds(struct pair_scene *scene, size_t max)
{
    bool is_moving = true;

    while (is_moving) {
        is_moving = false;
        for (size_t i = 0; i < scene->count; i++) {
            if (pair_made(scene, scene->benchmarks[i].id) < max &&
                pair_wants(scene, scene->benchmarks[i].id)) {
                pair_measure(scene, i);
                is_moving = true;
            }
        }
    }
}

static inline void pair_finish(struct pair_scene *scene)
{
    assert_int_equal(pw_gate_pairs_finish(scene->pairs, NULL, NULL, &scene->out, NULL), 0);
}

static inline void pair_end(struct pair_scene *scene)
{
    pw_gate_pairs_free(scene->pairs);
    pw_comparison_release(&scene->out);
    pw_result_release(&scene->base);
    pw_result_release(&scene->head);
}

#endif
