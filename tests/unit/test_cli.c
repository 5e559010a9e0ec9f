/*
 * The command line: what each word becomes, what is refused and with which words, the exit status,
 * and that the tables hang together.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../src/cli/cli.h"
#include "../../src/cli/guess.h"
#include "../../src/cli/help.h"
#include "../../src/cli/options.h"

#define MAX_WORDS 24

/* A command line as argv, its blanks cutting words. */
struct line {
    char text[256];
    char *argv[MAX_WORDS];
    int argc;
};

static void split(struct line *line, const char *text)
{
    char *rest = line->text;

    assert_true(strlen(text) < sizeof(line->text));
    memcpy(line->text, text, strlen(text) + 1);
    line->argc = 0;
    while (rest != NULL) {
        assert_true(line->argc < MAX_WORDS);
        line->argv[line->argc++] = rest;
        rest = strchr(rest, ' ');
        if (rest != NULL) {
            *rest++ = '\0';
        }
    }
}

static void parse(struct line *line, const char *text, struct pw_arguments *out)
{
    struct pw_error err = PW_ERROR_INIT;
    const struct pw_command *command = NULL;

    split(line, text);
    if (pw_options_parse(line->argc, line->argv, &command, out, &err) != PW_OK) {
        fail_msg("'%s': %s", text, pw_error_message(&err));
    }
}

static void test_values_reach_their_members(void **state)
{
    struct line line;
    struct pw_arguments a = {0};
    (void)state;

    parse(
        &line,
        "perfwarden -C dir check --config x.yml --base=HEAD~2 --mode stored --filter a --filter=b "
        "--runs 3..9",
        &a);
    assert_string_equal(a.directory, "dir");
    assert_string_equal(a.config, "x.yml");
    assert_string_equal(a.base, "HEAD~2");
    assert_string_equal(a.mode, "stored");
    assert_int_equal(a.filters.count, 2);
    assert_string_equal(a.filters.items[0], "a");
    assert_string_equal(a.filters.items[1], "b");
    assert_int_equal(a.runs_min, 3);
    assert_int_equal(a.runs_max, 9);
    pw_arguments_release(&a);

    parse(&line,
          "perfwarden check --budget 1.5s -o- --junit j --markdown=m --fail-on error,no_baseline "
          "--dry-run -qv --color never --progress=always --runs 4",
          &a);
    assert_int_equal(a.budget_ns, 1500000000);
    assert_string_equal(a.output, "-");
    assert_string_equal(a.junit, "j");
    assert_string_equal(a.markdown, "m");
    assert_int_equal(a.fail_on,
                     PW_VERDICT_BIT(PW_VERDICT_ERROR) | PW_VERDICT_BIT(PW_VERDICT_NO_BASELINE));
    assert_true(a.is_dry_run && a.is_quiet && a.is_verbose);
    assert_int_equal(a.color, PW_WHEN_NEVER);
    assert_int_equal(a.progress, PW_WHEN_ALWAYS);
    assert_int_equal(a.runs_min, 4);
    assert_int_equal(a.runs_max, 4);
    assert_int_equal(a.operands.count, 0);
    pw_arguments_release(&a);
}

static void test_options_and_operands_mix(void **state)
{
    struct line line;
    struct pw_arguments a = {0};
    (void)state;

    parse(&line, "perfwarden compare one -q two --color always", &a);
    assert_int_equal(a.operands.count, 2);
    assert_string_equal(a.operands.items[0], "one");
    assert_string_equal(a.operands.items[1], "two");
    assert_true(a.is_quiet);
    pw_arguments_release(&a);

    parse(&line, "perfwarden compare -- --one -", &a);
    assert_int_equal(a.operands.count, 2);
    assert_string_equal(a.operands.items[0], "--one");
    assert_string_equal(a.operands.items[1], "-");
    pw_arguments_release(&a);

    parse(&line, "perfwarden baseline remove abc --all --environment e1 -C x", &a);
    assert_int_equal(a.operands.count, 2);
    assert_true(a.is_all);
    assert_string_equal(a.environment, "e1");
    assert_string_equal(a.directory, "x");
    pw_arguments_release(&a);
}

