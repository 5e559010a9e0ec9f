/*
 * A result as JSON ("perfwarden/result/1"). Members that were read and are not known to this
 * version are written back behind the known ones of the same object.
 */
#include <stdio.h>
#include <string.h>

#include "internal.h"
#include "perfwarden/util/file.h"

/* "checksum" is the store's, and of the file that was read: it is not written on. */
const char *const pw_result_members[] = {
    "schema",     "tool",        "run_id",      "commit", "parents",    "branch",   "dirty",
    "started_at", "config_hash", "environment", "shard",  "benchmarks", "checksum", NULL,
};

const char *const pw_result_benchmark_members[] = {
    "id",      "name",    "declared", "params", "command",  "shell",
    "methods", "pairing", "status",   "error",  "warnings", "context",
    "metrics", "steps",   "workers",  "errors", "calls",    NULL,
};

const char *const pw_result_series_members[] = {
    "unit", "better", "source", "null_reason", "samples", NULL,
};

static const char *const tool_members[] = {"name", "version", NULL};

static bool is_listed(const char *const *list, const char *name)
{
    while (*list != NULL && strcmp(*list, name) != 0) {
        list++;
    }
    return *list != NULL;
}

static void put_unknown(struct pw_json_writer *writer, const struct pw_json *object,
                        const char *const *known)
{
    if (object == NULL) {
        return;
    }
    for (const struct pw_json *member = pw_json_first(object); member != NULL;
         member = pw_json_next(member)) {
        if (!is_listed(known, pw_json_key(member))) {
            pw_json_put_value(writer, pw_json_key(member), member);
        }
    }
}

static void put_strings(struct pw_json_writer *writer, const char *key, const char *const *items,
                        size_t count)
{
    pw_json_begin_compact_array(writer, key);
    for (size_t i = 0; i < count; i++) {
        pw_json_put_string(writer, NULL, items[i]);
    }
    pw_json_end(writer);
}

static void put_series(struct pw_json_writer *writer, const struct pw_series *series,
                       const struct pw_json *read_from)
{
    pw_json_begin_compact_object(writer, series->metric);
    pw_json_put_string(writer, "unit", series->unit);
    pw_json_put_string(writer, "better", pw_better_name(series->better));
    if (series->source != NULL) {
        pw_json_put_string(writer, "source", series->source);
    }
    pw_json_begin_array(writer, "samples");
    for (size_t i = 0; i < series->count; i++) {
        pw_json_put_double(writer, NULL, series->samples[i]);
    }
    pw_json_end(writer);
    if (series->null_reason != NULL) {
        pw_json_put_string(writer, "null_reason", series->null_reason);
    }
    put_unknown(writer, pw_json_get(read_from, series->metric), pw_result_series_members);
    pw_json_end(writer);
}

static void put_shell(struct pw_json_writer *writer, const struct pw_result_shell *shell)
{
    if (shell != NULL) {
        pw_json_begin_compact_object(writer, "shell");
        pw_json_put_string(writer, "path", shell->path);
        pw_json_put_double(writer, "wall_ns", shell->wall_ns);
        pw_json_put_double(writer, "user_ns", shell->user_ns);
        pw_json_put_double(writer, "system_ns", shell->system_ns);
        pw_json_end(writer);
    }
}

static void put_optional(struct pw_json_writer *writer, const char *key, const char *text)
{
    if (text != NULL) {
        pw_json_put_string(writer, key, text);
    }
}

static void put_methods(struct pw_json_writer *writer, const struct pw_result_methods *methods)
{
    if (methods->ending == NULL && methods->memory == NULL && methods->cpu == NULL) {
        return;
    }
    pw_json_begin_compact_object(writer, "methods");
    put_optional(writer, "ending", methods->ending);
    put_optional(writer, "memory_limit", methods->memory);
    put_optional(writer, "cpu_limit", methods->cpu);
    pw_json_end(writer);
}

/* A pairing of a later version is kept as it was read. */
static void put_pairing(struct pw_json_writer *writer, const struct pw_result_benchmark *benchmark)
{
    const struct pw_json *read = pw_json_get(benchmark->unknown, "pairing");
    const char *text = pw_json_string(read);
    if (benchmark->is_interleaved) {
        pw_json_put_string(writer, "pairing", PW_RESULT_INTERLEAVED);
    } else if (text != NULL && strcmp(text, PW_RESULT_INTERLEAVED) != 0) {
        pw_json_put_value(writer, "pairing", read);
    }
}

