/* The lines of text outputs: what colours, progress bars and Windows add to them is taken away. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "formats.h"

#define ESC 0x1B
#define BEL 0x07

void pw_adapter_lines_init(struct pw_adapter_lines *lines, const char *text, size_t length)
{
    *lines = (struct pw_adapter_lines){.text = text, .length = length};
    pw_strbuf_init(&lines->line, length + 1);
}

/* A control sequence ends with a byte of @ ... ~. @return where it has ended */
static size_t skip_control(const char *text, size_t length, size_t at)
{
    while (at < length && text[at] != '\n') {
        if (text[at] >= '@' && text[at] <= '~') {
            return at + 1;
        }
        at++;
    }
    return at;
}

/* A text for the terminal, a title or a link, ends with BEL or ESC \. */
static size_t skip_text(const char *text, size_t length, size_t at)
{
    while (at < length && text[at] != '\n' && text[at] != BEL && text[at] != ESC) {
        at++;
    }
    if (at < length && text[at] == BEL) {
        return at + 1;
    }
    return at + 1 < length && text[at] == ESC && text[at + 1] == '\\' ? at + 2 : at;
}

/* Any other sequence ends after one byte. */
static size_t skip_sequence(const char *text, size_t length, size_t at)
{
    at++; /* ESC */
    if (at < length && text[at] == '[') {
        return skip_control(text, length, at + 1);
    }
    if (at < length && text[at] == ']') {
        return skip_text(text, length, at + 1);
    }
    return at < length && text[at] != '\n' ? at + 1 : at;
}

/* Append one line without what is no text of it. */
static void put_plain(struct pw_strbuf *line, const char *text, size_t length)
{
    size_t start = 0;
    for (size_t at = 0; at < length;) {
        if (text[at] != ESC && text[at] != '\0') {
            at++;
            continue;
        }
        pw_strbuf_append(line, text + start, at - start);
        if (text[at] == '\0') {
            pw_strbuf_putc(line, ' ');
            at++;
        } else {
            at = skip_sequence(text, length, at);
        }
        start = at;
    }
    pw_strbuf_append(line, text + start, length - start);
}

char *pw_adapter_next_line(struct pw_adapter_lines *lines)
{
    const char *start = lines->text + lines->at;
    const size_t left = lines->length - lines->at;
    if (left == 0 || pw_strbuf_failed(&lines->line)) {
        return NULL;
    }
    const char *newline = memchr(start, '\n', left);
    const size_t reach = newline == NULL ? left : (size_t)(newline - start);
    const char *carriage = memchr(start, '\r', reach);
    size_t length = carriage == NULL ? reach : (size_t)(carriage - start);
    const bool is_lone = carriage != NULL && length + 1 < reach;
    if (lines->at == 0 || lines->text[lines->at - 1] == '\n') {
        lines->number++;
    }
    lines->at += is_lone ? length + 1 : reach + (newline != NULL);
    pw_strbuf_clear(&lines->line);
    put_plain(&lines->line, start, length);
    pw_strbuf_putc(&lines->line, '\0'); /* so that there is memory even for an empty line */
    return pw_strbuf_failed(&lines->line) ? NULL : lines->line.data;
}

int pw_adapter_lines_finish(struct pw_adapter_lines *lines, int status, struct pw_error *err)
{
    if (status == 0) {
        status = pw_strbuf_check(&lines->line, err);
    }
    pw_strbuf_release(&lines->line);
    return status;
}

bool pw_adapter_any_line(const char *text, size_t length, bool (*is_it)(const char *line))
{
    struct pw_adapter_lines lines;
    bool is_found = false;
    pw_adapter_lines_init(&lines, text, length);
    for (const char *line; !is_found && (line = pw_adapter_next_line(&lines)) != NULL;) {
        is_found = is_it(line);
    }
    pw_strbuf_release(&lines.line);
    return is_found;
}

int pw_adapter_fail(struct pw_error *err, const char *format, unsigned line, const char *text, ...)
{
    struct pw_strbuf problem = PW_STRBUF_INIT;
    va_list args;
    va_start(args, text);
    pw_strbuf_vprintf(&problem, text, args);
    va_end(args);
    int status;
    if (line > 0) {
        status = pw_error_set(err, PW_EFORMAT, "output is not in format '%s': line %u: %s", format,
                              line, pw_strbuf_text(&problem));
    } else {
        status = pw_error_set(err, PW_EFORMAT, "output is not in format '%s': %s", format,
                              pw_strbuf_text(&problem));
    }
    pw_strbuf_release(&problem);
    return status;
}

const char *pw_adapter_skip_blanks(const char *at)
{
    return at + strspn(at, " \t");
}

/* Longest number that is read, its separators taken away: more digits say nothing to a double. */
#define LONGEST_NUMBER 63

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A comma between digits, with three digits and no more behind it. */
static bool is_separator(const char *at)
{
    return at[0] == ',' && is_digit(at[1]) && is_digit(at[2]) && is_digit(at[3]) &&
           !is_digit(at[4]);
}

bool pw_adapter_read_number(const char **at, double *out)
{
    char digits[LONGEST_NUMBER + 1];
    size_t count = 0;
    const char *from = *at;
    bool has_digit = false;
    bool has_point = false;
    bool has_exponent = false;
    for (; count < LONGEST_NUMBER; from++) {
        if (is_digit(*from)) {
            has_digit = true;
        } else if (has_digit && !has_point && !has_exponent && is_separator(from)) {
            continue;
        } else if (*from == '.' && !has_point && !has_exponent) {
            has_point = true;
        } else if ((*from == 'e' || *from == 'E') && has_digit && !has_exponent &&
                   (is_digit(from[1]) ||
                    ((from[1] == '+' || from[1] == '-') && is_digit(from[2])))) {
            has_exponent = true;
            digits[count++] = *from++;
        } else if (!(count == 0 && (*from == '-' || *from == '+'))) {
            break;
        }
        digits[count++] = *from;
        if (count >= LONGEST_NUMBER) {
            return false;
        }
    }
    digits[count] = '\0';
    const char *start = digits[0] == '+' ? digits + 1 : digits;
    if (!has_digit || pw_parse_double(start, out) != 0) {
        return false;
    }
    *at = from;
    return true;
}
