/*
 * A result: everything measured for one commit on one machine at one time, and its JSON
 * ("perfwarden/result/1"). Knows nothing of comparing.
 */
#ifndef PERFWARDEN_RESULT_H
#define PERFWARDEN_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "perfwarden/result/shard.h"
#include "perfwarden/util/arena.h"
#include "perfwarden/util/clock.h"
#include "perfwarden/util/error.h"
#include "perfwarden/util/json.h"
#include "perfwarden/util/strbuf.h"
#include "perfwarden/vocabulary.h"

#define PW_RESULT_SCHEMA "perfwarden/result/1"
/** Largest result file that is read. */
#define PW_RESULT_MAX_BYTES ((size_t)256 << 20)
/** Bytes of an environment id with its NUL. */
#define PW_ENVIRONMENT_ID_SIZE 13

/** How a benchmark's runs ended. */
enum pw_measured {
    PW_MEASURED_OK,
    PW_MEASURED_EXIT,       /**< a run ended with a status that is no success */
    PW_MEASURED_SIGNAL,     /**< a run was killed by a signal that perfwarden did not send */
    PW_MEASURED_TIMEOUT,    /**< a run was ended at its time limit */
    PW_MEASURED_LIMIT,      /**< a run passed its memory limit */
    PW_MEASURED_START,      /**< the command could not be started */
    PW_MEASURED_OUTPUT,     /**< the output could not be read in the declared format */
    PW_MEASURED_FAILED,     /**< its harness, which ended well, reports it as failed */
    PW_MEASURED_HOOK,       /**< a command that is run around the runs failed */
    PW_MEASURED_INTERRUPTED /**< perfwarden was told to stop, or failed itself */
};

/** "ok", "exit", "signal", "timeout", "limit", "start", "output", "failed", "hook", "interrupted".
 */
const char *pw_measured_name(enum pw_measured measured);

/** All samples of one metric of one benchmark, in the order of the runs. */
struct pw_series {
    const char *metric;
    const char *unit;
    enum pw_better better;
    const char *source;      /**< who counted: "clock", "rusage", "procfs", "adapter", … */
    const char *null_reason; /**< why there are no samples; NULL when there are */
    double *samples;         /**< base units, finite */
    size_t count;
    size_t capacity;
};

struct pw_result_param {
    const char *name;
    const char *value;
};

/**
 * What the machine did while a benchmark ran. Members that could not be read are NAN; all but the
 * readings "before" and "after" are differences between the two.
 */
struct pw_context {
    double load_before; /**< load average over one minute */
    double load_after;
    double steal_ratio;          /**< share of the processors' time that the host gave to others */
    double page_faults_major;    /**< of the whole machine */
    double swap_in_pages;        /**< of the whole machine */
    double swap_out_pages;       /**< of the whole machine */
    double frequency_before_khz; /**< mean over the processors */
    double frequency_after_khz;
    double throttle_events; /**< times a processor was slowed down because it was hot */
};

/** What a shell that does nothing takes, which was subtracted from every run's times. */
struct pw_result_shell {
    const char *path; /**< as it was started: "sh" */
    double wall_ns;
    double user_ns;
    double system_ns;
};

/** Which means were in force while a benchmark ran: "subreaper", "cgroup2", "rlimit", … */
struct pw_result_methods {
    const char *ending; /**< how what it started was ended; NULL when not known */
    const char *memory; /**< how memory_limit was kept; NULL without one */
    const char *cpu;    /**< how cpu_limit was kept; NULL without one */
};

/** A metric that a program reported over steps, in its last run. */
struct pw_result_steps {
    const char *metric;
    const char *worker; /**< NULL for none */
    const char *unit;
    enum pw_better better;
    double (*points)[2]; /**< step and value, by step */
    size_t count;
};

/** What one of several workers reported in the last run. */
struct pw_result_worker {
    const char *metric;
    const char *worker;
    double value; /**< in the unit of the metric's series */
};

/** Errors that a program reported, over all runs. */
struct pw_result_error {
    const char *kind;
    const char *message; /**< may be empty */
    uint64_t count;
};

/** A single call that carried a correlation id. */
struct pw_result_call {
    unsigned run; /**< from 1 */
    const char *correlation;
    const char *op;
    uint64_t thread;
    uint64_t start_ns; /**< of a monotonic clock */
    uint64_t duration_ns;
    bool is_ok;
    const char *error; /**< NULL for none */
    struct pw_result_param *attributes;
    size_t attribute_count;
};

/** What a benchmark's processes told of themselves beside values. */
struct pw_result_inside {
    struct pw_result_steps *steps;
    size_t steps_count;
    size_t steps_capacity;
    struct pw_result_worker *workers;
    size_t worker_count;
    size_t worker_capacity;
    struct pw_result_error *errors;
    size_t error_count;
    struct pw_result_call *calls; /**< by run and the time they began */
    size_t call_count;
};

/** One benchmark of a result. */
struct pw_result_benchmark {
    const char *id;       /**< unique in the result */
    const char *name;     /**< as declared in the configuration */
    const char *declared; /**< id of the configured benchmark whose process yielded it; equals `id`
                             unless an adapter found several benchmarks in one process */
    struct pw_result_param *params;
    size_t param_count;
    const char **command; /**< the words that were executed */
    size_t command_count;
    const struct pw_result_shell *shell; /**< NULL when no shell ran the command */
    struct pw_result_methods methods;
    /** Sample i of this entry and sample i of the entry of the same id in another result were
     * measured back to back ("pairing": "interleaved"). */
    bool is_interleaved;
    enum pw_measured status;
    const char *error; /**< one line for people; NULL when status is ok */
    struct pw_series *series;
    size_t series_count;
    size_t series_capacity;
    const char **warnings; /**< remarks on the quality of the samples, one line each */
    size_t warning_count;
    size_t warning_capacity;
    const struct pw_context *context; /**< NULL when it was not looked at */
    struct pw_result_inside *inside;  /**< NULL for nothing, and where it is not needed */
    const struct pw_json
        *unknown; /**< the object it was read from: members this version does not know are kept */
};

