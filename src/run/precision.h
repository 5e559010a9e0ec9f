/* When a benchmark has been run often enough. */
#ifndef PERFWARDEN_RUN_PRECISION_H
#define PERFWARDEN_RUN_PRECISION_H

#include <stddef.h>

#include "perfwarden/config.h"
#include "perfwarden/util/error.h"

/** Wall times of the counted runs so far. Zero-initialised is valid and empty. */
struct pw_run_times {
    double *ln_wall; /**< natural logarithms of nanoseconds */
    size_t count;
    size_t capacity;
};

/** @param wall_ns 0 counts as 1 @return 0; PW_ENOMEM */
int pw_run_times_add(struct pw_run_times *times, uint64_t wall_ns,
                     struct pw_error *err) PW_MUST_CHECK;

void pw_run_times_release(struct pw_run_times *times);

/**
 * How many runs the noise seen so far asks for.
 *
 * Enough is when the standard error of the median of ln(wall time) is at most a quarter of the
 * smallest change that is looked for: 1.2533 · s / √n ≤ ln(1 + τ) / 4, where s = 1.4826 · MAD of
 * the logarithms, and τ is the relative threshold of wall_time, 5 % without one. The rule looks at
 * the spread alone and never at where the median lies, so that it favours no verdict. √(π/2)
 * = 1.2533 is the ratio of the standard errors of median and mean in normal samples.
 *
 * @param[out] needed  runs in all, at least 1, at most UINT_MAX
 * @return 0; PW_ENOMEM
 */
int pw_run_times_needed(const struct pw_run_times *times, const struct pw_benchmark *benchmark,
                        unsigned *needed, struct pw_error *err) PW_MUST_CHECK;

#endif
