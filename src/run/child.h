/* The benchmark's process between fork and exec. Used inside the launcher only. */
#ifndef PERFWARDEN_RUN_CHILD_H
#define PERFWARDEN_RUN_CHILD_H

#include <stdint.h>
#include <sys/types.h>

#include "perfwarden/run.h"

/** What is executed, resolved; all borrowed. */
struct pw_run_command {
    const char *path; /**< of the program, absolute or relative to cwd; not searched for */
    char *const *argv;
    char *const *envp;
    const char *cwd;
    uint64_t memory_limit_bytes; /**< address space of each process; 0 for none */
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
};

/**
 * Fork and execute.
 *
 * fork() and not vfork(): the child's peak memory then starts from a copy of the launcher's few
 * dirty pages instead of everything the launcher ever touched, and the child may change its own
 * state freely.
 *
 * @param report  in shared memory; made empty
 * @return the process id, to be reaped by the caller; −1 with errno when fork failed
 */
pid_t pw_run_child_start(const struct pw_run_command *command, struct pw_run_child_report *report);

#endif
