/* A whole comparison at a glance: for each line the ratio of head to base with its interval, and
 * the limit. Verdicts differ by shape, colour and words. */
#include <math.h>
#include <string.h>

#include "perfwarden/util/escape.h"
#include "perfwarden/util/text.h"
#include "shorten.h"
#include "svg.h"

enum {
    WIDTH = 840,
    MARGIN = 16,
    TITLE_LINE = 20,
    SUBTITLE_LINE = 16,
    AROUND_HEADER = 14,
    ROW = 24,
    PLOT_LEFT = 320,
    PLOT_RIGHT = 600,
    CHANGE_RIGHT = 676,
    VERDICT_LEFT = 692,
    LABEL_COLUMNS = 44, /* of the label */
    TITLE_COLUMNS = 84,
    SUBTITLE_COLUMNS = 112,
    MOST_TITLE_LINES = 3,
    BELOW = 24, /* of the axis' numbers */
    REST = 22
};

/** Ratios beyond these are drawn at the edge: one of them must not flatten all others. */
#define LEAST_RATIO 0.5
#define MOST_RATIO  2.0

static const char *const tones[PW_CHART_TONE_COUNT] = {
    [PW_CHART_GOOD] = "good",
    [PW_CHART_OPEN] = "open",
    [PW_CHART_BAD] = "bad",
    [PW_CHART_QUIET] = "quiet",
};

/* How each mark is drawn around its middle, in user units. */
static const struct {
    const char *path;
    bool is_hollow;
} marks[] = {
    [PW_CHART_DOT] = {"m-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z", false},
    [PW_CHART_RING] = {"m-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z", true},
    [PW_CHART_SQUARE] = {"m-4 -4h8v8h-8z", false},
    [PW_CHART_DIAMOND] = {"m0 -5.5l5.5 5.5l-5.5 5.5l-5.5 -5.5z", true},
    [PW_CHART_UPWARDS] = {"m0 -5.5l5.5 10h-11z", false},
    [PW_CHART_DOWNWARDS] = {"m0 5.5l-5.5 -10h11z", false},
    [PW_CHART_CROSS] = {"m-4 -4l8 8m0 -8l-8 8", true},
};

static double bounded(double ratio)
{
    return isnan(ratio) ? ratio : fmin(fmax(ratio, LEAST_RATIO), MOST_RATIO);
}

static struct pw_svg_scale scale_of(const struct pw_chart_overview *chart)
{
    struct pw_svg_range range = {0};
    pw_svg_range_add(&range, 0.98);
    pw_svg_range_add(&range, 1.02);
    for (size_t i = 0; i < chart->count; i++) {
        pw_svg_range_add(&range, bounded(chart->lines[i].ratio));
        pw_svg_range_add(&range, bounded(chart->lines[i].low));
        pw_svg_range_add(&range, bounded(chart->lines[i].high));
        pw_svg_range_add(&range, bounded(chart->lines[i].limit));
    }
    return pw_svg_scale_over(&range, PLOT_LEFT, PLOT_RIGHT);
}

static void put_mark(struct pw_strbuf *out, const struct pw_chart_line *line, double x, double y)
{
    pw_strbuf_printf(out, "<path class=\"mark %s%s\" d=\"M", tones[line->tone],
                     marks[line->shape].is_hollow ? " hollow" : "");
    pw_svg_number(out, x);
    pw_strbuf_putc(out, ' ');
    pw_svg_number(out, y);
    pw_strbuf_puts(out, marks[line->shape].path);
    pw_strbuf_puts(out, "\"/>\n");
}

/* The interval, the limit and the ratio of one line. */
static void put_ratio(struct pw_strbuf *out, const struct pw_chart_line *line,
                      const struct pw_svg_scale *scale, double y)
{
    static const char *const intervals[PW_CHART_TONE_COUNT] = {
        [PW_CHART_GOOD] = "interval good",
        [PW_CHART_OPEN] = "interval open",
        [PW_CHART_BAD] = "interval bad",
        [PW_CHART_QUIET] = "interval quiet",
    };
    if (!isnan(line->low) && !isnan(line->high)) {
        const double low = fmax(pw_svg_at(scale, bounded(line->low)), PLOT_LEFT);
        const double high = fmin(pw_svg_at(scale, bounded(line->high)), PLOT_RIGHT);
        pw_svg_line(out, intervals[line->tone], low, y, high, y);
    }
    if (isfinite(line->limit) && !isnan(line->ratio)) {
        const double at = pw_svg_at(scale, bounded(line->limit));
        pw_svg_line(out, "bound", at, y - 7, at, y + 7);
    }
    if (!isnan(line->ratio)) {
        put_mark(out, line, pw_svg_at(scale, bounded(line->ratio)), y);
    }
}

