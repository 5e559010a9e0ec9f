/* Help: texts made from the command table and the option table, for a terminal and for man. */
#ifndef PERFWARDEN_CLI_HELP_H
#define PERFWARDEN_CLI_HELP_H

#include <stddef.h>

#include "cli.h"
#include "options.h"

/** Columns no line of help passes. */
#define PW_HELP_COLUMNS 79

/** An exit code and what it says. */
struct pw_exit_meaning {
    int code;
    const char *meaning;
};

/** In the order of the documentation. @param[out] count how many */
const struct pw_exit_meaning *pw_exit_meanings(size_t *count);

/** Something `perfwarden help` knows that is not a command. */
struct pw_help_topic {
    const char *name;
    const char *summary;
    void (*write)(struct pw_strbuf *out);
};

/** @param[out] count how many */
const struct pw_help_topic *pw_help_topics(size_t *count);

/** An environment variable perfwarden itself reads. */
struct pw_variable {
    const char *name;
    const char *meaning;
};

/** @param[out] count how many */
const struct pw_variable *pw_variables(size_t *count);

/** What `perfwarden help` prints. */
void pw_help_overview(struct pw_strbuf *out);
/** What `perfwarden help COMMAND` prints. */
void pw_help_command(struct pw_strbuf *out, const struct pw_command *command);
/** The exit codes, each with its meaning. */
void pw_help_exit_codes(struct pw_strbuf *out);
/** The environment variables. */
void pw_help_environment(struct pw_strbuf *out);
/** The page perfwarden.1, in roff with the macros of man(7). */
void pw_help_manpage(struct pw_strbuf *out);

/** "usage" without the word: "check [OPTION...] A B". */
void pw_help_synopsis(struct pw_strbuf *out, const struct pw_command *command);

/**
 * Append text broken at blanks so that no line passes PW_HELP_COLUMNS.
 *
 * @param column  where the first line already is
 * @param indent  where the other lines begin
 */
void pw_help_wrap(struct pw_strbuf *out, const char *text, size_t column, size_t indent);

/** The sentence of an option with the values it allows, where they are listed. */
void pw_option_describe(struct pw_strbuf *out, const struct pw_option *option);

#endif
