/*
 * The manual page, from the same tables as --help. The only source of roff requests; foreign text
 * goes through put_roff(), which takes away the meaning of backslashes, dashes and leading dots.
 */
#include <string.h>

#include "help.h"

/* Appends text of any kind; a byte at the start of a line cannot become a request. */
static void put_roff_span(struct pw_strbuf *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const bool starts_line = out->length == 0 || out->data[out->length - 1] == '\n';
        if (starts_line && (text[i] == '.' || text[i] == '\'')) {
            pw_strbuf_puts(out, "\\&");
        }
        switch (text[i]) {
        case '\\':
            pw_strbuf_puts(out, "\\e");
            break;
        case '-':
            pw_strbuf_puts(out, "\\-");
            break;
        case '\'':
            pw_strbuf_puts(out, "\\(aq");
            break;
        default:
            pw_strbuf_putc(out, text[i]);
        }
    }
}

static void put_roff(struct pw_strbuf *out, const char *text)
{
    put_roff_span(out, text, strlen(text));
}

/* A request with the rest of its line as text. */
static void put_request(struct pw_strbuf *out, const char *request, const char *text)
{
    pw_strbuf_printf(out, "%s ", request);
    put_roff(out, text);
    pw_strbuf_putc(out, '\n');
}

static void put_paragraphs(struct pw_strbuf *out, const char *text)
{
    while (*text != '\0') {
        const char *end = strstr(text, "\n\n");
        const size_t length = end == NULL ? strlen(text) : (size_t)(end - text);
        const bool is_verbatim = text[0] == ' ';
        pw_strbuf_puts(out, is_verbatim ? ".PP\n.nf\n" : ".PP\n");
        put_roff_span(out, text, length);
        pw_strbuf_puts(out, is_verbatim ? "\n.fi\n" : "\n");
        text += length + (end == NULL ? 0 : 2);
    }
}

static void put_tagged(struct pw_strbuf *out, const char *label, const char *text)
{
    pw_strbuf_puts(out, ".TP\n");
    put_request(out, ".B", label);
    put_roff(out, text);
    pw_strbuf_putc(out, '\n');
}

static void put_option(struct pw_strbuf *out, const struct pw_option *option)
{
    struct pw_strbuf text = PW_STRBUF_INIT;

    pw_strbuf_puts(out, ".TP\n");
    if (option->letter != 0) {
        pw_strbuf_printf(out, "\\fB\\-%c\\fR%s", option->letter, option->name == NULL ? "" : ", ");
    }
    if (option->name != NULL) {
        pw_strbuf_puts(out, "\\fB\\-\\-");
        put_roff(out, option->name);
        pw_strbuf_puts(out, "\\fR");
    }
    if (option->argument != NULL) {
        pw_strbuf_puts(out, " \\fI");
        put_roff(out, option->argument);
        pw_strbuf_puts(out, "\\fR");
    }
    pw_strbuf_putc(out, '\n');
    pw_option_describe(&text, option);
    put_roff(out, pw_strbuf_text(&text));
    pw_strbuf_putc(out, '\n');
    out->failed |= pw_strbuf_failed(&text);
    pw_strbuf_release(&text);
}

/* Options every command takes stand in a section of their own. */
static void put_options(struct pw_strbuf *out, unsigned commands)
{
    size_t count = 0;
    const struct pw_option *options = pw_option_table(&count);

    for (size_t i = 0; i < count; i++) {
        const bool is_general = options[i].commands == PW_FOR_ALL;
        if (is_general == (commands == PW_FOR_ALL) && (options[i].commands & commands) != 0) {
            put_option(out, &options[i]);
        }
    }
}

static void put_commands(struct pw_strbuf *out)
{
    size_t count = 0;
    const struct pw_command *commands = pw_command_table(&count);

    pw_strbuf_puts(out, ".SH COMMANDS\n");
    for (size_t i = 0; i < count; i++) {
        struct pw_strbuf synopsis = PW_STRBUF_INIT;
        pw_help_synopsis(&synopsis, &commands[i]);
        pw_strbuf_puts(out, ".SS ");
        put_roff(out, pw_strbuf_text(&synopsis));
        pw_strbuf_putc(out, '\n');
        put_paragraphs(out, commands[i].description);
        put_options(out, commands[i].bit);
        out->failed |= pw_strbuf_failed(&synopsis);
        pw_strbuf_release(&synopsis);
    }
}

static void put_exit_status(struct pw_strbuf *out)
{
    size_t count = 0;
    const struct pw_exit_meaning *exits = pw_exit_meanings(&count);

    pw_strbuf_puts(out, ".SH EXIT STATUS\n");
    for (size_t i = 0; i < count; i++) {
        pw_strbuf_printf(out, ".TP\n.B %d\n", exits[i].code);
        put_roff(out, exits[i].meaning);
        pw_strbuf_putc(out, '\n');
    }
}

static void put_environment(struct pw_strbuf *out)
{
    size_t count = 0;
    const struct pw_variable *variables = pw_variables(&count);

    pw_strbuf_puts(out, ".SH ENVIRONMENT\n");
    for (size_t i = 0; i < count; i++) {
        put_tagged(out, variables[i].name, variables[i].meaning);
    }
}

void pw_help_manpage(struct pw_strbuf *out)
{
    /* No date: the page is the same however often it is built. */
    pw_strbuf_puts(out, ".TH PERFWARDEN 1 \"\" \"perfwarden " PW_VERSION "\" \"User Commands\"\n"
                        ".SH NAME\n"
                        "perfwarden \\- gate changes on the performance of a program\n"
                        ".SH SYNOPSIS\n"
                        ".B perfwarden\n"
                        "[\\fB\\-C\\fR \\fIDIR\\fR] \\fICOMMAND\\fR [\\fIOPTION\\fR...] "
                        "[\\fIARGUMENT\\fR...]\n"
                        ".SH DESCRIPTION\n"
                        "Runs a project\\(aqs own benchmarks, compares them with the commit a "
                        "change starts from, and ends with a verdict that a pull request can be "
                        "gated on.\n"
                        "Baselines live in the project\\(aqs own git repository.\n"
                        ".SH OPTIONS\n"
                        "These are taken by every command and before its name.\n");
    put_options(out, PW_FOR_ALL);
    put_commands(out);
    put_exit_status(out);
    put_environment(out);
    pw_strbuf_puts(out, ".SH FILES\n");
    put_tagged(out, "perfwarden.yml",
               "the configuration; 'perfwarden help config' describes every key");
    put_tagged(out, "refs/perfwarden/baselines", "the ref on which results are stored, by commit");
    pw_strbuf_puts(out, ".SH SEE ALSO\n.BR git (1)\n");
}
