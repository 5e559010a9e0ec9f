/* The benchmark's process between fork and exec. Used inside the launcher only. */
#ifndef PERFWARDEN_RUN_CHILD_H
#define PERFWARDEN_RUN_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "counters.h"
#include "groups.h"
#include "perfwarden/run.h"
#include "refusal.h"

/** What is executed, resolved; all borrowed. */
struct pw_run_command {
    const char *path; /**< of the program, absolute or relative to cwd; not searched for */
    char *const *argv;
    char *const *envp;
    const char *cwd;
    uint64_t address_limit_bytes;       /**< address space of each process; 0 for none */
    const struct pw_run_groups *groups; /**< entered first of all */
    const uint64_t *cpus;               /**< as in struct pw_run_request; NULL for all */
    const char *stdin_path;             /**< "" for stdin_fd */
    int network_fd; /**< hands over the counters of a private network; −1 for the network there is
                     */
    bool fixed_addresses; /**< no randomised address space, where the kernel lets us */
    int stdin_fd;
    int stdout_fd;
    int stderr_fd;
};

/**
 * What the child tells the launcher. It lies in memory shared by both, which exec takes away from
 * the child: the program itself can neither see it nor forge it, and no exit status is mistaken for
 * a failed exec.
 */
struct pw_run_child_report {
    uint64_t started_ns; /**< monotonic time just before exec; 0 when the child never came so far */
    int error_number;    /**< 0 unless a step failed */
    enum pw_start_step failed_step;
    enum pw_run_refusal refusal; /**< what failed within that step, where there is more to say */
};

/**
 * Fork and execute.
 *
 * vfork() where the child goes straight to its exec: a fork copies the page tables of every library
 * that perfwarden links, and the copy is torn down within the measured time. The launcher's peak is
 * then the floor under the child's, so it must stay small: about 2 MB.
 *
 * @param report  in shared memory; made empty
 * @return the process id, to be reaped by the caller; −1 with errno when fork failed
 */
pid_t pw_run_child_start(const struct pw_run_command *command, struct pw_run_child_report *report);

/**
 * As pw_run_child_start(), with counters that start at exec.
 *
 * @param events         one per enum pw_run_counter
 * @param[out] counters  closed by the caller, none open on failure
 */
pid_t pw_run_child_start_counted(const struct pw_run_command *command,
                                 const struct pw_run_counter_event events[PW_RUN_COUNTER_COUNT],
                                 struct pw_run_child_report *report,
                                 struct pw_run_counters *counters);

#endif
