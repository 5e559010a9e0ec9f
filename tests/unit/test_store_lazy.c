/*
 * What a search looks at and what it does not: damage, emptiness and strange names beside the way
 * do not hinder it, on the way they do.
 */
#include "store_fixture.h"

#include <stdlib.h>
#include <string.h>

static int find(struct store_fixture *home, const char *from, size_t max_sessions,
                struct pw_store_search *out, struct pw_error *err)
{
    char *commit = store_fixture_commit(from);
    const int status = pw_store_find(home->store, commit, HERE, max_sessions, out, err);

    free(commit);
    return status;
}

/* Take away the object that holds a directory of the store. */
static void lose_directory(const char *revision, const char *below)
{
    fixture_do("cd r; c=$(git rev-parse '%s^{commit}'); f=$(echo $c | cut -c 1-2); "
               "o=$(git rev-parse " REF ":%s); rm -f .git/objects/$(echo $o | sed 's|..|&/|')",
               revision, below);
}

static void other_machines_damage_does_not_matter(void **state)
{
    struct store_fixture *home = *state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_store_listing listing;
    struct pw_store_search found;

    store_fixture_add(home, "m4", THERE, 1);
    lose_directory("m4", "$f/$c/" THERE);
    fixture_assert_ok(find(home, "m4", 20, &found, &err), &err);
    assert_int_equal(found.session_count, 0);
    assert_string_equal(found.nearest_other_environment, THERE);
    assert_int_equal(found.other_fact_count, 0);
    pw_store_search_release(&found);
    store_fixture_add(home, "m1", HERE, 2);
    fixture_assert_ok(find(home, "m4", 20, &found, &err), &err);
    assert_int_equal(found.session_count, 1);
    assert_null(found.nearest_other_environment);
    pw_store_search_release(&found);
    /* who asks for everything is told */
    fixture_assert_error(pw_store_list(home->store, &listing, &err), PW_EGIT, &err, THERE);
}

static void damage_on_the_way_is_told(void **state)
{
    static const char *const lost[] = {("$f/$c/" HERE), "$f/$c", "$f", ""};
    struct store_fixture *home = *state;

    for (size_t i = 0; i < PW_COUNT(lost); i++) {
        struct pw_error err = PW_ERROR_INIT;
        struct pw_store_search found;

        fixture_do("git -C r update-ref -d " REF);
        store_fixture_add(home, "m1", HERE, (unsigned)i + 1);
        lose_directory("m1", lost[i]);
        pw_git_free(home->git);
        home->git = fixture_open("r");
        pw_store_free(home->store);
        fixture_assert_ok(pw_store_open(&home->config, home->git, &home->store, &err), &err);
        fixture_assert_error(find(home, "m4", 20, &found, &err), PW_EGIT, &err,
                             "cannot read '" REF ":");
    }
}

static void what_lies_behind_is_not_looked_at(void **state)
{
    struct store_fixture *home = *state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_store_search found;

    store_fixture_add(home, "m4", HERE, 1);
    store_fixture_add(home, "m0", HERE, 2);
    lose_directory("m0", "$f");
    fixture_assert_ok(find(home, "m4", 1, &found, &err), &err);
    assert_int_equal(found.session_count, 1);
    pw_store_search_release(&found);
    fixture_assert_error(find(home, "m4", 2, &found, &err), PW_EGIT, &err, "cannot read");
}

static void malformed_trees_are_told(void **state)
{
    static const char *const trees[] = {"100644",
                                        "100644 name",
                                        "100644 name\\0short",
                                        "40000 \\000000000000000000000000",
                                        "4000x name\\0",
                                        " name\\0",
                                        "999999999 n\\00000000000000000000000"};
    struct store_fixture *home = *state;

    for (size_t i = 0; i < PW_COUNT(trees); i++) {
        struct pw_error err = PW_ERROR_INIT;
        struct pw_store_search found;
        fixture_do("cd r; o=$(printf '%s' | git hash-object -t tree --literally -w --stdin); "
                   "git update-ref " REF " $(printf 'tree %%s\\nauthor a <a> 1 +0000\\ncommitter a "
                   "<a> 1 +0000\\n\\nx' $o | git hash-object -t commit --literally -w --stdin)",
                   trees[i]);
        print_message("tree %zu\n", i);
        fixture_assert_error(find(home, "m4", 20, &found, &err), PW_EGIT, &err, "malformed tree");
    }
}

