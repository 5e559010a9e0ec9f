/* Blocks, tables and folds of GitHub's markdown, within a size. */
#include "markdown.h"

#include <string.h>

#include "perfwarden/util/escape.h"
#include "shorten.h"
#include "summary.h"

/* Longer texts are cut in the middle: no reader looks at more, and no row may cost all others. */
#define LONGEST_TEXT 500

void pw_markdown_init(struct pw_markdown *markdown, struct pw_strbuf *out, size_t max_bytes,
                      size_t reserve)
{
    const size_t most =
        max_bytes == 0 || max_bytes > PW_REPORT_MAX_BYTES ? PW_REPORT_MAX_BYTES : max_bytes;
    const size_t taken = PW_MARKDOWN_FRAME_BYTES + reserve;
    *markdown = (struct pw_markdown){.out = out,
                                     .start = out->length,
                                     .max_bytes = most,
                                     .limit = taken < most ? most - taken : 0};
}

int pw_markdown_finish(struct pw_markdown *markdown, int status, struct pw_error *err)
{
    if (status == 0) {
        status = pw_strbuf_check(&markdown->block, err);
    }
    if (status == 0) {
        status = pw_strbuf_check(&markdown->plain, err);
    }
    if (status == 0) {
        status = pw_strbuf_check(&markdown->shortened, err);
    }
    if (status == 0) {
        status = pw_strbuf_check(markdown->out, err);
    }
    if (status < 0) {
        pw_strbuf_truncate(markdown->out, markdown->start);
    }
    pw_strbuf_release(&markdown->block);
    pw_strbuf_release(&markdown->plain);
    pw_strbuf_release(&markdown->shortened);
    return status;
}

bool pw_markdown_commit(struct pw_markdown *markdown)
{
    size_t used = markdown->out->length - markdown->start;
    if (pw_strbuf_failed(&markdown->block)) {
        return false; /* pw_markdown_finish() reports it */
    }
    if (used > markdown->limit || markdown->block.length > markdown->limit - used) {
        markdown->is_full = true;
    }
    if (markdown->is_full) {
        markdown->left_out++;
    } else {
        pw_strbuf_append(markdown->out, pw_strbuf_text(&markdown->block), markdown->block.length);
    }
    pw_strbuf_clear(&markdown->block);
    return !markdown->is_full;
}

static void put_why_left_out(struct pw_markdown *markdown)
{
    pw_strbuf_printf(markdown->out,
                     ", because this report may take %zu bytes at most. The JSON has all.*\n",
                     markdown->max_bytes);
}

void pw_markdown_note_left_out(struct pw_markdown *markdown, const char *what)
{
    if (markdown->left_out == 0) {
        return;
    }
    pw_strbuf_puts(markdown->out, "\n*Left out: ");
    pw_report_plural(markdown->out, markdown->left_out, what);
    put_why_left_out(markdown);
    markdown->left_out = 0;
}

void pw_markdown_leave_out(struct pw_markdown *markdown, const char *title, size_t count)
{
    pw_strbuf_printf(markdown->out, "*Left out: \"%s\", ", title);
    pw_report_plural(markdown->out, count, "row");
    put_why_left_out(markdown);
    pw_strbuf_putc(markdown->out, '\n');
}

void pw_markdown_open(struct pw_markdown *markdown, const char *title, size_t count, bool is_folded)
{
    if (is_folded) {
        pw_strbuf_printf(markdown->out, "<details><summary>%s (%zu)</summary>\n\n", title, count);
    } else {
        pw_strbuf_printf(markdown->out, "### %s\n\n", title);
    }
}

void pw_markdown_close(struct pw_markdown *markdown, bool is_folded)
{
    pw_strbuf_puts(markdown->out, is_folded ? "\n</details>\n\n" : "\n");
}

void pw_markdown_table_head(struct pw_markdown *markdown, const char *const *titles,
                            const char *alignment)
{
    size_t count = strlen(alignment);
    pw_strbuf_putc(markdown->out, '|');
    for (size_t i = 0; i < count; i++) {
        pw_strbuf_printf(markdown->out, " %s |", titles[i]);
    }
    pw_strbuf_puts(markdown->out, "\n|");
    for (size_t i = 0; i < count; i++) {
        pw_strbuf_puts(markdown->out, alignment[i] == 'r' ? "--:|" : ":--|");
    }
    pw_strbuf_putc(markdown->out, '\n');
}

void pw_markdown_code(struct pw_markdown *markdown, const char *text)
{
    pw_strbuf_clear(&markdown->shortened);
    pw_report_shorten(text, LONGEST_TEXT, &markdown->shortened);
    pw_strbuf_share_failure(&markdown->block, &markdown->shortened); /* clearing forgets it */
    pw_escape_markdown_code(&markdown->block, pw_strbuf_text(&markdown->shortened));
}

void pw_markdown_text(struct pw_markdown *markdown, const char *text)
{
    pw_strbuf_clear(&markdown->shortened);
    pw_report_shorten(text, LONGEST_TEXT, &markdown->shortened);
    pw_strbuf_share_failure(&markdown->block, &markdown->shortened);
    pw_escape_markdown_text(&markdown->block, pw_strbuf_text(&markdown->shortened));
}

void pw_markdown_cell(struct pw_markdown *markdown, const char *text)
{
    pw_strbuf_putc(&markdown->block, ' ');
    pw_markdown_text(markdown, text);
    pw_strbuf_puts(&markdown->block, " |");
}

void pw_markdown_flush_plain(struct pw_markdown *markdown)
{
    pw_strbuf_share_failure(&markdown->block, &markdown->plain);
    pw_markdown_text(markdown, pw_strbuf_text(&markdown->plain));
    pw_strbuf_clear(&markdown->plain);
}

void pw_markdown_flush_code(struct pw_markdown *markdown)
{
    pw_strbuf_share_failure(&markdown->block, &markdown->plain);
    pw_markdown_code(markdown, pw_strbuf_text(&markdown->plain));
    pw_strbuf_clear(&markdown->plain);
}
