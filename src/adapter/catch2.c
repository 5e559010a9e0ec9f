/*
 * Catch2's console reporter, of versions 2 and 3; the reporter 'xml' is read by catch2_xml.c.
 *
 *   benchmark name                       samples       iterations    est run time
 *                                        mean          low mean      high mean
 *                                        std dev       low std dev   high std dev
 *   -----------------------------------------------------------------------------
 *   Fibonacci 10                                   100           208     7.1968 ms
 *                                               344 ns        341 ns        349 ns
 *                                                19 ns         11 ns         29 ns
 *
 * A benchmark's name stands behind its test case and sections: "Fibonacci > Fibonacci 10". `time`
 * is the mean, as the format has no median; `time/low` and `time/high` bound it, `time/stddev` is
 * the deviation. With --benchmark-no-analysis the mean is all there is.
 *
 * A failed assertion is a failure of its test case. "test cases:" or "All tests passed" is the end
 * mark.
 */
#include "catch2.h"

#include <string.h>

#include "pass.h"

#define FORMAT PW_CATCH2_FORMAT

/** What the next line of a table may be. */
enum place { OUTSIDE, HEADING, NAME, MEAN, DEVIATION };

struct state {
    enum place place;
    bool is_in_title;     /**< between the rules around a test case's name */
    bool has_no_analysis; /**< rows have the mean in place of the estimate */
    bool is_over;         /**< the end mark was there */
    bool wants_message;   /**< the line after "FAILED:" */
    unsigned row_line;
    struct pw_strbuf title; /**< "Test case > Section" */
    struct pw_strbuf begun; /**< lines of a long name that are not its last */
    struct pw_strbuf name;
};

/* Rows have padding; what a program prints in between has not. */
#define ROW_INDENT  20
#define ROW_PADDING 20

/* A line of this character alone. */
static bool is_rule(const char *line, char c)
{
    const size_t length = strlen(line);
    size_t count = 0;
    while (count < length && line[count] == c) {
        count++;
    }
    return count >= ROW_INDENT && *pw_adapter_skip_blanks(line + count) == '\0';
}

/* Cut the last word off. @return NULL when there is none */
static char *last_word(char *text)
{
    char *end = text + strlen(text);
    while (end > text && end[-1] == ' ') {
        *--end = '\0';
    }
    while (end > text && end[-1] != ' ') {
        end--;
    }
    if (*end == '\0') {
        return NULL;
    }
    if (end > text) {
        end[-1] = '\0';
    }
    return end;
}

static bool is_count(const char *word)
{
    return word != NULL && *word != '\0' && word[strspn(word, "0123456789")] == '\0';
}

/* "name  100  208  7.1968 ms", from its end. @return the name, NULL when it is no such line */
static char *read_first_line(struct pw_strbuf *copy, double *ns)
{
    char *text = copy->data;
    const char *unit_name = last_word(text);
    const char *number = unit_name == NULL ? NULL : last_word(text);
    const char *iterations = number == NULL ? NULL : last_word(text);
    const char *samples = iterations == NULL || iterations == text ? NULL : last_word(text);
    if (samples == NULL || !is_count(iterations) || !is_count(samples)) {
        return NULL;
    }
    const struct pw_adapter_unit *unit = pw_adapter_find_unit(unit_name, strlen(unit_name));
    if (unit == NULL || strcmp(unit->base, "ns") != 0 || !pw_adapter_read_number(&number, ns) ||
        *number != '\0') {
        return NULL;
    }
    *ns = pw_adapter_to_base(unit, *ns);
    return samples == text ? text + strlen(text) : pw_adapter_trim(text);
}

/* The end of a wrapped name has the numbers: "first part" "second part  100 …". */
static int put_name(struct pw_adapter_pass *pass, const char *last)
{
    struct state *state = pass->state;
    struct pw_strbuf *name = &state->name;
    pw_strbuf_clear(name);
    pw_strbuf_puts(name, pw_strbuf_text(&state->title));
    pw_strbuf_puts(name, state->title.length > 0 ? " > " : "");
    pw_strbuf_puts(name, pw_strbuf_text(&state->begun));
    pw_strbuf_puts(name, last);
    pw_strbuf_clear(&state->begun);
    if (*last == '\0') {
        return pw_adapter_pass_fail(pass, "expected a benchmark's name before its numbers");
    }
    return pw_strbuf_check(name, pass->err);
}

