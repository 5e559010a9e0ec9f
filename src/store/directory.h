/*
 * Files below a directory, reached without following a symbolic link: what lies there came with a
 * pull request. Not for other modules.
 */
#ifndef PERFWARDEN_STORE_DIRECTORY_H
#define PERFWARDEN_STORE_DIRECTORY_H

#include <stdbool.h>

#include "perfwarden/util/error.h"
#include "perfwarden/util/strbuf.h"

/** The directory that holds a file, open, and the file's name in it. */
struct pw_place {
    int fd;           /**< -1 when it is not open */
    const char *name; /**< borrowed from the path */
    const char *root; /**< borrowed; for messages, as is path */
    const char *path;
};

/**
 * Open the directory that holds root/path. Of the links only those above root are followed.
 *
 * @param path       one name or several with '/' between
 * @param may_make   missing directories are made, root included
 * @param[out] out   released by pw_place_close(); unchanged on failure
 * @return 0; PW_ENOTFOUND; PW_EFORMAT when a symbolic link or a file is on the way; PW_EIO
 */
int pw_place_open(const char *root, const char *path, bool may_make, struct pw_place *out,
                  struct pw_error *err) PW_MUST_CHECK;
void pw_place_close(struct pw_place *place);

/** Read the file. @return 0; PW_ENOTFOUND; PW_EFORMAT when it is no regular file; PW_EIO */
int pw_place_read(const struct pw_place *place, struct pw_strbuf *out,
                  struct pw_error *err) PW_MUST_CHECK;

/**
 * Create the file, whole or not at all, and never over another.
 *
 * @return 0; PW_EEXISTS; PW_EIO
 */
int pw_place_create(const struct pw_place *place, const char *data, size_t length,
                    struct pw_error *err) PW_MUST_CHECK;

/** Whether the file is there. @return 0; PW_ENOTFOUND */
int pw_place_check(const struct pw_place *place, struct pw_error *err) PW_MUST_CHECK;
/** Remove the file. @return 0; PW_ENOTFOUND; PW_EIO */
int pw_place_remove(const struct pw_place *place, struct pw_error *err) PW_MUST_CHECK;

#endif
