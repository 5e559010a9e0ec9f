/* A list of process ids: the descendants of this process. */
#ifndef PERFWARDEN_RUN_PIDS_H
#define PERFWARDEN_RUN_PIDS_H

#include <stddef.h>
#include <sys/types.h>

/** Zero-initialised is valid and empty. */
struct pw_run_pids {
    pid_t *items;
    size_t count;
    size_t capacity;
};

/**
 * Fill a list with all descendants of this process, parents before their children, zombies
 * included.
 *
 * The ids of the launcher's own children stay valid until it reaps them. Those of deeper ones could
 * in principle be given to others meanwhile; the kernel hands ids out in a circle, so that takes
 * millions of forks in between.
 */
void pw_run_pids_find(struct pw_run_pids *list);

/** As pw_run_pids_find(), without the given children of this process and what they started.
 * @param spared  children that have not been reaped; may be NULL */
void pw_run_pids_find_sparing(const struct pw_run_pids *spared, struct pw_run_pids *list);

/** Fill a list with the children of this process, zombies included. */
void pw_run_pids_find_children(struct pw_run_pids *list);

void pw_run_pids_release(struct pw_run_pids *list);

#endif
