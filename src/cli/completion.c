/*
 * Completion scripts for bash, zsh and fish. Each is a fixed frame around lines made from the two
 * tables; words from the tables reach a script through the shell's quoting only.
 */
#include "completion.h"

#include <string.h>

#include "options.h"

static bool is_directory_option(const struct pw_option *option)
{
    return option->argument != NULL && strcmp(option->argument, "DIR") == 0;
}

static bool is_file_option(const struct pw_option *option)
{
    return option->argument != NULL && strcmp(option->argument, "FILE") == 0;
}

/* Commands whose operands are not words of a list take files. */
static bool takes_files(const struct pw_command *command)
{
    return command->first_operand == NULL && command->operands_max > 0;
}

static void put_quoted_choice(struct pw_strbuf *out, pw_choice_fn choice)
{
    struct pw_strbuf words = PW_STRBUF_INIT;

    pw_choice_join(&words, choice, " ");
    pw_escape_shell(out, pw_strbuf_text(&words));
    out->failed |= pw_strbuf_failed(&words);
    pw_strbuf_release(&words);
}

/* "--output" and "-o" with a separator between; nothing before the first. */
static void put_spellings(struct pw_strbuf *out, const struct pw_option *option,
                          const char *separator)
{
    if (option->name != NULL) {
        pw_strbuf_printf(out, "--%s", option->name);
    }
    if (option->letter != 0) {
        pw_strbuf_printf(out, "%s-%c", option->name == NULL ? "" : separator, option->letter);
    }
}

static void put_command_words(struct pw_strbuf *out)
{
    size_t count = 0;
    const struct pw_command *commands = pw_command_table(&count);

    for (size_t i = 0; i < count; i++) {
        pw_strbuf_printf(out, "%s%s", i == 0 ? "" : " ", commands[i].name);
    }
}

/* Every option a set of commands takes, blank-separated. */
static void put_option_words(struct pw_strbuf *out, unsigned commands)
{
    size_t count = 0;
    const struct pw_option *options = pw_option_table(&count);
    const char *separator = "";

    for (size_t i = 0; i < count; i++) {
        if ((options[i].commands & commands) == commands) {
            pw_strbuf_puts(out, separator);
            put_spellings(out, &options[i], " ");
            separator = " ";
        }
    }
}

/* @return the next option of the same name from `from` on, `count` when there is none */
static size_t find_namesake(const struct pw_option *options, size_t count, size_t from,
                            const char *name)
{
    while (from < count &&
           (name == NULL || options[from].name == NULL || strcmp(options[from].name, name) != 0)) {
        from++;
    }
    return from;
}

static void put_bash_values(struct pw_strbuf *out)
{
    size_t count = 0;
    const struct pw_option *options = pw_option_table(&count);

    for (size_t i = 0; i < count; i++) {
        if (options[i].argument == NULL || find_namesake(options, i, 0, options[i].name) < i) {
            continue;
        }
        pw_strbuf_puts(out, "    ");
        put_spellings(out, &options[i], " | ");
        pw_strbuf_puts(out, ")\n");
        if (options[i].choice == NULL) {
            pw_strbuf_puts(out, "        return ;;\n");
            continue;
        }
        pw_strbuf_puts(out, options[i].is_list ? "        prefix=${cur%\"${cur##*,}\"}\n" : "");
        pw_strbuf_puts(out, "        words=");
        put_quoted_choice(out, options[i].choice);
        /* what means different things for different commands offers the values of both */
        const size_t other = find_namesake(options, count, i + 1, options[i].name);
        if (other < count && options[other].choice != NULL) {
            pw_strbuf_puts(out, "' '");
            put_quoted_choice(out, options[other].choice);
        }
        pw_strbuf_puts(out, " ;;\n");
    }
}

static void put_bash_commands(struct pw_strbuf *out)
{
    size_t count = 0;
    const struct pw_command *commands = pw_command_table(&count);

    for (size_t i = 0; i < count; i++) {
        pw_strbuf_printf(out, "        %s)\n            options='", commands[i].name);
        put_option_words(out, commands[i].bit);
        pw_strbuf_puts(out, "'");
        if (commands[i].first_operand != NULL) {
            pw_strbuf_puts(out, "\n            words=");
            put_quoted_choice(out, commands[i].first_operand);
        }
        pw_strbuf_puts(out, " ;;\n");
    }
}

