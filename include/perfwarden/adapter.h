/*
 * Adapters: one per foreign output format, in one table. Each turns the text a process printed into
 * values. The process is the unit of analysis: repetitions inside one process are summarised to one
 * value here, by their median unless the format says which.
 *
 * What the harness says went wrong stands apart from the values: a number beside it would be no
 * measurement, and the other benchmarks of the process have theirs all the same.
 */
#ifndef PERFWARDEN_ADAPTER_H
#define PERFWARDEN_ADAPTER_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/util/arena.h"
#include "perfwarden/util/error.h"
#include "perfwarden/vocabulary.h"

/** One value found in an output. */
struct pw_adapter_value {
    const char *benchmark; /**< the harness's own name for it; "" where it has none */
    const char *metric;    /**< "time" (per iteration), "time/p95", "throughput", … */
    const char *unit;      /**< base unit: "ns", "bytes", "1/s", "bytes/s", "count", "ratio", or the
                              harness's own where it is none of these */
    enum pw_better better;
    double value;          /**< finite, in base units */
    const double *samples; /**< the single measurements inside the process, in the order of the
                              output and in base units; NULL where the format has none */
    size_t sample_count;
};

/** A benchmark that the harness itself reports as failed. */
struct pw_adapter_failure {
    const char *benchmark;
    const char *message; /**< one line, the harness's words; never empty */
};

/** All that is in one output. Everything lives in `arena`. */
struct pw_adapter_output {
    struct pw_arena arena;
    struct pw_adapter_value *values;
    size_t count;
    size_t capacity;
    struct pw_adapter_failure *failures;
    size_t failure_count;
    size_t failure_capacity;
};

void pw_adapter_output_release(struct pw_adapter_output *output);

/** What a configuration says of a format that has to be told. Borrowed. */
struct pw_adapter_settings {
    const struct pw_value_rule *rules;
    size_t rule_count;
};

/** A format. */
struct pw_adapter {
    const char *name;    /**< as `format:` spells it */
    const char *summary; /**< one phrase: which harness, which option makes it print this */
    /**
     * Tell an output of this format from all others, by what stands at its beginning. NULL for a
     * format that cannot be told without settings.
     *
     * @param text  the first 64 KiB or less; may be cut anywhere, NUL-terminated
     */
    bool (*recognise)(const char *text, size_t length);
    /**
     * Look at the settings before anything is run. NULL for a format that takes none.
     *
     * @return 0; PW_ECONFIG naming what is wrong; PW_ENOMEM
     */
    int (*check)(const struct pw_adapter_settings *settings, struct pw_error *err);
    /**
     * Read an output.
     *
     * @param settings  NULL for a format that takes none
     * @param[out] out  released by pw_adapter_output_release(); at least one value or failure on
     * success
     * @return 0; PW_EFORMAT with the format's name, the line where known, and what was expected;
     * PW_ENOMEM
     */
    int (*parse)(const char *text, size_t length, const struct pw_adapter_settings *settings,
                 struct pw_adapter_output *out, struct pw_error *err);
};

/** All adapters, by name. @param[out] count how many */
const struct pw_adapter *pw_adapter_table(size_t *count);
/** @return NULL when there is no such format; "auto" is none */
const struct pw_adapter *pw_adapter_find(const char *name);

/**
 * Find the format of an output (`format: auto`).
 *
 * @param[out] out  the one format that recognises it
 * @return 0; PW_EFORMAT: none does, or several do, in the message their names
 */
int pw_adapter_recognise(const char *text, size_t length, const struct pw_adapter **out,
                         struct pw_error *err) PW_MUST_CHECK;

#endif
