/* Files on a ref: what is written beside what git reads, and what is refused. */
#include "git_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REF "refs/perfwarden/baselines"

static int add(struct pw_git *git, const char *path, const char *text, struct pw_error *err)
{
    const struct pw_git_change change = {path, text, strlen(text)};

    return pw_git_ref_update(git, REF, &change, 1, "add a file", err);
}

static int take_away(struct pw_git *git, const char *path, struct pw_error *err)
{
    const struct pw_git_change change = {path, NULL, 0};

    return pw_git_ref_update(git, REF, &change, 1, "remove a file", err);
}

static int put_line(void *context, const char *path, struct pw_error *err)
{
    (void)err;
    pw_strbuf_puts(context, path);
    pw_strbuf_putc(context, '\n');
    return PW_OK;
}

/* Our listing is git's, and the repository is sound. */
static void check_listing(struct pw_git *git, const char *directory)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_strbuf paths = PW_STRBUF_INIT;
    char *expected = fixture_run("cd %s; git ls-tree -r --name-only " REF, directory);

    fixture_assert_ok(pw_git_ref_list(git, REF, put_line, &paths, &err), &err);
    if (paths.length > 0) {
        pw_strbuf_truncate(&paths, paths.length - 1);
    }
    assert_string_equal(pw_strbuf_text(&paths), expected);
    char *report = fixture_run(
        "git -C %s fsck --strict 2>&1 | grep -v '^dangling\\|^notice' || true", directory);
    assert_string_equal(report, "");
    pw_strbuf_release(&paths);
    free(expected);
    free(report);
}

static void writes_what_git_reads(void **state)
{
    (void)state;
    static const char *const directories[] = {"r", "b", "w"};

    fixture_do("new r; c one; git clone -q --bare . ../b; git worktree add -q --detach ../w");
    for (size_t i = 0; i < PW_COUNT(directories); i++) {
        struct pw_error err = PW_ERROR_INIT;
        struct pw_strbuf content = PW_STRBUF_INIT;
        struct pw_strbuf nothing = PW_STRBUF_INIT;
        struct pw_git *git = fixture_open(directories[i]);

        if (i == 0) {
            fixture_assert_ok(pw_git_ref_list(git, REF, put_line, &nothing, &err), &err);
            assert_int_equal(nothing.length, 0);
            fixture_assert_error(pw_git_ref_read(git, REF, "2f/a.json", &content, &err),
                                 PW_ENOTFOUND, &err, "has no file '2f/a.json'");
        }
        fixture_assert_ok(add(git, "2f/a/x.json", "one", &err), &err);
        fixture_assert_ok(add(git, "2f/a/y.json", "two", &err), &err);
        fixture_assert_ok(add(git, "30/b/z.json", "", &err), &err);
        fixture_assert_ok(add(git, "top", "three", &err), &err);
        check_listing(git, directories[i]);
        fixture_assert_ok(pw_git_ref_read(git, REF, "2f/a/y.json", &content, &err), &err);
        assert_string_equal(pw_strbuf_text(&content), "two");
        fixture_assert_error(pw_git_ref_read(git, REF, "2f/a", &content, &err), PW_ENOTFOUND, &err,
                             "is not a file");
        fixture_assert_error(pw_git_ref_read(git, REF, "2f/b", &content, &err), PW_ENOTFOUND, &err,
                             "has no file");
        fixture_do("cd %s; test -z \"$(git status --porcelain 2>/dev/null)\"; "
                   "test $(git rev-list --count " REF ") = 4",
                   directories[i]);
        /* all worktrees share the ref */
        fixture_do("git -C %s update-ref -d " REF, directories[i]);
        pw_strbuf_release(&content);
        pw_git_free(git);
    }
}

static void never_overwrites(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;

    fixture_do("new r");
    struct pw_git *git = fixture_open("r");
    fixture_assert_ok(add(git, "a/b/c", "one", &err), &err);
    char *before = fixture_run("git -C r rev-parse " REF);
    fixture_assert_error(add(git, "a/b/c", "two", &err), PW_EEXISTS, &err, "'a/b/c' exists");
    fixture_assert_error(add(git, "a/b", "two", &err), PW_EEXISTS, &err, "'a/b' exists");
    fixture_assert_error(add(git, "a/b/c/d", "two", &err), PW_EEXISTS, &err, "in the way");
    fixture_assert_error(take_away(git, "a/b/d", &err), PW_ENOTFOUND, &err, "no 'a/b/d'");
    fixture_assert_error(take_away(git, "a/b", &err), PW_ENOTFOUND, &err, "no 'a/b'");
    fixture_assert_error(take_away(git, "x/y", &err), PW_ENOTFOUND, &err, "no 'x/y'");
    fixture_assert_ok(add(git, "a/b/c", "one", &err), &err);
    char *after = fixture_run("git -C r rev-parse " REF);
    assert_string_equal(before, after);
    pw_git_free(git);
    free(before);
    free(after);
}

