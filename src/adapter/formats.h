/* The functions of the formats and what they share. Internal to the adapter module. */
#ifndef PERFWARDEN_ADAPTER_FORMATS_H
#define PERFWARDEN_ADAPTER_FORMATS_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/adapter.h"
#include "perfwarden/util/json.h"
#include "perfwarden/util/strbuf.h"

/** Declares the two functions of a format. */
#define PW_ADAPTER_FORMAT(name)                                                                    \
    bool pw_adapter_recognise_##name(const char *text, size_t length);                             \
    int pw_adapter_parse_##name(const char *text, size_t length,                                   \
                                const struct pw_adapter_settings *settings,                        \
                                struct pw_adapter_output *out, struct pw_error *err)

PW_ADAPTER_FORMAT(asv);
PW_ADAPTER_FORMAT(asv_console);
PW_ADAPTER_FORMAT(benchmarkdotnet);
PW_ADAPTER_FORMAT(benchmarkjs);
PW_ADAPTER_FORMAT(bmf);
PW_ADAPTER_FORMAT(catch2);
PW_ADAPTER_FORMAT(console_time);
PW_ADAPTER_FORMAT(criterion);
PW_ADAPTER_FORMAT(criterion_json);
PW_ADAPTER_FORMAT(dart);
PW_ADAPTER_FORMAT(go_bench);
PW_ADAPTER_FORMAT(google_benchmark);
PW_ADAPTER_FORMAT(gungraun);
PW_ADAPTER_FORMAT(gungraun_json);
PW_ADAPTER_FORMAT(hyperfine);
PW_ADAPTER_FORMAT(iai);
PW_ADAPTER_FORMAT(hyperfine_csv);
PW_ADAPTER_FORMAT(iai);
PW_ADAPTER_FORMAT(jmh);
PW_ADAPTER_FORMAT(julia);
PW_ADAPTER_FORMAT(junit);
PW_ADAPTER_FORMAT(libtest);
PW_ADAPTER_FORMAT(luau);
PW_ADAPTER_FORMAT(pytest_benchmark);
PW_ADAPTER_FORMAT(ruby);
PW_ADAPTER_FORMAT(time);
PW_ADAPTER_FORMAT(vitest);

/* Formats that have to be told are recognised by nobody. */
int pw_adapter_parse_github_bigger(const char *text, size_t length,
                                   const struct pw_adapter_settings *settings,
                                   struct pw_adapter_output *out, struct pw_error *err);
int pw_adapter_parse_github_smaller(const char *text, size_t length,
                                    const struct pw_adapter_settings *settings,
                                    struct pw_adapter_output *out, struct pw_error *err);
int pw_adapter_check_regex(const struct pw_adapter_settings *settings, struct pw_error *err);
int pw_adapter_parse_regex(const char *text, size_t length,
                           const struct pw_adapter_settings *settings,
                           struct pw_adapter_output *out, struct pw_error *err);
int pw_adapter_check_json(const struct pw_adapter_settings *settings, struct pw_error *err);
int pw_adapter_parse_json_values(const char *text, size_t length,
                                 const struct pw_adapter_settings *settings,
                                 struct pw_adapter_output *out, struct pw_error *err);

/* Paths in JSON. */

/** Most steps of a path, and so of the place it leads to. */
#define PW_ADAPTER_PATH_STEPS 32

/** One step of a path. */
struct pw_adapter_step {
    enum pw_adapter_step_kind { PW_STEP_MEMBER, PW_STEP_ELEMENT, PW_STEP_ANY, PW_STEP_UP } kind;
    const char *name; /**< of a member, in the path's arena */
    size_t index;     /**< of an element */
};

struct pw_adapter_json_path {
    struct pw_adapter_step steps[PW_ADAPTER_PATH_STEPS];
    size_t count;
};

/** Where a path has led to: the document, and what stands below it on the way. */
struct pw_adapter_place {
    const struct pw_json *values[PW_ADAPTER_PATH_STEPS + 1];
    size_t depth;          /**< of the last of them */
    struct pw_strbuf name; /**< the keys and positions that `*` stood for, with '/' between */
};

/**
 * Read a path: "$.results[*].mean", "$['a key'][0].*", "..name" (relative only).
 *
 * @param is_relative  may begin with ".."
 * @param arena        keeps names
 * @return 0; PW_ECONFIG with the path and what was expected; PW_ENOMEM
 */
int pw_adapter_read_path(const char *text, bool is_relative, struct pw_arena *arena,
                         struct pw_adapter_json_path *out, struct pw_error *err) PW_MUST_CHECK;

/**
 * Visit all places that a path leads to, in the order of the document.
 *
 * @param visit  @return 0 to go on
 * @return 0, or what visit returned
 */
int pw_adapter_walk_path(const struct pw_adapter_json_path *path, struct pw_adapter_place *place,
                         int (*visit)(void *context, struct pw_adapter_place *place,
                                      struct pw_error *err),
                         void *context, struct pw_error *err) PW_MUST_CHECK;

/* Values. */

/**
 * Append one value to an output.
 *
 * @param value  its texts and samples are copied into the output's arena
 * @return 0; PW_ENOMEM
 */
int pw_adapter_add(struct pw_adapter_output *output, const struct pw_adapter_value *value,
                   struct pw_error *err) PW_MUST_CHECK;

/** Append what a harness says went wrong. Texts are copied; control characters become blanks.
 * @return 0; PW_ENOMEM */
