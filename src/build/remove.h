/* Removing what a build left behind. */
#ifndef PERFWARDEN_BUILD_REMOVE_H
#define PERFWARDEN_BUILD_REMOVE_H

#include "perfwarden/util/error.h"

/**
 * Remove a file or a directory with all that is in it; links are removed, not followed. Directories
 * that are write-protected are made writable, and it may be deeper than there are descriptors.
 *
 * @return 0, also when there is nothing; PW_EIO naming what resists; PW_ENOMEM
 */
int pw_build_remove(const char *path, struct pw_error *err) PW_MUST_CHECK;

#endif
