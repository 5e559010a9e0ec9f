/*
 * The store in a directory of the work tree, to be reviewed in a pull request. The same tree as in
 * git; symbolic links inside it are not followed.
 */
#include "internal.h"

#include <errno.h>
#include <sys/stat.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
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

/* Nothing is opened: the directory is looked at when its names are. */
static int root(const struct pw_store *store, struct pw_store_node *out, bool *is_there,
                struct pw_error *err)
{
    (void)store;
    (void)err;
    *out = (struct pw_store_node){.path = ""};
    *is_there = true;
    return PW_OK;
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

static int read_node(const struct pw_store *store, const struct pw_store_node *file,
                     struct pw_strbuf *out, struct pw_error *err)
{
    return read_file(store, file->path, out, err);
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

/* @param[out] is_new  whether the file was made by this call */
static int create(const struct pw_store *store, const char *path, const char *data, size_t length,
                  bool *is_new, struct pw_error *err)
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
    *is_new = status == PW_OK;
    if (status == PW_EEXISTS && has_content(&place, data, length)) {
        pw_error_release(err);
        status = PW_OK;
    }
    pw_strbuf_release(&sealed);
    pw_place_close(&place);
    return status;
}

/* A remover may take away a directory that is empty still: then it is made again. */
static int add_file(const struct pw_store *store, const char *path, const char *data, size_t length,
                    bool *is_new, struct pw_error *err)
{
    struct pw_error failure = PW_ERROR_INIT;
    int status = PW_ENOTFOUND;

    for (int attempt = 0; attempt < ADD_ATTEMPTS && status == PW_ENOTFOUND; attempt++) {
        pw_error_release(&failure);
        status = create(store, path, data, length, is_new, &failure);
    }
    if (status != PW_OK && err != NULL) {
        pw_error_move(err, &failure);
    }
    pw_error_release(&failure);
    return status;
}

static int add(const struct pw_store *store, const char *path, const char *data, size_t length,
               struct pw_error *err)
{
    bool is_new = false;

    return add_file(store, path, data, length, &is_new, err);
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

/* Take back what a failed addition has made; what cannot be taken back is there to be added again.
 */
static void take_back(const struct pw_store *store, const struct pw_git_change *files,
                      const bool *is_new, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct pw_store_entry entry = {.path = files[i].path};
        if (is_new[i] && for_each(store, &entry, 1, pw_place_remove, NULL) == PW_OK) {
            (void)!remove_empty(store, files[i].path, NULL);
        }
    }
}

static int add_many(const struct pw_store *store, const struct pw_git_change *files, size_t count,
                    struct pw_error *err)
{
    bool *is_new = calloc(count, sizeof(*is_new));
    int status = PW_OK;

    if (is_new == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < count && status == PW_OK; i++) {
        status = pw_store_check_interrupt(store, err);
        if (status == PW_OK) {
            status =
                add_file(store, files[i].path, files[i].data, files[i].length, &is_new[i], err);
        }
    }
    if (status != PW_OK) {
        take_back(store, files, is_new, count);
    }
    free(is_new);
    return status;
}

/* Of a store that does not exist yet, the nearest directory above that does. */
static int check_writable(const struct pw_store *store, struct pw_error *err)
{
    struct pw_strbuf path = PW_STRBUF_INIT;
    struct stat info;
    int status;

    pw_strbuf_puts(&path, location(store));
    status = pw_strbuf_check(&path, err);
    if (status == PW_OK && lstat(location(store), &info) == 0 && !S_ISDIR(info.st_mode)) {
        status = pw_error_set(err, PW_EFORMAT,
                              "cannot write to '%s': a symbolic link or a file is in its place",
                              location(store));
    }
    while (status == PW_OK && access(pw_strbuf_text(&path), W_OK | X_OK) != 0) {
        const int errnum = errno;
        const char *slash = strrchr(pw_strbuf_text(&path), '/');
        if (errnum != ENOENT || slash == NULL || slash == pw_strbuf_text(&path)) {
            status = pw_error_set_errno(err, errnum, "cannot write to '%s'", location(store));
        } else {
            pw_strbuf_truncate(&path, (size_t)(slash - pw_strbuf_text(&path)));
        }
    }
    pw_strbuf_release(&path);
    return status;
}

const struct pw_store_home pw_store_home_directory = {
    .location = location,
    .list = pw_store_list_directory,
    .root = root,
    .names = pw_store_directory_names,
    .read = read_file,
    .read_node = read_node,
    .add = add,
    .add_many = add_many,
    .check_writable = check_writable,
    .survey = pw_store_survey_directory,
    .remove = remove_files,
};
