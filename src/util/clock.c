/* Clocks and run ids. The only reader of the wall clock. */
#define _DEFAULT_SOURCE /* getentropy */

#include "perfwarden/util/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "perfwarden/util/number.h"

/* Crockford's base 32: no I, L, O, U. */
static const char run_id_digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/* The time is in the first ten digits. */
#define RUN_ID_TIME_DIGITS 10

uint64_t pw_clock_monotonic_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

int64_t pw_clock_wall_s(void)
{
    const char *fixed = getenv("SOURCE_DATE_EPOCH");
    uint64_t seconds = 0;
    if (fixed != NULL && pw_parse_uint64(fixed, &seconds) == 0 && seconds <= INT32_MAX) {
        return (int64_t)seconds;
    }
    return (int64_t)time(NULL);
}

void pw_clock_format_utc(int64_t wall_s, char out[PW_TIME_TEXT_SIZE])
{
    const time_t seconds = (time_t)wall_s;
    struct tm utc;
    if (gmtime_r(&seconds, &utc) == NULL ||
        strftime(out, PW_TIME_TEXT_SIZE, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0) {
        out[0] = '\0';
    }
}

/* Bit `index` of the 26 · 5 = 130 bits that 26 digits hold: two leading zeros, then the 128 of
 * `bytes`. */
static unsigned bit_of(const unsigned char bytes[16], unsigned index)
{
    if (index < 2) {
        return 0;
    }
    const unsigned at = index - 2;
    return ((unsigned)bytes[at / 8] >> (7 - at % 8)) & 1U;
}

/* A ULID is 128 bits, the time in front, written as 26 digits of 5 bits. */
int pw_run_id_new(char out[PW_RUN_ID_SIZE], struct pw_error *err)
{
    unsigned char bytes[16];
    if (getentropy(bytes, sizeof(bytes)) != 0) {
        return pw_error_set_errno(err, errno, "cannot get random bytes for a run id");
    }
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    const uint64_t milliseconds = (uint64_t)now.tv_sec * 1000U + (uint64_t)now.tv_nsec / 1000000U;
    for (int i = 0; i < 6; i++) {
        bytes[i] = (unsigned char)(milliseconds >> (40 - 8 * i));
    }
    for (unsigned digit = 0; digit < PW_RUN_ID_SIZE - 1; digit++) {
        unsigned value = 0;
        for (unsigned bit = digit * 5; bit < digit * 5 + 5; bit++) {
            value = value << 1 | bit_of(bytes, bit);
        }
        out[digit] = run_id_digits[value];
    }
    out[PW_RUN_ID_SIZE - 1] = '\0';
    return PW_OK;
}

int64_t pw_run_id_wall_s(const char *run_id)
{
    if (strlen(run_id) != PW_RUN_ID_SIZE - 1) {
        return 0;
    }
    uint64_t milliseconds = 0;
    for (size_t i = 0; i < RUN_ID_TIME_DIGITS; i++) {
        const char *digit = strchr(run_id_digits, run_id[i]);
        if (digit == NULL) {
            return 0;
        }
        milliseconds = milliseconds << 5 | (uint64_t)(digit - run_id_digits);
    }
    return (int64_t)(milliseconds / 1000);
}
