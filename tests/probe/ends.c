/*
 * ends WAY: five blocks and two counts, then an end of the process. The tables below say which
 * there are.
 */
#include "perfwarden/probe.h"

#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>

static void record(int blocks)
{
    for (int i = 0; i < blocks; i++) {
        PERFWARDEN_BLOCK("work")
        {
            perfwarden_series("step", i, 0.5);
        }
    }
    perfwarden_count("done_total", 2);
}

static int end_by_return(const char *unused)
{
    (void)unused;
    return 0;
}

static void count_more(void)
{
    perfwarden_count("done_total", 40);
}

static int end_by_atexit(const char *unused)
{
    (void)unused;
    return atexit(count_more);
}

static int end_by_exit_now(const char *unused)
{
    (void)unused;
    _exit(0);
}

static int end_by_flush(const char *unused)
{
    (void)unused;
    perfwarden_flush();
    perfwarden_flush();
    _exit(0);
}

static int end_by_raise(const char *number)
{
    return raise((int)strtol(number, NULL, 10));
}

static int end_by_fault(const char *unused)
{
    int *volatile nowhere = (int *)16; /* nothing is mapped there */

    (void)unused;
    *nowhere = 1;
    return 0;
}

static int end_by_abort(const char *unused)
{
    (void)unused;
    abort();
}

static void on_term(int number)
{
    (void)number;
    _exit(9);
}

static int end_by_own_handler(const char *unused)
{
    (void)unused;
    (void)signal(SIGTERM, on_term);
    return raise(SIGTERM);
}

static int end_by_ignored(const char *unused)
{
    (void)unused;
    (void)signal(SIGINT, SIG_IGN);
    return raise(SIGINT);
}

static void *run_on(void *ready)
{
    for (int i = 0; i < 1000; i++) {
        PERFWARDEN_BLOCK("running")
        {
        }
    }
    PERFWARDEN_PUBLISH_((int *)ready, 1);
    for (;;) {
        (void)pause();
    }
    return NULL;
}

/* Ends by a signal or, without one, by return, while another thread is still there. */
static int end_with_thread(const char *number)
{
    static int ready;
    pthread_t thread;

    if (pthread_create(&thread, NULL, run_on, &ready) != 0) {
        return 1;
    }
    while (PERFWARDEN_SEEN_(&ready) == 0) {
        (void)sched_yield();
    }
    return number != NULL ? raise((int)strtol(number, NULL, 10)) : 0;
}

/* A thousand times a second signal, in the middle of whatever the probe does. */
static int end_amid(const char *unused)
{
    (void)unused;
    if (fork() == 0) {
        struct timespec pause = {0, 30000000};

        (void)nanosleep(&pause, NULL);
        (void)kill(getppid(), SIGTERM);
        _exit(0);
    }
    for (;;) {
        perfwarden_series("amid", 1, 1.0);
        PERFWARDEN_BLOCK("amid")
        {
        }
    }
    return 0;
}

/* The block that is open is the parent's; the child counts what it does itself. */
static int end_with_child(const char *unused)
{
    pid_t child;
    int status = 1;

    (void)unused;
    PERFWARDEN_BLOCK("around")
    {
        child = fork();
        if (child == 0) {
            record(3);
        }
    }
    if (child > 0) {
        (void)waitpid(child, &status, 0);
    }
    return child == 0 ? 0 : status;
}

static void *run_fixed(void *unused)
{
    (void)unused;
    for (int i = 0; i < 20000; i++) {
        PERFWARDEN_BLOCK("beside")
        {
            perfwarden_series("beside", i, 0.5);
        }
    }
    return NULL;
}

/* Fifty children that begin while other threads record, write and flush. */
static int end_with_children(const char *unused)
{
    pthread_t threads[4];
    int failed = 0;
    int status;

    (void)unused;
    for (int i = 0; i < 4; i++) {
        failed += pthread_create(&threads[i], NULL, run_fixed, NULL) != 0;
    }
    for (int i = 0; i < 50; i++) {
        pid_t child = fork();

        if (child == 0) {
            record(1);
            exit(0);
        }
        failed += child < 0 || waitpid(child, &status, 0) != child || status != 0;
        perfwarden_flush();
    }
    for (int i = 0; i < 4; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    return failed;
}

/* Whoever closes everything and opens a file of its own must find nothing of ours in it. */
static int end_with_closed_files(const char *path)
{
    int fd;

    for (fd = 0; fd < 1024; fd++) {
        (void)close(fd);
    }
    for (fd = 0; fd < 300; fd++) {
        if (open(path, O_WRONLY | O_CREAT, 0600) < 0) {
            return 1;
        }
    }
    return 0;
}

static int end_with_limit(const char *bytes)
{
    struct rlimit limit;

    limit.rlim_cur = limit.rlim_max = (rlim_t)strtol(bytes, NULL, 10);
    for (int i = 0; i < 1000; i++) {
        perfwarden_series("long", i, 0.5);
    }
    return setrlimit(RLIMIT_FSIZE, &limit);
}

/* A disk that is full in the middle of a line, and has room again. */
static int end_with_room_again(const char *bytes)
{
    struct rlimit limit;
    rlim_t most;

    if (getrlimit(RLIMIT_FSIZE, &limit) != 0) {
        return 1;
    }
    most = limit.rlim_cur;
    limit.rlim_cur = (rlim_t)strtol(bytes, NULL, 10);
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) {
        return 1;
    }
    perfwarden_flush();
    limit.rlim_cur = most;
    perfwarden_count("late_total", 1);
    return setrlimit(RLIMIT_FSIZE, &limit);
}

/* Whoever reads the pipe goes away before the end. */
static int end_without_reader(const char *unused)
{
    (void)unused;
    (void)puts("ready");
    (void)fflush(stdout);
    return getchar() == EOF ? 0 : 1;
}

static int end_in_directory(const char *path)
{
    return chdir(path);
}

static const struct {
    const char *name;
    int (*end)(const char *argument);
} ways[] = {
    {"return", end_by_return},
    {"atexit", end_by_atexit},
    {"_exit", end_by_exit_now},
    {"flush", end_by_flush},
    {"raise", end_by_raise},
    {"fault", end_by_fault},
    {"abort", end_by_abort},
    {"handler", end_by_own_handler},
    {"ignored", end_by_ignored},
    {"thread", end_with_thread},
    {"amid", end_amid},
    {"fork", end_with_child},
    {"forks", end_with_children},
    {"closed", end_with_closed_files},
    {"limit", end_with_limit},
    {"room", end_with_room_again},
    {"reader", end_without_reader},
    {"directory", end_in_directory},
};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < sizeof(ways) / sizeof(ways[0]); i++) {
        if (strcmp(argv[1], ways[i].name) == 0) {
            record(5);
            return ways[i].end(argc > 2 ? argv[2] : NULL);
        }
    }
    return 2;
}
