/* Adding by the dozen: all or nothing, what is there already, what contradicts it; and knowing
 * beforehand whether anything can be stored. */
#include "store_fixture.h"

#include <stdlib.h>
#include <string.h>

/* A result as an addition; the import keeps its text. */
static void put(struct pw_import *import, const char *revision, const char *environment,
                unsigned run, const char *branch)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_result result;
    char *commit = store_fixture_commit(revision);

    store_fixture_result(&result, commit, environment, run);
    result.branch = branch;
    fixture_assert_ok(pw_import_add(import, &result, false, "some.jsonl", run, &err), &err);
    pw_result_release(&result);
    free(commit);
}

static size_t count_stored(struct store_fixture *home)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_store_listing listing = {0};

    fixture_assert_ok(pw_store_list(home->store, &listing, &err), &err);
    const size_t count = listing.count;
    pw_store_listing_release(&listing);
    return count;
}

static void adds_all_at_once(void **state)
{
    struct store_fixture *home = *state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_import import = {0};
    struct pw_store_added added = {0};

    store_fixture_add(home, "m0", HERE, 1);
    put(&import, "m2", HERE, 3, NULL);
    put(&import, "m0", HERE, 1, NULL); /* stored already */
    put(&import, "m1", THERE, 2, NULL);
    put(&import, "m1", THERE, 2, NULL); /* twice */
    fixture_assert_ok(pw_store_add_many(home->store, import.items, import.count, &added, &err),
                      &err);
    assert_int_equal(added.stored, 2);
    assert_int_equal(added.present, 2);
    assert_int_equal(count_stored(home), 3);
    if (home->kind == PW_STORE_GIT) {
        char *commits = fixture_run("git -C r rev-list --count " REF);
        assert_string_equal(commits, "2");
        free(commits);
    }
    fixture_assert_ok(pw_store_add_many(home->store, import.items, import.count, &added, &err),
                      &err);
    assert_int_equal(added.stored, 0);
    assert_int_equal(added.present, 4);
    fixture_assert_ok(pw_store_add_many(home->store, NULL, 0, &added, &err), &err);
    assert_int_equal(added.stored, 0);
    pw_import_release(&import);
}

static void stores_nothing_when_one_contradicts(void **state)
{
    static const struct {
        const char *revision;
        const char *environment;
        const char *branch;
        const char *problem;
    } cases[] = {
        {"m0", HERE, "other", "is stored already with other content"},
        {"m1", HERE, NULL, "is stored already under another name"},
        {"m0", THERE, NULL, "is stored already under another name"},
    };
    struct store_fixture *home = *state;

    store_fixture_add(home, "m0", HERE, 1);
    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_error err = PW_ERROR_INIT;
        struct pw_import import = {0};
        struct pw_store_added added = {0};
        put(&import, "m2", HERE, 7, NULL);
        put(&import, cases[i].revision, cases[i].environment, 1, cases[i].branch);
        const int status = pw_store_add_many(home->store, import.items, import.count, &added, &err);
        assert_int_equal(err.line, 1);
        assert_string_equal(err.file, "some.jsonl");
        fixture_assert_error(status, PW_EEXISTS, &err, cases[i].problem);
        assert_int_equal(count_stored(home), 1);
        pw_import_release(&import);
    }
}

static void refuses_one_run_with_two_contents(void **state)
{
    struct store_fixture *home = *state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_import import = {0};
    struct pw_store_added added = {0};

    put(&import, "m2", HERE, 7, NULL);
    put(&import, "m2", HERE, 7, "other");
    fixture_assert_error(pw_store_add_many(home->store, import.items, import.count, &added, &err),
                         PW_EEXISTS, &err, "comes twice");
    assert_int_equal(count_stored(home), 0);
    pw_import_release(&import);
}

