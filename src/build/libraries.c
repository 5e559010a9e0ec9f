/*
 * A program loads libraries by paths that cannot be followed from outside (rpath, dlopen), so all
 * of the tree's must be the same. Each tree is walked against the other: what only one of them has
 * differs.
 */
#include "libraries.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compare.h"
#include "elf.h"
#include "perfwarden/util/strbuf.h"

/** One walk; `here` is the path at hand, `there` the same one in the other tree. */
struct walk {
    struct pw_strbuf here;
    struct pw_strbuf there;
    size_t names_left;
    bool is_same;
};

static int visit_directory(struct walk *walk, unsigned depth, struct pw_error *err);

/* "x.so", "x.so.1.2", not "x.sort". */
static bool is_named_library(const char *name)
{
    const char *at = strstr(name, ".so");

    while (at != NULL && at[3] != '\0' && at[3] != '.') {
        at = strstr(at + 3, ".so");
    }
    return at != NULL;
}

static int visit_file(struct walk *walk, const char *name, struct pw_error *err)
{
    const char *here = pw_strbuf_text(&walk->here);

    if (!is_named_library(name) && pw_elf_kind_of(here) != PW_ELF_LIBRARY) {
        return PW_OK;
    }
    return pw_build_files_are_same(here, pw_strbuf_text(&walk->there), &walk->is_same, err);
}

static void visit_link(struct walk *walk, const char *name)
{
    char here[4096];
    char there[4096];

    if (!is_named_library(name)) {
        return;
    }
    const ssize_t length = readlink(pw_strbuf_text(&walk->here), here, sizeof(here));
    walk->is_same = length > 0 && length < (ssize_t)sizeof(here) &&
                    readlink(pw_strbuf_text(&walk->there), there, sizeof(there)) == length &&
                    memcmp(here, there, (size_t)length) == 0;
}

static int visit(struct walk *walk, const char *name, unsigned depth, struct pw_error *err)
{
    struct stat info;

    if (lstat(pw_strbuf_text(&walk->here), &info) != 0) {
        walk->is_same = false; /* somebody is at work in the tree */
        return PW_OK;
    }
    if (S_ISDIR(info.st_mode)) {
        return visit_directory(walk, depth + 1, err);
    }
    if (S_ISREG(info.st_mode)) {
        return visit_file(walk, name, err);
    }
    if (S_ISLNK(info.st_mode)) {
        visit_link(walk, name);
    }
    return PW_OK;
}

static int visit_entries(struct walk *walk, DIR *directory, unsigned depth, struct pw_error *err)
{
    const size_t here_length = walk->here.length;
    const size_t there_length = walk->there.length;
    const struct dirent *entry;
    int status = PW_OK;

    while (status == PW_OK && walk->is_same && (entry = readdir(directory)) != NULL) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, ".git") == 0) {
            continue;
        }
        if (walk->names_left-- == 0) {
            walk->names_left = 0;
            walk->is_same = false;
            break;
        }
        pw_strbuf_putc(&walk->here, '/');
        pw_strbuf_puts(&walk->here, name);
        pw_strbuf_putc(&walk->there, '/');
        pw_strbuf_puts(&walk->there, name);
        status = pw_strbuf_check(&walk->here, err);
        if (status == PW_OK) {
            status = pw_strbuf_check(&walk->there, err);
        }
        if (status == PW_OK) {
            status = visit(walk, name, depth, err);
        }
        pw_strbuf_truncate(&walk->here, here_length);
        pw_strbuf_truncate(&walk->there, there_length);
    }
    return status;
}

/* Recursion is bounded by PW_BUILD_DEPTH_MAX. */
static int visit_directory(struct walk *walk, unsigned depth, struct pw_error *err)
{
    DIR *directory = depth > PW_BUILD_DEPTH_MAX ? NULL : opendir(pw_strbuf_text(&walk->here));

    if (directory == NULL) {
        const int errnum = errno;
        walk->is_same = false;
        if (depth > PW_BUILD_DEPTH_MAX || pw_build_is_of_file(errnum)) {
            return PW_OK;
        }
        return pw_error_set_errno(err, errnum, "cannot read '%s'", pw_strbuf_text(&walk->here));
    }
    const int status = visit_entries(walk, directory, depth, err);
    (void)closedir(directory);
    return status;
}

static int walk_tree(const char *here, const char *there, bool *is_same, struct pw_error *err)
{
    struct walk walk = {.names_left = PW_BUILD_NAMES_MAX, .is_same = true};

    pw_strbuf_puts(&walk.here, here);
    pw_strbuf_puts(&walk.there, there);
    int status = pw_strbuf_check(&walk.here, err);
    if (status == PW_OK) {
        status = pw_strbuf_check(&walk.there, err);
    }
    if (status == PW_OK) {
        status = visit_directory(&walk, 0, err);
    }
    *is_same = walk.is_same;
    pw_strbuf_release(&walk.here);
    pw_strbuf_release(&walk.there);
    return status;
}

int pw_build_libraries_are_same(const char *base_root, const char *head_root, bool *out,
                                struct pw_error *err)
{
    bool is_same = false;
    int status = walk_tree(base_root, head_root, &is_same, err);

    if (status == PW_OK && is_same) {
        status = walk_tree(head_root, base_root, &is_same, err);
    }
    if (status == PW_OK) {
        *out = is_same;
    }
    return status;
}
