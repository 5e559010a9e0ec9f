/* The commands a report tells its reader to type, as shell command lines that can be copied. */
#ifndef PERFWARDEN_REPORT_COMMANDS_H
#define PERFWARDEN_REPORT_COMMANDS_H

#include "perfwarden/gate.h"
#include "perfwarden/util/strbuf.h"
#include "rows.h"

/**
 * Append the command that measures or compares again what failed, else what was not decided, else
 * everything. Shell-escaped, one printable line.
 */
void pw_report_reproduce_command(const struct pw_comparison *comparison,
                                 const struct pw_report_rows *rows, struct pw_strbuf *out);

/** Append the command that makes the present measurements the new baseline. */
void pw_report_accept_command(const struct pw_comparison *comparison, struct pw_strbuf *out);

#endif
