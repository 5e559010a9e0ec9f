/*
 * The walk over a document by the schema table: which keys exist, which are missing, in which order
 * the sections are read. Knows no value type but the nested ones.
 */
#include "decode.h"

#include <assert.h>
#include <string.h>

static pw_decode_fn decode_runs;
static pw_decode_fn decode_group;
static pw_decode_fn decode_groups;

static pw_decode_fn *const decoders[PW_TYPE_COUNT] = {
    [PW_TYPE_NAME] = pw_decode_name,         [PW_TYPE_REF] = pw_decode_ref,
    [PW_TYPE_PATH] = pw_decode_path,         [PW_TYPE_DIRECTORY] = pw_decode_located,
    [PW_TYPE_PLACES] = pw_decode_places,     [PW_TYPE_INTEGER] = pw_decode_integer,
    [PW_TYPE_INTEGERS] = pw_decode_integers, [PW_TYPE_DURATION] = pw_decode_quantity,
    [PW_TYPE_BYTES] = pw_decode_quantity,    [PW_TYPE_NUMBER] = pw_decode_number,
    [PW_TYPE_CPUS] = pw_decode_cpus,         [PW_TYPE_RATIO] = pw_decode_ratio,
    [PW_TYPE_SHARE] = pw_decode_ratio,       [PW_TYPE_BOUND] = pw_decode_bound,
    [PW_TYPE_DATE] = pw_decode_date,         [PW_TYPE_TRUE] = pw_decode_true,
    [PW_TYPE_CHOICE] = pw_decode_choice,     [PW_TYPE_CHOICES] = pw_decode_choices,
    [PW_TYPE_TEXTS] = pw_decode_texts,       [PW_TYPE_NAMES] = pw_decode_names,
    [PW_TYPE_COMMAND] = pw_decode_command,   [PW_TYPE_RUNS] = decode_runs,
    [PW_TYPE_METRICS] = pw_decode_metrics,   [PW_TYPE_THRESHOLDS] = pw_decode_thresholds,
    [PW_TYPE_QUANTITY] = pw_decode_located,  [PW_TYPE_ENV] = pw_decode_env,
    [PW_TYPE_PARAMS] = pw_decode_params,     [PW_TYPE_GROUP] = decode_group,
    [PW_TYPE_ANCHOR] = pw_decode_anchor,     [PW_TYPE_GROUPS] = decode_groups,
    [PW_TYPE_ACCEPTED] = pw_decode_accepted, [PW_TYPE_VALUES] = pw_decode_values,
};

static void decode_value(struct pw_decoder *decoder, const struct pw_schema_key *key,
                         const struct pw_yaml_node *node, const char *path, void *base)
{
    if (node->kind != PW_YAML_BROKEN) {
        decoders[key->type](decoder, key, node, path, (char *)base + key->offset);
    }
}

/* Decode the table's default values: they are YAML like a user's, so they cannot mean anything
 * else. */
static void decode_initial(struct pw_decoder *decoder, enum pw_section section, void *base)
{
    size_t count = 0;
    const struct pw_schema_key *keys = pw_schema_keys(&count);
    decoder->level = PW_LEVEL_BUILT_IN;
    for (size_t i = 0; i < count; i++) {
        if ((keys[i].sections & section) == 0 || keys[i].initial == NULL) {
            continue;
        }
        const struct pw_yaml_node *node =
            pw_yaml_read(decoder->reading, keys[i].initial, strlen(keys[i].initial));
        if (node == NULL) {
            return;
        }
        decode_value(decoder, &keys[i], node, keys[i].name, base);
    }
    assert(decoder->reading->found == 0 || decoder->reading->has_no_memory);
}

/* Names of the section's keys, for suggestions. *count is 0 when memory ran out. */
static const char *const *key_names(struct pw_decoder *decoder, enum pw_section section,
                                    size_t *count)
{
    size_t all = 0;
    const struct pw_schema_key *keys = pw_schema_keys(&all);
    const char **names = pw_arena_array(decoder->reading->arena, all, sizeof(*names));
    *count = 0;
    if (names == NULL) {
        pw_reading_no_memory(decoder->reading);
        return NULL;
    }
    for (size_t i = 0; i < all; i++) {
        if ((keys[i].sections & section) != 0) {
            names[(*count)++] = keys[i].name;
        }
    }
    return names;
}

