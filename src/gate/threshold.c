/*
 * Thresholds: what they say in words, and one estimate with its interval decided against one.
 *
 * A worsening d counts when the whole interval lies above the threshold, and is ruled out when the
 * whole interval lies below; anything else is undecided. Never the estimate alone.
 */
#include "threshold.h"

#include <float.h>
#include <math.h>
#include <string.h>

/** Relative error of a threshold, and absolute error of a logarithm in units of its own size. */
#define THRESHOLD_ROUNDING 1e-12
#define LOGARITHM_ROUNDING (4.0 * DBL_EPSILON)

bool pw_threshold_has_change(const struct pw_threshold *threshold)
{
    return !isnan(threshold->increase_ratio) || !isnan(threshold->at_least);
}

bool pw_threshold_is_over_limit(const struct pw_threshold *threshold, enum pw_better better,
                                double value)
{
    if (isnan(threshold->limit)) {
        return false;
    }
    return better == PW_BETTER_LOWER ? value > threshold->limit : value < threshold->limit;
}

/* With d = ln(h/b), negated where higher is better, h − b = b (e^d − 1) or b − h = b (1 − e^−d). */
static double on_log_scale(const struct pw_threshold *threshold, enum pw_better better, double base)
{
    double least = 0.0;

    if (!isnan(threshold->increase_ratio)) {
        least = log1p(threshold->increase_ratio);
    }
    if (isnan(threshold->at_least)) {
        return least;
    }
    if (better == PW_BETTER_LOWER) {
        return fmax(least, log1p(threshold->at_least / base));
    }
    return threshold->at_least < base ? fmax(least, -log1p(-threshold->at_least / base)) : INFINITY;
}

static double on_raw_scale(const struct pw_threshold *threshold, enum pw_better better, double base)
{
    const double increase = threshold->increase_ratio;
    double least = 0.0;

    if (!isnan(increase)) {
        least = better == PW_BETTER_LOWER ? base * increase : base * (increase / (1.0 + increase));
    }
    return isnan(threshold->at_least) ? least : fmax(least, threshold->at_least);
}

double pw_threshold_on_scale(const struct pw_threshold *threshold, enum pw_better better,
                             enum pw_scale scale, double base)
{
    return scale == PW_SCALE_LOG ? on_log_scale(threshold, better, base)
                                 : on_raw_scale(threshold, better, base);
}

/*
 * The smallest true worsening whose interval, centred on it and as wide as this one, would lie
 * above the threshold: exp(θ + half-width) − 1.
 */
static double detectable(const struct pw_estimate *estimate, double theta, double half_width)
{
    double ratio = NAN;

    if (estimate->scale == PW_SCALE_LOG) {
        ratio = expm1(theta + half_width);
    } else if (estimate->base > 0.0) {
        ratio = (theta + half_width) / estimate->base;
    }
    return isfinite(ratio) ? ratio : NAN;
}

/*
 * Room for rounding where a value lies exactly on the threshold: that is not exceeded. A small
 * change of a large value is the difference of two logarithms that are much larger than itself.
 */
static double rounding(const struct pw_estimate *estimate, double theta)
{
    const double relative = theta * THRESHOLD_ROUNDING;

    return estimate->scale == PW_SCALE_LOG
               ? relative + LOGARITHM_ROUNDING * fabs(log(estimate->base))
               : relative;
}

struct pw_decision pw_threshold_decide(const struct pw_threshold *threshold, enum pw_better better,
                                       const struct pw_estimate *estimate)
{
    const bool is_lower = better == PW_BETTER_LOWER;
    const double theta = pw_threshold_on_scale(threshold, better, estimate->scale, estimate->base);
    const double edge = theta + rounding(estimate, theta);
    const double shift = is_lower ? estimate->shift : -estimate->shift;
    const double low = is_lower ? estimate->interval.low : -estimate->interval.high;
    const double high = is_lower ? estimate->interval.high : -estimate->interval.low;
    struct pw_decision decision = {PW_VERDICT_INCONCLUSIVE, NAN};

    decision.detectable = detectable(estimate, theta, shift - low);
    if (low > edge) {
        decision.verdict = PW_VERDICT_REGRESSION;
    } else if (high < -edge && !isnan(threshold->increase_ratio)) {
        decision.verdict = PW_VERDICT_IMPROVEMENT;
    } else if (high <= edge) {
        decision.verdict = PW_VERDICT_PASS;
    }
    return decision;
}

/* A value without the zeros behind its decimal point: a threshold is read as it was written. */
static void put_value(struct pw_strbuf *out, double value, const char *unit)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    const char *formatted;
    const char *point;

    pw_format_value(&text, value, unit);
    out->failed = out->failed || pw_strbuf_failed(&text);
    formatted = pw_strbuf_text(&text);
    point = strchr(formatted, '.');
    if (point == NULL) {
        pw_strbuf_puts(out, formatted);
    } else {
        const size_t digits = strspn(point + 1, "0123456789");
        size_t kept = digits;
        while (kept > 0 && point[kept] == '0') {
            kept--;
        }
        pw_strbuf_append(out, formatted, (size_t)(point - formatted) + (kept > 0 ? kept + 1 : 0));
        pw_strbuf_puts(out, point + 1 + digits);
    }
    pw_strbuf_release(&text);
}

void pw_threshold_describe(const struct pw_threshold *threshold, const char *unit,
                           enum pw_better better, struct pw_strbuf *out)
{
    const bool is_lower = better == PW_BETTER_LOWER;
    const char *sign = is_lower ? "+" : "-";
    const char *separator = "";

    if (!isnan(threshold->increase_ratio)) {
        pw_strbuf_puts(out, sign);
        put_value(out, threshold->increase_ratio, "ratio");
        separator = " and ";
    }
    if (!isnan(threshold->at_least)) {
        pw_strbuf_printf(out, "%s%s", separator, sign);
        put_value(out, threshold->at_least, unit != NULL ? unit : "");
    }
    if (!isnan(threshold->limit)) {
        if (pw_threshold_has_change(threshold)) {
            pw_strbuf_puts(out, ", ");
        }
        pw_strbuf_puts(out, is_lower ? "\xE2\x89\xA4 " : "\xE2\x89\xA5 ");
        put_value(out, threshold->limit, unit != NULL ? unit : "");
    }
}
