/*
 * `spin [MICROSECONDS]`: keeps the processor busy that long by the monotonic clock; without a
 * number it ends at once. Linked statically, for the dynamic loader takes as long as a launcher
 * does.
 */
#define _POSIX_C_SOURCE 200809L /* NOLINT(bugprone-reserved-identifier): the name glibc reads */

#include <stdint.h>
#include <stdlib.h>
#include <time.h>

static uint64_t now_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        uint64_t end_ns = now_ns() + UINT64_C(1000) * strtoull(argv[1], NULL, 10);

        while (now_ns() < end_ns) {
        }
    }
    return 0;
}
