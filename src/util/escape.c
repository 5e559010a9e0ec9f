/*
 * Escaping, one function per context: a terminal, XML, markdown, CSV, labels, a shell.
 *
 * Every function walks the text by code points, so that no context ever sees half a character or
 * malformed UTF-8. Refuses to guess: what a context cannot express is shown in words of ASCII.
 */
#include "perfwarden/util/escape.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "perfwarden/util/text.h"

#define REPLACEMENT      0xFFFDu
#define REPLACEMENT_UTF8 "\xEF\xBF\xBD"

/** One code point where it stands. */
struct character {
    const char *text;  /**< start of the whole text */
    const char *bytes; /**< where this one starts; the text goes on to its NUL */
    size_t length;
    uint32_t code_point;
};

static void for_each_character(struct pw_strbuf *out, const char *text,
                               void (*put)(struct pw_strbuf *, const struct character *))
{
    size_t left = strlen(text);
    struct character c = {text, text, 0, 0};
    while ((c.length = pw_utf8_decode(c.bytes, left, &c.code_point)) > 0) {
        put(out, &c);
        c.bytes += c.length;
        left -= c.length;
    }
}

static void put_plain(struct pw_strbuf *out, const struct character *c)
{
    if (c->code_point == REPLACEMENT) {
        pw_strbuf_puts(out, REPLACEMENT_UTF8);
    } else {
        pw_strbuf_append(out, c->bytes, c->length);
    }
}

static bool is_alphanumeric(uint32_t code_point)
{
    return (code_point >= '0' && code_point <= '9') || (code_point >= 'A' && code_point <= 'Z') ||
           (code_point >= 'a' && code_point <= 'z');
}

