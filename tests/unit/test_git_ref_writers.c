/* Writers at the same time, writers that are killed, and git itself writing to the same ref. */
#include "git_fixture.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define REF "refs/perfwarden/baselines"

static int add(struct pw_git *git, const char *path, const char *text, struct pw_error *err)
{
    const struct pw_git_change change = {path, text, strlen(text)};

    return pw_git_ref_update(git, REF, &change, 1, "add a file", err);
}

static void check_repository(void)
{
    char *report =
        fixture_run("git -C r fsck --strict 2>&1 | grep -v '^dangling\\|^notice' || true");

    assert_string_equal(report, "");
    free(report);
}

/* In a child: add `count` files of its own. Never returns. */
static void write_files(const char *path, unsigned writer, unsigned count)
{
    struct pw_git *git = NULL;
    struct pw_strbuf name = PW_STRBUF_INIT;
    struct pw_error err = PW_ERROR_INIT;
    int status = pw_git_open(path, &git, &err);

    for (unsigned i = 0; i < count && status == PW_OK; i++) {
        pw_strbuf_clear(&name);
        pw_strbuf_printf(&name, "%02x/%u/%u.json", i % 4, writer, i);
        status = add(git, pw_strbuf_text(&name), pw_strbuf_text(&name), &err);
    }
    if (status != PW_OK) {
        (void)fprintf(stderr, "writer %u: %s\n", writer, pw_error_message(&err));
    }
    _exit(status == PW_OK ? 0 : 1);
}

static pid_t start_writer(const char *path, unsigned writer, unsigned count)
{
    const pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        write_files(path, writer, count);
    }
    return child;
}

static void keeps_what_all_writers_add(void **state)
{
    (void)state;
    enum { WRITERS = 8, FILES = 25 };
    pid_t children[WRITERS];
    char *path = fixture_path("r");

    fixture_do("new r");
    for (unsigned i = 0; i < WRITERS; i++) {
        children[i] = start_writer(path, i, FILES);
    }
    for (unsigned i = 0; i < WRITERS; i++) {
        int ended = -1;
        assert_int_equal(waitpid(children[i], &ended, 0), children[i]);
        assert_int_equal(ended, 0);
    }
    char *count = fixture_run("git -C r ls-tree -r " REF " | wc -l");
    assert_int_equal(strtol(count, NULL, 10), WRITERS * FILES);
    check_repository();
    free(count);
    free(path);
}

/*
 * A git command that moves the ref knows nothing of our lock: compare-and-swap alone keeps what
 * both write.
 */
static void keeps_what_git_itself_adds(void **state)
{
    (void)state;
    int ended = -1;
    char *path = fixture_path("r");

    fixture_do("new r");
    struct pw_error err = PW_ERROR_INIT;
    struct pw_git *git = fixture_open("r");
    fixture_assert_ok(add(git, "first", "1", &err), &err);
    const pid_t child = start_writer(path, 1, 150);
    fixture_do("cd r; export GIT_INDEX_FILE=$PWD/foreign-index; b=$(echo x | git hash-object -w "
               "--stdin); for i in $(seq 20); do while :; do o=$(git rev-parse " REF "); "
               "git read-tree $o; git update-index --add --cacheinfo 100644,$b,foreign/$i; "
               "n=$(git commit-tree -p $o -m foreign $(git write-tree)); "
               "git update-ref " REF " $n $o 2>/dev/null && break; done; done");
    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_int_equal(ended, 0);
    char *count = fixture_run("git -C r ls-tree -r " REF " | wc -l");
    assert_int_equal(strtol(count, NULL, 10), 1 + 150 + 20);
    check_repository();
    pw_git_free(git);
    free(count);
    free(path);
}

static void sleep_us(long microseconds)
{
    const struct timespec pause = {.tv_nsec = microseconds * 1000};

    (void)nanosleep(&pause, NULL);
}

/* In a child: start writers on one repository, kill each, and write once after it. */
static int kill_writers(const char *path, unsigned kills, uint32_t random)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_strbuf name = PW_STRBUF_INIT;
    struct pw_git *git = NULL;
    int status = pw_git_open(path, &git, &err);

    for (unsigned i = 0; i < kills && status == PW_OK; i++) {
        const pid_t child = start_writer(path, 1000 + i, 1000);
        random = random * 1664525U + 1013904223U;
        sleep_us(1000 + (random >> 8) % 20000);
        if (kill(child, SIGKILL) != 0 || waitpid(child, NULL, 0) != child) {
            return 2;
        }
        pw_strbuf_clear(&name);
        pw_strbuf_printf(&name, "after/%u", i);
        status = add(git, pw_strbuf_text(&name), "x", &err);
    }
    if (status != PW_OK) {
        (void)fprintf(stderr, "%s\n", pw_error_message(&err));
    }
    return status == PW_OK ? 0 : 1;
}

/*
 * Killed at any moment, a writer leaves a store that the next one writes to unaided. Several
 * repositories at once, because waiting for a stale lock to be one takes time.
 */
static void survives_killed_writers(void **state)
{
    (void)state;
    enum { REPOSITORIES = 8, KILLS = 25 };
    pid_t children[REPOSITORIES];

    for (unsigned i = 0; i < REPOSITORIES; i++) {
        fixture_do("new r%u", i);
        char *path = fixture_run("echo $PWD/r%u", i);
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0) {
            _exit(kill_writers(path, KILLS, i));
        }
        free(path);
    }
    for (unsigned i = 0; i < REPOSITORIES; i++) {
        int ended = -1;
        assert_int_equal(waitpid(children[i], &ended, 0), children[i]);
        assert_int_equal(ended, 0);
        char *count = fixture_run("git -C r%u ls-tree -r " REF " after/ | wc -l", i);
        assert_int_equal(strtol(count, NULL, 10), KILLS);
        fixture_do("cd r%u; git fsck --strict >/dev/null 2>&1; test ! -e .git/" REF ".lock", i);
        free(count);
    }
}

static void removes_a_stale_lock(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;

    fixture_do("new r; mkdir -p .git/refs/perfwarden; : >.git/" REF ".lock; "
               "touch -d '2099-01-01' .git/" REF ".lock");
    struct pw_git *git = fixture_open("r");
    fixture_assert_ok(add(git, "a", "1", &err), &err);
    check_repository();
    pw_git_free(git);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keeps_what_all_writers_add, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(keeps_what_git_itself_adds, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(survives_killed_writers, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(removes_a_stale_lock, fixture_setup, fixture_teardown),
    };

    return cmocka_run_group_tests_name("git_ref_writers", tests, NULL, NULL);
}
