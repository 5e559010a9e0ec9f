/*
 * Rust's libtest, as `cargo bench` prints it, and Criterion with --output-format bencher:
 *
 *   test bench_fib_20 ... bench:      18,149 ns/iter (+/- 755) = 52 MB/s
 *
 * `time` is the median of libtest's runs, `time/spread` what stands behind "+/-": the largest less
 * the smallest of them. Cycles are `cycles`; what is per second is `throughput`; other units name
 * their metric.
 *
 * "running 2 tests" promises a "test result:" line, and that line counts what was measured. Without
 * them (Criterion) a cut at a line end is not noticed.
 */
#include <string.h>

#include "pass.h"

#define FORMAT   "libtest"
#define EXPECTED "expected 'bench: <number> <unit> (+/- <number>)'"

struct state {
    struct pw_strbuf pending; /**< a test whose end is on a later line, because it prints */
    struct pw_strbuf section; /**< the failed test whose output follows; "" for none */
    size_t measured;          /**< since "running" */
    size_t explained;         /**< failures whose section has been read */
    bool is_running;
    bool wants_message; /**< the line after "panicked at" says what went wrong */
};

/** What a bench line says. */
struct row {
    const char *unit;
    size_t unit_length;
    double value;
    double spread;
    const char *rate_unit; /**< NULL for none */
    double rate;
};

static bool read_row(const char *at, struct row *row)
{
    at = pw_adapter_skip_blanks(at);
    if (!pw_adapter_read_number(&at, &row->value) || *at != ' ') {
        return false;
    }
    row->unit = ++at;
    row->unit_length = strcspn(at, " ");
    at += row->unit_length;
    if (row->unit_length == 0 || !pw_adapter_skip_word(&at, " (+/- ") ||
        !pw_adapter_read_number(&at, &row->spread) || !pw_adapter_skip_word(&at, ")")) {
        return false;
    }
    if (pw_adapter_skip_word(&at, " = ")) {
        if (!pw_adapter_read_number(&at, &row->rate) || *at != ' ') {
            return false;
        }
        row->rate_unit = ++at;
        at += strcspn(at, " ");
    }
    return *pw_adapter_skip_blanks(at) == '\0';
}

static bool is_rate(const char *unit, size_t length)
{
    return length > 2 && memcmp(unit + length - 2, "/s", 2) == 0;
}

/* A number in libtest's unit under the metric that the unit stands for. */
static int add_in(struct pw_adapter_pass *pass, const char *benchmark, const char *unit,
                  size_t length, const char *suffix, double value)
{
    const struct pw_adapter_unit *known = pw_adapter_find_unit(unit, length);
    const bool has_iter = length > 5 && memcmp(unit + length - 5, "/iter", 5) == 0;
    struct pw_strbuf name = PW_STRBUF_INIT;
    struct pw_strbuf metric = PW_STRBUF_INIT;
    pw_strbuf_append(&name, unit, length - (has_iter ? 5 : 0));
    if (is_rate(unit, length)) {
        pw_strbuf_puts(&metric, "throughput");
    } else if (known != NULL && strcmp(known->base, "ns") == 0) {
        pw_strbuf_puts(&metric, "time");
    } else {
        pw_strbuf_puts(&metric, pw_strbuf_text(&name));
    }
    pw_strbuf_puts(&metric, suffix);
    pw_strbuf_share_failure(&metric, &name);
    int status = pw_strbuf_check(&metric, pass->err);
    if (status == 0) {
        const bool is_higher = is_rate(unit, length) && *suffix == '\0';
        status = pw_adapter_pass_add(pass, benchmark, pw_strbuf_text(&metric),
                                     known != NULL ? known->base : pw_strbuf_text(&name),
                                     is_higher ? PW_BETTER_HIGHER : PW_BETTER_LOWER,
                                     known != NULL ? pw_adapter_to_base(known, value) : value);
    }
    pw_strbuf_release(&name);
    pw_strbuf_release(&metric);
    return status;
}

