/*
 * One benchmark of one combination: its id, its command and environment with the parameters filled
 * in, its thresholds and metrics. Every byte is charged to one allowance first, so that no file of
 * a megabyte can ask for gigabytes.
 */
#include <string.h>

#include "expansion.h"
#include "perfwarden/util/file.h"
#include "placeholder.h"
#include "renames.h"

bool pw_expansion_give_up(struct pw_expansion *expansion, const struct pw_declaration *declaration,
                          const char *limit)
{
    pw_reading_mistake(expansion->reading, declaration->node->line, declaration->node->column,
                       "'%s' brings the file over %s, use fewer parameter values",
                       declaration->path, limit);
    return false;
}

bool pw_expansion_charge(struct pw_expansion *expansion, const struct pw_declaration *declaration,
                         size_t bytes)
{
    if (bytes > expansion->bytes_left) {
        return pw_expansion_give_up(expansion, declaration, "64 MiB of expanded text");
    }
    expansion->bytes_left -= bytes;
    return true;
}

/* A charged array; NULL when it is refused or memory ran out. */
static void *new_array(struct pw_expansion *expansion, const struct pw_combination *combination,
                       size_t count, size_t size)
{
    if (!pw_expansion_charge(expansion, combination->declaration, count * size)) {
        return NULL;
    }
    void *array = pw_arena_array(expansion->reading->arena, count, size);
    if (array == NULL) {
        pw_reading_no_memory(expansion->reading);
    }
    return array;
}

static void start_text(struct pw_expansion *expansion, struct pw_combination *combination)
{
    pw_strbuf_release(&combination->text);
    pw_strbuf_init(&combination->text, expansion->bytes_left + 1);
}

/* The scratch text as a string of the configuration; NULL when it is refused. */
static const char *keep_text(struct pw_expansion *expansion, struct pw_combination *combination)
{
    const struct pw_strbuf *text = &combination->text;
    if (pw_strbuf_failed(text)) {
        /* No piece is longer than the file: far from the cap, memory ran out. */
        if (text->length + PW_YAML_MAX_BYTES < text->cap) {
            pw_reading_no_memory(expansion->reading);
        } else {
            pw_expansion_give_up(expansion, combination->declaration, "64 MiB of expanded text");
        }
        return NULL;
    }
    if (!pw_expansion_charge(expansion, combination->declaration, text->length + 1)) {
        return NULL;
    }
    const char *copy = pw_arena_strdup(expansion->reading->arena, pw_strbuf_text(text));
    if (copy == NULL) {
        pw_reading_no_memory(expansion->reading);
    }
    return copy;
}

/* A text with the parameters filled in; itself where there is nothing to fill in. */
static const char *fill(struct pw_expansion *expansion, struct pw_combination *combination,
                        const char *text)
{
    const struct pw_parameters *params = &combination->declaration->params;
    if (params->count == 0 || strchr(text, '{') == NULL) {
        return text;
    }
    start_text(expansion, combination);
    pw_placeholder_fill(&combination->text, text, params, combination->values);
    return keep_text(expansion, combination);
}

const char *pw_expansion_id(struct pw_expansion *expansion, struct pw_combination *combination,
                            const char *name)
{
    const struct pw_declaration *declaration = combination->declaration;
    start_text(expansion, combination);
    pw_strbuf_puts(&combination->text, name);
    for (size_t i = 0; i < declaration->params.count; i++) {
        pw_strbuf_putc(&combination->text, i == 0 ? '/' : ',');
        pw_strbuf_puts(&combination->text, declaration->params.items[i].name);
        pw_strbuf_putc(&combination->text, '=');
        pw_strbuf_puts(&combination->text, combination->values[i]);
    }
    if (combination->is_concurrency_listed) {
        pw_strbuf_printf(&combination->text, "%c%s=%u", declaration->params.count == 0 ? '/' : ',',
                         PW_CONCURRENCY_PARAM, combination->concurrency);
    }
    return keep_text(expansion, combination);
}

static bool fill_id(struct pw_expansion *expansion, struct pw_combination *combination,
                    struct pw_benchmark *benchmark)
{
    benchmark->name = combination->declaration->name;
    benchmark->id = pw_expansion_id(expansion, combination, benchmark->name);
    return benchmark->id != NULL && pw_renames_fill(expansion, combination, benchmark);
}

static bool fill_params(struct pw_expansion *expansion, struct pw_combination *combination,
                        struct pw_benchmark *benchmark)
{
    const struct pw_parameters *params = &combination->declaration->params;
    const size_t count = params->count + (combination->is_concurrency_listed ? 1 : 0);
    struct pw_name_value *items = new_array(expansion, combination, count, sizeof(*items));
    if (items == NULL) {
        return false;
    }
    for (size_t i = 0; i < params->count; i++) {
        items[i] = (struct pw_name_value){params->items[i].name, combination->values[i]};
    }
    if (combination->is_concurrency_listed) {
        start_text(expansion, combination);
        pw_strbuf_printf(&combination->text, "%u", combination->concurrency);
        items[params->count].name = PW_CONCURRENCY_PARAM;
        items[params->count].value = keep_text(expansion, combination);
        if (items[params->count].value == NULL) {
            return false;
        }
    }
    benchmark->params = items;
    benchmark->param_count = count;
    return true;
}

