/*
 * A comparison as JUnit: a test case for each row, in the comparison's order. The file agrees with
 * the exit code: what makes the gate fail is a failure or an error and nothing else is; a
 * regression or an undecided row that the policy lets through is skipped, with its message.
 */
#include <math.h>
#include <string.h>

#include "commands.h"
#include "formats.h"
#include "junit_suite.h"
#include "perfwarden/gate/acceptance.h"
#include "rows.h"
#include "summary.h"

static enum pw_junit_outcome outcome_of(const struct pw_comparison *comparison,
                                        const struct pw_comparison_row *row)
{
    if (row->verdict == PW_VERDICT_ACCEPTED && !pw_comparison_fails_on(comparison, row->verdict)) {
        return PW_JUNIT_PASSED;
    }
    switch (pw_report_group_of(comparison, row)) {
    case PW_REPORT_FAILING:
        return row->verdict >= PW_VERDICT_MISSING ? PW_JUNIT_ERROR : PW_JUNIT_FAILURE;
    case PW_REPORT_ATTENTION:
        return PW_JUNIT_SKIPPED;
    default:
        return row->verdict == PW_VERDICT_SKIPPED ? PW_JUNIT_SKIPPED : PW_JUNIT_PASSED;
    }
}

/* The facts of a row, each behind its word. GitLab shows the body only, others the message only. */
static void put_facts(const struct pw_comparison_row *row, const char *separator,
                      struct pw_strbuf *out)
{
    static const struct {
        const char *word;
        enum pw_report_column column;
    } facts[] = {{"old", PW_REPORT_BASE},
                 {"new", PW_REPORT_HEAD},
                 {"change", PW_REPORT_CHANGE},
                 {"interval", PW_REPORT_INTERVAL},
                 {"limit", PW_REPORT_LIMIT}};
    for (size_t i = 0; i < PW_COUNT(facts); i++) {
        pw_strbuf_printf(out, "%s%s ", i == 0 ? "" : separator, facts[i].word);
        pw_report_cell(row, facts[i].column, out);
    }
}

static void put_message(const struct pw_comparison_row *row, struct pw_strbuf *out)
{
    pw_strbuf_puts(out, pw_verdict_name(row->verdict));
    if (row->metric != NULL) {
        pw_strbuf_putc(out, ':');
        pw_report_subject(row, out);
        pw_strbuf_puts(out, ": ");
        put_facts(row, ", ", out);
    }
    if (row->reason != NULL) {
        pw_strbuf_printf(out, ": %s", row->reason);
    }
}

static void put_body(const struct pw_comparison *comparison, const struct pw_comparison_row *row,
                     struct pw_strbuf *out)
{
    struct pw_strbuf trailer = PW_STRBUF_INIT;
    pw_strbuf_puts(out, "benchmark ");
    pw_report_cell(row, PW_REPORT_BENCHMARK, out);
    if (row->since != NULL) {
        pw_strbuf_printf(out, "\nsince %s", row->since);
    }
    if (row->metric != NULL) {
        pw_strbuf_printf(out, "\nmetric %s\n", row->metric);
        put_facts(row, "\n", out);
        pw_strbuf_putc(out, '\n');
        pw_report_evidence(row, out);
    }
    pw_strbuf_printf(out, "\nverdict %s", pw_verdict_name(row->verdict));
    if (row->reason != NULL) {
        pw_strbuf_printf(out, "\nreason %s", row->reason);
    }
    if (pw_report_obeys_trailers(comparison)) {
        pw_acceptance_advise(row, &trailer);
    }
    if (trailer.length > 0) {
        pw_strbuf_printf(out, "\nto accept, in a commit message: %s", pw_strbuf_text(&trailer));
    }
    out->failed = out->failed || pw_strbuf_failed(&trailer);
    pw_strbuf_release(&trailer);
    pw_strbuf_putc(out, '\n');
}

