/* Repositories of every shape and in every state of damage: what git says of them, or a message
 * with a remedy. */
#include "git_fixture.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TWO   "new r; mkdir d; echo 1 >file; echo 1 >d/in; git add .; c one; c two; "
#define OTHER "git init -q o; (cd o; git commit -q --allow-empty -m x); "

enum { MAX_SET = 2 };

/* A repository that is opened, and what is set meanwhile. */
struct shape {
    const char *name;
    const char *script;
    const char *directory;
    const char *variables[MAX_SET][2]; /**< values are in the fixture, but for "1" */
    const char *text;                  /**< of the message; NULL when git's answers must be had */
};

static const struct shape right[] = {
    {.name = "plain", .script = TWO, .directory = "r"},
    {.name = "subdirectory", .script = TWO, .directory = "r/d"},
    {.name = "detached", .script = TWO "git checkout -q --detach HEAD~1", .directory = "r"},
    {.name = "bare", .script = TWO "git clone -q --bare . ../b", .directory = "b"},
    {.name = "work tree of a bare one",
     .script = TWO "git clone -q --bare . ../b; cd ../b; git worktree add -q ../w main",
     .directory = "w"},
    {.name = "linked work tree",
     .script = TWO "git worktree add -q -b x ../w; cd ../w; c three",
     .directory = "w"},
    {.name = "moved git directory",
     .script = TWO "mv .git ../g; echo 'gitdir: ../g' >.git",
     .directory = "r/d"},
    {.name = "submodule",
     .script = TWO "new ../s; git submodule --quiet add ../r sub",
     .directory = "s/sub"},
    {.name = "sparse submodule",
     .script = TWO "new ../s; git submodule --quiet add ../r sub; cd sub; git sparse-checkout set "
                   "d; test -e ../.git/modules/sub/config.worktree",
     .directory = "s/sub/d"},
    {.name = "sparse", .script = TWO "git sparse-checkout set d", .directory = "r"},
    {.name = "bare by a work tree's settings",
     .script = TWO "git clone -q --bare . ../b; cd ../b; git config core.repositoryformatversion "
                   "1; git config extensions.worktreeConfig true; git config --unset core.bare; "
                   "git config --worktree core.bare true",
     .directory = "b"},
    {.name = "a work tree's own settings",
     .script =
         TWO "git config core.repositoryformatversion 1; git config extensions.worktreeConfig "
             "true; git config --worktree core.fileMode false; chmod +x file",
     .directory = "r"},
    {.name = "partial clone",
     .script = TWO "git config uploadpack.allowFilter true; git clone -q --filter=blob:none "
                   "file://$PWD ../p",
     .directory = "p"},
    {.name = "partial clone of an old git",
     .script = TWO "git config uploadpack.allowFilter true; git clone -q --filter=blob:none "
                   "file://$PWD ../p; cd ../p; git config core.repositoryformatversion 1; git "
                   "config extensions.partialClone origin",
     .directory = "p"},
    {.name = "objects elsewhere", .script = TWO "git clone -q --shared . ../p", .directory = "p"},
    {.name = "packed refs", .script = TWO "git pack-refs --all", .directory = "r"},
    {.name = "branch that is a link to another",
     .script = TWO "git symbolic-ref refs/heads/x refs/heads/main; git symbolic-ref HEAD "
                   "refs/heads/x",
     .directory = "r"},
    {.name = "GIT_DIR of the same",
     .script = TWO,
     .directory = "r",
     .variables = {{"GIT_DIR", "r/.git"}, {"GIT_WORK_TREE", "r"}}},
    {.name = "GIT_DIR of the same, linked",
     .script = TWO "git worktree add -q -b x ../w",
     .directory = "w",
     .variables = {{"GIT_DIR", "r/.git/worktrees/w"}}},
    {.name = "a ceiling above",
     .script = TWO,
     .directory = "r/d",
     .variables = {{"GIT_CEILING_DIRECTORIES", ""}}},
};

