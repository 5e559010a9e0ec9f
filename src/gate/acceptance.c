/*
 * Agreements meet verdicts.
 *
 * Only a regression and a vanished benchmark can be accepted, the first up to a bound that its
 * estimate must keep. How a verdict was reached is not touched: what changes is what follows from
 * it. Of several agreements the one with the largest bound counts, an expired one only where there
 * is no other.
 */
#include "acceptance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "comparison.h"
#include "perfwarden/util/text.h"
#include "threshold.h"

/** Room for rounding where a change is exactly as large as its bound. */
#define ROUNDING 1e-9

/** What became of one agreement over all rows. */
struct fate {
    bool is_matched;    /**< a row or a configured benchmark is meant by it */
    bool is_fit;        /**< its sign and unit fit one of them */
    const char *misfit; /**< else why not */
};

/** The rows being looked at. */
struct accepting {
    const struct pw_gate_options *options;
    struct pw_acceptances *list;
    struct fate *fates; /**< one each */
    struct pw_comparison *out;
};

static bool is_expired(const struct pw_acceptances *list, const struct pw_acceptance *item)
{
    return item->expires != NULL && strcmp(item->expires, list->today) < 0;
}

const char *pw_acceptance_misfit(const struct pw_acceptance *item, const char *unit,
                                 enum pw_better better)
{
    const bool is_time = unit != NULL && strcmp(unit, "ns") == 0;
    const bool is_size = unit != NULL && strcmp(unit, "bytes") == 0;
    const enum pw_quantity quantity = item->up_to.quantity;

    if (unit == NULL) {
        return NULL;
    }
    if (item->up_to.is_decrease != (better == PW_BETTER_HIGHER)) {
        return item->up_to.is_decrease ? "less is better here: write it with '+'"
                                       : "more is better here: write it with '-'";
    }
    if (quantity == PW_QUANTITY_RATIO || (quantity == PW_QUANTITY_DURATION && is_time) ||
        (quantity == PW_QUANTITY_BYTES && is_size) ||
        (quantity == PW_QUANTITY_COUNT && !is_time && !is_size)) {
        return NULL;
    }
    return is_time   ? "the metric is a time: write a unit such as us or ms, or %"
           : is_size ? "the metric is a size: write a unit such as KiB or MiB, or %"
                     : "the metric has no such unit: write a plain number or %";
}

/* How much worse the head is, in base units; NAN when that is not known. */
static double amount_of(const struct pw_comparison_row *row)
{
    const bool has_ratio = !isnan(row->ratio) && row->base > 0.0;
    const double change = has_ratio ? row->base * (row->ratio - 1.0) : row->head - row->base;

    return row->better == PW_BETTER_LOWER ? change : -change;
}

static bool is_within(const struct pw_acceptance *item, const struct pw_comparison_row *row)
{
    const double ratio = row->better == PW_BETTER_LOWER ? row->ratio - 1.0 : 1.0 - row->ratio;
    const double change = item->up_to.quantity == PW_QUANTITY_RATIO ? ratio : amount_of(row);

    return change <= item->up_to.size * (1.0 + ROUNDING);
}

/* A bound in base units, so that several can be compared. */
static double allowance_of(const struct pw_acceptance *item, const struct pw_comparison_row *row)
{
    if (item->up_to.quantity != PW_QUANTITY_RATIO) {
        return item->up_to.size;
    }
    return row->base > 0.0 ? row->base * item->up_to.size : 0.0;
}

static bool is_better(const struct accepting *accepting, const struct pw_acceptance *item,
                      const struct pw_acceptance *best, const struct pw_comparison_row *row)
{
    const bool has_ended = is_expired(accepting->list, item);

    if (best == NULL || has_ended != is_expired(accepting->list, best)) {
        return best == NULL || !has_ended;
    }
    return item->metric != NULL && allowance_of(item, row) > allowance_of(best, row);
}

/* The agreement about a row, and which of all are about anything. */
static struct pw_acceptance *find(struct accepting *accepting, const struct pw_comparison_row *row)
{
    const struct pw_config *config = accepting->options->config;
    const struct pw_benchmark *benchmark =
        config != NULL && accepting->list->count > 0 ? pw_config_find(config, row->declared) : NULL;
    struct pw_acceptance *best = NULL;

