/*
 * A comparison as a picture: an overview of all that matters, the charts of some of its rows, or a
 * badge. Refuses to draw what is not there, and says why it is not.
 */
#include <math.h>
#include <stdlib.h>

#include "formats.h"
#include "image.h"
#include "perfwarden/util/number.h"
#include "row_chart.h"
#include "rows.h"
#include "summary.h"

/** How a verdict is drawn. */
static const struct {
    enum pw_chart_shape shape;
    enum pw_chart_tone tone;
} looks[PW_VERDICT_COUNT] = {
    [PW_VERDICT_PASS] = {PW_CHART_DOT, PW_CHART_QUIET},
    [PW_VERDICT_IMPROVEMENT] = {PW_CHART_DOWNWARDS, PW_CHART_GOOD},
    [PW_VERDICT_ACCEPTED] = {PW_CHART_SQUARE, PW_CHART_OPEN},
    [PW_VERDICT_SKIPPED] = {PW_CHART_RING, PW_CHART_QUIET},
    [PW_VERDICT_NO_BASELINE] = {PW_CHART_RING, PW_CHART_OPEN},
    [PW_VERDICT_INCONCLUSIVE] = {PW_CHART_DIAMOND, PW_CHART_OPEN},
    [PW_VERDICT_REGRESSION] = {PW_CHART_UPWARDS, PW_CHART_BAD},
    [PW_VERDICT_MISSING] = {PW_CHART_CROSS, PW_CHART_BAD},
    [PW_VERDICT_ERROR] = {PW_CHART_CROSS, PW_CHART_BAD},
};

/** One picture under way. */
struct image {
    const struct pw_comparison *comparison;
    const struct pw_report_options *options;
    struct pw_report_rows rows; /**< the selected ones first, in the order of reports */
    size_t selected_count;
    size_t quiet_count; /**< of the selected */
    struct pw_strbuf *out;
};

static int init_image(struct image *image, struct pw_error *err)
{
    int status = pw_report_rows_init(&image->rows, image->comparison, err);
    if (status != PW_OK) {
        return status;
    }
    for (size_t i = 0; i < image->rows.count; i++) {
        const struct pw_report_entry entry = image->rows.entries[i];
        if (pw_image_selects(image->options, entry.row->benchmark, entry.row->declared,
                             &image->out->failed)) {
            image->rows.entries[image->selected_count++] = entry;
            image->quiet_count += entry.group == PW_REPORT_QUIET;
        }
    }
    if (image->selected_count == 0 && image->options->filter_count > 0) {
        return pw_image_refuse_filters(image->out, err);
    }
    return PW_OK;
}

static void put_title(const struct pw_comparison_row *row, struct pw_strbuf *out)
{
    pw_strbuf_puts(out, row->benchmark == NULL ? "unknown" : row->benchmark);
    pw_report_subject(row, out);
}

static enum pw_chart_tone tone_of(const struct pw_comparison *comparison)
{
    const bool is_open = comparison->verdict >= PW_VERDICT_NO_BASELINE;
    return comparison->exit_code != PW_EXIT_PASS ? PW_CHART_BAD
           : is_open                             ? PW_CHART_OPEN
                                                 : PW_CHART_GOOD;
}

/** The lines of an overview and what they point at. */
struct lines {
    struct pw_chart_line items[PW_IMAGE_MOST_LINES];
    struct pw_strbuf labels[PW_IMAGE_MOST_LINES];
    struct pw_strbuf changes[PW_IMAGE_MOST_LINES];
    size_t count;
};

static void add_line(struct lines *lines, const struct pw_comparison_row *row,
                     struct pw_strbuf *out)
{
    const size_t i = lines->count++;
    put_title(row, &lines->labels[i]);
    pw_report_cell(row, PW_REPORT_CHANGE, &lines->changes[i]);
    pw_strbuf_share_failure(out, &lines->labels[i]);
    pw_strbuf_share_failure(out, &lines->changes[i]);
    lines->items[i] = (struct pw_chart_line){
        .label = pw_strbuf_text(&lines->labels[i]),
        .change = pw_strbuf_text(&lines->changes[i]),
        .verdict = pw_verdict_name(row->verdict),
        .ratio = row->ratio,
        .low = row->interval.low,
        .high = row->interval.high,
        .limit = pw_row_limit_ratio(row),
        .shape = looks[row->verdict].shape,
        .tone = looks[row->verdict].tone,
    };
}

