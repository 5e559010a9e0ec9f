/*
 * Reads small files of /proc without stdio, whose buffers would be allocated in the launcher.
 */
#include "linux_features.h"

#include "proc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/** Room for "/proc/<pid>/smaps_rollup". */
enum { PATH_SIZE = 64 };

bool pw_run_proc_read(pid_t pid, const char *name, char text[PW_RUN_PROC_TEXT_SIZE])
{
    char path[PATH_SIZE];
    size_t length = 0;
    ssize_t got;
    int fd;

    (void)snprintf(path, sizeof(path), "/proc/%ld/%s", (long)pid, name);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    while (length < PW_RUN_PROC_TEXT_SIZE - 1 &&
           (got = read(fd, text + length, PW_RUN_PROC_TEXT_SIZE - 1 - length)) > 0) {
        length += (size_t)got;
    }
    (void)close(fd);
    text[length] = '\0';
    return length > 0;
}

bool pw_run_proc_number(const char *text, const char *label, uint64_t *out)
{
    const char *found = strstr(text, label);
    unsigned long long value;
    char *end;

    if (found == NULL) {
        return false;
    }
    found += strlen(label);
    errno = 0;
    value = strtoull(found, &end, 10);
    if (end == found || errno != 0) {
        return false;
    }
    *out = value;
    return true;
}
