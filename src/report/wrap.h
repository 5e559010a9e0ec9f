/* Breaking long lines of prose between words, so that a terminal does not break them within. */
#ifndef PERFWARDEN_REPORT_WRAP_H
#define PERFWARDEN_REPORT_WRAP_H

#include <stddef.h>

#include "perfwarden/util/strbuf.h"

/**
 * Break the lines at the end of a buffer.
 *
 * What goes on in the next line is indented there. A word that is wider than the terminal stays
 * whole, for it may be copied. No line starts with a word that a CI system could take for a
 * command.
 *
 * @param start    where they begin in the buffer; without colours
 * @param columns  of the terminal; 0 for unlimited: then nothing is done
 */
void pw_report_wrap(struct pw_strbuf *out, size_t start, unsigned columns);

#endif
