/* The charts of a row of a comparison: which it has, and what is drawn of it. */
#ifndef PERFWARDEN_REPORT_ROW_CHART_H
#define PERFWARDEN_REPORT_ROW_CHART_H

#include "chart.h"
#include "perfwarden/gate.h"

enum pw_row_chart { PW_ROW_CHART_PAIRS, PW_ROW_CHART_DISTRIBUTION, PW_ROW_CHART_HISTORY };

/** How high a chart of the row is, in user units; 0 when the row has nothing for it. */
int pw_row_chart_height(const struct pw_comparison_row *row, enum pw_row_chart chart);

/** Draw it, in something that has the style sheet. @param title escaped here */
void pw_row_chart(struct pw_strbuf *out, const struct pw_comparison *comparison,
                  const struct pw_comparison_row *row, enum pw_row_chart chart, const char *title);

/** The ratio from which on a row is too much worse; lower than 1 where higher is better. NAN for
 * none. */
double pw_row_limit_ratio(const struct pw_comparison_row *row);

#endif
