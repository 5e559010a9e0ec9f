/* Running the sqlite3 program: its complaints go to a file, so that no pipe can fill up. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "portable.h"

#define PROGRAM        "sqlite3"
#define ARGUMENTS_MAX  16
#define COMPLAINT_SIZE 512

extern char **environ;

/* A file without a name. @return -1 with errno set */
static int open_nameless(void)
{
    FILE *file = tmpfile();
    int fd = -1;

    if (file != NULL) {
        fd = fcntl(fileno(file), F_DUPFD_CLOEXEC, 0);
        (void)fclose(file);
    }
    return fd;
}

static int open_pipe(int ends[2])
{
    if (pipe(ends) != 0) {
        return -1;
    }
    (void)fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    (void)fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return 0;
}

static int add_stream(posix_spawn_file_actions_t *actions, int fd, int stream, int mode)
{
    return fd >= 0 ? posix_spawn_file_actions_adddup2(actions, fd, stream)
                   : posix_spawn_file_actions_addopen(actions, stream, "/dev/null", mode, 0);
}

/* @return 0 or an errno value */
static int spawn(char *const *arguments, const int streams[3], pid_t *out)
{
    posix_spawn_file_actions_t actions;
    int errnum = posix_spawn_file_actions_init(&actions);

    if (errnum != 0) {
        return errnum;
    }
    for (int i = 0; i < 3 && errnum == 0; i++) {
        errnum = add_stream(&actions, streams[i], i, i == 0 ? O_RDONLY : O_WRONLY);
    }
    if (errnum == 0) {
        errnum = posix_spawnp(out, PROGRAM, &actions, NULL, arguments, environ);
    }
    (void)posix_spawn_file_actions_destroy(&actions);
    return errnum;
}

static int fail_start(int errnum, struct pw_error *err)
{
    if (errnum == ENOENT) {
        return pw_error_set(err, PW_ENOTFOUND,
                            "there is no program '" PROGRAM "' in PATH; install the package "
                            "'sqlite3', or use the format jsonl or csv");
    }
    return pw_error_set_errno(err, errnum, "cannot start '" PROGRAM "'");
}

int pw_sqlite_start(const char *const *arguments, int input, bool reads_output,
                    struct pw_sqlite *out, struct pw_error *err)
{
    struct pw_sqlite sqlite = {.pid = -1, .output = -1, .errors = open_nameless()};
    char *words[ARGUMENTS_MAX] = {(char *)PROGRAM};
    int ends[2] = {-1, -1};
    size_t count = 1;

    while (count < ARGUMENTS_MAX - 1 && arguments[count - 1] != NULL) {
        words[count] = (char *)arguments[count - 1]; /* posix_spawn() does not change them */
        count++;
    }
    int errnum = sqlite.errors < 0 ? errno : 0;
    if (errnum == 0 && reads_output && open_pipe(ends) != 0) {
        errnum = errno;
    }
    if (errnum == 0) {
        const int streams[3] = {input, ends[1], sqlite.errors};
        errnum = spawn(words, streams, &sqlite.pid);
    }
    if (ends[1] >= 0) {
        close(ends[1]);
    }
    sqlite.output = ends[0];
    if (errnum != 0) {
        sqlite.pid = -1;
        pw_sqlite_abandon(&sqlite);
        return fail_start(errnum, err);
    }
    *out = sqlite;
    return PW_OK;
}

static int await(pid_t pid)
{
    int wait_status = 0;
    pid_t waited;

    do {
        waited = waitpid(pid, &wait_status, 0);
    } while (waited < 0 && errno == EINTR);
    return waited == pid ? wait_status : -1;
}

static void release(struct pw_sqlite *sqlite)
{
    if (sqlite->output >= 0) {
        close(sqlite->output);
    }
    if (sqlite->errors >= 0) {
        close(sqlite->errors);
    }
    *sqlite = (struct pw_sqlite){.pid = -1, .output = -1, .errors = -1};
}

void pw_sqlite_abandon(struct pw_sqlite *sqlite)
{
    if (sqlite->pid > 0) {
        (void)kill(sqlite->pid, SIGKILL);
        (void)await(sqlite->pid);
    }
    release(sqlite);
}

/* The first line of its complaints. */
static void read_complaint(int fd, char out[COMPLAINT_SIZE])
{
    const ssize_t got = pread(fd, out, COMPLAINT_SIZE - 1, 0);

    out[got > 0 ? got : 0] = '\0';
    out[strcspn(out, "\r\n")] = '\0';
}

int pw_sqlite_finish(struct pw_sqlite *sqlite, const char *path, struct pw_error *err)
{
    const int wait_status = await(sqlite->pid);
    char complaint[COMPLAINT_SIZE];
    int status = PW_OK;

    read_complaint(sqlite->errors, complaint);
    if (wait_status == -1 || !WIFEXITED(wait_status)) {
        status = pw_error_set(err, PW_EIO, "'" PROGRAM "' was killed at work on '%s'", path);
    } else if (WEXITSTATUS(wait_status) == 127 && complaint[0] == '\0') {
        status = fail_start(ENOENT, err);
    } else if (WEXITSTATUS(wait_status) != 0) {
        status = pw_error_set(err, PW_EFORMAT, "'" PROGRAM "' says of '%s': %s", path,
                              complaint[0] == '\0' ? "it gave no reason" : complaint);
    }
    release(sqlite);
    return status;
}

int pw_portable_make_database(int script, const char *path, struct pw_error *err)
{
    const char *const arguments[] = {"-batch", "-bail", "-init", "/dev/null", path, NULL};
    struct pw_sqlite sqlite;
    int status = pw_sqlite_start(arguments, script, false, &sqlite, err);

    if (status == PW_OK) {
        status = pw_sqlite_finish(&sqlite, path, err);
    }
    return status;
}
