/* perfwarden version: one line, for people and for bug reports. */
#include "cli.h"

int pw_cmd_version(struct pw_cli *cli, const struct pw_arguments *arguments)
{
    (void)arguments;
    (void)fputs("perfwarden " PW_VERSION "\n", cli->out);
    return PW_EXIT_PASS;
}