/* For a key of another section: where it belongs. NULL for a key of none. */
static const char *home_of(const char *name)
{
    size_t count = 0;
    const struct pw_schema_section *sections = pw_schema_sections(&count);
    for (size_t i = 0; i < count; i++) {
        if (pw_schema_find(sections[i].id, name) != NULL) {
            return sections[i].id == PW_SECTION_ROOT ? "at the top of the file" : sections[i].title;
        }
    }
    return NULL;
}

static const char *remedy_for_key(struct pw_decoder *decoder, enum pw_section section,
                                  const char *name, const char *const *names, size_t count)
{
    const char *suggestion = pw_reading_suggest(decoder->reading, name, names, count);
    const char *home = pw_schema_is_accepted(section) ? NULL : home_of(name);
    if (suggestion[0] != '\0' || home == NULL) {
        return suggestion;
    }
    const bool is_root = strchr(home, ' ') != NULL;
    const char *text = pw_arena_printf(decoder->reading->arena,
                                       is_root ? ", it belongs %s" : ", it belongs in '%s'", home);
    if (text == NULL) {
        pw_reading_no_memory(decoder->reading);
        return "";
    }
    return text;
}

static void refuse_unknown_keys(struct pw_decoder *decoder, enum pw_section section,
                                const struct pw_yaml_node *map, const char *path)
{
    size_t count = 0;
    const char *const *names = NULL;
    for (const struct pw_yaml_node *member = map->first; member != NULL; member = member->next) {
        if (pw_schema_find(section, member->key) != NULL) {
            continue;
        }
        if (names == NULL) {
            names = key_names(decoder, section, &count);
        }
        const bool is_root = path[0] == '\0';
        pw_reading_mistake(
            decoder->reading, member->key_line, member->key_column, "unknown key '%s'%s%s%s%s",
            pw_reading_shorten(decoder->reading, member->key), is_root ? "" : " in '", path,
            is_root ? "" : "'", remedy_for_key(decoder, section, member->key, names, count));
    }
}

static void refuse_missing_key(struct pw_decoder *decoder, const struct pw_schema_key *key,
                               const struct pw_yaml_node *map, const char *path)
{
    const bool is_root = path[0] == '\0';
    PW_DECODE_MISTAKE(decoder, map, "missing key '%s'%s%s%s", key->name, is_root ? "" : " in '",
                      path, is_root ? "" : "'");
}

void pw_decode_section(struct pw_decoder *decoder, enum pw_section section,
                       const struct pw_yaml_node *node, const char *path, void *base)
{
    size_t count = 0;
    const struct pw_schema_key *keys = pw_schema_keys(&count);
    refuse_unknown_keys(decoder, section, node, path);
    for (size_t i = 0; i < count; i++) {
        if ((keys[i].sections & section) == 0) {
            continue;
        }
        const struct pw_yaml_node *member = pw_yaml_member(node, keys[i].name);
        if (member != NULL) {
            decode_value(decoder, &keys[i], member,
                         pw_decode_member_path(decoder, path, keys[i].name), base);
        } else if (keys[i].is_required) {
            refuse_missing_key(decoder, &keys[i], node, path);
        }
    }
}

static void decode_group(struct pw_decoder *decoder, const struct pw_schema_key *key,
                         const struct pw_yaml_node *node, const char *path, void *slot)
{
    if (pw_decode_is_map(decoder, key, node, path)) {
        decoder->level = PW_LEVEL_DEFAULTS;
        pw_decode_section(decoder, key->child, node, path, slot);
    }
}

static void decode_runs(struct pw_decoder *decoder, const struct pw_schema_key *key,
                        const struct pw_yaml_node *node, const char *path, void *slot)
{
    struct pw_runs *runs = slot;
    struct pw_runs read = *runs;
    if (node->kind == PW_YAML_SCALAR) {
        pw_decode_integer(decoder, key, node, path, &read.min);
        read.max = read.min;
    } else if (pw_decode_is_map(decoder, key, node, path)) {
        pw_decode_section(decoder, key->child, node, path, &read);
    }
    if (read.min > read.max) {
        PW_DECODE_MISTAKE(decoder, node, "'%s' has min %u above max %u, set both", path, read.min,
                          read.max);
        return;
    }
    *runs = read;
}

