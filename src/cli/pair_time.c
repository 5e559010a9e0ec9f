/* In doubles: a thousand benchmarks of a thousand pairs of an hour fit, to the second. */
#include "pair_time.h"

/* What a bound is cut at: longer than anybody waits, and a whole number of nanoseconds. */
#define LONGEST_NS 1e18

/** What a benchmark that has no pair yet is taken to need. */
struct typical {
    double pair_ns;
    double extra_ns; /**< of the first pair: the setup and the discarded runs */
};

#define SECOND_NS UINT64_C(1000000000)

uint64_t pw_pair_time_round_up(uint64_t time_ns)
{
    static const struct {
        uint64_t below_s;
        uint64_t step_s;
    } steps[] = {{60, 1}, {600, 5}, {UINT64_MAX, 60}};
    size_t i = 0;
    while (time_ns / SECOND_NS >= steps[i].below_s) {
        i++;
    }
    const uint64_t step_ns = steps[i].step_s * SECOND_NS;
    return (time_ns / step_ns + (time_ns % step_ns > 0)) * step_ns;
}

void pw_pair_pace_add(struct pw_pair_pace *pace, uint64_t pair_ns)
{
    if (pace->pairs == 0) {
        pace->first_ns = pair_ns;
    } else {
        pace->rest_ns += pair_ns;
    }
    pace->pairs++;
}

/* The first pair has more before it, so it counts only where there is no other. */
static double pair_ns_of(const struct pw_pair_pace *pace)
{
    return pace->pairs > 1 ? (double)pace->rest_ns / (pace->pairs - 1) : (double)pace->first_ns;
}

static bool find_typical(const struct pw_pair_pace *paces, size_t count, struct typical *out)
{
    struct typical sum = {0.0, 0.0};
    size_t begun = 0;
    size_t steady = 0;
    for (size_t i = 0; i < count; i++) {
        const double pair_ns = pair_ns_of(&paces[i]);
        const double extra_ns = (double)paces[i].first_ns - pair_ns;
        begun += paces[i].pairs > 0;
        sum.pair_ns += pair_ns;
        if (paces[i].pairs > 1) {
            sum.extra_ns += extra_ns > 0.0 ? extra_ns : 0.0;
            steady++;
        }
    }
    if (begun == 0) {
        return false;
    }
    out->pair_ns = sum.pair_ns / (double)begun;
    out->extra_ns = steady > 0 ? sum.extra_ns / (double)steady : 0.0;
    return true;
}

static double pairs_left(unsigned wanted, unsigned made)
{
    return wanted > made ? (double)(wanted - made) : 0.0;
}

/* @param[out] least_ns  what no budget can spare */
static double left_of(const struct pw_pair_pace *pace, const struct typical *typical,
                      double *least_ns)
{
    const double pair_ns = pace->pairs > 0 ? pair_ns_of(pace) : typical->pair_ns;
    const double extra_ns = pace->pairs > 0 ? 0.0 : typical->extra_ns;
    const double spent_ns = (double)pace->first_ns + (double)pace->rest_ns;
    double most_ns = extra_ns + pair_ns * pairs_left(pace->pairs_max, pace->pairs);
    *least_ns = extra_ns + pair_ns * pairs_left(pace->pairs_min, pace->pairs);
    if (pace->budget_ns > 0 && most_ns > (double)pace->budget_ns - spent_ns) {
        most_ns = (double)pace->budget_ns - spent_ns;
    }
    return most_ns > *least_ns ? most_ns : *least_ns;
}

struct pw_pair_time_left pw_pair_time_left(const struct pw_pair_pace *paces, size_t count,
                                           uint64_t suite_left_ns)
{
    struct pw_pair_time_left left = {0, false};
    struct typical typical;
    double most_ns = 0.0;
    double least_ns = 0.0;
    if (!find_typical(paces, count, &typical)) {
        return left;
    }
    for (size_t i = 0; i < count; i++) {
        double least = 0.0;
        if (!paces[i].is_over) {
            most_ns += left_of(&paces[i], &typical, &least);
            least_ns += least;
            left.is_rough = left.is_rough || paces[i].pairs == 0;
        }
    }
    if (suite_left_ns != UINT64_MAX && most_ns > (double)suite_left_ns) {
        most_ns = (double)suite_left_ns > least_ns ? (double)suite_left_ns : least_ns;
    }
    left.at_most_ns = (uint64_t)(most_ns < LONGEST_NS ? most_ns : LONGEST_NS);
    return left;
}
