/*
 * A shared library with the probe in it.
 */
#include "perfwarden/probe.h"

void shared_part(void);

void shared_part(void)
{
    PERFWARDEN_BLOCK("both")
    {
        perfwarden_count("both_total", 1);
    }
}
