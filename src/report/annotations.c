/*
 * Annotations: what fails as errors, what was let through as warnings, each at its benchmark's line
 * of the configuration; improvements and accepted changes as one notice. The worst nine of a level
 * and how many more there are, for a step shows ten.
 */
#include "annotations.h"

#include <math.h>

#include "formats.h"
#include "perfwarden/util/escape.h"
#include "rows.h"
#include "shorten.h"
#include "summary.h"

/* In columns, of at most four bytes each: no text has more than 4,096 characters. */
#define LONGEST_TEXT 1000
#define LONGEST_NAME 300
/* Rows that a notice names of each kind. */
#define NAMED_ROWS 3

/** One rendering under way. */
struct annotations {
    const struct pw_annotation_syntax *syntax;
    const struct pw_comparison *comparison; /**< NULL for a result */
    struct pw_strbuf *out;
    struct pw_strbuf text; /**< of the next annotation, unescaped */
    size_t totals[PW_ANNOTATION_LEVEL_COUNT];
    size_t told[PW_ANNOTATION_LEVEL_COUNT];
};

/* Tell the text as an annotation. It is shown as on a terminal, for it also stands in the log. */
static void emit(struct annotations *annotations, struct pw_annotation annotation)
{
    struct pw_strbuf shown = PW_STRBUF_INIT;
    struct pw_strbuf shortened = PW_STRBUF_INIT;
    pw_escape_terminal(&shown, pw_strbuf_text(&annotations->text));
    pw_report_shorten(pw_strbuf_text(&shown), LONGEST_TEXT, &shortened);
    annotation.text = pw_strbuf_text(&shortened);
    annotations->syntax->put(annotations->out, &annotation);
    pw_strbuf_share_failure(annotations->out, &annotations->text);
    pw_strbuf_share_failure(annotations->out, &shown);
    pw_strbuf_share_failure(annotations->out, &shortened);
    pw_strbuf_release(&shown);
    pw_strbuf_release(&shortened);
    pw_strbuf_clear(&annotations->text);
}

/* Tell it unless there are too many: the last place is for how many more there are. */
static void tell(struct annotations *annotations, const struct pw_annotation *annotation)
{
    const enum pw_annotation_level level = annotation->level;
    const size_t total = annotations->totals[level];
    const size_t place = annotations->told[level]++;
    if (total <= PW_ANNOTATIONS_MAX || place < PW_ANNOTATIONS_MAX - 1) {
        emit(annotations, *annotation);
        return;
    }
    pw_strbuf_clear(&annotations->text);
    if (place == PW_ANNOTATIONS_MAX - 1) {
        pw_strbuf_printf(&annotations->text, "and %zu more; the summary has all", total - place);
        emit(annotations, (struct pw_annotation){.level = level, .file = annotation->file});
    }
}

static void put_name(struct annotations *annotations, const struct pw_comparison_row *row)
{
    struct pw_strbuf name = PW_STRBUF_INIT;
    pw_strbuf_puts(&name, row->benchmark != NULL ? row->benchmark : "unknown");
    pw_report_subject(row, &name);
    pw_strbuf_share_failure(&annotations->text, &name);
    pw_report_shorten(pw_strbuf_text(&name), LONGEST_NAME, &annotations->text);
    pw_strbuf_release(&name);
}

/* Accepted is agreed to, and what the policy passes is not to be spoken of. */
static bool is_warning(const struct pw_comparison *comparison, const struct pw_comparison_row *row)
{
    const bool is_unknown = row->verdict == PW_VERDICT_NO_BASELINE;
    const enum pw_policy policy =
        is_unknown ? comparison->on_no_baseline : comparison->on_inconclusive;
    if (pw_report_group_of(comparison, row) != PW_REPORT_ATTENTION ||
        row->verdict == PW_VERDICT_ACCEPTED) {
        return false;
    }
    return (!is_unknown && row->verdict != PW_VERDICT_INCONCLUSIVE) || policy != PW_POLICY_PASS;
}

/* "parse wall_time: 10.0 ms → 12.5 ms: 25.0 % slower, interval …, limit +5 %" */
static bool tell_row(void *data, const struct pw_report_view *view)
{
    struct annotations *annotations = data;
    const struct pw_comparison *comparison = annotations->comparison;
    const struct pw_comparison_row *row = view->row;
    struct pw_strbuf *text = &annotations->text;
    const bool is_failing = view->group == PW_REPORT_FAILING;
    if (!is_failing && !is_warning(comparison, row)) {
        return true;
    }
    put_name(annotations, row);
    if (isfinite(row->base) && isfinite(row->head)) {
        pw_strbuf_printf(text, ": %s \xE2\x86\x92 %s", view->cells[PW_REPORT_BASE],
                         view->cells[PW_REPORT_HEAD]);
    }
    if (row->reason != NULL) {
        pw_strbuf_printf(text, ": %s", row->reason);
    } else if (isfinite(row->ratio)) {
        pw_strbuf_printf(text, ": %s, limit %s", view->cells[PW_REPORT_CHANGE],
                         view->cells[PW_REPORT_LIMIT]);
    }
    const struct pw_annotation annotation = {
        .level = is_failing ? PW_ANNOTATION_ERROR : PW_ANNOTATION_WARNING,
        .title = pw_verdict_name(row->verdict),
        .file = comparison->config,
        .line = row->config_line,
    };
    tell(annotations, &annotation);
    return true;
}