/** One fact about the machine. */
struct pw_environment_fact {
    const char *name;
    const char *value;
    bool is_identity; /**< changes measured times, so it is part of the id */
};

/** The fingerprint of machine and toolchain; results are comparable only if the ids are equal. */
struct pw_environment {
    char id[PW_ENVIRONMENT_ID_SIZE]; /**< 12 hexadecimal digits, a hash of the identity facts */
    struct pw_environment_fact *facts;
    size_t fact_count;
    size_t fact_capacity;
};

/** Everything in it lives in `arena` or, when it was read whole, in `document`. */
struct pw_result {
    struct pw_arena arena;
    struct pw_json *document; /**< what it was read from, NULL when it was measured; owned */
    const char *tool_version;
    char run_id[PW_RUN_ID_SIZE];
    const char *commit; /**< full hexadecimal id; NULL when measured outside a repository */
    const char **parents;
    size_t parent_count;
    const char *branch; /**< NULL when HEAD is detached */
    bool is_dirty;      /**< tracked files differed from the commit */
    const char *started_at;
    const char *config_hash;
    struct pw_environment environment;
    const struct pw_shard *shard; /**< what part of a suite it is; NULL for the whole; borrowed */
    struct pw_result_benchmark *benchmarks;
    size_t benchmark_count;
    size_t benchmark_capacity;
};

/** An empty result of this tool version with a new run id and the time now. */
int pw_result_init(struct pw_result *result, struct pw_error *err) PW_MUST_CHECK;
void pw_result_release(struct pw_result *result);

/** Append an empty benchmark. @return NULL when out of memory; valid until the next append */
struct pw_result_benchmark *pw_result_add_benchmark(struct pw_result *result, const char *id,
                                                    const char *name,
                                                    const char *declared) PW_MUST_CHECK;
/** @return NULL when there is none of this id */
struct pw_result_benchmark *pw_result_find(const struct pw_result *result, const char *id);

/**
 * The series of a metric, made empty if there is none.
 *
 * @param source  may be NULL
 * @return NULL when out of memory; valid until the next series of this benchmark is made
 */
struct pw_series *pw_result_series(struct pw_result *result, struct pw_result_benchmark *benchmark,
                                   const char *metric, const char *unit, enum pw_better better,
                                   const char *source) PW_MUST_CHECK;
/** @return NULL when there is none */
const struct pw_series *pw_result_benchmark_series(const struct pw_result_benchmark *benchmark,
                                                   const char *metric);
/** Append one sample. @param value finite @return 0; PW_EINVAL; PW_ENOMEM */
int pw_series_add(struct pw_result *result, struct pw_series *series, double value,
                  struct pw_error *err) PW_MUST_CHECK;
int pw_result_add_warning(struct pw_result *result, struct pw_result_benchmark *benchmark,
                          const char *text, struct pw_error *err) PW_MUST_CHECK;

/**
 * Fill the result's environment from this machine. What cannot be read is left out, never guessed.
 *
 * The variable PERFWARDEN_ENVIRONMENT, when set and not empty, becomes the identity fact "label":
 * it tells apart machines that look alike.
 *
 * @return 0; PW_ENOMEM, the environment unchanged
 */
int pw_environment_detect(struct pw_result *result, struct pw_error *err) PW_MUST_CHECK;
/**
 * Record a fact that does not change measured times, replacing one of the same name.
 *
 * @param name   static text
 * @param value  copied
 * @return 0; PW_ENOMEM
 */
int pw_environment_note(struct pw_result *result, const char *name, const char *value,
                        struct pw_error *err) PW_MUST_CHECK;
/** Names of identity facts that differ, "cpu_model, kernel", for a message. */
void pw_environment_describe_difference(const struct pw_environment *a,
                                        const struct pw_environment *b, struct pw_strbuf *out);

/**
 * Write the JSON. Memory failure is remembered by the buffer.
 *
 * In "environment" identity facts stand beside the id, the others inside "info".
 */
void pw_result_write(const struct pw_result *result, struct pw_strbuf *out);

/**
 * Read the JSON.
 *
 * @param name       what messages call it
 * @param[out] out   released by pw_result_release(); unchanged on failure
 * @return 0; PW_EFORMAT: malformed, wrong schema or a newer major version, NaN, duplicate ids, in
 *         the message the path of the member; PW_ENOMEM
 */
int pw_result_read(const char *text, size_t length, const char *name, struct pw_result *out,
                   struct pw_error *err) PW_MUST_CHECK;

/**
 * Read what a comparison needs: the same, but contexts and members that this version does not know
 * are dropped, and nothing but the arena is held (`document`, `context` and `unknown` are NULL). A
 * fraction of the time and of the memory. What pw_result_read() refuses is refused with its words.
 */
int pw_result_read_lean(const char *text, size_t length, const char *name, struct pw_result *out,
                        struct pw_error *err) PW_MUST_CHECK;

/** Read a result file. @return as pw_result_read(); PW_ENOTFOUND; PW_EIO */
int pw_result_load(const char *path, struct pw_result *out, struct pw_error *err) PW_MUST_CHECK;
/** Write a result file so that no reader sees half of it. */
int pw_result_save(const struct pw_result *result, const char *path,
                   struct pw_error *err) PW_MUST_CHECK;

#endif