/** Buffers for the texts of one test case, used again for the next. */
struct texts {
    struct pw_strbuf classname;
    struct pw_strbuf name;
    struct pw_strbuf message;
    struct pw_strbuf body;
};

static void clear_texts(struct texts *texts)
{
    pw_strbuf_clear(&texts->classname);
    pw_strbuf_clear(&texts->name);
    pw_strbuf_clear(&texts->message);
    pw_strbuf_clear(&texts->body);
}

static bool have_failed(const struct texts *texts)
{
    return pw_strbuf_failed(&texts->classname) || pw_strbuf_failed(&texts->name) ||
           pw_strbuf_failed(&texts->message) || pw_strbuf_failed(&texts->body);
}

static void release_texts(struct texts *texts)
{
    pw_strbuf_release(&texts->classname);
    pw_strbuf_release(&texts->name);
    pw_strbuf_release(&texts->message);
    pw_strbuf_release(&texts->body);
}

/* The time of a test is head's wall time, where the row is about that. */
static double time_of(const struct pw_comparison_row *row)
{
    bool is_time = row->metric != NULL && strcmp(row->metric, "wall_time") == 0 &&
                   row->unit != NULL && strcmp(row->unit, "ns") == 0;
    return is_time ? row->head : NAN;
}

static void add_row(struct pw_junit_suite *suite, const struct pw_comparison *comparison,
                    const struct pw_comparison_row *row, struct texts *texts)
{
    enum pw_junit_outcome outcome = outcome_of(comparison, row);
    bool is_passed = outcome == PW_JUNIT_PASSED;
    clear_texts(texts);
    pw_strbuf_puts(&texts->classname, "perfwarden.");
    pw_report_cell(row, PW_REPORT_BENCHMARK, &texts->classname);
    pw_report_cell(row, PW_REPORT_BENCHMARK, &texts->name);
    pw_report_subject(row, &texts->name);
    put_message(row, &texts->message);
    put_body(comparison, row, &texts->body);
    suite->failed = suite->failed || have_failed(texts);
    pw_junit_add_case(suite, &(struct pw_junit_case){
                                 .classname = pw_strbuf_text(&texts->classname),
                                 .name = pw_strbuf_text(&texts->name),
                                 .outcome = outcome,
                                 .type = pw_verdict_name(row->verdict),
                                 .message = is_passed ? NULL : pw_strbuf_text(&texts->message),
                                 .body = is_passed ? NULL : pw_strbuf_text(&texts->body),
                                 .time_ms = pw_junit_milliseconds(time_of(row)),
                             });
}

/* When no row explains an exit code that is not 0, one more test case does: a file without any
   failure would be shown in green. */
static void add_exit_code(struct pw_junit_suite *suite, const struct pw_comparison *comparison)
{
    const char *meaning = pw_report_exit_meaning(comparison->exit_code);
    if (comparison->exit_code == PW_EXIT_PASS || suite->outcomes[PW_JUNIT_FAILURE] > 0 ||
        suite->outcomes[PW_JUNIT_ERROR] > 0) {
        return;
    }
    pw_junit_add_case(suite, &(struct pw_junit_case){
                                 .classname = "perfwarden",
                                 .name = "perfwarden exit code",
                                 .outcome = PW_JUNIT_ERROR,
                                 .type = "exit_code",
                                 .message = meaning,
                                 .body = meaning,
                             });
}

