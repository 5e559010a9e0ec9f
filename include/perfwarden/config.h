/*
 * perfwarden.yml: read, checked against one schema table, expanded to the benchmarks it declares.
 *
 * The schema table drives parsing, defaults, `perfwarden help config`, docs/configuration.md and
 * the JSON Schema for editors. Every mistake of a file is reported at once, each with its place.
 */
#ifndef PERFWARDEN_CONFIG_H
#define PERFWARDEN_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "perfwarden/util/arena.h"
#include "perfwarden/util/error.h"
#include "perfwarden/util/strbuf.h"
#include "perfwarden/vocabulary.h"

#define PW_CONFIG_DEFAULT_PATH "perfwarden.yml"

/** A list of strings, owned by the configuration. */
struct pw_strings {
    const char *const *items;
    size_t count;
};

/** A name and a value: a parameter, an environment variable. */
struct pw_name_value {
    const char *name;
    const char *value;
};

/**
 * How much worse is too much, for one metric. Members that are not set are NAN.
 *
 * With both `increase_ratio` and `at_least`, a change counts only when both are exceeded;
 * `at_least` alone is an absolute threshold; `limit` is a ceiling (a floor where higher is better)
 * that holds whatever the base was.
 */
struct pw_threshold {
    const char *metric;
    double increase_ratio; /**< 0.05 = 5 % worse; > 0 */
    double at_least;       /**< base units of the metric; > 0 */
    double limit;          /**< base units of the metric; ≥ 0 */
};

/** Who counts instructions, cycles, cache and branch misses. */
enum pw_counter_source {
    PW_COUNTERS_AUTO,     /**< the processor's counters where there are some, else valgrind */
    PW_COUNTERS_PERF,     /**< the processor's counters or nothing */
    PW_COUNTERS_VALGRIND, /**< valgrind's count of instructions or nothing */
    PW_COUNTERS_NONE      /**< nothing */
};

/** One benchmark with one set of parameter values. */
struct pw_benchmark {
    const char *id;                 /**< `name` or `name/param=value,…`; unique in the file */
    const char *name;               /**< as declared */
    struct pw_strings renamed_from; /**< ids it had under its former names */
    const struct pw_name_value *params;
    size_t param_count;
    struct pw_strings command; /**< what is executed, parameters filled in; a string command is
                                  {"sh","-c",text} */
    bool is_shell;             /**< the command was a string */
    bool isolate_network;      /**< runs in a private network namespace with loopback up */
    const char *cwd;           /**< absolute directory it runs in */
    const struct pw_name_value *env;
    size_t env_count;
    const char *format; /**< name of an adapter for its standard output; NULL for none */
    /** Files and folders, relative to `cwd`, that decide whether two builds of the benchmark are
     * the same; count 0 for the command's own file */
    struct pw_strings artifacts;
    struct pw_strings
        metrics; /**< built-in metrics to record; those with thresholds are included */
    const struct pw_threshold *thresholds;
    size_t threshold_count;
    unsigned runs_min; /**< ≥ 1 */
    unsigned runs_max; /**< ≥ runs_min */
    unsigned warmup;   /**< discarded runs before the first counted one */
    uint64_t timeout_ns;
    uint64_t budget_ns;          /**< time for all its runs; runs_min are made whatever it says */
    uint64_t memory_limit_bytes; /**< of the whole tree; 0 for none */
    double cpu_limit;            /**< processors the tree may use together (0.5, 2); 0 for none */
    const unsigned *cpus;        /**< processors the tree is pinned to, ascending */
    size_t cpu_count;            /**< 0 for no pinning */
    const char *stdin_path;      /**< absolute; NULL for an empty standard input */
    const int *success;          /**< exit statuses that count as success, at least one */
    size_t success_count;
    unsigned concurrency; /**< copies that run at once; ≥ 1 */
    enum pw_counter_source counter_source;
    struct pw_strings setup;    /**< run once before the benchmark; count 0 for none */
    struct pw_strings prepare;  /**< run before each run, warm-up included */
    struct pw_strings conclude; /**< run after each run */
    struct pw_strings cleanup;  /**< run once after the benchmark, whatever happened */
    unsigned line;              /**< where it is declared, from 1 */
    unsigned column;
    bool is_elsewhere; /**< another shard runs it: nothing selects it here */
};

/** What the gate does where it has nothing to compare with, or cannot tell. */
enum pw_policy { PW_POLICY_PASS, PW_POLICY_WARN, PW_POLICY_FAIL, PW_POLICY_REMEASURE };

/** Which older commit head is compared with besides the base. */
enum pw_anchor_kind {
    PW_ANCHOR_NONE,
    PW_ANCHOR_TAG,    /**< the nearest tag */
    PW_ANCHOR_DAYS,   /**< what the branch was some days ago */
    PW_ANCHOR_COMMITS /**< so many commits before the base */
};

/** A second comparison, with an older commit: many small steps must not add up unseen. */
struct pw_anchor_config {
    enum pw_anchor_kind kind; /**< says which of the three below is set */
    const char *tag;          /**< pattern of the tag's name */
    unsigned days;
    unsigned commits;
    /** In place of a benchmark's own thresholds of these metrics; never with a limit. */
    const struct pw_threshold *thresholds;
    size_t threshold_count;
    enum pw_policy on_drift; /**< fail or warn, for regressions since the anchor */
};

