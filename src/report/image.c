/* Charts as a file: which benchmarks are drawn, and how several stand below each other. */
#include "image.h"

#include <string.h>

#include "perfwarden/util/escape.h"
#include "perfwarden/util/text.h"
#include "shorten.h"
#include "summary.h"
#include "svg.h"

enum { HEADING = 30, REST = 28, MARGIN = 12, TITLE_COLUMNS = 76 };

/* In the order of enum pw_report_chart, without its first. */
static const char *const chart_names[] = {"overview", "pairs", "distribution", "history", "badge"};

const char *pw_report_chart_name(size_t index)
{
    return index < PW_COUNT(chart_names) ? chart_names[index] : NULL;
}

enum pw_report_chart pw_report_chart_find(const char *name)
{
    for (size_t i = 0; name != NULL && i < PW_COUNT(chart_names); i++) {
        if (strcmp(name, chart_names[i]) == 0) {
            return (enum pw_report_chart)(i + 1);
        }
    }
    return PW_REPORT_CHART_AUTO;
}

/* A name is what stands before the '/' of the first parameter, and may have a '/' itself. */
static bool matches_name(const char *pattern, const char *id, bool *failed)
{
    const size_t first_value = strcspn(id, "=");
    size_t length = id[first_value] == '=' ? first_value : 0;
    struct pw_strbuf name = PW_STRBUF_INIT;
    while (length > 0 && id[length] != '/') {
        length--;
    }
    pw_strbuf_append(&name, id, length);
    const bool is_match = length > 0 && pw_glob_match(pattern, pw_strbuf_text(&name));
    *failed = *failed || pw_strbuf_failed(&name);
    pw_strbuf_release(&name);
    return is_match;
}

bool pw_image_selects(const struct pw_report_options *options, const char *id, const char *declared,
                      bool *failed)
{
    bool is_selected = options->filter_count == 0;
    for (size_t i = 0; i < options->filter_count && !is_selected; i++) {
        const char *pattern = options->filters[i];
        is_selected = pw_glob_match(pattern, id) ||
                      (declared != NULL && pw_glob_match(pattern, declared)) ||
                      matches_name(pattern, declared != NULL ? declared : id, failed);
    }
    return is_selected;
}

int pw_image_refuse_filters(const struct pw_strbuf *out, struct pw_error *err)
{
    const int status = pw_strbuf_check(out, err);
    return status != PW_OK ? status
                           : pw_error_set(err, PW_EUSAGE, "no benchmark matches '--filter'");
}

static void put_part(struct pw_strbuf *out, const struct pw_image_part *part, int top,
                     pw_image_draw_fn *draw, const void *context)
{
    struct pw_strbuf title = PW_STRBUF_INIT;
    pw_report_shorten(part->title, TITLE_COLUMNS, &title);
    pw_strbuf_share_failure(out, &title);
    pw_svg_label(out, "title ink", "start", MARGIN, top + 20, pw_strbuf_text(&title));
    pw_strbuf_printf(out, "<svg y=\"%d\" width=\"%d\" height=\"%d\">\n", top + HEADING,
                     PW_CHART_WIDTH, part->height);
    draw(out, context, part);
    pw_strbuf_puts(out, "</svg>\n");
    pw_strbuf_release(&title);
}

void pw_image_stack(struct pw_strbuf *out, const struct pw_image_part *parts, size_t count,
                    size_t total, pw_image_draw_fn *draw, const void *context)
{
    struct pw_strbuf rest = PW_STRBUF_INIT;
    int height = total > count ? REST : 0;
    int top = 0;
    for (size_t i = 0; i < count; i++) {
        height += HEADING + parts[i].height;
    }
    if (total > count) {
        pw_strbuf_printf(&rest, "and %zu more; --filter selects which", total - count);
    }
    pw_strbuf_share_failure(out, &rest);
    pw_svg_open(out, PW_CHART_IN_FILE, height, count == 1 ? parts[0].title : "perfwarden: charts",
                pw_strbuf_text(&rest));
    for (size_t i = 0; i < count; i++) {
        put_part(out, &parts[i], top, draw, context);
        top += HEADING + parts[i].height;
    }
    if (total > count) {
        pw_svg_text(out, "start", MARGIN, top + 16, pw_strbuf_text(&rest));
    }
    pw_svg_close(out);
    pw_strbuf_release(&rest);
}
