/* The stopping rule: as many runs as the spread of the wall times asks for, and no look at their
 * level. */
#include "precision.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "perfwarden/stats.h"

/** √(π/2): the standard error of a median is this many times that of a mean. */
static const double MEDIAN_TO_MEAN_ERROR = 1.2533141373155;
/** The standard error is to be at most this part of the change that is looked for. */
static const double PART_OF_THRESHOLD = 0.25;
/** τ where wall_time has no relative threshold. */
static const double DEFAULT_THRESHOLD_RATIO = 0.05;

int pw_run_times_add(struct pw_run_times *times, uint64_t wall_ns, struct pw_error *err)
{
    if (times->count == times->capacity) {
        size_t capacity = times->capacity == 0 ? 64 : times->capacity * 2;
        double *grown = realloc(times->ln_wall, capacity * sizeof(*grown));

        if (grown == NULL) {
            return pw_error_set_no_memory(err);
        }
        times->ln_wall = grown;
        times->capacity = capacity;
    }
    times->ln_wall[times->count++] = log(wall_ns > 0 ? (double)wall_ns : 1.0);
    return 0;
}

void pw_run_times_release(struct pw_run_times *times)
{
    free(times->ln_wall);
    *times = (struct pw_run_times){NULL, 0, 0};
}

static double threshold_ratio(const struct pw_benchmark *benchmark)
{
    const struct pw_threshold *threshold = pw_benchmark_threshold(benchmark, "wall_time");

    if (threshold == NULL || !(threshold->increase_ratio > 0.0)) {
        return DEFAULT_THRESHOLD_RATIO;
    }
    return threshold->increase_ratio;
}

int pw_run_times_needed(const struct pw_run_times *times, const struct pw_benchmark *benchmark,
                        unsigned *needed, struct pw_error *err)
{
    struct pw_error failure = PW_ERROR_INIT;
    double target = PART_OF_THRESHOLD * log1p(threshold_ratio(benchmark));
    double sigma;
    double runs;

    if (times->count == 0) {
        *needed = 1;
        return 0;
    }
    sigma = pw_stats_mad_sigma(times->ln_wall, times->count, &failure);
    if (failure.status != PW_OK) {
        pw_error_move(err, &failure);
        return err != NULL ? (int)err->status : (int)PW_ENOMEM;
    }
    runs = ceil(pow(MEDIAN_TO_MEAN_ERROR * sigma / target, 2.0));
    if (!(runs >= 1.0)) {
        runs = 1.0;
    }
    *needed = runs < (double)UINT_MAX ? (unsigned)runs : UINT_MAX;
    return 0;
}