static const struct shape wrong[] = {
    {.name = "GIT_DIR of another",
     .script = OTHER TWO,
     .directory = "r",
     .variables = {{"GIT_DIR", "o/.git"}},
     .text = "unset GIT_DIR, or pass -C"},
    {.name = "GIT_DIR of a linked work tree",
     .script = TWO "git worktree add -q -b x ../w",
     .directory = "w",
     .variables = {{"GIT_DIR", "r/.git"}},
     .text = "unset GIT_DIR"},
    {.name = "GIT_WORK_TREE of another",
     .script = OTHER TWO,
     .directory = "r",
     .variables = {{"GIT_WORK_TREE", "o"}},
     .text = "unset GIT_WORK_TREE"},
    {.name = "GIT_DIR where there is no repository",
     .script = OTHER "mkdir r",
     .directory = "r",
     .variables = {{"GIT_DIR", "o/.git"}},
     .text = "GIT_DIR is not gone by"},
    {.name = "a ceiling between",
     .script = TWO,
     .directory = "r/d",
     .variables = {{"GIT_CEILING_DIRECTORIES", "r"}},
     .text = "is not in a git repository"},
    {.name = "unborn", .script = "new r", .directory = "r", .text = "'main' has no commit yet"},
    {.name = "unborn, bare",
     .script = "git init -q --bare b",
     .directory = "b",
     .text = "no commit"},
    {.name = "HEAD of garbage",
     .script = TWO "echo garbage >.git/HEAD",
     .directory = "r",
     .text = "/r/.git/HEAD' is damaged; write the name of your branch into it"},
    {.name = "HEAD empty", .script = TWO ": >.git/HEAD", .directory = "r", .text = "is damaged"},
    {.name = "HEAD absent",
     .script = TWO "rm .git/HEAD",
     .directory = "r",
     .text = "is not in a git repository"},
    {.name = "HEAD outside",
     .script = TWO "echo 'ref: refs/heads/../../../x' >.git/HEAD",
     .directory = "r",
     .text = "run 'git fsck'"},
    {.name = "HEAD in a circle",
     .script = TWO "git symbolic-ref refs/heads/a refs/heads/b; git symbolic-ref refs/heads/b "
                   "refs/heads/a; git symbolic-ref HEAD refs/heads/a",
     .directory = "r",
     .text = "run 'git fsck'"},
    {.name = "HEAD's commit lost",
     .script = TWO "rm .git/objects/$(git rev-parse HEAD | sed 's|..|&/|')",
     .directory = "r",
     .text = "of HEAD is missing; run 'git fsck'"},
    {.name = "HEAD's commit damaged",
     .script = TWO "f=.git/objects/$(git rev-parse HEAD | sed 's|..|&/|'); chmod u+w $f; echo x "
                   ">$f",
     .directory = "r",
     .text = "run 'git fsck'"},
    {.name = "HEAD's tree lost",
     .script = TWO "rm .git/objects/$(git rev-parse HEAD^{tree} | sed 's|..|&/|')",
     .directory = "r",
     .text = "run 'git fsck'"},
    {.name = "HEAD is a tree",
     .script = TWO "t=$(git rev-parse HEAD^{tree}); echo $t >.git/refs/heads/main",
     .directory = "r",
     .text = "is not a commit"},
    {.name = "branch of garbage",
     .script = TWO "echo x >.git/refs/heads/main",
     .directory = "r",
     .text = "run 'git fsck'"},
    {.name = "packed refs of garbage",
     .script = TWO "git pack-refs --all; echo 'x x' >>.git/packed-refs",
     .directory = "r",
     .text = "run 'git fsck'"},
    {.name = "index of garbage",
     .script = TWO "echo x >.git/index",
     .directory = "r",
     .text = "/r/.git/index' cannot be read; where it is damaged, remove it and run 'git reset'"},
    {.name = "index empty", .script = TWO ": >.git/index", .directory = "r", .text = "'git reset'"},
    {.name = "index cut short",
     .script = TWO "head -c 40 .git/index >i; mv i .git/index",
     .directory = "r",
     .text = "'git reset'"},
    {.name = "settings of garbage",
     .script = TWO "echo '[x' >>.git/config",
     .directory = "r",
     .text = "/r/.git/config:"},
    {.name = "a work tree's settings of garbage",
     .script =
         TWO "git config core.repositoryformatversion 1; git config extensions.worktreeConfig "
             "true; echo '[x' >.git/config.worktree",
     .directory = "r",
     .text = "/r/.git/config.worktree:"},
    {.name = "grafts of garbage",
     .script = TWO "echo x >.git/info/grafts",
     .directory = "r",
     .text = "'git fsck' to see what"},
    {.name = "shallow file of garbage",
     .script = TWO "echo x >.git/shallow",
     .directory = "r",
     .text = "'git fsck' to see what"},
    {.name = "a git file that leads nowhere",
     .script = "mkdir r; echo 'gitdir: ../nowhere' >r/.git",
     .directory = "r",
     .text = "r'"},
    {.name = "a git file of garbage",
     .script = "mkdir r; echo x >r/.git",
     .directory = "r",
     .text = "r'"},
};

