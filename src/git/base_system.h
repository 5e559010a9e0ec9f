/*
 * The CI systems that are known, one row each: how one is told that it is at work, in which
 * variables it says what a change is, and which of its settings fetches all of history. Not for
 * other modules.
 */
#ifndef PERFWARDEN_GIT_BASE_SYSTEM_H
#define PERFWARDEN_GIT_BASE_SYSTEM_H

#include "base.h"

/** How many signs a system may have. */
enum { PW_CI_SIGNS = 3 };

/** One system. Members that name an environment variable are NULL where it has none. */
struct pw_ci_system {
    const char *name;
    const char *signs[PW_CI_SIGNS]; /**< "VARIABLE" or "VARIABLE=value": any of them tells it */
    const char *change;  /**< set, and not to "false", when a change is built; NULL: `target` is */
    const char *target;  /**< the branch that the change shall go into */
    const char *source;  /**< the change's own last commit, where HEAD merges it into the target */
    const char *tag;     /**< set when a tag is built */
    const char *trunk;   /**< the repository's default branch */
    const char *setting; /**< what to set so that all of history is fetched; NULL for nothing */
    bool fetches_all;    /**< that setting fetches every branch too */
    pw_git_base_rule rule; /**< in place of the rule for all systems; NULL for that */
};

/** The first system that shows a sign. @return NULL when there is none */
const struct pw_ci_system *pw_ci_system_find(pw_getenv_fn environment);

/** The rule for all systems: target branch of a change, first parent of a tag, default branch. */
int pw_ci_system_follow(struct pw_git_base_search *search, struct pw_error *err) PW_MUST_CHECK;

#endif