static void put_line(struct pw_strbuf *out, const struct pw_chart_line *line,
                     const struct pw_svg_scale *scale, double y)
{
    struct pw_strbuf label = PW_STRBUF_INIT;
    pw_report_shorten(line->label, LABEL_COLUMNS, &label);
    pw_strbuf_share_failure(out, &label);
    pw_strbuf_puts(out, "<g><title>");
    pw_escape_xml(out, line->label);
    pw_strbuf_puts(out, "</title>\n");
    pw_svg_label(out, "ink", "start", MARGIN, y + 4, pw_strbuf_text(&label));
    put_ratio(out, line, scale, y);
    pw_svg_label(out, "ink", "end", CHANGE_RIGHT, y + 4, line->change);
    put_mark(out, line, VERDICT_LEFT + 5, y);
    pw_svg_label(out, tones[line->tone], "start", VERDICT_LEFT + 18, y + 4, line->verdict);
    pw_strbuf_puts(out, "</g>\n");
    pw_strbuf_release(&label);
}

/* How many bytes of a text stand on a line: up to the last blank that fits, else all that fits. */
static size_t bytes_on_line(const char *text, size_t columns)
{
    const size_t length = strlen(text);
    size_t end = 0;
    size_t blank = 0;
    size_t width = 0;
    while (end < length && width < columns) {
        uint32_t code_point = 0;
        blank = text[end] == ' ' ? end : blank;
        end += pw_utf8_decode(text + end, length - end, &code_point);
        width++;
    }
    return end == length || blank == 0 ? end : blank;
}

/* A text in up to a few lines, the last one shortened. @return where the next text goes */
static int put_paragraph(struct pw_strbuf *out, const char *class, const char *text, size_t columns,
                         int top, int line_height)
{
    struct pw_strbuf line = PW_STRBUF_INIT;
    for (int i = 0; i < MOST_TITLE_LINES && *text != '\0'; i++) {
        const size_t bytes = i + 1 < MOST_TITLE_LINES ? bytes_on_line(text, columns) : strlen(text);
        struct pw_strbuf part = PW_STRBUF_INIT;
        pw_strbuf_append(&part, text, bytes);
        pw_strbuf_clear(&line);
        pw_report_shorten(pw_strbuf_text(&part), columns, &line);
        pw_strbuf_share_failure(out, &part);
        pw_strbuf_share_failure(out, &line);
        pw_strbuf_release(&part);
        top += line_height;
        pw_svg_label(out, class, "start", MARGIN, top, pw_strbuf_text(&line));
        text += bytes + strspn(text + bytes, " ");
    }
    pw_strbuf_release(&line);
    return top;
}

/* @return how high it is */
static int put_header(struct pw_strbuf *out, const struct pw_chart_overview *chart)
{
    struct pw_strbuf class = PW_STRBUF_INIT;
    pw_strbuf_printf(&class, "title %s", tones[chart->tone]);
    pw_strbuf_share_failure(out, &class);
    int top = put_paragraph(out, pw_strbuf_text(&class), chart->title, TITLE_COLUMNS,
                            AROUND_HEADER / 2, TITLE_LINE);
    top = put_paragraph(out, "quiet", chart->subtitle, SUBTITLE_COLUMNS, top + 2, SUBTITLE_LINE);
    pw_strbuf_release(&class);
    return top + AROUND_HEADER / 2;
}

static void describe(struct pw_strbuf *out, const struct pw_chart_overview *chart)
{
    pw_strbuf_printf(out,
                     "%s; %zu lines, each with the change of head against base, its interval and "
                     "its limit. %s",
                     chart->subtitle, chart->count, chart->rest);
}

static void put_plot(struct pw_strbuf *out, const struct pw_chart_overview *chart, int top,
                     double bottom)
{
    const struct pw_svg_scale scale = scale_of(chart);
    pw_strbuf_printf(out, "<g transform=\"translate(0 %d)\">\n", top);
    pw_svg_axis(out, &scale, false, bottom, pw_svg_label_change, "");
    pw_svg_line(out, "zero", pw_svg_at(&scale, 1), PW_SVG_TOP, pw_svg_at(&scale, 1), bottom);
    for (size_t i = 0; i < chart->count; i++) {
        put_line(out, &chart->lines[i], &scale, PW_SVG_TOP + ROW * ((double)i + 0.5));
    }
    pw_strbuf_puts(out, "</g>\n");
}

/* The header is made first: how high all is depends on how its texts are broken. */
void pw_chart_overview(struct pw_strbuf *out, const struct pw_chart_overview *chart)
{
    struct pw_strbuf header = PW_STRBUF_INIT;
    struct pw_strbuf description = PW_STRBUF_INIT;
    const int top = put_header(&header, chart);
    const int bottom = PW_SVG_TOP + ROW * (int)chart->count;
    const int below = top + bottom + BELOW;
    describe(&description, chart);
    pw_strbuf_share_failure(out, &header);
    pw_strbuf_share_failure(out, &description);
    pw_svg_open_wide(out, PW_CHART_IN_FILE, WIDTH, below + (chart->rest[0] == '\0' ? 0 : REST),
                     chart->title, pw_strbuf_text(&description));
    pw_strbuf_append(out, pw_strbuf_text(&header), header.length);
    put_plot(out, chart, top, bottom);
    if (chart->rest[0] != '\0') {
        pw_svg_text(out, "start", MARGIN, below + 10, chart->rest);
    }
    pw_svg_close(out);
    pw_strbuf_release(&header);
    pw_strbuf_release(&description);
}
