/* The checksum of a stored file. Not for other modules. */
#ifndef PERFWARDEN_STORE_SEAL_H
#define PERFWARDEN_STORE_SEAL_H

#include "perfwarden/util/error.h"
#include "perfwarden/util/strbuf.h"

/** Append a result's text with a last member "checksum"; text of another form is appended as it
 * is. A failure is remembered by `out`. */
void pw_seal_put(struct pw_strbuf *out, const char *data, size_t length);

/**
 * Check a file's text and take the checksum off. A text without one passes: people and older
 * versions write such files.
 *
 * @param name  of the file, for the message
 * @return 0; PW_EFORMAT when the text is not what was written; PW_ENOMEM
 */
int pw_seal_open(struct pw_strbuf *text, const char *name, struct pw_error *err) PW_MUST_CHECK;

#endif
