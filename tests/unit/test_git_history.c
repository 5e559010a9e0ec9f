/* Walking ancestors and counting commits, beside `git rev-list` and `git merge-base`. */
#include "git_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Commits in the order they were visited. */
struct visited {
    struct pw_strbuf text;
    size_t count;
    size_t stop_after;
};

static bool remember(void *context, const char *commit)
{
    struct visited *visited = context;

    pw_strbuf_puts(&visited->text, commit);
    pw_strbuf_putc(&visited->text, '\n');
    return ++visited->count != visited->stop_after;
}

static char *commit_of(const char *directory, const char *revision)
{
    return fixture_run("git -C %s rev-parse '%s'", directory, revision);
}

/* Walk from a revision and compare with a command's output, "" for no comparison. */
static void check_walk(const char *directory, const char *revision, size_t stop_after,
                       enum pw_git_walk_end expected_end, const char *command)
{
    struct pw_error err = PW_ERROR_INIT;
    struct visited visited = {.stop_after = stop_after};
    enum pw_git_walk_end end = PW_WALK_CAPPED;
    struct pw_git *git = fixture_open(directory);
    char *from = commit_of(directory, revision);
    char *expected = fixture_run("cd %s; %s", directory, command);

    fixture_assert_ok(pw_git_walk(git, from, remember, &visited, &end, &err), &err);
    assert_int_equal(end, expected_end);
    pw_strbuf_truncate(&visited.text, visited.text.length - 1);
    assert_string_equal(pw_strbuf_text(&visited.text), expected);
    pw_strbuf_release(&visited.text);
    pw_git_free(git);
    free(from);
    free(expected);
}

static void walks_nearest_first(void **state)
{
    (void)state;
    fixture_do("new r; c one; git checkout -q -b feature; c two; git checkout -q main; c three; "
               "git checkout -q feature; c four; git checkout -q main; m feature; c five; "
               "git clone -q --depth 2 \"file://$PWD\" ../s");
    check_walk("r", "HEAD", 0, PW_WALK_ROOT, "git rev-list HEAD");
    check_walk("r", "HEAD~1", 0, PW_WALK_ROOT, "git rev-list HEAD~1");
    check_walk("r", "HEAD", 2, PW_WALK_STOPPED, "git rev-list -n 2 HEAD");
    check_walk("s", "HEAD", 0, PW_WALK_SHALLOW, "git rev-list HEAD");
    check_walk("s", "HEAD", 1, PW_WALK_STOPPED, "git rev-list -n 1 HEAD");
}

static void stops_at_the_cap(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;
    struct visited visited = {.stop_after = 0};
    enum pw_git_walk_end end = PW_WALK_ROOT;
    size_t distance = 0;

    fixture_do("new r; for i in $(seq 1 10050); do printf 'commit refs/heads/main\\ncommitter A "
               "<a@b> %%d +0000\\ndata 1\\nx\\n' $((1600000000 + i)); done | git fast-import "
               "--quiet");
    struct pw_git *git = fixture_open("r");
    char *from = commit_of("r", "main");
    char *root = commit_of("r", "main~10049");
    fixture_assert_ok(pw_git_walk(git, from, remember, &visited, &end, &err), &err);
    assert_int_equal(end, PW_WALK_CAPPED);
    assert_int_equal(visited.count, PW_GIT_MAX_ANCESTORS);
    fixture_assert_ok(pw_git_distance(git, from, root, &distance, &err), &err);
    assert_int_equal(distance, 10049);
    pw_strbuf_release(&visited.text);
    pw_git_free(git);
    free(from);
    free(root);
}

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525U + 1013904223U;
    return *state >> 8;
}

/* Commits with one to three random parents; several share a second, as rebased ones do, or they
 * come from machines whose clocks are all wrong. */
