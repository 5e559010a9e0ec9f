/* The shared libraries of two trees. */
#ifndef PERFWARDEN_BUILD_LIBRARIES_H
#define PERFWARDEN_BUILD_LIBRARIES_H

#include <stdbool.h>

#include "perfwarden/util/error.h"

/**
 * Whether two trees have the same shared libraries at the same places: files of that kind, and
 * files and links whose names say so ("libx.so.1"). Trees that are too large or too deep are not.
 *
 * @return 0; PW_EIO; PW_ENOMEM
 */
int pw_build_libraries_are_same(const char *base_root, const char *head_root, bool *out,
                                struct pw_error *err) PW_MUST_CHECK;

#endif
