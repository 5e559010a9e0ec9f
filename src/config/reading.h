/*
 * One reading of a configuration file: where its memory comes from and where its mistakes go.
 *
 * Every stage (YAML, decoding, expansion) goes on after a mistake, so that all of them are reported
 * at once; only running out of memory is remembered as a flag that ends the reading.
 */
#ifndef PERFWARDEN_CONFIG_READING_H
#define PERFWARDEN_CONFIG_READING_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/config.h"

/** Mistakes kept of one file; what a person reads, and a bound for hostile files. */
#define PW_READING_MAX_MISTAKES 1000

struct pw_reading {
    struct pw_arena *arena; /**< borrowed: everything read lives here */
    const char *file;       /**< borrowed: what mistakes call the file */
    const char *if_empty;   /**< borrowed: what the mistake of an empty file advises; NULL for the
                               configuration's */
    struct pw_diagnostics *mistakes;
    size_t found;   /**< mistakes of this reading, the dropped ones included */
    size_t dropped; /**< mistakes over PW_READING_MAX_MISTAKES */
    bool has_no_memory;
};

/** Record a mistake at a place; line and column count from 1. */
void pw_reading_mistake(struct pw_reading *reading, unsigned line, unsigned column,
                        const char *format, ...) PW_PRINTF(4, 5);

/**
 * Move an error that is no mistake in the text, such as an unreadable file, to the mistakes.
 *
 * @return false when memory ran out
 */
bool pw_reading_add(struct pw_diagnostics *mistakes, struct pw_error *err) PW_MUST_CHECK;

/** Remember that memory ran out. @return false, so that decoders can write `return ...` */
bool pw_reading_no_memory(struct pw_reading *reading);

/** Foreign text as messages quote it: at most 60 bytes, cut between characters, then "…". */
const char *pw_reading_shorten(struct pw_reading *reading, const char *text);

/** ", did you mean 'x'" for the nearest candidate, "" for none; never NULL. */
const char *pw_reading_suggest(struct pw_reading *reading, const char *word,
                               const char *const *candidates, size_t count);

/**
 * Bring the mistakes into the order of the lines, without repetitions.
 *
 * @return 0 when there was none; PW_ENOMEM when memory ran out; else PW_ECONFIG
 */
int pw_reading_finish(struct pw_reading *reading) PW_MUST_CHECK;

#endif
