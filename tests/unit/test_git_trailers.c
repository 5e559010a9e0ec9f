/*
 * Trailers of commits: the values that git itself finds are the ones that are found, whatever the
 * message looks like; and which commits are looked at.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "git_fixture.h"

#define KEY "Perf-Accept"

/* Messages as a shell's printf writes them. */
static const char *const messages[] = {
    "title\\n\\nPerf-Accept: a b +1%% why\\n",
    "title\\n\\nPerf-Accept: a b +1%% why",
    "Perf-Accept: a b +1%% the title is no trailer\\n",
    "title\\nPerf-Accept: a b +1%% nor is its second line\\n",
    "title\\n\\nbody\\nPerf-Accept: a b +1%% a line of the body\\n",
    "title\\n\\nbody\\n\\nPerf-Accept: a b +1%% why\\nReviewed-by: B <b@x>\\n",
    "title\\n\\nPerf-Accept: a b +1%% not the last paragraph\\n\\nbody\\n",
    "title\\n\\nPERF-accept: a b +1%% case\\nperf-ACCEPT : c d +2%% blank before the colon\\n",
    "title\\n\\nPerf-Accept: a b +1%% folded\\n  over\\n\\tthree lines\\nOther: x\\n",
    "title\\n\\nPerf-Accept:\\n  a b +1%% begins on the next\\n",
    "title\\n\\nPerf-Accept:a b +1%% no blank\\n",
    "title\\n\\nPerf-Accept:\\n",
    "title\\n\\n Perf-Accept: a b +1%% indented\\n",
    "title\\n\\nsome words\\nPerf-Accept: a b +1%% why\\nSigned-off-by: B <b@x>\\n",
    "title\\n\\nw\\nw\\nw\\nw\\nw\\nw\\nPerf-Accept: a b +1%% x\\nSigned-off-by: B <b@x>\\n",
    "title\\n\\nw\\nw\\nw\\nw\\nw\\nw\\nw\\nPerf-Accept: a b +1%% x\\nSigned-off-by: B <b@x>\\n",
    "title\\n\\nPerf-Accept: a b +1%% x\\n(cherry picked from commit 0123)\\nw\\n",
    "title\\n\\nPerf-Accept: a b +1%% x\\n\\n\\n\\n",
    "title\\n\\nPerf-Accept: a b +1%% x\\n# a comment\\n",
    "title\\n\\nPerf-Accept: a b +1%% x\\n# a comment\\n  folded behind it\\nOther: y\\n",
    "title\\n\\n# a comment\\nPerf-Accept: a b +1%% x\\n",
    "title\\n\\nPerf-Accept: a b +1%% x\\nConflicts:\\n\\tfile\\n",
    "title\\n\\nPerf-Accept: a b +1%% x\\n\\nConflicts:\\n\\tfile\\n\\tother\\n",
    "t\\n\\nPerf-Accept: a\\n# ------------------------ >8 ------------------------\\nno\\n",
    "title\\n\\nPerf-Accept: a b +1%% x\\n---\\nPerf-Accept: c d +2%% behind a line\\n",
    "title\\n\\nbody\\n---\\n\\nPerf-Accept: c d +2%% behind a line\\n",
    "title\\r\\n\\r\\nPerf-Accept: a b +1%% of another system\\r\\n folded\\r\\nOther: y\\r\\n",
    "title\\r\\n\\r\\nbody\\r\\n\\r\\nPerf-Accept: a b +1%% x\\r\\n\\r\\n",
    "title\\n\\nPerf-Accepted: a\\nPerf: b\\nPerf-Accept-: c\\nPerf-Accept: d\\n",
    "title\\n\\nPerf_Accept: a\\nPerf-Accept: b\\n",
    "title\\n\\nPerf-Accept: a\\nhttp://x/y z\\n",
    "title\\n\\nPerf-Accept: a\\n: b\\n",
    "# first\\n\\ntitle\\n\\nPerf-Accept: a\\n",
    "title\\n  \\nPerf-Accept: a\\n",
    "title\\n\\nbody\\n \\t\\nPerf-Accept: a\\n",
    "title\\n\\nPerf-Accept: \\303\\244 \\360\\237\\232\\200 +1%% caf\\303\\251\\n",
    "title\\n\\nPerf-Accept: a : b: c +1%% x\\n",
    "title\\n\\nPerf-Accept: trailing blanks   \\t\\n",
    "\\n\\n  \\ntitle\\n\\nPerf-Accept: a\\n",
    "t\\n\\n\\nPerf-Accept: a\\n",
    " \\r\\nPerf-Accept: a\\n",
    "title only\\n",
    "",
};

