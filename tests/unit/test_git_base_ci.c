/* Finding the base by what CI systems say. */
#include "git_base_rows.h"

/* What GitHub writes of an event; `text` is JSON that may expand shell words. */
#define EVENT(text) "cat >../event.json <<END\n" text "\nEND\n"
#define PULL_REQUEST                                                                               \
    EVENT("{\"pull_request\": {\"title\": \"::error::x \\\\u001b[31m\", "                          \
          "\"head\": {\"sha\": \"$(git rev-parse feature)\"}, \"base\": {\"ref\": \"main\"}}}")
#define ORIGIN "git update-ref refs/remotes/origin/main main; "
#define PATH                                                                                       \
    {                                                                                              \
        "GITHUB_EVENT_PATH", ""                                                                    \
    }
#define NAME(event)                                                                                \
    {                                                                                              \
        "GITHUB_EVENT_NAME", event                                                                 \
    }
#define ABSENT "0123456789012345678901234567890123456789"

/* clang-format off */
static const struct base_row github[] = {
    {.name = "merge checkout", .script = MERGED,
     .variables = {NAME("pull_request"), {"GITHUB_BASE_REF", "main"}, {"GITHUB_SHA", "HEAD"}},
     .commit = "main", .text = "first parent of the pull request's merge commit"},
    {.name = "merge checkout, and the event says of what", .script = MERGED PULL_REQUEST,
     .variables = {NAME("pull_request"), {"GITHUB_BASE_REF", "main"}, PATH},
     .commit = "main", .text = "first parent of the pull request's merge commit of @"},
    {.name = "merge checkout of another event's run",
     .script = MERGED PULL_REQUEST ORIGIN,
     .variables = {NAME("pull_request"), {"GITHUB_BASE_REF", "main"}, {"GITHUB_SHA", ABSENT}, PATH},
     .commit = "main", .text = "first parent of the pull request's merge commit of @"},
    {.name = "review", .script = MERGED PULL_REQUEST,
     .variables = {NAME("pull_request_review"), PATH},
     .commit = "main", .text = "first parent of the pull request's merge commit of @"},
    {.name = "head checkout", .script = FETCHED,
     .variables = {NAME("pull_request"), {"GITHUB_BASE_REF", "main"}},
     .commit = "other~1", .text = "merge base with origin/main"},
    {.name = "head checkout, the target in the event alone", .script = FETCHED PULL_REQUEST,
     .variables = {NAME("pull_request"), {"GITHUB_BASE_REF", ""}, PATH},
     .commit = "other~1", .text = "merge base with origin/main"},
    {.name = "head checkout whose last commit is a merge", .script = FEATURE "m main; " ORIGIN,
     .variables = {NAME("pull_request"), {"GITHUB_BASE_REF", "main"}, {"GITHUB_SHA", ABSENT}},
     .commit = "main", .text = "merge base with origin/main"},
    {.name = "the same, and nothing tells what HEAD is", .script = FEATURE "m main; " ORIGIN,
     .variables = {NAME("pull_request"), {"GITHUB_BASE_REF", "main"}},
     .commit = "main", .text = "merge base with origin/main"},
    {.name = "the same, as the event tells it",
     .script = FEATURE "m main; " ORIGIN PULL_REQUEST,
     .variables = {NAME("pull_request"), {"GITHUB_BASE_REF", "main"}, PATH},
     .commit = "main", .text = "merge base with origin/main"},
    {.name = "target not told", .script = FEATURE,
     .variables = {NAME("pull_request")},
     .text = "neither GITHUB_BASE_REF nor the event", .status = PW_ENOTFOUND},
    {.name = "target not fetched", .script = FEATURE,
     .variables = {NAME("pull_request"), {"GITHUB_BASE_REF", "release"}},
     .text = "the target branch 'origin/release' is not in this clone; set 'fetch-depth: 0' for "
             "actions/checkout, run 'git fetch origin "
             "+refs/heads/release:refs/remotes/origin/release', pass --deepen or pass --base REV",
     .status = PW_ENOTFOUND},
    {.name = "target not fetched from a remote of another name",
     .script = FEATURE "git remote add up x; ",
     .variables = {NAME("pull_request"), {"GITHUB_BASE_REF", "main"}},
     .text = "the target branch 'up/main' is not in this clone; set 'fetch-depth: 0' for "
             "actions/checkout, run 'git fetch up +refs/heads/main:refs/remotes/up/main', pass",
     .status = PW_ENOTFOUND},
    {.name = "hostile target", .script = FEATURE,
     .variables = {NAME("pull_request"), {"GITHUB_BASE_REF", "../../x..y\n~^:$(id)'"}},
     .text = "run 'git fetch origin', pass", .status = PW_ENOTFOUND},
    {.name = "the target has HEAD already", .script = FEATURE "git update-ref "
     "refs/remotes/origin/main feature; ",
     .variables = {NAME("pull_request"), {"GITHUB_BASE_REF", "main"}},
     .commit = "feature~1", .text = "first parent, as origin/main has HEAD already"},
    {.name = "target request, the change checked out", .script = FETCHED PULL_REQUEST,
     .variables = {NAME("pull_request_target"), {"GITHUB_BASE_REF", "main"}, PATH},
     .commit = "other~1", .text = "merge base with origin/main"},
    {.name = "target request, the merge checked out", .script = MERGED PULL_REQUEST,
     .variables = {NAME("pull_request_target"), {"GITHUB_BASE_REF", "main"}, PATH},
     .commit = "main", .text = "first parent of the pull request's merge commit of @"},
    {.name = "target request, the target checked out",
     .script = FEATURE PULL_REQUEST "git checkout -q main; git merge -q --no-edit feature~1; "
               ORIGIN,
     .variables = {NAME("pull_request_target"), {"GITHUB_BASE_REF", "main"}, PATH},
     .commit = "main~1", .text = "first parent, as origin/main has HEAD already"},
    {.name = "push", .script = FEATURE, .variables = {NAME("push")},
     .commit = "feature~1", .text = "first parent of the pushed commit"},
    {.name = "push with an event that cannot be read", .script = FEATURE EVENT("{"),
     .variables = {NAME("push"), PATH},
     .commit = "feature~1", .text = "first parent of the pushed commit"},
    {.name = "merge group of several",
     .script = MERGED "git checkout -q -b second feature~1; c x; git checkout -q --detach HEAD@{2};"
               "m second; " EVENT("{\"merge_group\": {\"base_sha\": \"$(git rev-parse main)\"}}"),
     .variables = {NAME("merge_group"), PATH},
     .commit = "main", .text = "base of the merge group"},
    {.name = "merge group elsewhere",
     .script = FEATURE EVENT("{\"merge_group\": {\"base_sha\": \"$(git rev-parse main)\"}}"),
     .variables = {NAME("merge_group"), PATH},
     .text = "is not among the ancestors of HEAD", .status = PW_EGIT},
    {.name = "merge group of HEAD itself",
     .script = FEATURE EVENT("{\"merge_group\": {\"base_sha\": \"$(git rev-parse HEAD)\"}}"),
     .variables = {NAME("merge_group"), PATH}, .text = "is HEAD itself", .status = PW_EGIT},
    {.name = "merge group of a commit that is not here",
     .script = MERGED EVENT("{\"merge_group\": {\"base_sha\": \"" ABSENT "\"}}"),
     .variables = {NAME("merge_group"), PATH},
     .text = "is not in the repository", .status = PW_ENOTFOUND},
    {.name = "merge group without an event", .script = MERGED,
     .variables = {NAME("merge_group")}, .text = "merge_group.base_sha", .status = PW_ENOTFOUND},
    {.name = "merge group with something else",
     .script = MERGED EVENT("{\"merge_group\": {\"base_sha\": [\"--upload-pack=x\"]}}"),
     .variables = {NAME("merge_group"), PATH}, .text = "merge_group.base_sha",
     .status = PW_ENOTFOUND},
    {.name = "schedule", .script = FEATURE,
     .variables = {NAME("schedule"), {"GITHUB_BASE_REF", ""}},
     .commit = "main~1", .text = "merge base with main"},
    {.name = "dispatch on a branch",
     .script = FETCHED EVENT("{\"repository\": {\"default_branch\": \"main\"}}"),
     .variables = {NAME("workflow_dispatch"), PATH},
     .commit = "other~1", .text = "merge base with origin/main"},
    {.name = "dispatch on the default branch",
     .script = FEATURE "git checkout -q main; "
               EVENT("{\"repository\": {\"default_branch\": \"main\"}}"),
     .variables = {NAME("workflow_dispatch"), PATH},
     .commit = "main~1", .text = "first parent"},
    {.name = "schedule, detached on the default branch",
     .script = FEATURE ORIGIN "git checkout -q --detach main; "
               EVENT("{\"repository\": {\"default_branch\": \"main\"}}"),
     .variables = {NAME("schedule"), PATH},
     .commit = "main~1", .text = "first parent"},
    {.name = "dispatch where the default branch is not there",
     .script = FEATURE EVENT("{\"repository\": {\"default_branch\": \"trunk\"}}"),
     .variables = {NAME("workflow_dispatch"), PATH},
     .text = "the default branch 'origin/trunk' is not in this clone", .status = PW_ENOTFOUND},
    {.name = "release", .script = FEATURE,
     .variables = {NAME("release"), {"GITHUB_REF_TYPE", "tag"}},
     .commit = "feature~1", .text = "first parent of the tagged commit"},
    {.name = "event that is no JSON", .script = MERGED EVENT("{\"pull_request\": {"),
     .variables = {NAME("pull_request"), {"GITHUB_BASE_REF", "main"}, PATH},
     .text = "GITHUB_EVENT_PATH cannot be read", .status = PW_EFORMAT},
    {.name = "event with a member twice",
     .script = MERGED EVENT("{\"pull_request\": {}, \"pull_request\": 1}"),
     .variables = {NAME("pull_request"), {"GITHUB_BASE_REF", "main"}, PATH},
     .text = "GITHUB_EVENT_PATH cannot be read", .status = PW_EFORMAT},
    {.name = "event of other shapes",
     .script = MERGED EVENT("{\"pull_request\": [{\"head\": 1}], \"repository\": null}"),
     .variables = {NAME("pull_request"), {"GITHUB_BASE_REF", "main"}, {"GITHUB_SHA", "HEAD"},
                   PATH},
     .commit = "main", .text = "first parent of the pull request's merge commit"},
    {.name = "event that is not there", .script = MERGED,
     .variables = {NAME("pull_request"), {"GITHUB_BASE_REF", "main"}, {"GITHUB_SHA", "HEAD"},
                   PATH},
     .commit = "main", .text = "first parent of the pull request's merge commit"},
    {.name = "event that is a directory", .script = MERGED "mkdir ../event.json; ",
     .variables = {NAME("pull_request"), {"GITHUB_BASE_REF", "main"}, PATH},
     .text = "GITHUB_EVENT_PATH cannot be read", .status = PW_EIO},
};

