/* The commands at the end of a comparison's markdown. */
#ifndef PERFWARDEN_REPORT_MARKDOWN_COMMANDS_H
#define PERFWARDEN_REPORT_MARKDOWN_COMMANDS_H

#include <stddef.h>

#include "perfwarden/gate.h"
#include "perfwarden/util/strbuf.h"
#include "rows.h"

/**
 * Append the commands to reproduce, to look closer, to accept. Memory failure is remembered by the
 * buffer.
 *
 * @param max_bytes  where they would take more, only the shortest way to reproduce is told, or none
 */
void pw_markdown_commands(const struct pw_comparison *comparison, const struct pw_report_rows *rows,
                          size_t max_bytes, struct pw_strbuf *out);

#endif
