/* Clones that took each other's results in, so that they have several commits in common. */
#include <stdlib.h>

#include "transport_scene.h"

/* What two clones hold is fetched by both, crosswise. */
static void cross(void)
{
    fixture_do("rm -rf a0 b0; cp -r a a0; cp -r b b0; git -C a remote set-url origin ../b0; "
               "git -C b remote set-url origin ../a0");
    (void)scene_do("a", pw_git_remote_fetch);
    (void)scene_do("b", pw_git_remote_fetch);
    fixture_do("git -C a remote set-url origin ../b; git -C b remote set-url origin ../a");
}

static void start_with(const char *const *paths, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        scene_store("r.git", paths[i], paths[i]);
    }
    (void)scene_do("a", pw_git_remote_fetch);
    (void)scene_do("b", pw_git_remote_fetch);
}

/* Each of the two commits in common has one of the results that are stored again afterwards:
 * whichever is taken for the only one, a result would seem to have been removed. */
static void keeps_what_is_stored_again(void **state)
{
    (void)state;
    static const char *const paths[] = {"2f/x", "30/d/y", "40/w"};

    start_with(paths, PW_COUNT(paths));
    scene_store("a", "2f/x", NULL);
    scene_store("b", "30/d/y", NULL);
    cross();
    scene_assert_files("a", "40/w");
    scene_assert_files("b", "40/w");
    scene_store("a", "2f/x", "2f/x");
    scene_store("b", "30/d/y", "30/d/y");
    fixture_do("cd a; git fetch -q ../b " REF "; "
               "test $(git merge-base --all " REF " FETCH_HEAD | wc -l) = 2; rm .git/FETCH_HEAD");
    const struct pw_git_exchange done = scene_do("a", pw_git_remote_fetch);
    assert_int_equal(done.received, 1);
    assert_int_equal(done.removed, 0);
    scene_assert_files("a", "2f/x 30/d/y 40/w");
    assert_int_equal(scene_do("b", pw_git_remote_fetch).received, 1);
    scene_assert_files("b", "2f/x 30/d/y 40/w");
}

/* What all of the commits in common have is removed as ever, in a folder that differs, too. */
static void removes_what_all_had(void **state)
{
    (void)state;
    static const char *const paths[] = {"2f/v", "2f/w", "2f/x", "30/y", "40/z"};

    start_with(paths, PW_COUNT(paths));
    scene_store("a", "2f/a", "1");
    scene_store("b", "2f/b", "2");
    cross();
    scene_store("a", "2f/x", NULL);
    scene_store("a", "40/z", NULL);
    scene_store("b", "2f/w", NULL);
    scene_store("b", "30/y", NULL);
    const struct pw_git_exchange done = scene_do("a", pw_git_remote_fetch);
    assert_int_equal(done.received, 0);
    assert_int_equal(done.removed, 2);
    scene_assert_files("a", "2f/a 2f/b 2f/v");
}

#define WITH_SCENE(test) cmocka_unit_test_setup_teardown(test, scene_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SCENE(keeps_what_is_stored_again),
        WITH_SCENE(removes_what_all_had),
    };

    return cmocka_run_group_tests_name("git_union", tests, NULL, NULL);
}
