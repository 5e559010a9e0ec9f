/*
 * Criterion.rs, the text of `cargo bench`:
 *
 *   fib 20                  time:   [26.029 µs 26.251 µs 26.505 µs]
 *                           thrpt:  [37.729 Melem/s 38.094 Melem/s 38.418 Melem/s]
 *
 * `time` is the number in the middle: the slope of the regression, or the mean where sampling is
 * flat; `time/low` and `time/high` are the ends of its confidence interval. A long name stands on
 * the line before. Units of other measurements name their metric. The comparison with the run
 * before ("change:") and what libtest prints between are left out.
 *
 * "Benchmarking x: …" promises a measurement of x: without it, or a panic, the output was cut.
 */
#include <string.h>

#include "pass.h"

#define FORMAT "criterion"

struct state {
    struct pw_strbuf name;    /**< of the benchmark at hand */
    struct pw_strbuf before;  /**< the line before, for long names */
    struct pw_strbuf pending; /**< announced and not measured yet; "" for none */
    unsigned pending_line;
    bool is_change;     /**< "change:" was the heading: times below it are comparisons */
    bool wants_message; /**< the line after "panicked at …:" */
};

/** "[low middle high]". */
struct estimates {
    double values[3];
    const char *unit;
    size_t unit_length;
    const struct pw_adapter_unit *known[3]; /**< NULL for a unit of the user's own */
};

static bool read_estimates(const char *at, struct estimates *estimates)
{
    at = pw_adapter_skip_blanks(at);
    if (*at++ != '[') {
        return false;
    }
    for (size_t i = 0; i < 3; i++) {
        at = pw_adapter_skip_blanks(at);
        if (!pw_adapter_read_number(&at, &estimates->values[i])) {
            return false;
        }
        at = pw_adapter_skip_blanks(at);
        const size_t length = strcspn(at, " ]");
        estimates->unit = at;
        estimates->unit_length = length;
        estimates->known[i] = pw_adapter_find_unit(at, length);
        at += length;
    }
    return *at == ']';
}

static bool is_comparison(const struct estimates *estimates)
{
    return estimates->unit_length == 1 && *estimates->unit == '%';
}

/** Where the three numbers go. */
static const char *const suffixes[] = {"/low", "", "/high"};
static const size_t order[] = {1, 0, 2};

static int add_estimates(struct pw_adapter_pass *pass, const struct estimates *estimates,
                         const char *kind)
{
    const struct state *state = pass->state;
    const bool is_rate = strcmp(kind, "throughput") == 0;
    struct pw_strbuf unit = PW_STRBUF_INIT;
    struct pw_strbuf metric = PW_STRBUF_INIT;
    pw_strbuf_append(&unit, estimates->unit, estimates->unit_length);
    int status = pw_strbuf_check(&unit, pass->err);
    for (size_t i = 0; status == 0 && i < 3; i++) {
        const struct pw_adapter_unit *known = estimates->known[order[i]];
        const bool is_time = known != NULL && strcmp(known->base, "ns") == 0;
        const char *base = known != NULL ? known->base : pw_strbuf_text(&unit);
        const double value = estimates->values[order[i]];
        pw_strbuf_clear(&metric);
        pw_strbuf_puts(&metric, is_rate || is_time ? kind : base);
        pw_strbuf_puts(&metric, suffixes[order[i]]);
        status = pw_strbuf_check(&metric, pass->err);
        if (status == 0) {
            status =
                pw_adapter_pass_add(pass, pw_strbuf_text(&state->name), pw_strbuf_text(&metric),
                                    base, is_rate ? PW_BETTER_HIGHER : PW_BETTER_LOWER,
                                    known != NULL ? pw_adapter_to_base(known, value) : value);
        }
    }
    pw_strbuf_release(&unit);
    pw_strbuf_release(&metric);
    return status;
}

/* The phases of a benchmark, in the words that stand behind its name. */
static const char *const phases[] = {": Warming up for ", ": Collecting ", ": Analyzing"};

/* "Benchmarking x: Analyzing": x. @return NULL for any other line */
static char *find_announced(char *line)
{
    static const char begin[] = "Benchmarking ";
    if (strncmp(line, begin, strlen(begin)) != 0) {
        return NULL;
    }
    for (size_t i = 0; i < PW_COUNT(phases); i++) {
        char *at = strstr(line, phases[i]);
        if (at != NULL) {
            *at = '\0';
            break;
        }
    }
    return line + strlen(begin);
}

/* The name on the line of the time, or on the line before. */
static int begin_benchmark(struct pw_adapter_pass *pass, const char *name)
{
    struct state *state = pass->state;
    if (*name == '\0') {
        name = pw_strbuf_text(&state->before);
    }
    if (*name == '\0') {
        return pw_adapter_pass_fail(pass, "expected a benchmark's name before 'time:'");
    }
    pw_strbuf_clear(&state->pending);
    return pw_adapter_keep(pass, &state->name, name);
}

