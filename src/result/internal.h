/* What the files of the result module share. */
#ifndef PERFWARDEN_RESULT_INTERNAL_H
#define PERFWARDEN_RESULT_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/result.h"

/* Members this version knows; all others are kept. Each list ends with NULL. */
extern const char *const pw_result_members[];
extern const char *const pw_result_benchmark_members[];
extern const char *const pw_result_series_members[];

/** The "pairing" of samples that were measured pair by pair. */
#define PW_RESULT_INTERLEAVED "interleaved"

/** @return false when no way of ending has this name; *out unchanged */
bool pw_measured_from_name(const char *name, enum pw_measured *out);

/**
 * Write a benchmark's "context" (context.c).
 *
 * @param context    NULL writes nothing
 * @param read_from  the object it was read from: unknown members are kept; NULL for none
 */
void pw_context_put(struct pw_json_writer *writer, const struct pw_context *context,
                    const struct pw_json *read_from);

/** Write "steps", "workers", "errors" and "calls", those that there are (inside.c). @param inside
 * NULL writes nothing */
void pw_inside_put(struct pw_json_writer *writer, const struct pw_result_inside *inside);

/** Whether this version knows a member of a "context". @param[out] index its number, below 32 */
bool pw_context_find(const char *name, size_t length, size_t *index);

/** True for exactly PW_RUN_ID_SIZE - 1 letters and digits. */
bool pw_result_is_run_id(const char *text);

/**
 * Find a benchmark whose id an earlier one has.
 *
 * @param[out] index  benchmark_count when all ids differ
 * @return 0; PW_ENOMEM
 */
int pw_result_find_repeated(const struct pw_result *result, size_t *index,
                            struct pw_error *err) PW_MUST_CHECK;

/** True for exactly `length` digits 0-9a-f and nothing behind them. */
bool pw_result_is_hex(const char *text, size_t length);

#endif
