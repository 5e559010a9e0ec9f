/* A progress bar on stderr: the benchmark's name, its runs, and an estimate of the time left. */
#ifndef PERFWARDEN_CLI_PROGRESS_H
#define PERFWARDEN_CLI_PROGRESS_H

#include "cli.h"

/** What the bar knows. Set up by pw_progress_init(). */
struct pw_progress {
    FILE *stream;
    bool is_bar;   /**< redraw one line; else a plain line per benchmark, where verbose */
    bool is_plain; /**< plain lines wanted */
    unsigned columns;
    size_t index; /**< of the benchmark under way, from 0 */
    size_t total;
    unsigned runs_done;
    unsigned runs_expected;
    uint64_t run_sum_ns;         /**< wall time of the runs of the benchmark under way */
    uint64_t started_ns;         /**< monotonic, of the whole */
    uint64_t benchmark_start_ns; /**< monotonic, of the benchmark under way */
    uint64_t drawn_ns;           /**< monotonic, of the last drawing */
    struct pw_run_observer observer;
};

/** Choose bar, lines or nothing from the arguments and the stream; the observer points back at
 * `progress`. */
void pw_progress_init(struct pw_progress *progress, FILE *stream,
                      const struct pw_arguments *arguments);

/** Whether the bar is wanted and old enough to be drawn again; it counts as drawn then. */
bool pw_progress_is_due(struct pw_progress *progress, bool is_forced);

/**
 * Draw the bar: how much is done, "number/total", a name and whatever else there is to say.
 *
 * @param share   in [0, 1]
 * @param name    any bytes; made harmless and cut
 * @param status  appended as it is
 */
void pw_progress_draw(struct pw_progress *progress, double share, size_t number, size_t total,
                      const char *name, const char *status);

/** Wipe the bar, so that ordinary output follows on an empty line. */
void pw_progress_finish(struct pw_progress *progress);

/**
 * Estimate the time left. Pure.
 *
 * The benchmark under way goes on as its runs did; each later benchmark takes as long as the
 * finished ones did on average, or as the one under way where none is finished.
 *
 * @param elapsed_ns      spent on finished benchmarks
 * @param finished        how many benchmarks are finished
 * @param remaining       how many have not begun
 * @param mean_run_ns     mean run of the one under way; 0 when it has none
 * @param runs_remaining  how many runs the one under way still needs
 * @param runs_expected   how many runs it needs in all
 * @return nanoseconds; 0 when nothing is known
 */
uint64_t pw_progress_estimate_ns(uint64_t elapsed_ns, size_t finished, size_t remaining,
                                 uint64_t mean_run_ns, unsigned runs_remaining,
                                 unsigned runs_expected);

#endif
