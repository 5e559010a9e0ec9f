/* Decoders of single values: text, numbers, choices. */
#include <string.h>

#include "decode.h"
#include "perfwarden/util/file.h"

void pw_decode_name(struct pw_decoder *decoder, const struct pw_schema_key *key,
                    const struct pw_yaml_node *node, const char *path, void *slot)
{
    const char *text = pw_decode_scalar(decoder, key, node, path);
    if (text != NULL && pw_decode_is_name(decoder, text, node->line, node->column, path)) {
        *(const char **)slot = text;
    }
}

/* What may stand in a ref between the slashes: the rules of git-check-ref-format(1). */
static bool is_ref_component(const char *text, size_t length)
{
    if (length == 0 || text[0] == '.' ||
        (length >= 5 && memcmp(text + length - 5, ".lock", 5) == 0)) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        const unsigned char c = (unsigned char)text[i];
        if (c <= 0x20 || c == 0x7F || strchr("~^:?*[\\", c) != NULL) {
            return false;
        }
        if (i > 0 && ((c == '.' && text[i - 1] == '.') || (c == '{' && text[i - 1] == '@'))) {
            return false;
        }
    }
    return true;
}

static bool is_ref(const char *text)
{
    if (strncmp(text, "refs/", 5) != 0 || strlen(text) > PW_DECODE_MAX_NAME ||
        text[strlen(text) - 1] == '.') {
        return false;
    }
    for (const char *at = text;;) {
        const size_t length = strcspn(at, "/");
        if (!is_ref_component(at, length)) {
            return false;
        }
        if (at[length] == '\0') {
            return true;
        }
        at += length + 1;
    }
}

/* Where git, or a fetch of ours, keeps what is no baseline: moved, it would lose it. A branch may
 * be one, if nobody works on it, which only the repository knows. */
static const char *find_owner(const char *ref)
{
    static const char *const folders[] = {
        "refs/bisect",   "refs/notes",   "refs/perfwarden-fetch", "refs/perfwarden/fetch",
        "refs/prefetch", "refs/remotes", "refs/replace",          "refs/rewritten",
        "refs/stash",    "refs/tags",    "refs/worktree",
    };

    for (size_t i = 0; i < PW_COUNT(folders); i++) {
        const size_t length = strlen(folders[i]);
        if (strncmp(ref, folders[i], length) == 0 && (ref[length] == '/' || ref[length] == '\0')) {
            return folders[i];
        }
    }
    return NULL;
}

void pw_decode_ref(struct pw_decoder *decoder, const struct pw_schema_key *key,
                   const struct pw_yaml_node *node, const char *path, void *slot)
{
    const char *text = pw_decode_scalar(decoder, key, node, path);
    if (text == NULL) {
        return;
    }
    if (!is_ref(text)) {
        pw_decode_refuse(decoder, key, node, path);
        return;
    }
    const char *owner = find_owner(text);
    if (owner != NULL) {
        PW_DECODE_MISTAKE(decoder, node,
                          "'%s' must not be '%s', '%s' is in use for other things; name a ref such "
                          "as refs/perfwarden/baselines",
                          path, pw_reading_shorten(decoder->reading, text), owner);
        return;
    }
    *(const char **)slot = text;
}

void pw_decode_path(struct pw_decoder *decoder, const struct pw_schema_key *key,
                    const struct pw_yaml_node *node, const char *path, void *slot)
{
    const char *text = pw_decode_scalar(decoder, key, node, path);
    if (text == NULL || !pw_decode_is_name(decoder, text, node->line, node->column, path)) {
        return;
    }
    if (strcmp(text, "-") == 0) {
        PW_DECODE_MISTAKE(decoder, node,
                          "'%s' must name a file, '-' is understood on the command line only",
                          path);
        return;
    }
    struct pw_strbuf joined = PW_STRBUF_INIT;
    pw_path_join(&joined, decoder->directory, text);
    const char *absolute = pw_strbuf_failed(&joined)
                               ? NULL
                               : pw_arena_strdup(decoder->reading->arena, pw_strbuf_text(&joined));
    pw_strbuf_release(&joined);
    if (absolute == NULL) {
        pw_reading_no_memory(decoder->reading);
        return;
    }
    *(const char **)slot = absolute;
}

void pw_decode_located(struct pw_decoder *decoder, const struct pw_schema_key *key,
                       const struct pw_yaml_node *node, const char *path, void *slot)
{
    const char *text = pw_decode_scalar(decoder, key, node, path);
    if (text != NULL && pw_decode_is_name(decoder, text, node->line, node->column, path)) {
        *(struct pw_located *)slot = (struct pw_located){node, path};
    }
}

static bool is_in_range(const struct pw_schema_key *key, double value)
{
    const double min = pw_schema_number(key->min);
    const double max = pw_schema_number(key->max);
    return key->is_open_range ? value > min && value < max : value >= min && value <= max;
}

void pw_decode_integer(struct pw_decoder *decoder, const struct pw_schema_key *key,
                       const struct pw_yaml_node *node, const char *path, void *slot)
{
    const char *text = pw_decode_scalar(decoder, key, node, path);
    uint64_t value = 0;
    if (text == NULL) {
        return;
    }
    if (pw_parse_uint64(text, &value) != PW_OK || !is_in_range(key, (double)value)) {
        pw_decode_refuse(decoder, key, node, path);
        return;
    }
    *(unsigned *)slot = (unsigned)value;
}

