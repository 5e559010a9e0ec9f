/* Opening repositories of every kind, HEAD, and dirty work trees beside `git describe --dirty`. */

#include "git_fixture.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534

/* A directory that cannot be opened, and what the message must hold. */
static const struct {
    const char *name;
    const char *script;
    const char *directory;
    const char *text;
} refused[] = {
    {"no repository", "mkdir plain", "plain", "is not in a git repository; run 'git init'"},
    {"no directory", "true", "absent", "is not in a git repository"},
    {"sha256", "git init -q --object-format=sha256 r", "r", "stores its objects by sha256"},
    {"reftable",
     "new r; git config core.repositoryformatversion 1; git config extensions.refStorage reftable",
     "r", "git refs migrate"},
    {"unknown extension",
     "new r; git config core.repositoryformatversion 1; git config extensions.shiny true", "r",
     "shiny"},
    {"newer format", "new r; git config core.repositoryformatversion 7", "r", "version"},
    {"worktree of a sha256 repository",
     "git init -q --object-format=sha256 r; cd r; c one; git worktree add -q ../w", "w", "sha256"},
    {"broken configuration", "new r; echo '[core' >.git/config", "r", "cannot open"},
};

static void refuses_with_a_remedy(void **state)
{
    (void)state;
    for (size_t i = 0; i < PW_COUNT(refused); i++) {
        struct pw_error err = PW_ERROR_INIT;
        struct pw_git *git = NULL;
        char *path = fixture_path(refused[i].directory);

        print_message("%s\n", refused[i].name);
        fixture_do("rm -rf r p w plain; %s", refused[i].script);
        fixture_assert_error(pw_git_open(path, &git, &err), PW_EGIT, &err, refused[i].text);
        assert_null(git);
        free(path);
    }
}

static void refuses_a_foreign_owner(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_git *git = NULL;

    if (geteuid() != 0) {
        skip();
    }
    assert_int_equal(unsetenv("GIT_CONFIG_GLOBAL"),
                     0); /* git shall read .gitconfig as libgit2 does */
    char *path = fixture_path("r");
    fixture_do("new r; c one; chown -R %d .", NOBODY);
    const int status = pw_git_open(path, &git, &err);
    assert_non_null(strstr(pw_error_message(&err), "safe.directory"));
    assert_non_null(strstr(pw_error_message(&err), "not by you"));
    fixture_assert_error(status, PW_EGIT, &err, path);
    /* the remedy works */
    const char *const trusted[] = {path, "*"};
    for (size_t i = 0; i < PW_COUNT(trusted); i++) {
        fixture_do("printf '[safe]\\n\\tdirectory = %%s\\n' '%s' >.gitconfig", trusted[i]);
        fixture_assert_ok(pw_git_open(path, &git, &err), &err);
        pw_git_free(git);
    }
    git = NULL;
    fixture_do("printf '[safe]\\n\\tdirectory = *\\n\\tdirectory =\\n' >.gitconfig");
    fixture_assert_error(pw_git_open(path, &git, &err), PW_EGIT, &err, "not by you");
    /* as git's own command line sets it, which libgit2 does not read */
    assert_int_equal(setenv("GIT_CONFIG_COUNT", "4", 1), 0);
    assert_int_equal(setenv("GIT_CONFIG_KEY_3", "safe.directory", 1), 0);
    assert_int_equal(setenv("GIT_CONFIG_VALUE_3", path, 1), 0);
    fixture_assert_ok(pw_git_open(path, &git, &err), &err);
    pw_git_free(git);
    git = NULL;
    assert_int_equal(setenv("GIT_CONFIG_VALUE_3", "/nowhere", 1), 0);
    fixture_assert_error(pw_git_open(path, &git, &err), PW_EGIT, &err, "not by you");
    free(path);
}

/* In a child: become nobody, with a HOME that belongs to root, and open the repository. */
static int open_as_nobody(const char *path)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_git *git = NULL;

    if (setgid(NOBODY) != 0 || setuid(NOBODY) != 0) {
        return 2;
    }
    if (pw_git_open(path, &git, &err) != PW_OK) {
        print_message("%s\n", pw_error_message(&err));
        pw_error_release(&err);
        return 1;
    }
    pw_git_free(git);
    return 0;
}

