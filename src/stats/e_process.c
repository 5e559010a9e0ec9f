/*
 * E-processes: bets on the signs of differences that may be watched after each of them.
 *
 * For x_1, x_2, … with s_i = 1.4826 · median(|x_1|, …, |x_i|) and u_i = clamp(x_i / s_i, −1, 1),
 *
 *     E_n = ⅓ Σ_{κ ∈ {0.4, 0.9, 1.8}} Π_{i≤n} 2 / (1 + exp(−2 κ u_i)).
 *
 * Assumes that, given all magnitudes and the signs before, each sign is as likely + as −: then
 * 2/(1 + e^−z) + 2/(1 + e^z) = 2 makes every factor a fair bet, E is a martingale from 1, and
 * P(sup E ≥ 1/a) ≤ a (Ville, 1939). Clipping u keeps one wild value from spending the wealth; three
 * κ cover small and large effects. Refuses values that are not finite.
 */
#include "e_process.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "select.h"

#define LN_2           0.69314718055994530942
#define FIRST_CAPACITY 64

/** κ = 0.4, 0.9, 1.8. */
enum { BETS = 3 };

_Static_assert(BETS == PW_COUNT(((struct pw_e_process *)NULL)->log_wealth), "one wealth each");
_Static_assert(BETS == PW_COUNT(((struct pw_e_bets *)NULL)->wealth), "one wealth each");

static int reserve(struct pw_e_process *process, struct pw_error *err)
{
    const size_t capacity = process->capacity > 0 ? 2 * process->capacity : FIRST_CAPACITY;
    double *grown;

    if (process->count < process->capacity) {
        return 0;
    }
    grown = capacity <= SIZE_MAX / sizeof *grown / 2
                ? realloc(process->magnitudes, capacity * sizeof *grown)
                : NULL;
    if (grown == NULL) {
        return pw_error_set_no_memory(err);
    }
    process->magnitudes = grown;
    process->capacity = capacity;
    return 0;
}

double pw_e_insert(double *magnitudes, size_t count, double magnitude)
{
    const size_t k = (count + 1) / 2;
    size_t low = 0;
    size_t high = count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (magnitudes[middle] <= magnitude) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    memmove(magnitudes + low + 1, magnitudes + low, (count - low) * sizeof *magnitudes);
    magnitudes[low] = magnitude;
    return count % 2 == 0 ? magnitudes[k] : pw_stats_midpoint(magnitudes[k - 1], magnitudes[k]);
}

double pw_e_stake(double x, double median)
{
    /* Nothing is bet on a difference of 0, whatever its scale. */
    return x == 0.0 ? 0.0 : fmax(-1.0, fmin(1.0, x / median / PW_MAD_TO_SIGMA));
}

/* e^(−2 κ u) of each bet. */
static void odds(double u, double out[3])
{
    /* 2 κ are 4, 9 and 18 fifths: one exponential serves all. */
    const double t = exp(-u / 5.0);
    const double t4 = (t * t) * (t * t);
    const double t9 = t4 * t4 * t;

    out[0] = t4;
    out[1] = t9;
    out[2] = t9 * t9;
}

double pw_e_bets_add(struct pw_e_bets *bets, double u)
{
    double against[BETS];
    double sum = 0.0;

    odds(u, against);
    for (size_t i = 0; i < BETS; i++) {
        bets->wealth[i] *= 2.0 / (1.0 + against[i]);
        sum += bets->wealth[i];
    }
    return sum / BETS;
}

int pw_e_process_add(struct pw_e_process *process, double x, struct pw_error *err)
{
    double against[BETS];
    double sum = 0.0;
    int status;

    if (!isfinite(x)) {
        return pw_error_set(err, PW_EINVAL, "the difference '%g' is not finite", x);
    }
    status = reserve(process, err);
    if (status != 0) {
        return status;
    }
    odds(pw_e_stake(x, pw_e_insert(process->magnitudes, process->count, fabs(x))), against);
    process->count++;
    for (size_t i = 0; i < BETS; i++) {
        process->log_wealth[i] += LN_2 - log1p(against[i]);
        sum += exp(process->log_wealth[i]);
    }
    process->value = sum / BETS;
    process->largest = fmax(process->largest, process->value);
    return 0;
}

void pw_e_process_release(struct pw_e_process *process)
{
    if (process != NULL) {
        free(process->magnitudes);
        memset(process, 0, sizeof *process);
    }
}