static void write_history(struct pw_strbuf *out, uint32_t seed, unsigned commits, bool is_skewed)
{
    uint32_t random = seed;

    for (unsigned i = 1; i <= commits; i++) {
        pw_strbuf_printf(out,
                         "commit refs/heads/c%u\nmark :%u\ncommitter A <a@b> %u +0000\n"
                         "data 1\nx\n",
                         i, i, 1600000000U + (is_skewed ? next_random(&random) % 50 : i / 3));
        const unsigned parents = i == 1 ? 0 : next_random(&random) % 3 + (i % 7 != 0);
        unsigned used[3] = {0};
        for (unsigned p = 0; p < parents; p++) {
            const unsigned span = i - 1 < 6 ? i - 1 : 6;
            const unsigned parent = i - 1 - next_random(&random) % span;
            if (parent == used[0] || parent == used[1]) {
                continue;
            }
            pw_strbuf_printf(out, "%s :%u\n", p == 0 ? "from" : "merge", parent);
            used[p] = parent;
        }
        pw_strbuf_putc(out, '\n');
    }
}

static void check_pair(struct pw_git *git, unsigned a, unsigned b)
{
    struct pw_error err = PW_ERROR_INIT;
    size_t distance = 0;
    char *first = fixture_run("git -C r rev-parse c%u", a);
    char *second = fixture_run("git -C r rev-parse c%u", b);
    char *count = fixture_run("git -C r rev-list --count c%u..c%u", b, a);

    fixture_assert_ok(pw_git_distance(git, first, second, &distance, &err), &err);
    if (distance != strtoul(count, NULL, 10)) {
        print_message("c%u..c%u: %zu, git says %s\n", b, a, distance, count);
    }
    assert_int_equal(distance, strtoul(count, NULL, 10));
    free(first);
    free(second);
    free(count);
}

static void counts_as_rev_list(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 3; seed++) {
        struct pw_strbuf history = PW_STRBUF_INIT;
        struct pw_error err = PW_ERROR_INIT;
        uint32_t random = seed * 7919;
        char *path = fixture_path("history");

        write_history(&history, seed, 60, false);
        assert_false(pw_strbuf_failed(&history));
        fixture_assert_ok(pw_file_write(path, history.data, history.length, &err), &err);
        fixture_do("rm -rf r; git init -q r; git -C r fast-import --quiet <history");
        struct pw_git *git = fixture_open("r");
        for (unsigned i = 0; i < 40; i++) {
            check_pair(git, next_random(&random) % 60 + 1, next_random(&random) % 60 + 1);
        }
        pw_git_free(git);
        pw_strbuf_release(&history);
        free(path);
    }
}

/* A commit from a machine whose clock stood at 1970 lies between the base and what it has. */
static void counts_beyond_a_wrong_clock(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;
    size_t distance = 0;

    fixture_do("new r; c one; c two; git branch old; GIT_COMMITTER_DATE='@10 +0000' git commit -q "
               "--allow-empty -m skewed; c base; git branch base; git checkout -q old; c side; "
               "m base");
    struct pw_git *git = fixture_open("r");
    char *from = commit_of("r", "old");
    char *base = commit_of("r", "base");
    char *count = fixture_run("git -C r rev-list --count base..old");
    fixture_assert_ok(pw_git_distance(git, from, base, &distance, &err), &err);
    assert_string_equal(count, "2");
    assert_int_equal(distance, 2);
    pw_git_free(git);
    free(from);
    free(base);
    free(count);
}

static const char *target_branch(const char *name)
{
    return strcmp(name, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME") == 0 ? "target" : NULL;
}

/* The merge base is reached through a merge request's target branch. */
static void check_merge_base(struct pw_git *git, unsigned a, unsigned b)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_arena arena = {0};
    struct pw_git_base base;

    fixture_do("cd r; git update-ref refs/remotes/origin/target c%u; git update-ref --no-deref "
               "HEAD c%u",
               b, a);
    char *expected = fixture_run("cd r; git merge-base c%u c%u || true", a, b);
    char *head = fixture_run("cd r; git rev-parse c%u", a);
    const int status = pw_git_find_base(git, NULL, target_branch, &arena, &base, &err);
    if (expected[0] == '\0') {
        fixture_assert_error(status, PW_ENOTFOUND, &err, "no common ancestor");
    } else if (strcmp(expected, head) != 0) {
        fixture_assert_ok(status, &err);
        if (strcmp(expected, base.commit) != 0) {
            print_message("c%u c%u: %s, git says %s\n", a, b, base.commit, expected);
        }
        assert_string_equal(base.commit, expected);
    }
    pw_error_release(&err);
    pw_arena_release(&arena);
    free(expected);
    free(head);
}