    for (size_t i = 0; i < accepting->list->count; i++) {
        struct pw_acceptance *item = &accepting->list->items[i];
        struct fate *fate = &accepting->fates[i];
        const bool is_whole = row->metric == NULL;
        const bool is_meant = item->metric == NULL
                                  ? is_whole && row->verdict == PW_VERDICT_MISSING
                                  : !is_whole && pw_glob_match(item->metric, row->metric);
        if (!is_meant || !pw_acceptance_means(item, benchmark, row->benchmark, row->declared)) {
            continue;
        }
        const char *misfit =
            item->metric == NULL ? NULL : pw_acceptance_misfit(item, row->unit, row->better);
        fate->is_matched = true;
        fate->is_fit = fate->is_fit || misfit == NULL;
        fate->misfit = misfit != NULL ? misfit : fate->misfit;
        if (misfit == NULL && is_better(accepting, item, best, row)) {
            best = item;
        }
    }
    return best;
}

/* "by Ada (commit 1234567890ab)", "in baselines/accepted.yml:4" */
static void put_source(struct pw_strbuf *text, const struct pw_acceptance *item)
{
    if (item->by != NULL) {
        pw_strbuf_printf(text, " by %s (%s)", item->by, item->where);
    } else {
        pw_strbuf_printf(text, " in %s", item->where);
    }
}

static void put_terms(struct pw_strbuf *text, const struct pw_acceptance *item)
{
    pw_strbuf_puts(text, "accepted");
    if (item->metric != NULL) {
        pw_strbuf_printf(text, " up to %s", item->up_to.text);
    }
    put_source(text, item);
}

/* A limit is the configuration's own decision, which holds whatever the base was. */
bool pw_acceptance_breaks_limit(const struct pw_comparison_row *row)
{
    return pw_threshold_is_over_limit(&row->threshold, row->better, row->head) ||
           (!isnan(row->threshold.limit) && !pw_threshold_has_change(&row->threshold));
}

static void put_outcome(const struct accepting *accepting, const struct pw_comparison_row *row,
                        const struct pw_acceptance *item, struct pw_strbuf *text, bool *is_accepted)
{
    *is_accepted = false;
    put_terms(text, item);
    if (is_expired(accepting->list, item)) {
        pw_strbuf_printf(text, ", which expired on %s", item->expires);
    } else if (row->metric != NULL && pw_acceptance_breaks_limit(row)) {
        pw_strbuf_puts(text, ", but a limit cannot be accepted: raise it in the configuration");
    } else if (row->metric != NULL && !is_within(item, row)) {
        pw_strbuf_puts(text, ", which is exceeded");
    } else {
        *is_accepted = true;
        if (item->expires != NULL) {
            pw_strbuf_printf(text, " until %s", item->expires);
        }
        pw_strbuf_printf(text, ": %s", item->reason);
    }
}

static int copy_agreement(struct pw_comparison *out, const struct pw_acceptance *item,
                          struct pw_comparison_row *row, struct pw_error *err)
{
    const struct pw_agreement agreement = {
        .by = item->by,
        .reason = item->reason,
        .bound = item->metric != NULL ? item->up_to.text : NULL,
        .expires = item->expires,
        .where = item->where,
    };

    return pw_comparison_copy_agreement(out, &agreement, &row->accepted, err);
}

static int apply(struct accepting *accepting, struct pw_comparison_row *row,
                 struct pw_acceptance *item, struct pw_error *err)
{
    const enum pw_verdict verdict = row->verdict;
    const char *before = row->metric == NULL ? "the benchmark was removed" : row->reason;
    struct pw_acceptances *list = accepting->list;
    struct pw_strbuf text = PW_STRBUF_INIT;
    bool is_accepted = false;
    int status = 0;

    if (item->by == NULL && list->attribute != NULL) {
        status = list->attribute(list->context, item, err);
    }
    put_outcome(accepting, row, item, &text, &is_accepted);
    if (status == 0) {
        status = pw_strbuf_check(&text, err);
    }
    if (status == 0) {
        status = pw_comparison_decide(
            accepting->out, row, is_accepted ? PW_VERDICT_ACCEPTED : verdict, err, "%s; %s",
            is_accepted || row->metric != NULL ? before : row->reason, pw_strbuf_text(&text));
    }
    if (status == 0 && is_accepted) {
        status = copy_agreement(accepting->out, item, row, err);
    }
    pw_strbuf_release(&text);
    return status;
}