/* What is left out: rows of the same kind as those drawn, and those that need no attention. */
static void put_rest(struct pw_strbuf *out, size_t more, size_t quiet)
{
    if (more > 0) {
        pw_strbuf_printf(out, "and %zu more", more);
    }
    if (quiet > 0) {
        pw_strbuf_printf(out, "%s%zu that need%s no attention", more > 0 ? ", besides " : "and ",
                         quiet, quiet == 1 ? "s" : "");
    }
}

/* What needs attention or got better; where there is nothing such, the rest. */
static int draw_overview(struct image *image, struct pw_error *err)
{
    const size_t loud = image->selected_count - image->quiet_count;
    const size_t wanted = loud > 0 ? loud : image->quiet_count;
    struct pw_strbuf title = PW_STRBUF_INIT;
    struct pw_strbuf subtitle = PW_STRBUF_INIT;
    struct pw_strbuf rest = PW_STRBUF_INIT;
    struct lines *lines = calloc(1, sizeof(*lines));
    if (lines == NULL) {
        return pw_error_set_no_memory(err);
    }
    while (lines->count < wanted && lines->count < PW_IMAGE_MOST_LINES) {
        add_line(lines, image->rows.entries[lines->count].row, image->out);
    }
    pw_report_headline(image->comparison, &title);
    pw_report_short_id(image->comparison->base.commit, image->comparison->base.source, &subtitle);
    pw_strbuf_puts(&subtitle, " \xE2\x86\x92 ");
    pw_report_short_id(image->comparison->head.commit, image->comparison->head.source, &subtitle);
    pw_strbuf_puts(&subtitle, ": ");
    pw_report_counts(image->comparison, &subtitle);
    put_rest(&rest, wanted - lines->count, loud > 0 ? image->quiet_count : 0);
    pw_strbuf_share_failure(image->out, &title);
    pw_strbuf_share_failure(image->out, &subtitle);
    pw_strbuf_share_failure(image->out, &rest);
    const struct pw_chart_overview chart = {
        .title = pw_strbuf_text(&title),
        .subtitle = pw_strbuf_text(&subtitle),
        .rest = pw_strbuf_text(&rest),
        .lines = lines->items,
        .count = lines->count,
        .tone = tone_of(image->comparison),
    };
    pw_chart_overview(image->out, &chart);
    for (size_t i = 0; i < lines->count; i++) {
        pw_strbuf_release(&lines->labels[i]);
        pw_strbuf_release(&lines->changes[i]);
    }
    free(lines);
    pw_strbuf_release(&title);
    pw_strbuf_release(&subtitle);
    pw_strbuf_release(&rest);
    return PW_OK;
}

/** Which chart of the rows is drawn, for draw_part(). */
struct wish {
    const struct pw_comparison *comparison;
    enum pw_row_chart chart;
};

static void draw_part(struct pw_strbuf *out, const void *context, const struct pw_image_part *part)
{
    const struct wish *wish = context;
    pw_row_chart(out, wish->comparison, part->subject, wish->chart, part->title);
}

/* Why rows have no chart of a kind. */
static int refuse_chart(const struct image *image, enum pw_row_chart chart, struct pw_error *err)
{
    static const char *const reasons[] = {
        [PW_ROW_CHART_PAIRS] = "none was measured in pairs",
        [PW_ROW_CHART_DISTRIBUTION] = "the runs of none are kept in this file",
        [PW_ROW_CHART_HISTORY] = "none was compared with stored sessions",
    };
    return pw_error_set(err, PW_EUSAGE, "nothing to draw: of %zu %scomparison%s %s",
                        image->selected_count, image->options->filter_count > 0 ? "selected " : "",
                        image->selected_count == 1 ? "" : "s", reasons[chart]);
}

