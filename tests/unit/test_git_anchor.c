/* Finding an older commit, beside what `git describe`, `git log` and `git rev-list` say. */
#include "git_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "perfwarden/util/arena.h"

/* Look for an anchor and tell it in one line: "commit label, distance" or "none: reason". */
static char *find(struct pw_git *git, const char *base, const char *head,
                  const struct pw_git_anchor_rule *rule)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_arena arena = {0};
    struct pw_git_anchor anchor = {.distance = 0};
    struct pw_strbuf text = PW_STRBUF_INIT;

    fixture_assert_ok(pw_git_find_anchor(git, base, head, rule, &arena, &anchor, &err), &err);
    if (anchor.commit[0] == '\0') {
        pw_strbuf_printf(&text, "none: %s", anchor.reason);
    } else {
        pw_strbuf_printf(&text, "%s %s, %zu", anchor.commit, anchor.label, anchor.distance);
    }
    pw_arena_release(&arena);
    return pw_strbuf_detach(&text);
}

static void check(const char *directory, const char *base, const struct pw_git_anchor_rule *rule,
                  const char *expected)
{
    struct pw_git *git = fixture_open(directory);
    char *base_id = fixture_run("git -C %s rev-parse '%s'", directory, base);
    char *head_id = fixture_run("git -C %s rev-parse HEAD", directory);
    char *found = find(git, base_id, head_id, rule);

    if (strstr(found, expected) == NULL) {
        fail_msg("from %s: '%s', not '%s'", base, found, expected);
    }
    free(found);
    free(head_id);
    free(base_id);
    pw_git_free(git);
}

/* From every commit of a repository, the tag that git describes it by. */
static void check_as_described(const char *directory, const char *pattern)
{
    const struct pw_git_anchor_rule rule = {.tag = pattern};
    struct pw_git *git = fixture_open(directory);
    char *lines = fixture_run(
        "cd %s; git rev-list --all | while read -r id; do\n"
        "  tag=$(git describe --tags --abbrev=0 --match '%s' $id 2>/dev/null) || tag=\n"
        "  if [ -z \"$tag\" ]; then echo \"$id none: no tag that matches\"; continue; fi\n"
        "  at=$(git rev-parse \"$tag^{commit}\")\n"
        "  if [ $at = $id ]; then echo \"$id none: tag $tag is the base itself\"\n"
        "  else echo \"$id $at $tag, $(git rev-list --count $at..$id)\"; fi\n"
        "done",
        directory, pattern);
    size_t checked = 0;

    for (char *line = strtok(lines, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        line[PW_OID_SIZE - 1] = '\0';
        char *found = find(git, line, line, &rule);
        const char *expected = line + PW_OID_SIZE;
        if (strncmp(found, expected, strlen(expected)) != 0) {
            fail_msg("%s in %s: '%s', not '%s'", line, directory, found, expected);
        }
        free(found);
        checked++;
    }
    assert_true(checked > 20);
    free(lines);
    pw_git_free(git);
}

/* A history with branches and merges, and tags of both kinds on a third of its commits. */
static void make_history(const char *name, unsigned seed)
{
    fixture_do("new %s; RANDOM=%u; dice=%u\n"
               "roll() { dice=$(( (dice * 1103515245 + 12345) %% 2147483648 )); "
               "rolled=$(( dice / 65536 %% $1 )); }\n"
               "c start; git branch side; git branch other\n"
               "for i in $(seq 30); do\n"
               "  roll 3; case $rolled in 0) at=main;; 1) at=side;; *) at=other;; esac\n"
               "  git checkout -q $at\n"
               "  roll 4; if [ $rolled = 0 ]; then\n"
               "    roll 3; case $rolled in 0) m main;; 1) m side;; *) m other;; esac\n"
               "  else c \"commit $i\"; fi\n"
               "  roll 6; case $rolled in\n"
               "    0) git tag v$i;;\n"
               "    1) dated git tag -a -m x v$i;;\n"
               "    2) git tag release/$i; dated git tag -a -m x w$i;;\n"
               "  esac\n"
               "done",
               name, seed, seed);
}

static void finds_what_git_describes(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 4; seed++) {
        char name[16];
        (void)snprintf(name, sizeof(name), "r%u", seed);
        make_history(name, seed);
        check_as_described(name, "*");
        check_as_described(name, "v*");
        check_as_described(name, "rel*");
        check_as_described(name, "v[12]?");
    }
}

static void prefers_annotated_and_newer_tags(void **state)
{
    (void)state;
    fixture_do(
        "new r; c one; git tag v1-light; dated git tag -a -m x v1; dated git tag -a -m x v1-b; "
        "c two; git tag b; git tag a; c three");
    check("r", "HEAD~1", &(struct pw_git_anchor_rule){.tag = "v*"}, " v1-b, 1");
    check("r", "HEAD~1", &(struct pw_git_anchor_rule){.tag = "v1"}, " v1, 1");
    check("r", "HEAD", &(struct pw_git_anchor_rule){.tag = "?"}, " a, 1");
}