/* A command line for the shell, or the words of a list. */
static bool fill_words(struct pw_expansion *expansion, struct pw_combination *combination,
                       const struct pw_yaml_node *command, struct pw_strings *out)
{
    const bool is_shell = command->kind == PW_YAML_SCALAR;
    const size_t count = is_shell ? 3 : command->count;
    const char **words = new_array(expansion, combination, count, sizeof(*words));
    if (words == NULL) {
        return false;
    }
    if (is_shell) {
        words[0] = "sh";
        words[1] = "-c";
    }
    size_t at = is_shell ? 2 : 0;
    for (const struct pw_yaml_node *word = is_shell ? command : command->first; at < count;
         word = word->next) {
        words[at] = fill(expansion, combination, word->text);
        if (words[at++] == NULL) {
            return false;
        }
    }
    *out = (struct pw_strings){words, count};
    return true;
}

static bool fill_command(struct pw_expansion *expansion, struct pw_combination *combination,
                         struct pw_benchmark *benchmark)
{
    const struct pw_yaml_node *command = combination->declaration->command.node;
    benchmark->is_shell = command->kind == PW_YAML_SCALAR;
    return fill_words(expansion, combination, command, &benchmark->command);
}

static bool fill_hooks(struct pw_expansion *expansion, struct pw_combination *combination,
                       struct pw_benchmark *benchmark)
{
    const struct pw_located *hooks = combination->declaration->settings.hooks;
    struct pw_strings *const slots[PW_HOOK_COUNT] = {[PW_HOOK_SETUP] = &benchmark->setup,
                                                     [PW_HOOK_PREPARE] = &benchmark->prepare,
                                                     [PW_HOOK_CONCLUDE] = &benchmark->conclude,
                                                     [PW_HOOK_CLEANUP] = &benchmark->cleanup};
    for (size_t i = 0; i < PW_HOOK_COUNT; i++) {
        if (hooks[i].node != NULL && !fill_words(expansion, combination, hooks[i].node, slots[i])) {
            return false;
        }
    }
    return true;
}

static bool fill_env(struct pw_expansion *expansion, struct pw_combination *combination,
                     struct pw_benchmark *benchmark)
{
    const struct pw_declared_variables *env = &combination->declaration->settings.env;
    struct pw_name_value *items = new_array(expansion, combination, env->count, sizeof(*items));
    if (items == NULL) {
        return false;
    }
    for (size_t i = 0; i < env->count; i++) {
        items[i].name = env->items[i].name;
        items[i].value = fill(expansion, combination, env->items[i].value.node->text);
        if (items[i].value == NULL) {
            return false;
        }
    }
    benchmark->env = items;
    benchmark->env_count = env->count;
    return true;
}

/* A path with its parameters filled in, from a directory on; unchanged where it is not given. */
static bool fill_path(struct pw_expansion *expansion, struct pw_combination *combination,
                      const struct pw_located *path, const char *directory, const char **out)
{
    if (path->node == NULL) {
        return true;
    }
    const char *relative = fill(expansion, combination, path->node->text);
    if (relative == NULL) {
        return false;
    }
    start_text(expansion, combination);
    pw_path_join(&combination->text, directory, relative);
    *out = keep_text(expansion, combination);
    return *out != NULL;
}

static bool fill_paths(struct pw_expansion *expansion, struct pw_combination *combination,
                       struct pw_benchmark *benchmark)
{
    const struct pw_declaration *declaration = combination->declaration;
    const struct pw_settings *settings = &declaration->settings;
    benchmark->cwd = expansion->directory;
    return fill_path(expansion, combination, &settings->cwd, expansion->directory,
                     &benchmark->cwd) &&
           fill_path(expansion, combination, &settings->input, expansion->directory,
                     &benchmark->stdin_path) &&
           fill_path(expansion, combination, &declaration->results_file, benchmark->cwd,
                     &benchmark->results_file);
}

static bool fill_converter(struct pw_expansion *expansion, struct pw_combination *combination,
                           struct pw_benchmark *benchmark)
{
    const struct pw_yaml_node *converter = combination->declaration->converter.node;
    return converter == NULL ||
           fill_words(expansion, combination, converter, &benchmark->converter);
}

static bool fill_artifacts(struct pw_expansion *expansion, struct pw_combination *combination,
                           struct pw_benchmark *benchmark)
{
    const struct pw_yaml_node *list = combination->declaration->settings.artifacts.node;
    if (list == NULL) {
        return true;
    }
    const char **paths = new_array(expansion, combination, list->count, sizeof(*paths));
    if (paths == NULL) {
        return false;
    }
    size_t count = 0;
    for (const struct pw_yaml_node *item = list->first; item != NULL; item = item->next) {
        paths[count] = fill(expansion, combination, item->text);
        if (paths[count++] == NULL) {
            return false;
        }
    }
    benchmark->artifacts = (struct pw_strings){paths, count};
    return true;
}

