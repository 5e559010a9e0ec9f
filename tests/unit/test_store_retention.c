/* What pruning keeps: each rule alone, rules together, and never less than a comparison uses. */
#include "store_fixture.h"

#include <stdlib.h>
#include <string.h>

#define NOW 1700100000
#define DAY 86400

/* A result of a chosen second; `number` tells those of one second apart. */
static void add_at(struct store_fixture *home, const char *revision, const char *environment,
                   int64_t wall_s, unsigned number)
{
    static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    struct pw_error err = PW_ERROR_INIT;
    struct pw_result result;
    char *commit =
        strlen(revision) == PW_OID_SIZE - 1 ? strdup(revision) : store_fixture_commit(revision);
    uint64_t ms = (uint64_t)wall_s * 1000;

    assert_non_null(commit);
    store_fixture_result(&result, commit, environment, number);
    for (int i = 9; i >= 0; i--) {
        result.run_id[i] = digits[ms % 32];
        ms /= 32;
    }
    fixture_assert_ok(pw_store_add(home->store, &result, &err), &err);
    pw_result_release(&result);
    free(commit);
}

/* The reasons, one letter a result, in the order of their run ids. */
static void judge(struct store_fixture *home, const struct pw_keep_config *keep, char out[64])
{
    static const char letters[] = "-dctbun";
    struct pw_error err = PW_ERROR_INIT;
    struct pw_store_listing listing = {0};
    struct pw_store_retention kept = {0};
    size_t count = 0;

    fixture_assert_ok(pw_store_list(home->store, &listing, &err), &err);
    fixture_assert_ok(pw_store_retain(home->store, &listing, keep, NOW, &kept, &err), &err);
    assert_true(listing.count < 64);
    const char *last = "";
    while (count < listing.count) {
        size_t next = listing.count;
        for (size_t i = 0; i < listing.count; i++) {
            const char *id = listing.entries[i].run_id;
            if (strcmp(id, last) > 0 &&
                (next == listing.count || strcmp(id, listing.entries[next].run_id) < 0)) {
                next = i;
            }
        }
        assert_true(next < listing.count);
        last = listing.entries[next].run_id;
        out[count++] = letters[kept.reasons[next]];
    }
    out[count] = '\0';
    pw_store_retention_release(&kept);
    pw_store_listing_release(&listing);
}

static void assert_kept(struct store_fixture *home, const struct pw_keep_config *keep,
                        const char *expected)
{
    char found[64];

    judge(home, keep, found);
    assert_string_equal(found, expected);
}

static void age_and_number_keep(void **state)
{
    struct store_fixture *home = *state;

    assert_kept(home, &(struct pw_keep_config){.days = 1}, "");
    add_at(home, "m0", HERE, NOW - 10 * DAY, 1);
    add_at(home, "m1", HERE, NOW - 5 * DAY, 2);
    add_at(home, "m1", THERE, NOW - 5 * DAY, 3);
    add_at(home, "m2", HERE, NOW - 4 * DAY, 4);
    add_at(home, "m3", HERE, NOW - DAY, 5);
    /* exactly as old as may be counts as young */
    assert_kept(home, &(struct pw_keep_config){.days = 4}, "--ndd");
    assert_kept(home, &(struct pw_keep_config){.days = 5}, "-dddd");
    /* of each environment */
    assert_kept(home, &(struct pw_keep_config){.count = 1}, "--c-c");
    assert_kept(home, &(struct pw_keep_config){.count = 3}, "-cccc");
    assert_kept(home, &(struct pw_keep_config){.days = 1, .count = 2}, "--ccd");
}

static void newest_of_an_environment_stays(void **state)
{
    struct store_fixture *home = *state;

    add_at(home, "m0", HERE, NOW - 900 * DAY, 1);
    add_at(home, "m1", HERE, NOW - 800 * DAY, 2);
    add_at(home, "m0", THERE, NOW - 700 * DAY, 3);
    assert_kept(home, &(struct pw_keep_config){.days = 1}, "-nn");
}

