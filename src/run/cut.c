/*
 * The cut of a suite. Whole numbers only, so that every machine comes to the same.
 */
#include "perfwarden/run/shard.h"

#include <stdlib.h>
#include <string.h>

static int compare_times(const void *left, const void *right)
{
    const uint64_t *a = left;
    const uint64_t *b = right;

    return (*a > *b) - (*a < *b);
}

/* @param[out] median  of what is known; 0 when nothing is */
static int find_median(const struct pw_run_load *loads, size_t count, uint64_t *median,
                       struct pw_error *err)
{
    uint64_t *known = calloc(count + 1, sizeof *known);
    size_t found = 0;

    if (known == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        if (loads[i].expected_ns > 0) {
            known[found++] = loads[i].expected_ns;
        }
    }
    qsort(known, found, sizeof *known, compare_times);
    *median = found > 0 ? known[(found - 1) / 2] : 0;
    free(known);
    return 0;
}

static int longest_first(const void *left, const void *right)
{
    const struct pw_run_load *const *a = left;
    const struct pw_run_load *const *b = right;

    if ((*a)->expected_ns != (*b)->expected_ns) {
        return (*a)->expected_ns > (*b)->expected_ns ? -1 : 1;
    }
    return strcmp((*a)->id, (*b)->id);
}

/** A shard and what it has to do. */
struct bin {
    uint64_t busy_ns;
    unsigned index;
};

static int is_before(const struct bin *a, const struct bin *b)
{
    return a->busy_ns != b->busy_ns ? a->busy_ns < b->busy_ns : a->index < b->index;
}

/* The first of a heap has got more to do. */
static void sink(struct bin *heap, size_t count)
{
    size_t at = 0;

    for (;;) {
        size_t least = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < count; child++) {
            least = is_before(&heap[child], &heap[least]) ? child : least;
        }
        if (least == at) {
            return;
        }
        const struct bin moved = heap[at];
        heap[at] = heap[least];
        heap[least] = moved;
        at = least;
    }
}

static uint64_t add_times(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static int cut_known(struct pw_run_load *loads, size_t count, unsigned shards, unsigned *out,
                     struct pw_error *err)
{
    const struct pw_run_load **order = calloc(count + 1, sizeof(struct pw_run_load *));
    struct bin *heap = calloc((size_t)shards + 1, sizeof *heap);
    int status = 0;

    if (order == NULL || heap == NULL) {
        status = pw_error_set_no_memory(err);
        goto out;
    }
    for (size_t i = 0; i < count; i++) {
        order[i] = &loads[i];
    }
    for (unsigned k = 0; k < shards; k++) {
        heap[k].index = k + 1;
    }
    qsort(order, count, sizeof(struct pw_run_load *), longest_first);
    for (size_t i = 0; i < count; i++) {
        out[order[i] - loads] = heap[0].index;
        heap[0].busy_ns = add_times(heap[0].busy_ns, order[i]->expected_ns);
        sink(heap, shards);
    }
out:
    free(order);
    free(heap);
    return status;
}

int pw_run_cut(struct pw_run_load *loads, size_t count, unsigned shards, unsigned *out,
               struct pw_error *err)
{
    uint64_t median = 0;
    const int status = find_median(loads, count, &median, err);

    if (status != 0) {
        return status;
    }
    if (median == 0) {
        for (size_t i = 0; i < count; i++) {
            out[i] = (unsigned)(i % shards) + 1;
        }
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        if (loads[i].expected_ns == 0) {
            loads[i].expected_ns = median;
        }
    }
    return cut_known(loads, count, shards, out, err);
}
