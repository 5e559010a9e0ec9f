/* The work tree as a commit: what is in it, that it is always the same one, and that nothing of the
 * user's is touched. */
#include "git_fixture.h"

#include <stdlib.h>
#include <string.h>

static const char REPOSITORY[] =
    "new r; printf 'ignored\\n*.o\\n' >.gitignore; echo one >file; echo two >other\n"
    "mkdir sub; echo s >sub/s; git add -A; c first\n";

/* Everything a user could notice, with its times, in and beside .git. */
static const char EVERYTHING[] =
    "cd r; find . -path ./.git/objects -prune -o -type f -printf '%%p %%T@ %%s %%m %%i\\n' | sort; "
    "find . -path ./.git/objects -prune -o -type f -exec sha1sum {} + | sort; "
    "git for-each-ref; cat .git/HEAD";

static void snapshot(struct pw_git *git, char out[PW_OID_SIZE])
{
    struct pw_error err = PW_ERROR_INIT;

    fixture_assert_ok(pw_git_snapshot(git, out, &err), &err);
}

static void test_a_clean_tree_is_head(void **state)
{
    char commit[PW_OID_SIZE];
    (void)state;
    fixture_do(REPOSITORY);
    char *head = fixture_run("cd r; touch ignored x.o; touch -d 2001-01-01 file; "
                             "git rev-parse HEAD");
    struct pw_git *git = fixture_open("r");

    snapshot(git, commit);
    assert_string_equal(commit, head);
    fixture_do("rm r/.git/index"); /* an index is rebuilt at need */
    snapshot(git, commit);
    assert_string_equal(commit, head);
    pw_git_free(git);
    free(head);
}

static void test_everything_is_in_it_and_nothing_is_touched(void **state)
{
    char commit[PW_OID_SIZE];
    char again[PW_OID_SIZE];
    (void)state;
    fixture_do(REPOSITORY);
    fixture_do("cd r; echo staged >file; git add file; echo unstaged >file; rm other; "
               "echo new >'new file'; touch ignored x.o; chmod +x sub/s; ln -s file link");
    char *before = fixture_run(EVERYTHING);
    struct pw_git *git = fixture_open("r/sub");

    (void)setenv("GIT_INDEX_FILE", "/nowhere/index", 1);
    snapshot(git, commit);
    (void)unsetenv("GIT_INDEX_FILE");
    char *after = fixture_run(EVERYTHING);
    assert_string_equal(before, after);
    free(after);
    char *content = fixture_run("cd r; git ls-tree -r --name-only %s; git show %s:file; "
                                "git ls-tree %s sub/s | cut -c1-6; "
                                "test $(git rev-parse HEAD) = $(git rev-parse %s^)",
                                commit, commit, commit, commit);
    assert_string_equal(content, ".gitignore\nfile\nlink\nnew file\nsub/s\nunstaged\n100755");
    free(content);

    /* the same content at another time, by another user, is the same commit */
    (void)setenv("GIT_COMMITTER_NAME", "Somebody Else", 1);
    fixture_do("cd r; touch file 'new file'; git reset -q");
    snapshot(git, again);
    assert_string_equal(commit, again);
    fixture_do("echo more >>r/file");
    snapshot(git, again);
    assert_string_not_equal(commit, again);
    fixture_do("cd r; git fsck --strict >/dev/null 2>&1; test -z \"$(ls .git | grep perfwarden)\"");
    pw_git_free(git);
    free(before);
}

/* A change in the same second and of the same size as what the index knows must be seen. */
static void test_racy_changes_are_seen(void **state)
{
    char commit[PW_OID_SIZE];
    (void)state;
    fixture_do("new r; echo aaa >file; touch -d '2020-01-01 00:00:00' file; git add -A; c one; "
               "touch -d '2020-01-01 00:00:00' file .git/index; git update-index --refresh; "
               "echo bbb >file; touch -d '2020-01-01 00:00:00' file .git/index; "
               "git config core.checkStat minimal; git config core.trustctime false");
    struct pw_git *git = fixture_open("r");

    snapshot(git, commit);
    char *content = fixture_run("cd r; git show %s:file", commit);
    assert_string_equal(content, "bbb");
    free(content);
    pw_git_free(git);
}

static void test_linked_trees_have_their_own(void **state)
{
    char commit[PW_OID_SIZE];
    (void)state;
    fixture_do(REPOSITORY);
    fixture_do("cd r; git worktree add -q ../linked -b l; echo linked >../linked/file");
    struct pw_git *git = fixture_open("linked");

    snapshot(git, commit);
    char *content = fixture_run("cd r; git show %s:file; git status --porcelain; "
                                "cd ../linked; git status --porcelain",
                                commit);
    assert_string_equal(content, "linked\n M file");
    free(content);
    pw_git_free(git);
}

static void test_failures(void **state)
{
    struct pw_error err = PW_ERROR_INIT;
    char commit[PW_OID_SIZE] = "unchanged";
    (void)state;
    fixture_do("git init -q --bare bare; new empty; cd ..");
    fixture_do(REPOSITORY);
    struct pw_git *git = fixture_open("bare");
    fixture_assert_error(pw_git_snapshot(git, commit, &err), PW_EGIT, &err, "bare repository");
    pw_git_free(git);
    git = fixture_open("empty");
    fixture_assert_error(pw_git_snapshot(git, commit, &err), PW_EGIT, &err, "no commit yet");
    pw_git_free(git);
    git = fixture_open("r");
    fixture_do("cd r; git init -q nested; touch nested/x");
    fixture_assert_error(pw_git_snapshot(git, commit, &err), PW_EGIT, &err,
                         "'git add' says: 'nested/' does not have a commit checked out");
    assert_string_equal(commit, "unchanged");
    fixture_do("test -z \"$(ls r/.git | grep perfwarden)\"");
    pw_git_free(git);
}

#define IN_FIXTURE(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FIXTURE(test_a_clean_tree_is_head),
        IN_FIXTURE(test_everything_is_in_it_and_nothing_is_touched),
        IN_FIXTURE(test_racy_changes_are_seen),
        IN_FIXTURE(test_linked_trees_have_their_own),
        IN_FIXTURE(test_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
