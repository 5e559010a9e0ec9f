/*
 * The names in a store that is a directory of the work tree: of one of its directories, or of all.
 * Symbolic links are not followed, and what vanishes meanwhile is passed over.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "internal.h"

/* One listing under way. */
struct listing {
    const char *root;
    pw_git_file_fn file;
    void *context;
    struct pw_strbuf path; /**< of the entry at hand, from the root */
};

static int list_directory(struct listing *listing, int fd, enum pw_store_level level,
                          struct pw_error *err);

static int fail_listing(const struct listing *listing, int errnum, struct pw_error *err)
{
    return pw_error_set_errno(err, errnum, "cannot list '%s/%s'", listing->root,
                              pw_strbuf_text(&listing->path));
}

/* What stands in its place though it is no directory. */
static bool is_no_directory(int errnum)
{
    return errnum == ENOTDIR || errnum == ELOOP || errnum == ENOENT;
}

/* What is no directory, or vanished since it was seen, is passed over. */
static int list_below(struct listing *listing, int fd, const char *name, enum pw_store_level level,
                      struct pw_error *err)
{
    const int below = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (below < 0) {
        const int errnum = errno;
        return is_no_directory(errnum) ? PW_OK : fail_listing(listing, errnum, err);
    }
    pw_strbuf_putc(&listing->path, '/');
    return list_directory(listing, below, level + 1, err);
}

static int list_entry(struct listing *listing, int fd, const char *name, enum pw_store_level level,
                      struct pw_error *err)
{
    const size_t prefix = listing->path.length;
    struct stat info;
    int status;

    /* temporary files, "." and "..", whatever else lies here */
    if (!pw_store_name_fits(level, name)) {
        return PW_OK;
    }
    pw_strbuf_puts(&listing->path, name);
    status = pw_strbuf_check(&listing->path, err);
    if (status == PW_OK && level != PW_STORE_RUN) {
        status = list_below(listing, fd, name, level, err);
    } else if (status == PW_OK && fstatat(fd, name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
               S_ISREG(info.st_mode)) {
        status = listing->file(listing->context, pw_strbuf_text(&listing->path), err);
    }
    pw_strbuf_truncate(&listing->path, prefix);
    return status;
}

/* Takes fd over. Recursion is bounded by the levels. */
static int list_directory(struct listing *listing, int fd, enum pw_store_level level,
                          struct pw_error *err)
{
    DIR *directory = fdopendir(fd);
    int status = PW_OK;

    if (directory == NULL) {
        const int errnum = errno;
        close(fd);
        return fail_listing(listing, errnum, err);
    }
    while (status == PW_OK) {
        errno = 0;
        const struct dirent *entry = readdir(directory);
        if (entry == NULL) {
            status = errno == 0 ? PW_OK : fail_listing(listing, errno, err);
            break;
        }
        status = list_entry(listing, fd, entry->d_name, level, err);
    }
    closedir(directory);
    return status;
}

int pw_store_list_directory(const struct pw_store *store, pw_git_file_fn file, void *context,
                            struct pw_error *err)
{
    struct listing listing = {.root = store->config->path, .file = file, .context = context};
    const int fd = open(listing.root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (fd < 0) {
        return errno == ENOENT ? PW_OK : fail_listing(&listing, errno, err);
    }
    const int status = list_directory(&listing, fd, PW_STORE_FAN, err);
    pw_strbuf_release(&listing.path);
    return status;
}

/* A directory by the names on the way to it. @return -1 with errno set */
static int open_directory(const char *top, const char *path)
{
    char name[PW_STORE_COMMIT_LENGTH + 1];
    int fd = open(top, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    while (fd >= 0 && *path != '\0') {
        const size_t length = strcspn(path, "/");
        int below = -1;
        if (length < sizeof(name)) {
            memcpy(name, path, length);
            name[length] = '\0';
            below = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        } else {
            errno = ENAMETOOLONG;
        }
        const int errnum = errno;
        close(fd);
        errno = errnum;
        fd = below;
        path += length + (path[length] == '/');
    }
    return fd;
}

/* Whether what has a name is a file where a file is expected. Directories show it when opened. */
static bool is_of_level(int fd, const char *name, enum pw_store_level level)
{
    struct stat info;

    return level != PW_STORE_RUN ||
           (fstatat(fd, name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(info.st_mode));
}

int pw_store_directory_names(const struct pw_store *store, const struct pw_store_node *directory,
                             enum pw_store_level level, pw_store_name_fn visit, void *context,
                             struct pw_error *err)
{
    static const unsigned char no_id[PW_GIT_ID_BYTES];
    const bool is_top = directory->path[0] == '\0';
    int status = PW_OK;
    const int fd = open_directory(store->config->path, directory->path);
    DIR *stream = fd < 0 ? NULL : fdopendir(fd);

    if (stream == NULL) {
        const int errnum = errno;
        if (fd >= 0) {
            close(fd);
        } else if (errnum == ENOENT || (!is_top && is_no_directory(errnum))) {
            return PW_OK;
        }
        return pw_error_set_errno(err, errnum, "cannot list '%s/%s'", store->config->path,
                                  directory->path);
    }
    while (status == PW_OK) {
        errno = 0;
        const struct dirent *entry = readdir(stream);
        if (entry == NULL) {
            const int errnum = errno;
            status = errnum == 0 ? PW_OK
                                 : pw_error_set_errno(err, errnum, "cannot list '%s/%s'",
                                                      store->config->path, directory->path);
            break;
        }
        if (pw_store_name_fits(level, entry->d_name) &&
            is_of_level(dirfd(stream), entry->d_name, level)) {
            status = visit(context, entry->d_name, no_id, err);
        }
    }
    closedir(stream);
    return status;
}