/* C0, DEL and C1 drive terminals; bidirectional controls and line separators forge what is read. */
static bool is_control(uint32_t code_point)
{
    static const struct {
        uint32_t first;
        uint32_t last;
    } ranges[] = {{0x00, 0x1F},     {0x7F, 0x9F},     {0x061C, 0x061C},
                  {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2066, 0x2069}};
    for (size_t i = 0; i < PW_COUNT(ranges); i++) {
        if (code_point >= ranges[i].first && code_point <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

/* What stands for a control character, as a C programmer reads it. The backslash is the caller's:
   in markdown it must not be a plain one. */
static void put_control(struct pw_strbuf *out, const char *backslash, uint32_t code_point)
{
    if (code_point <= 0xFF) {
        pw_strbuf_printf(out, "%sx%02x", backslash, (unsigned)code_point);
    } else {
        pw_strbuf_printf(out, "%su{%x}", backslash, (unsigned)code_point);
    }
}

/* No ASCII character that shows stands before it. CI systems skip blanks, some of them beyond
   ASCII, before they look for a command. */
static bool is_first_visible(const struct character *c)
{
    for (const char *p = c->bytes; p > c->text; p--) {
        if (p[-1] > ' ' && p[-1] < 0x7F) {
            return false;
        }
    }
    return true;
}

/* GitHub finds "::" commands at the start of a line and the old "##[" form anywhere in it; Azure
   finds "##vso[" and "##[". */
static bool starts_ci_command(const struct character *c)
{
    if (c->code_point == ':') {
        return c->bytes[1] == ':' && is_first_visible(c);
    }
    return c->code_point == '#' &&
           (strncmp(c->bytes, "##[", 3) == 0 || strncasecmp(c->bytes, "##vso[", 6) == 0);
}

static void put_terminal(struct pw_strbuf *out, const struct character *c)
{
    if (is_control(c->code_point) || starts_ci_command(c)) {
        put_control(out, "\\", c->code_point);
    } else {
        put_plain(out, c);
    }
}

void pw_escape_terminal(struct pw_strbuf *out, const char *text)
{
    for_each_character(out, text, put_terminal);
}

/* The production Char of XML 1.0. Surrogates cannot come out of the decoder. */
static bool is_xml_character(uint32_t code_point)
{
    return code_point == '\t' || code_point == '\n' || code_point == '\r' ||
           (code_point >= 0x20 && code_point != 0xFFFE && code_point != 0xFFFF);
}

static void put_xml_character(struct pw_strbuf *out, const struct character *c)
{
    if (is_xml_character(c->code_point)) {
        put_plain(out, c);
    } else {
        pw_strbuf_puts(out, REPLACEMENT_UTF8);
    }
}

void pw_escape_xml_characters(struct pw_strbuf *out, const char *text)
{
    for_each_character(out, text, put_xml_character);
}

static void put_xml(struct pw_strbuf *out, const struct character *c)
{
    static const struct {
        uint32_t code_point;
        const char *reference;
    } references[] = {{'&', "&amp;"},  {'<', "&lt;"},  {'>', "&gt;"},   {'"', "&quot;"},
                      {'\'', "&#39;"}, {'\t', "&#9;"}, {'\n', "&#10;"}, {'\r', "&#13;"}};
    for (size_t i = 0; i < PW_COUNT(references); i++) {
        if (c->code_point == references[i].code_point) {
            pw_strbuf_puts(out, references[i].reference);
            return;
        }
    }
    if (c->code_point == '#' && c->bytes > c->text && c->bytes[-1] == '#') {
        pw_strbuf_puts(out, "&#35;"); /* "##[" is a command to CI systems wherever it stands */
        return;
    }
    put_xml_character(out, c);
}

void pw_escape_xml(struct pw_strbuf *out, const char *text)
{
    for_each_character(out, text, put_xml);
}

static void put_html(struct pw_strbuf *out, const struct character *c)
{
    if (is_control(c->code_point)) {
        put_control(out, "\\", c->code_point);
    } else {
        put_xml(out, c);
    }
}

void pw_escape_html(struct pw_strbuf *out, const char *text)
{
    for_each_character(out, text, put_html);
}

/* Characters that are text in GitHub's markdown wherever they stand inside a line. A point is one
   but behind a 'w', where it could make a link of "www."; a colon only before a blank, where it
   makes no link, no emoji and no CI command. */
static bool is_markdown_text(const struct character *c)
{
    if (c->code_point >= 0x80 || is_alphanumeric(c->code_point)) {
        return true;
    }
    if (c->code_point == '.') {
        return c->bytes == c->text || (c->bytes[-1] | 0x20) != 'w';
    }
    if (c->code_point == ':') {
        return c->bytes[1] == ' ';
    }
    return strchr(" -+=,;/%()?'\"", (int)c->code_point) != NULL;
}

static void put_markdown(struct pw_strbuf *out, const struct character *c)
{
    if (is_control(c->code_point)) {
        put_control(out, "&#92;", c->code_point);
    } else if (is_markdown_text(c)) {
        put_plain(out, c);
    } else {
        pw_strbuf_printf(out, "&#%u;", (unsigned)c->code_point);
    }
}

void pw_escape_markdown_code(struct pw_strbuf *out, const char *text)
{
    pw_strbuf_puts(out, "<code>");
    for_each_character(out, text, put_markdown);
    pw_strbuf_puts(out, "</code>");
}

static void put_markdown_text(struct pw_strbuf *out, const struct character *c)
{
    if (c->code_point == '\t' || c->code_point == '\n' || c->code_point == '\r') {
        pw_strbuf_putc(out, ' ');
        return;
    }
    put_markdown(out, c);
    if (c->code_point == '@' || c->code_point == '#') {
        pw_strbuf_puts(out, "&#8203;");
    }
}

void pw_escape_markdown_text(struct pw_strbuf *out, const char *text)
{
    for_each_character(out, text, put_markdown_text);
}

static void put_csv(struct pw_strbuf *out, const struct character *c)
{
    if (c->code_point == '"') {
        pw_strbuf_putc(out, '"');
    }
    put_plain(out, c);
}

void pw_escape_csv(struct pw_strbuf *out, const char *text)
{
    const bool is_formula = text[0] != '\0' && strchr("=+-@\t\r'", text[0]) != NULL;
    const size_t last = strlen(text) - (text[0] != '\0');
    /* a line that begins with "::" is a command to GitHub's runner, should it be printed there */
    const bool is_quoted = strpbrk(text, ",;\"\r\n\t") != NULL || text[0] == ' ' ||
                           text[0] == ':' || text[last] == ' ';
    pw_strbuf_puts(out, is_quoted ? "\"" : "");
    pw_strbuf_puts(out, is_formula ? "'" : "");
    for_each_character(out, text, put_csv);
    pw_strbuf_puts(out, is_quoted ? "\"" : "");
}

static void put_label(struct pw_strbuf *out, const struct character *c)
{
    if (c->code_point == '\n') {
        pw_strbuf_puts(out, "\\n");
        return;
    }
    if (c->code_point == '"' || c->code_point == '\\') {
        pw_strbuf_putc(out, '\\');
    }
    put_plain(out, c);
}

void pw_escape_label(struct pw_strbuf *out, const char *text)
{
    for_each_character(out, text, put_label);
}

/** What a command of a CI system spells otherwise. */
struct substitute {
    uint32_t code_point;
    const char *text;
};

static void put_substituted(struct pw_strbuf *out, const struct character *c,
                            const struct substitute *substitutes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (substitutes[i].code_point == c->code_point) {
            pw_strbuf_puts(out, substitutes[i].text);
            return;
        }
    }
    put_plain(out, c);
}

/* Those of data come first. */
static const struct substitute workflow_substitutes[] = {
    {'%', "%25"}, {'\r', "%0D"}, {'\n', "%0A"}, {':', "%3A"}, {',', "%2C"}};
static const struct substitute azure_substitutes[] = {
    {'%', "%AZP25"}, {'\r', "%0D"}, {'\n', "%0A"}, {';', "%3B"}, {']', "%5D"}};
enum { DATA_SUBSTITUTES = 3 };

static void put_workflow_data(struct pw_strbuf *out, const struct character *c)
{
    put_substituted(out, c, workflow_substitutes, DATA_SUBSTITUTES);
}

static void put_workflow_property(struct pw_strbuf *out, const struct character *c)
{
    put_substituted(out, c, workflow_substitutes, PW_COUNT(workflow_substitutes));
}

static void put_azure_data(struct pw_strbuf *out, const struct character *c)
{
    put_substituted(out, c, azure_substitutes, DATA_SUBSTITUTES);
}

static void put_azure_property(struct pw_strbuf *out, const struct character *c)
{
    put_substituted(out, c, azure_substitutes, PW_COUNT(azure_substitutes));
}

void pw_escape_workflow_data(struct pw_strbuf *out, const char *text)
{
    for_each_character(out, text, put_workflow_data);
}

void pw_escape_workflow_property(struct pw_strbuf *out, const char *text)
{
    for_each_character(out, text, put_workflow_property);
}

void pw_escape_azure_data(struct pw_strbuf *out, const char *text)
{
    for_each_character(out, text, put_azure_data);
}

void pw_escape_azure_property(struct pw_strbuf *out, const char *text)
{
    for_each_character(out, text, put_azure_property);
}

static bool is_shell_word(const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (!is_alphanumeric((unsigned char)*p) && strchr("_@%+=:,./-", *p) == NULL) {
            return false;
        }
    }
    return *text != '\0';
}

static void put_shell(struct pw_strbuf *out, const struct character *c)
{
    if (c->code_point == '\'') {
        pw_strbuf_puts(out, "'\\''");
    } else {
        put_plain(out, c);
    }
}

void pw_escape_shell(struct pw_strbuf *out, const char *text)
{
    if (is_shell_word(text)) {
        pw_strbuf_puts(out, text);
        return;
    }
    pw_strbuf_putc(out, '\'');
    for_each_character(out, text, put_shell);
    pw_strbuf_putc(out, '\'');
}
