/* Two trees, as far as a program that runs in them can tell. */
#ifndef PERFWARDEN_BUILD_TREES_H
#define PERFWARDEN_BUILD_TREES_H

#include <stdbool.h>

#include "perfwarden/util/error.h"

/** One side's tree. */
struct pw_build_tree {
    const char *root;          /**< without links */
    const char *configuration; /**< our configuration file in it, which does not count; or NULL */
};

/**
 * Whether two trees have the same files at the same places: contents, what may be executed, what
 * links say and, where that is a file, lead to.
 *
 * What cannot matter to a running program need not be the same (see inert.h), unless it is a shared
 * library or a program after all. Folders count by the files in them. Trees that are too large or
 * too deep are not the same.
 *
 * @return 0; PW_EIO; PW_ENOMEM
 */
int pw_build_trees_are_same(const struct pw_build_tree *base, const struct pw_build_tree *head,
                            bool *out, struct pw_error *err) PW_MUST_CHECK;

#endif
