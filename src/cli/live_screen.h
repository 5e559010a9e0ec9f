/*
 * Some lines at the end of a terminal that are drawn again and again in their place.
 *
 * The cursor rests below them: what somebody types, and a prompt after a sudden end, stand there
 * and not in the middle. It is never hidden, so there is nothing to be restored.
 */
#ifndef PERFWARDEN_CLI_LIVE_SCREEN_H
#define PERFWARDEN_CLI_LIVE_SCREEN_H

#include <stdio.h>

#include "perfwarden/util/strbuf.h"

/** Zero-initialised but for the stream it shows nothing. */
struct pw_live_screen {
    FILE *stream;
    struct pw_strbuf shown; /**< the lines that are on the terminal */
};

/**
 * Show lines in place of those shown before, by a single write.
 *
 * @param lines    each narrower than the terminal and ended by a newline; colours are the only
 * control sequences in them
 * @param columns  of the terminal now; it may have become narrower since
 */
void pw_live_screen_show(struct pw_live_screen *screen, const char *lines, unsigned columns);

/** Take the lines away again, and release what it owns. */
void pw_live_screen_wipe(struct pw_live_screen *screen, unsigned columns);

#endif
