/* What the descriptions of the schema share: fixed text and small phrases. */
#ifndef PERFWARDEN_CONFIG_DESCRIBE_H
#define PERFWARDEN_CONFIG_DESCRIBE_H

#include "perfwarden/util/json.h"
#include "schema.h"

/** Paragraphs that open the documentation. */
const char *const *pw_describe_introduction(size_t *count);

/** A complete file that parses. */
const char *pw_describe_example(void);

/** "required", the default value, or what holds without a value; never NULL. */
const char *pw_describe_default(const struct pw_schema_key *key);

/** Append the members of a JSON Schema that describe a key's value. */
void pw_describe_type(struct pw_json_writer *json, const struct pw_schema_key *key);

#endif
