/* The log of a build: everything the steps print, as it comes. */
#ifndef PERFWARDEN_BUILD_LOG_H
#define PERFWARDEN_BUILD_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/util/error.h"
#include "perfwarden/util/strbuf.h"

/** Bytes of output whose last line is looked for. */
enum { PW_BUILD_TAIL_BYTES = 4096 };

struct pw_build_log {
    const char *path;               /**< borrowed */
    int fd;                         /**< -1 when closed */
    size_t written;                 /**< bytes */
    int error_number;               /**< of the first write that failed; 0 for none */
    char tail[PW_BUILD_TAIL_BYTES]; /**< a ring: the end of the step's output */
    size_t tail_count;              /**< bytes of the step's output so far */
};

/** Start an empty log. @return 0; PW_EIO; PW_ENOMEM */
int pw_build_log_open(struct pw_build_log *log, const char *path,
                      struct pw_error *err) PW_MUST_CHECK;

/** Write a line of our own; the tail starts anew behind it. */
void pw_build_log_note(struct pw_build_log *log, const char *text);

/** Write output. What is over PW_BUILD_LOG_MAX_BYTES is dropped, which the log says. */
void pw_build_log_write(struct pw_build_log *log, const char *data, size_t length);

/** Append the last line since the last note that is not blank; nothing when there is none. */
void pw_build_log_last_line(const struct pw_build_log *log, struct pw_strbuf *out);

/** @return 0; PW_EIO when something could not be written */
int pw_build_log_close(struct pw_build_log *log, struct pw_error *err) PW_MUST_CHECK;

#endif
