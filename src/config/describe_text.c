/* The schema as plain text for a terminal of 80 columns: `perfwarden help config`. */
#include <string.h>

#include "describe.h"

#define WIDTH 79

/* Append text in lines of at most WIDTH columns, each indented; words are never broken. */
static void put_wrapped(struct pw_strbuf *out, size_t indent, const char *text)
{
    size_t column = 0;
    for (const char *word = text; *word != '\0';) {
        const size_t length = strcspn(word, " ");
        if (column > 0 && column + 1 + length > WIDTH) {
            pw_strbuf_putc(out, '\n');
            column = 0;
        }
        if (column == 0) {
            pw_strbuf_pad(out, ' ', indent);
            column = indent;
        } else {
            pw_strbuf_putc(out, ' ');
            column++;
        }
        pw_strbuf_append(out, word, length);
        column += length;
        word += length + (word[length] == ' ' ? 1 : 0);
    }
    pw_strbuf_putc(out, '\n');
}

static void put_expects(struct pw_strbuf *out, const struct pw_schema_key *key)
{
    struct pw_strbuf line = PW_STRBUF_INIT;
    pw_schema_expects(&line, key);
    pw_strbuf_printf(&line, "; %s%s", key->initial != NULL ? "default " : "",
                     pw_describe_default(key));
    put_wrapped(out, 6, pw_strbuf_text(&line));
    pw_strbuf_release(&line);
}

static void put_key(struct pw_strbuf *out, const struct pw_schema_section *section,
                    const struct pw_schema_key *key)
{
    pw_strbuf_printf(out, "\n  %s%s\n", section->prefix, key->name);
    put_expects(out, key);
    put_wrapped(out, 6, key->summary);
    if (key->example != NULL) {
        pw_strbuf_printf(out, "      Example: %s: %s\n", key->name, key->example);
    }
}

static void put_section(struct pw_strbuf *out, const struct pw_schema_section *section)
{
    size_t count = 0;
    const struct pw_schema_key *keys = pw_schema_keys(&count);
    pw_strbuf_printf(out, "\n%s\n", section->title);
    put_wrapped(out, 2, section->summary);
    for (size_t i = 0; i < count; i++) {
        /* Settings are shown once, under `defaults`. */
        const bool is_shown_before =
            section->id == PW_SECTION_BENCHMARK && (keys[i].sections & PW_SECTION_DEFAULTS) != 0;
        if ((keys[i].sections & section->id) != 0 && !is_shown_before) {
            put_key(out, section, &keys[i]);
        }
    }
}

static void put_metrics(struct pw_strbuf *out)
{
    size_t count = 0;
    const struct pw_metric_info *metrics = pw_metric_catalogue(&count);
    pw_strbuf_puts(out, "\nBuilt-in metrics\n");
    for (size_t i = 0; i < count; i++) {
        pw_strbuf_printf(out, "  %s\n", metrics[i].name);
        put_wrapped(out, 6, metrics[i].summary);
    }
}

static void put_example(struct pw_strbuf *out)
{
    pw_strbuf_puts(out, "\nExample\n");
    for (const char *line = pw_describe_example(); *line != '\0';) {
        const size_t length = strcspn(line, "\n");
        pw_strbuf_pad(out, ' ', length == 0 ? 0 : 2);
        pw_strbuf_append(out, line, length + 1);
        line += length + 1;
    }
}

void pw_config_describe_text(struct pw_strbuf *out)
{
    size_t count = 0;
    const char *const *introduction = pw_describe_introduction(&count);
    for (size_t i = 0; i < count; i++) {
        pw_strbuf_puts(out, i == 0 ? "" : "\n");
        put_wrapped(out, 0, introduction[i]);
    }
    const struct pw_schema_section *sections = pw_schema_sections(&count);
    for (size_t i = 0; i < count; i++) {
        put_section(out, &sections[i]);
    }
    put_metrics(out);
    sections = pw_schema_accepted_sections(&count);
    for (size_t i = 0; i < count; i++) {
        put_section(out, &sections[i]);
    }
    put_example(out);
}
