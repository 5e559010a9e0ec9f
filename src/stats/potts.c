/*
 * Change points by L1-Potts segmentation.
 *
 * Assumes values in the order of time, finite; refuses more than 500. Owns the exact minimiser by
 * dynamic programming (Storath, Weinmann, Unser, 2017): best[r] is the least cost of the first r
 * values, and the last segment's cost, Σ |y − median|, is kept up to date by two heaps while the
 * segment grows to the left. O(n² log n), O(n) memory.
 */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "perfwarden/stats.h"
#include "select.h"

#define MAX_VALUES 500

/** A heap with the largest on top, and the sum of what is in it. */
struct heap {
    double items[MAX_VALUES];
    size_t count;
    double sum;
};

/**
 * The values of a segment: `low` holds the smaller half and the median of an odd number, `high` the
 * larger half, negated so that its smallest is on top.
 */
struct halves {
    struct heap low;
    struct heap high;
};

/** The dynamic programme: for the first r values, the least cost and where the last segment starts.
 */
struct programme {
    struct halves segment;
    double centred[MAX_VALUES];
    double best[MAX_VALUES + 1];
    size_t last_start[MAX_VALUES + 1];
};

static void heap_push(struct heap *heap, double value)
{
    size_t i = heap->count++;

    while (i > 0 && heap->items[(i - 1) / 2] < value) {
        heap->items[i] = heap->items[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    heap->items[i] = value;
    heap->sum += value;
}

static double heap_pop(struct heap *heap)
{
    const double top = heap->items[0];
    const double last = heap->items[--heap->count];
    size_t i = 0;

    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= heap->count) {
            break;
        }
        if (child + 1 < heap->count && heap->items[child + 1] > heap->items[child]) {
            child++;
        }
        if (heap->items[child] <= last) {
            break;
        }
        heap->items[i] = heap->items[child];
        i = child;
    }
    heap->items[i] = last;
    heap->sum -= top;
    return top;
}

static void halves_clear(struct halves *halves)
{
    halves->low.count = 0;
    halves->low.sum = 0.0;
    halves->high.count = 0;
    halves->high.sum = 0.0;
}

static void halves_add(struct halves *halves, double value)
{
    if (halves->low.count > 0 && value > halves->low.items[0]) {
        heap_push(&halves->high, -value);
    } else {
        heap_push(&halves->low, value);
    }
    if (halves->low.count > halves->high.count + 1) {
        heap_push(&halves->high, -heap_pop(&halves->low));
    } else if (halves->high.count > halves->low.count) {
        heap_push(&halves->low, -heap_pop(&halves->high));
    }
}

/* Σ |y − median|: the upper half's sum less the lower half's, the median of an odd number aside. */
static double halves_cost(const struct halves *halves)
{
    const double odd = halves->low.count > halves->high.count ? halves->low.items[0] : 0.0;

    return fmax(0.0, -halves->high.sum - (halves->low.sum - odd));
}

static void solve(struct programme *programme, size_t n, double gamma)
{
    programme->best[0] = -gamma; /* the first segment is no jump */
    for (size_t r = 1; r <= n; r++) {
        programme->best[r] = INFINITY;
        halves_clear(&programme->segment);
        for (size_t l = r; l-- > 0;) {
            double cost;

            halves_add(&programme->segment, programme->centred[l]);
            cost = programme->best[l] + gamma + halves_cost(&programme->segment);
            /* Of equal costs the longer segment: a jump needs a reason. */
            if (cost <= programme->best[r]) {
                programme->best[r] = cost;
                programme->last_start[r] = l;
            }
        }
    }
}

static size_t read_starts(const struct programme *programme, size_t n, size_t *starts)
{
    size_t segments = 0;

    for (size_t r = n; r > 0; r = programme->last_start[r]) {
        starts[segments++] = programme->last_start[r];
    }
    for (size_t i = 0; i < segments / 2; i++) {
        const size_t swap = starts[i];
        starts[i] = starts[segments - 1 - i];
        starts[segments - 1 - i] = swap;
    }
    return segments;
}

int pw_stats_potts_l1(const double *values, size_t n, double gamma, size_t *starts,
                      size_t *segments, struct pw_error *err)
{
    struct programme *programme;
    double centre;

    if (n == 0 || n > MAX_VALUES) {
        return pw_error_set(err, PW_EINVAL, "cannot segment %zu values, only 1 to %d", n,
                            MAX_VALUES);
    }
    if (!(gamma > 0.0) || isinf(gamma)) {
        return pw_error_set(err, PW_EINVAL, "gamma %g is not positive", gamma);
    }
    programme = calloc(1, sizeof *programme);
    if (programme == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(values[i])) {
            free(programme);
            return pw_error_set(err, PW_EINVAL, "a value to be segmented is not finite");
        }
        programme->centred[i] = values[i];
    }
    /* Sums of values near 0 keep the digits that sums of values far from it would lose. */
    centre = pw_stats_median_in_place(programme->centred, n);
    for (size_t i = 0; i < n; i++) {
        programme->centred[i] = values[i] - centre;
    }
    solve(programme, n, gamma);
    *segments = read_starts(programme, n, starts);
    free(programme);
    return 0;
}
