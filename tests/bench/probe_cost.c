/*
 * What the probe costs, at the level that $PERFWARDEN_PROBE asks for: a line "name nanoseconds" for
 * each thing, per call and thread, the loop around it taken off.
 *
 *     bench_probe_cost [BATCHES [CALLS]]
 *
 * A figure is the least of the batches' means: what else runs on the machine only ever adds. The
 * things take turns, so that all have their share of quiet moments. Threads are measured in
 * processor time of their own, which does not grow when there are more threads than processors, but
 * does when they wait for each other or share cache lines.
 */
#include "perfwarden/probe.h"

#include <stdio.h>

enum { MAX_THREADS = 8 };

static void keep_loop(void)
{
    __asm__ volatile("" ::: "memory");
}

static void run_loop(long calls)
{
    for (long i = 0; i < calls; i++) {
        keep_loop();
    }
}

static void run_clock(long calls)
{
    struct timespec now;

    for (long i = 0; i < calls; i++) {
        (void)clock_gettime(CLOCK_MONOTONIC, &now);
        keep_loop();
    }
}

static void run_two_clocks(long calls)
{
    struct timespec now[2];

    for (long i = 0; i < calls; i++) {
        (void)clock_gettime(CLOCK_MONOTONIC, &now[0]);
        keep_loop();
        (void)clock_gettime(CLOCK_MONOTONIC, &now[1]);
        keep_loop();
    }
}

static void run_block(long calls)
{
    for (long i = 0; i < calls; i++) {
        PERFWARDEN_BLOCK("block")
        {
            keep_loop();
        }
    }
}

static void run_begin(long calls)
{
    for (long i = 0; i < calls; i++) {
        perfwarden_op op = perfwarden_begin("begin_and_end");

        keep_loop();
        perfwarden_end(op);
    }
}

static void run_count(long calls)
{
    for (long i = 0; i < calls; i++) {
        perfwarden_count("rows_total", 1);
        keep_loop();
    }
}

static void run_cache(long calls)
{
    for (long i = 0; i < calls; i++) {
        perfwarden_cache(PERFWARDEN_HIT, "l1");
        keep_loop();
    }
}

static void run_gauge(long calls)
{
    for (long i = 0; i < calls; i++) {
        perfwarden_gauge("queue", (double)i);
        keep_loop();
    }
}

static void run_bytes(long calls)
{
    for (long i = 0; i < calls; i++) {
        perfwarden_bytes_out(1);
        keep_loop();
    }
}

struct thing {
    const char *name;
    void (*run)(long calls);
    int threads;
};

static const struct thing things[] = {
    {"loop", run_loop, 1},
    {"clock", run_clock, 1},
    {"two_clocks", run_two_clocks, 1},
    {"block", run_block, 1},
    {"begin_end", run_begin, 1},
    {"count", run_count, 1},
    {"cache", run_cache, 1},
    {"gauge", run_gauge, 1},
    {"bytes", run_bytes, 1},
    {"block_2_threads", run_block, 2},
    {"block_8_threads", run_block, 8},
};

enum { THINGS = sizeof(things) / sizeof(things[0]) };

struct turn {
    const struct thing *thing;
    long calls;
    double ns;
    pthread_barrier_t *start;
};

static double thread_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static void *take_turn(void *argument)
{
    struct turn *turn = argument;
    double begin;

    turn->thing->run(10); /* what is done once */
    (void)pthread_barrier_wait(turn->start);
    begin = thread_ns();
    turn->thing->run(turn->calls);
    turn->ns = (thread_ns() - begin) / (double)turn->calls;
    return NULL;
}

/* The mean of the threads; -1 when one could not be started. */
static double measure(const struct thing *thing, long calls)
{
    struct turn turns[MAX_THREADS];
    pthread_t threads[MAX_THREADS];
    pthread_barrier_t start;
    double sum = 0;

    if (pthread_barrier_init(&start, NULL, (unsigned)thing->threads) != 0) {
        return -1;
    }
    for (int i = 0; i < thing->threads; i++) {
        turns[i] = (struct turn){thing, calls, 0, &start};
        if (pthread_create(&threads[i], NULL, take_turn, &turns[i]) != 0) {
            return -1;
        }
    }
    for (int i = 0; i < thing->threads; i++) {
        (void)pthread_join(threads[i], NULL);
        sum += turns[i].ns;
    }
    (void)pthread_barrier_destroy(&start);
    return sum / thing->threads;
}

int main(int argc, char **argv)
{
    long batches = argc > 1 ? strtol(argv[1], NULL, 10) : 100;
    long calls = argc > 2 ? strtol(argv[2], NULL, 10) : 20000;
    double least[THINGS] = {0};

    for (long batch = 0; batch < batches; batch++) {
        for (size_t i = 0; i < THINGS; i++) {
            double ns = measure(&things[i], calls);

            if (ns < 0) {
                fputs("bench_probe_cost: cannot start threads\n", stderr);
                return 1;
            }
            least[i] = batch == 0 || ns < least[i] ? ns : least[i];
        }
    }
    printf("%s %.3f\n", things[0].name, least[0]);
    for (size_t i = 1; i < THINGS && batches > 0; i++) {
        printf("%s %.3f\n", things[i].name, least[i] - least[0]);
    }
    return 0;
}
