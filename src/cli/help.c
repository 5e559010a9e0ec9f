/*
 * Help for a terminal, within 80 columns: every line comes from the command table, the option table
 * or one of the small tables here. Knows nothing of what the commands do.
 */
#include "help.h"

#include <string.h>

/* Where the sentences of options and the meanings in lists begin. */
#define OPTION_COLUMN 24

static const struct pw_exit_meaning EXITS[] = {
    {PW_EXIT_PASS, "every gated comparison passed, or the command did what it should"},
    {PW_EXIT_REGRESSION, "at least one regression"},
    {PW_EXIT_USAGE, "wrong usage or configuration"},
    {PW_EXIT_UNDECIDED, "could not decide: inconclusive or no comparable baseline, where the "
                        "policy says that fails"},
    {PW_EXIT_UNMEASURED, "a benchmark could not be measured: crash, timeout, limit, unreadable "
                         "output, or a benchmark that vanished"},
    {PW_EXIT_INTERNAL, "perfwarden itself failed: git, disk, memory"},
    {PW_EXIT_SIGINT, "interrupted by SIGINT, what was measured is reported"},
    {PW_EXIT_SIGTERM, "ended by SIGTERM, what was measured is reported"},
};

static const struct pw_variable VARIABLES[] = {
    {"NO_COLOR", "set and not empty: no colours unless --color always"},
    {"GITHUB_*, CI_*", "set by GitHub and GitLab; they suggest the base of a comparison, "
                       "--base wins"},
    {"SOURCE_DATE_EPOCH", "the time of day that is recorded, in seconds since 1970"},
    {"PATH", "where a benchmark's command without a '/' is looked up"},
};

const struct pw_exit_meaning *pw_exit_meanings(size_t *count)
{
    *count = PW_COUNT(EXITS);
    return EXITS;
}

const struct pw_variable *pw_variables(size_t *count)
{
    *count = PW_COUNT(VARIABLES);
    return VARIABLES;
}

void pw_help_wrap(struct pw_strbuf *out, const char *text, size_t column, size_t indent)
{
    bool is_line_empty = true;

    while (*text != '\0') {
        const size_t length = strcspn(text, " ");
        if (length > 0) {
            if (!is_line_empty && column + 1 + length > PW_HELP_COLUMNS) {
                pw_strbuf_putc(out, '\n');
                pw_strbuf_pad(out, ' ', indent);
                column = indent;
                is_line_empty = true;
            }
            pw_strbuf_puts(out, is_line_empty ? "" : " ");
            pw_strbuf_append(out, text, length);
            column += length + (is_line_empty ? 0 : 1);
            is_line_empty = false;
        }
        text += length;
        text += *text == ' ' ? 1 : 0;
    }
    pw_strbuf_putc(out, '\n');
}

/* One line of a list: a label at two blanks, its text at a column, on the next line if need be. */
static void put_item(struct pw_strbuf *out, const char *label, const char *text, size_t column)
{
    const size_t end = 2 + strlen(label);

    pw_strbuf_printf(out, "  %s", label);
    if (end + 2 > column) {
        pw_strbuf_putc(out, '\n');
        pw_strbuf_pad(out, ' ', column);
    } else {
        pw_strbuf_pad(out, ' ', column - end);
    }
    pw_help_wrap(out, text, column, column);
}

static void put_description(struct pw_strbuf *out, const char *text)
{
    while (*text != '\0') {
        const char *end = strstr(text, "\n\n");
        const size_t length = end == NULL ? strlen(text) : (size_t)(end - text);
        if (text[0] == ' ') {
            pw_strbuf_append(out, text, length);
            pw_strbuf_putc(out, '\n');
        } else {
            struct pw_strbuf paragraph = PW_STRBUF_INIT;
            pw_strbuf_append(&paragraph, text, length);
            pw_help_wrap(out, pw_strbuf_text(&paragraph), 0, 0);
            out->failed |= pw_strbuf_failed(&paragraph);
            pw_strbuf_release(&paragraph);
        }
        pw_strbuf_putc(out, '\n');
        text += length + (end == NULL ? 0 : 2);
    }
}

void pw_help_exit_codes(struct pw_strbuf *out)
{
    pw_strbuf_puts(out, "Exit codes:\n");
    for (size_t i = 0; i < PW_COUNT(EXITS); i++) {
        struct pw_strbuf label = PW_STRBUF_INIT;
        pw_strbuf_printf(&label, "%3d", EXITS[i].code);
        put_item(out, pw_strbuf_text(&label), EXITS[i].meaning, 7);
        pw_strbuf_release(&label);
    }
    pw_strbuf_puts(out, "\n  The most serious wins: 143, 130, 5, 2, 4, 1, 3, 0.\n");
}

