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

/** Where a chart stands: in something that has the style sheet, or in a file of its own. */
enum pw_chart_place { PW_CHART_IN_PAGE, PW_CHART_IN_FILE };

/** How wide charts are, and how high, in user units. */
enum { PW_CHART_WIDTH = 640, PW_CHART_PAIRS_HEIGHT = 190, PW_CHART_HISTORY_HEIGHT = 190 };

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
    size_t base_count; /**< 0: there is one side only, and it is not called head */
    const double *head;
    size_t head_count;
};

/** How high it is: less for one side. */
int pw_chart_distribution_height(const struct pw_chart_distribution *chart);
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

/** What is thought of a line of the overview; good, open and bad also differ by their shapes. */
enum pw_chart_tone {
    PW_CHART_GOOD,
    PW_CHART_OPEN,
    PW_CHART_BAD,
    PW_CHART_QUIET,
    PW_CHART_TONE_COUNT
};

/** The mark of a line: shapes tell verdicts apart where colours do not. */
enum pw_chart_shape {
    PW_CHART_DOT,
    PW_CHART_RING,
    PW_CHART_SQUARE,
    PW_CHART_DIAMOND,
    PW_CHART_UPWARDS,
    PW_CHART_DOWNWARDS,
    PW_CHART_CROSS
};

/** One line of the overview. */
struct pw_chart_line {
    const char *label;   /**< what was compared; cut in the middle where it is long */
    const char *change;  /**< "+20.6 %" */
    const char *verdict; /**< in words */
    double ratio;        /**< head ÷ base; NAN for none */
    double low;          /**< its interval; NAN for none */
    double high;         /**< its interval; NAN for none */
    double limit;        /**< the ratio from which on it is too much; NAN for none */
    enum pw_chart_shape shape;
    enum pw_chart_tone tone;
};

/** Ratios with their intervals, one below the other: a forest plot. */
struct pw_chart_overview {
    const char *title;    /**< what happened */
    const char *subtitle; /**< what was compared with what */
    const char *rest;     /**< what is not drawn, below the lines; "" for nothing */
    const struct pw_chart_line *lines;
    size_t count;
    enum pw_chart_tone tone;
};

/** Always a file of its own. */
void pw_chart_overview(struct pw_strbuf *out, const struct pw_chart_overview *chart);

/** What a badge says of the whole. */
enum pw_badge_color { PW_BADGE_GOOD, PW_BADGE_OPEN, PW_BADGE_BAD };

/** A badge for a README: "perfwarden | pass". Always a file of its own. */
void pw_chart_badge(struct pw_strbuf *out, const char *label, const char *message,
                    enum pw_badge_color color);

/** A line of block characters, eight heights between the least and the largest value; a dot where a
 * value is not finite. */
void pw_sparkline(struct pw_strbuf *out, const double *values, size_t count);

#endif
