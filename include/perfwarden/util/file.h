/* Files: read whole with a bound; written beside, synced and renamed, so that no reader sees half.
 */
#ifndef PERFWARDEN_UTIL_FILE_H
#define PERFWARDEN_UTIL_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/util/error.h"
#include "perfwarden/util/strbuf.h"

/**
 * Read a whole file.
 *
 * @param max_bytes  the largest size accepted
 * @param[in,out] out  the content is appended; an initialised buffer
 * @return 0; PW_ENOTFOUND when there is no such file; PW_EIO; PW_EFORMAT when it is larger than
 * max_bytes
 */
int pw_file_read(const char *path, size_t max_bytes, struct pw_strbuf *out,
                 struct pw_error *err) PW_MUST_CHECK;

/**
 * Replace a file's content so that a crash leaves the old or the new, never a part.
 *
 * A regular or absent target is written beside as a temporary file, synced and renamed. A device,
 * pipe or socket is written in place. "-" is not special here.
 *
 * @return 0; PW_EIO naming the path; PW_ENOTFOUND when its directory does not exist
 */
int pw_file_write(const char *path, const char *data, size_t length,
                  struct pw_error *err) PW_MUST_CHECK;

/** As pw_file_write(), but PW_EEXISTS when the path exists already: nothing is ever overwritten. */
int pw_file_create(const char *path, const char *data, size_t length,
                   struct pw_error *err) PW_MUST_CHECK;

/**
 * Begin a file that is written piece by piece and takes its place when it is complete.
 *
 * @param[out] temporary  where it is meanwhile, an initialised buffer; empty for a device, pipe or
 * socket, which is written to itself
 * @param[out] fd  open for writing; closed by the caller
 * @return 0; PW_EIO; PW_ENOTFOUND when the directory does not exist
 */
int pw_file_begin(const char *path, struct pw_strbuf *temporary, int *fd,
                  struct pw_error *err) PW_MUST_CHECK;
/** Sync it and give it its name. After a failure the temporary file is gone. */
int pw_file_finish(const char *path, const struct pw_strbuf *temporary,
                   struct pw_error *err) PW_MUST_CHECK;
/** Remove the temporary file. */
void pw_file_abandon(const struct pw_strbuf *temporary);

/** Find out now, without leaving a trace, whether pw_file_write() to this path can work. */
int pw_file_check_writable(const char *path, struct pw_error *err) PW_MUST_CHECK;

/** Make a directory and its missing parents (mode 0777 less umask). */
int pw_make_directories(const char *path, struct pw_error *err) PW_MUST_CHECK;

/** Append `name` to `directory` with one '/' between; an absolute name replaces the directory. */
void pw_path_join(struct pw_strbuf *out, const char *directory, const char *name);

bool pw_path_exists(const char *path);

#endif
