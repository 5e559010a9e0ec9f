/* Finding the base: a table of repositories, environments and the commit that must be found. */
#include "git_fixture.h"

#include <stdlib.h>
#include <string.h>

#define MAX_VARIABLES 3

/* One repository and what is asked of it. */
struct row {
    const char *name;
    const char *script;    /**< makes the repository "r" */
    const char *directory; /**< what is opened; NULL for "r" */
    const char *revision;  /**< --base */
    const char *variables[MAX_VARIABLES][2];
    const char *commit; /**< a revision in "r" that must be found; NULL when it must fail */
    const char *text;   /**< the reason, or a part of the message */
    int status;
};

/* A feature branch two commits ahead of main, main one commit on. */
#define FEATURE                                                                                    \
    "new r; c one; c two; git checkout -q -b feature; c three; c four; git checkout -q main; "     \
    "c five; git checkout -q feature; "
/* The same, with main known as origin/main only. */
#define FETCHED                                                                                    \
    FEATURE "git update-ref refs/remotes/origin/main main; git branch -q -m main other; "
/* What a CI system makes of a pull request: a commit that merges it into main. */
#define MERGED FEATURE "git checkout -q --detach main; m feature; "
#define CRISS_CROSS                                                                                \
    "new r; c one; git checkout -q -b feature; c two; git checkout -q main; c three; "             \
    "git tag old-main; m feature; git checkout -q feature; m old-main; c four; "
#define SHALLOW(depth) FEATURE "git clone -q --depth " depth " \"file://$PWD\" ../s; cd ../s; "

