/* Fetching what a shallow clone lacks, from a repository beside it. */
#include "git_fixture.h"

#include <stdlib.h>
#include <string.h>

/* 700 commits on main, and 80 on a branch that leaves it 20 before its end. */
#define ORIGIN                                                                                     \
    "new o; { for i in $(seq 1 700); do printf 'commit refs/heads/main\\nmark :%%s\\ncommitter A " \
    "<a@b> %%s +0000\\ndata 1\\nx\\n' $i $((1600000000 + i)); done; for i in $(seq 1 80); do "     \
    "printf 'commit refs/heads/feature\\ncommitter A <a@b> %%s +0000\\ndata 1\\ny\\n' "            \
    "$((1600001000 + i)); test $i = 1 && echo 'from :680'; echo; done; } | git fast-import "       \
    "--quiet; cd ..; "

/* How many commits a revision of the clone has. */
static size_t count_commits(const char *revision)
{
    char *text = fixture_run("git -C s rev-list --count %s", revision);
    const size_t count = strtoul(text, NULL, 10);

    free(text);
    return count;
}

static bool deepen(struct pw_git *git, const struct pw_git_deepening *deepening)
{
    struct pw_error err = PW_ERROR_INIT;
    bool is_complete = false;

    fixture_assert_ok(pw_git_deepen(git, deepening, &is_complete, &err), &err);
    return is_complete;
}

static void goes_back_step_by_step(void **state)
{
    (void)state;
    fixture_do(ORIGIN "git clone -q --depth 1 --branch main file://$PWD/o s");
    struct pw_git *git = fixture_open("s");
    struct pw_git_deepening deepening = {.step = 0};
    assert_int_equal(count_commits("HEAD"), 1);
    assert_false(deepen(git, &deepening));
    assert_int_equal(count_commits("HEAD"), 51);
    deepening.step++;
    assert_false(deepen(git, &deepening));
    assert_int_equal(count_commits("HEAD"), 551);
    deepening.step++;
    assert_true(deepen(git, &deepening));
    assert_int_equal(count_commits("HEAD"), 700);
    /* of a complete clone nothing more is asked */
    fixture_do("rm -rf o");
    deepening.step++;
    assert_true(deepen(git, &deepening));
    pw_git_free(git);
}

static void fetches_all_in_the_end(void **state)
{
    (void)state;
    fixture_do(ORIGIN "git clone -q --depth 1 --branch main file://$PWD/o s");
    struct pw_git *git = fixture_open("s");
    const struct pw_git_deepening deepening = {.step = 3};
    assert_true(deepen(git, &deepening));
    assert_int_equal(count_commits("HEAD"), 700);
    assert_false(pw_git_is_shallow(git));
    pw_git_free(git);
}

/* HEAD is a commit that no branch has, as CI systems check out, and the branch is not here. */
static void deepens_a_head_of_no_branch(void **state)
{
    (void)state;
    static const char *const protocols[] = {"2", "0"};
    for (size_t i = 0; i < PW_COUNT(protocols); i++) {
        fixture_do("rm -rf o s; " ORIGIN
                   "cd o; git config uploadpack.allowReachableSHA1InWant true; git update-ref "
                   "refs/pull/1/head feature; git branch -q -D feature; cd ..; new s; git remote "
                   "add origin file://$PWD/../o; git fetch -q --depth=1 origin refs/pull/1/head; "
                   "git checkout -q --detach FETCH_HEAD; git config protocol.version %s",
                   protocols[i]);
        struct pw_git *git = fixture_open("s");
        const struct pw_git_deepening first = {.branch = "main"};
        assert_false(deepen(git, &first));
        assert_int_equal(count_commits("HEAD"), 51);
        assert_true(count_commits("origin/main") >= 50);
        const struct pw_git_deepening second = {.branch = "main", .step = 1};
        (void)deepen(git, &second);
        assert_true(count_commits("HEAD") > 80);
        assert_true(count_commits("origin/main") > 500);
        pw_git_free(git);
    }
}

/* A server that gives no commits by their names gives its branches. */
static void asks_for_branches_where_commits_are_refused(void **state)
{
    (void)state;
    fixture_do(ORIGIN "git clone -q --depth 1 --branch main file://$PWD/o s; cd o; c more; git "
                      "checkout -q main; c more; cd ../s; git config protocol.version 0");
    struct pw_git *git = fixture_open("s");
    const struct pw_git_deepening deepening = {.step = 0};
    assert_false(deepen(git, &deepening));
    assert_true(count_commits("HEAD") >= 50);
    pw_git_free(git);
}

static void fetches_a_branch_alone_into_a_full_clone(void **state)
{
    (void)state;
    fixture_do(ORIGIN "git clone -q --single-branch --branch feature file://$PWD/o s");
    struct pw_git *git = fixture_open("s");
    const struct pw_git_deepening deepening = {.branch = "main"};
    assert_true(deepen(git, &deepening));
    assert_int_equal(count_commits("origin/main"), 700);
    pw_git_free(git);
}

static void fails_with_gits_own_words(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;
    const volatile int interrupted = 1;
    bool is_complete = false;
    struct pw_git_deepening deepening = {.branch = "gone"};

    fixture_do(ORIGIN "git clone -q --depth 1 --branch main file://$PWD/o s");
    struct pw_git *git = fixture_open("s");
    fixture_assert_error(pw_git_deepen(git, &deepening, &is_complete, &err), PW_EGIT, &err,
                         "cannot fetch more history: 'git fetch' says: ");
    /* a name is never an option, nor a command */
    deepening.branch = "--upload-pack=touch ../../hacked";
    fixture_assert_error(pw_git_deepen(git, &deepening, &is_complete, &err), PW_EGIT, &err,
                         "'git fetch' says: ");
    fixture_do("cd s; git remote rename origin --upload-pack=x 2>/dev/null || git config "
               "remote.--upload-pack=x.url y; git remote remove origin 2>/dev/null || true");
    deepening.branch = NULL;
    fixture_assert_error(pw_git_deepen(git, &deepening, &is_complete, &err), PW_EGIT, &err,
                         "there is no remote 'origin'");
    fixture_do("test ! -e hacked; cd s; git remote add origin file://$PWD/../o");
    deepening.interrupted = &interrupted;
    fixture_assert_error(pw_git_deepen(git, &deepening, &is_complete, &err), PW_EINTERRUPTED, &err,
                         "");
    assert_false(is_complete);
    pw_git_free(git);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(goes_back_step_by_step, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(fetches_all_in_the_end, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(deepens_a_head_of_no_branch, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(asks_for_branches_where_commits_are_refused, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(fetches_a_branch_alone_into_a_full_clone, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(fails_with_gits_own_words, fixture_setup, fixture_teardown),
    };

    return cmocka_run_group_tests_name("git_deepen", tests, NULL, NULL);
}
