/*
 * What asv run prints: "[ 35.00%] ··· module.Class.time_x   11.1±0.01μs". The name says what is
 * measured (see asv.c). Where the output announces several environments, their names stand behind
 * those of the benchmarks, in brackets: they are no repetitions of each other. What stands behind ±
 * is "…/error". Complete once 100 % is reached and its line has ended.
 *
 * Tables, which asv prints for benchmarks with parameters, and several commits are refused: the
 * files of results (format asv) have the first without rounding, and one commit each.
 */
#include <stdlib.h>
#include <string.h>

#include "asv.h"
#include "json_members.h"

#define FORMAT "asv-console"

/** An output while it is read. */
struct run {
    struct pw_adapter_output *output;
    unsigned line;
    double percent;
    bool is_announced;
    bool has_environments; /**< several of them */
    struct pw_strbuf environment;
    struct pw_strbuf name;
};

static const char *skip_text(const char *at, const char *text)
{
    const size_t length = strlen(text);
    return strncmp(at, text, length) == 0 ? at + length : NULL;
}

/* "Running 10 total benchmarks (1 commits * 2 environments * 5 benchmarks)" */
static bool read_announcement(const char *line, double *commits, double *environments)
{
    const char *at = strstr(line, " total benchmarks (");
    if (at == NULL) {
        return false;
    }
    at = strchr(at, '(') + 1;
    if (!pw_adapter_read_number(&at, commits) || (at = skip_text(at, " commits * ")) == NULL) {
        return false;
    }
    return pw_adapter_read_number(&at, environments) && skip_text(at, " environments * ") != NULL;
}

/* "[ 35.00%] ··· text". @return the text; NULL for any other line @param[out] depth how many dots
 */
static const char *read_progress(const char *line, double *percent, unsigned *depth)
{
    static const char dot[] = "\xC2\xB7";
    if (*line != '[') {
        return NULL;
    }
    const char *at = pw_adapter_skip_blanks(line + 1);
    if (!pw_adapter_read_number(&at, percent) || (at = skip_text(at, "%]")) == NULL) {
        return NULL;
    }
    at = pw_adapter_skip_blanks(at);
    for (*depth = 0; *at == '-' || skip_text(at, dot) != NULL; (*depth)++) {
        at += *at == '-' ? 1 : strlen(dot);
    }
    return *depth == 0 ? NULL : pw_adapter_skip_blanks(at);
}

static int fail_result(const struct run *run, const char *name, const char *text,
                       struct pw_error *err)
{
    return pw_adapter_fail(err, FORMAT, run->line, "expected a result of '%s', not '%s'", name,
                           text);
}

/** A number as asv prints it. */
struct printed {
    double value;
    double error;
    bool has_error;
    const char *unit;
};

static bool read_printed(const char *text, const struct pw_asv_kind *kind, struct printed *out)
{
    static const struct {
        const char *suffix;
        const char *unit;
    } sizes[] = {{"", "B"}, {"k", "kB"}, {"M", "MB"}, {"G", "GB"}, {"T", "TB"}};
    const char *at = text;
    out->has_error = false;
    if (!pw_adapter_read_number(&at, &out->value)) {
        return false;
    }
    if (skip_text(at, "\xC2\xB1") != NULL) {
        at += 2;
        out->has_error = true;
        if (!pw_adapter_read_number(&at, &out->error)) {
            return false;
        }
    }
    at = pw_adapter_skip_blanks(at);
    if (strcmp(kind->unit, "bytes") == 0) {
        size_t i = 0;
        while (i < PW_COUNT(sizes) && strcmp(sizes[i].suffix, at) != 0) {
            i++;
        }
        out->unit = i < PW_COUNT(sizes) ? sizes[i].unit : NULL;
        return out->unit != NULL;
    }
    out->unit = *at == '\0' && strcmp(kind->unit, "s") != 0 ? "count" : at;
    const struct pw_adapter_unit *unit = pw_adapter_find_unit(out->unit, strlen(out->unit));
    return strcmp(kind->unit, "s") != 0 || (unit != NULL && strcmp(unit->base, "ns") == 0);
}

static int add_printed(struct run *run, const char *name, const struct pw_asv_kind *kind,
                       const struct printed *printed, struct pw_error *err)
{
    int status =
        pw_adapter_add_number(run->output, name, kind->metric, printed->unit, printed->value, err);
    if (status == 0 && printed->has_error) {
        status = pw_adapter_add_number(run->output, name, kind->error_metric, printed->unit,
                                       printed->error, err);
    }
    return status;
}