static int take_row(struct pw_adapter_pass *pass, const char *benchmark, const char *at)
{
    struct state *state = pass->state;
    struct row row = {.rate_unit = NULL};
    if (!read_row(at, &row) || (row.rate_unit != NULL && !pass->is_ended)) {
        return pw_adapter_pass_fail(pass, EXPECTED);
    }
    int status = add_in(pass, benchmark, row.unit, row.unit_length, "", row.value);
    if (status == 0) {
        status = add_in(pass, benchmark, row.unit, row.unit_length, "/spread", row.spread);
    }
    if (status == 0 && row.rate_unit != NULL) {
        status = add_in(pass, benchmark, row.rate_unit, strcspn(row.rate_unit, " "), "", row.rate);
    }
    state->measured++;
    pass->has_taken = true;
    return status;
}

/* How a test ended: at its name, or where what it printed has ended. */
static int take_end(struct pw_adapter_pass *pass, const char *name, const char *at, bool *is_end)
{
    *is_end = true;
    if (pw_adapter_skip_word(&at, "bench:")) {
        return take_row(pass, name, at);
    }
    if (strncmp(at, "FAILED", strlen("FAILED")) == 0) {
        return pw_adapter_pass_add_failure(pass, name, "FAILED");
    }
    *is_end = strncmp(at, "ok", 2) == 0 || strncmp(at, "ignored", strlen("ignored")) == 0;
    return 0;
}

static int take_test(struct pw_adapter_pass *pass, char *line)
{
    struct state *state = pass->state;
    char *dots = strstr(line, " ... ");
    bool is_end = false;
    if (dots == NULL) {
        return 0;
    }
    for (char *next; (next = strstr(dots + 1, " ... ")) != NULL;) {
        dots = next; /* a name may hold dots */
    }
    *dots = '\0';
    int status = take_end(pass, line, dots + strlen(" ... "), &is_end);
    if (status == 0 && !is_end) {
        status = pw_adapter_keep(pass, &state->pending, line);
    }
    return status;
}

/* "test result: FAILED. 0 passed; 1 failed; 0 ignored; 2 measured; 0 filtered out" */
static int take_result(struct pw_adapter_pass *pass, const char *line)
{
    struct state *state = pass->state;
    double measured = 0;
    const char *at = strstr(line, "ignored; ");
    const char *number = at == NULL ? "" : at + strlen("ignored; ");
    if (!pw_adapter_read_number(&number, &measured) ||
        !pw_adapter_skip_word(&number, " measured; ") || strstr(number, " filtered out") == NULL) {
        return pw_adapter_pass_fail(pass, "expected counts, '<number> measured; … filtered out'");
    }
    if (state->is_running && measured != (double)state->measured) {
        return pw_adapter_fail(pass->err, FORMAT, pass->line,
                               "%.0f benchmarks were measured, the output has %zu", measured,
                               state->measured);
    }
    state->is_running = false;
    state->measured = 0;
    pass->has_taken = true;
    pw_strbuf_clear(&state->pending);
    return 0;
}

/* Sections come in the order of the tests; so far ahead the failure is looked for. */
#define FARTHEST_FAILURE 64

/* Put a failure's message into the entry that its "FAILED" made, where there is one. */
static void merge_failure(struct state *state, struct pw_adapter_output *output)
{
    const struct pw_adapter_failure *told = &output->failures[output->failure_count - 1];
    const size_t first = state->explained;
    for (size_t i = first; i + 1 < output->failure_count && i < first + FARTHEST_FAILURE; i++) {
        struct pw_adapter_failure *failure = &output->failures[i];
        if (strcmp(failure->benchmark, told->benchmark) == 0) {
            failure->message = told->message;
            output->failure_count--;
            state->explained = i + 1;
            return;
        }
    }
}

