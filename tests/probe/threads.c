/*
 * Eight threads of 100,000 blocks and counts each, at once; 200 threads of 10 after each other,
 * which end long before the process; and one operation that sleeps and one that spins.
 */
#include "perfwarden/probe.h"

static void *run_long(void *unused)
{
    (void)unused;
    for (int i = 0; i < 100000; i++) {
        PERFWARDEN_BLOCK("outer")
        {
            PERFWARDEN_BLOCK("inner")
            {
                perfwarden_count("things_total", 3);
            }
        }
        perfwarden_cache(i % 4 == 0 ? PERFWARDEN_MISS : PERFWARDEN_HIT, "l1");
        if (i % 1000 == 0) {
            perfwarden_error("busy", i % 2000 == 0 ? "even" : "odd");
        }
        if (i % 25000 == 0) {
            perfwarden_flush(); /* while the others run */
        }
    }
    return NULL;
}

static void *run_short(void *unused)
{
    (void)unused;
    for (int i = 0; i < 10; i++) {
        perfwarden_op op = perfwarden_begin("short");

        perfwarden_end(op);
    }
    return NULL;
}

static void wait_and_spin(void)
{
    struct timespec pause = {0, 3000000};

    for (int i = 0; i < 5; i++) {
        PERFWARDEN_BLOCK("sleep_3ms")
        {
            (void)nanosleep(&pause, NULL);
        }
        PERFWARDEN_BLOCK("spin_2ms")
        {
            uint64_t end = perfwarden_clock_ns_() + 2000000U;

            while (perfwarden_clock_ns_() < end) {
            }
        }
    }
}

/* Threads that come after others take over their memory. */
static int count_records(void)
{
    const struct perfwarden_core_ *core = perfwarden_get_core_();
    const struct perfwarden_thread_ *thread = core == NULL ? NULL : core->threads;
    int count = 0;

    for (; thread != NULL; thread = thread->next) {
        count++;
    }
    return count;
}

int main(void)
{
    pthread_t threads[8];

    for (int i = 0; i < 8; i++) {
        if (pthread_create(&threads[i], NULL, run_long, NULL) != 0) {
            return 1;
        }
    }
    for (int i = 0; i < 8; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    for (int i = 0; i < 200; i++) {
        if (pthread_create(&threads[0], NULL, run_short, NULL) != 0) {
            return 1;
        }
        (void)pthread_join(threads[0], NULL);
    }
    wait_and_spin();
    return count_records() <= 9 ? 0 : 1;
}
