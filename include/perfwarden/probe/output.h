/*
 * The way into the metrics file: whole lines, at most 4096 bytes in one write to a descriptor
 * opened for appending, so that any number of threads and processes may write at once. Whatever
 * fails is silent to the program and counted.
 */
#ifndef PERFWARDEN_PROBE_OUTPUT_H
#define PERFWARDEN_PROBE_OUTPUT_H

#include "perfwarden/probe/decimal.h"

/* The program as it was before a write: no cancellation, no signal, errno untouched. */
struct perfwarden_calm_ {
    sigset_t mask;
    sigset_t pending;
    int cancel;
    int error;
};

/* Signals of a fault of the program's own must not be held back: they would end it at once. */
PERFWARDEN_COLD_ void perfwarden_calm_down_(struct perfwarden_calm_ *calm)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP};
    sigset_t all;
    size_t i;

    calm->error = errno;
    (void)sigfillset(&all);
    for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        (void)sigdelset(&all, faults[i]);
    }
    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &calm->cancel);
    (void)pthread_sigmask(SIG_BLOCK, &all, &calm->mask);
    (void)sigpending(&calm->pending);
}

/* Takes a signal that our write has caused (a full disk's limit, a pipe without a reader). */
PERFWARDEN_COLD_ void perfwarden_swallow_(const struct perfwarden_calm_ *calm, int number)
{
    sigset_t set;
    int taken;

    if (sigpending(&set) != 0 || sigismember(&set, number) != 1 ||
        sigismember(&calm->pending, number) == 1) {
        return;
    }
    (void)sigemptyset(&set);
    (void)sigaddset(&set, number);
    (void)sigwait(&set, &taken);
}

PERFWARDEN_COLD_ void perfwarden_uncalm_(const struct perfwarden_calm_ *calm)
{
    int cancel;

    perfwarden_swallow_(calm, SIGPIPE);
#ifdef SIGXFSZ
    perfwarden_swallow_(calm, SIGXFSZ);
#endif
    (void)pthread_sigmask(SIG_SETMASK, &calm->mask, NULL);
    (void)pthread_setcancelstate(calm->cancel, &cancel);
    errno = calm->error;
}

/*
 * Opens the file, its descriptor out of the way of those who count on the lowest free one. A pipe
 * that nobody reads must not hold up the program.
 */
PERFWARDEN_COLD_ int perfwarden_open_(struct perfwarden_core_ *core)
{
    struct stat info;
    const int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
    int fd = open(core->path, flags, 0666);
    int high;

    if (fd < 0) {
        return -1;
    }
    high = fcntl(fd, F_DUPFD_CLOEXEC, 200);
    if (high >= 0) {
        (void)close(fd);
        fd = high;
    }
    if (fstat(fd, &info) != 0) {
        (void)close(fd);
        return -1;
    }
    core->fd = fd;
    core->device = info.st_dev;
    core->inode = info.st_ino;
    return 0;
}

/* The program may have closed our descriptor, and its number may be another file by now: look
 * before each write. */
PERFWARDEN_COLD_ int perfwarden_reach_(struct perfwarden_core_ *core)
{
    struct stat info;

    if (core->fd >= 0 && fstat(core->fd, &info) == 0 && info.st_dev == core->device &&
        info.st_ino == core->inode) {
        return 0;
    }
    core->fd = -1;
    return perfwarden_open_(core);
}

/* Returns how many bytes were taken. */
PERFWARDEN_COLD_ size_t perfwarden_write_once_(struct perfwarden_core_ *core, const char *text,
                                               size_t size)
{
    ssize_t written;

    do {
        written = write(core->fd, text, size);
    } while (written < 0 && errno == EINTR);
    if (written <= 0) {
        return 0;
    }
    core->bytes += (size_t)written;
    core->torn = text[written - 1] != '\n';
    return (size_t)written;
}

PERFWARDEN_COLD_ uint64_t perfwarden_count_lines_(const char *text, size_t size)
{
    uint64_t lines = 0;
    size_t i;

    for (i = 0; i < size; i++) {
        lines += text[i] == '\n';
    }
    return lines;
}

/* Appends whole lines, size <= 4096, with signals held back (or from a signal's handler). Returns
 * how many are lost. */
PERFWARDEN_COLD_ uint64_t perfwarden_write_(struct perfwarden_core_ *core, const char *text,
                                            size_t size)
{
    int is_locked = 1;
    size_t written = 0;
    uint64_t lost;

    if (size == 0U) {
        return 0;
    }
    if (PERFWARDEN_LOAD_(&core->closed) != 0U) {
        is_locked = perfwarden_lock_within_(&core->output_lock, 500);
    } else {
        perfwarden_lock_(&core->output_lock);
    }
    if (getpid() == core->pid && core->bytes + size < PERFWARDEN_MAX_BYTES &&
        perfwarden_reach_(core) == 0 &&
        (!core->torn || perfwarden_write_once_(core, "\n", 1) == 1U)) {
        written = perfwarden_write_once_(core, text, size);
    }
    if (is_locked) {
        perfwarden_unlock_(&core->output_lock);
    }
    lost = perfwarden_count_lines_(text + written, size - written);
    perfwarden_drop_(core, lost);
    return lost;
}

/* Writes a thread's lines; its lock is held, or its owner is the code that a fatal signal has
 * interrupted. */
PERFWARDEN_COLD_ void perfwarden_write_thread_(struct perfwarden_core_ *core,
                                               struct perfwarden_thread_ *thread)
{
    struct perfwarden_calm_ calm;

    if (PERFWARDEN_LOAD_(&thread->used) == 0U) {
        return;
    }
    perfwarden_calm_down_(&calm);
    PERFWARDEN_PUBLISH_(&thread->writing, 1U);
    (void)perfwarden_write_(core, thread->lines, thread->used);
    PERFWARDEN_STORE_(&thread->used, 0U);
    PERFWARDEN_PUBLISH_(&thread->writing, 0U);
    perfwarden_uncalm_(&calm);
}

/* Adds a line, its LF included, to this thread's; they are written when no more fit. */
PERFWARDEN_WARM_ void perfwarden_append_(struct perfwarden_core_ *core,
                                         struct perfwarden_thread_ *thread,
                                         const struct perfwarden_line_ *line)
{
    if (line->is_full) {
        perfwarden_drop_(core, 1);
        return;
    }
    perfwarden_lock_(&thread->lock);
    if (line->used > PERFWARDEN_LINE_BYTES_ - thread->used) {
        perfwarden_write_thread_(core, thread);
    }
    memcpy(thread->lines + thread->used, line->text, line->used);
    PERFWARDEN_PUBLISH_(&thread->used, thread->used + (uint32_t)line->used);
    perfwarden_unlock_(&thread->lock);
}

#endif