static int end_section(struct pw_adapter_pass *pass, const char *message)
{
    struct state *state = pass->state;
    int status = 0;
    if (state->section.length > 0) {
        status = pw_adapter_pass_add_failure(pass, pw_strbuf_text(&state->section), message);
        if (status == 0) {
            merge_failure(state, &pass->output);
        }
    }
    pw_strbuf_clear(&state->section);
    state->wants_message = false;
    return status;
}

/* "---- name stdout ----", and below it "thread 'main' panicked at src/lib.rs:5:9:" and a line */
static int take_section(struct pw_adapter_pass *pass, char *line)
{
    struct state *state = pass->state;
    static const char tail[] = " stdout ----";
    const size_t length = strlen(line);
    if (strncmp(line, "---- ", 5) == 0 && length > 5 + strlen(tail) &&
        strcmp(line + length - strlen(tail), tail) == 0) {
        int status = end_section(pass, "FAILED");
        line[length - strlen(tail)] = '\0';
        return status == 0 ? pw_adapter_keep(pass, &state->section, line + 5) : status;
    }
    if (state->wants_message) {
        return end_section(pass, line);
    }
    const char *panic = strstr(line, "panicked at ");
    if (state->section.length > 0 && panic != NULL) {
        state->wants_message = line[length - 1] == ':';
        return state->wants_message ? 0 : end_section(pass, panic);
    }
    if (state->section.length > 0 &&
        (strcmp(line, "failures:") == 0 || strncmp(line, "test result:", 12) == 0)) {
        return end_section(pass, "FAILED");
    }
    return 0;
}

static int begin_running(struct pw_adapter_pass *pass)
{
    struct state *state = pass->state;
    if (state->is_running) {
        return pw_adapter_pass_fail(pass, "expected 'test result:' before the next 'running'");
    }
    state->is_running = true;
    state->measured = 0;
    return 0;
}

static bool is_running_line(const char *line)
{
    double count = 0;
    return pw_adapter_skip_word(&line, "running ") && pw_adapter_read_number(&line, &count) &&
           (strcmp(line, " tests") == 0 || strcmp(line, " test") == 0);
}

static int take(struct pw_adapter_pass *pass, char *line)
{
    struct state *state = pass->state;
    int status = take_section(pass, line);
    if (status < 0) {
        return status;
    }
    if (is_running_line(line)) {
        return begin_running(pass);
    }
    if (strncmp(line, "test result: ", strlen("test result: ")) == 0) {
        return take_result(pass, line);
    }
    if (strncmp(line, "test ", 5) == 0) {
        return take_test(pass, line + 5);
    }
    if (state->pending.length > 0) {
        bool is_end = false;
        status = take_end(pass, pw_strbuf_text(&state->pending), line, &is_end);
        if (is_end) {
            pw_strbuf_clear(&state->pending);
        }
    }
    return status;
}

static int end(struct pw_adapter_pass *pass)
{
    struct state *state = pass->state;
    if (state->is_running) {
        return pw_adapter_pass_fail(pass, "the output ends before 'test result:'");
    }
    return end_section(pass, "FAILED");
}

static bool is_row(const char *line)
{
    const char *at = strstr(line, " ... bench: ");
    return strncmp(line, "test ", 5) == 0 && at != NULL;
}

bool pw_adapter_recognise_libtest(const char *text, size_t length)
{
    return pw_adapter_any_line(text, length, is_row);
}

int pw_adapter_parse_libtest(const char *text, size_t length,
                             const struct pw_adapter_settings *settings,
                             struct pw_adapter_output *out, struct pw_error *err)
{
    static const struct pw_adapter_line_format format = {FORMAT, take, end, true};
    struct state state = {.measured = 0};
    (void)settings;
    const int status = pw_adapter_pass_over(&format, &state, text, length, out, err);
    pw_strbuf_release(&state.pending);
    pw_strbuf_release(&state.section);
    return status;
}
