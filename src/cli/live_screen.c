/* Moves within its own lines only: up to the first of them, and erasing from there on. */
#include "live_screen.h"

#include <string.h>

#include "perfwarden/util/text.h"

/* Columns of a line without its colours. */
static size_t visible_width(const char *line, size_t length)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    for (size_t at = 0; at < length; at++) {
        if (line[at] == '\x1B') {
            while (at < length && line[at] != 'm') {
                at++;
            }
        } else {
            pw_strbuf_putc(&text, line[at]);
        }
    }
    const size_t width = pw_text_width(pw_strbuf_text(&text));
    pw_strbuf_release(&text);
    return width;
}

/* Rows of the terminal that the lines take. One that became narrower has wrapped them, as nearly
 * all of today's do. */
static size_t rows_shown(const struct pw_live_screen *screen, unsigned columns)
{
    const char *line = pw_strbuf_text(&screen->shown);
    size_t rows = 0;
    for (const char *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        const size_t width = visible_width(line, (size_t)(end - line));
        rows += columns == 0 || width <= columns ? 1 : (width + columns - 1) / columns;
    }
    return rows;
}

static void go_to_first(const struct pw_live_screen *screen, unsigned columns,
                        struct pw_strbuf *out)
{
    const size_t rows = rows_shown(screen, columns);
    pw_strbuf_putc(out, '\r');
    if (rows > 0) {
        pw_strbuf_printf(out, "\x1B[%zuA", rows);
    }
}

static void write_out(const struct pw_live_screen *screen, const struct pw_strbuf *text)
{
    if (!pw_strbuf_failed(text)) {
        (void)fwrite(pw_strbuf_text(text), 1, text->length, screen->stream);
        (void)fflush(screen->stream);
    }
}

void pw_live_screen_show(struct pw_live_screen *screen, const char *lines, unsigned columns)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    go_to_first(screen, columns, &text);
    for (const char *line = lines, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        pw_strbuf_append(&text, line, (size_t)(end - line));
        pw_strbuf_puts(&text, "\x1B[K\n"); /* erased behind the text, not before it: no flicker */
    }
    pw_strbuf_puts(&text, "\x1B[J");
    pw_strbuf_clear(&screen->shown);
    pw_strbuf_puts(&screen->shown, lines);
    if (!pw_strbuf_failed(&screen->shown)) {
        write_out(screen, &text);
    }
    pw_strbuf_release(&text);
}

void pw_live_screen_wipe(struct pw_live_screen *screen, unsigned columns)
{
    if (screen->shown.length > 0) {
        struct pw_strbuf text = PW_STRBUF_INIT;
        go_to_first(screen, columns, &text);
        pw_strbuf_puts(&text, "\x1B[J");
        write_out(screen, &text);
        pw_strbuf_release(&text);
    }
    pw_strbuf_release(&screen->shown);
}
