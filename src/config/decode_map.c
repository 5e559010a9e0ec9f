/* Decoders of mappings whose keys the user chooses: environment variables and parameters. */
#include <string.h>
#include <strings.h>

#include "decode.h"

#define RESERVED_PREFIX "PERFWARDEN_"
#define PROBE_LEVEL     "PERFWARDEN_PROBE" /* the one that is for users to set */

/* The name of a variable or parameter: what a shell accepts too. */
static bool check_identifier(struct pw_decoder *decoder, const struct pw_yaml_node *member,
                             const char *path)
{
    struct pw_reading *reading = decoder->reading;
    if (!pw_decode_is_identifier(member->key) || strlen(member->key) > PW_DECODE_MAX_NAME) {
        pw_reading_mistake(reading, member->key_line, member->key_column,
                           "'%s' is no name for '%s', use letters, digits and '_'",
                           pw_reading_shorten(reading, member->key), path);
        return false;
    }
    return true;
}

static bool check_variable_name(struct pw_decoder *decoder, const struct pw_yaml_node *member,
                                const char *path)
{
    if (!check_identifier(decoder, member, path)) {
        return false;
    }
    if (strncmp(member->key, RESERVED_PREFIX, strlen(RESERVED_PREFIX)) == 0 &&
        strcmp(member->key, PROBE_LEVEL) != 0) {
        pw_reading_mistake(decoder->reading, member->key_line, member->key_column,
                           "'%s' in '%s' is reserved, choose a name without '" RESERVED_PREFIX "'",
                           pw_reading_shorten(decoder->reading, member->key), path);
        return false;
    }
    return true;
}

static struct pw_declared_variable *find_variable(struct pw_declared_variable *items, size_t count,
                                                  const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(items[i].name, name) == 0) {
            return &items[i];
        }
    }
    return NULL;
}

static bool refuse_too_many(struct pw_decoder *decoder, const struct pw_yaml_node *node,
                            const char *path, size_t most)
{
    if (node->count <= most) {
        return false;
    }
    PW_DECODE_MISTAKE(decoder, node, "'%s' has %zu members, the limit is %zu", path, node->count,
                      most);
    return true;
}

void pw_decode_env(struct pw_decoder *decoder, const struct pw_schema_key *key,
                   const struct pw_yaml_node *node, const char *path, void *slot)
{
    struct pw_declared_variables *variables = slot;
    size_t count = variables->count;
    if (!pw_decode_is_map(decoder, key, node, path) ||
        refuse_too_many(decoder, node, path, PW_DECODE_MAX_MERGED)) {
        return;
    }
    /* A copy: the array that is there belongs to `defaults` and to other benchmarks. */
    struct pw_declared_variable *items =
        pw_arena_array(decoder->reading->arena, count + node->count, sizeof(*items));
    if (items == NULL) {
        pw_reading_no_memory(decoder->reading);
        return;
    }
    if (count > 0) {
        memcpy(items, variables->items, count * sizeof(*items));
    }
    for (const struct pw_yaml_node *member = node->first; member != NULL; member = member->next) {
        const char *member_path = pw_decode_member_path(decoder, path, member->key);
        if (!check_variable_name(decoder, member, path) ||
            pw_decode_text(decoder, member, member_path) == NULL) {
            continue;
        }
        struct pw_declared_variable *old = find_variable(items, count, member->key);
        struct pw_declared_variable *target = old != NULL ? old : &items[count++];
        *target = (struct pw_declared_variable){member->key, {member, member_path}};
    }
    *variables = (struct pw_declared_variables){items, count};
}

static void refuse_repeated_value(struct pw_reading *reading, const char *path,
                                  const struct pw_yaml_node *first,
                                  const struct pw_yaml_node *repeated)
{
    (void)first;
    pw_reading_mistake(reading, repeated->line, repeated->column, "'%s' lists '%s' twice", path,
                       pw_reading_shorten(reading, repeated->text));
}

/* One value of a parameter; it becomes part of the benchmark's id. Empty only in quotes. */
static const char *value_text(struct pw_decoder *decoder, const struct pw_yaml_node *node,
                              const char *path)
{
    const char *text = pw_decode_text(decoder, node, path);
    if (text == NULL || text[0] == '\0') {
        return text;
    }
    return pw_decode_is_name(decoder, text, node->line, node->column, path) ? text : NULL;
}

static void decode_values(struct pw_decoder *decoder, const struct pw_yaml_node *node,
                          const char *path, struct pw_strings *out)
{
    static const struct pw_schema_key list = {.type = PW_TYPE_TEXTS};
    const bool is_one = node->kind == PW_YAML_SCALAR;
    if (!is_one && !pw_decode_is_list(decoder, &list, node, path)) {
        return;
    }
    const char **items =
        pw_arena_array(decoder->reading->arena, is_one ? 1 : node->count, sizeof(*items));
    if (items == NULL) {
        pw_reading_no_memory(decoder->reading);
        return;
    }
    size_t count = 0;
    size_t index = 0;
    for (const struct pw_yaml_node *value = is_one ? node : node->first; value != NULL;
         value = is_one ? NULL : value->next) {
        const char *text = value_text(
            decoder, value, is_one ? path : pw_decode_element_path(decoder, path, index++));
        if (text != NULL) {
            items[count++] = text;
        }
    }
    if (is_one || pw_yaml_each_repetition(decoder->reading, node, path, refuse_repeated_value)) {
        *out = (struct pw_strings){items, count};
    }
}

/* Two names that differ in case only would share one environment variable. */
static void refuse_shared_variable(struct pw_decoder *decoder, const struct pw_yaml_node *member,
                                   const struct pw_parameter *items, size_t count, const char *path)
{
    for (size_t i = 0; i < count; i++) {
        if (strcasecmp(items[i].name, member->key) == 0 &&
            strcmp(items[i].name, member->key) != 0) {
            pw_reading_mistake(
                decoder->reading, member->key_line, member->key_column,
                "'%s' in '%s' differs from '%s' in case only, both would be the same variable of "
                "the environment",
                pw_reading_shorten(decoder->reading, member->key), path,
                pw_reading_shorten(decoder->reading, items[i].name));
            return;
        }
    }
}

void pw_decode_params(struct pw_decoder *decoder, const struct pw_schema_key *key,
                      const struct pw_yaml_node *node, const char *path, void *slot)
{
    if (!pw_decode_is_map(decoder, key, node, path) ||
        refuse_too_many(decoder, node, path, PW_DECODE_MAX_PARAMS)) {
        return;
    }
    struct pw_parameter *items =
        pw_arena_array(decoder->reading->arena, node->count, sizeof(*items));
    size_t count = 0;
    if (items == NULL) {
        pw_reading_no_memory(decoder->reading);
        return;
    }
    for (const struct pw_yaml_node *member = node->first; member != NULL; member = member->next) {
        const char *member_path = pw_decode_member_path(decoder, path, member->key);
        if (check_identifier(decoder, member, path)) {
            refuse_shared_variable(decoder, member, items, count, path);
            items[count].name = member->key;
            decode_values(decoder, member, member_path, &items[count].values);
            count++;
        }
    }
    *(struct pw_parameters *)slot = (struct pw_parameters){items, count};
}
