/*
 * The finished comparison as a model: rows, sides, warnings, all in one arena.
 *
 * Owns the memory of a comparison. Decides no verdict and no exit code but by escalation.
 */
#include "comparison.h"
#include "row_values.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

void pw_comparison_init(struct pw_comparison *comparison)
{
    memset(comparison, 0, sizeof *comparison);
    comparison->alpha = comparison->beta = comparison->fdr = NAN;
    comparison->session_noise = NAN;
}

void pw_comparison_release(struct pw_comparison *comparison)
{
    if (comparison == NULL) {
        return;
    }
    pw_arena_release(&comparison->arena);
    pw_json_free(comparison->document);
    pw_comparison_init(comparison);
}

int pw_comparison_copy(struct pw_comparison *comparison, const char *text, const char **out,
                       struct pw_error *err)
{
    const char *copy = NULL;

    if (text != NULL) {
        copy = pw_arena_strdup(&comparison->arena, text);
        if (copy == NULL) {
            return pw_error_set_no_memory(err);
        }
    }
    *out = copy;
    return 0;
}

struct pw_side pw_side_of(const struct pw_result *result)
{
    struct pw_side side = {.commit = result->commit,
                           .branch = result->branch,
                           .environment_id = result->environment.id,
                           .started_at = result->started_at,
                           .run_id = result->run_id,
                           .is_dirty = result->is_dirty,
                           .sessions = 1};

    for (size_t i = 0; i < result->environment.fact_count; i++) {
        const struct pw_environment_fact *fact = &result->environment.facts[i];
        if (strcmp(fact->name, "hostname") == 0) {
            side.hostname = fact->value;
        }
    }
    return side;
}

int pw_comparison_copy_side(struct pw_comparison *comparison, const struct pw_side *from,
                            struct pw_side *out, struct pw_error *err)
{
    struct pw_side copy = *from;
    const char **const texts[] = {&copy.commit,         &copy.branch,     &copy.reason,
                                  &copy.environment_id, &copy.started_at, &copy.run_id,
                                  &copy.source,         &copy.hostname};

    for (size_t i = 0; i < PW_COUNT(texts); i++) {
        const int status = pw_comparison_copy(comparison, *texts[i], texts[i], err);
        if (status != 0) {
            return status;
        }
    }
    *out = copy;
    return 0;
}

struct pw_comparison_row *pw_comparison_add_row(struct pw_comparison *comparison,
                                                const char *benchmark, const char *metric,
                                                struct pw_error *err)
{
    struct pw_comparison_row row;
    struct pw_comparison_row *rows;

    memset(&row, 0, sizeof row);
    row.threshold.increase_ratio = row.threshold.at_least = row.threshold.limit = NAN;
    row.base = row.head = row.ratio = NAN;
    row.interval.low = row.interval.high = NAN;
    row.e_value = row.p_value = row.detectable = row.noise = NAN;
    if (pw_comparison_copy(comparison, benchmark, &row.benchmark, err) != 0 ||
        pw_comparison_copy(comparison, metric, &row.metric, err) != 0) {
        return NULL;
    }
    row.declared = row.benchmark;
    row.threshold.metric = row.metric;
    rows = pw_arena_grow(&comparison->arena, comparison->rows, comparison->row_count,
                         &comparison->row_capacity, sizeof *rows);
    if (rows == NULL) {
        pw_error_set_no_memory(err);
        return NULL;
    }
    comparison->rows = rows;
    rows[comparison->row_count] = row;
    return &rows[comparison->row_count++];
}

int pw_comparison_decide(struct pw_comparison *comparison, struct pw_comparison_row *row,
                         enum pw_verdict verdict, struct pw_error *err, const char *format, ...)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    va_list args;
    int status;

    va_start(args, format);
    pw_strbuf_vprintf(&text, format, args);
    va_end(args);
    status = pw_strbuf_check(&text, err);
    if (status == 0) {
        status = pw_comparison_copy(comparison, pw_strbuf_text(&text), &row->reason, err);
    }
    if (status == 0) {
        row->verdict = verdict;
    }
    pw_strbuf_release(&text);
    return status;
}

int pw_comparison_copy_agreement(struct pw_comparison *comparison, const struct pw_agreement *from,
                                 struct pw_agreement *out, struct pw_error *err)
{
    struct pw_agreement copy = *from;
    const char **const texts[] = {&copy.by, &copy.reason, &copy.bound, &copy.expires, &copy.where};

    for (size_t i = 0; i < PW_COUNT(texts); i++) {
        const int status = pw_comparison_copy(comparison, *texts[i], texts[i], err);
        if (status != 0) {
            return status;
        }
    }
    *out = copy;
    return 0;
}

int pw_comparison_copy_row(struct pw_comparison *comparison, const struct pw_comparison_row *from,
                           struct pw_error *err)
{
    struct pw_comparison_row *row =
        pw_comparison_add_row(comparison, from->benchmark, from->metric, err);
    struct pw_comparison_row copy = *from;
    int status;

