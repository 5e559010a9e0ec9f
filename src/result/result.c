/*
 * The data model: benchmarks, series and samples, grown in the result's arena.
 *
 * Refuses samples that are not finite, so that no later file needs to look.
 */
#include "perfwarden/result.h"

#include <math.h>
#include <string.h>

#include "environment.h"
#include "internal.h"

static const char *const measured_names[] = {
    [PW_MEASURED_OK] = "ok",         [PW_MEASURED_EXIT] = "exit",
    [PW_MEASURED_SIGNAL] = "signal", [PW_MEASURED_TIMEOUT] = "timeout",
    [PW_MEASURED_LIMIT] = "limit",   [PW_MEASURED_START] = "start",
    [PW_MEASURED_OUTPUT] = "output", [PW_MEASURED_FAILED] = "failed",
    [PW_MEASURED_HOOK] = "hook",     [PW_MEASURED_INTERRUPTED] = "interrupted",
};

const char *pw_measured_name(enum pw_measured measured)
{
    return measured_names[measured];
}

bool pw_measured_from_name(const char *name, enum pw_measured *out)
{
    for (size_t i = 0; i < PW_COUNT(measured_names); i++) {
        if (strcmp(measured_names[i], name) == 0) {
            *out = (enum pw_measured)i;
            return true;
        }
    }
    return false;
}

bool pw_result_is_hex(const char *text, size_t length)
{
    return strlen(text) == length && strspn(text, "0123456789abcdef") == length;
}

int pw_result_init(struct pw_result *result, struct pw_error *err)
{
    struct pw_result fresh;
    char now[PW_TIME_TEXT_SIZE];
    memset(&fresh, 0, sizeof(fresh));
    int rc = pw_run_id_new(fresh.run_id, err);
    if (rc < 0) {
        return rc;
    }
    pw_clock_format_utc(pw_clock_wall_s(), now);
    fresh.tool_version = PW_VERSION;
    fresh.started_at = pw_arena_strdup(&fresh.arena, now);
    if (fresh.started_at == NULL) {
        return pw_error_set_no_memory(err);
    }
    rc = pw_environment_set_id(&fresh.environment, err);
    if (rc < 0) {
        pw_arena_release(&fresh.arena);
        return rc;
    }
    *result = fresh;
    return 0;
}

void pw_result_release(struct pw_result *result)
{
    if (result == NULL) {
        return;
    }
    pw_json_free(result->document);
    pw_arena_release(&result->arena);
    memset(result, 0, sizeof(*result));
}

struct pw_result_benchmark *pw_result_add_benchmark(struct pw_result *result, const char *id,
                                                    const char *name, const char *declared)
{
    struct pw_result_benchmark fresh;
    memset(&fresh, 0, sizeof(fresh));
    fresh.id = pw_arena_strdup(&result->arena, id);
    fresh.name = pw_arena_strdup(&result->arena, name);
    fresh.declared = pw_arena_strdup(&result->arena, declared);
    if (fresh.id == NULL || fresh.name == NULL || fresh.declared == NULL) {
        return NULL;
    }
    struct pw_result_benchmark *grown =
        pw_arena_grow(&result->arena, result->benchmarks, result->benchmark_count,
                      &result->benchmark_capacity, sizeof(fresh));
    if (grown == NULL) {
        return NULL;
    }
    result->benchmarks = grown;
    grown[result->benchmark_count] = fresh;
    return &grown[result->benchmark_count++];
}

struct pw_result_benchmark *pw_result_find(const struct pw_result *result, const char *id)
{
    for (size_t i = 0; i < result->benchmark_count; i++) {
        if (strcmp(result->benchmarks[i].id, id) == 0) {
            return &result->benchmarks[i];
        }
    }
    return NULL;
}

const struct pw_series *pw_result_benchmark_series(const struct pw_result_benchmark *benchmark,
                                                   const char *metric)
{
    for (size_t i = 0; i < benchmark->series_count; i++) {
        if (strcmp(benchmark->series[i].metric, metric) == 0) {
            return &benchmark->series[i];
        }
    }
    return NULL;
}

struct pw_series *pw_result_series(struct pw_result *result, struct pw_result_benchmark *benchmark,
                                   const char *metric, const char *unit, enum pw_better better,
                                   const char *source)
{
    const struct pw_series *found = pw_result_benchmark_series(benchmark, metric);
    if (found != NULL) {
        return &benchmark->series[found - benchmark->series];
    }
    struct pw_series fresh;
    memset(&fresh, 0, sizeof(fresh));
    fresh.metric = pw_arena_strdup(&result->arena, metric);
    fresh.unit = pw_arena_strdup(&result->arena, unit);
    fresh.better = better;
    if (source != NULL) {
        fresh.source = pw_arena_strdup(&result->arena, source);
    }
    if (fresh.metric == NULL || fresh.unit == NULL || (source != NULL && fresh.source == NULL)) {
        return NULL;
    }
    struct pw_series *grown =
        pw_arena_grow(&result->arena, benchmark->series, benchmark->series_count,
                      &benchmark->series_capacity, sizeof(fresh));
    if (grown == NULL) {
        return NULL;
    }
    benchmark->series = grown;
    grown[benchmark->series_count] = fresh;
    return &grown[benchmark->series_count++];
}

int pw_series_add(struct pw_result *result, struct pw_series *series, double value,
                  struct pw_error *err)
{
    if (!isfinite(value)) {
        return pw_error_set(err, PW_EINVAL, "a sample of '%s' is not a finite number",
                            series->metric);
    }
    double *grown = pw_arena_grow(&result->arena, series->samples, series->count, &series->capacity,
                                  sizeof(value));
    if (grown == NULL) {
        return pw_error_set_no_memory(err);
    }
    series->samples = grown;
    series->samples[series->count++] = value;
    return 0;
}

int pw_result_add_warning(struct pw_result *result, struct pw_result_benchmark *benchmark,
                          const char *text, struct pw_error *err)
{
    const char *copy = pw_arena_strdup(&result->arena, text);
    if (copy == NULL) {
        return pw_error_set_no_memory(err);
    }
    const char **grown =
        pw_arena_grow(&result->arena, (void *)benchmark->warnings, benchmark->warning_count,
                      &benchmark->warning_capacity, sizeof(copy));
    if (grown == NULL) {
        return pw_error_set_no_memory(err);
    }
    benchmark->warnings = grown;
    grown[benchmark->warning_count++] = copy;
    return 0;
}