/* Names come from files: only well-formed ones become paths. */
static void an_interrupted_call_changes_nothing(void **state)
{
    struct store_fixture *home = *state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_import import = {0};
    struct pw_store_added added = {0};
    struct pw_store_listing listing = {0};
    struct pw_store_retention kept = {0};
    struct pw_store_verification found = {0};
    const struct pw_keep_config keep = {.count = 1};
    volatile int signal_number = 2;

    store_fixture_add(home, "m0", HERE, 1);
    put(&import, "m1", HERE, 2, NULL);
    put(&import, "m2", HERE, 3, NULL);
    fixture_assert_ok(pw_store_list(home->store, &listing, &err), &err);
    pw_store_watch(home->store, &signal_number);
    fixture_assert_error(pw_store_add_many(home->store, import.items, 2, &added, &err),
                         PW_EINTERRUPTED, &err, "nothing was changed");
    fixture_assert_error(pw_store_remove(home->store, listing.entries, 1, &err), PW_EINTERRUPTED,
                         &err, "nothing was changed");
    fixture_assert_error(pw_store_verify(home->store, &found, &err), PW_EINTERRUPTED, &err, "");
    fixture_assert_error(pw_store_retain(home->store, &listing, &keep, 0, &kept, &err),
                         PW_EINTERRUPTED, &err, "");
    pw_store_watch(home->store, NULL);
    if (home->kind == PW_STORE_GIT) { /* once the objects are being written, it is git's turn */
        pw_git_watch(home->git, &signal_number);
        fixture_assert_error(pw_store_add_many(home->store, import.items, 2, &added, &err),
                             PW_EINTERRUPTED, &err, "nothing was changed");
        pw_git_watch(home->git, NULL);
    }
    assert_int_equal(count_stored(home), 1);
    signal_number = 0;
    pw_store_watch(home->store, &signal_number);
    fixture_assert_ok(pw_store_add_many(home->store, import.items, 2, &added, &err), &err);
    assert_int_equal(count_stored(home), 3);
    pw_store_listing_release(&listing);
    pw_import_release(&import);
}

static void an_interrupted_import_reads_no_further(void **state)
{
    volatile int signal_number = 15;
    struct pw_import import = {.interrupted = &signal_number};
    struct pw_error err = PW_ERROR_INIT;
    char *path = fixture_path("r/.git/HEAD");
    (void)state;

    fixture_assert_error(pw_import_read(&import, PW_PORTABLE_COUNT, path, &err), PW_EINTERRUPTED,
                         &err, "nothing was stored");
    pw_import_release(&import);
    free(path);
}

static void refuses_names_that_are_no_names(void **state)
{
    static const struct pw_store_addition cases[] = {
        {.commit = "../../../../../../../../../../../../etc",
         .environment_id = HERE,
         .run_id = "01JD3Z6W6QK1V6K9M2T8000001",
         .text = "{}",
         .length = 2,
         .file = "x",
         .line = 3},
        {.commit = "00000000000000000000000000000000000000aa",
         .environment_id = "../../../../",
         .run_id = "01JD3Z6W6QK1V6K9M2T8000001",
         .text = "{}",
         .length = 2,
         .file = "x",
         .line = 3},
        {.commit = "00000000000000000000000000000000000000aa",
         .environment_id = HERE,
         .run_id = "../../../../../../../../ab",
         .text = "{}",
         .length = 2,
         .file = "x",
         .line = 3},
    };
    struct store_fixture *home = *state;

    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_error err = PW_ERROR_INIT;
        struct pw_store_added added = {0};
        const int status = pw_store_add_many(home->store, &cases[i], 1, &added, &err);
        assert_int_equal(err.line, 3);
        fixture_assert_error(status, PW_EFORMAT, &err, "'../");
        assert_int_equal(count_stored(home), 0);
    }
}