static void set_variables(const struct shape *shape, bool is_set)
{
    for (size_t i = 0; i < MAX_SET && shape->variables[i][0] != NULL; i++) {
        char *path = fixture_path(shape->variables[i][1]);
        if (is_set) {
            assert_int_equal(setenv(shape->variables[i][0], path, 1), 0);
        } else {
            assert_int_equal(unsetenv(shape->variables[i][0]), 0);
        }
        free(path);
    }
}

/* Open and read HEAD. @param[out] git  freed by the caller, whatever is returned */
static int look(const struct shape *shape, struct pw_git **git, struct pw_arena *arena,
                struct pw_git_head *head, struct pw_error *err)
{
    char *path = fixture_path(shape->directory);

    print_message("%s\n", shape->name);
    fixture_do("rm -rf r o b w p s g pack; %s", shape->script);
    set_variables(shape, true);
    int status = pw_git_open(path, git, err);
    if (status == PW_OK) {
        status = pw_git_head(*git, arena, head, err);
    }
    set_variables(shape, false);
    free(path);
    return status;
}

static void check_answers(const struct shape *shape, struct pw_git *git,
                          const struct pw_git_head *head)
{
    char *commit = fixture_run("git -C %s rev-parse HEAD", shape->directory);
    char *branch = fixture_run("git -C %s symbolic-ref --short HEAD || true", shape->directory);
    char *top =
        fixture_run("git -C %s rev-parse --show-toplevel 2>/dev/null || true", shape->directory);
    char *common =
        fixture_run("cd %s; cd $(git rev-parse --git-common-dir); pwd -P", shape->directory);
    char *dirty = fixture_run("git -C %s describe --always --dirty 2>/dev/null || echo bare",
                              shape->directory);

    assert_string_equal(head->commit, commit);
    assert_string_equal(head->branch == NULL ? "" : head->branch, branch);
    assert_string_equal(pw_git_workdir(git) == NULL ? "" : pw_git_workdir(git), top);
    assert_string_equal(pw_git_common_directory(git), common);
    assert_int_equal(head->is_dirty, strstr(dirty, "-dirty") != NULL);
    free(commit);
    free(branch);
    free(top);
    free(common);
    free(dirty);
}

static void answers_as_git_does(void **state)
{
    (void)state;
    for (size_t i = 0; i < PW_COUNT(right); i++) {
        struct pw_error err = PW_ERROR_INIT;
        struct pw_arena arena = {0};
        struct pw_git_head head;
        struct pw_git *git = NULL;

        fixture_assert_ok(look(&right[i], &git, &arena, &head, &err), &err);
        check_answers(&right[i], git, &head);
        pw_git_free(git);
        pw_arena_release(&arena);
    }
}

static void says_what_is_wrong(void **state)
{
    (void)state;
    for (size_t i = 0; i < PW_COUNT(wrong); i++) {
        struct pw_error err = PW_ERROR_INIT;
        struct pw_arena arena = {0};
        struct pw_git_head head = {.branch = "untouched"};
        struct pw_git *git = NULL;

        const int status = look(&wrong[i], &git, &arena, &head, &err);
        print_message("  %s\n", pw_error_message(&err));
        fixture_assert_error(status, PW_EGIT, &err, wrong[i].text);
        assert_string_equal(head.branch, "untouched");
        pw_git_free(git);
        pw_arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(answers_as_git_does, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(says_what_is_wrong, fixture_setup, fixture_teardown),
    };

    return cmocka_run_group_tests_name("git_shapes", tests, NULL, NULL);
}
