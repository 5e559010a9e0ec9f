/* The pairs of a paired comparison: one dot a pair, in the order of measuring, so that drift and
 * outliers are seen; behind them the estimate with its interval and the limit. */
#include <math.h>

#include "perfwarden/util/number.h"
#include "svg.h"

enum { BOTTOM = 164 };

static double ratio_of(const struct pw_chart_pairs *chart, size_t i)
{
    return chart->base[i] > 0 ? chart->head[i] / chart->base[i] : NAN;
}

static void describe(struct pw_strbuf *out, const struct pw_chart_pairs *chart)
{
    pw_strbuf_printf(out, "%zu pairs; head compared with base: ", chart->count);
    pw_format_change(out, chart->ratio - 1);
    pw_strbuf_puts(out, ", interval ");
    pw_format_change(out, chart->low - 1);
    pw_strbuf_puts(out, " \xE2\x80\xA6 ");
    pw_format_change(out, chart->high - 1);
    pw_strbuf_puts(out, ", limit ");
    pw_format_change(out, chart->limit - 1);
}

static struct pw_svg_scale scale_of(const struct pw_chart_pairs *chart)
{
    struct pw_svg_range range = {0};
    pw_svg_range_add(&range, 1);
    pw_svg_range_add(&range, chart->ratio);
    pw_svg_range_add(&range, chart->limit);
    for (size_t i = 0; i < chart->count; i++) {
        pw_svg_range_add(&range, ratio_of(chart, i));
    }
    return pw_svg_scale_over(&range, BOTTOM, PW_SVG_TOP);
}

static double inside(const struct pw_svg_scale *scale, double value)
{
    return pw_svg_at(scale, fmin(fmax(value, scale->low), scale->high));
}

static void put_estimate(struct pw_strbuf *out, const struct pw_chart_pairs *chart,
                         const struct pw_svg_scale *scale)
{
    if (!isnan(chart->low) && !isnan(chart->high)) {
        const double top = inside(scale, chart->high);
        pw_svg_box(out, "band", PW_SVG_LEFT, top, PW_SVG_RIGHT - PW_SVG_LEFT,
                   inside(scale, chart->low) - top);
    }
    if (isfinite(chart->ratio)) {
        const double at = inside(scale, chart->ratio);
        pw_svg_line(out, "estimate", PW_SVG_LEFT, at, PW_SVG_RIGHT, at);
    }
    if (isfinite(chart->limit)) {
        const double at = inside(scale, chart->limit);
        pw_svg_line(out, "limit", PW_SVG_LEFT, at, PW_SVG_RIGHT, at);
        pw_svg_text(out, "end", PW_SVG_RIGHT, at + 12, "limit");
    }
}

void pw_chart_pairs(struct pw_strbuf *out, const struct pw_chart_pairs *chart,
                    enum pw_chart_place place)
{
    const struct pw_svg_scale scale = scale_of(chart);
    const double step =
        (PW_SVG_RIGHT - PW_SVG_LEFT) / (double)(chart->count > 0 ? chart->count : 1);
    struct pw_strbuf description = PW_STRBUF_INIT;
    describe(&description, chart);
    pw_strbuf_share_failure(out, &description);
    pw_svg_open(out, place, PW_CHART_PAIRS_HEIGHT, chart->title, pw_strbuf_text(&description));
    pw_svg_axis(out, &scale, true, BOTTOM, pw_svg_label_change, "");
    put_estimate(out, chart, &scale);
    pw_svg_line(out, "zero", PW_SVG_LEFT, pw_svg_at(&scale, 1), PW_SVG_RIGHT, pw_svg_at(&scale, 1));
    pw_svg_dots_open(out, "head");
    for (size_t i = 0; i < chart->count; i++) {
        const double ratio = ratio_of(chart, i);
        if (isfinite(ratio)) {
            pw_svg_dot(out, PW_SVG_LEFT + ((double)i + 0.5) * step, pw_svg_at(&scale, ratio));
        }
    }
    pw_svg_dots_close(out);
    pw_svg_text(out, "middle", (PW_SVG_LEFT + PW_SVG_RIGHT) / 2.0, BOTTOM + 17,
                "pairs, in the order of measuring");
    pw_svg_close(out);
    pw_strbuf_release(&description);
}
