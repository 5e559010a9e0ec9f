/*
 * What has to be on the disk before a ref moves: every object and every directory that got a name.
 * The linker puts the functions below in the place of fsync and pthread_create, as our own code
 * calls them.
 */
#include "git_fixture.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define REF "refs/perfwarden/baselines"

enum { MAX_SYNCED = 4096 };

static ino_t synced[MAX_SYNCED];
static size_t synced_count;
static int thread_errnum; /* what pthread_create fails with; 0 for it works */
static int sync_errnum;   /* what fsync fails with */

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*start)(void *), void *data);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*start)(void *), void *data);
int __real_fsync(int fd);
int __wrap_fsync(int fd);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void note(int fd)
{
    struct stat info;

    if (fstat(fd, &info) != 0) {
        abort();
    }
    (void)pthread_mutex_lock(&lock);
    if (synced_count < MAX_SYNCED) {
        synced[synced_count++] = info.st_ino;
    }
    (void)pthread_mutex_unlock(&lock);
}

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*start)(void *), void *data)
{
    return thread_errnum != 0 ? thread_errnum
                              : __real_pthread_create(thread, attributes, start, data);
}

int __wrap_fsync(int fd)
{
    if (sync_errnum != 0) {
        errno = sync_errnum;
        return -1;
    }
    note(fd);
    return __real_fsync(fd);
}

static int add(struct pw_git *git, unsigned count, const char *text, struct pw_error *err)
{
    struct pw_git_change changes[64];
    char paths[PW_COUNT(changes)][16];
    char texts[PW_COUNT(changes)][64];

    assert_true(count <= PW_COUNT(changes));
    for (unsigned i = 0; i < count; i++) {
        (void)snprintf(paths[i], sizeof(paths[i]), "%02u/%s", i, text);
        (void)snprintf(texts[i], sizeof(texts[i]), "%s %u", text, i);
        changes[i] = (struct pw_git_change){paths[i], texts[i], strlen(texts[i])};
    }
    return pw_git_ref_update(git, REF, changes, count, "x", err);
}

/* Whatever find names was synced. */
static void assert_synced(const char *expression)
{
    char *inodes = fixture_run("find r/.git/objects %s -printf '%%i\\n'", expression);
    size_t lines = 0;

    for (char *line = strtok(inodes, "\n"); line != NULL; line = strtok(NULL, "\n"), lines++) {
        const ino_t inode = (ino_t)strtoull(line, NULL, 10);
        size_t at = 0;
        while (at < synced_count && synced[at] != inode) {
            at++;
        }
        assert_true(at < synced_count);
    }
    assert_true(lines > 0);
    free(inodes);
}

static struct pw_git *make_repository(void)
{
    fixture_do("new r");
    synced_count = 0;
    thread_errnum = 0;
    sync_errnum = 0;
    return fixture_open("r");
}

static void objects_are_synced(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_git *git = make_repository();

    /* 1: five objects; 40: more than are asked for at a time; then without threads */
    static const unsigned counts[] = {1, 40, 3};
    for (size_t i = 0; i < PW_COUNT(counts); i++) {
        char text[8];
        (void)snprintf(text, sizeof(text), "t%zu", i);
        thread_errnum = i == 2 ? EAGAIN : 0;
        fixture_assert_ok(add(git, counts[i], text, &err), &err);
        assert_synced("-mindepth 2 -type f ! -path '*/pack/*' ! -path '*/info/*'");
        assert_synced("-mindepth 1 -type d ! -name pack ! -name info");
        assert_synced("-maxdepth 0");
    }
    fixture_do("git -C r fsck --strict >fsck 2>&1; git -C r gc -q --prune=now");
    /* what git has packed in the meantime is not looked for */
    fixture_assert_ok(add(git, 1, "t0", &err), &err);
    fixture_assert_ok(add(git, 1, "t9", &err), &err);
    pw_git_free(git);
}

static void what_cannot_be_synced_is_not_stored(void **state)
{
    (void)state;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_git *git = make_repository();

    fixture_assert_ok(add(git, 1, "first", &err), &err);
    char *before = fixture_run("git -C r rev-parse " REF);
    thread_errnum = EAGAIN;
    sync_errnum = EIO;
    fixture_assert_error(add(git, 1, "second", &err), PW_EIO, &err, "cannot sync '");
    fixture_assert_error(add(git, 50, "third", &err), PW_EIO, &err, "cannot sync '");
    /* a file system that cannot sync directories says so with EINVAL, but of files too here */
    sync_errnum = EINVAL;
    fixture_assert_error(add(git, 1, "fourth", &err), PW_EIO, &err, "/objects/");
    char *after = fixture_run("git -C r rev-parse " REF);
    assert_string_equal(before, after);
    thread_errnum = 0;
    sync_errnum = 0;
    /* what was written without being synced is synced by who needs it */
    synced_count = 0;
    fixture_assert_ok(add(git, 1, "second", &err), &err);
    char *blob = fixture_run("git -C r rev-parse " REF ":00/second | sed 's|^..|&/|'");
    char expression[128];
    (void)snprintf(expression, sizeof(expression), "-path '*/%s'", blob);
    assert_synced(expression);
    pw_git_free(git);
    free(blob);
    free(before);
    free(after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(objects_are_synced, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(what_cannot_be_synced_is_not_stored, fixture_setup,
                                        fixture_teardown),
    };

    return cmocka_run_group_tests_name("git_sync", tests, NULL, NULL);
}
