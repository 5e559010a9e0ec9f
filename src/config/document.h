/*
 * A configuration as it is written, before expansion: what the schema table decodes into.
 * Everything lives in the arena of the reading.
 */
#ifndef PERFWARDEN_CONFIG_DOCUMENT_H
#define PERFWARDEN_CONFIG_DOCUMENT_H

#include "perfwarden/config/accepted.h"
#include "yaml_reader.h"

/** A scalar or list together with the full path of its key, for later messages. */
struct pw_located {
    const struct pw_yaml_node *node; /**< NULL when not given */
    const char *path;
};

/** Where a setting comes from; a later one wins. */
enum pw_level { PW_LEVEL_BUILT_IN, PW_LEVEL_DEFAULTS, PW_LEVEL_BENCHMARK };

/** The long form of a threshold, read once the quantity of its metric is known. */
struct pw_threshold_parts {
    struct pw_located increase;
    struct pw_located at_least;
    struct pw_located limit;
};

struct pw_declared_threshold {
    struct pw_threshold threshold;
    enum pw_level level;
    const struct pw_yaml_node *node;
    const char *path; /**< of the mapping it stands in */
};

struct pw_declared_thresholds {
    const struct pw_declared_threshold *items;
    size_t count;
};

struct pw_declared_variable {
    const char *name;
    struct pw_located value;
};

struct pw_declared_variables {
    const struct pw_declared_variable *items;
    size_t count;
};

/** A list of integers, or one that was written without brackets. */
struct pw_integers {
    const int *items;
    size_t count;
    bool is_list;
};

/** The commands that are run around a benchmark. */
enum pw_hook { PW_HOOK_SETUP, PW_HOOK_PREPARE, PW_HOOK_CONCLUDE, PW_HOOK_CLEANUP, PW_HOOK_COUNT };

struct pw_runs {
    unsigned min;
    unsigned max;
};

/** Processors, ascending; none for all of them. */
struct pw_cpus {
    const unsigned *items;
    size_t count;
};

/** What `defaults` and a benchmark have in common. */
struct pw_settings {
    struct pw_runs runs;
    unsigned warmup;
    uint64_t timeout_ns;
    uint64_t budget_ns;
    uint64_t memory_limit_bytes; /**< 0 for none */
    double cpu_limit;            /**< 0 for none */
    struct pw_cpus cpus;
    unsigned isolate; /**< 1 for the network */
    struct pw_located input;
    struct pw_located artifacts; /**< a list of scalars */
    struct pw_strings metrics;
    enum pw_counter_source counter_source;
    struct pw_declared_thresholds thresholds;
    struct pw_declared_variables env;
    struct pw_located cwd;
    struct pw_located hooks[PW_HOOK_COUNT]; /**< as `command` */
    struct pw_integers success;
    struct pw_integers concurrency;
};

struct pw_parameter {
    const char *name;
    struct pw_strings values;
};

struct pw_parameters {
    const struct pw_parameter *items;
    size_t count;
};

/** `values` of a benchmark. */
struct pw_declared_values {
    const struct pw_value_rule *items;
    size_t count;
};

/** One entry of `benchmarks`. */
struct pw_declaration {
    struct pw_settings settings; /**< those of `defaults`, overlaid */
    const char *name;
    struct pw_strings renamed_from;
    struct pw_located command; /**< a scalar or a list of scalars */
    struct pw_parameters params;
    const char *format; /**< NULL for none */
    struct pw_located results_file;
    struct pw_located converter; /**< as `command` */
    struct pw_declared_values values;
    const struct pw_yaml_node *node; /**< where it is declared */
    const char *path;                /**< "benchmarks[2]" */
    bool is_sound;                   /**< can be expanded */
};

struct pw_declarations {
    const struct pw_declaration *items;
    size_t count;
};

/** `gate.anchor`. */
struct pw_declared_anchor {
    const char *tag;
    unsigned days;
    unsigned commits;
    struct pw_declared_thresholds thresholds;
    enum pw_policy on_drift;
};

/** `gate`: most keys are read into the configuration itself. */
struct pw_declared_gate {
    struct pw_gate_config config; /**< first, so that its offsets are those of the whole */
    struct pw_declared_anchor anchor;
};

/** One entry of the file of accepted changes. */
struct pw_declared_acceptance {
    const char *benchmark;
    const char *metric;
    struct pw_bound up_to;
    bool is_removed;
    const char *reason;
    const char *expires;
    const char *by;
    unsigned line;
};

struct pw_declared_acceptances {
    const struct pw_declared_acceptance *items;
    size_t count;
};

/** What the top of the file of accepted changes has. */
struct pw_accepted_document {
    unsigned version;
    struct pw_declared_acceptances accepted;
};

struct pw_document {
    unsigned version;
    struct pw_strings build;
    struct pw_settings defaults;
    struct pw_declarations benchmarks;
    struct pw_declared_gate gate;
    struct pw_baseline_config baseline;
    struct pw_report_config report;
};

#endif
