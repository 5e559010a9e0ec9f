/*
 * `go test -bench`: "BenchmarkFib-8  5000000  325 ns/op  48 B/op  2 allocs/op".
 *
 * The name is kept as it is printed, with "-8" for GOMAXPROCS: runs on different numbers of
 * processors are not the same measurement. Behind "pkg:" it follows the package's path, so that two
 * packages may have benchmarks of the same name. Lines of one name (-count) are samples; `time` is
 * their median, of a single line the mean that Go prints. Units of ReportMetric name the metric.
 *
 * Of a benchmark that fails in its very first run Go prints the name without "-8": it gets the one
 * that all others have, so that it is the benchmark that was measured before.
 *
 * A benchmark's name is printed before it runs: what it prints stands between the name and the
 * numbers. An output with a header ("goos:", "pkg:") has an end mark; one without (filtered lines)
 * may be cut at a line end.
 */
#include <string.h>

#include "pass.h"

#define FORMAT   "go-bench"
#define EXPECTED "expected '<Benchmark name> <iterations> <number> <unit> …'"

struct state {
    struct pw_strbuf package; /**< "path." or "" */
    struct pw_strbuf pending; /**< a benchmark that has no numbers yet; "" for none */
    struct pw_strbuf failed;  /**< one whose message is yet to come */
    struct pw_strbuf log; /**< the indented line just before, where -v has a failure's message */
    unsigned pending_line;
    bool is_open;         /**< a header without its end mark */
    size_t failures_seen; /**< when the package began */
};

/** Units of Go itself. */
struct known_unit {
    const char *name;
    const char *metric;
};

static const struct known_unit known_units[] = {
    {"ns/op", "time"},
    {"B/op", "allocated_bytes"},
    {"allocs/op", "allocations"},
    {"MB/s", "throughput"},
};

static bool ends_in(const char *text, const char *tail)
{
    const size_t length = strlen(text);
    return length >= strlen(tail) && strcmp(text + length - strlen(tail), tail) == 0;
}

static int add_measurement(struct pw_adapter_pass *pass, const char *benchmark, const char *unit,
                           double value)
{
    for (size_t i = 0; i < PW_COUNT(known_units); i++) {
        if (strcmp(known_units[i].name, unit) == 0) {
            return pw_adapter_pass_add_in(pass, benchmark, known_units[i].metric,
                                          pw_adapter_find_unit(unit, strlen(unit)), value);
        }
    }
    const bool is_rate = ends_in(unit, "/s") || ends_in(unit, "/sec");
    return pw_adapter_pass_add(pass, benchmark, unit, unit,
                               is_rate ? PW_BETTER_HIGHER : PW_BETTER_LOWER, value);
}

/* Cut the next word off. @return NULL at the end */
static char *next_word(char **at)
{
    char *word = *at + strspn(*at, " \t");
    char *end = word + strcspn(word, " \t");
    if (*word == '\0') {
        return NULL;
    }
    *at = *end == '\0' ? end : end + 1;
    *end = '\0';
    return word;
}

static bool is_number(const char *word, double *value)
{
    return word != NULL && pw_adapter_read_number(&word, value) && *word == '\0';
}

static bool is_count(const char *word)
{
    return *word != '\0' && word[strspn(word, "0123456789")] == '\0';
}

/* "325 ns/op  48 B/op" */
static int take_measurements(struct pw_adapter_pass *pass, const char *benchmark, char *at)
{
    size_t count = 0;
    int status = 0;
    for (char *word; status == 0 && (word = next_word(&at)) != NULL; count++) {
        double value = 0;
        const char *unit = next_word(&at);
        if (!is_number(word, &value) || unit == NULL) {
            return pw_adapter_pass_fail(pass, EXPECTED);
        }
        status = add_measurement(pass, benchmark, unit, value);
    }
    if (status == 0 && (count == 0 || !pass->is_ended)) {
        return pw_adapter_pass_fail(pass, count == 0 ? EXPECTED : "the output ends within a line");
    }
    return status;
}

/* Go's rule for functions: Benchmark, and no lower-case letter behind it. */
static bool is_benchmark(const char *line)
{
    return pw_adapter_skip_word(&line, "Benchmark") && *line != '\0' && *line != ' ' &&
           *line != '\t' && *line != ':' && !(*line >= 'a' && *line <= 'z');
}

static int fail_pending(struct pw_adapter_pass *pass)
{
    const struct state *state = pass->state;
    return pw_adapter_fail(pass->err, FORMAT, state->pending_line,
                           "'%s' has no numbers; expected '<iterations> <number> <unit> …'",
                           pw_strbuf_text(&state->pending));
}

/* Names are put together here and nowhere else. */
static int keep_name(struct pw_adapter_pass *pass, struct pw_strbuf *name, const char *text)
{
    const struct state *state = pass->state;
    pw_strbuf_clear(name);
    pw_strbuf_puts(name, pw_strbuf_text(&state->package));
    pw_strbuf_puts(name, text);
    return pw_strbuf_check(name, pass->err);
}

