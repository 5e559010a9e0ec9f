/* The rules by which a base is found, and what they share. Not for other modules. */
#ifndef PERFWARDEN_GIT_BASE_H
#define PERFWARDEN_GIT_BASE_H

#include "history.h"

/** One search for a base. */
struct pw_git_base_search {
    struct pw_git *git;
    pw_getenv_fn environment;
    struct pw_arena *arena;
    struct pw_git_head head; /**< is_dirty is not known here */
    git_oid head_id;
    struct pw_git_base found;
    bool is_found;
};

/**
 * One rule. Leaves is_found false when it does not apply.
 *
 * @return 0; PW_ENOTFOUND with the remedy when it applies but cannot be followed; PW_EGIT
 */
typedef int (*pw_git_base_rule)(struct pw_git_base_search *search, struct pw_error *err);

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

#endif
