/* Whether files and folders of two trees are the same. */
#ifndef PERFWARDEN_BUILD_COMPARE_H
#define PERFWARDEN_BUILD_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/util/error.h"

/** Most names that one comparison looks at. */
#define PW_BUILD_NAMES_MAX ((size_t)200000)
/** Deepest folder that is compared. */
#define PW_BUILD_DEPTH_MAX 64

/** Whether an errno says something of the file, and not of us or the disk. */
bool pw_build_is_of_file(int errnum);

/**
 * Whether two regular files, or what links lead to, have the same content and may both be executed
 * or both not. Anything else is not the same, nor is what is absent or may not be read.
 *
 * @return 0; PW_EIO; PW_ENOMEM
 */
int pw_build_files_are_same(const char *base, const char *head, bool *out,
                            struct pw_error *err) PW_MUST_CHECK;

/**
 * As pw_build_files_are_same(), but folders are compared with all that is in them (but for ".git"):
 * names, kinds, contents, what links point to. A link must lead to the same content as well, and
 * one to a folder must stay inside of what is compared. Sockets and the like are never the same.
 *
 * @param base  without links but in what is in it; head likewise
 */
int pw_build_paths_are_same(const char *base, const char *head, bool *out,
                            struct pw_error *err) PW_MUST_CHECK;

#endif
