/* Elements of SVG, scales and axes with round values. Numbers do not depend on the locale. */
#include "svg.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "perfwarden/util/escape.h"
#include "perfwarden/util/number.h"

#define TICKS 5

void pw_svg_range_add(struct pw_svg_range *range, double value)
{
    if (!isfinite(value)) {
        return;
    }
    range->low = range->is_set ? fmin(range->low, value) : value;
    range->high = range->is_set ? fmax(range->high, value) : value;
    range->is_set = true;
}

struct pw_svg_scale pw_svg_scale_over(const struct pw_svg_range *range, double from, double to)
{
    const double low = range->is_set ? range->low : 0;
    const double high = range->is_set ? range->high : 1;
    const double least = fmax(fabs(low), fabs(high)) * 1e-3;
    const double air = fmax((high - low) * 0.06, least > 0 ? least : 0.5);
    return (struct pw_svg_scale){low - air, high + air, from, to};
}

double pw_svg_at(const struct pw_svg_scale *scale, double value)
{
    const double share = (value - scale->low) / (scale->high - scale->low);
    return scale->from + share * (scale->to - scale->from);
}

void pw_svg_label_value(struct pw_strbuf *out, double value, const char *unit)
{
    pw_format_value(out, value, unit);
}

/* Ticks stand at round values: their percentages need no decimals that say nothing. */
void pw_svg_label_change(struct pw_strbuf *out, double value, const char *unit)
{
    const double percent = round((value - 1) * 1e8) / 1e6;
    char digits[PW_DOUBLE_TEXT_SIZE];
    (void)unit;
    pw_format_double(percent, digits);
    pw_strbuf_printf(out, "%s%s %%", percent > 0 ? "+" : "", percent == 0 ? "0" : digits);
}

void pw_svg_number(struct pw_strbuf *out, double value)
{
    const double bounded = fmin(fmax(value, -1e6), 1e6);
    const long tenths = lround(bounded * 10);
    unsigned long left = (unsigned long)labs(tenths);
    char text[16];
    size_t at = sizeof text;
    /* a page has tens of thousands of these: printf would take most of its time */
    if (left % 10 != 0) {
        text[--at] = (char)('0' + left % 10);
        text[--at] = '.';
    }
    left /= 10;
    do {
        text[--at] = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    if (tenths < 0) {
        text[--at] = '-';
    }
    pw_strbuf_append(out, text + at, sizeof text - at);
}

static void put_attribute(struct pw_strbuf *out, const char *name, double value)
{
    pw_strbuf_putc(out, ' ');
    pw_strbuf_puts(out, name);
    pw_strbuf_puts(out, "=\"");
    pw_svg_number(out, value);
    pw_strbuf_putc(out, '"');
}

void pw_svg_open_wide(struct pw_strbuf *out, enum pw_chart_place place, int width, int height,
                      const char *title, const char *description)
{
    /* an HTML parser knows the namespace by the element */
    const char *space = place == PW_CHART_IN_FILE ? " xmlns=\"http://www.w3.org/2000/svg\"" : "";
    pw_strbuf_printf(out, "<svg%s class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\"", space, width,
                     height);
    if (place == PW_CHART_IN_FILE) {
        pw_strbuf_printf(out, " width=\"%d\" height=\"%d\"", width, height);
    }
    pw_strbuf_puts(out, ">\n<title>");
    pw_escape_xml(out, title);
    pw_strbuf_puts(out, "</title>\n<desc>");
    pw_escape_xml(out, description);
    pw_strbuf_puts(out, "</desc>\n");
    if (place == PW_CHART_IN_FILE) {
        pw_strbuf_puts(out, "<style>");
        pw_chart_styles(out);
        pw_strbuf_puts(out, "</style>\n");
        pw_strbuf_printf(out, "<rect class=\"paper\" width=\"%d\" height=\"%d\"/>\n", width,
                         height);
    }
}

void pw_svg_open(struct pw_strbuf *out, enum pw_chart_place place, int height, const char *title,
                 const char *description)
{
    pw_svg_open_wide(out, place, PW_CHART_WIDTH, height, title, description);
}

void pw_svg_close(struct pw_strbuf *out)
{
    pw_strbuf_puts(out, "</svg>\n");
}

void pw_svg_line(struct pw_strbuf *out, const char *class, double x1, double y1, double x2,
                 double y2)
{
    pw_strbuf_printf(out, "<line class=\"%s\"", class);
    put_attribute(out, "x1", x1);
    put_attribute(out, "y1", y1);
    put_attribute(out, "x2", x2);
    put_attribute(out, "y2", y2);
    pw_strbuf_puts(out, "/>\n");
}

void pw_svg_box(struct pw_strbuf *out, const char *class, double x, double y, double width,
                double height)
{
    pw_strbuf_printf(out, "<rect class=\"%s\"", class);
    put_attribute(out, "x", x);
    put_attribute(out, "y", y);
    put_attribute(out, "width", fmax(width, 0));
    put_attribute(out, "height", fmax(height, 0));
    pw_strbuf_puts(out, "/>\n");
}

static void put_text(struct pw_strbuf *out, const char *anchor, double x, double y,
                     const char *text)
{
    /* where a text starts is where it stands by itself */
    if (strcmp(anchor, "start") != 0) {
        pw_strbuf_printf(out, " text-anchor=\"%s\"", anchor);
    }
    put_attribute(out, "x", x);
    put_attribute(out, "y", y);
    pw_strbuf_putc(out, '>');
    pw_escape_xml(out, text);
    pw_strbuf_puts(out, "</text>\n");
}

void pw_svg_text(struct pw_strbuf *out, const char *anchor, double x, double y, const char *text)
{
    pw_strbuf_puts(out, "<text");
    put_text(out, anchor, x, y, text);
}

void pw_svg_label(struct pw_strbuf *out, const char *class, const char *anchor, double x, double y,
                  const char *text)
{
    pw_strbuf_printf(out, "<text class=\"%s\"", class);
    put_text(out, anchor, x, y, text);
}

void pw_svg_dots_open(struct pw_strbuf *out, const char *class)
{
    pw_strbuf_printf(out, "<path class=\"dots %s\" d=\"", class);
}

/* A line of no length: its round ends are the dot. */
void pw_svg_dot(struct pw_strbuf *out, double x, double y)
{
    pw_strbuf_putc(out, 'M');
    pw_svg_number(out, x);
    pw_strbuf_putc(out, ' ');
    pw_svg_number(out, y);
    pw_strbuf_puts(out, "h0");
}

void pw_svg_dots_close(struct pw_strbuf *out)
{
    pw_strbuf_puts(out, "\"/>\n");
}

/* 1, 2 or 5 times a power of ten. */
static double round_step(double span)
{
    static const double factors[] = {1, 2, 5, 10};
    const double raw = span / TICKS;
    const double power = pow(10, floor(log10(raw)));
    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
        if (factors[i] * power >= raw) {
            return factors[i] * power;
        }
    }
    return 10 * power;
}

