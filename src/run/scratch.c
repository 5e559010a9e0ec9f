/*
 * The lock is flock's: the kernel lets go of it when its holder dies, however that happens, and it
 * holds across process namespaces, where a process id in the name would say nothing.
 *
 * In a world-writable parent names prove nothing: what is swept is opened without following a link,
 * and must be a directory that belongs to this user and is closed to others.
 */
#include "linux_features.h"

#include "scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char PREFIX[] = "perfwarden-counts-";
/** How often a directory may be taken for a stale one before it is locked. */
enum { MAKE_TRIES = 16 };

const char *pw_run_scratch_parent(void)
{
    const char *parent = getenv("TMPDIR");

    return parent != NULL && parent[0] == '/' ? parent : "/tmp";
}

/** Whether a name leads to a directory that is open, and that is ours alone. */
static bool is_ours(int parent_fd, const char *name, int fd)
{
    struct stat opened;
    struct stat named;

    return fstat(fd, &opened) == 0 && fstatat(parent_fd, name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
           opened.st_dev == named.st_dev && opened.st_ino == named.st_ino &&
           opened.st_uid == geteuid() && (opened.st_mode & 077) == 0;
}

/**
 * Open and lock a directory of ours.
 *
 * @param is_new  it is: a file system without locks is no reason to do without it, for nobody
 * sweeps there either
 * @return −1 when it is somebody's, is held, or is gone
 */
static int claim(int parent_fd, const char *name, bool is_new)
{
    int fd = openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    bool is_locked;

    if (fd < 0) {
        return -1;
    }
    is_locked = flock(fd, LOCK_EX | LOCK_NB) == 0 || (is_new && errno != EWOULDBLOCK);
    if (!is_locked || !is_ours(parent_fd, name, fd)) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

/** Remove the files of an open directory. Directories in it stay: none is of our making. */
static void empty(int fd)
{
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    DIR *entries = copy >= 0 ? fdopendir(copy) : NULL;

    if (entries == NULL) {
        if (copy >= 0) {
            (void)close(copy);
        }
        return;
    }
    for (struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
        (void)unlinkat(fd, entry->d_name, 0);
    }
    (void)closedir(entries);
}

int pw_run_scratch_make(const char *parent, struct pw_arena *arena, struct pw_run_scratch *out,
                        struct pw_error *err)
{
    for (int i = 0; i < MAKE_TRIES; i++) {
        char *path = pw_arena_printf(arena, "%s/%sXXXXXX", parent, PREFIX);
        int fd;

        if (path == NULL) {
            return pw_error_set_no_memory(err);
        }
        if (mkdtemp(path) == NULL) {
            return pw_error_set_errno(err, errno, "cannot make the directory '%s'", path);
        }
        /* Before it is locked, a sweep of another perfwarden may take it for a stale one. */
        fd = claim(AT_FDCWD, path, true);
        if (fd >= 0) {
            *out = (struct pw_run_scratch){path, fd};
            return 0;
        }
        (void)rmdir(path);
    }
    return pw_error_set(err, PW_EIO,
                        "cannot lock a directory of ours in '%s'; set TMPDIR to "
                        "another one",
                        parent);
}

void pw_run_scratch_remove(struct pw_run_scratch *scratch)
{
    empty(scratch->fd);
    (void)rmdir(scratch->path);
    (void)close(scratch->fd);
    scratch->fd = -1;
}

void pw_run_scratch_sweep(const char *parent)
{
    DIR *entries = opendir(parent);

    if (entries == NULL) {
        return;
    }
    for (struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
        int fd = strncmp(entry->d_name, PREFIX, sizeof(PREFIX) - 1) == 0
                     ? claim(dirfd(entries), entry->d_name, false)
                     : -1;

        if (fd >= 0) {
            empty(fd);
            (void)unlinkat(dirfd(entries), entry->d_name, AT_REMOVEDIR);
            (void)close(fd);
        }
    }
    (void)closedir(entries);
}
