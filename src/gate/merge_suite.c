/*
 * e-BH over the rows of all shards, as one run would have done it.
 *
 * A shard counts what the others compare by their thresholds, so that it keeps no regression which
 * the whole suite would not; where processes yield several benchmarks each, there are more
 * comparisons than anybody knew, and what was kept may fall. What one shard's evidence could not
 * carry alone, that of all may.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "comparison.h"
#include "merge.h"

static const char doubt[] = ": suspected; not kept at a false discovery rate of ";
static const char comparison_word[] = " comparison";
static const char neither[] = "neither confirmed nor ruled out";

static bool has_method(const struct pw_comparison_row *row, const char *method)
{
    return row->method != NULL && strcmp(row->method, method) == 0;
}

/* Noisy comparisons, or what failed before it could be one: too many makes e-BH stricter only. */
static bool is_hypothesis(const struct pw_comparison_row *row)
{
    return row->metric != NULL ? !has_method(row, "exact") : row->verdict == PW_VERDICT_ERROR;
}

static bool is_announced(const struct pw_comparison_row *row)
{
    return row->verdict == PW_VERDICT_REGRESSION || row->verdict == PW_VERDICT_ACCEPTED;
}

/* What the shard took for a regression, whether it was kept or not. */
static bool is_suspect(const struct pw_comparison *out, const struct pw_comparison_row *row)
{
    return has_method(row, "paired") &&
           (is_announced(row) ||
            (row->verdict == PW_VERDICT_INCONCLUSIVE && row->e_value >= 1.0 / out->alpha));
}

static double evidence_of(const struct pw_comparison_row *row)
{
    return row->e_value > 0.0 ? row->e_value : 0.0;
}

/* "…: suspected; not kept at … over 12 comparisons …" loses what is no longer so. */
static int promote(struct pw_comparison *out, struct pw_comparison_row *row, struct pw_error *err)
{
    const char *reason = row->reason != NULL ? row->reason : "";
    const char *start = strstr(reason, doubt);
    const char *end = start != NULL ? strstr(start, comparison_word) : NULL;
    struct pw_strbuf text = PW_STRBUF_INIT;
    int status;

    if (strncmp(reason, neither, sizeof neither - 1) == 0) {
        pw_strbuf_puts(&text, "confirmed");
        reason += sizeof neither - 1;
    }
    if (end == NULL) {
        pw_strbuf_puts(&text, reason);
    } else {
        end += sizeof comparison_word - 1;
        end += *end == 's';
        pw_strbuf_append(&text, reason, (size_t)(start - reason));
        pw_strbuf_puts(&text, ": kept by the evidence of the whole suite");
        pw_strbuf_puts(&text, end);
    }
    status = pw_strbuf_check(&text, err);
    if (status == 0) {
        status = pw_comparison_decide(
            out, row, row->accepted.where != NULL ? PW_VERDICT_ACCEPTED : PW_VERDICT_REGRESSION,
            err, "%s", pw_strbuf_text(&text));
    }
    pw_strbuf_release(&text);
    return status;
}

static int demote(struct pw_comparison *out, struct pw_comparison_row *row, size_t compared,
                  struct pw_error *err)
{
    char percent[PW_DOUBLE_TEXT_SIZE];

    pw_format_double(round(out->fdr * 1e8) / 1e6, percent);
    return pw_comparison_decide(out, row, PW_VERDICT_INCONCLUSIVE, err, "%s%s%s %% over %zu%s%s",
                                row->reason != NULL ? row->reason : "a regression", doubt, percent,
                                compared, comparison_word, compared == 1 ? "" : "s");
}

static int apply(struct pw_comparison *out, const bool *kept, size_t compared, struct pw_error *err)
{
    size_t suspects = 0;
    int status = 0;

    for (size_t i = 0; i < out->row_count && status == 0; i++) {
        struct pw_comparison_row *row = &out->rows[i];
        if (!is_suspect(out, row)) {
            continue;
        }
        if (kept[suspects] && row->verdict == PW_VERDICT_INCONCLUSIVE) {
            status = promote(out, row, err);
        } else if (!kept[suspects] && row->verdict == PW_VERDICT_REGRESSION) {
            status = demote(out, row, compared, err);
        }
        suspects++;
    }
    return status;
}

int pw_merge_judge_suite(struct pw_comparison *out, struct pw_error *err)
{
    double *e_values = calloc(out->row_count + 1, sizeof *e_values);
    bool *kept = calloc(out->row_count + 1, sizeof *kept);
    size_t compared = 0;
    size_t suspects = 0;
    int status = 0;

    if (e_values == NULL || kept == NULL) {
        status = pw_error_set_no_memory(err);
        goto out;
    }
    for (size_t i = 0; i < out->row_count; i++) {
        compared += is_hypothesis(&out->rows[i]);
        if (is_suspect(out, &out->rows[i])) {
            e_values[suspects++] = evidence_of(&out->rows[i]);
        }
    }
    if (suspects > 0 && out->fdr > 0.0 && out->fdr < 1.0) {
        const long found = pw_stats_e_bh(e_values, compared, out->fdr, kept, err);
        status = found < 0 ? (int)found : apply(out, kept, compared, err);
    }
out:
    free(e_values);
    free(kept);
    return status;
}
