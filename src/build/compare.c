/*
 * Byte for byte. Whatever cannot be compared counts as different: a benchmark is run once too often
 * rather than once too seldom.
 */
#define _XOPEN_SOURCE 700 /* realpath */

#include "compare.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "perfwarden/util/file.h"

enum { CHUNK = 65536, LINK_MAX_BYTES = 4096 };

static const mode_t EXECUTABLE = S_IXUSR | S_IXGRP | S_IXOTH;

bool pw_build_is_of_file(int errnum)
{
    return errnum != EIO && errnum != ENOMEM && errnum != EMFILE && errnum != ENFILE;
}

/* @param[out] same  false where the failure is the file's own */
static int judge(int errnum, const char *path, bool *same, struct pw_error *err)
{
    if (pw_build_is_of_file(errnum)) {
        *same = false;
        return PW_OK;
    }
    return pw_error_set_errno(err, errnum, "cannot read '%s'", path);
}

/* As many bytes as there are, up to a chunk. @return -1 with errno */
static ssize_t read_chunk(int fd, char *chunk)
{
    size_t filled = 0;

    while (filled < CHUNK) {
        const ssize_t got = read(fd, chunk + filled, CHUNK - filled);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return -1;
        }
        if (got == 0) {
            break;
        }
        filled += (size_t)got;
    }
    return (ssize_t)filled;
}

