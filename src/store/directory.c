/*
 * Files below a directory by openat(2) with O_NOFOLLOW on every step, so that nothing that is
 * swapped in on the way leads outside.
 */
#include "directory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "perfwarden/util/clock.h"
#include "perfwarden/util/file.h"

/* The store's own directory included: a link in its place would lead results out of the project. */
#define OPEN_DIRECTORY   (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#define READ_CHUNK_BYTES ((size_t)64 << 10)

/* ELOOP and ENOTDIR are what O_NOFOLLOW and O_DIRECTORY make of a link or a file. */
static int fail_at(const struct pw_place *place, int errnum, const char *verb, struct pw_error *err)
{
    if (errnum == ELOOP || errnum == ENOTDIR) {
        return pw_error_set(err, PW_EFORMAT,
                            "cannot %s '%s/%s': a symbolic link or a file is in its place", verb,
                            place->root, place->path);
    }
    return pw_error_set_errno(err, errnum, "cannot %s '%s/%s'", verb, place->root, place->path);
}

static int open_root(const char *root, bool may_make, int *out, struct pw_error *err)
{
    int fd = open(root, OPEN_DIRECTORY);

    if (fd < 0 && errno == ENOENT && may_make) {
        const int status = pw_make_directories(root, err);
        if (status != PW_OK) {
            return status;
        }
        fd = open(root, OPEN_DIRECTORY);
    }
    if (fd < 0 && (errno == ELOOP || errno == ENOTDIR)) {
        return pw_error_set(err, PW_EFORMAT,
                            "cannot open the directory '%s': a symbolic link or a file is in its "
                            "place",
                            root);
    }
    if (fd < 0) {
        return pw_error_set_errno(err, errno, "cannot open the directory '%s'", root);
    }
    *out = fd;
    return PW_OK;
}

/* A file system that cannot sync a directory has no other way to keep a name either; any other
 * failure means that it may be lost. @return 0 or an errno value */
static int sync_names(int fd)
{
    int code;

    do {
        code = fsync(fd);
    } while (code != 0 && errno == EINTR);
    return code == 0 || errno == EINVAL || errno == EOPNOTSUPP || errno == ENOSYS ? 0 : errno;
}

/* A directory that is made is kept before anything in it is said to be.
 * @return the directory, or -1 with errno set */
static int step_into(int fd, const char *name, bool may_make)
{
    if (may_make && mkdirat(fd, name, 0777) == 0) {
        const int errnum = sync_names(fd);
        if (errnum != 0) {
            errno = errnum;
            return -1;
        }
    } else if (may_make && errno != EEXIST) {
        return -1;
    }
    return openat(fd, name, OPEN_DIRECTORY);
}

int pw_place_open(const char *root, const char *path, bool may_make, struct pw_place *out,
                  struct pw_error *err)
{
    struct pw_place place = {.fd = -1, .name = path, .root = root, .path = path};
    char *names = strdup(path);

    if (names == NULL) {
        return pw_error_set_no_memory(err);
    }
    int status = open_root(root, may_make, &place.fd, err);
    char *name = names;
    char *slash;

    while (status == PW_OK && (slash = strchr(name, '/')) != NULL) {
        *slash = '\0';
        const int below = step_into(place.fd, name, may_make);
        if (below < 0) {
            status = fail_at(&place, errno, may_make ? "make" : "open", err);
            break;
        }
        close(place.fd);
        place.fd = below;
        name = slash + 1;
        place.name = path + (name - names);
    }
    free(names);
    if (status != PW_OK) {
        pw_place_close(&place);
        return status;
    }
    *out = place;
    return PW_OK;
}

void pw_place_close(struct pw_place *place)
{
    if (place->fd >= 0) {
        close(place->fd);
        place->fd = -1;
    }
}

static int read_chunks(const struct pw_place *place, int fd, struct pw_strbuf *out,
                       struct pw_error *err)
{
    char *chunk = malloc(READ_CHUNK_BYTES);
    int status = chunk == NULL ? pw_error_set_no_memory(err) : PW_OK;

