/*
 * auto: a stored verdict first, pairs where it was not clear enough, one comparison in the end.
 *
 * Owns which stored verdicts are not final, and how the reasons tell what was suspected from what
 * the pairs found.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "comparison.h"
#include "policy.h"
#include "reason.h"

/** Verdicts that pairs can better. */
#define UNCLEAR                                                                                    \
    (PW_VERDICT_BIT(PW_VERDICT_REGRESSION) | PW_VERDICT_BIT(PW_VERDICT_NO_BASELINE) |              \
     PW_VERDICT_BIT(PW_VERDICT_INCONCLUSIVE))

static const char *declared_of(const struct pw_comparison_row *row)
{
    return row->declared != NULL ? row->declared : row->benchmark;
}

bool pw_gate_needs_pairs(const struct pw_comparison *stored, const struct pw_result *head,
                         const char *declared)
{
    const struct pw_result_benchmark *process =
        head != NULL ? pw_result_find(head, declared) : NULL;

    if (process != NULL && process->status != PW_MEASURED_OK) {
        return false;
    }
    for (size_t i = 0; i < stored->row_count; i++) {
        const struct pw_comparison_row *row = &stored->rows[i];
        if ((PW_VERDICT_BIT(row->verdict) & UNCLEAR) != 0 &&
            strcmp(declared_of(row), declared) == 0) {
            return true;
        }
    }
    return false;
}

/** The two comparisons and what is made of them. */
struct combine {
    const struct pw_comparison *stored;
    const struct pw_comparison *paired;
    const struct pw_comparison_row **by_declared; /**< paired's rows, sorted, in order within */
    bool *is_taken;                               /**< paired's rows that stand in the new one */
    struct pw_comparison out;
};

static int compare_rows(const void *left, const void *right)
{
    const struct pw_comparison_row *const *a = left;
    const struct pw_comparison_row *const *b = right;
    const int order = strcmp(declared_of(*a), declared_of(*b));

    return order != 0 ? order : (*a > *b) - (*a < *b);
}

/* The first of paired's rows about a configured benchmark; paired's row count when there is none.
 */
