/*
 * Instruction counts from Valgrind: iai, and its successors iai-callgrind and gungraun.
 *
 *   bench_fibonacci_short                      rust::group::bench_fibonacci short:10
 *     Instructions:      1735 (+0.06%)           Instructions:   1735|1734   (+0.06%) [+1.0x]
 *     L1 Accesses:       2364 (No change)        L1 Hits:        2359|N/A    (*********)
 *
 * A row of gungraun has the value of this run before the '|' and that of the run before behind it,
 * and ends in brackets; iai's blocks end in "Estimated Cycles". A name is the unindented line
 * before the rows. Names of metrics: events.c; unknown ones in snake case. Hit and miss rates are
 * ratios. Comparisons with an earlier run are left out, "N/A" is no value.
 *
 * gungraun may be cut between two rows, unless it prints its summary ("result:"); iai may be cut
 * between two blocks.
 */
#include <string.h>

#include "events.h"
#include "pass.h"

#define IAI      "iai"
#define GUNGRAUN "gungraun"

struct state {
    struct pw_strbuf name; /**< the last unindented line */
    struct pw_strbuf tool; /**< "MEMCHECK"; "" before any heading */
    unsigned row_line;     /**< of the last row; 0 when none has a block open */
    bool is_gungraun;
    bool has_cycles; /**< the block has come to "Estimated Cycles" */
};

/** One row: where its parts stand. */
struct row {
    const char *label;
    size_t label_length;
    const char *value;
};

/* "  Label:   value": two blanks and no more before the label. */
static bool find_row(const char *line, struct row *row)
{
    if (strncmp(line, "  ", 2) != 0 || line[2] == ' ' || line[2] == '\0') {
        return false;
    }
    const char *colon = strchr(line, ':');
    if (colon == NULL || colon[1] != ' ') {
        return false;
    }
    row->label = line + 2;
    row->label_length = (size_t)(colon - row->label);
    row->value = pw_adapter_skip_blanks(colon + 1);
    return true;
}

static bool is_not_there(const char **at)
{
    return pw_adapter_skip_word(at, "N/A");
}

/* "1735|1734   (+0.06%) [+1.0x]" @param[out] has_value false for "N/A|5" */
static bool read_pair(const char *at, double *value, bool *has_value)
{
    double before = 0;
    *has_value = !is_not_there(&at);
    if ((*has_value && !pw_adapter_read_number(&at, value)) || !pw_adapter_skip_word(&at, "|")) {
        return false;
    }
    if (!is_not_there(&at) && !pw_adapter_read_number(&at, &before)) {
        return false;
    }
    at = pw_adapter_skip_blanks(at);
    return *at == '(' && strchr(at, ')') != NULL;
}

/* "1735", "1735 (No change)", "1735 (+0.06%)" */
static bool read_single(const char *at, bool is_ended, double *value)
{
    if (!pw_adapter_read_number(&at, value)) {
        return false;
    }
    const char *rest = pw_adapter_skip_blanks(at);
    return *rest == '\0' ? is_ended : rest > at && *rest == '(' && strchr(rest, ')') != NULL;
}

static int add_row(struct pw_adapter_pass *pass, const struct row *row, double value)
{
    const struct state *state = pass->state;
    const struct pw_adapter_event *event = pw_adapter_find_event(row->label, row->label_length);
    struct pw_strbuf metric = PW_STRBUF_INIT;
    pw_adapter_put_tool(&metric, pw_strbuf_text(&state->tool));
    if (event != NULL) {
        pw_strbuf_puts(&metric, event->metric);
        value = strcmp(event->unit, "ratio") == 0 ? value / 100 : value;
    } else {
        pw_adapter_put_snake(&metric, row->label, row->label_length);
    }
    int status = pw_strbuf_check(&metric, pass->err);
    if (status == 0) {
        status = pw_adapter_pass_add(pass, pw_strbuf_text(&state->name), pw_strbuf_text(&metric),
                                     event != NULL ? event->unit : "count",
                                     event != NULL ? event->better : PW_BETTER_LOWER, value);
    }
    pw_strbuf_release(&metric);
    return status;
}

/* Rows are those that are known, and of gungraun what has a pair of values. */
static bool is_measured(const struct state *state, const struct row *row)
{
    if (pw_adapter_find_event(row->label, row->label_length) != NULL) {
        return true;
    }
    const char *at = row->value;
    double value = 0;
    return state->is_gungraun && (is_not_there(&at) || pw_adapter_read_number(&at, &value)) &&
           *at == '|';
}

