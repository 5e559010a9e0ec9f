/*
 * The life of a configuration: from a path or a text through YAML, decoding and expansion to the
 * finished structure, and the questions asked of it afterwards.
 */
#include "perfwarden/config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "decode.h"
#include "expand.h"
#include "perfwarden/util/text.h"

/* What follows `directory`/ in a path inside of it, so that a moved checkout hashes the same. */
static const char *relative_to(const char *directory, const char *path)
{
    const size_t length = strlen(directory);
    if (strncmp(path, directory, length) != 0) {
        return path;
    }
    return path[length] == '/' ? path + length + 1 : path + length;
}

static uint64_t hash_strings(uint64_t hash, const struct pw_strings *strings)
{
    for (size_t i = 0; i < strings->count; i++) {
        hash = pw_hash_string(hash, strings->items[i]);
    }
    return pw_hash_string(hash, "");
}

static uint64_t hash_number(uint64_t hash, uint64_t number)
{
    char digits[24];
    snprintf(digits, sizeof(digits), "%" PRIu64, number);
    return pw_hash_string(hash, digits);
}

/* As hash_conditions(), for what a run may use and what it is given. */
static uint64_t hash_confinement(uint64_t hash, const struct pw_benchmark *benchmark,
                                 const char *directory)
{
    if (benchmark->cpu_limit > 0) {
        hash = hash_number(pw_hash_string(hash, "cpu_limit"),
                           (uint64_t)(benchmark->cpu_limit * 1e6 + 0.5));
    }
    for (size_t i = 0; i < benchmark->cpu_count; i++) {
        hash = hash_number(pw_hash_string(hash, "cpus"), benchmark->cpus[i]);
    }
    if (benchmark->isolate_network) {
        hash = pw_hash_string(hash, "isolate");
    }
    if (benchmark->stdin_path != NULL) {
        hash = pw_hash_string(pw_hash_string(hash, "stdin"),
                              relative_to(directory, benchmark->stdin_path));
    }
    return hash;
}

/* What is as it is by default adds nothing, so that files without these keys keep their hash. */
static uint64_t hash_conditions(uint64_t hash, const struct pw_benchmark *benchmark)
{
    const struct {
        const char *key;
        const struct pw_strings *command;
    } hooks[] = {{"setup", &benchmark->setup},
                 {"prepare", &benchmark->prepare},
                 {"conclude", &benchmark->conclude},
                 {"cleanup", &benchmark->cleanup}};
    for (size_t i = 0; i < PW_COUNT(hooks); i++) {
        if (hooks[i].command->count > 0) {
            hash = hash_strings(pw_hash_string(hash, hooks[i].key), hooks[i].command);
        }
    }
    for (size_t i = 0; i < benchmark->success_count; i++) {
        if (benchmark->success[i] != 0 || benchmark->success_count > 1) {
            hash = hash_number(pw_hash_string(hash, "success"), (uint64_t)benchmark->success[i]);
        }
    }
    if (benchmark->concurrency > 1) {
        hash = hash_number(pw_hash_string(hash, "concurrency"), benchmark->concurrency);
    }
    if (benchmark->counter_source != PW_COUNTERS_AUTO) {
        hash = hash_number(pw_hash_string(hash, "counter_source"), benchmark->counter_source);
    }
    return hash;
}

static uint64_t hash_benchmark(uint64_t hash, const struct pw_benchmark *benchmark,
                               const char *directory)
{
    hash = pw_hash_string(hash, benchmark->id);
    hash = hash_strings(hash, &benchmark->command);
    hash = pw_hash_string(hash, relative_to(directory, benchmark->cwd));
    for (size_t i = 0; i < benchmark->env_count; i++) {
        hash = pw_hash_string(hash, benchmark->env[i].name);
        hash = pw_hash_string(hash, benchmark->env[i].value);
    }
    hash = pw_hash_string(hash, "");
    hash = pw_hash_string(hash, benchmark->format == NULL ? "" : benchmark->format);
    hash = hash_strings(hash, &benchmark->metrics);
    hash = hash_number(hash, benchmark->warmup);
    hash = hash_number(hash, benchmark->memory_limit_bytes);
    hash = hash_confinement(hash, benchmark, directory);
    return hash_conditions(hash, benchmark);
}

/* Build steps and benchmarks, not thresholds, policies or how often: those change no value. */
static void put_hash(struct pw_config *config)
{
    uint64_t hash = hash_strings(PW_HASH_INIT, &config->build);
    for (size_t i = 0; i < config->benchmark_count; i++) {
        hash = hash_benchmark(hash, &config->benchmarks[i], config->directory);
    }
    snprintf(config->hash, sizeof(config->hash), "%016" PRIx64, hash);
}

