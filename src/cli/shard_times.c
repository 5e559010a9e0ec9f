/* How long benchmarks take, as stored sessions tell. What cannot be read tells nothing. */
#include "shard.h"

#include <stdlib.h>
#include <string.h>

/* A benchmark that the nearest session has not may stand in one of the next. */
#define MAX_SESSIONS 5

/* One search under way. */
struct search {
    const struct pw_store_listing *listing;
    int64_t before_s;
    const struct pw_store_entry *found[MAX_SESSIONS];
    size_t count;
};

/* The first entry of a commit; the listing is sorted by commit. */
static size_t find_commit(const struct pw_store_listing *listing, const char *commit)
{
    size_t low = 0;
    size_t high = listing->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (strcmp(listing->entries[middle].commit, commit) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool is_early(const struct search *search, const struct pw_store_entry *entry)
{
    return pw_run_id_wall_s(entry->run_id) < search->before_s;
}

/* Of each commit the newest session of all environments. */
static bool visit(void *context, const char *commit)
{
    struct search *search = context;
    const struct pw_store_listing *listing = search->listing;
    const struct pw_store_entry *newest = NULL;

    for (size_t i = find_commit(listing, commit);
         i < listing->count && strcmp(listing->entries[i].commit, commit) == 0; i++) {
        const struct pw_store_entry *entry = &listing->entries[i];
        if (is_early(search, entry) &&
            (newest == NULL || strcmp(entry->run_id, newest->run_id) > 0)) {
            newest = entry;
        }
    }
    if (newest != NULL) {
        search->found[search->count++] = newest;
    }
    return search->count < MAX_SESSIONS;
}

static int compare_samples(const void *left, const void *right)
{
    const double *a = left;
    const double *b = right;

    return (*a > *b) - (*a < *b);
}

/* @return below 1 when there is none */
static double lower_median(const struct pw_series *series)
{
    double *sorted = malloc((series->count + 1) * sizeof *sorted);
    double median = 0.0;

    if (sorted != NULL && series->count > 0) {
        memcpy(sorted, series->samples, series->count * sizeof *sorted);
        qsort(sorted, series->count, sizeof *sorted, compare_samples);
        median = sorted[(series->count - 1) / 2];
    }
    free(sorted);
    return median;
}

static unsigned clamp_runs(const struct pw_benchmark *benchmark, const struct pw_shard_scene *scene,
                           size_t made)
{
    const unsigned least = scene->runs_min != 0 ? scene->runs_min : benchmark->runs_min;
    const unsigned most = scene->runs_max != 0 ? scene->runs_max : benchmark->runs_max;

    return made < least ? least : made > most ? most : (unsigned)made;
}

/* What a session tells of one benchmark; 0 for nothing. */
static uint64_t expect(const struct pw_benchmark *benchmark, const struct pw_shard_scene *scene,
                       const struct pw_result *session)
{
    const struct pw_result_benchmark *entry = pw_result_find(session, benchmark->id);
    const struct pw_series *wall;

    for (size_t i = 0; entry == NULL && i < benchmark->renamed_from.count; i++) {
        entry = pw_result_find(session, benchmark->renamed_from.items[i]);
    }
    wall = entry != NULL ? pw_result_benchmark_series(entry, "wall_time") : NULL;
    if (wall == NULL || wall->count == 0) {
        return 0;
    }
    const double runs = clamp_runs(benchmark, scene, wall->count) + benchmark->warmup;
    const double total_ns = lower_median(wall) * runs * (scene->is_paired ? 2.0 : 1.0);
    /* 2^62: a sum of two does not overflow */
    if (!(total_ns >= 1.0) || total_ns >= 4611686018427387904.0) {
        return 0;
    }
    return (uint64_t)total_ns;
}

static int take_session(struct pw_project *project, const struct pw_shard_scene *scene,
                        const struct pw_store_entry *entry, struct pw_run_load *loads,
                        struct pw_error *err)
{
    const struct pw_config *config = &project->config;
    struct pw_result session = {0};
    const int status = pw_store_read(project->store, entry, &session, err);

    if (status == PW_ENOMEM || status == PW_EINTERRUPTED) {
        return status;
    }
    if (status != PW_OK) {
        pw_error_release(err);
        return PW_OK;
    }
    for (size_t i = 0; i < config->benchmark_count; i++) {
        if (loads[i].expected_ns == 0) {
            loads[i].expected_ns = expect(&config->benchmarks[i], scene, &session);
        }
    }
    pw_result_release(&session);
    return PW_OK;
}

static bool has_unknown(const struct pw_run_load *loads, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (loads[i].expected_ns == 0) {
            return true;
        }
    }
    return false;
}

static int look(struct pw_project *project, const struct pw_shard_scene *scene,
                struct pw_run_load *loads, struct pw_error *err)
{
    struct pw_store_listing listing = {0};
    struct search search = {.listing = &listing};
    enum pw_git_walk_end end;
    int status = PW_OK;

    if (project->store == NULL) {
        status = pw_project_open_store(project, err);
    }
    if (status == PW_OK) {
        status = pw_git_commit_time(project->git, scene->head, &search.before_s, err);
    }
    if (status == PW_OK) {
        status = pw_store_list(project->store, &listing, err);
    }
    if (status == PW_OK && listing.count > 0) {
        status = pw_git_walk(project->git, scene->base, visit, &search, &end, err);
    }
    for (size_t i = 0; status == PW_OK && i < search.count; i++) {
        if (has_unknown(loads, project->config.benchmark_count)) {
            status = take_session(project, scene, search.found[i], loads, err);
        }
    }
    pw_store_listing_release(&listing);
    return status;
}

int pw_shard_find_times(struct pw_project *project, const struct pw_shard_scene *scene,
                        struct pw_run_load *loads, struct pw_error *err)
{
    if (project->git == NULL || scene->base == NULL || scene->head == NULL) {
        return PW_OK;
    }
    const int status = look(project, scene, loads, err);
    if (status == PW_OK || status == PW_ENOMEM || status == PW_EINTERRUPTED) {
        return status;
    }
    /* A store that cannot be read is told where the sessions are looked for. */
    pw_error_release(err);
    return PW_OK;
}
