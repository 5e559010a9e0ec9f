/* The folded parts of a page: the charts and figures of a row, the environment. */
#ifndef PERFWARDEN_REPORT_HTML_DETAILS_H
#define PERFWARDEN_REPORT_HTML_DETAILS_H

#include "rows.h"

/** How many rows, the first ones, get details: all that need attention and as many of the others as
 * keep the page small. */
size_t pw_html_details_count(const struct pw_report_rows *rows);

/** A row with its charts. @param number of the row: its anchor is "d<number>" */
void pw_html_details(struct pw_strbuf *out, const struct pw_comparison *comparison,
                     const struct pw_comparison_row *row, size_t number, bool is_open);

/** Where and when both sides were measured. */
void pw_html_environment(struct pw_strbuf *out, const struct pw_comparison *comparison);

#endif
