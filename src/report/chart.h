/*
 * Charts as SVG, drawn without scripts. Colours are classes of one style sheet, for light and dark;
 * every chart has a title and a description for those who do not see it. Knows values and units,
 * nothing of comparisons. Texts are escaped here.
 *
 * Memory failure is remembered by the buffer. Values that are not finite are not drawn.
 */
#ifndef PERFWARDEN_REPORT_CHART_H
#define PERFWARDEN_REPORT_CHART_H

#include <stdbool.h>
#include <stddef.h>

#include "perfwarden/util/strbuf.h"

/** Where a chart stands: in a page that has the style sheet, or in a file of its own. */
enum pw_chart_place { PW_CHART_IN_PAGE, PW_CHART_IN_FILE };

/** Append the style sheet of all charts, for a page to put into its <style>. */
void pw_chart_styles(struct pw_strbuf *out);

/** Pairs of runs: the ratio of each in the order they were measured. */
struct pw_chart_pairs {
    const char *title;  /**< "parse wall_time" */
    const double *base; /**< base units, > 0 */
    const double *head;
    size_t count; /**< pairs */
    double ratio; /**< the estimate, head ÷ base; NAN for none */
    double low;   /**< its interval; NAN for none */
    double high;  /**< its interval; NAN for none */
    double limit; /**< the largest ratio allowed; NAN for none */
};

void pw_chart_pairs(struct pw_strbuf *out, const struct pw_chart_pairs *chart,
                    enum pw_chart_place place);

/** The runs of both sides, each a dot, with median and quartiles. */
struct pw_chart_distribution {
    const char *title;
    const char *unit; /**< base unit, as results spell it */
    const double *base;
    size_t base_count;
    const double *head;
    size_t head_count;
};

void pw_chart_distribution(struct pw_strbuf *out, const struct pw_chart_distribution *chart,
                           enum pw_chart_place place);

/** One session of a history. */
struct pw_chart_point {
    const char *label; /**< "0123456789ab, 2026-01-31" */
    double value;
    double low;     /**< interval of the value; NAN for none */
    double high;    /**< interval of the value; NAN for none */
    bool is_head;   /**< the one that is judged */
    bool is_change; /**< a change of level starts here */
};

/** A metric over the commits, oldest first. */
struct pw_chart_history {
    const char *title;
    const char *unit;
    const struct pw_chart_point *points;
    size_t count;
};

void pw_chart_history(struct pw_strbuf *out, const struct pw_chart_history *chart,
                      enum pw_chart_place place);

/** What a badge says of the whole. */
enum pw_badge_color { PW_BADGE_GOOD, PW_BADGE_OPEN, PW_BADGE_BAD };

/** A badge for a README: "perfwarden | pass". Always a file of its own. */
void pw_chart_badge(struct pw_strbuf *out, const char *label, const char *message,
                    enum pw_badge_color color);

/** A line of block characters, eight heights between the least and the largest value; a dot where a
 * value is not finite. */
void pw_sparkline(struct pw_strbuf *out, const double *values, size_t count);

#endif