/* A line that is padded to the width of the table, or a program's own. */
static int take_part_of_name(struct pw_adapter_pass *pass, char *line)
{
    struct state *state = pass->state;
    const size_t length = strlen(line);
    const char *text = pw_adapter_trim(line);
    if (*text == '\0' || text != line || length < strlen(text) + ROW_PADDING) {
        return 0;
    }
    pw_strbuf_puts(&state->begun, text);
    pw_strbuf_puts(&state->begun, text[strlen(text) - 1] == '-' ? "" : " ");
    return pw_strbuf_check(&state->begun, pass->err);
}

/* "name   Benchmark failed (why)", where the name may stand further up. */
static int take_failure(struct pw_adapter_pass *pass, char *line, char *at)
{
    struct state *state = pass->state;
    const enum place place = state->place;
    *at = '\0';
    at += strlen("Benchmark failed (");
    char *close = strrchr(at, ')');
    if (close != NULL) {
        *close = '\0';
    }
    state->place = NAME;
    const int status = place == NAME ? put_name(pass, pw_adapter_trim(line)) : 0;
    return status == 0 ? pw_adapter_pass_add_failure(pass, pw_strbuf_text(&state->name), at)
                       : status;
}

static int take_name(struct pw_adapter_pass *pass, char *line)
{
    struct state *state = pass->state;
    struct pw_strbuf copy = PW_STRBUF_INIT;
    double ns = 0;
    int status = pw_adapter_keep(pass, &copy, line);
    const char *name = status == 0 ? read_first_line(&copy, &ns) : NULL;
    if (status == 0 && name == NULL) {
        status = take_part_of_name(pass, line);
    } else if (status == 0) {
        status = put_name(pass, name);
        state->row_line = pass->line;
        state->place = state->has_no_analysis ? NAME : MEAN;
        if (status == 0 && state->has_no_analysis) {
            status = pw_adapter_pass_add(pass, pw_strbuf_text(&state->name), "time", "ns",
                                         PW_BETTER_LOWER, ns);
        }
    }
    pw_strbuf_release(&copy);
    return status;
}

/* "   344 ns   341 ns   349 ns" */
static int take_numbers(struct pw_adapter_pass *pass, const char *line)
{
    struct state *state = pass->state;
    const char *at = pw_adapter_skip_blanks(line);
    const char *const *metrics = pw_catch2_metrics[state->place == MEAN ? 0 : 1];
    int status = 0;
    if (at < line + ROW_INDENT) {
        return 0; /* a program's own line */
    }
    for (size_t i = 0; status == 0 && i < 3; i++) {
        const struct pw_adapter_unit *unit = NULL;
        double value = 0;
        if (!pw_adapter_read_quantity(&at, &value, &unit) || strcmp(unit->base, "ns") != 0) {
            return pw_adapter_pass_fail(pass, "expected three times with their units");
        }
        at = pw_adapter_skip_blanks(at);
        status =
            pw_adapter_pass_add_in(pass, pw_strbuf_text(&state->name), metrics[i], unit, value);
    }
    if (status == 0 && *at != '\0') {
        return pw_adapter_pass_fail(pass, "expected three times and no more");
    }
    state->place = state->place == MEAN ? DEVIATION : NAME;
    return status;
}

/* A test case's name, its sections indented below it, and its place in the source. */
static int take_title(struct pw_adapter_pass *pass, char *line)
{
    struct state *state = pass->state;
    const bool is_section = *line == ' ';
    const char *text = pw_adapter_trim(line);
    if (*text != '\0') {
        pw_strbuf_puts(&state->title, state->title.length == 0 ? "" : is_section ? " > " : " ");
        pw_strbuf_puts(&state->title, text);
    }
    return pw_strbuf_check(&state->title, pass->err);
}

static int fail_row(struct pw_adapter_pass *pass)
{
    const struct state *state = pass->state;
    return pw_adapter_fail(pass->err, FORMAT, state->row_line,
                           "'%s' has no mean or no deviation below it",
                           pw_strbuf_text(&state->name));
}

