/* Greedy: a word goes into the line as long as it fits. Widths are columns, not bytes. */
#include "wrap.h"

#include <string.h>

#include "perfwarden/util/text.h"

#define INDENT        4
#define LEAST_COLUMNS 20 /* below, broken prose is no easier to read */

/* A text being broken. */
struct wrap {
    size_t columns;
    struct pw_strbuf word; /**< a copy, to be measured */
    struct pw_strbuf *out;
};

static size_t width_of(struct wrap *wrap, const char *word, size_t length)
{
    pw_strbuf_clear(&wrap->word);
    pw_strbuf_append(&wrap->word, word, length);
    pw_strbuf_share_failure(wrap->out, &wrap->word);
    return pw_text_width(pw_strbuf_text(&wrap->word));
}

static bool may_start_line(const char *word)
{
    return strncmp(word, "::", 2) != 0 && strncmp(word, "##", 2) != 0;
}

/* Bytes of a word; a number and its "%" are one. */
static size_t length_of(const char *word)
{
    size_t length = strcspn(word, " \n");
    while (strncmp(word + length, " %", 2) == 0) {
        length += 1 + strcspn(word + length + 1, " \n");
    }
    return length;
}

/* One line, up to its newline. @return its end */
static const char *wrap_line(struct wrap *wrap, const char *line)
{
    size_t used = 0;
    while (*line != '\n' && *line != '\0') {
        const size_t blanks = strspn(line, " ");
        const char *word = line + blanks;
        const size_t length = length_of(word);
        const size_t width = width_of(wrap, word, length);
        if (used > 0 && used + blanks + width > wrap->columns && width > 0 &&
            may_start_line(word)) {
            pw_strbuf_putc(wrap->out, '\n');
            pw_strbuf_pad(wrap->out, ' ', INDENT);
            pw_strbuf_append(wrap->out, word, length);
            used = INDENT + width;
        } else {
            pw_strbuf_append(wrap->out, line, blanks + length);
            used += blanks + width;
        }
        line = word + length;
    }
    return line;
}

void pw_report_wrap(struct pw_strbuf *out, size_t start, unsigned columns)
{
    struct wrap wrap = {.columns = columns, .word = PW_STRBUF_INIT, .out = out};
    struct pw_strbuf text = PW_STRBUF_INIT;
    if (columns < LEAST_COLUMNS || pw_strbuf_failed(out) || out->length == start) {
        return;
    }
    pw_strbuf_append(&text, out->data + start, out->length - start);
    pw_strbuf_truncate(out, start);
    for (const char *line = pw_strbuf_text(&text); *line != '\0';) {
        line = wrap_line(&wrap, line);
        if (*line == '\n') {
            pw_strbuf_putc(out, '\n');
            line++;
        }
    }
    pw_strbuf_share_failure(out, &text);
    pw_strbuf_release(&text);
    pw_strbuf_release(&wrap.word);
}
