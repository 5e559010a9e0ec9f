/* History of every shape: what is walked, counted and named, beside `git rev-list`, `git rev-parse`
 * and `git merge-base`. */
#include "git_fixture.h"

#include <stdlib.h>
#include <string.h>

/* A commit dated by hand. */
#define AT                                                                                         \
    "at() { d=\"@$1 +0000\"; GIT_AUTHOR_DATE=$d GIT_COMMITTER_DATE=$d git commit -q "              \
    "--allow-empty -m \"$2\"; }; "
#define BRANCHES                                                                                   \
    "new r; c one; c two; git branch side; c three; git checkout -q side; c four; git checkout "   \
    "-q "                                                                                          \
    "main; m side; c five; "

/* A history, and two revisions of it that are set beside each other. */
static const struct {
    const char *name;
    const char *script;
    const char *from;
    const char *other;
} histories[] = {
    {"plain", BRANCHES, "main", "side"},
    {"criss-cross",
     "new r; c one; git checkout -q -b x; c two; git checkout -q main; c three; git tag old; m x; "
     "git checkout -q x; m old; c four; ",
     "x", "main"},
    {"octopus",
     "new r; c one; for b in a b d; do git checkout -q -b $b main; c $b; done; git checkout -q "
     "main; dated git merge -q --no-ff -m o a b d >/dev/null; c five; ",
     "main", "b"},
    {"several roots",
     "new r; c one; git checkout -q --orphan x; c two; c three; git checkout -q --orphan y; c "
     "four; "
     "git checkout -q main; git reset -q --hard $(dated git commit-tree -p main -p x -p y -m "
     "o main^{tree}); c five; ",
     "main", "y"},
    {"equal dates",
     AT "new r; for i in 1 2 3; do at 1700000000 $i; done; git checkout -q -b x HEAD~1; at "
        "1700000000 4; at 1700000000 5; git checkout -q main; at 1700000000 6; ",
     "main", "x"},
    {"clocks that run backwards",
     AT "new r; for i in 9 8 7 6; do at 170000000$i $i; done; git checkout -q -b x HEAD~1; at "
        "1700000002 a; at 1700000001 b; git checkout -q main; at 1600000000 d; ",
     "main", "x"},
    {"dates that are none",
     "new r; c one; t=$(git rev-parse HEAD^{tree}); p=$(git rev-parse HEAD); for d in "
     "99999999999999999999999999 -5 x; do p=$(printf 'tree %s\\nparent %s\\nauthor a <b> %s "
     "+0000\\ncommitter > <b> %s +0000\\n\\nx\\n' $t $p $d $d | git hash-object --literally -t "
     "commit -w --stdin); done; git update-ref refs/heads/main $p; ",
     "main", "main~3"},
    {"replaced commit", BRANCHES "git replace --graft main~1 main~1^2; ", "main", "side"},
    {"replacement of a replacement",
     BRANCHES "git replace --graft main~1 main~1^1; n=$(git rev-parse refs/replace/$(git "
              "--no-replace-objects rev-parse main~1)); git replace --graft $n side; ",
     "main", "side"},
    {"replacements that are switched off",
     BRANCHES "git replace --graft main~1 main~1^2; git config core.useReplaceRefs false; ", "main",
     "side"},
    {"graft",
     BRANCHES "git config advice.graftFileDeprecated false; printf '%s %s\\n' $(git "
              "rev-parse main~1 side~1) >.git/info/grafts; ",
     "main", "side"},
    {"graft that ends history",
     BRANCHES
     "git config advice.graftFileDeprecated false; git rev-parse main~1 >.git/info/grafts; ",
     "main", "side"},
    {"commit graph", BRANCHES "git commit-graph write --reachable; ", "main", "side"},
    {"commit graph that is stale",
     BRANCHES "git commit-graph write --reachable; c six; git checkout -q side; c seven; git "
              "checkout -q main; m side; git branch -q -D side; git branch side main~2; ",
     "main", "side"},
    {"commit graph that is damaged",
     BRANCHES
     "git commit-graph write --reachable; chmod u+w .git/objects/info/commit-graph; printf "
     "xxxx | dd of=.git/objects/info/commit-graph bs=1 seek=1100 conv=notrunc "
     "2>/dev/null; git config core.commitGraph false; ",
     "main", "side"},
    {"alternates",
     BRANCHES "cd ..; mv r o; git clone -q --shared o r; cd r; git branch -q side origin/side; c "
              "six; ",
     "main", "side"},
    {"packed", BRANCHES "git gc -q; git pack-refs --all; ", "main", "side"},
    {"shallow", BRANCHES "cd ..; mv r o; git clone -q --depth 2 file://$PWD/o r; cd r; ", "main",
     "main~1"},
    {"shallow, its boundary in a linked work tree",
     BRANCHES "cd ..; mv r o; git clone -q --depth 2 file://$PWD/o p; cd p; git worktree add -q -b "
              "x ../r main; ",
     "x", "main~1"},
};

