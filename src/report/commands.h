/* The commands a report tells its reader to type, as shell command lines that can be copied. */
#ifndef PERFWARDEN_REPORT_COMMANDS_H
#define PERFWARDEN_REPORT_COMMANDS_H

#include <stdbool.h>

#include "perfwarden/gate.h"
#include "perfwarden/util/strbuf.h"
#include "rows.h"

/**
 * Append the command that measures or compares again what failed, else what was not decided, else
 * everything. Shell-escaped, one printable line.
 *
 * @param rows  NULL for a short command, for everything
 */
void pw_report_reproduce_command(const struct pw_comparison *comparison,
                                 const struct pw_report_rows *rows, struct pw_strbuf *out);

/**
 * Append the command that shows what the benchmarks print that could not be measured.
 *
 * @return false when there are none, or they were measured elsewhere: then nothing is appended
 */
bool pw_report_output_command(const struct pw_comparison *comparison,
                              const struct pw_report_rows *rows, struct pw_strbuf *out);

/** Most trailers that a report lists. */
#define PW_REPORT_MOST_TRAILERS 10

/** Called with a line to be copied into a commit message. Foreign text, to be escaped. */
typedef void pw_report_trailer_fn(void *context, const char *line);

/**
 * Tell the trailers that would accept what makes the gate fail, as far as that can be accepted and
 * its names can be copied.
 *
 * @param[out] failed  set when memory ran out and a trailer was lost, else left alone
 * @return how many there are, of which PW_REPORT_MOST_TRAILERS are told
 */
size_t pw_report_accept_trailers(const struct pw_comparison *comparison,
                                 const struct pw_report_rows *rows, pw_report_trailer_fn *tell,
                                 void *context, bool *failed);

/** True when the head was measured by a check, which obeys trailers; `compare` does not. */
bool pw_report_obeys_trailers(const struct pw_comparison *comparison);

/** Tell what helps where a failing row can neither be accepted nor settled by a new baseline: a
 * sentence for each kind of row. */
void pw_report_remedies(const struct pw_comparison *comparison, const struct pw_report_rows *rows,
                        pw_report_trailer_fn *tell, void *context);

/** True when a new baseline would settle something that fails. */
bool pw_report_is_settled_by_baseline(const struct pw_report_rows *rows);

/** Append the command that makes the present measurements the new baseline. */
void pw_report_accept_command(const struct pw_comparison *comparison, struct pw_strbuf *out);

#endif
