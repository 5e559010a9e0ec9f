/*
 * What was just stored and is too good to be a baseline yet: the newest session against the others.
 */
#include <math.h>

#include "entries.h"
#include "perfwarden/stats.h"
#include "quarantine.h"

/** The list being made. */
struct newest {
    const struct pw_config *config;
    const struct pw_result *sessions; /**< newest first */
    size_t session_count;
    struct pw_arena *arena;
    struct pw_quarantined *items;
    size_t count;
    size_t capacity;
};

/* The metric in all sessions that can be compared with the newest, that one first. */
static size_t collect(const struct newest *newest, const char *id, const struct pw_series *series,
                      const struct pw_series **out)
{
    size_t count = 0;

    out[count++] = series;
    for (size_t i = 1; i < newest->session_count && count < PW_PREDICTION_MAX_SESSIONS; i++) {
        const struct pw_result_benchmark *entry = pw_result_find(&newest->sessions[i], id);
        const struct pw_series *other = entry != NULL && entry->status == PW_MEASURED_OK
                                            ? pw_result_benchmark_series(entry, series->metric)
                                            : NULL;
        if (other != NULL && other->count > 0 &&
            pw_series_obstacle(newest->arena, "the baseline", other, series) == NULL) {
            out[count++] = other;
        }
    }
    return count;
}

/* @param series  of the newest session and of those before it, at least one */
static int add(struct newest *newest, const char *id, const struct pw_series *const *series,
               struct pw_error *err)
{
    const double now = pw_stats_median(series[0]->samples, series[0]->count, err);
    const double before = pw_stats_median(series[1]->samples, series[1]->count, err);
    struct pw_quarantined *items;

    if (isnan(now) || isnan(before)) {
        return PW_ENOMEM;
    }
    items = pw_arena_grow(newest->arena, newest->items, newest->count, &newest->capacity,
                          sizeof *items);
    if (items == NULL) {
        return pw_error_set_no_memory(err);
    }
    newest->items = items;
    items[newest->count++] = (struct pw_quarantined){id, series[0]->metric, now / before};
    return 0;
}

static int look_at(struct newest *newest, const char *id, const struct pw_series *series,
                   const struct pw_threshold *threshold, struct pw_error *err)
{
    const struct pw_gate_config *gate = &newest->config->gate;
    const struct pw_quarantine_rule rule = {newest->config->baseline.quarantine_ratio, gate->alpha,
                                            gate->session_noise, threshold};
    const struct pw_series *all[PW_PREDICTION_MAX_SESSIONS];
    bool held[PW_PREDICTION_MAX_SESSIONS] = {false};
    const size_t count = collect(newest, id, series, all);
    const int status = pw_quarantine_series(&rule, all, count, NULL, 0, held, err);

    return status == 0 && held[0] && count > 1 ? add(newest, id, all, err) : status;
}

int pw_gate_find_quarantined(const struct pw_config *config, const struct pw_result *sessions,
                             size_t session_count, struct pw_arena *arena,
                             struct pw_quarantined **items, size_t *count, struct pw_error *err)
{
    struct newest newest = {
        .config = config, .sessions = sessions, .session_count = session_count, .arena = arena};
    int status = 0;

    for (size_t i = 0; session_count > 1 && i < sessions[0].benchmark_count; i++) {
        const struct pw_result_benchmark *entry = &sessions[0].benchmarks[i];
        const struct pw_benchmark *benchmark = pw_config_find(config, entry->declared);
        for (size_t k = 0; benchmark != NULL && entry->status == PW_MEASURED_OK &&
                           k < benchmark->threshold_count && status == 0;
             k++) {
            const struct pw_threshold *threshold = &benchmark->thresholds[k];
            const struct pw_series *series = pw_result_benchmark_series(entry, threshold->metric);
            if (series != NULL && series->count > 0) {
                status = look_at(&newest, entry->id, series, threshold, err);
            }
        }
    }
    if (status == 0) {
        *items = newest.items;
        *count = newest.count;
    }
    return status;
}