/* Directories without results, as git cannot make but may be sent. */
static void empty_directories_hold_nothing(void **state)
{
    struct store_fixture *home = *state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_store_search found;

    store_fixture_add(home, "m0", THERE, 1);
    if (home->kind == PW_STORE_DIRECTORY) {
        fixture_do("cd r; for t in m4 m2; do c=$(git rev-parse $t); f=baselines/$(echo $c | cut -c "
                   "1-2)/$c; mkdir -p $f/" HERE " $f/" THERE "; done; mkdir baselines/00; "
                   "mkdir -p baselines/$(git rev-parse m1 | sed 's|^..|&/&|')");
    } else {
        fixture_do("cd r; e=$(git hash-object -t tree -w /dev/null); "
                   "{ git ls-tree " REF "; for t in m4 m2; do c=$(git rev-parse $t); "
                   "s=$(printf '040000 tree %%s\\t%%s\\n' $e " HERE " $e " THERE " | git mktree); "
                   "f=$(printf '040000 tree %%s\\t%%s\\n' $s $c | git mktree); "
                   "printf '040000 tree %%s\\t%%s\\n' $f $(echo $c | cut -c 1-2); done; "
                   "printf '040000 tree %%s\\t00\\n' $e; } | sort -u -k 4 | git mktree >t; "
                   "git update-ref " REF " $(git commit-tree -m x $(cat t))");
    }
    fixture_assert_ok(find(home, "m4", 20, &found, &err), &err);
    assert_int_equal(found.session_count, 0);
    assert_int_equal(found.damage_count, 0);
    /* the nearest that was measured elsewhere is m0 */
    assert_string_equal(found.nearest_other_environment, THERE);
    assert_int_equal(found.other_fact_count, 1);
    pw_store_search_release(&found);
}

static void names_that_do_not_fit_are_passed_over(void **state)
{
    static const char *const others[] = {
        "README.md",
        "%1$s/x",
        "%1$s/%2$s/x",
        "%1$s/%2$s/" HERE "x/y.json",
        "%1$s/%2$s/" HERE "/x.json",
        "%1$s/%2$s/" HERE "/01JD3Z6W6QK1V6K9M2T8000002.jso",
        "%1$s/%2$s/" HERE "/01JD3Z6W6QK1V6K9M2T8000003.json/x",
        "zz/%2$s/" HERE "/01JD3Z6W6QK1V6K9M2T8000004.json",
        "0/%2$s/" HERE "/01JD3Z6W6QK1V6K9M2T8000004.json",
    };
    struct store_fixture *home = *state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_store_search found;

    for (size_t i = 0; i < PW_COUNT(others); i++) {
        char *path = fixture_run("c=$(git -C r rev-parse m1); f=$(echo $c | cut -c 1-2); echo "
                                 "'%s' | sed \"s|%%1.s|$f|; s|%%2.s|$c|\"",
                                 others[i]);
        store_fixture_put(home, path, "{}");
        free(path);
    }
    fixture_assert_ok(find(home, "m4", 20, &found, &err), &err);
    assert_int_equal(found.session_count, 0);
    assert_int_equal(found.damage_count, 0);
    assert_null(found.nearest_other_environment);
    pw_store_search_release(&found);
    store_fixture_add(home, "m1", HERE, 1);
    fixture_assert_ok(find(home, "m4", 20, &found, &err), &err);
    assert_int_equal(found.session_count, 1);
    assert_int_equal(found.distance, 4);
    pw_store_search_release(&found);
}

/* Thousands of commits whose ids begin like that of m1. */
static void a_huge_fan_is_searched(void **state)
{
    struct store_fixture *home = *state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_store_listing listing;
    struct pw_store_search found;

    store_fixture_add(home, "m1", HERE, 1);
    if (home->kind == PW_STORE_DIRECTORY) {
        fixture_do("cd r; f=$(git rev-parse m1 | cut -c 1-2); cd baselines/$f; seq 3000 | awk -v "
                   "f=$f '{printf \"%%s%%038d/" HERE "\\n\", f, $1}' | xargs mkdir -p");
    } else {
        fixture_do("cd r; f=$(git rev-parse m1 | cut -c 1-2); e=$(git hash-object -t tree -w "
                   "/dev/null); { git ls-tree " REF ":$f; seq 3000 | awk -v f=$f -v e=$e '{printf "
                   "\"040000 tree %%s\\t%%s%%038d\\n\", e, f, $1}'; } | git mktree >t; git "
                   "update-ref " REF " $(git commit-tree -m x $(printf '040000 tree %%s\\t%%s\\n' "
                   "$(cat t) $f | git mktree))");
    }
    fixture_assert_ok(find(home, "m4", 20, &found, &err), &err);
    assert_int_equal(found.session_count, 1);
    assert_int_equal(found.walk_end, PW_WALK_ROOT);
    pw_store_search_release(&found);
    fixture_assert_ok(pw_store_list(home->store, &listing, &err), &err);
    assert_int_equal(listing.count, 1);
    pw_store_listing_release(&listing);
}

int main(void)
{
#define IN_GIT(test)                                                                               \
    cmocka_unit_test_setup_teardown(test, store_fixture_setup_git, store_fixture_teardown)
    const struct CMUnitTest tests[] = {
        IN_GIT(other_machines_damage_does_not_matter),
        IN_GIT(damage_on_the_way_is_told),
        IN_GIT(what_lies_behind_is_not_looked_at),
        IN_GIT(malformed_trees_are_told),
        IN_BOTH_HOMES(empty_directories_hold_nothing),
        IN_BOTH_HOMES(names_that_do_not_fit_are_passed_over),
        IN_BOTH_HOMES(a_huge_fan_is_searched),
    };

    return cmocka_run_group_tests_name("store_lazy", tests, NULL, NULL);
}
