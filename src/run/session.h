/*
 * All runs of one benchmark: what its files share. schedule.c goes through the benchmarks,
 * session.c through the runs of one, one_run.c makes a run; values.c, scaling.c and quality.c fill
 * and judge its entries of the result.
 */
#ifndef PERFWARDEN_RUN_SESSION_H
#define PERFWARDEN_RUN_SESSION_H

#include "context.h"
#include "environment.h"
#include "metrics_file.h"
#include "perfwarden/adapter.h"
#include "perfwarden/config.h"
#include "perfwarden/result.h"
#include "perfwarden/run.h"
#include "precision.h"
#include "scratch.h"

/** What the shell takes that runs string commands; measured when first needed. */
struct pw_run_shell {
    bool is_measured;
    bool is_usable;
    struct pw_result_shell overhead;
    double wall_spread_ns; /**< how far that may be off by chance */
    double user_spread_ns;
    double system_spread_ns;
    double cpu_spread_ns; /**< user and system together */
};

/** The suite: the same for all benchmarks. All borrowed. */
struct pw_run_suite_state {
    const struct pw_config *config;
    const struct pw_run_options *options;
    struct pw_executor *executor;
    struct pw_result *result;
    struct pw_run_shell *shell;
    uint64_t started_ns;
};

struct pw_run_session {
    const struct pw_run_suite_state *suite;
    const struct pw_benchmark *benchmark;
    const struct pw_run_pairing *pairing; /**< NULL where there is one side only */
    const struct pw_adapter *adapter;     /**< NULL without `format:`, and until it is recognised */
    struct pw_adapter_settings settings;  /**< for the adapter */
    struct pw_run_scratch scratch;        /**< path NULL until it is needed */
    const struct pw_result_shell *shell;  /**< what is subtracted; NULL without a shell */
    size_t *entries; /**< indices in the result: its process's, then those of an adapter */
    size_t entry_count;
    size_t entry_capacity;
    unsigned runs_min;
    unsigned runs_max;
    unsigned runs_done;     /**< counted runs that succeeded */
    unsigned runs_expected; /**< the best guess so far, between runs_min and runs_max */
    uint64_t started_ns;
    uint64_t longest_ns;      /**< the longest run so far, with the commands around it */
    uint64_t spent_ns;        /**< all runs so far, likewise */
    uint64_t hooks_ns;        /**< what those commands took, all together */
    unsigned survivors_ended; /**< over all runs */
    struct pw_run_metrics_file metrics_file;
    bool is_set_up; /**< `setup` was run, so `cleanup` is to be */
    bool is_over;   /**< failed or interrupted: no more runs */
    bool is_quiet;  /**< the run before printed nothing */
    struct pw_run_times times;
    struct pw_run_environment environment;
    struct pw_run_machine machine_before; /**< meaningful where the machine is looked at */
    struct pw_arena kept;                 /**< what lasts as long as the session */
    struct pw_arena arena;                /**< what a run needs; emptied after each */
};

/** The entry of the benchmark's process; valid until the result grows. */
struct pw_result_benchmark *pw_run_session_entry(const struct pw_run_session *session);

/**
 * Run one benchmark and append its entries to the result.
 *
 * @return 0, also when the benchmark failed; PW_EINTERRUPTED; PW_EIO; PW_ENOMEM
 */
int pw_run_session(const struct pw_run_suite_state *suite, const struct pw_benchmark *benchmark,
                   struct pw_error *err) PW_MUST_CHECK;

/**
 * Begin a benchmark whose runs the caller makes: its entry, its environment, `setup`.
 *
 * @param pairing  NULL for one side only; borrowed until the session is closed
 * @param[out] out  to be closed whatever is returned; must not move until then
 * @return 0, also when the benchmark failed; PW_EIO; PW_ENOMEM
 */
int pw_run_session_open(struct pw_run_session *out, const struct pw_run_suite_state *suite,
                        const struct pw_benchmark *benchmark, const struct pw_run_pairing *pairing,
                        struct pw_error *err) PW_MUST_CHECK;

/**
 * End it: what is measured once, `cleanup`, remarks. Frees what the session holds.
 *
 * @param status  what ended the runs: 0, or perfwarden's own failure, whose message is in err
 * @return as pw_run_session(); a failure given stays
 */
int pw_run_session_close(struct pw_run_session *session, int status,
                         struct pw_error *err) PW_MUST_CHECK;

/** Whether what comes next still fits into a budget. @param budget_ns 0 for none */
bool pw_run_is_within_budget(uint64_t spent_ns, uint64_t next_ns, uint64_t budget_ns);

/** The bounds of the number of runs: the options win over the configuration, and the lower never
 * passes the upper. */
void pw_run_bounds(const struct pw_benchmark *benchmark, const struct pw_run_options *options,
                   unsigned *min, unsigned *max);

/** End the benchmark as failed. @param message copied @return 0; PW_ENOMEM */
int pw_run_session_fail(struct pw_run_session *session, enum pw_measured status,
                        const char *message, struct pw_error *err) PW_MUST_CHECK;

/** Tell the observer that a run has ended. */
void pw_run_session_tell(const struct pw_run_session *session, uint64_t wall_ns);

bool pw_run_session_is_interrupted(const struct pw_run_session *session);

/** Have what a process prints passed on to whoever the options say. */
void pw_run_session_show_output(struct pw_run_session *session, struct pw_process_spec *spec);
/** Say that the process has ended. */
void pw_run_session_end_output(const struct pw_run_session *session);

/** Add an entry with the benchmark's parameters and command, and make it the session's.
 * @return 0; PW_ENOMEM */
int pw_run_session_add_entry(struct pw_run_session *session, const char *id,
                             struct pw_error *err) PW_MUST_CHECK;

#endif
