/*
 * Which CI system is at work, and the rule that most of them share. Their variables are foreign
 * text: names to look up, never taken for ids unseen.
 *
 * Sources: each system's list of predefined variables. CircleCI tells no target branch, so that
 * the default branch decides there.
 */
#include "base_system.h"

#include <string.h>

/* clang-format off */
static const struct pw_ci_system systems[] = {
    {.name = "GitHub Actions", .signs = {"GITHUB_ACTIONS", "GITHUB_EVENT_NAME"},
     .setting = "set 'fetch-depth: 0' for actions/checkout", .fetches_all = true,
     .rule = pw_git_base_github},
    {.name = "GitLab CI", .signs = {"GITLAB_CI", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
                                    "CI_MERGE_REQUEST_DIFF_BASE_SHA"},
     .target = "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
     .source = "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA",
     .tag = "CI_COMMIT_TAG", .trunk = "CI_DEFAULT_BRANCH",
     .setting = "set the variable 'GIT_DEPTH: 0'",
     .rule = pw_git_base_gitlab},
    {.name = "Buildkite", .signs = {"BUILDKITE"},
     .change = "BUILDKITE_PULL_REQUEST", .target = "BUILDKITE_PULL_REQUEST_BASE_BRANCH",
     .tag = "BUILDKITE_TAG", .trunk = "BUILDKITE_PIPELINE_DEFAULT_BRANCH",
     .setting = "take '--depth' out of BUILDKITE_GIT_CLONE_FLAGS"},
    {.name = "CircleCI", .signs = {"CIRCLECI"}, .tag = "CIRCLE_TAG"},
    {.name = "Azure Pipelines", .signs = {"TF_BUILD"},
     .target = "SYSTEM_PULLREQUEST_TARGETBRANCH",
     .source = "SYSTEM_PULLREQUEST_SOURCECOMMITID",
     .setting = "set 'fetchDepth: 0' in the checkout step", .fetches_all = true},
    {.name = "Travis CI", .signs = {"TRAVIS"},
     .change = "TRAVIS_PULL_REQUEST", .target = "TRAVIS_BRANCH",
     .source = "TRAVIS_PULL_REQUEST_SHA", .tag = "TRAVIS_TAG",
     .setting = "set 'git: {depth: false}'"},
    {.name = "Drone", .signs = {"DRONE"},
     .change = "DRONE_PULL_REQUEST", .target = "DRONE_TARGET_BRANCH",
     .source = "DRONE_COMMIT_SHA", .tag = "DRONE_TAG", .trunk = "DRONE_REPO_BRANCH",
     .setting = "take 'depth' out of the clone settings"},
    {.name = "Woodpecker", .signs = {"CI=woodpecker"},
     .target = "CI_COMMIT_TARGET_BRANCH", .tag = "CI_COMMIT_TAG",
     .trunk = "CI_REPO_DEFAULT_BRANCH"},
    {.name = "Bitbucket Pipelines", .signs = {"BITBUCKET_BUILD_NUMBER"},
     .target = "BITBUCKET_PR_DESTINATION_BRANCH", .source = "BITBUCKET_COMMIT",
     .tag = "BITBUCKET_TAG",
     .setting = "set 'clone: {depth: full}'"},
    {.name = "AppVeyor", .signs = {"APPVEYOR"},
     .change = "APPVEYOR_PULL_REQUEST_NUMBER", .target = "APPVEYOR_REPO_BRANCH",
     .source = "APPVEYOR_PULL_REQUEST_HEAD_COMMIT", .tag = "APPVEYOR_REPO_TAG_NAME",
     .setting = "take 'clone_depth' out of appveyor.yml"},
    /* last: a Jenkins may start the jobs of another system */
    {.name = "Jenkins", .signs = {"JENKINS_URL"},
     .target = "CHANGE_TARGET", .tag = "TAG_NAME",
     .setting = "switch 'Shallow clone' off among the job's 'Advanced clone behaviours'"},
};
/* clang-format on */

static bool shows(pw_getenv_fn environment, const char *sign, struct pw_strbuf *name)
{
    const size_t length = strcspn(sign, "=");

    pw_strbuf_clear(name);
    pw_strbuf_append(name, sign, length);
    const char *value = environment(pw_strbuf_text(name));
    if (value == NULL || value[0] == '\0') {
        return false;
    }
    return sign[length] == '\0' || strcmp(value, sign + length + 1) == 0;
}

const struct pw_ci_system *pw_ci_system_find(pw_getenv_fn environment)
{
    const struct pw_ci_system *found = NULL;
    struct pw_strbuf name = PW_STRBUF_INIT;

    for (size_t i = 0; i < PW_COUNT(systems) && found == NULL; i++) {
        for (size_t s = 0; s < PW_CI_SIGNS && systems[i].signs[s] != NULL && found == NULL; s++) {
            if (shows(environment, systems[i].signs[s], &name)) {
                found = &systems[i];
            }
        }
    }
    pw_strbuf_release(&name);
    return found;
}

void pw_git_put_depth_remedy(struct pw_strbuf *out, pw_getenv_fn environment)
{
    const struct pw_ci_system *system = pw_ci_system_find(environment);

    if (system != NULL && system->setting != NULL) {
        pw_strbuf_printf(out, "%s, ", system->setting);
    }
    pw_strbuf_puts(out, "run 'git fetch --unshallow' or pass --deepen");
}

/* "refs/heads/main" is what some call "main". */
static const char *short_branch(const char *branch)
{
    static const char prefix[] = "refs/heads/";

    return strncmp(branch, prefix, sizeof(prefix) - 1) == 0 ? branch + sizeof(prefix) - 1 : branch;
}

static const char *named(const struct pw_git_base_search *search, const char *name)
{
    return name == NULL ? NULL : pw_git_base_variable(search, name);
}

static bool is_change(const struct pw_git_base_search *search)
{
    const struct pw_ci_system *system = search->system;
    const char *value = named(search, system->change != NULL ? system->change : system->target);

    return value != NULL && strcmp(value, "false") != 0;
}

static int follow_change(struct pw_git_base_search *search, struct pw_error *err)
{
    const struct pw_ci_system *system = search->system;
    const char *source = named(search, system->source);
    const char *target = named(search, system->target);

    if (source != NULL && pw_git_base_merges(search, source)) {
        return pw_git_base_take_first_parent(
            search,
            pw_arena_printf(search->arena, "first parent of the merge commit of %.12s", source),
            err);
    }
    if (target == NULL) {
        return pw_error_set(err, PW_ENOTFOUND,
                            "%s does not say in %s which branch the change shall go into; pass "
                            "--base REV",
                            system->name, system->target);
    }
    return pw_git_base_take_branch(search, short_branch(target), PW_BRANCH_TARGET, err);
}

int pw_ci_system_follow(struct pw_git_base_search *search, struct pw_error *err)
{
    const char *trunk = named(search, search->system->trunk);

    if (is_change(search)) {
        return follow_change(search, err);
    }
    if (named(search, search->system->tag) != NULL) {
        return pw_git_base_take_first_parent(search, "first parent of the tagged commit", err);
    }
    if (trunk != NULL) {
        return pw_git_base_take_branch(search, short_branch(trunk), PW_BRANCH_DEFAULT, err);
    }
    return PW_OK;
}

int pw_git_base_ci(struct pw_git_base_search *search, struct pw_error *err)
{
    if (search->system == NULL) {
        return PW_OK;
    }
    return search->system->rule != NULL ? search->system->rule(search, err)
                                        : pw_ci_system_follow(search, err);
}
