/*
 * What is reported of a sequence of pairs: by how much head differs, how sure that is, how noisy
 * the pairs were, and what they could have shown. Made on request: it costs far more than a step of
 * the decision.
 */
#include <math.h>
#include <stdlib.h>

#include "sequence.h"

/** Head less base on one scale, not turned by the metric's direction. */
struct change {
    double centre;               /**< Hodges-Lehmann */
    struct pw_interval interval; /**< at alpha */
    double detectable;           /**< the smallest worsening excluded, less the one there is */
    double noise;
};

/* The end on the worse side, at beta, as if the pairs had been centred on no worsening. */
static int find_detectable(const struct pw_sequence *sequence, const double *d,
                           struct change *change, struct pw_error *err)
{
    const bool is_lower = sequence->options.better == PW_BETTER_LOWER;
    struct pw_interval interval;
    const int status =
        pw_stats_anytime_interval(d, sequence->pairs, sequence->options.beta, &interval, err);

    if (status != 0) {
        return status;
    }
    change->detectable = is_lower ? interval.high - fmax(0.0, change->centre)
                                  : -interval.low - fmax(0.0, -change->centre);
    return 0;
}

static int find_change(const struct pw_sequence *sequence, const double *d, struct change *out,
                       struct pw_error *err)
{
    int status;

    out->centre = pw_stats_hodges_lehmann(d, sequence->pairs, err);
    out->noise = pw_stats_mad_sigma(d, sequence->pairs, err);
    if (isnan(out->centre) || isnan(out->noise)) {
        return PW_ENOMEM;
    }
    status =
        pw_stats_anytime_interval(d, sequence->pairs, sequence->options.alpha, &out->interval, err);
    return status != 0 ? status : find_detectable(sequence, d, out, err);
}

static int find_on_scale(const struct pw_sequence *sequence, bool is_log, double *d,
                         struct change *out, struct pw_error *err)
{
    for (size_t i = 0; i < sequence->pairs; i++) {
        d[i] = is_log ? log(sequence->head[i]) - log(sequence->base[i])
                      : sequence->head[i] - sequence->base[i];
    }
    return find_change(sequence, d, out, err);
}

static void fill_ratio(const struct change *change, struct pw_sequence_estimate *out)
{
    out->ratio = exp(change->centre);
    out->interval.low = exp(change->interval.low);
    out->interval.high = exp(change->interval.high);
    out->noise = change->noise;
    out->detectable = expm1(change->detectable);
}

static void fill_ratio_of_differences(const struct change *change, struct pw_sequence_estimate *out)
{
    const double base = out->base;

    out->noise = change->noise;
    if (!(base > 0.0)) {
        out->ratio = NAN;
        out->interval.low = NAN;
        out->interval.high = NAN;
        out->detectable = NAN;
        return;
    }
    out->ratio = fmax(0.0, 1.0 + change->centre / base);
    out->interval.low = fmax(0.0, 1.0 + change->interval.low / base);
    out->interval.high = 1.0 + change->interval.high / base;
    out->detectable = change->detectable / base;
}

static int fill(const struct pw_sequence *sequence, double *d, struct pw_sequence_estimate *out,
                struct pw_error *err)
{
    const struct pw_sequence_options *options = &sequence->options;
    const bool has_differences = !isnan(options->at_least) || sequence->has_zero;
    struct change change;
    int status;

    out->is_log = !sequence->has_zero && (!isnan(options->increase_ratio) || !has_differences);
    out->base = pw_stats_median(sequence->base, sequence->pairs, err);
    out->head = pw_stats_median(sequence->head, sequence->pairs, err);
    if (isnan(out->base) || isnan(out->head)) {
        return PW_ENOMEM;
    }
    status = find_on_scale(sequence, out->is_log, d, &change, err);
    if (status != 0) {
        return status;
    }
    if (out->is_log) {
        fill_ratio(&change, out);
        if (!has_differences) {
            out->difference = NAN;
            out->difference_interval.low = NAN;
            out->difference_interval.high = NAN;
            out->detectable_difference = NAN;
            return 0;
        }
        status = find_on_scale(sequence, false, d, &change, err);
        if (status != 0) {
            return status;
        }
    } else {
        fill_ratio_of_differences(&change, out);
    }
    out->difference = change.centre;
    out->difference_interval = change.interval;
    out->detectable_difference = change.detectable;
    return 0;
}

int pw_sequence_estimate(const struct pw_sequence *sequence, struct pw_sequence_estimate *out,
                         struct pw_error *err)
{
    struct pw_sequence_estimate found;
    double *d;
    int status;

    if (sequence->pairs == 0) {
        return pw_error_set(err, PW_EINVAL, "there are no pairs to estimate from");
    }
    d = calloc(sequence->pairs, sizeof *d);
    if (d == NULL) {
        return pw_error_set_no_memory(err);
    }
    status = fill(sequence, d, &found, err);
    free(d);
    if (status == 0) {
        *out = found;
    }
    return status;
}