static void test_nothing_given_is_empty(void **state)
{
    struct line line;
    struct pw_arguments a = {0};
    (void)state;

    parse(&line, "perfwarden run", &a);
    assert_null(a.directory);
    assert_null(a.config);
    assert_null(a.base);
    assert_null(a.output);
    assert_int_equal(a.filters.count + a.operands.count, 0);
    assert_int_equal(a.runs_min + a.runs_max + a.fail_on, 0);
    assert_int_equal(a.budget_ns, 0);
    assert_int_equal(a.color, PW_WHEN_AUTO);
    assert_false(a.is_quiet || a.is_verbose || a.is_dry_run || a.wants_help || a.wants_version);
    pw_arguments_release(&a);
}

static void test_refusals_say_what_and_what_else(void **state)
{
    static const struct {
        const char *line;
        const char *message;
    } cases[] = {
        {"x chek", "unknown command 'chek', did you mean 'check'; see 'perfwarden help'"},
        {"x quux", "unknown command 'quux'; see 'perfwarden help'"},
        {"x check --bas", "unknown option '--bas' for 'check', did you mean '--base'"},
        {"x check --bas=1", "unknown option '--bas' for 'check', did you mean '--base'"},
        {"x check --quux", "unknown option '--quux' for 'check'; see 'perfwarden help check'"},
        {"x check -qx", "unknown option '-x' for 'check'; see 'perfwarden help check'"},
        {"x check --json",
         "option '--json' does not apply to 'check', only to 'baseline', 'doctor'"},
        {"x --json check",
         "option '--json' belongs behind the name of a command: 'baseline', 'doctor'"},
        {"x check --runs", "option '--runs' needs a value: MIN[..MAX]"},
        {"x check --runs --base", "option '--runs' needs a value: MIN[..MAX]"},
        {"x check --base=", "option '--base' needs a value: REV"},
        {"x check -qo", "option '-o' needs a value: FILE"},
        {"x check --quiet=1", "option '--quiet' takes no value"},
        {"x check --color red", "option '--color': 'red' is not one of auto, always, never"},
        {"x check --mode pairs", "option '--mode': 'pairs' is not one of auto, stored, paired"},
        {"x check --format csv",
         "option '--format' does not apply to 'check', only to 'baseline', 'report', 'export'"},
        {"x report --format pdf",
         "option '--format': 'pdf' is not one of text, markdown, junit, json, html, csv, "
         "prometheus, openmetrics, github, azure, svg, badge, png"},
        {"x baseline --format text", "option '--format': 'text' is not one of jsonl, csv, sqlite"},
        {"x check --budget 5MB", "option '--budget': '5MB' is not a duration such as 90s or 5min"},
        {"x check --fail-on pass",
         "option '--fail-on': 'pass' is not one of regression, error, missing, inconclusive, "
         "no_baseline"},
    };
    (void)state;

    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct line line;
        struct pw_error err = PW_ERROR_INIT;
        struct pw_arguments a = {.runs_min = 77};
        const struct pw_command *command = NULL;
        split(&line, cases[i].line);
        assert_int_equal(pw_options_parse(line.argc, line.argv, &command, &a, &err), PW_EUSAGE);
        assert_string_equal(pw_error_message(&err), cases[i].message);
        assert_int_equal(a.runs_min, 77);
        pw_error_release(&err);
    }
}

static void test_runs_and_budgets_at_their_bounds(void **state)
{
    static const char *const refused[] = {
        "--runs=0",     "--runs=0..5", "--runs=5..4",  "--runs=..5",     "--runs=5..",
        "--runs=1...2", "--runs=-1",   "--runs=1 ",    "--runs=100001",  "--runs=4294967297",
        "--runs=0x5",   "--budget=1",  "--budget=-1s", "--budget=0.1ns", "--budget=1e30h"};
    static const char *const taken[] = {"--runs=1", "--runs=1..100000", "--runs=007",
                                        "--budget=1ns", "--budget=24h"};
    (void)state;

    for (size_t i = 0; i < PW_COUNT(refused) + PW_COUNT(taken); i++) {
        const bool is_refused = i < PW_COUNT(refused);
        const char *word = is_refused ? refused[i] : taken[i - PW_COUNT(refused)];
        char program[] = "perfwarden";
        char command_name[] = "check";
        char option[64];
        char *argv[] = {program, command_name, option};
        const struct pw_command *command = NULL;
        struct pw_arguments a = {0};
        assert_true(strlen(word) < sizeof(option));
        memcpy(option, word, strlen(word) + 1);
        const int status = pw_options_parse(3, argv, &command, &a, NULL);
        if (status != (is_refused ? PW_EUSAGE : PW_OK)) {
            fail_msg("%s: status %d", word, status);
        }
        pw_arguments_release(&a);
    }
}

