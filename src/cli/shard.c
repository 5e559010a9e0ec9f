/* The cut of a suite as a project sees it: units, record, marks. */
#include "shard.h"

#include <stdlib.h>
#include <string.h>

/* Benchmarks that differ in their concurrency only are measured by one job: how far N copies do
 * what one does N times is told from both. They stand side by side in the configuration. */
static bool belongs_to(const struct pw_benchmark *benchmark, const struct pw_benchmark *before)
{
    const size_t count = benchmark->param_count;

    if (count == 0 || before->param_count != count || before->line != benchmark->line ||
        before->column != benchmark->column || strcmp(before->name, benchmark->name) != 0 ||
        strcmp(benchmark->params[count - 1].name, "concurrency") != 0) {
        return false;
    }
    for (size_t i = 0; i + 1 < count; i++) {
        if (strcmp(benchmark->params[i].value, before->params[i].value) != 0) {
            return false;
        }
    }
    return true;
}

/** What is cut: arrays with a place for each benchmark of the configuration. */
struct cutting {
    struct pw_run_load *loads; /**< of all benchmarks */
    struct pw_run_load *units; /**< of what goes to a shard as a whole */
    size_t *unit_of;           /**< of a benchmark */
    unsigned *shard_of;        /**< of a unit */
    bool *is_elsewhere;
    size_t unit_count;
};

static void release(struct cutting *cutting)
{
    free(cutting->loads);
    free(cutting->units);
    free(cutting->unit_of);
    free(cutting->shard_of);
    free(cutting->is_elsewhere);
}

static int prepare(struct cutting *cutting, const struct pw_config *config, struct pw_error *err)
{
    const size_t count = config->benchmark_count + 1;

    cutting->loads = calloc(count, sizeof *cutting->loads);
    cutting->units = calloc(count, sizeof *cutting->units);
    cutting->unit_of = calloc(count, sizeof *cutting->unit_of);
    cutting->shard_of = calloc(count, sizeof *cutting->shard_of);
    cutting->is_elsewhere = calloc(count, sizeof *cutting->is_elsewhere);
    if (cutting->loads == NULL || cutting->units == NULL || cutting->unit_of == NULL ||
        cutting->shard_of == NULL || cutting->is_elsewhere == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < config->benchmark_count; i++) {
        cutting->loads[i].id = config->benchmarks[i].id;
    }
    return PW_OK;
}

static bool is_chosen(const struct pw_arguments *arguments, const struct pw_benchmark *benchmark)
{
    return pw_benchmark_matches(benchmark, arguments->filters.items, arguments->filters.count);
}

/* A unit of which one part is not known is not known. */
static void add_to_unit(struct pw_run_load *unit, const struct pw_run_load *load, bool is_first)
{
    if (is_first) {
        *unit = *load;
    } else if (unit->expected_ns == 0 || load->expected_ns == 0 ||
               unit->expected_ns > UINT64_MAX / 4) {
        unit->expected_ns = 0;
    } else {
        unit->expected_ns += load->expected_ns;
    }
}

static void make_units(const struct pw_arguments *arguments, const struct pw_config *config,
                       struct cutting *cutting)
{
    const struct pw_benchmark *before = NULL;

    for (size_t i = 0; i < config->benchmark_count; i++) {
        const struct pw_benchmark *benchmark = &config->benchmarks[i];
        if (!is_chosen(arguments, benchmark)) {
            continue;
        }
        const bool is_first = before == NULL || !belongs_to(benchmark, before);
        cutting->unit_count += is_first;
        cutting->unit_of[i] = cutting->unit_count - 1;
        add_to_unit(&cutting->units[cutting->unit_count - 1], &cutting->loads[i], is_first);
        before = benchmark;
    }
}

/* The record that goes into the output. */
static int record(const struct pw_arguments *arguments, const struct pw_shard_choice *choice,
                  const struct pw_shard_scene *scene, struct cutting *cutting,
                  struct pw_project *project, struct pw_error *err)
{
    const struct pw_config *config = &project->config;
    struct pw_arena *arena = &project->arena;
    struct pw_shard *shard = pw_arena_alloc(arena, sizeof *shard);

    if (shard == NULL) {
        return pw_error_set_no_memory(err);
    }
    shard->suite = pw_arena_array(arena, config->benchmark_count + 1, sizeof(char *));
    shard->cut = pw_arena_array(arena, config->benchmark_count + 1, sizeof *shard->cut);
    shard->config_hash = pw_arena_strdup(arena, config->hash);
    shard->base = scene->base == NULL ? NULL : pw_arena_strdup(arena, scene->base);
    if (shard->suite == NULL || shard->cut == NULL || shard->config_hash == NULL ||
        (scene->base != NULL && shard->base == NULL)) {
        return pw_error_set_no_memory(err);
    }
    shard->index = choice->index;
    shard->count = choice->count;
    for (size_t i = 0; i < config->benchmark_count; i++) {
        if (!is_chosen(arguments, &config->benchmarks[i])) {
            continue;
        }
        shard->suite[shard->size] = pw_arena_strdup(arena, config->benchmarks[i].id);
        if (shard->suite[shard->size] == NULL) {
            return pw_error_set_no_memory(err);
        }
        shard->cut[shard->size] = cutting->shard_of[cutting->unit_of[i]];
        cutting->is_elsewhere[i] = shard->cut[shard->size] != choice->index;
        shard->size++;
    }
    project->shard = shard;
    project->shard_system = choice->system;
    return PW_OK;
}

