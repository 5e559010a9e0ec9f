/* perfwarden export RESULT: a result in the format of another tool, for who moves there. */
#include "cli.h"

#include <string.h>

#include "perfwarden/export.h"
#include "perfwarden/result.h"

static int read_result(const char *word, struct pw_result *out, struct pw_error *err)
{
    const int status = pw_result_load(strcmp(word, "-") == 0 ? "/dev/stdin" : word, out, err);
    if (status != PW_OK && status != PW_ENOMEM) {
        err->status = PW_EUSAGE;
    }
    return status;
}

static int write_out(struct pw_cli *cli, const char *path, const struct pw_strbuf *text,
                     struct pw_error *err)
{
    if (path == NULL || strcmp(path, "-") == 0) {
        fwrite(pw_strbuf_text(text), 1, text->length, cli->out); /* looked at by pw_cli_main() */
        return PW_OK;
    }
    return pw_file_write(path, pw_strbuf_text(text), text->length, err);
}

int pw_cmd_export(struct pw_cli *cli, const struct pw_arguments *arguments)
{
    struct pw_error err = PW_ERROR_INIT;
    struct pw_strbuf text = PW_STRBUF_INIT;
    struct pw_result result = {0};
    const struct pw_exporter *exporter =
        pw_exporter_find(arguments->exporter == NULL ? "bmf" : arguments->exporter);
    int status = read_result(arguments->operands.items[0], &result, &err);
    if (status == PW_OK) {
        status = exporter->write(&result, &text, &err);
    }
    if (status == PW_OK) {
        status = write_out(cli, arguments->output, &text, &err);
    }
    pw_strbuf_release(&text);
    pw_result_release(&result);
    return status == PW_OK ? PW_EXIT_PASS : pw_cli_fail(cli, &err);
}
