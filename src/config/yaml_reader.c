/*
 * Events to nodes. Pulls one event at a time and stops itself at the limits: libyaml has none, and
 * takes half a minute for 200 kB of opening brackets.
 */
#include "yaml_reader.h"

#include <string.h>
#include <yaml.h>

#include "yaml_text.h"

struct reader {
    struct pw_reading *reading;
    yaml_parser_t parser;
    yaml_event_t event; /* the current one, valid while has_event */
    bool has_event;
    size_t event_count;
    size_t depth;
};

static unsigned line_of(yaml_mark_t mark)
{
    return (unsigned)mark.line + 1;
}

static unsigned column_of(yaml_mark_t mark)
{
    return (unsigned)mark.column + 1;
}

static void drop_event(struct reader *reader)
{
    if (reader->has_event) {
        yaml_event_delete(&reader->event);
        reader->has_event = false;
    }
}

static const char *known_remedy(const char *problem)
{
    static const struct {
        const char *problem, *remedy;
    } remedies[] = {
        {"found character that cannot start any token",
         "; indent with spaces, and quote text that starts with '@', '`' or '%'"},
        {"mapping values are not allowed in this context",
         "; check the indentation, and quote text that contains ': '"},
        {"did not find expected key", "; check the indentation"},
    };
    for (size_t i = 0; i < PW_COUNT(remedies); i++) {
        if (strcmp(problem, remedies[i].problem) == 0) {
            return remedies[i].remedy;
        }
    }
    return "";
}

static void report_syntax(struct reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    if (parser->error == YAML_MEMORY_ERROR) {
        pw_reading_no_memory(reader->reading);
        return;
    }
    const char *problem = parser->problem == NULL ? "malformed" : parser->problem;
    const bool has_place =
        parser->error == YAML_SCANNER_ERROR || parser->error == YAML_PARSER_ERROR;
    const yaml_mark_t mark = has_place ? parser->problem_mark : parser->mark;
    pw_reading_mistake(reader->reading, line_of(mark), column_of(mark), "not valid YAML: %s%s%s%s",
                       problem, parser->context == NULL ? "" : " ",
                       parser->context == NULL ? "" : parser->context, known_remedy(problem));
}

static bool advance(struct reader *reader)
{
    drop_event(reader);
    if (reader->event_count == PW_YAML_MAX_EVENTS) {
        pw_reading_mistake(
            reader->reading, line_of(reader->parser.mark), column_of(reader->parser.mark),
            "the file has more than %d YAML events from here on", PW_YAML_MAX_EVENTS);
        return false;
    }
    if (!yaml_parser_parse(&reader->parser, &reader->event)) {
        report_syntax(reader);
        return false;
    }
    reader->has_event = true;
    reader->event_count++;
    return true;
}

static void refuse_here(struct reader *reader, const char *what)
{
    pw_reading_mistake(reader->reading, line_of(reader->event.start_mark),
                       column_of(reader->event.start_mark), "%s", what);
}

/* Anchors and tags of the current event, both of which all nodes but aliases may carry. */
static bool has_properties(struct reader *reader)
{
    const yaml_char_t *anchor = NULL;
    const yaml_char_t *tag = NULL;
    switch (reader->event.type) {
    case YAML_SCALAR_EVENT:
        anchor = reader->event.data.scalar.anchor;
        tag = reader->event.data.scalar.tag;
        break;
    case YAML_SEQUENCE_START_EVENT:
        anchor = reader->event.data.sequence_start.anchor;
        tag = reader->event.data.sequence_start.tag;
        break;
    case YAML_MAPPING_START_EVENT:
        anchor = reader->event.data.mapping_start.anchor;
        tag = reader->event.data.mapping_start.tag;
        break;
    default:
        break;
    }
    if (anchor != NULL) {
        refuse_here(reader, "anchors ('&') are not allowed, write the value out");
    }
    if (tag != NULL) {
        refuse_here(reader, "tags ('!') are not allowed, the key says how its value is read");
    }
    return anchor != NULL || tag != NULL;
}

/* The text of the current scalar; NULL when it is refused or memory ran out. */
static const char *scalar_text(struct reader *reader)
{
    const char *text = (const char *)reader->event.data.scalar.value;
    const size_t length = reader->event.data.scalar.length;
    if (memchr(text, '\0', length) != NULL) {
        refuse_here(reader, "a text must not contain the character U+0000");
        return NULL;
    }
    const char *copy = pw_arena_strndup(reader->reading->arena, text, length);
    if (copy == NULL) {
        pw_reading_no_memory(reader->reading);
    }
    return copy;
}

static struct pw_yaml_node *new_node(struct reader *reader)
{
    struct pw_yaml_node *node = pw_arena_alloc(reader->reading->arena, sizeof(*node));
    if (node == NULL) {
        pw_reading_no_memory(reader->reading);
        return NULL;
    }
    node->kind = PW_YAML_BROKEN;
    node->line = line_of(reader->event.start_mark);
    node->column = column_of(reader->event.start_mark);
    return node;
}

static void append(struct pw_yaml_node *parent, struct pw_yaml_node *child)
{
    if (parent->last == NULL) {
        parent->first = child;
    } else {
        parent->last->next = child;
    }
    parent->last = child;
    parent->count++;
}

static struct pw_yaml_node *read_node(struct reader *reader);

