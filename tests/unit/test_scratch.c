/* Scratch directories: removed by their owner, else by the next who looks, and by nobody else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../src/run/scratch.h"
#include "perfwarden/util.h"

static char parent[] = "/tmp/perfwarden-test-scratch-XXXXXX";

static void put(const char *directory, const char *name)
{
    struct pw_strbuf path = PW_STRBUF_INIT;

    pw_path_join(&path, directory, name);
    assert_int_equal(pw_file_write(pw_strbuf_text(&path), "x", 1, NULL), 0);
    pw_strbuf_release(&path);
}

/** A directory in the parent. @return its path, freed by the caller */
static char *make(const char *name, mode_t mode)
{
    struct pw_strbuf path = PW_STRBUF_INIT;
    char *copy;

    pw_path_join(&path, parent, name);
    copy = strdup(pw_strbuf_text(&path));
    assert_non_null(copy);
    assert_int_equal(mkdir(copy, 0700), 0);
    put(copy, "1");
    assert_int_equal(chmod(copy, mode), 0);
    pw_strbuf_release(&path);
    return copy;
}

static void remove_all(char *directory)
{
    struct pw_strbuf path = PW_STRBUF_INIT;

    pw_path_join(&path, directory, "1");
    (void)unlink(pw_strbuf_text(&path));
    (void)rmdir(directory);
    pw_strbuf_release(&path);
    free(directory);
}

static void test_made_and_removed(void **state)
{
    struct pw_arena arena = {NULL};
    struct pw_run_scratch scratch;
    struct stat status;

    (void)state;
    assert_int_equal(pw_run_scratch_make(parent, &arena, &scratch, NULL), 0);
    assert_int_equal(stat(scratch.path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    put(scratch.path, "1");
    pw_run_scratch_sweep(parent);
    assert_true(pw_path_exists(scratch.path));
    pw_run_scratch_remove(&scratch);
    assert_false(pw_path_exists(scratch.path));
    pw_arena_release(&arena);
}

static void test_no_parent(void **state)
{
    struct pw_arena arena = {NULL};
    struct pw_run_scratch scratch;
    struct pw_error err = PW_ERROR_INIT;

    (void)state;
    assert_int_not_equal(pw_run_scratch_make("/absent", &arena, &scratch, &err), 0);
    assert_non_null(strstr(pw_error_message(&err), "'/absent/perfwarden-counts-"));
    pw_run_scratch_sweep("/absent");
    pw_error_release(&err);
    pw_arena_release(&arena);
}

/** The owner is killed: what it had goes with the next sweep, and not before it is dead. */
static void test_of_the_killed(void **state)
{
    int ready[2];
    char path[256];
    pid_t owner;
    ssize_t length;

    (void)state;
    assert_int_equal(pipe(ready), 0);
    owner = fork();
    if (owner == 0) {
        struct pw_arena arena = {NULL};
        struct pw_run_scratch scratch;

        if (pw_run_scratch_make(parent, &arena, &scratch, NULL) == 0) {
            put(scratch.path, "1");
            length = write(ready[1], scratch.path, strlen(scratch.path));
            (void)sleep(length > 0 ? 60 : 0);
        }
        _exit(1);
    }
    length = read(ready[0], path, sizeof(path) - 1);
    assert_true(length > 0);
    path[length] = '\0';
    pw_run_scratch_sweep(parent);
    assert_true(pw_path_exists(path));
    (void)kill(owner, SIGKILL);
    assert_int_equal(waitpid(owner, NULL, 0), owner);
    pw_run_scratch_sweep(parent);
    assert_false(pw_path_exists(path));
    (void)close(ready[0]);
    (void)close(ready[1]);
}

/** A name alone proves nothing. */
static void test_what_is_not_ours(void **state)
{
    char *stale = make("perfwarden-counts-stale1", 0700);
    char *open_to_all = make("perfwarden-counts-open01", 0755);
    char *elsewhere = make("elsewhere", 0700);
    struct pw_strbuf link = PW_STRBUF_INIT;
    struct pw_strbuf file = PW_STRBUF_INIT;

    (void)state;
    pw_path_join(&link, parent, "perfwarden-counts-link01");
    pw_path_join(&file, elsewhere, "1");
    assert_int_equal(symlink(elsewhere, pw_strbuf_text(&link)), 0);
    put(parent, "perfwarden-counts-file01");
    pw_run_scratch_sweep(parent);
    assert_false(pw_path_exists(stale));
    assert_true(pw_path_exists(open_to_all));
    assert_true(pw_path_exists(pw_strbuf_text(&file)));
    assert_true(pw_path_exists(pw_strbuf_text(&link)));
    assert_int_equal(unlink(pw_strbuf_text(&link)), 0);
    pw_strbuf_clear(&link);
    pw_path_join(&link, parent, "perfwarden-counts-file01");
    assert_int_equal(unlink(pw_strbuf_text(&link)), 0);
    pw_strbuf_release(&link);
    pw_strbuf_release(&file);
    remove_all(stale);
    remove_all(open_to_all);
    remove_all(elsewhere);
}

/** Another user's, which only root can make. */
static void test_of_another_user(void **state)
{
    char *foreign;

    (void)state;
    if (geteuid() != 0) {
        skip();
    }
    foreign = make("perfwarden-counts-other1", 0700);
    assert_int_equal(chown(foreign, 65534, 65534), 0);
    pw_run_scratch_sweep(parent);
    assert_true(pw_path_exists(foreign));
    remove_all(foreign);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_made_and_removed), cmocka_unit_test(test_no_parent),
        cmocka_unit_test(test_of_the_killed),    cmocka_unit_test(test_what_is_not_ours),
        cmocka_unit_test(test_of_another_user),
    };
    int failed;

    if (mkdtemp(parent) == NULL) {
        return 1;
    }
    failed = cmocka_run_group_tests(TESTS, NULL, NULL);
    (void)rmdir(parent);
    return failed;
}
