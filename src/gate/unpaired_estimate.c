/*
 * A change estimated from the runs of two results: the Hodges-Lehmann estimate on logarithms with
 * the interval of the Mann-Whitney test; on the values themselves where some are 0.
 */
#include <math.h>
#include <stdlib.h>

#include "perfwarden/stats.h"
#include "unpaired.h"

/* The least number of runs a side whose extreme order, one in C(2n, n), is rarer than alpha. */
static unsigned runs_needed(double alpha)
{
    double rarest = 1.0;
    unsigned n = 0;

    while (rarest > alpha && n < 1000) {
        n++;
        rarest *= (double)n / (2.0 * (2.0 * n - 1.0)); /* C(2n, n) = C(2n−2, n−1) · 2(2n−1)/n */
    }
    return n;
}

static double larger_sigma(const double *a, size_t n, const double *b, size_t m,
                           struct pw_error *err)
{
    const double of_a = pw_stats_mad_sigma(a, n, err);
    const double of_b = pw_stats_mad_sigma(b, m, err);

    return isnan(of_a) || isnan(of_b) ? NAN : fmax(of_a, of_b);
}

static int estimate_on_scale(struct pw_gate_context *context, const struct pw_metric_case *item,
                             const double *a, const double *b, struct pw_estimate *out,
                             struct pw_error *err)
{
    const struct pw_series *base = item->bases[0];
    const double alpha = context->gate.alpha;
    struct pw_mann_whitney test;
    struct pw_shift shift;
    int status = pw_stats_mann_whitney(a, base->count, b, item->head->count, &test, err);

    if (status == 0) {
        status = pw_stats_shift(a, base->count, b, item->head->count, alpha, &shift, err);
    }
    if (status != 0) {
        return status;
    }
    out->base = pw_stats_median(base->samples, base->count, err);
    out->noise = larger_sigma(a, base->count, b, item->head->count, err);
    if (isnan(out->base) || isnan(out->noise)) {
        return PW_ENOMEM;
    }
    out->base_samples = base->count;
    out->shift = shift.estimate;
    out->interval = shift.interval;
    out->p_value = test.p_value;
    if (!isinf(shift.interval.low)) {
        return 0;
    }
    out->note = pw_arena_printf(&context->out->arena,
                                "too few runs for alpha %g: base has %zu, head %zu, each side "
                                "needs %u",
                                alpha, base->count, item->head->count, runs_needed(alpha));
    return out->note != NULL ? 0 : pw_error_set_no_memory(err);
}

int pw_gate_estimate_unpaired(struct pw_gate_context *context, const struct pw_metric_case *item,
                              enum pw_scale scale, struct pw_estimate *out, struct pw_error *err)
{
    double *a = pw_samples_on_scale(item->bases[0], scale);
    double *b = pw_samples_on_scale(item->head, scale);
    int status;

    out->scale = scale;
    if (a == NULL || b == NULL) {
        status = pw_error_set_no_memory(err);
    } else {
        status = estimate_on_scale(context, item, a, b, out, err);
    }
    free(a);
    free(b);
    return status;
}
