/* Files kept in commits on a ref: what reading and writing them share. Not for other modules. */
#ifndef PERFWARDEN_GIT_REF_TREE_H
#define PERFWARDEN_GIT_REF_TREE_H

#include "internal.h"

/** Deepest tree that is read or written; results lie four deep. */
#define PW_REF_TREE_MAX_DEPTH 32

/**
 * The commit a ref points to.
 *
 * @param[out] out  NULL when the ref is absent; freed by the caller
 */
int pw_git_ref_commit(struct pw_git *git, const char *ref, git_commit **out,
                      struct pw_error *err) PW_MUST_CHECK;

/**
 * The commit a ref points to and its tree.
 *
 * @param[out] commit  NULL when the ref is absent; freed by the caller, as is `tree`
 */
int pw_git_ref_open(struct pw_git *git, const char *ref, git_commit **commit, git_tree **tree,
                    struct pw_error *err) PW_MUST_CHECK;

/**
 * Say why an object of a ref's tree could not be read; in a partial clone, what to do about it.
 *
 * @param code  what libgit2 returned
 * @return PW_EGIT or PW_ENOMEM
 */
int pw_git_fail_object(struct pw_git *git, const char *ref, const char *path, int code,
                       struct pw_error *err);

/**
 * Append a blob's content; its size is looked at before.
 *
 * @param where, path  what messages call it: "where:path"
 * @return 0; PW_EGIT when it is larger than the buffer's cap, absent or damaged; PW_ENOMEM
 */
int pw_git_read_blob(struct pw_git *git, const git_oid *id, struct pw_strbuf *out,
                     const char *where, const char *path, struct pw_error *err) PW_MUST_CHECK;

/** A change whose content is in the object database already. */
struct pw_ref_edit {
    const char *path;
    git_oid blob;    /**< the new content; of no meaning when is_removal */
    bool is_removal; /**< take the path away */
};

/**
 * Build the tree that results from edits. Only the trees on the way to a path are read and written.
 *
 * @param old    NULL for an empty tree
 * @param edits  sorted by path (strcmp)
 * @return as pw_git_ref_update()
 */
int pw_git_edit_tree(struct pw_git *git, const git_tree *old, const struct pw_ref_edit *edits,
                     size_t count, git_oid *out, struct pw_error *err) PW_MUST_CHECK;

#endif
