/* Known amounts of time, memory, bytes and page faults. */
#define _GNU_SOURCE 1 /* NOLINT(bugprone-reserved-identifier): the name glibc reads */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "habits.h"

int habit_allocate_mib(long number)
{
    size_t length = (size_t)number * MIB;
    char *memory = malloc(length);

    if (memory == NULL) {
        (void)fprintf(stderr, "out of memory\n");
        return 12;
    }
    for (size_t i = 0; i < length; i += 1024) {
        ((volatile char *)memory)[i] = 1;
    }
    free(memory);
    return 0;
}

/** Many processes, each of them modest, all at once. */
int habit_allocate_in_children(long number)
{
    for (long i = 0; i < number; i++) {
        if (fork() == 0) {
            char *memory = malloc(16 * (size_t)MIB);

            for (size_t at = 0; memory != NULL && at < 16 * (size_t)MIB; at += 1024) {
                ((volatile char *)memory)[at] = 1;
            }
            linger();
        }
    }
    linger();
    return 0;
}

/** Children that share one big block: little memory, however often it is counted. */
int habit_share_with_children(long number)
{
    size_t length = 32 * (size_t)MIB;
    char *memory = malloc(length);
    struct timespec pause = {0, 300000000};

    for (size_t at = 0; memory != NULL && at < length; at += 1024) {
        ((volatile char *)memory)[at] = 1;
    }
    for (long i = 0; i < number; i++) {
        if (fork() == 0) {
            (void)nanosleep(&pause, NULL);
            _exit(0);
        }
    }
    while (wait(NULL) > 0) {
    }
    free(memory);
    return 0;
}

int habit_spin_ms(long number)
{
    clock_t end = clock() + (clock_t)number * (CLOCKS_PER_SEC / 1000);
    volatile unsigned long turns = 0;

    while (clock() < end) {
        for (int i = 0; i < 1000; i++) {
            turns++;
        }
    }
    return 0;
}

int habit_sleep_ms(long number)
{
    struct timespec pause = {number / 1000, number % 1000 * 1000000};

    return nanosleep(&pause, NULL);
}

int habit_read_zeros(long number)
{
    char block[4096];
    int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);

    for (long done = 0; done < number; done += (long)sizeof(block)) {
        if (read(fd, block, sizeof(block)) != (ssize_t)sizeof(block)) {
            return 1;
        }
    }
    return 0;
}

int habit_write_nothing(long number)
{
    write_bytes(open("/dev/null", O_WRONLY | O_CLOEXEC), (size_t)number, 'a');
    return 0;
}

int habit_fault_pages(long number)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *memory = mmap(NULL, (size_t)number * page, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED) {
        return 1;
    }
    (void)madvise(memory, (size_t)number * page, MADV_NOHUGEPAGE);
    for (long i = 0; i < number; i++) {
        ((volatile char *)memory)[(size_t)i * page] = 1;
    }
    return 0;
}