static void add_properties(struct pw_junit_suite *suite, const struct pw_comparison *comparison)
{
    struct pw_strbuf exit_code = PW_STRBUF_INIT;
    pw_junit_add_property(suite, "perfwarden.version", comparison->tool_version);
    pw_junit_add_property(suite, "perfwarden.mode", comparison->mode);
    pw_junit_add_property(suite, "perfwarden.config", comparison->config);
    pw_junit_add_property(suite, "perfwarden.verdict", pw_verdict_name(comparison->verdict));
    pw_strbuf_printf(&exit_code, "%d", comparison->exit_code);
    suite->failed = suite->failed || pw_strbuf_failed(&exit_code);
    pw_junit_add_property(suite, "perfwarden.exit_code", pw_strbuf_text(&exit_code));
    pw_strbuf_release(&exit_code);
    pw_junit_add_property(suite, "base.commit", comparison->base.commit);
    pw_junit_add_property(suite, "base.source", comparison->base.source);
    pw_junit_add_property(suite, "base.environment", comparison->base.environment_id);
    if (comparison->anchor.label != NULL) {
        pw_junit_add_property(suite, "anchor.label", comparison->anchor.label);
        pw_junit_add_property(suite, "anchor.commit", comparison->anchor.side.commit);
    }
    pw_junit_add_property(suite, "head.commit", comparison->head.commit);
    pw_junit_add_property(suite, "head.branch", comparison->head.branch);
    pw_junit_add_property(suite, "head.source", comparison->head.source);
    pw_junit_add_property(suite, "head.environment", comparison->head.environment_id);
    pw_junit_add_property(suite, "head.run_id", comparison->head.run_id);
}

/* A test case that passed has no place for it: who agreed to what, and why. */
static void put_accepted(const struct pw_comparison *comparison, struct pw_strbuf *out)
{
    for (size_t i = 0; i < comparison->row_count; i++) {
        const struct pw_comparison_row *row = &comparison->rows[i];
        if (row->verdict == PW_VERDICT_ACCEPTED) {
            pw_strbuf_printf(out, "accepted: %s%s%s: %s\n", row->benchmark,
                             row->metric != NULL ? " " : "", row->metric != NULL ? row->metric : "",
                             row->reason != NULL ? row->reason : "");
        }
    }
}

static void add_output(struct pw_junit_suite *suite, const struct pw_comparison *comparison)
{
    struct pw_strbuf out = PW_STRBUF_INIT;
    struct pw_strbuf err = PW_STRBUF_INIT;
    struct pw_strbuf mode = PW_STRBUF_INIT;
    pw_report_headline(comparison, &out);
    pw_strbuf_puts(&out, "\nbase chosen: ");
    pw_report_base_choice(comparison, &out);
    pw_report_mode(comparison, &mode);
    if (mode.length > 0) {
        pw_strbuf_printf(&out, "\ncompared: %s", pw_strbuf_text(&mode));
    }
    pw_strbuf_putc(&out, '\n');
    put_accepted(comparison, &out);
    for (size_t i = 0; i < comparison->warning_count; i++) {
        pw_strbuf_printf(&err, "warning: %s\n", comparison->warnings[i]);
    }
    suite->failed = suite->failed || pw_strbuf_failed(&out) || pw_strbuf_failed(&err) ||
                    pw_strbuf_failed(&mode);
    pw_junit_set_output(suite, pw_strbuf_text(&out), pw_strbuf_text(&err));
    pw_strbuf_release(&out);
    pw_strbuf_release(&err);
    pw_strbuf_release(&mode);
}

int pw_report_junit_comparison(const struct pw_comparison *comparison,
                               const struct pw_report_options *options, struct pw_strbuf *out,
                               struct pw_error *err)
{
    struct pw_junit_suite suite;
    struct texts texts = {PW_STRBUF_INIT, PW_STRBUF_INIT, PW_STRBUF_INIT, PW_STRBUF_INIT};
    size_t start = out->length;
    (void)options;
    pw_junit_init(&suite, comparison->head.started_at, comparison->head.hostname);
    add_properties(&suite, comparison);
    for (size_t i = 0; i < comparison->row_count; i++) {
        add_row(&suite, comparison, &comparison->rows[i], &texts);
    }
    add_exit_code(&suite, comparison);
    add_output(&suite, comparison);
    int status = pw_junit_write(&suite, out, err);
    if (status < 0) {
        pw_strbuf_truncate(out, start);
    }
    release_texts(&texts);
    pw_junit_release(&suite);
    return status;
}
