/*
 * Student's t: its tail, and quantiles by inverting it.
 *
 * The tail is half a regularised incomplete beta function, P(T > t) = ½ I_x(ν/2, ½) with
 * x = ν/(ν + t²) (Abramowitz and Stegun 26.5.27, 26.7.1). It falls strictly with t, so bracketing
 * and bisection cannot go astray. Refuses p outside [0, 1] and ν ≤ 0 (NAN).
 */
#include "student.h"

#include <math.h>
#include <stdbool.h>

#include "perfwarden/stats.h"

/** From here on two terms of the expansion around the normal quantile are exact to a double. */
#define EXPANSION_FROM_DEGREES 1e6

/*
 * ln Γ(a + ½) − ln Γ(a). Subtracting two lgamma() loses digits as a grows (and lgamma() writes a
 * global sign), so small a are moved up by Γ(a + 1) = a Γ(a) to where the asymptotic series
 * (Tricomi and Erdélyi, 1951) is exact to a double.
 */
static double log_gamma_ratio(double a)
{
    double moved = 0.0;
    double r;
    double series;

    while (a < 20.0) {
        moved += log(a / (a + 0.5));
        a += 1.0;
    }
    r = 1.0 / (a * a);
    series = -1.0 / 8.0 + r * (1.0 / 192.0 + r * (-1.0 / 640.0 + r * (17.0 / 14336.0)));
    return moved + 0.5 * log(a) + series / a;
}

static double away_from_zero(double x)
{
    return fabs(x) < 1e-300 ? 1e-300 : x;
}

/* The continued fraction of I_x(a, b), by the modified Lentz method (DLMF 8.17.22, 3.10). */
static double beta_fraction(double x, double a, double b)
{
    double c = 1.0;
    double d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    double f = d;

    for (unsigned i = 1; i <= 10000; i++) {
        const double m = (double)i;
        const double a2 = a + 2.0 * m;
        const double even = m * (b - m) * x / ((a2 - 1.0) * a2);
        const double odd = -(a + m) * (a + b + m) * x / (a2 * (a2 + 1.0));
        double step;

        d = 1.0 / away_from_zero(1.0 + even * d);
        c = away_from_zero(1.0 + even / c);
        f *= d * c;
        d = 1.0 / away_from_zero(1.0 + odd * d);
        c = away_from_zero(1.0 + odd / c);
        step = d * c;
        f *= step;
        if (fabs(step - 1.0) < 1e-16) {
            break;
        }
    }
    return f;
}

/* P(T > t) for t ≥ 0. */
static double upper_tail(double t, double degrees)
{
    static const double log_sqrt_pi = 0.57236494292470008707;
    const double a = degrees / 2.0;
    const double s = t / degrees * t; /* t²/ν: x = 1/(1 + s), 1 − x = s/(1 + s) */
    const double x = 1.0 / (1.0 + s);
    const double y = isinf(s) ? 1.0 : s / (1.0 + s);
    double log_front;

    if (t == 0.0) {
        return 0.5;
    }
    /* x^a · y^½ / B(a, ½) */
    log_front = -a * log1p(s) + 0.5 * log(y) + log_gamma_ratio(a) - log_sqrt_pi;
    if (x < (a + 1.0) / (a + 2.5)) {
        return 0.5 * exp(log_front) / a * beta_fraction(x, a, 0.5);
    }
    return 0.5 - exp(log_front) * beta_fraction(y, 0.5, a);
}

/* The t whose upper tail is p, for p in (0, ½). */
static double invert_tail(double p, double degrees)
{
    double low = 0.0;
    double high = 1.0;

    while (upper_tail(high, degrees) > p) {
        low = high;
        high *= 2.0;
        if (isinf(high)) {
            return INFINITY;
        }
    }
    for (;;) {
        const double middle = low + (high - low) / 2.0;
        if (middle <= low || middle >= high || high - low <= 1e-15 * high) {
            return middle;
        }
        if (upper_tail(middle, degrees) > p) {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/* Abramowitz and Stegun 26.7.5. Beyond it the continued fraction would need thousands of terms. */
static double expand_around_normal(double p, double degrees)
{
    const double z = pw_stats_normal_quantile(p);
    const double z2 = z * z;

    return z + z * (z2 + 1.0) / (4.0 * degrees) +
           z * ((5.0 * z2 + 16.0) * z2 + 3.0) / (96.0 * degrees * degrees);
}

double pw_stats_t_upper_tail(double t, double degrees)
{
    if (isinf(t)) {
        return 0.0;
    }
    return degrees >= EXPANSION_FROM_DEGREES ? pw_stats_normal_cdf(-t) : upper_tail(t, degrees);
}

double pw_stats_t_quantile(double p, double degrees)
{
    const bool is_upper = p > 0.5;
    const double tail = is_upper ? 1.0 - p : p;
    double t;

    if (isnan(p) || p < 0.0 || p > 1.0 || isnan(degrees) || degrees <= 0.0) {
        return NAN;
    }
    if (tail == 0.0) {
        return is_upper ? INFINITY : -INFINITY;
    }
    if (tail == 0.5) {
        return 0.0;
    }
    if (degrees >= EXPANSION_FROM_DEGREES) {
        return expand_around_normal(p, degrees);
    }
    t = invert_tail(tail, degrees);
    return is_upper ? t : -t;
}