/* "--- FAIL: BenchmarkX-8": its message is the indented line that follows. */
static int begin_failure(struct pw_adapter_pass *pass, char *line)
{
    struct state *state = pass->state;
    char *at = line;
    const char *name = next_word(&at);
    pw_strbuf_clear(&state->pending);
    return name == NULL ? pw_adapter_pass_fail(pass, "expected a name behind '--- FAIL:'")
                        : keep_name(pass, &state->failed, name);
}

static int take_benchmark(struct pw_adapter_pass *pass, char *line)
{
    struct state *state = pass->state;
    char *at = line;
    const char *name = next_word(&at);
    if (state->pending.length > 0) {
        return fail_pending(pass);
    }
    char *rest = at + strspn(at, " \t");
    if (*rest == '\0' && pass->is_ended) {
        return 0; /* -v says what is about to run */
    }
    if (strncmp(rest, "--- SKIP: ", strlen("--- SKIP: ")) == 0) {
        return 0;
    }
    if (strncmp(rest, "--- FAIL: ", strlen("--- FAIL: ")) == 0) {
        return begin_failure(pass, rest + strlen("--- FAIL: "));
    }
    int status = keep_name(pass, &state->pending, name);
    const char *iterations = rest;
    rest += strcspn(rest, " \t");
    const bool has_more = *rest != '\0';
    *rest = '\0';
    state->pending_line = pass->line;
    if (status == 0 && is_count(iterations)) {
        status = take_measurements(pass, pw_strbuf_text(&state->pending), rest + has_more);
        pw_strbuf_clear(&state->pending);
    } else if (status == 0 && strncmp(iterations, "panic:", strlen("panic:")) == 0) {
        status = pw_adapter_pass_add_failure(pass, pw_strbuf_text(&state->pending),
                                             has_more ? rest + 1 : iterations);
        pw_strbuf_clear(&state->pending);
    }
    return status;
}

/* The numbers that belong to a name further up: "  5000000   325 ns/op". */
static bool is_continued(const struct state *state, const char *line)
{
    double value = 0;
    const char *at = pw_adapter_skip_blanks(line);
    const size_t digits = strspn(at, "0123456789");
    if (state->pending.length == 0 || digits == 0 || (at[digits] != '\t' && at[digits] != ' ')) {
        return false;
    }
    at = pw_adapter_skip_blanks(at + digits);
    return pw_adapter_read_number(&at, &value) && (*at == ' ' || *at == '\t');
}

static int take_continued(struct pw_adapter_pass *pass, char *line)
{
    struct state *state = pass->state;
    (void)next_word(&line);
    const int status = take_measurements(pass, pw_strbuf_text(&state->pending), line);
    pw_strbuf_clear(&state->pending);
    return status;
}

/* Whether a mark ends here: "PASS", "FAIL\tpath", not "PASSED". */
static bool is_mark(const char *line, const char *mark)
{
    return pw_adapter_skip_word(&line, mark) && (*line == '\0' || *line == ' ' || *line == '\t');
}

/* "FAIL", "FAIL\tpath [build failed]": what it says counts where nothing said more. */
static int take_fail(struct pw_adapter_pass *pass, char *line)
{
    struct state *state = pass->state;
    char *at = line;
    (void)next_word(&at);
    const char *package = next_word(&at);
    state->is_open = package == NULL && state->is_open;
    pass->has_taken = true;
    if (package == NULL || pass->output.failure_count > state->failures_seen) {
        return 0;
    }
    return pw_adapter_pass_add_failure(pass, package, *at == '\0' ? "FAIL" : at);
}

/* @param line the next one; NULL at the end */
static int end_failure(struct pw_adapter_pass *pass, const char *line)
{
    struct state *state = pass->state;
    const char *message = state->log.length > 0 ? pw_strbuf_text(&state->log) : "FAIL";
    if (line != NULL && (*line == ' ' || *line == '\t')) {
        message = pw_adapter_skip_blanks(line);
    }
    const int status = pw_adapter_pass_add_failure(pass, pw_strbuf_text(&state->failed), message);
    pw_strbuf_clear(&state->failed);
    pw_strbuf_clear(&state->log);
    return status;
}

static int keep_log(struct pw_adapter_pass *pass, const char *line)
{
    struct state *state = pass->state;
    if (*line == ' ') {
        return pw_adapter_keep(pass, &state->log, pw_adapter_skip_blanks(line));
    }
    if (strncmp(line, "--- FAIL: ", strlen("--- FAIL: ")) != 0) {
        pw_strbuf_clear(&state->log);
    }
    return 0;
}

static int begin_package(struct pw_adapter_pass *pass, const char *path)
{
    struct state *state = pass->state;
    pw_strbuf_clear(&state->package);
    pw_strbuf_puts(&state->package, path);
    pw_strbuf_putc(&state->package, '.');
    state->failures_seen = pass->output.failure_count;
    return pw_strbuf_check(&state->package, pass->err);
}