static void check_option(const struct pw_option *option)
{
    assert_true(option->name != NULL || option->letter != 0);
    assert_true(option->commands != 0 && (option->commands & ~(unsigned)PW_FOR_ALL) == 0);
    assert_int_equal(option->argument == NULL, option->kind == PW_OPTION_FLAG);
    assert_int_equal(option->parse != NULL, option->kind == PW_OPTION_PARSED);
    if (option->kind == PW_OPTION_CHOICE || option->kind == PW_OPTION_WHEN) {
        assert_non_null(option->choice);
    }
    assert_true(option->offset < sizeof(struct pw_arguments));
    assert_true(strlen(option->help) > 0);
    assert_int_not_equal(option->help[strlen(option->help) - 1], '.');
}

static void test_option_table_is_sound(void **state)
{
    size_t count = 0;
    const struct pw_option *options = pw_option_table(&count);
    (void)state;

    for (size_t i = 0; i < count; i++) {
        check_option(&options[i]);
        for (size_t j = i + 1; j < count; j++) {
            assert_true(options[i].letter == 0 || options[i].letter != options[j].letter);
            /* one name may mean two things to two commands, never to one */
            assert_true(options[i].name == NULL || options[j].name == NULL ||
                        strcmp(options[i].name, options[j].name) != 0 ||
                        (options[i].commands & options[j].commands) == 0);
            assert_true(options[i].kind == PW_OPTION_PARSED ||
                        options[j].kind == PW_OPTION_PARSED ||
                        options[i].offset != options[j].offset);
        }
    }
}

static void test_command_table_is_sound(void **state)
{
    size_t count = 0;
    const struct pw_command *commands = pw_command_table(&count);
    unsigned all = 0;
    (void)state;

    for (size_t i = 0; i < count; i++) {
        assert_int_equal(commands[i].bit & (commands[i].bit - 1), 0);
        assert_int_equal(all & commands[i].bit, 0);
        all |= commands[i].bit;
        assert_ptr_equal(pw_command_find(commands[i].name), &commands[i]);
        assert_int_equal(commands[i].operands[0] == '\0', commands[i].operands_max == 0);
        assert_true(commands[i].operands_min <= commands[i].operands_max);
        assert_non_null(commands[i].run);
    }
    assert_int_equal(all, PW_FOR_ALL);
    assert_null(pw_command_find("no-such-command"));
}

static void test_guesses(void **state)
{
    static const struct {
        const char *word;
        const char *expected;
    } cases[] = {{"alpha", "alpha"}, {"alhpa", NULL},   {"alph", "alpha"}, {"al", "alpha"},
                 {"a", NULL},        {"betta", "beta"}, {"xyz", NULL},     {"", NULL}};
    (void)state;

    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct pw_guess guess;
        pw_guess_init(&guess, cases[i].word);
        pw_guess_offer(&guess, "alpha");
        pw_guess_offer(&guess, "beta");
        if (cases[i].expected == NULL) {
            assert_null(guess.best);
        } else {
            assert_string_equal(guess.best, cases[i].expected);
        }
    }
}

/* Runs the whole program on a line, its streams in memory. */
struct transcript {
    char *out;
    char *err;
    size_t out_length;
    size_t err_length;
    int code;
};

static void run_line(struct transcript *transcript, const char *text)
{
    struct line line;
    struct pw_cli cli = {0};

    *transcript = (struct transcript){0};
    split(&line, text);
    cli.out = open_memstream(&transcript->out, &transcript->out_length);
    cli.err = open_memstream(&transcript->err, &transcript->err_length);
    assert_non_null(cli.out);
    assert_non_null(cli.err);
    transcript->code = pw_cli_main(&cli, line.argc, line.argv);
    (void)fclose(cli.out);
    (void)fclose(cli.err);
}

static void transcript_release(struct transcript *transcript)
{
    free(transcript->out);
    free(transcript->err);
}