static bool remember(void *context, const char *commit)
{
    struct pw_strbuf *text = context;

    pw_strbuf_puts(text, commit);
    pw_strbuf_putc(text, '\n');
    return true;
}

static void check_walk(struct pw_git *git, const char *revision)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_strbuf text = PW_STRBUF_INIT;
    enum pw_git_walk_end end = PW_WALK_CAPPED;
    char *from = fixture_run("git -C r rev-parse %s", revision);
    char *expected = fixture_run("git -C r rev-list %s 2>/dev/null", revision);

    fixture_assert_ok(pw_git_walk(git, from, remember, &text, &end, &err), &err);
    pw_strbuf_truncate(&text, text.length - 1);
    assert_string_equal(pw_strbuf_text(&text), expected);
    assert_int_equal(end, pw_git_is_shallow(git) ? PW_WALK_SHALLOW : PW_WALK_ROOT);
    pw_strbuf_release(&text);
    free(from);
    free(expected);
}

static void check_distance(struct pw_git *git, const char *from, const char *other)
{
    struct pw_error err = PW_ERROR_INIT;
    char *first = fixture_run("git -C r rev-parse %s", from);
    char *second = fixture_run("git -C r rev-parse %s", other);
    char *expected = fixture_run("git -C r rev-list --count %s..%s 2>/dev/null", other, from);
    size_t distance = 0;

    fixture_assert_ok(pw_git_distance(git, first, second, &distance, &err), &err);
    assert_int_equal(distance, strtoul(expected, NULL, 10));
    free(first);
    free(second);
    free(expected);
}

static const char *target_branch(const char *name)
{
    return strcmp(name, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME") == 0 ? "target" : NULL;
}

static void check_merge_base(struct pw_git *git, const char *from, const char *other)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_arena arena = {0};
    struct pw_git_base base;

    fixture_do("cd r; git checkout -q --detach %s 2>/dev/null; git update-ref "
               "refs/remotes/origin/target %s",
               from, other);
    char *expected = fixture_run("git -C r merge-base %s %s 2>/dev/null || true", from, other);
    const int status = pw_git_find_base(git, NULL, target_branch, &arena, &base, &err);
    if (expected[0] == '\0') {
        assert_int_equal(status, PW_ENOTFOUND);
    } else {
        fixture_assert_ok(status, &err);
        assert_string_equal(base.commit, expected);
    }
    pw_error_release(&err);
    pw_arena_release(&arena);
    free(expected);
}

static void reads_history_as_git_does(void **state)
{
    (void)state;
    for (size_t i = 0; i < PW_COUNT(histories); i++) {
        print_message("%s\n", histories[i].name);
        fixture_do("rm -rf r o p; %s", histories[i].script);
        struct pw_git *git = fixture_open("r");
        check_walk(git, histories[i].from);
        check_walk(git, histories[i].other);
        check_distance(git, histories[i].from, histories[i].other);
        check_distance(git, histories[i].other, histories[i].from);
        check_merge_base(git, histories[i].from, histories[i].other);
        pw_git_free(git);
    }
}

