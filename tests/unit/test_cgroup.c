/*
 * Control groups: finding one's own on every kind of system, and clearing away what a killed
 * launcher left. Where no group can be made, the refusal is what is tested.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../src/run/cgroup.h"
#include "../../src/run/cgroup_find.h"
#include "perfwarden/util.h"

/** Two files of /proc and what follows from them. */
struct place {
    const char *groups;
    const char *mounts;
    const char *controller;
    const char *directory; /**< NULL for none */
};

#define VERSION2 "25 30 0:23 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
#define MEMORY1  "33 31 0:30 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
#define HYBRID                                                                                     \
    VERSION2 MEMORY1 "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
#define OTHERS "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"

static const struct place PLACES[] = {
    {"0::/user.slice/a.scope\n", OTHERS VERSION2, NULL, "/sys/fs/cgroup/user.slice/a.scope"},
    {"0::/\n", OTHERS VERSION2, NULL, "/sys/fs/cgroup"},
    {"0::/a", VERSION2, NULL, "/sys/fs/cgroup/a"},
    {"0::/a:b\n", VERSION2, NULL, "/sys/fs/cgroup/a:b"},
    {"0::/\n", OTHERS, NULL, NULL},
    {"0::/a\n", VERSION2, "memory", NULL},
    {"4:memory:/x/y\n0::/\n", HYBRID, "memory", "/sys/fs/cgroup/memory/x/y"},
    {"3:cpu,cpuacct:/c\n4:memory:/x\n", HYBRID, "cpu", "/sys/fs/cgroup/cpu,cpuacct/c"},
    {"3:cpuacct:/c\n2:cpuset:/s\n", HYBRID, "cpu", NULL},
    {"4:memory:/x\n", HYBRID, NULL, NULL},
    /* A container that sees its own part: the mount's root is cut off. */
    {"4:memory:/docker/1f\n",
     "9 8 0:3 /docker/1f /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n", "memory",
     "/sys/fs/cgroup/memory"},
    {"4:memory:/docker/1f/in\n",
     "9 8 0:3 /docker/1f /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n", "memory",
     "/sys/fs/cgroup/memory/in"},
    {"4:memory:/docker/1fa\n",
     "9 8 0:3 /docker/1f /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n", "memory", NULL},
    {"0::/../other\n", VERSION2, NULL, NULL},
    {"0::/a\n", "25 30 0:23 / /mnt/my\\040groups rw - cgroup2 none rw\n", NULL, "/mnt/my groups/a"},
    {"", "", NULL, NULL},
    {"\n\n0::/a\n", "\n \n" VERSION2, NULL, "/sys/fs/cgroup/a"},
    {"0:", VERSION2, NULL, NULL},
    {"garbage", "garbage", "memory", NULL},
};

static void test_own_groups_are_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < PW_COUNT(PLACES); i++) {
        const struct place *place = &PLACES[i];
        struct pw_strbuf found = PW_STRBUF_INIT;
        bool is_found = pw_run_cgroup_find(place->groups, place->mounts, place->controller, &found);

        if (is_found != (place->directory != NULL) ||
            (is_found && strcmp(pw_strbuf_text(&found), place->directory) != 0)) {
            fail_msg("case %zu: found '%s', expected '%s'", i, pw_strbuf_text(&found),
                     place->directory != NULL ? place->directory : "none");
        }
        pw_strbuf_release(&found);
    }
}

