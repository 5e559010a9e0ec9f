/*
 * Every combination of every declaration, mistyped parameters, ids that are used twice.
 */
#include "expand.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "expansion.h"
#include "placeholder.h"
#include "renames.h"

static bool add_benchmark(struct pw_expansion *expansion, struct pw_combination *combination)
{
    if (expansion->count == PW_EXPAND_MAX_BENCHMARKS) {
        return pw_expansion_give_up(expansion, combination->declaration, "10000 benchmarks");
    }
    struct pw_benchmark *items =
        pw_arena_grow(expansion->reading->arena, expansion->items, expansion->count,
                      &expansion->capacity, sizeof(*items));
    if (items == NULL) {
        return pw_reading_no_memory(expansion->reading);
    }
    expansion->items = items;
    if (!pw_expansion_fill(expansion, combination, &items[expansion->count])) {
        return false;
    }
    expansion->count++;
    return true;
}

/* `concurrency` is the last parameter, the fastest. */
static bool add_concurrencies(struct pw_expansion *expansion, struct pw_combination *combination)
{
    const struct pw_integers *concurrency = &combination->declaration->settings.concurrency;
    combination->is_concurrency_listed = concurrency->is_list;
    for (size_t i = 0; i < concurrency->count; i++) {
        combination->concurrency = (unsigned)concurrency->items[i];
        if (!add_benchmark(expansion, combination)) {
            return false;
        }
    }
    return true;
}

/* Every combination by recursion over the parameters, the last one fastest; at most 32 deep. */
static bool add_combinations(struct pw_expansion *expansion, struct pw_combination *combination,
                             size_t depth)
{
    const struct pw_parameters *params = &combination->declaration->params;
    if (depth == params->count) {
        return add_concurrencies(expansion, combination);
    }
    const struct pw_strings *values = &params->items[depth].values;
    for (size_t i = 0; i < values->count; i++) {
        combination->values[depth] = values->items[i];
        if (!add_combinations(expansion, combination, depth + 1)) {
            return false;
        }
    }
    return true;
}

static bool expand_one(struct pw_expansion *expansion, const struct pw_declaration *declaration)
{
    struct pw_combination combination = {.declaration = declaration, .text = PW_STRBUF_INIT};
    combination.values = pw_arena_array(expansion->reading->arena, declaration->params.count,
                                        sizeof(*combination.values));
    if (combination.values == NULL) {
        return pw_reading_no_memory(expansion->reading);
    }
    const bool is_done = add_combinations(expansion, &combination, 0);
    pw_strbuf_release(&combination.text);
    return is_done;
}

static bool check_text(struct pw_expansion *expansion, const struct pw_declaration *declaration,
                       const struct pw_yaml_node *node, const char *path)
{
    if (strchr(node->text, '{') == NULL) {
        return true;
    }
    /* Each name in braces is compared with each parameter. */
    if (!pw_expansion_charge(expansion, declaration,
                             strlen(node->text) * (1 + declaration->params.count))) {
        return false;
    }
    const struct pw_located where = {node, path};
    pw_placeholder_check(expansion->reading, &where, &declaration->params);
    return true;
}

/* One text, or a list of them. */
static bool check_command(struct pw_expansion *expansion, const struct pw_declaration *declaration,
                          const struct pw_located *command)
{
    if (command->node->kind == PW_YAML_SCALAR) {
        return check_text(expansion, declaration, command->node, command->path);
    }
    size_t index = 0;
    for (const struct pw_yaml_node *word = command->node->first; word != NULL; word = word->next) {
        const char *path =
            pw_arena_printf(expansion->reading->arena, "%s[%zu]", command->path, index++);
        if (path == NULL) {
            return pw_reading_no_memory(expansion->reading);
        }
        if (!check_text(expansion, declaration, word, path)) {
            return false;
        }
    }
    return true;
}

