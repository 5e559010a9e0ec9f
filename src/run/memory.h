/* The memory of the processes below the launcher. */
#ifndef PERFWARDEN_RUN_MEMORY_H
#define PERFWARDEN_RUN_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

/**
 * True when the resident memory of all descendants is over a limit.
 *
 * Pages that processes share count once: where the plain sum, which is cheap to read, is over the
 * limit, it is the sum of the proportional shares that decides.
 */
bool pw_run_memory_is_over(uint64_t limit_bytes);

#endif
