/*
 * Removing a tree that foreign programs filled. Works on descriptors, so that nothing outside can
 * be hit whatever is renamed meanwhile. What lies too deep is moved up to the top first: a tree may
 * be deeper than descriptors, or a path, reach.
 */
#include "remove.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/** Each level holds a descriptor while those below are emptied. */
enum { DEPTH_MAX = 64 };
/** Passes over a directory that do not empty it, because somebody goes on writing there. */
enum { PASSES_MAX = 1000 };

struct removal {
    int top;        /**< where deep directories are moved to */
    unsigned moved; /**< how many were */
    const char *path;
    struct pw_error *err;
};

static int empty_directory(struct removal *removal, DIR *directory, unsigned depth);

static int fail(struct removal *removal, int errnum, const char *name)
{
    (void)pw_error_set_errno(removal->err, errnum, "cannot remove '%s' in '%s'", name,
                             removal->path);
    if (errnum == ENOMEM) {
        return PW_ENOMEM;
    }
    if (removal->err != NULL) {
        removal->err->status = PW_EIO;
    }
    return PW_EIO;
}

static DIR *open_directory(int parent, const char *name)
{
    const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    int fd = openat(parent, name, flags);

    if (fd < 0 && errno == EACCES && fchmodat(parent, name, S_IRWXU, 0) == 0) {
        fd = openat(parent, name, flags);
    }
    if (fd < 0) {
        return NULL;
    }
    DIR *directory = fdopendir(fd);
    if (directory == NULL) {
        const int errnum = errno;
        (void)close(fd);
        errno = errnum;
    }
    return directory;
}

/* Again once the directory it is in may be written to. */
static int unlink_in(int parent, const char *name, int flags)
{
    if (unlinkat(parent, name, flags) == 0 || errno == ENOENT) {
        return 0;
    }
    if (errno != EACCES || fchmod(parent, S_IRWXU) != 0) {
        return -1;
    }
    return unlinkat(parent, name, flags) == 0 || errno == ENOENT ? 0 : -1;
}

static int move_up(struct removal *removal, int parent, const char *name)
{
    char moved[32];

    (void)snprintf(moved, sizeof(moved), "deep-%ld-%u", (long)getpid(), removal->moved++);
    if (renameat(parent, name, removal->top, moved) != 0 &&
        (errno != EACCES || fchmod(parent, S_IRWXU) != 0 ||
         renameat(parent, name, removal->top, moved) != 0)) {
        return fail(removal, errno, name);
    }
    return PW_OK;
}

static int remove_directory(struct removal *removal, int parent, const char *name, unsigned depth)
{
    if (depth >= DEPTH_MAX) {
        return move_up(removal, parent, name);
    }
    DIR *directory = open_directory(parent, name);
    if (directory == NULL) {
        return errno == ENOENT ? PW_OK : fail(removal, errno, name);
    }
    const int status = empty_directory(removal, directory, depth + 1);
    (void)closedir(directory);
    if (status != PW_OK) {
        return status;
    }
    return unlink_in(parent, name, AT_REMOVEDIR) == 0 ? PW_OK : fail(removal, errno, name);
}

static int remove_entry(struct removal *removal, int parent, const char *name, unsigned depth)
{
    struct stat info;
    int looked = fstatat(parent, name, &info, AT_SYMLINK_NOFOLLOW);

    if (looked != 0 && errno == EACCES && fchmod(parent, S_IRWXU) == 0) {
        looked = fstatat(parent, name, &info, AT_SYMLINK_NOFOLLOW);
    }
    if (looked != 0) {
        return errno == ENOENT ? PW_OK : fail(removal, errno, name);
    }
    if (S_ISDIR(info.st_mode)) {
        return remove_directory(removal, parent, name, depth);
    }
    return unlink_in(parent, name, 0) == 0 ? PW_OK : fail(removal, errno, name);
}

/* Pass by pass: what is moved up lands here while it is read. */
static int empty_directory(struct removal *removal, DIR *directory, unsigned depth)
{
    int status = PW_OK;
    bool is_empty = false;

    for (unsigned pass = 0; status == PW_OK && !is_empty && pass < PASSES_MAX; pass++) {
        const struct dirent *entry;
        is_empty = true;
        rewinddir(directory);
        while (status == PW_OK && (entry = readdir(directory)) != NULL) {
            if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
                is_empty = false;
                status = remove_entry(removal, dirfd(directory), entry->d_name, depth);
            }
        }
    }
    return status;
}

int pw_build_remove(const char *path, struct pw_error *err)
{
    struct removal removal = {.top = -1, .path = path, .err = err};
    struct stat info;

    if (lstat(path, &info) != 0) {
        return errno == ENOENT || errno == ENOTDIR ? PW_OK : fail(&removal, errno, path);
    }
    if (!S_ISDIR(info.st_mode)) {
        return unlink(path) == 0 || errno == ENOENT ? PW_OK : fail(&removal, errno, path);
    }
    DIR *directory = open_directory(AT_FDCWD, path);
    if (directory == NULL) {
        return errno == ENOENT ? PW_OK : fail(&removal, errno, path);
    }
    removal.top = dirfd(directory);
    const int status = empty_directory(&removal, directory, 0);
    (void)closedir(directory);
    if (status != PW_OK) {
        return status;
    }
    return rmdir(path) == 0 || errno == ENOENT ? PW_OK : fail(&removal, errno, path);
}
