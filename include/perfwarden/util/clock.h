/* Clocks: the monotonic one for measuring, the wall clock for records only; run ids. */
#ifndef PERFWARDEN_UTIL_CLOCK_H
#define PERFWARDEN_UTIL_CLOCK_H

#include <stdint.h>

#include "perfwarden/util/error.h"

/** Bytes of a UTC time stamp "2026-11-20T10:00:00Z" with its NUL. */
#define PW_TIME_TEXT_SIZE 32
/** Bytes of a run id with its NUL. */
#define PW_RUN_ID_SIZE 27

/** Nanoseconds of CLOCK_MONOTONIC: never steps back, unrelated to the time of day. */
uint64_t pw_clock_monotonic_ns(void);

/** The time of day in seconds since 1970 (UTC); SOURCE_DATE_EPOCH overrides it. */
int64_t pw_clock_wall_s(void);

/** Write a wall-clock time as ISO 8601 in UTC. */
void pw_clock_format_utc(int64_t wall_s, char out[PW_TIME_TEXT_SIZE]);

/**
 * A new run id: a ULID (48 bits of milliseconds, 80 random bits, Crockford base 32), so that ids
 * sort by time and two machines never make the same.
 *
 * @return 0; PW_EIO when the kernel gives no random bytes
 */
int pw_run_id_new(char out[PW_RUN_ID_SIZE], struct pw_error *err) PW_MUST_CHECK;

/** When a run id was made, in seconds since 1970. @return 0 for text that is no run id */
int64_t pw_run_id_wall_s(const char *run_id);

#endif
