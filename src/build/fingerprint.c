/*
 * The fingerprint of a tree: a hash of each file's facts, added up, so that the order in which a
 * folder lists its files does not matter and no list of them is held.
 */
#include "fingerprint.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compare.h"
#include "perfwarden/util/strbuf.h"
#include "perfwarden/util/text.h"

enum { LINK_MAX_BYTES = 4096 };

/** One walk; `path` is the file at hand. */
struct walk {
    struct pw_strbuf path;
    struct pw_strbuf facts; /**< of the file at hand */
    size_t top_length;
    size_t names;
    uint64_t sum;
};

static int visit_directory(struct walk *walk, unsigned depth, struct pw_error *err);

static int fail_size(const struct walk *walk, struct pw_error *err)
{
    return pw_error_set(err, PW_EFORMAT, "'%.*s' is too large to look for changes in it",
                        (int)walk->top_length, pw_strbuf_text(&walk->path));
}

/* What may not be read is a fact of the file, as long as it stays so. */
static int add_failure(struct walk *walk, int errnum, struct pw_error *err)
{
    if (!pw_build_is_of_file(errnum)) {
        return pw_error_set_errno(err, errnum, "cannot read '%s'", pw_strbuf_text(&walk->path));
    }
    pw_strbuf_printf(&walk->facts, " error %d", errnum);
    return PW_OK;
}

static int add_link(struct walk *walk, struct pw_error *err)
{
    char target[LINK_MAX_BYTES + 1];
    const ssize_t length = readlink(pw_strbuf_text(&walk->path), target, LINK_MAX_BYTES);

    if (length < 0) {
        return add_failure(walk, errno, err);
    }
    target[length] = '\0';
    pw_strbuf_printf(&walk->facts, " to %s", target);
    return PW_OK;
}

/* The path and the facts are hashed as two strings, so that neither can pass for the other. */
static int add_sum(struct walk *walk, struct pw_error *err)
{
    const int status = pw_strbuf_check(&walk->facts, err);

    if (status == PW_OK) {
        const uint64_t hash =
            pw_hash_string(PW_HASH_INIT, pw_strbuf_text(&walk->path) + walk->top_length);
        walk->sum += pw_hash_string(hash, pw_strbuf_text(&walk->facts));
    }
    return status;
}

static int visit(struct walk *walk, unsigned depth, struct pw_error *err)
{
    struct stat info;
    int status = PW_OK;

    pw_strbuf_clear(&walk->facts);
    if (lstat(pw_strbuf_text(&walk->path), &info) != 0) {
        status = add_failure(walk, errno, err);
        return status == PW_OK ? add_sum(walk, err) : status;
    }
    pw_strbuf_printf(&walk->facts, "%jo", (uintmax_t)info.st_mode);
    if (S_ISDIR(info.st_mode)) {
        status = add_sum(walk, err);
        return status == PW_OK ? visit_directory(walk, depth + 1, err) : status;
    }
    pw_strbuf_printf(&walk->facts, " %jd %jd.%09ld", (intmax_t)info.st_size,
                     (intmax_t)info.st_mtim.tv_sec, info.st_mtim.tv_nsec);
    if (S_ISLNK(info.st_mode)) {
        status = add_link(walk, err);
    }
    return status == PW_OK ? add_sum(walk, err) : status;
}

static int visit_entries(struct walk *walk, DIR *directory, unsigned depth, struct pw_error *err)
{
    const size_t length = walk->path.length;
    const struct dirent *entry;
    int status = PW_OK;

    while (status == PW_OK && (entry = readdir(directory)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        if (++walk->names > PW_BUILD_NAMES_MAX) {
            return fail_size(walk, err);
        }
        pw_strbuf_putc(&walk->path, '/');
        pw_strbuf_puts(&walk->path, entry->d_name);
        status = pw_strbuf_check(&walk->path, err);
        if (status == PW_OK) {
            status = visit(walk, depth, err);
        }
        pw_strbuf_truncate(&walk->path, length);
    }
    return status;
}

/* Recursion is bounded by PW_BUILD_DEPTH_MAX. */
static int visit_directory(struct walk *walk, unsigned depth, struct pw_error *err)
{
    if (depth > PW_BUILD_DEPTH_MAX) {
        return fail_size(walk, err);
    }
    DIR *directory = opendir(pw_strbuf_text(&walk->path));
    if (directory == NULL) {
        const int status = add_failure(walk, errno, err);
        return status == PW_OK ? add_sum(walk, err) : status;
    }
    const int status = visit_entries(walk, directory, depth, err);
    (void)closedir(directory);
    return status;
}

int pw_build_fingerprint(const char *tree, char *out, struct pw_error *err)
{
    struct walk walk = {.top_length = strlen(tree)};

    pw_strbuf_puts(&walk.path, tree);
    int status = pw_strbuf_check(&walk.path, err);
    if (status == PW_OK) {
        status = visit_directory(&walk, 0, err);
    }
    pw_strbuf_release(&walk.path);
    pw_strbuf_release(&walk.facts);
    if (status == PW_OK) {
        (void)snprintf(out, PW_BUILD_FINGERPRINT_SIZE, "tree 1 %zu %016" PRIx64 "\n", walk.names,
                       walk.sum);
    }
    return status;
}
