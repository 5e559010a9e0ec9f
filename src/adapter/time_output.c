/*
 * What `time` prints: POSIX (-p), bash, BSD, zsh, GNU time's own lines and its -v, and a line that
 * is a clock's time alone (GNU's %E).
 *
 *   real    0m1.234s       real 1.23     0.00user 0.00system 0:01.23elapsed 100%CPU (…
 * 2048maxresident)k user    0m0.100s       user 0.10     0inputs+0outputs
 * (0major+100minor)pagefaults 0swaps sys     0m0.020s       sys 0.02
 *
 * `time` is the real time; with it come user_time, system_time and what else is told, under the
 * names the program's own metrics have. -v and zsh name the command, the others no benchmark. A
 * command that failed, as GNU time says, is a failure. Each of these must be there to its last
 * line. What Linux never fills in (average sizes, sockets, signals) is left out.
 */
#include <string.h>

#include "pass.h"

#define FORMAT "time"

struct state {
    struct pw_strbuf command; /**< as -v names it; "" for none */
    unsigned begun_line;      /**< of what has not ended; 0 for nothing */
    const char *awaited;      /**< what ends it; NULL while nothing is begun */
};

/** A line of -v. */
struct verbose {
    const char *label;
    const char *metric;
    const char *unit;
    double factor; /**< base units in one; 0 for a clock's time */
};

static const struct verbose verbose_lines[] = {
    {"User time (seconds): ", "user_time", "ns", 1e9},
    {"System time (seconds): ", "system_time", "ns", 1e9},
    {"Elapsed (wall clock) time (h:mm:ss or m:ss): ", "time", "ns", 0},
    {"Maximum resident set size (kbytes): ", "max_rss", "bytes", 1024},
    {"Major (requiring I/O) page faults: ", "page_faults_major", "count", 1},
    {"Minor (reclaiming a frame) page faults: ", "page_faults_minor", "count", 1},
    {"Voluntary context switches: ", "context_switches_voluntary", "count", 1},
    {"Involuntary context switches: ", "context_switches_involuntary", "count", 1},
    {"File system inputs: ", "io_inputs", "count", 1},
    {"File system outputs: ", "io_outputs", "count", 1},
};

/** What a line consists of where numbers stand before their words. */
struct part {
    const char *before; /**< what stands before the number */
    const char *after;
    const char *metric; /**< NULL: read and left out */
    const char *unit;
    double factor;
};

static const struct part gnu_first[] = {
    {"", "user ", "user_time", "ns", 1e9},
    {"", "system ", "system_time", "ns", 1e9},
    {"", "elapsed ", "time", "ns", 0},
    {"", "%CPU (", NULL, NULL, 1},
    {"", "avgtext+", NULL, NULL, 1},
    {"", "avgdata ", NULL, NULL, 1},
    {"", "maxresident)k", "max_rss", "bytes", 1024},
};

static const struct part gnu_second[] = {
    {"", "inputs+", "io_inputs", "count", 1},
    {"", "outputs (", "io_outputs", "count", 1},
    {"", "major+", "page_faults_major", "count", 1},
    {"", "minor)pagefaults ", "page_faults_minor", "count", 1},
    {"", "swaps", NULL, NULL, 1},
};

static const struct part bsd[] = {
    {" ", " real", "time", "ns", 1e9},
    {" ", " user", "user_time", "ns", 1e9},
    {" ", " sys", "system_time", "ns", 1e9},
};

static const struct part zsh[] = {
    {" ", "s user ", "user_time", "ns", 1e9},
    {"", "s system ", "system_time", "ns", 1e9},
    {"", "% cpu ", NULL, NULL, 1},
    {"", " total", "time", "ns", 0},
};

#define MOST_PARTS 7

/* @return whether the line from here on is these parts and nothing else */
static bool read_parts(const char *at, const struct part *parts, size_t count,
                       double values[MOST_PARTS])
{
    for (size_t i = 0; i < count; i++) {
        at += *parts[i].before == ' ' ? strspn(at, " ") : 0;
        const char *number = at;
        const bool is_clock = parts[i].factor == 0 && pw_adapter_read_clock(&number, &values[i]);
        if (!is_clock && !pw_adapter_read_number(&number, &values[i]) &&
            !(parts[i].metric == NULL && pw_adapter_skip_word(&number, "?"))) {
            return false;
        }
        at = number;
        if (!pw_adapter_skip_word(&at, parts[i].after)) {
            return false;
        }
        values[i] *= parts[i].factor == 0 ? 1e9 : parts[i].factor;
    }
    return *pw_adapter_skip_blanks(at) == '\0';
}