static void test_results_and_messages_have_their_streams(void **state)
{
    static const struct {
        const char *line;
        int code;
        const char *out;
        const char *err;
    } cases[] = {
        {"perfwarden version", PW_EXIT_PASS, "perfwarden " PW_VERSION "\n", ""},
        {"perfwarden check --version", PW_EXIT_PASS, "perfwarden " PW_VERSION "\n", ""},
        {"perfwarden", PW_EXIT_USAGE, "",
         "perfwarden: error: no command given; see 'perfwarden help'\n"},
        {"perfwarden compare a", PW_EXIT_USAGE, "",
         "perfwarden: error: 'compare' needs more arguments: A B; see 'perfwarden help "
         "compare'\n"},
        {"perfwarden init x", PW_EXIT_USAGE, "",
         "perfwarden: error: unexpected argument 'x' for 'init'; see 'perfwarden help init'\n"},
        {"perfwarden completion bsh", PW_EXIT_USAGE, "",
         "perfwarden: error: 'completion' has no 'bsh', did you mean 'bash'\n"},
        {"perfwarden -C /no/such version", PW_EXIT_USAGE, "",
         "perfwarden: error: option '-C': cannot enter directory '/no/such': No such file or "
         "directory\n"},
    };
    (void)state;

    for (size_t i = 0; i < PW_COUNT(cases); i++) {
        struct transcript transcript;
        run_line(&transcript, cases[i].line);
        assert_int_equal(transcript.code, cases[i].code);
        assert_string_equal(transcript.out, cases[i].out);
        assert_string_equal(transcript.err, cases[i].err);
        transcript_release(&transcript);
    }
}

static int run_into(FILE *out, const char *text)
{
    struct line line;
    FILE *err = fopen("/dev/null", "w");
    struct pw_cli cli = {.out = out, .err = err};

    assert_non_null(out);
    assert_non_null(err);
    split(&line, text);
    const int code = pw_cli_main(&cli, line.argc, line.argv);
    (void)fclose(out);
    (void)fclose(err);
    return code;
}

static void test_lost_output_is_a_failure(void **state)
{
    int ends[2];
    (void)state;

    assert_int_equal(run_into(fopen("/dev/full", "w"), "perfwarden help"), PW_EXIT_INTERNAL);
    assert_int_equal(run_into(fopen("/dev/null", "r"), "perfwarden version"), PW_EXIT_INTERNAL);
    /* The more serious code stays. */
    assert_int_equal(run_into(fopen("/dev/full", "w"), "perfwarden chek"), PW_EXIT_USAGE);

    (void)signal(SIGPIPE, SIG_IGN);
    assert_int_equal(pipe(ends), 0);
    (void)close(ends[0]);
    assert_int_equal(run_into(fdopen(ends[1], "w"), "perfwarden help"), PW_EXIT_INTERNAL);
}

static void test_exit_codes_of_statuses(void **state)
{
    (void)state;
    assert_int_equal(pw_cli_exit_code(PW_OK), PW_EXIT_PASS);
    assert_int_equal(pw_cli_exit_code(PW_EUSAGE), PW_EXIT_USAGE);
    assert_int_equal(pw_cli_exit_code(PW_ECONFIG), PW_EXIT_USAGE);
    assert_int_equal(pw_cli_exit_code(PW_EINTERRUPTED), PW_EXIT_SIGINT);
    assert_int_equal(pw_cli_exit_code(PW_EBUILD), PW_EXIT_UNMEASURED);
    for (int status = PW_EFORMAT - 1; status >= PW_EGIT; status--) {
        assert_int_equal(pw_cli_exit_code((enum pw_status)status), PW_EXIT_INTERNAL);
    }
    assert_int_equal(pw_cli_exit_code(PW_ENOMEM), PW_EXIT_INTERNAL);
    assert_int_equal(pw_cli_exit_code(PW_EIO), PW_EXIT_INTERNAL);
}

static void test_errors_are_one_line_and_name_their_place(void **state)
{
    char *text = NULL;
    size_t length = 0;
    volatile int arrived = SIGTERM;
    struct pw_error err = PW_ERROR_INIT;
    struct pw_cli cli = {.err = open_memstream(&text, &length), .interrupted = &arrived};
    (void)state;

    assert_non_null(cli.err);
    (void)pw_error_set_at(&err, PW_ECONFIG, "a\nb.yml", 3, 7, "bad \033[31m key");
    assert_int_equal(pw_cli_fail(&cli, &err), PW_EXIT_USAGE);
    (void)pw_error_set_at(&err, PW_EINTERRUPTED, "f", 0, 0, "stopped");
    assert_int_equal(pw_cli_fail(&cli, &err), PW_EXIT_SIGTERM);
    /* An error nobody set is still a failure. */
    assert_int_equal(pw_cli_fail(&cli, &err), PW_EXIT_INTERNAL);
    pw_cli_print_warning(&cli, "one\ntwo");
    (void)fclose(cli.err);
    assert_non_null(strstr(text, "perfwarden: error: a\\x0ab.yml:3:7: bad \\x1b[31m key\n"));
    assert_non_null(strstr(text, "perfwarden: error: f: stopped\n"));
    assert_non_null(strstr(text, "perfwarden: warning: one\\x0atwo\n"));
    free(text);
}

