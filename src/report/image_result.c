/* A plain result as a picture: the runs of its benchmarks, or a badge. */
#include "formats.h"
#include "image.h"
#include "measured.h"
#include "summary.h"

static struct pw_chart_distribution distribution_of(const struct pw_series *series)
{
    return (struct pw_chart_distribution){
        .unit = series->unit == NULL ? "count" : series->unit,
        .head = series->samples,
        .head_count = series->count,
    };
}

static void draw_part(struct pw_strbuf *out, const void *context, const struct pw_image_part *part)
{
    struct pw_chart_distribution chart = distribution_of(part->subject);
    (void)context;
    chart.title = part->title;
    pw_chart_distribution(out, &chart, PW_CHART_IN_PAGE);
}

static int refuse(const struct pw_report_options *options, size_t selected,
                  const struct pw_strbuf *out, struct pw_error *err)
{
    if (selected == 0 && options->filter_count > 0) {
        return pw_image_refuse_filters(out, err);
    }
    return pw_error_set(err, PW_EUSAGE,
                        "nothing to draw: of %zu benchmark%s none could be measured", selected,
                        selected == 1 ? "" : "s");
}

static int draw_runs(const struct pw_result *result, const struct pw_report_options *options,
                     struct pw_strbuf *out, struct pw_error *err)
{
    struct pw_image_part parts[PW_IMAGE_MOST_CHARTS];
    struct pw_strbuf titles[PW_IMAGE_MOST_CHARTS];
    size_t count = 0;
    size_t total = 0;
    size_t selected = 0;
    for (size_t i = 0; i < result->benchmark_count; i++) {
        const struct pw_result_benchmark *benchmark = &result->benchmarks[i];
        if (!pw_image_selects(options, benchmark->id, benchmark->declared, &out->failed)) {
            continue;
        }
        const struct pw_series *series = pw_report_measured_series(benchmark);
        selected++;
        total += series != NULL;
        if (series != NULL && count < PW_IMAGE_MOST_CHARTS) {
            const struct pw_chart_distribution chart = distribution_of(series);
            pw_strbuf_init(&titles[count], 0);
            pw_strbuf_printf(&titles[count], "%s %s", benchmark->id, series->metric);
            pw_strbuf_share_failure(out, &titles[count]);
            parts[count] = (struct pw_image_part){pw_strbuf_text(&titles[count]),
                                                  pw_chart_distribution_height(&chart), series};
            count++;
        }
    }
    if (count == 0) {
        return refuse(options, selected, out, err);
    }
    pw_image_stack(out, parts, count, total, draw_part, NULL);
    for (size_t i = 0; i < count; i++) {
        pw_strbuf_release(&titles[i]);
    }
    return PW_OK;
}

static void draw_badge(const struct pw_result *result, struct pw_strbuf *out)
{
    const size_t failures = pw_report_measured_failures(result);
    struct pw_strbuf message = PW_STRBUF_INIT;
    if (failures > 0) {
        pw_report_plural(&message, failures, "error");
    } else {
        pw_strbuf_printf(&message, "%zu measured", result->benchmark_count);
    }
    pw_strbuf_share_failure(out, &message);
    pw_chart_badge(out, "perfwarden", pw_strbuf_text(&message),
                   failures > 0 ? PW_BADGE_BAD : PW_BADGE_GOOD);
    pw_strbuf_release(&message);
}

static int finish(struct pw_strbuf *out, size_t start, int status, struct pw_error *err)
{
    if (status == PW_OK) {
        status = pw_strbuf_check(out, err);
    }
    if (status != PW_OK) {
        pw_strbuf_truncate(out, start);
    }
    return status;
}

int pw_report_svg_result(const struct pw_result *result, const struct pw_report_options *options,
                         struct pw_strbuf *out, struct pw_error *err)
{
    const size_t start = out->length;
    int status = PW_OK;
    switch (options->chart) {
    case PW_REPORT_CHART_BADGE:
        draw_badge(result, out);
        break;
    case PW_REPORT_CHART_AUTO:
    case PW_REPORT_CHART_DISTRIBUTION:
        status = draw_runs(result, options, out, err);
        break;
    default:
        status = pw_error_set(err, PW_EUSAGE,
                              "nothing to draw: a result has no chart '%s', only a comparison has; "
                              "use '--chart distribution'",
                              pw_report_chart_name((size_t)options->chart - 1));
        break;
    }
    return finish(out, start, status, err);
}

int pw_report_badge_result(const struct pw_result *result, const struct pw_report_options *options,
                           struct pw_strbuf *out, struct pw_error *err)
{
    const size_t start = out->length;
    (void)options;
    draw_badge(result, out);
    return finish(out, start, PW_OK, err);
}