    if (row == NULL) {
        return PW_ENOMEM;
    }
    copy.benchmark = row->benchmark;
    copy.metric = copy.threshold.metric = row->metric;
    copy.unknown = NULL;
    status = pw_comparison_copy(comparison, from->declared, &copy.declared, err);
    if (status == 0) {
        status = pw_comparison_copy(comparison, from->unit, &copy.unit, err);
    }
    if (status == 0) {
        status = pw_comparison_copy(comparison, from->reason, &copy.reason, err);
    }
    if (status == 0) {
        status = pw_comparison_copy(comparison, from->method, &copy.method, err);
    }
    if (status == 0) {
        status = pw_comparison_copy(comparison, from->since, &copy.since, err);
    }
    if (status == 0) {
        status = pw_comparison_copy_agreement(comparison, &from->accepted, &copy.accepted, err);
    }
    if (status == 0) {
        status = pw_row_copy_values(comparison, &copy, err);
    }
    if (status == 0) {
        *row = copy;
    }
    return status;
}

int pw_comparison_add_whole(struct pw_comparison *comparison, const char *benchmark,
                            enum pw_verdict verdict, const char *reason, struct pw_error *err)
{
    struct pw_comparison_row *row = pw_comparison_add_row(comparison, benchmark, NULL, err);

    if (row == NULL) {
        return PW_ENOMEM;
    }
    return pw_comparison_decide(comparison, row, verdict, err, "%s", reason);
}

struct pw_comparison_row *pw_comparison_add_entry_row(struct pw_comparison *comparison,
                                                      const struct pw_result_benchmark *entry,
                                                      const char *metric, struct pw_error *err)
{
    struct pw_comparison_row *row = pw_comparison_add_row(comparison, entry->id, metric, err);

    if (row != NULL && strcmp(entry->declared, entry->id) != 0 &&
        pw_comparison_copy(comparison, entry->declared, &row->declared, err) != 0) {
        return NULL;
    }
    return row;
}

int pw_comparison_add_entry(struct pw_comparison *comparison,
                            const struct pw_result_benchmark *entry, enum pw_verdict verdict,
                            const char *reason, struct pw_error *err)
{
    struct pw_comparison_row *row = pw_comparison_add_entry_row(comparison, entry, NULL, err);

    if (row == NULL) {
        return PW_ENOMEM;
    }
    return pw_comparison_decide(comparison, row, verdict, err, "%s", reason);
}

int pw_comparison_warn(struct pw_comparison *comparison, const char *text, struct pw_error *err)
{
    const char *copy = pw_arena_strdup(&comparison->arena, text);
    const char **warnings;

    if (copy == NULL) {
        return pw_error_set_no_memory(err);
    }
    warnings = pw_arena_grow(&comparison->arena, comparison->warnings, comparison->warning_count,
                             &comparison->warning_capacity, sizeof *warnings);
    if (warnings == NULL) {
        return pw_error_set_no_memory(err);
    }
    warnings[comparison->warning_count++] = copy;
    comparison->warnings = warnings;
    return 0;
}

int pw_comparison_warnf(struct pw_comparison *comparison, struct pw_error *err, const char *format,
                        ...)
{
    struct pw_strbuf text = PW_STRBUF_INIT;
    va_list args;
    int status;

    va_start(args, format);
    pw_strbuf_vprintf(&text, format, args);
    va_end(args);
    status = pw_strbuf_check(&text, err);
    if (status == 0) {
        status = pw_comparison_warn(comparison, pw_strbuf_text(&text), err);
    }
    pw_strbuf_release(&text);
    return status;
}

int pw_comparison_add_reason(struct pw_comparison *comparison, struct pw_comparison_row *row,
                             const char *text, struct pw_error *err)
{
    const char *joined =
        pw_arena_printf(&comparison->arena, "%s%s%s", row->reason != NULL ? row->reason : "",
                        row->reason != NULL ? "; " : "", text);

    if (joined == NULL) {
        return pw_error_set_no_memory(err);
    }
    row->reason = joined;
    return 0;
}

int pw_comparison_copy_anchor(struct pw_comparison *comparison, const struct pw_anchor *from,
                              struct pw_anchor *out, struct pw_error *err)
{
    struct pw_anchor copy = *from;
    int status = pw_comparison_copy(comparison, from->label, &copy.label, err);

    if (status == 0) {
        status = pw_comparison_copy_side(comparison, &from->side, &copy.side, err);
    }
    if (status == 0) {
        *out = copy;
    }
    return status;
}

int pw_comparison_explain_mode(struct pw_comparison *comparison, const char *reason,
                               struct pw_error *err)
{
    return pw_comparison_copy(comparison, reason, &comparison->mode_reason, err);
}

void pw_comparison_escalate(struct pw_comparison *comparison, int exit_code)
{
    comparison->exit_code = pw_exit_worst(comparison->exit_code, exit_code);
}
