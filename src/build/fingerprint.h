/* Whether a built tree is still what its build left. */
#ifndef PERFWARDEN_BUILD_FINGERPRINT_H
#define PERFWARDEN_BUILD_FINGERPRINT_H

#include "perfwarden/util/error.h"

/** Bytes of a fingerprint's text, with its NUL. */
#define PW_BUILD_FINGERPRINT_SIZE 64

/**
 * A text that changes when anything below a folder is added, removed, replaced or written to.
 *
 * Of each file its path in the tree, kind, mode, size, time of change of its content and what a
 * link points to; of a folder the path and mode, since what is in it speaks for itself. Contents
 * are not read, links are not followed. Somebody who puts the time back is not found out.
 *
 * @param[out] out  PW_BUILD_FINGERPRINT_SIZE bytes; unchanged on failure
 * @return 0; PW_EFORMAT when the tree is deeper or has more names than can be looked at; PW_EIO;
 * PW_ENOMEM
 */
int pw_build_fingerprint(const char *tree, char *out, struct pw_error *err) PW_MUST_CHECK;

#endif