/* An empty reply leaves the word to readline's own completion of file names. */
static void write_bash(struct pw_strbuf *out)
{
    pw_strbuf_puts(out, "# perfwarden completion for bash\n"
                        "_perfwarden()\n"
                        "{\n"
                        "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
                        "    local command='' words='' options='' prefix='' i\n"
                        "    COMPREPLY=()\n"
                        "    if [[ $cur == = ]]; then\n"
                        "        cur=''\n"
                        "    elif [[ $prev == = ]]; then\n"
                        "        prev=${COMP_WORDS[COMP_CWORD-2]}\n"
                        "    fi\n"
                        "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
                        "        case ${COMP_WORDS[i]} in\n"
                        "        -C) ((i++)) ;;\n"
                        "        -*) ;;\n"
                        "        *) command=${COMP_WORDS[i]}; break ;;\n"
                        "        esac\n"
                        "    done\n"
                        "    case $prev in\n");
    put_bash_values(out);
    pw_strbuf_puts(out, "    *)\n"
                        "        case $command in\n"
                        "        '')\n"
                        "            words='");
    put_command_words(out);
    pw_strbuf_puts(out, "'\n            options='");
    put_option_words(out, PW_FOR_ALL);
    pw_strbuf_puts(out, "' ;;\n");
    put_bash_commands(out);
    pw_strbuf_puts(out, "        esac\n"
                        "        [[ $cur == -* ]] && words=$options ;;\n"
                        "    esac\n"
                        "    local IFS=$' \\t\\n'\n"
                        "    COMPREPLY=($(compgen -P \"$prefix\" -W \"$words\" -- "
                        "\"${cur#\"$prefix\"}\"))\n"
                        "}\n"
                        "complete -o default -F _perfwarden perfwarden\n");
}

/* Text inside an argument of zsh's _arguments, where these four bytes have a meaning. */
static void put_zsh_text(struct pw_strbuf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr("[]:\\", *text) != NULL) {
            pw_strbuf_putc(out, '\\');
        }
        pw_strbuf_putc(out, *text);
    }
}

static void put_zsh_action(struct pw_strbuf *out, const struct pw_option *option)
{
    pw_strbuf_putc(out, ':');
    put_zsh_text(out, option->argument);
    pw_strbuf_putc(out, ':');
    if (option->choice != NULL) {
        pw_strbuf_puts(out, option->is_list ? "_values -s , value " : "(");
        pw_choice_join(out, option->choice, " ");
        pw_strbuf_puts(out, option->is_list ? "" : ")");
    } else if (is_file_option(option)) {
        pw_strbuf_puts(out, "_files");
    } else if (is_directory_option(option)) {
        pw_strbuf_puts(out, "_files -/");
    } else {
        pw_strbuf_putc(out, ' ');
    }
}

/* One spelling of an option as an argument of _arguments; the other spelling excludes it. */
static void put_zsh_spec(struct pw_strbuf *out, const struct pw_option *option, bool is_letter)
{
    struct pw_strbuf spec = PW_STRBUF_INIT;

    if (option->kind == PW_OPTION_WORDS) {
        pw_strbuf_putc(&spec, '*');
    } else {
        pw_strbuf_putc(&spec, '(');
        put_spellings(&spec, option, " ");
        pw_strbuf_putc(&spec, ')');
    }
    if (is_letter) {
        pw_strbuf_printf(&spec, "-%c%s", option->letter, option->argument == NULL ? "" : "+");
    } else {
        pw_strbuf_printf(&spec, "--%s%s", option->name, option->argument == NULL ? "" : "=");
    }
    pw_strbuf_putc(&spec, '[');
    put_zsh_text(&spec, option->help);
    pw_strbuf_putc(&spec, ']');
    if (option->argument != NULL) {
        put_zsh_action(&spec, option);
    }
    pw_strbuf_puts(out, " \\\n            ");
    pw_escape_shell(out, pw_strbuf_text(&spec));
    out->failed |= pw_strbuf_failed(&spec);
    pw_strbuf_release(&spec);
}

static void put_zsh_options(struct pw_strbuf *out, unsigned commands)
{
    size_t count = 0;
    const struct pw_option *options = pw_option_table(&count);

    for (size_t i = 0; i < count; i++) {
        if ((options[i].commands & commands) != commands) {
            continue;
        }
        if (options[i].name != NULL) {
            put_zsh_spec(out, &options[i], false);
        }
        if (options[i].letter != 0) {
            put_zsh_spec(out, &options[i], true);
        }
    }
}

static void put_zsh_commands(struct pw_strbuf *out)
{
    size_t count = 0;
    const struct pw_command *commands = pw_command_table(&count);

    for (size_t i = 0; i < count; i++) {
        pw_strbuf_printf(out, "        %s)\n            _arguments -s -S", commands[i].name);
        put_zsh_options(out, commands[i].bit);
        if (commands[i].first_operand != NULL) {
            pw_strbuf_puts(out, " \\\n            '1:word:(");
            pw_choice_join(out, commands[i].first_operand, " ");
            pw_strbuf_puts(out, ")'");
        } else if (takes_files(&commands[i])) {
            pw_strbuf_puts(out, " \\\n            '*:file:_files'");
        }
        pw_strbuf_puts(out, "\n            ;;\n");
    }
}

