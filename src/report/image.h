/* What the two halves of the picture formats share: the rows or benchmarks that were selected, and
 * how several charts stand below each other in one file. */
#ifndef PERFWARDEN_REPORT_IMAGE_H
#define PERFWARDEN_REPORT_IMAGE_H

#include "chart.h"
#include "perfwarden/report.h"

/** How many charts stand in one file at most. */
#define PW_IMAGE_MOST_CHARTS 20
/** How many lines an overview has at most. */
#define PW_IMAGE_MOST_LINES 40

/** Whether a benchmark is selected: its id, its declared id or its name matches a filter, or there
 * is none. @param declared NULL for the same as `id` @param[out] failed set when memory ran out */
bool pw_image_selects(const struct pw_report_options *options, const char *id, const char *declared,
                      bool *failed);

/** One chart of several: its heading, its height, and who draws it. */
struct pw_image_part {
    const char *title;
    int height;
    const void *subject;
};

/** Draws a part, in something that has the style sheet. */
typedef void pw_image_draw_fn(struct pw_strbuf *out, const void *context,
                              const struct pw_image_part *part);

/**
 * Put charts below each other.
 *
 * @param total    how many there are; what is more than `count` is said below the last
 * @param context  for `draw`
 */
void pw_image_stack(struct pw_strbuf *out, const struct pw_image_part *parts, size_t count,
                    size_t total, pw_image_draw_fn *draw, const void *context);

/** Refuse: nothing matches the filters. @return PW_EUSAGE; PW_ENOMEM when that is why */
int pw_image_refuse_filters(const struct pw_strbuf *out, struct pw_error *err);

#endif