/* A shard's suspicion, which the evidence of the whole suite may turn into a regression where no
 * agreement can be looked up any more. */
static bool is_suspicion(const struct accepting *accepting, const struct pw_comparison_row *row)
{
    return accepting->options->shard != NULL && row->metric != NULL &&
           row->verdict == PW_VERDICT_INCONCLUSIVE && row->method != NULL &&
           strcmp(row->method, "paired") == 0 && row->e_value >= 1.0 / accepting->out->alpha;
}

/* Leave with a row the agreement that would hold for it. */
static int note(struct accepting *accepting, struct pw_comparison_row *row,
                const struct pw_acceptance *item, struct pw_error *err)
{
    struct pw_strbuf unused = PW_STRBUF_INIT;
    bool is_accepted = false;

    put_outcome(accepting, row, item, &unused, &is_accepted);
    pw_strbuf_release(&unused);
    return is_accepted ? copy_agreement(accepting->out, item, row, err) : 0;
}

/* Whether an agreement is about a configured benchmark that has no row here: it was filtered out,
 * or could not be measured. */
static bool is_about_another(const struct accepting *accepting, const struct pw_acceptance *item)
{
    const struct pw_config *config = accepting->options->config;

    if (item->metric == NULL) { /* in the file it stays when it is no news any more */
        return accepting->options->filter_count > 0 || item->line > 0;
    }
    for (size_t i = 0; config != NULL && i < config->benchmark_count; i++) {
        const struct pw_benchmark *benchmark = &config->benchmarks[i];
        if (!pw_acceptance_means(item, benchmark, benchmark->id, benchmark->id) &&
            !pw_glob_match(item->benchmark, benchmark->name)) {
            continue;
        }
        for (size_t k = 0; k < benchmark->threshold_count; k++) {
            if (pw_glob_match(item->metric, benchmark->thresholds[k].metric)) {
                return true;
            }
        }
    }
    return false;
}

static int warn_about(struct accepting *accepting, const struct pw_acceptance *item,
                      const char *fault, struct pw_error *err)
{
    const bool is_removal = item->metric == NULL;

    return pw_comparison_warnf(accepting->out, err, "'%s %s%s%s' in %s accepts nothing: %s",
                               item->benchmark, is_removal ? "removed" : item->metric,
                               is_removal ? "" : " ", is_removal ? "" : item->up_to.text,
                               item->where, fault);
}

static int warn_about_all(struct accepting *accepting, struct pw_error *err)
{
    const struct pw_acceptances *list = accepting->list;
    int status = 0;

    for (size_t i = 0; i < list->warning_count && status == 0; i++) {
        status = pw_comparison_warn(accepting->out, list->warnings[i], err);
    }
    for (size_t i = 0; i < list->count && status == 0; i++) {
        const struct pw_acceptance *item = &list->items[i];
        const struct fate *fate = &accepting->fates[i];
        if (fate->is_matched && !fate->is_fit) {
            status = warn_about(accepting, item, fate->misfit, err);
        } else if (!fate->is_matched && !is_about_another(accepting, item)) {
            status = warn_about(accepting, item,
                                item->metric == NULL ? "no benchmark of this id is missing"
                                                     : "no comparison is meant by it",
                                err);
        }
    }
    return status;
}

int pw_gate_accept(const struct pw_gate_options *options, struct pw_comparison *out,
                   struct pw_error *err)
{
    struct accepting accepting = {options, options->acceptances, NULL, out};
    int status = 0;

    if (options->acceptances == NULL) {
        return 0;
    }
    accepting.fates = calloc(options->acceptances->count + 1, sizeof *accepting.fates);
    if (accepting.fates == NULL) {
        return pw_error_set_no_memory(err);
    }
    for (size_t i = 0; i < out->row_count && status == 0; i++) {
        struct pw_comparison_row *row = &out->rows[i];
        struct pw_acceptance *item = find(&accepting, row);
        const bool is_open = row->verdict == PW_VERDICT_REGRESSION ||
                             (row->verdict == PW_VERDICT_MISSING && row->metric == NULL);
        if (item != NULL && is_open) {
            status = apply(&accepting, row, item, err);
        } else if (item != NULL && is_suspicion(&accepting, row)) {
            status = note(&accepting, row, item, err);
        }
    }
    if (status == 0 && !options->is_part) {
        status = warn_about_all(&accepting, err);
    }
    free(accepting.fates);
    return status;
}