/* "failed", "2/4 failed", "timed out" */
static bool is_failure(const char *text)
{
    const size_t length = strlen(text);
    return strcmp(text, "timed out") == 0 ||
           (length >= 6 && strcmp(text + length - 6, "failed") == 0);
}

/* @param text  name, blanks and the result; the line's own, free to be changed */
static int read_result(struct run *run, char *text, struct pw_error *err)
{
    char *gap = text + strcspn(text, " \t");
    const char *result = pw_adapter_skip_blanks(gap);
    char *end = gap + strlen(gap);
    while (end > gap && (end[-1] == ' ' || end[-1] == '\t')) {
        *--end = '\0';
    }
    *gap = '\0';
    const struct pw_asv_kind *kind = pw_asv_find_kind(text);
    struct printed printed;
    pw_strbuf_clear(&run->name);
    pw_strbuf_puts(&run->name, text);
    if (run->has_environments) {
        pw_strbuf_printf(&run->name, " [%s]", pw_strbuf_text(&run->environment));
    }
    int status = pw_strbuf_check(&run->name, err);
    const char *name = pw_strbuf_text(&run->name);
    if (status < 0 || strcmp(result, "n/a") == 0) {
        return status;
    }
    if (strcmp(result, "ok") == 0) {
        return pw_adapter_fail(err, FORMAT, run->line,
                               "'%s' has parameters, whose table is not read; use the file of "
                               "results with format 'asv'",
                               name);
    }
    if (is_failure(result)) {
        return pw_adapter_add_failure(run->output, name, result, err);
    }
    return read_printed(result, kind, &printed) ? add_printed(run, name, kind, &printed, err)
                                                : fail_result(run, name, result, err);
}

static int read_line(struct run *run, char *line, struct pw_error *err)
{
    double commits = 0;
    double environments = 0;
    unsigned depth = 0;
    if (read_announcement(line, &commits, &environments)) {
        run->is_announced = true;
        run->has_environments = environments > 1;
        return commits > 1
                   ? pw_adapter_fail(err, FORMAT, run->line, "the output is of several commits")
                   : 0;
    }
    const char *text = read_progress(line, &run->percent, &depth);
    if (text == NULL) {
        return 0;
    }
    const char *environment = skip_text(text, "Benchmarking ");
    if (environment != NULL) {
        pw_strbuf_clear(&run->environment);
        pw_strbuf_puts(&run->environment, environment);
        return pw_strbuf_check(&run->environment, err);
    }
    const bool is_note =
        depth != 3 || skip_text(text, "Running ") != NULL || skip_text(text, "Setting up ") != NULL;
    return is_note ? 0 : read_result(run, line + (text - line), err);
}

static bool is_announcement(const char *line)
{
    double commits = 0;
    double environments = 0;
    return read_announcement(line, &commits, &environments);
}

bool pw_adapter_recognise_asv_console(const char *text, size_t length)
{
    return pw_adapter_any_line(text, length, is_announcement);
}

int pw_adapter_parse_asv_console(const char *text, size_t length,
                                 const struct pw_adapter_settings *settings,
                                 struct pw_adapter_output *out, struct pw_error *err)
{
    struct pw_adapter_output output = {.values = NULL};
    struct pw_adapter_lines lines;
    struct run run = {.output = &output};
    int status = 0;
    (void)settings;
    pw_adapter_lines_init(&lines, text, length);
    for (char *line; status == 0 && (line = pw_adapter_next_line(&lines)) != NULL;) {
        run.line = lines.number;
        status = read_line(&run, line, err);
    }
    status = pw_adapter_lines_finish(&lines, status, err);
    if (status == 0 && !run.is_announced) {
        status = pw_adapter_fail(err, FORMAT, 0, "expected 'Running … total benchmarks (…)'");
    } else if (status == 0 && (run.percent < 100 || length == 0 || text[length - 1] != '\n')) {
        status = pw_adapter_fail(err, FORMAT, run.line, "the output ends before 100 %% is done");
    }
    if (status == 0) {
        status = pw_adapter_merge_repeated(&output, err);
    }
    pw_strbuf_release(&run.environment);
    pw_strbuf_release(&run.name);
    return pw_adapter_finish(FORMAT, status, &output, out, err);
}