/* Of the rows that were selected by name all that have such a chart; else of the first. */
static int draw_rows(struct image *image, enum pw_row_chart chart, struct pw_error *err)
{
    const size_t most = image->options->filter_count > 0 ? PW_IMAGE_MOST_CHARTS : 1;
    struct pw_image_part parts[PW_IMAGE_MOST_CHARTS];
    struct pw_strbuf titles[PW_IMAGE_MOST_CHARTS];
    const struct wish wish = {image->comparison, chart};
    size_t count = 0;
    size_t total = 0;
    for (size_t i = 0; i < image->selected_count; i++) {
        const struct pw_comparison_row *row = image->rows.entries[i].row;
        const int height = pw_row_chart_height(row, chart);
        total += height > 0;
        if (height > 0 && count < most) {
            pw_strbuf_init(&titles[count], 0);
            put_title(row, &titles[count]);
            pw_strbuf_share_failure(image->out, &titles[count]);
            parts[count] = (struct pw_image_part){pw_strbuf_text(&titles[count]), height, row};
            count++;
        }
    }
    if (count == 0) {
        return refuse_chart(image, chart, err);
    }
    pw_image_stack(image->out, parts, count, total, draw_part, &wish);
    for (size_t i = 0; i < count; i++) {
        pw_strbuf_release(&titles[i]);
    }
    return PW_OK;
}

static void draw_badge(const struct pw_comparison *comparison, struct pw_strbuf *out)
{
    static const char *const nouns[PW_VERDICT_COUNT] = {
        [PW_VERDICT_IMPROVEMENT] = "improvement",
        [PW_VERDICT_REGRESSION] = "regression",
        [PW_VERDICT_ERROR] = "error",
    };
    static const enum pw_badge_color colors[PW_CHART_TONE_COUNT] = {
        [PW_CHART_GOOD] = PW_BADGE_GOOD,
        [PW_CHART_OPEN] = PW_BADGE_OPEN,
        [PW_CHART_BAD] = PW_BADGE_BAD,
        [PW_CHART_QUIET] = PW_BADGE_OPEN,
    };
    const enum pw_verdict verdict = comparison->verdict;
    struct pw_strbuf message = PW_STRBUF_INIT;
    if (pw_report_is_broken(comparison)) {
        pw_strbuf_puts(&message, pw_report_exit_meaning(comparison->exit_code));
    } else if (verdict == PW_VERDICT_PASS || comparison->counts[verdict] == 0) {
        pw_strbuf_puts(&message, pw_verdict_name(verdict));
    } else if (nouns[verdict] != NULL) {
        pw_report_plural(&message, comparison->counts[verdict], nouns[verdict]);
    } else {
        pw_strbuf_printf(&message, "%zu %s", comparison->counts[verdict],
                         verdict == PW_VERDICT_NO_BASELINE ? "without baseline"
                                                           : pw_verdict_name(verdict));
    }
    pw_strbuf_share_failure(out, &message);
    pw_chart_badge(out, "perfwarden", pw_strbuf_text(&message), colors[tone_of(comparison)]);
    pw_strbuf_release(&message);
}

static int draw(struct image *image, enum pw_report_chart chart, struct pw_error *err)
{
    switch (chart) {
    case PW_REPORT_CHART_PAIRS:
        return draw_rows(image, PW_ROW_CHART_PAIRS, err);
    case PW_REPORT_CHART_DISTRIBUTION:
        return draw_rows(image, PW_ROW_CHART_DISTRIBUTION, err);
    case PW_REPORT_CHART_HISTORY:
        return draw_rows(image, PW_ROW_CHART_HISTORY, err);
    case PW_REPORT_CHART_BADGE:
        draw_badge(image->comparison, image->out);
        return PW_OK;
    default:
        return draw_overview(image, err);
    }
}

int pw_report_svg_comparison(const struct pw_comparison *comparison,
                             const struct pw_report_options *options, struct pw_strbuf *out,
                             struct pw_error *err)
{
    struct image image = {.comparison = comparison, .options = options, .out = out};
    const size_t start = out->length;
    int status = init_image(&image, err);
    if (status == PW_OK) {
        status = draw(&image, options->chart, err);
    }
    if (status == PW_OK) {
        status = pw_strbuf_check(out, err);
    }
    if (status != PW_OK) {
        pw_strbuf_truncate(out, start);
    }
    pw_report_rows_release(&image.rows);
    return status;
}

int pw_report_badge_comparison(const struct pw_comparison *comparison,
                               const struct pw_report_options *options, struct pw_strbuf *out,
                               struct pw_error *err)
{
    const size_t start = out->length;
    (void)options;
    draw_badge(comparison, out);
    const int status = pw_strbuf_check(out, err);
    if (status != PW_OK) {
        pw_strbuf_truncate(out, start);
    }
    return status;
}
