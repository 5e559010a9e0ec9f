/* What the tests of the adapters share: an output's values against those expected. */
#ifndef PERFWARDEN_TESTS_ADAPTER_CHECK_H
#define PERFWARDEN_TESTS_ADAPTER_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/adapter.h"

/** One value an output must hold. */
struct expected {
    const char *benchmark;
    const char *metric;
    const char *unit;
    enum pw_better better;
    double value;
};

/** Parse an output and fail the test unless it holds exactly these values in this order. */
void check_values(const char *format, const char *text, size_t length,
                  const struct expected *expected, size_t count);

/** As check_values() for a format that is told where values stand. */
void check_told(const char *format, const struct pw_adapter_settings *settings, const char *text,
                const struct expected *expected, size_t count);

/** Parse an output and fail the test unless its failures are these, each "benchmark: message". */
void check_failures(const char *format, const char *text, const char *const *expected,
                    size_t count);

/** Fail the test unless the output is refused, the message ending in this. */
void check_refused(const char *format, const struct pw_adapter_settings *settings, const char *text,
                   const char *message);

/** Fail the test when a text cut anywhere before `complete` bytes is taken for a whole one. */
void check_every_prefix_is_refused(const char *format, const char *text, size_t complete);

/** As check_values() for a file of the reference data. @return false where that is not there */
bool check_file(const char *format, const char *name, const struct expected *expected,
                size_t count);

#endif
