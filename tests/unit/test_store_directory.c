/* What only the directory home can meet: links, pipes, directories in the way, killed writers. */
#include "git_fixture.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "perfwarden/store.h"

#define COMMIT      "aa00000000000000000000000000000000000000"
#define OTHER       "bb00000000000000000000000000000000000000"
#define ENVIRONMENT "0123456789ab"
#define RUN         "01JD3Z6W6QK1V6K9M2T8C4X7RB"
#define DIRECTORY   "aa/" COMMIT "/" ENVIRONMENT
#define PATH        DIRECTORY "/" RUN ".json"

static char *directory;
static struct pw_baseline_config config;
static struct pw_store *store;

static int setup(void **state)
{
    struct pw_error err = PW_ERROR_INIT;

    fixture_setup(state);
    directory = fixture_path("baselines");
    config = (struct pw_baseline_config){.store = PW_STORE_DIRECTORY, .path = directory};
    fixture_assert_ok(pw_store_open(&config, NULL, &store, &err), &err);
    return 0;
}

static int teardown(void **state)
{
    pw_store_free(store);
    free(directory);
    return fixture_teardown(state);
}

static int add(struct pw_error *err)
{
    struct pw_result result;

    fixture_assert_ok(pw_result_init(&result, err), err);
    result.commit = COMMIT;
    result.started_at = "2026-11-20T10:00:00Z";
    memcpy(result.run_id, RUN, sizeof(RUN));
    memcpy(result.environment.id, ENVIRONMENT, sizeof(ENVIRONMENT));
    const int status = pw_store_add(store, &result, err);
    pw_result_release(&result);
    return status;
}

static const struct pw_store_entry entry = {
    .commit = COMMIT, .environment_id = ENVIRONMENT, .run_id = RUN, .path = PATH};

static size_t count_listed(void)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_store_listing listing;

    fixture_assert_ok(pw_store_list(store, &listing, &err), &err);
    const size_t count = listing.count;
    pw_store_listing_release(&listing);
    return count;
}

/* What stands where the store expects a directory or a file of its own. */
static const struct {
    const char *name;
    const char *script;
    const char *message; /**< of adding; NULL when that works */
    bool may_list;
} obstacles[] = {
    {"link to a directory", "mkdir baselines out; ln -s ../out baselines/aa",
     "a symbolic link or a file is in its place", true},
    {"link further down", "mkdir -p baselines/aa out; ln -s ../../out baselines/aa/" COMMIT,
     "a symbolic link or a file is in its place", true},
    {"link in place of the file",
     "mkdir -p baselines/" DIRECTORY "; echo secret >out; ln -s ../../../../out baselines/" PATH,
     "exists already", true},
    {"dangling link", "mkdir -p baselines/" DIRECTORY "; ln -s /nowhere baselines/" PATH,
     "exists already", true},
    {"file in place of a directory", "mkdir baselines; echo >baselines/aa",
     "a symbolic link or a file is in its place", true},
    {"directory in place of the file", "mkdir -p baselines/" PATH, "exists already", true},
    {"pipe in place of the file", "mkdir -p baselines/" DIRECTORY "; mkfifo baselines/" PATH,
     "exists already", true},
    {"file in place of the store", "echo >baselines", "cannot open the directory", false},
    {"link in place of the store", "mkdir out; ln -s out baselines",
     "a symbolic link or a file is in its place", false},
    {"what a killed writer left",
     "mkdir -p baselines/" DIRECTORY "; echo >baselines/" DIRECTORY "/." RUN ".json." RUN, NULL,
     true},
};