int pw_adapter_add_failure(struct pw_adapter_output *output, const char *benchmark,
                           const char *message, struct pw_error *err) PW_MUST_CHECK;

/** Single measurements of many benchmarks in any order, to be summarised. Zero-initialised is
 * empty. */
struct pw_adapter_samples {
    struct pw_arena arena;
    struct pw_adapter_sample *items;
    size_t count;
    size_t capacity;
};

/**
 * Add a single measurement.
 *
 * @param value  benchmark, metric and unit are copied; `samples` is not read
 * @return 0; PW_ENOMEM
 */
int pw_adapter_samples_add(struct pw_adapter_samples *samples, const struct pw_adapter_value *value,
                           struct pw_error *err) PW_MUST_CHECK;

/**
 * Add one value for each benchmark and metric to an output: the median of its measurements, with
 * all of them as its samples; in the order of their first ones.
 *
 * @return 0; PW_ENOMEM
 */
int pw_adapter_samples_summarise(struct pw_adapter_samples *samples,
                                 struct pw_adapter_output *output,
                                 struct pw_error *err) PW_MUST_CHECK;
void pw_adapter_samples_release(struct pw_adapter_samples *samples);

/**
 * Add a number that a rule found.
 *
 * @param benchmark  its name, "" for none
 * @param metric     what the output calls it; NULL for what the rule says
 * @param unit       what the output says it is in; NULL for what the rule says
 * @return 0; PW_ENOMEM
 */
int pw_adapter_add_by_rule(struct pw_adapter_samples *samples, const struct pw_value_rule *rule,
                           const char *benchmark, const char *metric, const char *unit,
                           double value, struct pw_error *err) PW_MUST_CHECK;

/** The median. @param values sorted in place @param count ≥ 1 */
double pw_adapter_median(double *values, size_t count);

/**
 * End a parse function: hand over what was read, or nothing.
 *
 * @param status  what reading came to
 * @param output  moved to `out` on success, else released
 * @return status; PW_EFORMAT when the output holds neither value nor failure, or a value that is
 * not finite
 */
int pw_adapter_finish(const char *format, int status, struct pw_adapter_output *output,
                      struct pw_adapter_output *out, struct pw_error *err) PW_MUST_CHECK;

/* Text. */

/** The lines of an output as a reader sees them: without ANSI sequences and line ends (LF, CRLF; a
 * lone CR ends a line too, for progress bars), NULs as blanks. */
struct pw_adapter_lines {
    const char *text;
    size_t length;
    size_t at;
    unsigned number; /**< of the line given last, from 1; a lone CR does not count */
    struct pw_strbuf line;
};

void pw_adapter_lines_init(struct pw_adapter_lines *lines, const char *text, size_t length);
/** @return the next line, valid until the next call and free to be changed; NULL at the end */
char *pw_adapter_next_line(struct pw_adapter_lines *lines);
/** Release it. @return status; PW_ENOMEM when memory failed on the way */
int pw_adapter_lines_finish(struct pw_adapter_lines *lines, int status,
                            struct pw_error *err) PW_MUST_CHECK;

/** Whether one of the lines satisfies a test: for recognising. */
bool pw_adapter_any_line(const char *text, size_t length, bool (*is_it)(const char *line));

/** "output is not in format 'go-bench': line 3: " and the text. @param line 0 for none
 * @return PW_EFORMAT */
int pw_adapter_fail(struct pw_error *err, const char *format, unsigned line, const char *text, ...)
    PW_PRINTF(4, 5);

/** Where blanks and tabs end. */
const char *pw_adapter_skip_blanks(const char *at);

/**
 * Read a decimal number: sign, digits with commas as separators of thousands ("1,431,759.5"),
 * fraction, exponent. No locale.
 *
 * @param[in,out] at  moved behind the number on success
 * @return whether there is one
 */
bool pw_adapter_read_number(const char **at, double *out);

/** A unit as harnesses write it. */
struct pw_adapter_unit {
    const char *name; /**< "us" */
    const char *base; /**< "ns" */
    double factor;    /**< base units in one, exact in a double where it is above one */
    enum pw_better better;
    bool is_divisor; /**< divide by the factor: what is smaller than the base ("ps") stays exact */
};

/**
 * Find a unit: times (ps … h, μs in both spellings), sizes (B, KB and kB of 1000, KiB of 1024, …),
 * rates of them (MB/s, ops/sec, ops/s, 1/s), cycles, %; a `/op`, `/iter` behind it does not count.
 *
 * @param name    not NUL-terminated
 * @return NULL when it is not known
 */
const struct pw_adapter_unit *pw_adapter_find_unit(const char *name, size_t length);
/** A value in base units. */
double pw_adapter_to_base(const struct pw_adapter_unit *unit, double value);

/* JSON. */

/**
 * Parse a whole output as JSON.
 *
 * @param format    what messages call it, the adapter's name
 * @param[out] out  freed by pw_json_free()
 * @return 0; PW_EFORMAT naming the format, line and column; PW_ENOMEM
 */
int pw_adapter_parse_json(const char *text, size_t length, const char *format, struct pw_json **out,
                          struct pw_error *err) PW_MUST_CHECK;

/** Whether a text begins with this kind of JSON value ('{' or '[') and has a member of this name
 * within it: for recognising, without parsing. */
bool pw_adapter_has_member(const char *text, size_t length, char begin, const char *member);

#endif