static const struct row rows[] = {
    /* asked for */
    {"revision", FEATURE, NULL, "main~1", {{0}}, "main~1", "--base main~1", 0},
    {"tag", FEATURE "git tag -a -m x v1 main; ", NULL, "v1", {{0}}, "main", "--base v1", 0},
    {"no such revision", FEATURE, NULL, "nowhere", {{0}}, NULL, "'nowhere'", PW_ENOTFOUND},
    {"range", FEATURE, NULL, "main..feature", {{0}}, NULL, "'main..feature'", PW_ENOTFOUND},
    {"blob",
     "new r; echo x >x; git add x; c one; ",
     NULL,
     "HEAD:x",
     {{0}},
     NULL,
     "is a blob",
     PW_ENOTFOUND},
    {"asked wins over CI",
     FEATURE,
     NULL,
     "main",
     {{"GITHUB_EVENT_NAME", "push"}},
     "main",
     "--base main",
     0},
    /* GitHub */
    {"merge checkout",
     MERGED,
     NULL,
     NULL,
     {{"GITHUB_EVENT_NAME", "pull_request"}, {"GITHUB_BASE_REF", "main"}},
     "main",
     "first parent of the pull request's merge commit",
     0},
    {"head checkout",
     FETCHED,
     NULL,
     NULL,
     {{"GITHUB_EVENT_NAME", "pull_request"}, {"GITHUB_BASE_REF", "main"}},
     "other~1",
     "merge base with origin/main",
     0},
    {"head checkout whose last commit is a merge",
     FEATURE "m main; git update-ref refs/remotes/origin/main main; ",
     NULL,
     NULL,
     {{"GITHUB_EVENT_NAME", "pull_request"},
      {"GITHUB_BASE_REF", "main"},
      {"GITHUB_SHA", "0123456789012345678901234567890123456789"}},
     "main",
     "merge base with origin/main",
     0},
    {"target branch not fetched",
     FEATURE,
     NULL,
     NULL,
     {{"GITHUB_EVENT_NAME", "pull_request"}, {"GITHUB_BASE_REF", "release"}},
     NULL,
     "'origin/release' is not in this clone",
     PW_ENOTFOUND},
    {"hostile target branch",
     FEATURE,
     NULL,
     NULL,
     {{"GITHUB_EVENT_NAME", "pull_request"}, {"GITHUB_BASE_REF", "../../x..y\n~^:"}},
     NULL,
     "is not in this clone",
     PW_ENOTFOUND},
    {"push",
     FEATURE,
     NULL,
     NULL,
     {{"GITHUB_EVENT_NAME", "push"}},
     "feature~1",
     "first parent of the pushed commit",
     0},
    {"merge group",
     MERGED,
     NULL,
     NULL,
     {{"GITHUB_EVENT_NAME", "merge_group"}},
     "main",
     "first parent of the merge group's commit",
     0},
    {"other events",
     FEATURE,
     NULL,
     NULL,
     {{"GITHUB_EVENT_NAME", "schedule"}, {"GITHUB_BASE_REF", ""}},
     "main~1",
     "merge base with main",
     0},
    /* GitLab */
    {"merge request",
     FEATURE,
     NULL,
     NULL,
     {{"CI_MERGE_REQUEST_DIFF_BASE_SHA", "main"}},
     "main",
     "base of the merge request",
     0},
    {"merge request by its target",
     FETCHED,
     NULL,
     NULL,
     {{"CI_MERGE_REQUEST_DIFF_BASE_SHA", ""}, {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"}},
     "other~1",
     "merge base with origin/main",
     0},
    {"merge request's base not fetched",
     FEATURE,
     NULL,
     NULL,
     {{"CI_MERGE_REQUEST_DIFF_BASE_SHA", "0123456789012345678901234567890123456789"}},
     NULL,
     "set GIT_DEPTH: 0",
     PW_ENOTFOUND},
    /* the default branch */
    {"feature branch", FEATURE, NULL, NULL, {{0}}, "main~1", "merge base with main", 0},
    {"fetched main", FETCHED, NULL, NULL, {{0}}, "other~1", "merge base with origin/main", 0},
    {"origin's HEAD",
     FETCHED "git update-ref refs/remotes/origin/trunk feature~1; "
             "git symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/trunk; ",
     NULL,
     NULL,
     {{0}},
     "feature~1",
     "merge base with origin/trunk",
     0},
    {"origin's HEAD leads nowhere",
     FETCHED "git symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/gone; ",
     NULL,
     NULL,
     {{0}},
     "other~1",
     "merge base with origin/main",
     0},
    {"master",
     FEATURE "git branch -q -m main master; ",
     NULL,
     NULL,
     {{0}},
     "master~1",
     "merge base with master",
     0},
    {"configured name",
     FEATURE "git branch -q -m main trunk; git config init.defaultBranch trunk; ",
     NULL,
     NULL,
     {{0}},
     "trunk~1",
     "merge base with trunk",
     0},
    {"no default branch",
     FEATURE "git branch -q -m main other; ",
     NULL,
     NULL,
     {{0}},
     "feature~1",
     "first parent",
     0},
    {"on main", FEATURE "git checkout -q main; ", NULL, NULL, {{0}}, "main~1", "first parent", 0},
    {"on main, ahead of origin",
     FEATURE "git checkout -q main; git update-ref refs/remotes/origin/main main~2; ",
     NULL,
     NULL,
     {{0}},
     "main~1",
     "first parent",
     0},
    {"detached at main",
     FEATURE "git checkout -q --detach main; ",
     NULL,
     NULL,
     {{0}},
     "main~1",
     "first parent",
     0},
    {"detached on feature",
     FEATURE "git checkout -q --detach; ",
     NULL,
     NULL,
     {{0}},
     "main~1",
     "merge base with main",
     0},
    {"branch without commits of its own",
     FEATURE "git checkout -q -b new main~1; ",
     NULL,
     NULL,
     {{0}},
     "main~2",
     "first parent",
     0},
    {"criss-cross", CRISS_CROSS, NULL, NULL, {{0}}, "old-main", "merge base with main", 0},
    {"unrelated history",
     FEATURE "git checkout -q --orphan other; c x; c y; ",
     NULL,
     NULL,
     {{0}},
     "other~1",
     "first parent",
     0},
    {"merge commit on main",
     MERGED "git checkout -q -B main; ",
     NULL,
     NULL,
     {{0}},
     "HEAD^1",
     "first parent",
     0},
    /* the ends of history */
    {"root",
     "new r; c one; ",
     NULL,
     NULL,
     {{0}},
     NULL,
     "has no parent to compare with; pass --base",
     PW_ENOTFOUND},
    {"unborn", "new r; ", NULL, NULL, {{0}}, NULL, "branch 'main' has no commit yet", PW_EGIT},
    {"shallow, HEAD alone",
     SHALLOW("1"),
     "s",
     NULL,
     {{0}},
     NULL,
     "run 'git fetch --unshallow'",
     PW_ENOTFOUND},
    {"shallow, push",
     SHALLOW("1"),
     "s",
     NULL,
     {{"GITHUB_EVENT_NAME", "push"}},
     NULL,
     "set fetch-depth: 0",
     PW_ENOTFOUND},
    {"shallow, base beyond the boundary",
     SHALLOW("1 --no-single-branch") "git checkout -q feature; ",
     "s",
     "origin/main~2",
     {{0}},
     NULL,
     "the clone is shallow",
     PW_ENOTFOUND},
    {"shallow, merge base beyond the boundary",
     SHALLOW("1 --no-single-branch"),
     "s",
     NULL,
     {{"GITHUB_EVENT_NAME", "pull_request"}, {"GITHUB_BASE_REF", "main"}},
     NULL,
     "because the clone is shallow",
     PW_ENOTFOUND},
    {"shallow, deep enough",
     SHALLOW("3 --no-single-branch"),
     "s",
     NULL,
     {{"GITHUB_EVENT_NAME", "pull_request"}, {"GITHUB_BASE_REF", "main"}},
     "main~1",
     "merge base with origin/main",
     0},
    {"worktree of a shallow clone",
     SHALLOW("1") "git worktree add -q --detach ../w; ",
     "w",
     NULL,
     {{0}},
     NULL,
     "run 'git fetch --unshallow'",
     PW_ENOTFOUND},
    /* other shapes of a repository */
    {"bare",
     FEATURE "git clone -q --bare . ../b; ",
     "b",
     NULL,
     {{0}},
     "main~1",
     "merge base with main",
     0},
    {"linked worktree",
     FEATURE "git worktree add -q ../w -b other main; cd ../w; c six; ",
     "w",
     NULL,
     {{0}},
     "main",
     "merge base with main",
     0},
    {"subdirectory",
     FEATURE "mkdir -p a/b; ",
     "r/a/b",
     NULL,
     {{0}},
     "main~1",
     "merge base with main",
     0},
};

static const struct row *current_row;

static const char *read_variable(const char *name)
{
    for (size_t i = 0; i < MAX_VARIABLES; i++) {
        const char *const *variable = current_row->variables[i];
        if (variable[0] != NULL && strcmp(variable[0], name) == 0) {
            return variable[1];
        }
    }
    return NULL;
}

static void check_row(const struct row *row)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_arena arena = {0};
    struct pw_git_base base = {.reason = "untouched"};

    print_message("%s\n", row->name);
    current_row = row;
    fixture_do("rm -rf r s b w; %s", row->script);
    struct pw_git *git = fixture_open(row->directory == NULL ? "r" : row->directory);
    const int status = pw_git_find_base(git, row->revision, read_variable, &arena, &base, &err);
    if (row->commit == NULL) {
        fixture_assert_error(status, row->status, &err, row->text);
        assert_string_equal(base.reason, "untouched");
    } else {
        fixture_assert_ok(status, &err);
        assert_string_equal(base.reason, row->text);
        char *expected = fixture_run("git -C r rev-parse '%s^{commit}'", row->commit);
        assert_string_equal(base.commit, expected);
        free(expected);
    }
    pw_git_free(git);
    pw_arena_release(&arena);
}

static void finds_the_base(void **state)
{
    (void)state;
    for (size_t i = 0; i < PW_COUNT(rows); i++) {
        check_row(&rows[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(finds_the_base, fixture_setup, fixture_teardown),
    };

    return cmocka_run_group_tests_name("git_base", tests, NULL, NULL);
}
