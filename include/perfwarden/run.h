/*
 * Running: one process started, limited, measured and ended; and the schedule of runs that makes a
 * result. Knows nothing of git and verdicts.
 */
#ifndef PERFWARDEN_RUN_H
#define PERFWARDEN_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "perfwarden/config.h"
#include "perfwarden/result.h"
#include "perfwarden/run/process.h"
#include "perfwarden/util/error.h"

/** Told what the schedule does, so that a progress bar can be drawn. Any member may be NULL. */
struct pw_run_observer {
    void *context;
    /** A benchmark starts. @param index from 0 @param total how many benchmarks are to be run */
    void (*benchmark_started)(void *context, const struct pw_benchmark *benchmark, size_t index,
                              size_t total);
    /** A run ended. @param done runs counted so far, warm-up not included @param expected how many
     * are expected */
    void (*run_ended)(void *context, const struct pw_benchmark *benchmark, unsigned done,
                      unsigned expected, uint64_t wall_ns);
    /** A benchmark ended, measured or not. @param entry of the result, borrowed */
    void (*benchmark_ended)(void *context, const struct pw_benchmark *benchmark,
                            const struct pw_result_benchmark *entry);
};

/** How to run a suite. Zero-initialised is valid. */
struct pw_run_options {
    const char *const *filters; /**< patterns; none selects all */
    size_t filter_count;
    unsigned runs_min;  /**< overrides the configuration when not 0 */
    unsigned runs_max;  /**< overrides the configuration when not 0 */
    uint64_t budget_ns; /**< for the whole suite; 0 for none; every benchmark gets its runs_min all
                           the same */
    /** "" to look at the machine while benchmarks run: load, steal time, swap, frequency; another
     * root directory for tests; NULL not to. */
    const char *machine_root;
    const struct pw_run_observer *observer; /**< may be NULL */
    const volatile int *interrupted;        /**< not 0 once a signal arrived; may be NULL */
    /**
     * Called before the first benchmark and after each, so that a later crash loses nothing; NULL
     * for none. What it returns ends the suite when it is not 0.
     */
    int (*save)(void *context, const struct pw_result *result, struct pw_error *err);
    void *save_context;
    /**
     * Called with each piece of output of the benchmarks and of the commands around them, fd 1 or
     * 2, as it arrives; a length of 0 says that the process has ended. NULL for none.
     */
    void (*output_seen)(void *context, const struct pw_benchmark *benchmark, int fd,
                        const char *data, size_t length);
    void *output_context;
};

/** Tell whether there is anything to run. @return 0; PW_ENOTFOUND when the filters select nothing
 */
int pw_run_check_selection(const struct pw_config *config, const struct pw_run_options *options,
                           struct pw_error *err) PW_MUST_CHECK;

/** Tell whether every benchmark's `format:` is known and told what it needs.
 * @return 0; PW_ECONFIG with the place in the file; PW_ENOMEM */
int pw_run_check_formats(const struct pw_config *config, struct pw_error *err) PW_MUST_CHECK;

/**
 * Run the selected benchmarks and append what they yield to a result.
 *
 * A benchmark that fails is recorded with its status and message, and the next one is run. What was
 * measured before the failure is kept. After the warm-up and runs_min runs, more are made until the
 * median of the wall times is precise to a quarter of the wall_time threshold, or runs_max or a
 * budget is reached.
 *
 * A benchmark's environment is the caller's; then LC_ALL=C and TZ=UTC; then `env:`; then
 * PERFWARDEN_RUN_ID, PERFWARDEN_BENCHMARK (the id), PERFWARDEN_SIDE=head, PERFWARDEN_PARAM_<NAME>
 * (upper case, '_' for what is no letter or digit) and PERFWARDEN_ITERATION (counted runs from 1, 0
 * for a warm-up run).
 *
 * Of standard output and error 1 MiB each is kept, 16 MiB where an adapter reads it; longer output
 * is an error there.
 *
 * `setup` is run before the benchmark, `prepare` before and `conclude` after each run, `cleanup` in
 * the end, also after a failure and an interruption. They are not measured. One that fails ends its
 * benchmark with PW_MEASURED_HOOK.
 *
 * With `concurrency`, the value of a run is the median over the copies that succeeded; throughput,
 * success_rate and scaling_efficiency are of all copies together. A copy that fails fails the
 * benchmark, unless success_rate is among its metrics and another copy succeeded.
 *
 * Of the times of a command that a shell runs, what that shell takes to do nothing is subtracted;
 * it is measured once per suite.
 *
 * @param result  initialised; receives one entry per selected benchmark, or several where an
 * adapter finds them. A benchmark that it has an entry of already is not run. In the end the
 * entries are in the order of the configuration
 * @return 0, also when benchmarks failed; PW_EINTERRUPTED, with what was measured in the result;
 * PW_EIO; PW_ENOMEM; PW_ENOTFOUND when the filters select nothing
 */
int pw_run_suite(const struct pw_config *config, const struct pw_run_options *options,
                 struct pw_executor *executor, struct pw_result *result,
                 struct pw_error *err) PW_MUST_CHECK;

