/* The relation between two commits. Not for other modules. */
#ifndef PERFWARDEN_GIT_HISTORY_INTERNAL_H
#define PERFWARDEN_GIT_HISTORY_INTERNAL_H

#include "internal.h"

struct pw_graph;

/** What two commits have in common. */
struct pw_git_relation {
    bool has_base;   /**< they have a common ancestor (or one is the other's) */
    git_oid base;    /**< the newest of the best common ancestors */
    size_t distance; /**< commits that the first has and the second has not */
    bool is_cut; /**< a shallow clone hides history that may hold a better base, or one at all */
    git_oid cut; /**< where it ends, if is_cut */
};

/** @return 0; PW_ENOTFOUND when one of them is not there; PW_EGIT; PW_ENOMEM */
int pw_git_relate(struct pw_git *git, const git_oid *a, const git_oid *b,
                  struct pw_git_relation *out, struct pw_error *err) PW_MUST_CHECK;

/** The best common ancestors of two commits, in no order: several after criss-cross merges. */
struct pw_git_bases {
    const git_oid *ids;
    size_t count;
};

/** @param[out] out  lives in the arena @return as pw_git_relate() */
int pw_git_find_bases(struct pw_git *git, const git_oid *a, const git_oid *b,
                      struct pw_arena *arena, struct pw_git_bases *out,
                      struct pw_error *err) PW_MUST_CHECK;

/**
 * Hand the marks A and B down from the commits that were pushed with them, until nothing new comes:
 * what is marked A alone is what B's commits do not have.
 */
int pw_git_paint(struct pw_graph *graph, struct pw_error *err) PW_MUST_CHECK;

#endif
