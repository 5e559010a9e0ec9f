/*
 * The option table: the one place that says which options there are, which commands take them, how
 * their values are read and what they mean. Parsing, --help, the man page and the completions all
 * read it.
 */
#ifndef PERFWARDEN_CLI_OPTIONS_H
#define PERFWARDEN_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "cli.h"

/** The commands as bits of a set. */
enum pw_command_bit {
    PW_FOR_CHECK = 1 << 0,
    PW_FOR_RUN = 1 << 1,
    PW_FOR_COMPARE = 1 << 2,
    PW_FOR_BASELINE = 1 << 3,
    PW_FOR_REPORT = 1 << 4,
    PW_FOR_INIT = 1 << 5,
    PW_FOR_HELP = 1 << 6,
    PW_FOR_VERSION = 1 << 7,
    PW_FOR_COMPLETION = 1 << 8,
    PW_FOR_DOCTOR = 1 << 9,
    PW_FOR_MERGE = 1 << 10,
    PW_FOR_ALL = (1 << 11) - 1 /**< also taken before the command's name */
};

/** Headings options are listed under, in this order. */
enum pw_option_group {
    PW_GROUP_MEASURE,
    PW_GROUP_COMPARE,
    PW_GROUP_STORE,
    PW_GROUP_WRITE,
    PW_GROUP_REPORT,
    PW_GROUP_GENERAL,
    PW_GROUP_COUNT
};

/** How a value is read and what is stored at the option's offset. */
enum pw_option_kind {
    PW_OPTION_FLAG,   /**< no value; bool */
    PW_OPTION_TEXT,   /**< const char * */
    PW_OPTION_WORDS,  /**< repeatable; struct pw_words */
    PW_OPTION_CHOICE, /**< one of `choice`; const char * */
    PW_OPTION_WHEN,   /**< one of `choice`, whose order is that of enum pw_when */
    PW_OPTION_PARSED  /**< whatever `parse` makes of it */
};

struct pw_option {
    const char *name;     /**< without dashes; NULL when there is only a letter */
    const char *argument; /**< what help calls the value; NULL for a flag */
    const char *help;     /**< one phrase, no full stop */
    pw_choice_fn choice;
    /** PW_OPTION_PARSED: @return 0; PW_EUSAGE with what the value should have been */
    int (*parse)(const char *value, struct pw_arguments *arguments, struct pw_error *err);
    size_t offset;     /**< into struct pw_arguments */
    unsigned commands; /**< set of enum pw_command_bit */
    enum pw_option_group group;
    enum pw_option_kind kind;
    char letter;  /**< 0 for none */
    bool is_list; /**< the value is a comma-separated list of choices */
};

/** All options, in the order help lists them within a group. @param[out] count how many */
const struct pw_option *pw_option_table(size_t *count);

/** The heading of a group. */
const char *pw_option_group_title(enum pw_option_group group);

/**
 * Read a command line: global options, the command's name, its options and operands in any order.
 *
 * @param argv          argv[0] is skipped; strings are borrowed
 * @param[out] command  NULL when the line names none
 * @param[out] out      released by pw_arguments_release(); unchanged on failure
 * @return 0; PW_EUSAGE naming the word and the remedy; PW_ENOMEM
 */
int pw_options_parse(int argc, char *const *argv, const struct pw_command **command,
                     struct pw_arguments *out, struct pw_error *err) PW_MUST_CHECK;

/** Free what parsing allocated; the strings are argv's. */
void pw_arguments_release(struct pw_arguments *arguments);

/** Append a choice's values with a separator between them: "auto, always, never". */
void pw_choice_join(struct pw_strbuf *out, pw_choice_fn choice, const char *separator);

/** @return the position of a value among a choice's, or -1 */
int pw_choice_index(pw_choice_fn choice, const char *value, size_t length);

/**
 * The value of a choice most like a mistyped one.
 *
 * @return NULL when none is near
 */
const char *pw_choice_nearest(pw_choice_fn choice, const char *value);

#endif
