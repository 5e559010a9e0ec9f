/*
 * JavaScript's console.time and console.timeEnd:
 *
 *   parse: 12.345ms
 *   parse: 12714ms - timer ended
 *   build: 1:02.345 (m:ss.mmm)
 *
 * `time` is the time between the two calls. timeLog prints the same, and so counts as a repetition.
 * Such lines are other programs' as well: the format is recognised where all lines are of this
 * form; named in the configuration, other lines are left out. There is no end mark: a cut at a line
 * end is not noticed.
 */
#include <string.h>

#include "pass.h"

#define FORMAT "console-time"

static const char ended[] = " - timer ended";

/* "1:02.345 (m:ss.mmm)" */
static bool read_clock(const char **at, double *ns)
{
    const char *from = *at;
    double seconds = 0;
    if (!pw_adapter_read_clock(&from, &seconds) ||
        (!pw_adapter_skip_word(&from, " (m:ss.mmm)") &&
         !pw_adapter_skip_word(&from, " (h:mm:ss.mmm)"))) {
        return false;
    }
    *at = from;
    *ns = seconds * 1e9;
    return true;
}

/* "12.345ms", no blank between */
static bool read_time(const char **at, double *ns)
{
    const char *from = *at;
    double value = 0;
    if (!pw_adapter_read_number(&from, &value) || value < 0) {
        return false;
    }
    const size_t length = strcspn(from, " \t");
    const struct pw_adapter_unit *unit = pw_adapter_find_unit(from, length);
    if (unit == NULL || strcmp(unit->base, "ns") != 0) {
        return false;
    }
    *at = from + length;
    *ns = pw_adapter_to_base(unit, value);
    return true;
}

/* @return where the name ends, NULL when the line is no measurement */
static char *read_line(char *line, double *ns)
{
    char *colon = NULL;
    for (char *at = line; (at = strstr(at, ": ")) != NULL; at++) {
        colon = at;
    }
    if (colon == NULL || colon == line) {
        return NULL;
    }
    const char *at = colon + 2;
    if (!read_clock(&at, ns) && !read_time(&at, ns)) {
        return NULL;
    }
    (void)pw_adapter_skip_word(&at, ended);
    return *pw_adapter_skip_blanks(at) == '\0' ? colon : NULL;
}

static bool is_ended_timer(const char *line)
{
    const size_t length = strlen(line);
    return length >= strlen(ended) && strcmp(line + length - strlen(ended), ended) == 0;
}

static int take(struct pw_adapter_pass *pass, char *line)
{
    double ns = 0;
    char *end = read_line(line, &ns);
    if (end == NULL) {
        return is_ended_timer(line)
                   ? pw_adapter_pass_fail(pass, "expected '<name>: <number>ms - timer ended'")
                   : 0;
    }
    /* "1.2s" of "1.2s - timer ended", "12m" of "12ms": at the very end a line may have been cut */
    pass->has_taken = pass->is_ended || is_ended_timer(line);
    *end = '\0';
    return pw_adapter_pass_add(pass, line, "time", "ns", PW_BETTER_LOWER, ns);
}

bool pw_adapter_recognise_console_time(const char *text, size_t length)
{
    struct pw_adapter_lines lines;
    size_t found = 0;
    bool is_foreign = false;
    pw_adapter_lines_init(&lines, text, length);
    for (char *line; !is_foreign && (line = pw_adapter_next_line(&lines)) != NULL;) {
        double ns = 0;
        const bool is_cut = lines.at == length && length > 0 && text[length - 1] != '\n';
        const bool is_time = read_line(line, &ns) != NULL;
        found += is_time;
        is_foreign = !is_time && !is_cut && *pw_adapter_skip_blanks(line) != '\0';
    }
    pw_strbuf_release(&lines.line);
    return found > 0 && !is_foreign;
}

int pw_adapter_parse_console_time(const char *text, size_t length,
                                  const struct pw_adapter_settings *settings,
                                  struct pw_adapter_output *out, struct pw_error *err)
{
    static const struct pw_adapter_line_format format = {FORMAT, take, NULL, true};
    (void)settings;
    return pw_adapter_pass_over(&format, NULL, text, length, out, err);
}
