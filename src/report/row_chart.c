/* From a row to its charts. Draws what the comparison has, computes nothing. */
#include "row_chart.h"

#include <math.h>
#include <stdio.h>

/* A higher-is-better metric gets worse downwards. */
double pw_row_limit_ratio(const struct pw_comparison_row *row)
{
    const double increase = row->threshold.increase_ratio;
    return row->better == PW_BETTER_HIGHER ? 1 / (1 + increase) : 1 + increase;
}

static const char *unit_of(const struct pw_comparison_row *row)
{
    return row->unit == NULL ? "count" : row->unit;
}

static struct pw_chart_distribution distribution_of(const struct pw_comparison_row *row)
{
    return (struct pw_chart_distribution){
        .unit = unit_of(row),
        .base = row->base_runs.values,
        .base_count = row->base_runs.count,
        .head = row->head_runs.values,
        .head_count = row->head_runs.count,
    };
}

static void draw_pairs(struct pw_strbuf *out, const struct pw_comparison_row *row,
                       const char *title)
{
    const struct pw_chart_pairs pairs = {
        .title = title,
        .base = row->base_runs.values,
        .head = row->head_runs.values,
        .count = row->pairs,
        .ratio = row->ratio,
        .low = row->interval.low,
        .high = row->interval.high,
        .limit = pw_row_limit_ratio(row),
    };
    pw_chart_pairs(out, &pairs, PW_CHART_IN_PAGE);
}

/* The judged commit follows its history, with the verdict's own interval. */
static void draw_history(struct pw_strbuf *out, const struct pw_comparison *comparison,
                         const struct pw_comparison_row *row, const char *title)
{
    enum { MOST = 512 };
    struct pw_chart_point points[MOST];
    char labels[MOST][40];
    const size_t skipped = row->history_count < MOST ? 0 : row->history_count - (MOST - 1);
    size_t count = 0;
    for (size_t i = skipped; i <= row->history_count; i++, count++) {
        const bool is_head = i == row->history_count;
        const struct pw_row_session *session = is_head ? NULL : &row->history[i];
        const char *commit = is_head ? comparison->head.commit : session->commit;
        const char *date = is_head ? comparison->head.started_at : session->started_at;
        snprintf(labels[count], sizeof labels[count], "%.12s%s%.10s", commit == NULL ? "" : commit,
                 commit == NULL || date == NULL ? "" : ", ", date == NULL ? "" : date);
        points[count] = (struct pw_chart_point){
            .label = labels[count],
            .value = is_head ? row->head : session->value,
            .low = is_head ? row->base * row->interval.low : session->low,
            .high = is_head ? row->base * row->interval.high : session->high,
            .is_head = is_head,
            .is_change = !is_head && session->is_change,
        };
    }
    const struct pw_chart_history history = {
        .title = title, .unit = unit_of(row), .points = points, .count = count};
    pw_chart_history(out, &history, PW_CHART_IN_PAGE);
}

int pw_row_chart_height(const struct pw_comparison_row *row, enum pw_row_chart chart)
{
    const bool has_pairs =
        row->pairs > 1 && row->base_runs.count == row->pairs && row->head_runs.count == row->pairs;
    const struct pw_chart_distribution runs = distribution_of(row);
    switch (chart) {
    case PW_ROW_CHART_PAIRS:
        return has_pairs ? PW_CHART_PAIRS_HEIGHT : 0;
    case PW_ROW_CHART_DISTRIBUTION:
        return runs.base_count + runs.head_count > 0 ? pw_chart_distribution_height(&runs) : 0;
    case PW_ROW_CHART_HISTORY:
        return row->history_count > 0 ? PW_CHART_HISTORY_HEIGHT : 0;
    }
    return 0;
}

void pw_row_chart(struct pw_strbuf *out, const struct pw_comparison *comparison,
                  const struct pw_comparison_row *row, enum pw_row_chart chart, const char *title)
{
    struct pw_chart_distribution runs = distribution_of(row);
    switch (chart) {
    case PW_ROW_CHART_PAIRS:
        draw_pairs(out, row, title);
        break;
    case PW_ROW_CHART_DISTRIBUTION:
        runs.title = title;
        pw_chart_distribution(out, &runs, PW_CHART_IN_PAGE);
        break;
    case PW_ROW_CHART_HISTORY:
        draw_history(out, comparison, row, title);
        break;
    }
}