/* Decode and expand the text into a configuration that has its arena, path and directory. */
static void read_text(struct pw_reading *reading, const char *text, size_t length,
                      struct pw_config *config)
{
    struct pw_document document = {0};
    struct pw_benchmarks benchmarks = {NULL, 0};
    struct pw_decoder decoder = {.reading = reading,
                                 .document = &document,
                                 .directory = config->directory,
                                 .level = PW_LEVEL_BUILT_IN};
    pw_decode_built_in(&decoder);
    const struct pw_yaml_node *root =
        reading->has_no_memory ? NULL : pw_yaml_read(reading, text, length);
    if (root == NULL) {
        return;
    }
    pw_decode_document(&decoder, root);
    if (reading->has_no_memory) {
        return;
    }
    pw_expand(reading, &document, config->directory, &benchmarks);
    config->build = document.build;
    config->benchmarks = benchmarks.items;
    config->benchmark_count = benchmarks.count;
    config->gate = document.gate.config;
    config->gate.fail_on |= PW_VERDICT_BIT(PW_VERDICT_ERROR);
    config->baseline = document.baseline;
    config->report = document.report;
    pw_anchor_finish(reading, &document.gate.anchor, config);
}

int pw_config_parse(const char *text, size_t length, const char *path, const char *directory,
                    struct pw_config *out, struct pw_diagnostics *mistakes)
{
    struct pw_config config = {0};
    struct pw_reading reading = {.arena = &config.arena, .file = path, .mistakes = mistakes};
    config.path = pw_arena_strdup(&config.arena, path);
    config.directory = pw_arena_strdup(&config.arena, directory);
    if (config.path == NULL || config.directory == NULL) {
        pw_reading_no_memory(&reading);
    } else {
        read_text(&reading, text, length, &config);
    }
    const int status = pw_reading_finish(&reading);
    if (status != PW_OK) {
        pw_config_release(&config);
        return status;
    }
    put_hash(&config);
    *out = config;
    return PW_OK;
}

void pw_config_release(struct pw_config *config)
{
    pw_arena_release(&config->arena);
    *config = (struct pw_config){0};
}

const struct pw_benchmark *pw_config_find(const struct pw_config *config, const char *benchmark_id)
{
    for (size_t i = 0; i < config->benchmark_count; i++) {
        if (strcmp(config->benchmarks[i].id, benchmark_id) == 0) {
            return &config->benchmarks[i];
        }
    }
    return NULL;
}

const struct pw_benchmark *pw_config_find_renamed(const struct pw_config *config,
                                                  const char *benchmark_id)
{
    for (size_t i = 0; i < config->benchmark_count; i++) {
        const struct pw_strings *former = &config->benchmarks[i].renamed_from;
        for (size_t k = 0; k < former->count; k++) {
            if (strcmp(former->items[k], benchmark_id) == 0) {
                return &config->benchmarks[i];
            }
        }
    }
    return NULL;
}

const struct pw_threshold *pw_benchmark_threshold(const struct pw_benchmark *benchmark,
                                                  const char *metric)
{
    for (size_t i = 0; i < benchmark->threshold_count; i++) {
        if (strcmp(benchmark->thresholds[i].metric, metric) == 0) {
            return &benchmark->thresholds[i];
        }
    }
    return NULL;
}

bool pw_benchmark_matches(const struct pw_benchmark *benchmark, const char *const *patterns,
                          size_t pattern_count)
{
    for (size_t i = 0; i < pattern_count; i++) {
        if (pw_glob_match(patterns[i], benchmark->id) ||
            pw_glob_match(patterns[i], benchmark->name)) {
            return true;
        }
    }
    return pattern_count == 0;
}

bool pw_benchmark_is_selected(const struct pw_benchmark *benchmark, const char *const *patterns,
                              size_t pattern_count)
{
    return !benchmark->is_elsewhere && pw_benchmark_matches(benchmark, patterns, pattern_count);
}

int pw_config_mark_elsewhere(struct pw_config *config, const bool *is_elsewhere,
                             struct pw_error *err)
{
    struct pw_benchmark *marked =
        pw_arena_array(&config->arena, config->benchmark_count + 1, sizeof(*marked));

    if (marked == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < config->benchmark_count; i++) {
        marked[i] = config->benchmarks[i];
        marked[i].is_elsewhere = is_elsewhere[i];
    }
    config->benchmarks = marked;
    return 0;
}
