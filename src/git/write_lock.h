/*
 * One writer at a time, among perfwarden's own. Not for other modules.
 *
 * Moving a ref is safe without it (compare-and-swap). It is there so that a writer that was killed
 * leaves nothing behind: while it is held, a ref's lock file that nobody of us can own is either
 * that of a foreign git command, which lives for milliseconds, or stale.
 */
#ifndef PERFWARDEN_GIT_WRITE_LOCK_H
#define PERFWARDEN_GIT_WRITE_LOCK_H

#include <stdint.h>
#include <sys/stat.h>

#include "internal.h"

/** How long a writer goes on trying. */
#define PW_WRITE_DEADLINE_NS UINT64_C(10000000000)

/** Waiting between attempts, a random while each, until a deadline. */
struct pw_backoff {
    uint64_t deadline_ns; /**< on the monotonic clock */
    uint64_t random;
};

void pw_backoff_init(struct pw_backoff *backoff);
/** Wait a while. @return false when the deadline has passed */
bool pw_backoff_wait(struct pw_backoff *backoff);

/** The lock, and the ref's lock file that is watched while it is held. */
struct pw_write_lock {
    int fd; /**< -1 when it is not held */
    struct pw_strbuf ref_lock;
    struct stat seen; /**< the ref's lock file when it was first seen */
    uint64_t seen_ns; /**< when that was; 0 for not yet */
};

/**
 * Take the lock, waiting for other writers until the deadline.
 *
 * @param[out] lock  released by pw_write_lock_release()
 * @return 0; PW_EGIT naming the file when another holds it to the end; PW_EIO
 */
int pw_write_lock_take(struct pw_write_lock *lock, struct pw_git *git, const char *ref,
                       struct pw_backoff *backoff, struct pw_error *err) PW_MUST_CHECK;
void pw_write_lock_release(struct pw_write_lock *lock);

/** Remove the ref's lock file if it has been there, unchanged, for longer than any live writer's.
 */
void pw_write_lock_clear_stale(struct pw_write_lock *lock);

#endif
