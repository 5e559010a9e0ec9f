/* Decoders of lists: commands to build with, the command to measure, metrics. */
#include <string.h>

#include "decode.h"

/* An array for a list's texts; NULL when memory ran out. */
static const char **new_texts(struct pw_decoder *decoder, const struct pw_yaml_node *list)
{
    const char **items = pw_arena_array(decoder->reading->arena, list->count, sizeof(*items));
    if (items == NULL) {
        pw_reading_no_memory(decoder->reading);
    }
    return items;
}

static bool refuse_empty(struct pw_decoder *decoder, const struct pw_yaml_node *node,
                         const char *path)
{
    if (node->text[0] != '\0') {
        return false;
    }
    PW_DECODE_MISTAKE(decoder, node, "'%s' must not be empty", path);
    return true;
}

void pw_decode_texts(struct pw_decoder *decoder, const struct pw_schema_key *key,
                     const struct pw_yaml_node *node, const char *path, void *slot)
{
    if (!pw_decode_is_list(decoder, key, node, path)) {
        return;
    }
    const char **items = new_texts(decoder, node);
    size_t count = 0;
    size_t index = 0;
    if (items == NULL) {
        return;
    }
    for (const struct pw_yaml_node *item = node->first; item != NULL; item = item->next) {
        const char *item_path = pw_decode_element_path(decoder, path, index++);
        const char *text = pw_decode_text(decoder, item, item_path);
        if (text != NULL && !refuse_empty(decoder, item, item_path)) {
            items[count++] = text;
        }
    }
    *(struct pw_strings *)slot = (struct pw_strings){items, count};
}

static void refuse_repeated_name(struct pw_reading *reading, const char *path,
                                 const struct pw_yaml_node *first,
                                 const struct pw_yaml_node *repeated)
{
    (void)first;
    pw_reading_mistake(reading, repeated->line, repeated->column, "'%s' lists '%s' twice", path,
                       pw_reading_shorten(reading, repeated->text));
}

void pw_decode_names(struct pw_decoder *decoder, const struct pw_schema_key *key,
                     const struct pw_yaml_node *node, const char *path, void *slot)
{
    const bool is_one = node->kind == PW_YAML_SCALAR;
    if (!is_one && !pw_decode_is_list(decoder, key, node, path)) {
        return;
    }
    const char **items =
        pw_arena_array(decoder->reading->arena, is_one ? 1 : node->count, sizeof(*items));
    size_t count = 0;
    if (items == NULL) {
        pw_reading_no_memory(decoder->reading);
        return;
    }
    for (const struct pw_yaml_node *item = is_one ? node : node->first; item != NULL;
         item = is_one ? NULL : item->next) {
        const char *item_path = is_one ? path : pw_decode_element_path(decoder, path, count);
        const char *text = pw_decode_text(decoder, item, item_path);
        if (text == NULL ||
            !pw_decode_is_name(decoder, text, item->line, item->column, item_path)) {
            return;
        }
        items[count++] = text;
    }
    if (is_one || pw_yaml_each_repetition(decoder->reading, node, path, refuse_repeated_name)) {
        *(struct pw_strings *)slot = (struct pw_strings){items, count};
    }
}

/* Words after the first may be empty on purpose, in quotes. */
static bool are_words(struct pw_decoder *decoder, const struct pw_yaml_node *list, const char *path)
{
    bool is_right = true;
    size_t index = 0;
    for (const struct pw_yaml_node *word = list->first; word != NULL; word = word->next) {
        const char *word_path = pw_decode_element_path(decoder, path, index++);
        if (pw_decode_text(decoder, word, word_path) == NULL ||
            (word == list->first && refuse_empty(decoder, word, word_path))) {
            is_right = false;
        }
    }
    return is_right;
}

void pw_decode_command(struct pw_decoder *decoder, const struct pw_schema_key *key,
                       const struct pw_yaml_node *node, const char *path, void *slot)
{
    bool is_right = false;
    if (node->kind == PW_YAML_LIST) {
        is_right = pw_decode_is_list(decoder, key, node, path) && are_words(decoder, node, path);
    } else {
        is_right = pw_decode_scalar(decoder, key, node, path) != NULL &&
                   !refuse_empty(decoder, node, path);
    }
    if (is_right) {
        *(struct pw_located *)slot = (struct pw_located){node, path};
    }
}

static bool is_place(struct pw_decoder *decoder, const struct pw_yaml_node *node, const char *path)
{
    const char *text = pw_decode_text(decoder, node, path);
    if (text == NULL || !pw_decode_is_name(decoder, text, node->line, node->column, path)) {
        return false;
    }
    if (text[0] == '/') {
        PW_DECODE_MISTAKE(decoder, node,
                          "'%s' must be a relative path, not '%s', which would be one file for "
                          "base and head",
                          path, pw_reading_shorten(decoder->reading, text));
        return false;
    }
    return true;
}

