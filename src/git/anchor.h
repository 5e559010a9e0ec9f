/* Looking for an anchor: what its ways share. Not for other modules. */
#ifndef PERFWARDEN_GIT_ANCHOR_H
#define PERFWARDEN_GIT_ANCHOR_H

#include "internal.h"

/** One search. */
struct pw_git_anchor_search {
    struct pw_git *git;
    const char *base_name;
    git_oid base;
    git_oid head;
    const struct pw_git_anchor_rule *rule;
    struct pw_arena *arena;
    struct pw_git_anchor found;
};

/**
 * This commit it is; where it is the base itself, there is none.
 *
 * @param label, reason  live in the search's arena; NULL means out of memory
 */
int pw_git_anchor_take(struct pw_git_anchor_search *search, const git_oid *id, const char *label,
                       const char *reason, struct pw_error *err) PW_MUST_CHECK;

/** There is none. @param why  lives in the search's arena; NULL means out of memory */
int pw_git_anchor_take_none(struct pw_git_anchor_search *search, const char *why,
                            struct pw_error *err) PW_MUST_CHECK;

/** As `git describe --tags --match` finds it. @return 0, also when there is none; PW_EGIT */
int pw_git_anchor_by_tag(struct pw_git_anchor_search *search, struct pw_error *err) PW_MUST_CHECK;

#endif
