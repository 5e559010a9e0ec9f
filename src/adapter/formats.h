/* The parse functions of the formats and what they share. Internal to the adapter module. */
#ifndef PERFWARDEN_ADAPTER_FORMATS_H
#define PERFWARDEN_ADAPTER_FORMATS_H

#include <stddef.h>

#include "perfwarden/adapter.h"
#include "perfwarden/util/json.h"

int pw_adapter_parse_bmf(const char *text, size_t length, struct pw_adapter_output *out,
                         struct pw_error *err);
int pw_adapter_parse_google_benchmark(const char *text, size_t length,
                                      struct pw_adapter_output *out, struct pw_error *err);

/**
 * Append one value to an output.
 *
 * @param value  its texts are copied into the output's arena, but for the unit, which is a literal
 * @return 0; PW_ENOMEM
 */
int pw_adapter_add(struct pw_adapter_output *output, const struct pw_adapter_value *value,
                   struct pw_error *err) PW_MUST_CHECK;

/**
 * Parse a whole output as JSON.
 *
 * @param format    what messages call it, the adapter's name
 * @param[out] out  freed by pw_json_free()
 * @return 0; PW_EFORMAT naming the format, line and column; PW_ENOMEM
 */
int pw_adapter_parse_json(const char *text, size_t length, const char *format, struct pw_json **out,
                          struct pw_error *err) PW_MUST_CHECK;

#endif
