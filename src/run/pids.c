/*
 * Lists the descendants of this process from the kernel's own lists of children. No process is ever
 * seen twice for certain and one may be missed while the tree changes: callers repeat until wait
 * says that nobody is left.
 */
#include "linux_features.h"

#include "pids.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/** Room for "/proc/<pid>/task/<tid>/children": two numbers and words of ours. */
enum { PATH_SIZE = 96 };

/** Add one. What finds no memory is left out: the caller's loop comes round again. */
static void add_pid(struct pw_run_pids *list, pid_t pid)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity == 0 ? 64 : list->capacity * 2;
        pid_t *items = realloc(list->items, capacity * sizeof(*items));

        if (items == NULL) {
            return;
        }
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = pid;
}

/** Append the numbers in a file of process ids separated by blanks. A process that is gone has
 * none. */
static void read_pids(const char *path, struct pw_run_pids *list)
{
    char chunk[4096];
    long number = 0;
    ssize_t got;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        return;
    }
    while ((got = read(fd, chunk, sizeof(chunk))) > 0) {
        for (ssize_t i = 0; i < got; i++) {
            if (chunk[i] >= '0' && chunk[i] <= '9') {
                number = number * 10 + (chunk[i] - '0');
            } else if (number > 0) {
                add_pid(list, (pid_t)number);
                number = 0;
            }
        }
    }
    (void)close(fd);
}

/** Append the children of a process: each of its threads has its own. */
static void add_children(pid_t pid, struct pw_run_pids *list)
{
    char path[PATH_SIZE];
    struct dirent *entry;
    DIR *tasks;

    (void)snprintf(path, sizeof(path), "/proc/%ld/task", (long)pid);
    tasks = opendir(path);
    if (tasks == NULL) {
        return;
    }
    while ((entry = readdir(tasks)) != NULL) {
        long task = strtol(entry->d_name, NULL, 10);

        if (task <= 0) {
            continue;
        }
        (void)snprintf(path, sizeof(path), "/proc/%ld/task/%ld/children", (long)pid, task);
        read_pids(path, list);
    }
    (void)closedir(tasks);
}

static bool has_pid(const struct pw_run_pids *list, pid_t pid)
{
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        if (list->items[i] == pid) {
            return true;
        }
    }
    return false;
}

void pw_run_pids_find_children(struct pw_run_pids *list)
{
    list->count = 0;
    add_children(getpid(), list);
}

/* A list and not recursion: chains of processes can be long. */
void pw_run_pids_find_sparing(const struct pw_run_pids *spared, struct pw_run_pids *list)
{
    size_t kept = 0;

    pw_run_pids_find_children(list);
    for (size_t i = 0; i < list->count; i++) {
        if (!has_pid(spared, list->items[i])) {
            list->items[kept++] = list->items[i];
        }
    }
    list->count = kept;
    for (size_t i = 0; i < list->count; i++) {
        add_children(list->items[i], list);
    }
}

void pw_run_pids_find(struct pw_run_pids *list)
{
    pw_run_pids_find_sparing(NULL, list);
}

void pw_run_pids_release(struct pw_run_pids *list)
{
    free(list->items);
    *list = (struct pw_run_pids){NULL, 0, 0};
}
