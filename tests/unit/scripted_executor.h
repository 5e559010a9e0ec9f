/*
 * An executor that starts nothing: it plays back outcomes, so that the schedule is tested without
 * processes, clocks and chance. Included by the tests of the schedule only.
 */
#ifndef PERFWARDEN_TESTS_SCRIPTED_EXECUTOR_H
#define PERFWARDEN_TESTS_SCRIPTED_EXECUTOR_H

#include <stdlib.h>
#include <string.h>

#include "perfwarden/run.h"
#include "perfwarden/util.h"

/** One outcome to play back; members left 0 mean "as usual". */
struct script_step {
    enum pw_process_end end;
    int code; /**< exit status, signal or errno, by `end` */
    enum pw_start_step failed_step;
    uint64_t wall_us; /**< 0 for 1000 */
    const char *out;
    const char *error_output;
    uint64_t dropped_bytes; /**< of standard output */
    unsigned survivors;
    bool has_no_io;
    bool breaks;          /**< the executor itself fails */
    uint64_t user_us;     /**< 0 for 300 */
    uint64_t system_us;   /**< 0 for 200 */
    unsigned max_rss_mib; /**< 0 for 1 */
    const char *memory_method;
};

struct script {
    struct pw_executor executor; /**< first */
    const struct script_step *steps;
    size_t count;
    size_t calls;         /**< made so far; the last step repeats */
    struct pw_strbuf log; /**< a line per call: the words that are executed, and the iteration */
    int *flag;            /**< set before the call of number `flag_at`; may be NULL */
    size_t flag_at;
    void (*inspect)(const struct pw_process_spec *spec); /**< sees each call; may be NULL */
};

/** The value of a variable in an environment, NULL for none. */
static inline const char *script_variable(const char *const *envp, const char *name)
{
    size_t length = strlen(name);

    for (; *envp != NULL; envp++) {
        if (strncmp(*envp, name, length) == 0 && (*envp)[length] == '=') {
            return *envp + length + 1;
        }
    }
    return NULL;
}

static inline struct pw_output script_output(const char *text, uint64_t dropped_bytes)
{
    struct pw_output output = {NULL, 0, 0};

    output.data = strdup(text != NULL ? text : "");
    if (output.data == NULL) {
        abort();
    }
    output.length = strlen(output.data);
    output.total_bytes = output.length + dropped_bytes;
    return output;
}

static inline int script_execute(struct pw_executor *executor, const struct pw_process_spec *spec,
                                 struct pw_process_outcome *out, struct pw_error *err)
{
    struct script *script = (struct script *)executor;
    size_t index = script->calls < script->count ? script->calls : script->count - 1;
    const struct script_step *step = &script->steps[index];
    const char *iteration = script_variable(spec->envp, "PERFWARDEN_ITERATION");

    script->calls++;
    if (script->flag != NULL && script->calls == script->flag_at) {
        *script->flag = 15;
    }
    for (const char *const *word = spec->argv; *word != NULL; word++) {
        pw_strbuf_printf(&script->log, "%s ", *word);
    }
    pw_strbuf_printf(&script->log, "#%s\n", iteration != NULL ? iteration : "?");
    if (script->inspect != NULL) {
        script->inspect(spec);
    }
    if (spec->output_seen != NULL && step->out != NULL) {
        spec->output_seen(spec->output_context, 1, step->out, strlen(step->out));
    }
    if (step->breaks) {
        return pw_error_set(err, PW_EIO, "the executor is broken");
    }
    memset(out, 0, sizeof(*out));
    out->end = step->end;
    out->exit_status = step->code;
    out->signal = step->code;
    out->error_number = step->code;
    out->failed_step = step->failed_step;
    out->wall_ns = (step->wall_us != 0 ? step->wall_us : 1000) * 1000;
    out->user_ns = (step->user_us != 0 ? step->user_us : 300) * 1000;
    out->system_ns = (step->system_us != 0 ? step->system_us : 200) * 1000;
    out->max_rss_bytes = (uint64_t)(step->max_rss_mib != 0 ? step->max_rss_mib : 1) << 20;
    out->memory_method = step->memory_method;
    out->has_io = !step->has_no_io;
    out->io_read_bytes = 4096;
    out->survivors_ended = step->survivors;
    out->standard_output = script_output(step->out, step->dropped_bytes);
    out->standard_error = script_output(step->error_output, 0);
    return 0;
}

