/*
 * Writing JSON: the only source of its braces, commas and escapes. A stack catches misuse; doubles
 * are written so that they read back equal.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "perfwarden/util/json.h"
#include "perfwarden/util/number.h"
#include "perfwarden/util/text.h"

#define INDENT 2

/** Up to here every whole number is a double. */
#define LARGEST_EXACT (UINT64_C(1) << 53)

void pw_json_writer_init(struct pw_json_writer *writer, struct pw_strbuf *out)
{
    memset(writer, 0, sizeof(*writer));
    writer->out = out;
}

/* The text between quotation marks, and nothing else, is foreign. */
static void put_quoted(struct pw_strbuf *out, const char *text)
{
    static const char named[] = "\"\"\\\\\bb\ff\nn\rr\tt"; /* pairs: character, its escape */
    size_t length = strlen(text);
    pw_strbuf_putc(out, '"');
    for (size_t i = 0; i < length;) {
        unsigned char c = (unsigned char)text[i];
        uint32_t code_point = 0;
        size_t used = pw_utf8_decode(text + i, length - i, &code_point);
        const char *pair = named;
        while (*pair != '\0' && *pair != text[i]) {
            pair += 2;
        }
        if (*pair != '\0') {
            pw_strbuf_printf(out, "\\%c", pair[1]);
        } else if (c < 0x20) {
            pw_strbuf_printf(out, "\\u%04x", c);
        } else if (code_point == 0xFFFD) {
            pw_strbuf_puts(out, "\xEF\xBF\xBD");
        } else if (c == '#' && i > 0 && text[i - 1] == '#') {
            pw_strbuf_puts(out, "\\u0023"); /* CI systems find commands anywhere: "##[", "##vso[" */
        } else {
            pw_strbuf_append(out, text + i, used);
        }
        i += used;
    }
    pw_strbuf_putc(out, '"');
}

static void put_line_break(struct pw_json_writer *writer)
{
    pw_strbuf_putc(writer->out, '\n');
    pw_strbuf_pad(writer->out, ' ', writer->depth * INDENT);
}

/* What stands before a value: comma, line break, name. */
static void begin_value(struct pw_json_writer *writer, const char *key)
{
    if (writer->depth == 0) {
        assert(key == NULL);
        return;
    }
    size_t top = writer->depth - 1;
    assert(writer->is_object[top] == (key != NULL));
    if (writer->has_items[top]) {
        pw_strbuf_puts(writer->out, writer->is_compact[top] ? ", " : ",");
    }
    writer->has_items[top] = true;
    if (!writer->is_compact[top]) {
        put_line_break(writer);
    }
    if (key != NULL) {
        put_quoted(writer->out, key);
        pw_strbuf_puts(writer->out, ": ");
    }
}

static void begin_container(struct pw_json_writer *writer, const char *key, bool is_object,
                            bool is_compact)
{
    assert(writer->depth < PW_JSON_MAX_DEPTH);
    begin_value(writer, key);
    pw_strbuf_putc(writer->out, is_object ? '{' : '[');
    size_t top = writer->depth++;
    writer->is_object[top] = is_object;
    writer->has_items[top] = false;
    writer->is_compact[top] = is_compact || (top > 0 && writer->is_compact[top - 1]);
}

void pw_json_begin_object(struct pw_json_writer *writer, const char *key)
{
    begin_container(writer, key, true, false);
}

void pw_json_begin_array(struct pw_json_writer *writer, const char *key)
{
    begin_container(writer, key, false, false);
}

void pw_json_begin_compact_object(struct pw_json_writer *writer, const char *key)
{
    begin_container(writer, key, true, true);
}

void pw_json_begin_compact_array(struct pw_json_writer *writer, const char *key)
{
    begin_container(writer, key, false, true);
}

void pw_json_end(struct pw_json_writer *writer)
{
    assert(writer->depth > 0);
    size_t top = --writer->depth;
    if (writer->has_items[top] && !writer->is_compact[top]) {
        put_line_break(writer);
    }
    pw_strbuf_putc(writer->out, writer->is_object[top] ? '}' : ']');
}

void pw_json_put_string(struct pw_json_writer *writer, const char *key, const char *text)
{
    begin_value(writer, key);
    if (text == NULL) {
        pw_strbuf_puts(writer->out, "null");
    } else {
        put_quoted(writer->out, text);
    }
}

void pw_json_put_double(struct pw_json_writer *writer, const char *key, double value)
{
    char text[PW_DOUBLE_TEXT_SIZE] = "null";
    begin_value(writer, key);
    if (isfinite(value)) {
        pw_format_double(value, text);
    }
    pw_strbuf_puts(writer->out, text);
}

void pw_json_put_uint64(struct pw_json_writer *writer, const char *key, uint64_t value)
{
    begin_value(writer, key);
    const char *format = value > LARGEST_EXACT ? "\"" : "";
    pw_strbuf_printf(writer->out, "%s%llu%s", format, (unsigned long long)value, format);
}

void pw_json_put_bool(struct pw_json_writer *writer, const char *key, bool value)
{
    begin_value(writer, key);
    pw_strbuf_puts(writer->out, value ? "true" : "false");
}

void pw_json_put_null(struct pw_json_writer *writer, const char *key)
{
    begin_value(writer, key);
    pw_strbuf_puts(writer->out, "null");
}

/* Containers of scalars alone fit on a line; so were they written, or they lose nothing by it. */
static bool is_flat_array(const struct pw_json *value)
{
    if (pw_json_type(value) != PW_JSON_ARRAY) {
        return false;
    }
    const struct pw_json *item = pw_json_first(value);
    while (item != NULL && pw_json_first(item) == NULL) {
        item = pw_json_next(item);
    }
    return item == NULL;
}

static void put_container(struct pw_json_writer *writer, const char *key,
                          const struct pw_json *value)
{
    if (writer->depth == PW_JSON_MAX_DEPTH) {
        writer->out->failed = true; /* a copy cut short must not pass for the whole */
        return;
    }
    begin_container(writer, key, pw_json_type(value) == PW_JSON_OBJECT, is_flat_array(value));
    for (const struct pw_json *item = pw_json_first(value); item != NULL;
         item = pw_json_next(item)) {
        pw_json_put_value(writer, pw_json_key(item), item);
    }
    pw_json_end(writer);
}

void pw_json_put_value(struct pw_json_writer *writer, const char *key, const struct pw_json *value)
{
    double number = 0;
    bool flag = false;
    switch (pw_json_type(value)) {
    case PW_JSON_NULL:
        pw_json_put_null(writer, key);
        break;
    case PW_JSON_BOOL:
        (void)pw_json_bool(value, &flag);
        pw_json_put_bool(writer, key, flag);
        break;
    case PW_JSON_NUMBER:
        (void)pw_json_number(value, &number);
        pw_json_put_double(writer, key, number);
        break;
    case PW_JSON_STRING:
        pw_json_put_string(writer, key, pw_json_string(value));
        break;
    case PW_JSON_ARRAY:
    case PW_JSON_OBJECT:
        put_container(writer, key, value);
        break;
    }
}

void pw_json_writer_finish(struct pw_json_writer *writer)
{
    assert(writer->depth == 0);
    pw_strbuf_putc(writer->out, '\n');
}
