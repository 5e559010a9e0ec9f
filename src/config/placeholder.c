/* Finding, checking and filling `{name}` in text. */
#include "placeholder.h"

#include <string.h>
#include <strings.h>

#include "perfwarden/util/text.h"

/* Longer names are not compared with others: nobody mistypes them by two letters only. */
#define MAX_COMPARED 64

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Bytes of the identifier a text starts with, 0 for none. */
static size_t identifier_length(const char *text)
{
    size_t length = 0;
    while (is_letter(text[length]) || (length > 0 && text[length] >= '0' && text[length] <= '9')) {
        length++;
    }
    return length;
}

bool pw_placeholder_next(const char **text, struct pw_placeholder *out)
{
    const char *const start = *text;
    const char *at = start;
    for (;;) {
        at = strchr(at, '{');
        if (at == NULL) {
            return false;
        }
        const size_t length = identifier_length(at + 1);
        if (length > 0 && at[1 + length] == '}') {
            *out = (struct pw_placeholder){at + 1, length, at > start && at[-1] == '$'};
            *text = at + length + 2;
            return true;
        }
        at += 1 + length;
    }
}

size_t pw_placeholder_find(const struct pw_placeholder *placeholder,
                           const struct pw_parameters *params)
{
    for (size_t i = 0; i < params->count; i++) {
        if (strncmp(params->items[i].name, placeholder->name, placeholder->length) == 0 &&
            params->items[i].name[placeholder->length] == '\0') {
            return i;
        }
    }
    return params->count;
}

/* At most two letters away, and not another word altogether: `{x}` is no mistyped `{n}`. */
static bool is_near(const char *word, const char *name)
{
    const size_t word_length = strlen(word);
    const size_t name_length = strlen(name);
    const size_t longer = word_length > name_length ? word_length : name_length;
    if (longer > word_length + 2 || longer > name_length + 2) {
        return false; /* never within two: spares the comparison in long hostile texts */
    }
    const size_t distance = pw_edit_distance(word, name, 2);
    return strcasecmp(word, name) == 0 || (distance <= 2 && distance < longer);
}

static void check_one(struct pw_reading *reading, const struct pw_located *where,
                      const struct pw_placeholder *placeholder, const struct pw_parameters *params)
{
    const size_t found = pw_placeholder_find(placeholder, params);
    const struct pw_yaml_node *node = where->node;
    if (found < params->count) {
        if (placeholder->is_variable) {
            const char *name = pw_reading_shorten(reading, params->items[found].name);
            pw_reading_mistake(reading, node->line, node->column,
                               "'%s' contains '${%s}', write '{%s}' for the parameter", where->path,
                               name, name);
        }
        return;
    }
    if (placeholder->is_variable || placeholder->length > MAX_COMPARED) {
        return;
    }
    char word[MAX_COMPARED + 1];
    memcpy(word, placeholder->name, placeholder->length);
    word[placeholder->length] = '\0';
    for (size_t i = 0; i < params->count; i++) {
        if (is_near(word, params->items[i].name)) {
            pw_reading_mistake(reading, node->line, node->column,
                               "unknown parameter '{%s}' in '%s', did you mean '{%s}'", word,
                               where->path, params->items[i].name);
            return;
        }
    }
}

void pw_placeholder_check(struct pw_reading *reading, const struct pw_located *where,
                          const struct pw_parameters *params)
{
    const char *at = where->node->text;
    struct pw_placeholder placeholder;
    while (params->count > 0 && pw_placeholder_next(&at, &placeholder)) {
        check_one(reading, where, &placeholder, params);
    }
}

void pw_placeholder_fill(struct pw_strbuf *out, const char *text,
                         const struct pw_parameters *params, const char *const *values)
{
    const char *at = text;
    const char *copied = text;
    struct pw_placeholder placeholder;
    while (params->count > 0 && pw_placeholder_next(&at, &placeholder)) {
        const size_t index = pw_placeholder_find(&placeholder, params);
        if (index == params->count) {
            continue;
        }
        pw_strbuf_append(out, copied, (size_t)(placeholder.name - 1 - copied));
        pw_strbuf_puts(out, values[index]);
        copied = at;
    }
    pw_strbuf_puts(out, copied);
}
