/* Checking commits out beside the user's work tree, forgetting them, and reading one file. */
#include "git_fixture.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A repository with two commits of a file, in "r"; the first one is in r.first, with hooks set. */
static const char TWO_COMMITS[] =
    "new r; echo one >file; mkdir d; echo deep >d/f; ln -s file link; git add -A; c one\n"
    "git rev-parse HEAD >../r.first; echo two >file; git add -A; c two; git branch side\n"
    "for h in post-checkout reference-transaction; do\n"
    "printf '#!/bin/sh\\ntouch %%s/hooked\\n' \"$(cd ..; pwd)\" >.git/hooks/$h\n"
    "chmod +x .git/hooks/$h; done\n";

static void add(struct pw_git *git, const char *commit, const char *name)
{
    struct pw_error err = PW_ERROR_INIT;
    char *path = fixture_path(name);

    fixture_assert_ok(pw_git_worktree_add(git, commit, path, NULL, &err), &err);
    free(path);
}

static void forget(struct pw_git *git, const char *name)
{
    struct pw_error err = PW_ERROR_INIT;
    char *path = fixture_path(name);

    fixture_assert_ok(pw_git_worktree_forget(git, path, &err), &err);
    free(path);
}

/* What a script prints must be this. */
static void expect(const char *script, const char *printed)
{
    char *output = fixture_run("%s", script);

    assert_string_equal(output, printed);
    free(output);
}

static void test_a_tree_comes_and_is_forgotten(void **state)
{
    (void)state;
    fixture_do(TWO_COMMITS);
    char *first = fixture_run("cat r.first");
    char *before = fixture_run("cd r; git status --porcelain=v2 --branch; cat .git/config; "
                               "sha1sum .git/index; git for-each-ref");
    struct pw_git *git = fixture_open("r/d");

    /* a caller inside of a hook has these set; they must lead nowhere */
    (void)setenv("GIT_DIR", "/nowhere", 1);
    (void)setenv("GIT_INDEX_FILE", "/nowhere/index", 1);
    add(git, first, "tree");
    (void)unsetenv("GIT_DIR");
    (void)unsetenv("GIT_INDEX_FILE");
    expect("cat tree/file tree/d/f; readlink tree/link; cd tree; git status --porcelain; "
           "git rev-parse HEAD | cmp - ../r.first; git worktree list | wc -l",
           "one\ndeep\nfile\n2");
    expect("test ! -e hooked && echo none", "none");

    forget(git, "tree");
    expect("cat tree/file; test ! -e tree/.git; cd r; git worktree list | wc -l; "
           "test ! -e .git/worktrees; git fsck --strict 2>&1 | grep -v '^dangling' || true",
           "one\n1");
    char *after = fixture_run("cd r; git status --porcelain=v2 --branch; cat .git/config; "
                              "sha1sum .git/index; git for-each-ref");
    assert_string_equal(before, after);
    forget(git, "tree");
    forget(git, "never");
    free(after);
    free(before);
    free(first);
    pw_git_free(git);
}

/* What a killed git leaves: a tree half made, and an entry that is locked against pruning. */
static void test_leftovers_are_forgotten_and_others_kept(void **state)
{
    (void)state;
    fixture_do(TWO_COMMITS);
    char *first = fixture_run("cat r.first");
    struct pw_git *git = fixture_open("r");

    fixture_do("cd r; git worktree add -q ../own side; git worktree add -q ../gone -b g; "
               "rm -rf ../gone");
    char *own = fixture_run("cd r; git worktree list --porcelain");
    add(git, first, "tree");
    add(git, first, "other/tree");
    fixture_do("echo initializing >r/.git/worktrees/tree/locked; rm -rf tree");
    add(git, first, "tree"); /* over the leftover */
    fixture_do("cd r; git worktree lock ../tree");
    forget(git, "tree");
    forget(git, "other/tree");
    char *kept = fixture_run("cd r; git worktree list --porcelain");
    assert_string_equal(own, kept);
    free(kept);
    free(own);
    free(first);
    pw_git_free(git);
}

static void test_commits_that_are_not_there(void **state)
{
    struct pw_error err = PW_ERROR_INIT;
    (void)state;
    fixture_do(TWO_COMMITS);
    fixture_do("git clone -q --depth 1 \"file://$PWD/r\" shallow");
    char *first = fixture_run("cat r.first");
    char *path = fixture_path("tree");
    struct pw_git *git = fixture_open("shallow");

    fixture_assert_error(pw_git_worktree_add(git, first, path, NULL, &err), PW_ENOTFOUND, &err,
                         "is not in this clone because the clone is shallow; set fetch-depth: 0");
    pw_git_free(git);
    git = fixture_open("r");
    fixture_assert_error(
        pw_git_worktree_add(git, "0123456789012345678901234567890123456789", path, NULL, &err),
        PW_ENOTFOUND, &err, "is not in this clone; run 'git fetch'");
    fixture_assert_error(pw_git_worktree_add(git, "HEAD", path, NULL, &err), PW_EINVAL, &err,
                         "not a full commit id");
    fixture_assert_error(pw_git_worktree_add(git, first, "tree", NULL, &err), PW_EINVAL, &err,
                         "not an absolute path");
    fixture_do("mkdir tree; touch tree/in-the-way");
    fixture_assert_error(pw_git_worktree_add(git, first, path, NULL, &err), PW_EGIT, &err,
                         "already exists");
    expect("ls tree; cd r; git worktree list | wc -l", "in-the-way\n1");
    (void)setenv("PATH_SAVED", getenv("PATH"), 1);
    (void)setenv("PATH", "/nowhere", 1);
    fixture_assert_error(pw_git_worktree_add(git, first, path, NULL, &err), PW_EGIT, &err,
                         "install git");
    (void)setenv("PATH", getenv("PATH_SAVED"), 1);
    free(path);
    free(first);
    pw_git_free(git);
}