static int take_row(struct pw_adapter_pass *pass, const struct row *row)
{
    struct state *state = pass->state;
    double value = 0;
    bool has_value = true;
    const bool is_read = state->is_gungraun ? read_pair(row->value, &value, &has_value)
                                            : read_single(row->value, pass->is_ended, &value);
    if (!is_read) {
        return pw_adapter_pass_fail(pass, state->is_gungraun
                                              ? "expected '<number>|<number or N/A> (…)'"
                                              : "expected '<number>' or '<number> (…)'");
    }
    if (state->name.length == 0) {
        return pw_adapter_pass_fail(pass, "expected a benchmark's name before its values");
    }
    state->row_line = pass->line;
    state->has_cycles =
        state->has_cycles || strncmp(row->label, "Estimated Cycles", row->label_length) == 0;
    pass->has_taken = true;
    return has_value ? add_row(pass, row, value) : 0;
}

/* "  ======= CALLGRIND ====" */
static int take_heading(struct pw_adapter_pass *pass, const char *line)
{
    struct state *state = pass->state;
    const char *at = line + 2 + strspn(line + 2, "=");
    at = pw_adapter_skip_blanks(at);
    pw_strbuf_clear(&state->tool);
    pw_strbuf_append(&state->tool, at, strcspn(at, " ="));
    return pw_strbuf_check(&state->tool, pass->err);
}

/* A block that was begun and has no end. */
static int end_block(struct pw_adapter_pass *pass)
{
    struct state *state = pass->state;
    if (!state->is_gungraun && state->row_line > 0 && !state->has_cycles) {
        return pw_adapter_fail(pass->err, pass->format, state->row_line,
                               "expected 'Estimated Cycles:' at the end of '%s'",
                               pw_strbuf_text(&state->name));
    }
    state->row_line = 0;
    state->has_cycles = false;
    return 0;
}

static int begin_block(struct pw_adapter_pass *pass, char *line)
{
    struct state *state = pass->state;
    int status = end_block(pass);
    pw_strbuf_clear(&state->tool);
    return status == 0 ? pw_adapter_keep(pass, &state->name, pw_adapter_trim(line)) : status;
}

static int take(struct pw_adapter_pass *pass, char *line)
{
    struct state *state = pass->state;
    struct row row = {.label = NULL};
    if (strncmp(line, "  ===", 5) == 0) {
        return take_heading(pass, line);
    }
    if (*line != ' ' && *line != '\t' && *line != '\0') {
        return begin_block(pass, line);
    }
    return find_row(line, &row) && is_measured(state, &row) ? take_row(pass, &row) : 0;
}

/* A row of the first metric that all of them print. */
static bool is_instructions(const char *line, bool wants_pair)
{
    struct row row = {.label = NULL};
    double value = 0;
    if (!find_row(line, &row) || row.label_length != strlen("Instructions") ||
        strncmp(row.label, "Instructions", row.label_length) != 0) {
        return false;
    }
    return pw_adapter_read_number(&row.value, &value) && (*row.value == '|') == wants_pair;
}

static bool is_iai(const char *line)
{
    return is_instructions(line, false);
}

static bool is_gungraun(const char *line)
{
    struct row row = {.label = NULL};
    double value = 0;
    return is_instructions(line, true) ||
           (find_row(line, &row) && pw_adapter_find_event(row.label, row.label_length) != NULL &&
            pw_adapter_read_number(&row.value, &value) && *row.value == '|');
}

bool pw_adapter_recognise_iai(const char *text, size_t length)
{
    return pw_adapter_any_line(text, length, is_iai);
}

bool pw_adapter_recognise_gungraun(const char *text, size_t length)
{
    return pw_adapter_any_line(text, length, is_gungraun);
}

static int parse(const char *name, bool wants_pairs, const char *text, size_t length,
                 struct pw_adapter_output *out, struct pw_error *err)
{
    const struct pw_adapter_line_format format = {name, take, end_block, true};
    struct state state = {.is_gungraun = wants_pairs};
    const int status = pw_adapter_pass_over(&format, &state, text, length, out, err);
    pw_strbuf_release(&state.name);
    pw_strbuf_release(&state.tool);
    return status;
}

int pw_adapter_parse_iai(const char *text, size_t length,
                         const struct pw_adapter_settings *settings, struct pw_adapter_output *out,
                         struct pw_error *err)
{
    (void)settings;
    return parse(IAI, false, text, length, out, err);
}

int pw_adapter_parse_gungraun(const char *text, size_t length,
                              const struct pw_adapter_settings *settings,
                              struct pw_adapter_output *out, struct pw_error *err)
{
    (void)settings;
    return parse(GUNGRAUN, true, text, length, out, err);
}
