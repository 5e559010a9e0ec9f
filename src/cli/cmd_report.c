/* perfwarden report R: render a saved result or comparison in any format. Rendering a failure is a
 * success. */
#include "cli.h"

#include <string.h>
#include <unistd.h>

#include "outputs.h"
#include "perfwarden/gate.h"
#include "perfwarden/result.h"
#include "picture.h"

static int read_input(const char *path, struct pw_strbuf *text, struct pw_error *err)
{
    return pw_file_read(strcmp(path, "-") == 0 ? "/dev/stdin" : path, PW_RESULT_MAX_BYTES, text,
                        err);
}

/** What a file holds: one of the two. */
struct loaded {
    bool is_comparison;
    struct pw_comparison comparison;
    struct pw_result result;
};

/* The schema's kind, "result" or "comparison", decides how the rest is read. A result is parsed
 * anew: its counters have to be exact, which a comparison does not ask of what others added. */
static int load(const char *name, const struct pw_strbuf *text, struct loaded *out,
                struct pw_error *err)
{
    struct pw_json *document = NULL;
    int status =
        pw_json_parse(pw_strbuf_text(text), text->length, name, PW_JSON_DEFAULT, &document, err);
    if (status != PW_OK) {
        return status;
    }
    const char *schema = pw_json_string(pw_json_get(document, "schema"));
    out->is_comparison = schema != NULL && strncmp(schema, "perfwarden/comparison/", 22) == 0;
    if (out->is_comparison) {
        status = pw_comparison_read_document(document, name, &out->comparison, err);
        if (status == PW_OK) {
            return PW_OK;
        }
    } else {
        status = pw_result_read(pw_strbuf_text(text), text->length, name, &out->result, err);
    }
    pw_json_free(document);
    return status;
}

static void unload(struct loaded *loaded)
{
    if (loaded->is_comparison) {
        pw_comparison_release(&loaded->comparison);
    } else {
        pw_result_release(&loaded->result);
    }
}

static int load_and_render(struct pw_cli *cli, const struct pw_arguments *arguments,
                           const char *name, const struct pw_strbuf *text, struct pw_error *err)
{
    const char *format = arguments->format == NULL ? "text" : arguments->format;
    struct loaded loaded = {0};
    const int status = load(name, text, &loaded, err);
    if (status != PW_OK) {
        pw_cli_print_error(cli, err);
        return status == PW_ENOMEM ? PW_EXIT_INTERNAL : PW_EXIT_USAGE;
    }
    const struct pw_subject subject = {
        .comparison = loaded.is_comparison ? &loaded.comparison : NULL,
        .result = loaded.is_comparison ? NULL : &loaded.result,
    };
    const int code = pw_outputs_render(cli, arguments, format, arguments->output, subject);
    unload(&loaded);
    return code;
}

/* A report of a part would tell another story than the gate: only charts may be of a part. */
static int check_options(const struct pw_cli *cli, const struct pw_arguments *arguments,
                         struct pw_error *err)
{
    const char *format = arguments->format == NULL ? "text" : arguments->format;
    const bool is_chart = strcmp(format, "svg") == 0 || strcmp(format, "png") == 0;
    const bool is_badge =
        is_chart && arguments->chart != NULL && strcmp(arguments->chart, "badge") == 0;
    const bool to_stdout = arguments->output == NULL || strcmp(arguments->output, "-") == 0;
    if (!is_chart && arguments->chart != NULL) {
        return pw_error_set(err, PW_EUSAGE, "'--chart' is for '--format svg' and '--format png'");
    }
    if (arguments->drawn.count > 0 && (!is_chart || is_badge)) {
        return pw_error_set(err, PW_EUSAGE,
                            "'--filter' is for the charts of '--format svg' and '--format png'; "
                            "other reports tell of the whole");
    }
    if (pw_picture_is_binary(format) && to_stdout && isatty(fileno(cli->out))) {
        return pw_error_set(err, PW_EUSAGE,
                            "a picture is not for a terminal; name a file with '--output'");
    }
    return PW_OK;
}

int pw_cmd_report(struct pw_cli *cli, const struct pw_arguments *arguments)
{
    struct pw_error err = PW_ERROR_INIT;
    const char *path = arguments->operands.items[0];
    if (check_options(cli, arguments, &err) != PW_OK ||
        pw_outputs_check_input(arguments, path, &err) != PW_OK) {
        return pw_cli_fail(cli, &err);
    }
    struct pw_strbuf text;
    pw_strbuf_init(&text, PW_RESULT_MAX_BYTES);
    int code = PW_EXIT_USAGE;
    if (arguments->max_bytes > 0 &&
        (arguments->format == NULL || strcmp(arguments->format, "markdown") != 0)) {
        (void)pw_error_set(&err, PW_EUSAGE, "'--max-bytes' is for '--format markdown' only");
        return pw_cli_fail(cli, &err);
    }
    if (read_input(path, &text, &err) == PW_OK) {
        code = load_and_render(cli, arguments, path, &text, &err);
    } else {
        pw_cli_print_error(cli, &err);
        code = err.status == PW_ENOMEM ? PW_EXIT_INTERNAL : PW_EXIT_USAGE;
    }
    pw_error_release(&err);
    pw_strbuf_release(&text);
    return code;
}