/* Inherited thresholds of metrics that only some benchmarks report mean nothing to the others. */
static bool applies(const struct pw_declared_threshold *item,
                    const struct pw_declaration *declaration)
{
    return declaration->format != NULL || item->level == PW_LEVEL_BENCHMARK ||
           pw_metric_find(item->threshold.metric) != NULL;
}

static bool fill_thresholds(struct pw_expansion *expansion, struct pw_combination *combination,
                            struct pw_benchmark *benchmark)
{
    const struct pw_declaration *declaration = combination->declaration;
    const struct pw_declared_thresholds *declared = &declaration->settings.thresholds;
    struct pw_threshold *items = new_array(expansion, combination, declared->count, sizeof(*items));
    if (items == NULL) {
        return false;
    }
    size_t count = 0;
    for (size_t i = 0; i < declared->count; i++) {
        if (applies(&declared->items[i], declaration)) {
            items[count++] = declared->items[i].threshold;
        }
    }
    benchmark->thresholds = items;
    benchmark->threshold_count = count;
    return true;
}

static bool has_string(const struct pw_strings *strings, const char *text)
{
    for (size_t i = 0; i < strings->count; i++) {
        if (strcmp(strings->items[i], text) == 0) {
            return true;
        }
    }
    return false;
}

static void add_metric(const char **items, size_t *count, const char *metric)
{
    const struct pw_strings so_far = {items, *count};
    if (!has_string(&so_far, metric)) {
        items[(*count)++] = metric;
    }
}

/* The configured metrics, then the built-in ones that have a threshold, then those that concurrency
 * is for. */
static bool fill_metrics(struct pw_expansion *expansion, struct pw_combination *combination,
                         struct pw_benchmark *benchmark)
{
    const struct pw_strings *configured = &combination->declaration->settings.metrics;
    const size_t most = configured->count + benchmark->threshold_count + 2;
    const char **items = new_array(expansion, combination, most, sizeof(*items));
    if (items == NULL) {
        return false;
    }
    if (configured->count > 0) {
        memcpy(items, configured->items, configured->count * sizeof(*items));
    }
    size_t count = configured->count;
    for (size_t i = 0; i < benchmark->threshold_count; i++) {
        const char *metric = benchmark->thresholds[i].metric;
        if (pw_metric_find(metric) != NULL) {
            add_metric(items, &count, metric);
        }
    }
    if (combination->concurrency > 1 || combination->is_concurrency_listed) {
        add_metric(items, &count, "throughput");
        add_metric(items, &count, "scaling_efficiency");
    }
    benchmark->metrics = (struct pw_strings){items, count};
    return true;
}

static void fill_settings(const struct pw_combination *combination, struct pw_benchmark *benchmark)
{
    const struct pw_declaration *declaration = combination->declaration;
    const struct pw_settings *settings = &declaration->settings;
    benchmark->format = declaration->format;
    benchmark->values = declaration->values.items;
    benchmark->value_count = declaration->values.count;
    benchmark->runs_min = settings->runs.min;
    benchmark->runs_max = settings->runs.max;
    benchmark->warmup = settings->warmup;
    benchmark->timeout_ns = settings->timeout_ns;
    benchmark->budget_ns = settings->budget_ns;
    benchmark->memory_limit_bytes = settings->memory_limit_bytes;
    benchmark->cpu_limit = settings->cpu_limit;
    benchmark->cpus = settings->cpus.items;
    benchmark->cpu_count = settings->cpus.count;
    benchmark->isolate_network = settings->isolate != 0;
    benchmark->counter_source = settings->counter_source;
    benchmark->success = settings->success.items;
    benchmark->success_count = settings->success.count;
    benchmark->concurrency = combination->concurrency;
    benchmark->line = declaration->node->line;
    benchmark->column = declaration->node->column;
}

bool pw_expansion_fill(struct pw_expansion *expansion, struct pw_combination *combination,
                       struct pw_benchmark *out)
{
    struct pw_benchmark benchmark = {0};
    fill_settings(combination, &benchmark);
    if (!fill_id(expansion, combination, &benchmark) ||
        !fill_params(expansion, combination, &benchmark) ||
        !fill_command(expansion, combination, &benchmark) ||
        !fill_hooks(expansion, combination, &benchmark) ||
        !fill_env(expansion, combination, &benchmark) ||
        !fill_paths(expansion, combination, &benchmark) ||
        !fill_converter(expansion, combination, &benchmark) ||
        !fill_artifacts(expansion, combination, &benchmark) ||
        !fill_thresholds(expansion, combination, &benchmark) ||
        !fill_metrics(expansion, combination, &benchmark)) {
        return false;
    }
    *out = benchmark;
    return true;
}
