/* What the decoders of all types share: paths, the messages about a wrong kind, names. */
#include <string.h>

#include "decode.h"
#include "perfwarden/util/text.h"

const char *pw_decode_member_path(struct pw_decoder *decoder, const char *path, const char *name)
{
    struct pw_reading *reading = decoder->reading;
    const char *whole = pw_arena_printf(reading->arena, "%s%s%s", path, path[0] == '\0' ? "" : ".",
                                        pw_reading_shorten(reading, name));
    if (whole == NULL) {
        pw_reading_no_memory(reading);
        return path;
    }
    return whole;
}

const char *pw_decode_element_path(struct pw_decoder *decoder, const char *path, size_t index)
{
    const char *whole = pw_arena_printf(decoder->reading->arena, "%s[%zu]", path, index);
    if (whole == NULL) {
        pw_reading_no_memory(decoder->reading);
        return path;
    }
    return whole;
}

bool pw_decode_has_no_value(const struct pw_yaml_node *node)
{
    return node->kind == PW_YAML_SCALAR && !node->is_quoted && node->text[0] == '\0';
}

bool pw_decode_refuse_as(struct pw_decoder *decoder, const struct pw_yaml_node *node,
                         const char *path, const char *expected)
{
    if (node->kind == PW_YAML_BROKEN) {
        return false;
    }
    const char *subject = path[0] == '\0' ? "the file" : path;
    const char *quote = path[0] == '\0' ? "" : "'";
    if (pw_decode_has_no_value(node)) {
        PW_DECODE_MISTAKE(decoder, node, "%s%s%s has no value, expects %s", quote, subject, quote,
                          expected);
    } else if (node->kind == PW_YAML_SCALAR) {
        PW_DECODE_MISTAKE(decoder, node, "%s%s%s expects %s, not '%s'", quote, subject, quote,
                          expected, pw_reading_shorten(decoder->reading, node->text));
    } else {
        PW_DECODE_MISTAKE(decoder, node, "%s%s%s expects %s, not %s", quote, subject, quote,
                          expected, node->kind == PW_YAML_LIST ? "a list" : "a mapping");
    }
    return false;
}

bool pw_decode_refuse(struct pw_decoder *decoder, const struct pw_schema_key *key,
                      const struct pw_yaml_node *node, const char *path)
{
    struct pw_strbuf expected = PW_STRBUF_INIT;
    pw_schema_expects(&expected, key);
    if (pw_strbuf_failed(&expected)) {
        pw_reading_no_memory(decoder->reading);
    } else {
        pw_decode_refuse_as(decoder, node, path, pw_strbuf_text(&expected));
    }
    pw_strbuf_release(&expected);
    return false;
}

const char *pw_decode_text(struct pw_decoder *decoder, const struct pw_yaml_node *node,
                           const char *path)
{
    if (node->kind != PW_YAML_SCALAR || pw_decode_has_no_value(node)) {
        pw_decode_refuse_as(decoder, node, path, "a text");
        return NULL;
    }
    return node->text;
}

const char *pw_decode_scalar(struct pw_decoder *decoder, const struct pw_schema_key *key,
                             const struct pw_yaml_node *node, const char *path)
{
    if (node->kind != PW_YAML_SCALAR || pw_decode_has_no_value(node)) {
        pw_decode_refuse(decoder, key, node, path);
        return NULL;
    }
    return node->text;
}

static void refuse_repeated_key(struct pw_reading *reading, const char *path,
                                const struct pw_yaml_node *first,
                                const struct pw_yaml_node *repeated)
{
    const bool is_root = path[0] == '\0';
    pw_reading_mistake(reading, repeated->key_line, repeated->key_column,
                       "duplicate key '%s'%s%s%s, first on line %u",
                       pw_reading_shorten(reading, repeated->key), is_root ? "" : " in '", path,
                       is_root ? "" : "'", first->key_line);
}

bool pw_decode_is_map(struct pw_decoder *decoder, const struct pw_schema_key *key,
                      const struct pw_yaml_node *node, const char *path)
{
    if (node->kind != PW_YAML_MAP) {
        return pw_decode_refuse(decoder, key, node, path);
    }
    if (node->count == 0 && path[0] != '\0') {
        PW_DECODE_MISTAKE(decoder, node, "'%s' is empty, leave it out or fill it in", path);
        return false;
    }
    return pw_yaml_each_repetition(decoder->reading, node, path, refuse_repeated_key);
}

bool pw_decode_is_list(struct pw_decoder *decoder, const struct pw_schema_key *key,
                       const struct pw_yaml_node *node, const char *path)
{
    if (node->kind != PW_YAML_LIST) {
        return pw_decode_refuse(decoder, key, node, path);
    }
    if (node->count == 0) {
        PW_DECODE_MISTAKE(decoder, node, "'%s' is an empty list", path);
        return false;
    }
    return true;
}

static bool has_control_characters(const char *text)
{
    const size_t length = strlen(text);
    for (size_t at = 0; at < length;) {
        uint32_t c = 0;
        at += pw_utf8_decode(text + at, length - at, &c);
        if (c < 0x20 || (c >= 0x7F && c < 0xA0)) {
            return true;
        }
    }
    return false;
}

bool pw_decode_is_name(struct pw_decoder *decoder, const char *text, unsigned line, unsigned column,
                       const char *path)
{
    const char *fault = text[0] == '\0'                     ? "must not be empty"
                        : strlen(text) > PW_DECODE_MAX_NAME ? "is longer than 16384 bytes"
                        : has_control_characters(text)      ? "must not contain control characters"
                                                            : NULL;
    if (fault != NULL) {
        pw_reading_mistake(decoder->reading, line, column, "'%s' %s", path, fault);
    }
    return fault == NULL;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool pw_decode_is_identifier(const char *text)
{
    if (!is_letter(text[0])) {
        return false;
    }
    for (const char *at = text; *at != '\0'; at++) {
        if (!is_letter(*at) && !(*at >= '0' && *at <= '9')) {
            return false;
        }
    }
    return true;
}
