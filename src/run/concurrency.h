/* One run of a benchmark: of one process, or of several copies at once. */
#ifndef PERFWARDEN_RUN_CONCURRENCY_H
#define PERFWARDEN_RUN_CONCURRENCY_H

#include "session.h"

/** What the copies of one run yielded. Zero-initialised is valid and empty. */
struct pw_run_batch {
    struct pw_process_outcome *outcomes; /**< one per copy */
    unsigned copies;
    unsigned succeeded;
    uint64_t wall_ns; /**< from the start of the first copy to the end of the last */
};

void pw_run_batch_release(struct pw_run_batch *batch);

/**
 * Execute the copies of the session's benchmark at once.
 *
 * @param[out] out  released by pw_run_batch_release()
 * @return 0; PW_EIO; PW_ENOMEM
 */
int pw_run_batch_execute(const struct pw_run_session *session, const struct pw_process_spec *spec,
                         struct pw_run_batch *out, struct pw_error *err) PW_MUST_CHECK;

/** How many of the copies succeeded. */
unsigned pw_run_batch_count(const struct pw_benchmark *benchmark,
                            const struct pw_process_outcome *outcomes, unsigned copies);

/**
 * The copy whose failure fails the run. A copy that failed is no failure of the run where
 * success_rate is recorded and another copy succeeded.
 *
 * @return NULL when the run counts
 */
const struct pw_process_outcome *pw_run_batch_failure(const struct pw_benchmark *benchmark,
                                                      const struct pw_run_batch *batch);

/**
 * One outcome for the metrics: of each number the median over the copies that succeeded, without
 * what the shell took.
 *
 * @param[out] out  owns nothing; its outputs are empty, its texts static
 * @return 0; PW_ENOMEM
 */
int pw_run_batch_combine(const struct pw_run_session *session, const struct pw_run_batch *batch,
                         struct pw_process_outcome *out, struct pw_error *err) PW_MUST_CHECK;

/** Say of the metrics below that nothing has been measured yet. @return 0; PW_ENOMEM */
int pw_run_concurrency_begin(const struct pw_run_session *session,
                             struct pw_error *err) PW_MUST_CHECK;

/**
 * Append throughput, the copies per second of batch->wall_ns, and success_rate, where they are
 * recorded.
 *
 * @return 0; PW_ENOMEM
 */
int pw_run_concurrency_add(const struct pw_run_session *session, const struct pw_run_batch *batch,
                           struct pw_error *err) PW_MUST_CHECK;

/**
 * Fill in scaling_efficiency, once all benchmarks are measured: throughput(N) / (N · T), where T is
 * the median throughput of the benchmark of the same declaration and parameters with concurrency 1.
 * Without it the series has the reason.
 *
 * @return 0; PW_ENOMEM
 */
int pw_run_concurrency_scale(const struct pw_config *config, struct pw_result *result,
                             struct pw_error *err) PW_MUST_CHECK;

#endif
