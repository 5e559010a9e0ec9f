/* Files: bounded reads; writes that are whole or absent. The only code that renames. */
#define _DEFAULT_SOURCE /* fsync, mkostemp */
#define _GNU_SOURCE

#include "perfwarden/util/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_CHUNK_BYTES ((size_t)64 << 10)

static int read_all(int fd, const char *path, size_t max_bytes, struct pw_strbuf *out,
                    struct pw_error *err)
{
    char *chunk = malloc(READ_CHUNK_BYTES);
    if (chunk == NULL) {
        return pw_error_set_no_memory(err);
    }
    int status = PW_OK;
    size_t total = 0;
    for (;;) {
        const ssize_t got = read(fd, chunk, READ_CHUNK_BYTES);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            status = pw_error_set_errno(err, errno, "cannot read '%s'", path);
            break;
        }
        if (got == 0) {
            status = pw_strbuf_check(out, err);
            break;
        }
        total += (size_t)got;
        if (total > max_bytes) {
            status =
                pw_error_set(err, PW_EFORMAT, "'%s' is larger than %zu bytes", path, max_bytes);
            break;
        }
        pw_strbuf_append(out, chunk, (size_t)got);
    }
    free(chunk);
    return status;
}

int pw_file_read(const char *path, size_t max_bytes, struct pw_strbuf *out, struct pw_error *err)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return pw_error_set_errno(err, errno, "cannot read '%s'", path);
    }
    const int status = read_all(fd, path, max_bytes, out, err);
    close(fd);
    return status;
}

static int write_all(int fd, const char *data, size_t length)
{
    while (length > 0) {
        const ssize_t written = write(fd, data, length);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            return -1;
        }
        data += written;
        length -= (size_t)written;
    }
    return 0;
}

static void put_directory(struct pw_strbuf *out, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL) {
        pw_strbuf_putc(out, '.');
    } else {
        pw_strbuf_append(out, path, slash == path ? 1 : (size_t)(slash - path));
    }
}

/* A rename is on disk only once its directory is. Some file systems refuse to sync one: then
 * nothing is lost that could have been kept. */
static void sync_directory(const char *path)
{
    struct pw_strbuf directory = PW_STRBUF_INIT;
    put_directory(&directory, path);
    const int fd = open(pw_strbuf_text(&directory), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
    pw_strbuf_release(&directory);
}

/* Open a new temporary file beside `path`; its name is left in `name`. */
static int open_beside(const char *path, struct pw_strbuf *name)
{
    pw_strbuf_puts(name, path);
    pw_strbuf_puts(name, ".XXXXXX");
    if (pw_strbuf_failed(name)) {
        errno = ENOMEM;
        return -1;
    }
    return mkostemp(name->data, O_CLOEXEC);
}

/* What open(2) with mode 0666 would have given; the umask can only be read by setting it. */
static mode_t default_mode(void)
{
    const mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

/* The mode the finished file gets: that of the file it replaces, else the default. */
static mode_t target_mode(const char *path)
{
    struct stat target;
    return stat(path, &target) == 0 ? (target.st_mode & 0777) : default_mode();
}

/* Fill the temporary file and put it on disk. @return an errno value, 0 for success */
static int fill_temporary(int fd, mode_t mode, const char *data, size_t length)
{
    int errnum = 0;
    if (write_all(fd, data, length) != 0 || fchmod(fd, mode) != 0 || fsync(fd) != 0) {
        errnum = errno;
    }
    if (close(fd) != 0 && errnum == 0) {
        errnum = errno;
    }
    return errnum;
}

static int write_beside(const char *path, const char *data, size_t length, bool may_replace,
                        struct pw_error *err)
{
    struct pw_strbuf temporary = PW_STRBUF_INIT;
    int status = PW_OK;
    const int fd = open_beside(path, &temporary);
    if (fd < 0) {
        status = pw_error_set_errno(err, errno, "cannot write '%s'", path);
        goto out;
    }
    int errnum = fill_temporary(fd, target_mode(path), data, length);
    if (errnum == 0) {
        const int moved = may_replace ? rename(temporary.data, path) : link(temporary.data, path);
        errnum = moved == 0 ? 0 : errno;
    }
    if (errnum != 0 || !may_replace) {
        unlink(temporary.data);
    }
    if (errnum != 0) {
        status = pw_error_set_errno(err, errnum, "cannot write '%s'", path);
        goto out;
    }
    sync_directory(path);
out:
    pw_strbuf_release(&temporary);
    return status;
}

static int write_in_place(const char *path, const char *data, size_t length, struct pw_error *err)
{
    const int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) {
        return pw_error_set_errno(err, errno, "cannot write '%s'", path);
    }
    int errnum = write_all(fd, data, length) == 0 ? 0 : errno;
    if (close(fd) != 0 && errnum == 0) {
        errnum = errno;
    }
    return errnum == 0 ? PW_OK : pw_error_set_errno(err, errnum, "cannot write '%s'", path);
}

/* Devices, pipes and sockets are there to be written to; replacing them by a file would be a
 * surprise. */
static bool is_special(const char *path)
{
    struct stat target;
    return stat(path, &target) == 0 && !S_ISREG(target.st_mode) && !S_ISDIR(target.st_mode);
}

static int refuse_directory(const char *path, struct pw_error *err)
{
    struct stat target;
    if (stat(path, &target) == 0 && S_ISDIR(target.st_mode)) {
        return pw_error_set_errno(err, EISDIR, "cannot write '%s'", path);
    }
    return PW_OK;
}

int pw_file_write(const char *path, const char *data, size_t length, struct pw_error *err)
{
    if (is_special(path)) {
        return write_in_place(path, data, length, err);
    }
    const int status = refuse_directory(path, err);
    if (status != PW_OK) {
        return status;
    }
    /* Written through a symbolic link, not over it. */
    char *real = realpath(path, NULL);
    const int written = write_beside(real == NULL ? path : real, data, length, true, err);
    free(real);
    return written;
}

int pw_file_create(const char *path, const char *data, size_t length, struct pw_error *err)
{
    return write_beside(path, data, length, false, err);
}

int pw_file_begin(const char *path, struct pw_strbuf *temporary, int *fd, struct pw_error *err)
{
    if (is_special(path)) {
        *fd = open(path, O_WRONLY | O_CLOEXEC);
    } else {
        const int status = refuse_directory(path, err);
        if (status != PW_OK) {
            return status;
        }
        char *real = realpath(path, NULL);
        *fd = open_beside(real == NULL ? path : real, temporary);
        free(real);
    }
    return *fd >= 0 ? PW_OK : pw_error_set_errno(err, errno, "cannot write '%s'", path);
}

/* @return 0 or an errno value */
static int sync_file(const char *path, mode_t mode)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    int errnum = 0;
    if (fd < 0) {
        return errno;
    }
    if (fchmod(fd, mode) != 0 || fsync(fd) != 0) {
        errnum = errno;
    }
    close(fd);
    return errnum;
}