static int add_parts(struct pw_adapter_pass *pass, const char *benchmark, const struct part *parts,
                     size_t count, const double values[MOST_PARTS])
{
    int status = 0;
    pass->has_taken = true;
    for (size_t i = 0; status == 0 && i < count; i++) {
        if (parts[i].metric != NULL) {
            status = pw_adapter_pass_add(pass, benchmark, parts[i].metric, parts[i].unit,
                                         PW_BETTER_LOWER, values[i]);
        }
    }
    return status;
}

static void begin(struct pw_adapter_pass *pass, const char *awaited)
{
    struct state *state = pass->state;
    state->begun_line = pass->line;
    state->awaited = awaited;
    pass->has_taken = true;
}

static int fail_awaited(struct pw_adapter_pass *pass)
{
    const struct state *state = pass->state;
    return pw_adapter_fail(pass->err, FORMAT, state->begun_line, "expected '%s' to follow",
                           state->awaited);
}

/* "0m1.234s", bash's, or "1.23", POSIX's. @param[out] has_end it ends in a letter */
static bool read_posix_time(const char *at, double *seconds, bool *has_end)
{
    double minutes = 0;
    double rest = 0;
    const char *number = at;
    if (!pw_adapter_read_number(&number, &rest)) {
        return false;
    }
    if (pw_adapter_skip_word(&number, "m")) {
        minutes = rest;
        if (!pw_adapter_read_number(&number, &rest) || !pw_adapter_skip_word(&number, "s")) {
            return false;
        }
        *has_end = true;
    }
    *seconds = minutes * 60 + rest;
    return *pw_adapter_skip_blanks(number) == '\0';
}

/** The lines of POSIX, and what follows each. */
static const struct {
    const char *word;
    const char *metric;
    const char *next;
} posix_lines[] = {
    {"real", "time", "user"},
    {"user", "user_time", "sys"},
    {"sys", "system_time", NULL},
};

/* @param line may have a decimal comma, bash's in most languages; becomes a point */
static int take_posix(struct pw_adapter_pass *pass, char *line, size_t which)
{
    struct state *state = pass->state;
    char *at = line + strlen(posix_lines[which].word);
    char *comma = strchr(at, ',');
    double seconds = 0;
    bool has_end = pass->is_ended;
    if (comma != NULL) {
        *comma = '.';
    }
    if (!read_posix_time(pw_adapter_skip_blanks(at), &seconds, &has_end) || !has_end) {
        return pw_adapter_pass_fail(pass, "expected '<number>' or '<minutes>m<seconds>s'");
    }
    if (posix_lines[which].next != NULL) {
        begin(pass, posix_lines[which].next);
    } else {
        state->awaited = NULL;
        pass->has_taken = true;
    }
    return pw_adapter_pass_add(pass, "", posix_lines[which].metric, "ns", PW_BETTER_LOWER,
                               seconds * 1e9);
}

/* "real" begins three lines; the other two count behind it alone. */
static bool find_posix(const struct state *state, const char *line, size_t *which)
{
    for (size_t i = 0; i < PW_COUNT(posix_lines); i++) {
        const char *at = line;
        if (!pw_adapter_skip_word(&at, posix_lines[i].word) || (*at != '\t' && *at != ' ')) {
            continue;
        }
        at = pw_adapter_skip_blanks(at);
        const bool is_awaited =
            state->awaited != NULL && strcmp(state->awaited, posix_lines[i].word) == 0;
        *which = i;
        return (i == 0 && state->awaited == NULL && *at >= '0' && *at <= '9') || is_awaited;
    }
    return false;
}

static int take_verbose_value(struct pw_adapter_pass *pass, const struct verbose *line,
                              const char *at)
{
    const struct state *state = pass->state;
    double value = 0;
    const bool is_read = line->factor == 0 ? pw_adapter_read_clock(&at, &value)
                                           : pw_adapter_read_number(&at, &value);
    if (!is_read || *pw_adapter_skip_blanks(at) != '\0') {
        return pw_adapter_fail(pass->err, FORMAT, pass->line, "expected a number behind '%s'",
                               line->label);
    }
    return pw_adapter_pass_add(pass, pw_strbuf_text(&state->command), line->metric, line->unit,
                               PW_BETTER_LOWER, value * (line->factor == 0 ? 1e9 : line->factor));
}

static int take_exit_status(struct pw_adapter_pass *pass, const char *at)
{
    struct state *state = pass->state;
    double status = 0;
    if (!pw_adapter_read_number(&at, &status) || *at != '\0' || !pass->is_ended) {
        return pw_adapter_pass_fail(pass, "expected a number behind 'Exit status:'");
    }
    state->awaited = NULL;
    if (status == 0 || pass->output.failure_count > 0) {
        return 0; /* "Command exited with …" has said so */
    }
    return pw_adapter_pass_add_failure(pass, pw_strbuf_text(&state->command),
                                       "the command's exit status is not 0");
}