static void decode_declaration(struct pw_decoder *decoder, const struct pw_schema_key *key,
                               const struct pw_yaml_node *node, struct pw_declaration *declaration)
{
    const size_t found = decoder->reading->found;
    decoder->level = PW_LEVEL_BENCHMARK;
    declaration->settings = decoder->document->defaults;
    if (node->kind == PW_YAML_BROKEN || !pw_decode_is_map(decoder, key, node, declaration->path)) {
        return;
    }
    pw_decode_section(decoder, key->child, node, declaration->path, declaration);
    pw_format_check(decoder, node, declaration);
    if (declaration->format == NULL && pw_yaml_member(node, "format") == NULL) {
        pw_thresholds_check(decoder, &declaration->settings.thresholds, PW_LEVEL_BENCHMARK);
    }
    /* Parts that the YAML reader refused were reported before: they show by their absence. */
    declaration->is_sound = decoder->reading->found == found && declaration->name != NULL &&
                            declaration->command.node != NULL;
}

static bool has_format(const struct pw_declarations *benchmarks)
{
    for (size_t i = 0; i < benchmarks->count; i++) {
        if (benchmarks->items[i].format != NULL) {
            return true;
        }
    }
    return false;
}

static void decode_groups(struct pw_decoder *decoder, const struct pw_schema_key *key,
                          const struct pw_yaml_node *node, const char *path, void *slot)
{
    if (!pw_decode_is_list(decoder, key, node, path)) {
        return;
    }
    struct pw_declaration *items =
        pw_arena_array(decoder->reading->arena, node->count, sizeof(*items));
    if (items == NULL) {
        pw_reading_no_memory(decoder->reading);
        return;
    }
    struct pw_schema_key element = *key;
    element.type = PW_TYPE_GROUP;
    size_t count = 0;
    for (const struct pw_yaml_node *child = node->first; child != NULL; child = child->next) {
        items[count].node = child;
        items[count].path = pw_decode_element_path(decoder, path, count);
        decode_declaration(decoder, &element, child, &items[count]);
        count++;
    }
    *(struct pw_declarations *)slot = (struct pw_declarations){items, count};
}

bool pw_decode_is_newer(struct pw_decoder *decoder, const struct pw_yaml_node *root)
{
    const struct pw_yaml_node *version = pw_yaml_member(root, "version");
    uint64_t number = 0;
    if (version == NULL || version->kind != PW_YAML_SCALAR ||
        pw_parse_uint64(version->text, &number) != PW_OK || number < 2) {
        return false;
    }
    PW_DECODE_MISTAKE(decoder, version, "'version' is %s, this perfwarden reads version 1",
                      pw_reading_shorten(decoder->reading, version->text));
    return true;
}

void pw_decode_document(struct pw_decoder *decoder, const struct pw_yaml_node *root)
{
    struct pw_document *document = decoder->document;
    static const struct pw_schema_key file = {.type = PW_TYPE_GROUP};
    if (root->kind == PW_YAML_BROKEN || !pw_decode_is_map(decoder, &file, root, "") ||
        pw_decode_is_newer(decoder, root)) {
        return;
    }
    pw_decode_section(decoder, PW_SECTION_ROOT, root, "", document);
    if (!has_format(&document->benchmarks)) {
        pw_thresholds_check(decoder, &document->defaults.thresholds, PW_LEVEL_DEFAULTS);
    }
}

void pw_decode_built_in(struct pw_decoder *decoder)
{
    struct pw_document *document = decoder->document;
    decode_initial(decoder, PW_SECTION_DEFAULTS, &document->defaults);
    decode_initial(decoder, PW_SECTION_GATE, &document->gate);
    decode_initial(decoder, PW_SECTION_ANCHOR, &document->gate.anchor);
    decode_initial(decoder, PW_SECTION_BASELINE, &document->baseline);
}