/* What frames the benchmarks. */
static int take_frame(struct pw_adapter_pass *pass, char *line)
{
    struct state *state = pass->state;
    const char *at = line;
    if (is_mark(line, "PASS") || is_mark(line, "ok")) {
        state->is_open = false;
        pass->has_taken = true;
        return state->pending.length > 0 ? fail_pending(pass) : 0;
    }
    if (pw_adapter_skip_word(&at, "goos: ") || pw_adapter_skip_word(&at, "pkg: ")) {
        state->is_open = true;
        return *line == 'p' ? begin_package(pass, pw_adapter_trim(line + strlen("pkg: "))) : 0;
    }
    if (is_mark(line, "FAIL")) {
        return take_fail(pass, line);
    }
    if (pw_adapter_skip_word(&at, "--- FAIL: ")) {
        return begin_failure(pass, line + strlen("--- FAIL: "));
    }
    if (pw_adapter_skip_word(&at, "--- SKIP: ")) {
        pw_strbuf_clear(&state->pending);
    } else if (pw_adapter_skip_word(&at, "panic: ")) {
        const int status = pw_adapter_pass_add_failure(pass, pw_strbuf_text(&state->pending), line);
        pw_strbuf_clear(&state->pending);
        return status;
    }
    return 0;
}

static int take(struct pw_adapter_pass *pass, char *line)
{
    struct state *state = pass->state;
    const bool ends_failure = state->failed.length > 0;
    int status = ends_failure ? end_failure(pass, line) : 0;
    if (ends_failure && (*line == ' ' || *line == '\t')) {
        return status; /* its message, and no other's */
    }
    if (status == 0) {
        status = keep_log(pass, line);
    }
    if (status < 0) {
        return status;
    }
    if (is_benchmark(line)) {
        return take_benchmark(pass, line);
    }
    return is_continued(state, line) ? take_continued(pass, line) : take_frame(pass, line);
}

static int end(struct pw_adapter_pass *pass)
{
    struct state *state = pass->state;
    int status = state->failed.length > 0 ? end_failure(pass, NULL) : 0;
    if (status == 0 && state->pending.length > 0) {
        status = fail_pending(pass);
    } else if (status == 0 && state->is_open && pass->output.failure_count == 0) {
        status = pw_adapter_pass_fail(pass, "the output ends before 'PASS' or 'FAIL'");
    }
    return status;
}

static bool is_row(const char *line)
{
    const char *at = line + strcspn(line, " \t");
    const char *count = pw_adapter_skip_blanks(at);
    const size_t digits = strspn(count, "0123456789");
    double value = 0;
    at = pw_adapter_skip_blanks(count + digits);
    return is_benchmark(line) && digits > 0 && at > count + digits &&
           pw_adapter_read_number(&at, &value) && (*at == ' ' || *at == '\t');
}

bool pw_adapter_recognise_go_bench(const char *text, size_t length)
{
    return pw_adapter_any_line(text, length, is_row);
}

/* "-8" at the end of a name; "" when there is none. */
static const char *find_processors(const char *name)
{
    const char *dash = strrchr(name, '-');
    const bool is_number =
        dash != NULL && dash[1] != '\0' && dash[1 + strspn(dash + 1, "0123456789")] == '\0';
    return is_number ? dash : "";
}

/* Give failed benchmarks the number of processors, where all others have one and the same. */
static int complete_names(struct pw_adapter_output *output, struct pw_error *err)
{
    const char *processors = output->count == 0 ? "" : find_processors(output->values[0].benchmark);
    for (size_t i = 1; i < output->count && *processors != '\0'; i++) {
        if (strcmp(find_processors(output->values[i].benchmark), processors) != 0) {
            return 0;
        }
    }
    for (size_t i = 0; i < output->failure_count && *processors != '\0'; i++) {
        struct pw_adapter_failure *failure = &output->failures[i];
        const char *name = strrchr(failure->benchmark, '.');
        if (!is_benchmark(name == NULL ? failure->benchmark : name + 1) ||
            ends_in(failure->benchmark, processors)) {
            continue;
        }
        const char *complete =
            pw_arena_printf(&output->arena, "%s%s", failure->benchmark, processors);
        if (complete == NULL) {
            return pw_error_set_no_memory(err);
        }
        failure->benchmark = complete;
    }
    return 0;
}

int pw_adapter_parse_go_bench(const char *text, size_t length,
                              const struct pw_adapter_settings *settings,
                              struct pw_adapter_output *out, struct pw_error *err)
{
    static const struct pw_adapter_line_format format = {FORMAT, take, end, true};
    struct state state = {.pending_line = 0};
    (void)settings;
    struct pw_adapter_output output = {.values = NULL};
    int status = pw_adapter_pass_over(&format, &state, text, length, &output, err);
    if (status == 0) {
        status = complete_names(&output, err);
    }
    if (status < 0) {
        pw_adapter_output_release(&output);
    } else {
        *out = output;
    }
    pw_strbuf_release(&state.package);
    pw_strbuf_release(&state.pending);
    pw_strbuf_release(&state.failed);
    pw_strbuf_release(&state.log);
    return status;
}
