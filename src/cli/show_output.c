/*
 * Lines are put together first: only a whole line can be given its benchmark's name and be looked
 * at for what a terminal or a CI system would obey. Copies that run at once share their lines.
 */
#include "show_output.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What is shown of a line, in bytes: some programs print one of gigabytes. */
#define LINE_MAX_BYTES 1000

int pw_show_output_init(struct pw_show_output *show, FILE *stream, struct pw_error *err)
{
    const char *github = getenv("GITHUB_ACTIONS");
    *show = (struct pw_show_output){.stream = stream};
    if (github == NULL || github[0] == '\0') {
        return PW_OK;
    }
    const int status = pw_run_id_new(show->token, err);
    if (status == PW_OK) {
        show->is_fenced = true;
        fprintf(stream, "::stop-commands::%s\n", show->token);
        fflush(stream);
    }
    return status;
}

/* NULs end no line; they are shown like other control characters. */
static void put_escaped(struct pw_strbuf *out, const struct pw_strbuf *text)
{
    size_t at = 0;
    while (at < text->length) {
        pw_escape_terminal(out, text->data + at);
        at += strlen(text->data + at);
        if (at < text->length) {
            pw_strbuf_puts(out, "\\x00");
            at++;
        }
    }
}

static void put_line(struct pw_show_output *show, const struct pw_benchmark *benchmark,
                     struct pw_shown_line *line)
{
    struct pw_strbuf out = PW_STRBUF_INIT;
    if (line->cut_bytes == 0 && line->text.length > 0 &&
        line->text.data[line->text.length - 1] == '\r') {
        pw_strbuf_truncate(&line->text, line->text.length - 1);
    }
    pw_escape_terminal(&out, benchmark->id);
    pw_strbuf_puts(&out, " | ");
    put_escaped(&out, &line->text);
    if (line->cut_bytes > 0) {
        pw_strbuf_printf(&out, " ... (%" PRIu64 " more bytes)", line->cut_bytes);
    }
    pw_strbuf_putc(&out, '\n');
    fputs(pw_strbuf_text(&out), show->stream);
    pw_strbuf_release(&out);
    pw_strbuf_clear(&line->text);
    line->cut_bytes = 0;
}

static void add_piece(struct pw_shown_line *line, const char *data, size_t length)
{
    const size_t room = LINE_MAX_BYTES - line->text.length;
    const size_t kept = length < room ? length : room;
    pw_strbuf_append(&line->text, data, kept);
    line->cut_bytes += length - kept;
}

void pw_show_output_seen(void *context, const struct pw_benchmark *benchmark, int fd,
                         const char *data, size_t length)
{
    struct pw_show_output *show = context;
    struct pw_shown_line *line = &show->lines[fd == 2];
    const char *const end = data + length;
    if (length == 0) {
        if (line->text.length > 0 || line->cut_bytes > 0) {
            put_line(show, benchmark, line);
        }
        fflush(show->stream);
        return;
    }
    while (data < end) {
        const char *newline = memchr(data, '\n', (size_t)(end - data));
        const char *stop = newline == NULL ? end : newline;
        add_piece(line, data, (size_t)(stop - data));
        if (newline != NULL) {
            put_line(show, benchmark, line);
            stop++;
        }
        data = stop;
    }
    fflush(show->stream);
}

void pw_show_output_finish(struct pw_show_output *show)
{
    if (show->is_fenced) {
        fprintf(show->stream, "::%s::\n", show->token);
        fflush(show->stream);
        show->is_fenced = false;
    }
    for (size_t i = 0; i < PW_COUNT(show->lines); i++) {
        pw_strbuf_release(&show->lines[i].text);
    }
}
