/* The end of a comparison's markdown: the commands to go on with, and nothing that does not exist.
 */
#include "markdown_commands.h"

#include "commands.h"
#include "perfwarden/util/escape.h"

/* A block of HTML, for in a fenced one foreign text could close the fence. */
static void put_command(struct pw_strbuf *out, const char *introduction, struct pw_strbuf *command)
{
    pw_strbuf_printf(out, "%s\n\n<pre>", introduction);
    pw_escape_markdown_code(out, pw_strbuf_text(command));
    pw_strbuf_puts(out, "</pre>\n\n");
    pw_strbuf_share_failure(out, command);
    pw_strbuf_clear(command);
}

static void put_trailer(void *data, const char *line)
{
    struct pw_strbuf *out = data;
    pw_escape_markdown_code(out, line);
    pw_strbuf_putc(out, '\n');
}

static void put_trailers(const struct pw_comparison *comparison, const struct pw_report_rows *rows,
                         struct pw_strbuf *out)
{
    const size_t start = out->length;
    pw_strbuf_puts(out, "To accept what is intended, end a commit message with a paragraph of:\n\n"
                        "<pre>");
    const size_t count =
        pw_report_accept_trailers(comparison, rows, put_trailer, out, &out->failed);
    if (count == 0) {
        pw_strbuf_truncate(out, start);
        return;
    }
    pw_strbuf_truncate(out, out->length - 1);
    pw_strbuf_puts(out, "</pre>\n\n");
    if (count > PW_REPORT_MOST_TRAILERS) {
        pw_strbuf_printf(out, "and %zu more.\n\n", count - PW_REPORT_MOST_TRAILERS);
    }
}

static void put_remedy(void *data, const char *sentence)
{
    pw_strbuf_printf(data, "%s\n\n", sentence);
}

static void put_all(const struct pw_comparison *comparison, const struct pw_report_rows *rows,
                    struct pw_strbuf *out)
{
    struct pw_strbuf command = PW_STRBUF_INIT;
    pw_report_reproduce_command(comparison, rows, &command);
    put_command(out, "To reproduce, on head:", &command);
    if (pw_report_output_command(comparison, rows, &command)) {
        put_command(out, "To see what a benchmark prints that could not be measured:", &command);
    }
    if (rows->group_counts[PW_REPORT_FAILING] > 0) {
        put_trailers(comparison, rows, out);
        pw_report_remedies(comparison, rows, put_remedy, out);
    }
    if (pw_report_is_settled_by_baseline(rows)) {
        pw_report_accept_command(comparison, &command);
        put_command(out, "To accept, on the main branch after merging:", &command);
    }
    pw_strbuf_release(&command);
}

void pw_markdown_commands(const struct pw_comparison *comparison, const struct pw_report_rows *rows,
                          size_t max_bytes, struct pw_strbuf *out)
{
    const size_t start = out->length;
    put_all(comparison, rows, out);
    if (out->length - start > max_bytes) {
        struct pw_strbuf command = PW_STRBUF_INIT;
        pw_strbuf_truncate(out, start);
        pw_report_reproduce_command(comparison, NULL, &command);
        put_command(out, "To reproduce, on head:", &command);
        pw_strbuf_release(&command);
    }
    if (out->length - start > max_bytes) {
        pw_strbuf_truncate(out, start);
    }
    pw_strbuf_truncate(out,
                       out->length > start ? out->length - 1 : start); /* one newline ends it */
}
