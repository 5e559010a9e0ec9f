/* perfwarden completion: the script of one shell on standard output. */
#include <string.h>

#include "completion.h"

int pw_cmd_completion(struct pw_cli *cli, const struct pw_arguments *arguments)
{
    size_t count = 0;
    const struct pw_shell *shells = pw_shells(&count);
    struct pw_strbuf script = PW_STRBUF_INIT;
    struct pw_error err = PW_ERROR_INIT;
    int code = PW_EXIT_PASS;

    for (size_t i = 0; i < count; i++) {
        if (strcmp(shells[i].name, arguments->operands.items[0]) == 0) {
            shells[i].write(&script);
        }
    }
    if (pw_strbuf_check(&script, &err) != PW_OK) {
        code = pw_cli_fail(cli, &err);
    } else {
        (void)fwrite(pw_strbuf_text(&script), 1, script.length, cli->out);
    }
    pw_strbuf_release(&script);
    return code;
}
