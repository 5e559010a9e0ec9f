/*
 * The file itself. What a benchmark makes of it is its own affair and never trusted: it is looked
 * at without following links, read only where it is a regular file, and never beyond its bound.
 *
 * A file that a run left empty serves the next run too, so that a benchmark which knows nothing of
 * it costs two looks a run. In a series each run has a name of its own, and makes the file itself.
 */
#include "linux_features.h"

#include "metrics_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "failure.h"
#include "perfwarden/util/number.h"
#include "scratch.h"
#include "session.h"

int pw_run_metrics_file_open(struct pw_run_session *session, struct pw_error *err)
{
    struct pw_run_metrics_file *file = &session->metrics_file;
    struct pw_error failure = PW_ERROR_INIT;
    int status = 0;

    if (session->scratch.path == NULL) {
        struct pw_run_scratch scratch;

        if (session->suite->result->benchmark_count <= 1) {
            pw_run_scratch_sweep(pw_run_scratch_parent()); /* once a suite is enough */
        }
        status = pw_run_scratch_make(pw_run_scratch_parent(), &session->kept, &scratch, &failure);
        if (status == 0) {
            session->scratch = scratch;
        }
    }
    if (status != 0 && status != PW_ENOMEM) {
        char *text = pw_arena_printf(&session->kept, "it had no metrics file: %s",
                                     pw_error_message(&failure));

        pw_error_release(&failure);
        return text == NULL ? pw_error_set_no_memory(err)
                            : pw_result_add_warning(session->suite->result,
                                                    pw_run_session_entry(session), text, err);
    }
    pw_error_move(err, &failure);
    if (status != 0) {
        return status;
    }
    file->path = pw_arena_printf(&session->kept, "%s/metrics-%0*u", session->scratch.path,
                                 PW_RUN_METRICS_DIGITS, 0U);
    return file->path == NULL ? pw_error_set_no_memory(err)
                              : pw_run_environment_set(&session->environment, &session->kept,
                                                       "PERFWARDEN_METRICS", file->path, err);
}

/** Write the number of the run that is looked at into the name. */
static void set_index(struct pw_run_metrics_file *file, unsigned index)
{
    (void)snprintf(file->path + strlen(file->path) - PW_RUN_METRICS_DIGITS,
                   PW_RUN_METRICS_DIGITS + 1, "%0*u", PW_RUN_METRICS_DIGITS, index);
}

static void close_file(struct pw_run_metrics_file *file)
{
    if (file->is_open) {
        (void)close(file->fd);
    }
    file->is_open = false;
}

static bool is_own(const struct pw_run_metrics_file *file, const struct stat *info)
{
    return file->is_open && info->st_dev == file->device && info->st_ino == file->inode;
}

static int fail(struct pw_run_session *session, const char *prefix, const char *what,
                const char *why, struct pw_error *err)
{
    const char *message = pw_arena_printf(&session->arena, "%s%s%s", prefix, what, why);

    session->metrics_file.was_written = true;
    return message == NULL ? pw_error_set_no_memory(err)
                           : pw_run_session_fail(session, PW_MEASURED_OUTPUT, message, err);
}

static int create(struct pw_run_session *session, struct pw_error *err)
{
    struct pw_run_metrics_file *file = &session->metrics_file;
    struct stat info;

    close_file(file);
    if (unlink(file->path) != 0 && errno == EISDIR) {
        (void)rmdir(file->path);
    }
    file->fd =
        open(file->path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file->fd < 0) {
        return fail(session, "", "its metrics file cannot be made: ", strerror(errno), err);
    }
    file->is_open = true;
    if (fstat(file->fd, &info) != 0) {
        return fail(session, "", "its metrics file cannot be examined: ", strerror(errno), err);
    }
    file->device = info.st_dev;
    file->inode = info.st_ino;
    return 0;
}

int pw_run_metrics_file_prepare(struct pw_run_session *session, struct pw_error *err)
{
    struct pw_run_metrics_file *file = &session->metrics_file;
    struct stat info;

    if (file->path == NULL) {
        return 0;
    }
    file->was_written = false;
    /* With links of other names it could be written by who should not: the next gets a new one. */
    if (file->is_open && lstat(file->path, &info) == 0 && is_own(file, &info) &&
        info.st_size == 0 && info.st_nlink == 1) {
        return 0;
    }
    return create(session, err);
}

static const char *kind_of(mode_t mode)
{
    static const struct {
        mode_t type;
        const char *name;
    } KINDS[] = {{S_IFDIR, "a directory"}, {S_IFLNK, "a symbolic link"}, {S_IFIFO, "a FIFO"},
                 {S_IFSOCK, "a socket"},   {S_IFCHR, "a device"},        {S_IFBLK, "a device"}};

    for (size_t i = 0; i < PW_COUNT(KINDS); i++) {
        if ((mode & S_IFMT) == KINDS[i].type) {
            return KINDS[i].name;
        }
    }
    return "something";
}

