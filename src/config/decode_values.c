/* Decoders of what tells how an output is read, and which of it goes with which format. */
#include <string.h>

#include "decode.h"

void pw_decode_values(struct pw_decoder *decoder, const struct pw_schema_key *key,
                      const struct pw_yaml_node *node, const char *path, void *slot)
{
    if (!pw_decode_is_list(decoder, key, node, path)) {
        return;
    }
    struct pw_value_rule *items =
        pw_arena_array(decoder->reading->arena, node->count, sizeof(*items));
    struct pw_schema_key element = *key;
    size_t count = 0;
    if (items == NULL) {
        pw_reading_no_memory(decoder->reading);
        return;
    }
    element.type = PW_TYPE_GROUP;
    for (const struct pw_yaml_node *child = node->first; child != NULL; child = child->next) {
        const char *place = pw_decode_element_path(decoder, path, count);
        if (child->kind != PW_YAML_BROKEN && pw_decode_is_map(decoder, &element, child, place)) {
            pw_decode_section(decoder, element.child, child, place, &items[count]);
        }
        count++;
    }
    *(struct pw_declared_values *)slot = (struct pw_declared_values){items, count};
}

/** A format of our own, and what it takes. */
struct told_format {
    const char *name;
    bool needs_pattern;
    bool needs_path;
    bool needs_converter;
};

static const struct told_format told_formats[] = {
    {"regex", true, false, false},
    {"json", false, true, false},
    {"exec", false, false, true},
};

static const struct told_format *find_told(const char *name)
{
    static const struct told_format other = {NULL, false, false, false};
    for (size_t i = 0; name != NULL && i < PW_COUNT(told_formats); i++) {
        if (strcmp(told_formats[i].name, name) == 0) {
            return &told_formats[i];
        }
    }
    return &other;
}

/* A key is there although the format does not take it, or is lacking although it does. */
static void check_key(struct pw_decoder *decoder, const struct pw_yaml_node *node, const char *path,
                      const char *key, bool is_needed)
{
    const struct pw_yaml_node *member = pw_yaml_member(node, key);
    if (member != NULL && !is_needed) {
        pw_reading_mistake(decoder->reading, member->key_line, member->key_column,
                           "'%s.%s' does not go with its 'format'", path, key);
    } else if (member == NULL && is_needed) {
        PW_DECODE_MISTAKE(decoder, node, "missing key '%s' in '%s', which its 'format' needs", key,
                          path);
    }
}

void pw_format_check(struct pw_decoder *decoder, const struct pw_yaml_node *node,
                     const struct pw_declaration *declaration)
{
    const struct told_format *told = find_told(declaration->format);
    const struct pw_yaml_node *values = pw_yaml_member(node, "values");
    const bool needs_values = told->needs_pattern || told->needs_path;
    size_t index = 0;
    if (pw_yaml_member(node, "format") != NULL && declaration->format == NULL) {
        return; /* it was refused */
    }
    check_key(decoder, node, declaration->path, "values", needs_values);
    check_key(decoder, node, declaration->path, "converter", told->needs_converter);
    if (declaration->format == NULL && declaration->results_file.node != NULL) {
        PW_DECODE_MISTAKE(decoder, declaration->results_file.node,
                          "'%s' needs a 'format' to read it", declaration->results_file.path);
    }
    if (!needs_values || values == NULL || values->kind != PW_YAML_LIST) {
        return;
    }
    const char *path = pw_decode_member_path(decoder, declaration->path, "values");
    for (const struct pw_yaml_node *rule = values->first; rule != NULL; rule = rule->next) {
        const char *place = pw_decode_element_path(decoder, path, index++);
        if (rule->kind == PW_YAML_MAP) {
            check_key(decoder, rule, place, "pattern", told->needs_pattern);
            check_key(decoder, rule, place, "path", told->needs_path);
            if (!told->needs_path) {
                check_key(decoder, rule, place, "benchmark", false);
            }
        }
    }
}
