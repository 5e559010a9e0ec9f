/*
 * shared LIBRARY: loads it, calls it, unloads it, and goes on. Its counts and the program's are
 * one.
 */
#include "perfwarden/probe.h"

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>

static int call_library(const char *path)
{
    void *library = dlopen(path, RTLD_NOW);
    void (*part)(void);

    if (library == NULL) {
        return 1;
    }
    *(void **)(&part) = dlsym(library, "shared_part");
    for (int i = 0; part != NULL && i < 10; i++) {
        part();
    }
    return part == NULL || dlclose(library) != 0;
}

static void *run(void *path)
{
    PERFWARDEN_BLOCK("both")
    {
    }
    return call_library(path) == 0 ? path : NULL;
}

int main(int argc, char **argv)
{
    pthread_t thread;
    void *done = NULL;

    if (argc != 2 || pthread_create(&thread, NULL, run, argv[1]) != 0) {
        return 2;
    }
    (void)pthread_join(thread, &done);
    if (done == NULL || call_library(argv[1]) != 0) {
        return 1;
    }
    PERFWARDEN_BLOCK("both")
    {
    }
    return raise(SIGTERM); /* the library's code is gone, its handlers must be too */
}
