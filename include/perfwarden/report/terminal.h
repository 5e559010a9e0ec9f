/* What verdicts and names look like on a terminal: the same in the report and while it is made. */
#ifndef PERFWARDEN_REPORT_TERMINAL_H
#define PERFWARDEN_REPORT_TERMINAL_H

#include <stddef.h>

#include "perfwarden/util/strbuf.h"
#include "perfwarden/vocabulary.h"

#define PW_COLOR_RESET "\x1B[0m"

/** A mark, one column wide, that also works without colours. Static text. */
const char *pw_report_mark(enum pw_verdict verdict);

/** The escape sequence of a verdict's colour, "" for none. Static text. */
const char *pw_report_color(enum pw_verdict verdict);

/** Append a text, cut in the middle with "…" where it is wider than `width` columns (≥ 3): both of
 * a name's ends tell it apart from others. */
void pw_report_shorten(const char *text, size_t width, struct pw_strbuf *out);

#endif