static void put_benchmark(struct pw_json_writer *writer,
                          const struct pw_result_benchmark *benchmark)
{
    pw_json_begin_object(writer, NULL);
    pw_json_put_string(writer, "id", benchmark->id);
    pw_json_put_string(writer, "name", benchmark->name);
    if (strcmp(benchmark->declared, benchmark->id) != 0) {
        pw_json_put_string(writer, "declared", benchmark->declared);
    }
    pw_json_begin_compact_object(writer, "params");
    for (size_t i = 0; i < benchmark->param_count; i++) {
        pw_json_put_string(writer, benchmark->params[i].name, benchmark->params[i].value);
    }
    pw_json_end(writer);
    put_strings(writer, "command", benchmark->command, benchmark->command_count);
    put_shell(writer, benchmark->shell);
    put_methods(writer, &benchmark->methods);
    put_pairing(writer, benchmark);
    pw_json_put_string(writer, "status", pw_measured_name(benchmark->status));
    put_optional(writer, "error", benchmark->error);
    if (benchmark->warning_count > 0) {
        pw_json_begin_array(writer, "warnings");
        for (size_t i = 0; i < benchmark->warning_count; i++) {
            pw_json_put_string(writer, NULL, benchmark->warnings[i]);
        }
        pw_json_end(writer);
    }
    pw_context_put(writer, benchmark->context, pw_json_get(benchmark->unknown, "context"));
    pw_json_begin_object(writer, "metrics");
    for (size_t i = 0; i < benchmark->series_count; i++) {
        put_series(writer, &benchmark->series[i], pw_json_get(benchmark->unknown, "metrics"));
    }
    pw_json_end(writer);
    pw_inside_put(writer, benchmark->inside);
    put_unknown(writer, benchmark->unknown, pw_result_benchmark_members);
    pw_json_end(writer);
}

static void put_tool(struct pw_json_writer *writer, const struct pw_result *result)
{
    const struct pw_json *tool = pw_json_get(result->document, "tool");
    const char *name = pw_json_string(pw_json_get(tool, "name"));
    pw_json_begin_compact_object(writer, "tool");
    pw_json_put_string(writer, "name", name == NULL ? "perfwarden" : name);
    if (result->tool_version != NULL) {
        pw_json_put_string(writer, "version", result->tool_version);
    }
    put_unknown(writer, tool, tool_members);
    pw_json_end(writer);
}

/* Facts of one kind, then what stood beside them and is no fact. */
static void put_facts(struct pw_json_writer *writer, const struct pw_environment *environment,
                      bool is_identity, const struct pw_json *read_from)
{
    for (size_t i = 0; i < environment->fact_count; i++) {
        const struct pw_environment_fact *fact = &environment->facts[i];
        if (fact->is_identity == is_identity) {
            pw_json_put_string(writer, fact->name, fact->value);
        }
    }
    if (read_from == NULL) {
        return;
    }
    for (const struct pw_json *member = pw_json_first(read_from); member != NULL;
         member = pw_json_next(member)) {
        bool is_info = is_identity && strcmp(pw_json_key(member), "info") == 0;
        if (!is_info && pw_json_string(member) == NULL) {
            pw_json_put_value(writer, pw_json_key(member), member);
        }
    }
}

/* Identity facts stand side by side with the id, the others below "info". */
static void put_environment(struct pw_json_writer *writer, const struct pw_result *result)
{
    const struct pw_json *read_from = pw_json_get(result->document, "environment");
    pw_json_begin_object(writer, "environment");
    pw_json_put_string(writer, "id", result->environment.id);
    put_facts(writer, &result->environment, true, read_from);
    pw_json_begin_object(writer, "info");
    put_facts(writer, &result->environment, false, pw_json_get(read_from, "info"));
    pw_json_end(writer);
    pw_json_end(writer);
}

void pw_result_write(const struct pw_result *result, struct pw_strbuf *out)
{
    struct pw_json_writer writer;
    pw_json_writer_init(&writer, out);
    pw_json_begin_object(&writer, NULL);
    pw_json_put_string(&writer, "schema", PW_RESULT_SCHEMA);
    put_tool(&writer, result);
    pw_json_put_string(&writer, "run_id", result->run_id);
    pw_json_put_string(&writer, "commit", result->commit);
    put_strings(&writer, "parents", result->parents, result->parent_count);
    pw_json_put_string(&writer, "branch", result->branch);
    pw_json_put_bool(&writer, "dirty", result->is_dirty);
    pw_json_put_string(&writer, "started_at", result->started_at);
    pw_json_put_string(&writer, "config_hash", result->config_hash);
    put_environment(&writer, result);
    pw_shard_write(result->shard, &writer);
    pw_json_begin_array(&writer, "benchmarks");
    for (size_t i = 0; i < result->benchmark_count; i++) {
        put_benchmark(&writer, &result->benchmarks[i]);
    }
    pw_json_end(&writer);
    put_unknown(&writer, result->document, pw_result_members);
    pw_json_end(&writer);
    pw_json_writer_finish(&writer);
}

int pw_result_save(const struct pw_result *result, const char *path, struct pw_error *err)
{
    struct pw_strbuf text;
    pw_strbuf_init(&text, PW_RESULT_MAX_BYTES);
    pw_result_write(result, &text);
    int rc = pw_strbuf_check(&text, err);
    if (rc == 0) {
        rc = pw_file_write(path, pw_strbuf_text(&text), text.length, err);
    }
    pw_strbuf_release(&text);
    return rc;
}