static void uses_no_bare_repository_unasked(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_git *git = NULL;

    char *path = fixture_path("b");
    fixture_do("git init -q --bare b; printf '[safe]\n\tbareRepository = explicit\n' >.gitconfig");
    fixture_assert_error(pw_git_open(path, &git, &err), PW_EGIT, &err, "safe.bareRepository");
    assert_int_equal(setenv("GIT_DIR", path, 1), 0);
    fixture_assert_ok(pw_git_open(path, &git, &err), &err);
    assert_int_equal(unsetenv("GIT_DIR"), 0);
    pw_git_free(git);
    free(path);
}

static void opens_with_an_unreadable_home(void **state)
{
    (void)state;
    int ended = -1;

    if (geteuid() != 0) {
        skip();
    }
    char *path = fixture_path("r");
    char *home = fixture_path("home");
    fixture_do("mkdir home; echo '[user]' >home/.gitconfig; chmod -R go-rwx home; chmod a+x .; "
               "new r; c one; chown -R %d .",
               NOBODY);
    assert_int_equal(setenv("HOME", home, 1), 0);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        _exit(open_as_nobody(path));
    }
    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_int_equal(ended, 0);
    free(path);
    free(home);
}

static void knows_the_work_tree(void **state)
{
    (void)state;
    fixture_do("new r; c one; mkdir -p a/b; git clone -q --bare . ../b; git worktree add -q ../w; "
               "git config extensions.worktreeConfig true; "
               "git config core.repositoryformatversion 1; "
               "git config --worktree core.fileMode true");
    static const char *const directories[][2] = {{"r", "r"}, {"r/a/b", "r"}, {"w", "w"}};
    for (size_t i = 0; i < PW_COUNT(directories); i++) {
        struct pw_git *git = fixture_open(directories[i][0]);
        char *expected = fixture_run("cd %s; pwd -P", directories[i][1]);
        assert_string_equal(pw_git_workdir(git), expected);
        assert_false(pw_git_is_shallow(git));
        free(expected);
        pw_git_free(git);
    }
    struct pw_git *bare = fixture_open("b");
    assert_null(pw_git_workdir(bare));
    pw_git_free(bare);
}

static void reads_head(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_arena arena = {0};
    struct pw_git_head head = {.branch = "untouched"};

    fixture_do("new r; c one; git checkout -q -b feature; c two; git checkout -q main; c three; "
               "m feature; git clone -q --depth 1 \"file://$PWD\" ../s");
    struct pw_git *git = fixture_open("r");
    char *expected = fixture_run("git -C r rev-parse HEAD");
    fixture_assert_ok(pw_git_head(git, &arena, &head, &err), &err);
    assert_string_equal(head.commit, expected);
    assert_string_equal(head.branch, "main");
    assert_int_equal(head.parent_count, 2);
    assert_false(head.is_dirty);
    /* a shallow clone knows the parents' ids though it does not have them */
    struct pw_git *shallow = fixture_open("s");
    struct pw_git_head other;
    assert_true(pw_git_is_shallow(shallow));
    fixture_assert_ok(pw_git_head(shallow, &arena, &other, &err), &err);
    assert_int_equal(other.parent_count, 2);
    assert_string_equal(other.parents[0], head.parents[0]);
    assert_string_equal(other.parents[1], head.parents[1]);
    fixture_do("git -C r checkout -q --detach HEAD~1");
    fixture_assert_ok(pw_git_head(git, &arena, &head, &err), &err);
    assert_null(head.branch);
    fixture_do("git -C r symbolic-ref HEAD refs/heads/nowhere");
    fixture_assert_error(pw_git_head(git, &arena, &head, &err), PW_EGIT, &err,
                         "branch 'nowhere' has no commit yet");
    pw_git_free(git);
    pw_git_free(shallow);
    pw_arena_release(&arena);
    free(expected);
}

