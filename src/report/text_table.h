/* The table of a comparison as text. */
#ifndef PERFWARDEN_REPORT_TEXT_TABLE_H
#define PERFWARDEN_REPORT_TEXT_TABLE_H

#include "perfwarden/report.h"
#include "rows.h"

/** Append the rows of a set of groups; nothing where there are none. @return 0; PW_ENOMEM */
int pw_report_text_table(const struct pw_comparison *comparison, const struct pw_report_rows *rows,
                         unsigned groups, const struct pw_report_options *options,
                         struct pw_strbuf *out, struct pw_error *err) PW_MUST_CHECK;

#endif
