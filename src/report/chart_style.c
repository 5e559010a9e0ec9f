/* The colours of all charts, the badge and the sparkline. Contrast of text on paper is at least
 * 4.5 to 1 in both themes (WCAG 2.1, AA). */
#include <math.h>

#include "chart.h"
#include "perfwarden/util/escape.h"
#include "perfwarden/util/text.h"

/** A colour of the charts in both themes. No CSS variables: not all that draw SVG know them. */
struct paint {
    const char *selector;
    const char *property;
    const char *light;
    const char *dark;
};

static const struct paint paints[] = {
    {".paper", "fill", "#ffffff", "#0d1117"},
    {".chart text", "fill", "#59636e", "#9198a1"},
    {".grid", "stroke", "#d8dee4", "#30363d"},
    {".zero,.whisker", "stroke", "#59636e", "#9198a1"},
    {".band", "fill", "#0969da", "#388bfd"},
    {".box", "fill", "#59636e", "#9198a1"},
    {".estimate", "stroke", "#0550ae", "#6cb6ff"},
    {".limit,.change,.bound", "stroke", "#cf222e", "#ff7b72"},
    {".median", "stroke", "#1f2328", "#e6edf3"},
    {".series,.dots.base", "stroke", "#57606a", "#adbac7"},
    {".dots.head", "stroke", "#0550ae", "#6cb6ff"},
    {".chart .ink", "fill", "#1f2328", "#e6edf3"},
    {".chart .good", "fill", "#1a7f37", "#3fb950"},
    {".chart .open", "fill", "#7d4e00", "#d29922"},
    {".chart .bad", "fill", "#b62324", "#ff7b72"},
    {".chart .quiet", "fill", "#59636e", "#9198a1"},
    {".mark.good,line.good", "stroke", "#1a7f37", "#3fb950"},
    {".mark.open,line.open", "stroke", "#7d4e00", "#d29922"},
    {".mark.bad,line.bad", "stroke", "#b62324", "#ff7b72"},
    {".mark.quiet,line.quiet", "stroke", "#59636e", "#9198a1"},
    {".chart .hollow", "fill", "#ffffff", "#0d1117"},
    {".point.base", "fill", "#57606a", "#adbac7"},
    {".point.head", "fill", "#0550ae", "#6cb6ff"},
};

void pw_chart_styles(struct pw_strbuf *out)
{
    pw_strbuf_puts(out, ".chart{font:12px system-ui,sans-serif}.band{fill-opacity:.2}"
                        ".box{fill-opacity:.1}.limit,.change{stroke-dasharray:5 3}"
                        ".median{stroke-width:2}.series{fill:none}.dots{fill:none;stroke-width:5;"
                        "stroke-linecap:round;stroke-opacity:.65}"
                        ".title{font-size:15px;font-weight:600}"
                        ".mark{stroke-width:1.5}.interval{stroke-width:4;stroke-opacity:.4}"
                        ".bound{stroke-width:2}");
    for (size_t i = 0; i < PW_COUNT(paints); i++) {
        pw_strbuf_printf(out, "%s{%s:%s}", paints[i].selector, paints[i].property, paints[i].light);
    }
    pw_strbuf_puts(out, "@media(prefers-color-scheme:dark){");
    for (size_t i = 0; i < PW_COUNT(paints); i++) {
        pw_strbuf_printf(out, "%s{%s:%s}", paints[i].selector, paints[i].property, paints[i].dark);
    }
    pw_strbuf_puts(out, "}");
}

/* How wide a character of eleven pixels is, on average. */
#define BADGE_CHARACTER 6.6
#define BADGE_PADDING   12

static void put_badge_text(struct pw_strbuf *out, double middle, const char *text)
{
    pw_strbuf_printf(out, "<text x=\"%ld\" y=\"14\">", lround(middle));
    pw_escape_xml(out, text);
    pw_strbuf_puts(out, "</text>");
}

void pw_chart_badge(struct pw_strbuf *out, const char *label, const char *message,
                    enum pw_badge_color color)
{
    static const char *const colors[] = {
        [PW_BADGE_GOOD] = "#1a7f37", [PW_BADGE_OPEN] = "#8a6100", [PW_BADGE_BAD] = "#b62324"};
    const long left = lround(BADGE_CHARACTER * (double)pw_text_width(label)) + BADGE_PADDING;
    const long right = lround(BADGE_CHARACTER * (double)pw_text_width(message)) + BADGE_PADDING;
    pw_strbuf_printf(out,
                     "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%ld\" height=\"20\" "
                     "role=\"img\"><title>",
                     left + right);
    pw_escape_xml(out, label);
    pw_strbuf_puts(out, ": ");
    pw_escape_xml(out, message);
    pw_strbuf_printf(out,
                     "</title><rect rx=\"3\" width=\"%ld\" height=\"20\" fill=\"#444c56\"/>"
                     "<path fill=\"%s\" d=\"M%ld 0h%ldq3 0 3 3v14q0 3 -3 3h-%ldz\"/>"
                     "<g fill=\"#ffffff\" text-anchor=\"middle\" font-family=\"Verdana,DejaVu "
                     "Sans,sans-serif\" font-size=\"11\">",
                     left + right, colors[color], left, right - 3, right - 3);
    put_badge_text(out, (double)left / 2, label);
    put_badge_text(out, (double)left + (double)right / 2, message);
    pw_strbuf_puts(out, "</g></svg>\n");
}

void pw_sparkline(struct pw_strbuf *out, const double *values, size_t count)
{
    /* U+2581 LOWER ONE EIGHTH BLOCK to U+2588 FULL BLOCK */
    enum { HEIGHTS = 8 };
    double low = INFINITY;
    double high = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        low = isfinite(values[i]) ? fmin(low, values[i]) : low;
        high = isfinite(values[i]) ? fmax(high, values[i]) : high;
    }
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(values[i])) {
            pw_strbuf_puts(out, "\xC2\xB7");
            continue;
        }
        const double share = high > low ? (values[i] - low) / (high - low) : 0.5;
        const int height = (int)fmin(share * HEIGHTS, HEIGHTS - 1);
        pw_strbuf_puts(out, "\xE2\x96");
        pw_strbuf_putc(out, (char)(0x81 + height));
    }
}
