/*
 * distribution TRUTH: four threads whose operations take what the mixture says. TRUTH gets a line
 * for each: its nanoseconds, and the kind of its failure or "-".
 */
#include "mixture.h"

#include "perfwarden/probe.h"

#include <stdio.h>

enum { THREADS = 4, CALLS = 50000 };

static const char *const kinds[] = {"-", "io", "timeout"};

struct part {
    uint64_t seed;
    uint64_t ns[CALLS];
    const char *kinds[CALLS];
};

static void work(struct part *part, int i)
{
    PERFWARDEN_BLOCK_AS(op, "mixture")
    {
        mixture_now_ns += part->ns[i];
        if (part->kinds[i] != kinds[0]) {
            perfwarden_set_failed(&op, part->kinds[i]);
            return;
        }
    }
}

static void *run(void *argument)
{
    struct part *part = argument;

    for (int i = 0; i < CALLS; i++) {
        part->ns[i] = mixture_ns(&part->seed);
        part->kinds[i] = kinds[i % 97 == 0 ? 1 + i % 2 : 0];
        work(part, i);
        mixture_now_ns += 5;
        if (i == CALLS / 2) {
            perfwarden_flush(); /* what follows is written as the difference */
        }
    }
    return NULL;
}

int main(int argc, char **argv)
{
    static struct part parts[THREADS];
    pthread_t threads[THREADS];
    FILE *truth = argc == 2 ? fopen(argv[1], "w") : NULL;

    if (truth == NULL) {
        return 2;
    }
    for (int i = 0; i < THREADS; i++) {
        parts[i].seed = 7U + (uint64_t)i;
        if (pthread_create(&threads[i], NULL, run, &parts[i]) != 0) {
            return 1;
        }
    }
    for (int i = 0; i < THREADS; i++) {
        (void)pthread_join(threads[i], NULL);
        for (int k = 0; k < CALLS; k++) {
            fprintf(truth, "%llu %s\n", (unsigned long long)parts[i].ns[k], parts[i].kinds[k]);
        }
    }
    return fclose(truth) == 0 ? 0 : 1;
}
