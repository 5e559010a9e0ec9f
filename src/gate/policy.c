/*
 * Policies: which verdicts fail the gate, with which exit code, and what is said about the others.
 *
 * An error always fails, and so does a comparison in which nothing was compared: no data is never a
 * pass.
 */
#include "policy.h"

#include <math.h>
#include <string.h>

#include "comparison.h"
#include "quarantine.h"

/** How many rows a warning names. */
#define NAMED_ROWS 3

static const struct pw_gate_config default_gate = {
    .alpha = 0.01,
    .beta = 0.05,
    .fdr = 0.05,
    .session_noise = 0.03,
    .fail_on = PW_VERDICT_BIT(PW_VERDICT_REGRESSION) | PW_VERDICT_BIT(PW_VERDICT_ERROR) |
               PW_VERDICT_BIT(PW_VERDICT_MISSING),
    .on_no_baseline = PW_POLICY_WARN,
    .on_inconclusive = PW_POLICY_WARN,
};

/** The exit code of a verdict that fails the gate. */
static const int exit_codes[PW_VERDICT_COUNT] = {
    [PW_VERDICT_PASS] = PW_EXIT_REGRESSION,       [PW_VERDICT_IMPROVEMENT] = PW_EXIT_REGRESSION,
    [PW_VERDICT_ACCEPTED] = PW_EXIT_REGRESSION,   [PW_VERDICT_SKIPPED] = PW_EXIT_UNMEASURED,
    [PW_VERDICT_NO_BASELINE] = PW_EXIT_UNDECIDED, [PW_VERDICT_INCONCLUSIVE] = PW_EXIT_UNDECIDED,
    [PW_VERDICT_REGRESSION] = PW_EXIT_REGRESSION, [PW_VERDICT_MISSING] = PW_EXIT_UNMEASURED,
    [PW_VERDICT_ERROR] = PW_EXIT_UNMEASURED,
};

/** What a warning says about rows that the policy lets through. */
struct remark {
    enum pw_verdict verdict;
    const char *one;
    const char *many;
    const char *remedy; /**< NULL: remedy_of_doubt() */
};

static const struct remark remarks[] = {
    {PW_VERDICT_INCONCLUSIVE, "comparison is inconclusive", "comparisons are inconclusive", NULL},
    {PW_VERDICT_NO_BASELINE, "comparison has no baseline", "comparisons have no baseline",
     "'perfwarden baseline update' on the base stores one"},
};

/* A list given on the command line says all that fails: what the file would let fail besides, it
 * does not. */
static enum pw_policy at_most_warn(enum pw_policy policy)
{
    return policy == PW_POLICY_FAIL ? PW_POLICY_WARN : policy;
}

struct pw_gate_config pw_gate_config_of(const struct pw_gate_options *options)
{
    struct pw_gate_config gate = options->config != NULL ? options->config->gate : default_gate;

    if (options->fail_on != 0) {
        gate.fail_on = options->fail_on;
        gate.on_no_baseline = at_most_warn(gate.on_no_baseline);
        gate.on_inconclusive = at_most_warn(gate.on_inconclusive);
    }
    gate.fail_on |= PW_VERDICT_BIT(PW_VERDICT_ERROR);
    return gate;
}

void pw_gate_apply_config(const struct pw_gate_config *gate, struct pw_comparison *comparison)
{
    comparison->alpha = gate->alpha;
    comparison->beta = gate->beta;
    comparison->fdr = gate->fdr;
    comparison->session_noise = gate->session_noise;
    comparison->fail_on = gate->fail_on;
    comparison->on_no_baseline = gate->on_no_baseline;
    comparison->on_inconclusive = gate->on_inconclusive;
}

bool pw_gate_refuses_mismatch(const struct pw_gate_options *options)
{
    return options->config != NULL &&
           options->config->baseline.on_environment_mismatch == PW_POLICY_FAIL;
}

static enum pw_policy policy_of(const struct pw_comparison *comparison, enum pw_verdict verdict)
{
    if ((comparison->fail_on & PW_VERDICT_BIT(verdict)) != 0) {
        return PW_POLICY_FAIL;
    }
    if (verdict == PW_VERDICT_NO_BASELINE) {
        return comparison->on_no_baseline;
    }
    if (verdict == PW_VERDICT_INCONCLUSIVE) {
        return comparison->on_inconclusive;
    }
    return PW_POLICY_PASS;
}

bool pw_comparison_fails_on(const struct pw_comparison *comparison, enum pw_verdict verdict)
{
    return verdict == PW_VERDICT_ERROR || policy_of(comparison, verdict) == PW_POLICY_FAIL;
}

bool pw_comparison_row_fails(const struct pw_comparison *comparison,
                             const struct pw_comparison_row *row)
{
    const bool is_drift = row->since != NULL && row->verdict == PW_VERDICT_REGRESSION;

    return pw_comparison_fails_on(comparison, row->verdict) &&
           (!is_drift || comparison->anchor.on_drift == PW_POLICY_FAIL);
}

/* What would decide. Stored sessions are of no use to pairs. */
static const char *remedy_of_doubt(const struct pw_comparison *comparison)
{
    const bool is_paired = comparison->mode != NULL && strcmp(comparison->mode, "paired") == 0;

    return is_paired ? "more pairs ('runs', 'budget') or a quieter machine would decide"
                     : "more runs, more stored sessions or a quieter machine would decide";
}

