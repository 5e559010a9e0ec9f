/* Asking the terminal. */
#define _DEFAULT_SOURCE /* struct winsize */

#include "terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool pw_terminal_is(FILE *stream)
{
    const char *term = getenv("TERM");
    return isatty(fileno(stream)) && term != NULL && strcmp(term, "dumb") != 0;
}

bool pw_terminal_size(FILE *stream, unsigned *columns, unsigned *rows)
{
    struct winsize size;
    if (!isatty(fileno(stream)) || ioctl(fileno(stream), TIOCGWINSZ, &size) != 0 ||
        size.ws_col == 0 || size.ws_row == 0) {
        return false;
    }
    *columns = size.ws_col;
    *rows = size.ws_row;
    return true;
}

unsigned pw_terminal_columns(FILE *stream)
{
    struct winsize size;
    if (!isatty(fileno(stream)) || ioctl(fileno(stream), TIOCGWINSZ, &size) != 0) {
        return 0;
    }
    return size.ws_col;
}

bool pw_terminal_is_watched(FILE *stream)
{
    const char *ci = getenv("CI");
    const bool is_ci = ci != NULL && ci[0] != '\0' && strcmp(ci, "false") != 0;
    return !is_ci && pw_terminal_is(stream);
}

bool pw_terminal_use_color(FILE *stream, enum pw_when when)
{
    if (when != PW_WHEN_AUTO) {
        return when == PW_WHEN_ALWAYS;
    }
    const char *no_color = getenv("NO_COLOR");
    return (no_color == NULL || no_color[0] == '\0') && pw_terminal_is(stream);
}
