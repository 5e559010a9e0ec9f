/*
 * The words every module shares: verdicts, directions, the metrics a run yields by itself.
 * Names here are the ones in perfwarden.yml, in every file and in every report.
 */
#ifndef PERFWARDEN_VOCABULARY_H
#define PERFWARDEN_VOCABULARY_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/util/number.h"

#define PW_VERSION "0.1.0"

/** What a comparison ends in. */
enum pw_verdict {
    PW_VERDICT_PASS,
    PW_VERDICT_IMPROVEMENT,
    PW_VERDICT_ACCEPTED,
    PW_VERDICT_SKIPPED,
    PW_VERDICT_NO_BASELINE,
    PW_VERDICT_INCONCLUSIVE,
    PW_VERDICT_REGRESSION,
    PW_VERDICT_MISSING,
    PW_VERDICT_ERROR,
    PW_VERDICT_COUNT /**< how many there are; no verdict */
};

/** The bit of a verdict in a set such as `fail_on`. */
#define PW_VERDICT_BIT(verdict) (1u << (unsigned)(verdict))

/** "pass", "no_baseline", …; never NULL. */
const char *pw_verdict_name(enum pw_verdict verdict);
/** @return false when no verdict has this name; *out unchanged */
bool pw_verdict_from_name(const char *name, enum pw_verdict *out);

/** Which way a metric is better. */
enum pw_better { PW_BETTER_LOWER, PW_BETTER_HIGHER };

/** "lower" or "higher". */
const char *pw_better_name(enum pw_better better);
bool pw_better_from_name(const char *name, enum pw_better *out);

/** A metric that perfwarden measures itself. */
struct pw_metric_info {
    const char *name;
    const char *unit; /**< base unit as results spell it: "ns", "bytes", "count", "ratio" */
    enum pw_better better;
    enum pw_quantity quantity; /**< what its absolute thresholds are written in */
    const char *summary;       /**< one phrase for the documentation */
};

/** All of them, in the order reports show them. @param[out] count how many */
const struct pw_metric_info *pw_metric_catalogue(size_t *count);
/** @return NULL when perfwarden does not measure a metric of this name */
const struct pw_metric_info *pw_metric_find(const char *name);

/**
 * Where values stand in an output, for the formats that have to be told (`values:`). Texts; NULL
 * for what is not given.
 */
struct pw_value_rule {
    const char *pattern;   /**< `format: regex`: with the groups name, metric, value and unit */
    const char *path;      /**< `format: json`: of the values */
    const char *benchmark; /**< `format: json`: of the name, from where the value stands */
    const char *metric;
    const char *unit; /**< what the numbers are in; they become base units */
    unsigned better;  /**< 0 for what the unit says, else 1 + enum pw_better */
};

/** The exit codes of the program. */
enum pw_exit {
    PW_EXIT_PASS = 0,
    PW_EXIT_REGRESSION = 1,
    PW_EXIT_USAGE = 2,
    PW_EXIT_UNDECIDED = 3,
    PW_EXIT_UNMEASURED = 4,
    PW_EXIT_INTERNAL = 5,
    PW_EXIT_SIGINT = 130,
    PW_EXIT_SIGTERM = 143
};

/** The more serious of two exit codes: 143, 130, then 5, 2, 4, 1, 3, 0. */
int pw_exit_worst(int a, int b);

#endif