void pw_decode_places(struct pw_decoder *decoder, const struct pw_schema_key *key,
                      const struct pw_yaml_node *node, const char *path, void *slot)
{
    if (!pw_decode_is_list(decoder, key, node, path)) {
        return;
    }
    bool is_right = true;
    size_t index = 0;
    for (const struct pw_yaml_node *item = node->first; item != NULL; item = item->next) {
        if (!is_place(decoder, item, pw_decode_element_path(decoder, path, index++))) {
            is_right = false;
        }
    }
    if (is_right) {
        *(struct pw_located *)slot = (struct pw_located){node, path};
    }
}

void pw_decode_unknown_metric(struct pw_decoder *decoder, const char *name, unsigned line,
                              unsigned column, const char *path, const char *remedy)
{
    struct pw_reading *reading = decoder->reading;
    size_t count = 0;
    const struct pw_metric_info *catalogue = pw_metric_catalogue(&count);
    const char **names = pw_arena_array(reading->arena, count, sizeof(*names));
    if (names == NULL) {
        pw_reading_no_memory(reading);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        names[i] = catalogue[i].name;
    }
    const char *suggestion = pw_reading_suggest(reading, name, names, count);
    pw_reading_mistake(reading, line, column, "unknown metric '%s' in '%s'%s",
                       pw_reading_shorten(reading, name), path,
                       suggestion[0] == '\0' ? remedy : suggestion);
}

static void refuse_repeated_metric(struct pw_reading *reading, const char *path,
                                   const struct pw_yaml_node *first,
                                   const struct pw_yaml_node *repeated)
{
    pw_reading_mistake(reading, repeated->line, repeated->column,
                       "'%s' lists '%s' twice, first on line %u", path,
                       pw_reading_shorten(reading, repeated->text), first->line);
}

void pw_decode_metrics(struct pw_decoder *decoder, const struct pw_schema_key *key,
                       const struct pw_yaml_node *node, const char *path, void *slot)
{
    if (!pw_decode_is_list(decoder, key, node, path)) {
        return;
    }
    const char **items = new_texts(decoder, node);
    size_t count = 0;
    size_t index = 0;
    if (items == NULL) {
        return;
    }
    for (const struct pw_yaml_node *item = node->first; item != NULL; item = item->next) {
        const char *text =
            pw_decode_text(decoder, item, pw_decode_element_path(decoder, path, index++));
        if (text != NULL && pw_metric_find(text) == NULL) {
            pw_decode_unknown_metric(decoder, text, item->line, item->column, path,
                                     ", 'perfwarden help config' lists them");
        } else if (text != NULL) {
            items[count++] = text;
        }
    }
    if (pw_yaml_each_repetition(decoder->reading, node, path, refuse_repeated_metric)) {
        *(struct pw_strings *)slot = (struct pw_strings){items, count};
    }
}

static void refuse_repeated_integer(struct pw_reading *reading, const char *path,
                                    const struct pw_yaml_node *first,
                                    const struct pw_yaml_node *repeated)
{
    (void)first;
    pw_reading_mistake(reading, repeated->line, repeated->column, "'%s' lists '%s' twice", path,
                       pw_reading_shorten(reading, repeated->text));
}

void pw_decode_integers(struct pw_decoder *decoder, const struct pw_schema_key *key,
                        const struct pw_yaml_node *node, const char *path, void *slot)
{
    const size_t found = decoder->reading->found;
    const bool is_list = node->kind == PW_YAML_LIST;
    if (is_list && !pw_decode_is_list(decoder, key, node, path)) {
        return;
    }
    int *items = pw_arena_array(decoder->reading->arena, is_list ? node->count : 1, sizeof(*items));
    if (items == NULL) {
        pw_reading_no_memory(decoder->reading);
        return;
    }
    struct pw_schema_key element = *key;
    element.type = PW_TYPE_INTEGER;
    size_t count = 0;
    for (const struct pw_yaml_node *item = is_list ? node->first : node; item != NULL;
         item = is_list ? item->next : NULL) {
        unsigned value = 0;
        pw_decode_integer(decoder, is_list ? &element : key, item,
                          is_list ? pw_decode_element_path(decoder, path, count) : path, &value);
        items[count++] = (int)value; /* the table's ranges end far below INT_MAX */
    }
    if (is_list &&
        !pw_yaml_each_repetition(decoder->reading, node, path, refuse_repeated_integer)) {
        return;
    }
    if (decoder->reading->found == found) {
        *(struct pw_integers *)slot = (struct pw_integers){items, count, is_list};
    }
}