/* "2 better than before: a wall_time (-20.0 %), b wall_time (-7.1 %)" */
static void put_sum(struct annotations *annotations, enum pw_verdict verdict, const char *phrase)
{
    const struct pw_comparison *comparison = annotations->comparison;
    struct pw_strbuf *text = &annotations->text;
    const size_t count = comparison->counts[verdict];
    const char *separator = ": ";
    size_t named = 0;
    if (count == 0) {
        return;
    }
    pw_strbuf_printf(text, "%s%zu %s", text->length > 0 ? "; " : "", count, phrase);
    for (size_t i = 0; i < comparison->row_count && named < NAMED_ROWS; i++) {
        const struct pw_comparison_row *row = &comparison->rows[i];
        if (row->verdict != verdict) {
            continue;
        }
        pw_strbuf_puts(text, separator);
        put_name(annotations, row);
        if (isfinite(row->ratio)) {
            pw_strbuf_puts(text, " (");
            pw_report_cell(row, PW_REPORT_CHANGE, text);
            pw_strbuf_putc(text, ')');
        }
        separator = ", ";
        named++;
    }
    if (count > named) {
        pw_strbuf_printf(text, " and %zu more", count - named);
    }
}

static void tell_notice(struct annotations *annotations)
{
    if (!annotations->syntax->has_notice) {
        return;
    }
    put_sum(annotations, PW_VERDICT_IMPROVEMENT, "better than before");
    put_sum(annotations, PW_VERDICT_ACCEPTED, "worse, and accepted");
    if (annotations->text.length > 0) {
        emit(annotations, (struct pw_annotation){.level = PW_ANNOTATION_NOTICE});
    }
}

/* What no row explains: perfwarden itself failed, or nothing was compared. */
static void tell_failure(struct annotations *annotations)
{
    pw_report_headline(annotations->comparison, &annotations->text);
    const struct pw_annotation annotation = {.level = PW_ANNOTATION_ERROR,
                                             .file = annotations->comparison->config};
    tell(annotations, &annotation);
}

static int tell_all(struct annotations *annotations, const struct pw_report_rows *rows,
                    struct pw_error *err)
{
    const struct pw_comparison *comparison = annotations->comparison;
    const size_t failing = rows->group_counts[PW_REPORT_FAILING];
    const bool is_unexplained =
        pw_report_is_broken(comparison) || (comparison->exit_code != PW_EXIT_PASS && failing == 0);
    annotations->totals[PW_ANNOTATION_ERROR] = failing + is_unexplained;
    for (size_t i = 0; i < rows->count; i++) {
        annotations->totals[PW_ANNOTATION_WARNING] += is_warning(comparison, rows->entries[i].row);
    }
    if (is_unexplained) {
        tell_failure(annotations);
    }
    const int status = pw_report_rows_visit(
        rows, PW_REPORT_GROUP_BIT(PW_REPORT_FAILING) | PW_REPORT_GROUP_BIT(PW_REPORT_ATTENTION),
        tell_row, annotations, err);
    tell_notice(annotations);
    return status;
}

static int finish(struct annotations *annotations, size_t start, int status, struct pw_error *err)
{
    if (status == 0) {
        status = pw_strbuf_check(annotations->out, err);
    }
    if (status != 0) {
        pw_strbuf_truncate(annotations->out, start);
    }
    pw_strbuf_release(&annotations->text);
    return status;
}

static int render_comparison(const struct pw_annotation_syntax *syntax,
                             const struct pw_comparison *comparison, struct pw_strbuf *out,
                             struct pw_error *err)
{
    struct annotations annotations = {.syntax = syntax, .comparison = comparison, .out = out};
    struct pw_report_rows rows;
    const size_t start = out->length;
    int status = pw_report_rows_init(&rows, comparison, err);
    if (status != 0) {
        return status;
    }
    status = finish(&annotations, start, tell_all(&annotations, &rows, err), err);
    pw_report_rows_release(&rows);
    return status;
}

/* A result knows no configuration, and no verdict: only what could not be measured is told. */
static int render_result(const struct pw_annotation_syntax *syntax, const struct pw_result *result,
                         struct pw_strbuf *out, struct pw_error *err)
{
    struct annotations annotations = {.syntax = syntax, .out = out};
    const size_t start = out->length;
    for (size_t i = 0; i < result->benchmark_count; i++) {
        annotations.totals[PW_ANNOTATION_ERROR] += result->benchmarks[i].status != PW_MEASURED_OK;
    }
    for (size_t i = 0; i < result->benchmark_count; i++) {
        const struct pw_result_benchmark *benchmark = &result->benchmarks[i];
        const struct pw_annotation annotation = {.level = PW_ANNOTATION_ERROR,
                                                 .title = pw_measured_name(benchmark->status)};
        if (benchmark->status != PW_MEASURED_OK) {
            pw_report_shorten(benchmark->id, LONGEST_NAME, &annotations.text);
            pw_strbuf_printf(&annotations.text, ": %s",
                             benchmark->error != NULL ? benchmark->error : "could not be measured");
            tell(&annotations, &annotation);
        }
    }
    return finish(&annotations, start, 0, err);
}

int pw_report_github_comparison(const struct pw_comparison *comparison,
                                const struct pw_report_options *options, struct pw_strbuf *out,
                                struct pw_error *err)
{
    (void)options;
    return render_comparison(&pw_annotations_github, comparison, out, err);
}

int pw_report_github_result(const struct pw_result *result, const struct pw_report_options *options,
                            struct pw_strbuf *out, struct pw_error *err)
{
    (void)options;
    return render_result(&pw_annotations_github, result, out, err);
}

int pw_report_azure_comparison(const struct pw_comparison *comparison,
                               const struct pw_report_options *options, struct pw_strbuf *out,
                               struct pw_error *err)
{
    (void)options;
    return render_comparison(&pw_annotations_azure, comparison, out, err);
}

int pw_report_azure_result(const struct pw_result *result, const struct pw_report_options *options,
                           struct pw_strbuf *out, struct pw_error *err)
{
    (void)options;
    return render_result(&pw_annotations_azure, result, out, err);
}
