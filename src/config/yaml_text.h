/* The check of a configuration's bytes that precedes parsing. */
#ifndef PERFWARDEN_CONFIG_YAML_TEXT_H
#define PERFWARDEN_CONFIG_YAML_TEXT_H

#include "yaml_reader.h"

/**
 * Check size, UTF-8 and characters; step over a UTF-8 byte order mark.
 *
 * @return false after reporting the first thing that is refused
 */
bool pw_yaml_text_check(struct pw_reading *reading, const char **text,
                        size_t *length) PW_MUST_CHECK;

#endif
