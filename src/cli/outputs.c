/* Rendering and writing. A buffer is complete before a byte of it is written, so no report is ever
 * partial. */
#include "outputs.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "perfwarden/report.h"
#include "picture.h"
#include "terminal.h"

static bool is_stdout(const char *path)
{
    return path == NULL || strcmp(path, "-") == 0;
}

static int render(struct pw_cli *cli, const struct pw_reporter *reporter,
                  const struct pw_report_options *options, struct pw_subject subject,
                  struct pw_strbuf *out, struct pw_error *err)
{
    int status = subject.comparison != NULL
                     ? reporter->comparison(subject.comparison, options, out, err)
                     : reporter->result(subject.result, options, out, err);
    if (status == PW_OK) {
        status = pw_strbuf_check(out, err);
    }
    if (status == PW_OK && pw_picture_is_binary(reporter->name)) {
        status = pw_picture_convert(out, cli->interrupted, err);
    }
    return status;
}

static int write_out(struct pw_cli *cli, const char *path, const struct pw_strbuf *text,
                     struct pw_error *err)
{
    if (!is_stdout(path)) {
        return pw_file_write(path, pw_strbuf_text(text), text->length, err);
    }
    /* pw_cli_main() looks at the stream at the end, once for all that was printed. */
    fwrite(pw_strbuf_text(text), 1, text->length, cli->out);
    return PW_OK;
}

static int fail_format(struct pw_cli *cli, const char *format)
{
    size_t count = 0;
    const struct pw_reporter *table = pw_reporter_table(&count);
    struct pw_strbuf known = PW_STRBUF_INIT;
    for (size_t i = 0; i < count; i++) {
        pw_strbuf_printf(&known, "%s%s", i == 0 ? "" : ", ", table[i].name);
    }
    struct pw_error err = PW_ERROR_INIT;
    (void)pw_error_set(&err, PW_EUSAGE, "unknown format '%s'; known are %s", format,
                       pw_strbuf_text(&known));
    pw_strbuf_release(&known);
    return pw_cli_fail(cli, &err);
}

static int render_correlation(const char *correlation, const struct pw_report_options *options,
                              struct pw_subject subject, struct pw_strbuf *out,
                              struct pw_error *err)
{
    if (subject.result == NULL) {
        return pw_error_set(err, PW_EUSAGE,
                            "a comparison keeps no calls; name a result for '--correlation'");
    }
    const int status = pw_report_correlation(subject.result, correlation, options, out, err);
    if (status == PW_ENOTFOUND) {
        err->status = PW_EUSAGE;
        return PW_EUSAGE;
    }
    return status;
}

int pw_outputs_render(struct pw_cli *cli, const struct pw_arguments *arguments, const char *format,
                      const char *path, struct pw_subject subject)
{
    const struct pw_reporter *reporter = pw_reporter_find(format);
    if (reporter == NULL) {
        return fail_format(cli, format);
    }
    const bool to_stdout = is_stdout(path);
    const struct pw_report_options options = {
        .use_color = to_stdout && pw_terminal_use_color(cli->out, arguments->color),
        .columns = to_stdout ? pw_terminal_columns(cli->out) : 0,
        .is_verbose = arguments->is_verbose,
        .is_quiet = arguments->is_quiet,
        .max_bytes = arguments->max_bytes,
        .chart = pw_report_chart_find(arguments->chart),
        .filters = arguments->drawn.items,
        .filter_count = arguments->drawn.count,
    };
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_error err = PW_ERROR_INIT;
    int status = arguments->correlation != NULL
                     ? render_correlation(arguments->correlation, &options, subject, &text, &err)
                     : render(cli, reporter, &options, subject, &text, &err);
    if (status == PW_OK) {
        status = write_out(cli, path, &text, &err);
    }
    pw_strbuf_release(&text);
    if (status == PW_OK) {
        return PW_EXIT_PASS;
    }
    return pw_cli_fail(cli, &err);
}

static const char *first_of(const char *option, const char *configured)
{
    return option != NULL ? option : configured;
}

/* A report in a format other than text. */
struct wanted {
    const char *format;
    const char *path; /* NULL when it is not wanted */
};

enum { WANTED_COUNT = 6 };