/* A tag of a tree, of a tag, and one whose object is gone are passed over or followed. */
static void survives_odd_tags(void **state)
{
    (void)state;
    fixture_do("new r; c one; git tag -a -m x inner; git tag -a -m x v-nested inner; c two; "
               "git tag v-tree HEAD^{tree}; "
               "echo 1234567890123456789012345678901234567890 >.git/refs/tags/v-gone; c three");
    check("r", "HEAD", &(struct pw_git_anchor_rule){.tag = "v*"}, " v-nested, 2");
}

static void counts_along_first_parents(void **state)
{
    (void)state;
    fixture_do("new r; c 1; c 2; git checkout -q -b side; c s1; c s2; c s3; git checkout -q main; "
               "c 3; m side; c 4");
    char *expected = fixture_run("git -C r rev-parse HEAD~3");
    check("r", "HEAD", &(struct pw_git_anchor_rule){.commits = 3}, expected);
    check("r", "HEAD", &(struct pw_git_anchor_rule){.commits = 3}, " 3 commits ago, 6");
    check("r", "HEAD", &(struct pw_git_anchor_rule){.commits = 1}, " 1 commit ago, 1");
    check("r", "HEAD", &(struct pw_git_anchor_rule){.commits = 5},
          "none: there are not yet 5 commits before ");
    free(expected);
}

static void counts_days_from_head(void **state)
{
    (void)state;
    fixture_do("new r; c 1; c 2; now=$((now + 10 * 86400)); c 3; now=$((now + 86400)); c 4; c 5");
    char *second = fixture_run("git -C r rev-parse HEAD~3");
    check("r", "HEAD~1", &(struct pw_git_anchor_rule){.days = 2}, second);
    check("r", "HEAD~1", &(struct pw_git_anchor_rule){.days = 11}, " 11 days ago, 2");
    check("r", "HEAD~1", &(struct pw_git_anchor_rule){.days = 12}, "is 12 days older than head");
    check("r", "HEAD~2", &(struct pw_git_anchor_rule){.days = 1},
          "none: the newest commit 1 day older than head is the base itself");
    free(second);
}

static void says_where_a_shallow_clone_ends(void **state)
{
    static const struct pw_git_anchor_rule rules[] = {{.tag = "v*"}, {.days = 5}, {.commits = 4}};

    (void)state;
    fixture_do("new r; c 1; git tag v1; now=$((now + 10 * 86400)); c 2; c 3; c 4; c 5; "
               "git clone -q --depth 3 \"file://$PWD\" ../s");
    for (size_t i = 0; i < PW_COUNT(rules); i++) {
        check("r", "HEAD", &rules[i], ", 4");
        check("s", "HEAD", &rules[i], "set fetch-depth: 0 or run 'git fetch --unshallow'");
    }
}

static void refuses_what_is_no_commit(void **state)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_arena arena = {0};
    struct pw_git_anchor anchor = {.distance = 7};
    const struct pw_git_anchor_rule rule = {.commits = 1};

    (void)state;
    fixture_do("new r; c 1; c 2");
    struct pw_git *git = fixture_open("r");
    char *head = fixture_run("git -C r rev-parse HEAD");
    fixture_assert_error(pw_git_find_anchor(git, "main", head, &rule, &arena, &anchor, &err),
                         PW_EINVAL, &err, "");
    fixture_assert_error(pw_git_find_anchor(git, "1234567890123456789012345678901234567890", head,
                                            &rule, &arena, &anchor, &err),
                         PW_ENOTFOUND, &err, "not in the repository");
    assert_int_equal(anchor.distance, 7);
    free(head);
    pw_git_free(git);
    pw_arena_release(&arena);
}

/* A lost parent is damage, not the end of history. */
static void tells_damage(void **state)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_arena arena = {0};
    struct pw_git_anchor anchor = {.distance = 0};
    const struct pw_git_anchor_rule rules[] = {{.commits = 2}, {.days = 5}, {.tag = "v*"}};

    (void)state;
    fixture_do("new r; c 1; git tag v1; c 2; c 3; lost=$(git rev-parse HEAD~1); "
               "rm -f .git/objects/$(echo $lost | cut -c1-2)/$(echo $lost | cut -c3-)");
    struct pw_git *git = fixture_open("r");
    char *head = fixture_run("git -C r rev-parse HEAD");
    for (size_t i = 0; i < PW_COUNT(rules); i++) {
        fixture_assert_error(pw_git_find_anchor(git, head, head, &rules[i], &arena, &anchor, &err),
                             PW_EGIT, &err, "git fsck");
    }
    free(head);
    pw_git_free(git);
    pw_arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(finds_what_git_describes, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(prefers_annotated_and_newer_tags, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(survives_odd_tags, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(counts_along_first_parents, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(counts_days_from_head, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(says_where_a_shallow_clone_ends, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(refuses_what_is_no_commit, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(tells_damage, fixture_setup, fixture_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
