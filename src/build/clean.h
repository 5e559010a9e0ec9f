/* What other runs left in the cache. */
#ifndef PERFWARDEN_BUILD_CLEAN_H
#define PERFWARDEN_BUILD_CLEAN_H

#include "cache.h"
#include "key.h"

/**
 * Remove this repository's entries that a killed perfwarden left unfinished, and drop what was not
 * used for longest. Entries that somebody has locked stay. What cannot be removed stays too: it
 * must not keep anybody from building.
 *
 * @return 0; PW_ENOMEM
 */
int pw_build_clean(struct pw_git *git, const struct pw_build_cache *cache,
                   const struct pw_build_key *key, struct pw_error *err) PW_MUST_CHECK;

#endif