/** Append a directory in which this test can make groups. @return false where there is none */
static bool find_own(struct pw_strbuf *out)
{
    static const char *const CONTROLLERS[] = {NULL, "memory", "cpu"};
    struct pw_strbuf groups = PW_STRBUF_INIT;
    struct pw_strbuf mounts = PW_STRBUF_INIT;
    bool is_found = false;

    assert_int_equal(pw_file_read("/proc/self/cgroup", 1 << 20, &groups, NULL), 0);
    assert_int_equal(pw_file_read("/proc/self/mountinfo", 8 << 20, &mounts, NULL), 0);
    for (size_t i = 0; !is_found && i < PW_COUNT(CONTROLLERS); i++) {
        struct pw_run_cgroup probe = PW_RUN_CGROUP_EMPTY;

        pw_strbuf_clear(out);
        if (pw_run_cgroup_find(pw_strbuf_text(&groups), pw_strbuf_text(&mounts), CONTROLLERS[i],
                               out)) {
            is_found = pw_run_cgroup_make(&probe, pw_strbuf_text(out), 1000);
            pw_run_cgroup_remove(&probe);
        }
    }
    pw_strbuf_release(&groups);
    pw_strbuf_release(&mounts);
    return is_found;
}

/** How many entries of a directory were made by a process. */
static unsigned count_made_by(const char *directory, pid_t maker)
{
    char prefix[64];
    DIR *entries = opendir(directory);
    const struct dirent *entry;
    unsigned count = 0;

    assert_non_null(entries);
    (void)snprintf(prefix, sizeof(prefix), "perfwarden-%ld-", (long)maker);
    while ((entry = readdir(entries)) != NULL) {
        count += strncmp(entry->d_name, prefix, strlen(prefix)) == 0;
    }
    (void)closedir(entries);
    return count;
}

/** A directory that is no control group is not mistaken for one, and nothing stays in it. */
static void test_no_group_can_be_made(void **state)
{
    char directory[] = "/tmp/perfwarden-test-XXXXXX";
    struct pw_run_cgroup group = PW_RUN_CGROUP_EMPTY;

    (void)state;
    assert_non_null(mkdtemp(directory));
    assert_false(pw_run_cgroup_make(&group, directory, 0));
    assert_int_equal(errno, ENOENT);
    assert_false(pw_run_cgroup_exists(&group));
    assert_int_equal(rmdir(directory), 0);
    assert_false(pw_run_cgroup_make(&group, directory, 0));
    assert_int_equal(errno, ENOENT);
    pw_run_cgroup_remove(&group);
    pw_run_cgroup_sweep(directory);
}

static void test_group_holds_a_process(void **state)
{
    struct pw_strbuf parent = PW_STRBUF_INIT;
    struct pw_run_cgroup group = PW_RUN_CGROUP_EMPTY;
    uint64_t first = 0;
    int status = 0;
    pid_t child;

    (void)state;
    if (!find_own(&parent)) {
        pw_strbuf_release(&parent);
        return; /* test_limits checks what happens then */
    }
    assert_true(pw_run_cgroup_make(&group, pw_strbuf_text(&parent), 1));
    child = fork();
    if (child == 0) {
        (void)pw_run_cgroup_enter(&group);
        (void)sleep(60);
        _exit(0);
    }
    for (int i = 0; i < 1000 && !pw_run_cgroup_read(&group, "cgroup.procs", "", &first); i++) {
        (void)nanosleep(&(struct timespec){0, 10000000}, NULL);
    }
    assert_int_equal(first, child);
    pw_run_cgroup_sweep(pw_strbuf_text(&parent)); /* it is ours, and stays */
    assert_int_equal(count_made_by(pw_strbuf_text(&parent), getpid()), 1);
    pw_run_cgroup_kill(&group);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    pw_run_cgroup_remove(&group);
    assert_int_equal(count_made_by(pw_strbuf_text(&parent), getpid()), 0);
    pw_strbuf_release(&parent);
}

/** Make a group, put somebody into it who stays, and be gone. */
static void leave_group_behind(const char *parent)
{
    struct pw_run_cgroup group = PW_RUN_CGROUP_EMPTY;

    if (!pw_run_cgroup_make(&group, parent, 0)) {
        _exit(1);
    }
    if (fork() == 0) {
        (void)pw_run_cgroup_enter(&group);
        (void)execl("/bin/sleep", "sleep", "60", (char *)NULL);
        _exit(1);
    }
    for (uint64_t pid = 0; !pw_run_cgroup_read(&group, "cgroup.procs", "", &pid);) {
    }
    (void)nanosleep(&(struct timespec){0, 200000000}, NULL); /* its exec lets go of the lock */
    _exit(0);
}

