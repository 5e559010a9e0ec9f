/* Verification: what is damaged is found and named, past the first; what is sound is not. */
#include "store_fixture.h"

#include <stdlib.h>
#include <string.h>

static void verify(struct store_fixture *home, struct pw_store_verification *out)
{
    struct pw_error err = PW_ERROR_INIT;

    fixture_assert_ok(pw_store_verify(home->store, out, &err), &err);
}

static const struct pw_store_finding *find(const struct pw_store_verification *verification,
                                           const char *path)
{
    for (size_t i = 0; i < verification->count; i++) {
        if (strcmp(verification->findings[i].path, path) == 0) {
            return &verification->findings[i];
        }
    }
    return NULL;
}

static void finds_nothing_in_a_sound_store(void **state)
{
    struct store_fixture *home = *state;
    struct pw_store_verification verification = {0};

    verify(home, &verification);
    assert_int_equal(verification.result_count, 0);
    pw_store_verification_release(&verification);
    store_fixture_add(home, "m0", HERE, 1);
    store_fixture_add(home, "m1", THERE, 2);
    verify(home, &verification);
    assert_int_equal(verification.result_count, 2);
    assert_int_equal(verification.count, 0);
    pw_store_verification_release(&verification);
}

static void finds_every_damaged_result(void **state)
{
    struct store_fixture *home = *state;
    struct pw_store_verification verification = {0};
    char *cut = store_fixture_path("m0", HERE, 1);
    char *other = store_fixture_path("m1", HERE, 2);
    char *sound = store_fixture_path("m2", HERE, 3);
    char *newer = store_fixture_path("m3", HERE, 4);

    store_fixture_add(home, "m2", HERE, 3);
    store_fixture_put(home, cut, "{\"schema\": \"perfwarden/result/1\"");
    store_fixture_put(home, newer, "{\"schema\": \"perfwarden/result/2\"}");
    if (home->kind == PW_STORE_DIRECTORY) {
        fixture_do("cd r/baselines; mkdir -p $(dirname %s); cp %s %s", other, sound, other);
    } else {
        char *text = fixture_run("git -C r show " REF ":%s", sound);
        store_fixture_put(home, other, text);
        free(text);
    }
    store_fixture_put(home, "README", "hello");
    verify(home, &verification);
    assert_int_equal(verification.result_count, 4);
    assert_int_equal(verification.damaged_count, 3);
    assert_int_equal(verification.count, 4);
    assert_non_null(find(&verification, cut));
    assert_int_equal(find(&verification, cut)->fault, PW_FAULT_RESULT);
    assert_non_null(strstr(find(&verification, cut)->message, "invalid JSON"));
    assert_non_null(find(&verification, newer));
    assert_non_null(find(&verification, other));
    assert_non_null(strstr(find(&verification, other)->message, "another commit"));
    assert_null(find(&verification, sound));
    assert_non_null(find(&verification, "README"));
    assert_int_equal(find(&verification, "README")->fault, PW_FAULT_STRAY);
    pw_store_verification_release(&verification);
    free(cut);
    free(other);
    free(sound);
    free(newer);
}

/* A copy has the run id of the original: only its path names it alone. */
static void knows_a_run_id_that_names_two(void **state)
{
    struct store_fixture *home = *state;
    struct pw_store_verification verification = {0};
    char *copy = store_fixture_path("m1", HERE, 3);
    char *alone = store_fixture_path("m1", HERE, 4);

    store_fixture_add(home, "m2", HERE, 3);
    store_fixture_put(home, copy, "x");
    store_fixture_put(home, alone, "x");
    verify(home, &verification);
    assert_int_equal(verification.damaged_count, 2);
    assert_true(find(&verification, copy)->is_ambiguous);
    assert_false(find(&verification, alone)->is_ambiguous);
    pw_store_verification_release(&verification);
    free(copy);
    free(alone);
}

/* Overwrite an object of the repository with rubbish. */
static void spoil(const char *object)
{
    fixture_do("cd r; o=$(git rev-parse '%s'); f=.git/objects/$(echo $o | cut -c 1-2)/$(echo $o | "
               "cut -c 3-); chmod u+w $f; printf rubbish >$f",
               object);
}

