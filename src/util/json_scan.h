/*
 * The strict reading of JSON text that the library behind json_read.c does not do. Internal to the
 * util module.
 */
#ifndef PERFWARDEN_UTIL_JSON_SCAN_H
#define PERFWARDEN_UTIL_JSON_SCAN_H

#include <stddef.h>
#include <stdint.h>

#include "perfwarden/util/error.h"

/**
 * Check a whole document against RFC 8259 and the further refusals of pw_json_parse().
 *
 * Takes time n log n in the length of the text, whatever the text.
 *
 * @param name   what messages call the document
 * @param flags  a set of enum pw_json_flags
 * @return 0; PW_EFORMAT with line and column; PW_ENOMEM
 */
int pw_json_scan(const char *text, size_t length, const char *name, unsigned flags,
                 struct pw_error *err) PW_MUST_CHECK;

/** The name of an object's member, as it stands in the text between its quotation marks. */
struct pw_json_key {
    const char *begin;
    const char *end;
    uint64_t hash; /**< of the decoded name */
};

/** Hash a well-formed name as it reads after its escapes are resolved. */
void pw_json_key_hash(struct pw_json_key *key);

/**
 * Find a name that stands twice among the members of one object.
 *
 * @param keys   reordered
 * @param count  at least 1
 * @return the later of two equal names, as its position in the text; NULL when all differ
 */
const char *pw_json_find_duplicate(struct pw_json_key *keys, size_t count);

#endif
