/* What two clones have stored, brought together. Not for other modules. */
#ifndef PERFWARDEN_GIT_REF_UNION_H
#define PERFWARDEN_GIT_REF_UNION_H

#include "internal.h"

/** What became of a ref. */
struct pw_ref_union {
    bool is_created; /**< it was absent */
    size_t added;    /**< files that came */
    size_t removed;  /**< files that went, because they were removed elsewhere */
};

/**
 * Bring a commit's files into a ref: nothing where the ref has it already, a fast-forward where the
 * ref is absent or behind, else a commit with both as parents.
 *
 * A file of one side only is kept, unless the other side had it and removed it: every merge base
 * has it then.
 *
 * @param ref     one that pw_git_ref_check() let pass
 * @param source  where the commit comes from, for messages
 * @return 0; PW_EEXISTS when both sides have a path with different content: then nothing is
 * changed; PW_EGIT; PW_EIO; PW_ENOMEM
 */
int pw_git_ref_unite(struct pw_git *git, const char *ref, const git_oid *commit, const char *source,
                     struct pw_ref_union *out, struct pw_error *err) PW_MUST_CHECK;

/** Whether a ref has a commit in its history. An absent ref has none. */
int pw_git_ref_has(struct pw_git *git, const char *ref, const git_oid *commit, bool *out,
                   struct pw_error *err) PW_MUST_CHECK;

/**
 * The tree with the files of two trees.
 *
 * @param base  what both come from; NULL for nothing
 * @param ours, theirs  not NULL
 */
int pw_git_unite_trees(struct pw_git *git, const git_tree *base, const git_tree *ours,
                       const git_tree *theirs, git_oid *out, struct pw_error *err) PW_MUST_CHECK;

/** The tree of what two trees have under the same name and with the same content. */
int pw_git_intersect_trees(struct pw_git *git, const git_tree *a, const git_tree *b, git_oid *out,
                           struct pw_error *err) PW_MUST_CHECK;

/** How many files a tree has that another has not. @param old NULL for an empty one */
int pw_git_count_new_files(struct pw_git *git, const git_tree *old, const git_tree *tree,
                           size_t *out, struct pw_error *err) PW_MUST_CHECK;

#endif
