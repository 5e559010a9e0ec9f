/*
 * Control groups are directories of the kernel's. Each of ours is locked by its launcher as long as
 * that lives: a group of ours that nobody holds and whose launcher is gone is a leftover.
 */
#include "linux_features.h"

#include "cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "proc.h"

static const char NAME_PREFIX[] = "perfwarden-";
/** A group stays busy for a moment after its last process was reaped. */
enum { REMOVE_ATTEMPTS = 50 };
static const long REMOVE_AGAIN_NS = 1000000;

static struct pw_run_cgroup open_group(const char *parent, const char *name)
{
    struct pw_run_cgroup group = PW_RUN_CGROUP_EMPTY;
    int parent_fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    group.parent = parent;
    (void)snprintf(group.name, sizeof(group.name), "%s", name);
    if (parent_fd >= 0) {
        group.directory_fd =
            openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        (void)close(parent_fd);
    }
    return group;
}

/** @param flag  AT_REMOVEDIR to remove, 0 to make */
static bool change_directory_entry(const char *parent, const char *name, int flag)
{
    int parent_fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool is_done;

    if (parent_fd < 0) {
        return false;
    }
    is_done =
        flag == 0 ? mkdirat(parent_fd, name, 0755) == 0 : unlinkat(parent_fd, name, flag) == 0;
    (void)close(parent_fd);
    return is_done;
}

static void close_fd(int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
    }
    *fd = -1;
}

bool pw_run_cgroup_make(struct pw_run_cgroup *group, const char *parent, unsigned serial)
{
    char name[PW_RUN_CGROUP_NAME_SIZE];

    (void)snprintf(name, sizeof(name), "%s%ld-%u", NAME_PREFIX, (long)getpid(), serial);
    if (!change_directory_entry(parent, name, 0)) {
        return false;
    }
    *group = open_group(parent, name);
    if (group->directory_fd >= 0) {
        group->procs_fd = openat(group->directory_fd, "cgroup.procs", O_WRONLY | O_CLOEXEC);
    }
    if (group->procs_fd < 0) {
        int error_number = errno;

        close_fd(&group->directory_fd);
        (void)change_directory_entry(parent, name, AT_REMOVEDIR);
        errno = error_number;
        return false;
    }
    (void)flock(group->directory_fd, LOCK_EX | LOCK_NB);
    return true;
}

bool pw_run_cgroup_exists(const struct pw_run_cgroup *group)
{
    return group->directory_fd >= 0;
}

bool pw_run_cgroup_write(const struct pw_run_cgroup *group, const char *file, const char *text)
{
    int fd = openat(group->directory_fd, file, O_WRONLY | O_CLOEXEC);
    ssize_t written;
    int error_number;

    if (fd < 0) {
        return false;
    }
    written = write(fd, text, strlen(text));
    error_number = errno;
    (void)close(fd);
    errno = error_number;
    return written == (ssize_t)strlen(text);
}

bool pw_run_cgroup_write_number(const struct pw_run_cgroup *group, const char *file,
                                uint64_t number)
{
    char text[24];

    (void)snprintf(text, sizeof(text), "%llu", (unsigned long long)number);
    return pw_run_cgroup_write(group, file, text);
}

/** Read a file of the group as far as there is room. */
static bool read_text(const struct pw_run_cgroup *group, const char *file,
                      char text[PW_RUN_PROC_TEXT_SIZE])
{
    int fd = openat(group->directory_fd, file, O_RDONLY | O_CLOEXEC);
    ssize_t got;

    if (fd < 0) {
        return false;
    }
    got = read(fd, text, PW_RUN_PROC_TEXT_SIZE - 1);
    (void)close(fd);
    if (got < 0) {
        return false;
    }
    text[got] = '\0';
    return true;
}

bool pw_run_cgroup_read(const struct pw_run_cgroup *group, const char *file, const char *label,
                        uint64_t *out)
{
    char text[PW_RUN_PROC_TEXT_SIZE];

    return read_text(group, file, text) && pw_run_proc_number(text, label, out);
}