/* Report mistyped parameters wherever they may stand. @return false to stop */
static bool check_texts(struct pw_expansion *expansion, const struct pw_declaration *declaration)
{
    const struct pw_settings *settings = &declaration->settings;
    const struct pw_located *const places[] = {&settings->cwd,          &settings->input,
                                               &settings->artifacts,    &declaration->results_file,
                                               &declaration->converter, &declaration->command};
    if (declaration->params.count == 0) {
        return true;
    }
    for (size_t i = 0; i < PW_COUNT(places); i++) {
        if (places[i]->node != NULL && !check_command(expansion, declaration, places[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < settings->env.count; i++) {
        const struct pw_located *value = &settings->env.items[i].value;
        if (!check_text(expansion, declaration, value->node, value->path)) {
            return false;
        }
    }
    for (size_t i = 0; i < PW_HOOK_COUNT; i++) {
        const struct pw_located *hook = &settings->hooks[i];
        if (hook->node != NULL && !check_command(expansion, declaration, hook)) {
            return false;
        }
    }
    return true;
}

/* A list of `concurrency` is a parameter of this name. */
static void refuse_second_concurrency(struct pw_reading *reading,
                                      const struct pw_declaration *declaration)
{
    const struct pw_parameters *params = &declaration->params;
    for (size_t i = 0; declaration->settings.concurrency.is_list && i < params->count; i++) {
        if (strcasecmp(params->items[i].name, PW_CONCURRENCY_PARAM) == 0) {
            pw_reading_mistake(reading, declaration->node->line, declaration->node->column,
                               "'%s' has a parameter '%s' beside a list of 'concurrency', which is "
                               "one already; rename the parameter",
                               declaration->path, params->items[i].name);
        }
    }
}

/* Adapters read the output of one process. */
static void refuse_format_of_copies(struct pw_reading *reading,
                                    const struct pw_declaration *declaration)
{
    const struct pw_integers *concurrency = &declaration->settings.concurrency;
    for (size_t i = 0; declaration->format != NULL && i < concurrency->count; i++) {
        if (concurrency->items[i] > 1) {
            pw_reading_mistake(reading, declaration->node->line, declaration->node->column,
                               "'%s' has a 'format' and a 'concurrency' of %d, the output of one "
                               "process only can be read",
                               declaration->path, concurrency->items[i]);
            return;
        }
    }
}

/* Two benchmarks with one id. */
struct clash {
    const struct pw_benchmark *first;
    const struct pw_benchmark *repeated;
};

/* By id, then by position: the array they are in is in the order of the file. */
static int by_id(const void *left, const void *right)
{
    const struct pw_benchmark *a = *(const struct pw_benchmark *const *)left;
    const struct pw_benchmark *b = *(const struct pw_benchmark *const *)right;
    const int order = strcmp(a->id, b->id);
    return order != 0 ? order : (a > b) - (a < b);
}

static int by_repeated(const void *left, const void *right)
{
    const struct clash *a = left;
    const struct clash *b = right;
    return (a->repeated > b->repeated) - (a->repeated < b->repeated);
}

/* Benchmarks of one declaration stand next to each other: one report for all of them. */
static void report_clashes(struct pw_reading *reading, struct clash *clashes, size_t count)
{
    const struct pw_benchmark *reported = NULL;
    qsort(clashes, count, sizeof(*clashes), by_repeated);
    for (size_t i = 0; i < count; i++) {
        const struct pw_benchmark *repeated = clashes[i].repeated;
        if (reported != NULL && reported->line == repeated->line &&
            reported->column == repeated->column) {
            continue;
        }
        reported = repeated;
        pw_reading_mistake(reading, repeated->line, repeated->column,
                           "duplicate benchmark '%s', first declared on line %u",
                           pw_reading_shorten(reading, repeated->id), clashes[i].first->line);
    }
}

static void refuse_repeated_ids(struct pw_expansion *expansion)
{
    struct pw_arena *arena = expansion->reading->arena;
    const size_t count = expansion->count;
    const struct pw_benchmark **sorted =
        pw_arena_array(arena, count, sizeof(const struct pw_benchmark *));
    struct clash *clashes = pw_arena_array(arena, count, sizeof(*clashes));
    if (sorted == NULL || clashes == NULL) {
        pw_reading_no_memory(expansion->reading);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        sorted[i] = &expansion->items[i];
    }
    qsort(sorted, count, sizeof(const struct pw_benchmark *), by_id);
    size_t clash_count = 0;
    for (size_t i = 1, first = 0; i < count; i++) {
        if (strcmp(sorted[first]->id, sorted[i]->id) == 0) {
            clashes[clash_count++] = (struct clash){sorted[first], sorted[i]};
        } else {
            first = i;
        }
    }
    report_clashes(expansion->reading, clashes, clash_count);
}

void pw_expand(struct pw_reading *reading, const struct pw_document *document,
               const char *directory, struct pw_benchmarks *out)
{
    struct pw_expansion expansion = {
        .reading = reading, .directory = directory, .bytes_left = PW_EXPAND_MAX_BYTES};
    for (size_t i = 0; i < document->benchmarks.count; i++) {
        const struct pw_declaration *declaration = &document->benchmarks.items[i];
        if (declaration->is_sound) {
            refuse_second_concurrency(reading, declaration);
            refuse_format_of_copies(reading, declaration);
        }
        if (declaration->is_sound &&
            (!check_texts(&expansion, declaration) || !expand_one(&expansion, declaration))) {
            return;
        }
    }
    refuse_repeated_ids(&expansion);
    pw_renames_check(&expansion);
    *out = (struct pw_benchmarks){expansion.items, expansion.count};
}