/* Lines of -v are indented by a tab. */
static int take_verbose(struct pw_adapter_pass *pass, char *line)
{
    struct state *state = pass->state;
    const char *at = line + 1;
    if (pw_adapter_skip_word(&at, "Command being timed: \"")) {
        const size_t length = strlen(at);
        begin(pass, "Exit status:");
        pw_strbuf_clear(&state->command);
        pw_strbuf_append(&state->command, at, length > 0 ? length - 1 : 0);
        return length > 0 && at[length - 1] == '"'
                   ? pw_strbuf_check(&state->command, pass->err)
                   : pw_adapter_pass_fail(pass, "expected the command in quotes");
    }
    if (state->awaited != NULL && pw_adapter_skip_word(&at, "Exit status: ")) {
        return take_exit_status(pass, at);
    }
    for (size_t i = 0; state->awaited != NULL && i < PW_COUNT(verbose_lines); i++) {
        if (pw_adapter_skip_word(&at, verbose_lines[i].label)) {
            return take_verbose_value(pass, &verbose_lines[i], at);
        }
    }
    return 0;
}

/* "sleep 1  0.00s user 0.00s system 0% cpu 1.003 total" */
static bool read_zsh(const char *line, size_t *name_length, double values[MOST_PARTS])
{
    const char *at = strstr(line, "s user ");
    while (at != NULL && at > line && at[-1] != ' ') {
        at--;
    }
    if (at == NULL || !read_parts(at, zsh, PW_COUNT(zsh), values)) {
        return false;
    }
    while (at > line && at[-1] == ' ') {
        at--;
    }
    *name_length = (size_t)(at - line);
    return true;
}

static int take_one_line(struct pw_adapter_pass *pass, char *line)
{
    struct state *state = pass->state;
    double values[MOST_PARTS] = {0};
    size_t name_length = 0;
    if (read_parts(line, gnu_first, PW_COUNT(gnu_first), values)) {
        begin(pass, "…inputs+…outputs");
        return add_parts(pass, "", gnu_first, PW_COUNT(gnu_first), values);
    }
    if (read_parts(line, gnu_second, PW_COUNT(gnu_second), values)) {
        state->awaited = NULL;
        return add_parts(pass, "", gnu_second, PW_COUNT(gnu_second), values);
    }
    if (*line == ' ' && read_parts(line, bsd, PW_COUNT(bsd), values)) {
        return add_parts(pass, "", bsd, PW_COUNT(bsd), values);
    }
    if (read_zsh(line, &name_length, values)) {
        line[name_length] = '\0';
        return add_parts(pass, pw_adapter_trim(line), zsh, PW_COUNT(zsh), values);
    }
    const char *at = line;
    if (pass->is_ended && pw_adapter_read_clock(&at, &values[0]) && *at == '\0') {
        return pw_adapter_pass_add(pass, "", "time", "ns", PW_BETTER_LOWER, values[0] * 1e9);
    }
    return 0;
}

static bool is_failure(const char *line)
{
    return strncmp(line, "Command exited with non-zero status ", 36) == 0 ||
           strncmp(line, "Command terminated by signal ", 29) == 0;
}

static int take(struct pw_adapter_pass *pass, char *line)
{
    const struct state *state = pass->state;
    size_t which = 0;
    if (is_failure(line)) {
        return pw_adapter_pass_add_failure(pass, "", line);
    }
    if (find_posix(state, line, &which)) {
        return take_posix(pass, line, which);
    }
    return *line == '\t' ? take_verbose(pass, line) : take_one_line(pass, line);
}

static int end(struct pw_adapter_pass *pass)
{
    const struct state *state = pass->state;
    return state->awaited != NULL ? fail_awaited(pass) : 0;
}

static bool is_own_line(const char *line)
{
    double values[MOST_PARTS] = {0};
    size_t name_length = 0;
    double seconds = 0;
    bool has_end = false;
    const char *at = line;
    if (pw_adapter_skip_word(&at, "real") && (*at == '\t' || *at == ' ')) {
        return read_posix_time(pw_adapter_skip_blanks(at), &seconds, &has_end);
    }
    return strncmp(line, "\tCommand being timed: \"", 23) == 0 ||
           read_parts(line, gnu_first, PW_COUNT(gnu_first), values) ||
           (*line == ' ' && read_parts(line, bsd, PW_COUNT(bsd), values)) ||
           read_zsh(line, &name_length, values);
}

bool pw_adapter_recognise_time(const char *text, size_t length)
{
    return pw_adapter_any_line(text, length, is_own_line);
}

int pw_adapter_parse_time(const char *text, size_t length,
                          const struct pw_adapter_settings *settings, struct pw_adapter_output *out,
                          struct pw_error *err)
{
    static const struct pw_adapter_line_format format = {FORMAT, take, end, true};
    struct state state = {.awaited = NULL};
    (void)settings;
    const int status = pw_adapter_pass_over(&format, &state, text, length, out, err);
    pw_strbuf_release(&state.command);
    return status;
}
