/*
 * The program's entry: sets up what the whole process shares — descriptors, the launcher, signals —
 * and leaves all else to pw_cli_main().
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "cli.h"
#include "signals.h"

/* One write for whatever help prints, so that `perfwarden help | head` sees no broken pipe. */
#define OUT_BUFFER_BYTES 65536

/*
 * A descriptor closed by the caller would be given to the next file opened, and a report would end
 * up in it. It is filled with one that fails when it is used: a write is still noticed as lost.
 */
static int hold_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) != -1 || errno != EBADF) {
            continue;
        }
        if (open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd) {
            return -1;
        }
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct pw_cli cli = {.out = stdout, .err = stderr};
    struct pw_error err = PW_ERROR_INIT;

    if (hold_standard_descriptors() != 0) {
        return PW_EXIT_INTERNAL;
    }
    /* Commands that run nothing work without it; the others say that it is missing. */
    if (pw_launcher_start(&cli.executor, &err) != 0) {
        cli.executor = NULL;
        pw_error_release(&err);
    }
    cli.interrupted = pw_signals_install();
    if (isatty(STDOUT_FILENO) == 0) {
        (void)setvbuf(stdout, NULL, _IOFBF, OUT_BUFFER_BYTES);
    }
    const int code = pw_cli_main(&cli, argc, argv);
    if (cli.executor != NULL) {
        cli.executor->free(cli.executor);
    }
    return code;
}