/** One side of a paired measurement. All borrowed. */
struct pw_pair_side {
    /** Head's configuration, its directory in this side's tree: benchmark i of both sides is the
     * same one. */
    const struct pw_config *config;
    struct pw_result *result; /**< initialised; receives the entries */
};

/** How to measure in pairs. */
struct pw_pair_options {
    /** Filters, budget, observer, signals, saving, output; runs_min and runs_max bound the pairs.
     * `save` is called with head's result. */
    struct pw_run_options run;
    uint64_t seed; /**< of all random choices: the order in a round, in a pair, the padding */
    /**
     * Asked before a benchmark's setup and before each of its pairs. What was measured so far is in
     * the two results: sample i of base and sample i of head are pair i. Entries move only once all
     * is measured, when they are put in the order of the configuration.
     *
     * @param[out] wanted  false: no pair now. It may be asked again as long as others get pairs
     * @return 0; else a status that ends the suite
     */
    int (*wants_pair)(void *context, const struct pw_benchmark *benchmark, bool *wanted,
                      struct pw_error *err);
    void *judge;
};

/**
 * Run the selected benchmarks in pairs: one run of base and one of head, back to back.
 *
 * Rounds visit every benchmark that still wants pairs once, in random order, so that a drift of the
 * machine is spread. In a pair a coin decides who is first. Both get the same environment, padded
 * by the same random length (PERFWARDEN_PADDING), but for PERFWARDEN_SIDE, which is "base" or
 * "head", and PWD, which names the side's directory, or is left out where the names differ in
 * length; both see head's run id. One run a side (or `warmup`, if that is more) is thrown away. A
 * benchmark is visited until it wants no more, runs_max pairs were made, or a budget is spent;
 * runs_min pairs are made whatever the budget says.
 *
 * A run that fails on either side ends its benchmark, as in pw_run_suite(), and its pair is taken
 * out of both results: the samples of the two sides always match. The entry of the side that failed
 * has the failure; the other side's stays as it was measured. A value
 * that only one run of a pair gave is taken out likewise, but for benchmarks in a program's output
 * that one side alone has. Metrics that are measured once a benchmark (counts by valgrind, the size
 * of the program) are measured for each side at its end. Entries carry `"pairing": "interleaved"`.
 * A benchmark that either result has an entry of already is not run.
 *
 * The observer is told of pairs as of runs, with the wall time of both; of a benchmark's end when
 * it first wants no more, or when it fails or a bound is reached. Its setup stays in force until no
 * benchmark wants any.
 *
 * @return as pw_run_suite(); PW_EINVAL when the sides declare different benchmarks
 */
int pw_run_pairs(const struct pw_pair_side *base, const struct pw_pair_side *head,
                 const struct pw_pair_options *options, struct pw_executor *executor,
                 struct pw_error *err) PW_MUST_CHECK;

/** How the machine is at the moment. What cannot be read is NAN. */
struct pw_machine_state {
    unsigned processors;  /**< that are switched on, ≥ 1 */
    double load;          /**< average over one minute */
    double steal_ratio;   /**< share of the processors' time that the host gave to others */
    double frequency_khz; /**< mean over the processors */
    double memory_bytes;
    double memory_available_bytes;
    double swap_bytes;
    double swap_used_bytes;
};

/**
 * Look at the machine, for people.
 *
 * @param root      "" for the real one, another root directory for tests
 * @param watch_ns  how long to look: steal_ratio is of this time, and unknown where that is less
 * than half a second of processor time
 * @param[out] out  unchanged on failure
 * @return 0; PW_ENOMEM
 */
int pw_run_machine_state(const char *root, uint64_t watch_ns, struct pw_machine_state *out,
                         struct pw_error *err) PW_MUST_CHECK;

/** What pw_run_suite() is to be given. All borrowed. */
struct pw_run_plan {
    const struct pw_config *config;
    const struct pw_run_options *options;
};

/**
 * Make of a saved result what pw_run_suite() can go on with: entries of benchmarks that are not
 * measured in full are dropped, and those of benchmarks of which more runs are asked for than were
 * made.
 *
 * @param saved  read from a file
 * @param now    what a new result would say of configuration, commit and environment
 * @param plan   what it is to go on with
 * @param name   what messages call the saved one
 * @param[out] short_of_runs  how many benchmarks were dropped for having too few runs
 * @return 0; PW_EUSAGE when they differ, or a command was run with another choice of shell, saying
 * in what, `saved` unchanged; PW_ENOMEM
 */
int pw_run_resume(struct pw_result *saved, const struct pw_result *now,
                  const struct pw_run_plan *plan, const char *name, unsigned *short_of_runs,
                  struct pw_error *err) PW_MUST_CHECK;

/**
 * The words of a command line, as a POSIX shell would find them by quotes and backslashes.
 *
 * @param[out] words  in the arena; unchanged on failure
 * @return 0; PW_EUSAGE when a quote is not closed, there is no word, or something outside of quotes
 * needs a shell; PW_ENOMEM
 */
int pw_run_split_command(struct pw_arena *arena, const char *text, struct pw_strings *words,
                         struct pw_error *err) PW_MUST_CHECK;

#endif