static void sees_past_unreadable_objects(void **state)
{
    struct store_fixture *home = *state;
    struct pw_store_verification verification = {0};
    struct pw_store_listing listing = {0};
    struct pw_error err = PW_ERROR_INIT;
    char *blob = store_fixture_path("m0", HERE, 1);
    char *below = store_fixture_path("m1", HERE, 2);
    char *commit = store_fixture_commit("m1");
    char *tree = fixture_run("c=%s; echo $(echo $c | cut -c 1-2)/$c", commit);
    char *object = fixture_run("echo '" REF ":%s'", blob);
    char *directory = fixture_run("echo '" REF ":%s'", tree);

    store_fixture_add(home, "m0", HERE, 1);
    store_fixture_add(home, "m1", HERE, 2);
    store_fixture_add(home, "m2", HERE, 3);
    spoil(object);
    fixture_assert_ok(pw_store_list(home->store, &listing, &err), &err);
    spoil(directory);
    pw_git_free(home->git);
    pw_store_free(home->store);
    home->store = NULL;
    home->git = fixture_open("r");
    fixture_assert_ok(pw_store_open(&home->config, home->git, &home->store, &err), &err);
    verify(home, &verification);
    /* the one below the unreadable tree is not seen; the third is sound */
    assert_int_equal(verification.result_count, 2);
    assert_int_equal(verification.damaged_count, 2);
    assert_non_null(find(&verification, blob));
    assert_non_null(find(&verification, tree));
    assert_int_equal(find(&verification, tree)->fault, PW_FAULT_TREE);
    pw_store_verification_release(&verification);
    pw_store_listing_release(&listing);
    free(directory);
    free(object);
    free(tree);
    free(commit);
    free(below);
    free(blob);
}

static void an_unreadable_ref_is_one_finding(void **state)
{
    struct store_fixture *home = *state;
    struct pw_store_verification verification = {0};

    fixture_do("cd r; git update-ref " REF " $(echo x | git hash-object -w --stdin)");
    verify(home, &verification);
    assert_int_equal(verification.damaged_count, 1);
    assert_string_equal(verification.findings[0].path, "");
    pw_store_verification_release(&verification);
}

/* What a result cannot be read from can still be removed. */
static void damaged_results_can_be_removed(void **state)
{
    struct store_fixture *home = *state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_store_listing listing = {0};
    char *path = store_fixture_path("m0", HERE, 1);
    char *object = fixture_run("echo '" REF ":%s'", path);

    store_fixture_add(home, "m0", HERE, 1);
    store_fixture_add(home, "m0", HERE, 2);
    if (home->kind == PW_STORE_GIT) {
        spoil(object);
    } else {
        fixture_do("printf rubbish >r/baselines/%s", path);
    }
    fixture_assert_ok(pw_store_list(home->store, &listing, &err), &err);
    assert_int_equal(listing.count, 2);
    fixture_assert_ok(pw_store_remove(home->store, listing.entries, 1, &err), &err);
    pw_store_listing_release(&listing);
    fixture_assert_ok(pw_store_list(home->store, &listing, &err), &err);
    assert_int_equal(listing.count, 1);
    pw_store_listing_release(&listing);
    free(object);
    free(path);
}

static void names_what_lies_about_in_a_directory(void **state)
{
    struct store_fixture *home = *state;
    struct pw_store_verification verification = {0};

    store_fixture_add(home, "m0", HERE, 1);
    fixture_do("cd r/baselines; ln -s /etc link; mkfifo pipe; touch .half; mkdir -p "
               "a/b/c/d/e; touch a/b/c/d/e/deep");
    verify(home, &verification);
    assert_int_equal(verification.result_count, 1);
    assert_int_equal(verification.damaged_count, 0);
    assert_int_equal(verification.count, 4);
    assert_string_equal(find(&verification, "link")->message, "a symbolic link");
    assert_non_null(find(&verification, "pipe"));
    assert_non_null(find(&verification, ".half"));
    assert_non_null(find(&verification, "a/b/c/d/e/deep"));
    pw_store_verification_release(&verification);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_BOTH_HOMES(finds_nothing_in_a_sound_store),
        IN_BOTH_HOMES(finds_every_damaged_result),
        IN_BOTH_HOMES(knows_a_run_id_that_names_two),
        IN_BOTH_HOMES(damaged_results_can_be_removed),
        cmocka_unit_test_setup_teardown(sees_past_unreadable_objects, store_fixture_setup_git,
                                        store_fixture_teardown),
        cmocka_unit_test_setup_teardown(an_unreadable_ref_is_one_finding, store_fixture_setup_git,
                                        store_fixture_teardown),
        cmocka_unit_test_setup_teardown(names_what_lies_about_in_a_directory,
                                        store_fixture_setup_directory, store_fixture_teardown),
    };

    return cmocka_run_group_tests_name("store_verify", tests, NULL, NULL);
}
