/* The rules by which a base is found, and what they share. Not for other modules. */
#ifndef PERFWARDEN_GIT_BASE_H
#define PERFWARDEN_GIT_BASE_H

#include "history.h"

struct pw_ci_system;

/** One search for a base. */
struct pw_git_base_search {
    struct pw_git *git;
    pw_getenv_fn environment;
    struct pw_arena *arena;
    const struct pw_ci_system *system; /**< NULL when no CI system is at work */
    struct pw_git_head head;           /**< is_dirty is not known here */
    git_oid head_id;
    const char *remote; /**< whose branches are meant: 'origin', else the only one */
    struct pw_git_base found;
    bool is_found;
    struct pw_git_lack lack; /**< what would have to be fetched, once a rule failed */
};

/**
 * One rule. Leaves is_found false when it does not apply.
 *
 * @return 0; PW_ENOTFOUND with the remedy when it applies but cannot be followed; PW_EGIT
 */
typedef int (*pw_git_base_rule)(struct pw_git_base_search *search, struct pw_error *err);

int pw_git_base_ci(struct pw_git_base_search *search, struct pw_error *err) PW_MUST_CHECK;
int pw_git_base_github(struct pw_git_base_search *search, struct pw_error *err) PW_MUST_CHECK;
int pw_git_base_gitlab(struct pw_git_base_search *search, struct pw_error *err) PW_MUST_CHECK;
int pw_git_base_default_branch(struct pw_git_base_search *search,
                               struct pw_error *err) PW_MUST_CHECK;
int pw_git_base_first_parent(struct pw_git_base_search *search, struct pw_error *err) PW_MUST_CHECK;

/** The answer. @param reason lives in the search's arena or forever; NULL means out of memory */
int pw_git_base_take(struct pw_git_base_search *search, const git_oid *id, const char *reason,
                     struct pw_error *err) PW_MUST_CHECK;

/** The answer is HEAD's first parent. */
int pw_git_base_take_first_parent(struct pw_git_base_search *search, const char *reason,
                                  struct pw_error *err) PW_MUST_CHECK;

/**
 * The answer is the merge base with another commit, unless that is HEAD itself.
 *
 * @param label        what the other commit is called: "origin/main"
 * @param is_required  unrelated histories are an error
 */
int pw_git_base_take_merge_base(struct pw_git_base_search *search, const git_oid *other,
                                const char *label, bool is_required,
                                struct pw_error *err) PW_MUST_CHECK;

/**
 * The answer is a commit that CI names, which must be an ancestor of HEAD, but not HEAD.
 *
 * @param label   where it is named: "merge_group.base_sha"
 * @param reason  lives in the search's arena or forever
 */
int pw_git_base_take_ancestor(struct pw_git_base_search *search, const git_oid *id,
                              const char *label, const char *reason,
                              struct pw_error *err) PW_MUST_CHECK;

/** What a branch that CI names is to HEAD. */
enum pw_base_branch {
    PW_BRANCH_TARGET, /**< the branch that a change shall go into */
    PW_BRANCH_DEFAULT /**< the branch that everything goes into in the end */
};

/**
 * The answer is the merge base with a branch as fetched from the remote, or HEAD's first parent
 * where that branch has HEAD already. Always finds one, or fails.
 */
int pw_git_base_take_branch(struct pw_git_base_search *search, const char *branch,
                            enum pw_base_branch kind, struct pw_error *err) PW_MUST_CHECK;

/** Set PW_ENOTFOUND: the clone is shallow, and its history ends at a commit. */
int pw_git_base_fail_shallow(struct pw_git_base_search *search, const git_oid *boundary,
                             struct pw_error *err);

/** A variable of the CI system. @return NULL when it is unset or empty */
const char *pw_git_base_variable(const struct pw_git_base_search *search, const char *name);

/** Whether HEAD merges this commit into another one: its second and last parent. */
bool pw_git_base_merges(const struct pw_git_base_search *search, const char *commit);

#endif