void pw_help_environment(struct pw_strbuf *out)
{
    pw_strbuf_puts(out, "Environment variables:\n");
    for (size_t i = 0; i < PW_COUNT(VARIABLES); i++) {
        put_item(out, VARIABLES[i].name, VARIABLES[i].meaning, OPTION_COLUMN);
    }
}

void pw_help_synopsis(struct pw_strbuf *out, const struct pw_command *command)
{
    pw_strbuf_printf(out, "%s [OPTION...]", command->name);
    if (command->operands[0] != '\0') {
        pw_strbuf_printf(out, " %s", command->operands);
    }
}

void pw_option_describe(struct pw_strbuf *out, const struct pw_option *option)
{
    pw_strbuf_puts(out, option->help);
    if (option->choice != NULL) {
        pw_strbuf_puts(out, " (");
        pw_choice_join(out, option->choice, ", ");
        pw_strbuf_putc(out, ')');
    }
}

static void put_option(struct pw_strbuf *out, const struct pw_option *option)
{
    struct pw_strbuf label = PW_STRBUF_INIT;
    struct pw_strbuf text = PW_STRBUF_INIT;

    if (option->letter == 0) {
        pw_strbuf_puts(&label, "    ");
    } else {
        pw_strbuf_printf(&label, "-%c%s", option->letter, option->name == NULL ? "" : ", ");
    }
    if (option->name != NULL) {
        pw_strbuf_printf(&label, "--%s", option->name);
    }
    if (option->argument != NULL) {
        pw_strbuf_printf(&label, " %s", option->argument);
    }
    pw_option_describe(&text, option);
    put_item(out, pw_strbuf_text(&label), pw_strbuf_text(&text), OPTION_COLUMN);
    out->failed |= pw_strbuf_failed(&label) || pw_strbuf_failed(&text);
    pw_strbuf_release(&label);
    pw_strbuf_release(&text);
}

/* The options of a group that a set of commands takes, under the group's title. */
static void put_group(struct pw_strbuf *out, enum pw_option_group group, unsigned commands)
{
    size_t count = 0;
    const struct pw_option *options = pw_option_table(&count);
    bool has_title = false;

    for (size_t i = 0; i < count; i++) {
        if (options[i].group != group || (options[i].commands & commands) != commands) {
            continue;
        }
        if (!has_title) {
            pw_strbuf_printf(out, "%s:\n", pw_option_group_title(group));
            has_title = true;
        }
        put_option(out, &options[i]);
    }
    pw_strbuf_puts(out, has_title ? "\n" : "");
}

void pw_help_command(struct pw_strbuf *out, const struct pw_command *command)
{
    pw_strbuf_puts(out, "usage: perfwarden ");
    pw_help_synopsis(out, command);
    pw_strbuf_puts(out, "\n\n");
    put_description(out, command->description);
    for (int group = 0; group < PW_GROUP_COUNT; group++) {
        put_group(out, (enum pw_option_group)group, command->bit);
    }
    pw_strbuf_puts(out, "See also 'perfwarden help exit-codes' and 'perfwarden help config'.\n");
}

void pw_help_overview(struct pw_strbuf *out)
{
    size_t command_count = 0;
    size_t topic_count = 0;
    const struct pw_command *commands = pw_command_table(&command_count);
    const struct pw_help_topic *topics = pw_help_topics(&topic_count);

    pw_strbuf_puts(out, "usage: perfwarden [-C DIR] COMMAND [OPTION...] [ARGUMENT...]\n\n");
    pw_help_wrap(out,
                 "Keeps a change from making a program slower: runs a project's own benchmarks, "
                 "compares them with the commit the change starts from, and ends with a verdict.",
                 0, 0);
    pw_strbuf_puts(out, "\nCommands:\n");
    for (size_t i = 0; i < command_count; i++) {
        put_item(out, commands[i].name, commands[i].summary, 16);
    }
    pw_strbuf_puts(out, "\nTopics of 'perfwarden help':\n");
    for (size_t i = 0; i < topic_count; i++) {
        put_item(out, topics[i].name, topics[i].summary, 20);
    }
    pw_strbuf_putc(out, '\n');
    put_group(out, PW_GROUP_GENERAL, PW_FOR_ALL);
    pw_help_exit_codes(out);
    pw_strbuf_puts(out, "\nSee 'perfwarden help COMMAND' for the options of a command.\n");
}
