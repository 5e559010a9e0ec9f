/*
 * Quarantine in a comparison: which sessions a metric is not compared with, and which improvements
 * of the head are not believed at once. The rule itself is in quarantine.c.
 */
#include <math.h>

#include "comparison.h"
#include "quarantine.h"

/** How many rows a warning names. */
#define NAMED_ROWS 3
/** Where there is no configuration; the schema's default. */
#define DEFAULT_RATIO 0.5

static double ratio_of(const struct pw_gate_options *options)
{
    return options->config != NULL ? options->config->baseline.quarantine_ratio : DEFAULT_RATIO;
}

/* Remember what a warning will name. */
static void count_row(struct pw_quarantine *quarantine, const struct pw_metric_case *item,
                      const struct pw_series *left_out)
{
    if (quarantine->rows < NAMED_ROWS) {
        pw_strbuf_printf(&quarantine->names, "%s'%s' %s", quarantine->rows > 0 ? ", " : "",
                         item->benchmark, item->head->metric);
    } else if (quarantine->rows == NAMED_ROWS) {
        pw_strbuf_puts(&quarantine->names, ", \xE2\x80\xA6");
    }
    if (quarantine->first == NULL) {
        quarantine->first = left_out;
    }
    quarantine->rows++;
}

int pw_quarantine_apply(struct pw_quarantine *quarantine, const struct pw_gate_context *context,
                        struct pw_metric_case *item, const struct pw_series **bases,
                        const struct pw_series *const *later, size_t later_count, size_t *out,
                        struct pw_error *err)
{
    const struct pw_quarantine_rule rule = {ratio_of(context->options), context->gate.alpha,
                                            context->gate.session_noise, item->threshold};
    const struct pw_series *left_out = NULL;
    bool held[PW_PREDICTION_MAX_SESSIONS] = {false};
    size_t kept = 0;
    const int status =
        pw_quarantine_series(&rule, bases, item->base_count, later, later_count, held, err);

    if (status != 0) {
        return status;
    }
    for (size_t i = 0; i < item->base_count; i++) {
        if (!held[i]) {
            bases[kept++] = bases[i];
        } else if (left_out == NULL) {
            left_out = bases[i];
        }
    }
    *out = item->base_count - kept;
    item->base_count = kept;
    if (left_out != NULL) {
        count_row(quarantine, item, left_out);
    }
    return 0;
}

int pw_quarantine_note(struct pw_comparison *comparison, size_t left_out, size_t sessions,
                       struct pw_error *err)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    int status;

    if (left_out == 0 || comparison->row_count == 0) {
        return 0;
    }
    pw_strbuf_printf(&text, "%zu session%s of %zu quarantined", left_out, left_out == 1 ? "" : "s",
                     sessions);
    status = pw_strbuf_check(&text, err);
    if (status == 0) {
        status = pw_comparison_add_reason(comparison, &comparison->rows[comparison->row_count - 1],
                                          pw_strbuf_text(&text), err);
    }
    pw_strbuf_release(&text);
    return status;
}

/* The session that a series is of. */
static const struct pw_result *owner_of(const struct pw_series *series,
                                        const struct pw_result *sessions, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < sessions[i].benchmark_count; k++) {
            const struct pw_result_benchmark *entry = &sessions[i].benchmarks[k];
            if (pw_result_benchmark_series(entry, series->metric) == series) {
                return &sessions[i];
            }
        }
    }
    return NULL;
}

int pw_quarantine_warn(const struct pw_quarantine *quarantine,
                       const struct pw_gate_context *context, const struct pw_result *sessions,
                       size_t session_count, struct pw_error *err)
{
    const struct pw_result *session;
    char percent[PW_DOUBLE_TEXT_SIZE];

    if (quarantine->rows == 0) {
        return 0;
    }
    if (pw_strbuf_check(&quarantine->names, err) != 0) {
        return PW_ENOMEM;
    }
    session = owner_of(quarantine->first, sessions, session_count);
    pw_format_double(round(ratio_of(context->options) * 1e8) / 1e6, percent);
    return pw_comparison_warnf(
        context->out, err,
        "%zu comparison%s left out a stored session that is more than %s %% better than those "
        "before it (%s): it is quarantined until a second session confirms it; if the benchmark "
        "did not do its work there, 'perfwarden baseline remove %s' removes it",
        quarantine->rows, quarantine->rows == 1 ? "" : "s", percent,
        pw_strbuf_text(&quarantine->names), session != NULL ? session->run_id : "RUN");
}

void pw_quarantine_release(struct pw_quarantine *quarantine)
{
    pw_strbuf_release(&quarantine->names);
}

int pw_quarantine_judge(struct pw_gate_context *context, struct pw_comparison_row *row,
                        struct pw_error *err)
{
    const double bound = ratio_of(context->options);
    const double ratio = row->better == PW_BETTER_LOWER ? row->ratio : 1.0 / row->ratio;
    char percent[PW_DOUBLE_TEXT_SIZE];
    struct pw_strbuf text = PW_STRBUF_INIT;
    int status;

    /* Since the anchor there was time for many an improvement. */
    if (context->options->is_anchor) {
        return 0;
    }
    if ((row->verdict != PW_VERDICT_PASS && row->verdict != PW_VERDICT_IMPROVEMENT) ||
        bound <= 0.0 || !(ratio < 1.0 - bound)) {
        return 0;
    }
    row->is_unconfirmed = true;
    pw_format_double(round(bound * 1e8) / 1e6, percent);
    pw_strbuf_printf(&text,
                     "an improvement by more than %s %% is not believed at once: check that it "
                     "still does its work",
                     percent);
    status = pw_strbuf_check(&text, err);
    if (status == 0) {
        status = pw_comparison_add_reason(context->out, row, pw_strbuf_text(&text), err);
    }
    pw_strbuf_release(&text);
    return status;
}

int pw_quarantine_remark(struct pw_comparison *comparison, struct pw_error *err)
{
    struct pw_strbuf names = PW_STRBUF_INIT;
    size_t count = 0;
    int status;

    for (size_t i = 0; i < comparison->row_count; i++) {
        const struct pw_comparison_row *row = &comparison->rows[i];
        if (!row->is_unconfirmed) {
            continue;
        }
        if (count < NAMED_ROWS) {
            pw_strbuf_printf(&names, "%s'%s' %s", count > 0 ? ", " : "", row->benchmark,
                             row->metric != NULL ? row->metric : "");
        }
        count++;
    }
    if (count == 0) {
        return 0;
    }
    status = pw_strbuf_check(&names, err);
    if (status == 0) {
        status = pw_comparison_warnf(
            comparison, err,
            "%zu comparison%s improved by more than 'baseline.quarantine' allows (%s%s): check "
            "that the benchmark still does its work; once stored, a second session has to confirm "
            "it",
            count, count == 1 ? "" : "s", pw_strbuf_text(&names),
            count > NAMED_ROWS ? ", \xE2\x80\xA6" : "");
    }
    pw_strbuf_release(&names);
    return status;
}