static bool read_elements(struct reader *reader, struct pw_yaml_node *list)
{
    for (;;) {
        if (!advance(reader)) {
            return false;
        }
        if (reader->event.type == YAML_SEQUENCE_END_EVENT) {
            return true;
        }
        struct pw_yaml_node *element = read_node(reader);
        if (element == NULL) {
            return false;
        }
        append(list, element);
    }
}

static bool is_merge_key(const struct pw_yaml_node *key)
{
    return !key->is_quoted && strcmp(key->text, "<<") == 0;
}

/* The current event as a key. *out is NULL when it is refused. @return false to stop */
static bool read_key(struct reader *reader, const struct pw_yaml_node **out)
{
    const struct pw_yaml_node *key = read_node(reader);
    *out = NULL;
    if (key == NULL) {
        return false;
    }
    if (key->kind == PW_YAML_LIST || key->kind == PW_YAML_MAP) {
        pw_reading_mistake(reader->reading, key->line, key->column,
                           "a key must be a plain text, not a list or a mapping");
    } else if (key->kind == PW_YAML_SCALAR && is_merge_key(key)) {
        pw_reading_mistake(reader->reading, key->line, key->column,
                           "merge keys ('<<') are not allowed, use 'defaults'");
    } else if (key->text != NULL) {
        *out = key; /* also one whose anchor or tag was refused: its value is still checked */
    }
    return true;
}

static bool read_members(struct reader *reader, struct pw_yaml_node *map)
{
    for (;;) {
        if (!advance(reader)) {
            return false;
        }
        if (reader->event.type == YAML_MAPPING_END_EVENT) {
            return true;
        }
        const struct pw_yaml_node *key = NULL;
        if (!read_key(reader, &key) || !advance(reader)) {
            return false;
        }
        struct pw_yaml_node *member = read_node(reader);
        if (member == NULL) {
            return false;
        }
        if (key != NULL) {
            member->key = key->text;
            member->key_line = key->line;
            member->key_column = key->column;
            append(map, member);
        }
    }
}

/* A list or mapping whose start is the current event. */
static bool read_collection(struct reader *reader, struct pw_yaml_node *node)
{
    const bool is_list = reader->event.type == YAML_SEQUENCE_START_EVENT;
    const bool is_refused = has_properties(reader);
    if (reader->depth == PW_YAML_MAX_DEPTH) {
        pw_reading_mistake(reader->reading, node->line, node->column,
                           "lists and mappings are nested deeper than %d levels",
                           PW_YAML_MAX_DEPTH);
        return false;
    }
    reader->depth++;
    const bool is_read = is_list ? read_elements(reader, node) : read_members(reader, node);
    reader->depth--;
    if (!is_refused) {
        node->kind = is_list ? PW_YAML_LIST : PW_YAML_MAP;
    }
    return is_read;
}

static void read_scalar(struct reader *reader, struct pw_yaml_node *node)
{
    const bool is_refused = has_properties(reader);
    node->is_quoted = reader->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    node->text = scalar_text(reader);
    if (!is_refused && node->text != NULL) {
        node->kind = PW_YAML_SCALAR;
    }
}

/* The node that starts with the current event. @return NULL to stop, after reporting why */
static struct pw_yaml_node *read_node(struct reader *reader)
{
    struct pw_yaml_node *node = new_node(reader);
    if (node == NULL) {
        return NULL;
    }
    switch (reader->event.type) {
    case YAML_SCALAR_EVENT:
        read_scalar(reader, node);
        return reader->reading->has_no_memory ? NULL : node;
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        return read_collection(reader, node) ? node : NULL;
    default:
        refuse_here(reader, "aliases ('*') are not allowed, write the value out or quote the text");
        return node;
    }
}

static bool advance_by(struct reader *reader, unsigned events)
{
    while (events > 0 && advance(reader)) {
        events--;
    }
    return events == 0;
}

/* The document of a stream whose start is the next event. */
static const struct pw_yaml_node *read_document(struct reader *reader)
{
    if (!advance_by(reader, 2)) {
        return NULL;
    }
    if (reader->event.type == YAML_STREAM_END_EVENT) {
        const char *advice = reader->reading->if_empty;
        pw_reading_mistake(reader->reading, 1, 1, "the file is empty, %s",
                           advice != NULL ? advice : "'perfwarden init' writes one to start from");
        return NULL;
    }
    if (!advance(reader)) {
        return NULL;
    }
    const struct pw_yaml_node *root = read_node(reader);
    if (root == NULL || !advance_by(reader, 2)) {
        return NULL;
    }
    if (reader->event.type != YAML_STREAM_END_EVENT) {
        refuse_here(reader, "a second document starts here, a file has only one");
        return NULL;
    }
    return root;
}

const struct pw_yaml_node *pw_yaml_read(struct pw_reading *reading, const char *text, size_t length)
{
    struct reader reader = {.reading = reading};
    if (!pw_yaml_text_check(reading, &text, &length)) {
        return NULL;
    }
    if (!yaml_parser_initialize(&reader.parser)) {
        pw_reading_no_memory(reading);
        return NULL;
    }
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text, length);
    const struct pw_yaml_node *root = read_document(&reader);
    drop_event(&reader);
    yaml_parser_delete(&reader.parser);
    return root;
}