/** Read an open file to its end. @return an errno, 0 for none */
static int read_all(int fd, off_t size, struct pw_strbuf *out)
{
    char buffer[1 << 16];
    off_t at = 0;

    while (at < size) {
        const ssize_t got = pread(fd, buffer, sizeof(buffer), at);

        if (got < 0 && errno != EINTR) {
            return errno;
        }
        if (got == 0) {
            return 0;
        }
        if (got > 0) {
            pw_strbuf_append(out, buffer, (size_t)got);
            at += got;
        }
    }
    return 0;
}

/** Read a regular file of a size within the bound, which may be another than was made. */
static int read_file(const struct pw_run_metrics_file *file, const struct stat *info,
                     struct pw_strbuf *out)
{
    struct stat opened;
    int fd;
    int error_number = 0;

    if (is_own(file, info)) {
        return read_all(file->fd, info->st_size, out);
    }
    fd = open(file->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        return errno;
    }
    if (fstat(fd, &opened) != 0 || !S_ISREG(opened.st_mode)) {
        error_number = EINVAL;
    } else {
        error_number = read_all(fd, info->st_size, out);
    }
    (void)close(fd);
    return error_number;
}

static int refuse_size(struct pw_run_session *session, const char *prefix, off_t size,
                       struct pw_error *err)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    int status;

    pw_format_value(&text, (double)size, "bytes");
    pw_strbuf_puts(&text, ", more than the ");
    pw_format_value(&text, (double)PW_RUN_METRICS_MAX_BYTES, "bytes");
    pw_strbuf_puts(&text, " that are read; have it write fewer lines");
    status = pw_strbuf_check(&text, err);
    if (status == 0) {
        status = fail(session, prefix, "its metrics file has ", pw_strbuf_text(&text), err);
    }
    pw_strbuf_release(&text);
    return status;
}

/** Get the text of what a run left; fail the benchmark where that cannot be had. */
static int get_text(struct pw_run_session *session, const char *prefix, struct pw_strbuf *out,
                    struct pw_error *err)
{
    struct pw_run_metrics_file *file = &session->metrics_file;
    struct stat info;
    int error_number;

    if (lstat(file->path, &info) != 0) {
        return file->index > 0 ? 0
                               : fail(session, prefix,
                                      "it removed its metrics file; lines are only ever to be "
                                      "appended",
                                      "", err);
    }
    if (!S_ISREG(info.st_mode)) {
        return fail(session, prefix, "it replaced its metrics file by ", kind_of(info.st_mode),
                    err);
    }
    if (info.st_size == 0) {
        return 0;
    }
    file->was_written = true;
    if (info.st_size > (off_t)PW_RUN_METRICS_MAX_BYTES) {
        return refuse_size(session, prefix, info.st_size, err);
    }
    error_number = read_file(file, &info, out);
    (void)unlink(file->path);
    return error_number == 0
               ? pw_strbuf_check(out, err)
               : fail(session, prefix, "its metrics file cannot be read: ", strerror(error_number),
                      err);
}

void pw_run_metrics_file_skip(struct pw_run_session *session)
{
    struct pw_run_metrics_file *file = &session->metrics_file;
    struct stat info;

    file->was_written = file->path != NULL && (lstat(file->path, &info) != 0 || info.st_size > 0);
}

static int read_text(struct pw_run_session *session, const struct pw_strbuf *text, unsigned run,
                     const char *prefix, struct pw_error *err)
{
    struct pw_metrics metrics;
    int status = pw_metrics_parse(pw_strbuf_text(text), text->length, &metrics, err);

    if (status != 0) {
        return status;
    }
    status = pw_run_metrics_inside_add(session, &metrics, run, prefix, err);
    if (status == 0 && !session->is_over) {
        pw_metrics_release(&session->metrics_file.latest);
        session->metrics_file.latest = metrics;
        return 0;
    }
    pw_metrics_release(&metrics);
    return status;
}

int pw_run_metrics_file_read(struct pw_run_session *session, const struct pw_run_number *number,
                             struct pw_error *err)
{
    struct pw_run_metrics_file *file = &session->metrics_file;
    struct pw_strbuf prefix = PW_STRBUF_INIT;
    struct pw_strbuf text;
    int status;

    if (file->path == NULL) {
        return 0;
    }
    pw_strbuf_init(&text, PW_RUN_METRICS_MAX_BYTES + 1);
    pw_run_describe_number(number, &prefix);
    status = pw_strbuf_check(&prefix, err);
    set_index(file, file->index);
    if (status == 0) {
        status = get_text(session, pw_strbuf_text(&prefix), &text, err);
    }
    if (status == 0 && !session->is_over && text.length > 0) {
        status = read_text(session, &text, number->number, pw_strbuf_text(&prefix), err);
    }
    set_index(file, 0);
    pw_strbuf_release(&text);
    pw_strbuf_release(&prefix);
    return status;
}

void pw_run_metrics_file_release(struct pw_run_session *session)
{
    const char *path = session->metrics_file.path;

    close_file(&session->metrics_file);
    if (path != NULL && unlink(path) != 0 && errno == EISDIR) {
        (void)rmdir(path); /* the benchmark's own work; the scratch directory holds files only */
    }
    pw_metrics_release(&session->metrics_file.latest);
}
