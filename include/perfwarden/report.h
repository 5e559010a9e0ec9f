/*
 * Reports: one file per format, a table of them. Each reads a finished comparison or a result and
 * appends text to a buffer. Decides nothing, knows nothing of git and YAML.
 *
 * Any text may be foreign: each format escapes it for its own context. On failure the buffer holds
 * what it held before.
 */
#ifndef PERFWARDEN_REPORT_H
#define PERFWARDEN_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/gate.h"
#include "perfwarden/result.h"
#include "perfwarden/util/error.h"
#include "perfwarden/util/strbuf.h"

/** The least that `max_bytes` may be: below, a report would be little but its frame. */
#define PW_REPORT_MIN_BYTES 10000
/** The most: GitHub drops a summary of over 1 MiB as a whole. */
#define PW_REPORT_MAX_BYTES 1000000

/** What the picture formats draw. */
enum pw_report_chart {
    PW_REPORT_CHART_AUTO,         /**< the overview; of a result the distribution */
    PW_REPORT_CHART_OVERVIEW,     /**< a comparison's rows that need attention or changed */
    PW_REPORT_CHART_PAIRS,        /**< the pairs of a row */
    PW_REPORT_CHART_DISTRIBUTION, /**< the runs of a row, or of a benchmark of a result */
    PW_REPORT_CHART_HISTORY,      /**< the stored sessions of a row */
    PW_REPORT_CHART_BADGE
};

/** The names of the above, in order, without the first, which has none. @return NULL past the end
 */
const char *pw_report_chart_name(size_t index);
/** @param name NULL for PW_REPORT_CHART_AUTO, as an unknown one */
enum pw_report_chart pw_report_chart_find(const char *name);

struct pw_report_options {
    bool use_color;   /**< text: ANSI colours */
    unsigned columns; /**< text: width of the terminal, 0 for unlimited */
    bool is_verbose;  /**< text: every row with its reason, not only those that need attention */
    size_t max_bytes; /**< markdown: cut at a row to be no longer; 0 for PW_REPORT_MAX_BYTES; not
                         outside these two */
    bool is_quiet;    /**< text: the verdict and what fails; nothing of a result without failures */
    enum pw_report_chart chart; /**< svg, png */
    /** svg, png: only benchmarks whose id or name one of these patterns matches. All rows that have
     * the chart are drawn then, up to 20, and only the first where there are none. */
    const char *const *filters;
    size_t filter_count;
};

/** A format. */
struct pw_reporter {
    const char *name;    /**< as `report --format` spells it */
    const char *summary; /**< one phrase */
    /** Render a comparison. @return 0; PW_ENOMEM; PW_EUSAGE when there is nothing to draw */
    int (*comparison)(const struct pw_comparison *comparison,
                      const struct pw_report_options *options, struct pw_strbuf *out,
                      struct pw_error *err);
    /** Render a plain result. @return as above */
    int (*result)(const struct pw_result *result, const struct pw_report_options *options,
                  struct pw_strbuf *out, struct pw_error *err);
};

/**
 * List the single calls that carry a correlation id, by run and start, as text.
 *
 * @return 0; PW_ENOTFOUND when the result has none; PW_ENOMEM
 */
int pw_report_correlation(const struct pw_result *result, const char *correlation,
                          const struct pw_report_options *options, struct pw_strbuf *out,
                          struct pw_error *err) PW_MUST_CHECK;

/**
 * All of them: text, markdown, junit, json, html, csv, prometheus, openmetrics, github, azure, svg,
 * badge, png.
 *
 * png is the text of svg: the caller has it turned into what it is called, by another program.
 *
 * @param[out] count  how many
 */
const struct pw_reporter *pw_reporter_table(size_t *count);
/** @return NULL when there is no such format */
const struct pw_reporter *pw_reporter_find(const char *name);

/** Append rules by which Prometheus alerts on the gauges of the format "prometheus", as YAML.
 * Memory failure is remembered by the buffer. */
void pw_report_prometheus_rules(struct pw_strbuf *out);

#endif