static void refs_keep_what_they_are_compared_with(void **state)
{
    static const char *const tags[] = {"m1", "nothing*"};
    static const char *const branches[] = {"f"};
    struct store_fixture *home = *state;
    const struct pw_keep_config by_tag = {.tags = {tags, 2}};
    const struct pw_keep_config by_branch = {.branches = {branches, 1}};
    const struct pw_keep_config by_both = {.tags = {tags, 2}, .branches = {branches, 1}};

    /* m0 - m1 - m2 - m3 - m4, and f1 beside m2 */
    add_at(home, "m0", HERE, NOW - 9 * DAY, 1);
    add_at(home, "m2", HERE, NOW - 8 * DAY, 2);
    add_at(home, "f1", HERE, NOW - 7 * DAY, 3);
    add_at(home, "m4", HERE, NOW - 6 * DAY, 4);
    add_at(home, "m4", HERE, NOW - 5 * DAY, 5);
    assert_kept(home, &by_tag, "t---n");
    assert_kept(home, &by_branch, "b-b-n");
    assert_kept(home, &by_both, "t-b-n");
}

static void remote_branches_count(void **state)
{
    static const char *const branches[] = {"release/*"};
    struct store_fixture *home = *state;
    const struct pw_keep_config keep = {.branches = {branches, 1}};

    add_at(home, "m0", HERE, NOW - 9 * DAY, 1);
    add_at(home, "m4", HERE, NOW - 5 * DAY, 2);
    assert_kept(home, &keep, "-n");
    fixture_do("cd r; git update-ref refs/remotes/origin/release/1.0 m1; "
               "git symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/release/1.0");
    assert_kept(home, &keep, "bn");
}

static void a_tag_keeps_as_many_sessions_as_are_used(void **state)
{
    static const char *const tags[] = {"m1"};
    struct store_fixture *home = *state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_store_search search = {0};
    struct pw_store_listing listing = {0};
    struct pw_store_retention kept = {0};
    const struct pw_keep_config keep = {.tags = {tags, 1}};
    char *commit = store_fixture_commit("m1");
    size_t count = 0;

    for (unsigned i = 0; i < 25; i++) {
        add_at(home, i < 15 ? "m0" : "m1", HERE, NOW - (int64_t)(100 - i) * DAY, i);
        add_at(home, i < 3 ? "m0" : "m4", THERE, NOW - (int64_t)(100 - i) * DAY, 100 + i);
    }
    fixture_assert_ok(pw_store_find(home->store, commit, HERE, 20, &search, &err), &err);
    fixture_assert_ok(pw_store_list(home->store, &listing, &err), &err);
    fixture_assert_ok(pw_store_retain(home->store, &listing, &keep, NOW, &kept, &err), &err);
    assert_int_equal(search.session_count, 20);
    assert_int_equal(kept.tag_count, 1);
    for (size_t i = 0; i < listing.count; i++) {
        if (strcmp(listing.entries[i].environment_id, HERE) != 0 ||
            kept.reasons[i] != PW_KEEP_TAG) {
            continue;
        }
        bool is_used = false;
        for (size_t j = 0; j < search.session_count; j++) {
            is_used = is_used || strcmp(search.sessions[j].run_id, listing.entries[i].run_id) == 0;
        }
        assert_true(is_used);
        count++;
    }
    assert_int_equal(count, 20);
    pw_store_retention_release(&kept);
    pw_store_listing_release(&listing);
    pw_store_search_release(&search);
    free(commit);
}

static void unknown_commits_stay_unless_age_or_number_decide(void **state)
{
    static const char *const tags[] = {"m1"};
    static const char unknown[] = "00000000000000000000000000000000000000aa";
    struct store_fixture *home = *state;

    add_at(home, unknown, HERE, NOW - 9 * DAY, 1);
    add_at(home, "m4", HERE, NOW - 8 * DAY, 2);
    add_at(home, "m4", HERE, NOW - 7 * DAY, 3);
    assert_kept(home, &(struct pw_keep_config){.tags = {tags, 1}}, "u-n");
    assert_kept(home, &(struct pw_keep_config){.tags = {tags, 1}, .days = 7}, "--d");
    assert_kept(home, &(struct pw_keep_config){.count = 1}, "--c");
}

/* Spoil the newest result of the store: it is there, but no baseline. */
static void damage_last(struct store_fixture *home)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_store_listing listing = {0};

    fixture_assert_ok(pw_store_list(home->store, &listing, &err), &err);
    const struct pw_store_entry *last = &listing.entries[0];
    for (size_t i = 1; i < listing.count; i++) {
        last = strcmp(listing.entries[i].run_id, last->run_id) > 0 ? &listing.entries[i] : last;
    }
    char *path = strdup(last->path);
    assert_non_null(path);
    fixture_assert_ok(pw_store_remove(home->store, last, 1, &err), &err);
    store_fixture_put(home, path, "{ \"schema\":");
    free(path);
    pw_store_listing_release(&listing);
}