/* What was found, as git would print it. */
static char *found_between(const char *repository, const char *from, const char *without)
{
    struct pw_git *git = fixture_open(repository);
    struct pw_error err = PW_ERROR_INIT;
    struct pw_git_trailers trailers = {0};
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_arena arena = {NULL};

    fixture_assert_ok(pw_git_find_trailers(git, from, without, KEY, &arena, &trailers, &err), &err);
    assert_false(trailers.is_cut);
    for (size_t i = 0; i < trailers.count; i++) {
        pw_strbuf_printf(&text, "%s%s", i == 0 ? "" : "\n", trailers.items[i].value);
    }
    pw_arena_release(&arena);
    pw_git_free(git);
    return pw_strbuf_detach(&text);
}

static char *text_of(char *text)
{
    return text != NULL ? text : strdup("");
}

/* A carriage return is not ours to keep; git does. */
static void drop_returns(char *text)
{
    char *to = text;

    for (const char *from = text; *from != '\0'; from++) {
        if (*from != '\r') {
            *to++ = *from;
        }
    }
    *to = '\0';
}

static void test_as_git_reads_them(void **state)
{
    char *base;
    (void)state;

    fixture_do("new r; c base");
    base = fixture_run("cd r; git rev-parse HEAD");
    for (size_t i = 0; i < PW_COUNT(messages); i++) {
        char *head =
            fixture_run("cd r; printf '%s' | git commit-tree -p HEAD 'HEAD^{tree}'", messages[i]);
        char *expected = fixture_run(
            "cd r; git log -1 --format='%%(trailers:key=" KEY ",valueonly,unfold)' %s", head);
        char *found = text_of(found_between("r", head, base));
        drop_returns(expected);
        if (strcmp(found, expected) != 0) {
            fail_msg("message %zu, '%s': found '%s', git says '%s'", i, messages[i], found,
                     expected);
        }
        free(found);
        free(expected);
        free(head);
    }
    free(base);
}

static void test_invalid_text_is_replaced(void **state)
{
    char *base;
    char *head;
    char *found;
    (void)state;

    fixture_do("new r; c base");
    base = fixture_run("cd r; git rev-parse HEAD");
    head = fixture_run("cd r; { git cat-file commit HEAD | sed '/^$/,$d'\n" /* git would convert */
                       "printf '\\nt\\n\\nPerf-Accept: a\\377b \\303\\n'; } |\n"
                       "git hash-object -w -t commit --stdin");
    found = found_between("r", head, base);
    assert_string_equal(found, "a\xEF\xBF\xBD"
                               "b \xEF\xBF\xBD");
    free(found);
    free(head);
    free(base);
}

/* Of a merge both sides count, but not what the base has; newest first. */
static void test_which_commits(void **state)
{
    char *base;
    char *head;
    char *found;
    (void)state;

    fixture_do("new r; c 'a\n\nPerf-Accept: before'; git branch side\n"
               "c 'b\n\nPerf-Accept: base'\n"
               "git tag base; git checkout -q side\n"
               "c 'c\n\nPerf-Accept: side'; git checkout -q -\n"
               "c 'd\n\nPerf-Accept: head'; m side");
    base = fixture_run("cd r; git rev-parse base");
    head = fixture_run("cd r; git rev-parse HEAD");
    found = found_between("r", head, base);
    assert_string_equal(found, "head\nside");
    free(found);
    found = text_of(found_between("r", base, head));
    assert_string_equal(found, "");
    free(found);
    free(head);
    free(base);
}

static void test_a_shallow_clone_says_so(void **state)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_git_trailers trailers = {0};
    struct pw_arena arena = {NULL};
    struct pw_git *git;
    char *base;
    char *head;
    (void)state;

    fixture_do("new r; c base; git branch side; c main; git checkout -q side\n"
               "c 'hidden\n\nPerf-Accept: hidden'; c 'seen\n\nPerf-Accept: seen'\n"
               "git checkout -q -; m side; cd ..\n"
               "git clone -q --depth 2 \"file://$PWD/r\" shallow");
    head = fixture_run("cd shallow; git rev-parse HEAD");
    base = fixture_run("cd shallow; git rev-parse HEAD^1");
    git = fixture_open("shallow");
    fixture_assert_ok(pw_git_find_trailers(git, head, base, KEY, &arena, &trailers, &err), &err);
    assert_true(trailers.is_cut);
    assert_int_equal(trailers.count, 1);
    assert_string_equal(trailers.items[0].value, "seen");
    assert_true(trailers.items[0].author[0] != '\0');
    /* what lies behind the base is of no interest */
    fixture_do("cd r; c last; cd ..; git clone -q --depth 2 \"file://$PWD/r\" linear");
    pw_git_free(git);
    git = fixture_open("linear");
    free(base);
    free(head);
    head = fixture_run("cd linear; git rev-parse HEAD");
    base = fixture_run("cd linear; git rev-parse HEAD^");
    trailers = (struct pw_git_trailers){0};
    fixture_assert_ok(pw_git_find_trailers(git, head, base, KEY, &arena, &trailers, &err), &err);
    assert_false(trailers.is_cut);
    assert_int_equal(trailers.count, 0);
    pw_arena_release(&arena);
    pw_git_free(git);
    free(head);
    free(base);
}