/* A directory has no commits: what was written before the failure is taken back. */
static void a_directory_takes_back_what_it_wrote(void **state)
{
    struct store_fixture *home = *state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_import import = {0};
    struct pw_store_added added = {0};
    char *commit = store_fixture_commit("m2");

    store_fixture_add(home, "m1", HERE, 1);
    put(&import, "m1", HERE, 2, NULL);
    put(&import, "m0", HERE, 3, NULL);
    put(&import, "m2", HERE, 4, NULL);
    fixture_do("c=%s; mkdir -p r/baselines/$(echo $c | cut -c 1-2); "
               "touch r/baselines/$(echo $c | cut -c 1-2)/$c",
               commit);
    fixture_assert_error(pw_store_add_many(home->store, import.items, import.count, &added, &err),
                         PW_EFORMAT, &err, "is in its place");
    assert_int_equal(count_stored(home), 1);
    fixture_do("rm r/baselines/*/%s", commit);
    fixture_assert_ok(pw_store_add_many(home->store, import.items, import.count, &added, &err),
                      &err);
    assert_int_equal(added.stored, 3);
    pw_import_release(&import);
    free(commit);
}

static void knows_what_cannot_be_written_in_git(void **state)
{
    static const struct {
        const char *ref;
        const char *script;
        const char *problem;
    } cases[] = {
        {"refs/heads/main", ":", "is checked out"},
        {"baselines", ":", "is not the full name"},
        {"refs/heads/a..b", ":", "is not the full name"},
        {"refs/perfwarden/symbolic", "git symbolic-ref refs/perfwarden/symbolic refs/heads/f",
         "is a symbolic ref"},
        {"refs/perfwarden/blob",
         "git update-ref refs/perfwarden/blob $(echo x | git hash-object -w --stdin)",
         "not to a commit"},
        {"refs/perfwarden/new", ":", NULL},
        {"refs/perfwarden/there", "git update-ref refs/perfwarden/there m0", NULL},
    };
    struct store_fixture *home = *state;

    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_error err = PW_ERROR_INIT;
        fixture_do("cd r; %s", cases[i].script);
        home->config.ref = cases[i].ref;
        const int status = pw_store_check_writable(home->store, &err);
        if (cases[i].problem == NULL) {
            fixture_assert_ok(status, &err);
        } else {
            assert_true(status == PW_EINVAL || status == PW_EGIT);
            fixture_assert_error(status, status, &err, cases[i].problem);
        }
    }
}

static void knows_what_cannot_be_written_in_a_directory(void **state)
{
    struct store_fixture *home = *state;
    struct pw_error err = PW_ERROR_INIT;

    /* it can be made */
    fixture_assert_ok(pw_store_check_writable(home->store, &err), &err);
    fixture_do("[ ! -e r/baselines ]; touch r/baselines");
    fixture_assert_error(pw_store_check_writable(home->store, &err), PW_EFORMAT, &err,
                         "is in its place");
    fixture_do("rm r/baselines; mkdir elsewhere; ln -s ../elsewhere r/baselines");
    fixture_assert_error(pw_store_check_writable(home->store, &err), PW_EFORMAT, &err,
                         "is in its place");
    fixture_do("rm r/baselines; mkdir r/baselines");
    fixture_assert_ok(pw_store_check_writable(home->store, &err), &err);
    home->config.path = "/proc/self/nothing/here";
    fixture_assert_error(pw_store_check_writable(home->store, &err), PW_EIO, &err,
                         "cannot write to");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_BOTH_HOMES(adds_all_at_once),
        IN_BOTH_HOMES(stores_nothing_when_one_contradicts),
        IN_BOTH_HOMES(refuses_one_run_with_two_contents),
        IN_BOTH_HOMES(refuses_names_that_are_no_names),
        IN_BOTH_HOMES(an_interrupted_call_changes_nothing),
        IN_BOTH_HOMES(an_interrupted_import_reads_no_further),
        cmocka_unit_test_setup_teardown(a_directory_takes_back_what_it_wrote,
                                        store_fixture_setup_directory, store_fixture_teardown),
        cmocka_unit_test_setup_teardown(knows_what_cannot_be_written_in_git,
                                        store_fixture_setup_git, store_fixture_teardown),
        cmocka_unit_test_setup_teardown(knows_what_cannot_be_written_in_a_directory,
                                        store_fixture_setup_directory, store_fixture_teardown),
    };

    return cmocka_run_group_tests_name("store_many", tests, NULL, NULL);
}