static void sum_times(const struct pw_shard_choice *choice, const struct cutting *cutting,
                      struct pw_project *project)
{
    project->shard_expected_ns = 0;
    for (size_t i = 0; i < cutting->unit_count; i++) {
        const uint64_t ns = cutting->units[i].expected_ns;
        if (cutting->shard_of[i] == choice->index &&
            project->shard_expected_ns <= UINT64_MAX - ns) {
            project->shard_expected_ns += ns;
        }
    }
}

int pw_shard_cut(const struct pw_arguments *arguments, const struct pw_shard_choice *choice,
                 const struct pw_shard_scene *scene, struct pw_project *project,
                 struct pw_error *err)
{
    const struct pw_run_options options = {.filters = arguments->filters.items,
                                           .filter_count = arguments->filters.count};
    struct cutting cutting = {0};
    int status;

    if (choice->count == 0) {
        return PW_OK;
    }
    status = pw_run_check_selection(&project->config, &options, err);
    if (status != PW_OK) {
        err->status = status == PW_ENOTFOUND ? PW_EUSAGE : err->status;
        return err->status;
    }
    status = prepare(&cutting, &project->config, err);
    if (status == PW_OK) {
        status = pw_shard_find_times(project, scene, cutting.loads, err);
    }
    if (status == PW_OK) {
        make_units(arguments, &project->config, &cutting);
        status =
            pw_run_cut(cutting.units, cutting.unit_count, choice->count, cutting.shard_of, err);
    }
    if (status == PW_OK) {
        status = record(arguments, choice, scene, &cutting, project, err);
    }
    if (status == PW_OK) {
        sum_times(choice, &cutting, project);
        status = pw_config_mark_elsewhere(&project->config, cutting.is_elsewhere, err);
    }
    release(&cutting);
    return status;
}

int pw_shard_mark_like(const struct pw_config *like, struct pw_config *config, struct pw_error *err)
{
    bool *is_elsewhere = calloc(config->benchmark_count + 1, sizeof *is_elsewhere);
    int status;

    if (is_elsewhere == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < config->benchmark_count && i < like->benchmark_count; i++) {
        is_elsewhere[i] = like->benchmarks[i].is_elsewhere;
    }
    status = pw_config_mark_elsewhere(config, is_elsewhere, err);
    free(is_elsewhere);
    return status;
}

bool pw_shard_is_empty(const struct pw_shard *shard)
{
    return shard != NULL && pw_shard_own(shard) == 0;
}

size_t pw_shard_count_elsewhere(const struct pw_config *config, const struct pw_words *filters)
{
    size_t count = 0;

    for (size_t i = 0; i < config->benchmark_count; i++) {
        const struct pw_benchmark *benchmark = &config->benchmarks[i];
        if (benchmark->is_elsewhere &&
            pw_benchmark_matches(benchmark, filters->items, filters->count)) {
            count += benchmark->threshold_count;
        }
    }
    return count;
}

void pw_shard_describe(const struct pw_project *project, struct pw_strbuf *out)
{
    const struct pw_shard *shard = project->shard;
    char digest[PW_SHARD_DIGEST_SIZE];

    pw_shard_digest(shard, digest);
    pw_strbuf_printf(out, "shard %u of %u", shard->index, shard->count);
    if (project->shard_system != NULL) {
        pw_strbuf_printf(out, " (as %s numbers its jobs)", project->shard_system);
    }
    if (pw_shard_is_empty(shard)) {
        pw_strbuf_printf(out, ": nothing to run, as there are more shards than benchmarks (%zu)",
                         shard->size);
    } else {
        pw_strbuf_printf(out, ": %zu of %zu benchmark%s, ", pw_shard_own(shard), shard->size,
                         shard->size == 1 ? "" : "s");
        if (project->shard_expected_ns > 0) {
            pw_strbuf_puts(out, "about ");
            pw_format_duration(out, project->shard_expected_ns);
        } else {
            pw_strbuf_puts(out, "dealt out in turn, for no session stored before the commit tells "
                                "how long they take");
        }
    }
    pw_strbuf_printf(out, "; cut %s", digest);
}

int pw_shard_check_saved(const struct pw_shard *now, const struct pw_shard *saved, const char *name,
                         struct pw_error *err)
{
    char digest_now[PW_SHARD_DIGEST_SIZE];
    char digest_saved[PW_SHARD_DIGEST_SIZE];

    if (now == NULL && saved == NULL) {
        return PW_OK;
    }
    if (now == NULL || saved == NULL) {
        return pw_error_set(err, PW_EUSAGE, "'%s' is of %s, and %s is to be run now", name,
                            saved == NULL ? "a whole suite" : "a shard",
                            now == NULL ? "a whole suite" : "a shard");
    }
    pw_shard_digest(now, digest_now);
    pw_shard_digest(saved, digest_saved);
    if (now->index != saved->index || strcmp(digest_now, digest_saved) != 0) {
        return pw_error_set(err, PW_EUSAGE,
                            "'%s' is of shard %u of %u with cut %s, and this is shard %u of %u "
                            "with cut %s; begin anew without --resume",
                            name, saved->index, saved->count, digest_saved, now->index, now->count,
                            digest_now);
    }
    return PW_OK;
}