/* A change to the tree of files, looked at by both. */
static const struct {
    const char *name;
    const char *script;
} changes[] = {
    {"clean", "true"},
    {"touched", "touch -d '2001-01-01' file"},
    {"changed", "echo changed >file"},
    {"changed, the size and time kept", "touch -r file ref; echo 2 >file; touch -r ref file"},
    {"mode", "chmod +x file"},
    {"mode ignored", "chmod +x file; git config core.fileMode false"},
    {"deleted", "rm file"},
    {"staged", "echo staged >file; git add file"},
    {"staged and put back", "echo staged >file; git add file; echo 1 >file"},
    {"staged new", "echo new >new; git add new"},
    {"untracked", "echo new >new"},
    {"ignored", "echo new >ignored.o"},
    {"replaced by a link", "rm file; ln -s other file"},
    {"link changed", "ln -sf file link"},
    {"line endings by attribute",
     "printf 'a\\r\\nb\\r\\n' >text.txt; touch -d 2001-01-01 text.txt"},
    {"line endings without attribute", "printf '1\\r\\n' >file"},
    {"conflict", "git checkout -q -b x; echo x >file; git commit -qam x; git checkout -q main; "
                 "echo y >file; git commit -qam y; git merge -q x >/dev/null 2>&1 || true"},
    {"submodule: another commit", "cd sub; c more"},
    {"submodule: changed", "echo changed >sub/file"},
    {"submodule: untracked", "echo new >sub/new"},
    {"submodule: absent", "git submodule deinit -q -f sub"},
    {"sparse", "git update-index -q --refresh; git sparse-checkout set --no-cone dir"},
    {"filtered", "touch -d 2001-01-01 rot.bin; cat rot.bin >/dev/null"},
    {"filtered and changed", "echo more >>rot.bin"},
    {"encoded", "touch -d 2001-01-01 wide.utf16"},
    {"assumed unchanged", "git update-index --assume-unchanged file; echo x >file"},
};

static void sees_what_describe_sees(void **state)
{
    (void)state;
    fixture_do(
        "(new lib; echo 1 >file; git add file; c lib); "
        "new t; echo 1 >file; echo '*.o' >.gitignore; echo '*.txt text eol=crlf' "
        ">.gitattributes; printf 'a\\r\\nb\\r\\n' >text.txt; ln -s text.txt link; mkdir dir; "
        "git config filter.rot.clean 'tr a-z n-za-m'; git config filter.rot.smudge 'tr a-z "
        "n-za-m'; "
        "printf '*.bin filter=rot\\n*.utf16 working-tree-encoding=UTF-16LE\\n' >>.gitattributes; "
        "echo abc >rot.bin; printf 'a\\0\\n\\0' >wide.utf16; "
        "echo x >dir/in; git add . 2>/dev/null; git submodule --quiet add ../lib sub; c one; "
        "git tag v1");
    for (size_t i = 0; i < PW_COUNT(changes); i++) {
        struct pw_error err = PW_ERROR_INIT;
        struct pw_arena arena = {0};
        struct pw_git_head head;

        fixture_do("rm -rf r; cp -a t r; cd r; sed -i 's|/t/|/r/|' sub/.git; %s",
                   changes[i].script);
        struct pw_git *git = fixture_open("r");
        fixture_assert_ok(pw_git_head(git, &arena, &head, &err), &err);
        /* asked second: git refreshes the index */
        char *described = fixture_run("git -C r describe --tags --always --dirty");
        print_message("%s: %s\n", changes[i].name, described);
        assert_int_equal(head.is_dirty, strstr(described, "-dirty") != NULL);
        free(described);
        pw_git_free(git);
        pw_arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(refuses_with_a_remedy, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(refuses_a_foreign_owner, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(uses_no_bare_repository_unasked, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(opens_with_an_unreadable_home, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(knows_the_work_tree, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(reads_head, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(sees_what_describe_sees, fixture_setup, fixture_teardown),
    };

    return cmocka_run_group_tests_name("git_repository", tests, NULL, NULL);
}