bool pw_run_cgroup_offers(const struct pw_run_cgroup *group, const char *file)
{
    return faccessat(group->directory_fd, file, W_OK, AT_EACCESS) == 0;
}

bool pw_run_cgroup_enter(const struct pw_run_cgroup *group)
{
    return write(group->procs_fd, "0", 1) == 1;
}

/** Cut the next process id off a list of them, one a line. @return 0 at the end, or where the room
 * for the list ended */
static pid_t next_pid(char **at)
{
    char *end;
    long pid = strtol(*at, &end, 10);

    if (end == *at || *end != '\n') {
        return 0;
    }
    *at = end + 1;
    return (pid_t)pid;
}

bool pw_run_cgroup_take_in(const struct pw_run_cgroup *group)
{
    char text[PW_RUN_PROC_TEXT_SIZE];
    char *at = text;
    pid_t pid;

    if (!read_text(group, "../cgroup.procs", text)) {
        return false;
    }
    while ((pid = next_pid(&at)) != 0) {
        if (pid != getpid() && pid != getppid()) {
            errno = EBUSY;
            return false;
        }
    }
    at = text;
    while ((pid = next_pid(&at)) != 0) {
        if (!pw_run_cgroup_write_number(group, "cgroup.procs", (uint64_t)pid)) {
            return false;
        }
    }
    return true;
}

/** Version 1 has no call for it: one after the other, which the caller repeats. */
static void kill_each(const struct pw_run_cgroup *group)
{
    char text[PW_RUN_PROC_TEXT_SIZE];
    char *at = text;
    pid_t pid;

    if (!read_text(group, "cgroup.procs", text)) {
        return;
    }
    while ((pid = next_pid(&at)) != 0) {
        if (pid > 1 && pid != getpid()) {
            (void)kill(pid, SIGKILL);
        }
    }
}

void pw_run_cgroup_kill(const struct pw_run_cgroup *group)
{
    if (pw_run_cgroup_exists(group) && !pw_run_cgroup_write(group, "cgroup.kill", "1")) {
        kill_each(group);
    }
}

/** @param is_killed  whether what is in the group is killed again before each attempt */
static void remove_group(const struct pw_run_cgroup *group, bool is_killed)
{
    struct timespec pause = {0, REMOVE_AGAIN_NS};

    for (int i = 0; i < REMOVE_ATTEMPTS; i++) {
        if (is_killed) {
            pw_run_cgroup_kill(group);
        }
        if (change_directory_entry(group->parent, group->name, AT_REMOVEDIR) || errno != EBUSY) {
            return;
        }
        (void)nanosleep(&pause, NULL);
    }
}

void pw_run_cgroup_remove(struct pw_run_cgroup *group)
{
    if (pw_run_cgroup_exists(group)) {
        remove_group(group, false);
    }
    close_fd(&group->procs_fd);
    close_fd(&group->directory_fd);
}

/** True when a group was made by a launcher that is gone. */
static bool is_abandoned(const struct pw_run_cgroup *group)
{
    long maker = strtol(group->name + strlen(NAME_PREFIX), NULL, 10);

    /* The lock tells of launchers in other process namespaces, whose ids mean nothing here. */
    return maker > 0 && kill((pid_t)maker, 0) != 0 && errno == ESRCH &&
           flock(group->directory_fd, LOCK_EX | LOCK_NB) == 0;
}

void pw_run_cgroup_sweep(const char *parent)
{
    DIR *entries = opendir(parent);
    const struct dirent *entry;

    if (entries == NULL) {
        return;
    }
    while ((entry = readdir(entries)) != NULL) {
        struct pw_run_cgroup group;

        if (strncmp(entry->d_name, NAME_PREFIX, strlen(NAME_PREFIX)) != 0 ||
            strlen(entry->d_name) >= PW_RUN_CGROUP_NAME_SIZE) {
            continue;
        }
        group = open_group(parent, entry->d_name);
        if (group.directory_fd >= 0 && is_abandoned(&group)) {
            remove_group(&group, true);
        }
        close_fd(&group.directory_fd);
    }
    (void)closedir(entries);
}