struct pw_gate_config {
    double alpha; /**< chance of a false alarm per comparison, in (0, 0.5) */
    double beta;  /**< chance of a false pass at the threshold, in (0, 0.5); paired comparisons */
    double fdr;   /**< false discovery rate over the suite, in (0, 1); paired comparisons */
    double session_noise; /**< prior for the noise between sessions, a ratio > 0 */
    unsigned fail_on;     /**< set of PW_VERDICT_BIT(); PW_VERDICT_ERROR is always in it */
    enum pw_policy on_no_baseline;
    enum pw_policy on_inconclusive;
    struct pw_anchor_config anchor;
    const char *accepted; /**< absolute path of the file of accepted changes; NULL for none */
};

enum pw_store_kind { PW_STORE_GIT, PW_STORE_DIRECTORY };

/** Which results `baseline prune` keeps: those that any rule keeps. 0 and none for "no rule". */
struct pw_keep_config {
    unsigned days;              /**< the ones not older */
    unsigned count;             /**< the newest of each environment */
    struct pw_strings tags;     /**< patterns of tags whose comparisons stay possible */
    struct pw_strings branches; /**< patterns of branches, local or remote, alike */
};

struct pw_baseline_config {
    enum pw_store_kind store;
    const char *ref;                        /**< store: git */
    const char *path;                       /**< store: directory; absolute */
    const char *remote;                     /**< store: git; NULL: git's settings say which */
    enum pw_policy on_environment_mismatch; /**< remeasure, warn or fail */
    /** An improvement by more than this, 0.5 = half of the time, has to be confirmed by a second
     * session before it is a baseline; 0 for none. */
    double quarantine_ratio;
    struct pw_keep_config keep;
};

/** Reports `check` always writes; absolute paths, NULL for none. */
struct pw_report_config {
    const char *junit;
    const char *markdown;
    const char *json;
    const char *html;
    const char *csv;
    const char *prometheus;
};

/** A whole perfwarden.yml, expanded. Everything in it lives in `arena`. */
struct pw_config {
    struct pw_arena arena;
    const char *path;      /**< as it was named */
    const char *directory; /**< absolute directory of the file: commands run there unless `cwd` says
                              otherwise */
    struct pw_strings build;
    const struct pw_benchmark *benchmarks;
    size_t benchmark_count;
    struct pw_gate_config gate;
    struct pw_baseline_config baseline;
    struct pw_report_config report;
    /**
     * Of everything that says what is measured (build steps; ids, commands, environment, directory,
     * format, metrics, warm-up and memory limit of the benchmarks), not how often, how long or how
     * it is judged: 16 hexadecimal digits, the same wherever the file's directory lies.
     */
    char hash[17];
};

/** Every mistake found in a file, in the order of the lines. */
struct pw_diagnostics {
    struct pw_error *items;
    size_t count;
    size_t capacity;
};

void pw_diagnostics_release(struct pw_diagnostics *diagnostics);

/**
 * Read and expand a configuration file.
 *
 * Bounds: 1 MiB, depth 64, 100,000 events, 10,000 benchmarks and 64 MiB of text after expansion. Of
 * more than 1,000 mistakes the rest is counted only.
 *
 * @param path            as the user named it; messages name it so
 * @param[out] out        released by pw_config_release(); unchanged on failure
 * @param[out] mistakes   filled on failure, at least one; released by the caller
 * @return 0; PW_ECONFIG; PW_ENOTFOUND when there is no such file; PW_EIO; PW_ENOMEM
 */
int pw_config_load(const char *path, struct pw_config *out,
                   struct pw_diagnostics *mistakes) PW_MUST_CHECK;

/**
 * As pw_config_load(), from text in memory.
 *
 * @param path       what messages call the text
 * @param directory  absolute; relative paths in the text start here
 */
int pw_config_parse(const char *text, size_t length, const char *path, const char *directory,
                    struct pw_config *out, struct pw_diagnostics *mistakes) PW_MUST_CHECK;

void pw_config_release(struct pw_config *config);

/** @return NULL when no benchmark has this id */
const struct pw_benchmark *pw_config_find(const struct pw_config *config, const char *benchmark_id);

/** The benchmark that had this id under a former name. @return NULL when none had */
const struct pw_benchmark *pw_config_find_renamed(const struct pw_config *config,
                                                  const char *benchmark_id);

/** The threshold of a metric. @return NULL when the metric is not gated for this benchmark */
const struct pw_threshold *pw_benchmark_threshold(const struct pw_benchmark *benchmark,
                                                  const char *metric);

/** True when an id matches one of the patterns, or there are none. A pattern also matches the plain
 * name. */
bool pw_benchmark_matches(const struct pw_benchmark *benchmark, const char *const *patterns,
                          size_t pattern_count);

/** The same, and no other shard runs it. */
bool pw_benchmark_is_selected(const struct pw_benchmark *benchmark, const char *const *patterns,
                              size_t pattern_count);

/**
 * Say which benchmarks other shards run.
 *
 * @param is_elsewhere  a flag for each benchmark
 * @return 0; PW_ENOMEM, the configuration unchanged
 */
int pw_config_mark_elsewhere(struct pw_config *config, const bool *is_elsewhere,
                             struct pw_error *err) PW_MUST_CHECK;

/** The schema for people: every key with its type, default and meaning, as plain text for a
 * terminal. */
void pw_config_describe_text(struct pw_strbuf *out);
/** The same as the markdown of docs/configuration.md. */
void pw_config_describe_markdown(struct pw_strbuf *out);
/** The same as a JSON Schema (draft 2020-12) for editors. */
void pw_config_describe_json_schema(struct pw_strbuf *out);

#endif
