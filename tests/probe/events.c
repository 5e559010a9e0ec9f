/*
 * Every kind of record once, with values that the test knows; and the levels.
 */
#include "perfwarden/probe.h"

#include <stdio.h>

static void *other_thread(void *unused)
{
    (void)unused;
    perfwarden_correlation("another");
    PERFWARDEN_BLOCK("correlated")
    {
    }
    perfwarden_gauge("depth", -2.5);
    return NULL;
}

static void correlate(void)
{
    char text[16];
    pthread_t thread;

    perfwarden_correlation("request \"7\"");
    for (int i = 0; i < 3; i++) {
        PERFWARDEN_BLOCK_AS(op, "correlated")
        {
            (void)snprintf(text, sizeof(text), "%d", i);
            perfwarden_attribute(&op, "size", text);
            perfwarden_attribute(&op, "side", "left");
            text[0] = '!'; /* it was copied */
            if (i == 2) {
                perfwarden_set_failed(&op, "io");
                perfwarden_set_failed(&op, "second");
            }
        }
    }
    if (pthread_create(&thread, NULL, other_thread, NULL) == 0) {
        (void)pthread_join(thread, NULL);
    }
    perfwarden_correlation(NULL);
    PERFWARDEN_BLOCK("alone")
    {
    }
}

static void grow(void)
{
    static char *volatile kept[4];

    for (int i = 0; i < 4; i++) {
        PERFWARDEN_BLOCK_AS(op, "grow")
        {
            perfwarden_attribute(&op, "kept", "10000");
            kept[i] = malloc(10000);
        }
    }
    for (int i = 0; i < 4; i++) {
        PERFWARDEN_BLOCK("shrink")
        {
            free(kept[i]);
        }
    }
}

/* Bits at random, as a finite double. */
static double any_double(uint64_t i)
{
    uint64_t bits = (i + 1U) * 0x9E3779B97F4A7C15U;
    double value;

    bits = (bits ^ (bits >> 31U)) * 0xBF58476D1CE4E5B9U;
    bits &= ~((uint64_t)1 << 52U);
    memcpy(&value, &bits, sizeof(value));
    return value;
}

int main(void)
{
    errno = 77;
    perfwarden_count("rows_total", 40);
    perfwarden_count("rows_total", 2);
    perfwarden_count("huge_total", UINT64_MAX);
    perfwarden_gauge("depth", 1e300);
    perfwarden_gauge("depth", 0.1);
    perfwarden_bytes_in(1000);
    perfwarden_bytes(PERFWARDEN_IN, 24);
    perfwarden_bytes_out(5);
    for (int i = 0; i < 10; i++) {
        perfwarden_cache(i < 7 ? PERFWARDEN_HIT : PERFWARDEN_MISS, "l2");
    }
    perfwarden_error("io", "no space");
    perfwarden_error("io", "no space");
    perfwarden_error("io", NULL);
    for (int i = 0; i < 10000; i++) {
        perfwarden_series("loss", i, 1.0 / (1 + i));
        perfwarden_series("bits", i, any_double((uint64_t)i));
    }
    perfwarden_series("least", -5, 5e-324);
    perfwarden_series("most", INT64_MAX, -1.7976931348623157e308);
    perfwarden_series("lost", 1, 1e308 * 10);
    correlate();
    grow();
    perfwarden_mark_memory("end");
    perfwarden_flush();
    perfwarden_flush();
    perfwarden_count("rows_total", 100);
    return errno == 77 ? 0 : 1;
}
