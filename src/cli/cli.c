/*
 * From arguments to an exit status: one command found, checked and run, its errors printed, the
 * streams looked at in the end. Nothing that fails leaves here as 0.
 */
#include "cli.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "options.h"

int pw_cli_exit_code(enum pw_status status)
{
    switch (status) {
    case PW_OK:
        return PW_EXIT_PASS;
    case PW_EUSAGE:
    case PW_ECONFIG:
        return PW_EXIT_USAGE;
    case PW_EBUILD:
        return PW_EXIT_UNMEASURED;
    case PW_EINTERRUPTED:
        return PW_EXIT_SIGINT;
    default:
        return PW_EXIT_INTERNAL;
    }
}

static void print_line(struct pw_cli *cli, const char *kind, const char *text)
{
    struct pw_strbuf line = PW_STRBUF_INIT;

    pw_strbuf_printf(&line, "perfwarden: %s: ", kind);
    pw_escape_terminal(&line, text);
    pw_strbuf_putc(&line, '\n');
    if (pw_strbuf_failed(&line)) {
        (void)fprintf(cli->err, "perfwarden: %s: out of memory\n", kind);
    } else {
        (void)fputs(pw_strbuf_text(&line), cli->err);
    }
    pw_strbuf_release(&line);
}

void pw_cli_print_error(struct pw_cli *cli, const struct pw_error *err)
{
    struct pw_strbuf text = PW_STRBUF_INIT;

    if (err->file != NULL) {
        pw_strbuf_printf(&text, "%s:", err->file);
    }
    if (err->file != NULL && err->line != 0) {
        pw_strbuf_printf(&text, "%u:", err->line);
    }
    if (err->file != NULL && err->line != 0 && err->column != 0) {
        pw_strbuf_printf(&text, "%u:", err->column);
    }
    pw_strbuf_puts(&text, err->file == NULL ? "" : " ");
    pw_strbuf_puts(&text, pw_error_message(err));
    print_line(cli, "error",
               pw_strbuf_failed(&text) ? pw_error_message(err) : pw_strbuf_text(&text));
    pw_strbuf_release(&text);
}

void pw_cli_print_warning(struct pw_cli *cli, const char *text)
{
    print_line(cli, "warning", text);
}

/* An interruption ends with the code of the signal that caused it. */
static int code_of_signal(const struct pw_cli *cli, int code)
{
    const bool is_terminated = cli->interrupted != NULL && *cli->interrupted == SIGTERM;
    return code == PW_EXIT_SIGINT && is_terminated ? PW_EXIT_SIGTERM : code;
}

int pw_cli_fail(struct pw_cli *cli, struct pw_error *err)
{
    int code = pw_cli_exit_code(err->status);

    /* Whoever calls this has failed, even if the error was never set. */
    if (code == PW_EXIT_PASS) {
        code = PW_EXIT_INTERNAL;
    }
    pw_cli_print_error(cli, err);
    pw_error_release(err);
    return code_of_signal(cli, code);
}

static int check_first_operand(const struct pw_command *command, const char *word,
                               struct pw_error *err)
{
    struct pw_strbuf allowed = PW_STRBUF_INIT;

    if (pw_choice_index(command->first_operand, word, strlen(word)) >= 0) {
        return PW_OK;
    }
    const char *nearest = pw_choice_nearest(command->first_operand, word);
    if (nearest != NULL) {
        return pw_error_set(err, PW_EUSAGE, "'%s' has no '%s', did you mean '%s'", command->name,
                            word, nearest);
    }
    pw_choice_join(&allowed, command->first_operand, ", ");
    (void)pw_error_set(err, PW_EUSAGE, "'%s' has no '%s'; it takes one of %s", command->name, word,
                       pw_strbuf_text(&allowed));
    pw_strbuf_release(&allowed);
    return PW_EUSAGE;
}

static int check_operands(const struct pw_command *command, const struct pw_words *operands,
                          struct pw_error *err)
{
    if (operands->count < command->operands_min) {
        return pw_error_set(err, PW_EUSAGE,
                            "'%s' needs more arguments: %s; see 'perfwarden help %s'",
                            command->name, command->operands, command->name);
    }
    if (operands->count > command->operands_max) {
        return pw_error_set(err, PW_EUSAGE,
                            "unexpected argument '%s' for '%s'; see 'perfwarden help %s'",
                            operands->items[command->operands_max], command->name, command->name);
    }
    if (operands->count > 0 && command->first_operand != NULL) {
        return check_first_operand(command, operands->items[0], err);
    }
    return PW_OK;
}

static int enter_directory(const char *directory, struct pw_error *err)
{
    if (directory == NULL || chdir(directory) == 0) {
        return PW_OK;
    }
    return pw_error_set(err, PW_EUSAGE, "option '-C': cannot enter directory '%s': %s", directory,
                        strerror(errno));
}

/* `perfwarden COMMAND --help` is `perfwarden help COMMAND`, and so on. */
static int run_help(struct pw_cli *cli, const struct pw_command *command)
{
    const char *words[1] = {command == NULL ? NULL : command->name};
    const struct pw_arguments arguments = {.operands = {words, command == NULL ? 0 : 1}};

    return pw_cmd_help(cli, &arguments);
}

static int run_command(struct pw_cli *cli, const struct pw_command *command,
                       const struct pw_arguments *arguments)
{
    struct pw_error err = PW_ERROR_INIT;

    if (arguments->wants_help) {
        return run_help(cli, command);
    }
    if (arguments->wants_version) {
        return pw_cmd_version(cli, arguments);
    }
    if (command == NULL) {
        (void)pw_error_set(&err, PW_EUSAGE, "no command given; see 'perfwarden help'");
        return pw_cli_fail(cli, &err);
    }
    if (check_operands(command, &arguments->operands, &err) != PW_OK ||
        enter_directory(arguments->directory, &err) != PW_OK) {
        return pw_cli_fail(cli, &err);
    }
    return code_of_signal(cli, command->run(cli, arguments));
}

/* What a stream still holds goes out now, so that a full disk is noticed while it can be said. */
static int check_stream(struct pw_cli *cli, FILE *stream, const char *name, int code)
{
    struct pw_error err = PW_ERROR_INIT;

    errno = 0;
    if (fflush(stream) == 0 && ferror(stream) == 0) {
        return code;
    }
    (void)pw_error_set(&err, PW_EIO, "cannot write %s%s%s", name, errno == 0 ? "" : ": ",
                       errno == 0 ? "" : strerror(errno));
    return pw_exit_worst(code, pw_cli_fail(cli, &err));
}

int pw_cli_main(struct pw_cli *cli, int argc, char **argv)
{
    const struct pw_command *command = NULL;
    struct pw_arguments arguments = {0};
    struct pw_error err = PW_ERROR_INIT;
    int code;

    if (pw_options_parse(argc, argv, &command, &arguments, &err) == PW_OK) {
        code = run_command(cli, command, &arguments);
    } else {
        code = pw_cli_fail(cli, &err);
    }
    code = check_stream(cli, cli->out, "standard output", code);
    code = check_stream(cli, cli->err, "standard error", code);
    pw_arguments_release(&arguments);
    return code;
}
