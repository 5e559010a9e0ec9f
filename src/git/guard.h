/* What libgit2 must not be left alone with. Not for other modules. */
#ifndef PERFWARDEN_GIT_GUARD_H
#define PERFWARDEN_GIT_GUARD_H

#include "internal.h"

/**
 * Guard a repository that was just opened against damaged objects: see loose_guard.h and
 * pack_guard.h.
 *
 * @return 0; PW_EGIT; PW_EIO; PW_ENOMEM
 */
int pw_git_guard(git_repository *repository, struct pw_error *err) PW_MUST_CHECK;

#endif
