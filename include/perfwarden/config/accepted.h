/*
 * Changes for the worse that were agreed to, as a file keeps them: baselines/accepted.yml. Read
 * with the strictness of perfwarden.yml and described by the same schema table.
 */
#ifndef PERFWARDEN_CONFIG_ACCEPTED_H
#define PERFWARDEN_CONFIG_ACCEPTED_H

#include "perfwarden/config.h"

/** How much worse is agreed to: "+12%", "-200us", "+4MiB". */
struct pw_bound {
    const char *text; /**< as it was written, borrowed */
    double size;      /**< > 0; a ratio of the base's value, or base units */
    enum pw_quantity quantity;
    bool is_decrease; /**< written with '-', as for a metric of which more is better */
};

/**
 * Read a bound: a sign, a number, a unit.
 *
 * @return 0; PW_EINVAL saying what is wrong with it
 */
int pw_bound_parse(const char *text, struct pw_bound *out, struct pw_error *err) PW_MUST_CHECK;

/** One entry of the file. */
struct pw_accepted_change {
    const char *benchmark; /**< an id, a name or a pattern, as in --filter */
    const char *metric;    /**< a name or a pattern; NULL when the benchmark was removed */
    struct pw_bound up_to; /**< meaningless when the benchmark was removed */
    const char *reason;
    const char *expires; /**< the last day it holds, "2027-01-31"; NULL for ever */
    const char *by;      /**< who agreed; NULL when the file does not say */
    unsigned line;       /**< where it begins, from 1 */
};

/** A whole file. Everything in it lives in `arena`; zero-initialised is valid and empty. */
struct pw_accepted_file {
    struct pw_arena arena;
    const struct pw_accepted_change *items;
    size_t count;
};

/**
 * Read a file from text in memory.
 *
 * @param path           what messages call the text
 * @param[out] out       released by pw_accepted_release(); unchanged on failure
 * @param[out] mistakes  filled on failure, at least one; released by the caller
 * @return 0; PW_ECONFIG; PW_ENOMEM
 */
int pw_accepted_parse(const char *text, size_t length, const char *path,
                      struct pw_accepted_file *out, struct pw_diagnostics *mistakes) PW_MUST_CHECK;

void pw_accepted_release(struct pw_accepted_file *file);

/** The file's schema as a JSON Schema (draft 2020-12) for editors. */
void pw_accepted_describe_json_schema(struct pw_strbuf *out);

#endif
