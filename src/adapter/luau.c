/*
 * Luau's bench/bench.py: the table of results at its end.
 *
 *   Test    | Min         | Average     | StdDev%    | Driver
 *   --------+-------------+-------------+------------+--------
 *   base64  |   14.831ms  |   15.041ms  |    0.636%  | luau
 *   Total   |   14.831ms  |   15.041ms  |       ---  | luau
 *   ---
 *
 * `time` is the average, as the format has no median; `time/min` the minimum, `time/deviation` the
 * relative deviation. A test under another driver than the first one is "base64 (driver)", so that
 * --compare does not mix two programs. "FAILED" is a failure. The table ends in "---"; without
 * that the output was cut.
 */
#include <string.h>

#include "pass.h"

#define FORMAT       "luau"
#define MOST_COLUMNS 16

enum column { COLUMN_TEST, COLUMN_MIN, COLUMN_AVERAGE, COLUMN_DEVIATION, COLUMN_DRIVER };

static const char *const column_names[] = {"Test", "Min", "Average", "StdDev%", "Driver"};

struct state {
    bool is_table;
    bool is_over;
    size_t position[PW_COUNT(column_names)]; /**< where each column stands */
    size_t columns;
    struct pw_strbuf driver; /**< the first */
    struct pw_strbuf name;
};

/* Split a row at its bars. @return how many cells, MOST_COLUMNS + 1 for too many */
static size_t split(char *line, char *cells[MOST_COLUMNS])
{
    size_t count = 0;
    for (char *at = line; at != NULL;) {
        char *bar = strchr(at, '|');
        if (count == MOST_COLUMNS) {
            return MOST_COLUMNS + 1;
        }
        if (bar != NULL) {
            *bar = '\0';
        }
        cells[count++] = pw_adapter_trim(at);
        at = bar == NULL ? NULL : bar + 1;
    }
    return count;
}

static int begin_table(struct pw_adapter_pass *pass, char *line)
{
    struct state *state = pass->state;
    char *cells[MOST_COLUMNS];
    state->columns = split(line, cells);
    for (size_t i = 0; i < PW_COUNT(column_names); i++) {
        size_t at = 0;
        while (at < state->columns && at < MOST_COLUMNS &&
               strcmp(cells[at], column_names[i]) != 0) {
            at++;
        }
        if (at >= state->columns || at == MOST_COLUMNS) {
            return pw_adapter_fail(pass->err, FORMAT, pass->line, "expected a column '%s'",
                                   column_names[i]);
        }
        state->position[i] = at;
    }
    state->is_table = true;
    return 0;
}

static int put_name(struct pw_adapter_pass *pass, const char *test, const char *driver)
{
    struct state *state = pass->state;
    if (state->driver.length == 0) {
        pw_strbuf_puts(&state->driver, driver);
    }
    pw_strbuf_clear(&state->name);
    pw_strbuf_puts(&state->name, test);
    if (strcmp(pw_strbuf_text(&state->driver), driver) != 0) {
        pw_strbuf_printf(&state->name, " (%s)", driver);
    }
    pw_strbuf_share_failure(&state->name, &state->driver);
    return pw_strbuf_check(&state->name, pass->err);
}

/** The columns that hold numbers. */
static const struct {
    enum column column;
    const char *metric;
} numbers[] = {
    {COLUMN_AVERAGE, "time"},
    {COLUMN_MIN, "time/min"},
    {COLUMN_DEVIATION, "time/deviation"},
};

static int add_row(struct pw_adapter_pass *pass, char *const *cells)
{
    const struct state *state = pass->state;
    int status = 0;
    for (size_t i = 0; status == 0 && i < PW_COUNT(numbers); i++) {
        const enum column column = numbers[i].column;
        const char *at = cells[state->position[column]];
        const struct pw_adapter_unit *unit = NULL;
        double value = 0;
        if (!pw_adapter_read_quantity(&at, &value, &unit) || *at != '\0' ||
            strcmp(unit->base, column == COLUMN_DEVIATION ? "ratio" : "ns") != 0) {
            return pw_adapter_fail(pass->err, FORMAT, pass->line,
                                   "expected a number with its unit as '%s'", column_names[column]);
        }
        status = pw_adapter_pass_add_in(pass, pw_strbuf_text(&state->name), numbers[i].metric, unit,
                                        value);
    }
    return status;
}

static int take_row(struct pw_adapter_pass *pass, char *line)
{
    struct state *state = pass->state;
    char *cells[MOST_COLUMNS];
    if (split(line, cells) != state->columns) {
        return pw_adapter_fail(pass->err, FORMAT, pass->line, "expected %zu columns",
                               state->columns);
    }
    const char *test = cells[state->position[COLUMN_TEST]];
    if (strcmp(test, "Total") == 0) {
        return 0;
    }
    const int status = put_name(pass, test, cells[state->position[COLUMN_DRIVER]]);
    if (status < 0) {
        return status;
    }
    if (strcmp(cells[state->position[COLUMN_AVERAGE]], "FAILED") == 0) {
        return pw_adapter_pass_add_failure(pass, pw_strbuf_text(&state->name), "FAILED");
    }
    return add_row(pass, cells);
}

static bool is_heading(const char *line)
{
    if (!pw_adapter_skip_word(&line, "Test ")) {
        return false;
    }
    line = pw_adapter_skip_blanks(line);
    return pw_adapter_skip_word(&line, "| Min ");
}

static int take(struct pw_adapter_pass *pass, char *line)
{
    struct state *state = pass->state;
    if (!state->is_table) {
        return is_heading(line) ? begin_table(pass, line) : 0;
    }
    if (state->is_over || strncmp(line, "---", 3) == 0) {
        /* the rule below the heading has crosses, the one at the end has none */
        state->is_over = state->is_over || (strchr(line, '+') == NULL && line[3] == '\0');
        return 0;
    }
    return take_row(pass, line);
}

static int end(struct pw_adapter_pass *pass)
{
    const struct state *state = pass->state;
    if (!state->is_over) {
        return pw_adapter_pass_fail(pass, state->is_table
                                              ? "the output ends before the '---' below the table"
                                              : "expected a table 'Test | Min | Average | …'");
    }
    return 0;
}

bool pw_adapter_recognise_luau(const char *text, size_t length)
{
    return pw_adapter_any_line(text, length, is_heading);
}

int pw_adapter_parse_luau(const char *text, size_t length,
                          const struct pw_adapter_settings *settings, struct pw_adapter_output *out,
                          struct pw_error *err)
{
    static const struct pw_adapter_line_format format = {FORMAT, take, end, false};
    struct state state = {.columns = 0};
    (void)settings;
    const int status = pw_adapter_pass_over(&format, &state, text, length, out, err);
    pw_strbuf_release(&state.driver);
    pw_strbuf_release(&state.name);
    return status;
}
