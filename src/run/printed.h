/*
 * The text that a run's values are read from: standard output, the file that the benchmark writes,
 * or what a converter makes of either.
 */
#ifndef PERFWARDEN_RUN_PRINTED_H
#define PERFWARDEN_RUN_PRINTED_H

#include "session.h"

/** Most bytes of standard output that an adapter reads. */
#define PW_RUN_PRINTED_MAX_BYTES ((size_t)16 << 20)

/** A text, borrowed from the run's outcome or held in `own`. */
struct pw_run_printed {
    const char *data; /**< NUL-terminated */
    size_t length;
    uint64_t total_bytes; /**< more than length where the middle was dropped */
    struct pw_strbuf own;
};

/** Remove what an earlier run has left where this one is to write; fail the benchmark where that
 * cannot be removed. @return 0, also when it failed; PW_ENOMEM */
int pw_run_printed_prepare(struct pw_run_session *session, struct pw_error *err) PW_MUST_CHECK;

/**
 * Get the text of a run that has ended.
 *
 * @param output    its standard output
 * @param[out] out  released by pw_run_printed_release(), also on failure
 * @return 0; PW_EFORMAT saying why there is none; PW_EIO; PW_ENOMEM
 */
int pw_run_printed_get(struct pw_run_session *session, const struct pw_output *output,
                       struct pw_run_printed *out, struct pw_error *err) PW_MUST_CHECK;
void pw_run_printed_release(struct pw_run_printed *printed);

#endif