static void find_wanted(const struct pw_arguments *arguments, const struct pw_report_config *config,
                        struct wanted *out)
{
    static const struct pw_report_config none = {0};
    const struct pw_report_config *configured = config == NULL ? &none : config;
    out[0] = (struct wanted){"json", first_of(arguments->output, configured->json)};
    out[1] = (struct wanted){"junit", first_of(arguments->junit, configured->junit)};
    out[2] = (struct wanted){"markdown", first_of(arguments->markdown, configured->markdown)};
    out[5] = (struct wanted){"html", first_of(arguments->html, configured->html)};
    out[3] = (struct wanted){"csv", first_of(arguments->csv, configured->csv)};
    out[4] = (struct wanted){"prometheus", first_of(arguments->prometheus, configured->prometheus)};
}

int pw_outputs_check(const struct pw_arguments *arguments, const struct pw_report_config *config,
                     struct pw_error *err)
{
    struct wanted wanted[WANTED_COUNT];
    find_wanted(arguments, config, wanted);
    for (size_t i = 0; i < WANTED_COUNT; i++) {
        for (size_t j = i + 1; j < WANTED_COUNT; j++) {
            if (wanted[i].path != NULL && wanted[j].path != NULL &&
                strcmp(wanted[i].path, wanted[j].path) == 0) {
                return pw_error_set(err, PW_EUSAGE,
                                    "the %s report and the %s report would both be written to "
                                    "'%s'; name another file for one of them",
                                    wanted[i].format, wanted[j].format, wanted[i].path);
            }
        }
    }
    return PW_OK;
}

static bool is_set(const char *variable)
{
    const char *value = getenv(variable);
    return value != NULL && value[0] != '\0';
}

/* The format of the annotations that are asked for; NULL for none. */
static const char *find_annotations(const struct pw_arguments *arguments)
{
    const char *choice = arguments->annotations;
    if (choice == NULL || strcmp(choice, "auto") == 0) {
        return is_set("GITHUB_ACTIONS") ? "github" : is_set("TF_BUILD") ? "azure" : NULL;
    }
    return strcmp(choice, "none") == 0 ? NULL : choice;
}

/* CI systems look for commands on both streams, so a report on stdout is spared them. */
static int write_annotations(struct pw_cli *cli, const struct pw_arguments *arguments,
                             struct pw_subject subject, bool is_stdout_taken)
{
    const char *format = find_annotations(arguments);
    const struct pw_report_options options = {.columns = 0};
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_error err = PW_ERROR_INIT;
    int code = PW_EXIT_PASS;
    if (format == NULL || subject.comparison == NULL) {
        return code;
    }
    if (render(cli, pw_reporter_find(format), &options, subject, &text, &err) == PW_OK) {
        fwrite(pw_strbuf_text(&text), 1, text.length, is_stdout_taken ? cli->err : cli->out);
    } else {
        pw_cli_print_error(cli, &err);
        code = PW_EXIT_INTERNAL;
    }
    pw_error_release(&err);
    pw_strbuf_release(&text);
    return code;
}

int pw_outputs_check_input(const struct pw_arguments *arguments, const char *input,
                           struct pw_error *err)
{
    struct wanted wanted[WANTED_COUNT];
    struct stat from;
    find_wanted(arguments, NULL, wanted);
    if (strcmp(input, "-") == 0 || stat(input, &from) != 0 || !S_ISREG(from.st_mode)) {
        return PW_OK;
    }
    for (size_t i = 0; i < WANTED_COUNT; i++) {
        struct stat to;
        if (wanted[i].path != NULL && stat(wanted[i].path, &to) == 0 && to.st_dev == from.st_dev &&
            to.st_ino == from.st_ino) {
            return pw_error_set(err, PW_EUSAGE,
                                "'%s' is read, and would be overwritten by what is made of it; "
                                "name another file",
                                wanted[i].path);
        }
    }
    return PW_OK;
}

int pw_outputs_write(struct pw_cli *cli, const struct pw_arguments *arguments,
                     const struct pw_report_config *config, struct pw_subject subject)
{
    struct wanted wanted[WANTED_COUNT];
    find_wanted(arguments, config, wanted);
    bool is_stdout_taken = false;
    for (size_t i = 0; i < WANTED_COUNT; i++) {
        is_stdout_taken = is_stdout_taken || (wanted[i].path != NULL && is_stdout(wanted[i].path));
    }
    int code = PW_EXIT_PASS;
    if (!is_stdout_taken) {
        code = pw_outputs_render(cli, arguments, "text", NULL, subject);
    }
    code = pw_exit_worst(code, write_annotations(cli, arguments, subject, is_stdout_taken));
    for (size_t i = 0; i < WANTED_COUNT; i++) {
        if (wanted[i].path != NULL) {
            const int written =
                pw_outputs_render(cli, arguments, wanted[i].format, wanted[i].path, subject);
            code = pw_exit_worst(code, written);
        }
    }
    return code;
}
