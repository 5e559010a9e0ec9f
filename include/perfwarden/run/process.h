/*
 * One process: how it is started and limited, what its run yielded, and the seam between the
 * schedule and those who start processes.
 */
#ifndef PERFWARDEN_RUN_PROCESS_H
#define PERFWARDEN_RUN_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

#endif