/* Lines that people take for a trailer and git does not. */
static void test_strays(void **state)
{
    static const struct {
        const char *message;
        bool is_stray;
    } cases[] = {
        {"title\\n\\nPerf-Accept: a b +1%% why\\n", false},
        {"title\\n\\nPerf-Accept: a b +1%% why\\n\\nbody\\n", true},
        {"title\\n\\nbody\\nperf-accept : a b +1%% why\\n", true},
        {"Perf-Accept: a b +1%% why\\n", true},
        {"title\\n\\nPerf-Accept: a\\n\\nPerf-Accept: b\\n", true},
        {"title\\n\\n    Perf-Accept: an example\\n\\nbody\\n", false},
        {"title\\n\\nsee Perf-Accept: above\\n\\nPerf-Accepted: b\\n\\nbody\\n", false},
        {"title\\n\\nbody\\n\\nSigned-off-by: B <b@x>\\n Perf-Accept: folded\\n", false},
        {"title\\n", false},
        {"", false},
    };
    char *base;
    (void)state;

    fixture_do("new r; c base");
    base = fixture_run("cd r; git rev-parse HEAD");
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        char *head = fixture_run("cd r; printf '%s' | git commit-tree -p HEAD 'HEAD^{tree}'",
                                 cases[i].message);
        struct pw_git *git = fixture_open("r");
        struct pw_git_trailers trailers = {0};
        struct pw_error err = PW_ERROR_INIT;
        struct pw_arena arena = {NULL};
        fixture_assert_ok(pw_git_find_trailers(git, head, base, KEY, &arena, &trailers, &err),
                          &err);
        if (trailers.stray_count != cases[i].is_stray) {
            fail_msg("'%s': %zu strays", cases[i].message, trailers.stray_count);
        }
        if (cases[i].is_stray) {
            assert_string_equal(trailers.strays[0].commit, head);
        }
        pw_arena_release(&arena);
        pw_git_free(git);
        free(head);
    }
    free(base);
}

static const char *author_of(struct pw_git *git, const char *commit, const char *path,
                             unsigned line, struct pw_arena *arena)
{
    const char *author = NULL;
    struct pw_error err = PW_ERROR_INIT;

    fixture_assert_ok(pw_git_line_author(git, commit, path, line, arena, &author, &err), &err);
    return author;
}

static void test_author_of_a_line(void **state)
{
    struct pw_arena arena = {NULL};
    struct pw_error err = PW_ERROR_INIT;
    const char *author = NULL;
    struct pw_git *git;
    char *first;
    char *path;
    int status;
    (void)state;

    fixture_do("new r; printf 'one\\ntwo\\n' >f; git add f\n"
               "git commit -qm 'by A' --author 'A B <a@x>'; git tag first\n"
               "printf 'one\\n2\\n' >f; git commit -qam 'by C' --author 'author D <c@x>'\n"
               "echo three >>f");
    first = fixture_run("cd r; git rev-parse first");
    path = fixture_path("r/f");
    git = fixture_open("r");
    assert_string_equal(author_of(git, NULL, path, 1, &arena), "A B");
    assert_string_equal(author_of(git, NULL, path, 2, &arena), "author D");
    assert_null(author_of(git, NULL, path, 3, &arena));
    assert_string_equal(author_of(git, first, "f", 2, &arena), "A B");
    status = pw_git_line_author(git, NULL, "nosuch", 1, &arena, &author, &err);
    fixture_assert_error(status, PW_EGIT, &err, "nosuch");
    pw_arena_release(&arena);
    pw_git_free(git);
    free(path);
    free(first);
}

/* What is not committed yet is the user's, not perfwarden's, who made the snapshot. */
static void test_author_of_a_snapshots_line(void **state)
{
    struct pw_arena arena = {NULL};
    struct pw_error err = PW_ERROR_INIT;
    char snapshot[PW_OID_SIZE];
    struct pw_git *git;
    (void)state;

    fixture_do("new r; printf 'one\\ntwo\\n' >f; git add f\n"
               "git commit -qm 'by A' --author 'A B <a@x>'; printf 'one\\n2\\n' >f");
    git = fixture_open("r");
    fixture_assert_ok(pw_git_snapshot(git, snapshot, &err), &err);
    assert_int_equal(setenv("GIT_AUTHOR_NAME", "E F", 1), 0);
    assert_string_equal(author_of(git, snapshot, "f", 1, &arena), "A B");
    assert_string_equal(author_of(git, snapshot, "f", 2, &arena), "E F");
    assert_int_equal(setenv("GIT_AUTHOR_NAME", "", 1), 0); /* which git refuses */
    assert_null(author_of(git, snapshot, "f", 2, &arena));
    assert_int_equal(unsetenv("GIT_AUTHOR_NAME"), 0);
    pw_arena_release(&arena);
    pw_git_free(git);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_as_git_reads_them, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_invalid_text_is_replaced, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(test_which_commits, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_a_shallow_clone_says_so, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(test_strays, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_author_of_a_line, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_author_of_a_snapshots_line, fixture_setup,
                                        fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
