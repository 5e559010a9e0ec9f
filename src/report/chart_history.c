/* A metric over the commits: the sessions in order, each with its interval, a mark where the level
 * changed, and the commit that is judged at the end. */
#include <math.h>

#include "perfwarden/util/escape.h"
#include "perfwarden/util/number.h"
#include "svg.h"

enum { BOTTOM = 164 };

static struct pw_svg_scale scale_of(const struct pw_chart_history *chart)
{
    struct pw_svg_range range = {0};
    for (size_t i = 0; i < chart->count; i++) {
        pw_svg_range_add(&range, chart->points[i].value);
        pw_svg_range_add(&range, chart->points[i].low);
        pw_svg_range_add(&range, chart->points[i].high);
    }
    return pw_svg_scale_over(&range, BOTTOM, PW_SVG_TOP);
}

static double place_of(const struct pw_chart_history *chart, size_t i)
{
    const double step =
        (PW_SVG_RIGHT - PW_SVG_LEFT) / (double)(chart->count > 0 ? chart->count : 1);
    return PW_SVG_LEFT + ((double)i + 0.5) * step;
}

static void put_line(struct pw_strbuf *out, const struct pw_chart_history *chart,
                     const struct pw_svg_scale *scale)
{
    bool is_drawing = false;
    pw_strbuf_puts(out, "<path class=\"series\" d=\"");
    for (size_t i = 0; i < chart->count; i++) {
        if (!isfinite(chart->points[i].value)) {
            is_drawing = false;
            continue;
        }
        pw_strbuf_putc(out, is_drawing ? 'L' : 'M');
        pw_svg_number(out, place_of(chart, i));
        pw_strbuf_putc(out, ' ');
        pw_svg_number(out, pw_svg_at(scale, chart->points[i].value));
        is_drawing = true;
    }
    pw_strbuf_puts(out, "\"/>\n");
}

/* Beside a place, on the side where there is room; not above the drawing. */
static void put_remark(struct pw_strbuf *out, double x, double y, const char *text)
{
    const bool is_right = x > (PW_SVG_LEFT + PW_SVG_RIGHT) / 2.0;
    pw_svg_text(out, is_right ? "end" : "start", is_right ? x - 6 : x + 6, fmax(y, PW_SVG_TOP + 10),
                text);
}

/* A dot that says what it is when it is pointed at. */
static void put_point(struct pw_strbuf *out, const struct pw_chart_history *chart, size_t i,
                      const struct pw_svg_scale *scale)
{
    const struct pw_chart_point *point = &chart->points[i];
    const double x = place_of(chart, i);
    struct pw_strbuf value = PW_STRBUF_INIT;
    if (!isfinite(point->value)) {
        return;
    }
    if (point->is_change) {
        pw_svg_line(out, "change", x, PW_SVG_TOP, x, BOTTOM);
        put_remark(out, x, PW_SVG_TOP + 10, "new level");
    }
    if (point->is_head) {
        put_remark(out, x, pw_svg_at(scale, point->value) - 8, "head");
    }
    if (isfinite(point->low) && isfinite(point->high)) {
        pw_svg_line(out, "whisker", x, pw_svg_at(scale, point->low), x,
                    pw_svg_at(scale, point->high));
    }
    pw_format_value(&value, point->value, chart->unit);
    pw_strbuf_share_failure(out, &value);
    pw_strbuf_printf(out, "<circle class=\"point %s\" r=\"3.5\" cx=\"",
                     point->is_head ? "head" : "base");
    pw_svg_number(out, x);
    pw_strbuf_puts(out, "\" cy=\"");
    pw_svg_number(out, pw_svg_at(scale, point->value));
    pw_strbuf_puts(out, "\"><title>");
    pw_escape_xml(out, point->label);
    pw_strbuf_puts(out, ": ");
    pw_escape_xml(out, pw_strbuf_text(&value));
    pw_strbuf_puts(out, "</title></circle>\n");
    pw_strbuf_release(&value);
}

void pw_chart_history(struct pw_strbuf *out, const struct pw_chart_history *chart,
                      enum pw_chart_place place)
{
    const struct pw_svg_scale scale = scale_of(chart);
    struct pw_strbuf description = PW_STRBUF_INIT;
    pw_strbuf_printf(&description, "%zu sessions, the oldest first", chart->count);
    pw_strbuf_share_failure(out, &description);
    pw_svg_open(out, place, PW_CHART_HISTORY_HEIGHT, chart->title, pw_strbuf_text(&description));
    pw_svg_axis(out, &scale, true, BOTTOM, pw_svg_label_value, chart->unit);
    put_line(out, chart, &scale);
    for (size_t i = 0; i < chart->count; i++) {
        put_point(out, chart, i, &scale);
    }
    pw_svg_text(out, "middle", (PW_SVG_LEFT + PW_SVG_RIGHT) / 2.0, BOTTOM + 17,
                "sessions, the oldest first");
    pw_svg_close(out);
    pw_strbuf_release(&description);
}
