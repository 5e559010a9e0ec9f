/*
 * Adapters: one per foreign output format, in one table. Each turns the text a process printed into
 * values. The process is the unit of analysis: repetitions inside one process are summarised to one
 * value here.
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
    const char *benchmark; /**< the harness's own name for it */
    const char *metric;
    const char *unit; /**< base unit */
    enum pw_better better;
    double value; /**< finite, in base units */
};

/** All values of one output. Everything lives in `arena`. */
struct pw_adapter_output {
    struct pw_arena arena;
    struct pw_adapter_value *values;
    size_t count;
    size_t capacity;
};

void pw_adapter_output_release(struct pw_adapter_output *output);

/** A format. */
struct pw_adapter {
    const char *name;    /**< as `format:` spells it */
    const char *summary; /**< one phrase: which harness, which option makes it print this */
    /**
     * Read an output.
     *
     * @param[out] out  released by pw_adapter_output_release(); at least one value on success
     * @return 0; PW_EFORMAT with the format's name, the line where known, and what was expected;
     * PW_ENOMEM
     */
    int (*parse)(const char *text, size_t length, struct pw_adapter_output *out,
                 struct pw_error *err);
};

/** All adapters, by name. @param[out] count how many */
const struct pw_adapter *pw_adapter_table(size_t *count);
/** @return NULL when there is no such format */
const struct pw_adapter *pw_adapter_find(const char *name);

#endif
