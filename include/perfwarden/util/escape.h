/*
 * One escaping function per context. Foreign text (names, a child's output, messages that quote
 * them) passes through the one for its context right where it is written, and nowhere else.
 *
 * Each appends to a buffer, accepts any bytes, and turns invalid UTF-8 into U+FFFD.
 */
#ifndef PERFWARDEN_UTIL_ESCAPE_H
#define PERFWARDEN_UTIL_ESCAPE_H

#include <stddef.h>

#include "perfwarden/util/strbuf.h"

/**
 * Plain text on a terminal or in a log, on one line.
 *
 * C0, DEL, C1, line separators and bidirectional controls are shown as \xNN or \u{N}. What a CI
 * system would take for a command is broken: `##[` and `##vso[` anywhere, `::` as the first thing.
 */
void pw_escape_terminal(struct pw_strbuf *out, const char *text);

/**
 * XML character data and attribute values: & < > " ' and what attributes would normalise (tab, LF,
 * CR) become references; characters XML 1.0 forbids become U+FFFD.
 */
void pw_escape_xml(struct pw_strbuf *out, const char *text);

/** HTML text and attribute values: markup becomes references, controls are shown as
 * pw_escape_terminal() shows them. */
void pw_escape_html(struct pw_strbuf *out, const char *text);

/**
 * Only the characters that XML 1.0 allows, the others U+FFFD; markup stays as it is. For an XML
 * writer that escapes markup itself but not what no escape can express.
 */
void pw_escape_xml_characters(struct pw_strbuf *out, const char *text);

/**
 * A cell of a GitHub markdown table, as <code> with entities: no pipe, newline, markup, link or
 * mention survives. Controls are shown as pw_escape_terminal() shows them.
 */
void pw_escape_markdown_code(struct pw_strbuf *out, const char *text);

/**
 * Markdown running text behind the start of a line (where "1." or "-" would begin a list): markup
 * characters become entities, line ends blanks, other controls are shown. A zero-width space behind
 * @ and # keeps mentions and issue links from forming, for GitHub looks for those after it has
 * resolved the entities.
 */
void pw_escape_markdown_text(struct pw_strbuf *out, const char *text);

/**
 * One field of a CSV file (RFC 4180), quoted only where needed. A text that a spreadsheet would
 * take for a formula (= + - @, tab or CR in front) gets an apostrophe before it, as does one that
 * begins with an apostrophe, so that one leading apostrophe can always be taken away again.
 */
void pw_escape_csv(struct pw_strbuf *out, const char *text);

/** The value of a label in Prometheus' text format and OpenMetrics, without the quotes around it.
 */
void pw_escape_label(struct pw_strbuf *out, const char *text);

/**
 * The message of a workflow command of GitHub Actions ("::error::message"), as its toolkit escapes
 * it: `%`, CR and LF. Controls are the caller's, and what the log must not show.
 */
void pw_escape_workflow_data(struct pw_strbuf *out, const char *text);

/** The value of one of its properties ("file=value"): also `:` and `,`. */
void pw_escape_workflow_property(struct pw_strbuf *out, const char *text);

/** The message of a logging command of Azure Pipelines ("##vso[…]message"): CR, LF, and `%` as
 * `%AZP25`. */
void pw_escape_azure_data(struct pw_strbuf *out, const char *text);

/** The value of one of its properties: also `;` and `]`. */
void pw_escape_azure_property(struct pw_strbuf *out, const char *text);

/** One word of a POSIX shell command line, quoted only where needed. */
void pw_escape_shell(struct pw_strbuf *out, const char *text);

#endif
