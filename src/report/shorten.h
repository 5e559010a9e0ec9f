/* Long names: cut in the middle, for both of their ends tell them apart. */
#ifndef PERFWARDEN_REPORT_SHORTEN_H
#define PERFWARDEN_REPORT_SHORTEN_H

#include <stddef.h>

#include "perfwarden/util/strbuf.h"

/** Append a text, cut in the middle with "…" where it is wider than `width` columns (≥ 3). */
void pw_report_shorten(const char *text, size_t width, struct pw_strbuf *out);

#endif
