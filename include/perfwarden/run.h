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
     * 0 for none. In a memory control group the kernel holds the whole tree to it. Without one it
     * bounds the address space of each process (RLIMIT_AS), and the resident memory of all of them
     * together, which is looked at every 20 ms.
     */
    uint64_t memory_limit_bytes;
    double cpu_limit;        /**< processors the tree may use together; 0 for none */
    const unsigned *cpus;    /**< processors to pin the tree to; borrowed */
    size_t cpu_count;        /**< 0 for no pinning */
    bool isolate_network;    /**< private network namespace with loopback up */
    bool wants_counters;     /**< open the processor's counters for the tree */
    bool wants_io;           /**< count the bytes read and written: it costs 10 µs a run */
    bool fixed_addresses;    /**< no randomised address space, where the kernel lets us */
    const char *stdin_path;  /**< NULL for /dev/null */
    size_t output_max_bytes; /**< how much of each of stdout and stderr is kept */
    /** Called with each piece of output as it arrives (fd 1 or 2); NULL for none. */
    void (*output_seen)(void *context, int fd, const char *data, size_t length);
    void *output_context;
    /** Other than 0, set by a handler of SIGINT or SIGTERM, ends the run early; may be NULL. */
    const volatile int *interrupted;
};

/** What could not be done before the program ran. */
enum pw_start_step {
    PW_START_EXEC,      /**< the program was not found or not executable */
    PW_START_DIRECTORY, /**< the working directory could not be entered */
    PW_START_LIMIT,     /**< a limit or the pinning could not be set; see failed_what */
    PW_START_FORK,      /**< no process could be made */
    PW_START_SETUP      /**< anything else; see failed_what */
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

/** The processor's counters over a tree. A counter that could not be had has its reason. */
struct pw_counters {
    bool has_instructions;
    bool has_cycles;
    bool has_cache_misses;
    bool has_branch_misses;
    uint64_t instructions;
    uint64_t cycles;
    uint64_t cache_misses;
    uint64_t branch_misses;
    const char *reason; /**< static text: why those that are missing are; NULL when none is */
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
    bool has_io; /**< whether io_read_bytes and io_write_bytes were wanted and could be read */
    bool has_tree_peak;      /**< the control group told the peak of the whole tree */
    bool has_network;        /**< isolate_network was in force */
    const char *failed_what; /**< "its network cannot be isolated"; static, NULL where the step says
                                all */
    const char *failed_remedy; /**< what to do about failed_what; static, NULL with it */
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
    /** Bytes that read-like calls returned (/proc/PID/io rchar); those of exec and of the dynamic
     * loader included. */
    uint64_t io_read_bytes;
    uint64_t io_write_bytes; /**< bytes that write-like calls took (/proc/PID/io wchar) */
    uint64_t tree_peak_bytes;
    /** Received and sent on the namespace's loopback together, headers included: what the tree
     * sends to itself counts twice. */
    uint64_t network_bytes;
    uint64_t throttled_ns; /**< how long cpu_limit held the tree back */
    struct pw_counters counters;
    /** Which means were in force: "cgroup2", "cgroup1", "rlimit", "subreaper", …; static text. */
    const char *memory_method; /**< NULL without a memory limit */
    const char *ending_method;
    const char *cpu_method;   /**< NULL without a processor limit */
    unsigned survivors_ended; /**< descendants that outlived the leader and were ended */
    struct pw_output standard_output;
    struct pw_output standard_error;
};

void pw_process_outcome_release(struct pw_process_outcome *outcome);

/** Most copies of execute_copies(): each takes a handful of descriptors. */
#define PW_COPIES_MAX 128

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
    /**
     * Execute several copies at once and wait for all of them. NULL where an executor cannot.
     *
     * Each copy has its own session, pipes, control groups and outcome. The time limit, an
     * interruption and a copy over the memory limit end all of them. What outlived its leader is
     * ended when the last leader has ended, and is counted in the first outcome.
     *
     * @param copies     from 1 to PW_COPIES_MAX
     * @param[out] out   one outcome per copy, each released by the caller
     * @param[out] wall_ns  from the start of the first copy to the end of the last
     */
    int (*execute_copies)(struct pw_executor *executor, const struct pw_process_spec *spec,
                          unsigned copies, struct pw_process_outcome *out, uint64_t *wall_ns,
                          struct pw_error *err);
    /**
     * Execute one command several times, one after the other: perfwarden sleeps meanwhile, so that
     * it neither disturbs a run nor delays the next. NULL where an executor cannot.
     *
     * The series ends with the first run that does not exit with 0, and when series_ns is over. In
     * each run PERFWARDEN_ITERATION counts on. What all runs print is in the last outcome, so this
     * is for commands that print nothing.
     *
     * @param runs       ≥ 1
     * @param iteration  value of PERFWARDEN_ITERATION in the first run
     * @param[out] out   room for `runs`, of which `done` are filled, each released by the caller
     * @param[out] done  ≥ 1
     */
    int (*execute_series)(struct pw_executor *executor, const struct pw_process_spec *spec,
                          unsigned runs, uint64_t series_ns, unsigned iteration,
                          struct pw_process_outcome *out, unsigned *done, struct pw_error *err);
    /**
     * Execute two commands, one after the other, with nothing but the launcher between them:
     * perfwarden sleeps but for their output. NULL where an executor cannot.
     *
     * The second is executed only when the first exits with 0. All output of the first is shown
     * before any of the second's. An interruption that either spec tells of ends what runs.
     *
     * @param[out] out   `done` of them are filled, each released by the caller
     * @param[out] done  1 or 2
     */
    int (*execute_pair)(struct pw_executor *executor, const struct pw_process_spec specs[2],
                        struct pw_process_outcome out[2], unsigned *done, struct pw_error *err);
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
