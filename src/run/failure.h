/* What is said about a run that failed. */
#ifndef PERFWARDEN_RUN_FAILURE_H
#define PERFWARDEN_RUN_FAILURE_H

#include "perfwarden/config.h"
#include "perfwarden/result.h"
#include "perfwarden/run.h"
#include "perfwarden/util/strbuf.h"

/** Which run: "run 3 of 7", "warm-up run 1 of 1". */
struct pw_run_number {
    bool is_warmup;
    unsigned number; /**< from 1 */
    unsigned total;  /**< how many are expected */
    unsigned copy;   /**< from 1; 0 where there is one copy only */
    unsigned copies; /**< how many ran at once */
};

/** How a benchmark's runs count as having ended after this outcome; PW_MEASURED_OK after a success,
 * which is an exit status that `success` allows. */
enum pw_measured pw_run_judge(const struct pw_benchmark *benchmark,
                              const struct pw_process_outcome *outcome);

/**
 * One line for people on a run that did not succeed, with the remedy where it is known.
 *
 * Text of the benchmark's own may be in it (the last line of its standard error): reports escape it
 * as they do any foreign text. Memory failure is remembered by the buffer.
 *
 * @param number  NULL says nothing of the run
 */
void pw_run_describe_failure(const struct pw_benchmark *benchmark,
                             const struct pw_process_outcome *outcome,
                             const struct pw_run_number *number, struct pw_strbuf *out);

/** Append "run 3 of 7: ", "run 3 of 7, copy 2 of 4: ". */
void pw_run_describe_number(const struct pw_run_number *number, struct pw_strbuf *out);

#endif
