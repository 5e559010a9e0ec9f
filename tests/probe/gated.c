/*
 * A benchmark whose operations take what the file "speed" says, by a clock of their own: 1000 calls
 * from 1 to 1000 µs each, times that factor; every tenth fails; three of four lookups hit.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t now_ns = 1000000000;

static uint64_t test_clock(void)
{
    return now_ns;
}
#define PERFWARDEN_CLOCK_NS() test_clock()

#include <perfwarden/probe.h>

int main(void)
{
    FILE *file = fopen("speed", "r");
    unsigned factor = 0;
    if (file == NULL || fscanf(file, "%u", &factor) != 1) {
        return EXIT_FAILURE;
    }
    (void)fclose(file);
    perfwarden_correlation("import-7");
    for (unsigned i = 1; i <= 1000; i++) {
        PERFWARDEN_BLOCK_AS(op, "add_file")
        {
            now_ns += (uint64_t)i * 1000 * factor;
            if (i % 10 == 0) {
                perfwarden_set_failed(&op, "full");
            }
        }
        if (i == 3) {
            perfwarden_correlation(NULL);
        }
        perfwarden_cache(i % 4 == 0 ? PERFWARDEN_MISS : PERFWARDEN_HIT, "l1");
        perfwarden_count("rows", 5);
    }
    return EXIT_SUCCESS;
}
