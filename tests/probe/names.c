/*
 * Names that are no good: a million different ones, and hostile ones.
 */
#include "perfwarden/probe.h"

#include <stdio.h>

int main(void)
{
    static char long_name[5001];
    static const char *const hostile[] = {"quote\" backslash\\ slash/",
                                          "line\nfeed\ttab\x01\x7f",
                                          "bad \xff\xc0\xaf\xed\xa0\x80 utf-8",
                                          "cut \xe2\x82",
                                          "\xf0\x9f\x9a\x80 rocket",
                                          "",
                                          "</script>",
                                          "%s%n"};

    for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
        perfwarden_op op = perfwarden_begin(hostile[i]);

        perfwarden_attribute(&op, hostile[i], hostile[i]);
        perfwarden_fail(op, hostile[i]);
        perfwarden_count(hostile[i], 1);
        perfwarden_error(hostile[i], hostile[i]);
        perfwarden_series(hostile[i], 1, 1.5);
        perfwarden_mark_memory(hostile[i]);
    }
    memset(long_name, 0xe2, sizeof(long_name) - 1U);
    perfwarden_count(long_name, 1);
    memset(long_name, 1, sizeof(long_name) - 1U);
    perfwarden_correlation(long_name);
    for (int i = 0; i < 3; i++) {
        perfwarden_op op = perfwarden_begin(long_name);

        for (int k = 0; k < 5; k++) {
            perfwarden_attribute(&op, "key", long_name);
        }
        perfwarden_fail(op, long_name);
    }
    perfwarden_correlation(NULL);
    for (int i = 0; i < 1000000; i++) {
        char name[32];

        (void)snprintf(name, sizeof(name), "name %d", i);
        if (i % 2 == 0) {
            perfwarden_end(perfwarden_begin(name));
        } else {
            perfwarden_count(name, 1);
        }
    }
    perfwarden_mark_memory("after");
    return 0;
}
