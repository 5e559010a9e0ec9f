/* What a stream can show: terminal or not, colours, width. */
#ifndef PERFWARDEN_CLI_TERMINAL_H
#define PERFWARDEN_CLI_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

#include "cli.h"

/** True when the stream is a terminal that moves its cursor (TERM is not "dumb"). */
bool pw_terminal_is(FILE *stream);

/** Columns of the terminal; 0 when the stream is none, which means "unlimited". */
unsigned pw_terminal_columns(FILE *stream);

/** The terminal's size now; it may change at any time. @return false when it is not told */
bool pw_terminal_size(FILE *stream, unsigned *columns, unsigned *rows);

/** Whether a stream is watched by somebody while it is written: a terminal, and not one that a CI
 * system (`CI` is set) keeps as a log. */
bool pw_terminal_is_watched(FILE *stream);

/** Colours: always or never when asked for, else on a terminal unless NO_COLOR is set
 * (no-color.org). */
bool pw_terminal_use_color(FILE *stream, enum pw_when when);

#endif
