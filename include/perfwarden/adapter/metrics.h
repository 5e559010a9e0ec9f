/*
 * The metrics file: JSON lines that programs append to $PERFWARDEN_METRICS while they run. Text in,
 * values out; knows nothing of running. docs/metrics-file.md describes the lines.
 *
 * A line that cannot be understood is left out, counted and named: the others have their meaning
 * all the same.
 */
#ifndef PERFWARDEN_ADAPTER_METRICS_H
#define PERFWARDEN_ADAPTER_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "perfwarden/util/arena.h"
#include "perfwarden/util/error.h"
#include "perfwarden/util/strbuf.h"
#include "perfwarden/vocabulary.h"

/** Most different metrics, operations, counters, … of one file. */
#define PW_METRICS_MAX_NAMES 4096
/** Most bad lines that are named. */
#define PW_METRICS_NAMED_LINES 3
/** Most single calls that are kept of one file. */
#define PW_METRICS_MAX_CALLS 10000

/** One metric of a file. */
struct pw_metrics_value {
    const char *variant; /**< "tier=l1,zone=a", by label; "" where there are no labels */
    const char *metric;
    const char *unit; /**< base unit, as of struct pw_adapter_value */
    enum pw_better better;
    double value; /**< finite, in base units */
};

/** What one of several workers reported of a metric. */
struct pw_metrics_worker {
    const char *variant;
    const char *metric;
    const char *worker;
    double value; /**< in base units: the median of what it reported, or its last step's */
};

/** A metric over steps. */
struct pw_metrics_steps {
    const char *variant;
    const char *metric;
    const char *worker; /**< NULL for none */
    const char *unit;
    enum pw_better better;
    double (*points)[2]; /**< step and value, by step, those of one step in the file's order */
    size_t count;
};

/** Errors of one kind and message. */
struct pw_metrics_error {
    const char *kind;
    const char *message; /**< may be empty */
    uint64_t count;
};

struct pw_metrics_attribute {
    const char *name;
    const char *value;
};

/** A single call that carries a correlation id. */
struct pw_metrics_call {
    const char *correlation;
    const char *op;
    uint64_t thread;
    uint64_t start_ns; /**< of a monotonic clock */
    uint64_t duration_ns;
    bool is_ok;
    const char *error; /**< NULL for none */
    const struct pw_metrics_attribute *attributes;
    size_t attribute_count;
};

/** All that is in one file. Everything lives in `arena`. */
struct pw_metrics {
    struct pw_arena arena;
    struct pw_metrics_value *values; /**< each variant and metric once */
    size_t value_count;
    struct pw_metrics_worker *workers;
    size_t worker_count;
    struct pw_metrics_steps *steps;
    size_t steps_count;
    struct pw_metrics_error *errors;
    size_t error_count;
    struct pw_metrics_call *calls; /**< by the time they began */
    size_t call_count;
    uint64_t calls_left_out; /**< beyond PW_METRICS_MAX_CALLS */
    uint64_t dropped;        /**< lines that the program says it could not write */
    uint64_t lines;          /**< that are not blank */
    uint64_t bad_lines;
    const char *bad[PW_METRICS_NAMED_LINES]; /**< "line 17: 'value' is missing" */
};

/**
 * Read a metrics file in time linear in its length.
 *
 * @param[out] out  released by pw_metrics_release(); unchanged on failure
 * @return 0, whatever the text; PW_ENOMEM
 */
int pw_metrics_parse(const char *text, size_t length, struct pw_metrics *out,
                     struct pw_error *err) PW_MUST_CHECK;
void pw_metrics_release(struct pw_metrics *metrics);

/** Append "line 17: …; line 18: …; and 24 more". Memory failure is remembered by the buffer. */

void pw_metrics_describe_bad(const struct pw_metrics *metrics, struct pw_strbuf *out);

#endif
