/* Where the cache lies. */
#ifndef PERFWARDEN_BUILD_CACHE_H
#define PERFWARDEN_BUILD_CACHE_H

#include "perfwarden/util/arena.h"
#include "perfwarden/util/error.h"

/** Absolute paths without links, in the caller's arena. */
struct pw_build_cache {
    const char *root;
    const char *builds; /**< one directory per key */
    const char *logs;   /**< of builds that failed */
};

/**
 * Find the cache and make its directories where they are missing.
 *
 * @param named  the directory asked for; NULL for what the environment says
 * @return 0; PW_EIO with a remedy when it is a link, no directory, another user's or cannot be
 * made; PW_ENOMEM
 */
int pw_build_cache_open(const char *named, struct pw_arena *arena, struct pw_build_cache *out,
                        struct pw_error *err) PW_MUST_CHECK;

#endif
