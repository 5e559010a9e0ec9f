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
#include "perfwarden/util/error.h"

/** What to execute. All borrowed for the call. */
struct pw_process_spec {
    const char *const *argv; /**< NULL-terminated; argv[0] is looked up in the PATH of envp unless
                                it contains '/' */
    const char *const *envp; /**< NULL-terminated, the whole environment */
    const char *cwd; /**< directory to start in; relative names in argv[0] and PATH start there */
    uint64_t timeout_ns; /**< 0 for none; at its end SIGTERM to the tree, 200 ms later SIGKILL */
    /**
     * 0 for none. Bounds the address space of each process of the tree (RLIMIT_AS), and the
     * resident memory of all of them together, which is looked at every 20 ms.
     */
    uint64_t memory_limit_bytes;
    size_t output_max_bytes; /**< how much of each of stdout and stderr is kept */
    /** Other than 0, set by a handler of SIGINT or SIGTERM, ends the run early; may be NULL. */
    const volatile int *interrupted;
};

/** What could not be done before the program ran. */
enum pw_start_step {
    PW_START_EXEC,      /**< the program was not found or not executable */
    PW_START_DIRECTORY, /**< the working directory could not be entered */
    PW_START_LIMIT,     /**< the memory limit could not be set */
    PW_START_FORK,      /**< no process could be made */
    PW_START_SETUP      /**< anything else */
};

/** How a process ended. */
enum pw_process_end {
    PW_PROCESS_EXITED,
    PW_PROCESS_SIGNALED,
    PW_PROCESS_TIMED_OUT,
    /**
     * The tree was over the memory limit and was ended. A process that fails because it is refused
     * memory ends as it pleases, by exit or signal.
     */
    PW_PROCESS_OUT_OF_MEMORY,
    PW_PROCESS_NOT_STARTED, /**< see failed_step and error_number */
    PW_PROCESS_INTERRUPTED  /**< perfwarden was told to stop; the process was ended */
};

/** A child's output: its first and last bytes, and how many there were. */
struct pw_output {
    char *data; /**< NUL-terminated, may hold NULs; owned */
    size_t length;
    uint64_t total_bytes; /**< more than length when bytes in the middle were dropped */
};

/**
 * What one execution yielded.
 *
 * Times, faults, switches and bytes are those of the leader and of the descendants it waited for;
 * max_rss_bytes is the largest single peak among them. Nothing that outlived the leader is counted.
 */
struct pw_process_outcome {
    enum pw_process_end end;
    int exit_status;                /**< PW_PROCESS_EXITED */
    int signal;                     /**< PW_PROCESS_SIGNALED */
    int error_number;               /**< PW_PROCESS_NOT_STARTED: the errno of failed_step */
    enum pw_start_step failed_step; /**< PW_PROCESS_NOT_STARTED */
    /** From just before exec, by the child's own reading of the clock, to when the leader was found
     * dead. */
    uint64_t wall_ns;
    uint64_t user_ns;
    uint64_t system_ns;
    uint64_t max_rss_bytes;
    uint64_t page_faults_minor;
    uint64_t page_faults_major;
    uint64_t context_switches_voluntary;
    uint64_t context_switches_involuntary;
    bool has_io; /**< whether the two below could be read */
    /** Bytes that read-like calls returned (/proc/PID/io rchar); those of exec and of the dynamic
     * loader included. */
    uint64_t io_read_bytes;
    uint64_t io_write_bytes;  /**< bytes that write-like calls took (/proc/PID/io wchar) */
    unsigned survivors_ended; /**< descendants that outlived the leader and were ended */
    struct pw_output standard_output;
    struct pw_output standard_error;
};

void pw_process_outcome_release(struct pw_process_outcome *outcome);

/**
 * The seam between schedule and process: the real one starts processes, a scripted one serves
 * tests.
 */
struct pw_executor {
    /**
     * Execute once and wait for the end of the whole tree.
     *
     * A benchmark's failure is an outcome, not an error: an error means that perfwarden could not
     * do its part.
     *
     * @param[out] out  released by pw_process_outcome_release()
     * @return 0; PW_EIO; PW_ENOMEM
     */
    int (*execute)(struct pw_executor *executor, const struct pw_process_spec *spec,
                   struct pw_process_outcome *out, struct pw_error *err);
    void (*free)(struct pw_executor *executor);
};

/**
 * Start the launcher: a small process that forks the benchmarks, is their subreaper and waits for
 * them, so that their peak memory does not include perfwarden's own. Descriptors 0 to 2 are open
 * afterwards.
 *
 * Call it first thing in main(), before memory is allocated and while there is one thread. The
 * launcher ends when perfwarden does.
 *
 * @param[out] out  freed through its own `free`
 * @return 0; PW_EIO; PW_ENOMEM
 */
int pw_launcher_start(struct pw_executor **out, struct pw_error *err) PW_MUST_CHECK;

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
    const struct pw_run_observer *observer; /**< may be NULL */
    const volatile int *interrupted;        /**< not 0 once a signal arrived; may be NULL */
};

/** Tell whether there is anything to run. @return 0; PW_ENOTFOUND when the filters select nothing
 */
int pw_run_check_selection(const struct pw_config *config, const struct pw_run_options *options,
                           struct pw_error *err) PW_MUST_CHECK;

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
 * @param result  initialised; receives one entry per selected benchmark, or several where an
 * adapter finds them
 * @return 0, also when benchmarks failed; PW_EINTERRUPTED, with what was measured in the result;
 * PW_EIO; PW_ENOMEM; PW_ENOTFOUND when the filters select nothing
 */
int pw_run_suite(const struct pw_config *config, const struct pw_run_options *options,
                 struct pw_executor *executor, struct pw_result *result,
                 struct pw_error *err) PW_MUST_CHECK;

#endif