/** Each copy takes a step; they start one millisecond after the other. */
static inline int script_execute_copies(struct pw_executor *executor,
                                        const struct pw_process_spec *spec, unsigned copies,
                                        struct pw_process_outcome *out, uint64_t *wall_ns,
                                        struct pw_error *err)
{
    *wall_ns = 0;
    for (unsigned i = 0; i < copies; i++) {
        int status = script_execute(executor, spec, &out[i], err);
        uint64_t end_ns;

        if (status != 0) {
            while (i > 0) {
                pw_process_outcome_release(&out[--i]);
            }
            return status;
        }
        end_ns = out[i].wall_ns + i * UINT64_C(1000000);
        *wall_ns = end_ns > *wall_ns ? end_ns : *wall_ns;
    }
    return 0;
}

/** Each run takes a step. Give it to a script whose benchmark may be run in series. */
static inline int script_execute_series(struct pw_executor *executor,
                                        const struct pw_process_spec *spec, unsigned runs,
                                        uint64_t series_ns, unsigned iteration,
                                        struct pw_process_outcome *out, unsigned *done,
                                        struct pw_error *err)
{
    struct script *script = (struct script *)executor;
    bool goes_on = true;

    (void)series_ns;
    *done = 0;
    pw_strbuf_printf(&script->log, "series of %u from %u\n", runs, iteration);
    while (goes_on && *done < runs) {
        int status = script_execute(executor, spec, &out[*done], err);

        if (status != 0) {
            return status;
        }
        goes_on = out[*done].end == PW_PROCESS_EXITED && out[*done].exit_status == 0;
        ++*done;
    }
    return 0;
}

/** A script of `count` steps, borrowed. */
static inline struct script script_of(const struct script_step *steps, size_t count)
{
    struct script script;

    memset(&script, 0, sizeof(script));
    script.executor.execute = script_execute;
    script.executor.execute_copies = script_execute_copies;
    script.steps = steps;
    script.count = count;
    return script;
}

static const char *const SCRIPT_WORDS[] = {"./bench", "--fast"};
static const char *const SCRIPT_METRICS[] = {"wall_time", "cpu_time", "cpu_utilization", "max_rss",
                                             "io_read_bytes"};

/** A benchmark that is run 3 to 10 times, has no warm-up and every kind of metric. */
static inline struct pw_benchmark script_benchmark(const char *id)
{
    struct pw_benchmark benchmark;

    memset(&benchmark, 0, sizeof(benchmark));
    benchmark.id = id;
    benchmark.name = id;
    benchmark.command.items = SCRIPT_WORDS;
    benchmark.command.count = PW_COUNT(SCRIPT_WORDS);
    benchmark.cwd = "/";
    benchmark.metrics.items = SCRIPT_METRICS;
    benchmark.metrics.count = PW_COUNT(SCRIPT_METRICS);
    benchmark.runs_min = 3;
    benchmark.runs_max = 10;
    benchmark.timeout_ns = UINT64_C(2000000000);
    benchmark.budget_ns = UINT64_C(100000000000);
    return benchmark;
}

static inline struct pw_config script_config(const struct pw_benchmark *benchmarks, size_t count)
{
    struct pw_config config;

    memset(&config, 0, sizeof(config));
    config.path = "perfwarden.yml";
    config.directory = "/";
    config.benchmarks = benchmarks;
    config.benchmark_count = count;
    return config;
}

/** A suite's run, kept until the end of a test. */
struct script_outcome {
    struct pw_result result;
    struct pw_error err;
    int status;
};

static inline struct script_outcome run_script(struct pw_benchmark *benchmarks, size_t count,
                                               struct script *script,
                                               const struct pw_run_options *options)
{
    struct pw_config config = script_config(benchmarks, count);
    struct pw_run_options defaults;
    struct script_outcome outcome;

    memset(&outcome, 0, sizeof(outcome));
    memset(&defaults, 0, sizeof(defaults));
    assert_int_equal(pw_result_init(&outcome.result, &outcome.err), 0);
    outcome.status = pw_run_suite(&config, options != NULL ? options : &defaults, &script->executor,
                                  &outcome.result, &outcome.err);
    return outcome;
}

static inline void release_script(struct script_outcome *outcome, struct script *script)
{
    pw_result_release(&outcome->result);
    pw_error_release(&outcome->err);
    pw_strbuf_release(&script->log);
}

static inline const struct pw_series *script_series(const struct script_outcome *outcome,
                                                    const char *id, const char *metric)
{
    const struct pw_result_benchmark *entry = pw_result_find(&outcome->result, id);
    const struct pw_series *found;

    assert_non_null(entry);
    found = pw_result_benchmark_series(entry, metric);
    assert_non_null(found);
    return found;
}

#endif
