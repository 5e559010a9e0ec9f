/*
 * `spawn RUNS PROGRAM [ARGUMENT...]`: the least that running a program costs, a bare loop of vfork,
 * exec and wait. Prints the nanoseconds from before vfork to after the wait, one run a line.
 */
#define _GNU_SOURCE 1 /* NOLINT(bugprone-reserved-identifier): the name glibc reads */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static uint64_t now_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

/** @return whether the program ran and exited with 0 */
static int run(char **argv)
{
    int status = 0;
    pid_t child = vfork();

    if (child == 0) {
        (void)execv(argv[0], argv);
        _exit(127);
    }
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

int main(int argc, char **argv)
{
    long runs = argc > 2 ? strtol(argv[1], NULL, 10) : 0;
    uint64_t *wall_ns = runs > 0 ? calloc((size_t)runs, sizeof(*wall_ns)) : NULL;

    if (wall_ns == NULL) {
        (void)fprintf(stderr, "usage: spawn RUNS PROGRAM [ARGUMENT...]\n");
        return 2;
    }
    for (long i = 0; i < runs; i++) {
        uint64_t started_ns = now_ns();

        if (!run(argv + 2)) {
            (void)fprintf(stderr, "spawn: '%s' failed\n", argv[2]);
            return 1;
        }
        wall_ns[i] = now_ns() - started_ns;
    }
    for (long i = 0; i < runs; i++) {
        (void)printf("%llu\n", (unsigned long long)wall_ns[i]);
    }
    free(wall_ns);
    return 0;
}
