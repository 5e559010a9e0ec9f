/* perfwarden baseline list: what is stored, newest first, as a table or as JSON. */
#include <string.h>

#include "baseline.h"
#include "terminal.h"

/* The subject of a commit; "" where this clone does not have it. */
static void put_subject(struct pw_project *project, const char *commit, struct pw_strbuf *out)
{
    pw_strbuf_clear(out);
    if (pw_git_subject(project->git, commit, out, NULL) != PW_OK) {
        pw_strbuf_clear(out);
    }
}

/* As much of a line as the terminal shows without wrapping it; 0 columns for all. */
static void put_cut(struct pw_strbuf *out, const char *text, unsigned columns)
{
    size_t width = 0;
    size_t at = 0;
    const size_t length = strlen(text);
    while (columns > 0 && at < length) {
        uint32_t code_point = 0;
        char character[5] = "";
        const size_t used = pw_utf8_decode(text + at, length - at, &code_point);
        memcpy(character, text + at, used);
        width += pw_text_width(character);
        if (width > columns) {
            break;
        }
        at += used;
    }
    pw_strbuf_append(out, text, columns > 0 ? at : length);
    pw_strbuf_putc(out, '\n');
}

static void put_table(struct pw_project *project, const struct pw_baseline_choice *choice,
                      unsigned columns, struct pw_strbuf *out)
{
    struct pw_strbuf line = PW_STRBUF_INIT;
    struct pw_strbuf subject = PW_STRBUF_INIT;
    pw_baseline_put_head(&line);
    pw_strbuf_pad(&line, ' ', PW_RUN_ID_SIZE - 1 - strlen("RUN ID"));
    pw_strbuf_puts(&line, "  SUBJECT");
    put_cut(out, pw_strbuf_text(&line), columns);
    for (size_t i = 0; i < choice->count; i++) {
        pw_strbuf_clear(&line);
        pw_baseline_put_row(&line, &choice->entries[i]);
        put_subject(project, choice->entries[i].commit, &subject);
        if (subject.length > 0) {
            pw_strbuf_puts(&line, "  ");
            pw_escape_terminal(&line, pw_strbuf_text(&subject));
        }
        put_cut(out, pw_strbuf_text(&line), columns);
        out->failed = out->failed || pw_strbuf_failed(&line);
    }
    pw_strbuf_release(&subject);
    pw_strbuf_release(&line);
}

static void put_json(struct pw_project *project, const struct pw_baseline_choice *choice,
                     struct pw_strbuf *out)
{
    struct pw_strbuf subject = PW_STRBUF_INIT;
    struct pw_json_writer writer;
    pw_json_writer_init(&writer, out);
    pw_json_begin_object(&writer, NULL);
    pw_json_put_string(&writer, "schema", "perfwarden/baselines/1");
    pw_json_put_string(&writer, "store", pw_store_location(project->store));
    pw_json_begin_array(&writer, "baselines");
    for (size_t i = 0; i < choice->count; i++) {
        put_subject(project, choice->entries[i].commit, &subject);
        pw_json_begin_compact_object(&writer, NULL);
        pw_baseline_put_entry(&writer, &choice->entries[i]);
        pw_json_put_string(&writer, "subject",
                           subject.length == 0 ? NULL : pw_strbuf_text(&subject));
        pw_json_end(&writer);
    }
    pw_json_end(&writer);
    pw_json_end(&writer);
    pw_json_writer_finish(&writer);
    pw_strbuf_release(&subject);
}

int pw_baseline_list(struct pw_cli *cli, const struct pw_arguments *arguments,
                     struct pw_project *project, const struct pw_words *operands)
{
    struct pw_baseline_choice choice = {0};
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_error err = PW_ERROR_INIT;
    int code = pw_baseline_choose(cli, arguments, project, operands, &choice);
    const bool can_show = code == PW_EXIT_PASS || choice.count > 0;
    if (can_show && arguments->is_json) {
        put_json(project, &choice, &text);
    } else if (can_show && choice.count > 0) {
        put_table(project, &choice, pw_terminal_columns(cli->out), &text);
    } else if (can_show) {
        fprintf(cli->err, "perfwarden: nothing matches in %s%s\n",
                pw_store_location(project->store),
                choice.listing.count > 0 ? "" : "; 'perfwarden baseline update' stores a baseline");
    }
    if (pw_strbuf_check(&text, &err) == PW_OK) {
        fputs(pw_strbuf_text(&text), cli->out);
    } else {
        code = pw_exit_worst(code, pw_cli_fail(cli, &err));
    }
    pw_strbuf_release(&text);
    pw_store_listing_release(&choice.listing);
    return code;
}
