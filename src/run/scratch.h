/*
 * Directories for files of a counted run. A directory is locked for as long as its owner lives, so
 * that the next counted run finds those whose owner was killed, in whatever container that was, and
 * removes them.
 */
#ifndef PERFWARDEN_RUN_SCRATCH_H
#define PERFWARDEN_RUN_SCRATCH_H

#include "perfwarden/util/arena.h"
#include "perfwarden/util/error.h"

struct pw_run_scratch {
    const char *path; /**< of the arena */
    int fd;           /**< holds the lock; never handed on by exec */
};

/** Where scratch directories are made: $TMPDIR, where that is an absolute path, or /tmp. */
const char *pw_run_scratch_parent(void);

/**
 * Make a directory that only this user can enter.
 *
 * @param[out] out  for pw_run_scratch_remove()
 * @return 0; PW_EIO or another status of the system's refusal; PW_ENOMEM
 */
int pw_run_scratch_make(const char *parent, struct pw_arena *arena, struct pw_run_scratch *out,
                        struct pw_error *err) PW_MUST_CHECK;

/** Remove a directory and the files in it. */
void pw_run_scratch_remove(struct pw_run_scratch *scratch);

/** Remove those of this user that nobody holds any more. What cannot be removed stays. */
void pw_run_scratch_sweep(const char *parent);

#endif
