/* The state of a detection of the environment, and how files are read for it. Internal to the
 * result module. */
#ifndef PERFWARDEN_RESULT_DETECTOR_H
#define PERFWARDEN_RESULT_DETECTOR_H

#include <stdbool.h>

#include "perfwarden/result.h"

/** Running out of memory is remembered and looked at once, at the end. */
struct pw_detector {
    struct pw_result *result;
    const char *root;      /**< "" for the real one, else a directory without '/' at its end */
    struct pw_strbuf text; /**< content of the file read last */
    bool is_out_of_memory;
};

/** Add a fact; none for a value that is NULL or empty. */
void pw_detector_add(struct pw_detector *detector, const char *name, const char *value,
                     bool is_identity);

/** A file's text without blanks at its end, valid until the next call; NULL when there is none. */
const char *pw_detector_read(struct pw_detector *detector, const char *path);

/** The processor time that control groups grant (environment_limits.c). */
void pw_detector_limits(struct pw_detector *detector);

#endif
