/* A progress bar on stderr: the benchmark's name, its runs, and an estimate of the time left. */
#ifndef PERFWARDEN_CLI_PROGRESS_H
#define PERFWARDEN_CLI_PROGRESS_H

#include "cli.h"
#include "heartbeat.h"

/** What the bar knows. Set up by pw_progress_init(). */
struct pw_progress {
    FILE *stream;
    bool is_bar;        /**< redraw one line; else a plain line per benchmark, where verbose */
    bool is_plain;      /**< plain lines wanted */
    bool has_heartbeat; /**< a line now and then, where there is no bar */
    bool use_color;
    unsigned columns; /**< where the stream does not tell: 0 for unlimited */
    size_t index;     /**< of the benchmark under way, from 0 */
    size_t total;
    unsigned runs_done;
    unsigned runs_expected;
    unsigned runs_min;   /**< of the benchmark under way: made whatever the budgets say */
    uint64_t run_sum_ns; /**< of the runs of the benchmark under way, with what is around */
    uint64_t first_ns;   /**< the first of them, with the setup and the warm-up before it */
    uint64_t event_ns;   /**< monotonic, of the last event */
    uint64_t benchmark_budget_ns; /**< of the benchmark under way; 0 for none */
    uint64_t suite_budget_ns;     /**< 0 for none */
    uint64_t started_ns;          /**< monotonic, of the whole */
    uint64_t benchmark_start_ns;  /**< monotonic, of the benchmark under way */
    uint64_t drawn_ns;            /**< monotonic, of the last drawing */
    unsigned runs_min_override;   /**< --runs; 0 for the configuration's */
    struct pw_heartbeat heartbeat;
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

/** What the time left of a stored run is estimated from. Times in nanoseconds. */
struct pw_progress_pace {
    uint64_t finished_ns;       /**< spent on finished benchmarks */
    size_t finished;            /**< how many there are */
    size_t remaining;           /**< how many have not begun */
    uint64_t run_ns;            /**< a run of the one under way, with its hooks; 0 when unknown */
    unsigned runs_done;         /**< of the one under way */
    unsigned runs_min;          /**< that it gets whatever the budgets say */
    unsigned runs_expected;     /**< as it seems now */
    uint64_t benchmark_left_ns; /**< of its budget; UINT64_MAX for none */
    uint64_t suite_left_ns;     /**< of the budget for all; UINT64_MAX for none */
};

/**
 * Estimate the time left. Pure.
 *
 * The benchmark under way goes on as its runs did, until a budget ends it; each later benchmark
 * takes as long as the finished ones did on average, or as the one under way where none is
 * finished.
 *
 * @return nanoseconds; 0 when nothing is known
 */
uint64_t pw_progress_estimate_ns(const struct pw_progress_pace *pace);

#endif
