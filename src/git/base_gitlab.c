/*
 * The base on GitLab ("Predefined CI/CD variables"). A pipeline of merged results or of a merge
 * train builds a commit that merges the change into its target: the first parent is the base there,
 * and CI_MERGE_REQUEST_DIFF_BASE_SHA, where the change once began, is not. CI_COMMIT_BEFORE_SHA is
 * not looked at: it is what the branch was before the push, often a commit of the change itself,
 * and zeros for new branches and merge requests.
 */
#include "base_system.h"

static int take_diff_base(struct pw_git_base_search *search, const char *commit,
                          struct pw_error *err)
{
    char found[PW_OID_SIZE];
    git_oid id;
    int status = pw_git_resolve(search->git, commit, found, err);

    if (status == PW_ENOTFOUND) {
        search->lack.is_lacking = pw_git_is_shallow(search->git);
        return pw_error_set(err, PW_ENOTFOUND,
                            "commit '%s' of CI_MERGE_REQUEST_DIFF_BASE_SHA is not in this clone; "
                            "%s, run 'git fetch --unshallow', pass --deepen or pass --base REV",
                            commit, search->system->setting);
    }
    if (status == PW_OK) {
        status = pw_git_parse_id(found, &id, err);
    }
    if (status != PW_OK) {
        return status;
    }
    /* nothing of HEAD is new to the target: as where GitLab names no commit */
    if (git_oid_equal(&id, &search->head_id)) {
        return pw_ci_system_follow(search, err);
    }
    return pw_git_base_take_ancestor(search, &id, "CI_MERGE_REQUEST_DIFF_BASE_SHA",
                                     "base of the merge request", err);
}

int pw_git_base_gitlab(struct pw_git_base_search *search, struct pw_error *err)
{
    const char *source = pw_git_base_variable(search, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA");
    const char *commit = pw_git_base_variable(search, "CI_MERGE_REQUEST_DIFF_BASE_SHA");

    if (commit == NULL || (source != NULL && pw_git_base_merges(search, source))) {
        return pw_ci_system_follow(search, err);
    }
    return take_diff_base(search, commit, err);
}