/** The ticks of an axis. */
struct ticks {
    double step;
    double first; /**< number of the first, in steps from 0 */
    size_t count;
};

static struct ticks ticks_of(const struct pw_svg_scale *scale)
{
    const double step = round_step(scale->high - scale->low);
    const double first = ceil(scale->low / step);
    const double last = fmin(floor(scale->high / step), first + 4 * TICKS);
    return (struct ticks){step, first,
                          isfinite(first) && last >= first ? (size_t)(last - first) + 1 : 0};
}

static double tick_value(const struct ticks *ticks, size_t i)
{
    const double number = ticks->first + (double)i;
    return fabs(number) < 0.5 ? 0 : number * ticks->step;
}

static void put_grid(struct pw_strbuf *out, const struct pw_svg_scale *scale,
                     const struct ticks *ticks, bool is_vertical, double bottom)
{
    pw_strbuf_puts(out, "<path class=\"grid\" d=\"");
    for (size_t i = 0; i < ticks->count; i++) {
        const double at = pw_svg_at(scale, tick_value(ticks, i));
        pw_strbuf_putc(out, 'M');
        pw_svg_number(out, is_vertical ? PW_SVG_LEFT : at);
        pw_strbuf_putc(out, ' ');
        pw_svg_number(out, is_vertical ? at : PW_SVG_TOP);
        pw_strbuf_putc(out, is_vertical ? 'H' : 'V');
        pw_svg_number(out, is_vertical ? PW_SVG_RIGHT : bottom);
    }
    pw_strbuf_puts(out, "\"/>\n");
}

void pw_svg_axis(struct pw_strbuf *out, const struct pw_svg_scale *scale, bool is_vertical,
                 double bottom, pw_svg_label_fn label, const char *unit)
{
    const struct ticks ticks = ticks_of(scale);
    struct pw_strbuf text = PW_STRBUF_INIT;
    put_grid(out, scale, &ticks, is_vertical, bottom);
    for (size_t i = 0; i < ticks.count; i++) {
        const double value = tick_value(&ticks, i);
        const double at = pw_svg_at(scale, value);
        pw_strbuf_clear(&text);
        label(&text, value, unit);
        pw_strbuf_share_failure(out, &text);
        if (is_vertical) {
            pw_svg_text(out, "end", PW_SVG_LEFT - 6, at + 4, pw_strbuf_text(&text));
        } else {
            pw_svg_text(out, "middle", at, bottom + 15, pw_strbuf_text(&text));
        }
    }
    pw_strbuf_release(&text);
}