/* A rule of dashes ends a heading, begins a title, or ends it; each ends a table. */
static int take_rule(struct pw_adapter_pass *pass)
{
    struct state *state = pass->state;
    if (state->place == MEAN || state->place == DEVIATION) {
        return fail_row(pass);
    }
    if (state->place == HEADING) {
        state->place = NAME;
        return 0;
    }
    state->place = OUTSIDE;
    state->is_in_title = !state->is_in_title;
    if (state->is_in_title) {
        pw_strbuf_clear(&state->title);
        pw_strbuf_clear(&state->begun);
    }
    return 0;
}

static bool is_end_mark(const char *line)
{
    return strncmp(line, "test cases: ", strlen("test cases: ")) == 0 ||
           strncmp(line, "All tests passed", strlen("All tests passed")) == 0;
}

static bool is_heading(const char *line)
{
    return strncmp(line, "benchmark name ", strlen("benchmark name ")) == 0 &&
           strstr(line, " samples ") != NULL;
}

/* "file.cpp:5: FAILED:", and the assertion on the next line */
static int take_assertion(struct pw_adapter_pass *pass, const char *line)
{
    struct state *state = pass->state;
    static const char mark[] = ": FAILED:";
    const size_t length = strlen(line);
    if (state->wants_message && length > 0) {
        state->wants_message = false;
        return pw_adapter_pass_add_failure(pass, pw_strbuf_text(&state->title),
                                           pw_adapter_skip_blanks(line));
    }
    state->wants_message =
        state->wants_message ||
        (length > strlen(mark) && strcmp(line + length - strlen(mark), mark) == 0);
    return 0;
}

static int take_outside(struct pw_adapter_pass *pass, char *line)
{
    struct state *state = pass->state;
    if (is_heading(line)) {
        state->has_no_analysis = strstr(line, " mean") != NULL;
        state->place = HEADING;
        return 0;
    }
    if (is_end_mark(line)) {
        state->is_over = true;
        return 0;
    }
    return state->is_in_title ? take_title(pass, line) : take_assertion(pass, line);
}

static int take(struct pw_adapter_pass *pass, char *line)
{
    struct state *state = pass->state;
    if (is_rule(line, '-')) {
        return take_rule(pass);
    }
    if (is_rule(line, '=') || is_rule(line, '.')) {
        const bool is_cut = state->place == MEAN || state->place == DEVIATION;
        state->place = OUTSIDE;
        return is_cut ? fail_row(pass) : 0;
    }
    char *failed = strstr(line, "Benchmark failed (");
    if (failed != NULL && state->place >= NAME) {
        return take_failure(pass, line, failed);
    }
    if (state->place == NAME && !is_end_mark(line)) {
        return take_name(pass, line);
    }
    if (state->place == MEAN || state->place == DEVIATION) {
        return take_numbers(pass, line);
    }
    return state->place == HEADING ? 0 : take_outside(pass, line);
}

static int end(struct pw_adapter_pass *pass)
{
    const struct state *state = pass->state;
    if (state->place == MEAN || state->place == DEVIATION) {
        return fail_row(pass);
    }
    return state->is_over ? 0
                          : pw_adapter_pass_fail(pass, "the output ends before 'test cases:' or "
                                                       "'All tests passed'");
}

bool pw_adapter_recognise_catch2(const char *text, size_t length)
{
    return pw_catch2_is_xml(text, length) || pw_adapter_any_line(text, length, is_heading);
}

int pw_adapter_parse_catch2(const char *text, size_t length,
                            const struct pw_adapter_settings *settings,
                            struct pw_adapter_output *out, struct pw_error *err)
{
    static const struct pw_adapter_line_format format = {FORMAT, take, end, false};
    struct state state = {.place = OUTSIDE};
    (void)settings;
    if (pw_catch2_is_xml(text, length)) {
        return pw_catch2_parse_xml(text, length, out, err);
    }
    const int status = pw_adapter_pass_over(&format, &state, text, length, out, err);
    pw_strbuf_release(&state.title);
    pw_strbuf_release(&state.begun);
    pw_strbuf_release(&state.name);
    return status;
}
