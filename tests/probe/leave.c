/*
 * Ways out of a block. With PERFWARDEN_NO_CLEANUP, only its end and continue are recorded.
 */
#include "perfwarden/probe.h"

#include <stdio.h>

static int leave(int way)
{
    PERFWARDEN_BLOCK("left")
    {
        PERFWARDEN_BLOCK("left") PERFWARDEN_BLOCK("left")
        {
            if (way == 0) {
                return 1;
            }
            if (way == 1) {
                break;
            }
            if (way == 2) {
                continue;
            }
            if (way == 3) {
                goto out;
            }
        }
    }
    return 0;
out:
    return 2;
}

int main(void)
{
    int sum = 0;

    for (int i = 0; i < 1000; i++) {
        sum += leave(i % 5);
    }
    if (sum % 2 == 0)
        PERFWARDEN_BLOCK("without braces")
    sum++;
    printf("%d\n", sum);
    return 0;
}
