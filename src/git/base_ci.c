/*
 * The base as a CI system's environment variables tell it (docs of GitHub Actions: "Variables";
 * of GitLab: "Predefined CI/CD variables"). Their values are foreign text: names to look up, never
 * taken for ids unseen.
 */
#include "base.h"

#include <string.h>

/* Variables that do not apply are empty on some systems, unset on others. */
static const char *variable(const struct pw_git_base_search *search, const char *name)
{
    const char *value = search->environment(name);

    return value != NULL && value[0] != '\0' ? value : NULL;
}

/* The merge base with the branch a change shall go into, as fetched from origin. */
static int take_target(struct pw_git_base_search *search, const char *branch, struct pw_error *err)
{
    struct pw_strbuf name = PW_STRBUF_INIT;
    git_oid tip;
    int status = PW_OK;

    pw_strbuf_printf(&name, "refs/remotes/origin/%s", branch);
    status = pw_strbuf_check(&name, err);
    if (status != PW_OK) {
        goto out;
    }
    const int code = git_reference_name_to_id(&tip, search->git->repository, pw_strbuf_text(&name));
    if (code == GIT_ENOTFOUND || code == GIT_EINVALIDSPEC) {
        status = pw_error_set(err, PW_ENOTFOUND,
                              "the target branch 'origin/%s' is not in this clone; set "
                              "fetch-depth: 0, run 'git fetch origin' or pass --base REV",
                              branch);
    } else if (code != 0) {
        status = pw_git_fail(err, code, "cannot read 'origin/%s'", branch);
    } else {
        status = pw_git_base_take_merge_base(
            search, &tip, pw_strbuf_text(&name) + sizeof("refs/remotes/") - 1, true, err);
    }
out:
    pw_strbuf_release(&name);
    return status;
}

/*
 * A merge checkout is the commit GitHub made by merging the change into the target: its first
 * parent is exactly the base. A branch whose own last commit is a merge looks the same but is not
 * the commit that GITHUB_SHA names.
 */
static bool is_merge_checkout(const struct pw_git_base_search *search)
{
    const char *sha = variable(search, "GITHUB_SHA");

    return search->head.parent_count == 2 && (sha == NULL || strcmp(sha, search->head.commit) == 0);
}

static int github_target(struct pw_git_base_search *search, struct pw_error *err)
{
    const char *branch = variable(search, "GITHUB_BASE_REF");

    return branch == NULL ? PW_OK : take_target(search, branch, err);
}

static int github_pull_request(struct pw_git_base_search *search, struct pw_error *err)
{
    if (is_merge_checkout(search)) {
        return pw_git_base_take_first_parent(
            search, "first parent of the pull request's merge commit", err);
    }
    return github_target(search, err);
}

static int github_push(struct pw_git_base_search *search, struct pw_error *err)
{
    return pw_git_base_take_first_parent(search, "first parent of the pushed commit", err);
}

static int github_merge_group(struct pw_git_base_search *search, struct pw_error *err)
{
    return pw_git_base_take_first_parent(search, "first parent of the merge group's commit", err);
}

static const struct {
    const char *name;
    pw_git_base_rule rule;
} github_events[] = {
    {"pull_request", github_pull_request},
    {"pull_request_target", github_target},
    {"push", github_push},
    {"merge_group", github_merge_group},
};

int pw_git_base_github(struct pw_git_base_search *search, struct pw_error *err)
{
    const char *event = variable(search, "GITHUB_EVENT_NAME");

    for (size_t i = 0; i < PW_COUNT(github_events) && event != NULL; i++) {
        if (strcmp(event, github_events[i].name) == 0) {
            return github_events[i].rule(search, err);
        }
    }
    return PW_OK;
}

int pw_git_base_gitlab(struct pw_git_base_search *search, struct pw_error *err)
{
    static const char name[] = "CI_MERGE_REQUEST_DIFF_BASE_SHA";
    const char *commit = variable(search, name);
    const char *branch = variable(search, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME");
    char found[PW_OID_SIZE];
    git_oid id;

    if (commit == NULL) {
        return branch == NULL ? PW_OK : take_target(search, branch, err);
    }
    int status = pw_git_resolve(search->git, commit, found, err);
    if (status == PW_ENOTFOUND) {
        return pw_error_set(err, PW_ENOTFOUND,
                            "commit '%s' of %s is not in this clone; set GIT_DEPTH: 0 or pass "
                            "--base REV",
                            commit, name);
    }
    if (status == PW_OK) {
        status = pw_git_parse_id(found, &id, err);
    }
    if (status == PW_OK) {
        status = pw_git_base_take(search, &id, "base of the merge request", err);
    }
    return status;
}
