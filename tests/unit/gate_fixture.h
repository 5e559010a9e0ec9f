/* Configurations and results made in memory, and the rows a comparison of them has. */
#ifndef PERFWARDEN_TESTS_GATE_FIXTURE_H
#define PERFWARDEN_TESTS_GATE_FIXTURE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "perfwarden/gate.h"

#define ELLIPSIS "\xE2\x80\xA6"

/** A result with nothing in it but an environment and a commit. */
static inline void fixture_result(struct pw_result *result)
{
    assert_int_equal(pw_result_init(result, NULL), 0);
    memcpy(result->environment.id, "e3b0c44298fc", sizeof "e3b0c44298fc");
    result->commit = "2f1c0000000000000000000000000000000000ab";
    result->branch = "main";
}

/** A benchmark of a result, made when there is none of this id; it runs "bench". */
static inline struct pw_result_benchmark *fixture_entry(struct pw_result *result, const char *id,
                                                        const char *declared)
{
    struct pw_result_benchmark *entry = pw_result_find(result, id);

    if (entry == NULL) {
        entry = pw_result_add_benchmark(result, id, declared, declared);
        assert_non_null(entry);
        entry->command = pw_arena_array(&result->arena, 1, sizeof *entry->command);
        assert_non_null(entry->command);
        entry->command[0] = "bench";
        entry->command_count = 1;
    }
    return entry;
}

static inline struct pw_series *fixture_series(struct pw_result *result,
                                               struct pw_result_benchmark *entry,
                                               const char *metric, const char *unit,
                                               enum pw_better better)
{
    struct pw_series *series = pw_result_series(result, entry, metric, unit, better, "test");
    assert_non_null(series);
    return series;
}

/** Append samples written as text, "100 101.5 nan", up to `end`. */
static inline void fixture_samples(struct pw_result *result, struct pw_series *series,
                                   const char *text, const char *end)
{
    while (text < end) {
        char *next;
        const double value = strtod(text, &next);
        if (next == text)
            break;
        if (isfinite(value)) {
            assert_int_equal(pw_series_add(result, series, value, NULL), 0);
        } else { /* what no reader lets in, but a careless caller may */
            assert_int_equal(pw_series_add(result, series, 1.0, NULL), 0);
            series->samples[series->count - 1] = value;
        }
        text = next;
    }
}

/** One benchmark with one metric in nanoseconds. */
static inline void fixture_time(struct pw_result *result, const char *id, const char *samples)
{
    struct pw_series *series =
        fixture_series(result, fixture_entry(result, id, id), "wall_time", "ns", PW_BETTER_LOWER);
    fixture_samples(result, series, samples, samples + strlen(samples));
}

/** The documented defaults of `gate:`. */
static inline struct pw_config fixture_config(const struct pw_benchmark *benchmarks, size_t count)
{
    struct pw_config config;

    memset(&config, 0, sizeof config);
    config.path = "perfwarden.yml";
    config.benchmarks = benchmarks;
    config.benchmark_count = count;
    config.gate.alpha = 0.01;
    config.gate.beta = 0.05;
    config.gate.fdr = 0.05;
    config.gate.session_noise = 0.03;
    config.gate.fail_on = PW_VERDICT_BIT(PW_VERDICT_REGRESSION) | PW_VERDICT_BIT(PW_VERDICT_ERROR) |
                          PW_VERDICT_BIT(PW_VERDICT_MISSING);
    config.gate.on_no_baseline = PW_POLICY_WARN;
    config.gate.on_inconclusive = PW_POLICY_WARN;
    config.baseline.on_environment_mismatch = PW_POLICY_WARN;
    return config;
}

static inline struct pw_benchmark
fixture_benchmark(const char *id, const struct pw_threshold *thresholds, size_t count)
{
    struct pw_benchmark benchmark;

    memset(&benchmark, 0, sizeof benchmark);
    benchmark.id = benchmark.name = id;
    benchmark.thresholds = thresholds;
    benchmark.threshold_count = count;
    return benchmark;
}

/** The row of a benchmark and metric (NULL for the benchmark as a whole); fails without one. */
static inline const struct pw_comparison_row *fixture_row(const struct pw_comparison *comparison,
                                                          const char *benchmark, const char *metric)
{
    for (size_t i = 0; i < comparison->row_count; i++) {
        const struct pw_comparison_row *row = &comparison->rows[i];
        if (strcmp(row->benchmark, benchmark) == 0 &&
            (metric == NULL ? row->metric == NULL
                            : row->metric != NULL && strcmp(row->metric, metric) == 0))
            return row;
    }
    fail_msg("no row for '%s' '%s'", benchmark, metric != NULL ? metric : "-");
    return NULL;
}

static inline void fixture_expect(const struct pw_comparison_row *row, enum pw_verdict verdict,
                                  const char *reason)
{
    if (row->verdict != verdict || strstr(row->reason, reason) == NULL)
        fail_msg("'%s' is %s: '%s', not %s: '%s'", row->benchmark, pw_verdict_name(row->verdict),
                 row->reason, pw_verdict_name(verdict), reason);
}

static inline bool fixture_has_warning(const struct pw_comparison *comparison, const char *part)
{
    for (size_t i = 0; i < comparison->warning_count; i++) {
        if (strstr(comparison->warnings[i], part) != NULL)
            return true;
    }
    return false;
}

#endif