    while (status == PW_OK) {
        const ssize_t got = read(fd, chunk, READ_CHUNK_BYTES);
        if (got == 0) {
            break;
        }
        if (got > 0) {
            pw_strbuf_append(out, chunk, (size_t)got);
            status = pw_strbuf_check(out, err);
        } else if (errno != EINTR) {
            status = fail_at(place, errno, "read", err);
        }
    }
    free(chunk);
    return status;
}

int pw_place_read(const struct pw_place *place, struct pw_strbuf *out, struct pw_error *err)
{
    struct stat info;
    int status = PW_OK;
    /* without O_NONBLOCK a pipe in the file's place would wait for a writer */
    const int fd = openat(place->fd, place->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0) {
        return fail_at(place, errno, "read", err);
    }
    if (fstat(fd, &info) != 0) {
        status = fail_at(place, errno, "read", err);
    } else if (!S_ISREG(info.st_mode)) {
        status = pw_error_set(err, PW_EFORMAT, "'%s/%s' is not a regular file", place->root,
                              place->path);
    } else {
        status = read_chunks(place, fd, out, err);
    }
    close(fd);
    return status;
}

static int write_chunks(int fd, const char *data, size_t length)
{
    while (length > 0) {
        const ssize_t written = write(fd, data, length);
        if (written < 0 && errno != EINTR) {
            return -1;
        }
        if (written > 0) {
            data += written;
            length -= (size_t)written;
        }
    }
    int code;
    do {
        code = fsync(fd);
    } while (code != 0 && errno == EINTR);
    return code;
}

/* Fill a new file. @return 0 or an errno value */
static int fill(int directory, const char *name, const char *data, size_t length)
{
    const int fd =
        openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    int errnum = 0;

    if (fd < 0) {
        return errno;
    }
    if (write_chunks(fd, data, length) != 0) {
        errnum = errno;
    }
    if (close(fd) != 0 && errnum == 0) {
        errnum = errno;
    }
    return errnum;
}

/*
 * Give the finished file its name, which must be free. Where a file system has no hard links the
 * name is looked at first and then taken: names hold random digits, nobody else wants the same.
 */
static int publish(const struct pw_place *place, const char *temporary)
{
    struct stat info;

    if (linkat(place->fd, temporary, place->fd, place->name, 0) == 0) {
        return 0;
    }
    if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS && errno != EMLINK) {
        return errno;
    }
    if (fstatat(place->fd, place->name, &info, AT_SYMLINK_NOFOLLOW) == 0) {
        return EEXIST;
    }
    return renameat(place->fd, temporary, place->fd, place->name) == 0 ? 0 : errno;
}

int pw_place_create(const struct pw_place *place, const char *data, size_t length,
                    struct pw_error *err)
{
    struct pw_strbuf temporary = PW_STRBUF_INIT;
    char id[PW_RUN_ID_SIZE];
    int status = pw_run_id_new(id, err);

    if (status != PW_OK) {
        return status;
    }
    pw_strbuf_printf(&temporary, ".%s.%s", place->name, id);
    status = pw_strbuf_check(&temporary, err);
    if (status != PW_OK) {
        return status;
    }
    int errnum = fill(place->fd, pw_strbuf_text(&temporary), data, length);
    if (errnum == 0) {
        errnum = publish(place, pw_strbuf_text(&temporary));
    }
    (void)unlinkat(place->fd, pw_strbuf_text(&temporary), 0);
    if (errnum == 0) {
        errnum = sync_names(place->fd);
    }
    if (errnum == EEXIST) {
        status = pw_error_set(err, PW_EEXISTS, "'%s/%s' exists already and is not overwritten",
                              place->root, place->path);
    } else if (errnum != 0) {
        status = fail_at(place, errnum, "write", err);
    }
    pw_strbuf_release(&temporary);
    return status;
}

int pw_place_check(const struct pw_place *place, struct pw_error *err)
{
    struct stat info;

    return fstatat(place->fd, place->name, &info, AT_SYMLINK_NOFOLLOW) == 0
               ? PW_OK
               : fail_at(place, errno, "find", err);
}

int pw_place_remove(const struct pw_place *place, struct pw_error *err)
{
    return unlinkat(place->fd, place->name, 0) == 0 ? PW_OK : fail_at(place, errno, "remove", err);
}
