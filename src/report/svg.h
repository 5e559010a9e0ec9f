/* What all charts draw with: a frame with a scale, numbers, lines and dots. Not for reports. */
#ifndef PERFWARDEN_REPORT_SVG_H
#define PERFWARDEN_REPORT_SVG_H

#include "chart.h"

/** From values to places on the drawing. */
struct pw_svg_scale {
    double low; /**< value */
    double high;
    double from; /**< place of `low`, user units */
    double to;
};

/** A scale that holds some values, with some air at both ends; never empty. */
struct pw_svg_range {
    double low;
    double high;
    bool is_set;
};

void pw_svg_range_add(struct pw_svg_range *range, double value);
struct pw_svg_scale pw_svg_scale_over(const struct pw_svg_range *range, double from, double to);
double pw_svg_at(const struct pw_svg_scale *scale, double value);

/** How a value of an axis is written. */
typedef void (*pw_svg_label_fn)(struct pw_strbuf *out, double value, const char *unit);
void pw_svg_label_value(struct pw_strbuf *out, double value, const char *unit);
/** A ratio as a change: 1.05 as "+5 %". */
void pw_svg_label_change(struct pw_strbuf *out, double value, const char *unit);

/** The inside of every chart, in user units. */
enum { PW_SVG_LEFT = 76, PW_SVG_RIGHT = 628, PW_SVG_TOP = 10 };

/** Open a chart. @param title, description for people who do not see it; escaped here */
void pw_svg_open(struct pw_strbuf *out, enum pw_chart_place place, int height, const char *title,
                 const char *description);
/** The same in another width. */
void pw_svg_open_wide(struct pw_strbuf *out, enum pw_chart_place place, int width, int height,
                      const char *title, const char *description);
void pw_svg_close(struct pw_strbuf *out);

/** A coordinate, rounded to tenths. */
void pw_svg_number(struct pw_strbuf *out, double value);
/** A straight line. @param class one of the style sheet */
void pw_svg_line(struct pw_strbuf *out, const char *class, double x1, double y1, double x2,
                 double y2);
void pw_svg_box(struct pw_strbuf *out, const char *class, double x, double y, double width,
                double height);
/** @param anchor "start", "middle" or "end" @param text escaped here */
void pw_svg_text(struct pw_strbuf *out, const char *anchor, double x, double y, const char *text);
/** @param class one of the style sheet */
void pw_svg_label(struct pw_strbuf *out, const char *class, const char *anchor, double x, double y,
                  const char *text);
/** Begin, add to and end a path of dots: one element however many there are. */
void pw_svg_dots_open(struct pw_strbuf *out, const char *class);
void pw_svg_dot(struct pw_strbuf *out, double x, double y);
void pw_svg_dots_close(struct pw_strbuf *out);

/** Grid lines with labels along the left side (`is_vertical`) or below, at round values. */
void pw_svg_axis(struct pw_strbuf *out, const struct pw_svg_scale *scale, bool is_vertical,
                 double bottom, pw_svg_label_fn label, const char *unit);

#endif