static const char *remedy_of(const struct pw_comparison *comparison, const struct remark *remark)
{
    bool is_drift_only = true;

    for (size_t i = 0; i < comparison->row_count; i++) {
        const struct pw_comparison_row *row = &comparison->rows[i];
        is_drift_only = is_drift_only && (row->verdict != remark->verdict || row->since != NULL);
    }
    if (remark->remedy == NULL) {
        return remedy_of_doubt(comparison);
    }
    /* Nobody goes back to a release to measure it. */
    return is_drift_only ? "no drift can be told there, for the reasons given" : remark->remedy;
}

/* "3 comparisons are inconclusive ('a' wall_time, 'b' max_rss, …): remedy". */
static int add_remark(struct pw_comparison *comparison, const struct remark *remark,
                      struct pw_error *err)
{
    const size_t count = comparison->counts[remark->verdict];
    struct pw_strbuf text = PW_STRBUF_INIT;
    size_t named = 0;
    int status;

    pw_strbuf_printf(&text, "%zu %s (", count, count == 1 ? remark->one : remark->many);
    for (size_t i = 0; i < comparison->row_count && named < NAMED_ROWS; i++) {
        const struct pw_comparison_row *row = &comparison->rows[i];
        if (row->verdict != remark->verdict) {
            continue;
        }
        pw_strbuf_printf(&text, "%s'%s'", named > 0 ? ", " : "", row->benchmark);
        if (row->metric != NULL) {
            pw_strbuf_printf(&text, " %s", row->metric);
        }
        if (row->since != NULL) {
            pw_strbuf_printf(&text, " since %s", row->since);
        }
        named++;
    }
    pw_strbuf_printf(&text, "%s): %s", count > named ? ", \xE2\x80\xA6" : "",
                     remedy_of(comparison, remark));
    status = pw_strbuf_check(&text, err);
    if (status == 0) {
        status = pw_comparison_warn(comparison, pw_strbuf_text(&text), err);
    }
    pw_strbuf_release(&text);
    return status;
}

static int add_remarks(struct pw_comparison *comparison, struct pw_error *err)
{
    int status = 0;

    comparison->remark_start = comparison->warning_count;

    for (size_t i = 0; i < PW_COUNT(remarks) && status == 0; i++) {
        if (comparison->counts[remarks[i].verdict] > 0 &&
            policy_of(comparison, remarks[i].verdict) == PW_POLICY_WARN) {
            status = add_remark(comparison, &remarks[i], err);
        }
    }
    if (status == 0) {
        status = pw_quarantine_remark(comparison, err);
    }
    comparison->remark_count = comparison->warning_count - comparison->remark_start;
    return status;
}

/* Verdicts are in the order of their seriousness, but one that was skipped says nothing of the
 * others. */
static int rank_of(enum pw_verdict verdict)
{
    return verdict == PW_VERDICT_SKIPPED ? -1 : (int)verdict;
}

/* Of the verdicts that fail the most serious, else of all. */
static void decide_whole(struct pw_comparison *comparison)
{
    bool has_failing = false;

    comparison->verdict = PW_VERDICT_SKIPPED;
    for (size_t i = 0; i < comparison->row_count; i++) {
        const struct pw_comparison_row *row = &comparison->rows[i];
        const bool is_failing = pw_comparison_row_fails(comparison, row);
        const bool is_worse = rank_of(row->verdict) > rank_of(comparison->verdict);
        if (is_failing) {
            pw_comparison_escalate(comparison, exit_codes[row->verdict]);
        }
        if ((is_failing && !has_failing) || (is_failing == has_failing && is_worse)) {
            comparison->verdict = row->verdict;
        }
        has_failing = has_failing || is_failing;
    }
}

/* Rows come in the configuration's order, so a search goes on where the last one ended. */
void pw_gate_locate_rows(const struct pw_gate_options *options, struct pw_comparison *comparison)
{
    const struct pw_config *config = options->config;
    const size_t count = config != NULL ? config->benchmark_count : 0;
    size_t place = 0;

    for (size_t i = 0; i < comparison->row_count; i++) {
        struct pw_comparison_row *row = &comparison->rows[i];
        const char *id = row->declared != NULL ? row->declared : row->benchmark;
        for (size_t k = 0; k < count; k++) {
            const size_t at = (place + k) % count;
            if (strcmp(config->benchmarks[at].id, id) == 0) {
                row->config_line = config->benchmarks[at].line;
                place = at;
                break;
            }
        }
    }
}

/* Whether the suite as a whole has anything to compare is for those who join the shards to say. */
static int finish_empty_shard(struct pw_comparison *comparison, struct pw_error *err)
{
    int status;

    comparison->verdict = PW_VERDICT_SKIPPED;
    comparison->remark_start = comparison->warning_count;
    status = pw_comparison_warn(comparison,
                                pw_shard_own(comparison->shard) == 0
                                    ? "nothing to run in this shard"
                                    : "nothing in this shard has a threshold",
                                err);
    comparison->remark_count = comparison->warning_count - comparison->remark_start;
    return status;
}

int pw_gate_finish(struct pw_comparison *comparison, struct pw_error *err)
{
    comparison->exit_code = PW_EXIT_PASS;
    memset(comparison->counts, 0, sizeof comparison->counts);
    if (comparison->row_count == 0 && comparison->shard != NULL) {
        return finish_empty_shard(comparison, err);
    }
    if (comparison->row_count == 0) {
        comparison->verdict = PW_VERDICT_ERROR;
        comparison->exit_code = PW_EXIT_UNMEASURED;
        return pw_comparison_warn(comparison,
                                  "nothing was measured that has a threshold, so nothing was "
                                  "compared: set 'thresholds' in perfwarden.yml",
                                  err);
    }
    for (size_t i = 0; i < comparison->row_count; i++) {
        comparison->counts[comparison->rows[i].verdict]++;
    }
    decide_whole(comparison);
    return add_remarks(comparison, err);
}
