/*
 * Errors: a status and a message, passed as the last argument of every fallible function.
 *
 * Library code never prints and never exits; it fills a `struct pw_error` and returns the status.
 * Messages are lower case, without a full stop, name the subject in single quotes and, where it is
 * known, the remedy.
 */
#ifndef PERFWARDEN_UTIL_ERROR_H
#define PERFWARDEN_UTIL_ERROR_H

#include "perfwarden/util/compiler.h"

/** What went wrong, coarse enough to choose an exit code by. */
enum pw_status {
    PW_OK = 0,
    PW_EINVAL = -1,        /**< an argument outside its documented range */
    PW_ENOMEM = -2,        /**< out of memory, or over a buffer's cap */
    PW_EIO = -3,           /**< a system call failed */
    PW_ENOTFOUND = -4,     /**< the named thing does not exist */
    PW_EEXISTS = -5,       /**< the named thing exists already and is not overwritten */
    PW_EUSAGE = -6,        /**< a wrong command line */
    PW_ECONFIG = -7,       /**< a wrong perfwarden.yml */
    PW_EFORMAT = -8,       /**< malformed data: JSON, a benchmark's output, a stored baseline */
    PW_EGIT = -9,          /**< git refused or the repository is damaged */
    PW_EINTERRUPTED = -10, /**< SIGINT or SIGTERM arrived */
    PW_EBUILD = -11,       /**< a revision could not be built */
    PW_EDENIED = -12       /**< another machine refused access: rights or credentials are missing */
};

/**
 * One error. Start from PW_ERROR_INIT; untouched by functions that succeed.
 *
 * `message` is owned and may be NULL when memory ran out: read it with pw_error_message().
 * `file` is owned, NULL when the error belongs to no file; `line` and `column` count from 1, 0 when
 * unknown.
 */
struct pw_error {
    enum pw_status status;
    char *message;
    char *file;
    unsigned line;
    unsigned column;
};

/* clang-format off */
#define PW_ERROR_INIT {PW_OK, NULL, NULL, 0, 0}
/* clang-format on */

/**
 * Set an error, replacing what it held.
 *
 * @param err     may be NULL: then only the status is returned
 * @param status  any but PW_OK
 * @return status, so that callers can write `return pw_error_set(...)`
 */
int pw_error_set(struct pw_error *err, enum pw_status status, const char *format, ...)
    PW_PRINTF(3, 4);

/**
 * Set an error that belongs to a place in a file.
 *
 * @param file    copied; NULL for none
 * @param line    from 1, 0 for unknown
 * @param column  from 1, 0 for unknown
 * @return status
 */
int pw_error_set_at(struct pw_error *err, enum pw_status status, const char *file, unsigned line,
                    unsigned column, const char *format, ...) PW_PRINTF(6, 7);

/**
 * Set a PW_EIO error (PW_ENOMEM for ENOMEM, PW_ENOTFOUND for ENOENT) whose message ends in ": " and
 * the text of an errno value.
 *
 * @param errnum  the errno value, saved by the caller right after the failed call
 * @return the status that was set
 */
int pw_error_set_errno(struct pw_error *err, int errnum, const char *format, ...) PW_PRINTF(3, 4);

/** Set PW_ENOMEM without allocating. @return PW_ENOMEM */
int pw_error_set_no_memory(struct pw_error *err);

/**
 * Put text before the message that is there, as in "cannot read 'x': <message>".
 *
 * @return the error's status
 */
int pw_error_prefix(struct pw_error *err, const char *format, ...) PW_PRINTF(2, 3);

/** The message, never NULL; valid until the error changes. */
const char *pw_error_message(const struct pw_error *err);

/** Move `from` into `to` (which is released first, and may be NULL); `from` is empty afterwards. */
void pw_error_move(struct pw_error *to, struct pw_error *from);

/** Free what an error holds and make it empty. Accepts NULL and an error never set. */
void pw_error_release(struct pw_error *err);

#endif
