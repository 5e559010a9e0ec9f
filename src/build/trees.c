/*
 * What a program opens, executes or loads by names of its own (a path in its text, rpath, dlopen)
 * cannot be followed from outside, so all of the tree's files must be the same but for those that
 * cannot matter. The trees are walked one against the other, and then the other way round for what
 * only the second has.
 */
#define _XOPEN_SOURCE 700 /* realpath */

#include "trees.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compare.h"
#include "elf.h"
#include "inert.h"
#include "perfwarden/util/strbuf.h"

/** One walk; `here` is the path at hand, `there` the same one in the other tree. */
struct walk {
    struct pw_strbuf here;
    struct pw_strbuf there;
    const struct pw_build_tree *tree; /**< that of `here` */
    size_t other_length;              /**< of the other tree's root */
    bool is_second;                   /**< what both have was compared by the first walk */
    size_t names_left;
    unsigned inert_folders; /**< around the path at hand */
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

/* Whether its name, or that of a folder around it, says that it cannot matter. */
static bool is_inert(const struct walk *walk)
{
    const char *here = pw_strbuf_text(&walk->here);

    return walk->inert_folders > 0 || pw_build_file_is_inert(here) ||
           (walk->tree->configuration != NULL && strcmp(here, walk->tree->configuration) == 0);
}

/* A program in a folder of a build system's own is one that the build needed (and may name the
 * tree), but one with the name of a source is not what its name says. */
static bool is_file_to_compare(const struct walk *walk, const char *name)
{
    if (is_named_library(name) || !is_inert(walk)) {
        return true;
    }
    const enum pw_elf_kind kind = pw_elf_kind_of(pw_strbuf_text(&walk->here));
    return kind == PW_ELF_LIBRARY || (kind == PW_ELF_PROGRAM && walk->inert_folders == 0);
}

static int visit_file(struct walk *walk, const char *name, struct pw_error *err)
{
    const char *there = pw_strbuf_text(&walk->there);
    struct stat info;

    if (!is_file_to_compare(walk, name)) {
        return PW_OK;
    }
    walk->is_same = lstat(there, &info) == 0 && S_ISREG(info.st_mode);
    if (!walk->is_same || walk->is_second) {
        return PW_OK;
    }
    return pw_build_files_are_same(pw_strbuf_text(&walk->here), there, &walk->is_same, err);
}

/* Whether a link leads to the same outside of both trees, or into its own one. */
static bool is_link_contained(const struct walk *walk, const char *target)
{
    char *here = realpath(pw_strbuf_text(&walk->here), NULL);
    char *there = realpath(pw_strbuf_text(&walk->there), NULL);
    const size_t length = strlen(walk->tree->root);
    bool is = here == NULL && there == NULL; /* to nowhere */

    if (here != NULL && there != NULL) {
        const bool is_own = strncmp(here, walk->tree->root, length) == 0 &&
                            (here[length] == '/' || here[length] == '\0');
        is = is_own ? strncmp(there, pw_strbuf_text(&walk->there), walk->other_length) == 0 &&
                          strcmp(here + length, there + walk->other_length) == 0
                    : target[0] == '/' && strcmp(here, there) == 0;
    }
    free(here);
    free(there);
    return is;
}

static void visit_link(struct walk *walk, const char *name)
{
    char here[4096];
    char there[4096];

    if (!is_named_library(name) && is_inert(walk)) {
        return;
    }
    const ssize_t length = readlink(pw_strbuf_text(&walk->here), here, sizeof(here));
    walk->is_same = length > 0 && length < (ssize_t)sizeof(here) &&
                    readlink(pw_strbuf_text(&walk->there), there, sizeof(there)) == length &&
                    memcmp(here, there, (size_t)length) == 0 && is_link_contained(walk, here);
}

static int visit(struct walk *walk, const char *name, unsigned depth, struct pw_error *err)
{
    struct stat info;

    if (lstat(pw_strbuf_text(&walk->here), &info) != 0) {
        walk->is_same = false; /* somebody is at work in the tree */
        return PW_OK;
    }
    if (S_ISDIR(info.st_mode)) {
        const unsigned inert = pw_build_folder_is_inert(pw_strbuf_text(&walk->here)) ? 1 : 0;
        walk->inert_folders += inert;
        const int status = visit_directory(walk, depth + 1, err);
        walk->inert_folders -= inert;
        return status;
    }
    if (S_ISREG(info.st_mode)) {
        return visit_file(walk, name, err);
    }
    if (S_ISLNK(info.st_mode)) {
        visit_link(walk, name);
    } else {
        walk->is_same = is_inert(walk); /* a pipe, a socket: what is behind it is not known */
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

static int walk_tree(const struct pw_build_tree *here, const struct pw_build_tree *there,
                     bool is_second, bool *is_same, struct pw_error *err)
{
    struct walk walk = {.tree = here,
                        .other_length = strlen(there->root),
                        .is_second = is_second,
                        .names_left = PW_BUILD_NAMES_MAX,
                        .is_same = true};

    pw_strbuf_puts(&walk.here, here->root);
    pw_strbuf_puts(&walk.there, there->root);
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

int pw_build_trees_are_same(const struct pw_build_tree *base, const struct pw_build_tree *head,
                            bool *out, struct pw_error *err)
{
    bool is_same = false;
    int status = walk_tree(base, head, false, &is_same, err);

    if (status == PW_OK && is_same) {
        status = walk_tree(head, base, true, &is_same, err);
    }
    if (status == PW_OK) {
        *out = is_same;
    }
    return status;
}
