/* From the outcome of a run to samples of the metrics that perfwarden measures itself. */
#ifndef PERFWARDEN_RUN_METRICS_H
#define PERFWARDEN_RUN_METRICS_H

#include <stdbool.h>

#include "perfwarden/config.h"
#include "perfwarden/result.h"
#include "perfwarden/run.h"

/**
 * Make the benchmark's series, empty and each with the reason that nothing has been measured yet,
 * so that a benchmark which never ran says so for every metric it owes.
 *
 * @return 0; PW_ENOMEM
 */
int pw_run_metrics_begin(struct pw_result *result, struct pw_result_benchmark *entry,
                         const struct pw_benchmark *benchmark, struct pw_error *err) PW_MUST_CHECK;

/** Whether a metric is to be recorded. */
bool pw_run_metrics_has(const struct pw_benchmark *benchmark, const char *metric);

/** Whether the processor is to count for this benchmark's runs. */
bool pw_run_metrics_wants_counters(const struct pw_benchmark *benchmark);
/** Whether the bytes are recorded that the benchmark reads and writes. */
bool pw_run_metrics_wants_io(const struct pw_benchmark *benchmark);

/** Append one sample to each series. What this run could not give leaves its reason. @return 0;
 * PW_ENOMEM */
int pw_run_metrics_add(struct pw_result *result, struct pw_result_benchmark *entry,
                       const struct pw_benchmark *benchmark,
                       const struct pw_process_outcome *outcome,
                       struct pw_error *err) PW_MUST_CHECK;

#endif
