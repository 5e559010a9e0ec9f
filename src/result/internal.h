/* What the files of the result module share. */
#ifndef PERFWARDEN_RESULT_INTERNAL_H
#define PERFWARDEN_RESULT_INTERNAL_H

#include <stdbool.h>

#include "perfwarden/result.h"

/* Members this version knows; all others are kept. Each list ends with NULL. */
extern const char *const pw_result_members[];
extern const char *const pw_result_benchmark_members[];
extern const char *const pw_result_series_members[];

/** @return false when no way of ending has this name; *out unchanged */
bool pw_measured_from_name(const char *name, enum pw_measured *out);

/** True for exactly `length` digits 0-9a-f and nothing behind them. */
bool pw_result_is_hex(const char *text, size_t length);

#endif
