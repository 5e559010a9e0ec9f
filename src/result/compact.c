/*
 * A result without the document it was read from: texts that were borrowed from it move into the
 * result's arena. Owns what is dropped: contexts and members that this version does not know.
 */
#include "compact.h"

#include "perfwarden/util/json.h"

/* One result on its way; running out of memory is remembered. */
struct compaction {
    struct pw_arena *arena;
    bool is_out_of_memory;
};

static void keep(struct compaction *compaction, const char **text)
{
    if (*text == NULL || compaction->is_out_of_memory) {
        return;
    }
    const char *copy = pw_arena_strdup(compaction->arena, *text);
    if (copy == NULL) {
        compaction->is_out_of_memory = true;
        return;
    }
    *text = copy;
}

static void keep_all(struct compaction *compaction, const char **texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        keep(compaction, &texts[i]);
    }
}

static void keep_shell(struct compaction *compaction, struct pw_result_benchmark *benchmark)
{
    if (benchmark->shell == NULL || compaction->is_out_of_memory) {
        return;
    }
    struct pw_result_shell *shell = pw_arena_alloc(compaction->arena, sizeof(*shell));
    if (shell == NULL) {
        compaction->is_out_of_memory = true;
        return;
    }
    *shell = *benchmark->shell;
    keep(compaction, &shell->path);
    benchmark->shell = shell;
}

static void keep_series(struct compaction *compaction, struct pw_series *series)
{
    keep(compaction, &series->metric);
    keep(compaction, &series->unit);
    keep(compaction, &series->source);
    keep(compaction, &series->null_reason);
}

static void keep_benchmark(struct compaction *compaction, struct pw_result_benchmark *benchmark)
{
    const bool is_declared = benchmark->declared != benchmark->id;

    keep(compaction, &benchmark->id);
    if (is_declared) {
        keep(compaction, &benchmark->declared);
    } else {
        benchmark->declared = benchmark->id;
    }
    keep(compaction, &benchmark->name);
    for (size_t i = 0; i < benchmark->param_count; i++) {
        keep(compaction, &benchmark->params[i].name);
        keep(compaction, &benchmark->params[i].value);
    }
    keep_all(compaction, benchmark->command, benchmark->command_count);
    keep_shell(compaction, benchmark);
    keep(compaction, &benchmark->methods.ending);
    keep(compaction, &benchmark->methods.memory);
    keep(compaction, &benchmark->methods.cpu);
    keep(compaction, &benchmark->error);
    for (size_t i = 0; i < benchmark->series_count; i++) {
        keep_series(compaction, &benchmark->series[i]);
    }
    keep_all(compaction, benchmark->warnings, benchmark->warning_count);
    benchmark->context = NULL;
    benchmark->inside = NULL;
    benchmark->unknown = NULL;
}

int pw_result_compact(struct pw_result *result, struct pw_error *err)
{
    struct compaction compaction = {.arena = &result->arena};

    keep(&compaction, &result->tool_version);
    keep(&compaction, &result->commit);
    keep_all(&compaction, result->parents, result->parent_count);
    keep(&compaction, &result->branch);
    keep(&compaction, &result->started_at);
    keep(&compaction, &result->config_hash);
    for (size_t i = 0; i < result->environment.fact_count; i++) {
        keep(&compaction, &result->environment.facts[i].name);
    }
    for (size_t i = 0; i < result->benchmark_count; i++) {
        keep_benchmark(&compaction, &result->benchmarks[i]);
    }
    if (compaction.is_out_of_memory) {
        return pw_error_set_no_memory(err);
    }
    pw_json_free(result->document);
    result->document = NULL;
    return PW_OK;
}
