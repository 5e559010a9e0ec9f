/* The tables of what benchmarks tell of their inside: operations, and errors. Of results only. */
#ifndef PERFWARDEN_REPORT_OPERATIONS_H
#define PERFWARDEN_REPORT_OPERATIONS_H

#include "markdown.h"
#include "perfwarden/report.h"

/* Each adds both tables, those that have rows. Memory failure is remembered by the buffer. */

void pw_report_operations_markdown(struct pw_markdown *markdown, const struct pw_result *result);
void pw_report_operations_html(struct pw_strbuf *out, const struct pw_result *result);
/** @return 0; PW_ENOMEM */
int pw_report_operations_text(const struct pw_result *result,
                              const struct pw_report_options *options, struct pw_strbuf *out,
                              struct pw_error *err) PW_MUST_CHECK;

#endif
