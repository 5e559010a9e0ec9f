/* The frame of every HTML report: one file, no request, no script but its own. Not for other
 * formats. */
#ifndef PERFWARDEN_REPORT_HTML_H
#define PERFWARDEN_REPORT_HTML_H

#include "perfwarden/util/strbuf.h"

/** The style sheet and the script, without tags. The page's policy names the script by its hash. */
extern const char pw_html_styles[];
extern const char pw_html_script[];
/** SHA-256 of pw_html_script in base 64: tests/reports/pages tells it when the script changes. */
extern const char pw_html_script_hash[];

/** Everything up to <main>. @param title escaped here */
void pw_html_open(struct pw_strbuf *out, const char *title);
void pw_html_close(struct pw_strbuf *out);

/** <tag class="…">text</tag>, text escaped here. @param class NULL for none */
void pw_html_element(struct pw_strbuf *out, const char *tag, const char *class, const char *text);

#endif
