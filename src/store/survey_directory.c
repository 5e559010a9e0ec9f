/*
 * Looking at all of a store in a directory, past what cannot be read: for finding damage, where a
 * listing would stop at the first. Symbolic links are named, not followed.
 */
#include "internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A tree of results is four deep: what is deeper is nobody's. */
#define DEPTH_MAX 32

/* One survey under way. */
struct survey {
    const struct pw_git_survey *calls;
    struct pw_strbuf path; /**< of the entry at hand, from the root */
};

static int survey_directory(struct survey *survey, int fd, unsigned depth, struct pw_error *err);

static int report_errno(struct survey *survey, int errnum, struct pw_error *err)
{
    struct pw_error failure = PW_ERROR_INIT;

    if (errnum == ENOMEM) {
        return pw_error_set_no_memory(err);
    }
    (void)pw_error_set_errno(&failure, errnum, "cannot be read");
    const int status = survey->calls->damage(survey->calls->context, pw_strbuf_text(&survey->path),
                                             NULL, pw_error_message(&failure), err);
    pw_error_release(&failure);
    return status;
}

static int survey_below(struct survey *survey, int fd, const char *name, unsigned depth,
                        struct pw_error *err)
{
    if (depth == DEPTH_MAX) {
        return report_errno(survey, ENAMETOOLONG, err);
    }
    const int below = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (below < 0) {
        return report_errno(survey, errno, err);
    }
    pw_strbuf_putc(&survey->path, '/');
    return survey_directory(survey, below, depth + 1, err);
}

static int survey_entry(struct survey *survey, int fd, const char *name, unsigned depth,
                        struct pw_error *err)
{
    const struct pw_git_survey *calls = survey->calls;
    const char *path = pw_strbuf_text(&survey->path);
    struct stat info;

    if (fstatat(fd, name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
        return report_errno(survey, errno, err);
    }
    if (S_ISDIR(info.st_mode)) {
        return survey_below(survey, fd, name, depth, err);
    }
    if (S_ISLNK(info.st_mode)) {
        return calls->stray(calls->context, path, "a symbolic link", err);
    }
    if (!S_ISREG(info.st_mode)) {
        return calls->stray(calls->context, path, "not a regular file", err);
    }
    if (name[0] == '.') {
        return calls->stray(calls->context, path, "a file that a writer left unfinished", err);
    }
    return calls->file(calls->context, path, NULL, err);
}

/* Takes fd over. Recursion is bounded by DEPTH_MAX. */
static int survey_directory(struct survey *survey, int fd, unsigned depth, struct pw_error *err)
{
    const size_t prefix = survey->path.length;
    DIR *directory = fdopendir(fd);
    int status = PW_OK;

    if (directory == NULL) {
        const int errnum = errno;
        close(fd);
        return report_errno(survey, errnum, err);
    }
    while (status == PW_OK) {
        errno = 0;
        const struct dirent *entry = readdir(directory);
        if (entry == NULL) {
            status = errno == 0 ? PW_OK : report_errno(survey, errno, err);
            break;
        }
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        pw_strbuf_truncate(&survey->path, prefix);
        pw_strbuf_puts(&survey->path, entry->d_name);
        status = pw_strbuf_check(&survey->path, err);
        if (status == PW_OK) {
            status = survey_entry(survey, fd, entry->d_name, depth, err);
        }
    }
    closedir(directory);
    return status;
}

int pw_store_survey_directory(const struct pw_store *store, const struct pw_git_survey *calls,
                              struct pw_error *err)
{
    struct survey survey = {.calls = calls};
    const int fd = open(store->config->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (fd < 0 && (errno == ENOTDIR || errno == ELOOP)) {
        return pw_error_set(err, PW_EFORMAT,
                            "'%s' is no directory of results: a symbolic link or a file is in its "
                            "place; move it away, or set 'baseline.path'",
                            store->config->path);
    }
    if (fd < 0) {
        return errno == ENOENT ? PW_OK : report_errno(&survey, errno, err);
    }
    const int status = survey_directory(&survey, fd, 0, err);
    pw_strbuf_release(&survey.path);
    return status;
}
