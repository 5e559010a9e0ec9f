/* Moving a ref by compare-and-swap, whatever it is moved to. Not for other modules. */
#ifndef PERFWARDEN_GIT_REF_MOVE_H
#define PERFWARDEN_GIT_REF_MOVE_H

#include "internal.h"

/**
 * Make the commit that a ref is to be moved to. Called again when another writer was first.
 *
 * @param held  what the ref points to now; NULL when it is absent
 * @param tree  its tree; NULL when it is absent
 * @param[in,out] next  what `held` is, zeros for none: left so, the ref stays where it is
 */
typedef int (*pw_ref_next_fn)(void *context, git_commit *held, git_tree *tree, git_oid *next,
                              struct pw_error *err);

/** Whether a ref may be moved: a full name, shown by no work tree, not symbolic. @return 0;
 * PW_EINVAL */
int pw_git_ref_check(struct pw_git *git, const char *ref, struct pw_error *err) PW_MUST_CHECK;

/**
 * Move a ref that pw_git_ref_check() let pass, under the write lock.
 *
 * @param message  for the ref's log
 * @return 0; what `next` returned; PW_EGIT when others keep it from moving; PW_EIO
 */
int pw_git_ref_move(struct pw_git *git, const char *ref, const char *message, pw_ref_next_fn next,
                    void *context, struct pw_error *err) PW_MUST_CHECK;

/** The user's identity, or perfwarden's own where none is configured (on most CI machines). */
int pw_git_make_signature(struct pw_git *git, git_signature **out,
                          struct pw_error *err) PW_MUST_CHECK;

#endif
