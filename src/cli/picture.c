/*
 * rsvg-convert, run on a drawing. Input and output are files without a name instead of pipes:
 * neither side then waits for the other, and only the end is waited for.
 */
#include "picture.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PROGRAM  "rsvg-convert"
#define LIMIT_NS UINT64_C(60000000000)
/** How often the end is looked for. */
#define LOOK_NS 2000000
/** A picture of more than this is none of ours. */
#define MOST_BYTES ((size_t)256 << 20)
/** How much of its complaints is quoted. */
#define QUOTED_BYTES 300

extern char **environ;

/** What the program reads and writes. */
struct streams {
    FILE *input;
    FILE *output;
    FILE *errors;
};

bool pw_picture_is_binary(const char *format)
{
    return strcmp(format, "png") == 0;
}

static int open_stream(FILE **out, struct pw_error *err)
{
    *out = tmpfile();
    if (*out == NULL || fcntl(fileno(*out), F_SETFD, FD_CLOEXEC) != 0) {
        return pw_error_set_errno(err, errno, "cannot make a temporary file");
    }
    return PW_OK;
}

static int open_streams(struct streams *streams, const struct pw_strbuf *drawing,
                        struct pw_error *err)
{
    int status = open_stream(&streams->input, err);
    if (status == PW_OK) {
        status = open_stream(&streams->output, err);
    }
    if (status == PW_OK) {
        status = open_stream(&streams->errors, err);
    }
    if (status != PW_OK) {
        return status;
    }
    if (fwrite(pw_strbuf_text(drawing), 1, drawing->length, streams->input) != drawing->length ||
        fflush(streams->input) != 0 || fseek(streams->input, 0, SEEK_SET) != 0) {
        return pw_error_set_errno(err, errno, "cannot write a temporary file");
    }
    return PW_OK;
}

static void close_streams(const struct streams *streams)
{
    FILE *const files[] = {streams->input, streams->output, streams->errors};
    for (size_t i = 0; i < PW_COUNT(files); i++) {
        if (files[i] != NULL) {
            (void)fclose(files[i]); /* nothing of it is kept */
        }
    }
}

/* Signals that are ignored or caught here do what they always do there. */
static int start(const struct streams *streams, pid_t *pid)
{
    char *arguments[] = {PROGRAM, "--format=png", "--zoom=2", NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t defaults;
    (void)sigemptyset(&defaults);
    (void)sigaddset(&defaults, SIGPIPE);
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed != 0) {
        return failed;
    }
    failed = posix_spawnattr_init(&attributes);
    if (failed != 0) {
        (void)posix_spawn_file_actions_destroy(&actions);
        return failed;
    }
    const int files[] = {fileno(streams->input), fileno(streams->output), fileno(streams->errors)};
    for (int i = 0; i < (int)PW_COUNT(files) && failed == 0; i++) {
        failed = posix_spawn_file_actions_adddup2(&actions, files[i], i);
    }
    if (failed == 0) {
        failed = posix_spawnattr_setsigdefault(&attributes, &defaults);
    }
    if (failed == 0) {
        failed = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    }
    if (failed == 0) {
        failed = posix_spawnp(pid, PROGRAM, &actions, &attributes, arguments, environ);
    }
    (void)posix_spawnattr_destroy(&attributes);
    (void)posix_spawn_file_actions_destroy(&actions);
    return failed;
}

/* @return 0 with its wait status; PW_EINTERRUPTED and PW_EIO when it was ended */
static int await(pid_t pid, const volatile int *interrupted, int *wait_status, struct pw_error *err)
{
    const struct timespec pause = {0, LOOK_NS};
    const uint64_t deadline_ns = pw_clock_monotonic_ns() + LIMIT_NS;
    int status = PW_OK;
    for (;;) {
        const pid_t waited = waitpid(pid, wait_status, status == PW_OK ? WNOHANG : 0);
        if (waited == pid) {
            return status;
        }
        if (waited < 0 && errno != EINTR) {
            return pw_error_set_errno(err, errno, "cannot wait for '" PROGRAM "'");
        }
        if (status == PW_OK && interrupted != NULL && *interrupted != 0) {
            status = pw_error_set(err, PW_EINTERRUPTED, "interrupted");
        } else if (status == PW_OK && pw_clock_monotonic_ns() >= deadline_ns) {
            status = pw_error_set(err, PW_EIO, "'" PROGRAM "' took longer than a minute");
        }
        if (status != PW_OK) {
            (void)kill(pid, SIGKILL);
        } else {
            (void)nanosleep(&pause, NULL);
        }
    }
}

static int read_back(FILE *file, size_t most, struct pw_strbuf *out, struct pw_error *err)
{
    char chunk[16384];
    size_t got = 0;
    if (fseek(file, 0, SEEK_SET) != 0) {
        return pw_error_set_errno(err, errno, "cannot read a temporary file");
    }
    while (out->length < most && (got = fread(chunk, 1, sizeof chunk, file)) > 0) {
        pw_strbuf_append(out, chunk, got);
    }
    if (ferror(file) != 0) {
        return pw_error_set_errno(err, errno, "cannot read a temporary file");
    }
    return pw_strbuf_check(out, err);
}

/* What it says went wrong, on one line. */
static int refuse(const struct streams *streams, int wait_status, struct pw_error *err)
{
    struct pw_strbuf said = PW_STRBUF_INIT;
    (void)read_back(streams->errors, QUOTED_BYTES, &said, NULL);
    pw_strbuf_truncate(&said, QUOTED_BYTES);
    pw_strbuf_truncate(&said, strcspn(pw_strbuf_text(&said), "\n"));
    const int status =
        pw_error_set(err, PW_EIO, "'" PROGRAM "' made no picture (%s %d)%s%s",
                     WIFSIGNALED(wait_status) ? "signal" : "exit code",
                     WIFSIGNALED(wait_status) ? WTERMSIG(wait_status) : WEXITSTATUS(wait_status),
                     said.length > 0 ? ": " : "", pw_strbuf_text(&said));
    pw_strbuf_release(&said);
    return status;
}

static int run(const struct streams *streams, const volatile int *interrupted,
               struct pw_strbuf *out, struct pw_error *err)
{
    pid_t pid = -1;
    int wait_status = 0;
    const int failed = start(streams, &pid);
    if (failed == ENOENT) {
        return pw_error_set(err, PW_ENOTFOUND,
                            "'" PROGRAM "' was not found; install librsvg2-bin, or use "
                            "'--format svg'");
    }
    if (failed != 0) {
        return pw_error_set_errno(err, failed, "cannot run '" PROGRAM "'");
    }
    int status = await(pid, interrupted, &wait_status, err);
    if (status == PW_OK) {
        status = read_back(streams->output, MOST_BYTES, out, err);
    }
    if (status == PW_OK &&
        (!WIFEXITED(wait_status) || WEXITSTATUS(wait_status) != 0 || out->length == 0)) {
        status = refuse(streams, wait_status, err);
    }
    return status;
}

int pw_picture_convert(struct pw_strbuf *picture, const volatile int *interrupted,
                       struct pw_error *err)
{
    struct streams streams = {NULL, NULL, NULL};
    struct pw_strbuf made = PW_STRBUF_INIT;
    int status = open_streams(&streams, picture, err);
    if (status == PW_OK) {
        status = run(&streams, interrupted, &made, err);
    }
    if (status == PW_OK) {
        pw_strbuf_release(picture);
        *picture = made;
    } else {
        pw_strbuf_release(&made);
    }
    close_streams(&streams);
    return status;
}
