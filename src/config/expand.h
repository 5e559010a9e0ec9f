/* From declarations to benchmarks: one for every combination of parameter values. */
#ifndef PERFWARDEN_CONFIG_EXPAND_H
#define PERFWARDEN_CONFIG_EXPAND_H

#include "document.h"

#define PW_EXPAND_MAX_BENCHMARKS 10000
/** Memory for expanded text and arrays: far above any real suite, far below harm. */
#define PW_EXPAND_MAX_BYTES ((size_t)64 << 20)

/** Benchmarks in the order of the file. */
struct pw_benchmarks {
    const struct pw_benchmark *items;
    size_t count;
};

/**
 * Expand every declaration that is sound, and report ids that are used twice.
 *
 * @param directory  absolute: where relative working directories start
 * @param[out] out   in the arena of the reading; only good when nothing was reported
 */
void pw_expand(struct pw_reading *reading, const struct pw_document *document,
               const char *directory, struct pw_benchmarks *out);

#endif