static int compare_content(int base, int head, const char *name, bool *same, struct pw_error *err)
{
    char *chunks = malloc((size_t)2 * CHUNK);
    int status = PW_OK;
    bool is_same = true;

    if (chunks == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (;;) {
        const ssize_t a = read_chunk(base, chunks);
        const ssize_t b = a < 0 ? -1 : read_chunk(head, chunks + CHUNK);
        if (b < 0) {
            status = judge(errno, name, &is_same, err);
            break;
        }
        is_same = a == b && memcmp(chunks, chunks + CHUNK, (size_t)a) == 0;
        if (!is_same || a == 0) {
            break;
        }
    }
    free(chunks);
    *same = is_same;
    return status;
}

int pw_build_files_are_same(const char *base, const char *head, bool *out, struct pw_error *err)
{
    const int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
    struct stat a;
    struct stat b;
    bool is_same = false;
    int status = PW_OK;
    const int base_fd = open(base, flags);
    const int head_fd = base_fd < 0 ? -1 : open(head, flags);

    if (head_fd < 0) {
        status = judge(errno, base_fd < 0 ? base : head, &is_same, err);
    } else if (fstat(base_fd, &a) != 0 || fstat(head_fd, &b) != 0) {
        status = judge(errno, base, &is_same, err);
    } else if (S_ISREG(a.st_mode) && S_ISREG(b.st_mode) && a.st_size == b.st_size &&
               ((a.st_mode & EXECUTABLE) != 0) == ((b.st_mode & EXECUTABLE) != 0)) {
        is_same = a.st_dev == b.st_dev && a.st_ino == b.st_ino;
        if (!is_same) {
            status = compare_content(base_fd, head_fd, base, &is_same, err);
        }
    }
    if (head_fd >= 0) {
        (void)close(head_fd);
    }
    if (base_fd >= 0) {
        (void)close(base_fd);
    }
    if (status == PW_OK) {
        *out = is_same;
    }
    return status;
}

/** One comparison of folders; the paths of the two entries at hand. */
struct walk {
    const char *base_top;
    const char *head_top;
    struct pw_strbuf base;
    struct pw_strbuf head;
    size_t names_left;
    unsigned depth;
};

static int compare_entries(struct walk *walk, bool *same, struct pw_error *err);

static bool is_inside(const char *top, const char *link)
{
    char *real = realpath(link, NULL);
    const size_t length = strlen(top);
    const bool is = real != NULL && strncmp(real, top, length) == 0 &&
                    (real[length] == '\0' || real[length] == '/');

    free(real);
    return is;
}

static int compare_links(struct walk *walk, bool *same, struct pw_error *err)
{
    const char *base = pw_strbuf_text(&walk->base);
    const char *head = pw_strbuf_text(&walk->head);
    char a[LINK_MAX_BYTES];
    char b[LINK_MAX_BYTES];
    struct stat info;
    const ssize_t a_length = readlink(base, a, sizeof(a));
    const ssize_t b_length = readlink(head, b, sizeof(b));

    *same = false;
    if (a_length <= 0 || a_length != b_length || a_length == (ssize_t)sizeof(a) ||
        memcmp(a, b, (size_t)a_length) != 0) {
        return PW_OK;
    }
    const bool is_dangling = stat(base, &info) != 0;
    if (is_dangling || S_ISREG(info.st_mode)) {
        *same = is_dangling && stat(head, &info) != 0;
        return is_dangling ? PW_OK : pw_build_files_are_same(base, head, same, err);
    }
    *same =
        S_ISDIR(info.st_mode) && is_inside(walk->base_top, base) && is_inside(walk->head_top, head);
    return PW_OK;
}

static int by_name(const struct dirent **left, const struct dirent **right)
{
    return strcmp((*left)->d_name, (*right)->d_name);
}

static int is_content(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
           strcmp(entry->d_name, ".git") != 0;
}

/* @return how many there are; -1 with errno */
static int list(const char *path, struct dirent ***out)
{
    return scandir(path, out, is_content, by_name);
}

static void free_list(struct dirent **names, int count)
{
    for (int i = 0; i < count; i++) {
        free(names[i]);
    }
    free((void *)names);
}

static int enter(struct walk *walk, const char *name, bool *same, struct pw_error *err)
{
    const size_t base_length = walk->base.length;
    const size_t head_length = walk->head.length;
    int status;

    pw_strbuf_putc(&walk->base, '/');
    pw_strbuf_puts(&walk->base, name);
    pw_strbuf_putc(&walk->head, '/');
    pw_strbuf_puts(&walk->head, name);
    walk->depth++;
    status = pw_strbuf_check(&walk->base, err);
    if (status == PW_OK) {
        status = pw_strbuf_check(&walk->head, err);
    }
    if (status == PW_OK) {
        status = compare_entries(walk, same, err);
    }
    walk->depth--;
    pw_strbuf_truncate(&walk->base, base_length);
    pw_strbuf_truncate(&walk->head, head_length);
    return status;
}

static int compare_directories(struct walk *walk, bool *same, struct pw_error *err)
{
    struct dirent **a = NULL;
    struct dirent **b = NULL;
    int status = PW_OK;
    int b_count = -1;
    const int a_count = list(pw_strbuf_text(&walk->base), &a);

    if (a_count >= 0) {
        b_count = list(pw_strbuf_text(&walk->head), &b);
    }
    if (b_count < 0) {
        status = judge(errno, pw_strbuf_text(&walk->base), same, err);
        goto out;
    }
    *same = a_count == b_count && (size_t)a_count <= walk->names_left;
    walk->names_left -= *same ? (size_t)a_count : 0;
    for (int i = 0; i < a_count && *same && status == PW_OK; i++) {
        *same = strcmp(a[i]->d_name, b[i]->d_name) == 0;
        if (*same) {
            status = enter(walk, a[i]->d_name, same, err);
        }
    }
out:
    free_list(a, a_count);
    free_list(b, b_count);
    return status;
}

/* Recursion is bounded by PW_BUILD_DEPTH_MAX. */
static int compare_entries(struct walk *walk, bool *same, struct pw_error *err)
{
    const char *base = pw_strbuf_text(&walk->base);
    const char *head = pw_strbuf_text(&walk->head);
    struct stat a;
    struct stat b;

    *same = false;
    if (lstat(base, &a) != 0 || lstat(head, &b) != 0) {
        return judge(errno, base, same, err);
    }
    if ((a.st_mode & S_IFMT) != (b.st_mode & S_IFMT) || walk->depth > PW_BUILD_DEPTH_MAX) {
        return PW_OK;
    }
    if (S_ISREG(a.st_mode)) {
        return pw_build_files_are_same(base, head, same, err);
    }
    if (S_ISDIR(a.st_mode)) {
        return compare_directories(walk, same, err);
    }
    return S_ISLNK(a.st_mode) ? compare_links(walk, same, err) : PW_OK;
}

int pw_build_paths_are_same(const char *base, const char *head, bool *out, struct pw_error *err)
{
    struct walk walk = {.base_top = base, .head_top = head, .names_left = PW_BUILD_NAMES_MAX};
    bool is_same = false;

    pw_strbuf_puts(&walk.base, base);
    pw_strbuf_puts(&walk.head, head);
    int status = pw_strbuf_check(&walk.base, err);
    if (status == PW_OK) {
        status = pw_strbuf_check(&walk.head, err);
    }
    if (status == PW_OK) {
        status = compare_entries(&walk, &is_same, err);
    }
    pw_strbuf_release(&walk.base);
    pw_strbuf_release(&walk.head);
    if (status == PW_OK) {
        *out = is_same;
    }
    return status;
}
