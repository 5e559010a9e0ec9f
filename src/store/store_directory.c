/*
 * The store in a directory of the work tree, to be reviewed in a pull request. The same tree as in
 * git; symbolic links inside it are not followed.
 */
#include "internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "directory.h"
#include "seal.h"

/* Directories above a result: fan, commit, environment. */
#define DEPTH        3
#define ADD_ATTEMPTS 3

static const char *location(const struct pw_store *store)
{
    return store->config->path;
}

/* One listing under way. */
struct listing {
    const char *root;
    pw_git_file_fn file;
    void *context;
    struct pw_strbuf path; /**< of the entry at hand, from the root */
};

static int list_directory(struct listing *listing, int fd, unsigned depth, struct pw_error *err);

static int fail_listing(const struct listing *listing, int errnum, struct pw_error *err)
{
    return pw_error_set_errno(err, errnum, "cannot list '%s/%s'", listing->root,
                              pw_strbuf_text(&listing->path));
}

/* What is no directory, or vanished since it was seen, is passed over. */
static int list_below(struct listing *listing, int fd, const char *name, unsigned depth,
                      struct pw_error *err)
{
    const int below = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (below < 0) {
        const int errnum = errno;
        const bool is_none = errnum == ENOTDIR || errnum == ELOOP || errnum == ENOENT;
        return is_none ? PW_OK : fail_listing(listing, errnum, err);
    }
    pw_strbuf_putc(&listing->path, '/');
    return list_directory(listing, below, depth + 1, err);
}

static int list_entry(struct listing *listing, int fd, const char *name, unsigned depth,
                      struct pw_error *err)
{
    const size_t prefix = listing->path.length;
    struct stat info;
    int status;

    /* temporary files, "." and ".." */
    if (name[0] == '.') {
        return PW_OK;
    }
    pw_strbuf_puts(&listing->path, name);
    status = pw_strbuf_check(&listing->path, err);
    if (status == PW_OK && depth < DEPTH) {
        status = list_below(listing, fd, name, depth, err);
    } else if (status == PW_OK && fstatat(fd, name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
               S_ISREG(info.st_mode)) {
        status = listing->file(listing->context, pw_strbuf_text(&listing->path), err);
    }
    pw_strbuf_truncate(&listing->path, prefix);
    return status;
}

/* Takes fd over. Recursion is bounded by DEPTH. */
static int list_directory(struct listing *listing, int fd, unsigned depth, struct pw_error *err)
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
        status = list_entry(listing, fd, entry->d_name, depth, err);
    }
    closedir(directory);
    return status;
}

static int list(const struct pw_store *store, pw_git_file_fn file, void *context,
                struct pw_error *err)
{
    struct listing listing = {.root = location(store), .file = file, .context = context};
    const int fd = open(listing.root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (fd < 0) {
        return errno == ENOENT ? PW_OK : fail_listing(&listing, errno, err);
    }
    const int status = list_directory(&listing, fd, 0, err);
    pw_strbuf_release(&listing.path);
    return status;
}

static int read_file(const struct pw_store *store, const char *path, struct pw_strbuf *out,
                     struct pw_error *err)
{
    struct pw_place place;
    int status = pw_place_open(location(store), path, false, &place, err);

    if (status != PW_OK) {
        return status;
    }
    status = pw_place_read(&place, out, err);
    pw_place_close(&place);
    return status == PW_OK ? pw_seal_open(out, path, err) : status;
}

static bool has_content(const struct pw_place *place, const char *data, size_t length)
{
    struct pw_strbuf found = PW_STRBUF_INIT;
    const bool is_same = pw_place_read(place, &found, NULL) == PW_OK &&
                         pw_seal_open(&found, place->path, NULL) == PW_OK &&
                         found.length == length &&
                         memcmp(pw_strbuf_text(&found), data, length) == 0;

    pw_strbuf_release(&found);
    return is_same;
}

static int create(const struct pw_store *store, const char *path, const char *data, size_t length,
                  struct pw_error *err)
{
    struct pw_strbuf sealed = PW_STRBUF_INIT;
    struct pw_place place;
    int status = pw_place_open(location(store), path, true, &place, err);

    if (status != PW_OK) {
        return status;
    }
    pw_seal_put(&sealed, data, length);
    status = pw_strbuf_check(&sealed, err);
    if (status == PW_OK) {
        status = pw_place_create(&place, pw_strbuf_text(&sealed), sealed.length, err);
    }
    if (status == PW_EEXISTS && has_content(&place, data, length)) {
        pw_error_release(err);
        status = PW_OK;
    }
    pw_strbuf_release(&sealed);
    pw_place_close(&place);
    return status;
}

/* A remover may take away a directory that is empty still: then it is made again. */
static int add(const struct pw_store *store, const char *path, const char *data, size_t length,
               struct pw_error *err)
{
    struct pw_error failure = PW_ERROR_INIT;
    int status = PW_ENOTFOUND;

    for (int attempt = 0; attempt < ADD_ATTEMPTS && status == PW_ENOTFOUND; attempt++) {
        pw_error_release(&failure);
        status = create(store, path, data, length, &failure);
    }
    if (status != PW_OK && err != NULL) {
        pw_error_move(err, &failure);
    }
    pw_error_release(&failure);
    return status;
}

static int for_each(const struct pw_store *store, const struct pw_store_entry *entries,
                    size_t count, int (*act)(const struct pw_place *place, struct pw_error *err),
                    struct pw_error *err)
{
    for (size_t i = 0; i < count; i++) {
        struct pw_place place;
        int status = pw_place_open(location(store), entries[i].path, false, &place, err);
        if (status != PW_OK) {
            return status;
        }
        status = act(&place, err);
        pw_place_close(&place);
        if (status != PW_OK) {
            return status;
        }
    }
    return PW_OK;
}

/* The directories above a removed file go when they are empty; the store itself stays. */
static int remove_empty(const struct pw_store *store, const char *path, struct pw_error *err)
{
    struct pw_strbuf rest = PW_STRBUF_INIT;
    struct pw_place place;
    bool was_empty = true;
    int status;

    pw_strbuf_puts(&rest, path);
    status = pw_strbuf_check(&rest, err);
    for (unsigned i = 0; i < DEPTH && status == PW_OK && was_empty; i++) {
        const char *slash = strrchr(pw_strbuf_text(&rest), '/');
        if (slash == NULL) {
            break;
        }
        pw_strbuf_truncate(&rest, (size_t)(slash - pw_strbuf_text(&rest)));
        /* another writer may have been first */
        if (pw_place_open(location(store), pw_strbuf_text(&rest), false, &place, NULL) != PW_OK) {
            break;
        }
        was_empty = unlinkat(place.fd, place.name, AT_REMOVEDIR) == 0;
        pw_place_close(&place);
    }
    pw_strbuf_release(&rest);
    return status;
}

static int remove_files(const struct pw_store *store, const struct pw_store_entry *entries,
                        size_t count, struct pw_error *err)
{
    int status = for_each(store, entries, count, pw_place_check, err);

    if (status == PW_OK) {
        status = for_each(store, entries, count, pw_place_remove, err);
    }
    for (size_t i = 0; i < count && status == PW_OK; i++) {
        status = remove_empty(store, entries[i].path, err);
    }
    return status;
}

const struct pw_store_home pw_store_home_directory = {
    .location = location,
    .list = list,
    .read = read_file,
    .add = add,
    .remove = remove_files,
};
