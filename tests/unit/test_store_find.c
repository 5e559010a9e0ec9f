/* Searching ancestors for comparable results: a table of stores and what must be found. */
#include "store_fixture.h"

#include <stdlib.h>
#include <string.h>

/* What is stored: "<tag> <h|t|d> <run>" each; d is a damaged result of this environment. */
static const struct {
    const char *stored[6];
    const char *from;
    size_t max_sessions;
    unsigned runs[4]; /**< found, in order; 0 ends */
    const char *commit;
    size_t distance;
    size_t damage;
    bool has_other;
    enum pw_git_walk_end end;
} searches[] = {
    {{0}, "m4", 20, {0}, "", 0, 0, false, PW_WALK_STOPPED},
    {{"m4 h 1"}, "m4", 20, {1}, "m4", 0, 0, false, PW_WALK_STOPPED},
    {{"m1 h 1"}, "m4", 20, {1}, "m1", 4, 0, false, PW_WALK_STOPPED},
    {{"m0 h 3", "m2 h 1", "m2 h 2"}, "m4", 20, {2, 1, 3}, "m2", 3, 0, false, PW_WALK_STOPPED},
    {{"m0 h 3", "m2 h 1", "m2 h 2"}, "m4", 2, {2, 1}, "m2", 3, 0, false, PW_WALK_STOPPED},
    {{"m0 h 3", "m2 h 1", "m2 h 2"}, "m4", 1, {2}, "m2", 3, 0, false, PW_WALK_STOPPED},
    /* a branch that was merged is an ancestor, one that was not is none */
    {{"f1 h 1"}, "m4", 20, {1}, "f1", 3, 0, false, PW_WALK_STOPPED},
    {{"f1 h 1", "m1 h 2"}, "m2", 20, {2}, "m1", 1, 0, false, PW_WALK_ROOT},
    {{"m4 h 1"}, "m2", 20, {0}, "", 0, 0, false, PW_WALK_ROOT},
    /* other environments, damage */
    {{"m4 t 1", "m1 h 2"}, "m4", 20, {2}, "m1", 4, 0, false, PW_WALK_STOPPED},
    {{"m2 t 1", "m2 t 2", "m0 t 3"}, "m4", 20, {0}, "", 0, 0, true, PW_WALK_STOPPED},
    {{"m4 d 1", "m2 h 2"}, "m4", 20, {2}, "m2", 3, 1, false, PW_WALK_STOPPED},
    {{"m4 d 1", "m2 d 2"}, "m4", 20, {0}, "", 0, 2, false, PW_WALK_STOPPED},
    {{"m4 d 1", "m4 h 2", "m2 t 3"}, "m4", 20, {2}, "m4", 0, 1, false, PW_WALK_STOPPED},
};

static void store_one(struct store_fixture *home, const char *what)
{
    char tag[3] = {what[0], what[1], '\0'};
    const unsigned run = (unsigned)(what[5] - '0');

    if (what[3] == 'd') {
        char *path = store_fixture_path(tag, HERE, run);
        store_fixture_put(home, path, "{\"schema\": \"perfwarden/result/1\"");
        free(path);
        return;
    }
    store_fixture_add(home, tag, what[3] == 'h' ? HERE : THERE, run);
}

static void check_search(struct store_fixture *home, size_t row)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_store_search found;
    char *from = store_fixture_commit(searches[row].from);
    char *commit =
        searches[row].commit[0] == '\0' ? strdup("") : store_fixture_commit(searches[row].commit);
    char run[PW_RUN_ID_SIZE];

    print_message("search %zu\n", row);
    fixture_assert_ok(
        pw_store_find(home->store, from, HERE, searches[row].max_sessions, &found, &err), &err);
    size_t expected = 0;
    while (searches[row].runs[expected] != 0) {
        store_fixture_run_id(run, searches[row].runs[expected]);
        assert_true(expected < found.session_count);
        assert_string_equal(found.sessions[expected].run_id, run);
        expected++;
    }
    assert_int_equal(found.session_count, expected);
    assert_string_equal(found.commit, commit);
    assert_int_equal(found.distance, searches[row].distance);
    assert_int_equal(found.damage_count, searches[row].damage);
    assert_int_equal(found.walk_end, searches[row].end);
    assert_int_equal(found.nearest_other_environment != NULL, searches[row].has_other);
    if (searches[row].has_other) {
        assert_string_equal(found.nearest_other_environment, THERE);
        assert_int_equal(found.other_fact_count, 1);
        assert_string_equal(found.other_facts[0].name, "cpu_model");
    }
    for (size_t i = 0; i < found.damage_count; i++) {
        assert_non_null(strstr(found.damage[i].path, HERE));
        assert_true(strlen(found.damage[i].message) > 0);
    }
    pw_store_search_release(&found);
    free(from);
    free(commit);
}

static void finds_the_nearest(void **state)
{
    struct store_fixture *home = *state;

    for (size_t row = 0; row < PW_COUNT(searches); row++) {
        fixture_do("cd r; rm -rf baselines; git update-ref -d " REF);
        for (size_t i = 0; i < PW_COUNT(searches[row].stored); i++) {
            if (searches[row].stored[i] != NULL) {
                store_one(home, searches[row].stored[i]);
            }
        }
        check_search(home, row);
    }
}

static void says_where_history_ends(void **state)
{
    struct store_fixture *home = *state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_store *store = NULL;
    struct pw_store_search found;
    char *from = store_fixture_commit("m4");
    static const char absent[] = "aa00000000000000000000000000000000000000";

    store_fixture_add(home, "m0", HERE, 1);
    fixture_do("git clone -q --depth 2 \"file://$PWD/r\" s");
    if (home->kind == PW_STORE_GIT) {
        fixture_do("git -C s fetch -q --depth 1 origin '+refs/perfwarden/*:refs/perfwarden/*'");
    }
    struct pw_git *shallow = fixture_open("s");
    fixture_assert_ok(pw_store_open(&home->config, shallow, &store, &err), &err);
    fixture_assert_ok(pw_store_find(store, from, HERE, 20, &found, &err), &err);
    assert_int_equal(found.session_count, 0);
    assert_int_equal(found.walk_end, PW_WALK_SHALLOW);
    pw_store_search_release(&found);
    fixture_assert_error(pw_store_find(store, absent, HERE, 20, &found, &err), PW_ENOTFOUND, &err,
                         "is not in the repository");
    pw_store_free(store);
    pw_git_free(shallow);
    free(from);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_BOTH_HOMES(finds_the_nearest),
        IN_BOTH_HOMES(says_where_history_ends),
    };

    return cmocka_run_group_tests_name("store_find", tests, NULL, NULL);
}
