/* Pack indexes that libgit2 must not read. Not for other modules. */
#ifndef PERFWARDEN_GIT_PACK_GUARD_H
#define PERFWARDEN_GIT_PACK_GUARD_H

#include "internal.h"

/**
 * Refuse a repository with a pack index whose offsets lead out of the index.
 *
 * @param objects  the repository's own objects directory
 * @return 0; PW_EGIT naming the index; PW_EIO; PW_ENOMEM
 */
int pw_git_guard_packs(const char *objects, struct pw_error *err) PW_MUST_CHECK;

#endif