static void test_leftovers_are_swept(void **state)
{
    struct pw_strbuf parent = PW_STRBUF_INIT;
    int status = 1;
    pid_t maker;

    (void)state;
    if (!find_own(&parent)) {
        pw_strbuf_release(&parent);
        return;
    }
    maker = fork();
    if (maker == 0) {
        leave_group_behind(pw_strbuf_text(&parent));
    }
    assert_int_equal(waitpid(maker, &status, 0), maker);
    assert_int_equal(status, 0);
    assert_int_equal(count_made_by(pw_strbuf_text(&parent), maker), 1);
    for (int i = 0; i < 100 && count_made_by(pw_strbuf_text(&parent), maker) > 0; i++) {
        pw_run_cgroup_sweep(pw_strbuf_text(&parent));
    }
    assert_int_equal(count_made_by(pw_strbuf_text(&parent), maker), 0);
    pw_strbuf_release(&parent);
}

/** In a group of its own: move out of it, with somebody else there or not. @return exit status */
static int move_out(const struct pw_run_cgroup *outer, const char *directory, bool is_alone)
{
    struct pw_run_cgroup leaf = PW_RUN_CGROUP_EMPTY;
    uint64_t left = 0;
    bool has_moved;

    if (!pw_run_cgroup_make(&leaf, directory, 2)) {
        return 2;
    }
    has_moved = pw_run_cgroup_take_in(&leaf);
    if (has_moved != is_alone) {
        return 3;
    }
    if (has_moved && pw_run_cgroup_read(outer, "cgroup.procs", "", &left)) {
        return 4;
    }
    /* Back again, so that the leaf can be removed. */
    if (has_moved && (!pw_run_cgroup_enter(outer) ||
                      !pw_run_cgroup_write_number(outer, "cgroup.procs", (uint64_t)getppid()))) {
        return 5;
    }
    pw_run_cgroup_remove(&leaf);
    return 0;
}

/** What a launcher and its perfwarden do to get controllers. Not with a stranger in their group. */
static void test_moving_out_of_the_own_group(void **state)
{
    struct pw_strbuf parent = PW_STRBUF_INIT;
    struct pw_strbuf directory = PW_STRBUF_INIT;
    struct pw_run_cgroup outer = PW_RUN_CGROUP_EMPTY;

    (void)state;
    if (!find_own(&parent)) {
        pw_strbuf_release(&parent);
        return;
    }
    assert_true(pw_run_cgroup_make(&outer, pw_strbuf_text(&parent), 3));
    pw_path_join(&directory, pw_strbuf_text(&parent), outer.name);
    for (int strangers = 0; strangers < 2; strangers++) {
        int status = 1;
        pid_t middle = fork();

        if (middle == 0) {
            pid_t stranger = 0;

            (void)pw_run_cgroup_enter(&outer);
            if (strangers > 0 && (stranger = fork()) == 0) {
                (void)sleep(60);
                _exit(0);
            }
            if (fork() == 0) {
                _exit(move_out(&outer, pw_strbuf_text(&directory), strangers == 0));
            }
            (void)wait(&status);
            if (stranger > 0) {
                (void)kill(stranger, SIGKILL);
                (void)wait(NULL);
            }
            _exit(WEXITSTATUS(status));
        }
        assert_int_equal(waitpid(middle, &status, 0), middle);
        assert_int_equal(WEXITSTATUS(status), 0);
    }
    pw_run_cgroup_remove(&outer);
    assert_int_equal(count_made_by(pw_strbuf_text(&parent), getpid()), 0);
    pw_strbuf_release(&directory);
    pw_strbuf_release(&parent);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_own_groups_are_found),
        cmocka_unit_test(test_no_group_can_be_made),
        cmocka_unit_test(test_group_holds_a_process),
        cmocka_unit_test(test_leftovers_are_swept),
        cmocka_unit_test(test_moving_out_of_the_own_group),
    };

    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
