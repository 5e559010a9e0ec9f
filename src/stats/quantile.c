/*
 * The standard normal distribution and its quantiles.
 *
 * Assumes nothing but IEEE doubles; the relative error of a quantile is below 1e-15 (see the test).
 */
#include <math.h>
#include <stddef.h>

#include "perfwarden/stats.h"

/** Both polynomials of a rational approximation, lowest power first. */
struct rational {
    double above[8];
    double below[8];
};

/*
 * Coefficients of PPND16 in M. J. Wichura, "Algorithm AS 241: The percentage points of the normal
 * distribution", Applied Statistics 37 (1988) 477–484: near the centre, in the tails, and far out.
 */
static const struct rational centre = {
    {3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
     1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
     3.3430575583588128105e4, 2.5090809287301226727e3},
    {1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
     2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4,
     5.2264952788528545610e3},
};
static const struct rational tail = {
    {1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
     3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
     2.27238449892691845833e-2, 7.74545014278341407640e-4},
    {1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
     1.05075007164441684324e-9},
};
static const struct rational far_tail = {
    {6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
     2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
     2.71155556874348757815e-5, 2.01033439929228813265e-7},
    {1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
     7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
     2.04426310338993978564e-15},
};

static double polynomial(const double coefficients[8], double x)
{
    double sum = 0.0;

    for (size_t i = 8; i > 0; i--) {
        sum = sum * x + coefficients[i - 1];
    }
    return sum;
}

static double evaluate(const struct rational *approximation, double x)
{
    return polynomial(approximation->above, x) / polynomial(approximation->below, x);
}

double pw_stats_normal_quantile(double p)
{
    const double q = p - 0.5;
    double r;
    double magnitude;

    if (isnan(p) || p < 0.0 || p > 1.0) {
        return NAN;
    }
    if (fabs(q) <= 0.425) {
        return q * evaluate(&centre, 0.180625 - q * q);
    }
    r = q < 0.0 ? p : 1.0 - p;
    if (r == 0.0) {
        return q < 0.0 ? -INFINITY : INFINITY;
    }
    r = sqrt(-log(r));
    magnitude = r <= 5.0 ? evaluate(&tail, r - 1.6) : evaluate(&far_tail, r - 5.0);
    return q < 0.0 ? -magnitude : magnitude;
}

double pw_stats_normal_cdf(double z)
{
    static const double sqrt_half = 0.70710678118654752440;

    /* erfc keeps its relative accuracy in the lower tail, where 1 + erf would cancel. */
    return 0.5 * erfc(-z * sqrt_half);
}
