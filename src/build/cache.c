/*
 * The cache's directory: where it lies, and that nobody else can put programs into it that we would
 * run. What was made for us by an explicit wish fails loudly; of the places that are ours to choose
 * the next one is taken.
 */
#define _XOPEN_SOURCE 700 /* realpath */

#include "cache.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "perfwarden/util/compiler.h"
#include "perfwarden/util/file.h"

static const char REMEDY[] = "set PERFWARDEN_CACHE to a directory of your own";

/* So that a cache inside of a work tree is not taken for a part of it, and no backup keeps it. */
static const struct {
    const char *name;
    const char *content;
} markers[] = {
    {".gitignore", "*\n"},
    {"CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n"
                     "# Builds of measured revisions, made by perfwarden. May be removed.\n"},
};

/* Whoever may write here decides what is run. */
static int check_own(const char *path, struct pw_error *err)
{
    struct stat info;

    if (lstat(path, &info) != 0) {
        return pw_error_set_errno(err, errno, "cannot look at the cache '%s'", path);
    }
    if (S_ISLNK(info.st_mode)) {
        return pw_error_set(err, PW_EIO,
                            "the cache '%s' is a symbolic link, which is not followed; "
                            "%s",
                            path, REMEDY);
    }
    if (!S_ISDIR(info.st_mode)) {
        return pw_error_set(err, PW_EIO, "the cache '%s' is not a directory; %s", path, REMEDY);
    }
    if (info.st_uid != geteuid()) {
        return pw_error_set(err, PW_EIO, "the cache '%s' belongs to another user; %s", path,
                            REMEDY);
    }
    if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0 && chmod(path, S_IRWXU) != 0) {
        return pw_error_set_errno(err, errno, "cannot keep others out of the cache '%s'", path);
    }
    return PW_OK;
}

static int make_own(const char *path, struct pw_error *err)
{
    if (mkdir(path, S_IRWXU) != 0 && errno != EEXIST) {
        const int errnum = errno;
        (void)pw_error_set_errno(err, errnum, "cannot make the cache '%s'", path);
        return errnum == ENOMEM ? PW_ENOMEM
                                : pw_error_set(err, PW_EIO, "cannot make the cache '%s': %s; %s",
                                               path, strerror(errnum), REMEDY);
    }
    return check_own(path, err);
}

static int make_parents(const char *path, struct pw_error *err)
{
    const char *slash = strrchr(path, '/');
    struct pw_strbuf parent = PW_STRBUF_INIT;

    if (slash == NULL || slash == path) {
        return PW_OK;
    }
    pw_strbuf_append(&parent, path, (size_t)(slash - path));
    int status = pw_strbuf_check(&parent, err);
    if (status == PW_OK) {
        status = pw_make_directories(pw_strbuf_text(&parent), err);
    }
    if (status != PW_OK && status != PW_ENOMEM) {
        (void)pw_error_prefix(err, "cannot make the cache '%s': ", path);
        if (err != NULL) {
            err->status = PW_EIO;
        }
        status = PW_EIO;
    }
    pw_strbuf_release(&parent);
    return status;
}

static int mark(const char *root, struct pw_error *err)
{
    int status = PW_OK;

    for (size_t i = 0; i < PW_COUNT(markers) && status == PW_OK; i++) {
        struct pw_strbuf path = PW_STRBUF_INIT;
        pw_path_join(&path, root, markers[i].name);
        status = pw_strbuf_check(&path, err);
        if (status == PW_OK && !pw_path_exists(pw_strbuf_text(&path))) {
            status = pw_file_write(pw_strbuf_text(&path), markers[i].content,
                                   strlen(markers[i].content), err);
        }
        pw_strbuf_release(&path);
    }
    return status;
}

static int open_at(const char *path, struct pw_arena *arena, struct pw_build_cache *out,
                   struct pw_error *err)
{
    struct pw_build_cache cache = {NULL, NULL, NULL};
    int status = make_parents(path, err);

    if (status == PW_OK) {
        status = make_own(path, err);
    }
    if (status != PW_OK) {
        return status;
    }
    char *absolute = realpath(path, NULL);
    if (absolute == NULL) {
        return pw_error_set_errno(err, errno, "cannot look at the cache '%s'", path);
    }
    cache.root = pw_arena_strdup(arena, absolute);
    cache.builds = pw_arena_printf(arena, "%s/builds", absolute);
    cache.logs = pw_arena_printf(arena, "%s/logs", absolute);
    free(absolute);
    if (cache.root == NULL || cache.builds == NULL || cache.logs == NULL) {
        return pw_error_set_no_memory(err);
    }
    status = mark(cache.root, err);
    if (status == PW_OK) {
        status = make_own(cache.builds, err);
    }
    if (status == PW_OK) {
        status = make_own(cache.logs, err);
    }
    if (status == PW_OK) {
        *out = cache;
    }
    return status;
}

static const char *variable(const char *name)
{
    const char *value = getenv(name);

    return value != NULL && value[0] != '\0' ? value : NULL;
}

/* Asked for by somebody. @return NULL when nobody did, or memory ran out (then *failed) */
static const char *asked_for(const char *named, struct pw_arena *arena, bool *failed)
{
    const char *xdg = variable("XDG_CACHE_HOME");
    const char *path = NULL;

    if (named != NULL) {
        return named;
    }
    if (variable("PERFWARDEN_CACHE") != NULL) {
        return variable("PERFWARDEN_CACHE");
    }
    if (xdg != NULL && xdg[0] == '/') { /* the specification: relative ones are to be ignored */
        path = pw_arena_printf(arena, "%s/perfwarden", xdg);
        *failed = path == NULL;
    }
    return path;
}

int pw_build_cache_open(const char *named, struct pw_arena *arena, struct pw_build_cache *out,
                        struct pw_error *err)
{
    const char *home = variable("HOME");
    const char *temporary = variable("TMPDIR");
    bool failed = false;
    const char *path = asked_for(named, arena, &failed);

    if (failed) {
        return pw_error_set_no_memory(err);
    }
    if (path != NULL) {
        return open_at(path, arena, out, err);
    }
    if (home != NULL && home[0] == '/' && pw_path_exists(home)) {
        path = pw_arena_printf(arena, "%s/.cache/perfwarden", home);
        if (path == NULL) {
            return pw_error_set_no_memory(err);
        }
        if (open_at(path, arena, out, NULL) == PW_OK) {
            return PW_OK;
        }
    }
    path = pw_arena_printf(arena, "%s/perfwarden-%lu", temporary != NULL ? temporary : "/tmp",
                           (unsigned long)geteuid());
    return path == NULL ? pw_error_set_no_memory(err) : open_at(path, arena, out, err);
}
