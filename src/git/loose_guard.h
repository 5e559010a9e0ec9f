/* Loose objects, which libgit2 must not be left alone with. Not for other modules. */
#ifndef PERFWARDEN_GIT_LOOSE_GUARD_H
#define PERFWARDEN_GIT_LOOSE_GUARD_H

#include "internal.h"

/**
 * Read a repository's loose objects by code that expects damaged ones.
 *
 * @param objects  the repository's own objects directory, copied
 * @return 0; PW_ENOMEM; PW_EGIT
 */
int pw_git_guard_loose(git_repository *repository, const char *objects,
                       struct pw_error *err) PW_MUST_CHECK;

#endif