static void check_merge_bases(uint32_t seed, bool is_skewed)
{
    struct pw_strbuf history = PW_STRBUF_INIT;
    struct pw_error err = PW_ERROR_INIT;
    uint32_t random = seed * 42;
    char *path = fixture_path("history");

    write_history(&history, seed, 60, is_skewed);
    fixture_assert_ok(pw_file_write(path, history.data, history.length, &err), &err);
    fixture_do("rm -rf r; git init -q r; cd r; git fast-import --quiet <../history; "
               "git checkout -q --detach c1");
    struct pw_git *git = fixture_open("r");
    for (unsigned i = 0; i < 40; i++) {
        check_merge_base(git, next_random(&random) % 60 + 1, next_random(&random) % 60 + 1);
    }
    pw_git_free(git);
    pw_strbuf_release(&history);
    free(path);
}

static void finds_merge_bases(void **state)
{
    (void)state;
    check_merge_bases(11, false);
    check_merge_bases(12, false);
    check_merge_bases(13, true);
    check_merge_bases(14, true);
}

/*
 * Both sides have X and Y, and X lies below Y behind 300 commits of a clock that stood at 1970: by
 * the dates X is the newer one, but only Y is a merge base.
 */
static void finds_a_merge_base_past_a_wrong_clock(void **state)
{
    (void)state;
    static const char import[] =
        "{ one() { printf 'commit refs/heads/%s\nmark :%s\ncommitter A <a@b> %s +0000\n"
        "data 1\nx\n' \"$1\" \"$2\" \"$3\"; }; "
        "one x 1 1600000900; echo; "
        "for i in $(seq 2 301); do one chain $i 10; echo \"from :$((i - 1))\"; echo; done; "
        "one y 302 1600000800; echo 'from :301'; echo; "
        "one c1 303 1600001000; printf 'from :302\nmerge :1\n\n'; "
        "one c2 304 1600001001; printf 'from :1\nmerge :302\n\n'; } | git fast-import --quiet";

    fixture_do("new r; %s; git checkout -q --detach c1", import);
    struct pw_git *git = fixture_open("r");
    char *y = commit_of("r", "y");
    char *said = fixture_run("git -C r merge-base c1 c2");
    assert_string_equal(said, y);
    check_merge_base(git, 1, 2);
    check_merge_base(git, 2, 1);
    pw_git_free(git);
    free(y);
    free(said);
}

static void says_what_is_missing(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;
    struct visited visited = {.stop_after = 0};
    enum pw_git_walk_end end = PW_WALK_STOPPED;
    size_t distance = 7;
    static const char absent[] = "0123456789012345678901234567890123456789";

    fixture_do("new r; c one; c two; c three");
    struct pw_git *git = fixture_open("r");
    char *head = commit_of("r", "HEAD");
    fixture_assert_error(pw_git_walk(git, absent, remember, &visited, &end, &err), PW_ENOTFOUND,
                         &err, "'012345678901' is not in the repository");
    fixture_assert_error(pw_git_walk(git, "HEAD", remember, &visited, &end, &err), PW_EINVAL, &err,
                         "'HEAD' is not a full commit id");
    fixture_assert_error(pw_git_distance(git, head, absent, &distance, &err), PW_ENOTFOUND, &err,
                         "is not in the repository");
    assert_int_equal(distance, 7);
    /* a hole in a full clone is damage, not the end of history */
    fixture_do("cd r; o=$(git rev-parse HEAD~1); rm -f .git/objects/$(echo $o | sed 's|..|&/|')");
    pw_git_free(git);
    git = fixture_open("r");
    fixture_assert_error(pw_git_walk(git, head, remember, &visited, &end, &err), PW_EGIT, &err,
                         "run 'git fsck'");
    assert_int_equal(end, PW_WALK_STOPPED);
    pw_git_free(git);
    pw_strbuf_release(&visited.text);
    free(head);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(walks_nearest_first, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(stops_at_the_cap, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(counts_as_rev_list, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(counts_beyond_a_wrong_clock, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(finds_merge_bases, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(finds_a_merge_base_past_a_wrong_clock, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(says_what_is_missing, fixture_setup, fixture_teardown),
    };

    return cmocka_run_group_tests_name("git_history", tests, NULL, NULL);
}