static void changes_many_paths_at_once(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;
    static const struct pw_git_change adds[] = {
        {"b/c/d", "1", 1}, {"a-x", "2", 1}, {"a/x", "3", 1},
        {"a/y/z", "4", 1}, {"a.x", "5", 1}, {"b/c/e", "6", 1},
    };
    static const struct pw_git_change removals[] = {
        {"b/c/e", NULL, 0},
        {"a/y/z", NULL, 0},
        {"new/f", "7", 1},
        {"b/c/d", NULL, 0},
    };
    static const struct pw_git_change last[] = {
        {"a-x", NULL, 0}, {"a/x", NULL, 0}, {"a.x", NULL, 0}, {"new/f", NULL, 0}};

    fixture_do("new r");
    struct pw_git *git = fixture_open("r");
    fixture_assert_ok(pw_git_ref_update(git, REF, adds, PW_COUNT(adds), "add", &err), &err);
    check_listing(git, "r");
    fixture_assert_ok(pw_git_ref_update(git, REF, removals, PW_COUNT(removals), "mix", &err), &err);
    check_listing(git, "r");
    char *names = fixture_run("git -C r ls-tree -r --name-only " REF " | tr '\\n' ' '");
    assert_string_equal(names, "a-x a.x a/x new/f ");
    /* all or nothing */
    static const struct pw_git_change broken[] = {{"z", "8", 1}, {"absent", NULL, 0}};
    fixture_assert_error(pw_git_ref_update(git, REF, broken, PW_COUNT(broken), "x", &err),
                         PW_ENOTFOUND, &err, "'absent'");
    check_listing(git, "r");
    fixture_assert_ok(pw_git_ref_update(git, REF, last, PW_COUNT(last), "empty", &err), &err);
    check_listing(git, "r");
    fixture_assert_ok(pw_git_ref_update(git, REF, NULL, 0, "nothing", &err), &err);
    pw_git_free(git);
    free(names);
}

/* A ref that someone pointed at anything else is left alone. */
static void refuses_other_objects(void **state)
{
    (void)state;
    static const char *const kinds[][2] = {
        {"HEAD^{tree}", "a tree"}, {"HEAD:f", "a blob"}, {"t", "a tag"}};
    struct pw_error err = PW_ERROR_INIT;
    struct pw_strbuf text = PW_STRBUF_INIT;
    char expected[64];

    fixture_do("new r; echo x >f; git add f; c one; git tag -a -m t t");
    for (size_t i = 0; i < PW_COUNT(kinds); i++) {
        fixture_do("git -C r update-ref " REF " $(git -C r rev-parse %s)", kinds[i][0]);
        struct pw_git *git = fixture_open("r");
        snprintf(expected, sizeof expected, "points to %s, not to a commit", kinds[i][1]);
        fixture_assert_error(pw_git_ref_list(git, REF, put_line, &text, &err), PW_EGIT, &err,
                             expected);
        fixture_assert_error(add(git, "a", "1", &err), PW_EGIT, &err,
                             "'git update-ref -d " REF "'");
        pw_git_free(git);
    }
    assert_int_equal(text.length, 0);
}

/* Names of refs and paths that must not be written. */
static void refuses_bad_names(void **state)
{
    (void)state;
    static const char *const refs[][2] = {
        {"baselines", "not the full name of a ref"}, {"refs/a..b", "not the full name of a ref"},
        {"refs/x\n", "not the full name of a ref"},  {"", "not the full name of a ref"},
        {"HEAD", "not the full name of a ref"},      {"refs/heads/main", "is checked out"},
        {"refs/heads/unborn", "is checked out"},     {"refs/heads/linked", "is checked out"},
        {"refs/symbolic", "is a symbolic ref"},
    };
    static const char *const paths[] = {"",     "/a",     "a//b",        "a/",
                                        "../a", "a/../b", ".git/config", "a/.GIT/b"};
    struct pw_error err = PW_ERROR_INIT;

    fixture_do("new r; c one; git symbolic-ref refs/symbolic refs/heads/other; git worktree add "
               "-q ../w -b linked; git init -q -b unborn ../u");
    struct pw_git *git = fixture_open("r");
    struct pw_git *unborn = fixture_open("u");
    const struct pw_git_change change = {"a", "1", 1};
    for (size_t i = 0; i < PW_COUNT(refs); i++) {
        struct pw_git *in = strstr(refs[i][0], "unborn") != NULL ? unborn : git;
        fixture_assert_error(pw_git_ref_update(in, refs[i][0], &change, 1, "x", &err), PW_EINVAL,
                             &err, refs[i][1]);
    }
    for (size_t i = 0; i < PW_COUNT(paths); i++) {
        fixture_assert_error(add(git, paths[i], "1", &err), PW_EGIT, &err, "cannot change");
    }
    assert_true(pw_git_is_shallow(git) == false);
    pw_git_free(git);
    pw_git_free(unborn);
}