/* A filter that would run for minutes: git, and what it started, must be ended. */
static void test_an_interruption_ends_git(void **state)
{
    struct pw_error err = PW_ERROR_INIT;
    const volatile int interrupted = 2;
    (void)state;
    fixture_do(TWO_COMMITS);
    fixture_do("cd r; echo 'file filter=slow' >.git/info/attributes; "
               "git config filter.slow.smudge 'sleep 300; cat'");
    char *first = fixture_run("cat r.first");
    char *path = fixture_path("tree");
    struct pw_git *git = fixture_open("r");

    fixture_assert_error(pw_git_worktree_add(git, first, path, &interrupted, &err), PW_EINTERRUPTED,
                         &err, "interrupted during 'git worktree'");
    expect("cd r; git worktree list | wc -l; git worktree prune -v -n", "1");
    free(path);
    free(first);
    pw_git_free(git);
}

static void test_sparse_trees_stay_sparse(void **state)
{
    (void)state;
    fixture_do(TWO_COMMITS);
    char *first = fixture_run("cat r.first");
    fixture_do("cd r; rm .git/hooks/*; git sparse-checkout set --cone; test ! -e d");
    struct pw_git *git = fixture_open("r");

    add(git, first, "tree");
    expect("ls tree", "file\nlink");
    forget(git, "tree");
    free(first);
    pw_git_free(git);
}

/* Submodules: nested ones too, with borrowed objects, and no trace in the user's settings. */
static void test_submodules(void **state)
{
    struct pw_error err = PW_ERROR_INIT;
    (void)state;
    fixture_do("new inner; echo inner >i; git add i; c inner; cd ..\n"
               "new lib; echo lib >l; git add l; git submodule --quiet add ../inner in; c lib\n"
               "cd ..; new r; echo top >t; git add t; git submodule --quiet add ../lib lib; c top\n"
               "cd ..; git clone -q r plain");
    static const char *const names[] = {"r", "plain"};
    for (size_t i = 0; i < PW_COUNT(names); i++) {
        char *commit = fixture_run("cd %s; git rev-parse HEAD", names[i]);
        char *config = fixture_run("cat %s/.git/config", names[i]);
        struct pw_git *git = fixture_open(names[i]);
        add(git, commit, "tree");
        expect("cat tree/t tree/lib/l tree/lib/in/i", "top\nlib\ninner");
        forget(git, "tree");
        char *after = fixture_run("cat %s/.git/config; rm -rf tree; test ! -e %s/.git/worktrees",
                                  names[i], names[i]);
        assert_string_equal(config, after);
        pw_git_free(git);
        free(after);
        free(config);
        free(commit);
    }
    char *commit = fixture_run("mv lib elsewhere; cd plain; git rev-parse HEAD");
    char *path = fixture_path("tree");
    struct pw_git *git = fixture_open("plain");
    fixture_assert_error(pw_git_worktree_add(git, commit, path, NULL, &err), PW_EGIT, &err,
                         "its submodules must be reachable");
    expect("cd plain; git worktree list | wc -l", "1");
    free(path);
    free(commit);
    pw_git_free(git);
}

static void test_reading_one_file(void **state)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_strbuf text = PW_STRBUF_INIT;
    (void)state;
    fixture_do(TWO_COMMITS);
    char *first = fixture_run("cat r.first");
    struct pw_git *git = fixture_open("r");

    fixture_assert_ok(pw_git_read_file(git, first, "file", &text, &err), &err);
    fixture_assert_ok(pw_git_read_file(git, first, "d/f", &text, &err), &err);
    assert_string_equal(pw_strbuf_text(&text), "one\ndeep\n");
    static const char *const absent[] = {"none", "d", "link", "d/none", "file/x"};
    for (size_t i = 0; i < PW_COUNT(absent); i++) {
        fixture_assert_error(pw_git_read_file(git, first, absent[i], &text, &err), PW_ENOTFOUND,
                             &err, absent[i]);
    }
    assert_string_equal(pw_strbuf_text(&text), "one\ndeep\n");
    fixture_assert_error(pw_git_read_file(git, "HEAD", "file", &text, &err), PW_EINVAL, &err,
                         "'HEAD'");
    pw_strbuf_release(&text);
    free(first);
    pw_git_free(git);
}

#define IN_FIXTURE(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FIXTURE(test_a_tree_comes_and_is_forgotten),
        IN_FIXTURE(test_leftovers_are_forgotten_and_others_kept),
        IN_FIXTURE(test_commits_that_are_not_there),
        IN_FIXTURE(test_an_interruption_ends_git),
        IN_FIXTURE(test_sparse_trees_stay_sparse),
        IN_FIXTURE(test_submodules),
        IN_FIXTURE(test_reading_one_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
