/*
 * One metric of the head against the stored sessions: damaged ones are passed over, then those that
 * are too good to be true are left out, then those from before a change that was accepted.
 *
 * Quarantine comes before the cut, for it judges a session by those before it, of whatever level:
 * a cut alone must not make a base of what is not believed. And a cut must not make a metric
 * unwatched: where nothing is left, the nearest of the older sessions is the base, and the reason
 * says so.
 */
#include "stored_judge.h"

#include <string.h>

#include "acceptance.h"
#include "comparison.h"
#include "judge.h"
#include "stored.h"
#include "stored_series.h"

/** The sessions that have a metric. Nearest first. */
struct collection {
    const struct pw_series *series[PW_PREDICTION_MAX_SESSIONS];
    const struct pw_acceptance *cut[PW_PREDICTION_MAX_SESSIONS]; /**< what each is older than */
    size_t count;
};

/* @param[out] why  why there is none, where that is known */
static void collect(struct pw_stored *stored, const struct pw_benchmark *benchmark,
                    const struct pw_result_benchmark *entry, const struct pw_series *head,
                    struct collection *out, const char **why)
{
    out->count = 0;
    for (size_t i = 0; i < stored->session_count; i++) {
        const struct pw_series *series = pw_stored_series(
            &stored->out.arena, pw_stored_entry(&stored->sessions[i], benchmark, entry->id), head,
            why);
        if (series != NULL) {
            out->cut[out->count] =
                pw_stored_cut(stored->context.options, i, benchmark, entry, head);
            out->series[out->count++] = series;
        }
    }
}

/* The later sessions that have a metric. @return how many */
static size_t collect_later(struct pw_stored *stored, const struct pw_benchmark *benchmark,
                            const char *id, const struct pw_series *head,
                            const struct pw_series **out)
{
    const char *why = "";
    size_t count = 0;

    for (size_t i = 0; i < stored->later_count; i++) {
        const struct pw_series *series = pw_stored_series(
            &stored->out.arena, pw_stored_entry(&stored->later[i], benchmark, id), head, &why);
        if (series != NULL) {
            out[count++] = series;
        }
    }
    return count;
}

static const struct pw_acceptance *cut_of(const struct collection *all,
                                          const struct pw_series *series)
{
    for (size_t i = 0; i < all->count; i++) {
        if (all->series[i] == series) {
            return all->cut[i];
        }
    }
    return NULL;
}

/* Leave out the bases from before an accepted change. @return it, when one had to be kept */
static const struct pw_acceptance *leave_out_older(const struct collection *all,
                                                   struct pw_metric_case *item,
                                                   const struct pw_series **bases)
{
    size_t kept = 0;

    for (size_t i = 0; i < item->base_count; i++) {
        if (cut_of(all, bases[i]) == NULL) {
            bases[kept++] = bases[i];
        }
    }
    if (kept == 0 && item->base_count > 0) {
        item->base_count = 1;
        return cut_of(all, bases[0]);
    }
    item->base_count = kept;
    return NULL;
}

/* Say in the row made last that its base is of the old level. */
static int note_older(struct pw_stored *stored, const struct pw_acceptance *cut,
                      struct pw_error *err)
{
    struct pw_comparison *out = &stored->out;
    const char *text;

    if (cut == NULL || out->row_count == 0) {
        return 0;
    }
    text = pw_arena_printf(&out->arena,
                           "compared with a session from before a change that was accepted (%s), "
                           "for no later one can be used: run 'perfwarden baseline update' on the "
                           "base",
                           cut->where);
    return text == NULL ? pw_error_set_no_memory(err)
                        : pw_comparison_add_reason(out, &out->rows[out->row_count - 1], text, err);
}

static int judge_believed(struct pw_stored *stored, const struct pw_benchmark *benchmark,
                          const struct collection *all, struct pw_metric_case *item,
                          const struct pw_series **bases, struct pw_error *err)
{
    const struct pw_series *later[PW_PREDICTION_MAX_SESSIONS];
    const size_t later_count = collect_later(stored, benchmark, item->benchmark, item->head, later);
    const struct pw_acceptance *cut = NULL;
    const size_t known = item->base_count;
    size_t left_out = 0;
    int status;

    status = pw_quarantine_apply(&stored->quarantine, &stored->context, item, bases, later,
                                 later_count, &left_out, err);
    if (status == 0) {
        cut = leave_out_older(all, item, bases);
        status = pw_gate_judge(&stored->context, item, err);
    }
    if (status == 0) {
        status = pw_quarantine_note(&stored->out, left_out, known, err);
    }
    return status == 0 ? note_older(stored, cut, err) : status;
}

int pw_stored_judge(struct pw_stored *stored, const struct pw_benchmark *benchmark,
                    const struct pw_result_benchmark *entry, const struct pw_series *head,
                    const struct pw_threshold *threshold, struct pw_error *err)
{
    const struct pw_series *bases[PW_PREDICTION_MAX_SESSIONS];
    struct collection all;
    struct pw_metric_case item = {.benchmark = entry->id,
                                  .declared = entry->declared,
                                  .head = head,
                                  .bases = bases,
                                  .threshold = threshold};
    const char *why = NULL;

    collect(stored, benchmark, entry, head, &all, &why);
    memcpy(bases, all.series, all.count * sizeof *bases);
    item.base_count = all.count;
    if (stored->session_count == 0) {
        item.no_baseline = stored->no_baseline;
    } else {
        item.no_baseline = why != NULL ? why : "new benchmark: no baseline has it";
    }
    if (pw_stored_pass_over_unfit(&stored->out, &item, bases, err) != 0) {
        return PW_ENOMEM;
    }
    return judge_believed(stored, benchmark, &all, &item, bases, err);
}
