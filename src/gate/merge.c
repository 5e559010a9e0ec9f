/*
 * The comparisons of all shards in one. Owns the order of the rows and the exit code; whether the
 * parts fit (merge_check.c), what is said of them (merge_describe.c, merge_warnings.c) and which
 * regressions stand (merge_suite.c) is decided elsewhere.
 */
#include "merge.h"

#include <stdlib.h>
#include <string.h>

#include "comparison.h"
#include "policy.h"

static int compare_shards(const void *left, const void *right)
{
    const struct pw_gate_part *a = left;
    const struct pw_gate_part *b = right;

    return (a->comparison->shard->index > b->comparison->shard->index) -
           (a->comparison->shard->index < b->comparison->shard->index);
}

static int check_set(const struct pw_gate_part *parts, size_t count, struct pw_error *err)
{
    struct pw_shard_part *shards = calloc(count + 1, sizeof *shards);
    int status;

    if (shards == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        shards[i] = (struct pw_shard_part){parts[i].name, parts[i].comparison->shard};
    }
    status = pw_shard_check_set(shards, count, err);
    free(shards);
    return status;
}

/** Where a row comes: rows with the base first, then those with the anchor. */
struct place {
    const struct pw_comparison_row *row;
    size_t benchmark; /**< in the suite; behind it for what vanished */
    size_t order;     /**< among all rows as they were read */
};

static int compare_places(const void *left, const void *right)
{
    const struct place *a = left;
    const struct place *b = right;
    const int since = (a->row->since != NULL) - (b->row->since != NULL);

    if (since != 0) {
        return since;
    }
    if (a->benchmark != b->benchmark) {
        return a->benchmark < b->benchmark ? -1 : 1;
    }
    return (a->order > b->order) - (a->order < b->order);
}

static size_t collect(const struct pw_gate_part *parts, size_t count,
                      const struct pw_shard_index *index, struct place *places)
{
    size_t found = 0;

    for (size_t i = 0; i < count; i++) {
        const struct pw_comparison *part = parts[i].comparison;
        for (size_t k = 0; k < part->row_count; k++) {
            places[found].row = &part->rows[k];
            places[found].benchmark = pw_shard_index_find(index, part->rows[k].declared);
            places[found].order = found;
            found++;
        }
    }
    return found;
}

/* Rows as they are: their texts and samples stay where they were read. */
static int take_rows(const struct pw_gate_part *parts, size_t count, struct pw_comparison *out,
                     struct pw_error *err)
{
    struct pw_shard_index index = {NULL, NULL};
    struct place *places = NULL;
    size_t total = 0;
    int status;

    for (size_t i = 0; i < count; i++) {
        total += parts[i].comparison->row_count;
    }
    places = calloc(total + 1, sizeof *places);
    out->rows = pw_arena_array(&out->arena, total + 1, sizeof *out->rows);
    if (places == NULL || out->rows == NULL) {
        free(places);
        return pw_error_set_no_memory(err);
    }
    status = pw_shard_index_init(&index, parts[0].comparison->shard, err);
    if (status == 0) {
        (void)collect(parts, count, &index, places);
        qsort(places, total, sizeof *places, compare_places);
        for (size_t i = 0; i < total; i++) {
            out->rows[i] = *places[i].row;
        }
        out->row_count = total;
        out->row_capacity = total + 1;
    }
    free(places);
    pw_shard_index_release(&index);
    return status;
}

/* What no row explains: a signal, or perfwarden's own failure. */
bool pw_merge_is_early_end(int code)
{
    return code == PW_EXIT_INTERNAL || code == PW_EXIT_SIGINT || code == PW_EXIT_SIGTERM;
}

static void keep_ends(const int *codes, size_t count, struct pw_comparison *out)
{
    for (size_t i = 0; i < count; i++) {
        if (pw_merge_is_early_end(codes[i])) {
            pw_comparison_escalate(out, codes[i]);
        }
    }
}

static int join(const struct pw_gate_part *parts, size_t count, const int *codes,
                struct pw_comparison *out, struct pw_error *err)
{
    int status = pw_merge_describe(parts, count, out, err);

    if (status == 0) {
        status = take_rows(parts, count, out, err);
    }
    if (status == 0) {
        status = pw_merge_warnings(parts, count, out, err);
    }
    if (status == 0) {
        status = pw_merge_judge_suite(out, err);
    }
    if (status == 0) {
        status = pw_gate_finish(out, err);
    }
    if (status == 0) {
        keep_ends(codes, count, out);
    }
    return status;
}

int pw_gate_merge(struct pw_gate_part *parts, size_t count, struct pw_comparison *out,
                  struct pw_error *err)
{
    struct pw_comparison joined;
    int *codes;
    int status = check_set(parts, count, err);

    if (status == 0) {
        status = pw_merge_check(parts, count, err);
    }
    if (status != 0) {
        return status;
    }
    qsort(parts, count, sizeof *parts, compare_shards);
    codes = calloc(count + 1, sizeof *codes);
    if (codes == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        codes[i] = parts[i].comparison->exit_code;
    }
    pw_comparison_init(&joined);
    status = join(parts, count, codes, &joined, err);
    free(codes);
    if (status == 0) {
        *out = joined;
    } else {
        pw_comparison_release(&joined);
    }
    return status;
}
