/*
 * What is left when the launcher is killed: perfwarden, the next subreaper above it, becomes the
 * parent of all that the launcher had started, sessions of their own and double forks included, and
 * ends them in its place.
 */
#ifndef PERFWARDEN_RUN_ORPHANS_H
#define PERFWARDEN_RUN_ORPHANS_H

#include <stdbool.h>
#include <stdint.h>

#include "pids.h"

/**
 * Become or cease to be the parent of orphans.
 *
 * Only while the launcher runs a command: what a git program leaves running in the background is
 * not perfwarden's to keep.
 */
void pw_run_orphans_adopt(bool adopts);

/**
 * Kill and reap the children of this process, and all below them, for a bounded time.
 *
 * @param spared  children that are none of the launcher's: a shell that replaced itself by
 * perfwarden leaves it its own; they are left alone
 * @return how many could not be ended: they hang in the kernel or belong to another user
 */
uint32_t pw_run_orphans_end(const struct pw_run_pids *spared);

#endif
