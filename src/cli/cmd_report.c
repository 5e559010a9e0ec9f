/* perfwarden report R: render a saved result or comparison in any format. Rendering a failure is a
 * success. */
#include "cli.h"

#include <errno.h>
#include <string.h>

#include "outputs.h"
#include "perfwarden/gate.h"
#include "perfwarden/result.h"

static int read_input(const char *path, struct pw_strbuf *text, struct pw_error *err)
{
    return pw_file_read(strcmp(path, "-") == 0 ? "/dev/stdin" : path, PW_RESULT_MAX_BYTES, text,
                        err);
}

/* The schema's kind, "result" or "comparison", decides how the rest is read. */
static int schema_kind(const struct pw_strbuf *text, const char *name, bool *is_comparison,
                       struct pw_error *err)
{
    struct pw_json *document = NULL;
    const int status =
        pw_json_parse(pw_strbuf_text(text), text->length, name, PW_JSON_DEFAULT, &document, err);
    if (status != PW_OK) {
        return status;
    }
    const char *schema = pw_json_string(pw_json_get(document, "schema"));
    *is_comparison = schema != NULL && strncmp(schema, "perfwarden/comparison/", 22) == 0;
    pw_json_free(document);
    return PW_OK;
}

static int load_and_render(struct pw_cli *cli, const struct pw_arguments *arguments,
                           const char *name, const struct pw_strbuf *text, struct pw_error *err)
{
    const char *format = arguments->format == NULL ? "text" : arguments->format;
    bool is_comparison = false;
    int status = schema_kind(text, name, &is_comparison, err);
    int code = PW_EXIT_USAGE;
    if (status == PW_OK && is_comparison) {
        struct pw_comparison comparison = {0};
        status = pw_comparison_read(pw_strbuf_text(text), text->length, name, &comparison, err);
        if (status == PW_OK) {
            const struct pw_subject subject = {.comparison = &comparison};
            code = pw_outputs_render(cli, arguments, format, arguments->output, subject);
            pw_comparison_release(&comparison);
        }
    } else if (status == PW_OK) {
        struct pw_result result = {0};
        status = pw_result_read(pw_strbuf_text(text), text->length, name, &result, err);
        if (status == PW_OK) {
            const struct pw_subject subject = {.result = &result};
            code = pw_outputs_render(cli, arguments, format, arguments->output, subject);
            pw_result_release(&result);
        }
    }
    if (status != PW_OK) {
        pw_cli_print_error(cli, err);
        code = status == PW_ENOMEM ? PW_EXIT_INTERNAL : PW_EXIT_USAGE;
    }
    return code;
}

int pw_cmd_report(struct pw_cli *cli, const struct pw_arguments *arguments)
{
    struct pw_error err = PW_ERROR_INIT;
    const char *path = arguments->operands.items[0];
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
