/*
 * The anytime-valid interval of a centre: what the e-processes of both directions have not ruled
 * out by any moment so far.
 *
 * Assumes what e_process.c assumes, of x − θ at the true θ; then the true θ is ever outside an end
 * with a chance of at most alpha, however often one looks. Refuses an empty sample, values that are
 * not finite and an alpha outside (0, 1).
 *
 * A θ far above all values is ruled out or not by their number alone, since then all differences
 * look equal. From there a grid is walked inward to the first θ that is not ruled out, and the end
 * is found by bisection before it. E is continuous in θ but need not be monotone: a gap narrower
 * than the grid would be missed, and then the interval is the part that the centre lies in.
 */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "e_process.h"
#include "select.h"

/** Grid: beyond the values at max + range · 2^k for these k, and at this many of their ranks. */
enum { DOUBLINGS = 8, RANKS = 48, BISECTIONS = 36 };

/** An end being looked for. Values are turned so that it is always the upper one. */
struct search {
    const double *x; /**< in order of arrival */
    const double *sorted;
    size_t n;
    double level;       /**< 1/alpha */
    double *magnitudes; /**< room for n */
};

/* Whether θ was ever ruled out from above: E(θ − x) reached the level. */
static bool is_excluded(const struct search *search, double theta)
{
    struct pw_e_bets bets = PW_E_BETS_INIT;

    for (size_t i = 0; i < search->n; i++) {
        const double x = theta - search->x[i];
        const double median = pw_e_insert(search->magnitudes, i, fabs(x));
        if (pw_e_bets_add(&bets, pw_e_stake(x, median), search->level) >= search->level) {
            return true;
        }
    }
    return false;
}

/* Whether as many differences, all equal, reach the level. */
static bool is_far_excluded(const struct search *search)
{
    struct pw_e_bets bets = PW_E_BETS_INIT;

    for (size_t i = 0; i < search->n; i++) {
        if (pw_e_bets_add(&bets, pw_e_stake(1.0, 1.0), search->level) >= search->level) {
            return true;
        }
    }
    return false;
}

/* Point k of the grid, from the outside inward; the last one is the smallest value. */
static double grid_point(const struct search *search, size_t k)
{
    const double largest = search->sorted[search->n - 1];
    const double range = largest - search->sorted[0];

    if (k <= DOUBLINGS) {
        return largest + ldexp(range, DOUBLINGS - (int)k);
    }
    k -= DOUBLINGS + 1;
    return search->sorted[(search->n - 1) - (search->n - 1) * k / (RANKS - 1)];
}

static double bisect(const struct search *search, double inside, double outside)
{
    for (int i = 0; i < BISECTIONS; i++) {
        const double middle = inside + (outside - inside) / 2.0;
        if (is_excluded(search, middle)) {
            outside = middle;
        } else {
            inside = middle;
        }
    }
    return outside;
}

static double find_end(const struct search *search)
{
    double outside = INFINITY;

    if (!is_far_excluded(search)) {
        return INFINITY;
    }
    if (search->sorted[0] == search->sorted[search->n - 1]) {
        return search->sorted[0]; /* the differences are equal at every θ but this */
    }
    for (size_t k = 0; k <= DOUBLINGS + RANKS; k++) {
        const double inside = grid_point(search, k);
        if (!is_excluded(search, inside)) {
            return isinf(outside) ? INFINITY : bisect(search, inside, outside);
        }
        outside = inside;
    }
    return outside; /* not reached: a bet against all values gains nothing */
}

/* Both ends of values, which are turned for the lower one. */
static struct pw_interval find_interval(double *x, double *sorted, double *magnitudes, size_t n,
                                        double alpha)
{
    const struct search search = {x, sorted, n, 1.0 / alpha, magnitudes};
    struct pw_interval interval;

    interval.high = find_end(&search);
    for (size_t i = 0; i < n; i++) {
        x[i] = -x[i];
        sorted[i] = x[i];
    }
    pw_stats_sort(sorted, n);
    interval.low = -find_end(&search);
    return interval;
}

/* The largest magnitude, which E does not depend on: divided out, no difference overflows. */
static int largest_magnitude(const double *x, size_t n, double *out, struct pw_error *err)
{
    double largest = 0.0;

    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i])) {
            return pw_error_set(err, PW_EINVAL, "the value '%g' is not finite", x[i]);
        }
        largest = fmax(largest, fabs(x[i]));
    }
    *out = largest > 0.0 ? largest : 1.0;
    return 0;
}

int pw_stats_anytime_interval(const double *x, size_t n, double alpha, struct pw_interval *out,
                              struct pw_error *err)
{
    struct pw_interval interval;
    double *scaled = NULL;
    double *sorted = NULL;
    double *magnitudes = NULL;
    double unit = 1.0;
    int status;

    if (n == 0) {
        return pw_error_set(err, PW_EINVAL, "a sample is empty");
    }
    if (!(alpha > 0.0 && alpha < 1.0)) {
        return pw_error_set(err, PW_EINVAL, "alpha %g is not between 0 and 1", alpha);
    }
    status = largest_magnitude(x, n, &unit, err);
    if (status != 0) {
        return status;
    }
    scaled = pw_stats_copy(x, n, err);
    sorted = scaled != NULL ? pw_stats_copy(x, n, err) : NULL;
    magnitudes = sorted != NULL ? pw_stats_copy(x, n, err) : NULL;
    if (magnitudes == NULL) {
        status = PW_ENOMEM;
        goto out;
    }
    for (size_t i = 0; i < n; i++) {
        scaled[i] /= unit;
        sorted[i] /= unit;
    }
    pw_stats_sort(sorted, n);
    interval = find_interval(scaled, sorted, magnitudes, n, alpha);
    out->low = interval.low * unit;
    out->high = interval.high * unit;
out:
    free(scaled);
    free(sorted);
    free(magnitudes);
    return status;
}
