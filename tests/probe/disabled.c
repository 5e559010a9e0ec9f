/*
 * Uses everything and prints how often arguments were evaluated. C and C++; compiled with and
 * without the probe.
 */
#include "perfwarden/probe.h"

#include <stdio.h>

static unsigned evaluated;

unsigned next(void);

unsigned next(void)
{
    return ++evaluated;
}

static int run(int way)
{
    int passed = 0;

    for (;;) {
        PERFWARDEN_BLOCK("outer")
        {
            PERFWARDEN_BLOCK("inner") PERFWARDEN_BLOCK_AS(op, "innermost")
            {
                perfwarden_attribute(&op, "key", "value");
                perfwarden_set_failed(&op, "io");
                if (way == 1) {
                    break;
                }
                if (way == 2) {
                    continue;
                }
                passed += 10;
            }
            passed++;
        }
        return passed;
    }
}

int main(void)
{
    perfwarden_op op = perfwarden_begin("manual");
    perfwarden_op other = PERFWARDEN_BEGIN("literal");

    perfwarden_end(op);
    perfwarden_fail(other, "io");
    perfwarden_count("count", next());
    perfwarden_gauge("gauge", next());
    perfwarden_bytes(PERFWARDEN_OUT, next());
    perfwarden_bytes_in(1);
    perfwarden_bytes_out(1);
    perfwarden_cache(PERFWARDEN_MISS, "l1");
    perfwarden_error("kind", "message");
    perfwarden_correlation("id");
    perfwarden_series("series", next(), 1.0);
    perfwarden_mark_memory("mark");
    perfwarden_flush();
    printf("%d %d %d\n", run(0), run(1), run(2));
#ifdef PERFWARDEN_DISABLE
    return evaluated == 0 ? 0 : 1;
#else
    return evaluated == 4 ? 0 : 1;
#endif
}
