/*
 * What the machine does while a benchmark runs: readings before and after, and their difference as
 * the result's "context".
 */
#ifndef PERFWARDEN_RUN_CONTEXT_H
#define PERFWARDEN_RUN_CONTEXT_H

#include "perfwarden/result.h"

/** A reading of the machine. What cannot be read is NAN; counters count since it was started. */
struct pw_run_machine {
    double load;        /**< average over one minute */
    double total_ticks; /**< of all processors, idle ones included */
    double steal_ticks;
    double page_faults_major;
    double swap_in_pages;
    double swap_out_pages;
    double frequency_khz;   /**< mean over the processors */
    double throttle_events; /**< of all processors, and of the package that was hottest */
};

/**
 * Read the machine: a few files of /proc and two or three of /sys for each processor.
 *
 * @param root  "" for the real one, else a directory without '/' at its end
 * @return 0; PW_ENOMEM
 */
int pw_run_machine_read(const char *root, struct pw_run_machine *out,
                        struct pw_error *err) PW_MUST_CHECK;

/** The difference of two readings. A counter that went backwards is NAN. */
void pw_run_context_between(const struct pw_run_machine *before, const struct pw_run_machine *after,
                            struct pw_context *out);

/**
 * Read the machine again, put the context into an entry of the result, and warn of what makes its
 * samples doubtful.
 *
 * @param before  as pw_run_machine_read() gave it
 * @return 0; PW_ENOMEM
 */
int pw_run_context_record(struct pw_result *result, struct pw_result_benchmark *entry,
                          const char *root, const struct pw_run_machine *before,
                          struct pw_error *err) PW_MUST_CHECK;

#endif
