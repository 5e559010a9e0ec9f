/*
 * The benchmarks of a result as every table shows them: the cells of one benchmark and of one
 * further metric, in words. Text and markdown share this one pass; each escapes for its own
 * context.
 */
#ifndef PERFWARDEN_REPORT_MEASURED_H
#define PERFWARDEN_REPORT_MEASURED_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/result.h"
#include "perfwarden/util/error.h"
#include "perfwarden/util/strbuf.h"

/** Columns of the table of benchmarks. */
enum pw_main_column {
    PW_MAIN_BENCHMARK,
    PW_MAIN_WALL,
    PW_MAIN_RANGE,
    PW_MAIN_RUNS,
    PW_MAIN_USER,
    PW_MAIN_SYSTEM,
    PW_MAIN_RSS,
    PW_MAIN_STATUS,
    PW_MAIN_COLUMN_COUNT
};

/** Columns of the table of the metrics which that table has no place for. */
enum pw_other_column {
    PW_OTHER_BENCHMARK,
    PW_OTHER_METRIC,
    PW_OTHER_MEDIAN,
    PW_OTHER_RANGE,
    PW_OTHER_SAMPLES,
    PW_OTHER_COLUMN_COUNT
};

/** The headings of the two tables. */
extern const char *const pw_report_main_titles[PW_MAIN_COLUMN_COUNT];
extern const char *const pw_report_other_titles[PW_OTHER_COLUMN_COUNT];

/** One row with its cells as text, valid during the visit. */
struct pw_report_measured_view {
    const struct pw_result_benchmark *benchmark;
    const char *const *cells;
};

/** @return false to end the pass */
typedef bool pw_report_measured_visit_fn(void *context, const struct pw_report_measured_view *view);

/**
 * Show every benchmark to a visitor, in the result's order. One that an adapter found, without any
 * figure this table has a place for, is left to pw_report_other_visit().
 *
 * @return 0; PW_ENOMEM
 */
int pw_report_measured_visit(const struct pw_result *result, pw_report_measured_visit_fn *visit,
                             void *context, struct pw_error *err) PW_MUST_CHECK;

/**
 * Show the further metrics with samples: those that benchmarks report themselves.
 *
 * @param is_complete  also those that perfwarden measures, of benchmarks that the main table has
 * @return 0; PW_ENOMEM
 */
int pw_report_other_visit(const struct pw_result *result, bool is_complete,
                          pw_report_measured_visit_fn *visit, void *context,
                          struct pw_error *err) PW_MUST_CHECK;

/** The median of a metric of a benchmark. @param[out] failed set when memory ran out, else left
 * alone @return NAN when it has none or memory ran out */
double pw_report_measured_median(const struct pw_result_benchmark *benchmark, const char *metric,
                                 bool *failed);

/** What a benchmark is drawn by: the time it took, else the first metric that has samples; NULL for
 * none. */
const struct pw_series *pw_report_measured_series(const struct pw_result_benchmark *benchmark);

/** How many benchmarks could not be measured. */
size_t pw_report_measured_failures(const struct pw_result *result);

/** One line that says what happened: "ERROR: 1 of 3 benchmarks could not be measured". */
void pw_report_measured_headline(const struct pw_result *result, struct pw_strbuf *out);

/**
 * Where and when, unescaped: "commit 0123456789ab (main), measured 2026-…, environment …".
 *
 * @param word  what precedes the commit: "commit", or "Commit" at the start of a sentence
 */
void pw_report_measured_origin(const struct pw_result *result, const char *word,
                               struct pw_strbuf *out);

#endif