int pw_file_finish(const char *path, const struct pw_strbuf *temporary, struct pw_error *err)
{
    if (temporary->length == 0) {
        return PW_OK;
    }
    char *real = realpath(path, NULL);
    const char *target = real == NULL ? path : real;
    int errnum = sync_file(pw_strbuf_text(temporary), target_mode(target));
    if (errnum == 0 && rename(pw_strbuf_text(temporary), target) != 0) {
        errnum = errno;
    }
    if (errnum == 0) {
        sync_directory(target);
    } else {
        pw_file_abandon(temporary);
    }
    free(real);
    return errnum == 0 ? PW_OK : pw_error_set_errno(err, errnum, "cannot write '%s'", path);
}

void pw_file_abandon(const struct pw_strbuf *temporary)
{
    if (temporary->length > 0) {
        (void)unlink(pw_strbuf_text(temporary));
    }
}

int pw_file_check_writable(const char *path, struct pw_error *err)
{
    if (is_special(path)) {
        return access(path, W_OK) == 0 ? PW_OK
                                       : pw_error_set_errno(err, errno, "cannot write '%s'", path);
    }
    int status = refuse_directory(path, err);
    if (status != PW_OK) {
        return status;
    }
    struct pw_strbuf temporary = PW_STRBUF_INIT;
    const int fd = open_beside(path, &temporary);
    if (fd < 0) {
        status = pw_error_set_errno(err, errno, "cannot write '%s'", path);
    } else {
        close(fd);
        unlink(temporary.data);
    }
    pw_strbuf_release(&temporary);
    return status;
}

int pw_make_directories(const char *path, struct pw_error *err)
{
    char *copy = strdup(path);
    if (copy == NULL) {
        return pw_error_set_no_memory(err);
    }
    int status = PW_OK;
    for (char *at = copy + 1; status == PW_OK; at++) {
        if (*at != '/' && *at != '\0') {
            continue;
        }
        const char end = *at;
        *at = '\0';
        if (mkdir(copy, 0777) == 0) {
            sync_directory(copy);
        } else if (errno != EEXIST) {
            status = pw_error_set_errno(err, errno, "cannot make directory '%s'", copy);
        }
        *at = end;
        if (end == '\0') {
            break;
        }
    }
    free(copy);
    return status;
}

void pw_path_join(struct pw_strbuf *out, const char *directory, const char *name)
{
    if (name[0] != '/') {
        pw_strbuf_puts(out, directory);
        if (directory[0] != '\0' && directory[strlen(directory) - 1] != '/') {
            pw_strbuf_putc(out, '/');
        }
    }
    pw_strbuf_puts(out, name);
}

bool pw_path_exists(const char *path)
{
    struct stat target;
    return lstat(path, &target) == 0;
}
