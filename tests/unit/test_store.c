/* The store: the same tests for both homes, in git and in a directory. */
#include "store_fixture.h"

#include <stdlib.h>
#include <string.h>

static void adds_lists_reads_removes(void **state)
{
    struct store_fixture *home = *state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_store_listing listing;
    struct pw_result result;

    fixture_assert_ok(pw_store_list(home->store, &listing, &err), &err);
    assert_int_equal(listing.count, 0);
    pw_store_listing_release(&listing);
    store_fixture_add(home, "m1", HERE, 2);
    store_fixture_add(home, "m1", THERE, 3);
    store_fixture_add(home, "m1", HERE, 1);
    store_fixture_add(home, "m0", HERE, 4);
    fixture_assert_ok(pw_store_list(home->store, &listing, &err), &err);
    assert_int_equal(listing.count, 4);
    for (size_t i = 0; i < listing.count; i++) {
        const struct pw_store_entry *entry = &listing.entries[i];
        assert_true(i == 0 || strcmp(listing.entries[i - 1].path, entry->path) < 0);
        fixture_assert_ok(pw_store_read(home->store, entry, &result, &err), &err);
        assert_string_equal(result.commit, entry->commit);
        assert_string_equal(result.environment.id, entry->environment_id);
        assert_string_equal(result.run_id, entry->run_id);
        assert_string_equal(result.environment.facts[0].value, entry->environment_id);
        pw_result_release(&result);
    }
    fixture_assert_ok(pw_store_remove(home->store, listing.entries, 2, &err), &err);
    fixture_assert_error(pw_store_remove(home->store, &listing.entries[1], 2, &err), PW_ENOTFOUND,
                         &err, listing.entries[1].run_id);
    fixture_assert_error(pw_store_read(home->store, &listing.entries[0], &result, &err),
                         PW_ENOTFOUND, &err, listing.entries[0].run_id);
    fixture_assert_ok(pw_store_remove(home->store, &listing.entries[2], 2, &err), &err);
    pw_store_listing_release(&listing);
    fixture_assert_ok(pw_store_list(home->store, &listing, &err), &err);
    assert_int_equal(listing.count, 0);
    pw_store_listing_release(&listing);
}

static void adds_only_under_new_names(void **state)
{
    struct store_fixture *home = *state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_result result;
    char *commit = store_fixture_commit("m1");

    store_fixture_add(home, "m1", HERE, 1);
    store_fixture_add(home, "m1", HERE, 1);
    store_fixture_result(&result, commit, HERE, 1);
    result.branch = "another";
    fixture_assert_error(pw_store_add(home->store, &result, &err), PW_EEXISTS, &err, "exists");
    result.commit = NULL;
    fixture_assert_error(pw_store_add(home->store, &result, &err), PW_EINVAL, &err,
                         "without a commit");
    result.commit = "../../../../etc/passwd";
    fixture_assert_error(pw_store_add(home->store, &result, &err), PW_EINVAL, &err,
                         "is not a full commit id");
    result.commit = commit;
    memcpy(result.run_id, "../x", 5);
    fixture_assert_error(pw_store_add(home->store, &result, &err), PW_EINVAL, &err,
                         "'../x' is not a run id");
    store_fixture_run_id(result.run_id, 2);
    memcpy(result.environment.id, "..", 3);
    fixture_assert_error(pw_store_add(home->store, &result, &err), PW_EINVAL, &err,
                         "'..' is not an environment id");
    pw_result_release(&result);
    free(commit);
}

/* Content that does not belong where it lies. */
static void refuses_damaged_results(void **state)
{
    struct store_fixture *home = *state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_store_listing listing;
    struct pw_result result;
    struct pw_result foreign;
    struct pw_strbuf text = PW_STRBUF_INIT;
    static const char *const texts[] = {"another commit", "another environment", "another run id",
                                        "json", "json"};
    char *paths[] = {store_fixture_path("m0", HERE, 1), store_fixture_path("m1", THERE, 1),
                     store_fixture_path("m2", HERE, 7), store_fixture_path("m3", HERE, 1),
                     store_fixture_path("m4", HERE, 1)};
    char *commit = store_fixture_commit("m1");

    store_fixture_result(&foreign, commit, HERE, 1);
    pw_result_write(&foreign, &text);
    store_fixture_put(home, paths[0], pw_strbuf_text(&text));
    store_fixture_put(home, paths[1], pw_strbuf_text(&text));
    pw_result_release(&foreign);
    pw_strbuf_clear(&text);
    char *second = store_fixture_commit("m2");
    store_fixture_result(&foreign, second, HERE, 1);
    pw_result_write(&foreign, &text);
    store_fixture_put(home, paths[2], pw_strbuf_text(&text));
    store_fixture_put(home, paths[3], "");
    pw_strbuf_truncate(&text, text.length / 2);
    store_fixture_put(home, paths[4], pw_strbuf_text(&text));
    fixture_assert_ok(pw_store_list(home->store, &listing, &err), &err);
    assert_int_equal(listing.count, PW_COUNT(paths));
    for (size_t i = 0; i < PW_COUNT(paths); i++) {
        for (size_t j = 0; j < listing.count; j++) {
            if (strcmp(paths[i], listing.entries[j].path) == 0) {
                const int status = pw_store_read(home->store, &listing.entries[j], &result, &err);
                const char *place = i < 3 ? pw_error_message(&err) : err.file;
                assert_non_null(place);
                assert_non_null(strstr(place, paths[i]));
                fixture_assert_error(status, PW_EFORMAT, &err, i < 3 ? texts[i] : "");
            }
        }
        free(paths[i]);
    }
    /* what is damaged can still be removed */
    fixture_assert_ok(pw_store_remove(home->store, listing.entries, listing.count, &err), &err);
    pw_store_listing_release(&listing);
    pw_result_release(&foreign);
    pw_strbuf_release(&text);
    free(commit);
    free(second);
}

static void passes_over_other_files(void **state)
{
    struct store_fixture *home = *state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_store_listing listing;
    static const char commit[] = "aa00000000000000000000000000000000000000";
    static const char *const others[] = {
        "README.md",
        "%2$s/x",
        "%1$s/x",
        "ab/%2$s/" HERE "/01JD3Z6W6QK1V6K9M2T8000001.json",
        "aa/%2$s/" HERE "/01JD3Z6W6QK1V6K9M2T8000001.json.tmp",
        "aa/%2$s/" HERE "/01JD3Z6W6QK1V6K9M2T800000I.json",
        "aa/%2$s/" HERE "/01jd3z6w6qk1v6k9m2t8000001.json",
        "aa/%2$s/0123456789AB/01JD3Z6W6QK1V6K9M2T8000001.json",
        "aa/%2$s/" HERE "/deeper/01JD3Z6W6QK1V6K9M2T8000001.json",
        "aa/%2$s/01JD3Z6W6QK1V6K9M2T8000001.json",
    };

    for (size_t i = 0; i < PW_COUNT(others); i++) {
        char *path = fixture_run("echo '%s' | sed 's|%%1$s|cc|; s|%%2$s|%s|'", others[i], commit);
        store_fixture_put(home, path, "{}");
        free(path);
    }
    store_fixture_add(home, "m0", HERE, 1);
    fixture_assert_ok(pw_store_list(home->store, &listing, &err), &err);
    assert_int_equal(listing.count, 1);
    pw_store_listing_release(&listing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_BOTH_HOMES(adds_lists_reads_removes),
        IN_BOTH_HOMES(adds_only_under_new_names),
        IN_BOTH_HOMES(refuses_damaged_results),
        IN_BOTH_HOMES(passes_over_other_files),
    };

    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
