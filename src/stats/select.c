/*
 * Selection by rank (Hoare's quickselect), with a bound on bad luck.
 *
 * Owns order statistics of plain arrays. Refuses nothing: callers hand in finite values.
 */
#include "select.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

double *pw_stats_copy(const double *values, size_t n, struct pw_error *err)
{
    double *copy = n <= SIZE_MAX / sizeof *copy ? malloc(n * sizeof *copy) : NULL;

    if (copy == NULL) {
        pw_error_set_no_memory(err);
        return NULL;
    }
    memcpy(copy, values, n * sizeof *copy);
    return copy;
}

static int compare_doubles(const void *left, const void *right)
{
    const double a = *(const double *)left;
    const double b = *(const double *)right;

    return (a > b) - (a < b);
}

void pw_stats_sort(double *values, size_t n)
{
    if (n > 1) {
        qsort(values, n, sizeof *values, compare_doubles);
    }
}

static double median_of_three(double a, double b, double c)
{
    if (a > b) {
        const double swap = a;
        a = b;
        b = swap;
    }
    return c <= a ? a : (c >= b ? b : c);
}

/** A run of values equal to the pivot: [first, end). */
struct middle {
    size_t first;
    size_t end;
};

/* Three ways, because samples with few distinct values (page counts, sizes) are common. */
static struct middle partition(double *values, size_t low, size_t high, double pivot)
{
    struct middle equal = {low, high};
    size_t i = low;

    while (i < equal.end) {
        const double value = values[i];
        if (value < pivot) {
            values[i++] = values[equal.first];
            values[equal.first++] = value;
        } else if (value > pivot) {
            values[i] = values[--equal.end];
            values[equal.end] = value;
        } else {
            i++;
        }
    }
    return equal;
}

double pw_stats_select(double *values, size_t n, size_t k)
{
    size_t low = 0;
    size_t high = n;
    unsigned patience = 64; /* halving needs no more; an adversary's order is sorted instead */

    while (high - low > 1) {
        if (patience-- == 0) {
            pw_stats_sort(values + low, high - low);
            break;
        }
        const double pivot =
            median_of_three(values[low], values[low + (high - low) / 2], values[high - 1]);
        const struct middle equal = partition(values, low, high, pivot);
        if (k < equal.first) {
            high = equal.first;
        } else if (k >= equal.end) {
            low = equal.end;
        } else {
            break;
        }
    }
    return values[k];
}

double pw_stats_midpoint(double a, double b)
{
    /* a + b overflows only with equal signs, b − a only with different ones. */
    return signbit(a) == signbit(b) ? a + (b - a) / 2.0 : (a + b) / 2.0;
}

double pw_stats_median_in_place(double *values, size_t n)
{
    const size_t k = n / 2;
    const double upper = pw_stats_select(values, n, k);
    double lower;

    if (n % 2 == 1) {
        return upper;
    }
    lower = values[0];
    for (size_t i = 1; i < k; i++) {
        lower = fmax(lower, values[i]);
    }
    return pw_stats_midpoint(lower, upper);
}
