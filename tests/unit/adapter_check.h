/* What the tests of the adapters share: an output's values against those expected. */
#ifndef PERFWARDEN_TESTS_ADAPTER_CHECK_H
#define PERFWARDEN_TESTS_ADAPTER_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/vocabulary.h"

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

/** As check_values() for a file of the reference data. @return false where that is not there */
bool check_file(const char *format, const char *name, const struct expected *expected,
                size_t count);

#endif
