/*
 * Ruby's Benchmark of the standard library: bm, bmbm and benchmark.
 *
 *               user     system      total        real
 *   sort!   1.460000   0.000000   1.460000 (  1.460465)
 *
 * `time` is the real time, `user_time`, `system_time` and `cpu_time` the others. The rehearsal of
 * bmbm is left out, but it counts what has to follow; bm has no end mark, so that a cut at a line
 * end is not noticed.
 */
#include <string.h>

#include "pass.h"

#define FORMAT "ruby-benchmark"

struct state {
    bool is_report; /**< below a heading */
    bool is_rehearsal;
    size_t rehearsed; /**< rows that the report has to have; 0 without a rehearsal */
    size_t reported;
};

/** The times of a row, in the order of the columns. */
static const char *const metrics[] = {"user_time", "system_time", "cpu_time", "time"};

#define REAL 3

enum found { FOUND_NOTHING, FOUND_ROW, FOUND_BROKEN_ROW };

/* Cut the last word off a text. @return it, NULL when there is none */
static char *last_word(char *text)
{
    size_t end = strlen(text);
    while (end > 0 && text[end - 1] == ' ') {
        end--;
    }
    text[end] = '\0';
    while (end > 0 && text[end - 1] != ' ') {
        end--;
    }
    if (text[end] == '\0') {
        return NULL;
    }
    if (end > 0) {
        text[end - 1] = '\0';
        return text + end;
    }
    return NULL; /* the label alone */
}

static bool read_seconds(const char *text, const char *tail, double *seconds)
{
    text = pw_adapter_skip_blanks(text);
    return pw_adapter_read_number(&text, seconds) && strcmp(text, tail) == 0;
}

/* A row is read from its end: its label may hold anything. What is left of the line is the label.
 */
static enum found read_row(char *line, double seconds[PW_COUNT(metrics)])
{
    char *open = strrchr(line, '(');
    const size_t length = strlen(line);
    if (open == NULL || open == line || line[length - 1] != ')') {
        return FOUND_NOTHING;
    }
    const bool has_real = read_seconds(open + 1, ")", &seconds[REAL]);
    *open = '\0';
    for (size_t i = REAL; i-- > 0;) {
        const char *word = NULL;
        const bool is_first = i == 0 && line[strspn(line, " ")] != '\0' &&
                              strchr(line + strspn(line, " "), ' ') == NULL;
        word = is_first ? line + strspn(line, " ") : last_word(line);
        if (word == NULL || !read_seconds(word, "", &seconds[i])) {
            return FOUND_NOTHING;
        }
        if (is_first) {
            *line = '\0'; /* a row without a label */
        }
    }
    return has_real ? FOUND_ROW : FOUND_BROKEN_ROW;
}

static int add_row(struct pw_adapter_pass *pass, const char *label,
                   const double seconds[PW_COUNT(metrics)])
{
    int status = 0;
    for (size_t i = PW_COUNT(metrics); status == 0 && i-- > 0;) {
        status =
            pw_adapter_pass_add(pass, label, metrics[i], "ns", PW_BETTER_LOWER, seconds[i] * 1e9);
    }
    return status;
}

static int take_row(struct pw_adapter_pass *pass, char *line)
{
    struct state *state = pass->state;
    double seconds[PW_COUNT(metrics)] = {0};
    const enum found found = read_row(line, seconds);
    if (found == FOUND_NOTHING) {
        return 0;
    }
    if (found == FOUND_BROKEN_ROW) {
        return pw_adapter_pass_fail(pass, "expected '<user> <system> <total> (<real>)'");
    }
    pass->has_taken = true;
    if (state->is_rehearsal) {
        state->rehearsed++;
        return 0;
    }
    state->reported++;
    return add_row(pass, pw_adapter_trim(line), seconds);
}

static bool is_heading(const char *line)
{
    static const char *const columns[] = {"user", "system", "total", "real"};
    for (size_t i = 0; i < PW_COUNT(columns); i++) {
        line = pw_adapter_skip_blanks(line);
        if (!pw_adapter_skip_word(&line, columns[i])) {
            return false;
        }
    }
    return *pw_adapter_skip_blanks(line) == '\0';
}

/* What a rehearsal promises has to have come. */
static int end_report(struct pw_adapter_pass *pass)
{
    struct state *state = pass->state;
    if (state->rehearsed > 0 && state->reported != state->rehearsed) {
        return pw_adapter_fail(pass->err, FORMAT, pass->line,
                               "expected %zu rows behind the rehearsal, not %zu", state->rehearsed,
                               state->reported);
    }
    state->rehearsed = 0;
    state->reported = 0;
    return 0;
}

static int take(struct pw_adapter_pass *pass, char *line)
{
    struct state *state = pass->state;
    if (strncmp(line, "Rehearsal -", strlen("Rehearsal -")) == 0) {
        const int status = end_report(pass);
        state->is_rehearsal = true;
        state->is_report = true;
        return status;
    }
    if (is_heading(line)) {
        const int status = state->is_rehearsal ? 0 : end_report(pass);
        state->is_rehearsal = false;
        state->is_report = true;
        state->reported = 0;
        return status;
    }
    return state->is_report ? take_row(pass, line) : 0;
}

static int end(struct pw_adapter_pass *pass)
{
    const struct state *state = pass->state;
    if (state->is_rehearsal) {
        return pw_adapter_pass_fail(pass, "the output ends within the rehearsal");
    }
    return end_report(pass);
}

bool pw_adapter_recognise_ruby(const char *text, size_t length)
{
    return pw_adapter_any_line(text, length, is_heading);
}

int pw_adapter_parse_ruby(const char *text, size_t length,
                          const struct pw_adapter_settings *settings, struct pw_adapter_output *out,
                          struct pw_error *err)
{
    static const struct pw_adapter_line_format format = {FORMAT, take, end, true};
    struct state state = {.reported = 0};
    (void)settings;
    return pw_adapter_pass_over(&format, &state, text, length, out, err);
}
