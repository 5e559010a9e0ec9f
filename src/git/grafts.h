/*
 * What a repository says of its history beside the commits: where a shallow clone ends, which
 * commits have other parents (info/grafts), which are replaced (refs/replace). git reads all three,
 * libgit2 none of them before 1.7. Not for other modules.
 */
#ifndef PERFWARDEN_GIT_GRAFTS_H
#define PERFWARDEN_GIT_GRAFTS_H

#include "internal.h"

/** What is said of one commit. */
struct pw_git_graft {
    git_oid commit;
    bool is_boundary; /**< a shallow clone does not have its parents */
    bool has_parents; /**< these in place of its own, perhaps none */
    git_oid *parents;
    size_t parent_count;
    bool is_replaced;
    git_oid replacement;
};

/** Zero-initialised is valid and says nothing. */
struct pw_git_grafts {
    struct pw_arena arena;
    struct pw_git_graft *items; /**< sorted by commit, each once */
    size_t count;
    bool is_altered; /**< there are other parents or replacements */
};

/** Look once, when a repository is opened, whether any commit is replaced: listing refs takes long
 * where there are many. @return 0; PW_EIO; PW_ENOMEM */
int pw_git_find_replacements(struct pw_git *git, struct pw_error *err) PW_MUST_CHECK;

/** Read them. @return 0; PW_EGIT when a file of them is malformed; PW_EIO; PW_ENOMEM */
int pw_git_grafts_read(struct pw_git *git, struct pw_git_grafts *out,
                       struct pw_error *err) PW_MUST_CHECK;
void pw_git_grafts_release(struct pw_git_grafts *grafts);

/** @return NULL when nothing is said of the commit */
const struct pw_git_graft *pw_git_grafts_find(const struct pw_git_grafts *grafts,
                                              const git_oid *commit);

/** The object that is read in the place of a commit, replacements of replacements included. */
const git_oid *pw_git_grafts_resolve(const struct pw_git_grafts *grafts, const git_oid *commit);

#endif