static void put_zsh_summaries(struct pw_strbuf *out)
{
    size_t count = 0;
    const struct pw_command *commands = pw_command_table(&count);

    for (size_t i = 0; i < count; i++) {
        struct pw_strbuf entry = PW_STRBUF_INIT;
        put_zsh_text(&entry, commands[i].name);
        pw_strbuf_putc(&entry, ':');
        put_zsh_text(&entry, commands[i].summary);
        pw_strbuf_puts(out, "            ");
        pw_escape_shell(out, pw_strbuf_text(&entry));
        pw_strbuf_putc(out, '\n');
        out->failed |= pw_strbuf_failed(&entry);
        pw_strbuf_release(&entry);
    }
}

static void write_zsh(struct pw_strbuf *out)
{
    pw_strbuf_puts(out, "#compdef perfwarden\n"
                        "_perfwarden()\n"
                        "{\n"
                        "    local curcontext=\"$curcontext\" state line\n"
                        "    local -a commands\n"
                        "    _arguments -C");
    put_zsh_options(out, PW_FOR_ALL);
    pw_strbuf_puts(out, " \\\n            '1:command:->command' '*::argument:->argument'\n"
                        "    case $state in\n"
                        "    command)\n"
                        "        commands=(\n");
    put_zsh_summaries(out);
    pw_strbuf_puts(out, "        )\n"
                        "        _describe command commands\n"
                        "        ;;\n"
                        "    argument)\n"
                        "        case $words[1] in\n");
    put_zsh_commands(out);
    pw_strbuf_puts(out, "        esac\n"
                        "        ;;\n"
                        "    esac\n"
                        "}\n"
                        "_perfwarden \"$@\"\n");
}

static void put_fish_condition(struct pw_strbuf *out, unsigned commands)
{
    size_t count = 0;
    const struct pw_command *table = pw_command_table(&count);

    if (commands == PW_FOR_ALL) {
        return;
    }
    pw_strbuf_puts(out, " -n '__fish_seen_subcommand_from");
    for (size_t i = 0; i < count; i++) {
        if ((commands & table[i].bit) != 0) {
            pw_strbuf_printf(out, " %s", table[i].name);
        }
    }
    pw_strbuf_putc(out, '\'');
}

static void put_fish_option(struct pw_strbuf *out, const struct pw_option *option)
{
    pw_strbuf_puts(out, "complete -c perfwarden");
    put_fish_condition(out, option->commands);
    if (option->letter != 0) {
        pw_strbuf_printf(out, " -s %c", option->letter);
    }
    if (option->name != NULL) {
        pw_strbuf_printf(out, " -l %s", option->name);
    }
    if (option->choice != NULL) {
        pw_strbuf_puts(out, " -x -a ");
        put_quoted_choice(out, option->choice);
    } else if (is_directory_option(option)) {
        pw_strbuf_puts(out, " -x -a '(__fish_complete_directories)'");
    } else if (option->argument != NULL) {
        pw_strbuf_puts(out, is_file_option(option) ? " -r -F" : " -x");
    }
    pw_strbuf_puts(out, " -d ");
    pw_escape_shell(out, option->help);
    pw_strbuf_putc(out, '\n');
}

static void write_fish(struct pw_strbuf *out)
{
    size_t command_count = 0;
    size_t option_count = 0;
    const struct pw_command *commands = pw_command_table(&command_count);
    const struct pw_option *options = pw_option_table(&option_count);

    pw_strbuf_puts(out, "# perfwarden completion for fish\ncomplete -c perfwarden -f\n");
    for (size_t i = 0; i < command_count; i++) {
        pw_strbuf_printf(out, "complete -c perfwarden -n __fish_use_subcommand -a %s -d ",
                         commands[i].name);
        pw_escape_shell(out, commands[i].summary);
        pw_strbuf_putc(out, '\n');
        if (commands[i].first_operand != NULL || takes_files(&commands[i])) {
            pw_strbuf_puts(out, "complete -c perfwarden");
            put_fish_condition(out, commands[i].bit);
        }
        if (commands[i].first_operand != NULL) {
            pw_strbuf_puts(out, " -a ");
            put_quoted_choice(out, commands[i].first_operand);
            pw_strbuf_putc(out, '\n');
        } else if (takes_files(&commands[i])) {
            pw_strbuf_puts(out, " -F\n");
        }
    }
    for (size_t i = 0; i < option_count; i++) {
        put_fish_option(out, &options[i]);
    }
}

static const struct pw_shell SHELLS[] = {
    {"bash", write_bash},
    {"zsh", write_zsh},
    {"fish", write_fish},
};

const struct pw_shell *pw_shells(size_t *count)
{
    *count = PW_COUNT(SHELLS);
    return SHELLS;
}
