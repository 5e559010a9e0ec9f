/*
 * The tree of processes below the launcher. The launcher is the subreaper of all of them: whoever
 * loses its parent becomes the launcher's own child, so "no children left" proves that nothing
 * survived.
 */
#ifndef PERFWARDEN_RUN_TREE_H
#define PERFWARDEN_RUN_TREE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/** Send a signal to every descendant of this process. Those that appear meanwhile may be missed. */
void pw_run_tree_signal(int signal_number);

/**
 * Reap descendants that have ended, up to a leader, which stays a zombie.
 *
 * @param is_leader  told the context and a process id
 * @return the id of a leader that has ended; 0 when there is none
 */
pid_t pw_run_tree_reap_others(bool (*is_leader)(const void *context, pid_t pid),
                              const void *context);

/**
 * Kill and reap until no descendant is left, or for a bounded time.
 *
 * @param[out] still_alive  how many could not be ended: they hang in the kernel
 * @return how many were alive and were ended
 */
uint32_t pw_run_tree_end(uint32_t *still_alive);

#endif