static size_t find_first(const struct combine *combine, const char *declared)
{
    const size_t count = combine->paired->row_count;
    size_t low = 0;
    size_t high = count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (strcmp(declared_of(combine->by_declared[middle]), declared) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && strcmp(declared_of(combine->by_declared[low]), declared) == 0 ? low
                                                                                        : count;
}

/* What the stored comparison had said: of the same metric, else the most serious of the benchmark.
 */
static const struct pw_comparison_row *find_stored(const struct combine *combine,
                                                   const struct pw_comparison_row *row)
{
    const struct pw_comparison_row *best = NULL;

    for (size_t i = 0; i < combine->stored->row_count; i++) {
        const struct pw_comparison_row *other = &combine->stored->rows[i];
        if (strcmp(declared_of(other), declared_of(row)) != 0) {
            continue;
        }
        if (row->metric != NULL && other->metric != NULL &&
            strcmp(row->metric, other->metric) == 0 &&
            strcmp(row->benchmark, other->benchmark) == 0) {
            return other;
        }
        if (row->metric == NULL && (best == NULL || other->verdict > best->verdict)) {
            best = other;
        }
    }
    return best;
}

/* "confirmed by 14 pairs: " and the like. */
static void put_finding(const struct pw_comparison_row *row, struct pw_strbuf *text)
{
    static const char *const words[PW_VERDICT_COUNT] = {
        [PW_VERDICT_PASS] = "not confirmed",
        [PW_VERDICT_IMPROVEMENT] = "not confirmed",
        [PW_VERDICT_REGRESSION] = "confirmed",
        [PW_VERDICT_ACCEPTED] = "confirmed",
        [PW_VERDICT_INCONCLUSIVE] = "neither confirmed nor ruled out",
    };
    const char *word = words[row->verdict];

    if (word == NULL) {
        return;
    }
    pw_strbuf_puts(text, word);
    if (row->pairs > 0) {
        pw_strbuf_printf(text, " by %zu %s", row->pairs, row->pairs == 1 ? "pair" : "pairs");
    }
    pw_strbuf_puts(text, ": ");
}

/* The reason without the number of pairs where that was said before. */
static void put_reason(const struct pw_comparison_row *row, struct pw_strbuf *text)
{
    struct pw_strbuf number = PW_STRBUF_INIT;
    const char *reason = row->reason != NULL ? row->reason : "";
    const char *found = NULL;

    pw_reason_of_pairs(row->pairs, 0, &number);
    if (text->length > 0 && number.length > 0) {
        found = strstr(reason, pw_strbuf_text(&number));
    }
    if (found == NULL) {
        pw_strbuf_puts(text, reason);
    } else {
        pw_strbuf_append(text, reason, (size_t)(found - reason));
        pw_strbuf_puts(text, found + number.length);
    }
    text->failed = text->failed || pw_strbuf_failed(&number);
    pw_strbuf_release(&number);
}

/* " (stored sessions suspected 6.1 % slower)". */
static void put_suspicion(const struct pw_comparison_row *stored, struct pw_strbuf *text)
{
    const char *reason = stored->reason != NULL ? stored->reason : "a regression";

    if (stored->verdict == PW_VERDICT_REGRESSION) {
        pw_strbuf_puts(text, " (stored sessions suspected ");
        pw_strbuf_append(text, reason, strcspn(reason, ",:;"));
        pw_strbuf_putc(text, ')');
    } else if (stored->verdict == PW_VERDICT_INCONCLUSIVE) {
        pw_strbuf_puts(text, " (stored sessions could not decide)");
    } else if (stored->verdict == PW_VERDICT_NO_BASELINE) {
        pw_strbuf_puts(text, " (no stored baseline compares)");
    }
}

/* Pairs have no history: that of the stored row is of the same metric, if in the same unit. */
static void lend_history(const struct pw_comparison_row *stored, struct pw_comparison_row *row)
{
    if (stored != NULL && row->metric != NULL && row->history_count == 0 && row->unit != NULL &&
        stored->unit != NULL && strcmp(row->unit, stored->unit) == 0) {
        row->history = stored->history;
        row->history_count = stored->history_count;
    }
}

static int add_paired(struct combine *combine, const struct pw_comparison_row *row,
                      struct pw_error *err)
{
    struct pw_comparison_row lent = *row;
    const struct pw_comparison_row *stored = find_stored(combine, row);
    const bool was_suspected = stored != NULL && stored->verdict == PW_VERDICT_REGRESSION;
    struct pw_strbuf text = PW_STRBUF_INIT;
    int status;

    combine->is_taken[row - combine->paired->rows] = true;
    if (was_suspected) {
        put_finding(row, &text);
    }
    put_reason(row, &text);
    if (stored != NULL && row->verdict != PW_VERDICT_NO_BASELINE) {
        put_suspicion(stored, &text);
    }
    status = pw_strbuf_check(&text, err);
    if (status == 0) {
        lend_history(stored, &lent);
        status = pw_comparison_copy_row(&combine->out, &lent, err);
    }
    if (status == 0) {
        struct pw_comparison_row *made = &combine->out.rows[combine->out.row_count - 1];
        status = pw_comparison_copy(&combine->out, pw_strbuf_text(&text), &made->reason, err);
    }
    pw_strbuf_release(&text);
    return status;
}

/* A stored row, or in place of the first of its benchmark all that the pairs say of that. */
static int add_row(struct combine *combine, const struct pw_comparison_row *row,
                   struct pw_error *err)
{
    const size_t count = combine->paired->row_count;
    size_t place = find_first(combine, declared_of(row));
    int status = 0;

    if (place == count) {
        return pw_comparison_copy_row(&combine->out, row, err);
    }
    if (combine->is_taken[combine->by_declared[place] - combine->paired->rows]) {
        return 0;
    }
    while (place < count && status == 0 &&
           strcmp(declared_of(combine->by_declared[place]), declared_of(row)) == 0) {
        status = add_paired(combine, combine->by_declared[place++], err);
    }
    return status;
}

static int fill_rows(struct combine *combine, struct pw_error *err)
{
    const struct pw_comparison *paired = combine->paired;
    int status = 0;

    for (size_t i = 0; i < paired->row_count; i++) {
        combine->by_declared[i] = &paired->rows[i];
    }
    qsort(combine->by_declared, paired->row_count, sizeof(struct pw_comparison_row *),
          compare_rows);
    for (size_t i = 0; i < combine->stored->row_count && status == 0; i++) {
        status = add_row(combine, &combine->stored->rows[i], err);
    }
    for (size_t i = 0; i < paired->row_count && status == 0; i++) {
        if (!combine->is_taken[i]) {
            status = add_paired(combine, &paired->rows[i], err);
        }
    }
    return status;
}

/* What was remarked on verdicts is not said again: there are new ones. */
static int copy_warnings(const struct pw_comparison *from, struct pw_comparison *out,
                         struct pw_error *err)
{
    int status = 0;

    for (size_t i = 0; i < from->warning_count && status == 0; i++) {
        const bool is_remark =
            i >= from->remark_start && i < from->remark_start + from->remark_count;
        if (!is_remark) {
            status = pw_comparison_warn(out, from->warnings[i], err);
        }
    }
    return status;
}

/* Sessions may be of an ancestor of the base, pairs never are: the report names one commit only. */
static int warn_of_two_bases(const struct combine *combine, struct pw_comparison *out,
                             struct pw_error *err)
{
    const struct pw_side *stored = &combine->stored->base;
    const struct pw_side *paired = &combine->paired->base;
    char text[160];

    if (stored->sessions == 0 || stored->commit == NULL || paired->commit == NULL ||
        strcmp(stored->commit, paired->commit) == 0) {
        return 0;
    }
    (void)snprintf(text, sizeof text,
                   "pairs compare with %.12s, the base; stored sessions are of %.12s, its nearest "
                   "ancestor that has any",
                   paired->commit, stored->commit);
    return pw_comparison_warn(out, text, err);
}

static int describe(struct combine *combine, struct pw_error *err)
{
    const struct pw_comparison *stored = combine->stored;
    const struct pw_comparison *paired = combine->paired;
    struct pw_comparison *out = &combine->out;
    const bool has_base = stored->base.sessions > 0;
    int status;

    out->mode = "auto";
    out->alpha = stored->alpha;
    out->beta = stored->beta;
    out->fdr = stored->fdr;
    out->session_noise = stored->session_noise;
    out->fail_on = stored->fail_on;
    out->shard = stored->shard;
    out->on_no_baseline = stored->on_no_baseline;
    out->on_inconclusive = stored->on_inconclusive;
    status = pw_comparison_copy(out, stored->tool_version, &out->tool_version, err);
    if (status == 0) {
        status = pw_comparison_copy(out, stored->config, &out->config, err);
    }
    if (status == 0) {
        status =
            pw_comparison_copy_side(out, has_base ? &stored->base : &paired->base, &out->base, err);
    }
    if (status == 0) {
        status = pw_comparison_copy_side(out, &stored->head, &out->head, err);
    }
    if (status == 0) {
        status = copy_warnings(stored, out, err);
    }
    if (status == 0) {
        status = warn_of_two_bases(combine, out, err);
    }
    return status == 0 ? copy_warnings(paired, out, err) : status;
}

int pw_gate_combine(const struct pw_comparison *stored, const struct pw_comparison *paired,
                    struct pw_comparison *out, struct pw_error *err)
{
    struct combine combine = {.stored = stored, .paired = paired};
    int status = 0;

    pw_comparison_init(&combine.out);
    combine.by_declared = calloc(paired->row_count + 1, sizeof(struct pw_comparison_row *));
    combine.is_taken = calloc(paired->row_count + 1, sizeof *combine.is_taken);
    if (combine.by_declared == NULL || combine.is_taken == NULL) {
        status = pw_error_set_no_memory(err);
    }
    if (status == 0) {
        status = describe(&combine, err);
    }
    if (status == 0) {
        status = fill_rows(&combine, err);
    }
    if (status == 0) {
        status = pw_gate_finish(&combine.out, err);
    }
    if (status == 0) {
        *out = combine.out;
        pw_comparison_init(&combine.out);
    }
    free(combine.by_declared);
    free(combine.is_taken);
    pw_comparison_release(&combine.out);
    return status;
}