static void signs_with_the_users_name(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;

    fixture_do("new r");
    struct pw_git *git = fixture_open("r");
    fixture_assert_ok(add(git, "a", "1", &err), &err);
    fixture_do("test \"$(git -C r log -1 --format='%%an <%%ae> %%s' " REF
               ")\" = 'perfwarden <perfwarden@localhost> add a file'");
    fixture_do("cd r; git config user.name 'Ada L'; git config user.email ada@example.org");
    fixture_assert_ok(add(git, "b", "1", &err), &err);
    fixture_do("test \"$(git -C r log -1 --format='%%an <%%ae>' " REF
               ")\" = 'Ada L <ada@example.org>'");
    pw_git_free(git);
}

static void names_damaged_objects(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_strbuf content = PW_STRBUF_INIT;
    struct pw_strbuf small;

    fixture_do("new r");
    struct pw_git *git = fixture_open("r");
    fixture_assert_ok(add(git, "a/b", "12345", &err), &err);
    pw_strbuf_init(&small, 4);
    fixture_assert_error(pw_git_ref_read(git, REF, "a/b", &small, &err), PW_EGIT, &err,
                         "larger than 4 bytes");
    pw_git_free(git);
    fixture_do("cd r; o=$(git rev-parse " REF ":a/b | sed 's|..|&/|'); chmod u+w "
               ".git/objects/$o; printf x >>.git/objects/$o; printf y | dd conv=notrunc bs=1 "
               "seek=9 of=.git/objects/$o 2>/dev/null");
    git = fixture_open("r");
    fixture_assert_error(pw_git_ref_read(git, REF, "a/b", &content, &err), PW_EGIT, &err,
                         "cannot read '" REF ":a/b'");
    assert_int_equal(content.length, 0);
    pw_git_free(git);
    fixture_do("cd r; printf 'garbage' >.git/" REF);
    git = fixture_open("r");
    fixture_assert_error(add(git, "c", "1", &err), PW_EGIT, &err, "cannot read ref '" REF "'");
    pw_git_free(git);
}

/* What a partial clone left out is named with what to do, and that helps. */
static void names_objects_left_out(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_strbuf content = PW_STRBUF_INIT;

    fixture_do("new r; c one; git config uploadpack.allowFilter true");
    struct pw_git *git = fixture_open("r");
    fixture_assert_ok(add(git, "a/b", "12345", &err), &err);
    pw_git_free(git);
    fixture_do("git clone -q --filter=blob:none \"file://$PWD/r\" p; cd p; git fetch -q origin "
               "'refs/perfwarden/*:refs/perfwarden/*'");
    git = fixture_open("p");
    const int status = pw_git_ref_read(git, REF, "a/b", &content, &err);
    fixture_assert_error(status, PW_EGIT, &err, "run 'git archive -o /dev/null " REF "'");
    fixture_do("cd p; git archive -o /dev/null " REF);
    fixture_assert_ok(pw_git_ref_read(git, REF, "a/b", &content, &err), &err);
    assert_string_equal(pw_strbuf_text(&content), "12345");
    pw_strbuf_release(&content);
    pw_git_free(git);
}

/* A tree as deep as a hostile peer may push. */
static void bounds_depth(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_strbuf paths = PW_STRBUF_INIT;
    struct pw_strbuf path = PW_STRBUF_INIT;

    fixture_do(
        "new r; t=$(echo x | git hash-object -w --stdin); t=$(printf '100644 blob %%s\\tx\\n' "
        "$t | git mktree); for i in $(seq 40); do t=$(printf '040000 tree %%s\\td\\n' $t | "
        "git mktree); done; git update-ref " REF " $(git commit-tree -m x $t)");
    struct pw_git *git = fixture_open("r");
    fixture_assert_error(pw_git_ref_list(git, REF, put_line, &paths, &err), PW_EGIT, &err,
                         "deeper than");
    for (int i = 0; i < 40; i++) {
        pw_strbuf_puts(&path, "e/");
    }
    pw_strbuf_puts(&path, "x");
    fixture_assert_error(add(git, pw_strbuf_text(&path), "1", &err), PW_EINVAL, &err, "too deep");
    pw_strbuf_release(&paths);
    pw_strbuf_release(&path);
    pw_git_free(git);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(writes_what_git_reads, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(never_overwrites, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(changes_many_paths_at_once, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(refuses_other_objects, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(refuses_bad_names, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(signs_with_the_users_name, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(names_damaged_objects, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(names_objects_left_out, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(bounds_depth, fixture_setup, fixture_teardown),
    };

    return cmocka_run_group_tests_name("git_ref", tests, NULL, NULL);
}
