/* The runs of base and head: every run a dot, a box from quartile to quartile, a line at the
 * median. Dots are spread up and down so that equal values do not hide each other. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "perfwarden/util/number.h"
#include "svg.h"

enum { BELOW = 26, ROW = 54, BOX = 22 };

/** One side, sorted. */
struct side {
    const char *name;
    const char *class;
    double *sorted;
    size_t count;
    double middle; /**< of its row, from the top */
};

static int compare(const void *a, const void *b)
{
    const double left = *(const double *)a;
    const double right = *(const double *)b;
    return (left > right) - (left < right);
}

/* Linear interpolation between the order statistics around (n − 1)·p. */
static double quantile(const struct side *side, double p)
{
    const double at = p * (double)(side->count - 1);
    const size_t below = (size_t)at;
    const size_t above = below + 1 < side->count ? below + 1 : below;
    return side->sorted[below] + (at - (double)below) * (side->sorted[above] - side->sorted[below]);
}

/* Only what is finite. @return false when out of memory, which the buffer then remembers */
static bool sort_side(struct side *side, const double *values, size_t count, struct pw_strbuf *out)
{
    side->sorted = malloc((count > 0 ? count : 1) * sizeof *side->sorted);
    if (side->sorted == NULL) {
        pw_strbuf_share_failure(out, &(struct pw_strbuf){.failed = true});
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (isfinite(values[i])) {
            side->sorted[side->count++] = values[i];
        }
    }
    qsort(side->sorted, side->count, sizeof *side->sorted, compare);
    return true;
}

static void put_side(struct pw_strbuf *out, const struct side *side,
                     const struct pw_svg_scale *scale)
{
    /* the golden ratio's fractional parts never come close to each other */
    static const double golden = 0.6180339887498949;
    pw_svg_text(out, "end", PW_SVG_LEFT - 6, side->middle + 4, side->name);
    if (side->count == 0) {
        return;
    }
    const double left = pw_svg_at(scale, quantile(side, 0.25));
    const double median = pw_svg_at(scale, quantile(side, 0.5));
    pw_svg_box(out, "box", left, side->middle - BOX, pw_svg_at(scale, quantile(side, 0.75)) - left,
               2 * BOX);
    pw_svg_dots_open(out, side->class);
    for (size_t i = 0; i < side->count; i++) {
        const double spread = fmod((double)i * golden, 1) - 0.5;
        pw_svg_dot(out, pw_svg_at(scale, side->sorted[i]), side->middle + spread * 2 * (BOX - 4));
    }
    pw_svg_dots_close(out);
    pw_svg_line(out, "median", median, side->middle - BOX, median, side->middle + BOX);
}

/* The first side that is drawn. */
static size_t first_of(const struct pw_chart_distribution *chart)
{
    return chart->base_count > 0 ? 0 : 1;
}

static int bottom_of(const struct pw_chart_distribution *chart)
{
    return PW_SVG_TOP + 6 + (first_of(chart) == 0 ? 2 : 1) * ROW;
}

int pw_chart_distribution_height(const struct pw_chart_distribution *chart)
{
    return bottom_of(chart) + BELOW;
}

static void describe(struct pw_strbuf *out, const struct side *sides, size_t first,
                     const char *unit)
{
    for (size_t i = first; i < 2; i++) {
        pw_strbuf_printf(out, "%s%s: %zu runs, median ", i == first ? "" : "; ", sides[i].name,
                         sides[i].count);
        pw_format_value(out, sides[i].count > 0 ? quantile(&sides[i], 0.5) : NAN, unit);
    }
}

static void draw(struct pw_strbuf *out, const struct side *sides,
                 const struct pw_chart_distribution *chart, enum pw_chart_place place)
{
    struct pw_strbuf description = PW_STRBUF_INIT;
    struct pw_svg_range range = {0};
    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 0; j < sides[i].count; j++) {
            pw_svg_range_add(&range, sides[i].sorted[j]);
        }
    }
    const struct pw_svg_scale scale = pw_svg_scale_over(&range, PW_SVG_LEFT, PW_SVG_RIGHT);
    describe(&description, sides, first_of(chart), chart->unit);
    pw_strbuf_share_failure(out, &description);
    pw_svg_open(out, place, pw_chart_distribution_height(chart), chart->title,
                pw_strbuf_text(&description));
    pw_svg_axis(out, &scale, false, bottom_of(chart), pw_svg_label_value, chart->unit);
    for (size_t i = first_of(chart); i < 2; i++) {
        put_side(out, &sides[i], &scale);
    }
    pw_svg_close(out);
    pw_strbuf_release(&description);
}

void pw_chart_distribution(struct pw_strbuf *out, const struct pw_chart_distribution *chart,
                           enum pw_chart_place place)
{
    const bool is_alone = first_of(chart) == 1;
    const double middle = PW_SVG_TOP + 28;
    struct side sides[2] = {
        {.name = "base", .class = "base", .middle = middle},
        {.name = is_alone ? "runs" : "head",
         .class = "head",
         .middle = is_alone ? middle : middle + ROW},
    };
    if (sort_side(&sides[0], chart->base, chart->base_count, out) &&
        sort_side(&sides[1], chart->head, chart->head_count, out)) {
        draw(out, sides, chart, place);
    }
    free(sides[0].sorted);
    free(sides[1].sorted);
}
