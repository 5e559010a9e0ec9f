/*
 * The walk along the command line: words become options and operands by the option table. Refuses
 * abbreviated names, options of other commands, values that are missing or unwanted.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "guess.h"
#include "options.h"

struct walk {
    char *const *argv;
    int argc;
    int next;
    bool options_ended; /* "--" was seen */
    const struct pw_command *command;
    struct pw_arguments arguments;
    struct pw_error *err;
};

/* An option as it was written: "--" and a name, or "-" and a letter. */
struct spelling {
    const char *dashes;
    const char *text;
    size_t length;
};

/* What printf takes for "%s%.*s"; names are cut at INT_MAX, far beyond any argument. */
#define SPELLED(s) (s).dashes, (int)((s).length > INT_MAX ? INT_MAX : (s).length), (s).text

static bool is_taken(const struct pw_option *option, const struct pw_command *command)
{
    return command == NULL ? option->commands == PW_FOR_ALL
                           : (option->commands & command->bit) != 0;
}

static bool is_spelled(const struct pw_option *option, struct spelling s)
{
    if (s.dashes[1] == '\0') {
        return option->letter != 0 && option->letter == s.text[0];
    }
    return option->name != NULL && strlen(option->name) == s.length &&
           memcmp(option->name, s.text, s.length) == 0;
}

/* The commands that take an option, as "'check', 'run'". */
static void list_takers(struct pw_strbuf *out, const struct pw_option *option)
{
    size_t count = 0;
    const struct pw_command *commands = pw_command_table(&count);
    const char *separator = "";

    for (size_t i = 0; i < count; i++) {
        if ((option->commands & commands[i].bit) != 0) {
            pw_strbuf_printf(out, "%s'%s'", separator, commands[i].name);
            separator = ", ";
        }
    }
}

static void fail_not_taken(const struct walk *walk, const struct pw_option *option,
                           struct spelling s)
{
    struct pw_strbuf takers = PW_STRBUF_INIT;

    list_takers(&takers, option);
    if (walk->command == NULL) {
        (void)pw_error_set(walk->err, PW_EUSAGE,
                           "option '%s%.*s' belongs behind the name of a command: %s", SPELLED(s),
                           pw_strbuf_text(&takers));
    } else {
        (void)pw_error_set(walk->err, PW_EUSAGE,
                           "option '%s%.*s' does not apply to '%s', only to %s", SPELLED(s),
                           walk->command->name, pw_strbuf_text(&takers));
    }
    pw_strbuf_release(&takers);
}

static const char *nearest_option(const struct walk *walk, struct spelling s)
{
    size_t count = 0;
    const struct pw_option *table = pw_option_table(&count);
    struct pw_guess guess;
    /* A word cut at '=' has no end of its own to compare by. */
    char *word = strndup(s.text, s.length);

    if (word == NULL) {
        return NULL;
    }
    pw_guess_init(&guess, word);
    for (size_t i = 0; i < count; i++) {
        if (table[i].name != NULL && is_taken(&table[i], walk->command)) {
            pw_guess_offer(&guess, table[i].name);
        }
    }
    free(word);
    return guess.best;
}

static void fail_unknown(const struct walk *walk, struct spelling s)
{
    const char *nearest = s.dashes[1] == '\0' ? NULL : nearest_option(walk, s);
    const char *command = walk->command == NULL ? NULL : walk->command->name;
    struct pw_strbuf where = PW_STRBUF_INIT;
    struct pw_strbuf remedy = PW_STRBUF_INIT;

    if (command != NULL) {
        pw_strbuf_printf(&where, " for '%s'", command);
    }
    if (nearest != NULL) {
        pw_strbuf_printf(&remedy, ", did you mean '--%s'", nearest);
    } else {
        pw_strbuf_printf(&remedy, "; see 'perfwarden help%s%s'", command == NULL ? "" : " ",
                         command == NULL ? "" : command);
    }
    (void)pw_error_set(walk->err, PW_EUSAGE, "unknown option '%s%.*s'%s%s", SPELLED(s),
                       pw_strbuf_text(&where), pw_strbuf_text(&remedy));
    pw_strbuf_release(&where);
    pw_strbuf_release(&remedy);
}

/* @return NULL with the error set when the command takes no such option */
static const struct pw_option *find_option(const struct walk *walk, struct spelling s)
{
    size_t count = 0;
    const struct pw_option *table = pw_option_table(&count);
    struct pw_option other = {0};
    bool is_known = false;

    /* a name may mean one thing for one command and another for the next */
    for (size_t i = 0; i < count; i++) {
        if (is_spelled(&table[i], s) && is_taken(&table[i], walk->command)) {
            return &table[i];
        }
        if (is_spelled(&table[i], s)) {
            const unsigned commands = other.commands | table[i].commands;
            other = table[i];
            other.commands = commands;
            is_known = true;
        }
    }
    if (is_known) {
        fail_not_taken(walk, &other, s);
    } else {
        fail_unknown(walk, s);
    }
    return NULL;
}

static int add_word(struct walk *walk, struct pw_words *words, const char *word)
{
    if (words->items == NULL) {
        /* No list can hold more words than the command line has. */
        words->items = calloc((size_t)walk->argc, sizeof(*words->items));
        if (words->items == NULL) {
            return pw_error_set_no_memory(walk->err);
        }
    }
    words->items[words->count++] = word;
    return PW_OK;
}

static int fail_choice(struct walk *walk, const struct pw_option *option, struct spelling s,
                       const char *value)
{
    struct pw_strbuf allowed = PW_STRBUF_INIT;

    pw_choice_join(&allowed, option->choice, ", ");
    (void)pw_error_set(walk->err, PW_EUSAGE, "option '%s%.*s': '%s' is not one of %s", SPELLED(s),
                       value, pw_strbuf_text(&allowed));
    pw_strbuf_release(&allowed);
    return PW_EUSAGE;
}

