/*
 * Dart's benchmark_harness, what its PrintEmitter prints:
 *
 *   Template(RunTime): 0.1568472448997197 us.
 *
 * RunTime, the mean of one run, is `time`; a metric of another name is called so in snake case.
 * There is no end mark: a cut at a line end is not noticed.
 */
#include <string.h>

#include "pass.h"

#define FORMAT "dart"

/** Where the parts of "Name(Metric): value" stand. */
struct row {
    const char *open;  /**< '(' */
    const char *close; /**< ')' */
    const char *value;
};

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Names may hold brackets of their own: the last ones before the colon count. */
static bool find_row(const char *line, struct row *row)
{
    for (const char *at = line; (at = strstr(at, "): ")) != NULL; at++) {
        const char *open = at;
        while (open > line && is_letter_or_digit(open[-1])) {
            open--;
        }
        if (open < at && open > line + 1 && open[-1] == '(') {
            *row = (struct row){open - 1, at, at + 3};
        }
    }
    return row->open != NULL;
}

/* Lines of this shape without this are other programs' as well. */
static bool is_run_time(const struct row *row)
{
    return strncmp(row->open, "(RunTime", strlen("(RunTime")) == 0;
}

/* The value and its unit, with the full stop that ends the line. */
static bool read_value(struct pw_adapter_pass *pass, const char *at, double *value,
                       const struct pw_adapter_unit **unit)
{
    if (!pw_adapter_read_number(&at, value) || *at != ' ') {
        return false;
    }
    at = pw_adapter_skip_blanks(at);
    size_t length = strcspn(at, " \t");
    const bool has_stop = length > 0 && at[length - 1] == '.';
    *unit = pw_adapter_find_unit(at, length - has_stop);
    return *unit != NULL && (has_stop || pass->is_ended) &&
           *pw_adapter_skip_blanks(at + length) == '\0';
}

static int name_metric(struct pw_adapter_pass *pass, const struct row *row,
                       struct pw_strbuf *metric)
{
    const char *from = row->open + 1;
    if ((size_t)(row->close - from) == strlen("RunTime") &&
        strncmp(from, "RunTime", strlen("RunTime")) == 0) {
        pw_strbuf_puts(metric, "time");
        return pw_strbuf_check(metric, pass->err);
    }
    for (const char *at = from; at < row->close; at++) {
        const bool is_upper = *at >= 'A' && *at <= 'Z';
        if (is_upper && at > from && at[-1] >= 'a' && at[-1] <= 'z') {
            pw_strbuf_putc(metric, '_');
        }
        pw_strbuf_putc(metric, pw_adapter_lower(*at));
    }
    return pw_strbuf_check(metric, pass->err);
}

static int take(struct pw_adapter_pass *pass, char *line)
{
    struct row row = {.open = NULL};
    const struct pw_adapter_unit *unit = NULL;
    double value = 0;
    if (!find_row(line, &row)) {
        return 0;
    }
    if (!read_value(pass, row.value, &value, &unit)) {
        return is_run_time(&row)
                   ? pw_adapter_pass_fail(pass, "expected '<name>(<metric>): <number> <unit>.'")
                   : 0;
    }
    pass->has_taken = true;
    struct pw_strbuf metric = PW_STRBUF_INIT;
    int status = name_metric(pass, &row, &metric);
    if (status == 0) {
        line[row.open - line] = '\0';
        status = pw_adapter_pass_add_in(pass, pw_adapter_trim(line), pw_strbuf_text(&metric), unit,
                                        value);
    }
    pw_strbuf_release(&metric);
    return status;
}

static bool is_row(const char *line)
{
    return strstr(line, "(RunTime): ") != NULL;
}

bool pw_adapter_recognise_dart(const char *text, size_t length)
{
    return pw_adapter_any_line(text, length, is_row);
}

int pw_adapter_parse_dart(const char *text, size_t length,
                          const struct pw_adapter_settings *settings, struct pw_adapter_output *out,
                          struct pw_error *err)
{
    static const struct pw_adapter_line_format format = {FORMAT, take, NULL, true};
    (void)settings;
    return pw_adapter_pass_over(&format, NULL, text, length, out, err);
}
