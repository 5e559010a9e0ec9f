/*
 * The results of all shards in one. Refuses what would not be one measurement of one commit on one
 * kind of machine: it is to be stored as a baseline.
 */
#include "perfwarden/result/merge.h"

#include <stdlib.h>
#include <string.h>

#include "environment.h"
#include "internal.h"

static int compare_shards(const void *left, const void *right)
{
    const struct pw_result_part *a = left;
    const struct pw_result_part *b = right;

    return (a->result->shard->index > b->result->shard->index) -
           (a->result->shard->index < b->result->shard->index);
}

static int check_set(const struct pw_result_part *parts, size_t count, struct pw_error *err)
{
    struct pw_shard_part *shards = calloc(count + 1, sizeof *shards);
    int status;

    if (shards == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        shards[i] = (struct pw_shard_part){parts[i].name, parts[i].result->shard};
    }
    status = pw_shard_check_set(shards, count, err);
    free(shards);
    return status;
}

static bool is_equal(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static int check_alike(const struct pw_result_part *first, const struct pw_result_part *part,
                       struct pw_error *err)
{
    const struct pw_result *a = first->result;
    const struct pw_result *b = part->result;
    struct pw_strbuf differences = PW_STRBUF_INIT;
    int status = 0;

    if (!is_equal(a->commit, b->commit)) {
        return pw_error_set(err, PW_EUSAGE,
                            "'%s' and '%s' cannot be joined: they measured different commits",
                            first->name, part->name);
    }
    if (a->is_dirty != b->is_dirty) {
        return pw_error_set(
            err, PW_EUSAGE,
            "'%s' and '%s' cannot be joined: one of them measured uncommitted changes", first->name,
            part->name);
    }
    if (strcmp(a->environment.id, b->environment.id) != 0) {
        pw_environment_describe_difference(&a->environment, &b->environment, &differences);
        status = pw_error_set(err, PW_EUSAGE,
                              "'%s' and '%s' cannot be joined: their environments (%s and %s) "
                              "differ in %s; run all shards on equal machines",
                              first->name, part->name, a->environment.id, b->environment.id,
                              differences.length > 0 ? pw_strbuf_text(&differences) : "their ids");
        pw_strbuf_release(&differences);
    }
    return status;
}

/** Which benchmarks of the suite have an entry, while the parts are looked through. */
struct coverage {
    struct pw_shard_index index;
    bool *is_there;
};

static int check_entries(struct coverage *coverage, const struct pw_result_part *part,
                         struct pw_error *err)
{
    const struct pw_result *result = part->result;
    const struct pw_shard *shard = result->shard;

    for (size_t i = 0; i < result->benchmark_count; i++) {
        const char *declared = result->benchmarks[i].declared;
        const size_t place = pw_shard_index_find(&coverage->index, declared);
        if (place == shard->size || shard->cut[place] != shard->index) {
            return pw_error_set(err, PW_EUSAGE,
                                "'%s' has benchmark '%s', which is not of shard %u: the file was "
                                "changed",
                                part->name, result->benchmarks[i].id, shard->index);
        }
        coverage->is_there[place] = true;
    }
    for (size_t i = 0; i < shard->size; i++) {
        if (shard->cut[i] == shard->index && !coverage->is_there[i]) {
            return pw_error_set(err, PW_ENOTFOUND,
                                "'%s', shard %u of %u, has not measured '%s': it was interrupted; "
                                "run the shard again, or go on with --resume",
                                part->name, shard->index, shard->count, shard->suite[i]);
        }
    }
    return 0;
}

static int check(const struct pw_result_part *parts, size_t count, struct coverage *coverage,
                 struct pw_error *err)
{
    int status = 0;

    for (size_t i = 0; i < count && status == 0; i++) {
        status = check_alike(&parts[0], &parts[i], err);
        if (status == 0) {
            status = check_entries(coverage, &parts[i], err);
        }
    }
    return status;
}

/** Where an entry comes. */
struct place {
    const struct pw_result_benchmark *entry;
    size_t benchmark;
    size_t order;
};

static int compare_places(const void *left, const void *right)
{
    const struct place *a = left;
    const struct place *b = right;

    if (a->benchmark != b->benchmark) {
        return a->benchmark < b->benchmark ? -1 : 1;
    }
    return (a->order > b->order) - (a->order < b->order);
}

static int take_entries(const struct pw_result_part *parts, size_t count,
                        const struct coverage *coverage, struct pw_result *out,
                        struct pw_error *err)
{
    struct place *places;
    size_t total = 0;
    size_t found = 0;

    for (size_t i = 0; i < count; i++) {
        total += parts[i].result->benchmark_count;
    }
    places = calloc(total + 1, sizeof *places);
    out->benchmarks = pw_arena_array(&out->arena, total + 1, sizeof *out->benchmarks);
    if (places == NULL || out->benchmarks == NULL) {
        free(places);
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < parts[i].result->benchmark_count; k++) {
            const struct pw_result_benchmark *entry = &parts[i].result->benchmarks[k];
            places[found] = (struct place){
                entry, pw_shard_index_find(&coverage->index, entry->declared), found};
            found++;
        }
    }
    qsort(places, found, sizeof *places, compare_places);
    for (size_t i = 0; i < found; i++) {
        out->benchmarks[i] = *places[i].entry;
    }
    out->benchmark_count = found;
    out->benchmark_capacity = total + 1;
    free(places);
    return 0;
}