/* Names, and the history they are looked up in. */
static const char *const revisions[] = {
    "HEAD",        "HEAD~1",
    "HEAD^2",      "main@{0}",
    "side",        "heads/side",
    "light",       "annotated",
    "nested",      "refs/tags/nested",
    "annotated~1", "annotated^{commit}",
    ":/three",     "HEAD^{/four}",
    "x",           "--help",
    "-x",          "",
    "HEAD~100",    "of-a-tree",
    "of-a-blob",   "main..side",
    "a b",
};

static void names_commits_as_git_does(void **state)
{
    (void)state;
    static const char *const changes[] = {"true", "git replace --graft HEAD~1 side"};
    for (size_t c = 0; c < PW_COUNT(changes); c++) {
        fixture_do("rm -rf r; " BRANCHES
                   "git tag light; git tag -a -m x annotated side; git tag -a "
                   "-m x nested annotated 2>/dev/null; git tag -a -m x of-a-tree HEAD^{tree}; git "
                   "tag of-a-blob $(echo x | git hash-object -w --stdin); %s",
                   changes[c]);
        struct pw_git *git = fixture_open("r");
        for (size_t i = 0; i < PW_COUNT(revisions); i++) {
            struct pw_error err = PW_ERROR_INIT;
            char commit[PW_OID_SIZE] = "";
            char *expected = fixture_run(
                "cd r; o=$(git rev-parse --quiet --verify --end-of-options '%s' 2>/dev/null) "
                "&& git rev-parse --quiet --verify $o^{commit} 2>/dev/null || true",
                revisions[i]);
            const int status = pw_git_resolve(git, revisions[i], commit, &err);
            print_message("'%s': %s\n", revisions[i], pw_error_message(&err));
            assert_int_equal(status, expected[0] == '\0' ? PW_ENOTFOUND : PW_OK);
            assert_string_equal(commit, expected);
            pw_error_release(&err);
            free(expected);
        }
        pw_git_free(git);
    }
}

/* A clone that is cut may still have what lies beyond: it is used, and missing it is no damage. */
static void uses_what_lies_beyond_a_boundary(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_strbuf text = PW_STRBUF_INIT;
    enum pw_git_walk_end end = PW_WALK_CAPPED;

    fixture_do(
        "new r; c one; c two; c three; git clone -q --depth 1 file://$PWD ../s; cd ../s; git "
        "fetch -q --depth=1 origin $(git -C ../r rev-parse HEAD~1)");
    struct pw_git *git = fixture_open("s");
    char *from = fixture_run("git -C r rev-parse HEAD");
    char *expected = fixture_run("git -C r rev-list -n 2 HEAD");
    fixture_assert_ok(pw_git_walk(git, from, remember, &text, &end, &err), &err);
    pw_strbuf_truncate(&text, text.length - 1);
    assert_string_equal(pw_strbuf_text(&text), expected);
    assert_int_equal(end, PW_WALK_SHALLOW);
    pw_git_free(git);
    /* before the boundary a hole is damage in a shallow clone too */
    fixture_do("rm -rf s; git clone -q --depth 3 file://$PWD/r s; cd s; git unpack-objects -q "
               "<$(ls .git/objects/pack/*.pack) || true; mv .git/objects/pack ..; for p in "
               "../pack/*.pack; do git unpack-objects -q <$p; done; rm "
               ".git/objects/$(git rev-parse HEAD~1 | sed 's|..|&/|'); rm -rf ../pack");
    git = fixture_open("s");
    fixture_assert_error(pw_git_walk(git, from, remember, &text, &end, &err), PW_EGIT, &err,
                         "run 'git fsck'");
    pw_git_free(git);
    pw_strbuf_release(&text);
    free(from);
    free(expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_history_as_git_does, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(names_commits_as_git_does, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(uses_what_lies_beyond_a_boundary, fixture_setup,
                                        fixture_teardown),
    };

    return cmocka_run_group_tests_name("git_altered", tests, NULL, NULL);
}
