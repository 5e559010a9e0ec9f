/* Parts of a checkout. Not for other modules. */
#ifndef PERFWARDEN_GIT_WORKTREE_H
#define PERFWARDEN_GIT_WORKTREE_H

#include "internal.h"

/**
 * Check out the submodules of a linked work tree, if it has any.
 *
 * @param path  absolute: the work tree
 * @return 0; PW_EGIT with git's own words and the remedy; PW_EINTERRUPTED; PW_ENOMEM
 */
int pw_git_submodules_update(struct pw_git *git, const char *path, const volatile int *interrupted,
                             struct pw_error *err) PW_MUST_CHECK;

#endif