static const struct base_row others[] = {
    {.name = "GitLab: merge request", .script = FEATURE,
     .variables = {{"GITLAB_CI", "true"}, {"CI_MERGE_REQUEST_DIFF_BASE_SHA", "main~1"}},
     .commit = "main~1", .text = "base of the merge request"},
    {.name = "GitLab: base that is HEAD", .script = FETCHED,
     .variables = {{"GITLAB_CI", "true"}, {"CI_MERGE_REQUEST_DIFF_BASE_SHA", "@"},
                   {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"}},
     .commit = "other~1", .text = "merge base with origin/main"},
    {.name = "GitLab: base that is HEAD, and the target has it",
     .script = FEATURE "git update-ref refs/remotes/origin/main feature; ",
     .variables = {{"GITLAB_CI", "true"}, {"CI_MERGE_REQUEST_DIFF_BASE_SHA", "@"},
                   {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"}},
     .commit = "feature~1", .text = "first parent, as origin/main has HEAD already"},
    {.name = "GitLab: base elsewhere", .script = FEATURE,
     .variables = {{"GITLAB_CI", "true"}, {"CI_MERGE_REQUEST_DIFF_BASE_SHA", "main"}},
     .text = "is not among the ancestors of HEAD", .status = PW_EGIT},
    {.name = "GitLab: by its target", .script = FETCHED,
     .variables = {{"CI_MERGE_REQUEST_DIFF_BASE_SHA", ""},
                   {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"}},
     .commit = "other~1", .text = "merge base with origin/main"},
    {.name = "GitLab: base not fetched", .script = FEATURE,
     .variables = {{"CI_MERGE_REQUEST_DIFF_BASE_SHA", ABSENT}},
     .text = "set the variable 'GIT_DEPTH: 0'", .status = PW_ENOTFOUND},
    {.name = "GitLab: target not fetched", .script = FEATURE,
     .variables = {{"GITLAB_CI", "true"}, {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"}},
     .text = "is not in this clone; run 'git fetch origin +refs/heads/main:",
     .status = PW_ENOTFOUND},
    {.name = "GitLab: merged results", .script = MERGED,
     .variables = {{"GITLAB_CI", "true"}, {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"},
                   {"CI_MERGE_REQUEST_DIFF_BASE_SHA", "main~1"},
                   {"CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", "@"}},
     .commit = "main", .text = "first parent of the merge commit of @"},
    {.name = "GitLab: push to a new branch", .script = FETCHED,
     .variables = {{"GITLAB_CI", "true"}, {"CI_DEFAULT_BRANCH", "main"},
                   {"CI_COMMIT_BEFORE_SHA", "0000000000000000000000000000000000000000"}},
     .commit = "other~1", .text = "merge base with origin/main"},
    {.name = "GitLab: tag", .script = FEATURE,
     .variables = {{"GITLAB_CI", "true"}, {"CI_DEFAULT_BRANCH", "main"}, {"CI_COMMIT_TAG", "v1"}},
     .commit = "feature~1", .text = "first parent of the tagged commit"},
    {.name = "Buildkite: pull request", .script = FETCHED,
     .variables = {{"BUILDKITE", "true"}, {"BUILDKITE_PULL_REQUEST", "7"},
                   {"BUILDKITE_PULL_REQUEST_BASE_BRANCH", "main"}},
     .commit = "other~1", .text = "merge base with origin/main"},
    {.name = "Buildkite: branch", .script = FETCHED,
     .variables = {{"BUILDKITE", "true"}, {"BUILDKITE_PULL_REQUEST", "false"},
                   {"BUILDKITE_PULL_REQUEST_BASE_BRANCH", ""},
                   {"BUILDKITE_PIPELINE_DEFAULT_BRANCH", "main"}},
     .commit = "other~1", .text = "merge base with origin/main"},
    {.name = "Buildkite: target not told", .script = FETCHED,
     .variables = {{"BUILDKITE", "true"}, {"BUILDKITE_PULL_REQUEST", "7"}},
     .text = "does not say in BUILDKITE_PULL_REQUEST_BASE_BRANCH", .status = PW_ENOTFOUND},
    {.name = "CircleCI", .script = FETCHED,
     .variables = {{"CIRCLECI", "true"}, {"CIRCLE_BRANCH", "feature"}},
     .commit = "other~1", .text = "merge base with origin/main"},
    {.name = "Jenkins: change", .script = FETCHED,
     .variables = {{"JENKINS_URL", "http://ci"}, {"CHANGE_TARGET", "main"}},
     .commit = "other~1", .text = "merge base with origin/main"},
    {.name = "Jenkins: branch", .script = FETCHED,
     .variables = {{"JENKINS_URL", "http://ci"}},
     .commit = "other~1", .text = "merge base with origin/main"},
    {.name = "Azure: merged", .script = MERGED,
     .variables = {{"TF_BUILD", "True"}, {"SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/main"},
                   {"SYSTEM_PULLREQUEST_SOURCECOMMITID", "@"}},
     .commit = "main", .text = "first parent of the merge commit of @"},
    {.name = "Azure: not merged", .script = FETCHED,
     .variables = {{"TF_BUILD", "True"}, {"SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/main"}},
     .commit = "other~1", .text = "merge base with origin/main"},
    {.name = "Azure: target not fetched", .script = FEATURE,
     .variables = {{"TF_BUILD", "True"}, {"SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/main"}},
     .text = "set 'fetchDepth: 0' in the checkout step", .status = PW_ENOTFOUND},
    {.name = "Travis: pull request", .script = FETCHED,
     .variables = {{"TRAVIS", "true"}, {"TRAVIS_PULL_REQUEST", "3"}, {"TRAVIS_BRANCH", "main"}},
     .commit = "other~1", .text = "merge base with origin/main"},
    {.name = "Travis: push", .script = FEATURE,
     .variables = {{"TRAVIS", "true"}, {"TRAVIS_PULL_REQUEST", "false"},
                   {"TRAVIS_BRANCH", "feature"}},
     .commit = "main~1", .text = "merge base with main"},
    {.name = "Travis: merged", .script = MERGED,
     .variables = {{"TRAVIS", "true"}, {"TRAVIS_PULL_REQUEST", "3"}, {"TRAVIS_BRANCH", "main"},
                   {"TRAVIS_PULL_REQUEST_SHA", "@"}},
     .commit = "main", .text = "first parent of the merge commit of @"},
    {.name = "Drone", .script = FETCHED,
     .variables = {{"DRONE", "true"}, {"DRONE_PULL_REQUEST", "3"}, {"DRONE_TARGET_BRANCH", "main"}},
     .commit = "other~1", .text = "merge base with origin/main"},
    {.name = "Woodpecker", .script = FETCHED,
     .variables = {{"CI", "woodpecker"}, {"CI_COMMIT_TARGET_BRANCH", "main"}},
     .commit = "other~1", .text = "merge base with origin/main"},
    {.name = "another CI", .script = FEATURE,
     .variables = {{"CI", "true"}, {"CI_COMMIT_TARGET_BRANCH", "nowhere"}},
     .commit = "main~1", .text = "merge base with main"},
    {.name = "Bitbucket", .script = FETCHED,
     .variables = {{"BITBUCKET_BUILD_NUMBER", "1"}, {"BITBUCKET_PR_DESTINATION_BRANCH", "main"}},
     .commit = "other~1", .text = "merge base with origin/main"},
    {.name = "AppVeyor", .script = FETCHED,
     .variables = {{"APPVEYOR", "True"}, {"APPVEYOR_PULL_REQUEST_NUMBER", "3"},
                   {"APPVEYOR_REPO_BRANCH", "main"}},
     .commit = "other~1", .text = "merge base with origin/main"},
    {.name = "AppVeyor: push", .script = FEATURE,
     .variables = {{"APPVEYOR", "True"}, {"APPVEYOR_REPO_BRANCH", "nowhere"}},
     .commit = "main~1", .text = "merge base with main"},
};

static const struct base_row shallow[] = {
    {.name = "GitHub", .script = SHALLOW("1"), .directory = "s", .variables = {NAME("push")},
     .text = "set 'fetch-depth: 0' for actions/checkout, run 'git fetch --unshallow' or pass "
             "--deepen", .status = PW_ENOTFOUND},
    {.name = "GitLab", .script = SHALLOW("1"), .directory = "s",
     .variables = {{"GITLAB_CI", "true"}, {"CI_COMMIT_TAG", "v1"}},
     .text = "set the variable 'GIT_DEPTH: 0', run", .status = PW_ENOTFOUND},
    {.name = "Buildkite", .script = SHALLOW("1"), .directory = "s",
     .variables = {{"BUILDKITE", "true"}},
     .text = "take '--depth' out of BUILDKITE_GIT_CLONE_FLAGS, run", .status = PW_ENOTFOUND},
    {.name = "CircleCI", .script = SHALLOW("1"), .directory = "s",
     .variables = {{"CIRCLECI", "true"}},
     .text = "because the clone is shallow; run 'git fetch", .status = PW_ENOTFOUND},
    {.name = "Jenkins", .script = SHALLOW("1"), .directory = "s",
     .variables = {{"JENKINS_URL", "x"}}, .text = "switch 'Shallow clone' off",
     .status = PW_ENOTFOUND},
    {.name = "Azure", .script = SHALLOW("1"), .directory = "s", .variables = {{"TF_BUILD", "True"}},
     .text = "set 'fetchDepth: 0'", .status = PW_ENOTFOUND},
    {.name = "GitHub, --base", .script = SHALLOW("1"), .directory = "s", .revision = "HEAD~2",
     .variables = {NAME("push")}, .text = "the clone is shallow: set 'fetch-depth: 0'",
     .status = PW_ENOTFOUND},
    {.name = "merge group",
     .script = SHALLOW("1") EVENT("{\"merge_group\": {\"base_sha\": \"$(git -C ../r rev-parse "
                                  "main~1)\"}}"),
     .directory = "s", .variables = {NAME("merge_group"), PATH},
     .text = "because the clone is shallow", .status = PW_ENOTFOUND},
    {.name = "merge group, cut between",
     .script = SHALLOW("1 --no-single-branch")
               EVENT("{\"merge_group\": {\"base_sha\": \"$(git -C ../r rev-parse main)\"}}"),
     .directory = "s", .variables = {NAME("merge_group"), PATH},
     .text = "because the clone is shallow", .status = PW_ENOTFOUND},
};
/* clang-format on */

static void follows_github(void **state)
{
    (void)state;
    base_rows_check(github, PW_COUNT(github));
}

static void follows_other_systems(void **state)
{
    (void)state;
    base_rows_check(others, PW_COUNT(others));
}

static void names_the_systems_remedy(void **state)
{
    (void)state;
    base_rows_check(shallow, PW_COUNT(shallow));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(follows_github, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(follows_other_systems, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(names_the_systems_remedy, fixture_setup, fixture_teardown),
    };

    return cmocka_run_group_tests_name("git_base_ci", tests, NULL, NULL);
}
