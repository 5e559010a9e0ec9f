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

struct pw_report_options {
    bool use_color;   /**< text: ANSI colours */
    unsigned columns; /**< text: width of the terminal, 0 for unlimited */
    bool is_verbose;  /**< text: every row with its reason, not only those that need attention */
    size_t max_bytes; /**< markdown: cut at a row to be no longer; 0 for a million, which is the
                         most; at least PW_REPORT_MIN_BYTES */
    bool is_quiet;    /**< text: the verdict and what fails; nothing of a result without failures */
};

/** A format. */
struct pw_reporter {
    const char *name;    /**< as `report --format` spells it */
    const char *summary; /**< one phrase */
    /** Render a comparison. @return 0; PW_ENOMEM */
    int (*comparison)(const struct pw_comparison *comparison,
                      const struct pw_report_options *options, struct pw_strbuf *out,
                      struct pw_error *err);
    /** Render a plain result. @return 0; PW_ENOMEM */
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

/** All of them: text, markdown, junit, json, html, csv, prometheus, openmetrics. @param[out] count
 * how many */
const struct pw_reporter *pw_reporter_table(size_t *count);
/** @return NULL when there is no such format */
const struct pw_reporter *pw_reporter_find(const char *name);

#endif