static int take_time(struct pw_adapter_pass *pass, char *line, char *at)
{
    struct state *state = pass->state;
    struct estimates estimates = {.unit = NULL};
    if (!read_estimates(at + strlen("time:"), &estimates)) {
        return pw_adapter_pass_fail(pass, "expected 'time: [<low> <estimate> <high>]'");
    }
    if (state->is_change && is_comparison(&estimates)) {
        return 0;
    }
    state->is_change = false;
    pass->has_taken = true;
    *at = '\0';
    const int status = begin_benchmark(pass, pw_adapter_trim(line));
    return status == 0 ? add_estimates(pass, &estimates, "time") : status;
}

static int take_throughput(struct pw_adapter_pass *pass, const char *at)
{
    const struct state *state = pass->state;
    struct estimates estimates = {.unit = NULL};
    if (!read_estimates(at, &estimates)) {
        return pw_adapter_pass_fail(pass, "expected 'thrpt: [<low> <estimate> <high>]'");
    }
    if (state->is_change && is_comparison(&estimates)) {
        return 0;
    }
    if (state->name.length == 0) {
        return pw_adapter_pass_fail(pass, "expected 'time:' before 'thrpt:'");
    }
    pass->has_taken = true;
    return add_estimates(pass, &estimates, "throughput");
}

static int take_panic(struct pw_adapter_pass *pass, const char *line, bool *is_panic)
{
    struct state *state = pass->state;
    const char *panic = strstr(line, "panicked at ");
    *is_panic = state->wants_message || (panic != NULL && strncmp(line, "thread '", 8) == 0);
    if (!*is_panic) {
        return 0;
    }
    if (!state->wants_message && line[strlen(line) - 1] == ':') {
        state->wants_message = true;
        return 0;
    }
    const int status = pw_adapter_pass_add_failure(pass, pw_strbuf_text(&state->pending),
                                                   state->wants_message ? line : panic);
    state->wants_message = false;
    pw_strbuf_clear(&state->pending);
    return status;
}

/* "time:" with '[' behind it: names may hold the word. */
static char *find_time(char *line)
{
    for (char *at = line; (at = strstr(at, "time:")) != NULL; at++) {
        const bool is_alone = at == line || at[-1] == ' ';
        if (is_alone && *pw_adapter_skip_blanks(at + strlen("time:")) == '[') {
            return at;
        }
    }
    return NULL;
}

static int take_line(struct pw_adapter_pass *pass, char *line)
{
    struct state *state = pass->state;
    const char *at = pw_adapter_skip_blanks(line);
    bool is_panic = false;
    const int status = take_panic(pass, line, &is_panic);
    if (status < 0 || is_panic) {
        return status;
    }
    if (pw_adapter_skip_word(&at, "change:")) {
        state->is_change = true;
        return 0;
    }
    if (at > line && pw_adapter_skip_word(&at, "thrpt:")) {
        return take_throughput(pass, at);
    }
    char *time = find_time(line);
    if (time != NULL) {
        return take_time(pass, line, time);
    }
    if (at > line && strncmp(at, "time:", 5) == 0) {
        return pw_adapter_pass_fail(pass, "expected 'time: [<low> <estimate> <high>]'");
    }
    return 0;
}

static int fail_pending(struct pw_adapter_pass *pass)
{
    const struct state *state = pass->state;
    return pw_adapter_fail(pass->err, FORMAT, state->pending_line,
                           "'%s' has no time; expected 'time: [<low> <estimate> <high>]'",
                           pw_strbuf_text(&state->pending));
}

static int take(struct pw_adapter_pass *pass, char *line)
{
    struct state *state = pass->state;
    int status = take_line(pass, line);
    if (status < 0) {
        return status;
    }
    const char *announced = find_announced(line);
    if (announced != NULL) {
        if (state->pending.length > 0 && strcmp(pw_strbuf_text(&state->pending), announced) != 0) {
            return fail_pending(pass);
        }
        state->is_change = false;
        state->pending_line = pass->line;
        status = pw_adapter_keep(pass, &state->pending, announced);
    }
    return status == 0 ? pw_adapter_keep(pass, &state->before,
                                         announced != NULL ? announced : pw_adapter_trim(line))
                       : status;
}

static int end(struct pw_adapter_pass *pass)
{
    const struct state *state = pass->state;
    return state->pending.length > 0 ? fail_pending(pass) : 0;
}

static bool is_row(const char *line)
{
    const char *at = strstr(line, "time:   [");
    return at != NULL && strchr(at, ']') != NULL && (at == line || at[-1] == ' ');
}

bool pw_adapter_recognise_criterion(const char *text, size_t length)
{
    return pw_adapter_any_line(text, length, is_row);
}

int pw_adapter_parse_criterion(const char *text, size_t length,
                               const struct pw_adapter_settings *settings,
                               struct pw_adapter_output *out, struct pw_error *err)
{
    static const struct pw_adapter_line_format format = {FORMAT, take, end, true};
    struct state state = {.pending_line = 0};
    (void)settings;
    const int status = pw_adapter_pass_over(&format, &state, text, length, out, err);
    pw_strbuf_release(&state.name);
    pw_strbuf_release(&state.before);
    pw_strbuf_release(&state.pending);
    return status;
}