static int store_value(struct walk *walk, const struct pw_option *option, struct spelling s,
                       const char *value)
{
    void *place = (char *)&walk->arguments + option->offset;
    const int index = option->kind == PW_OPTION_CHOICE || option->kind == PW_OPTION_WHEN
                          ? pw_choice_index(option->choice, value, strlen(value))
                          : 0;

    if (index < 0) {
        return fail_choice(walk, option, s, value);
    }
    switch (option->kind) {
    case PW_OPTION_FLAG:
        *(bool *)place = true;
        return PW_OK;
    case PW_OPTION_WORDS:
        return add_word(walk, place, value);
    case PW_OPTION_WHEN:
        *(enum pw_when *)place = (enum pw_when)index;
        return PW_OK;
    case PW_OPTION_PARSED:
        if (option->parse(value, &walk->arguments, walk->err) != PW_OK) {
            (void)pw_error_prefix(walk->err, "option '%s%.*s': ", SPELLED(s));
            return PW_EUSAGE;
        }
        return PW_OK;
    case PW_OPTION_TEXT:
    case PW_OPTION_CHOICE:
        break;
    }
    *(const char **)place = value;
    return PW_OK;
}

/*
 * Take an option's value, attached or from the next word, and store it. A next word that looks like
 * an option is no value: the value was forgotten ("--base --junit x"). Attach it where it is meant.
 */
static int take_value(struct walk *walk, const struct pw_option *option, struct spelling s,
                      const char *attached)
{
    const char *value = attached;

    if (value == NULL && walk->next < walk->argc) {
        const char *word = walk->argv[walk->next];
        if (word[0] != '-' || word[1] == '\0') {
            value = word;
            walk->next++;
        }
    }
    if (value == NULL || value[0] == '\0') {
        return pw_error_set(walk->err, PW_EUSAGE, "option '%s%.*s' needs a value: %s", SPELLED(s),
                            option->argument);
    }
    return store_value(walk, option, s, value);
}

static int take_long(struct walk *walk, const char *word)
{
    const char *equals = strchr(word, '=');
    const struct spelling s = {"--", word + 2,
                               equals == NULL ? strlen(word) - 2 : (size_t)(equals - word) - 2};
    const struct pw_option *option = find_option(walk, s);

    if (option == NULL) {
        return PW_EUSAGE;
    }
    if (option->kind != PW_OPTION_FLAG) {
        return take_value(walk, option, s, equals == NULL ? NULL : equals + 1);
    }
    if (equals != NULL) {
        return pw_error_set(walk->err, PW_EUSAGE, "option '%s%.*s' takes no value", SPELLED(s));
    }
    return store_value(walk, option, s, "");
}

/* "-qv", "-oFILE", "-o FILE", "-qo FILE". */
static int take_letters(struct walk *walk, const char *word)
{
    for (const char *letter = word + 1; *letter != '\0'; letter++) {
        /* The bytes of one character stay together in the message. */
        uint32_t code_point = 0;
        const struct spelling s = {"-", letter,
                                   pw_utf8_decode(letter, strlen(letter), &code_point)};
        const struct pw_option *option = find_option(walk, s);
        if (option == NULL) {
            return PW_EUSAGE;
        }
        if (option->kind != PW_OPTION_FLAG) {
            return take_value(walk, option, s, letter[1] == '\0' ? NULL : letter + 1);
        }
        (void)store_value(walk, option, s, "");
    }
    return PW_OK;
}

static int take_command(struct walk *walk, const char *word)
{
    size_t count = 0;
    const struct pw_command *table = pw_command_table(&count);
    struct pw_guess guess;

    walk->command = pw_command_find(word);
    if (walk->command != NULL) {
        return PW_OK;
    }
    pw_guess_init(&guess, word);
    for (size_t i = 0; i < count; i++) {
        pw_guess_offer(&guess, table[i].name);
    }
    if (guess.best == NULL) {
        return pw_error_set(walk->err, PW_EUSAGE, "unknown command '%s'; see 'perfwarden help'",
                            word);
    }
    return pw_error_set(walk->err, PW_EUSAGE,
                        "unknown command '%s', did you mean '%s'; see 'perfwarden help'", word,
                        guess.best);
}

static int take_word(struct walk *walk, const char *word)
{
    const bool is_option = !walk->options_ended && word[0] == '-' && word[1] != '\0';

    if (is_option && strcmp(word, "--") == 0) {
        walk->options_ended = true;
        return PW_OK;
    }
    if (is_option) {
        return word[1] == '-' ? take_long(walk, word) : take_letters(walk, word);
    }
    if (walk->command == NULL) {
        return take_command(walk, word);
    }
    return add_word(walk, &walk->arguments.operands, word);
}

int pw_options_parse(int argc, char *const *argv, const struct pw_command **command,
                     struct pw_arguments *out, struct pw_error *err)
{
    struct walk walk = {.argv = argv, .argc = argc, .next = 1, .err = err};

    while (walk.next < argc) {
        const int status = take_word(&walk, argv[walk.next++]);
        if (status != PW_OK) {
            pw_arguments_release(&walk.arguments);
            return status;
        }
    }
    *command = walk.command;
    *out = walk.arguments;
    return PW_OK;
}

void pw_arguments_release(struct pw_arguments *arguments)
{
    free(arguments->filters.items);
    free(arguments->drawn.items);
    free(arguments->from.items);
    free(arguments->operands.items);
    *arguments = (struct pw_arguments){0};
}