static void meets_obstacles(void **state)
{
    (void)state;
    for (size_t i = 0; i < PW_COUNT(obstacles); i++) {
        struct pw_error err = PW_ERROR_INIT;
        struct pw_store_listing listing;
        struct pw_result result;

        print_message("%s\n", obstacles[i].name);
        fixture_do("rm -rf baselines out; %s", obstacles[i].script);
        const int status = add(&err);
        if (obstacles[i].message == NULL) {
            fixture_assert_ok(status, &err);
            assert_int_equal(count_listed(), 1);
            fixture_assert_ok(pw_store_remove(store, &entry, 1, &err), &err);
            continue;
        }
        assert_non_null(strstr(pw_error_message(&err), obstacles[i].message));
        assert_int_not_equal(status, PW_OK);
        pw_error_release(&err);
        /* nothing was written through a link, and what is there is not taken for a result */
        fixture_do("test ! -d out || test -z \"$(ls -A out)\"; test ! -f out || "
                   "test \"$(cat out)\" = secret");
        assert_int_not_equal(pw_store_read(store, &entry, &result, &err), PW_OK);
        pw_error_release(&err);
        if (obstacles[i].may_list) {
            assert_int_equal(count_listed(), 0);
        } else {
            assert_int_equal(pw_store_list(store, &listing, &err), PW_EIO);
            pw_error_release(&err);
        }
    }
}

static void leaves_no_trace_of_what_was_removed(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;

    fixture_assert_ok(add(&err), &err);
    fixture_do("mkdir -p baselines/aa/" OTHER "; echo x >baselines/aa/" OTHER "/kept; "
               "test $(find baselines -type f | wc -l) = 2");
    fixture_assert_ok(pw_store_remove(store, &entry, 1, &err), &err);
    fixture_do("test ! -e baselines/aa/" COMMIT "; test -e baselines/aa/" OTHER "/kept");
    fixture_do("rm -r baselines/aa/" OTHER);
    fixture_assert_ok(add(&err), &err);
    fixture_assert_ok(pw_store_remove(store, &entry, 1, &err), &err);
    fixture_do("test -d baselines; test -z \"$(ls -A baselines)\"");
}

/* What a disk, or somebody, changed in a file that still is a result. */
static void finds_a_changed_digit(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_result result = {0};

    fixture_assert_ok(add(&err), &err);
    fixture_do("grep -q '\"checksum\": \"[0-9a-f]\\{16\\}\"$' baselines/" PATH);
    fixture_assert_ok(pw_store_read(store, &entry, &result, &err), &err);
    pw_result_release(&result);
    fixture_assert_ok(add(&err), &err); /* the same again */
    fixture_do("sed -i s/2026-11-20/2026-11-21/ baselines/" PATH);
    fixture_assert_error(pw_store_read(store, &entry, &result, &err), PW_EFORMAT, &err,
                         "checksum does not match");
    fixture_assert_error(add(&err), PW_EEXISTS, &err, "not overwritten");
    /* without one it is a file of an older version, or of a person */
    fixture_do("cd baselines; head -n -2 " PATH " | sed '$ s/,$//' >x; echo '}' >>x; mv x " PATH);
    fixture_assert_ok(pw_store_read(store, &entry, &result, &err), &err);
    pw_result_release(&result);
}

static void needs_no_repository_but_to_search(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_store_search found;
    struct pw_store *other = NULL;
    const struct pw_baseline_config in_git = {.store = PW_STORE_GIT, .ref = "refs/x/y"};

    fixture_assert_error(pw_store_find(store, COMMIT, ENVIRONMENT, 20, &found, &err), PW_EINVAL,
                         &err, "without a repository");
    fixture_assert_error(pw_store_open(&in_git, NULL, &other, &err), PW_EINVAL, &err,
                         "this is not a git repository");
    assert_string_equal(pw_store_location(store), directory);
}

static void says_what_cannot_be_written(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;

    if (geteuid() == 0) {
        fixture_do("ln -s /proc/self/nowhere baselines");
        assert_int_not_equal(add(&err), PW_OK);
    } else {
        fixture_do("mkdir baselines; chmod a-w baselines");
        assert_int_equal(add(&err), PW_EIO);
    }
    assert_non_null(strstr(pw_error_message(&err), "baselines"));
    pw_error_release(&err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(meets_obstacles, setup, teardown),
        cmocka_unit_test_setup_teardown(leaves_no_trace_of_what_was_removed, setup, teardown),
        cmocka_unit_test_setup_teardown(finds_a_changed_digit, setup, teardown),
        cmocka_unit_test_setup_teardown(needs_no_repository_but_to_search, setup, teardown),
        cmocka_unit_test_setup_teardown(says_what_cannot_be_written, setup, teardown),
    };

    return cmocka_run_group_tests_name("store_directory", tests, NULL, NULL);
}
