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
 * κ cover small and large effects. A factor is 1 ± tanh(κ|u|): a stake won or lost. A level that is
 * enough bounds the stakes from above, after Fischer and Ramdas (2024), "Improving Wald's
 * (approximate) sequential probability ratio test by avoiding overshoot". Refuses values that are
 * not finite.
 */
#include "e_process.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "select.h"

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

/* What each bet gains by a win, as a share of its wealth, and loses by a loss: tanh(κ |u|). */
static void find_stakes(double u, double stakes[BETS])
{
    /* 2 κ are 4, 9 and 18 fifths: one exponential serves all. */
    const double t = exp(-fabs(u) / 5.0);
    const double t4 = (t * t) * (t * t);
    const double t9 = t4 * t4 * t;
    const double t18 = t9 * t9;

    stakes[0] = (1.0 - t4) / (1.0 + t4);
    stakes[1] = (1.0 - t9) / (1.0 + t9);
    stakes[2] = (1.0 - t18) / (1.0 + t18);
}

static double mean_of(const double wealth[BETS])
{
    return (wealth[0] + wealth[1] + wealth[2]) / BETS;
}

/*
 * The sign decides between E (1 + gain) and E (1 − gain). Where the one would lie beyond the level,
 * all stakes shrink until it is the level: still fair, and the other is the higher for it.
 */
static bool shrink_stakes(const double wealth[BETS], double level, double stakes[BETS])
{
    const double before = mean_of(wealth);
    double gain = 0.0;
    double share;

    for (size_t i = 0; i < BETS; i++) {
        gain += wealth[i] * stakes[i] / BETS;
    }
    if (!(level > 0.0 && before < level && before + gain > level)) {
        return false;
    }
    share = (level - before) / gain;
    for (size_t i = 0; i < BETS; i++) {
        stakes[i] *= share;
    }
    return true;
}

double pw_e_bets_add(struct pw_e_bets *bets, double u, double level)
{
    double stakes[BETS];
    bool is_enough;

    find_stakes(u, stakes);
    is_enough = shrink_stakes(bets->wealth, level, stakes);
    for (size_t i = 0; i < BETS; i++) {
        bets->wealth[i] *= u < 0.0 ? 1.0 - stakes[i] : 1.0 + stakes[i];
    }
    return is_enough && u > 0.0 ? level : mean_of(bets->wealth);
}

int pw_e_process_add(struct pw_e_process *process, double x, struct pw_error *err)
{
    struct pw_e_bets bets;
    double stakes[BETS];
    bool is_enough;
    double u;
    int status;

    if (!isfinite(x)) {
        return pw_error_set(err, PW_EINVAL, "the difference '%g' is not finite", x);
    }
    status = reserve(process, err);
    if (status != 0) {
        return status;
    }
    u = pw_e_stake(x, pw_e_insert(process->magnitudes, process->count, fabs(x)));
    process->count++;
    for (size_t i = 0; i < BETS; i++) {
        bets.wealth[i] = exp(process->log_wealth[i]);
    }
    find_stakes(u, stakes);
    is_enough =
        process->largest < process->level && shrink_stakes(bets.wealth, process->level, stakes);
    for (size_t i = 0; i < BETS; i++) {
        const double change = u < 0.0 ? -stakes[i] : stakes[i];
        bets.wealth[i] *= 1.0 + change;
        process->log_wealth[i] += log1p(change);
    }
    process->value = is_enough && u > 0.0 ? process->level : mean_of(bets.wealth);
    process->largest = fmax(process->largest, process->value);
    return 0;
}

/* All bets are won. The first magnitude is its own median; those after may be any larger one. */
size_t pw_e_process_least(double level)
{
    struct pw_e_bets bets = PW_E_BETS_INIT;
    double value = pw_e_bets_add(&bets, pw_e_stake(1.0, 1.0), 0.0);
    size_t count = 1;

    while (value < level) {
        value = pw_e_bets_add(&bets, 1.0, 0.0);
        count++;
    }
    return count;
}

void pw_e_process_release(struct pw_e_process *process)
{
    if (process != NULL) {
        free(process->magnitudes);
        memset(process, 0, sizeof *process);
    }
}