/* Durations and sizes: whole base units, at most the table's range, so far below 2^63. */
void pw_decode_quantity(struct pw_decoder *decoder, const struct pw_schema_key *key,
                        const struct pw_yaml_node *node, const char *path, void *slot)
{
    const char *text = pw_decode_scalar(decoder, key, node, path);
    if (text == NULL) {
        return;
    }
    if (key->type == PW_TYPE_BYTES && strcmp(text, "none") == 0) {
        *(uint64_t *)slot = 0;
        return;
    }
    const enum pw_quantity expected =
        key->type == PW_TYPE_BYTES ? PW_QUANTITY_BYTES : PW_QUANTITY_DURATION;
    enum pw_quantity quantity = PW_QUANTITY_COUNT;
    double value = 0;
    if (pw_parse_quantity(text, &value, &quantity, NULL) != PW_OK || quantity != expected ||
        !is_in_range(key, value)) {
        pw_decode_refuse(decoder, key, node, path);
        return;
    }
    *(uint64_t *)slot = (uint64_t)(value + 0.5);
}

void pw_decode_number(struct pw_decoder *decoder, const struct pw_schema_key *key,
                      const struct pw_yaml_node *node, const char *path, void *slot)
{
    const char *text = pw_decode_scalar(decoder, key, node, path);
    enum pw_quantity quantity = PW_QUANTITY_COUNT;
    double value = 0;
    if (text == NULL) {
        return;
    }
    if (strcmp(text, "none") != 0 && (pw_parse_quantity(text, &value, &quantity, NULL) != PW_OK ||
                                      quantity != PW_QUANTITY_COUNT || !is_in_range(key, value))) {
        pw_decode_refuse(decoder, key, node, path);
        return;
    }
    *(double *)slot = value;
}

void pw_decode_ratio(struct pw_decoder *decoder, const struct pw_schema_key *key,
                     const struct pw_yaml_node *node, const char *path, void *slot)
{
    const char *text = pw_decode_scalar(decoder, key, node, path);
    enum pw_quantity quantity = PW_QUANTITY_COUNT;
    double value = 0;
    if (text == NULL) {
        return;
    }
    if (key->type == PW_TYPE_SHARE && strcmp(text, "none") == 0) {
        *(double *)slot = 0;
        return;
    }
    const bool is_number = pw_parse_quantity(text, &value, &quantity, NULL) == PW_OK &&
                           (quantity == PW_QUANTITY_RATIO || quantity == PW_QUANTITY_COUNT);
    if (!is_number || !is_in_range(key, value)) {
        pw_decode_refuse(decoder, key, node, path);
        return;
    }
    *(double *)slot = value;
}

/* Report a word that is none of the key's, with the nearest one or all of them. */
static void refuse_word(struct pw_decoder *decoder, const struct pw_schema_key *key,
                        const struct pw_yaml_node *node, const char *path)
{
    struct pw_reading *reading = decoder->reading;
    const char **names = pw_arena_array(reading->arena, key->words->count, sizeof(*names));
    if (names == NULL) {
        pw_reading_no_memory(reading);
        return;
    }
    for (size_t i = 0; i < key->words->count; i++) {
        names[i] = key->words->items[i].name;
    }
    const char *suggestion = pw_reading_suggest(reading, node->text, names, key->words->count);
    if (suggestion[0] == '\0') {
        pw_decode_refuse(decoder, key, node, path);
    } else {
        PW_DECODE_MISTAKE(decoder, node, "unknown value '%s' for '%s'%s",
                          pw_reading_shorten(reading, node->text), path, suggestion);
    }
}

/* Choices are read as unsigned numbers into enumerations: gcc and clang give those this type. */
_Static_assert(sizeof(enum pw_policy) == sizeof(unsigned), "policies are read as unsigned");
_Static_assert(sizeof(enum pw_store_kind) == sizeof(unsigned), "stores are read as unsigned");

void pw_decode_choice(struct pw_decoder *decoder, const struct pw_schema_key *key,
                      const struct pw_yaml_node *node, const char *path, void *slot)
{
    const char *text = pw_decode_scalar(decoder, key, node, path);
    unsigned value = 0;
    if (text == NULL) {
        return;
    }
    if (!pw_schema_word(key->words, text, &value)) {
        refuse_word(decoder, key, node, path);
        return;
    }
    memcpy(slot, &value, sizeof(value));
}

void pw_decode_choices(struct pw_decoder *decoder, const struct pw_schema_key *key,
                       const struct pw_yaml_node *node, const char *path, void *slot)
{
    if (node->kind != PW_YAML_LIST) {
        pw_decode_refuse(decoder, key, node, path);
        return;
    }
    struct pw_schema_key element = *key;
    element.type = PW_TYPE_CHOICE;
    unsigned set = 0;
    size_t index = 0;
    for (const struct pw_yaml_node *item = node->first; item != NULL; item = item->next) {
        const char *item_path = pw_decode_element_path(decoder, path, index++);
        const char *text = pw_decode_text(decoder, item, item_path);
        unsigned value = 0;
        if (text != NULL && !pw_schema_word(key->words, text, &value)) {
            refuse_word(decoder, &element, item, item_path);
        }
        set |= value;
    }
    *(unsigned *)slot = set;
}