static void what_is_no_baseline_takes_no_place(void **state)
{
    struct store_fixture *home = *state;

    add_at(home, "m0", HERE, NOW - 9 * DAY, 1);
    add_at(home, "m1", HERE, NOW - 8 * DAY, 2);
    add_at(home, "m2", HERE, NOW - 7 * DAY, 3);
    damage_last(home);
    assert_kept(home, &(struct pw_keep_config){.count = 1}, "-c-");
    assert_kept(home, &(struct pw_keep_config){.count = 2}, "cc-");
    assert_kept(home, &(struct pw_keep_config){.days = 1}, "-n-");
    /* where there is nothing else, it stays to be mended */
    add_at(home, "m2", THERE, NOW - 6 * DAY, 4);
    damage_last(home);
    assert_kept(home, &(struct pw_keep_config){.days = 1}, "-n-n");
}

static void the_future_takes_no_place(void **state)
{
    struct store_fixture *home = *state;

    add_at(home, "m0", HERE, NOW - 9 * DAY, 1);
    add_at(home, "m1", HERE, NOW - 8 * DAY, 2);
    add_at(home, "m2", HERE, NOW + 300 * DAY, 3);
    assert_kept(home, &(struct pw_keep_config){.count = 1}, "-c-");
    assert_kept(home, &(struct pw_keep_config){.days = 1}, "-nd");
    /* alone it stays; and a clock that is wrong by a zone is none of that */
    add_at(home, "m2", THERE, NOW + 301 * DAY, 4);
    assert_kept(home, &(struct pw_keep_config){.count = 1}, "-c-n");
    add_at(home, "m3", HERE, NOW + DAY / 2, 5);
    assert_kept(home, &(struct pw_keep_config){.count = 1}, "--c-n");
}

static void an_unknown_commit_is_not_the_last_one(void **state)
{
    static const char unknown[] = "00000000000000000000000000000000000000aa";
    struct store_fixture *home = *state;

    add_at(home, "m0", HERE, NOW - 9 * DAY, 1);
    add_at(home, "m1", HERE, NOW - 8 * DAY, 2);
    add_at(home, unknown, HERE, NOW - 7 * DAY, 3);
    /* it has its place, but not that of the last one */
    assert_kept(home, &(struct pw_keep_config){.count = 1}, "-nc");
    assert_kept(home, &(struct pw_keep_config){.days = 1}, "-n-");
    add_at(home, unknown, THERE, NOW - 7 * DAY, 4);
    assert_kept(home, &(struct pw_keep_config){.days = 1}, "-n-n");
}

/* In a shallow clone it cannot be told what a tag uses: nothing must go for that. */
static void a_shallow_clone_is_refused(void **state)
{
    static const char *const tags[] = {"m4"};
    struct store_fixture *home = *state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_store_listing listing = {0};
    struct pw_store_retention kept = {0};
    struct pw_store *store = NULL;
    const struct pw_keep_config keep = {.tags = {tags, 1}, .days = 1};

    add_at(home, "m0", HERE, NOW - 9 * DAY, 1);
    fixture_do(
        "git clone -q --depth 1 --branch m4 \"file://$PWD/r\" shallow 2>/dev/null; "
        "cd shallow; git fetch -q origin '+refs/perfwarden/*:refs/perfwarden/*' 2>/dev/null || :; "
        "git tag -f m4 >/dev/null");
    struct pw_git *git = fixture_open("shallow");
    fixture_assert_ok(pw_store_open(&home->config, git, &store, &err), &err);
    fixture_assert_ok(pw_store_list(home->store, &listing, &err), &err);
    fixture_assert_error(pw_store_retain(store, &listing, &keep, NOW, &kept, &err), PW_EGIT, &err,
                         "shallow");
    pw_store_listing_release(&listing);
    pw_store_free(store);
    pw_git_free(git);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_BOTH_HOMES(age_and_number_keep),
        IN_BOTH_HOMES(newest_of_an_environment_stays),
        IN_BOTH_HOMES(refs_keep_what_they_are_compared_with),
        IN_BOTH_HOMES(remote_branches_count),
        IN_BOTH_HOMES(a_tag_keeps_as_many_sessions_as_are_used),
        IN_BOTH_HOMES(unknown_commits_stay_unless_age_or_number_decide),
        IN_BOTH_HOMES(what_is_no_baseline_takes_no_place),
        IN_BOTH_HOMES(the_future_takes_no_place),
        IN_BOTH_HOMES(an_unknown_commit_is_not_the_last_one),
        IN_BOTH_HOMES(a_shallow_clone_is_refused),
    };

    return cmocka_run_group_tests_name("store_retention", tests, NULL, NULL);
}
