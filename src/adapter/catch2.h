/* Catch2's two outputs are one format. Internal to the adapter module. */
#ifndef PERFWARDEN_ADAPTER_CATCH2_H
#define PERFWARDEN_ADAPTER_CATCH2_H

#include "formats.h"

#define PW_CATCH2_FORMAT "catch2"

/** What an estimate's three numbers are called: the mean and its bounds, then the deviation's. */
static const char *const pw_catch2_metrics[2][3] = {
    {"time", "time/low", "time/high"},
    {"time/stddev", "time/stddev/low", "time/stddev/high"},
};

bool pw_catch2_is_xml(const char *text, size_t length);
/** Parse what the reporter 'xml' prints. @return as a parse function does */
int pw_catch2_parse_xml(const char *text, size_t length, struct pw_adapter_output *out,
                        struct pw_error *err) PW_MUST_CHECK;

#endif