/* Whether a text has a word: a blank or a line's end stands behind it. */
static bool has_word(const char *text, const char *word)
{
    const char *found = strstr(text, word);

    while (found != NULL && strchr(" \n", found[strlen(word)]) == NULL) {
        found = strstr(found + 1, word);
    }
    return found != NULL;
}

static bool takes(const struct pw_command *command, const char *name)
{
    size_t count = 0;
    const struct pw_option *options = pw_option_table(&count);

    for (size_t i = 0; i < count; i++) {
        if (options[i].name != NULL && strcmp(options[i].name, name) == 0 &&
            (options[i].commands & command->bit) != 0) {
            return true;
        }
    }
    return false;
}

static void test_help_lists_the_options_of_its_command(void **state)
{
    size_t command_count = 0;
    size_t option_count = 0;
    const struct pw_command *commands = pw_command_table(&command_count);
    const struct pw_option *options = pw_option_table(&option_count);
    (void)state;

    for (size_t c = 0; c < command_count; c++) {
        struct pw_strbuf help = PW_STRBUF_INIT;
        pw_help_command(&help, &commands[c]);
        for (size_t o = 0; o < option_count; o++) {
            char name[64];
            if (options[o].name != NULL) {
                const bool is_taken = takes(&commands[c], options[o].name);
                (void)snprintf(name, sizeof(name), " --%s", options[o].name);
                assert_int_equal(has_word(pw_strbuf_text(&help), name), is_taken);
            }
        }
        pw_strbuf_release(&help);
    }
}

static void test_help_wraps_at_its_width(void **state)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    const size_t long_word = PW_HELP_COLUMNS + 20;
    (void)state;

    for (int i = 0; i < 60; i++) {
        pw_strbuf_puts(&text, i == 0 ? "word" : "  word");
    }
    pw_strbuf_putc(&text, ' ');
    pw_strbuf_pad(&text, 'x', long_word);
    /* From every column, so that some line ends exactly at the width. */
    for (size_t start = 4; start < PW_HELP_COLUMNS / 2; start++) {
        struct pw_strbuf out = PW_STRBUF_INIT;
        size_t column = start;
        pw_help_wrap(&out, pw_strbuf_text(&text), start, 4);
        for (const char *line = pw_strbuf_text(&out); *line != '\0'; column = 0) {
            const size_t length = strcspn(line, "\n");
            if (column + length > PW_HELP_COLUMNS) {
                /* Only what cannot be broken may stick out. */
                assert_int_equal(column + length, 4 + long_word);
            }
            line += length + 1;
        }
        pw_strbuf_release(&out);
    }
    pw_strbuf_release(&text);
}

static void test_manpage_has_only_known_requests(void **state)
{
    static const char *const requests[] = {".TH ", ".SH ",  ".SS ",  ".TP\n", ".B ",
                                           ".BR ", ".PP\n", ".nf\n", ".fi\n"};
    struct pw_strbuf page = PW_STRBUF_INIT;
    (void)state;

    pw_help_manpage(&page);
    const char *line = pw_strbuf_text(&page);
    while (*line != '\0') {
        bool is_known = line[0] != '.' && line[0] != '\'';
        for (size_t i = 0; i < PW_COUNT(requests); i++) {
            is_known |= strncmp(line, requests[i], strlen(requests[i])) == 0;
        }
        assert_true(is_known);
        line += strcspn(line, "\n") + 1;
    }
    pw_strbuf_release(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_reach_their_members),
        cmocka_unit_test(test_options_and_operands_mix),
        cmocka_unit_test(test_nothing_given_is_empty),
        cmocka_unit_test(test_refusals_say_what_and_what_else),
        cmocka_unit_test(test_runs_and_budgets_at_their_bounds),
        cmocka_unit_test(test_option_table_is_sound),
        cmocka_unit_test(test_command_table_is_sound),
        cmocka_unit_test(test_guesses),
        cmocka_unit_test(test_results_and_messages_have_their_streams),
        cmocka_unit_test(test_lost_output_is_a_failure),
        cmocka_unit_test(test_exit_codes_of_statuses),
        cmocka_unit_test(test_errors_are_one_line_and_name_their_place),
        cmocka_unit_test(test_help_lists_the_options_of_its_command),
        cmocka_unit_test(test_help_wraps_at_its_width),
        cmocka_unit_test(test_manpage_has_only_known_requests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
