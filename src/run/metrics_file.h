/*
 * $PERFWARDEN_METRICS: the file that a benchmark's processes append their own values to, one for
 * each run. metrics_file.c makes and reads it, metrics_inside.c puts what is in it into the result.
 */
#ifndef PERFWARDEN_RUN_METRICS_FILE_H
#define PERFWARDEN_RUN_METRICS_FILE_H

#include <sys/types.h>

#include "perfwarden/adapter/metrics.h"
#include "perfwarden/result.h"
#include "protocol.h"

struct pw_run_session;
struct pw_run_number;

/** Largest metrics file that is read. */
#define PW_RUN_METRICS_MAX_BYTES ((size_t)64 << 20)
/** Different errors that are kept of a benchmark, and single calls of a result. */
enum { PW_RUN_ERRORS_MAX = 256, PW_RUN_CALLS_MAX = 10000 };

/** Zero-initialised has no file. */
struct pw_run_metrics_file {
    char *path; /**< in the session's scratch directory, its number all 0; NULL for none */
    int fd;     /**< of the file while it is empty; meaningful when is_open */
    bool is_open;
    dev_t device; /**< which file that is, so that another in its place is seen */
    ino_t inode;
    unsigned index;   /**< number in the name of the run that is looked at: 0 outside a series */
    bool was_written; /**< the last run has left something */
    uint64_t bad_lines;
    uint64_t bad_runs;
    uint64_t dropped;
    uint64_t calls_left_out;
    const char *first_bad;    /**< of the session's memory */
    struct pw_metrics latest; /**< of the last counted run that wrote any */
    struct pw_result_error errors[PW_RUN_ERRORS_MAX];
    size_t error_count;
    uint64_t errors_left_out;
    struct pw_result_call *calls; /**< of the result's memory */
    size_t call_count;
    size_t call_capacity;
};

/** Name the file in the session's environment. Where no directory can be made for it the benchmark
 * goes without, which is a warning. @return 0; PW_ENOMEM */
int pw_run_metrics_file_open(struct pw_run_session *session, struct pw_error *err) PW_MUST_CHECK;

/** Have an empty file for the next run. @return 0, also when the benchmark failed; PW_ENOMEM */
int pw_run_metrics_file_prepare(struct pw_run_session *session, struct pw_error *err) PW_MUST_CHECK;

/** Only look whether a run that does not count has written. */
void pw_run_metrics_file_skip(struct pw_run_session *session);

/**
 * Read what a counted run has written, and append its values to the result.
 *
 * @return 0, also when the benchmark failed because it cannot be read; PW_ENOMEM
 */
int pw_run_metrics_file_read(struct pw_run_session *session, const struct pw_run_number *number,
                             struct pw_error *err) PW_MUST_CHECK;

/** Hand what is kept beside values to the result, and say what was lost (metrics_keep.c). @return
 * 0; PW_ENOMEM */
int pw_run_metrics_file_finish(struct pw_run_session *session, struct pw_error *err) PW_MUST_CHECK;

void pw_run_metrics_file_release(struct pw_run_session *session);

/** Add what one file holds (metrics_inside.c). @param prefix which run, for messages */
int pw_run_metrics_inside_add(struct pw_run_session *session, const struct pw_metrics *metrics,
                              unsigned run, const char *prefix, struct pw_error *err) PW_MUST_CHECK;

#endif