static bool has_fact(const struct pw_environment *environment,
                     const struct pw_environment_fact *fact)
{
    for (size_t i = 0; i < environment->fact_count; i++) {
        const struct pw_environment_fact *other = &environment->facts[i];
        if (strcmp(other->name, fact->name) == 0 && other->is_identity == fact->is_identity) {
            return strcmp(other->value, fact->value) == 0;
        }
    }
    return false;
}

/* Facts of the first shard that all others know too. */
static int take_environment(const struct pw_result_part *parts, size_t count, struct pw_result *out,
                            struct pw_error *err)
{
    const struct pw_environment *first = &parts[0].result->environment;

    memcpy(out->environment.id, first->id, sizeof out->environment.id);
    for (size_t i = 0; i < first->fact_count; i++) {
        const struct pw_environment_fact *fact = &first->facts[i];
        bool is_common = true;
        for (size_t k = 1; k < count && is_common; k++) {
            is_common = has_fact(&parts[k].result->environment, fact);
        }
        if (is_common) {
            const int status =
                pw_environment_add(out, fact->name, fact->value, fact->is_identity, err);
            if (status != 0) {
                return status;
            }
        }
    }
    return 0;
}

static void describe(const struct pw_result_part *parts, size_t count, struct pw_result *out)
{
    const struct pw_result *first = parts[0].result;

    out->tool_version = first->tool_version;
    out->commit = first->commit;
    out->parents = first->parents;
    out->parent_count = first->parent_count;
    out->branch = first->branch;
    out->is_dirty = first->is_dirty;
    out->config_hash = first->config_hash;
    out->started_at = first->started_at;
    memcpy(out->run_id, first->run_id, sizeof out->run_id);
    for (size_t i = 1; i < count; i++) {
        const struct pw_result *part = parts[i].result;
        if (strcmp(part->run_id, out->run_id) < 0) { /* run ids begin with the time */
            memcpy(out->run_id, part->run_id, sizeof out->run_id);
            out->started_at = part->started_at;
        }
        out->branch = is_equal(out->branch, part->branch) ? out->branch : NULL;
    }
}

/* Two processes may yield the same benchmark: a result has each once. */
static int check_repeated(const struct pw_result *out, struct pw_error *err)
{
    size_t index = 0;
    const int status = pw_result_find_repeated(out, &index, err);

    if (status == 0 && index < out->benchmark_count) {
        return pw_error_set(err, PW_EUSAGE, "two shards report benchmark '%s'",
                            out->benchmarks[index].id);
    }
    return status;
}

static int join(const struct pw_result_part *parts, size_t count, struct coverage *coverage,
                struct pw_result *out, struct pw_error *err)
{
    int status = check(parts, count, coverage, err);

    if (status == 0) {
        status = take_environment(parts, count, out, err);
    }
    if (status == 0) {
        status = take_entries(parts, count, coverage, out, err);
    }
    if (status == 0) {
        describe(parts, count, out);
        status = check_repeated(out, err);
    }
    return status;
}

int pw_result_merge(struct pw_result_part *parts, size_t count, struct pw_result *out,
                    struct pw_error *err)
{
    struct coverage coverage = {{NULL, NULL}, NULL};
    struct pw_result joined;
    int status = check_set(parts, count, err);

    if (status != 0) {
        return status;
    }
    memset(&joined, 0, sizeof joined);
    qsort(parts, count, sizeof *parts, compare_shards);
    coverage.is_there = calloc(parts[0].result->shard->size + 1, sizeof *coverage.is_there);
    if (coverage.is_there == NULL) {
        return pw_error_set_no_memory(err);
    }
    status = pw_shard_index_init(&coverage.index, parts[0].result->shard, err);
    if (status == 0) {
        status = join(parts, count, &coverage, &joined, err);
    }
    if (status == 0) {
        *out = joined;
    } else {
        pw_result_release(&joined);
    }
    pw_shard_index_release(&coverage.index);
    free(coverage.is_there);
    return status;
}
